//! What is said to be reachable at most is never exceeded, and is reached; and no configuration makes a lint panic.

use gaen::exposure::decision::{RiskRuleFile, Rule};
use gaen::exposure::{
    AttenuationThresholds, Beacon, Configuration, DailySummariesConfiguration, DiagnosisKeysDataMapping, Encounter,
    Infectiousness, InfectiousnessMap, InfectiousnessWeights, Operator, ReportTypeWeights, RiskConfiguration,
    RiskWeights, Score, Weight, WindowVerdict, exposures, maximum_risk_product, maximum_window_score, score_window,
    windows,
};
use gaen::keys::{BluetoothMetadata, CalibrationConfidence, DaysSinceOnset, ReportType, TransmissionRiskLevel};
use gaen::lint::{InspectedFile, LintCode, LintOptions, lint, lint_configuration};
use gaen::time::{RollingPeriod, UtcDay};
use gaen::{DiagnosisKey, EnIntervalNumber, Profile, RollingWindow};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::world::{condition, good, histogram, scores};

const START: u32 = 2_663_136;

fn risk() -> impl Strategy<Value = RiskConfiguration> {
    let table = || prop::array::uniform8(0_u8..=8);
    let weights = prop::array::uniform4(prop_oneof![Just(1.0), 0.0..=100.0]);
    (table(), table(), table(), table(), weights, 0_u16..=4096, prop_oneof![Just(0.0), 0.0..5000.0]).prop_map(
        |(attenuation, days, duration, transmission, weights, minimum_risk_score, full_range)| RiskConfiguration {
            attenuation_scores: scores(attenuation),
            days_scores: scores(days),
            duration_scores: scores(duration),
            transmission_scores: scores(transmission),
            weights: RiskWeights::new(weights).unwrap(),
            minimum_risk_score,
            minimum_risk_score_full_range: Score::new(full_range).unwrap(),
            ..RiskConfiguration::default()
        },
    )
}

fn daily() -> impl Strategy<Value = DailySummariesConfiguration> {
    let weight = || prop_oneof![Just(0.0), Just(1.0), 0.0..=2.5].prop_map(|factor| Weight::new(factor).unwrap());
    let thresholds = prop::collection::btree_set(any::<u8>(), 3).prop_map(|set| {
        let thresholds: Vec<_> = set.into_iter().collect();
        AttenuationThresholds::new(thresholds.try_into().unwrap()).unwrap()
    });
    let buckets = [weight(), weight(), weight(), weight()];
    let types = (weight(), weight(), weight(), weight());
    (thresholds, buckets, weight(), weight(), types, 0.0..30_000.0).prop_map(
        |(thresholds, bucket_weights, standard, high, types, minimum)| DailySummariesConfiguration {
            thresholds,
            bucket_weights,
            infectiousness_weights: InfectiousnessWeights { standard, high },
            report_type_weights: ReportTypeWeights {
                confirmed_test: types.0,
                confirmed_clinical_diagnosis: types.1,
                self_report: types.2,
                recursive: types.3,
            },
            days_since_exposure_threshold: 0,
            minimum_window_score: Score::new(minimum).unwrap(),
        },
    )
}

fn mapping() -> impl Strategy<Value = DiagnosisKeysDataMapping> {
    let infectiousness = || (0..=2).prop_map(|number| Infectiousness::from_number(number).unwrap());
    let map = prop::option::of(vec(infectiousness(), 29));
    (map, infectiousness(), 0..=5, any::<bool>()).prop_map(|(map, missing, report_type, recursive_enabled)| {
        DiagnosisKeysDataMapping {
            report_type_when_missing: ReportType::from_number(report_type),
            infectiousness_when_missing: missing,
            infectiousness: map.map(|days| InfectiousnessMap::new(days.try_into().unwrap())),
            recursive_enabled,
        }
    })
}

fn rule() -> impl Strategy<Value = Rule> {
    use Operator::{AtLeast, AtMost, Equal, LessThan, MoreThan, Nop};
    let operator = || prop::sample::select(vec![Nop, Equal, AtLeast, MoreThan, AtMost, LessThan]);
    let one = || (operator(), prop_oneof![any::<f64>(), -10.0..2000.0]).prop_map(|(op, value)| condition(op, value));
    let daily = [one(), one(), one(), one(), one()].prop_map(|conditions| {
        let [score_sum, weighted_duration_average, seconds, attenuation_max, attenuation_min] = conditions;
        let rule = RiskRuleFile {
            score_sum,
            weighted_duration_average,
            seconds,
            attenuation_max,
            attenuation_min,
            ..RiskRuleFile::default()
        };
        rule.rule()
    });
    prop_oneof![Just(Rule::risk_score()), Just(Rule::any_score()), daily]
}

fn profile() -> impl Strategy<Value = Profile> {
    prop::sample::select(Profile::ALL.to_vec())
}

fn key(level: u8, report_type: ReportType, days: Option<DaysSinceOnset>) -> DiagnosisKey {
    let window = RollingWindow::new(EnIntervalNumber::new(START), RollingPeriod::FULL_DAY).unwrap();
    DiagnosisKey {
        transmission_risk_level: TransmissionRiskLevel::new(level.into()).unwrap(),
        report_type,
        days_since_onset_of_symptoms: days,
        ..DiagnosisKey::new([7; 16], window)
    }
}

fn beacon(time: u64, previous_scan: Option<u64>, attenuation: u8) -> Beacon {
    // What attenuation a power of 20 dBm gives.
    let rssi = i8::try_from(20 - i16::from(attenuation)).unwrap();
    Beacon {
        interval: EnIntervalNumber::from_unix_seconds(time).unwrap(),
        time,
        previous_scan,
        rssi,
        metadata: BluetoothMetadata::v1_1(20, CalibrationConfidence::High),
        attenuation,
        stands_for_scan: true,
    }
}

/// Seconds after the start of the key, the time of the scan before, attenuation.
fn heard() -> impl Strategy<Value = Vec<Beacon>> {
    let one = (0_u64..86_400, prop::option::of(0_u64..700), 1_u8..=148);
    vec(one, 1..60).prop_map(|heard| {
        let start = EnIntervalNumber::new(START).unix_seconds();
        let mut beacons: Vec<_> = heard
            .into_iter()
            .map(|(time, before, attenuation)| {
                beacon(start + time, before.map(|before| start + time - before), attenuation)
            })
            .collect();
        beacons.sort_by_key(|beacon| beacon.time);
        beacons
    })
}

fn encounter(key: DiagnosisKey, beacons: Vec<Beacon>) -> [Encounter; 1] {
    [Encounter { source: 0, key, beacons, other_period: false }]
}

fn levels() -> impl Iterator<Item = TransmissionRiskLevel> {
    (0..=8).filter_map(TransmissionRiskLevel::new)
}

/// An exposure for each place of the tables and each level.
fn all_kinds(profile: Profile) -> Vec<(DiagnosisKey, Vec<Beacon>, u64)> {
    let start = EnIntervalNumber::new(START).unix_seconds();
    let mut kinds = Vec::new();
    for attenuation in [74, 64, 52, 34, 28, 16, 11, 10] {
        for scans in 0..=7 {
            for days in [14, 12, 10, 8, 6, 4, 2, 0] {
                for level in 0..=8 {
                    let scan = |number: u64| {
                        let time = start + 300 * number;
                        // No scans means one that follows at once on the one before.
                        beacon(time, Some(if scans == 0 { time } else { time - 300 }), attenuation)
                    };
                    let beacons = (0..scans.max(1)).map(scan).collect();
                    let now = start + days * 86_400;
                    kinds.push((key(level, ReportType::ConfirmedTest, None), beacons, now));
                }
            }
        }
    }
    assert_eq!(kinds.len(), 8 * 8 * 8 * 9, "{}", profile.name());
    kinds
}

/// Tables of which one score alone is not 0: whether an exposure comes to it is all that counts.
#[test]
fn each_score_is_reached_or_known_not_to_be() {
    let mapping = DiagnosisKeysDataMapping::default();
    for profile in Profile::ALL {
        let kinds = all_kinds(profile);
        for place in 0..8 {
            let mut one = [0; 8];
            one[place] = 8;
            let (one, all) = (scores(one), scores([1; 8]));
            let even = RiskConfiguration {
                attenuation_scores: all,
                days_scores: all,
                duration_scores: all,
                transmission_scores: all,
                ..RiskConfiguration::apple()
            };
            for risk in [
                RiskConfiguration { attenuation_scores: one, ..even.clone() },
                RiskConfiguration { days_scores: one, ..even.clone() },
                RiskConfiguration { duration_scores: one, ..even.clone() },
                RiskConfiguration { transmission_scores: one, ..even.clone() },
            ] {
                let products = kinds.iter().map(|(key, beacons, now)| {
                    let encounters = encounter(*key, beacons.clone());
                    exposures(&encounters, &mapping, &risk, profile, *now).found()[0].risk.product
                });
                let maximum = maximum_risk_product(&risk, levels(), profile);
                assert_eq!(products.fold(0.0, f64::max), maximum, "{} {risk:?}", profile.name());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn the_maximum_risk_score_is_reached(risk in risk(), profile in profile()) {
        let maximum = maximum_risk_product(&risk, levels(), profile);
        let mapping = DiagnosisKeysDataMapping::default();
        let products = all_kinds(profile).into_iter().map(|(key, beacons, now)| {
            let summary = exposures(&encounter(key, beacons), &mapping, &risk, profile, now);
            summary.found()[0].risk.product
        });
        prop_assert_eq!(products.fold(0.0, f64::max), maximum);
    }
}

proptest! {
    #[test]
    fn no_exposure_is_above_the_maximum_risk_score(
        risk in risk(), profile in profile(), beacons in heard(), level in 0_u8..=8, later in 0_u64..20 * 86_400,
    ) {
        let key = key(level, ReportType::ConfirmedTest, None);
        let now = key.window.start().unix_seconds() + later;
        let maximum = maximum_risk_product(&risk, [key.transmission_risk_level], profile);
        let summary = exposures(&encounter(key, beacons), &DiagnosisKeysDataMapping::default(), &risk, profile, now);
        for exposure in summary.found() {
            prop_assert!(exposure.risk.product <= maximum, "{:?} {maximum}", exposure.risk);
        }
        let configuration = Configuration { risk, ..Configuration::default() };
        let lints = lint_configuration(&configuration, profile);
        if lints.iter().any(|lint| lint.code == LintCode::RiskScoreUnreachable) {
            prop_assert_eq!(summary.maximum_risk_score, 0);
        }
    }

    #[test]
    fn no_window_is_above_the_maximum_score(
        daily in daily(), mapping in mapping(), profile in profile(), beacons in heard(),
        report_type in 0..=5, days in prop::option::of(-14..=14),
    ) {
        let key = key(4, ReportType::from_number(report_type), days.and_then(DaysSinceOnset::new));
        let infectiousness = mapping.infectiousness(key.days_since_onset_of_symptoms);
        let maximum = maximum_window_score(&daily, [infectiousness], [mapping.report_type(key.report_type)], profile);
        let configuration = Configuration { daily_summaries: daily, mapping, ..Configuration::default() };
        let lints = lint_configuration(&configuration, profile);
        let is_unreachable = lints.iter().any(|lint| lint.code == LintCode::WindowScoreUnreachable);
        for window in windows(&encounter(key, beacons), &configuration.mapping, profile) {
            let score = score_window(&window, &configuration.daily_summaries, UtcDay::EPOCH);
            prop_assert!(score.score <= maximum, "{score:?} {maximum}");
            prop_assert!(!is_unreachable || score.score == 0.0 || score.verdict != WindowVerdict::Counts, "{score:?}");
        }
    }

    #[test]
    fn the_maximum_score_of_a_window_is_reached(daily in daily(), profile in profile()) {
        let key = key(4, ReportType::SelfReport, None);
        let mapping = DiagnosisKeysDataMapping::default();
        let maximum = maximum_window_score(&daily, [Infectiousness::Standard], [ReportType::SelfReport], profile);
        let start = key.window.start().unix_seconds();
        let scores = profile.possible_attenuations().map(|attenuation| {
            let beacons = (0..70).map(|scan| start + 26 * scan).map(|time| beacon(time, Some(time - 300), attenuation));
            let windows = windows(&encounter(key, beacons.collect()), &mapping, profile);
            assert_eq!(windows.len(), 1);
            score_window(&windows[0], &daily, UtcDay::EPOCH).score
        });
        prop_assert_eq!(scores.fold(0.0, f64::max), maximum);
    }

    #[test]
    fn nothing_makes_a_lint_panic(
        risk in risk(), daily_summaries in daily(), mapping in mapping(), rule in rule(), profile in profile(),
        number in prop::option::of(any::<i32>()), second in any::<Option<u64>>(), count in any::<u64>(), one_day: bool,
    ) {
        let configuration = Configuration { risk, daily_summaries, mapping, rule };
        let mut world = good();
        world.another();
        let bin = world.bin();
        let values = histogram(&[(number, count), (None, u64::MAX)]);
        (bin.start_timestamp, bin.keys, bin.batch_num, bin.batch_size) = (second, count, number, number);
        let stats = &mut bin.keys_stats;
        stats.rolling_period = values.clone();
        stats.report_type = values.clone();
        stats.transmission_risk_level = values.clone();
        stats.days_since_onset_of_symptoms = values.clone();
        stats.rolling_start_day = values;
        (stats.rolling_start_min, stats.rolling_start_max) = (number, number);
        let files: Vec<InspectedFile> = world.files;
        let options = LintOptions { profile, one_day, ..LintOptions::default() };
        for lint in lint(&configuration, &files, &options) {
            prop_assert!(!lint.sentence.is_empty());
        }
    }
}
