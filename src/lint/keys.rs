//! Lints of the keys of a file, and of what the keys come to under a configuration.

use super::file::counted;
use super::options::{InspectedFile, LintOptions, keys_with};
use super::{Lint, LintCode, Place, all_levels, listed, risk, windows};
use crate::export::{ExportBinReport, Histogram, KeyStatistics};
use crate::exposure::{Configuration, Infectiousness, RiskReach, WindowReach};
use crate::keys::{DaysSinceOnset, ReportType, TransmissionRiskLevel};
use crate::profile::{Profile, RiskRules};
use crate::time::INTERVALS_PER_DAY;

pub(super) fn lint(file: &InspectedFile, configuration: Option<&Configuration>, options: &LintOptions) -> Vec<Lint> {
    let Some(bin) = file.export_bin() else { return Vec::new() };
    let profile = options.profile;
    let mut found = form(bin, profile);
    found.extend(order(bin));
    found.extend(reports(bin));
    // What is published again is not matched: only the report counts.
    found.extend(levels(&bin.keys_stats, bin.keys, configuration, profile));
    found.extend(days(&bin.keys_stats, bin.keys, configuration));
    found.extend(configuration.and_then(|configuration| score(bin, configuration, profile)));
    found.into_iter().map(|(code, sentence)| Lint::new(code, Place::File(file.name.clone()), sentence)).collect()
}

/// How many keys and revised keys have such a value, as `12 of 100 keys have`. `None` if no key has one.
fn of_all(
    bin: &ExportBinReport,
    histogram: fn(&KeyStatistics) -> &Histogram,
    is_such: fn(i32) -> bool,
) -> Option<String> {
    let such = |value: Option<i32>| value.is_some_and(is_such);
    let keys = keys_with(histogram(&bin.keys_stats), such);
    let keys = keys.saturating_add(keys_with(histogram(&bin.revised_keys_stats), such));
    (keys > 0).then(|| share(keys, bin.keys.saturating_add(bin.revised_keys)))
}

/// `12 of 100 keys have`.
fn share(keys: u64, all: u64) -> String {
    format!("{keys} of {} {}", counted(all, "key"), if keys == 1 { "has" } else { "have" })
}

/// Keys that readers leave out, and short ones.
fn form(bin: &ExportBinReport, profile: Profile) -> Vec<(LintCode, String)> {
    const DAY: i32 = INTERVALS_PER_DAY.cast_signed();

    let mut found = Vec::new();
    let lists = [&bin.keys_stats, &bin.revised_keys_stats];
    let all = bin.keys.saturating_add(bin.revised_keys);
    let other_lengths = lists.iter().flat_map(|list| &list.key_data_lengths).filter(|(length, _)| **length != 16);
    let lengths = other_lengths.fold(0_u64, |sum, (_, keys)| sum.saturating_add(*keys));
    if lengths > 0 {
        found.push((LintCode::KeyInvalid, format!("{} no key_data of 16 bytes", share(lengths, all))));
    }
    // Negative starts are of negative days.
    let no_start = |day: Option<i32>| day.is_none_or(|day| day < 0);
    let starts = lists.iter().fold(0_u64, |sum, list| sum.saturating_add(keys_with(&list.rolling_start_day, no_start)));
    if starts > 0 {
        let sentence = format!("{} no rolling_start_interval_number of 0 or more", share(starts, all));
        found.push((LintCode::KeyInvalid, sentence));
    }
    if !profile.reads_period_zero_as_a_day()
        && let Some(share) = of_all(bin, |list| &list.rolling_period, |period| period == 0)
    {
        let sentence = format!("{share} a rolling_period of 0, which Google's rules skip and Apple's read as 144");
        found.push((LintCode::PeriodInvalid, sentence));
    }
    if let Some(share) = of_all(bin, |list| &list.rolling_period, |period| !(0..=DAY).contains(&period)) {
        found.push((LintCode::PeriodInvalid, format!("{share} a rolling_period that is negative or over 144")));
    }
    if let Some(share) = of_all(bin, |list| &list.rolling_period, |period| (1..DAY).contains(&period)) {
        found.push((LintCode::PeriodShort, format!("{share} a rolling_period of under 144")));
    }
    found
}

fn order(bin: &ExportBinReport) -> Vec<(LintCode, String)> {
    let mut found = Vec::new();
    let statistics = &bin.keys_stats;
    if !statistics.sorted_by_key_data {
        let sentence =
            "the keys are not sorted by key_data: if they are not shuffled, they stand in the order of upload";
        found.push((LintCode::KeysNotSorted, sentence.into()));
    }
    if statistics.duplicate_key_data > 0 {
        let repeated = share(statistics.duplicate_key_data, bin.keys);
        found.push((LintCode::KeysRepeated, format!("{repeated} the bytes of a key before")));
    }
    found
}

/// Values that the format does not allow.
fn reports(bin: &ExportBinReport) -> Vec<(LintCode, String)> {
    let mut found = Vec::new();
    if let Some(share) =
        of_all(bin, |list| &list.transmission_risk_level, |level| TransmissionRiskLevel::new(level).is_none())
    {
        found.push((LintCode::LevelOutOfRange, format!("{share} a transmission_risk_level that is not 0 to 8")));
    }
    if let Some(share) =
        of_all(bin, |list| &list.days_since_onset_of_symptoms, |days| DaysSinceOnset::new(days).is_none())
    {
        found.push((LintCode::DaysOutOfRange, format!("{share} days_since_onset_of_symptoms that are not -14 to 14")));
    }
    if let Some(share) = of_all(bin, |list| &list.report_type, |report_type| !(0..=5).contains(&report_type)) {
        found.push((LintCode::ReportTypeOutOfRange, format!("{share} a report_type that is not 0 to 5")));
    }
    found
}

/// The level as readers understand it.
fn level(number: Option<i32>) -> TransmissionRiskLevel {
    number.and_then(TransmissionRiskLevel::new).unwrap_or(TransmissionRiskLevel::UNSET)
}

fn levels(
    keys: &KeyStatistics,
    all: u64,
    configuration: Option<&Configuration>,
    profile: Profile,
) -> Vec<(LintCode, String)> {
    let mut found = Vec::new();
    let unset = keys_with(&keys.transmission_risk_level, |number| number.is_none_or(|number| number == 0));
    if unset > 0 {
        let what = match (configuration, profile.risk_rules()) {
            (None, _) => "Google's rules of v1 count them as 1, Apple's by the first score".to_owned(),
            (Some(_), RiskRules::Google) => "Google's rules of v1 count them as 1".to_owned(),
            (Some(Configuration { risk, .. }), RiskRules::Apple) => {
                let [first, ..] = risk.transmission_scores.as_array();
                format!("Apple's rules of v1 count them by the first score, {first}")
            }
        };
        found.push((LintCode::LevelUnset, format!("{} transmission_risk_level 0 or none: {what}", share(unset, all))));
    }
    let Some(configuration) = configuration else { return found };
    // Where no level scores at all, that is the configuration's fault.
    if all > 0 && RiskReach::of(&configuration.risk, all_levels(), profile).scores() {
        let such =
            |wanted: TransmissionRiskLevel| keys_with(&keys.transmission_risk_level, |number| level(number) == wanted);
        let there: Vec<_> = all_levels().filter(|level| such(*level) > 0).collect();
        let reach = RiskReach::of(&configuration.risk, there.iter().copied(), profile);
        let alone = |level: TransmissionRiskLevel| RiskReach::of(&configuration.risk, [level], profile);
        let cannot: Vec<_> = there.iter().copied().filter(|level| !alone(*level).scores()).collect();
        let numbers: Vec<i32> = cannot.iter().copied().map(i32::from).collect();
        if !reach.scores() {
            let noun = if numbers.len() == 1 { "level" } else { "levels" };
            let sentence = format!("{} (all keys are of {noun} {})", risk::unreachable(&reach), listed(&numbers));
            found.push((LintCode::RiskScoreUnreachable, sentence));
        } else if let Some(sentence) = risk::levels(&configuration.risk, &numbers, profile) {
            let keys = cannot.iter().fold(0_u64, |sum, level| sum.saturating_add(such(*level)));
            found.push((LintCode::LevelsBelowMinimum, format!("{keys} of {} of {sentence}", counted(all, "key"))));
        }
    }
    found
}

fn days(keys: &KeyStatistics, all: u64, configuration: Option<&Configuration>) -> Vec<(LintCode, String)> {
    let mut found = Vec::new();
    let histogram = &keys.days_since_onset_of_symptoms;
    let missing = keys_with(histogram, |days| days.is_none());
    if missing > 0 {
        let what = configuration.map_or_else(
            || "what the configuration gives missing days".to_owned(),
            |configuration| configuration.mapping.infectiousness_when_missing.name().to_owned(),
        );
        let sentence =
            format!("{} no days_since_onset_of_symptoms: their infectiousness is {what}", share(missing, all));
        found.push((LintCode::DaysMissing, sentence));
    }
    if let Some(mapping) = configuration.map(|configuration| &configuration.mapping)
        && let Some(map) = &mapping.infectiousness
    {
        let is_none = |days: Option<i32>| {
            days.and_then(DaysSinceOnset::new).is_some_and(|days| map.at(days) == Infectiousness::None)
        };
        let none = keys_with(histogram, is_none);
        if none > 0 {
            let sentence = format!("{} days of infectiousness none: they count nothing in v2", share(none, all));
            found.push((LintCode::InfectiousnessNone, sentence));
        }
    }
    found
}

/// Lints of v2: whether a window of any key can have a score, if the configuration lets windows have one.
fn score(bin: &ExportBinReport, configuration: &Configuration, profile: Profile) -> Option<(LintCode, String)> {
    let (mapping, daily) = (&configuration.mapping, &configuration.daily_summaries);
    let is_configured = windows::lint(configuration, profile);
    if bin.keys == 0 || is_configured.iter().any(|lint| lint.code == LintCode::WindowScoreUnreachable) {
        return None;
    }
    let days = bin.keys_stats.days_since_onset_of_symptoms.0.keys().map(|days| days.and_then(DaysSinceOnset::new));
    let infectiousness = days.map(|days| mapping.infectiousness(days));
    let types =
        bin.keys_stats.report_type.0.keys().map(|number| number.map_or(ReportType::Unknown, ReportType::from_number));
    let types = types.filter(|found| mapping.hidden(*found).is_none()).map(|found| mapping.report_type(found));
    let reach = WindowReach::of(daily, infectiousness, types, profile);
    let (code, sentence) = windows::score(&reach, daily.minimum_window_score.as_f64())?;
    (code == LintCode::WindowScoreUnreachable).then_some((code, sentence))
}
