//! One set of exposure windows under a grid of configurations: what would another threshold have said?
//!
//! ```
//! use gaen::Profile;
//! use gaen::exposure::decision::{Scan, Window, WindowSet};
//! use gaen::exposure::sweep::{Person, sweep};
//! use gaen::exposure::{Infectiousness, Preset};
//! use gaen::keys::ReportType;
//!
//! // Twenty minutes at 58 dB: 1200 s, which COCOA weighs 2.5.
//! let scan = Scan { typical_attenuation: Some(58), min_attenuation: None, seconds: 300 };
//! let window = Window {
//!     date: Some("2022-01-16".parse()?),
//!     report_type: Some(ReportType::ConfirmedTest),
//!     infectiousness: Some(Infectiousness::High),
//!     calibration_confidence: None,
//!     scans: vec![scan; 4],
//! };
//! let people = [Person { windows: WindowSet::new([window]), truth: None }];
//! let configuration = Preset::CocoaV2.configuration(Profile::Google);
//! let axes = ["score_sum=1350,3000,3001".parse()?, "weight.2=1,2.5".parse()?];
//! let rows = sweep(&people, &configuration, Profile::Google, &axes, "2022-01-17".parse()?)?;
//! let notified: Vec<_> = rows.iter().map(|row| (row.values[0], row.values[1], row.notified_days)).collect();
//! let expected = [(1350.0, 1.0, 0), (1350.0, 2.5, 1), (3000.0, 1.0, 0), (3000.0, 2.5, 1), (3001.0, 1.0, 0), (3001.0, 2.5, 0)];
//! assert_eq!(notified, expected);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Each configuration is judged by the same [`Judge`] as any other: a sweep has no arithmetic of its own.

mod axis;
mod draft;
mod parameter;

pub use axis::Axis;
pub use parameter::Parameter;

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use super::basis::Verdict;
use super::configuration::Configuration;
use super::decision::{Judge, WindowSet};
use crate::profile::Profile;
use crate::time::UtcDay;
use draft::{Draft, Fault};

/// The most configurations of a sweep.
pub const MOST_CONFIGURATIONS: usize = 1_000_000;

/// The windows of one person, and on which days the person really had a contact.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// The exposure windows of the person.
    pub windows: WindowSet,
    /// The days with a contact that should notify; `None` if they are not known.
    pub truth: Option<BTreeSet<UtcDay>>,
}

/// The answer of one configuration of the grid, counted over all people.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Row {
    /// The value of each axis, in their order.
    pub values: Vec<f64>,
    /// The days that notify, over all people.
    pub notified_days: u64,
    /// The days that could not be judged, over all people. They are neither right nor wrong.
    pub not_judged_days: u64,
    /// The people with at least one day that notifies.
    pub notified_people: u64,
    /// The correctness; `None` if the true contacts of no person are known.
    pub score: Option<Correctness>,
}

/// The number of right and wrong answers of a configuration, by day and person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Correctness {
    /// The days that notify and had a contact.
    pub right: u64,
    /// The days that notify and had no contact.
    pub false_alarms: u64,
    /// The days that had a contact and do not notify, though they could be judged.
    pub missed: u64,
}

impl Correctness {
    /// `right / (right + false alarms)`: of the days that notify, the share that had a contact. `None` if no day
    /// notifies.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        share(self.right, self.false_alarms)
    }

    /// `right / (right + missed)`: of the days that had a contact and could be judged, the share that notifies. `None`
    /// if there is no such day.
    #[must_use]
    pub fn recall(&self) -> Option<f64> {
        share(self.right, self.missed)
    }
}

#[allow(clippy::cast_precision_loss)] // counts of days
fn share(part: u64, rest: u64) -> Option<f64> {
    let whole = part.saturating_add(rest);
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Why a sweep is not possible.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SweepError {
    /// No parameter has this name.
    #[error(
        "no parameter {found:?}: there are threshold.N, weight.N, infectiousness.NAME, report_type.NAME, \
         minimum_window_score, and what a rule compares, such as score_sum or CLASS.score_sum"
    )]
    UnknownParameter {
        /// The name that was given.
        found: String,
    },
    /// The numbers of an axis are none, too many, or no numbers.
    #[error("{found:?} are no values: write them as PARAMETER=FROM..TO:STEP or PARAMETER=A,B,C")]
    Values {
        /// The text that was given.
        found: String,
    },
    /// One parameter is varied twice.
    #[error("{parameter} is varied twice")]
    Twice {
        /// The name of the parameter.
        parameter: String,
    },
    /// The configuration does not have this number.
    #[error("{parameter} cannot be varied: {why}")]
    NotInConfiguration {
        /// The name of the parameter.
        parameter: String,
        /// The numbers that the configuration has instead.
        why: String,
    },
    /// A configuration of the grid is outside its limits.
    #[error("{at}: {error}")]
    Configuration {
        /// The numbers of the configuration, such as `threshold.1=60, threshold.2=55`.
        at: String,
        /// The limit that is broken.
        error: String,
    },
    /// The grid has too many configurations.
    #[error("{found} configurations, over the limit of {MOST_CONFIGURATIONS}")]
    TooMany {
        /// The number of configurations.
        found: usize,
    },
}

/// Returns the configuration at one point of a grid: `values` has a number for each axis.
///
/// # Errors
/// [`SweepError`] if the configuration has no such number, or the number is outside its limits.
pub fn configuration_at(base: &Configuration, axes: &[Axis], values: &[f64]) -> Result<Configuration, SweepError> {
    let at = || {
        let numbers = axes.iter().zip(values).map(|(axis, value)| format!("{}={value}", axis.parameter()));
        numbers.collect::<Vec<_>>().join(", ")
    };
    let mut draft = Draft::new(base);
    for (axis, value) in axes.iter().zip(values) {
        draft.set(axis.parameter(), *value).map_err(|fault| match fault {
            Fault::Absent(why) => SweepError::NotInConfiguration { parameter: axis.parameter().to_string(), why },
            Fault::Limits(error) => SweepError::Configuration { at: at(), error },
        })?;
    }
    draft
        .finish()
        .map_err(|(Fault::Absent(error) | Fault::Limits(error))| SweepError::Configuration { at: at(), error })
}

/// Judges the windows of these people under every configuration of the grid, on the day `today`. The last axis varies
/// fastest.
///
/// # Errors
/// [`SweepError`] if the configuration has no number that an axis varies, if a configuration of the grid is outside its
/// limits, or if there are too many. Nothing is returned of the others.
pub fn sweep(
    people: &[Person],
    base: &Configuration,
    profile: Profile,
    axes: &[Axis],
    today: UtcDay,
) -> Result<Vec<Row>, SweepError> {
    for (place, axis) in axes.iter().enumerate() {
        if axes.iter().take(place).any(|before| before.parameter() == axis.parameter()) {
            return Err(SweepError::Twice { parameter: axis.parameter().to_string() });
        }
    }
    let count = axes.iter().fold(1_usize, |count, axis| count.saturating_mul(axis.values().len()));
    if count > MOST_CONFIGURATIONS {
        return Err(SweepError::TooMany { found: count });
    }
    let mut rows = Vec::with_capacity(count);
    let mut places = vec![0_usize; axes.len()];
    loop {
        let values: Vec<f64> =
            axes.iter().zip(&places).filter_map(|(axis, place)| axis.values().get(*place).copied()).collect();
        let judge = Judge::new(&configuration_at(base, axes, &values)?, profile);
        rows.push(row(people, &judge, values, today));
        if !step(&mut places, axes) {
            return Ok(rows);
        }
    }
}

/// The next point of the grid, the last axis first; `false` after the last point.
fn step(places: &mut [usize], axes: &[Axis]) -> bool {
    for (place, axis) in places.iter_mut().zip(axes).rev() {
        *place = place.saturating_add(1);
        if *place < axis.values().len() {
            return true;
        }
        *place = 0;
    }
    false
}

fn row(people: &[Person], judge: &Judge, values: Vec<f64>, today: UtcDay) -> Row {
    let mut row = Row { values, notified_days: 0, not_judged_days: 0, notified_people: 0, score: None };
    for person in people {
        let mut days = Days::default();
        judge.each_day(&person.windows, today, |day| days.add(day.date, day.verdict, person.truth.as_ref()));
        let Days { notified, not_judged, right, unknown } = days;
        row.notified_days = row.notified_days.saturating_add(notified);
        row.not_judged_days = row.not_judged_days.saturating_add(not_judged);
        row.notified_people = row.notified_people.saturating_add((notified > 0).into());
        if let Some(truth) = &person.truth {
            let score = row.score.get_or_insert_default();
            score.right = score.right.saturating_add(right);
            score.false_alarms = score.false_alarms.saturating_add(notified.saturating_sub(right));
            let contacts = u64::try_from(truth.len()).unwrap_or(u64::MAX);
            score.missed = score.missed.saturating_add(contacts.saturating_sub(right).saturating_sub(unknown));
        }
    }
    row
}

/// The days of one person, while they are counted.
#[derive(Default)]
struct Days {
    notified: u64,
    not_judged: u64,
    /// Days that notify and had a contact.
    right: u64,
    /// Days that had a contact and could not be judged.
    unknown: u64,
}

impl Days {
    fn add(&mut self, date: Option<UtcDay>, verdict: Verdict, truth: Option<&BTreeSet<UtcDay>>) {
        let had_contact = || u64::from(truth.zip(date).is_some_and(|(truth, date)| truth.contains(&date)));
        let (days, contacts) = match verdict {
            Verdict::DoNotNotify => return,
            Verdict::Notify => (&mut self.notified, &mut self.right),
            Verdict::NotJudged(_) => (&mut self.not_judged, &mut self.unknown),
        };
        *days = days.saturating_add(1);
        *contacts = contacts.saturating_add(had_contact());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exposure::configuration::rule::{Decides, Scores};
    use crate::exposure::decision::{Scan, Window};
    use crate::exposure::{Infectiousness, Preset};
    use crate::keys::{CalibrationConfidence, ReportType};
    use std::vec;

    fn day(number: u64) -> UtcDay {
        UtcDay::from_days_since_epoch(19_000 + number).unwrap()
    }

    /// One scan of these seconds at this attenuation.
    fn window(date: u64, attenuation: u8, seconds: i64) -> Window {
        Window {
            date: Some(day(date)),
            report_type: Some(ReportType::ConfirmedTest),
            infectiousness: Some(Infectiousness::High),
            calibration_confidence: Some(CalibrationConfidence::High),
            scans: vec![Scan { typical_attenuation: Some(attenuation), min_attenuation: Some(attenuation), seconds }],
        }
    }

    fn axes(texts: &[&str]) -> Vec<Axis> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    /// The ranges of Corona-Warn-App on Android with one threshold moved: the range that follows begins where it ends.
    #[test]
    fn ranges_that_touch_keep_touching() {
        let base = Preset::CwaAndroid.configuration(Profile::Google);
        let moved = configuration_at(&base, &axes(&["threshold.1=60", "weight.2=0.5"]), &[60.0, 0.5]).unwrap();
        let Decides::Windows(rule) = moved.rule.decides else { panic!("windows decide") };
        let Scores::Weighted(weighing) = rule.scores else { panic!("weights of the app") };
        let ranges: Vec<_> =
            weighing.ranges.as_slice().iter().map(|range| (range.range.to_string(), range.weight.as_f64())).collect();
        let expected = [("[0, 60)", 0.8), ("[60, 73)", 0.5), ("[73, 79)", 0.1)];
        assert_eq!(ranges, expected.map(|(range, weight)| (range.into(), weight)));
    }

    /// Both thresholds move past the old ones: only where they end up has to be in order.
    #[test]
    fn thresholds_need_order_only_at_the_end() {
        for preset in [Preset::CocoaV2, Preset::CwaAndroid] {
            let base = preset.configuration(Profile::Google);
            let thresholds = axes(&["threshold.1=74", "threshold.2=77"]);
            assert!(configuration_at(&base, &thresholds[..1], &[74.0]).is_err(), "past the second");
            let last = axes(&["threshold.1=62", "threshold.2=64"]);
            assert!(configuration_at(&base, &last, &[62.0, 64.0]).is_ok());
        }
    }

    #[test]
    fn days_are_right_wrong_or_missed() {
        let windows = [window(0, 50, 1200), window(1, 50, 1200), window(1, 55, 600), window(2, 50, 600)];
        let truth = Some(BTreeSet::from([day(1), day(2), day(9)]));
        let people = [
            Person { windows: WindowSet::new(windows.clone()), truth },
            Person { windows: WindowSet::new(windows), truth: None },
        ];
        let base = Preset::CocoaV2.configuration(Profile::Google);
        let rows = sweep(&people, &base, Profile::Google, &axes(&["score_sum=3000,4500,4501"]), day(10)).unwrap();
        let found: Vec<_> =
            rows.iter().map(|row| (row.notified_days, row.notified_people, row.score.unwrap())).collect();
        let score = |right, false_alarms, missed| Correctness { right, false_alarms, missed };
        assert_eq!(found, [(4, 2, score(1, 1, 2)), (2, 2, score(1, 0, 2)), (0, 0, score(0, 0, 3))]);
        assert_eq!((found[0].2.precision(), found[0].2.recall()), (Some(0.5), Some(1.0 / 3.0)));
        assert_eq!((found[2].2.precision(), found[2].2.recall()), (None, Some(0.0)));
    }

    /// A day that could not be judged was not missed, whatever happened on it.
    #[test]
    fn a_day_that_could_not_be_judged_is_not_missed() {
        let lacking = Window { report_type: None, ..window(1, 50, 1200) };
        let windows = WindowSet::new([window(0, 50, 1200), lacking, window(2, 50, 60)]);
        let people = [Person { windows, truth: Some(BTreeSet::from([day(0), day(1), day(2)])) }];
        let base = Preset::CocoaV2.configuration(Profile::Google);
        let rows = sweep(&people, &base, Profile::Google, &axes(&["score_sum=1350"]), day(10)).unwrap();
        let score = Correctness { right: 1, false_alarms: 0, missed: 1 };
        assert_eq!((rows[0].not_judged_days, rows[0].score, score.recall()), (1, Some(score), Some(0.5)));
    }

    /// A rule that judges windows has several answers for a day: the day counts once.
    #[test]
    fn a_day_of_several_windows_counts_once() {
        let windows = [window(0, 50, 3600), window(0, 50, 3600), window(0, 95, 60), window(1, 95, 60)];
        let lacking = Window { infectiousness: None, ..window(2, 50, 3600) };
        let people = [Person { windows: WindowSet::new(windows.into_iter().chain([lacking])), truth: None }];
        let base = Preset::NhsAndroid.configuration(Profile::Google);
        let rows = sweep(&people, &base, Profile::Google, &axes(&["maximum_score=0.1,1000000"]), day(3)).unwrap();
        let found: Vec<_> = rows.iter().map(|row| (row.notified_days, row.not_judged_days)).collect();
        assert_eq!((found[0].1, found[1]), (1, (0, 1)), "{rows:?}");
        assert!((1..=2).contains(&found[0].0), "{rows:?}");
    }

    #[test]
    fn what_cannot_be_varied_says_why() {
        let refused = |preset: Preset, texts: &[&str]| {
            let base = preset.configuration(Profile::Google);
            sweep(&[], &base, Profile::Google, &axes(texts), day(0)).unwrap_err().to_string()
        };
        for (preset, axis, said) in [
            (
                Preset::CocoaV2,
                "threshold.4=1",
                "threshold.4 cannot be varied: daily summaries have the thresholds 1 to 3",
            ),
            (Preset::CocoaV2, "threshold.1=1.5", "threshold.1=1.5: a threshold is a whole number of dB from 0 to 255"),
            (
                Preset::CocoaV2,
                "infectiousness.none=1",
                "infectiousness.none cannot be varied: infectiousness \"none\" always weighs 0",
            ),
            (
                Preset::CocoaV2,
                "minimum_window_score=-1",
                "minimum_window_score=-1: score -1 is not a number of at least 0",
            ),
            (Preset::CwaAndroid, "weight.4=1", "weight.4 cannot be varied: the rule has the weights 1 to 3"),
            (
                Preset::CwaAndroid,
                "report_type.recursive=1",
                "report_type.recursive cannot be varied: the rule has no weights of report types",
            ),
            (Preset::NhsAndroid, "weight.1=1", "weight.1 cannot be varied: the distance model has no weights"),
            (
                Preset::CwaAndroid,
                "none.score_sum=1",
                "none.score_sum cannot be varied: no class \"none\" compares score_sum",
            ),
        ] {
            assert_eq!(refused(preset, &[axis]), said);
        }
        let many = ["score_sum=1..10000:1", "weight.1=0..2.5:0.01"];
        assert_eq!(refused(Preset::CocoaV2, &many), "2510000 configurations, over the limit of 1000000");
    }
}
