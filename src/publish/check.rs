//! Says which keys a server would take, and why it would not take the others.

use core::fmt;

use super::rules::{Rules, StillValid};
use super::secret::{HiddenKey, base64_bytes};
use super::upload_key::ExposureKey;
use crate::keys::{DaysSinceOnset, DiagnosisKey, KeyData, TransmissionRiskLevel};
use crate::time::{EnIntervalNumber, RollingPeriod, RollingWindow, UtcDay};

/// Finds what a server would find in an upload: every broken rule, and the keys that the server takes all the same.
///
/// The server's clock counts, and `now` is the device's. Get a trusted time before you ask.
///
/// ```
/// use gaen::publish::{ExposureKey, Rules, check};
///
/// let keys: Vec<ExposureKey> = serde_json::from_str(
///     r#"[{"key": "z2Cx9hdz2SlxZ8GEgqTYpA==", "rollingStartNumber": 2668320, "rollingPeriod": 144},
///         {"key": "c2hvcnQ=", "rollingStartNumber": 2668464, "rollingPeriod": 144}]"#,
/// )?;
/// let checked = check(&keys, None, 1_601_121_600, &Rules::GOOGLE);
/// assert_eq!(checked.keys().map(|key| key.position()).collect::<Vec<_>>(), [0]);
/// assert_eq!(checked.violations()[0].to_string(), "key 1: 5 bytes of key data; a key has 16");
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: `TransformPublish` of Google's key server.
#[must_use]
pub fn check(keys: &[ExposureKey], onset: Option<EnIntervalNumber>, now: u64, rules: &Rules) -> Checked {
    let mut checked = Checked { keys: Vec::new(), violations: Vec::new() };
    let Ok(current) = EnIntervalNumber::from_unix_seconds(now) else {
        checked.violations.push(Violation { key: None, rule: BrokenRule::Clock { now } });
        return checked;
    };
    if keys.is_empty() || keys.len() > rules.most_keys {
        let (found, most) = (keys.len(), rules.most_keys);
        let rule = if keys.is_empty() { BrokenRule::NoKeys } else { BrokenRule::TooManyKeys { found, most } };
        checked.violations.push(Violation { key: None, rule });
        return checked;
    }
    let onset = onset_day(onset, current, now, rules, &mut checked.violations);
    let moment = Moment { now, current, onset };
    for (position, key) in keys.iter().enumerate() {
        match HiddenKey::made(|| judged(key, &moment, rules)) {
            Ok(key) => checked.keys.push(CheckedKey { position, key }),
            Err(rule) => checked.violations.push(Violation { key: Some(position), rule }),
        }
    }
    let fatal = starts(&checked.keys, rules);
    if !fatal.is_empty() {
        checked.keys.clear();
        checked.violations.extend(fatal);
    }
    checked
}

/// What the keys of one upload are held against.
struct Moment {
    now: u64,
    current: EnIntervalNumber,
    onset: UtcDay,
}

/// The day of the onset that counts.
fn onset_day(
    onset: Option<EnIntervalNumber>,
    current: EnIntervalNumber,
    now: u64,
    rules: &Rules,
    violations: &mut Vec<Violation>,
) -> UtcDay {
    let today = UtcDay::from_unix_seconds(now);
    let oldest = today.checked_sub(rules.oldest_onset_days).unwrap_or(UtcDay::EPOCH);
    if let Some(onset) = onset {
        let day = UtcDay::from(onset);
        if onset < current && day >= oldest {
            return day;
        }
        let (onset, most_days) = (onset.as_u32(), rules.oldest_onset_days);
        violations.push(Violation { key: None, rule: BrokenRule::Onset { onset, most_days } });
    }
    today.checked_sub(rules.default_onset_days).unwrap_or(UtcDay::EPOCH)
}

/// The key, or the first rule that it breaks.
fn judged(key: &ExposureKey, moment: &Moment, rules: &Rules) -> Result<DiagnosisKey, BrokenRule> {
    let bytes = base64_bytes(key.key.expose()).ok_or(BrokenRule::NotBase64)?;
    let data: [u8; 16] = bytes.as_slice().try_into().map_err(|_| BrokenRule::KeyLength { found: bytes.len() })?;
    let period = u32::try_from(key.rolling_period).ok().and_then(|period| RollingPeriod::new(period).ok());
    let period = period.ok_or(BrokenRule::Period { found: key.rolling_period })?;
    let start =
        u32::try_from(key.rolling_start_number).map_err(|_| BrokenRule::Start { found: key.rolling_start_number })?;
    let window = RollingWindow::new(EnIntervalNumber::new(start), period)
        .map_err(|_| BrokenRule::Start { found: key.rolling_start_number })?;

    let oldest = rules.oldest_end(moment.now).unwrap_or(moment.current);
    let (end, current) = (window.end(), moment.current);
    if end < oldest {
        return Err(BrokenRule::TooOld { end: end.as_u32(), oldest: oldest.as_u32() });
    }
    if window.start() > current {
        return Err(BrokenRule::Future { start, current: current.as_u32() });
    }
    if end > current && rules.still_valid == StillValid::Refused {
        return Err(BrokenRule::StillValid { end: end.as_u32(), current: current.as_u32() });
    }
    let risk = TransmissionRiskLevel::new(key.transmission_risk);
    let risk = risk.ok_or(BrokenRule::Risk { found: key.transmission_risk })?;

    let days = |day: UtcDay| i64::try_from(day.days_since_epoch()).unwrap_or(i64::MAX);
    let days = days(UtcDay::from(window.start())).saturating_sub(days(moment.onset));
    if days.unsigned_abs() > u64::from(rules.most_days_from_onset) {
        return Err(BrokenRule::FarFromOnset { days, most: rules.most_days_from_onset });
    }
    Ok(DiagnosisKey {
        transmission_risk_level: risk,
        days_since_onset_of_symptoms: i32::try_from(days).ok().and_then(DaysSinceOnset::new),
        ..DiagnosisKey::new(KeyData::from(data), window)
    })
}

/// What is wrong with the starts of the keys together: then nothing is taken.
fn starts(keys: &[CheckedKey], rules: &Rules) -> Vec<Violation> {
    let mut windows: Vec<_> = keys.iter().map(CheckedKey::window).collect();
    windows.sort_unstable_by_key(|window| (window.start(), window.period()));
    let mut broken = Vec::new();
    let mut before: Option<RollingWindow> = None;
    for group in windows.chunk_by(|a, b| a.start() == b.start()) {
        // The longest of one start comes last.
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        let start = first.start().as_u32();
        if group.len() > rules.most_keys_of_one_start {
            let (found, most) = (group.len(), rules.most_keys_of_one_start);
            broken.push(BrokenRule::TooManyOfOneStart { start, found, most });
        }
        if let Some(before) = before.filter(|before| first.start() < before.end()) {
            broken.push(BrokenRule::Overlap {
                start,
                other_start: before.start().as_u32(),
                other_end: before.end().as_u32(),
            });
        }
        before = Some(*last);
    }
    broken.into_iter().map(|rule| Violation { key: None, rule }).collect()
}

/// What a server would find in an upload. Only [`check`] makes this value.
#[derive(Debug)]
pub struct Checked {
    keys: Vec<CheckedKey>,
    violations: Vec<Violation>,
}

impl Checked {
    /// The keys that the server takes, in the order of the upload.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &CheckedKey> {
        self.keys.iter()
    }

    /// Every broken rule: first the rules for single keys, then the rules for the upload as a whole.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// The keys and the violations.
    pub(super) fn into_parts(self) -> (Vec<CheckedKey>, Vec<Violation>) {
        (self.keys, self.violations)
    }
}

/// A key that a server takes. Its embargo may last, so it shows no byte of the key, and wipes the bytes when dropped.
pub struct CheckedKey {
    position: usize,
    key: HiddenKey,
}

impl CheckedKey {
    /// The position of the key in the upload, from 0.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }

    /// The intervals that the key is for.
    #[must_use]
    pub fn window(&self) -> RollingWindow {
        self.key.window
    }

    /// The Unix second from which nobody can replay identifiers of the key: two hours after the key's end.
    #[must_use]
    pub fn safe_to_release_at(&self) -> u64 {
        self.key.window.safe_to_release_at()
    }

    /// The days from the onset of symptoms that counts to the day of the key. `None` if that is no number from -14
    /// to 14.
    #[must_use]
    pub fn days_since_onset(&self) -> Option<DaysSinceOnset> {
        self.key.days_since_onset_of_symptoms
    }

    /// The key, for a server that holds it back.
    pub(super) fn key(&self) -> &DiagnosisKey {
        &self.key
    }
}

impl fmt::Debug for CheckedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CheckedKey({}, {:?}, redacted)", self.position, self.key.window)
    }
}

/// A rule that an upload breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The position of the key, from 0. `None` if the upload as a whole breaks the rule.
    pub key: Option<usize>,
    /// The rule, with what was found.
    pub rule: BrokenRule,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(key) = self.key {
            write!(f, "key {key}: ")?;
        }
        self.rule.fmt(f)
    }
}

/// What a server does about a broken rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Consequence {
    /// The server takes nothing of the upload.
    NothingTaken,
    /// The server leaves the key out.
    KeyLeftOut,
    /// The server takes another onset of symptoms: some days before the upload.
    OnsetReplaced,
}

crate::names::named! {
    Consequence, "consequence":
    NothingTaken => "nothing_taken",
    KeyLeftOut => "key_left_out",
    OnsetReplaced => "onset_replaced",
}

/// A rule of a server, and what was found instead. Starts and ends are interval numbers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BrokenRule {
    /// The time of the check has no interval number.
    #[error("the time {now} is past the last interval that there is")]
    Clock {
        /// Unix seconds.
        now: u64,
    },
    /// The upload has no keys.
    #[error("no keys; an upload has at least one")]
    NoKeys,
    /// The upload has too many keys.
    #[error("{found} keys; an upload has at most {most}")]
    TooManyKeys {
        /// The number of keys in the upload.
        found: usize,
        /// The most keys that the server takes.
        most: usize,
    },
    /// The key is not base64.
    #[error("the key is not base64")]
    NotBase64,
    /// The key does not have 16 bytes.
    #[error("{found} bytes of key data; a key has 16")]
    KeyLength {
        /// The number of bytes of the key.
        found: usize,
    },
    /// The rolling period is not a number from 1 to 144.
    #[error("rolling period {found}; it is 1 to 144")]
    Period {
        /// The period in the upload.
        found: i32,
    },
    /// The rolling start is not an interval number.
    #[error("rolling start {found}; it is an interval number from 0 on")]
    Start {
        /// The start in the upload.
        found: i32,
    },
    /// The key ended too long ago.
    #[error("the key ended at interval {end}; the oldest that is taken ends at {oldest}")]
    TooOld {
        /// The end of the key.
        end: u32,
        /// The earliest end that the server takes.
        oldest: u32,
    },
    /// The key has not begun yet.
    #[error("the key starts at interval {start}, and it is {current}: its start lies in the future")]
    Future {
        /// The start of the key.
        start: u32,
        /// The interval of the upload.
        current: u32,
    },
    /// The key has not ended yet, and the server holds no key back.
    #[error("the key is valid until interval {end}, and it is {current}: this server takes no key before its end")]
    StillValid {
        /// The end of the key.
        end: u32,
        /// The interval of the upload.
        current: u32,
    },
    /// The transmission risk is not a number from 0 to 8.
    #[error("transmission risk {found}; it is 0 to 8")]
    Risk {
        /// The risk in the upload.
        found: i32,
    },
    /// The day of the key is too far from the onset of symptoms.
    #[error("{days} days from the onset of symptoms to the key; at most {most} either way")]
    FarFromOnset {
        /// The days from the onset to the key.
        days: i64,
        /// The most days that the server takes, either way.
        most: u32,
    },
    /// The onset of symptoms lies in the future, or too long ago.
    #[error("symptom onset at interval {onset}; it is before the upload, and at most {most_days} days")]
    Onset {
        /// The interval of the onset.
        onset: u32,
        /// The most days that the onset may be before the upload.
        most_days: u64,
    },
    /// Too many keys start in the same interval.
    #[error("{found} keys start at interval {start}; at most {most} may")]
    TooManyOfOneStart {
        /// The interval.
        start: u32,
        /// The number of keys that start then.
        found: usize,
        /// The most keys that may start in one interval.
        most: usize,
    },
    /// Two keys overlap and do not start in the same interval.
    #[error("a key starts at interval {start}, within another from {other_start} to {other_end}")]
    Overlap {
        /// The start of the key.
        start: u32,
        /// The start of the other key.
        other_start: u32,
        /// The end of the other key.
        other_end: u32,
    },
}

impl BrokenRule {
    /// A short name that does not change, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Clock { .. } => "clock",
            Self::NoKeys => "no_keys",
            Self::TooManyKeys { .. } => "too_many_keys",
            Self::NotBase64 => "not_base64",
            Self::KeyLength { .. } => "key_length",
            Self::Period { .. } => "rolling_period",
            Self::Start { .. } => "rolling_start",
            Self::TooOld { .. } => "too_old",
            Self::Future { .. } => "future",
            Self::StillValid { .. } => "still_valid",
            Self::Risk { .. } => "transmission_risk",
            Self::FarFromOnset { .. } => "far_from_onset",
            Self::Onset { .. } => "onset",
            Self::TooManyOfOneStart { .. } => "too_many_of_one_start",
            Self::Overlap { .. } => "overlap",
        }
    }

    /// What the server does about it.
    #[must_use]
    pub const fn consequence(&self) -> Consequence {
        match self {
            Self::Clock { .. }
            | Self::NoKeys
            | Self::TooManyKeys { .. }
            | Self::TooManyOfOneStart { .. }
            | Self::Overlap { .. } => Consequence::NothingTaken,
            Self::Onset { .. } => Consequence::OnsetReplaced,
            _ => Consequence::KeyLeftOut,
        }
    }
}

#[cfg(test)]
mod tests {
    use base64ct::{Base64, Encoding};

    use super::*;
    use crate::publish::secret::SecretText;

    const DAY: u64 = 86_400;
    /// 2020-09-26 12:00 UTC, interval 2668536.
    const NOON: u64 = 1_601_121_600;
    const TODAY: i32 = 2_668_464;

    fn key(bytes: &[u8], start: i32, period: i32) -> ExposureKey {
        ExposureKey {
            key: SecretText::new(Base64::encode_string(bytes)),
            rolling_start_number: start,
            rolling_period: period,
            transmission_risk: 0,
        }
    }

    fn codes(keys: &[ExposureKey]) -> (Vec<usize>, Vec<(Option<usize>, &'static str)>) {
        let checked = check(keys, None, NOON, &Rules::GOOGLE);
        let found = checked.violations.iter().map(|violation| (violation.key, violation.rule.code()));
        (checked.keys().map(CheckedKey::position).collect(), found.collect())
    }

    #[test]
    fn each_rule_of_a_key_is_named_and_the_others_go() {
        let fine = || key(&[1; 16], TODAY - 144, 144);
        for (bad, code) in [
            (key(&[1; 15], TODAY, 144), "key_length"),
            (key(&[1; 17], TODAY, 144), "key_length"),
            (key(&[], TODAY, 144), "key_length"),
            (ExposureKey { key: SecretText::new("%".into()), ..key(&[], TODAY, 144) }, "not_base64"),
            (key(&[1; 16], TODAY, 0), "rolling_period"),
            (key(&[1; 16], TODAY, 145), "rolling_period"),
            (key(&[1; 16], TODAY, -1), "rolling_period"),
            (key(&[1; 16], -1, 144), "rolling_start"),
            (key(&[1; 16], i32::MIN, 144), "rolling_start"),
            (key(&[1; 16], i32::MAX, 144), "future"),
            (key(&[1; 16], TODAY + 73, 1), "future"),
            (key(&[1; 16], TODAY + 72 - 144 * 15 - 145, 144), "too_old"),
            (key(&[1; 16], 0, 144), "too_old"),
            (ExposureKey { transmission_risk: 9, ..fine() }, "transmission_risk"),
            (ExposureKey { transmission_risk: -1, ..fine() }, "transmission_risk"),
        ] {
            assert_eq!(codes(&[bad, fine()]), (vec![1], vec![(Some(0), code)]));
        }
        // The edges that are taken: 15 days, which the default onset of 4 days ago allows, and the interval that runs.
        for (start, period) in [(TODAY + 72 - 144 * 15 - 144, 144), (TODAY + 72, 1), (TODAY + 72, 144), (TODAY, 144)] {
            assert_eq!(codes(&[key(&[1; 16], start, period)]), (vec![0], vec![]), "{start} {period}");
        }
    }

    #[test]
    fn all_or_nothing_where_the_starts_do_not_fit() {
        let starting = |starts: &[(i32, i32)]| -> Vec<ExposureKey> {
            (1..).zip(starts).map(|(number, (start, period))| key(&[number; 16], *start, *period)).collect()
        };
        let day = TODAY - 144 * 3;
        assert_eq!(codes(&starting(&[(day, 50), (day, 100), (day, 144), (day + 144, 144)])).1, []);
        assert_eq!(codes(&starting(&[(day, 50), (day + 50, 94)])).1, [], "not aligned, and not overlapping");
        for (keys, code) in [
            (vec![(day, 1), (day, 2), (day, 3), (day, 4)], "too_many_of_one_start"),
            (vec![(day + 143, 144), (day, 144)], "overlap"),
            (vec![(day, 10), (day, 51), (day + 50, 94)], "overlap"),
        ] {
            assert_eq!(codes(&starting(&keys)), (vec![], vec![(None, code)]), "{keys:?}");
        }
        let many: Vec<_> = (0..31).map(|_| key(&[1; 16], TODAY, 144)).collect();
        assert_eq!(codes(&many).1, [(None, "too_many_keys")]);
        assert_eq!(codes(&[]).1, [(None, "no_keys")]);
        let checked = check(&many[..1], None, u64::MAX, &Rules::GOOGLE);
        assert_eq!(checked.violations[0].rule, BrokenRule::Clock { now: u64::MAX });
        assert!(checked.violations.iter().all(|found| found.rule.consequence() == Consequence::NothingTaken));
    }

    #[test]
    fn the_onset_counts_for_twenty_eight_days() {
        let keys = [key(&[1; 16], TODAY - 144, 144), key(&[2; 16], TODAY - 144 * 12, 144)];
        let onset = |days: u64| EnIntervalNumber::from_unix_seconds(NOON - days * DAY).ok();
        let checked = |onset| {
            let checked = check(&keys, onset, NOON, &Rules::GOOGLE);
            let days = checked.keys().map(|key| key.days_since_onset().map(DaysSinceOnset::as_i8));
            (days.collect::<Vec<_>>(), checked.violations.iter().map(|v| v.rule.code()).collect::<Vec<_>>())
        };
        assert_eq!(checked(None), (vec![Some(3), Some(-8)], vec![]), "four days ago by default");
        assert_eq!(checked(onset(2)), (vec![Some(1), Some(-10)], vec![]));
        assert_eq!(checked(onset(16)), (vec![Some(4)], vec!["far_from_onset"]), "15 days after it");
        assert_eq!(checked(onset(28)).1, ["far_from_onset", "far_from_onset"]);
        assert_eq!(checked(onset(29)), (vec![Some(3), Some(-8)], vec!["onset"]));
        assert_eq!(checked(EnIntervalNumber::from_unix_seconds(NOON).ok()).1, ["onset"], "the interval that runs");
    }

    #[test]
    fn a_server_that_holds_nothing_back_takes_ended_keys_alone() {
        let rules = Rules { still_valid: StillValid::Refused, ..Rules::GOOGLE };
        let keys = [key(&[1; 16], TODAY, 72), key(&[2; 16], TODAY, 73)];
        let checked = check(&keys, None, NOON, &rules);
        assert_eq!(checked.keys().map(CheckedKey::position).collect::<Vec<_>>(), [0]);
        assert_eq!(checked.violations[0].rule.code(), "still_valid");
        assert_eq!(checked.keys[0].safe_to_release_at(), NOON + 7200);
    }
}
