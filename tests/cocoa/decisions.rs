//! Known answers of apps: what each said of these windows, and what its configuration comes to.

use std::fs;
use std::path::{Path, PathBuf};

use gaen::Profile;
use gaen::cocoa::read_configuration;
use gaen::exposure::decision::{
    Decides, Factor, Identical, Judge, Judgement, Rule, Scan, Scores, Sum, Unit, Weigh, Weighing, WeightedRanges,
    Window, WindowSet,
};
use gaen::exposure::{Configuration, Infectiousness, Preset, Verdict};
use gaen::keys::{CalibrationConfidence, ReportType};
use gaen::lint::LintCode;
use gaen::time::UtcDay;
use serde_json::{Value, json};

/// The answers of `test-vectors/decisions`.
fn answers() -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-vectors/decisions/answers.json");
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
            "/normalizedTimePerEWToRiskLevelMapping",
            &json!([]),
            "the configuration has no normalizedTimePerEWToRiskLevelMapping",
        ),
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
    let mut filtered = cwa();
    let any = json!({ "min": 0, "max": 9 });
    filtered["minutesAtAttenuationFilters"] = json!([{ "attenuationRange": any, "dropIfMinutesInRange": any }]);
    filtered["trlFilters"] = json!([{ "dropIfTrlInRange": any }]);
    read(&filtered, Profile::Google).unwrap();
    for entry in [
        "/minutesAtAttenuationFilters/0",
        "/trlFilters/0",
        "/normalizedTimePerEWToRiskLevelMapping/0",
        "/normalizedTimePerDayToRiskLevelMapping/1",
        "/transmissionRiskValueMapping/7",
    ] {
        misspelt(filtered.clone(), entry, "", "more", "unknown field `more`");
    }

    let threshold = "confirmedTestPerDaySumERVThreshold_1";
    for unknown in [
        "confirmedTestPerDaySumERVTreshold_1",
        "confirmedPerDaySumERVThreshold_1",
        "perDaySumERVThreshold_5",
        "perDaySumERVThreshold_300",
        "perDaySumERVThreshold_01",
        "perDaySumERVThreshold_+1",
        "perDaySumERVThreshold01",
        "weightedDurationAtAttenuationsThreshold_1",
        "weightedDurationAtAttenuationTreshold_1",
    ] {
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
/// Source: corona-warn-app/cwa-app-android d98f9c20 `DefaultRiskLevels.kt` adds the seconds to a `Double` and divides
/// it by 60; cwa-app-ios 02c629b6 divides an `Int`.
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

/// Which days since onset are infectious, and what a key without them is, as spec'd by each app.
#[test]
fn each_app_has_its_own_infectious_days() {
    use Infectiousness::{High, None, Standard};
    type Days = &'static [(std::ops::RangeInclusive<i8>, Infectiousness)];
    let expected: [(Preset, Days, Infectiousness); 9] = [
        (Preset::CocoaV2, &[(-3..=10, High)], High),
        (Preset::CoronaMelder, &[(-2..=11, Standard)], Standard),
        (Preset::KoronavilkkuAndroid, &[(-2..=7, High), (8..=10, Standard)], High),
        (Preset::KoronavilkkuIos, &[(-2..=7, High), (8..=10, Standard)], High),
        (Preset::SmittestoppNo, &[(-2..=8, High)], Standard),
        (Preset::SmittestopDk, &[(-2..=8, High)], Standard),
        (Preset::NhsAndroid, &[(-5..=-3, Standard), (-2..=3, High), (4..=9, Standard)], Standard),
        (Preset::NhsIos, &[(-5..=-3, Standard), (-2..=3, High), (4..=9, Standard)], Standard),
        (Preset::Enx, &[(-14..=14, Standard)], Standard),
    ];
    for preset in Preset::ALL {
        let mapping = preset.configuration(preset.profile()).mapping;
        let Some((_, days, missing)) = expected.iter().find(|(of, ..)| *of == preset) else {
            assert_eq!(mapping.infectiousness, Option::None, "{preset}: every day is as one without days");
            continue;
        };
        assert_eq!(mapping.infectiousness_when_missing, *missing, "{preset}");
        for (day, found) in mapping.infectiousness.unwrap().iter() {
            let of_day = days.iter().find(|(days, _)| days.contains(&day)).map_or(None, |(_, of_day)| *of_day);
            assert_eq!(found, of_day, "{preset}: day {day}");
        }
    }
}

/// A window of a confirmed test so many days before 15 March 2021, with these scans: dB and seconds.
fn confirmed(days_ago: u64, infectiousness: Infectiousness, scans: &[(u8, i64)]) -> Window {
    let today: UtcDay = "2021-03-15".parse().unwrap();
    Window {
        date: today.checked_sub(days_ago),
        report_type: Some(ReportType::ConfirmedTest),
        infectiousness: Some(infectiousness),
        ..clinical(scans)
    }
}

/// Filters by minutes and levels, a multiplier, and 13 minutes from which on a day is high.
#[test]
fn corona_warn_app_before_1_15() {
    for (preset, profile) in
        [(Preset::CwaAndroidBefore1_15, Profile::Google), (Preset::CwaIosBefore1_15, Profile::AppleV1)]
    {
        let configuration = preset.configuration(profile);
        let reason = |window: Window| {
            let judgement = judged(&configuration, profile, [window]);
            let window = &judgement.windows[0];
            (window.reason.as_ref().map(|reason| reason.code), window.level, window.factors.clone())
        };
        let near = |report_type, infectiousness| Window {
            report_type: Some(report_type),
            infectiousness: Some(infectiousness),
            ..clinical(&[(30, 600)])
        };
        // Type and infectiousness make the levels 1 to 8. Levels 1 and 2 are dropped, the others are worth a fifth
        // each.
        let (standard, high) = (Infectiousness::Standard, Infectiousness::High);
        for (report_type, infectiousness, level, worth) in [
            (ReportType::Recursive, standard, 1, 0.0),
            (ReportType::Recursive, high, 2, 0.0),
            (ReportType::SelfReport, standard, 3, 0.6),
            (ReportType::SelfReport, high, 4, 0.8),
            (ReportType::ConfirmedClinicalDiagnosis, standard, 5, 1.0),
            (ReportType::ConfirmedClinicalDiagnosis, high, 6, 1.2),
            (ReportType::ConfirmedTest, standard, 7, 1.4),
            (ReportType::ConfirmedTest, high, 8, 1.6),
        ] {
            let (code, found, factors) = reason(near(report_type, infectiousness));
            assert_eq!((code, found), ((level <= 2).then_some("level_dropped"), Some(level)), "{preset}");
            assert!(level <= 2 || (factors[0] - worth).abs() < 1e-9, "{preset}: {factors:?}");
        }
        // Under five minutes below 79 dB.
        assert_eq!(reason(clinical(&[(30, 299)])).0, Some("minutes_dropped"), "{preset}");
        assert_eq!(reason(clinical(&[(30, 240), (79, 600)])).0, Some("minutes_dropped"), "{preset}");
        assert_eq!(reason(clinical(&[(30, 240), (78, 60)])).0, None, "{preset}");
        // 608 s come to 12.971 minutes and 609 s to 12.992, which Android rounds to 13.0.
        let class = |seconds| {
            let judgement = judged(&configuration, profile, [confirmed(1, high, &[(30, seconds)])]);
            judgement.class.unwrap().name
        };
        let rounded = if preset == Preset::CwaAndroidBefore1_15 { "high" } else { "low" };
        assert_eq!([607, 608, 609, 610].map(class), ["low", rounded, rounded, "high"], "{preset}");
        assert_eq!(class(600), "low");
    }
}

/// What each app of daily summaries asks, to the second, in dB of its own buckets; and its oldest day.
#[test]
fn finland_norway_and_denmark_to_the_second() {
    let says = |preset: Preset, window: Window| {
        let profile = preset.profile();
        judged(&preset.configuration(profile), profile, [window]).verdict == Verdict::Notify
    };
    let (standard, high) = (Infectiousness::Standard, Infectiousness::High);
    for (preset, infectiousness, attenuation, least) in [
        // 900 = 1.25 x 720 = 1 x 900 = .5 x 1800; standard infectiousness is worth .625.
        (Preset::KoronavilkkuIos, high, 51, Some(720)),
        (Preset::KoronavilkkuIos, high, 52, Some(900)),
        (Preset::KoronavilkkuIos, high, 63, Some(900)),
        (Preset::KoronavilkkuIos, high, 64, Some(1800)),
        (Preset::KoronavilkkuIos, standard, 70, Some(2880)),
        (Preset::KoronavilkkuIos, high, 71, None),
        // Android's app rounds: 899.5 is enough.
        (Preset::KoronavilkkuAndroid, high, 64, Some(1799)),
        (Preset::KoronavilkkuAndroid, standard, 70, Some(2879)),
        (Preset::SmittestoppNo, high, 57, Some(390)),
        (Preset::SmittestoppNo, high, 58, Some(520)),
        (Preset::SmittestoppNo, standard, 68, Some(520)),
        (Preset::SmittestoppNo, high, 69, None),
        (Preset::SmittestopDk, high, 57, Some(312)),
        (Preset::SmittestopDk, high, 63, Some(390)),
        (Preset::SmittestopDk, standard, 64, Some(780)),
        (Preset::SmittestopDk, high, 73, Some(780)),
        (Preset::SmittestopDk, high, 74, None),
    ] {
        let window = |seconds| confirmed(1, infectiousness, &[(attenuation, seconds)]);
        let name = format!("{preset} at {attenuation} dB");
        match least {
            Some(least) => assert!(says(preset, window(least)) && !says(preset, window(least - 1)), "{name}"),
            None => assert!(!says(preset, window(80_000)), "{name}"),
        }
    }
    for preset in [Preset::KoronavilkkuAndroid, Preset::KoronavilkkuIos, Preset::SmittestoppNo, Preset::SmittestopDk] {
        let of_age = |days| says(preset, confirmed(days, high, &[(50, 1800)]));
        assert_eq!([10, 11].map(of_age), [true, false], "{preset}");
    }
}

/// Google's sample has four classes, and a day without one fails all of them.
#[test]
fn each_class_of_googles_sample_is_met_by_its_own_reports() {
    let configuration = Preset::Enx.configuration(Profile::Google);
    let class = |report_type, seconds| {
        let window = Window { report_type: Some(report_type), ..clinical(&[(50, seconds)]) };
        let judgement = judged(&configuration, Profile::Google, [window]);
        let day = &judgement.days[0];
        (judgement.class.as_ref().unwrap().name.clone(), day.code, day.text.clone())
    };
    let name = |report_type, seconds| class(report_type, seconds).0;
    assert_eq!(name(ReportType::ConfirmedTest, 2700), "Classification 1");
    assert_eq!(name(ReportType::ConfirmedTest, 2699), "Classification 2");
    assert_eq!(name(ReportType::ConfirmedTest, 1), "Classification 2");
    assert_eq!(name(ReportType::ConfirmedClinicalDiagnosis, 9000), "Classification 3");
    assert_eq!(name(ReportType::SelfReport, 1), "Classification 4");
    let (none, code, text) = class(ReportType::Recursive, 9000);
    assert_eq!((none.as_str(), code), ("No Exposure", "condition_not_met"));
    assert_eq!(
        text,
        "Classification 1: confirmed_test_sum 0 is not >= 2700; Classification 2: confirmed_test_sum 0 is not >= 1; \
         Classification 3: confirmed_clinical_diagnosis_sum 0 is not >= 1; Classification 4: self_report_sum 0 is not >= 1"
    );
}

/// The configuration of Corona-Warn-App with another arithmetic.
fn weighing(change: impl FnOnce(&mut Weighing)) -> Configuration {
    let mut configuration = Preset::CwaAndroid.configuration(Profile::Google);
    let Decides::Windows(rule) = &mut configuration.rule.decides else { panic!("no windows") };
    let Scores::Weighted(weighing) = &mut rule.scores else { panic!("no weights") };
    change(weighing);
    configuration
}

#[test]
fn equal_windows_count_once_if_the_rule_says_so() {
    let windows = || [clinical(&[(30, 300)]), clinical(&[(30, 300)]), clinical(&[(30, 301)])];
    for (identical, counted) in [(Identical::Each, 901.0), (Identical::Once, 601.0)] {
        let configuration = weighing(|weighing| weighing.identical = identical);
        let judgement = judged(&configuration, Profile::Google, windows());
        let expected = counted * 0.8 / 60.0 * 1.2;
        assert!((judgement.days[0].totals.score_sum - expected).abs() < 1e-9, "{judgement}");
        let reasons: Vec<_> = judgement.windows.iter().filter_map(|window| window.reason.as_ref()).collect();
        let repeated = reasons.iter().filter(|reason| reason.code == "window_repeated").count();
        assert_eq!((repeated, reasons.len()), (usize::from(identical == Identical::Once), repeated), "{judgement}");
    }
}

/// Six times a tenth is not the sixth of a six, in doubles.
#[test]
fn the_order_of_weighing_and_adding_is_that_of_the_rule() {
    for (weigh, expected) in [(Weigh::Scans, 0.6_f64), (Weigh::Ranges, 0.600_000_000_000_000_1)] {
        let configuration = weighing(|weighing| {
            weighing.ranges = WeightedRanges::rising(&[63], &[0.1], true).unwrap();
            let Sum::Window(sum) = &mut weighing.sum else { panic!("a window has no score") };
            (sum.weigh, sum.unit) = (weigh, Unit::Seconds);
        });
        let judgement = judged(&configuration, Profile::Google, [clinical(&[(30, 1); 6])]);
        assert_eq!(judgement.windows[0].weighted.map(f64::to_bits), Some(expected.to_bits()), "{weigh:?}: {judgement}");
    }
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
