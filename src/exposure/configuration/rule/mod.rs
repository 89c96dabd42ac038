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
    /// The name of the app whose rule it is; `None` for a rule of nobody's.
    #[cfg_attr(feature = "serde", serde(default))]
    pub name: Option<String>,
    /// The platform, if the app decided differently on each.
    #[cfg_attr(feature = "serde", serde(default))]
    pub platform: Option<Platform>,
    /// What decides.
    pub decides: Decides,
    /// When the app tells its user of an answer, given the answer before.
    #[cfg_attr(feature = "serde", serde(default))]
    pub notify: NotifyWhen,
}

/// A phone's system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Platform {
    /// Google's.
    Android,
    /// Apple's.
    Ios,
}

named! {
    Platform, "platform":
    Android => "android",
    Ios => "ios",
}

/// What decides.
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

/// How exposure windows decide: scores, then classes of days.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct WindowsRule {
    /// What makes the scores.
    pub scores: Scores,
    /// What the classes judge.
    #[cfg_attr(feature = "serde", serde(default))]
    pub judges: Judges,
    /// How values are rounded before they are compared.
    #[cfg_attr(feature = "serde", serde(default))]
    pub round: Rounding,
    /// The classes; the first that is met counts.
    pub classes: Vec<Class>,
    /// The name of the answer if no day has a class.
    #[cfg_attr(feature = "serde", serde(default))]
    pub otherwise: Option<String>,
    /// Whether encounters are counted; `None` if not.
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
}

/// What makes scores of exposure windows.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Scores {
    /// The phone's framework: the [daily summaries](super::DailySummariesConfiguration) of the configuration.
    DailySummaries,
    /// The app itself, by weights.
    Weighted(Weighing),
    /// The distance model of the NHS COVID-19 app.
    NhsDistance(NhsDistance),
}

/// What the classes of a rule judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Judges {
    /// Each day. The answer is the smallest rank, then the latest day.
    #[default]
    Days,
    /// Each window. The answer is the latest day, then the highest score.
    Windows,
}

/// How values are rounded before they are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Rounding {
    /// Not at all.
    #[default]
    Exact,
    /// To one decimal, half of it up: `floor(10 x + 0.5) / 10`.
    OneDecimal,
    /// To the nearest whole number, half up.
    Nearest,
    /// To the whole number nearer to 0.
    Truncated,
}

/// How encounters are counted: different pairs of level and calibration confidence among a day's windows, by window level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Encounters {
    /// `true` if days without a class count too.
    pub days_without_class: bool,
}

/// When an app tells its user of an answer, given the answer before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum NotifyWhen {
    /// Whenever the answer notifies.
    #[default]
    Always,
    /// If class or day changed. An answer that went away is revoked if a kept day within `revoked_within_days` lost score.
    Changed {
        /// The most days ago that a kept day may be to be missed.
        revoked_within_days: u32,
    },
    /// If the day of the answer is later than the kept one.
    LaterDay,
    /// If a day notifies that did not notify before.
    NewDay,
}

impl Rule {
    /// The platforms' own: any score of a daily summary notifies. They have no rule.
    #[must_use]
    pub fn any_score() -> Self {
        Self::of_summaries(Class::notify(When::All(vec![Test::more_than(Value::ScoreSum, 0.0)])))
    }

    /// Version 1: any risk score notifies. The minimum of the configuration decides.
    #[must_use]
    pub const fn risk_score() -> Self {
        Self { name: None, platform: None, decides: Decides::RiskScore { at_least: 1 }, notify: NotifyWhen::Always }
    }

    /// A rule of nobody's with this one class, which compares days of the configuration's daily summaries.
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
