//! What a log means, as the one document that is printed, in words or as JSON.

use std::collections::BTreeMap;

use crate::Language;
use crate::judge::JudgeDocument;
use gaen::cocoa::{
    CheckTime, DateReading, ExposureData, ExposureLog, FileIndex, FileIndexBuilder, HashOf, LogEntry, LogFormat,
    Resolution, TimeReading,
};
use gaen::time::{CivilDateTime, LocalRange, UtcDay, UtcOffset};
use serde::Serialize;

use super::files::{FileFound, FilesInHand};

/// What a log means: serialised, it is the document of `gaen log --json`.
#[derive(Serialize)]
pub struct LogDocument {
    pub(super) format: &'static str,
    pub(super) build: Option<String>,
    pub(super) device: Option<String>,
    pub(super) checks: usize,
    /// The clock of all local times: that of `--utc-offset`, else the one that all entries have, else that of Japan for
    /// COCOA's logs.
    pub(super) utc_offset: Option<UtcOffset>,
    pub(super) entries: Vec<Entry>,
    pub(super) distinct_matches: Distinct,
    pub(super) exposure_data: Option<Exposures>,
    pub(super) files: Vec<FileFound>,
    /// Whether all files in hand were searched for calls of several.
    pub(super) calls_complete: bool,
    /// What configurations say of the windows on record, if anybody asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) judged: Option<JudgeDocument>,
    pub(super) conclusion: Vec<String>,
    #[serde(skip)]
    pub(super) kind: LogFormat,
    #[serde(skip)]
    pub(super) language: Language,
    #[serde(skip)]
    pub(super) on_a_page: bool,
}

/// One hash of the log.
#[derive(Serialize)]
pub(super) struct Entry {
    pub(super) place: String,
    pub(super) checked: Option<Checked>,
    pub(super) app: Option<String>,
    pub(super) keys: Option<u64>,
    pub(super) matches: Option<u64>,
    pub(super) hash: String,
    pub(super) hash_of: &'static str,
    pub(super) found: &'static str,
    /// Positions in `files`.
    pub(super) files: Vec<usize>,
    /// Keys of these files, null without any.
    pub(super) keys_in_files: Option<u64>,
    /// Whether its counts may be 0 by a fault of the log alone.
    pub(super) doubtful: bool,
    /// Whether it is of COCOA.
    #[serde(skip)]
    pub(super) cocoa: bool,
    /// The clocks on which its contact is shown.
    #[serde(skip)]
    pub(super) clocks: Vec<UtcOffset>,
}

/// When a check was. A contact was before it, nobody knows when.
#[derive(Serialize)]
pub(super) struct Checked {
    pub(super) text: String,
    pub(super) unix_seconds: Option<u64>,
    /// On the phone's clock.
    pub(super) local: Option<CivilDateTime>,
    /// How far that clock was ahead of UTC.
    pub(super) utc_offset: Option<UtcOffset>,
    /// On the phone's clock, where the log does not say how far it is from UTC.
    pub(super) local_without_offset: Option<CivilDateTime>,
}

#[derive(Serialize)]
pub(super) struct Distinct {
    pub(super) keys_at_least: u64,
    pub(super) keys_at_most: u64,
    pub(super) hashes: Vec<Matched>,
    pub(super) unknown: usize,
}

/// A hash with a match.
#[derive(Serialize)]
pub(super) struct Matched {
    /// Positions in `entries`.
    pub(super) entries: Vec<usize>,
    pub(super) matches: u64,
}

/// The app's own record.
#[derive(Serialize)]
pub(super) struct Exposures {
    #[serde(flatten)]
    pub(super) data: ExposureData,
    pub(super) days: Vec<Day>,
    /// Summaries and windows whose day cannot be told.
    pub(super) without_day: usize,
}

/// All that the record has of one day.
#[derive(Serialize)]
pub(super) struct Day {
    pub(super) utc_day: UtcDay,
    pub(super) local_range: LocalRange,
    /// Whether a number was cut to 32 bits, from which the day was found again.
    pub(super) date_was_truncated: bool,
    pub(super) windows: usize,
    pub(super) seconds: u64,
    /// One for each summary of the day.
    pub(super) score_sums: Vec<f64>,
}

impl LogDocument {
    /// All but the conclusion, which reads the rest.
    pub(super) fn without_conclusion(log: &ExposureLog, files: Option<&FilesInHand>, options: Options) -> Self {
        let none = FileIndexBuilder::new().build();
        let index = files.map_or(&none, |files| &files.index);
        let clock = clock(log, options.utc_offset);
        let entries =
            log.entries.iter().map(|entry| Entry::of(entry, files.is_some(), index, options.utc_offset)).collect();
        let distinct = log.distinct_matches();
        let matched = |hash: gaen::cocoa::MatchedHash| Matched { entries: hash.entries, matches: hash.matches };
        Self {
            format: log.format.name(),
            build: log.build.clone(),
            device: log.device.clone(),
            checks: log.checks,
            utc_offset: clock,
            entries,
            distinct_matches: Distinct {
                keys_at_least: distinct.keys_at_least,
                keys_at_most: distinct.keys_at_most,
                hashes: distinct.hashes.into_iter().map(matched).collect(),
                unknown: distinct.unknown,
            },
            exposure_data: log.exposure_data.clone().map(|data| Exposures::of(data, clock.unwrap_or(UtcOffset::JST))),
            files: files.map_or_else(Vec::new, |files| files.found(clock)),
            calls_complete: index.runs_are_complete(),
            judged: None,
            conclusion: Vec::new(),
            kind: log.format,
            language: options.language,
            on_a_page: options.on_a_page,
        }
    }

    /// Adds what configurations say of the exposure windows on record.
    #[must_use]
    pub fn judged(self, judged: JudgeDocument) -> Self {
        Self { judged: Some(judged), ..self }
    }

    /// What follows from the log, in sentences of the language: the most important one first.
    #[must_use]
    pub fn conclusion(&self) -> &[String] {
        &self.conclusion
    }
}

/// The reader's clock, language and place.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The clock on which contacts are shown too. With `None`, the log's own decides, and Japan's for COCOA.
    pub utc_offset: Option<UtcOffset>,
    /// The language of what is said. The default is English.
    pub language: Language,
    /// `true` if the reader drops files on a page, and has no options of a command.
    pub on_a_page: bool,
}

/// The one clock of a log, if it has one: the user's, else the entries' own, else Japan's if it is COCOA's.
pub(super) fn clock(log: &ExposureLog, given: Option<UtcOffset>) -> Option<UtcOffset> {
    let mut own: Vec<_> = log.entries.iter().filter_map(|entry| entry.checked.as_ref()?.offset()).collect();
    own.sort_unstable();
    own.dedup();
    let all = !log.entries.is_empty() && log.entries.iter().all(LogEntry::is_of_cocoa);
    let of_cocoa = log.exposure_data.is_some() || all;
    match (given, &own[..]) {
        (Some(given), _) => Some(given),
        (None, [own]) => Some(*own),
        (None, []) if of_cocoa => Some(UtcOffset::JST),
        (None, _) => None,
    }
}

impl Entry {
    fn of(entry: &LogEntry, searched: bool, index: &FileIndex, given: Option<UtcOffset>) -> Self {
        let resolution = index.resolve(&entry.hash);
        let position = |file: &&gaen::cocoa::IndexedFile| index.files().iter().position(|other| other == *file);
        let found = resolution.files();
        let sum = found.iter().fold(0, |sum: u64, file| sum.saturating_add(file.keys));
        let keys_in_files = (!found.is_empty()).then_some(sum);
        let no_keys = entry.keys == Some(0) && keys_in_files.is_some_and(|keys| keys > 0);
        Self {
            place: entry.place.clone(),
            checked: entry.checked.as_ref().map(Checked::of),
            app: entry.app.clone(),
            keys: entry.keys,
            matches: entry.matches,
            hash: entry.hash.text.clone(),
            hash_of: match entry.hash.of {
                HashOf::File => "file",
                HashOf::Call => "call",
            },
            files: found.iter().filter_map(position).collect(),
            keys_in_files,
            doubtful: entry.matches.unwrap_or_default() == 0 && (entry.counts_may_be_wrong() || no_keys),
            cocoa: entry.is_of_cocoa(),
            clocks: clocks(entry, given),
            found: match resolution {
                Resolution::NotAmongThese if !searched => "not_searched",
                other => other.name(),
            },
        }
    }

    /// From when to when these days last on each of the clocks.
    pub(super) fn ranges(&self, [first, last]: [UtcDay; 2]) -> Vec<LocalRange> {
        ranges(&self.clocks, [first, last])
    }
}

/// The clocks of an entry: its own, or Japan's for COCOA, and the user's where it differs.
fn clocks(entry: &LogEntry, given: Option<UtcOffset>) -> Vec<UtcOffset> {
    let own = entry.checked.as_ref().and_then(CheckTime::offset);
    let own = own.or((given.is_none() && entry.is_of_cocoa()).then_some(UtcOffset::JST));
    let mut clocks: Vec<_> = own.into_iter().chain(given).collect();
    clocks.dedup();
    clocks
}

/// From when to when days last on each clock.
pub(super) fn ranges(clocks: &[UtcOffset], [first, last]: [UtcDay; 2]) -> Vec<LocalRange> {
    let range = |offset: &UtcOffset| LocalRange { end: last.local_range(*offset).end, ..first.local_range(*offset) };
    clocks.iter().map(range).collect()
}

impl Checked {
    fn of(time: &CheckTime) -> Self {
        let unix_seconds = time.checked_at();
        let local_without_offset = match time.reading() {
            Some(TimeReading::Local(local)) => Some(local),
            _ => None,
        };
        let local = unix_seconds.zip(time.offset()).map(|(seconds, offset)| offset.local(seconds));
        Self { text: time.text().to_owned(), unix_seconds, local, utc_offset: time.offset(), local_without_offset }
    }
}

impl Exposures {
    fn of(data: ExposureData, offset: UtcOffset) -> Self {
        let mut days = BTreeMap::new();
        let mut without_day = 0;
        let summaries = data.daily_summaries.iter().map(|summary| (summary.date, summary.day.map(|day| day.sum), None));
        let windows = data.exposure_windows.iter().map(|window| (window.date, None, Some(window.seconds())));
        for (date, score_sum, seconds) in summaries.chain(windows) {
            let Some(utc_day) = date.day() else {
                without_day += 1;
                continue;
            };
            let day = days.entry(utc_day).or_insert_with(|| Day {
                utc_day,
                local_range: utc_day.local_range(offset),
                date_was_truncated: false,
                windows: 0,
                seconds: 0,
                score_sums: Vec::new(),
            });
            day.date_was_truncated |= matches!(date.reading(), DateReading::Truncated(_));
            day.windows += usize::from(seconds.is_some());
            day.seconds = day.seconds.saturating_add(seconds.unwrap_or_default());
            day.score_sums.extend(score_sum);
        }
        Self { data, days: days.into_values().collect(), without_day }
    }
}
