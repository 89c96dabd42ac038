//! `gaen lint`.

use std::fs;
use std::path::Path;

use gaen::Profile;
use gaen::exposure::{Configuration, PlatformConfiguration, Preset, RiskConfiguration, RiskScores};
use serde_json::{Value, json};

use crate::world::World;
use crate::{folder, gaen};

/// COCOA's scores of 2020 and weights of 2021.
fn cocoa() -> Value {
    let scores = |scores| RiskScores::new(scores).unwrap();
    let risk = RiskConfiguration {
        attenuation_scores: scores([1, 2, 3, 4, 5, 6, 7, 8]),
        days_scores: scores([1; 8]),
        duration_scores: scores([0, 0, 0, 0, 1, 1, 1, 1]),
        transmission_scores: scores([7; 8]),
        minimum_risk_score: 21,
        ..RiskConfiguration::default()
    };
    let configuration = Configuration { risk, ..Configuration::default() };
    let mut document = serde_json::to_value(PlatformConfiguration::new(&configuration)).unwrap();
    document["google_daily_summaries_config"]["attenuation_bucket_weights"] = json!([1.0, 2.5, 1.3, 0.01]);
    document
}

fn write(folder: &Path, name: &str, document: &impl serde::Serialize) {
    fs::write(folder.join(name), serde_json::to_vec(document).unwrap()).unwrap();
}

/// The lints of this code.
fn of<'v>(document: &'v Value, code: &str) -> Vec<&'v Value> {
    document["lints"].as_array().unwrap().iter().filter(|lint| lint["code"] == code).collect()
}

#[test]
fn keys_of_level_0_could_notify_nobody_on_android() {
    let world = World::new("lint");
    write(&world.folder, "cocoa.json", &cocoa());
    let args = ["lint", "--config", "cocoa.json", "--fewest-keys", "3", "a.zip"];
    let run = gaen(&world.folder, &args).failed(1, &["1 error"]);
    let told = "\na.zip\n  error    risk_score_unreachable  [google]\n           \
                maximum reachable score 8 is below the minimum 21: nothing can score (all keys are of level 0)\n";
    assert!(run.stdout.contains(told), "{}", run.stdout);
    assert!(
        run.stdout
            .starts_with("Configuration\n  warning  weights_not_monotonic  daily_summaries.bucket_weights  [google]\n")
    );
    assert!(run.stdout.ends_with(" Nothing was verified.\n"), "{}", run.stdout);

    let document = gaen(&world.folder, &[&args[..], &["--json"]].concat()).failed(1, &[]).json();
    let [lint] = of(&document, "risk_score_unreachable")[..] else { panic!("{document}") };
    let expected = json!({
        "code": "risk_score_unreachable", "severity": "error", "where": { "file": "a.zip" }, "profiles": ["google"],
        "sentence": lint["sentence"], "advice": lint["advice"],
    });
    assert_eq!(*lint, expected);
    assert_eq!((&document["errors"], &document["profiles"]), (&json!(1), &json!(["google", "apple_v1"])));
    assert!(of(&document, "too_few_keys").is_empty());
    assert_eq!(
        of(&document, "weights_not_monotonic")[0]["where"],
        json!({ "field": "daily_summaries.bucket_weights" })
    );

    let apple = gaen(&world.folder, &[&args[..], &["--profile=apple-v1,apple-v1"]].concat()).ok().stdout;
    assert!(!apple.contains("error  ") && !apple.contains('['), "{apple}");
}

#[test]
fn without_a_configuration_there_are_the_files() {
    let world = World::new("lint_files");
    let document = gaen(&world.folder, &["lint", "--json", "a.zip", "a.zip", "b.zip"]).failed(1, &[]).json();
    let duplicates = of(&document, "taken_for_duplicate");
    assert_eq!(duplicates[0]["where"], json!({ "files": ["a.zip", "b.zip"] }));
    assert_eq!(of(&document, "file_repeated").len(), 1);
    assert!(document["lints"].as_array().unwrap().iter().all(|lint| lint["where"]["field"] == Value::Null));
    for lint in document["lints"].as_array().unwrap() {
        assert!(lint["severity"] == "error" || lint["profiles"] == json!(["google", "apple_v1"]), "{lint}");
    }

    world.write("html.zip", b"<html>");
    let run = gaen(&world.folder, &["lint", "html.zip", "missing.zip"]).failed(1, &["2 errors"]);
    assert!(run.stdout.contains("html.zip\n  error    file_unreadable\n"), "{}", run.stdout);
    assert!(run.stdout.contains("missing.zip\n  error    file_unreadable\n"), "{}", run.stdout);
}

#[test]
fn a_rule_that_nobody_meets() {
    let folder = folder("lint_rule");
    write(&folder, "nop.json", &json!({ "format_version": 1 }));
    let run = gaen(&folder, &["lint", "--rule", "nop.json"]).failed(1, &["1 error"]);
    assert!(run.stdout.contains("rule_asks_nothing  rule\n"), "{}", run.stdout);
    write(&folder, "rule.json", &json!({ "DailySummary_DaySummary_ScoreSum": { "op": ">=", "value": 1350.0 } }));
    assert_eq!(gaen(&folder, &["lint", "--rule", "rule.json"]).ok().stdout, "0 errors, 0 warnings, 0 notes.\n");
}

#[test]
fn what_is_no_configuration_is_said() {
    let folder = folder("lint_wrong");
    gaen(&folder, &["lint"]).failed(2, &["nothing to lint", "--config"]);
    gaen(&folder, &["lint", "--profile=nokia", "a.zip"]).failed(2, &[]);
    gaen(&folder, &["lint", "--config", "missing.json"]).failed(1, &["missing.json: "]);
    let mut google = cocoa();
    google.as_object_mut().unwrap().remove("apple_exposure_config_v1");
    write(&folder, "google.json", &google);
    let missing = "google.json: there is no apple_exposure_config_v1, which the profile apple_v1 reads";
    gaen(&folder, &["lint", "--config", "google.json"]).failed(1, &[missing]);
    gaen(&folder, &["lint", "--config", "google.json", "--profile", "google"]).ok();
    // Forms of other apps: read, or named.
    let table = [1; 8];
    let flat = json!({
        "minimumRiskScore": 1, "attenuationLevelValues": table, "daysSinceLastExposureLevelValues": table,
        "durationLevelValues": table, "transmissionRiskLevelValues": table,
    });
    write(&folder, "flat.json", &flat);
    gaen(&folder, &["lint", "--config", "flat.json"]).ok();
    write(&folder, "nhs.json", &json!({ "exposureNotification": {}, "riskCalculation": {} }));
    let named = ["nhs.json: this is the form of NHS COVID-19 (England and Wales), which is not read: its "];
    gaen(&folder, &["lint", "--config", "nhs.json"]).failed(1, &named);
    // A rule in the library's own form, and one that is out of reach.
    let rule = Preset::CwaIos.configuration(Profile::AppleV1).rule;
    let mut rule = serde_json::to_value(rule).unwrap();
    write(&folder, "rule.json", &rule);
    gaen(&folder, &["lint", "--rule", "rule.json"]).ok();
    rule["decides"]["windows"]["classes"][0]["when"]["all"][0]["value"] = json!(9.5);
    write(&folder, "rule.json", &rule);
    gaen(&folder, &["lint", "--rule", "rule.json"]).failed(1, &["1 error"]);
    rule["decides"]["windows"]["judge"] = json!("days");
    write(&folder, "rule.json", &rule);
    gaen(&folder, &["lint", "--rule", "rule.json"]).failed(1, &["rule.json: decides: unknown field `judge`"]);
    fs::write(folder.join("torn.json"), "{").unwrap();
    gaen(&folder, &["lint", "--config", "torn.json"]).failed(1, &["torn.json: "]);
}
