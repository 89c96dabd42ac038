//! Random exposures: what was heard of some keys, what a health authority may configure, and the moment of judging.
//! Made by hand, so that also what no radio and no clock gives occurs.

use gaen::exposure::decision::{RiskRuleFile, Rule};
use gaen::exposure::{
    Assessment, AttenuationThresholds, Basis, Beacon, Condition, Configuration, DailySummariesConfiguration,
    DiagnosisKeysDataMapping, DurationThresholds, Encounter, Infectiousness, InfectiousnessMap, InfectiousnessWeights,
    Operator, ReportTypeWeights, RiskConfiguration, RiskScores, RiskWeights, Score, SearchedFiles, Weight,
    assess_encounters,
};
use gaen::keys::{BluetoothMetadata, CalibrationConfidence, DaysSinceOnset, ReportType, TransmissionRiskLevel};
use gaen::time::RollingPeriod;
use gaen::{DiagnosisKey, EnIntervalNumber, Profile, RollingWindow};
use proptest::prelude::*;
use proptest::sample::select;

/// All that an assessment is made of.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) encounters: Vec<Encounter>,
    pub(crate) configuration: Configuration,
    pub(crate) profile: Profile,
    pub(crate) now: u64,
}

impl World {
    pub(crate) fn assess(&self) -> Assessment {
        assess_encounters(&self.encounters, &self.basis(), &self.configuration, self.profile, self.now)
    }

    /// One file was searched for all that counts.
    pub(crate) fn basis(&self) -> Basis {
        let beacons = self.encounters.iter().flat_map(|encounter| &encounter.beacons);
        Basis::of_times(SearchedFiles::all(1), beacons.map(|beacon| beacon.time))
    }
}

/// Boxed, since three of them beside one another would take most of a thread's stack in code that is not optimised.
pub(crate) fn world() -> BoxedStrategy<World> {
    let encounters = prop::collection::vec(encounter(), 0..7);
    // 2106-02-07: where 32 bits of seconds end.
    let now = select(vec![0, 1_601_251_200, 1_602_000_000, 1 << 32, i64::MAX.unsigned_abs() + 1, u64::MAX]);
    (encounters, configuration(), select(Profile::ALL.to_vec()), now)
        .prop_map(|(mut encounters, configuration, profile, now)| {
            encounters.sort_by_key(|encounter| (encounter.key.window.start(), encounter.key.key_data));
            encounters.dedup_by_key(|encounter| (encounter.key.key_data, encounter.key.window));
            World { encounters, configuration, profile, now }
        })
        .boxed()
}

/// All that was heard of one key: beacons that follow on one another by whatever is an edge to some rule.
pub(crate) fn encounter() -> impl Strategy<Value = Encounter> {
    let gaps = vec![0, 0, 1, 3, 4, 5, 24, 25, 26, 59, 60, 149, 150, 151, 300, 599, 600, 601, 1799, 1800, 1801, 90_000];
    let beacon = (select(gaps), 0..3_u32, previous(), reading(), prop::bool::weighted(0.7));
    let starts = vec![1_601_078_400, 1_601_251_199, 0, (1 << 32) - 1000, u64::MAX - 700_000, u64::MAX];
    (key(), select(starts), prop::collection::vec(beacon, 0..24)).prop_map(|(key, start, heard)| {
        let mut time: u64 = start;
        let beacon = |(gap, interval, previous, (rssi, metadata), stands_for_scan): (
            u64,
            u32,
            Previous,
            (i8, BluetoothMetadata),
            bool,
        )| {
            time = time.saturating_add(gap);
            Beacon {
                interval: key.window.start().checked_add(interval).unwrap_or(key.window.start()),
                time,
                previous_scan: match previous {
                    Previous::Unknown => None,
                    Previous::Before(seconds) => Some(time.saturating_sub(seconds)),
                    Previous::After(seconds) => Some(time.saturating_add(seconds)),
                },
                rssi,
                metadata,
                attenuation: attenuation(metadata.tx_power(), rssi),
                stands_for_scan,
            }
        };
        let mut beacons: Vec<_> = heard.into_iter().map(beacon).collect();
        beacons.sort_by_key(|beacon| (beacon.time, beacon.interval));
        Encounter { source: 0, key, beacons, other_period: false }
    })
}

/// `max(tx_power - rssi, 0)`.
pub(crate) fn attenuation(tx_power: i8, rssi: i8) -> u8 {
    u8::try_from((i16::from(tx_power) - i16::from(rssi)).max(0)).unwrap()
}

#[derive(Clone, Copy, Debug)]
enum Previous {
    Unknown,
    Before(u64),
    After(u64),
}

fn previous() -> impl Strategy<Value = Previous> {
    prop_oneof![
        1 => Just(Previous::Unknown),
        3 => select(vec![0, 1, 59, 60, 61, 240, 299, 300, 304, 305, 3600, u64::MAX]).prop_map(Previous::Before),
        1 => select(vec![1, 60, u64::MAX]).prop_map(Previous::After),
    ]
}

fn reading() -> impl Strategy<Value = (i8, BluetoothMetadata)> {
    let power = prop_oneof![4 => -50..21_i8, 1 => select(vec![127_i8, -128])];
    let rssi = prop_oneof![4 => -100..0_i8, 1 => select(vec![127_i8, -128])];
    (rssi, power, any::<bool>()).prop_map(|(rssi, power, v1_1)| {
        let metadata = if v1_1 {
            BluetoothMetadata::v1_1(power, CalibrationConfidence::High)
        } else {
            BluetoothMetadata::v1_0(power)
        };
        (rssi, metadata)
    })
}

pub(crate) fn key() -> impl Strategy<Value = DiagnosisKey> {
    let starts = vec![2_668_464, 2_668_608, 0, 7_158_278, u32::MAX - 144];
    // Days since onset as a file has them: what is out of range is read as missing.
    let days = prop_oneof![-14..15_i32, select(vec![i32::MIN, i32::MAX, -15, 15])];
    (any::<[u8; 16]>(), select(starts), 1..145_u32, 0..9_i32, 0..6_i32, days).prop_map(
        |(bytes, start, period, level, report_type, days)| {
            let period = RollingPeriod::new(period).unwrap();
            DiagnosisKey {
                transmission_risk_level: TransmissionRiskLevel::new(level).unwrap(),
                report_type: ReportType::from_number(report_type),
                days_since_onset_of_symptoms: DaysSinceOnset::new(days),
                ..DiagnosisKey::new(bytes, RollingWindow::new(EnIntervalNumber::new(start), period).unwrap())
            }
        },
    )
}

pub(crate) fn configuration() -> impl Strategy<Value = Configuration> {
    (mapping(), daily_summaries(), risk(), rule()).prop_map(|(mapping, daily_summaries, risk, rule)| Configuration {
        mapping,
        daily_summaries,
        risk,
        rule,
    })
}

fn infectiousness() -> impl Strategy<Value = Infectiousness> {
    (0..3_i32).prop_map(|number| Infectiousness::from_number(number).unwrap())
}

fn mapping() -> impl Strategy<Value = DiagnosisKeysDataMapping> {
    let map =
        prop::collection::vec(infectiousness(), 29).prop_map(|days| InfectiousnessMap::new(days.try_into().unwrap()));
    (0..5_i32, infectiousness(), prop::option::of(map), any::<bool>()).prop_map(
        |(report_type, infectiousness_when_missing, infectiousness, recursive_enabled)| DiagnosisKeysDataMapping {
            report_type_when_missing: ReportType::from_number(report_type),
            infectiousness_when_missing,
            infectiousness,
            recursive_enabled,
        },
    )
}

/// A number of percent, as a configuration has it, or any double.
fn weight() -> impl Strategy<Value = Weight> {
    prop_oneof![
        4 => (0..251_u8).prop_map(|percent| f64::from(percent) / 100.0),
        2 => (0.0..=250.0_f64).prop_map(|percent| percent / 100.0),
    ]
    .prop_map(|factor| Weight::new(factor).unwrap())
}

fn score() -> impl Strategy<Value = Score> {
    prop_oneof![3 => Just(0.0), 2 => 0.0..3000.0_f64, 1 => select(vec![f64::MIN_POSITIVE, f64::MAX])]
        .prop_map(|score| Score::new(score).unwrap())
}

fn daily_summaries() -> impl Strategy<Value = DailySummariesConfiguration> {
    let thresholds = prop::collection::btree_set(any::<u8>(), 3)
        .prop_map(|set| AttenuationThresholds::new(Vec::from_iter(set).try_into().unwrap()).unwrap());
    let days = prop_oneof![2 => Just(0), 2 => 1..20_u32, 1 => Just(u32::MAX)];
    (thresholds, prop::array::uniform10(weight()), days, score()).prop_map(
        |(thresholds, [a, b, c, d, standard, high, test, clinical, own, recursive], days, minimum_window_score)| {
            DailySummariesConfiguration {
                thresholds,
                bucket_weights: [a, b, c, d],
                infectiousness_weights: InfectiousnessWeights { standard, high },
                report_type_weights: ReportTypeWeights {
                    confirmed_test: test,
                    confirmed_clinical_diagnosis: clinical,
                    self_report: own,
                    recursive,
                },
                days_since_exposure_threshold: days,
                minimum_window_score,
            }
        },
    )
}

fn risk() -> impl Strategy<Value = RiskConfiguration> {
    let scores = || prop::array::uniform8(0..9_u8).prop_map(|scores| RiskScores::new(scores).unwrap());
    let thresholds = any::<(u8, u8)>().prop_map(|(a, b)| DurationThresholds::new([a.min(b), a.max(b)]).unwrap());
    let weights = prop::array::uniform4(prop_oneof![2 => Just(1.0), 1 => 0.0..=100.0_f64, 1 => Just(0.0)])
        .prop_map(|weights| RiskWeights::new(weights).unwrap());
    let minimum = prop_oneof![0..4_u16, 0..300_u16, 0..4097_u16];
    (scores(), scores(), scores(), scores(), weights, minimum, score(), thresholds).prop_map(
        |(attenuation, days, duration, transmission, weights, minimum, full_range, duration_thresholds)| {
            RiskConfiguration {
                attenuation_scores: attenuation,
                days_scores: days,
                duration_scores: duration,
                transmission_scores: transmission,
                weights,
                minimum_risk_score: minimum,
                minimum_risk_score_full_range: full_range,
                duration_thresholds,
            }
        },
    )
}

fn rule() -> impl Strategy<Value = Rule> {
    let operators = {
        use Operator::{AtLeast, AtMost, Equal, LessThan, MoreThan, Nop};
        vec![Nop, Nop, Equal, AtLeast, MoreThan, AtMost, LessThan]
    };
    let threshold = prop_oneof![
        4 => (0..40_u32).prop_map(|minutes| f64::from(minutes) * 60.0),
        1 => select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, f64::MAX]),
    ];
    let condition = (select(operators), threshold).prop_map(|(op, threshold)| Condition { op, threshold });
    prop_oneof![
        Just(Rule::any_score()),
        Just(Rule::risk_score()),
        prop::array::uniform5(condition).prop_map(|[a, b, c, d, e]| {
            let file = RiskRuleFile {
                score_sum: a,
                weighted_duration_average: b,
                seconds: c,
                attenuation_max: d,
                attenuation_min: e,
                ..RiskRuleFile::default()
            };
            file.rule()
        }),
    ]
}
