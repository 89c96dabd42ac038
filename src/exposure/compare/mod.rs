//! The differences between two assessments of the same records.

mod changes;

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::assessment::Assessment;
use crate::names::named;
use crate::profile::Profile;
use changes::Changes;

/// The differences between two assessments.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Comparison {
    /// The profile of the left assessment.
    pub left_profile: Profile,
    /// The profile of the right assessment.
    pub right_profile: Profile,
    /// The differences of windows, then days, then exposures of v1, then the decision.
    pub changes: Vec<Change>,
}

/// A difference between two assessments.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Change {
    /// The kind of difference.
    pub code: ChangeCode,
    /// The path of the value, such as `daily_summaries.2020-08-20.score_sum`. The key and the start name a window or an
    /// exposure.
    pub path: String,
    /// The value in the left assessment; `None` if it has no such value.
    pub left: Option<ComparedValue>,
    /// The value in the right assessment; `None` if it has no such value.
    pub right: Option<ComparedValue>,
    /// The right number minus the left one; `None` if either is missing or not a number.
    pub difference: Option<f64>,
}

/// A value of an assessment.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(untagged))]
pub enum ComparedValue {
    /// A whole number.
    Integer(i64),
    /// A number that need not be whole.
    Number(f64),
    /// A text.
    Text(String),
}

/// The kind of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum ChangeCode {
    /// Only one assessment has the exposure window. The value is its seconds.
    WindowOnlyInOne,
    /// The infectiousness of a window differs.
    WindowInfectiousness,
    /// The report type of a window differs.
    WindowReportType,
    /// The calibration confidence of a window differs.
    WindowCalibrationConfidence,
    /// The scans of a window differ.
    WindowScans,
    /// Only one assessment has a summary of the day. The value is its sum of scores.
    DayOnlyInOne,
    /// A number of a day differs.
    DayTotal,
    /// Only one assessment has the report type on a day. The value is its sum of scores.
    TypeOnlyInOne,
    /// A number of a report type on a day differs.
    TypeTotal,
    /// Only one assessment has the exposure of v1. The value is its risk score.
    ExposureOnlyInOne,
    /// A number of an exposure of v1 differs.
    ExposureValue,
    /// A number of the summary of v1 differs.
    SummaryValue,
    /// The verdict differs.
    Verdict,
    /// The days that triggered the notification differ.
    DecisionDays,
    /// The reason of a day differs.
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

/// Compares two assessments, usually of the same records under two profiles or two configurations.
///
/// Two windows or exposures are the same if their key and start are. Numbers are compared exactly.
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
    /// Returns `true` if nothing differs.
    #[must_use]
    pub const fn is_same(&self) -> bool {
        self.changes.is_empty()
    }
}

impl fmt::Display for Comparison {
    /// Writes a line for each difference.
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

    /// Cuts a number that does not fit. No number here is that large.
    fn integer(number: impl TryInto<i64>) -> Self {
        Self::Integer(number.try_into().unwrap_or(i64::MAX))
    }

    fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}
