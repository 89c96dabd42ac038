//! What a log means, as the one document that is printed, in words or as JSON.

use std::collections::BTreeMap;

use gaen::cocoa::{
    CheckTime, DateReading, ExposureData, ExposureLog, FileIndex, HashOf, LogEntry, LogFormat, Resolution, TimeReading,
};
use gaen::{CivilDateTime, LocalRange, UtcDay, UtcOffset};
use serde::Serialize;

use super::conclusion;
use super::files::FileFound;

#[derive(Serialize)]
pub(super) struct Document {
    pub(super) format: &'static str,
    pub(super) build: Option<String>,
    pub(super) device: Option<String>,
    pub(super) checks: usize,
    pub(super) utc_offset: UtcOffset,
    pub(super) entries: Vec<Entry>,
    pub(super) distinct_matches: Distinct,
    pub(super) exposure_data: Option<Exposures>,
    pub(super) files: Vec<FileFound>,
    /// Whether all files in hand were searched for calls of several.
    pub(super) calls_complete: bool,
    pub(super) conclusion: Vec<String>,
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
}

/// When a check was. A contact was before it, nobody knows when.
#[derive(Serialize)]
pub(super) struct Checked {
    pub(super) text: String,
    pub(super) unix_seconds: Option<u64>,
    /// On a clock of `--utc-offset`.
    pub(super) local: Option<CivilDateTime>,
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

impl Document {
    /// `files` are those of the index first, in its order. `searched` is whether the user gave any.
    pub(super) fn of(
        log: &ExposureLog,
        searched: bool,
        index: &FileIndex,
        files: Vec<FileFound>,
        offset: UtcOffset,
    ) -> Self {
        let entries = log.entries.iter().map(|entry| Entry::of(entry, searched, index, offset)).collect();
        let distinct = log.distinct_matches();
        let matched = |hash: gaen::cocoa::MatchedHash| Matched { entries: hash.entries, matches: hash.matches };
        let mut document = Self {
            format: log.format.name(),
            build: log.build.clone(),
            device: log.device.clone(),
            checks: log.checks,
            utc_offset: offset,
            entries,
            distinct_matches: Distinct {
                keys_at_least: distinct.keys_at_least,
                keys_at_most: distinct.keys_at_most,
                hashes: distinct.hashes.into_iter().map(matched).collect(),
                unknown: distinct.unknown,
            },
            exposure_data: log.exposure_data.clone().map(|data| Exposures::of(data, offset)),
            files,
            calls_complete: index.runs_are_complete(),
            conclusion: Vec::new(),
        };
        document.conclusion = conclusion::of(&document);
        document
    }

    /// The kind of log, in words.
    pub(super) fn title(&self) -> &'static str {
        let is = |format: LogFormat| format.name() == self.format;
        match () {
            () if is(LogFormat::IosV1) => "Log of exposure checks of iOS, version 1",
            () if is(LogFormat::IosV2) => "Log of exposure checks of iOS, version 2",
            () if is(LogFormat::Android) => "Log of exposure checks of Android",
            () if is(LogFormat::CocoaExposureData) => "COCOA's record of exposures",
            () => "One entry of a log of exposure checks of iOS",
        }
    }
}

impl Entry {
    fn of(entry: &LogEntry, searched: bool, index: &FileIndex, offset: UtcOffset) -> Self {
        let resolution = index.resolve(&entry.hash);
        let position = |file: &&gaen::cocoa::IndexedFile| index.files().iter().position(|other| other == *file);
        Self {
            place: entry.place.clone(),
            checked: entry.checked.as_ref().map(|time| Checked::of(time, offset)),
            app: entry.app.clone(),
            keys: entry.keys,
            matches: entry.matches,
            hash: entry.hash.text.clone(),
            hash_of: match entry.hash.of {
                HashOf::File => "file",
                HashOf::Call => "call",
            },
            files: resolution.files().iter().filter_map(position).collect(),
            found: match resolution {
                Resolution::NotAmongThese if !searched => "not_searched",
                other => other.name(),
            },
        }
    }
}

impl Checked {
    fn of(time: &CheckTime, offset: UtcOffset) -> Self {
        let unix_seconds = time.checked_at();
        let local_without_offset = match time.reading() {
            Some(TimeReading::Local(local)) => Some(local),
            _ => None,
        };
        let local = unix_seconds.map(|seconds| offset.local(seconds));
        Self { text: time.text().to_owned(), unix_seconds, local, local_without_offset }
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
