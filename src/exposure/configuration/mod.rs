//! What a health authority configures. Every type is within its limits, so no later code asks again.
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
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Configuration {
    /// What the fields of a key's report mean.
    pub mapping: DiagnosisKeysDataMapping,
    /// How exposure windows add up to days.
    pub daily_summaries: DailySummariesConfiguration,
    /// How exposures are scored in v1.
    pub risk: RiskConfiguration,
    /// When the user is notified.
    pub rule: DecisionRule,
}
