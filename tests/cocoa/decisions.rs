//! Known answers of apps: what each said of these windows, and what its configuration comes to.

use std::fs;
use std::path::{Path, PathBuf};

use gaen::Profile;
use gaen::cocoa::read_configuration;
use gaen::exposure::decision::{Judge, Judgement, Rule, Scan, Window, WindowSet};
use gaen::exposure::{Configuration, Infectiousness, Preset, Verdict};
use gaen::keys::{CalibrationConfidence, ReportType};
use gaen::time::UtcDay;
use serde_json::Value;

/// The answers of `test-vectors/decisions`.
fn answers() -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("test-vectors/decisions/answers.json");
    let document: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    document["answers"].as_array().unwrap().clone()
}

/// Windows in the library's own form.
fn windows(value: &Value) -> WindowSet {
    WindowSet::new(serde_json::from_value::<Vec<Window>>(value.clone()).unwrap())
}

fn expect(judgement: &Judgement, expected: &Value, decimals: Option<i32>, name: &str) {
    assert_eq!(judgement.verdict.name(), expected["verdict"], "{name}:\n{judgement}");
    if let Some(reason) = judgement.verdict.not_judged() {
        return assert_eq!(reason.code(), expected["code"], "{name}");
    }
    let class = judgement.class.as_ref();
    assert_eq!(
        class.and_then(|class| class.date).map(|date| date.to_string()).as_deref(),
        expected["date"].as_str(),
        "{name}:\n{judgement}"
    );
    if let Some(expected) = expected.get("class") {
        assert_eq!(class.map(|class| class.name.as_str()), expected.as_str(), "{name}:\n{judgement}");
    }
    if let Some(sum) = expected.get("score_sum").and_then(Value::as_f64) {
        let found = judgement.days.last().map_or(0.0, |day| day.totals.score_sum);
        let close = decimals.map_or(1e-12, |decimals| 0.5 * 10_f64.powi(-decimals));
        assert!((found - sum).abs() <= close, "{name}: {found}\n{judgement}");
    }
    for (level, encounters) in expected.get("encounters").and_then(Value::as_object).into_iter().flatten() {
        let class = judgement.classes.iter().find(|class| class.name == *level).unwrap();
        assert_eq!(class.encounters, encounters.as_u64(), "{name}: {level}\n{judgement}");
    }
    if let Some(expected) = expected.get("change") {
        let change = judgement.change.as_ref().unwrap();
        assert_eq!(
            (change.kind.name(), change.tells),
            (expected["kind"].as_str().unwrap(), expected["tells"].as_bool().unwrap()),
            "{name}:\n{judgement}"
        );
    }
}

#[test]
fn each_app_says_what_it_is_known_to_have_said() {
    let answers = answers();
    assert!(answers.len() >= 68, "{} answers", answers.len());
    let mut judged_by = std::collections::BTreeSet::new();
    for answer in &answers {
        let name = answer["name"].as_str().unwrap();
        let preset = answer["preset"].as_str().map(|preset| preset.parse::<Preset>().unwrap());
        let profile = preset.map_or(Profile::Google, Preset::profile);
        let configuration = match preset {
            Some(preset) => preset.configuration(profile),
            None => read_configuration(answer["config"].to_string().as_bytes(), profile).unwrap(),
        };
        judged_by.extend(preset);
        // The rule as JSON is the rule.
        let rule: Rule = serde_json::from_str(&serde_json::to_string(&configuration.rule).unwrap()).unwrap();
        assert_eq!(rule, configuration.rule, "{name}");
        let judge = Judge::new(&Configuration { rule, ..configuration }, profile);
        let today: UtcDay = answer["today"].as_str().unwrap().parse().unwrap();
        let kept = answer.get("before").map(|before| {
            let kept = judge.judge(&windows(before), today, None).kept();
            serde_json::from_str(&serde_json::to_string(&kept).unwrap()).unwrap()
        });
        let set = windows(&answer["windows"]);
        let judgement = judge.judge(&set, today, kept.as_ref());
        let decimals = answer["decimals"].as_i64().map(|decimals| i32::try_from(decimals).unwrap());
        expect(&judgement, &answer["expected"], decimals, name);
        // What is not explained is the same.
        let outcome = judge.outcome(&set, today);
        assert_eq!(outcome.verdict, judgement.verdict, "{name}");
        if judgement.verdict.not_judged().is_none() {
            assert_eq!(outcome.date, judgement.class.and_then(|class| class.date), "{name}");
        }
    }
    // The defaults of the vendors are no app's, and four of COCOA's read risk scores, as one does for all.
    let v1 = |preset: &Preset| preset.configuration(Profile::Google).rule.reads_risk_scores();
    let all = Preset::ALL.into_iter().filter(|preset| !v1(preset) && ![Preset::Google, Preset::Apple].contains(preset));
    for preset in all {
        assert!(judged_by.contains(&preset), "no answer of {preset} is known");
    }
}

fn decisions() -> Option<PathBuf> {
    let folder = std::env::var_os("GAEN_DECISIONS").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("GAEN_DECISIONS is not set: NO published case is judged");
    }
    folder
}

/// The windows of a published case, with a day for its age.
fn case_windows(case: &Value, today: UtcDay) -> WindowSet {
    let number = |value: &Value| i32::try_from(value.as_i64().unwrap()).unwrap();
    let window = |window: &Value| Window {
        date: today.checked_sub(window["ageInDays"].as_u64().unwrap()),
        report_type: Some(ReportType::from_number(number(&window["reportType"]))),
        infectiousness: Infectiousness::from_number(number(&window["infectiousness"])).ok(),
        calibration_confidence: CalibrationConfidence::ALL
            .get(window["calibrationConfidence"].as_u64().unwrap() as usize)
            .copied(),
        scans: window["scanInstances"]
            .as_array()
            .unwrap()
            .iter()
            .map(|scan| Scan {
                typical_attenuation: u8::try_from(number(&scan["typicalAttenuation"])).ok(),
                min_attenuation: u8::try_from(number(&scan["minAttenuation"])).ok(),
                seconds: scan["secondsSinceLastScan"].as_i64().unwrap(),
            })
            .collect(),
    };
    WindowSet::new(case["exposureWindows"].as_array().unwrap().iter().map(window))
}

/// The cases that Corona-Warn-App published, with the configuration in their file.
#[test]
fn the_published_cases_of_corona_warn_app() {
    let Some(folder) = decisions() else { return };
    let document = fs::read(folder.join("cwa-android-29-cases.json")).unwrap();
    let configuration = read_configuration(&document, Profile::Google).unwrap();
    let judge = Judge::new(&configuration, Profile::Google);
    let document: Value = serde_json::from_slice(&document).unwrap();
    let cases = document["testCases"].as_array().unwrap();
    assert_eq!(cases.len(), 29);
    let today: UtcDay = "2021-03-15".parse().unwrap();
    for case in cases {
        let name = case["description"].as_str().unwrap();
        let judgement = judge.judge(&case_windows(case, today), today, None);
        let class = |name: &str| judgement.classes.iter().find(|class| class.name == name).unwrap();
        let age = |name: &str| class(name).days.last().map(|day| today.days_since_epoch() - day.days_since_epoch());
        let total =
            if case["expTotalRiskLevel"] == 2 { ("high", Verdict::Notify) } else { ("low", Verdict::DoNotNotify) };
        assert_eq!((judgement.class.as_ref().unwrap().name.as_str(), judgement.verdict), total, "{name}:\n{judgement}");
        for (level, suffix) in [("low", "LowRisk"), ("high", "HighRisk")] {
            let expected = |field: &str| case[format!("{field}With{suffix}")].as_u64();
            assert_eq!(age(level), expected("expAgeOfMostRecentDate"), "{name}:\n{judgement}");
            assert_eq!(Some(class(level).days.len() as u64), expected("expNumberOfDays"), "{name}:\n{judgement}");
            let encounters = expected("expTotalMinimumDistinctEncounters");
            assert_eq!(class(level).encounters, encounters, "{name}:\n{judgement}");
        }
    }
}

/// What the sample configuration of Google's app comes to is the preset.
#[test]
fn the_sample_of_googles_app_is_the_preset() {
    let Some(folder) = decisions() else { return };
    let document = fs::read(folder.join("enx-sample-config.json")).unwrap();
    for profile in [Profile::Google, Profile::AppleV1] {
        assert_eq!(read_configuration(&document, profile).unwrap(), Preset::Enx.configuration(profile));
    }
}
