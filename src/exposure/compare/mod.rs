//! Two assessments of the same records, and what differs between them.

mod changes;

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::assessment::Assessment;
use crate::names::named;
use crate::profile::Profile;
use changes::Changes;

/// What differs between two assessments.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Comparison {
    /// The profile of the left one.
    pub left_profile: Profile,
    /// The profile of the right one.
    pub right_profile: Profile,
    /// What differs: windows, then days, then exposures of v1, then the decision, each in their own order.
    pub changes: Vec<Change>,
}

/// One thing that differs.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Change {
    /// What kind of thing.
    pub code: ChangeCode,
    /// Which one, such as `daily_summaries.2020-08-20.score_sum`. A window or an exposure is named by its key and start.
    pub path: String,
    /// The left one's value. Nothing where it has no such thing.
    pub left: Option<ComparedValue>,
    /// The right one's value.
    pub right: Option<ComparedValue>,
    /// Right less left, of numbers; nothing of other values. What is not there counts as nothing, not as 0.
    pub difference: Option<f64>,
}

/// A value of an assessment.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(untagged))]
pub enum ComparedValue {
    /// A whole number.
    Integer(i64),
    /// Another number.
    Number(f64),
    /// A name, or several.
    Text(String),
}

/// What kind of thing differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum ChangeCode {
    /// One has an exposure window that the other has not. The value is its seconds.
    WindowOnlyInOne,
    /// The infectiousness of a window.
    WindowInfectiousness,
    /// The report type of a window.
    WindowReportType,
    /// The calibration confidence of a window.
    WindowCalibrationConfidence,
    /// The scans of a window.
    WindowScans,
    /// One has a summary of a day of which the other has none. The value is its sum of scores.
    DayOnlyInOne,
    /// A number of a day.
    DayTotal,
    /// One has a report type on a day and the other has not. The value is its sum of scores.
    TypeOnlyInOne,
    /// A number of a report type on a day.
    TypeTotal,
    /// One has an exposure of v1 that the other has not. The value is its risk score.
    ExposureOnlyInOne,
    /// A number of an exposure of v1.
    ExposureValue,
    /// A number of the summary of v1.
    SummaryValue,
    /// Whether the user is notified, if anybody can say.
    Verdict,
    /// The days because of which.
    DecisionDays,
    /// The reason of a day.
    Reason,
}

named! {
    ChangeCode, "kind of change":
    WindowOnlyInOne => "window_only_in_one",
    WindowInfectiousness => "window_infectiousness",
    WindowReportType => "window_report_type",
    WindowCalibrationConfidence => "window_calibration_confidence",
    WindowScans => "window_scans",
    DayOnlyInOne => "day_only_in_one",
    DayTotal => "day_total",
    TypeOnlyInOne => "type_only_in_one",
    TypeTotal => "type_total",
    ExposureOnlyInOne => "exposure_only_in_one",
    ExposureValue => "exposure_value",
    SummaryValue => "summary_value",
    Verdict => "verdict",
    DecisionDays => "decision_days",
    Reason => "reason",
}

/// What differs between two assessments, usually of the same records under two profiles or two configurations.
///
/// Windows and exposures are the same when their key and start are. Numbers are compared exactly.
///
/// ```
/// use gaen::Profile;
/// use gaen::exposure::{Basis, Configuration, SearchedFiles, assess, compare};
///
/// let configuration = Configuration::default();
/// let basis = Basis::of_times(SearchedFiles::all(1), [1_599_999_000]);
/// let of = |profile| assess(&[], &basis, &configuration, profile, 1_600_000_000);
/// let comparison = compare(&of(Profile::Google), &of(Profile::AppleV1));
/// assert!(comparison.is_same());
/// assert_eq!(comparison.to_string(), "google and apple_v1: no difference\n");
/// ```
#[must_use]
pub fn compare(left: &Assessment, right: &Assessment) -> Comparison {
    let mut changes = Changes(Vec::new());
    changes.windows(&left.windows, &right.windows);
    changes.days(&left.daily_summaries, &right.daily_summaries);
    changes.v1(&left.v1, &right.v1);
    changes.decision(&left.decision, &right.decision);
    Comparison { left_profile: left.profile, right_profile: right.profile, changes: changes.0 }
}

impl Comparison {
    /// Whether nothing differs.
    #[must_use]
    pub const fn is_same(&self) -> bool {
        self.changes.is_empty()
    }
}

impl fmt::Display for Comparison {
    /// A line for each change.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let no = if self.is_same() { " no difference" } else { "" };
        writeln!(f, "{} and {}:{no}", self.left_profile.name(), self.right_profile.name())?;
        self.changes.iter().try_for_each(|change| writeln!(f, "  {change}"))
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |value: &Option<ComparedValue>| value.as_ref().map_or_else(|| "none".into(), ToString::to_string);
        write!(f, "{}: {} -> {}", self.path, shown(&self.left), shown(&self.right))?;
        self.difference.map_or(Ok(()), |difference| write!(f, " ({difference:+})"))
    }
}

impl fmt::Display for ComparedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(number) => number.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

impl ComparedValue {
    #[allow(clippy::cast_precision_loss)] // seconds, days and scores are far below 2^53
    const fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Integer(number) => Some(*number as f64),
            Self::Number(number) => Some(*number),
            Self::Text(_) => None,
        }
    }

    /// What does not fit is cut: no number here is that large.
    fn integer(number: impl TryInto<i64>) -> Self {
        Self::Integer(number.try_into().unwrap_or(i64::MAX))
    }

    fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}
