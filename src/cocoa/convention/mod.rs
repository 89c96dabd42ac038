//! The convention of COCOA's server for its files, and how a file differs from it.

mod deviation;
mod end_rule;

pub use deviation::Deviation;
pub use end_rule::EndRule;

use crate::export::{Batch, ExportSummary, FileFacts, SignatureInfo, TemporaryExposureKeyExport};
use crate::time::{EnIntervalNumber, LocalRange, RollingWindow, UtcDay, UtcOffset};

/// A file compared with the convention of COCOA's server: one file holds the keys of **one UTC day**.
///
/// `start_timestamp` is the rolling start of the keys, times 600. In other countries it is the arrival of the keys at
/// the server. `end_timestamp` is a day later since 2020-10-13; before, it was `rolling_period` times 600 later. A file
/// has region 440, batch 1 of 1, verification key 440 version v1, and at most 250,000 keys.
///
/// Source: COCOA's server, and real files of 2020 and 2022.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Convention {
    /// The one day of `start_timestamp` and of all keys of the file. `None` if there is no such day: then a match in
    /// the file does not tell the day of a contact.
    pub day: Option<UtcDay>,
    /// Each difference between the file and the convention.
    pub deviations: Vec<Deviation>,
}

impl Convention {
    /// The most keys that COCOA's server put into a file.
    pub const MOST_KEYS: u64 = 250_000;

    /// Compares a file with the convention.
    #[must_use]
    pub fn check(export: &TemporaryExposureKeyExport) -> Self {
        let compared = Compared {
            facts: &export.facts,
            batch: export.batch,
            infos: &export.signature_infos,
            keys: export.keys.len() as u64,
            revised_keys: export.revised_keys.len() as u64,
        };
        compared.check(export.keys.iter().map(|key| key.window))
    }

    /// Compares a file that was read in one pass. `windows` are the windows of its keys.
    #[must_use]
    pub fn check_summary(summary: &ExportSummary, windows: impl IntoIterator<Item = RollingWindow>) -> Self {
        let compared = Compared {
            facts: &summary.facts,
            batch: summary.batch,
            infos: &summary.signature_infos,
            keys: summary.keys,
            revised_keys: summary.revised_keys,
        };
        compared.check(windows)
    }

    /// Returns the day of the file's keys on a local clock, from its beginning to its end.
    #[must_use]
    pub fn local_range(&self, offset: UtcOffset) -> Option<LocalRange> {
        self.day.map(|day| day.local_range(offset))
    }
}

/// What is compared with the convention.
struct Compared<'f> {
    facts: &'f FileFacts,
    batch: Batch,
    infos: &'f [SignatureInfo],
    keys: u64,
    revised_keys: u64,
}

impl Compared<'_> {
    fn check(&self, windows: impl IntoIterator<Item = RollingWindow>) -> Convention {
        let mut deviations = Vec::new();
        if self.facts.region.as_deref() != Some("440") {
            deviations.push(Deviation::Region { found: self.facts.region.clone() });
        }
        if self.batch != Batch::SINGLE {
            deviations.push(Deviation::Batch { num: self.batch.num(), size: self.batch.size() });
        }
        let ours = |info: &SignatureInfo| {
            info.verification_key_id.as_deref() == Some("440") && info.verification_key_version.as_deref() == Some("v1")
        };
        if !self.infos.iter().any(ours) {
            deviations.push(Deviation::VerificationKey);
        }
        if self.keys > Convention::MOST_KEYS {
            deviations.push(Deviation::TooManyKeys { found: self.keys });
        }
        if self.revised_keys > 0 {
            deviations.push(Deviation::RevisedKeys { found: self.revised_keys });
        }
        let day = self.day(windows, &mut deviations);
        Convention { day, deviations }
    }

    fn day(&self, windows: impl IntoIterator<Item = RollingWindow>, deviations: &mut Vec<Deviation>) -> Option<UtcDay> {
        let mut bounds: Option<(EnIntervalNumber, EnIntervalNumber, u32)> = None;
        for window in windows {
            let (start, period) = (window.start(), window.period().as_u32());
            let (first, last, longest) = bounds.unwrap_or((start, start, period));
            bounds = Some((first.min(start), last.max(start), longest.max(period)));
        }
        let Some((first, last, longest)) = bounds else {
            deviations.push(Deviation::NoKeys);
            return None;
        };
        if first != last {
            deviations.push(Deviation::SeveralStarts { first, last });
            return None;
        }
        if first != first.start_of_day() {
            deviations.push(Deviation::StartNotMidnight { found: first });
            return None;
        }
        let start = first.unix_seconds();
        if self.facts.start_timestamp != Some(start) {
            deviations.push(Deviation::StartTimestamp { found: self.facts.start_timestamp, expected: start });
        }
        let rules = EndRule::of(start);
        if !rules.iter().any(|rule| self.facts.end_timestamp == Some(rule.end(start, longest)))
            && let Some(&rule) = rules.first()
        {
            deviations.push(Deviation::EndTimestamp {
                found: self.facts.end_timestamp,
                expected: rule.end(start, longest),
                rule,
            });
        }
        // The day is that of the keys, wherever the file says that it begins and ends.
        Some(UtcDay::from(first))
    }
}
