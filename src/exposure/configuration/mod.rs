//! The values that a health authority configures. No type can hold a value outside its limits, so later code never
//! checks again.
//!
//! This is the ground that exposures stand on: nothing here knows of matches, windows or decisions.

mod daily;
mod error;
mod infectiousness;
mod mapping;
mod risk;
mod rule;

pub use daily::{
    AttenuationThresholds, DailySummariesConfiguration, InfectiousnessWeights, ReportTypeWeights, Score, Weight,
};
pub use error::ConfigurationError;
pub use infectiousness::{Infectiousness, InfectiousnessMap};
pub use mapping::{DiagnosisKeysDataMapping, Hidden};
pub use risk::{DurationThresholds, RiskConfiguration, RiskScores, RiskWeights};
pub use rule::{Condition, DailyRule, DecisionRule, Operator};

/// Everything that can be configured.
///
/// ```
/// use gaen::exposure::{Condition, Configuration, DailyRule, DecisionRule, Operator};
///
/// // Notify when the scores of a day add up to 900 or more.
/// let score_sum = Condition { op: Operator::AtLeast, threshold: 900.0 };
/// let rule = DecisionRule::Daily(DailyRule { score_sum, ..DailyRule::default() });
/// let configuration = Configuration { rule, ..Configuration::default() };
/// assert_eq!(score_sum.holds(1500.0), Some(true));
/// # let _ = configuration;
/// ```
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Configuration {
    /// How to read the fields of a key's report.
    pub mapping: DiagnosisKeysDataMapping,
    /// How exposure windows add up to days.
    pub daily_summaries: DailySummariesConfiguration,
    /// How exposures are scored in v1.
    pub risk: RiskConfiguration,
    /// The rule that decides when to notify the user.
    pub rule: DecisionRule,
}
