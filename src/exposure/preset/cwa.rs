//! Corona-Warn-App (Germany): one set of parameters, and two phones that read it differently.
//!
//! Source: corona-warn-app/cwa-app-android d98f9c20, `DefaultRiskLevels.kt`; cwa-app-ios 02c629b6, `Risk/Calculation`;
//! cwa-server c61d55f6, `risk_calculation_parameters.proto` and its YAML files.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::Bound;

use crate::exposure::configuration::rule::{
    Attenuation, Class, Condition, Decides, DropMinutes, Encounters, Factor, Filters, Identical, LevelTable,
    LevelValue, MinutesFilter, NotifyWhen, Operator, Platform, Precision, Range, Rounding, Rule, Scores, SecondsRule,
    Sum, Test, TypeLevels, Unit, Value, Weigh, Weighing, WeightedRanges, When, WindowLevel, WindowSum, WindowsRule,
};
use crate::exposure::configuration::{Configuration, Score};
use crate::keys::ReportType;

/// The app's names of its risk levels.
const LOW: &str = "low";
const HIGH: &str = "high";

/// The parameters that the app's server served.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parameters {
    pub(crate) minutes_filters: Vec<MinutesFilter>,
    pub(crate) level_filters: Vec<Range>,
    pub(crate) weights: WeightedRanges,
    /// Normalized times with their risk level: of a window, and of a day.
    pub(crate) window_levels: Vec<(Range, RiskLevel)>,
    pub(crate) day_levels: Vec<(Range, RiskLevel)>,
    pub(crate) offsets: Offsets,
    pub(crate) values: Vec<LevelValue>,
    pub(crate) max_age_days: u32,
}

/// What report type and infectiousness add to the level.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Offsets {
    pub(crate) standard: u32,
    pub(crate) high: u32,
    pub(crate) recursive: u32,
    pub(crate) self_report: u32,
    pub(crate) clinical_diagnosis: u32,
    pub(crate) confirmed_test: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RiskLevel {
    Low,
    High,
}

/// The age that stands for an age of 0.
const DEFAULT_MAX_AGE_DAYS: u32 = 14;

/// The configuration with these parameters, as the app of this platform read them.
pub(crate) fn configuration(platform: Platform, parameters: Parameters) -> Configuration {
    let Parameters {
        minutes_filters,
        level_filters,
        weights,
        window_levels,
        day_levels,
        offsets,
        values,
        max_age_days,
    } = parameters;
    let level = |(score, level): (Range, RiskLevel)| WindowLevel {
        score,
        level: if level == RiskLevel::High { HIGH } else { LOW }.into(),
    };
    let class = |(time, level): (Range, RiskLevel)| Class {
        name: if level == RiskLevel::High { HIGH } else { LOW }.into(),
        rank: if level == RiskLevel::High { 1 } else { 2 },
        notifies: level == RiskLevel::High,
        when: When::All(within(Value::ScoreSum, time)),
    };
    let drop_minutes = DropMinutes {
        which: if platform == Platform::Android { Filters::First } else { Filters::Any },
        // Android divides by a `Double` and keeps the fraction; iOS cuts the fraction off.
        whole_minutes: platform == Platform::Ios,
        filters: minutes_filters,
    };
    let weighing = Weighing {
        attenuation: Attenuation::Minimum,
        seconds: SecondsRule::Clamp,
        max_age_days: Some(if max_age_days == 0 { DEFAULT_MAX_AGE_DAYS } else { max_age_days }),
        drop_infectiousness: Vec::new(),
        drop_minutes: Some(drop_minutes).filter(|drop| !drop.filters.is_empty()),
        identical: Identical::Each,
        ranges: weights,
        sum: Sum::Window(WindowSum {
            weigh: Weigh::Scans,
            unit: Unit::Minutes,
            factor: Factor::Table(LevelTable { levels: levels(platform, offsets), drop_levels: level_filters, values }),
            minimum_score: Score::default(),
            levels: Some(window_levels.into_iter().map(level).collect()),
        }),
        precision: Precision::Double,
    };
    let rule = WindowsRule {
        round: if platform == Platform::Android { Rounding::OneDecimal } else { Rounding::Exact },
        otherwise: Some(LOW.into()),
        encounters: Some(Encounters { days_without_class: platform == Platform::Ios }),
        ..WindowsRule::new(Scores::Weighted(weighing), day_levels.into_iter().map(class).collect())
    };
    let rule = Rule {
        name: Some("cwa".into()),
        platform: Some(platform),
        decides: Decides::Windows(rule),
        notify: NotifyWhen::Always,
    };
    Configuration { rule, ..Configuration::default() }
}

/// The tests that this value lies in the range.
fn within(value: Value, range: Range) -> Vec<Test> {
    let test = |op, threshold| Test { value, condition: Condition { op, threshold } };
    let (from, to) = range.bounds();
    let from = match from {
        Bound::Included(from) => Some(test(Operator::AtLeast, from)),
        Bound::Excluded(from) => Some(test(Operator::MoreThan, from)),
        Bound::Unbounded => None,
    };
    let to = match to {
        Bound::Included(to) => Some(test(Operator::AtMost, to)),
        Bound::Excluded(to) => Some(test(Operator::LessThan, to)),
        Bound::Unbounded => None,
    };
    from.into_iter().chain(to).collect()
}

/// Without infectiousness a key counts as standard. Android's app fails for a type without an offset; the iPhone's
/// adds 0.
fn levels(platform: Platform, offsets: Offsets) -> Vec<TypeLevels> {
    let types = [
        (ReportType::ConfirmedTest, Some(offsets.confirmed_test)),
        (ReportType::ConfirmedClinicalDiagnosis, Some(offsets.clinical_diagnosis)),
        (ReportType::SelfReport, Some(offsets.self_report)),
        (ReportType::Recursive, Some(offsets.recursive)),
        (ReportType::Unknown, (platform == Platform::Ios).then_some(0)),
        (ReportType::Revoked, (platform == Platform::Ios).then_some(0)),
    ];
    let levels = |(report_type, offset): (ReportType, Option<u32>)| {
        let [standard, high] =
            [offsets.standard, offsets.high].map(|offset_by| offset.map(|offset| offset.saturating_add(offset_by)));
        Some(TypeLevels { report_type, none: standard?, standard: standard?, high: high? })
    };
    types.into_iter().filter_map(levels).collect()
}

/// The sets of parameters that were served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// From version 1.15 of the app on.
    From1_15,
    /// The parameters before 1.15.
    Before1_15,
}

/// The configuration with the parameters of this version.
pub(super) fn preset(platform: Platform, version: Version) -> Configuration {
    let closed = |from, to| Range::new(Bound::Included(from), Bound::Included(to));
    let open = |from, to| Range::new(Bound::Included(from), Bound::Excluded(to));
    let low_and_high = |low: [f64; 2], end: f64| {
        let [from, to] = low;
        let levels = [(open(from, to), RiskLevel::Low), (closed(to, end), RiskLevel::High)];
        levels.into_iter().filter_map(|(range, level)| Some((range.ok()?, level))).collect::<Vec<_>>()
    };
    let value = |(level, value): (u32, f64)| Some(LevelValue { level, value: Score::new(value).ok()? });
    let parameters = Parameters {
        weights: WeightedRanges::rising(&[63, 73, 79], &[0.8, 1.0, 0.1], true).unwrap_or_default(),
        offsets: Offsets {
            standard: 1,
            high: 2,
            recursive: 0,
            self_report: 2,
            clinical_diagnosis: 4,
            confirmed_test: 6,
        },
        max_age_days: 10,
        ..Parameters::default()
    };
    let parameters = match version {
        Version::From1_15 => Parameters {
            window_levels: low_and_high([0.0, 9.0], 9999.0),
            day_levels: low_and_high([5.0, 9.0], 99999.0),
            values: (1..).zip([0.0, 0.0, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6]).filter_map(value).collect(),
            ..parameters
        },
        Version::Before1_15 => Parameters {
            minutes_filters: minutes_filter(open(0.0, 79.0).ok(), open(0.0, 5.0).ok()),
            level_filters: closed(1.0, 2.0).into_iter().collect(),
            window_levels: low_and_high([0.0, 13.0], 9999.0),
            day_levels: low_and_high([0.0, 13.0], 99999.0),
            values: multiplied(0.2),
            ..parameters
        },
    };
    configuration(platform, parameters)
}

fn minutes_filter(attenuation: Option<Range>, minutes: Option<Range>) -> Vec<MinutesFilter> {
    match (attenuation, minutes) {
        (Some(attenuation), Some(minutes)) => vec![MinutesFilter { attenuation, minutes }],
        _ => Vec::new(),
    }
}

/// The values of the levels 1 to 8 before they were served one by one: `level * multiplier`.
pub(crate) fn multiplied(multiplier: f64) -> Vec<LevelValue> {
    let value = |level: u32| Some(LevelValue { level, value: Score::new(f64::from(level) * multiplier).ok()? });
    (1..=8).filter_map(value).collect()
}
