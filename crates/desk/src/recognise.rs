//! Finds out what a file is, by its content alone.

use bytes::Bytes;
use gaen::Profile;
use gaen::backup::is_backup;
use gaen::cocoa::{DocumentError, ExposureLog, read_configuration, read_rule};
use gaen::export::{KeyError, Limits, MAX_KEY_FILE_BYTES, PublicKey, read_signatures};
use gaen_report::read::{self, ReadError};

use crate::content::{AppRules, Content, Database, Looks, Program, Windows};
use crate::export::Export;

/// The most sightings that are read of a file, as the command's default.
pub(crate) const MOST_SIGHTINGS: usize = 500_000;

/// The most values of a JSON document that the desk reads. A value takes some 32 bytes in memory, and two in a file: a
/// hostile file would take many times its size. 10,000 exposure windows have under 500,000 values.
const MOST_JSON_VALUES: usize = 2_000_000;

/// How an `export.bin` begins, whatever the version of its format.
const EXPORT_BIN: &[u8] = b"EK Export v";
const ZIPS: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];
const SQLITE: &[u8] = b"SQLite format 3\0";
const DATABASE_LOGS: [&[u8]; 2] = [b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83"];
const PICTURES: [&[u8]; 6] = [b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF-", b"RIFF", b"\0\0\0\x18ftyp"];
const UTF_16: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What this file is. `name` is what errors call it.
pub(crate) fn content(name: &str, file: &Bytes) -> Content {
    let starts = |magics: &[&[u8]]| magics.iter().any(|magic| file.starts_with(magic));
    let text = file.strip_prefix(BYTE_ORDER_MARK).unwrap_or(file).trim_ascii();
    match text.first() {
        None => return Content::Unknown(Looks::Empty),
        _ if starts(&ZIPS) => return Content::ExportZip(Export::zip(file)),
        _ if starts(&[EXPORT_BIN]) => return Content::ExportBin(Export::bare(file)),
        _ if starts(&[SQLITE]) => return Content::Database(database(file)),
        _ if starts(&DATABASE_LOGS) => return Content::Unknown(Looks::DatabaseLog),
        _ if is_backup(file) => return Content::Backup,
        _ if starts(&UTF_16) => return Content::Unknown(Looks::Utf16),
        _ if starts(&PICTURES) => return Content::Unknown(Looks::Picture),
        Some(b'{' | b'[' | b'"') => return json(name, file, text),
        Some(_) => {}
    }
    if is_csv(text) {
        return sightings(name, file);
    }
    if let Some(content) = public_key(file, text) {
        return content;
    }
    if let Ok(signatures) = read_signatures(file, &Limits::default()) {
        return Content::ExportSig(signatures);
    }
    let head = text.get(..text.len().min(1024)).unwrap_or_default().to_ascii_lowercase();
    Content::Unknown(match str::from_utf8(text) {
        Ok(_) if head.starts_with(b"<") && contains(&head, b"<html") || head.starts_with(b"<!doctype html") => {
            Looks::Html
        }
        Ok(text) if !text.contains('\0') => Looks::Text,
        _ => Looks::Bytes,
    })
}

fn sightings(name: &str, file: &[u8]) -> Content {
    Content::Sightings(read::sightings(name, file, MOST_SIGHTINGS))
}

fn json(name: &str, file: &Bytes, text: &[u8]) -> Content {
    let first_line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let list = text.starts_with(b"[");
    let head = if list { text.get(..text.len().min(1024)).unwrap_or_default() } else { first_line };
    if contains(head, b"\"rpi\"") {
        return sightings(name, file);
    }
    // Each value but the first follows one of these signs, so there are at most so many.
    if file.iter().filter(|byte| b",:[{".contains(byte)).count() >= MOST_JSON_VALUES {
        return Content::Unknown(Looks::TooManyValues);
    }
    let log = match ExposureLog::read(file) {
        Ok(log) => return Content::Log(Ok(log)),
        Err(error) => error,
    };
    let windows = match read::windows(name, file.as_ref(), None) {
        Ok(windows) if windows.now.is_some() || windows.cases.iter().any(|case| !case.windows.is_empty()) => {
            return Content::Windows(Ok(Windows::Dated(windows)));
        }
        Err(ReadError::NoToday { .. }) => return Content::Windows(Ok(Windows::CountedBack)),
        windows => windows.err(),
    };
    // A log whose shape is known, and that has a fault.
    if !matches!(
        log,
        DocumentError::UnknownShape { .. } | DocumentError::NotJson { .. } | DocumentError::TooLarge { .. }
    ) {
        return Content::Log(Err(log));
    }
    if let Some(error) = windows
        && ["scaninstances", "scan_instances"].iter().any(|name| contains_letters(file, name.as_bytes()))
    {
        return Content::Windows(Err(error));
    }
    if matches!(log, DocumentError::NotJson { .. }) {
        return Content::Unknown(Looks::BrokenJson);
    }
    if ["DailySummary_DaySummary", "ExposureWindow_ScanInstance", "\"decides\""]
        .iter()
        .any(|name| contains(file, name.as_bytes()))
        && read_rule(file).is_ok()
    {
        return Content::Rule;
    }
    configuration(file)
}

fn configuration(file: &[u8]) -> Content {
    let read = [Profile::Google, Profile::AppleV1].map(|profile| read_configuration(file, profile));
    let read_by = read.each_ref().map(Result::is_ok);
    let [google, apple] = read;
    let error = match (google, apple) {
        (Ok(configuration), _) | (_, Ok(configuration)) => {
            return Content::Configuration(Ok(AppRules { rule: configuration.rule.name, read_by }));
        }
        (Err(error), Err(_)) => error,
    };
    match &error {
        DocumentError::Invalid { problem } if problem.starts_with("no configuration") => Content::Unknown(Looks::Json),
        DocumentError::TooLarge { .. } => Content::Unknown(Looks::Json),
        _ => Content::Configuration(Err(error)),
    }
}

/// The program whose database this is, by its head. The rest of the file may still be damaged.
///
/// Source: "Database File Format" of SQLite, 1.3: the header.
fn database(file: &[u8]) -> Database {
    /// The version of writing in a header: 2 is by a log of its own.
    const WRITE_VERSION: usize = 18;
    /// Where the number of the program stands.
    const APPLICATION: core::ops::Range<usize> = 68..72;
    /// The first pages name the tables.
    const HEAD: usize = 64 << 10;

    let head = file.get(..file.len().min(HEAD)).unwrap_or_default();
    let program = match () {
        () if file.get(APPLICATION) == Some(b"GAEN") => Program::Gaen,
        () if contains(head, b"advertisements") => Program::MicroG,
        () if contains(head, b"service_data") && contains(head, b"locations") => Program::Ramble,
        () => Program::Other,
    };
    Database { program, has_log: file.get(WRITE_VERSION) == Some(&2) }
}

/// A header that names the column without which there are no sightings.
fn is_csv(text: &[u8]) -> bool {
    let header = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let mut columns = header.split(|byte| *byte == b',');
    columns.any(|column| column.trim_ascii().strip_prefix(b"\"").map_or(column.trim_ascii(), |rest| rest) == b"rpi")
}

/// A key, or why what is plainly one cannot be used; `None` if this looks like no key.
fn public_key(file: &[u8], text: &[u8]) -> Option<Content> {
    let is_pem = contains(file.get(..file.len().min(MAX_KEY_FILE_BYTES))?, b"-----BEGIN ");
    if file.len() > MAX_KEY_FILE_BYTES && !text.starts_with(b"-----BEGIN ") {
        return None;
    }
    match PublicKey::read(file) {
        Err(KeyError::Unknown { .. } | KeyError::Malformed { .. } | KeyError::NotAPoint { .. } | KeyError::Empty)
            if !is_pem =>
        {
            None
        }
        read => Some(Content::PublicKey(read)),
    }
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|found| found == wanted)
}

fn contains_letters(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|found| found.eq_ignore_ascii_case(wanted))
}
