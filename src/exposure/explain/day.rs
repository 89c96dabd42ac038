//! What is told of one day.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::exposure::basis::Verdict;
use crate::exposure::configuration::{DecisionRule, Operator};
use crate::exposure::decision::{ConditionFound, Decision, judge_days};
use crate::exposure::summary::{DailySummary, Totals};
use crate::exposure::window::ExposureWindow;
use crate::time::UtcDay;

/// A day against the rule.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct DayExplanation {
    /// The UTC day.
    pub date: UtcDay,
    /// What its windows add up to; nothing when none counts.
    pub totals: Option<Totals>,
    /// The conditions that the rule asks, each with the value found; none where the rule has no conditions.
    pub conditions: Vec<ConditionFound>,
    /// Whether it is a reason to notify, if anybody can say.
    pub verdict: Verdict,
    /// Why, for programs: see [`DecisionReason::code`](crate::exposure::DecisionReason::code).
    pub code: &'static str,
    /// Why, as a sentence.
    pub text: String,
}

/// Each day that the decision looked at.
pub(super) fn days(
    rule: &DecisionRule,
    decision: &Decision,
    summaries: &[DailySummary],
    windows: &[ExposureWindow],
) -> Vec<DayExplanation> {
    let totals: BTreeMap<_, _> = summaries.iter().map(|summary| (summary.date, summary.day_total)).collect();
    let mut conditions: BTreeMap<_, _> = match rule {
        DecisionRule::Daily(rule) => judge_days(rule, summaries, windows).collect(),
        DecisionRule::RiskScore | DecisionRule::AnyScore => BTreeMap::new(),
    };
    let dated = decision.reasons.iter().filter_map(|reason| Some((reason.date?, reason)));
    let explain = |(date, reason): (UtcDay, &crate::exposure::DecisionReason)| {
        let conditions = conditions.remove(&date).into_iter().flatten();
        DayExplanation {
            date,
            totals: totals.get(&date).copied(),
            conditions: conditions.filter(|found| found.condition.op != Operator::Nop).collect(),
            verdict: reason.verdict,
            code: reason.code,
            text: reason.text.clone(),
        }
    };
    dated.map(explain).collect()
}
