//! The decision to notify the user or not.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::basis::{Basis, NotJudged, Verdict};
use super::configuration::{Condition, Configuration, DailyRule, DecisionRule, Operator};
use super::summary::{DailySummary, WindowVerdict, float, score_window};
use super::v1::ExposureSummary;
use super::window::ExposureWindow;
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

/// Whether to notify the user, and why.
///
/// ```
/// use gaen::exposure::{Basis, Configuration, NotJudged, SearchedFiles, Verdict, assess};
/// use gaen::Profile;
///
/// // Nothing matched; but was anything searched?
/// let decide = |files| {
///     let basis = Basis::of_times(files, [1_599_999_000]);
///     assess(&[], &basis, &Configuration::default(), Profile::Google, 1_600_000_000).decision
/// };
/// let decision = decide(SearchedFiles::all(14));
/// assert_eq!(decision.to_string(), "do not notify\n  there is no exposure to judge [no_exposure]\n");
/// assert_eq!(decide(SearchedFiles::all(0)).verdict, Verdict::NotJudged(NotJudged::NoFile));
/// ```
///
/// One day that meets the rule is enough to notify, even if other files were not searched. Without such a day the
/// verdict is "do not notify" only if every day could be judged.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Decision {
    /// The answer, if one is possible.
    pub verdict: Verdict,
    /// The days that triggered the notification, in order.
    pub days: Vec<UtcDay>,
    /// One reason for each day that was judged. If there was no such day, one reason without a day.
    pub reasons: Vec<DecisionReason>,
}

/// Why a day is or is not a reason to notify.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct DecisionReason {
    /// The day; `None` if there was no day to judge.
    pub date: Option<UtcDay>,
    /// Whether it is a reason to notify, if anybody can say.
    pub verdict: Verdict,
    /// The name for programs: `risk_score`, `risk_score_zero`, `score`, `score_zero`, `conditions_met`,
    /// `condition_not_met`, `rule_asks_nothing`, `no_exposure`, `too_long_ago`, `no_day`, or [`NotJudged::code`].
    pub code: &'static str,
    /// The reason as a sentence.
    pub text: String,
}

impl Decision {
    /// Applies the rule of `configuration` to what was found, at the time `now` in Unix seconds.
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

/// Writes the verdict, and a line for each reason.
impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.verdict)?;
        self.reasons.iter().try_for_each(|reason| writeln!(f, "  {reason}"))
    }
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
    fn not_a_number(date: UtcDay) -> Self {
        let reason = NotJudged::NotANumber;
        let (verdict, text) = (Verdict::NotJudged(reason), reason.to_string());
        Self { date: Some(date), verdict, code: reason.code(), text }
    }

    /// Replaces "do not notify" by the obstacle.
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

/// Compares the five values of this day with the conditions of the rule. `windows` are the windows of all days.
#[must_use]
pub fn judge_day(rule: &DailyRule, day: &DailySummary, windows: &[ExposureWindow]) -> [ConditionFound; 5] {
    let of_the_day: Vec<_> = windows.iter().filter(|window| window.date() == day.date).collect();
    judge(rule, day, &of_the_day)
}

/// Judges each of these days as [`judge_day`] does, in one pass over the windows.
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
    use crate::exposure::{Infectiousness, daily_summaries};
    use crate::keys::{CalibrationConfidence, DiagnosisKey, ReportType};
    use crate::profile::Profile;
    use crate::time::{EnIntervalNumber, RollingPeriod, RollingWindow, SECONDS_PER_DAY};
    use std::format;

    #[test]
    fn without_a_day_the_reason_says_why() {
        const NOW: u64 = 1_601_000_000;
        let period = RollingWindow::new(EnIntervalNumber::new(2_666_000), RollingPeriod::FULL_DAY).unwrap();
        let window = |start, report_type| ExposureWindow {
            key: DiagnosisKey::new([7; 16], period),
            start,
            report_type,
            infectiousness: Infectiousness::Standard,
            calibration_confidence: CalibrationConfidence::High,
            scan_instances: Vec::new(),
        };
        // A type without daily summaries, and a window of twenty days ago.
        let untyped = window(NOW, ReportType::Unknown);
        let old = window(NOW - 20 * SECONDS_PER_DAY, ReportType::ConfirmedTest);
        let mut configuration = Configuration::default();
        configuration.daily_summaries.days_since_exposure_threshold = 14;
        let basis = Basis::of_times(crate::exposure::SearchedFiles::all(1), [NOW]);
        let decide = |rule: DecisionRule, windows: &[ExposureWindow]| {
            let configuration = Configuration { rule, ..configuration.clone() };
            let days = daily_summaries(windows, &configuration.daily_summaries, Profile::Google, NOW);
            assert!(days.is_empty());
            let decision = Decision::by(&configuration, &basis, windows, &days, &ExposureSummary::default(), NOW);
            let [reason] = &decision.reasons[..] else { panic!("{decision}") };
            assert_eq!(
                (decision.verdict, reason.verdict, reason.date),
                (Verdict::DoNotNotify, Verdict::DoNotNotify, None)
            );
            (reason.code, decision.to_string())
        };
        for (windows, code, text) in [
            (vec![], "no_exposure", "there is no exposure to judge"),
            (vec![untyped.clone()], "no_day", "no exposure counts for a day"),
            (vec![old.clone(), untyped.clone()], "no_day", "no exposure counts for a day"),
            (vec![old.clone()], "too_long_ago", "every exposure was more than 14 days ago, which is not judged"),
        ] {
            let found = decide(DecisionRule::AnyScore, &windows);
            assert_eq!(found, (code, format!("do not notify\n  {text} [{code}]\n")));
            assert_eq!(decide(DecisionRule::RiskScore, &windows).0, "no_exposure", "v1 has exposures of its own");
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
