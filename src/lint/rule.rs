//! The rule: which classes can never be met, which always are, and which parts of an app's arithmetic nothing reaches.

use std::collections::BTreeMap;

use super::{Lint, LintCode};
use crate::exposure::decision::{
    Class, Decides, Factor, Filters, Judge, Rule, Scores, Sum, Test, Value, Weighing, When, WindowsRule,
};
use crate::exposure::{Condition, Configuration, Operator, WindowReach, maximum_risk_product};
use crate::profile::Profile;

pub(super) fn lint(configuration: &Configuration, profile: Profile) -> Vec<Lint> {
    match &configuration.rule.decides {
        Decides::RiskScore { at_least } => risk_score(configuration, *at_least, profile).into_iter().collect(),
        Decides::Windows(rule) => {
            let mut lints = conditions(rule, configuration, profile);
            // What cannot be met by itself is not told again.
            if lints.is_empty() {
                lints = classes(&configuration.rule, rule, profile);
            }
            if let Scores::Weighted(weighing) = &rule.scores {
                lints.extend(self::weighing(weighing));
            }
            lints
        }
    }
}

/// Whether any exposure reaches the score from which on the app notifies. The configuration's own minimum has lints of
/// its own.
fn risk_score(configuration: &Configuration, at_least: u16, profile: Profile) -> Option<Lint> {
    let largest = maximum_risk_product(&configuration.risk, super::all_levels(), profile);
    (largest < f64::from(at_least) && at_least > 1).then(|| {
        let sentence = format!("a risk score of {at_least} is never reached: the largest is {largest}");
        Lint::field(LintCode::ConditionUnreachable, "rule.at_least", sentence)
    })
}

/// The field of a condition on this value.
const fn field(value: Value) -> &'static str {
    match value {
        Value::ScoreSum => "rule.score_sum",
        Value::WeightedDurationAverage => "rule.weighted_duration_average",
        Value::SecondsSinceLastScanSum => "rule.seconds",
        Value::TypicalAttenuationMax => "rule.attenuation_max",
        Value::TypicalAttenuationMin => "rule.attenuation_min",
        Value::MaximumScore => "rule.maximum_score",
        Value::WeightedDurationSum => "rule.weighted_duration_sum",
        _ => "rule.report_type_sum",
    }
}

/// Each condition by itself.
fn conditions(rule: &WindowsRule, configuration: &Configuration, profile: Profile) -> Vec<Lint> {
    let asks = |test: &&Test| test.condition.op != Operator::Nop;
    if !rule.classes.iter().any(|class| class.when.tests().iter().any(|test| asks(&test))) {
        let sentence = "no condition asks anything: nobody is notified";
        return vec![Lint::field(LintCode::RuleAsksNothing, "rule", sentence)];
    }
    let largest_average = match &rule.scores {
        Scores::DailySummaries => {
            let bucket = WindowReach::of(&configuration.daily_summaries, [], [], profile).bucket;
            // A day's average is a mean of weights, except that the sum is rounded: to the minute, or to a double.
            if profile.rounds_daily_results_up() { bucket.ceil() } else { bucket }
        }
        Scores::Weighted(_) | Scores::NhsDistance(_) => f64::MAX,
    };
    let by_summaries = matches!(rule.scores, Scores::DailySummaries);
    let attenuations: Vec<_> = profile.possible_attenuations().map(f64::from).collect();
    let decibels = format!("a whole number of {:?} dB", profile.possible_attenuations());
    let reached = |Test { value, condition }: &Test| match value {
        Value::WeightedDurationAverage => {
            (within(*condition, largest_average * (1.0 + 1e-9)), format!("at least 0 and at most {largest_average}"))
        }
        Value::SecondsSinceLastScanSum => {
            let is_minutes = !by_summaries || condition.op != Operator::Equal || condition.threshold % 60.0 == 0.0;
            (is_minutes && within(*condition, f64::from(u32::MAX)), "a number of whole minutes".to_owned())
        }
        Value::TypicalAttenuationMax | Value::TypicalAttenuationMin => {
            (attenuations.iter().any(|found| condition.holds(*found) == Some(true)), decibels.clone())
        }
        // Any number of people can be met in a day.
        _ => (within(*condition, f64::MAX), "0 or more".to_owned()),
    };

    let mut lints = Vec::new();
    for class in &rule.classes {
        let name = if rule.classes.len() == 1 { String::new() } else { format!("{}: ", class.name) };
        for test in class.when.tests().iter().filter(asks) {
            let (is_reached, values) = reached(test);
            if !is_reached {
                let sentence = format!("{name}{} is never met: the value is {values}", test.condition);
                lints.push(Lint::field(LintCode::ConditionUnreachable, field(test.value), sentence));
            }
        }
        if lints.is_empty() && !together(class, &attenuations) {
            let sentence =
                format!("{name}no day meets the conditions of the smallest and the largest attenuation together");
            lints.push(Lint::field(LintCode::ConditionUnreachable, "rule.attenuation_min", sentence));
        }
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

/// Whether there is a smallest and a largest attenuation, the one not above the other, that meet all conditions on
/// them.
fn together(class: &Class, attenuations: &[f64]) -> bool {
    let When::All(tests) = &class.when else { return true };
    let holds = |asked: Value, found: f64| {
        tests.iter().filter(|test| test.value == asked).all(|test| test.condition.holds(found) == Some(true))
    };
    let lowest = attenuations.iter().find(|found| holds(Value::TypicalAttenuationMin, **found));
    let highest = attenuations.iter().rev().find(|found| holds(Value::TypicalAttenuationMax, **found));
    lowest.zip(highest).is_some_and(|(lowest, highest)| lowest <= highest)
}

/// The most combinations of values that are tried.
const MOST_COMBINATIONS: usize = 20_000;

/// Tries every value beside each threshold, and 0 and the largest, in all combinations: which classes come about, and
/// whether some day does not notify. Values are tried that no day has together, so that nothing is told that is not so.
fn classes(rule: &Rule, windows: &WindowsRule, profile: Profile) -> Vec<Lint> {
    let mut samples: BTreeMap<Value, Vec<f64>> = BTreeMap::new();
    for test in windows.classes.iter().flat_map(|class| class.when.tests()) {
        let threshold = test.condition.threshold;
        let around =
            [0.0, threshold.next_down(), threshold, threshold.next_up(), threshold - 1.0, threshold + 1.0, 1e12];
        let of_value = samples.entry(test.value).or_default();
        of_value.extend(around.into_iter().filter(|sample| *sample >= 0.0));
    }
    for of_value in samples.values_mut() {
        of_value.sort_by(f64::total_cmp);
        of_value.dedup();
    }
    let combinations = samples.values().try_fold(1_usize, |product, samples| product.checked_mul(samples.len()));
    let Some(combinations) = combinations.filter(|combinations| *combinations <= MOST_COMBINATIONS) else {
        return Vec::new();
    };
    let configuration = Configuration { rule: rule.clone(), ..Configuration::default() };
    let judge = Judge::new(&configuration, profile);
    let (mut met, mut all_notify) = (vec![false; windows.classes.len()], true);
    for number in 0..combinations {
        let mut rest = number;
        let day: BTreeMap<Value, f64> = samples
            .iter()
            .filter_map(|(value, samples)| {
                let place = rest.checked_rem(samples.len())?;
                rest = rest.checked_div(samples.len())?;
                Some((*value, *samples.get(place)?))
            })
            .collect();
        let class = judge.class_of_values(|value| day.get(&value).copied().unwrap_or_default());
        if let Some(met) = class.and_then(|class| met.get_mut(class)) {
            *met = true;
        }
        all_notify &= class.and_then(|class| windows.classes.get(class)).is_some_and(|class| class.notifies);
    }
    let mut lints = Vec::new();
    for (class, _) in windows.classes.iter().zip(&met).filter(|(_, met)| !**met) {
        let sentence = format!(
            "no day has the class {}: its conditions contradict each other, or earlier classes take its days",
            class.name
        );
        lints.push(Lint::field(LintCode::ClassUnreachable, "rule.classes", sentence));
    }
    if all_notify {
        let sentence = "every day that is judged notifies, whatever its values";
        lints.push(Lint::field(LintCode::RuleAlwaysNotifies, "rule.classes", sentence));
    }
    lints
}

/// Ranges, filters and levels of an app's own weights that nothing reaches.
fn weighing(weighing: &Weighing) -> Vec<Lint> {
    let mut lints = Vec::new();
    let ranges = weighing.ranges.as_slice();
    for (place, weighted) in ranges.iter().enumerate() {
        if !(0..=u8::MAX).any(|attenuation| weighing.ranges.place(attenuation) == Some(place)) {
            let sentence = format!("no attenuation has the weight of {}: earlier ranges take it", weighted.range);
            lints.push(Lint::field(LintCode::RangeUnreachable, "rule.scores.ranges", sentence));
        }
    }
    let counts = ranges.iter().any(|weighted| weighted.weight.as_f64() > 0.0);
    if !counts {
        let sentence = "every weight is 0: nothing can score";
        lints.push(Lint::field(LintCode::WindowScoreUnreachable, "rule.scores.ranges", sentence));
    }
    if let Some(drop) =
        weighing.drop_minutes.as_ref().filter(|drop| drop.which == Filters::First && drop.filters.len() > 1)
    {
        let sentence = format!("only the first of {} filters by minutes is asked", drop.filters.len());
        lints.push(Lint::field(LintCode::RangeUnreachable, "rule.scores.drop_minutes", sentence));
    }
    let Sum::Window(sum) = &weighing.sum else { return lints };
    if let Factor::Table(table) = &sum.factor {
        let mut levels: Vec<_> =
            table.levels.iter().flat_map(|levels| [levels.none, levels.standard, levels.high]).collect();
        levels.sort_unstable();
        levels.dedup();
        let (counting, worthless): (Vec<u32>, Vec<u32>) =
            levels.into_iter().partition(|level| !table.drops(*level) && table.value(*level) > 0.0);
        if counting.is_empty() {
            let sentence = "every level is dropped or worth 0: nothing can score";
            lints.push(Lint::field(LintCode::WindowScoreUnreachable, "rule.scores.factor", sentence));
        } else if !worthless.is_empty() {
            let sentence = format!("windows of the levels {} count nothing", super::listed(&worthless));
            lints.push(Lint::field(LintCode::WeightZero, "rule.scores.factor", sentence));
        }
    }
    lints
}
