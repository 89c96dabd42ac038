//! The rules of apps that need few lines each. [`Preset::about`](super::Preset::about) has the sources.

use alloc::vec;

use crate::exposure::configuration::rule::{
    Class, DayMinutes, Decides, Factor, Judges, NhsDistance, NotifyWhen, Platform, Precision, ProductFactor, Rounding,
    Rule, Scores, Sum, Test, Unit, Value, Weigh, Weighing, WeightedRanges, When, WindowSum, WindowsRule,
};
use crate::exposure::configuration::{
    AttenuationThresholds, Configuration, DailySummariesConfiguration, DiagnosisKeysDataMapping, Infectiousness,
    InfectiousnessMap, InfectiousnessWeights, ReportTypeWeights, RiskConfiguration, Score, Weight,
};

/// An app with one class.
fn rule(
    name: &str,
    platform: Option<Platform>,
    scores: Scores,
    round: Rounding,
    test: Test,
    notify: NotifyWhen,
) -> Rule {
    let windows = WindowsRule { round, ..WindowsRule::new(scores, vec![Class::notify(When::All(vec![test]))]) };
    Rule { name: Some(name.into()), platform, decides: Decides::Windows(windows), notify }
}

/// Thresholds in dB of which each belongs to the nearer side, as in daily summaries, and four weights.
pub(super) fn summaries(thresholds: [u8; 3], weights: [f64; 4]) -> DailySummariesConfiguration {
    DailySummariesConfiguration {
        thresholds: AttenuationThresholds::new(thresholds).unwrap_or_default(),
        bucket_weights: weights.map(|weight| Weight::new(weight).unwrap_or_default()),
        ..DailySummariesConfiguration::default()
    }
}

fn mapping(infectiousness: impl Fn(i8) -> Infectiousness, missing: Infectiousness) -> DiagnosisKeysDataMapping {
    DiagnosisKeysDataMapping {
        infectiousness: Some(InfectiousnessMap::from_fn(infectiousness)),
        infectiousness_when_missing: missing,
        ..DiagnosisKeysDataMapping::default()
    }
}

/// DP-3T's rule: the seconds of a day in each of two ranges, each rounded up to minutes, then weighted.
pub(crate) fn dp3t_rule(name: &str, platform: Platform, ranges: WeightedRanges, trigger_minutes: f64) -> Rule {
    let weighing = Weighing {
        // Android keeps days up to 10 days ago; iOS less than 10 times 24 hours, of a midnight.
        max_age_days: Some(if platform == Platform::Android { 10 } else { 9 }),
        precision: if platform == Platform::Android { Precision::Single } else { Precision::Double },
        ..Weighing::new(ranges, Sum::Day(DayMinutes::MinutesUp))
    };
    let test = Test::at_least(Value::ScoreSum, trigger_minutes);
    rule(name, Some(platform), Scores::Weighted(weighing), Rounding::Exact, test, NotifyWhen::Always)
}

pub(super) fn dp3t(name: &str, platform: Platform) -> Configuration {
    let ranges = WeightedRanges::rising(&[55, 63], &[1.0, 0.5], true).unwrap_or_default();
    Configuration { rule: dp3t_rule(name, platform, ranges, 15.0), ..Configuration::default() }
}

pub(super) fn radar_covid() -> Configuration {
    let ranges = WeightedRanges::rising(&[50, 55], &[1.0, 0.5], true).unwrap_or_default();
    Configuration { rule: dp3t_rule("radar-covid", Platform::Android, ranges, 15.0), ..Configuration::default() }
}

/// The rule of CoronaMelder: each scan is weighed, windows of 300 weighted seconds count, and a day of more than 900.
pub(crate) fn coronamelder_rule(daily: &DailySummariesConfiguration, more_than: f64) -> Rule {
    let weights = daily.bucket_weights.map(Weight::factor);
    let sum = Sum::Window(WindowSum {
        weigh: Weigh::Scans,
        unit: Unit::Seconds,
        factor: Factor::Product(ProductFactor {
            report_type: Some(daily.report_type_weights),
            infectiousness: Some(daily.infectiousness_weights),
        }),
        minimum_score: daily.minimum_window_score,
        levels: None,
    });
    let ranges = WeightedRanges::rising(&daily.thresholds.as_array(), &weights, false).unwrap_or_default();
    let weighing = Weighing { max_age_days: daily.max_age_days(), ..Weighing::new(ranges, sum) };
    let test = Test::more_than(Value::ScoreSum, more_than);
    rule("coronamelder", None, Scores::Weighted(weighing), Rounding::Exact, test, NotifyWhen::LaterDay)
}

pub(super) fn coronamelder() -> Configuration {
    let zero = Weight::new(0.0).unwrap_or_default();
    let daily_summaries = DailySummariesConfiguration {
        report_type_weights: ReportTypeWeights {
            confirmed_test: Weight::ONE,
            confirmed_clinical_diagnosis: zero,
            self_report: zero,
            recursive: zero,
        },
        minimum_window_score: Score::new(300.0).unwrap_or_default(),
        ..summaries([56, 62, 73], [1.5, 1.0, 0.4, 0.0])
    };
    let infectious = |day| if (-2..=11).contains(&day) { Infectiousness::Standard } else { Infectiousness::None };
    Configuration {
        mapping: mapping(infectious, Infectiousness::Standard),
        rule: coronamelder_rule(&daily_summaries, 900.0),
        daily_summaries,
        ..Configuration::default()
    }
}

/// The rule of Koronavilkku: Android's app rounded the sum of a day, the iPhone's cut it off.
pub(crate) fn koronavilkku_rule(platform: Platform, minimum: f64) -> Rule {
    let round = match platform {
        Platform::Android => Rounding::Nearest,
        Platform::Ios => Rounding::Truncated,
    };
    let test = Test::at_least(Value::ScoreSum, minimum);
    rule("koronavilkku", Some(platform), Scores::DailySummaries, round, test, NotifyWhen::LaterDay)
}

pub(super) fn koronavilkku(platform: Platform) -> Configuration {
    let infectious = |day| match day {
        -2..=7 => Infectiousness::High,
        8..=10 => Infectiousness::Standard,
        _ => Infectiousness::None,
    };
    Configuration {
        mapping: mapping(infectious, Infectiousness::High),
        daily_summaries: DailySummariesConfiguration {
            infectiousness_weights: InfectiousnessWeights {
                standard: Weight::new(0.625).unwrap_or_default(),
                high: Weight::ONE,
            },
            minimum_window_score: Score::new(1.0).unwrap_or_default(),
            days_since_exposure_threshold: 10,
            ..summaries([51, 63, 70], [1.25, 1.0, 0.5, 0.0])
        },
        rule: koronavilkku_rule(platform, 900.0),
        ..Configuration::default()
    }
}

pub(super) fn smittestop(name: &str, thresholds: [u8; 3], weights: [f64; 4]) -> Configuration {
    let infectious = |day| if (-2..=8).contains(&day) { Infectiousness::High } else { Infectiousness::None };
    let test = Test::at_least(Value::ScoreSum, 780.0);
    Configuration {
        mapping: mapping(infectious, Infectiousness::Standard),
        daily_summaries: DailySummariesConfiguration {
            days_since_exposure_threshold: 10,
            ..summaries(thresholds, weights)
        },
        rule: rule(name, None, Scores::DailySummaries, Rounding::Exact, test, NotifyWhen::NewDay),
        ..Configuration::default()
    }
}

pub(super) fn erouska() -> Configuration {
    let test = Test::at_least(Value::MaximumScore, 900.0);
    let (platform, scores) = (Some(Platform::Ios), Scores::DailySummaries);
    Configuration {
        daily_summaries: summaries([55, 63, 75], [1.5, 1.0, 0.17, 0.0]),
        rule: rule("erouska", platform, scores, Rounding::Truncated, test, NotifyWhen::Always),
        ..Configuration::default()
    }
}

/// The rule of PathCheck's apps: the weighted duration of a day, cut off.
pub(crate) fn pathcheck_rule(trigger: f64) -> Rule {
    let test = Test::at_least(Value::WeightedDurationSum, trigger);
    rule("pathcheck", None, Scores::DailySummaries, Rounding::Truncated, test, NotifyWhen::Always)
}

pub(super) fn pathcheck() -> Configuration {
    Configuration {
        daily_summaries: summaries([55, 63, 70], [1.5, 1.0, 0.4, 0.0]),
        rule: pathcheck_rule(900.0),
        ..Configuration::default()
    }
}

pub(super) fn covid_alert() -> Configuration {
    let ranges = WeightedRanges::rising(&[62], &[1.0], false).unwrap_or_default();
    let weighing = Weighing {
        drop_infectiousness: vec![Infectiousness::None],
        ..Weighing::new(ranges, Sum::Day(DayMinutes::Seconds))
    };
    let test = Test::more_than(Value::ScoreSum, 900.0);
    let rule = rule("covid-alert", None, Scores::Weighted(weighing), Rounding::Exact, test, NotifyWhen::Always);
    Configuration { rule, ..Configuration::default() }
}

/// The app told its user again only of a later day: `shouldSendNotification` compares the dates of the last exposure.
///
/// Source: immuni-app/immuni-app-android 222e2f01, `ExposureManager.kt`; the same at 02be74ac.
pub(super) fn immuni() -> Configuration {
    let decides = Decides::RiskScore { at_least: 20 };
    let rule = Rule { name: Some("immuni-v1".into()), platform: None, decides, notify: NotifyWhen::LaterDay };
    Configuration { risk: RiskConfiguration::apple(), rule, ..Configuration::default() }
}

pub(super) fn nhs(platform: Platform) -> Configuration {
    // iOS keeps days less than 11 days ago.
    let max_age_days = Some(if platform == Platform::Android { 11 } else { 10 });
    let scores = Scores::NhsDistance(NhsDistance { max_age_days, ..NhsDistance::APP });
    let class = Class::notify(When::All(vec![Test::at_least(Value::MaximumScore, 100.0)]));
    let windows = WindowsRule { judges: Judges::Windows, ..WindowsRule::new(scores, vec![class]) };
    let infectious = |day| match day {
        -5..=-3 | 4..=9 => Infectiousness::Standard,
        -2..=3 => Infectiousness::High,
        _ => Infectiousness::None,
    };
    let rule = Rule {
        name: Some("nhs".into()),
        platform: Some(platform),
        decides: Decides::Windows(windows),
        notify: NotifyWhen::Always,
    };
    Configuration { mapping: mapping(infectious, Infectiousness::Standard), rule, ..Configuration::default() }
}
