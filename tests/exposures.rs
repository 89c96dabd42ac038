//! From keys and sightings to a decision, held against the conformance kit: what a second implementation, written in Python
//! from the rules alone, makes of the same cases.
#![cfg(all(feature = "exposure", feature = "serde"))]

use std::fs;
use std::path::PathBuf;

use gaen::exposure::{
    Basis, Configuration, DecisionRule, DiagnosisKeysDataMapping, Encounter, Records, SearchedFiles, StoredKeys,
    VendorConfiguration, Verdict, assess, explain,
};
use gaen::{
    DaysSinceOnset, DiagnosisKey, EnIntervalNumber, HeardMetadata, MatchReport, Matcher, Profile, ReportType,
    RollingPeriod, RollingWindow, Sighting, SightingIndex, TransmissionRiskLevel,
};
use serde_json::{Value, json};

fn kit() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("test-vectors/exposures/cases")
}

fn read(name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(kit().join(name)).unwrap()).unwrap()
}

/// The files of cases of one call each; `revisions.json` has steps instead.
fn files() -> Vec<String> {
    let names = fs::read_dir(kit()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| name.ends_with(".json") && name != "revisions.json").collect();
    names.sort();
    assert!(names.len() >= 8, "{names:?}");
    names
}

fn hex<const N: usize>(value: &Value) -> [u8; N] {
    base16ct::lower::decode_vec(value.as_str().unwrap()).unwrap().try_into().unwrap()
}

fn integer<T: TryFrom<i64>>(value: &Value) -> T {
    T::try_from(value.as_i64().unwrap()).ok().unwrap()
}

/// A key as it stands in an export, or nothing if this profile passes it over. What is out of range is read as missing.
fn key(value: &Value, profile: Profile) -> Option<DiagnosisKey> {
    let start = EnIntervalNumber::new(integer(&value["rolling_start_interval_number"]));
    let period = match integer(&value["rolling_period"]) {
        0 if profile.reads_period_zero_as_a_day() => RollingPeriod::FULL_DAY,
        period => RollingPeriod::new(period).ok()?,
    };
    let number = |name: &str| value[name].as_i64().and_then(|number| i32::try_from(number).ok());
    Some(DiagnosisKey {
        transmission_risk_level: number("transmission_risk_level")
            .and_then(TransmissionRiskLevel::new)
            .unwrap_or(TransmissionRiskLevel::UNSET),
        report_type: ReportType::from_number(number("report_type").unwrap_or_default()),
        days_since_onset_of_symptoms: number("days_since_onset_of_symptoms").and_then(DaysSinceOnset::new),
        ..DiagnosisKey::new(hex(&value["tek"]), RollingWindow::new(start, period).ok()?)
    })
}

fn sighting(value: &Value) -> Sighting {
    let aem = base16ct::lower::decode_vec(value["aem"].as_str().unwrap()).unwrap();
    Sighting {
        rpi: gaen::RollingProximityIdentifier::from_bytes(hex(&value["rpi"])),
        aem: HeardMetadata::from(aem.as_slice()),
        rssi: integer(&value["rssi"]),
        time: value["time"].as_u64().unwrap(),
        previous_scan: value["previous_scan"].as_u64(),
    }
}

/// A case, ready to be run.
struct Case {
    name: String,
    profile: Profile,
    configuration: Configuration,
    now: u64,
    /// With their places in the case.
    places: Vec<usize>,
    keys: Vec<DiagnosisKey>,
    sightings: Vec<Sighting>,
    expected: Value,
}

impl Case {
    fn read(file: &Value, case: &Value) -> Self {
        let name = case["name"].as_str().unwrap().to_owned();
        let profile: Profile = serde_json::from_value(case["profile"].clone()).unwrap();
        let vendors = &file["configurations"][case["configuration"].as_str().unwrap()];
        let vendors: VendorConfiguration = serde_json::from_value(vendors.clone()).unwrap();
        let rule = match &file["rules"][case["rule"].as_str().unwrap()] {
            Value::String(v1) if v1 == "v1" => DecisionRule::RiskScore,
            rule => DecisionRule::Daily(serde_json::from_value(rule.clone()).unwrap()),
        };
        let configuration = vendors.configuration(profile, rule).unwrap_or_else(|error| panic!("{name}: {error}"));
        let keys = case["keys"].as_array().unwrap().iter().map(|value| key(value, profile)).enumerate();
        let keys: Vec<_> = keys.filter_map(|(place, key)| Some((place, key?))).collect();
        // A search remembers no key that was not heard; who has the whole list sees that the last is another one.
        let last = |key: &DiagnosisKey| keys.iter().rev().find(|(_, other)| other.key_data == key.key_data);
        let stays = |key: &DiagnosisKey| last(key).is_some_and(|(_, last)| last.window == key.window);
        let all_stay = !profile.counts_last_of_equal_keys();
        let (places, keys) = keys.iter().copied().filter(|(_, key)| all_stay || stays(key)).unzip();
        Self {
            name,
            profile,
            configuration,
            now: case["now"].as_u64().unwrap(),
            places,
            keys,
            sightings: case["sightings"].as_array().unwrap().iter().map(sighting).collect(),
            expected: case["expected"].clone(),
        }
    }

    fn run(&self) -> MatchReport {
        let index = SightingIndex::exhaustive(self.sightings.clone()).unwrap();
        Matcher::new(&index).profile(self.profile).match_keys(&self.keys)
    }

    /// What the kit calls the result of a case.
    fn document(&self, report: &MatchReport) -> Value {
        let matches = report.matches.iter().map(|found| {
            let is_it = |key: &DiagnosisKey| *key == found.key;
            // Of equal keys the one that counts.
            let last_counts = self.profile.counts_last_of_equal_keys();
            let place = if last_counts { self.keys.iter().rposition(is_it) } else { self.keys.iter().position(is_it) };
            let key = self.places[place.unwrap()];
            json!({
                "key": key,
                "interval": found.interval.as_u32(),
                "sighting": found.sighting,
                "attenuation": found.attenuation,
            })
        });
        let matches: Vec<_> = matches.collect();
        let assessment = assess(&report.matches, &self.basis(), &self.configuration, self.profile, self.now);
        let mut document = serde_json::to_value(assessment).unwrap();
        let fields = document.as_object_mut().unwrap();
        fields.insert("matches".into(), matches.into());
        fields.insert("dropped".into(), serde_json::to_value(&report.dropped).unwrap());
        fields.remove("now");
        assert_eq!(fields.remove("profile"), Some(json!(self.profile.name())));
        fields.remove("basis");
        // The kit asks only whether a day meets the rule; it has moments before 2019 too.
        let decision = &fields["decision"];
        fields["decision"] = json!({ "notify": decision["verdict"] == "notify", "days": decision["days"] });
        document
    }

    /// The keys are those of one file.
    fn basis(&self) -> Basis {
        Basis::new(SearchedFiles::all(1), &self.sightings)
    }
}

/// Where two documents differ first, for a reader.
fn difference(path: &str, expected: &Value, found: &Value) -> Option<String> {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            let mut names: Vec<_> = expected.keys().chain(found.keys()).collect();
            names.sort();
            names.iter().find_map(|name| {
                let side = |side: &serde_json::Map<_, _>| side.get(*name).cloned().unwrap_or(json!("nothing"));
                difference(&format!("{path}.{name}"), &side(expected), &side(found))
            })
        }
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => {
            let pairs = expected.iter().zip(found).enumerate();
            pairs.into_iter().find_map(|(at, (expected, found))| difference(&format!("{path}[{at}]"), expected, found))
        }
        // 1350 and 1350.0 are one number.
        (Value::Number(expected), Value::Number(found)) if expected.as_f64() == found.as_f64() => None,
        _ if expected == found => None,
        _ => Some(format!("{path}: expected {expected}, found {found}")),
    }
}

fn cases() -> impl Iterator<Item = Case> {
    files().into_iter().flat_map(|name| {
        let file = read(&name);
        assert_eq!(file["format"], 2, "{name}");
        file["cases"].as_array().unwrap().iter().map(|case| Case::read(&file, case)).collect::<Vec<_>>()
    })
}

#[test]
fn every_case_of_the_kit_comes_out_as_in_the_second_implementation() {
    let mut differences = Vec::new();
    let mut count = 0;
    for case in cases() {
        count += 1;
        let found = case.document(&case.run());
        if let Some(difference) = difference("", &case.expected, &found) {
            differences.push(format!("{} ({}) {difference}", case.name, case.profile.name()));
        }
    }
    assert!(count >= 300, "{count} cases");
    assert!(differences.is_empty(), "{} of {count}:\n{}", differences.len(), differences.join("\n"));
}

#[test]
fn revised_keys_change_what_is_stored_as_in_the_second_implementation() {
    let file = read("revisions.json");
    let cases = file["cases"].as_array().unwrap();
    assert!(cases.len() >= 40);
    for case in cases {
        let mut stored = StoredKeys::new(DiagnosisKeysDataMapping {
            recursive_enabled: case["recursive_enabled"].as_bool().unwrap(),
            report_type_when_missing: ReportType::from_number(integer(&case["report_type_when_missing"])),
            ..DiagnosisKeysDataMapping::default()
        });
        for (step, value) in case["steps"].as_array().unwrap().iter().enumerate() {
            let key = key(&value["key"], Profile::Google).unwrap();
            let outcome = match value["list"].as_str().unwrap() {
                "keys" => stored.publish(&key),
                "revised_keys" => stored.revise(&key),
                other => panic!("{other}"),
            };
            let kept = stored.get(&key.key_data);
            let found = json!({
                "outcome": outcome.name(),
                "report_type": kept.map(|kept| kept.key().report_type.name()),
                "visible": kept.is_some_and(gaen::exposure::StoredKey::is_shown),
            });
            assert_eq!(found, value["expected"], "{}, step {step}", case["name"]);
        }
    }
}

#[test]
fn an_explanation_comes_to_the_verdicts_of_the_assessment() {
    let (mut first_reasons, mut matched) = (std::collections::BTreeSet::new(), 0);
    for case in cases() {
        let index = SightingIndex::exhaustive(case.sightings.clone()).unwrap();
        let mut search = Matcher::new(&index).profile(case.profile).search();
        search.add(0, &case.keys);
        let (report, dropped) = search.finish_with_dropped();
        let encounters = Encounter::of(&report.matches);
        let assessment = assess(&report.matches, &case.basis(), &case.configuration, case.profile, case.now);
        let basis = case.basis();
        let records = Records { basis: &basis, encounters: &encounters, dropped: &dropped, files: &[] };
        let explanation = explain(&records, &case.configuration, case.profile, case.now);

        let name = &case.name;
        assert_eq!(explanation.verdict, assessment.decision.verdict, "{name}");
        let windows = explanation.keys.iter().map(|key| key.windows.len()).sum::<usize>();
        assert_eq!(windows, assessment.windows.len(), "{name}");
        let scores =
            explanation.keys.iter().flat_map(|key| &key.exposures).map(|exposure| u64::from(exposure.risk_score));
        assert_eq!(scores.sum::<u64>(), assessment.v1.summation_risk_score, "{name}");
        let hits = explanation.keys.iter().flat_map(|key| &key.hits);
        for hit in hits.clone() {
            // Nothing within the interval, and outside of it the way to its nearer end.
            let first = u64::from(hit.interval.unwrap()) * 600;
            let nearest = hit.time.clamp(first, first + 599);
            assert_eq!(hit.clock_drift.map(i128::from), Some(i128::from(hit.time) - i128::from(nearest)), "{name}");
        }
        let (counted, lost): (Vec<_>, Vec<_>) = hits.partition(|hit| hit.dropped.is_none());
        for text in [explanation.to_string(), explanation.clone().redacted().to_string()] {
            let told: Vec<_> =
                text.lines().filter_map(|line| line.split_once("  dropped: ")).map(|(_, why)| why).collect();
            let why: Vec<_> = lost.iter().filter_map(|hit| hit.dropped.as_ref()).collect();
            assert_eq!(
                told,
                why.iter().map(|why| format!("{} [{}]", why.text, why.code)).collect::<Vec<_>>(),
                "{name}"
            );
            assert!(!text.contains("├ file"), "{name}: no files were given");
        }
        assert_eq!((counted.len(), lost.len()), (report.matches.len(), dropped.len()), "{name}");
        let notified = explanation.keys.iter().any(|key| key.notified.yes);
        assert_eq!(notified, assessment.decision.verdict == Verdict::Notify, "{name}");
        for key in &explanation.keys {
            matched += usize::from(key.matched.yes);
            let scored =
                if case.configuration.rule == DecisionRule::RiskScore { &key.scored_v1 } else { &key.scored_v2 };
            let all = key.matched.yes && scored.yes && key.notified.yes;
            assert_eq!(key.first_reason.is_none(), all, "{name}: {key:?}");
            first_reasons.extend(key.first_reason.as_ref().map(|reason| reason.code));
        }
    }
    assert!(matched > 300, "{matched} keys");
    // Every reason that can be the first, but for two of configurations that the kit has not.
    let all = [
        "aem_length",
        "attenuation_score_zero",
        "below_minimum_risk_score",
        "below_minimum_window_score",
        "clock_window",
        "condition_not_met",
        "duration_score_zero",
        "impossible_times",
        "infectiousness_none",
        "infectiousness_none_ignored",
        "key_silenced",
        "no_duration",
        "power",
        "recursive",
        "report_type",
        "report_type_none_ignored",
        "revoked",
        "rule_asks_nothing",
        "too_long_ago",
        "transmission_score_zero",
        "zero_attenuation",
    ];
    assert_eq!(first_reasons, all.into_iter().collect());
}

#[test]
fn a_redacted_explanation_tells_no_key_identifier_or_time() {
    // Near 1970 a time is no longer than other numbers.
    for case in cases().filter(|case| case.now > 1_500_000_000) {
        let report = case.run();
        let encounters = Encounter::of(&report.matches);
        let files = [gaen::exposure::ExplainedFile {
            name: Some("/home/somebody/1.zip".into()),
            export_sha256: Some("ab".repeat(32)),
            start: Some(1_601_078_401),
            end: None,
        }];
        let basis = case.basis();
        let records = Records { basis: &basis, encounters: &encounters, dropped: &[], files: &files };
        let full = explain(&records, &case.configuration, case.profile, case.now);
        let redacted = full.clone().redacted();
        for hit in redacted.keys.iter().flat_map(|key| &key.hits) {
            let told = (hit.interval, hit.clock_drift, hit.tx_power, hit.rssi);
            assert_eq!((told, hit.time % 3600), ((None, None, None, None), 0), "{}", case.name);
        }
        let documents = [redacted.to_string(), serde_json::to_string(&redacted).unwrap()];
        for document in &documents {
            for (key, found) in case.keys.iter().flat_map(|key| report.matches.iter().map(move |found| (key, found))) {
                let secrets = [
                    base16ct::lower::encode_string(&key.key_data),
                    case.sightings[found.sighting].rpi.to_string(),
                    found.interval.as_u32().to_string(),
                    "somebody".into(),
                    "abab".into(),
                ];
                for secret in secrets {
                    assert!(!document.contains(&secret), "{}: {secret} in {document}", case.name);
                }
                // A time that is a full hour is told as it is.
                if found.time % 3600 != 0 {
                    assert!(!document.contains(&found.time.to_string()), "{}", case.name);
                }
            }
        }
        if let Some(found) = report.matches.first() {
            assert!(full.to_string().contains(&base16ct::lower::encode_string(&found.key.key_data)));
        }
    }
}

/// Two keys on one day; the score of the second is below the minimum, so it is no reason to notify, whatever the first is.
#[test]
fn a_window_that_does_not_count_is_on_no_day_that_notifies() {
    let start = EnIntervalNumber::new(2_710_512);
    let window = RollingWindow::new(start, RollingPeriod::FULL_DAY).unwrap();
    let encounter = |number, scans: u64| {
        let beacon = |scan| {
            let time = start.unix_seconds() + 300 * scan;
            gaen::exposure::Beacon {
                interval: EnIntervalNumber::from_unix_seconds(time).unwrap(),
                time,
                previous_scan: Some(time - 300),
                rssi: -40,
                metadata: gaen::BluetoothMetadata::v1_0(0),
                attenuation: 40,
                stands_for_scan: true,
            }
        };
        Encounter { source: 0, key: DiagnosisKey::new([number; 16], window), beacons: (0..scans).map(beacon).collect() }
    };
    let encounters = [encounter(1, 4), encounter(2, 1)];
    let mut configuration = Configuration::default();
    configuration.daily_summaries.minimum_window_score = gaen::exposure::Score::new(301.0).unwrap();

    let basis = Basis::of_times(SearchedFiles::all(1), [window.start().unix_seconds()]);
    let records = Records { basis: &basis, encounters: &encounters, dropped: &[], files: &[] };
    let explanation = explain(&records, &configuration, Profile::Google, window.end().unix_seconds());
    assert_eq!(explanation.verdict, Verdict::Notify);
    let outcomes = explanation.keys.iter().map(|key| (key.scored_v2.yes, key.notified.yes));
    assert_eq!(outcomes.collect::<Vec<_>>(), [(true, true), (false, false)]);
    assert_eq!(explanation.keys[1].notified.reason.as_ref().unwrap().code, "no_day");
}
