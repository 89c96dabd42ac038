//! Whether the user is to be notified.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::basis::{Basis, NotJudged, Verdict};
use super::configuration::{Condition, Configuration, DailyRule, DecisionRule, Operator};
use super::summary::{DailySummary, WindowVerdict, float, score_window};
use super::v1::ExposureSummary;
use super::window::ExposureWindow;
use crate::time::UtcDay;

/// A condition and the value that was held against it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ConditionFound {
    /// What the value is, such as `score_sum`.
    pub name: &'static str,
    /// The value.
    pub value: f64,
    /// The condition.
    pub condition: Condition,
    /// Whether it holds; `None` if the value or the threshold is no number.
    pub holds: Option<bool>,
}

/// Whether the user is to be notified, and why.
///
/// A day that meets the rule notifies, whatever else was not searched. Without such a day the verdict is "do not notify"
/// only if all could be judged.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Decision {
    /// Whether the user is to be notified, if anybody can say.
    pub verdict: Verdict,
    /// The days because of which the user is to be notified, in order.
    pub days: Vec<UtcDay>,
    /// For each day that could have been a reason, whether it was; a single one without a day when there was none.
    pub reasons: Vec<DecisionReason>,
}

/// Why a day is or is not a reason to notify.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct DecisionReason {
    /// The day; `None` where there was none to look at.
    pub date: Option<UtcDay>,
    /// Whether it is a reason to notify, if anybody can say.
    pub verdict: Verdict,
    /// A name for programs: `risk_score`, `risk_score_zero`, `score`, `score_zero`, `conditions_met`,
    /// `condition_not_met`, `rule_asks_nothing`, `no_exposure`, `too_long_ago`, `no_day`, or the code of what kept it from being judged.
    pub code: &'static str,
    /// A sentence.
    pub text: String,
}

impl Decision {
    /// Decides by the rule of this configuration what was found on this basis, at the time `now` in Unix seconds.
    #[must_use]
    pub fn by(
        configuration: &Configuration,
        basis: &Basis,
        windows: &[ExposureWindow],
        daily_summaries: &[DailySummary],
        v1: &ExposureSummary,
        now: u64,
    ) -> Self {
        let mut reasons: Vec<_> = match &configuration.rule {
            DecisionRule::RiskScore => by_risk_score(v1),
            DecisionRule::AnyScore => daily_summaries.iter().map(by_any_score).collect(),
            DecisionRule::Daily(rule) => {
                judge_days(rule, daily_summaries, windows).map(|(date, found)| by_rule(date, &found)).collect()
            }
        };
        if reasons.is_empty() {
            reasons.push(no_day(configuration, windows, UtcDay::from_unix_seconds(now)));
        }
        let obstacle = basis.obstacle(now);
        if let Some(obstacle) = obstacle {
            reasons.iter_mut().for_each(|reason| reason.meet(obstacle));
        }
        let notifies = |reason: &&DecisionReason| reason.verdict == Verdict::Notify;
        let days: Vec<_> = reasons.iter().filter(notifies).filter_map(|reason| reason.date).collect();
        let verdict = match obstacle.or_else(|| reasons.iter().find_map(|reason| reason.verdict.not_judged())) {
            _ if !days.is_empty() => Verdict::Notify,
            Some(reason) => Verdict::NotJudged(reason),
            None => Verdict::DoNotNotify,
        };
        Self { verdict, days, reasons }
    }
}

impl DecisionReason {
    fn not_a_number(date: UtcDay) -> Self {
        let reason = NotJudged::NotANumber;
        let (verdict, text) = (Verdict::NotJudged(reason), reason.to_string());
        Self { date: Some(date), verdict, code: reason.code(), text }
    }

    /// Where nobody can say "no", it is not said of a day either.
    fn meet(&mut self, obstacle: NotJudged) {
        if self.verdict == Verdict::DoNotNotify {
            self.verdict = Verdict::NotJudged(obstacle);
            if self.date.is_none() {
                (self.code, self.text) = (obstacle.code(), obstacle.to_string());
            }
        }
    }
}

/// Why there is no day to judge.
fn no_day(configuration: &Configuration, windows: &[ExposureWindow], today: UtcDay) -> DecisionReason {
    let daily = &configuration.daily_summaries;
    let is_too_long_ago =
        |window: &ExposureWindow| score_window(window, daily, today).verdict == WindowVerdict::TooLongAgo;
    let (code, text) = if windows.is_empty() || configuration.rule == DecisionRule::RiskScore {
        ("no_exposure", "there is no exposure to judge".into())
    } else if windows.iter().all(is_too_long_ago) {
        let days = daily.days_since_exposure_threshold;
        ("too_long_ago", alloc::format!("every exposure was more than {days} days ago, which is not judged"))
    } else {
        ("no_day", "no exposure counts for a day".into())
    };
    DecisionReason { date: None, verdict: Verdict::DoNotNotify, code, text }
}

/// The verdict of a day that was judged.
const fn verdict(notify: bool) -> Verdict {
    if notify { Verdict::Notify } else { Verdict::DoNotNotify }
}

fn by_risk_score(v1: &ExposureSummary) -> Vec<DecisionReason> {
    // What the phone left out was judged too.
    let mut largest: BTreeMap<UtcDay, u16> = BTreeMap::new();
    for exposure in v1.found() {
        let score = largest.entry(exposure.date).or_default();
        *score = exposure.risk.score.max(*score);
    }
    let reason = |(date, score): (UtcDay, u16)| {
        let (code, text) = match score {
            0 => ("risk_score_zero", "no exposure of the day has a risk score".into()),
            score => ("risk_score", alloc::format!("the largest risk score of the day is {score}")),
        };
        DecisionReason { date: Some(date), verdict: verdict(score > 0), code, text }
    };
    largest.into_iter().map(reason).collect()
}

fn by_any_score(day: &DailySummary) -> DecisionReason {
    let score = day.day_total.score_sum;
    if score.is_nan() {
        return DecisionReason::not_a_number(day.date);
    }
    let code = if score > 0.0 { "score" } else { "score_zero" };
    let text = alloc::format!("the scores of the day add up to {score}");
    DecisionReason { date: Some(day.date), verdict: verdict(score > 0.0), code, text }
}

fn by_rule(date: UtcDay, found: &[ConditionFound]) -> DecisionReason {
    let asks = |found: &&ConditionFound| found.condition.op != Operator::Nop;
    let describe = |found: &ConditionFound| {
        let ConditionFound { name, value, condition, holds } = found;
        let not = if *holds == Some(true) { "" } else { "not " };
        alloc::format!("{name} {value} is {not}{condition}")
    };
    if found.iter().any(|found| found.holds.is_none()) {
        return DecisionReason::not_a_number(date);
    }
    let first_not_met = found.iter().find(|found| found.holds == Some(false));
    let (notify, code, text) = match (first_not_met, found.iter().any(|found| asks(&found))) {
        (_, false) => (false, "rule_asks_nothing", "no condition of the rule asks anything, so no day meets it".into()),
        (Some(not_met), true) => (false, "condition_not_met", describe(not_met)),
        (None, true) => {
            let met: Vec<_> = found.iter().filter(asks).map(describe).collect();
            (true, "conditions_met", met.join(", "))
        }
    };
    DecisionReason { date: Some(date), verdict: verdict(notify), code, text }
}

/// The five values of this day, each against its condition. `windows` are those of all days.
#[must_use]
pub fn judge_day(rule: &DailyRule, day: &DailySummary, windows: &[ExposureWindow]) -> [ConditionFound; 5] {
    let of_the_day: Vec<_> = windows.iter().filter(|window| window.date() == day.date).collect();
    judge(rule, day, &of_the_day)
}

/// Each of these days as [`judge_day`] judges it, in one pass over the windows.
pub(super) fn judge_days(
    rule: &DailyRule,
    days: &[DailySummary],
    windows: &[ExposureWindow],
) -> impl Iterator<Item = (UtcDay, [ConditionFound; 5])> {
    let mut by_day: BTreeMap<UtcDay, Vec<&ExposureWindow>> = BTreeMap::new();
    for window in windows {
        by_day.entry(window.date()).or_default().push(window);
    }
    days.iter().map(move |day| {
        let windows = by_day.get(&day.date).map(Vec::as_slice).unwrap_or_default();
        (day.date, judge(rule, day, windows))
    })
}

fn judge(rule: &DailyRule, day: &DailySummary, windows: &[&ExposureWindow]) -> [ConditionFound; 5] {
    let attenuations = || windows.iter().flat_map(|window| &window.scan_instances).map(|scan| scan.typical_attenuation);
    let seconds = float(windows.iter().fold(0, |sum: i64, window| sum.saturating_add(window.seconds())));
    let average = if seconds > 0.0 { day.day_total.weighted_duration_sum / seconds } else { 0.0 };
    let found =
        |name, value, condition: Condition| ConditionFound { name, value, condition, holds: condition.holds(value) };
    [
        found("score_sum", day.day_total.score_sum, rule.score_sum),
        found("weighted_duration_average", average, rule.weighted_duration_average),
        found("seconds_since_last_scan_sum", seconds, rule.seconds),
        found("typical_attenuation_max", attenuations().max().map_or(0.0, f64::from), rule.attenuation_max),
        found("typical_attenuation_min", attenuations().min().map_or(0.0, f64::from), rule.attenuation_min),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_is_no_quiet_no() {
        let day = |text: &str, score_sum| {
            let day_total = crate::exposure::Totals { score_sum, ..Default::default() };
            DailySummary { date: text.parse().unwrap(), day_total, by_report_type: Vec::new() }
        };
        let basis = Basis::of_times(crate::exposure::SearchedFiles::all(1), [1_600_000_000]);
        let decide = |rule: &DecisionRule, days: &[DailySummary]| {
            let configuration = Configuration { rule: rule.clone(), ..Configuration::default() };
            Decision::by(&configuration, &basis, &[], days, &ExposureSummary::default(), 1_601_000_000)
        };
        let at_least = |threshold| {
            let score_sum = Condition { op: Operator::AtLeast, threshold };
            DecisionRule::Daily(DailyRule { score_sum, ..DailyRule::default() })
        };
        let not_a_number = Verdict::NotJudged(NotJudged::NotANumber);
        let [quiet, unknown, loud] =
            [day("2020-09-14", 0.0), day("2020-09-15", f64::NAN), day("2020-09-16", f64::INFINITY)];
        for rule in [DecisionRule::AnyScore, at_least(5.0)] {
            assert_eq!(decide(&rule, std::slice::from_ref(&quiet)).verdict, Verdict::DoNotNotify);
            let decision = decide(&rule, &[quiet.clone(), unknown.clone()]);
            assert_eq!(decision.verdict, not_a_number);
            assert_eq!((decision.reasons[1].verdict, decision.reasons[1].code), (not_a_number, "not_a_number"));
            let decision = decide(&rule, &[quiet.clone(), unknown.clone(), loud.clone()]);
            assert_eq!((decision.verdict, &decision.days[..]), (Verdict::Notify, &[loud.date][..]));
        }
        assert_eq!(decide(&at_least(f64::NAN), &[loud]).verdict, not_a_number);
    }
}
