//! The values that a health authority configures. No type can hold a value outside its limits, so later code never
//! checks again.
//!
//! This is the ground that exposures stand on: nothing here knows of matches, windows or decisions.

mod daily;
mod error;
mod infectiousness;
mod mapping;
mod risk;
pub(super) mod rule;

pub use daily::{
    AttenuationThresholds, DailySummariesConfiguration, InfectiousnessWeights, ReportTypeWeights, Score, Weight,
};
pub use error::ConfigurationError;
pub use infectiousness::{Infectiousness, InfectiousnessMap};
pub use mapping::{DiagnosisKeysDataMapping, Hidden};
pub use risk::{DurationThresholds, RiskConfiguration, RiskScores, RiskWeights};
pub(super) use rule::Rule;
pub use rule::{Condition, Operator};
use rule::{Scores, Sum, Weighing};

/// Everything that can be configured.
///
/// ```
/// use gaen::exposure::Configuration;
/// use gaen::exposure::decision::{Class, Rule, Test, Value, When};
///
/// // Notify when the scores of a day add up to 900 or more.
/// let score_sum = Test::at_least(Value::ScoreSum, 900.0);
/// let rule = Rule::of_summaries(Class::notify(When::All(vec![score_sum])));
/// let configuration = Configuration { rule, ..Configuration::default() };
/// assert_eq!(score_sum.condition.holds(1500.0), Some(true));
/// # let _ = configuration;
/// ```
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Configuration {
    /// The mapping: what the fields of a key's report mean.
    pub mapping: DiagnosisKeysDataMapping,
    /// The weights and limits by which exposure windows add up to days.
    pub daily_summaries: DailySummariesConfiguration,
    /// The tables by which v1 scores exposures.
    pub risk: RiskConfiguration,
    /// The rule that decides when to notify the user.
    pub rule: Rule,
}

impl Configuration {
    /// Returns the most days ago that an exposure window may be to count by the rule; `None` for no limit, or if risk
    /// scores of version 1 decide.
    #[must_use]
    pub fn max_age_days(&self) -> Option<u32> {
        match &self.rule.windows()?.scores {
            Scores::DailySummaries => self.daily_summaries.max_age_days(),
            Scores::Weighted(weighing) => weighing.max_age_days,
            Scores::NhsDistance(model) => model.max_age_days,
        }
    }

    /// Returns the smallest score with which an exposure window counts; 0 if the rule's scores have no minimum. If risk
    /// scores of version 1 decide, it is the minimum of the daily summaries.
    #[must_use]
    pub fn minimum_window_score(&self) -> Score {
        match self.rule.windows().map(|rule| &rule.scores) {
            None | Some(Scores::DailySummaries) => self.daily_summaries.minimum_window_score,
            Some(Scores::Weighted(Weighing { sum: Sum::Window(sum), .. })) => sum.minimum_score,
            Some(Scores::Weighted(Weighing { sum: Sum::Day(_), .. }) | Scores::NhsDistance(_)) => Score::default(),
        }
    }
}
