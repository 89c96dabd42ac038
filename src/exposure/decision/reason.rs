//! Why a day has its class, in words.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::found::{ClassFound, DayFound};
use crate::exposure::basis::{NotJudged, Verdict};
use crate::exposure::configuration::Condition;
use crate::exposure::configuration::rule::{Class, Operator, Test, When, WindowsRule};
use crate::time::UtcDay;

/// A condition of the rule with the value of the day.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ConditionFound {
    /// The name of the value, such as `score_sum`.
    pub name: &'static str,
    /// The value of the day.
    pub value: f64,
    /// The condition on the value.
    pub condition: Condition,
    /// `true` if the condition holds; `None` if the value or the threshold is no number.
    pub holds: Option<bool>,
}

/// Writes the value and whether it meets the condition, such as `score_sum 1500 is >= 1350`.
impl fmt::Display for ConditionFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, value, condition, holds } = self;
        let not = if *holds == Some(true) { "" } else { "not " };
        write!(f, "{name} {value} is {not}{condition}")
    }
}

/// Why a day is or is not a reason to notify.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct DecisionReason {
    /// The day; `None` if there was no day to judge.
    pub date: Option<UtcDay>,
    /// The verdict: whether the day is a reason to notify, if an answer is possible.
    pub verdict: Verdict,
    /// The name for programs: `risk_score`, `risk_score_zero`, `risk_score_below`, `score`, `score_zero`,
    /// `conditions_met`, `class_without_notification`, `condition_not_met`, `rule_asks_nothing`, `no_exposure`,
    /// `too_long_ago`, `no_day`, or [`NotJudged::code`].
    pub code: &'static str,
    /// The reason as a sentence.
    pub text: String,
}

/// Writes the day, the verdict on it, the sentence and the code on one line.
impl fmt::Display for DecisionReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(date) = self.date {
            write!(f, "{date}: {}, ", self.verdict)?;
        }
        write!(f, "{} [{}]", self.text, self.code)
    }
}

impl DecisionReason {
    pub(super) fn new(date: Option<UtcDay>, verdict: Verdict, code: &'static str, text: impl Into<String>) -> Self {
        Self { date, verdict, code, text: text.into() }
    }

    pub(super) fn not_judged(date: Option<UtcDay>, reason: NotJudged) -> Self {
        Self::new(date, Verdict::NotJudged(reason), reason.code(), reason.to_string())
    }

    /// Why the day has this class.
    pub(super) fn of_day(date: Option<UtcDay>, rule: &WindowsRule, day: &DayFound, class: ClassFound) -> Self {
        let class = match class {
            Err(reason) => return Self::not_judged(date, reason),
            Ok(class) => class.and_then(|place| rule.classes.get(place)),
        };
        if rule.notifies_of_any_score() {
            let score = day.totals.score_sum;
            let code = if score > 0.0 { "score" } else { "score_zero" };
            let text = alloc::format!("the scores of the day add up to {score}");
            return Self::new(date, verdict(score > 0.0), code, text);
        }
        // A rule of one class needs no name for it.
        let named = |class: &Class, text: String| match rule.classes.len() {
            1 => text,
            _ => alloc::format!("{}: {text}", class.name),
        };
        if let Some(class) = class {
            let met = conditions(class, rule, day).into_iter().filter(|found| found.holds == Some(true));
            let met: Vec<_> = match class.when {
                When::All(_) => met.map(|found| found.to_string()).collect(),
                When::Any(_) => met.take(1).map(|found| found.to_string()).collect(),
            };
            let code = if class.notifies { "conditions_met" } else { "class_without_notification" };
            return Self::new(date, verdict(class.notifies), code, named(class, met.join(", ")));
        }
        let not_met: Vec<_> = unmet(rule)
            .map(|class| {
                let found = conditions(class, rule, day).into_iter().filter(|found| found.holds == Some(false));
                let texts: Vec<_> = match class.when {
                    When::All(_) => found.take(1).map(|found| found.to_string()).collect(),
                    When::Any(_) => found.map(|found| found.to_string()).collect(),
                };
                named(class, texts.join(", "))
            })
            .collect();
        if not_met.is_empty() {
            let text = "no condition of the rule asks anything, so no day meets it";
            return Self::new(date, Verdict::DoNotNotify, "rule_asks_nothing", text);
        }
        Self::new(date, Verdict::DoNotNotify, "condition_not_met", not_met.join("; "))
    }

    /// Replaces "do not notify" by the obstacle.
    pub(super) fn meet(&mut self, obstacle: NotJudged) {
        if self.verdict == Verdict::DoNotNotify {
            self.verdict = Verdict::NotJudged(obstacle);
            if self.date.is_none() {
                (self.code, self.text) = (obstacle.code(), obstacle.to_string());
            }
        }
    }
}

/// The classes that a day without a class fails: those that notify and ask something, or all that ask something if none
/// of them notifies.
fn unmet(rule: &WindowsRule) -> impl Iterator<Item = &Class> {
    let asks = |class: &&Class| class.when.tests().iter().any(asks);
    let any_notifies = rule.classes.iter().filter(asks).any(|class| class.notifies);
    rule.classes.iter().filter(asks).filter(move |class| class.notifies || !any_notifies)
}

/// What the class of a day asks, with the values of the day: of the class that notifies and is met, or of all classes
/// that notify. A class that asks only for any score is left out, and so is everything of a day whose values are
/// incomplete.
pub(super) fn conditions_of_day(rule: &WindowsRule, day: &DayFound, class: ClassFound) -> Vec<ConditionFound> {
    if day.not_judged.is_some() {
        return Vec::new();
    }
    let met = class.ok().flatten().and_then(|place| rule.classes.get(place)).filter(|class| class.notifies);
    let any = rule.classes.iter().filter(|class| met.is_none() && class.notifies);
    met.into_iter()
        .chain(any)
        .filter(|class| class.asks_for_any().is_none())
        .flat_map(|class| conditions(class, rule, day))
        .collect()
}

/// Returns `true` if the test asks anything.
pub(super) fn asks(test: &Test) -> bool {
    test.condition.op != Operator::Nop
}

/// The verdict of a day that was judged.
pub(super) const fn verdict(notify: bool) -> Verdict {
    if notify { Verdict::Notify } else { Verdict::DoNotNotify }
}

/// What the class asks, with the values of the day. Values that the day lacks are left out: such a day is not judged.
pub(super) fn conditions(class: &Class, rule: &WindowsRule, day: &DayFound) -> Vec<ConditionFound> {
    let asked = class.when.tests().iter().filter(|test| asks(test));
    let found = asked.filter_map(|test| {
        let value = rule.round.of(day.value(test.value).ok()?);
        let condition = test.condition;
        Some(ConditionFound { name: test.value.name(), value, condition, holds: condition.holds(value) })
    });
    found.collect()
}
