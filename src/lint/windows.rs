//! The weights of v2.

use super::{Lint, LintCode};
use crate::exposure::{Bucket, Configuration, DailySummariesConfiguration, Infectiousness, WindowReach};
use crate::keys::{DaysSinceOnset, ReportType};
use crate::profile::Profile;

pub(super) fn lint(configuration: &Configuration, profile: Profile) -> Vec<Lint> {
    let daily = &configuration.daily_summaries;
    let mut lints = buckets(daily, profile);
    let (infectiousness, types) = (infectiousness(configuration), report_types(configuration));
    lints.extend(order(daily));
    for (found, weight) in [
        (Infectiousness::Standard, daily.infectiousness_weights.standard),
        (Infectiousness::High, daily.infectiousness_weights.high),
    ] {
        if weight.factor() == 0.0 && infectiousness.contains(&found) {
            let sentence = format!("keys of {} infectiousness count nothing", found.name());
            lints.push(Lint::field(LintCode::WeightZero, "daily_summaries.infectiousness_weights", sentence));
        }
    }
    for found in &types {
        if daily.report_type_weights.of(*found) == Some(0.0) {
            let sentence = format!("keys of the report type {} count nothing", found.name());
            lints.push(Lint::field(LintCode::WeightZero, "daily_summaries.report_type_weights", sentence));
        }
    }
    let reach = WindowReach::of(daily, infectiousness, types, profile);
    lints.extend(score(&reach, daily.minimum_window_score.as_f64()).map(|(code, sentence)| {
        let field = "daily_summaries.minimum_window_score";
        Lint::field(code, field, sentence)
    }));
    lints
}

/// `true` if a window reaches the minimum.
pub(super) fn score(reach: &WindowReach, minimum: f64) -> Option<(LintCode, String)> {
    let (maximum, plausible) = (reach.maximum(), reach.plausible());
    if maximum == 0.0 {
        let sentence = "maximum reachable score of a window is 0: nothing can score".into();
        Some((LintCode::WindowScoreUnreachable, sentence))
    } else if maximum < minimum {
        let sentence =
            format!("maximum reachable score {maximum} of a window is below the minimum {minimum}: nothing can score");
        Some((LintCode::WindowScoreUnreachable, sentence))
    } else if plausible < minimum {
        let sentence = format!(
            "half an hour of scans that do not overlap scores {plausible} at most, which is below the minimum {minimum}"
        );
        Some((LintCode::WindowScoreImprobable, sentence))
    } else {
        None
    }
}

fn buckets(daily: &DailySummariesConfiguration, profile: Profile) -> Vec<Lint> {
    let mut lints = Vec::new();
    let thresholds = daily.thresholds;
    for (bucket, weight) in Bucket::ALL.into_iter().zip(daily.bucket_weights) {
        let mut attenuations = profile.possible_attenuations().filter(|found| Bucket::of(*found, thresholds) == bucket);
        let name = bucket.name();
        let Some(nearest) = attenuations.next() else {
            let sentence = format!("with thresholds of {:?} dB no scan is {name}", thresholds.as_array());
            lints.push(Lint::field(LintCode::BucketUnreachable, "daily_summaries.thresholds", sentence));
            continue;
        };
        if weight.factor() == 0.0 {
            let farthest = attenuations.next_back().unwrap_or(nearest);
            let sentence = format!("scans of {nearest} to {farthest} dB ({name}) count nothing");
            lints.push(Lint::field(LintCode::WeightZero, "daily_summaries.bucket_weights", sentence));
        }
    }
    lints
}

/// Weights that rise where they should fall, from near to far and from high to standard.
fn order(daily: &DailySummariesConfiguration) -> Vec<Lint> {
    let mut lints = Vec::new();
    let weights = daily.bucket_weights.map(crate::exposure::Weight::factor);
    let rises = Bucket::ALL.windows(2).zip(weights.windows(2)).find_map(|pair| match pair {
        ([near, far], [before, after]) if after > before => Some((near.name(), *before, far.name(), *after)),
        _ => None,
    });
    if let Some((near, before, far, after)) = rises {
        let sentence =
            format!("{weights:?} rises from {before} ({near}) to {after} ({far}): what is nearer counts less");
        lints.push(Lint::field(LintCode::WeightsNotMonotonic, "daily_summaries.bucket_weights", sentence));
    }
    let (standard, high) = (daily.infectiousness_weights.standard.factor(), daily.infectiousness_weights.high.factor());
    if high < standard {
        let sentence = format!("high infectiousness weighs {high}, and standard infectiousness {standard}");
        lints.push(Lint::field(LintCode::WeightsNotMonotonic, "daily_summaries.infectiousness_weights", sentence));
    }
    lints
}

/// The infectiousnesses that keys can have.
fn infectiousness(configuration: &Configuration) -> Vec<Infectiousness> {
    let days = DaysSinceOnset::RANGE.map(DaysSinceOnset::new).chain([None]);
    days.map(|days| configuration.mapping.infectiousness(days)).collect()
}

/// The report types of keys that are shown, each once.
fn report_types(configuration: &Configuration) -> Vec<ReportType> {
    let mapping = &configuration.mapping;
    let types = (0..=5).map(ReportType::from_number).filter(|found| mapping.hidden(*found).is_none());
    let mut types: Vec<_> = types.map(|found| mapping.report_type(found)).collect();
    types.sort_unstable();
    types.dedup();
    types
}
