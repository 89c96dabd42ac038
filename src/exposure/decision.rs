//! Whether the user is to be notified.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::basis::{Basis, NotJudged, Verdict};
use super::configuration::Configuration;
use super::summary::{DailySummary, WindowVerdict, float, score_window};
use super::v1::ExposureSummary;
use super::window::ExposureWindow;
use crate::day::UtcDay;

/// When the user is notified.
#[derive(Clone, Debug, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum DecisionRule {
    /// When an exposure of v1 has a risk score: the configuration's minimum decides.
    RiskScore,
    /// When a day has a score: the least that can be asked of daily summaries. The default, as the platforms have no rule.
    #[default]
    AnyScore,
    /// When a day meets five conditions.
    Daily(DailyRule),
}

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Operator {
    /// Not at all: it always holds.
    #[default]
    #[cfg_attr(feature = "serde", serde(rename = "NOP"))]
    Nop,
    /// The value is the threshold.
    #[cfg_attr(feature = "serde", serde(rename = "="))]
    Equal,
    /// It is the threshold or more.
    #[cfg_attr(feature = "serde", serde(rename = ">="))]
    AtLeast,
    /// It is more.
    #[cfg_attr(feature = "serde", serde(rename = ">"))]
    MoreThan,
    /// It is the threshold or less.
    #[cfg_attr(feature = "serde", serde(rename = "<="))]
    AtMost,
    /// It is less.
    #[cfg_attr(feature = "serde", serde(rename = "<"))]
    LessThan,
}

impl Operator {
    /// How it is written.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Nop => "NOP",
            Self::Equal => "=",
            Self::AtLeast => ">=",
            Self::MoreThan => ">",
            Self::AtMost => "<=",
            Self::LessThan => "<",
        }
    }
}

/// `value op threshold`.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Condition {
    /// How the value is compared.
    pub op: Operator,
    /// With what.
    #[cfg_attr(feature = "serde", serde(rename = "value"))]
    pub threshold: f64,
}

impl Condition {
    /// Whether this value meets it; `None` if it is asked of what is no number.
    #[must_use]
    #[allow(clippy::float_cmp)] // that is what the operator is
    pub fn holds(self, value: f64) -> Option<bool> {
        if self.op != Operator::Nop && (value.is_nan() || self.threshold.is_nan()) {
            return None;
        }
        Some(match self.op {
            Operator::Nop => true,
            Operator::Equal => value == self.threshold,
            Operator::AtLeast => value >= self.threshold,
            Operator::MoreThan => value > self.threshold,
            Operator::AtMost => value <= self.threshold,
            Operator::LessThan => value < self.threshold,
        })
    }
}

/// COCOA's rule for a day: all conditions hold. When none of them asks anything, no day meets it.
///
/// Its form in JSON is that of COCOA's risk rule. An absent condition asks nothing.
///
/// Source: COCOA 2.0, `ExposureRiskCalculationService`.
#[derive(Clone, Debug, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct DailyRule {
    /// Of the day's sum of scores.
    #[cfg_attr(feature = "serde", serde(rename = "DailySummary_DaySummary_ScoreSum"))]
    pub score_sum: Condition,
    /// Of the day's weighted duration for each second of its windows; 0 for no seconds.
    #[cfg_attr(feature = "serde", serde(rename = "DailySummary_DaySummary_WeightedDurationAverage"))]
    pub weighted_duration_average: Condition,
    /// Of the seconds of all windows of the day, those without a score too.
    #[cfg_attr(feature = "serde", serde(rename = "ExposureWindow_ScanInstance_SecondsSinceLastScanSum"))]
    pub seconds: Condition,
    /// Of the largest typical attenuation in any window of the day; 0 for no windows.
    #[cfg_attr(feature = "serde", serde(rename = "ExposureWindow_ScanInstance_TypicalAttenuationDb_Max"))]
    pub attenuation_max: Condition,
    /// Of the smallest.
    #[cfg_attr(feature = "serde", serde(rename = "ExposureWindow_ScanInstance_TypicalAttenuationDb_Min"))]
    pub attenuation_min: Condition,
}

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
        alloc::format!("{name} {value} is {not}{} {}", condition.op.sign(), condition.threshold)
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
    fn every_operator_has_two_sides() {
        use Operator::{AtLeast, AtMost, Equal, LessThan, MoreThan, Nop};
        #[cfg(feature = "serde")]
        for operator in [Nop, Equal, AtLeast, MoreThan, AtMost, LessThan] {
            assert_eq!(serde_json::to_value(operator).unwrap(), operator.sign(), "shown as it is written");
        }
        for (op, below, equal, above) in [
            (Nop, true, true, true),
            (Equal, false, true, false),
            (AtLeast, false, true, true),
            (MoreThan, false, false, true),
            (AtMost, true, true, false),
            (LessThan, true, false, false),
        ] {
            let condition = Condition { op, threshold: 1350.0 };
            assert_eq!(
                [1349.0, 1350.0, 1351.0].map(|value| condition.holds(value)),
                [below, equal, above].map(Some),
                "{op:?}"
            );
            for (threshold, value) in [(f64::NAN, 1.0), (1.0, f64::NAN), (f64::NAN, f64::NAN)] {
                let holds = Condition { op, threshold }.holds(value);
                assert_eq!(holds, (op == Nop).then_some(true), "{op:?} {threshold} {value}");
            }
        }
    }

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
