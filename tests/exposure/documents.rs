//! Configurations, results and explanations as documents: what is written is read again, and what is not meant to be
//! told is not in it.
use std::collections::BTreeSet;

use crate::cases::cases;
use crate::worlds::{World, configuration, key, world};
use gaen::exposure::decision::{RiskRuleFile, Rule, Window};
use gaen::exposure::{
    Basis, Beacon, Configuration, ConfigurationError, DailySummary, Encounter, ExplainedFile, Explanation,
    PlatformConfiguration, Preset, Records, RiskConfiguration, RiskScores, RiskWeights, Score, SearchedFiles,
    StoredKey, StoredKeys, Verdict, Weight, explain, windows,
};
use gaen::keys::{BluetoothMetadata, CalibrationConfidence};
use gaen::matching::HeardMetadata;
use gaen::time::RollingPeriod;
use gaen::{EnIntervalNumber, Match, Matcher, Profile, RollingWindow, Sighting, SightingIndex};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

impl World {
    fn explain(&self, files: &[ExplainedFile]) -> Explanation {
        let basis = self.basis();
        let records = Records { basis: &basis, encounters: &self.encounters, dropped: &[], files };
        explain(&records, &self.configuration, self.profile, self.now)
    }
}

/// The part of a configuration that the blocks of this profile have a place for.
fn with_a_place(mut configuration: Configuration, profile: Profile) -> Configuration {
    configuration.rule = Rule::default();
    let risk = &mut configuration.risk;
    match profile {
        Profile::Google | Profile::GoogleGuarded => {
            risk.minimum_risk_score = risk.minimum_risk_score.max(1);
            (risk.weights, risk.minimum_risk_score_full_range) = (RiskWeights::default(), Score::default());
        }
        _ => {
            risk.minimum_risk_score = risk.minimum_risk_score.min(255);
            configuration.daily_summaries.minimum_window_score = Score::default();
        }
    }
    configuration
}

/// The ways to everything in a document that is no object.
fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                leaves(value, &format!("{path}/{name}"), found);
            }
        }
        Value::Array(items) => {
            found.push(path.to_owned());
            items.iter().enumerate().for_each(|(place, value)| leaves(value, &format!("{path}/{place}"), found));
        }
        _ => found.push(path.to_owned()),
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let numbers = vec![json!(i64::MIN), json!(u64::MAX), json!(1e300), json!(-0.5), json!(-1), json!(0), json!(300)];
    let others = vec![json!(null), json!(true), json!("1"), json!([]), json!({}), json!([1, 2]), json!({ "1": 1 })];
    prop_oneof![select(numbers), select(others)]
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn a_configuration_that_is_written_is_read_again(
        configuration in configuration(), profile in select(Profile::ALL.to_vec()),
    ) {
        let configuration = with_a_place(configuration, profile);
        let text = serde_json::to_string(&PlatformConfiguration::new(&configuration)).unwrap();
        let read: PlatformConfiguration = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(read.configuration(profile, configuration.rule.clone()), Ok(configuration));
        prop_assert_eq!(serde_json::to_string(&read).unwrap(), text);
    }

    /// The JSON of a framework's window has the key as well, without its period: an app's window is read from it.
    #[test]
    fn an_app_s_window_is_read_from_either_json(world in world()) {
        for window in windows(&world.encounters, &world.configuration.mapping, world.profile) {
            let expected = Window::from(&window);
            let of_framework = serde_json::to_value(&window).unwrap();
            prop_assert_eq!(&serde_json::from_value::<Window>(of_framework).unwrap(), &expected);
            let own = serde_json::to_value(&expected).unwrap();
            prop_assert!(own.get("tek").is_none() && own.get("start").is_none());
            prop_assert_eq!(serde_json::from_value::<Window>(own).unwrap(), expected);
        }
    }

    #[test]
    fn a_weight_of_any_percent_is_written_as_what_is_read_as_the_same(percent in 0.0..=250.0_f64) {
        let weight = Weight::new(percent / 100.0).unwrap();
        let mut configuration = Configuration::default();
        configuration.daily_summaries.bucket_weights[0] = weight;
        let text = serde_json::to_string(&PlatformConfiguration::new(&configuration)).unwrap();
        let read: PlatformConfiguration = serde_json::from_str(&text).unwrap();
        let read = read.configuration(Profile::AppleV1, Rule::any_score()).unwrap();
        prop_assert_eq!(read.daily_summaries.bucket_weights[0], weight);
    }

    #[test]
    fn another_value_in_a_configuration_is_read_or_refused_by_name(
        configuration in configuration(), profile in select(Profile::ALL.to_vec()), place in any::<Index>(), value in any_json(),
    ) {
        let mut document = serde_json::to_value(PlatformConfiguration::new(&configuration)).unwrap();
        let mut paths = Vec::new();
        leaves(&document, "", &mut paths);
        let path = place.get(&paths);
        *document.pointer_mut(path).unwrap() = value;
        let names: Vec<_> = path.split('/').skip(1).take(2).collect();
        if let Ok(vendors) = serde_json::from_value::<PlatformConfiguration>(document.clone()) {
            match vendors.configuration(profile, Rule::any_score()) {
                Ok(_) => {}
                Err(ConfigurationError::Field { field, .. }) => {
                    prop_assert!(names[1].is_empty() || field.contains(names[0]), "{}: {:?}", path, field);
                }
                Err(other) => prop_assert!(false, "{}: {}", path, other),
            }
        }
        if let Err(error) = gaen::cocoa::read_configuration(document.to_string().as_bytes(), profile) {
            let error = error.to_string();
            prop_assert!(names.iter().all(|name| error.contains(name)), "{}: {}", path, error);
        }
    }

    #[test]
    fn other_bytes_in_a_configuration_do_no_harm(
        configuration in configuration(), profile in select(Profile::ALL.to_vec()), place in any::<Index>(), byte in any::<u8>(),
    ) {
        let mut text = serde_json::to_vec(&PlatformConfiguration::new(&configuration)).unwrap();
        let place = place.index(text.len());
        text[place] = byte;
        if let Ok(read) = serde_json::from_slice::<PlatformConfiguration>(&text) {
            let _ = read.configuration(profile, Rule::any_score());
        }
        let _ = serde_json::from_slice::<RiskRuleFile>(&text);
        text.truncate(place);
        prop_assert!(serde_json::from_slice::<PlatformConfiguration>(&text).is_err());
    }

    #[test]
    fn sightings_and_matches_that_are_written_are_read_again(
        aem in prop::collection::vec(any::<u8>(), 0..6), rssi in any::<i8>(), time in any::<u64>(),
        previous_scan in any::<Option<u64>>(), key in key(),
    ) {
        let rpi = key.identifier_key().identifier(key.window.start());
        let mut sightings = vec![Sighting { previous_scan, ..Sighting::new(rpi, &aem, rssi, time) }];
        // One that matches, whatever else was heard.
        let metadata = key.metadata_key().encrypt(&rpi, BluetoothMetadata::v1_1(0, CalibrationConfidence::Low));
        let time = key.window.start().unix_seconds();
        sightings.push(Sighting { previous_scan, ..Sighting::new(rpi, metadata.as_bytes(), -60, time) });
        let text = serde_json::to_string(&sightings).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Vec<Sighting>>(&text).unwrap(), &sightings);

        let index = SightingIndex::new(sightings).unwrap();
        let matches = Matcher::new(&index).match_keys(&[key]).matches;
        prop_assert!(!matches.is_empty());
        let text = serde_json::to_string(&matches).unwrap();
        prop_assert_eq!(serde_json::from_str::<Vec<Match>>(&text).unwrap(), matches);
    }

    #[test]
    fn results_that_are_written_are_read_again(world in world()) {
        let assessment = world.assess();
        let text = serde_json::to_string(&assessment.daily_summaries).unwrap();
        let read: Vec<DailySummary> = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(serde_json::to_string(&read).unwrap(), text);
        prop_assert_eq!(read, assessment.daily_summaries);

        let text = serde_json::to_string(&world.encounters).unwrap();
        prop_assert_eq!(serde_json::from_str::<Vec<Encounter>>(&text).unwrap(), world.encounters.clone());

        let mut stored = StoredKeys::new(world.configuration.mapping.clone());
        for encounter in &world.encounters {
            stored.publish(&encounter.key);
        }
        let text = serde_json::to_string(&stored.iter().collect::<Vec<_>>()).unwrap();
        let mut restored = StoredKeys::new(world.configuration.mapping.clone());
        restored.extend(serde_json::from_str::<Vec<StoredKey>>(&text).unwrap());
        prop_assert_eq!(restored, stored);
    }

    #[test]
    fn an_explanation_comes_to_what_the_assessment_comes_to(world in world()) {
        let assessment = world.assess();
        let explanation = world.explain(&[]);
        prop_assert_eq!(explanation.verdict, assessment.decision.verdict);
        prop_assert_eq!(explanation.keys.len(), world.encounters.len());

        let mut starts: Vec<_> = explanation.keys.iter().flat_map(|key| &key.windows).map(|window| window.start).collect();
        starts.sort_unstable();
        prop_assert_eq!(starts, assessment.windows.iter().map(|window| window.start).collect::<Vec<_>>());
        let mut scores: Vec<_> = explanation.keys.iter().flat_map(|key| &key.exposures)
            .map(|exposure| (exposure.start, exposure.risk_score)).collect();
        scores.sort_unstable();
        let mut expected: Vec<_> = assessment.v1.found().into_iter().map(|exposure| (exposure.start, exposure.risk.score)).collect();
        expected.sort_unstable();
        prop_assert_eq!(scores, expected);
        for day in explanation.days.iter().filter(|day| day.totals.is_some()) {
            let summary = assessment.daily_summaries.iter().find(|summary| summary.date == day.date).unwrap();
            prop_assert_eq!(day.totals, Some(summary.day_total));
        }
        prop_assert!(explanation.keys.iter().any(|key| key.notified.yes) == (explanation.verdict == Verdict::Notify));
        for key in &explanation.keys {
            for outcome in [&key.matched, &key.scored_v2, &key.scored_v1, &key.notified] {
                prop_assert_eq!(outcome.yes, outcome.reason.is_none());
            }
            let scored = if world.configuration.rule.reads_risk_scores() { &key.scored_v1 } else { &key.scored_v2 };
            let reasons = [&key.matched, scored, &key.notified].map(|outcome| outcome.reason.clone());
            let first = reasons.into_iter().flatten().next();
            prop_assert_eq!(&key.first_reason, &first);
            for exposure in &key.exposures {
                let reaches = exposure.product >= exposure.minimum_risk_score;
                prop_assert_eq!(exposure.reason.is_none(), reaches && exposure.product > 0.0);
                if let Some(reason) = exposure.reason.as_ref().filter(|reason| reason.code == "below_minimum_risk_score") {
                    let expected = format!("the product {} is below the minimum risk score {}", exposure.product, exposure.minimum_risk_score);
                    prop_assert_eq!(&reason.text, &expected);
                }
            }
        }
    }

    /// Under the rule of any app: one answer a day, and the days come to the verdict.
    #[test]
    fn an_explanation_agrees_with_itself_under_every_app(mut world in world(), preset in select(Preset::ALL.to_vec())) {
        world.configuration = preset.configuration(world.profile);
        let (assessment, explanation) = (world.assess(), world.explain(&[]));
        prop_assert_eq!(explanation.verdict, assessment.decision.verdict);
        let dates: BTreeSet<_> = explanation.days.iter().map(|day| day.date).collect();
        prop_assert_eq!(dates.len(), explanation.days.len(), "{}", explanation);
        let folded: Verdict = explanation.days.iter().map(|day| day.verdict).collect();
        let obstacle = world.basis().obstacle(world.now).map(Verdict::NotJudged);
        prop_assert_eq!(explanation.verdict, obstacle.into_iter().chain([folded]).collect::<Verdict>(), "{}", explanation);
        for day in &explanation.days {
            let met = day.conditions.iter().filter(|found| found.holds == Some(true)).count();
            match day.verdict {
                Verdict::Notify => prop_assert!(met > 0 || day.conditions.is_empty(), "{}", explanation),
                _ => prop_assert!(met < day.conditions.len() || day.conditions.is_empty(), "{}", explanation),
            }
        }
        let notified = explanation.keys.iter().any(|key| key.notified.yes);
        prop_assert_eq!(notified, explanation.verdict == Verdict::Notify, "{}", explanation);
        let Some(judgement) = &explanation.judgement else { return Ok(()) };
        prop_assert_eq!(obstacle.into_iter().chain([judgement.verdict]).collect::<Verdict>(), explanation.verdict);
        for day in &explanation.days {
            let judged = judgement.day(day.date).unwrap();
            prop_assert_eq!(&judged.text, &day.text);
            prop_assert_eq!(day.totals.is_some(), judged.verdict.not_judged().is_none());
        }
        for window in explanation.keys.iter().flat_map(|key| &key.windows) {
            let judged = explanation.judged_window(window).unwrap();
            prop_assert_eq!((judged.date, judged.scans.len()), (Some(window.date), window.scans.len()));
            prop_assert!(window.score.is_none() && window.scans.iter().all(|scan| scan.weight.is_none()));
        }
    }

    #[test]
    fn what_is_redacted_tells_no_key_file_or_time(mut world in world()) {
        // Near 1970 a time is no longer than other numbers.
        world.encounters.retain(|encounter| encounter.beacons.iter().all(|beacon| beacon.time > 1_500_000_000));
        let file = ExplainedFile {
            name: Some("/home/somebody/1.zip".into()),
            export_sha256: Some("ab".repeat(32)),
            start: Some(1_601_078_401),
            end: Some(u64::MAX),
        };
        let beacons = world.encounters.iter().flat_map(|encounter| &encounter.beacons);
        let times = beacons.flat_map(|beacon| [Some(beacon.time), beacon.previous_scan]).flatten();
        let times: BTreeSet<_> = times.filter(|time| *time > 1_500_000_000 && time % 3600 != 0).collect();
        let redacted = world.explain(&[file]).redacted();
        prop_assert_eq!(format!("{:?}", redacted.clone().redacted()), format!("{redacted:?}"), "there is no more to leave out");
        for document in [redacted.to_string(), serde_json::to_string(&redacted).unwrap()] {
            // A number may be long too: the smallest doubles are.
            let mut long = document.split(|c: char| !c.is_ascii_hexdigit()).filter(|hex| hex.len() >= 32);
            prop_assert!(long.all(|hex| hex.parse::<f64>().is_ok()), "{}", document);
            prop_assert!(!document.contains("somebody") && !document.contains("abab"));
            for time in &times {
                prop_assert!(!document.contains(&time.to_string()), "{} in {}", time, document);
                let minutes = gaen::time::UtcOffset::UTC.local(*time).to_string();
                prop_assert!(!document.contains(&minutes), "{} in {}", minutes, document);
            }
        }
    }
}

/// Four scans of a key, five minutes apart, at 60 dB.
fn met() -> Encounter {
    let window = RollingWindow::new(EnIntervalNumber::new(2_668_464), RollingPeriod::FULL_DAY).unwrap();
    let beacon = |scan: u64| Beacon {
        interval: window.start(),
        time: window.start().unix_seconds() + 300 * scan,
        previous_scan: Some(window.start().unix_seconds() + 300 * scan - 300),
        rssi: -60,
        metadata: BluetoothMetadata::v1_0(0),
        attenuation: 60,
        stands_for_scan: true,
    };
    Encounter {
        source: 0,
        key: gaen::DiagnosisKey::new([7; 16], window),
        beacons: (0..4).map(beacon).collect(),
        other_period: false,
    }
}

fn explained(configuration: &Configuration, profile: Profile) -> Explanation {
    let encounters = [met()];
    let basis = Basis::of_times(SearchedFiles::all(1), [met().beacons[0].time]);
    let records = Records { basis: &basis, encounters: &encounters, dropped: &[], files: &[] };
    explain(&records, configuration, profile, met().beacons[0].time)
}

/// The app of the NHS judges each window by itself. One that notifies speaks for its day, whatever comes after it.
#[test]
fn a_far_window_after_a_near_one_does_not_take_the_answer_back() {
    let mut met = met();
    met.key.days_since_onset_of_symptoms = gaen::keys::DaysSinceOnset::new(0);
    let start = met.beacons[0].time;
    // Half an hour at 50 dB, then an hour later a scan at 95 dB.
    met.beacons = (0..6)
        .map(|scan| (300 * scan, 50))
        .chain([(7200, 95)])
        .map(|(after, attenuation)| Beacon {
            time: start + after,
            previous_scan: Some(start + after - 300),
            rssi: -i8::try_from(attenuation).unwrap(),
            attenuation,
            ..met.beacons[0]
        })
        .collect();
    let basis = Basis::of_times(SearchedFiles::all(1), [start]);
    let records = Records { basis: &basis, encounters: &[met], dropped: &[], files: &[] };
    let explanation =
        explain(&records, &Preset::NhsAndroid.configuration(Profile::Google), Profile::Google, start + 9000);
    let judgement = explanation.judgement.as_ref().unwrap();
    let verdicts: Vec<_> = judgement.days.iter().map(|day| day.verdict).collect();
    assert_eq!(verdicts, [Verdict::Notify, Verdict::DoNotNotify], "{judgement}");
    let [day] = &explanation.days[..] else { panic!("{explanation}") };
    assert_eq!((day.verdict, day.code), (Verdict::Notify, "conditions_met"));
    assert!(day.conditions.iter().all(|found| found.holds == Some(true)), "{explanation}");
    assert!(explanation.keys[0].notified.yes && explanation.verdict == Verdict::Notify);
    // The near window is scored by the app's model, not by daily summaries.
    let scores: Vec<_> = explanation.keys[0].windows.iter().map(|window| explanation.score(window)).collect();
    assert_eq!(scores, judgement.windows.iter().map(|window| window.score).collect::<Vec<_>>());
    assert!(scores[0] >= Some(100.0), "{explanation}");
}

#[test]
fn a_score_of_zero_for_the_days_is_the_first_reason() {
    let days_scores = RiskScores::new([8, 8, 8, 8, 8, 8, 8, 0]).unwrap();
    let risk = RiskConfiguration { days_scores, ..RiskConfiguration::default() };
    let configuration = Configuration { risk, rule: Rule::risk_score(), ..Configuration::default() };
    for profile in Profile::ALL {
        let explanation = explained(&configuration, profile);
        assert_eq!(explanation.verdict, Verdict::DoNotNotify);
        let reason = explanation.keys[0].first_reason.clone().unwrap();
        assert_eq!((reason.code, reason.text.as_str()), ("days_score_zero", "the days score for 0 days is 0"));
    }
}

#[test]
fn a_weight_of_zero_is_the_first_reason() {
    let zero = Weight::new(0.0).unwrap();
    let of = |change: fn(&mut Configuration, Weight)| {
        let mut configuration = Configuration::default();
        change(&mut configuration, zero);
        configuration
    };
    for configuration in [
        of(|configuration, zero| configuration.daily_summaries.bucket_weights = [zero; 4]),
        of(|configuration, zero| configuration.daily_summaries.infectiousness_weights.standard = zero),
        of(|configuration, zero| configuration.daily_summaries.report_type_weights.confirmed_test = zero),
    ] {
        let explanation = explained(&configuration, Profile::Google);
        let (key, day) = (&explanation.keys[0], &explanation.days[0]);
        assert_eq!(key.first_reason.as_ref().unwrap().code, "weight_zero");
        assert_eq!((day.code, day.verdict), ("score_zero", Verdict::DoNotNotify), "the day has a summary all the same");
    }
}

#[test]
fn the_minimum_that_was_not_reached_is_the_one_that_is_told() {
    let minimum_risk_score_full_range = Score::new(5000.5).unwrap();
    let risk = RiskConfiguration { minimum_risk_score_full_range, ..RiskConfiguration::default() };
    let configuration = Configuration { risk, rule: Rule::risk_score(), ..Configuration::default() };
    let reason = explained(&configuration, Profile::AppleV1).keys[0].first_reason.clone().unwrap();
    assert_eq!(reason.text, "the product 256 is below the minimum risk score 5000.5");
    // Google's rules do not know it.
    assert_eq!(explained(&configuration, Profile::Google).verdict, Verdict::Notify);

    let weights = RiskWeights::new([0.001, 1.0, 1.0, 1.0]).unwrap();
    let risk = RiskConfiguration { weights, ..RiskConfiguration::apple() };
    let configuration = Configuration { risk, rule: Rule::risk_score(), ..Configuration::default() };
    let reason = explained(&configuration, Profile::AppleV1).keys[0].first_reason.clone().unwrap();
    assert!(reason.text.ends_with("is below the minimum risk score 1"), "{reason:?}");
}

#[test]
fn numbers_that_are_none_are_refused() {
    let blocks = serde_json::to_string(&PlatformConfiguration::new(&Configuration::default())).unwrap();
    for number in ["1e400", "-1e400", "null", "NaN", "\"1\""] {
        let text = blocks.replacen(r#""minimum_window_score":0.0"#, &format!(r#""minimum_window_score":{number}"#), 1);
        assert_ne!(text, blocks);
        assert!(serde_json::from_str::<PlatformConfiguration>(&text).is_err(), "{number}");
        let rule = format!(r#"{{"DailySummary_DaySummary_ScoreSum":{{"op":">=","value":{number}}}}}"#);
        assert!(serde_json::from_str::<RiskRuleFile>(&rule).is_err(), "{number}");
    }

    let weights = RiskWeights::new([-0.0; 4]).unwrap();
    let risk = RiskConfiguration { weights, ..RiskConfiguration::apple() };
    let configuration = Configuration { risk, ..Configuration::default() };
    let block = &serde_json::to_value(PlatformConfiguration::new(&configuration)).unwrap()["apple_exposure_config_v1"];
    assert!(!block.to_string().contains("-0"), "{block}");
}

#[test]
fn a_sighting_with_a_field_that_it_has_not_is_refused() {
    let sighting = Sighting::new([7; 16].into(), &[1, 2, 3, 4], -60, 1_601_121_592);
    let good = serde_json::to_value(sighting).unwrap();
    let with = |name: &str, value: Value| {
        let mut document = good.clone();
        document[name] = value;
        serde_json::from_value::<Sighting>(document).map_err(|error| error.to_string())
    };
    assert_eq!(good["aem"], "01020304");
    assert_eq!(with("aem", json!("0102030405")).unwrap().aem, HeardMetadata::WrongLength(5));
    assert!(with("aem", json!(4)).unwrap_err().contains("a number of bytes that is not 4"));
    assert!(with("aem", json!("0g")).unwrap_err().contains("hexadecimal text"));
    assert!(with("previous_scna", json!(1)).unwrap_err().contains("unknown field `previous_scna`"));
}

#[test]
fn a_decision_rule_that_is_written_is_read_again() {
    let daily: RiskRuleFile =
        serde_json::from_value(json!({ "DailySummary_DaySummary_ScoreSum": { "op": ">=", "value": 1350 } })).unwrap();
    for rule in [Rule::risk_score(), Rule::any_score(), daily.rule()] {
        let text = serde_json::to_string(&rule).unwrap();
        assert_eq!(serde_json::from_str::<Rule>(&text).unwrap(), rule);
    }
}
