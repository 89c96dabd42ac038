//! The explanation of one day.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::exposure::basis::Verdict;
use crate::exposure::decision::{ConditionFound, Decision, DecisionReason, Judge, WindowSet};
use crate::exposure::summary::{DailySummary, Totals};
use crate::time::UtcDay;

/// A day compared with the rule.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct DayExplanation {
    /// The UTC day that is explained.
    pub date: UtcDay,
    /// The sums of the day's windows; `None` if no window counts. If the rule judges windows, they are those of the
    /// window that [speaks for the day](Judge::each_day).
    pub totals: Option<Totals>,
    /// The conditions of the class that notifies and is met, each with the value of the day. If there is no such class,
    /// the conditions of all classes that notify; empty if the rule has none.
    pub conditions: Vec<ConditionFound>,
    /// The verdict: whether the day is a reason to notify, if an answer is possible.
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
    windows: &WindowSet,
    today: UtcDay,
) -> Vec<DayExplanation> {
    let totals: BTreeMap<_, _> = summaries.iter().map(|summary| (summary.date, summary.day_total)).collect();
    let mut shown = judge.shown_days(windows, today);
    let dated = decision.reasons.iter().filter_map(|reason| Some((reason.date?, reason)));
    let explain = |(date, reason): (UtcDay, &DecisionReason)| {
        let (of_rule, conditions) = shown.remove(&date).map(|day| (day.totals, day.conditions)).unwrap_or_default();
        let totals = if judge.has_own_scores() { of_rule } else { totals.get(&date).copied() };
        let DecisionReason { verdict, code, text, .. } = reason.clone();
        DayExplanation { date, totals, conditions, verdict, code, text }
    };
    dated.map(explain).collect()
}
