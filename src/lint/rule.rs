//! The rule for a day: whether it can be met at all, condition by condition.

use super::{Lint, LintCode};
use crate::exposure::{Condition, Configuration, DailyRule, DecisionRule, Operator, WindowReach};
use crate::profile::Profile;

pub(super) fn lint(configuration: &Configuration, profile: Profile) -> Vec<Lint> {
    let DecisionRule::Daily(rule) = &configuration.rule else { return Vec::new() };
    let DailyRule { score_sum, weighted_duration_average, seconds, attenuation_max, attenuation_min } = *rule;
    let conditions = [score_sum, weighted_duration_average, seconds, attenuation_max, attenuation_min];
    if conditions.iter().all(|condition| condition.op == Operator::Nop) {
        let sentence = "no condition asks anything: nobody is notified";
        return vec![Lint::field(LintCode::RuleAsksNothing, "rule", sentence)];
    }

    let bucket = WindowReach::of(&configuration.daily_summaries, [], [], profile).bucket;
    // A day's average is a mean of weights, but for the rounding of the sum, be it to the minute or to a double.
    let largest_average = if profile.rounds_daily_results_up() { bucket.ceil() } else { bucket };
    let has_average = within(weighted_duration_average, largest_average * (1.0 + 1e-9));
    let is_minutes = seconds.op != Operator::Equal || seconds.threshold % 60.0 == 0.0;
    let has_seconds = is_minutes && within(seconds, f64::from(u32::MAX));
    let attenuations: Vec<_> = profile.possible_attenuations().map(f64::from).collect();
    let has_attenuation = |condition: Condition| attenuations.iter().any(|found| condition.holds(*found) == Some(true));
    let decibels = format!("a whole number of {:?} dB", profile.possible_attenuations());

    let mut lints = Vec::new();
    for (field, condition, holds, values) in [
        // Any number of people can be met in a day.
        ("rule.score_sum", score_sum, within(score_sum, f64::MAX), "0 or more"),
        (
            "rule.weighted_duration_average",
            weighted_duration_average,
            has_average,
            &format!("at least 0 and at most {largest_average}"),
        ),
        ("rule.seconds", seconds, has_seconds, "a number of whole minutes"),
        ("rule.attenuation_max", attenuation_max, has_attenuation(attenuation_max), &decibels),
        ("rule.attenuation_min", attenuation_min, has_attenuation(attenuation_min), &decibels),
    ] {
        if !holds {
            let sentence = format!("{condition} is never met: the value is {values}");
            lints.push(Lint::field(LintCode::ConditionUnreachable, field, sentence));
        }
    }
    if lints.is_empty() && !together(attenuation_min, attenuation_max, &attenuations) {
        let sentence = "no day meets the conditions of the smallest and the largest attenuation together";
        lints.push(Lint::field(LintCode::ConditionUnreachable, "rule.attenuation_min", sentence));
    }
    lints
}

/// Whether a number from 0 to `largest` meets the condition.
fn within(condition: Condition, largest: f64) -> bool {
    let threshold = condition.threshold;
    match condition.op {
        Operator::Nop => true,
        Operator::Equal => (0.0..=largest).contains(&threshold),
        Operator::AtLeast => threshold <= largest,
        Operator::MoreThan => threshold < largest,
        Operator::AtMost => threshold >= 0.0,
        Operator::LessThan => threshold > 0.0,
    }
}

/// Whether there is a smallest and a largest attenuation, the one not above the other, that meet both.
fn together(smallest: Condition, largest: Condition, attenuations: &[f64]) -> bool {
    let lowest = attenuations.iter().find(|found| smallest.holds(**found) == Some(true));
    let highest = attenuations.iter().rev().find(|found| largest.holds(**found) == Some(true));
    lowest.zip(highest).is_some_and(|(lowest, highest)| lowest <= highest)
}
