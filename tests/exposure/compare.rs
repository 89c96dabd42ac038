//! What differs between two assessments, told thing by thing.
use gaen::exposure::decision::{RiskRuleFile, Rule};
use gaen::exposure::{
    Assessment, Basis, Beacon, ChangeCode, ComparedValue, Configuration, Encounter, Operator, RiskConfiguration,
    SearchedFiles, Weight, assess_encounters, compare,
};
use gaen::keys::{BluetoothMetadata, CalibrationConfidence, ReportType};
use gaen::time::RollingPeriod;
use gaen::{DiagnosisKey, EnIntervalNumber, Profile, RollingWindow};

/// 2020-08-20 00:00 UTC.
const START: u64 = 1_597_881_600;
const KEY: &str = "07070707070707070707070707070707";

/// Twenty minutes at 30 dB, a scan every five minutes.
fn encounters(byte: u8) -> Vec<Encounter> {
    let window = RollingWindow::new(EnIntervalNumber::from_unix_seconds(START).unwrap(), RollingPeriod::FULL_DAY);
    let key = DiagnosisKey { report_type: ReportType::ConfirmedTest, ..DiagnosisKey::new([byte; 16], window.unwrap()) };
    let beacon = |scan: u64| {
        let time = START + 600 + 300 * scan;
        Beacon {
            interval: EnIntervalNumber::from_unix_seconds(time).unwrap(),
            time,
            previous_scan: Some(time - 300),
            rssi: -50,
            metadata: BluetoothMetadata::v1_1(-20, CalibrationConfidence::High),
            attenuation: 30,
            stands_for_scan: true,
        }
    };
    vec![Encounter { source: 0, key, beacons: (0..4).map(beacon).collect(), other_period: false }]
}

fn of(encounters: &[Encounter], configuration: &Configuration, profile: Profile) -> Assessment {
    let basis = Basis::of_times(SearchedFiles::all(1), [START]);
    assess_encounters(encounters, &basis, configuration, profile, START + 86_400)
}

#[test]
fn the_same_is_the_same() {
    for profile in Profile::ALL {
        let assessment = of(&encounters(7), &Configuration::default(), profile);
        let comparison = compare(&assessment, &assessment);
        assert!(comparison.is_same(), "{comparison}");
        assert_eq!(comparison.to_string(), format!("{0} and {0}: no difference\n", profile.name()));
    }
}

#[test]
fn profiles_differ_where_their_rules_do() {
    // The level is 0, so Google's rules count it as 1 and Apple's by the first score.
    let configuration = Configuration {
        risk: RiskConfiguration { minimum_risk_score: 21, ..RiskConfiguration::apple() },
        rule: Rule::risk_score(),
        ..Configuration::default()
    };
    let google = of(&encounters(7), &configuration, Profile::Google);
    let apple = of(&encounters(7), &configuration, Profile::AppleV1);
    let comparison = compare(&google, &apple);
    let value = |path: &str| {
        let change = comparison.changes.iter().find(|change| change.path == path);
        change.map(|change| (change.code, change.left.clone(), change.right.clone(), change.difference))
    };
    let exposure = format!("v1.exposures.{KEY}.{}.attenuation_value", START + 600);
    let integers = |left, right, difference| {
        (Some(ComparedValue::Integer(left)), Some(ComparedValue::Integer(right)), Some(difference))
    };
    let (left, right, difference) = integers(30, 5, -25.0);
    assert_eq!(value(&exposure), Some((ChangeCode::ExposureValue, left, right, difference)), "{comparison}");
    assert_eq!(value("decision.verdict"), None, "both scores are over the minimum");

    let back = compare(&apple, &google);
    assert_eq!(back.changes.len(), comparison.changes.len());
    for (change, reversed) in comparison.changes.iter().zip(&back.changes) {
        assert_eq!((&change.path, &change.left, &change.right), (&reversed.path, &reversed.right, &reversed.left));
        assert_eq!(change.difference, reversed.difference.map(|difference| -difference));
    }
}

#[test]
fn configurations_change_days_and_the_decision() {
    let rule = RiskRuleFile {
        score_sum: gaen::exposure::Condition { op: Operator::AtLeast, threshold: 1200.0 },
        ..RiskRuleFile::default()
    };
    let left = Configuration { rule: rule.rule(), ..Configuration::default() };
    let mut right = left.clone();
    right.daily_summaries.bucket_weights[0] = Weight::new(0.5).unwrap();
    right.mapping.infectiousness_when_missing = gaen::exposure::Infectiousness::High;
    let comparison = compare(&of(&encounters(7), &left, Profile::Google), &of(&encounters(7), &right, Profile::Google));
    let lines: Vec<_> = comparison.changes.iter().map(ToString::to_string).collect();
    let expected = [
        format!("windows.{KEY}.{}.infectiousness: standard -> high", START + 600),
        "daily_summaries.2020-08-20.score_sum: 1200 -> 600 (-600)".into(),
        "daily_summaries.2020-08-20.maximum_score: 1200 -> 600 (-600)".into(),
        "daily_summaries.2020-08-20.weighted_duration_sum: 1200 -> 600 (-600)".into(),
        "daily_summaries.2020-08-20.by_report_type.confirmed_test.score_sum: 1200 -> 600 (-600)".into(),
        "daily_summaries.2020-08-20.by_report_type.confirmed_test.maximum_score: 1200 -> 600 (-600)".into(),
        "daily_summaries.2020-08-20.by_report_type.confirmed_test.weighted_duration_sum: 1200 -> 600 (-600)".into(),
        "decision.verdict: notify -> do_not_notify".into(),
        "decision.days: 2020-08-20 -> ".into(),
        "decision.reasons.2020-08-20: score_sum 1200 is >= 1200 -> score_sum 600 is not >= 1200".into(),
    ];
    assert_eq!(lines, expected);
}

#[test]
fn what_only_one_has_is_told_once() {
    let configuration = Configuration::default();
    let some = of(&encounters(7), &configuration, Profile::Google);
    let none = of(&[], &configuration, Profile::Google);
    let comparison = compare(&some, &none);
    let codes: Vec<_> = comparison.changes.iter().map(|change| change.code).collect();
    use ChangeCode::{DayOnlyInOne, DecisionDays, ExposureOnlyInOne, Reason, SummaryValue, Verdict, WindowOnlyInOne};
    let (one, summary) = ([WindowOnlyInOne, DayOnlyInOne, ExposureOnlyInOne], [SummaryValue; 7]);
    assert_eq!(codes, [&one[..], &summary, &[Verdict, DecisionDays, Reason, Reason]].concat(), "{comparison}");
    assert!(comparison.changes.iter().take(3).all(|change| change.left.is_some() && change.right.is_none()));
    assert_eq!(comparison.changes[0].left, Some(ComparedValue::Integer(1200)));

    // Two keys of the same times are two things.
    let other = compare(&some, &of(&encounters(8), &configuration, Profile::Google));
    assert_eq!(other.changes.iter().filter(|change| change.code == WindowOnlyInOne).count(), 2);
}

#[test]
fn a_report_type_that_only_one_has() {
    let mut right = Configuration::default();
    right.mapping.report_type_when_missing = ReportType::SelfReport;
    let mut untyped = encounters(7);
    untyped[0].key.report_type = ReportType::Unknown;
    let left = of(&untyped, &Configuration::default(), Profile::Google);
    let comparison = compare(&left, &of(&untyped, &right, Profile::Google));
    let lines: Vec<_> = comparison.changes.iter().map(|change| change.path.clone()).collect();
    let window = format!("windows.{KEY}.{}.report_type", START + 600);
    let types = ["confirmed_test", "self_report"];
    let types = types.map(|name| format!("daily_summaries.2020-08-20.by_report_type.{name}"));
    assert_eq!(lines, [&[window][..], &types].concat());
}

#[test]
fn scans_that_only_one_counts() {
    let configuration = Configuration::default();
    let (left, mut right) = (encounters(7), encounters(7));
    right[0].beacons[3].attenuation = 41;
    right[0].beacons.remove(1);
    let [left, right] = [left, right].map(|heard| of(&heard, &configuration, Profile::Google));
    let comparison = compare(&left, &right);
    let scans = comparison.changes.iter().find(|change| change.code == ChangeCode::WindowScans).unwrap();
    let near = "300 s 30/30 dB";
    let (four, three) = ([near; 4].join(", "), [near, near, "300 s 41/41 dB"].join(", "));
    let path = format!("windows.{KEY}.{}.scan_instances", START + 600);
    assert_eq!(scans.to_string(), format!("{path}: {four} -> {three}"));
}

#[test]
fn changes_are_data() {
    let configuration = Configuration::default();
    let some = of(&encounters(7), &configuration, Profile::Google);
    let none = of(&[], &configuration, Profile::Google);
    let json = serde_json::to_value(compare(&none, &some)).unwrap();
    assert_eq!(json["left_profile"], "google");
    let expected = serde_json::json!({
        "code": "day_only_in_one", "path": "daily_summaries.2020-08-20", "left": null, "right": 1200.0, "difference": null,
    });
    assert_eq!(json["changes"][1], expected);
}
