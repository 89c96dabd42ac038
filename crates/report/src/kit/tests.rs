//! From keys and sightings to a decision, held against the conformance kit: what a second implementation, written in
//! Python from the rules alone, makes of the same cases.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use gaen::Matcher;
use gaen::exposure::{Encounter, Records, Verdict, assess, explain};
use serde_json::{Value, json};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../test-vectors/exposures/cases")
}

fn read(name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(folder().join(name)).unwrap()).unwrap()
}

/// The files of cases of one call each; `revisions.json` has steps instead.
fn files() -> Vec<String> {
    let names = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| name.ends_with(".json") && name != "revisions.json").collect();
    names.sort();
    assert!(names.len() >= 8, "{names:?}");
    names
}

/// A case, its request as a command gets it, and what is expected.
struct Case {
    name: String,
    case: super::Case,
    request: Value,
    expected: Value,
}

impl std::ops::Deref for Case {
    type Target = super::Case;

    fn deref(&self) -> &super::Case {
        &self.case
    }
}

impl Case {
    fn read(file: &Value, case: &Value) -> Self {
        let mut request = case.clone();
        request["format"] = file["format"].clone();
        request["configuration"] = file["configurations"][case["configuration"].as_str().unwrap()].clone();
        request["rule"] = file["rules"][case["rule"].as_str().unwrap()].clone();
        let name = case["name"].as_str().unwrap().to_owned();
        let case = super::Case::read(&request).unwrap_or_else(|error| panic!("{name}: {error}"));
        let expected = request.as_object_mut().unwrap().remove("expected").unwrap();
        Self { name, case, request, expected }
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
        let found = super::answer(&case.request).unwrap();
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
        let mut request = case.clone();
        request["format"] = file["format"].clone();
        let expected = case["steps"].as_array().unwrap().iter().map(|step| step["expected"].clone());
        assert_eq!(super::answer(&request).unwrap(), Value::from_iter(expected), "{}", case["name"]);
    }
}

#[test]
fn an_explanation_comes_to_the_verdicts_of_the_assessment() {
    let (mut first_reasons, mut matched) = (BTreeSet::new(), 0);
    for case in cases() {
        let index = case.index().unwrap();
        let mut search = Matcher::new(&index).profile(case.profile).search();
        search.add(0, &case.keys);
        let report = search.finish();
        let encounters = Encounter::of(&report.matches);
        let assessment = assess(&report.matches, &case.basis(), &case.configuration, case.profile, case.now);
        let basis = case.basis();
        let records = Records { basis: &basis, encounters: &encounters, dropped: &report.dropped, files: &[] };
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
        assert_eq!((counted.len(), lost.len()), (report.matches.len(), report.dropped.len()), "{name}");
        let notified = explanation.keys.iter().any(|key| key.notified.yes);
        assert_eq!(notified, assessment.decision.verdict == Verdict::Notify, "{name}");
        for key in &explanation.keys {
            matched += usize::from(key.matched.yes);
            let scored = if case.configuration.rule.reads_risk_scores() { &key.scored_v1 } else { &key.scored_v2 };
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
        let report = case.search().unwrap();
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
            let keys = case.keys.iter().map(|key| key.key_data.to_string());
            let heard = report.matches.iter().flat_map(|found| {
                [case.sightings[found.sighting].rpi.to_string(), found.interval.as_u32().to_string()]
            });
            // A time that is a full hour is told as it is.
            let times = report.matches.iter().map(|found| found.time).filter(|time| time % 3600 != 0);
            let times = times.map(|time| time.to_string());
            let secrets: BTreeSet<_> = keys.chain(heard).chain(times).collect();
            for secret in secrets.iter().map(String::as_str).chain(["somebody", "abab"]) {
                assert!(!document.contains(secret), "{}: {secret} in {document}", case.name);
            }
        }
        if let Some(found) = report.matches.first() {
            assert!(full.to_string().contains(&found.key.key_data.to_string()));
        }
    }
}
