//! The faults of COCOA that reached millions: each under the configuration of its time, and what shows it.
use std::path::PathBuf;

use gaen::cocoa::{ExposureData, ExposureLog, LoggedScores, LoggedSummary, LoggedWindow};
use gaen::export::{ExportBuilder, ReadOptions, Signer};
use gaen::exposure::Preset;
use gaen::exposure::{
    Assessment, Basis, DailySummariesConfiguration, DailySummary, Encounter, Explanation, ExposureExplanation,
    ExposureWindow, Infectiousness, KeyExplanation, Records, ScanInstance, SearchedFiles, Totals, Verdict, assess,
    daily_summaries, explain,
};
use gaen::keys::{BluetoothMetadata, CalibrationConfidence, ReportType, TransmissionRiskLevel};
use gaen::lint::{InspectedFile, LintCode, LintOptions, Severity, lint, lint_configuration};
use gaen::time::{RollingPeriod, UtcDay, UtcOffset};
use gaen::{DiagnosisKey, EnIntervalNumber, Match, Matcher, Profile, RollingWindow, Sighting, SightingIndex};

const SCAN_INTERVAL: u64 = 300;

/// What a lint of this preset says about this.
fn linted(preset: Preset, profile: Profile, code: LintCode) -> Option<String> {
    let lints = lint_configuration(&preset.configuration(profile), profile);
    lints.into_iter().find(|lint| lint.code == code).map(|lint| lint.sentence)
}

fn day(text: &str) -> UtcDay {
    text.parse().unwrap()
}

/// The moment at which a clock in Japan shows this.
fn jst(text: &str) -> u64 {
    UtcOffset::JST.moment(text.parse().unwrap()).unwrap()
}

/// A key of a UTC day with this transmission risk level.
fn key(number: u8, day: UtcDay, level: i32) -> DiagnosisKey {
    let start = EnIntervalNumber::from_unix_seconds(day.start()).unwrap();
    let window = RollingWindow::new(start, RollingPeriod::FULL_DAY).unwrap();
    DiagnosisKey {
        transmission_risk_level: TransmissionRiskLevel::new(level).unwrap(),
        ..DiagnosisKey::new([number; 16], window)
    }
}

/// So many minutes, a multiple of five, near the key's owner: a scan every five, each with this attenuation.
fn contact(key: &DiagnosisKey, start: u64, minutes: u64, attenuation: i8) -> Vec<Match> {
    let scans = (0..minutes * 60 / SCAN_INTERVAL).map(|scan| start + scan * SCAN_INTERVAL);
    let heard = scans.map(|time| {
        let rpi = key.identifier_key().identifier(EnIntervalNumber::from_unix_seconds(time).unwrap());
        let metadata = BluetoothMetadata::v1_1(0, CalibrationConfidence::High);
        let aem = key.metadata_key().encrypt(&rpi, metadata);
        Sighting { previous_scan: Some(time - SCAN_INTERVAL), ..Sighting::new(rpi, aem.as_bytes(), -attenuation, time) }
    });
    let index = SightingIndex::new(heard.collect()).unwrap();
    Matcher::new(&index).match_keys(&[*key]).matches
}

/// What a contact amounts to, two days after it, and why.
fn judged(matches: &[Match], preset: Preset, profile: Profile) -> (Assessment, Explanation) {
    let configuration = preset.configuration(profile);
    let now = matches[0].time + 2 * 86_400;
    let basis = Basis::of_times(SearchedFiles::all(1), matches.iter().map(|found| found.time));
    let records = Records { basis: &basis, encounters: &Encounter::of(matches), dropped: &[], files: &[] };
    (assess(matches, &basis, &configuration, profile, now), explain(&records, &configuration, profile, now))
}

/// The one key and the one exposure of an explanation.
fn only(explanation: &Explanation) -> (&KeyExplanation, &ExposureExplanation) {
    let [key] = &explanation.keys[..] else { panic!("{explanation}") };
    let [exposure] = &key.exposures[..] else { panic!("{explanation}") };
    (key, exposure)
}

/// From 2020-09-28 to 2021-02-18 nobody with Android was notified: the server gave keys no transmission risk level, and
/// that is factor 1 at Google and the table's first score, 7, at Apple.
#[test]
fn without_a_level_twenty_minutes_at_30_db_notify_on_ios_and_not_on_android() {
    let (android, ios) = (Profile::Google, Profile::AppleV1);
    for (level, profile, product, score) in
        [(0, android, 5.0, 0), (0, ios, 35.0, 35), (4, android, 35.0, 35), (4, ios, 35.0, 35)]
    {
        let key = key(1, day("2020-10-01"), level);
        let matches = contact(&key, jst("2020-10-01 12:00"), 20, 30);
        let (assessment, explanation) = judged(&matches, Preset::CocoaV1_1_4, profile);
        let [exposure] = &assessment.v1.exposures[..] else { panic!("{assessment:?}") };
        assert_eq!((exposure.duration, exposure.attenuation), (1200, 30), "level {level}, {profile:?}");
        assert_eq!((exposure.risk.product, exposure.risk.score), (product, score), "level {level}, {profile:?}");
        assert_eq!(assessment.decision.verdict == Verdict::Notify, score > 0, "level {level}, {profile:?}");

        let (key, exposure) = only(&explanation);
        let transmission = exposure.factors.iter().find(|factor| factor.name == "transmission").unwrap();
        if (level, profile) == (0, android) {
            assert_eq!(transmission.factor.score, 1);
            assert_eq!(transmission.rule, "a key without a level has the factor 1 in Google's rules");
            let reason = key.first_reason.as_ref().unwrap();
            assert_eq!(reason.code, "below_minimum_risk_score");
            assert_eq!(reason.text, "the product 5 is below the minimum risk score 21");
        } else {
            assert_eq!((transmission.factor.score, &key.first_reason), (7, &None));
        }
    }
}

/// It was no matter of distance or time.
#[test]
fn without_a_level_no_contact_at_all_could_notify_on_android() {
    let key = key(1, day("2020-10-01"), 0);
    let risks = (0..=100).flat_map(|attenuation| {
        let key = &key;
        [5, 20, 30, 60, 180].map(|minutes| {
            let matches = contact(key, jst("2020-10-01 12:00"), minutes, attenuation);
            let (assessment, _) = judged(&matches, Preset::CocoaV1_1_4, Profile::Google);
            assert_eq!((assessment.decision.verdict, assessment.v1.matched_key_count), (Verdict::DoNotNotify, 1));
            assessment.v1.exposures[0].risk
        })
    });
    let best = risks.max_by(|a, b| a.product.total_cmp(&b.product)).unwrap();
    assert_eq!((best.product, best.score), (8.0, 0));
}

/// The lint says so of the configuration, and of the files with keys without a level that nothing in them can score.
#[test]
fn a_lint_says_that_keys_without_a_level_reach_8_and_the_minimum_is_21() {
    let lint_of_levels = |profile| linted(Preset::CocoaV1_1_4, profile, LintCode::LevelsCannotScore);
    let sentence = "keys of level 0 cannot score: they reach 8 at most, and the minimum is 21";
    assert_eq!(lint_of_levels(Profile::Google).as_deref(), Some(sentence));
    assert_eq!(lint_of_levels(Profile::AppleV1), None);

    let date = day("2020-10-01");
    let signer = Signer::generate("440", "v1", &mut rand::rng());
    for (level, profile, expected) in [
        (
            0,
            Profile::Google,
            Some("maximum reachable score 8 is below the minimum 21: nothing can score (all keys are of level 0)"),
        ),
        (0, Profile::AppleV1, None),
        (4, Profile::Google, None),
    ] {
        let export = ExportBuilder::new("440", date.start(), date.end()).keys([key(1, date, level)]);
        let file = export.build([&signer], &mut rand::rng()).unwrap().remove(0);
        let inspected = InspectedFile::of("1.zip", &file.zip, &ReadOptions::default());
        let lints = lint(
            &Preset::CocoaV1_1_4.configuration(profile),
            &[inspected],
            &LintOptions { profile, ..LintOptions::default() },
        );
        let found = lints.iter().find(|lint| lint.code == LintCode::RiskScoreUnreachable);
        assert_eq!(found.map(|lint| (&*lint.sentence, lint.severity)), expected.map(|text| (text, Severity::Error)));
    }
}

/// The puzzle of August and September 2020: the phone notified, and the app showed nothing. Whenever a key matched the
/// app asked for details, and at that iOS notified by itself; only then did the minimum score empty the list.
#[test]
fn a_push_without_a_contact_is_a_key_that_matched_and_did_not_score() {
    let log = r#"{"Hash":"00","MatchCount":1,"KeyCount":7,"AppBundleIdentifier":"jp.go.mhlw.covid19radar",
        "Timestamp":"2020-09-06 00:21:25 +0900"}"#;
    assert_eq!(ExposureLog::read(log.as_bytes()).unwrap().entries[0].matches, Some(1));

    let key = key(1, day("2020-08-31"), 0);
    for (preset, minutes, attenuation, code, text) in [
        (Preset::CocoaV1_1_3, 20, 40, "attenuation_score_zero", "the attenuation score for 40 dB is 0"),
        (Preset::CocoaV1_1_3, 15, 20, "duration_score_zero", "the duration score for 15 min is 0"),
        (Preset::CocoaV1_1_4, 15, 20, "duration_score_zero", "the duration score for 15 min is 0"),
        (Preset::CocoaV1_1_4, 20, 70, "below_minimum_risk_score", "the product 14 is below the minimum risk score 21"),
    ] {
        let matches = contact(&key, jst("2020-08-31 19:00"), minutes, attenuation);
        let (assessment, explanation) = judged(&matches, preset, Profile::AppleV1);
        let summary = &assessment.v1;
        // What iOS counted, and what the app was given.
        assert_eq!((summary.matched_key_count, summary.maximum_risk_score), (1, 0), "{}", preset.name());
        assert_eq!(assessment.decision.verdict, Verdict::DoNotNotify);

        let (key, _) = only(&explanation);
        assert!(key.matched.yes && !key.scored_v1.yes && !key.notified.yes, "{}", preset.name());
        let reason = key.scored_v1.reason.as_ref().unwrap();
        assert_eq!((reason.code, reason.text.as_str()), (code, text));
        assert_eq!(key.notified.reason.as_ref().unwrap().code, "risk_score_zero");
        assert_eq!(key.first_reason.as_ref(), Some(reason));
    }
}

/// With app 1.1.3 a metre and a half was too far.
#[test]
fn in_1_1_3_nothing_above_33_db_scored() {
    let key = key(1, day("2020-09-01"), 4);
    let furthest = |preset: Preset, profile| {
        let scores = |attenuation: &i8| {
            let matches = contact(&key, jst("2020-09-01 12:00"), 30, *attenuation);
            let (assessment, explanation) = judged(&matches, preset, profile);
            let (_, exposure) = only(&explanation);
            let scores = assessment.v1.maximum_risk_score > 0;
            assert_eq!(scores, exposure.reason.is_none());
            if preset == Preset::CocoaV1_1_3 && !scores {
                assert_eq!(exposure.reason.as_ref().unwrap().code, "attenuation_score_zero", "{attenuation} dB");
            }
            scores
        };
        let scoring: Vec<_> = (1..=100).filter(scores).collect();
        assert!(scoring.iter().copied().eq(1..=*scoring.last().unwrap()), "{} {scoring:?}", preset.name());
        scoring.last().copied().unwrap()
    };
    for profile in [Profile::Google, Profile::AppleV1] {
        let presets = [Preset::CocoaV1_0_0, Preset::CocoaV1_1_3, Preset::CocoaV1_1_4];
        assert_eq!(presets.map(|preset| furthest(preset, profile)), [100, 33, 63], "{}", profile.name());

        // Which a lint would have said of the table.
        let sentences = presets.map(|preset| linted(preset, profile, LintCode::OnlyNearestScores));
        assert_eq!(sentences, [None, Some("only attenuations up to 33 dB can score (minimum 1)".to_owned()), None]);
        let further = linted(Preset::CocoaV1_1_4, profile, LintCode::AttenuationsCannotScore).unwrap();
        assert_eq!(further, "only attenuations up to 63 dB can score (minimum 21)");
    }
}

/// The days of keys, of windows and of summaries are those of UTC. The app showed them as if they were Japan's.
#[test]
fn a_contact_before_nine_in_japan_is_on_the_day_before() {
    let contact_at = |time: &str| {
        let time = jst(time);
        let matches = contact(&key(1, UtcDay::from_unix_seconds(time), 4), time, 20, 55);
        let (assessment, explanation) = judged(&matches, Preset::CocoaV2, Profile::Google);
        let date = assessment.windows[0].date();
        assert_eq!(assessment.daily_summaries[0].date, date);
        assert_eq!(assessment.decision.days, [date], "a score of 3000 in 1200 s notifies");
        assert_eq!((explanation.keys[0].date, explanation.keys[0].windows[0].date), (date, date));
        // What a report says instead: from when to when that day lasts on the user's clock.
        let (range, local) = (date.local_range(UtcOffset::JST), UtcOffset::JST.local(time));
        assert!(range.start <= local && local < range.end, "{local} is not in {range}");
        (date, range.to_string())
    };
    let (date, range) = contact_at("2020-08-21 03:00");
    assert_eq!(date, day("2020-08-20"), "the user was there on the 21st");
    assert_eq!(range, "2020-08-20 09:00 to 2020-08-21 09:00 (UTC+09:00)");
    for hour in 0..24 {
        let shown = if hour < 9 { "2020-08-20" } else { "2020-08-21" };
        assert_eq!(contact_at(&format!("2020-08-21 {hour:02}:00")).0, day(shown), "{hour} o'clock");
    }
}

/// The app crashed on two summaries of one day. They have a sum, whoever comes first.
#[test]
fn two_summaries_of_one_day_are_merged() {
    let (date, noon) = (day("2022-02-10"), jst("2022-02-10 12:00"));
    let tested = key(1, date, 4);
    let reported = DiagnosisKey { report_type: ReportType::SelfReport, ..key(2, date, 4) };
    let [near, far] = [contact(&tested, noon, 30, 50), contact(&reported, noon + 7200, 10, 70)];
    let summaries = |matches: &[Match]| judged(matches, Preset::CocoaV2, Profile::Google).0.daily_summaries;
    let (first, second) = (&summaries(&near)[0], &summaries(&far)[0]);
    assert_eq!((first.date, first.date), (date, second.date));
    assert_ne!(first, second);

    // Of one call there is one summary a day, and merging those of two calls comes to the same.
    let both = summaries(&[near, far].concat());
    let [at_once] = &both[..] else { panic!("{both:?}") };
    assert_eq!(first.merged(second).as_ref(), Some(at_once));
    assert_eq!(second.merged(first).as_ref(), Some(at_once));
    assert_eq!(at_once.day_total, Totals { score_sum: 4506.0, maximum_score: 4500.0, weighted_duration_sum: 4506.0 });
    let types: Vec<_> = at_once.by_report_type.iter().map(|(report_type, _)| *report_type).collect();
    assert_eq!(types, [ReportType::ConfirmedTest, ReportType::SelfReport]);

    let another_day = DailySummary { date: date.checked_add(1).unwrap(), ..second.clone() };
    assert_eq!(first.merged(&another_day), None);
}

/// A document of the library that COCOA 2 used, from a real phone.
fn chino(name: &str) -> Option<ExposureData> {
    let Some(folder) = std::env::var_os("GAEN_COCOA") else {
        eprintln!("GAEN_COCOA is not set: NO real exposure window is scored");
        return None;
    };
    let document = std::fs::read(PathBuf::from(folder).join(name)).unwrap();
    Some(ExposureLog::read(&document).unwrap().exposure_data.unwrap())
}

/// A phone does not tell whose windows they are, nor at what time of the day.
fn window(logged: &LoggedWindow) -> ExposureWindow {
    let date = logged.date.day().unwrap();
    let number = |number: Option<i64>| i32::try_from(number.unwrap()).unwrap();
    let scan = |scan: &gaen::cocoa::LoggedScan| ScanInstance {
        typical_attenuation: scan.typical_attenuation_db.try_into().unwrap(),
        min_attenuation: scan.min_attenuation_db.try_into().unwrap(),
        seconds_since_last_scan: scan.seconds_since_last_scan,
    };
    ExposureWindow {
        key: key(0, date, 0),
        start: date.start(),
        report_type: ReportType::from_number(number(logged.report_type)),
        infectiousness: Infectiousness::from_number(number(logged.infectiousness)).unwrap(),
        calibration_confidence: CalibrationConfidence::High,
        scan_instances: logged.scans.iter().map(scan).collect(),
    }
}

fn totals(logged: Option<LoggedScores>) -> Totals {
    let LoggedScores { maximum, sum, weighted_duration } = logged.unwrap();
    Totals { score_sum: sum, maximum_score: maximum, weighted_duration_sum: weighted_duration }
}

/// What a real phone made of its 200 and more windows is what this library makes of them.
#[test]
fn the_summaries_of_a_real_phone() {
    let (Some(windows), Some(expected)) =
        (chino("chino_test_exposure_windows.json"), chino("chino_test_daily_summaries.json"))
    else {
        return;
    };
    let windows: Vec<_> = windows.exposure_windows.iter().map(window).collect();
    let now = windows.iter().map(|window| window.start).max().unwrap();
    // The app asked for a weight of 1 everywhere.
    let summaries = daily_summaries(&windows, &DailySummariesConfiguration::default(), Profile::Google, now);

    let by_day = |logged: &LoggedSummary| (logged.date.day().unwrap(), *logged);
    let expected: std::collections::BTreeMap<_, _> = expected.daily_summaries.iter().map(by_day).collect();
    assert!(windows.len() > 100 && expected.len() >= 4, "{} windows, {} days", windows.len(), expected.len());
    assert!(summaries.iter().map(|summary| summary.date).eq(expected.keys().copied()));
    for (summary, logged) in summaries.iter().zip(expected.values()) {
        assert_eq!(summary.day_total, totals(logged.day), "{}", summary.date);
        for (report_type, logged) in [
            (ReportType::ConfirmedTest, logged.confirmed_test),
            (ReportType::ConfirmedClinicalDiagnosis, logged.confirmed_clinical_diagnosis),
            (ReportType::SelfReport, logged.self_reported),
            (ReportType::Recursive, logged.recursive),
        ] {
            let found = summary.by_report_type.iter().find(|(of, _)| *of == report_type);
            let found = found.map(|(_, totals)| *totals).unwrap_or_default();
            assert_eq!(found, totals(logged), "{} {}", summary.date, report_type.name());
        }
    }
}
