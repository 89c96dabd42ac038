//! What a search found, and what it means.

use std::ffi::{CString, c_char};
use std::mem::MaybeUninit;
use std::ptr;

use gaen_app::{Choice, FileOutcome, FileStatus, KeyName, MatchRecord, Report, Verdict};

use crate::border::{Failure, Out, call, fill, hand_out_text, name_field, room, some, text, text_of, write_out};
use crate::configuration::GaenConfiguration;
use crate::error::{GaenError, GaenStatus};

/// What a search found.
#[derive(Debug)]
pub struct GaenReport {
    inner: Report,
    /// The texts of each file.
    files: Vec<FileTexts>,
}

#[derive(Debug)]
struct FileTexts {
    name: CString,
    export_sha256: Option<CString>,
    verified_by: CString,
    error_code: Option<CString>,
    error: Option<CString>,
}

impl From<&FileOutcome> for FileTexts {
    fn from(file: &FileOutcome) -> Self {
        Self {
            name: text_of(file.name()),
            export_sha256: file.export_sha256.as_deref().map(text_of),
            verified_by: text_of(&file.verified_by.join(" ")),
            error_code: file.error_code.map(text_of),
            error: file.error.as_deref().map(text_of),
        }
    }
}

impl GaenReport {
    pub(crate) fn new(inner: Report) -> Self {
        let files = inner.files().iter().map(FileTexts::from).collect();
        Self { inner, files }
    }
}

/// What an answer rests on, and how much was found.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct GaenSummary {
    /// True if the search was stopped before its end. Then "no match" is no answer.
    pub is_partial: bool,
    /// The number of files. A report of a store has all that it knows: the given files come first.
    pub files: usize,
    /// The number of files that contribute nothing.
    pub rejected_files: u64,
    /// The number of sightings that were searched for.
    pub sightings: u64,
    /// The number of sightings of identifiers of published keys.
    pub matches: usize,
    /// The number of sightings of such identifiers that do not count.
    pub dropped: u64,
    /// For how many reasons they do not.
    pub dropped_kinds: usize,
}

/// A sighting of an identifier of a published key. Numbers of intervals are signed, so that their differences are.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct GaenMatch {
    /// The diagnosis key that was heard.
    pub key: [u8; 16],
    /// The position of the file in the report.
    pub file: usize,
    /// The position of the sighting among those given, or its number in a store.
    pub sighting: usize,
    /// The first interval in which the key is valid. An interval is ten minutes.
    pub rolling_start_interval_number: i64,
    /// The number of intervals in which the key is valid.
    pub rolling_period: i64,
    /// The interval of the identifier.
    pub interval: i64,
    /// When that interval begins, Unix seconds.
    pub interval_start: i64,
    /// When it was heard, Unix seconds.
    pub time: i64,
    /// The received signal strength, dBm.
    pub rssi: i8,
    /// The power that the sender sent with, dBm.
    pub tx_power: i8,
    /// The attenuation, `max(tx_power - rssi, 0)`, dB.
    pub attenuation: u8,
}

impl From<&MatchRecord> for GaenMatch {
    fn from(found: &MatchRecord) -> Self {
        let MatchRecord {
            file,
            key,
            rolling_start_interval_number,
            rolling_period,
            interval,
            interval_start,
            sighting,
            time,
            rssi,
            tx_power,
            attenuation,
        } = *found;
        Self {
            key,
            file,
            sighting,
            rolling_start_interval_number,
            rolling_period,
            interval,
            interval_start,
            time,
            rssi,
            tx_power,
            attenuation,
        }
    }
}

/// What became of a file.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GaenFileStatus {
    /// A trusted key signed it.
    Verified = 1,
    /// The keys of the file were searched for without verifying it, as you asked.
    Unverified = 2,
    /// The file was refused, and contributes nothing.
    Rejected = 3,
    /// A store has searched it for everything before, when it was verified.
    Known = 4,
}

/// What became of a file. The texts belong to the report.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct GaenFileOutcome {
    /// The path or name of the file, or the hash by which a store knows it.
    pub name: *const c_char,
    /// What became of the file.
    pub status: GaenFileStatus,
    /// SHA-256 of its `export.bin`, hexadecimal. Null if that was not read.
    pub export_sha256: *const c_char,
    /// The names of the public keys that verified it, joined by spaces.
    pub verified_by: *const c_char,
    /// The number of its keys.
    pub keys: u64,
    /// The number of its revised keys.
    pub revised_keys: u64,
    /// The number of keys that were not searched for.
    pub skipped_keys: u64,
    /// The stable name of the error. Null if it was not rejected.
    pub error_code: *const c_char,
    /// The error in words. Null if it was not rejected.
    pub error: *const c_char,
}

/// How many of one kind were counted.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct GaenCount {
    /// The stable name of what was counted.
    pub name: [c_char; 48],
    /// The count.
    pub count: u64,
}

impl GaenCount {
    pub(crate) fn of((name, count): (&str, u64)) -> Self {
        Self { name: name_field(name), count }
    }
}

/// The answer to "is the user to be notified?".
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GaenVerdict {
    /// The user is to be notified.
    Notify = 1,
    /// The user is not to be notified.
    DoNotNotify = 2,
    /// Nobody can say. This is no "no".
    NotJudged = 3,
}

/// A verdict, with the reason if nobody can say.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct GaenJudgement {
    /// The verdict.
    pub verdict: GaenVerdict,
    /// The stable name of the reason for "not judged"; empty otherwise.
    pub reason: [c_char; 48],
}

/// Writes what the report rests on and how much was found.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_report_summary(
    report: Option<&GaenReport>,
    out: Option<&mut MaybeUninit<GaenSummary>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    write_out(out, "out", error, || {
        let GaenReport { inner, files } = some(report, "report")?;
        let (basis, dropped) = (inner.basis(), inner.dropped());
        Ok(GaenSummary {
            is_partial: inner.is_partial(),
            files: files.len(),
            rejected_files: basis.files.rejected,
            sightings: basis.sightings,
            matches: inner.matches().len(),
            dropped: dropped.iter().map(|(_, count)| count).sum(),
            dropped_kinds: dropped.len(),
        })
    })
}

/// Writes at most `capacity` matches to `matches`, in the order of the files, and to `*count` how many there are.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_report_matches(
    report: Option<&GaenReport>,
    matches: *mut GaenMatch,
    capacity: usize,
    count: Option<&mut MaybeUninit<usize>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    call(error, || {
        let found = some(report, "report")?.inner.matches();
        // SAFETY: the caller vouches for room for `capacity` matches.
        fill(unsafe { room(matches, capacity, "matches") }?, found.iter().map(GaenMatch::from), count)
    })
}

/// Writes how many sightings of published identifiers do not count, by the name of the reason: at most `capacity` rows to
/// `rows`, and to `*count` how many there are.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_report_dropped(
    report: Option<&GaenReport>,
    rows: *mut GaenCount,
    capacity: usize,
    count: Option<&mut MaybeUninit<usize>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    call(error, || {
        let dropped = some(report, "report")?.inner.dropped();
        // SAFETY: the caller vouches for room for `capacity` rows.
        fill(unsafe { room(rows, capacity, "rows") }?, dropped.into_iter().map(GaenCount::of), count)
    })
}

fn file(report: Option<&GaenReport>, position: usize) -> Result<(&FileOutcome, &FileTexts), Failure> {
    let GaenReport { inner, files } = some(report, "report")?;
    inner.files().get(position).zip(files.get(position)).ok_or_else(|| {
        Failure::Argument("position", format!("there is no file {position}: the report has {}", files.len()))
    })
}

/// Writes what became of the file at this position. Its texts belong to the report.
///
/// Codes: position.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_report_file(
    report: Option<&GaenReport>,
    position: usize,
    out: Option<&mut MaybeUninit<GaenFileOutcome>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    write_out(out, "out", error, || {
        let (file, texts) = file(report, position)?;
        let or_null = |text: &Option<CString>| text.as_ref().map_or(ptr::null(), |text| text.as_ptr());
        Ok(GaenFileOutcome {
            name: texts.name.as_ptr(),
            status: match file.status {
                FileStatus::Verified => GaenFileStatus::Verified,
                FileStatus::Unverified => GaenFileStatus::Unverified,
                FileStatus::Rejected => GaenFileStatus::Rejected,
                FileStatus::Known => GaenFileStatus::Known,
            },
            export_sha256: or_null(&texts.export_sha256),
            verified_by: texts.verified_by.as_ptr(),
            keys: file.keys,
            revised_keys: file.revised_keys,
            skipped_keys: file.skipped_keys.total(),
            error_code: or_null(&texts.error_code),
            error: or_null(&texts.error),
        })
    })
}

fn counts<N: AsRef<str>>(
    rows: &mut [MaybeUninit<GaenCount>],
    tally: impl Iterator<Item = (N, u64)>,
    count: Out<'_, usize>,
) -> Result<(), Failure> {
    let counts: Vec<_> = tally.map(|(name, number)| GaenCount::of((name.as_ref(), number))).collect();
    fill(rows, counts.into_iter(), count)
}

/// Writes how many keys of a file were not searched for, by the name of the reason: at most `capacity` rows to `rows`, and to
/// `*count` how many there are.
///
/// Codes: position.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_report_skipped_keys(
    report: Option<&GaenReport>,
    position: usize,
    rows: *mut GaenCount,
    capacity: usize,
    count: Option<&mut MaybeUninit<usize>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    call(error, || {
        let tally = file(report, position)?.0.skipped_keys.named();
        // SAFETY: the caller vouches for room for `capacity` rows.
        counts(unsafe { room(rows, capacity, "rows") }?, tally, count)
    })
}

/// Writes how many values of a file's keys were out of range and read as missing, by the name of the value: at most `capacity`
/// rows to `rows`, and to `*count` how many there are.
///
/// Codes: position.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_report_ignored_values(
    report: Option<&GaenReport>,
    position: usize,
    rows: *mut GaenCount,
    capacity: usize,
    count: Option<&mut MaybeUninit<usize>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    call(error, || {
        let tally = file(report, position)?.0.ignored_values.named();
        // SAFETY: the caller vouches for room for `capacity` rows.
        counts(unsafe { room(rows, capacity, "rows") }?, tally, count)
    })
}

/// Writes whether to notify at the time `now`, Unix seconds.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_report_verdict(
    report: Option<&GaenReport>,
    configuration: Option<&GaenConfiguration>,
    now: u64,
    out: Option<&mut MaybeUninit<GaenJudgement>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    write_out(out, "out", error, || {
        let configuration = &some(configuration, "configuration")?.inner;
        let (verdict, reason) = match some(report, "report")?.inner.verdict(configuration, now) {
            Verdict::Notify => (GaenVerdict::Notify, ""),
            Verdict::DoNotNotify => (GaenVerdict::DoNotNotify, ""),
            Verdict::NotJudged(reason) => (GaenVerdict::NotJudged, reason.code()),
        };
        Ok(GaenJudgement { verdict, reason: name_field(reason) })
    })
}

/// Writes the document of `gaen match --json`. Free `*out` with `gaen_string_free`.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_report_matches_json(
    report: Option<&GaenReport>,
    out: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    hand_out_text(out, error, || Ok(some(report, "report")?.inner.matches_json()?))
}

/// Writes the document of `gaen exposures --json`: windows, daily summaries, scores and the decision, with an explanation if
/// `explained`. Free `*out` with `gaen_string_free`.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_report_exposures_json(
    report: Option<&GaenReport>,
    configuration: Option<&GaenConfiguration>,
    now: u64,
    explained: bool,
    out: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    hand_out_text(out, error, || {
        let (report, configuration) = (some(report, "report")?, some(configuration, "configuration")?);
        Ok(report.inner.exposures_json(&configuration.inner, now, explained)?)
    })
}

/// Writes the document of `gaen explain --json`. Free `*out` with `gaen_string_free`.
///
/// `key` is the number of a key in the explanation, or the first digits of its hexadecimal text, at least eight; null for all
/// keys. `day` is a UTC day, "2020-09-26"; null for all days. `redacted` leaves out keys, names and exact times.
///
/// Codes: key_name, day, nothing_chosen.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_report_explanation_json(
    report: Option<&GaenReport>,
    configuration: Option<&GaenConfiguration>,
    now: u64,
    key: *const c_char,
    day: *const c_char,
    redacted: bool,
    out: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    hand_out_text(out, error, || {
        let (report, configuration) = (some(report, "report")?, some(configuration, "configuration")?);
        let mut choice = Choice { redacted, ..Choice::default() };
        if !key.is_null() {
            // SAFETY: the caller vouches for the text.
            let key = unsafe { text(key, "key") }?.parse::<KeyName>();
            choice.key = Some(key.map_err(|why| Failure::Argument("key_name", why))?);
        }
        if !day.is_null() {
            // SAFETY: the caller vouches for the text.
            let day = unsafe { text(day, "day") }?;
            choice.day = Some(day.parse().map_err(|_| Failure::Argument("day", format!("{day:?} is no UTC day")))?);
        }
        Ok(report.inner.explanation_json(&configuration.inner, now, &choice)?)
    })
}

/// Frees a report and its texts. Null does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_report_free(report: Option<Box<GaenReport>>) {
    drop(report);
}
