//! The classes of a rule: what is asked of a day.

use alloc::string::String;
use alloc::vec::Vec;

use super::condition::Condition;
use crate::names::named;

/// A value of a day that a rule compares.
///
/// The rule's [`Scores`](super::Scores) say in which unit scores and weighted durations are: weighted seconds, or
/// weighted minutes. If the rule judges windows, the day is one window.
///
/// Scores add up windows that count. The values of scans, [`SecondsSinceLastScanSum`](Self::SecondsSinceLastScanSum) to
/// [`TypicalAttenuationMin`](Self::TypicalAttenuationMin), take all windows of the day if daily summaries make the
/// scores, even windows without a score; windows that are too long ago are left out. If the app makes the scores, they
/// take the windows that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Value {
    /// The sum of the scores of all windows.
    ScoreSum,
    /// The sum of the scores of confirmed tests.
    ConfirmedTestSum,
    /// The sum of the scores of doctors' diagnoses.
    ConfirmedClinicalDiagnosisSum,
    /// The sum of the scores of owners' own reports.
    SelfReportSum,
    /// The sum of the scores of recursive reports.
    RecursiveSum,
    /// The largest score of a window.
    MaximumScore,
    /// The sum of the weighted durations of the windows, without the factors of report type and infectiousness.
    WeightedDurationSum,
    /// [`WeightedDurationSum`](Self::WeightedDurationSum) divided by
    /// [`SecondsSinceLastScanSum`](Self::SecondsSinceLastScanSum); 0 unless these seconds are more than 0. With daily
    /// summaries it is the mean weight of a second, and windows without a score make it smaller.
    WeightedDurationAverage,
    /// The sum of the seconds since the last scan over all scans. With daily summaries, negative seconds are subtracted
    /// and windows without a score count too. With an app's own scores, its [`SecondsRule`](super::SecondsRule) says
    /// what negative seconds count, and only windows that count are added.
    SecondsSinceLastScanSum,
    /// The largest typical attenuation of a scan, dB; 0 for no scan.
    TypicalAttenuationMax,
    /// The smallest typical attenuation of a scan, dB; 0 for no scan.
    TypicalAttenuationMin,
}

named! {
    Value, "value of a day":
    ScoreSum => "score_sum",
    ConfirmedTestSum => "confirmed_test_sum",
    ConfirmedClinicalDiagnosisSum => "confirmed_clinical_diagnosis_sum",
    SelfReportSum => "self_report_sum",
    RecursiveSum => "recursive_sum",
    MaximumScore => "maximum_score",
    WeightedDurationSum => "weighted_duration_sum",
    WeightedDurationAverage => "weighted_duration_average",
    SecondsSinceLastScanSum => "seconds_since_last_scan_sum",
    TypicalAttenuationMax => "typical_attenuation_max",
    TypicalAttenuationMin => "typical_attenuation_min",
}

/// A condition on a value of the day.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Test {
    /// The value that is compared.
    #[cfg_attr(feature = "serde", serde(rename = "of"))]
    pub value: Value,
    /// The condition that the value has to meet.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub condition: Condition,
}

impl Test {
    /// Makes the test that this value is at least the threshold.
    #[must_use]
    pub const fn at_least(value: Value, threshold: f64) -> Self {
        Self { value, condition: Condition { op: super::Operator::AtLeast, threshold } }
    }

    /// Makes the test that this value is more than the threshold.
    #[must_use]
    pub const fn more_than(value: Value, threshold: f64) -> Self {
        Self { value, condition: Condition { op: super::Operator::MoreThan, threshold } }
    }
}

/// The tests of a class, and how many of them must hold. Tests that ask nothing (`NOP`) are left out; if none is left,
/// no day meets the class.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum When {
    /// Every test holds.
    All(Vec<Test>),
    /// At least one test holds.
    Any(Vec<Test>),
}

impl When {
    /// Returns the tests in order.
    #[must_use]
    pub fn tests(&self) -> &[Test] {
        match self {
            Self::All(tests) | Self::Any(tests) => tests,
        }
    }
}

/// A class of days, such as "high". The first class of a rule that a day meets is the day's class.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Class {
    /// The name that the app gives it; several classes may share one.
    pub name: String,
    /// The rank of the class: 1 is worst. The answer is the day with the smallest rank, the latest of several.
    pub rank: u8,
    /// `true` if the app notifies its user because of such a day.
    pub notifies: bool,
    /// The tests that a day of this class meets.
    pub when: When,
}

impl Class {
    /// Makes the only class of a rule, which notifies.
    #[must_use]
    pub fn notify(when: When) -> Self {
        Self { name: "notify".into(), rank: 1, notifies: true, when }
    }

    /// Returns the value if the class asks only that this value is more than 0: for any score at all.
    #[must_use]
    pub fn asks_for_any(&self) -> Option<Value> {
        match self.when.tests() {
            [only] if *only == Test::more_than(only.value, 0.0) => Some(only.value),
            _ => None,
        }
    }
}
