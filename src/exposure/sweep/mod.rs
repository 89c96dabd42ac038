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
    /// The windows.
    pub windows: WindowSet,
    /// The days with a contact that should notify; `None` if nobody knows.
    pub truth: Option<BTreeSet<UtcDay>>,
}

/// What one configuration of the grid said.
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
    /// How right it was; `None` if the truth of nobody is known.
    pub score: Option<Correctness>,
}

/// How often a configuration was right, by day and person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Correctness {
    /// The days that notify and had a contact.
    pub right: u64,
    /// The days that notify and had no contact.
    pub false_alarms: u64,
    /// The days that had a contact and do not notify.
    pub missed: u64,
}

impl Correctness {
    /// `right / (right + false alarms)`: of the days that notify, the share that had a contact. `None` if no day notifies.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        share(self.right, self.false_alarms)
    }

    /// `right / (right + missed)`: of the days that had a contact, the share that notifies. `None` if no day had one.
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
        /// What the configuration has instead.
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

/// Judges the windows of these people under every configuration of the grid, on the day `today`. The last axis varies fastest.
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
        // Days come in order. A rule that judges windows has several answers a day.
        judge.each_day(&person.windows, today, |day| days.add(day.date, day.verdict, person.truth.as_ref()));
        let Days { notified, not_judged, right, .. } = days.finish(person.truth.as_ref());
        row.notified_days = row.notified_days.saturating_add(notified);
        row.not_judged_days = row.not_judged_days.saturating_add(not_judged);
        row.notified_people = row.notified_people.saturating_add((notified > 0).into());
        if let Some(truth) = &person.truth {
            let score = row.score.get_or_insert_default();
            score.right = score.right.saturating_add(right);
            score.false_alarms = score.false_alarms.saturating_add(notified.saturating_sub(right));
            let contacts = u64::try_from(truth.len()).unwrap_or(u64::MAX);
            score.missed = score.missed.saturating_add(contacts.saturating_sub(right));
        }
    }
    row
}

/// The days of one person, while they are counted.
#[derive(Default)]
struct Days {
    /// The day that answers are of now, and the best of its answers so far.
    open: Option<(Option<UtcDay>, Verdict)>,
    notified: u64,
    not_judged: u64,
    right: u64,
}

impl Days {
    fn add(&mut self, date: Option<UtcDay>, verdict: Verdict, truth: Option<&BTreeSet<UtcDay>>) {
        match &mut self.open {
            Some((open, best)) if *open == date => {
                if *best != Verdict::Notify && verdict != Verdict::DoNotNotify {
                    *best = verdict;
                }
            }
            _ => {
                self.close(truth);
                self.open = Some((date, verdict));
            }
        }
    }

    fn close(&mut self, truth: Option<&BTreeSet<UtcDay>>) {
        match self.open.take() {
            Some((date, Verdict::Notify)) => {
                self.notified = self.notified.saturating_add(1);
                let is_right = truth.zip(date).is_some_and(|(truth, date)| truth.contains(&date));
                self.right = self.right.saturating_add(is_right.into());
            }
            Some((_, Verdict::NotJudged(_))) => self.not_judged = self.not_judged.saturating_add(1),
            Some((_, Verdict::DoNotNotify)) | None => {}
        }
    }

    fn finish(mut self, truth: Option<&BTreeSet<UtcDay>>) -> Self {
        self.close(truth);
        self
    }
}
