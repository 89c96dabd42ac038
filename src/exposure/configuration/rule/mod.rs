//! The rule that decides when to notify the user: a small language, as data.
//!
//! Everything here is what an app can be configured with, or had built in. Nothing is computed.

mod class;
mod condition;
mod file;
mod nhs;
mod range;
mod weighing;

pub use class::{Class, Test, Value, When};
pub use condition::{Condition, Operator};
pub use file::RiskRuleFile;
pub use nhs::NhsDistance;
pub use range::{Range, RangeError, WeightedRange, WeightedRanges};
pub use weighing::{
    Attenuation, DayMinutes, DropMinutes, Factor, Filters, Identical, LevelTable, LevelValue, MinutesFilter, Precision,
    ProductFactor, SecondsRule, Sum, TypeLevels, Unit, Weigh, Weighing, WindowLevel, WindowSum,
};

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use crate::names::named;

/// The rule that decides when to notify the user.
///
/// An app's rule is data: it can be written as JSON, read again, explained and linted.
///
/// ```
/// # #[cfg(feature = "serde")] fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use gaen::exposure::decision::{Class, Rule, Test, Value, When};
///
/// // Notify because of a day whose scores add up to 900 or more.
/// let rule = Rule::of_summaries(Class::notify(When::All(vec![Test::at_least(Value::ScoreSum, 900.0)])));
/// let text = serde_json::to_string(&rule)?;
/// assert_eq!(serde_json::from_str::<Rule>(&text)?, rule);
/// # Ok(()) }
/// # example().unwrap();
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Rule {
    /// The name of the app whose rule it is; `None` if no app had the rule.
    #[cfg_attr(feature = "serde", serde(default))]
    pub name: Option<String>,
    /// The platform, if the app decided differently on each.
    #[cfg_attr(feature = "serde", serde(default))]
    pub platform: Option<Platform>,
    /// The scores that decide: risk scores of version 1, or exposure windows.
    pub decides: Decides,
    /// The condition under which the app tells its user of an answer, given the answer before.
    #[cfg_attr(feature = "serde", serde(default))]
    pub notify: NotifyWhen,
}

/// A phone's system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Platform {
    /// Android, with Google's framework.
    Android,
    /// iOS, with Apple's framework.
    Ios,
}

named! {
    Platform, "platform":
    Android => "android",
    Ios => "ios",
}

/// The scores that decide: risk scores of version 1, or exposure windows.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[allow(clippy::large_enum_variant)] // a configuration has one
pub enum Decides {
    /// The risk scores of version 1: a day notifies if an exposure's score is at least this, and at least 1.
    RiskScore {
        /// The smallest risk score.
        at_least: u16,
    },
    /// Exposure windows.
    Windows(WindowsRule),
}

/// A rule that reads exposure windows: it makes scores, then gives each day a class.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct WindowsRule {
    /// The arithmetic that makes the scores of windows.
    pub scores: Scores,
    /// The unit that the classes judge: each day, or each window.
    #[cfg_attr(feature = "serde", serde(default))]
    pub judges: Judges,
    /// The rounding of values before they are compared.
    #[cfg_attr(feature = "serde", serde(default))]
    pub round: Rounding,
    /// The classes; the first that is met counts.
    pub classes: Vec<Class>,
    /// The name of the answer if no day has a class.
    #[cfg_attr(feature = "serde", serde(default))]
    pub otherwise: Option<String>,
    /// The way encounters are counted; `None` if the app counts none.
    #[cfg_attr(feature = "serde", serde(default))]
    pub encounters: Option<Encounters>,
}

impl WindowsRule {
    /// Makes a rule whose classes judge days by their exact values. It names no answer for days without a class, and
    /// counts no encounters.
    #[must_use]
    pub const fn new(scores: Scores, classes: Vec<Class>) -> Self {
        Self { scores, judges: Judges::Days, round: Rounding::Exact, classes, otherwise: None, encounters: None }
    }

    /// Returns `true` if any score of a day notifies, however small: the only class notifies, and asks only that the
    /// exact sum of the scores is more than 0.
    #[must_use]
    pub fn notifies_of_any_score(&self) -> bool {
        let any = |class: &Class| class.notifies && class.asks_for_any() == Some(Value::ScoreSum);
        self.round == Rounding::Exact && matches!(&self.classes[..], [only] if any(only))
    }
}

/// The arithmetic that makes scores of exposure windows.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Scores {
    /// The phone's framework makes them: the [daily summaries](super::DailySummariesConfiguration) of the
    /// configuration.
    DailySummaries,
    /// The app makes them by weights of its own.
    Weighted(Weighing),
    /// The distance model of the NHS COVID-19 app makes them.
    NhsDistance(NhsDistance),
}

/// The unit that the classes of a rule judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Judges {
    /// The classes judge each day. The answer is the smallest rank, then the latest day.
    #[default]
    Days,
    /// The classes judge each window. The answer is the smallest rank, then the latest day, then the highest score.
    Windows,
}

/// The rounding of values before they are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Rounding {
    /// The value is compared as it is.
    #[default]
    Exact,
    /// The value is rounded to one decimal, half up: `floor(10 x + 0.5) / 10`.
    OneDecimal,
    /// The value is rounded to the nearest whole number, half up.
    Nearest,
    /// The value is cut to the whole number nearer to 0.
    Truncated,
}

/// The way encounters are counted: as different pairs of level and calibration confidence among a day's windows, by
/// window level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Encounters {
    /// `true` if days without a class count too.
    pub days_without_class: bool,
}

/// The condition under which an app tells its user of an answer, given the answer before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum NotifyWhen {
    /// The app tells its user whenever the answer notifies.
    #[default]
    Always,
    /// The app tells its user if the class or its day changed. An answer that went away is revoked if a kept day within
    /// `revoked_within_days` lost score.
    Changed {
        /// The most days ago that a kept day may be to be missed.
        revoked_within_days: u32,
    },
    /// The app tells its user if a day notifies that is later than the day of the kept answer.
    LaterDay,
    /// The app tells its user if a day notifies that did not notify before.
    NewDay,
}

impl Rule {
    /// Makes the rule that stands for the platforms, which have none: any score of a daily summary notifies.
    #[must_use]
    pub fn any_score() -> Self {
        Self::of_summaries(Class::notify(When::All(vec![Test::more_than(Value::ScoreSum, 0.0)])))
    }

    /// Makes the rule of version 1: any risk score notifies. The minimum of the configuration decides.
    #[must_use]
    pub const fn risk_score() -> Self {
        Self { name: None, platform: None, decides: Decides::RiskScore { at_least: 1 }, notify: NotifyWhen::Always }
    }

    /// Makes a rule of no app with this one class, which compares days of the configuration's daily summaries.
    #[must_use]
    pub fn of_summaries(class: Class) -> Self {
        let rule = WindowsRule::new(Scores::DailySummaries, vec![class]);
        Self { name: None, platform: None, decides: Decides::Windows(rule), notify: NotifyWhen::Always }
    }

    /// Returns `true` if the risk scores of version 1 decide.
    #[must_use]
    pub const fn reads_risk_scores(&self) -> bool {
        matches!(self.decides, Decides::RiskScore { .. })
    }

    /// Returns how exposure windows decide; `None` if risk scores do.
    #[must_use]
    pub const fn windows(&self) -> Option<&WindowsRule> {
        match &self.decides {
            Decides::Windows(rule) => Some(rule),
            Decides::RiskScore { .. } => None,
        }
    }
}

/// [`Rule::any_score`].
impl Default for Rule {
    fn default() -> Self {
        Self::any_score()
    }
}
