//! What a file of COCOA's server looks like, and in what a file differs from that.

use std::fmt;

use crate::day::{LocalRange, SECONDS_PER_DAY, UtcDay, UtcOffset};
use crate::export::{Batch, ExportSummary, SignatureInfo, TemporaryExposureKeyExport};
use crate::time::{EnIntervalNumber, INTERVAL_SECONDS, RollingWindow};

/// A file held against the convention of COCOA's server: the keys of **one UTC day** a file.
///
/// `start_timestamp` is the rolling start of its keys, times 600: not the arrival of the keys at the server, as in other
/// countries. `end_timestamp` is a day later since 2020-10-13; until then it was `rolling_period` times 600 later. Region
/// 440, batch 1 of 1, verification key 440 version v1, at most 250,000 keys.
///
/// Source: COCOA's server, and real files of 2020 and 2022.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Convention {
    /// The day of the file's keys: of all of them, and of `start_timestamp`. Nothing when the file has no such day;
    /// then a match in it does not tell the day of a contact.
    pub day: Option<UtcDay>,
    /// In what the file differs.
    pub deviations: Vec<Deviation>,
}

/// One thing in which a file differs from the files of COCOA's server.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Deviation {
    /// It is of another region.
    #[error("region is {}, not \"440\"", or_missing(.found.as_ref().map(|region| format!("{:?}", shortened(region)))))]
    Region {
        /// The region.
        found: Option<String>,
    },
    /// It is not file 1 of 1.
    #[error("it is file {num} of {size}, not 1 of 1")]
    Batch {
        /// Its number.
        num: u32,
        /// How many files there are.
        size: u32,
    },
    /// It does not name the key 440 v1 as the one that signed it.
    #[error("no signature info names key 440 version v1")]
    VerificationKey,
    /// It has no keys. COCOA's server made no such files.
    #[error("it has no keys")]
    NoKeys,
    /// It has more keys than COCOA's server put into a file.
    #[error("it has {found} keys, over 250000")]
    TooManyKeys {
        /// The number of keys.
        found: u64,
    },
    /// It has revised keys. COCOA's server published none.
    #[error("it has {found} revised keys")]
    RevisedKeys {
        /// The number of them.
        found: u64,
    },
    /// Its keys do not all begin together.
    #[error("its keys begin at different times, from interval {first} to {last}")]
    SeveralStarts {
        /// The first rolling start.
        first: EnIntervalNumber,
        /// The last one.
        last: EnIntervalNumber,
    },
    /// Its keys do not begin at midnight UTC.
    #[error("its keys begin at interval {found}, which is not midnight UTC")]
    StartNotMidnight {
        /// Their rolling start.
        found: EnIntervalNumber,
    },
    /// `start_timestamp` is not the start of its keys.
    #[error("start_timestamp is {}, not {expected}, where its keys begin", or_missing(*.found))]
    StartTimestamp {
        /// What it is, Unix seconds.
        found: Option<u64>,
        /// What it should be.
        expected: u64,
    },
    /// `end_timestamp` follows neither of the rules that held for this day.
    #[error("end_timestamp is {}, not {expected} ({rule})", or_missing(*.found))]
    EndTimestamp {
        /// What it is, Unix seconds.
        found: Option<u64>,
        /// What it should be.
        expected: u64,
        /// By this rule.
        rule: EndRule,
    },
}

/// How COCOA's server set `end_timestamp`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndRule {
    /// `start_timestamp` + `rolling_period` * 600, until 2020-10-12.
    RollingPeriod,
    /// `start_timestamp` + 86400, since 2020-10-13.
    FullDay,
}

impl fmt::Display for EndRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RollingPeriod => "start + rolling_period * 600, the rule until 2020-10-12",
            Self::FullDay => "start + 86400, the rule since 2020-10-13",
        })
    }
}

impl EndRule {
    /// 2020-10-13, in Unix seconds.
    const CHANGE: u64 = 1_602_547_200;

    /// The rules by which a file may have been made whose keys begin here, with the one to be expected first.
    ///
    /// What counts is when the server made the file, which the file does not say. It made files for keys of up to 14
    /// days; so keys of the fortnight before the change are found in files of both kinds.
    fn of(start: u64) -> &'static [Self] {
        match start {
            ..Self::CHANGE if start.saturating_add(14 * SECONDS_PER_DAY) >= Self::CHANGE => {
                &[Self::RollingPeriod, Self::FullDay]
            }
            ..Self::CHANGE => &[Self::RollingPeriod],
            _ => &[Self::FullDay],
        }
    }

    fn end(self, start: u64, longest_period: u32) -> u64 {
        start.saturating_add(match self {
            Self::RollingPeriod => INTERVAL_SECONDS.saturating_mul(longest_period.into()),
            Self::FullDay => SECONDS_PER_DAY,
        })
    }
}

impl Convention {
    /// The keys that COCOA's server put into a file at most.
    pub const MOST_KEYS: u64 = 250_000;

    /// Holds a file against the convention.
    #[must_use]
    pub fn check(export: &TemporaryExposureKeyExport) -> Self {
        let facts = Facts {
            start: export.start_timestamp,
            end: export.end_timestamp,
            region: export.region.as_deref(),
            batch: export.batch,
            infos: &export.signature_infos,
            keys: export.keys.len() as u64,
            revised_keys: export.revised_keys.len() as u64,
        };
        facts.check(export.keys.iter().map(|key| key.window))
    }

    /// The same for a file that was scanned: `windows` are those of its keys.
    #[must_use]
    pub fn check_summary(summary: &ExportSummary, windows: impl IntoIterator<Item = RollingWindow>) -> Self {
        let facts = Facts {
            start: summary.start_timestamp,
            end: summary.end_timestamp,
            region: summary.region.as_deref(),
            batch: summary.batch,
            infos: &summary.signature_infos,
            keys: summary.keys,
            revised_keys: summary.revised_keys,
        };
        facts.check(windows)
    }

    /// From when to when the day of the file's keys lasts on a local clock.
    #[must_use]
    pub fn local_range(&self, offset: UtcOffset) -> Option<LocalRange> {
        self.day.map(|day| day.local_range(offset))
    }
}

/// What a file says of itself.
struct Facts<'f> {
    start: Option<u64>,
    end: Option<u64>,
    region: Option<&'f str>,
    batch: Batch,
    infos: &'f [SignatureInfo],
    keys: u64,
    revised_keys: u64,
}

impl Facts<'_> {
    fn check(&self, windows: impl IntoIterator<Item = RollingWindow>) -> Convention {
        let mut deviations = Vec::new();
        if self.region != Some("440") {
            deviations.push(Deviation::Region { found: self.region.map(str::to_owned) });
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
        if self.start != Some(start) {
            deviations.push(Deviation::StartTimestamp { found: self.start, expected: start });
        }
        let rules = EndRule::of(start);
        if !rules.iter().any(|rule| self.end == Some(rule.end(start, longest)))
            && let Some(&rule) = rules.first()
        {
            deviations.push(Deviation::EndTimestamp { found: self.end, expected: rule.end(start, longest), rule });
        }
        // The day is that of the keys, wherever the file says that it begins and ends.
        Some(UtcDay::from(first))
    }
}

fn or_missing(value: Option<impl fmt::Display>) -> String {
    value.map_or_else(|| "missing".to_owned(), |value| value.to_string())
}

/// Text of anyone's making, at most 40 characters of it.
fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis_key::DiagnosisKey;
    use crate::export::{ExportBuilder, ReadOptions, Signer, UnverifiedExport};
    use crate::time::RollingPeriod;

    fn export(day: &str, seconds: u64, keys: &[(u32, u32)]) -> TemporaryExposureKeyExport {
        let day: UtcDay = day.parse().unwrap();
        let midnight = EnIntervalNumber::from_unix_seconds(day.start()).unwrap();
        let keys = keys.iter().enumerate().map(|(number, (offset, period))| {
            let start = midnight.checked_add(*offset).unwrap();
            let window = RollingWindow::new(start, RollingPeriod::new(*period).unwrap()).unwrap();
            DiagnosisKey::new([u8::try_from(number).unwrap(); 16], window)
        });
        let mut rng = rand::rng();
        let signer = Signer::generate("440", "v1", &mut rng);
        let builder = ExportBuilder::new("440", day.start(), day.start() + seconds).keys(keys);
        let zip = &builder.build(&[signer], &mut rng).unwrap()[0].zip;
        UnverifiedExport::from_zip(zip, &ReadOptions::default()).unwrap().read_without_verifying().unwrap()
    }

    fn deviations(export: &TemporaryExposureKeyExport) -> Vec<String> {
        Convention::check(export).deviations.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_day_under_each_rule() {
        for (day, seconds, periods) in [
            ("2020-08-20", 86_400, &[(0, 144)][..]),
            ("2020-08-20", 36_000, &[(0, 60)]),
            ("2020-08-20", 86_400, &[(0, 60), (0, 144)]),
            ("2020-09-30", 36_000, &[(0, 60)]),
            ("2020-09-30", 86_400, &[(0, 60)]),
            ("2020-10-13", 86_400, &[(0, 60)]),
            ("2022-01-21", 86_400, &[(0, 144), (0, 1)]),
        ] {
            let convention = Convention::check(&export(day, seconds, periods));
            assert_eq!(
                convention,
                Convention { day: Some(day.parse().unwrap()), deviations: vec![] },
                "{day} {seconds}"
            );
        }
        let range = Convention::check(&export("2020-08-20", 86_400, &[(0, 144)])).local_range(UtcOffset::JST).unwrap();
        assert_eq!(range.to_string(), "2020-08-20 09:00 to 2020-08-21 09:00 (UTC+09:00)");
    }

    #[test]
    fn each_end_by_the_wrong_rule_is_named() {
        let early = deviations(&export("2020-08-20", 86_400, &[(0, 60)]));
        let rule = "start + rolling_period * 600, the rule until 2020-10-12";
        assert_eq!(early, [format!("end_timestamp is 1597968000, not 1597917600 ({rule})")]);
        let late = deviations(&export("2020-10-13", 36_000, &[(0, 60)]));
        assert_eq!(late, ["end_timestamp is 1602583200, not 1602633600 (start + 86400, the rule since 2020-10-13)"]);
    }

    #[test]
    fn every_other_difference_is_named() {
        let mut other = export("2020-08-20", 86_400, &[(0, 144)]);
        other.region = Some("US".to_owned());
        other.signature_infos[0].verification_key_version = Some("v2".to_owned());
        other.start_timestamp = None;
        other.revised_keys = other.keys.clone();
        assert_eq!(
            deviations(&other),
            [
                "region is \"US\", not \"440\"",
                "no signature info names key 440 version v1",
                "it has 1 revised keys",
                "start_timestamp is missing, not 1597881600, where its keys begin",
            ]
        );
        let mut empty = export("2020-08-20", 86_400, &[(0, 144)]);
        empty.keys.clear();
        assert_eq!(deviations(&empty), ["it has no keys"]);
        for (keys, text) in [
            (&[(0, 144), (144, 144)][..], "its keys begin at different times, from interval 2663136 to 2663280"),
            (&[(7, 100)], "its keys begin at interval 2663143, which is not midnight UTC"),
        ] {
            let export = export("2020-08-20", 86_400, keys);
            assert_eq!((deviations(&export), Convention::check(&export).day), (vec![text.to_owned()], None));
        }
    }
}
