//! The zip around the two entries.

use std::io::{Cursor, Read};

use zip::CompressionMethod;
use zip::result::ZipError;

use super::error::{ExportError, shown};
use super::options::{ContainerRule, ReadOptions};
use super::{EXPORT_BIN, EXPORT_SIG};

/// How a zip starts: with a local file header, or, when it has no entries, with the end of its directory.
const MAGICS: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];

/// The two entries, inflated.
pub(super) struct Entries {
    pub(super) export_bin: Vec<u8>,
    pub(super) export_sig: Vec<u8>,
}

/// One entry of a zip, as its directory describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ZipEntry {
    /// Its name.
    pub name: String,
    /// Bytes when inflated.
    pub size: u64,
    /// Bytes in the zip.
    pub compressed: u64,
    /// How it is compressed: `stored`, `deflate`, or the method's number.
    pub method: String,
    /// Whether its sizes follow its data (flag bit 3).
    pub data_descriptor: bool,
    /// SHA-256 of what it inflates to, in hexadecimal; only of `export.bin` and `export.sig`, the entries that are read.
    pub sha256: Option<String>,
}

type Archive<'a> = zip::ZipArchive<Cursor<&'a [u8]>>;

/// What every header in a zip's directory starts with.
const DIRECTORY_HEADER: [u8; 2] = [1, 2];
/// What the records at the end of a zip start with: end of directory, and the two of zip64.
const END_RECORDS: [[u8; 2]; 3] = [[5, 6], [6, 6], [6, 7]];

/// Whether a file starts as a zip does.
pub(super) fn is_zip(file: &[u8]) -> bool {
    MAGICS.iter().any(|magic| file.starts_with(magic))
}

/// A zip that is open.
pub(super) struct Container<'a> {
    zip: &'a [u8],
    archive: Archive<'a>,
    options: &'a ReadOptions,
}

impl<'a> Container<'a> {
    /// Reads the directory of a zip.
    pub(super) fn open(zip: &'a [u8], options: &'a ReadOptions) -> Result<Self, ExportError> {
        let found = zip.len() as u64;
        if zip.is_empty() {
            return Err(ExportError::EmptyFile);
        }
        if found > options.limits.file_bytes {
            return Err(ExportError::FileTooLarge { found, limit: options.limits.file_bytes });
        }
        if !is_zip(zip) {
            let head = zip.get(..32).unwrap_or(zip);
            return Err(ExportError::NotAZip { starts_with: shown(head) });
        }
        check_signatures(zip, options.limits.entries)?;
        let archive = Archive::new(Cursor::new(zip)).map_err(|e| damaged(None, &e))?;
        Ok(Self { zip, archive, options })
    }

    /// The two entries, once the names of all are checked against the container's rules.
    pub(super) fn entries(mut self) -> Result<Entries, ExportError> {
        let names = self.names();
        check_names(&names, self.options.container)?;
        let missing = |name| ExportError::EntryMissing { name, found: names.iter().map(|name| shown(name)).collect() };
        let export_bin = self.entry(EXPORT_BIN)?.ok_or_else(|| missing(EXPORT_BIN))?;
        let export_sig = self.entry(EXPORT_SIG)?.ok_or_else(|| missing(EXPORT_SIG))?;
        Ok(Entries { export_bin, export_sig })
    }

    /// What the directory says of each entry, each name once.
    pub(super) fn directory(&self) -> Result<Vec<ZipEntry>, ExportError> {
        let describe = |position| {
            let entry = self.archive.by_index_data(position).map_err(|e| damaged(None, &e))?;
            Ok(ZipEntry {
                name: String::from_utf8_lossy(entry.name_raw()).into_owned(),
                size: entry.size(),
                compressed: entry.compressed_size(),
                method: match entry.compression() {
                    CompressionMethod::Stored => "stored".to_owned(),
                    CompressionMethod::Deflated => "deflate".to_owned(),
                    other => other.to_string(),
                },
                data_descriptor: entry.flags().is_using_data_descriptor(),
                sha256: None,
            })
        };
        (0..self.archive.len()).map(describe).collect()
    }

    /// The bytes of the entry of this name, if there is one.
    pub(super) fn entry(&mut self, name: &'static str) -> Result<Option<Vec<u8>>, ExportError> {
        let limits = &self.options.limits;
        let limit = if name == EXPORT_BIN { limits.export_bin_bytes } else { limits.export_sig_bytes };
        let position = self.archive.index_for_name_raw(name.as_bytes());
        position.map(|position| inflate(&mut self.archive, position, name, limit)).transpose()
    }

    /// The names of all entries in the order of the directory, also those that are there more than once, which
    /// `ZipArchive` keeps by name and therefore only once.
    fn names(&self) -> Vec<Vec<u8>> {
        let start = usize::try_from(self.archive.central_directory_start()).unwrap_or(usize::MAX);
        let mut rest = self.zip.get(start..).unwrap_or_default();
        let mut names = Vec::new();
        while let Some((name, next)) = next_name(rest) {
            names.push(name.to_vec());
            rest = next;
        }
        names
    }
}

fn damaged(entry: Option<&str>, error: &ZipError) -> ExportError {
    let text = error.to_string();
    let detail = text.strip_prefix("invalid Zip archive: ").unwrap_or(&text).to_owned();
    ExportError::ZipDamaged { entry: entry.map(str::to_owned), detail }
}

/// Bounds what `ZipArchive` reads before anybody can ask it: it takes in the whole directory, and tries every record
/// that may be the end of the zip. No entry and no end does without its signature.
fn check_signatures(zip: &[u8], most_entries: usize) -> Result<(), ExportError> {
    /// One is usual. Two letters and two numbers can also stand in data by chance.
    const MOST_ENDS: usize = 4;

    let (mut entries, mut ends) = (0_usize, 0_usize);
    for bytes in zip.windows(4) {
        if let [b'P', b'K', a, b] = *bytes {
            entries = entries.saturating_add(usize::from([a, b] == DIRECTORY_HEADER));
            ends = ends.saturating_add(usize::from(END_RECORDS.contains(&[a, b])));
        }
    }
    if entries > most_entries {
        return Err(ExportError::TooManyEntries { found: entries, limit: most_entries });
    }
    if ends > MOST_ENDS {
        let detail = format!("{ends} records that end a zip, over the limit of {MOST_ENDS}");
        return Err(ExportError::ZipDamaged { entry: None, detail });
    }
    Ok(())
}

/// The name in the directory header at the start of these bytes, and what follows the header.
fn next_name(directory: &[u8]) -> Option<(&[u8], &[u8])> {
    /// Bytes of a header before the name, with the lengths of name, extra field and comment at 28, 30 and 32.
    const FIXED: usize = 46;
    let (fixed, rest) = directory.split_at_checked(FIXED)?;
    let [b'P', b'K', a, b, ..] = fixed else { return None };
    if [*a, *b] != DIRECTORY_HEADER {
        return None;
    }
    let length = |at: usize| Some(usize::from(u16::from_le_bytes(*fixed.get(at..)?.first_chunk()?)));
    let (name, rest) = rest.split_at_checked(length(28)?)?;
    let (_, rest) = rest.split_at_checked(length(30)?.saturating_add(length(32)?))?;
    Some((name, rest))
}

/// No name with a `..` element, neither entry twice, and in a strict container nothing else.
fn check_names(names: &[Vec<u8>], rule: ContainerRule) -> Result<(), ExportError> {
    let is_separator = |byte: &u8| matches!(byte, b'/' | b'\\');
    if let Some(name) = names.iter().find(|name| name.split(is_separator).any(|element| element == b"..")) {
        return Err(ExportError::EntryPath { name: shown(name) });
    }
    let count = |wanted: &str| names.iter().filter(|name| *name == wanted.as_bytes()).count();
    if let Some(name) = [EXPORT_BIN, EXPORT_SIG].into_iter().find(|name| count(name) > 1) {
        return Err(ExportError::EntryDuplicate { name });
    }
    if rule == ContainerRule::Strict {
        let known = |name: &&Vec<u8>| [EXPORT_BIN.as_bytes(), EXPORT_SIG.as_bytes()].contains(&name.as_slice());
        if let Some(name) = names.iter().find(|name| !known(name)) {
            return Err(ExportError::EntryUnexpected { name: shown(name) });
        }
    }
    Ok(())
}

/// The bytes of one entry, never more than the limit whatever its header says.
fn inflate(archive: &mut Archive<'_>, position: usize, name: &'static str, limit: u64) -> Result<Vec<u8>, ExportError> {
    /// A header may promise any size; it is given no more than this in advance.
    const PROMISE: u64 = 1 << 20;

    let entry = archive.by_index_data(position).map_err(|e| damaged(Some(name), &e))?;
    let (method, promised) = (entry.compression(), entry.size());
    if entry.encrypted() {
        return Err(ExportError::EntryUnsupported { name, found: "encrypted".to_owned() });
    }
    if !matches!(method, CompressionMethod::Stored | CompressionMethod::Deflated) {
        return Err(ExportError::EntryUnsupported { name, found: format!("compressed by {method}") });
    }
    let detail = |detail: String| ExportError::ZipDamaged { entry: Some(name.to_owned()), detail };
    let file = archive.by_index(position).map_err(|e| damaged(Some(name), &e))?;
    let mut bytes = Vec::with_capacity(usize::try_from(promised.min(PROMISE)).unwrap_or_default());
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|e| detail(e.to_string()))?;
    let found = bytes.len() as u64;
    if found > limit {
        return Err(ExportError::EntryTooLarge { name, limit });
    }
    if found != promised {
        return Err(detail(format!("the directory says {promised} bytes, found {found}")));
    }
    Ok(bytes)
}
