//! Known answers of apps: what each said of these windows, and what its configuration comes to.

use std::fs;
use std::path::{Path, PathBuf};

use gaen::Profile;
use gaen::cocoa::read_configuration;
use gaen::exposure::decision::{
    Decides, Factor, Judge, Judgement, Rule, Scan, Scores, Sum, Weighing, Window, WindowSet,
};
use gaen::exposure::{Configuration, Infectiousness, Preset, Verdict};
use gaen::keys::{CalibrationConfidence, ReportType};
use gaen::lint::LintCode;
use gaen::time::UtcDay;
use serde_json::{Value, json};

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
            let kept = judge.judge(&windows(before), today, None).kept().unwrap();
            serde_json::from_str(&serde_json::to_string(&kept).unwrap()).unwrap()
        });
        let set = windows(&answer["windows"]);
        let judgement = judge.judge(&set, today, kept.as_ref());
        let decimals = answer["expected"]["decimals"].as_i64().map(|decimals| i32::try_from(decimals).unwrap());
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
            .get(usize::try_from(number(&window["calibrationConfidence"])).unwrap())
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

/// The parameters of Corona-Warn-App from 1.15 on, by the names of their fields.
fn cwa() -> Value {
    let range = |min: f64, max: f64, exclusive: bool| json!({ "min": min, "max": max, "maxExclusive": exclusive });
    let level = |range: Value, level: u8| json!({ "normalizedTimeRange": range, "riskLevel": level });
    let values = [0.0, 0.0, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6].into_iter().zip(1..);
    json!({
        "minutesAtAttenuationWeights": [
            { "attenuationRange": range(0.0, 63.0, true), "weight": 0.8 },
            { "attenuationRange": range(63.0, 73.0, true), "weight": 1 },
            { "attenuationRange": range(73.0, 79.0, true), "weight": 0.1 },
        ],
        "normalizedTimePerEWToRiskLevelMapping": [level(range(0.0, 9.0, true), 1), level(range(9.0, 9999.0, false), 2)],
        "normalizedTimePerDayToRiskLevelMapping": [level(range(5.0, 9.0, true), 1), level(range(9.0, 99999.0, false), 2)],
        "trlEncoding": {
            "infectiousnessOffsetStandard": 1, "infectiousnessOffsetHigh": 2, "reportTypeOffsetRecursive": 0,
            "reportTypeOffsetSelfReport": 2, "reportTypeOffsetConfirmedClinicalDiagnosis": 4,
            "reportTypeOffsetConfirmedTest": 6,
        },
        "transmissionRiskValueMapping": values
            .map(|(value, level)| json!({ "transmissionRiskLevel": level, "transmissionRiskValue": value }))
            .collect::<Vec<_>>(),
        "maxEncounterAgeInDays": 10,
    })
}

fn dp3t() -> Value {
    json!({ "lowerThreshold": 55, "higherThreshold": 63, "factorLow": 1.0, "factorHigh": 0.5, "triggerThreshold": 15 })
}

fn enx() -> Value {
    let answers = answers();
    answers.iter().find_map(|answer| answer.get("config")).unwrap().clone()
}

fn read(document: &Value, profile: Profile) -> Result<Configuration, String> {
    read_configuration(document.to_string().as_bytes(), profile).map_err(|error| error.to_string())
}

#[test]
fn what_a_server_served_is_what_its_app_read() {
    for (profile, preset) in [(Profile::Google, Preset::CwaAndroid), (Profile::AppleV1, Preset::CwaIos)] {
        let expected = preset.configuration(profile);
        for document in [cwa(), json!({ "riskCalculationParameters": cwa(), "other": 1 })] {
            assert_eq!(read(&document, profile), Ok(expected.clone()), "{preset}");
        }
        // An age of 0 is one of 14 days, as is none.
        let mut ageless = cwa();
        ageless.as_object_mut().unwrap().remove("maxEncounterAgeInDays");
        let Decides::Windows(rule) = read(&ageless, profile).unwrap().rule.decides else { panic!("no windows") };
        let Scores::Weighted(weighing) = rule.scores else { panic!("no weights") };
        assert_eq!(weighing.max_age_days, Some(14));
    }
    for (profile, preset, block) in [
        (Profile::Google, Preset::SwissCovidAndroid, "androidGaenSdkConfig"),
        (Profile::AppleV1, Preset::SwissCovidIos, "iOSGaenSdkConfig"),
    ] {
        let mut expected = preset.configuration(profile);
        expected.rule.name = Some("dp3t".to_owned());
        for document in [dp3t(), json!({ "forceUpdate": false, block: dp3t() })] {
            assert_eq!(read(&document, profile), Ok(expected.clone()), "{preset}");
        }
    }
    let error = read(&json!({ "iOSGaenSdkConfig": dp3t() }), Profile::Google).unwrap_err();
    assert_eq!(error, "there is no androidGaenSdkConfig, which the profile google reads");
}

#[test]
fn what_is_wrong_in_what_was_served_is_named() {
    let number = json!(-1);
    for (document, path, value, expected) in [
        (cwa(), "/minutesAtAttenuationWeights/1/weight", &number, "minutesAtAttenuationWeights[1]: score -1 is not"),
        (
            cwa(),
            "/minutesAtAttenuationWeights/1/attenuationRange/max",
            &json!(63),
            "minutesAtAttenuationWeights[1]: \"[63, 63)\" holds no number",
        ),
        (
            cwa(),
            "/normalizedTimePerDayToRiskLevelMapping/0/riskLevel",
            &json!(3),
            "normalizedTimePerDayToRiskLevelMapping[0]: riskLevel 3 is neither 1 (low) nor 2 (high)",
        ),
        (cwa(), "/trlEncoding", &json!(7), "trlEncoding: invalid type: integer `7`"),
        (cwa(), "/transmissionRiskValueMapping", &json!(null), "the configuration has no transmissionRiskValueMapping"),
        (cwa(), "/transmissionRiskValueMapping", &json!([]), "the configuration has no transmissionRiskValueMapping"),
        (cwa(), "/minutesAtAttenuationWeights", &json!([]), "the configuration has no minutesAtAttenuationWeights"),
        (
            cwa(),
            "/normalizedTimePerDayToRiskLevelMapping",
            &json!([]),
            "the configuration has no normalizedTimePerDayToRiskLevelMapping",
        ),
        (
            dp3t(),
            "/higherThreshold",
            &json!(55),
            "lowerThreshold, higherThreshold, factorLow and factorHigh: \"[55, 55)\"",
        ),
        (dp3t(), "/factorHigh", &number, "lowerThreshold, higherThreshold, factorLow and factorHigh: "),
        (dp3t(), "/triggerThreshold", &json!(0), "triggerThreshold: 0 is not over 0 minutes"),
        (
            enx(),
            "/attenuationNearMedThreshold",
            &json!(30),
            "attenuation...Threshold: attenuation thresholds [30, 30, 60]",
        ),
        (enx(), "/attenuationNearWeight", &json!(251), "attenuationNearWeight: weight 2.51 is not in 0..=2.5"),
        (
            enx(),
            "/symptomOnsetToInfectiousnessMap",
            &json!("0x3"),
            "symptomOnsetToInfectiousnessMap: \"0x3\" has a day",
        ),
        (
            enx(),
            "/symptomOnsetToInfectiousnessMap",
            &json!("555"),
            "symptomOnsetToInfectiousnessMap: \"555\" is no hexa",
        ),
        (enx(), "/classificationName_1", &json!(1), "classificationName_1: invalid type: integer `1`"),
        (enx(), "/reportTypeNoneMap", &json!(5), "reportTypeNoneMap: 5 is not in 0..=4"),
    ] {
        let mut bent = document;
        *bent.pointer_mut(path).unwrap() = value.clone();
        let error = read(&bent, Profile::Google).unwrap_err();
        assert!(error.starts_with(expected), "{path}: {error}");
    }
}

/// A field that is misspelt would be lost, and nobody would be notified because of it.
#[test]
fn a_misspelt_field_of_what_was_served_is_refused() {
    let misspelt = |document: Value, object: &str, from: &str, to: &str, expected: &str| {
        let mut bent = document;
        let fields = bent.pointer_mut(object).unwrap().as_object_mut().unwrap();
        let value = fields.remove(from).unwrap_or(json!([]));
        fields.insert(to.to_owned(), value);
        let error = read(&bent, Profile::Google).unwrap_err();
        assert!(error.contains(expected), "{to}: {error}");
    };
    misspelt(cwa(), "", "maxEncounterAgeInDays", "maxEncounterAge", "unknown field `maxEncounterAge`");
    misspelt(cwa(), "", "trlFilters", "trlFilter", "unknown field `trlFilter`");
    let offsets = ("/trlEncoding", "reportTypeOffsetConfirmedTest");
    misspelt(cwa(), offsets.0, offsets.1, "reportTypeOffsetConfirmed", "unknown field `reportTypeOffsetConfirmed`");
    misspelt(cwa(), "/minutesAtAttenuationWeights/0", "weight", "weigth", "unknown field `weigth`");
    let range = "/minutesAtAttenuationWeights/0/attenuationRange";
    misspelt(cwa(), range, "maxExclusive", "maxExclusiv", "unknown field `maxExclusiv`");

    let threshold = "confirmedTestPerDaySumERVThreshold_1";
    for unknown in
        ["confirmedTestPerDaySumERVTreshold_1", "confirmedPerDaySumERVThreshold_1", "perDaySumERVThreshold_5"]
    {
        misspelt(
            enx(),
            "",
            threshold,
            unknown,
            &format!("\"{unknown}\" is no threshold of a class: there are confirmedTest"),
        );
    }
    let mut nameless = json!({ "classificationName_1": "Class" });
    for (name, value) in enx().as_object().unwrap().iter().filter(|(name, _)| !name.ends_with("_1")) {
        nameless[name] = value.clone();
    }
    let error = read(&nameless, Profile::Google).unwrap_err();
    assert_eq!(error, "classificationName_1 names a class without any threshold, which no day would have");
}

/// Before 1.15 a multiplier stood where a list of values is now. What is empty or 0 was never served.
#[test]
fn an_empty_list_of_values_leaves_the_multiplier() {
    let mut old = cwa();
    old["transmissionRiskLevelMultiplier"] = json!(0.2);
    let mut absent = old.clone();
    old["transmissionRiskValueMapping"] = json!([]);
    absent.as_object_mut().unwrap().remove("transmissionRiskValueMapping");
    let expected = read(&absent, Profile::Google).unwrap();
    assert_eq!(read(&old, Profile::Google).unwrap(), expected);
    let Decides::Windows(rule) = expected.rule.decides else { panic!("no windows") };
    let Scores::Weighted(Weighing { sum: Sum::Window(sum), .. }) = rule.scores else { panic!("no weights") };
    let Factor::Table(table) = sum.factor else { panic!("no levels") };
    assert_eq!([1, 5, 8].map(|level| table.value(level)), [0.2, 1.0, 1.6]);
    absent["transmissionRiskLevelMultiplier"] = json!(0);
    assert_eq!(read(&absent, Profile::Google).unwrap_err(), "the configuration has no transmissionRiskValueMapping");
}

/// A window of a clinical diagnosis and high infectiousness, 14 March 2021, with these scans: dB and seconds.
fn clinical(scans: &[(u8, i64)]) -> Window {
    let scan = |&(attenuation, seconds): &(u8, i64)| Scan {
        typical_attenuation: Some(attenuation),
        min_attenuation: Some(attenuation),
        seconds,
    };
    Window {
        date: Some("2021-03-14".parse().unwrap()),
        report_type: Some(ReportType::ConfirmedClinicalDiagnosis),
        infectiousness: Some(Infectiousness::High),
        calibration_confidence: Some(CalibrationConfidence::Medium),
        scans: scans.iter().map(scan).collect(),
    }
}

fn judged(configuration: &Configuration, profile: Profile, windows: impl IntoIterator<Item = Window>) -> Judgement {
    Judge::new(configuration, profile).judge(&WindowSet::new(windows), "2021-03-15".parse().unwrap(), None)
}

/// 330 seconds are 5.5 minutes on Android, which no filter to 5 minutes holds, and 5 whole minutes on iPhones.
///
/// Source: corona-warn-app/cwa-app-android d98f9c20 `DefaultRiskLevels.kt` adds the seconds to a `Double` and divides it by
/// 60; cwa-app-ios 02c629b6 divides an `Int`.
#[test]
fn a_filter_by_minutes_counts_whole_minutes_on_iphones_alone() {
    let mut served = cwa();
    served["minutesAtAttenuationFilters"] = json!([
        { "attenuationRange": { "max": 79, "maxExclusive": true }, "dropIfMinutesInRange": { "max": 5 } },
    ]);
    for (profile, seconds, dropped) in [
        (Profile::Google, 300, true),
        (Profile::Google, 330, false),
        (Profile::AppleV1, 330, true),
        (Profile::AppleV1, 359, true),
        (Profile::AppleV1, 360, false),
    ] {
        let judgement = judged(&read(&served, profile).unwrap(), profile, [clinical(&[(30, seconds)])]);
        let reason = judgement.windows[0].reason.as_ref().map(|reason| reason.code);
        assert_eq!(reason, dropped.then_some("minutes_dropped"), "{profile:?} {seconds}:\n{judgement}");
    }
}

/// A class that is told on partial knowledge may be told wrong: nothing is compared, and nothing is kept.
#[test]
fn a_day_that_could_not_be_judged_leaves_the_answer_of_before() {
    let configuration = Preset::Enx.configuration(Profile::Google);
    let judge = Judge::new(&configuration, Profile::Google);
    let today: UtcDay = "2021-03-15".parse().unwrap();
    let on = |date: &str, window: Window| Window { date: Some(date.parse().unwrap()), ..window };
    let confirmed = Window { report_type: Some(ReportType::ConfirmedTest), ..clinical(&[(20, 3600)]) };
    let before = judge.judge(&WindowSet::new([on("2021-03-12", confirmed.clone())]), today, None).kept().unwrap();
    // The day of the worst class is there still, but it cannot be judged any more.
    let unknown = on("2021-03-12", Window { report_type: None, ..confirmed.clone() });
    let windows = WindowSet::new([unknown.clone(), on("2021-03-14", clinical(&[(20, 600)]))]);
    let judgement = judge.judge(&windows, today, Some(&before));
    assert_eq!((judgement.verdict, judgement.change.is_none(), judgement.kept()), (Verdict::Notify, true, None));
    assert!(judgement.marks.iter().any(|mark| mark.code == "days_not_judged"), "{judgement}");
    let judgement = judge.judge(&WindowSet::new([unknown]), today, Some(&before));
    assert_eq!((judgement.verdict.name(), judgement.change.is_none(), judgement.kept()), ("not_judged", true, None));
    // Once it can be judged it is compared.
    let judgement = judge.judge(&WindowSet::new([on("2021-03-12", confirmed)]), today, Some(&before));
    assert_eq!(judgement.change.unwrap().kind.name(), "same");
}

/// Two windows without a confidence may be one encounter or two.
#[test]
fn encounters_without_a_confidence_are_not_counted() {
    let configuration = Preset::CwaAndroid.configuration(Profile::Google);
    let lacking = Window { calibration_confidence: None, ..clinical(&[(30, 600)]) };
    let of = |windows: &[Window], level: &str| {
        let judgement = judged(&configuration, Profile::Google, windows.to_vec());
        let marked = judgement.marks.iter().any(|mark| mark.code == "confidence_missing");
        (judgement.classes.iter().find(|class| class.name == level).unwrap().encounters, marked)
    };
    assert_eq!(of(&[clinical(&[(30, 600)])], "high"), (Some(1), false));
    assert_eq!(of(&[clinical(&[(30, 600)]), lacking.clone()], "high"), (None, true));
    assert_eq!(of(&[lacking], "low"), (Some(0), true), "no window has this level");
}

/// Source: google/exposure-notifications-android e44603b3, its tests of the map.
#[test]
fn the_map_of_googles_app_is_read_two_bits_a_day() {
    let infectious = |map: &str| {
        let mut document = enx();
        document["symptomOnsetToInfectiousnessMap"] = json!(map);
        let mapping = read(&document, Profile::Google).unwrap().mapping;
        let days = mapping.infectiousness.unwrap();
        let days: Vec<_> = days.iter().filter(|(_, found)| *found != Infectiousness::None).collect();
        (days, mapping.infectiousness_when_missing)
    };
    use Infectiousness::{High, None, Standard};
    let days = [(-4, Standard), (-2, High), (-1, Standard), (0, High), (1, High), (2, High), (3, High), (4, Standard)];
    let days = days.into_iter().chain([5, 6, 7, 8, 9, 11, 14].map(|day| (day, Standard)));
    assert_eq!(infectious("0x0104555aa6100000"), (days.collect(), None));
    assert_eq!(infectious("0x0492492492492492").1, Standard);
}

#[test]
fn every_preset_says_where_it_comes_from() {
    for preset in Preset::ALL {
        let about = preset.about();
        assert!(!about.app.is_empty() && !about.source.is_empty() && about.read.parse::<UtcDay>().is_ok(), "{preset}");
        let rule = preset.configuration(preset.profile()).rule;
        assert_eq!(rule.platform, about.platform, "{preset}");
        let of_nobody = [Preset::Google, Preset::Apple].contains(&preset) || preset.name().starts_with("cocoa-");
        assert_eq!(rule.name.is_none(), of_nobody, "{preset}: an answer names its rule");
        // Nothing in a rule that was in use is out of reach.
        let lints = gaen::lint::lint_configuration(&preset.configuration(preset.profile()), preset.profile());
        let out_of_reach = [LintCode::ClassUnreachable, LintCode::RuleAlwaysNotifies, LintCode::ConditionUnreachable];
        assert!(!lints.iter().any(|lint| out_of_reach.contains(&lint.code)), "{preset}: {lints:#?}");
    }
}
