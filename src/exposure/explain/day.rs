//! The explanation of one day.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::exposure::basis::Verdict;
use crate::exposure::decision::{ConditionFound, Decision, DecisionReason, Judge};
use crate::exposure::summary::{DailySummary, Totals};
use crate::exposure::window::ExposureWindow;
use crate::time::UtcDay;

/// A day compared with the rule.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct DayExplanation {
    /// The UTC day.
    pub date: UtcDay,
    /// The sums of the day's windows; `None` if no window counts.
    pub totals: Option<Totals>,
    /// The conditions of the rule, each with the value of the day; empty if the rule has none.
    pub conditions: Vec<ConditionFound>,
    /// Whether the day is a reason to notify, if an answer is possible.
    pub verdict: Verdict,
    /// The reason as a name for programs: see [`DecisionReason::code`](crate::exposure::DecisionReason::code).
    pub code: &'static str,
    /// The reason as a sentence.
    pub text: String,
}

/// Explains each day that the decision judged.
pub(super) fn days(
    judge: &Judge,
    decision: &Decision,
    summaries: &[DailySummary],
    windows: &[ExposureWindow],
    today: UtcDay,
) -> Vec<DayExplanation> {
    let totals: BTreeMap<_, _> = summaries.iter().map(|summary| (summary.date, summary.day_total)).collect();
    let mut conditions = judge.conditions(&windows.iter().collect(), today);
    let dated = decision.reasons.iter().filter_map(|reason| Some((reason.date?, reason)));
    let explain = |(date, reason): (UtcDay, &DecisionReason)| DayExplanation {
        date,
        totals: totals.get(&date).copied(),
        conditions: conditions.remove(&date).unwrap_or_default(),
        verdict: reason.verdict,
        code: reason.code,
        text: reason.text.clone(),
    };
    dated.map(explain).collect()
}
