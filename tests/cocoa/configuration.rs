//! COCOA's configurations: the presets are those of the files, and each of its faults is seen.
use std::fs;
use std::path::PathBuf;

use gaen::Profile;
use gaen::cocoa::{read_configuration, read_rule};
use gaen::exposure::Preset;
use gaen::exposure::decision::{RiskRuleFile, Rule};
use gaen::exposure::{Configuration, Infectiousness, PlatformConfiguration, RiskConfiguration, RiskScores, Weight};
use gaen::profile::RiskRules;
use serde_json::{Value, json};

/// A file among COCOA's, if they are here.
fn file(name: &str) -> Option<Vec<u8>> {
    let folder = std::env::var_os("GAEN_COCOA")?;
    Some(fs::read(PathBuf::from(folder).join(name)).unwrap())
}

#[test]
fn the_presets_are_what_stands_in_the_files() {
    let (Some(v1), Some(v2), Some(rule)) =
        (file("configuration-v1-2022.json"), file("configuration-v2.json"), file("risk-rule-v2.json"))
    else {
        return;
    };
    for profile in Profile::ALL {
        assert_eq!(read_configuration(&v1, profile), Ok(Preset::CocoaV1Server2022.configuration(profile)));
        assert_eq!(read_configuration(&v2, profile), Ok(Preset::CocoaV2.configuration(profile)));
        assert_eq!(read_rule(&rule).unwrap(), Preset::CocoaV2.configuration(profile).rule);
    }
}

#[test]
fn a_configuration_that_is_written_is_read_again() {
    // The blocks are COCOA's. Others' configurations have values that are not within a platform's limits.
    let cocoa = Preset::ALL.into_iter().filter(|preset| preset.name().starts_with("cocoa-"));
    for preset in cocoa {
        for profile in Profile::ALL {
            let configuration = preset.configuration(profile);
            let text = serde_json::to_vec(&PlatformConfiguration::new(&configuration)).unwrap();
            let read = read_configuration(&text, profile).unwrap();
            let rule = configuration.rule.clone();
            assert_eq!(Configuration { rule, ..read }, configuration, "{} {}", preset.name(), profile.name());
        }
    }
}

#[test]
fn what_is_not_within_the_limits_is_refused_by_name() {
    let google = |from: &str, to: &str| {
        let vendors = PlatformConfiguration::new(&Preset::CocoaV2.configuration(Profile::Google));
        let text = serde_json::to_string(&vendors).unwrap();
        assert!(text.contains(from), "{from} in {text}");
        read_configuration(text.replacen(from, to, 1).as_bytes(), Profile::Google).unwrap_err().to_string()
    };
    for (from, to, expected) in [
        (
            r#""attenuation_scores":[1,"#,
            r#""attenuation_scores":[9,"#,
            "google_exposure_config.attenuation_scores: score 9",
        ),
        (
            r#""attenuation_scores":[1,"#,
            r#""attenuation_scores":["#,
            "google_exposure_config.attenuation_scores: invalid length 7",
        ),
        (r#""minimum_risk_score":21"#, r#""minimum_risk_score":0"#, "minimum_risk_score: 0 is not in 1..=4096"),
        ("[46,60,65]", "[46,46,65]", "attenuation thresholds [46, 46, 65] are not strictly increasing"),
        (
            "[46,60,65]",
            "[46,60,256]",
            "google_daily_summaries_config.attenuation_bucket_threshold_db: invalid value: integer `256`",
        ),
        ("[50,70]", "[70,50]", "duration_at_attenuation_thresholds: duration thresholds [70, 50] are not increasing"),
        ("[1.0,2.5,", "[1.0,2.6,", "attenuation_bucket_weights: weight 2.6 is not in 0..=2.5"),
        (r#""-14":0,"#, "", "infectiousness_for_days_since_onset_of_symptoms: 28 days"),
        (r#""-14":0,"#, r#""-14":3,"#, "3 is not in 0..=2"),
        (r#""minimum_window_score":0.0"#, r#""minimum_window_score":-1"#, "score -1 is not a number of at least 0"),
        (r#""google_exposure_config":"#, r#""other":"#, "there is no google_exposure_config"),
        // The days would be lost, and every key would be as infectious as one without days.
        (
            r#""infectiousness_for_days_since_onset_of_symptoms":"#,
            r#""infectiousness_for_days_since_onset":"#,
            "google_diagnosis_keys_data_mapping_config.infectiousness_for_days_since_onset: unknown field",
        ),
    ] {
        let error = google(from, to);
        assert!(error.contains(expected), "{error}");
    }
    assert!(
        read_configuration(b"{}", Profile::Google)
            .unwrap_err()
            .to_string()
            .contains("no configuration of a known form: it has nothing; read are: ")
    );
    let operator = br#"{"format_version":1,"DailySummary_DaySummary_ScoreSum":{"op":"==","value":1}}"#;
    assert!(read_rule(operator).unwrap_err().to_string().contains("ScoreSum: unknown variant `==`"));
    assert!(read_rule(br#"{"format_version":2}"#).unwrap_err().to_string().contains("only 1 is known"));
    let block = read_configuration(br#"{"google_exposure_config":7}"#, Profile::Google).unwrap_err();
    assert_eq!(block.code(), "invalid_configuration");
    assert!(block.to_string().contains("google_exposure_config: invalid type: integer `7`"), "{block}");
    assert!(read_rule(b"7").unwrap_err().to_string().contains("invalid type: integer `7`"));
}

/// The document, with the values of each of its objects in an array instead, one object after the other.
fn with_an_array_for_an_object(document: &Value) -> Vec<Value> {
    let within = |(index, inner): (usize, &Value)| {
        let put = move |bent| {
            let mut document = document.clone();
            let inner = match &mut document {
                Value::Array(items) => items.get_mut(index),
                Value::Object(fields) => fields.values_mut().nth(index),
                _ => None,
            };
            *inner.unwrap() = bent;
            document
        };
        with_an_array_for_an_object(inner).into_iter().map(put).collect::<Vec<_>>()
    };
    match document {
        Value::Array(items) => items.iter().enumerate().flat_map(within).collect(),
        Value::Object(fields) => {
            let itself = Value::Array(fields.values().cloned().collect());
            fields.values().enumerate().flat_map(within).chain([itself]).collect()
        }
        _ => vec![],
    }
}

/// `serde` would take the values of an array for the fields, in the order of our code.
#[test]
fn no_object_is_read_from_an_array() {
    let mut refused = 0;
    for (preset, profile) in Preset::ALL.into_iter().flat_map(|preset| Profile::ALL.map(|profile| (preset, profile))) {
        let configuration = preset.configuration(profile);
        let rule = serde_json::to_value(&configuration.rule).unwrap();
        assert!(read_rule(rule.to_string().as_bytes()).is_ok(), "{}", preset.name());
        for bent in with_an_array_for_an_object(&rule) {
            assert!(read_rule(bent.to_string().as_bytes()).is_err(), "{}: {bent}", preset.name());
            refused += 1;
        }
        if preset.name().starts_with("cocoa-") {
            let blocks = serde_json::to_value(PlatformConfiguration::new(&configuration)).unwrap();
            for bent in with_an_array_for_an_object(&blocks) {
                assert!(read_configuration(bent.to_string().as_bytes(), profile).is_err(), "{}: {bent}", preset.name());
                refused += 1;
            }
        }
    }
    assert!(refused > 300, "{refused}");
}

/// The days of a table are names in JSON.
#[test]
fn a_day_is_a_number_as_json_writes_it() {
    let blocks = serde_json::to_string(&PlatformConfiguration::new(&Preset::CocoaV2.configuration(Profile::Google)));
    let blocks = blocks.unwrap();
    for (day, other) in [("14", "+14"), ("5", "05"), ("0", "-0"), ("7", "7.0"), ("7", " 7"), ("7", "seven")] {
        let bent = blocks.replacen(&format!("\"{day}\":"), &format!("\"{other}\":"), 1);
        assert_ne!(bent, blocks);
        let error = read_configuration(bent.as_bytes(), Profile::Google).unwrap_err().to_string();
        assert!(
            error.contains(&format!("onset_of_symptoms: invalid type: string \"{other}\", expected i32")),
            "{error}"
        );
    }
}

/// Of two ways to decide, the second would be lost.
#[test]
fn a_rule_decides_in_one_way() {
    let mut rule = serde_json::to_value(Preset::CocoaV2.configuration(Profile::Google).rule).unwrap();
    let decides = rule["decides"].as_object_mut().unwrap();
    assert_eq!(decides.len(), 1);
    decides.insert("risk_score".to_owned(), json!({}));
    let error = read_rule(rule.to_string().as_bytes()).unwrap_err().to_string();
    assert!(error.contains("decides: invalid value: map, expected map with a single key"), "{error}");
    rule["decides"] = json!({});
    assert!(read_rule(rule.to_string().as_bytes()).is_err());
}

/// 255, which is too much nearly everywhere, in the place of each number of a platform in turn.
#[test]
fn every_field_that_is_wrong_is_refused_by_its_name() {
    const APPLE: &[&str] = &[
        "attenuation_duration_thresholds",
        "minimum_risk_score",
        "minimum_risk_score_full_range",
        "DaysSinceLastExposureThreshold",
    ];
    const GOOGLE: &[&str] = &[
        "days_since_exposure_threshold",
        "minimum_window_score",
        "attenuation_weight",
        "days_since_last_exposure_weight",
        "duration_at_attenuation_thresholds",
        "duration_weight",
        "minimum_risk_score",
        "transmission_risk_weight",
    ];
    for profile in Profile::ALL {
        let (platform, no_limit_below_255) = match profile.risk_rules() {
            RiskRules::Google => ("google_", GOOGLE),
            RiskRules::Apple => ("apple_", APPLE),
        };
        let document =
            serde_json::to_value(PlatformConfiguration::new(&Preset::CocoaV2.configuration(profile))).unwrap();
        let mut taken = Vec::new();
        for (block, fields) in document.as_object().unwrap().iter().filter(|(block, _)| block.starts_with(platform)) {
            for (field, value) in fields.as_object().into_iter().flatten() {
                let mut bent = document.clone();
                bent[block][field] = match value {
                    Value::Array(items) => json!(vec![255; items.len()]),
                    Value::Object(days) => days.keys().map(|day| (day.clone(), json!(255))).collect(),
                    _ => json!(255),
                };
                match read_configuration(bent.to_string().as_bytes(), profile) {
                    Ok(_) => taken.push(field.clone()),
                    Err(error) => {
                        let error = error.to_string();
                        assert!(error.contains(block) && error.contains(field), "{block}.{field}: {error}");
                    }
                }
            }
        }
        assert_eq!(taken, no_limit_below_255, "{}", profile.name());
        let mut has_weights = false;
        for (block, fields) in document.as_object().unwrap().iter().filter(|(block, _)| block.starts_with(platform)) {
            let weights = fields.as_object().unwrap().iter().filter(|(field, value)| {
                let holds_weights = field.ends_with("_weights") && value.is_object();
                has_weights |= holds_weights;
                holds_weights
            });
            let within = weights.map(|(field, _)| format!("/{block}/{field}"));
            for place in within.chain([format!("/{block}")]) {
                let mut bent = document.clone();
                bent.pointer_mut(&place).unwrap()["misspelt"] = json!(1);
                let error = read(&bent, profile).unwrap_err();
                assert!(error.contains(block) && error.contains("unknown field `misspelt`"), "{place}: {error}");
            }
        }
        assert_eq!(has_weights, platform == "google_", "Apple has no weights within a block");
    }
}

/// The tables of v1 in one object, by Apple's names, as COVID Alert and others served them.
fn flat() -> Value {
    json!({
        "minimumRiskScore": 3,
        "attenuationDurationThresholds": [53, 61],
        "attenuationLevelValues": [0, 1, 2, 3, 4, 5, 6, 7],
        "daysSinceLastExposureLevelValues": [1, 1, 1, 1, 2, 2, 2, 2],
        "durationLevelValues": [0, 0, 0, 1, 1, 1, 1, 1],
        "transmissionRiskLevelValues": [8, 7, 6, 5, 4, 3, 2, 1],
    })
}

/// The same with other names.
fn renamed(document: &Value, rename: impl Fn(&str) -> String) -> Value {
    document.as_object().unwrap().iter().map(|(name, value)| (rename(name), value.clone())).collect()
}

/// Google's name of a field that has Apple's.
fn by_google(name: &str) -> String {
    let name = name.replace("RiskLevelValues", "RiskScores").replace("LevelValues", "Scores");
    name.replace("attenuationDurationThresholds", "durationAtAttenuationThresholds")
}

fn read(document: &Value, profile: Profile) -> Result<Configuration, String> {
    read_configuration(document.to_string().as_bytes(), profile).map_err(|error| error.to_string())
}

#[test]
fn the_tables_of_v1_are_read_in_any_spelling() {
    let snake = |name: &str| {
        let letter = |sign: char| {
            if sign.is_ascii_uppercase() { format!("_{}", sign.to_ascii_lowercase()) } else { sign.into() }
        };
        name.chars().map(letter).collect::<String>()
    };
    let pascal = |name: &str| name[..1].to_uppercase() + &name[1..];
    for profile in Profile::ALL {
        let configuration = read(&flat(), profile).unwrap();
        assert_eq!(configuration.rule, Rule::risk_score());
        let risk = &configuration.risk;
        assert_eq!((risk.minimum_risk_score, risk.duration_thresholds.as_array()), (3, [53, 61]));
        let tables = [risk.attenuation_scores, risk.days_scores, risk.duration_scores, risk.transmission_scores];
        let expected =
            [[0, 1, 2, 3, 4, 5, 6, 7], [1, 1, 1, 1, 2, 2, 2, 2], [0, 0, 0, 1, 1, 1, 1, 1], [8, 7, 6, 5, 4, 3, 2, 1]];
        assert_eq!(tables.map(RiskScores::as_array), expected);
        let googles = renamed(&flat(), by_google);
        assert!(googles["transmissionRiskScores"].is_array(), "{googles}");
        for other in [
            renamed(&flat(), snake),
            renamed(&flat(), pascal),
            renamed(&flat(), str::to_uppercase),
            googles.clone(),
            renamed(&googles, snake),
            renamed(&googles, pascal),
        ] {
            assert_eq!(read(&other, profile).as_ref(), Ok(&configuration), "{other}");
        }
    }
}

#[test]
fn weights_count_where_they_did() {
    let with = |document: Value, name: &str, weight: Value| {
        let mut document = document;
        document[name] = weight;
        document
    };
    for profile in Profile::ALL {
        let weights = |document: &Value| read(document, profile).map(|read| read.risk.weights.as_array());
        let apples = weights(&with(flat(), "durationWeight", json!(2.5)));
        let are_read = profile.risk_rules() == RiskRules::Apple;
        assert_eq!(apples, Ok([1.0, 1.0, if are_read { 2.5 } else { 1.0 }, 1.0]));
        // COCOA's were 50, and of no effect anywhere.
        let cocoa = renamed(&flat(), by_google);
        assert_eq!(weights(&with(cocoa.clone(), "TransmissionWeight", json!(50))), Ok([1.0; 4]));
        let error = read(&with(cocoa, "TransmissionWeight", json!("50")), profile).unwrap_err();
        assert!(error.starts_with("TransmissionWeight: invalid type: string"), "{error}");
        if are_read {
            let error = read(&with(flat(), "attenuationWeight", json!(101)), profile).unwrap_err();
            assert_eq!(error, "attenuationWeight: weight 101 is not in 0..=100");
        }
    }
}

#[test]
fn what_is_wrong_in_the_tables_is_told_by_the_name_it_has_there() {
    for (name, value, expected) in [
        ("attenuationLevelValues", json!([9, 0, 0, 0, 0, 0, 0, 0]), "attenuationLevelValues: score 9 is not in 0..=8"),
        ("durationLevelValues", json!([1]), "durationLevelValues: invalid length 1"),
        ("durationLevelValues", json!(null), "the configuration has no durationLevelValues"),
        ("minimumRiskScore", json!(-1), "minimumRiskScore: invalid value: integer `-1`"),
        ("minimumRiskScore", json!(4097), "minimumRiskScore: 4097 is not in "),
        (
            "attenuationDurationThresholds",
            json!([70, 50]),
            "attenuationDurationThresholds: duration thresholds [70, 50]",
        ),
        (
            "attenuation_level_values",
            json!([0]),
            "\"attenuationLevelValues\" and \"attenuation_level_values\" are one field twice",
        ),
        (
            "attenuationScores",
            json!([0]),
            "attenuationScores is Google's name of a table and attenuationLevelValues is Apple's",
        ),
        ("durationAtAttenuationThresholds", json!([1, 2]), "are the same thresholds twice"),
        ("timeThreshold", json!(15), "timeThreshold belongs to the rule of COVID Green's apps"),
        ("daily_risk_threshold", json!(15), "daily_risk_threshold belongs to the rule of Stopp Corona"),
        ("exposureRiskDuration", json!(15), "exposureRiskDuration belongs to the rule of Koronavilkku of 2020"),
    ] {
        let mut bent = flat();
        bent[name] = value;
        for profile in Profile::ALL {
            let error = read(&bent, profile).unwrap_err();
            let either = name == "attenuation_level_values" && error.contains("are one field twice");
            assert!(either || error.contains(expected), "{error}");
        }
    }
    let minimum = |minimum: u32, profile| {
        let mut document = flat();
        document["minimumRiskScore"] = json!(minimum);
        read(&document, profile).map(|read| read.risk.minimum_risk_score)
    };
    assert_eq!((minimum(0, Profile::AppleV1), minimum(4096, Profile::Google)), (Ok(0), Ok(4096)));
    assert_eq!(minimum(0, Profile::Google), Err("minimumRiskScore: 0 is not in 1..=4096 (google)".to_owned()));
    assert_eq!(minimum(256, Profile::AppleV1), Err("minimumRiskScore: 256 is not in 0..=255 (apple_v1)".to_owned()));
}

fn koronavilkku() -> Value {
    json!({
        "version": 7,
        "reportTypeWeightConfirmedTest": 1.0, "reportTypeWeightConfirmedClinicalDiagnosis": 0.5,
        "reportTypeWeightSelfReport": 0.25, "reportTypeWeightRecursive": 0.0,
        "infectiousnessWeightStandard": 0.75, "infectiousnessWeightHigh": 1.5,
        "attenuationBucketThresholdDb": [52, 61, 73],
        "attenuationBucketWeights": [1.25, 1.0, 0.5, 0.0],
        "daysSinceExposureThreshold": 12, "minimumWindowScore": 2.0, "minimumDailyScore": 800,
        "daysSinceOnsetToInfectiousness": { "-2": "HIGH", "0": "HIGH", "9": "STANDARD", "-14": "NONE" },
        "infectiousnessWhenDaysSinceOnsetMissing": "STANDARD",
        "availableCountries": ["EE"],
    })
}

#[test]
fn daily_summaries_of_koronavilkku_are_read_with_their_minimum_as_each_platform_rounded() {
    for profile in Profile::ALL {
        let Configuration { mapping, daily_summaries, rule, risk } = read(&koronavilkku(), profile).unwrap();
        assert_eq!(daily_summaries.thresholds.as_array(), [52, 61, 73]);
        assert_eq!(daily_summaries.bucket_weights.map(Weight::factor), [1.25, 1.0, 0.5, 0.0]);
        let types = &daily_summaries.report_type_weights;
        let types = [types.confirmed_test, types.confirmed_clinical_diagnosis, types.self_report, types.recursive];
        assert_eq!(types.map(Weight::factor), [1.0, 0.5, 0.25, 0.0]);
        let weights = &daily_summaries.infectiousness_weights;
        assert_eq!([weights.standard.factor(), weights.high.factor()], [0.75, 1.5]);
        let limits = (daily_summaries.days_since_exposure_threshold, daily_summaries.minimum_window_score.as_f64());
        assert_eq!(limits, (12, 2.0));
        assert_eq!(mapping.infectiousness_when_missing, Infectiousness::Standard);
        let days = mapping.infectiousness.unwrap();
        let infectious: Vec<_> = days.iter().filter(|(_, found)| *found != Infectiousness::None).collect();
        assert_eq!(infectious, [(-2, Infectiousness::High), (0, Infectiousness::High), (9, Infectiousness::Standard)]);
        assert_eq!(risk, RiskConfiguration::default());
        let rule = rule.windows().unwrap();
        let test = rule.classes[0].when.tests()[0];
        // 799.5 is rounded to 800 on Android, and cut off to 799 on iPhones.
        let notifies = [799.49, 799.5, 799.9, 800.0].map(|sum| test.condition.holds(rule.round.of(sum)) == Some(true));
        match profile.risk_rules() {
            RiskRules::Google => assert_eq!(notifies, [false, true, true, true]),
            RiskRules::Apple => assert_eq!(notifies, [false, false, false, true]),
        }
    }
    for (name, value, expected) in [
        ("minimumDailyScore", json!(900.5), "minimumDailyScore: invalid type: floating point"),
        ("minimumDailyScore", json!(null), "the configuration has no minimumDailyScore"),
        ("attenuationBucketWeights", json!([1, 1, 1]), "attenuationBucketWeights: invalid length 3"),
        ("attenuationBucketWeights", json!([1, 2.6, 1, 0]), "attenuationBucketWeights: weight 2.6 is not in 0..=2.5"),
        ("attenuationBucketThresholdDb", json!([50, 50, 60]), "attenuationBucketThresholdDb: attenuation thresholds"),
        ("infectiousnessWeightHigh", json!("1"), "infectiousnessWeightHigh: invalid type: string"),
        ("reportTypeWeightSelfReport", json!(-1), "reportTypeWeightSelfReport: weight -1 is not in 0..=2.5"),
        ("minimumWindowScore", json!(-1), "minimumWindowScore: score -1 is not a number of at least 0"),
        ("daysSinceOnsetToInfectiousness", json!({ "15": "HIGH" }), "daysSinceOnsetToInfectiousness: \"15\" is no day"),
        (
            "daysSinceOnsetToInfectiousness",
            json!({ "1": 2 }),
            "daysSinceOnsetToInfectiousness: \"1\": 2 is none of \"NONE\"",
        ),
        (
            "daysSinceOnsetToInfectiousness",
            json!([0]),
            "daysSinceOnsetToInfectiousness: an array of 1 is no object of days",
        ),
        (
            "infectiousnessWhenDaysSinceOnsetMissing",
            json!("high"),
            "infectiousnessWhenDaysSinceOnsetMissing: \"high\" is none of",
        ),
    ] {
        let mut bent = koronavilkku();
        bent[name] = value;
        let error = read(&bent, Profile::Google).unwrap_err();
        assert!(error.starts_with(expected), "{error}");
    }
}

/// A document in the form of each app, with names that stand in its public source.
#[test]
fn a_form_that_is_not_read_is_named_with_the_way_out_of_it() {
    let block =
        |name: &str| serde_json::to_value(PlatformConfiguration::new(&Configuration::default())).unwrap()[name].clone();
    for (document, whose) in [
        (json!({ "exposureNotification": flat(), "riskCalculation": {} }), "NHS COVID-19"),
        (json!({ "minimum_risk_score": 1, "attenuation_bucket_scores": [0] }), "Immuni"),
        (json!({ "minRiskScore": 1, "attenuation": { "riskLevelValue1": 1 } }), "Radar COVID"),
        (json!({ "exposure_configuration": renamed(&flat(), str::to_owned) }), "the settings of an app"),
        (json!({ "triggerThresholdWeightedDuration": 15, "reportTypeWeights": [0] }), "PathCheck"),
        (json!({ "infectiousnessToDaysSinceOnset": {}, "attenuationBucketWeights": [] }), "Koronavilkku's server"),
        (
            json!({ "minimumRiskScore": 900, "reportTypeWeights": [0, 1], "attenuationBucketWeights": [1, 1, 1, 0] }),
            "CoronaMelder",
        ),
        (json!({ "GoogleExposureConfig": {} }), "chino's samples"),
        (json!({ "DailySummary_DaySummary_ScoreSum": { "op": ">=", "value": 1 } }), "COCOA's risk rule"),
        (block("apple_exposure_config_v2"), "apple_exposure_config_v2 by itself"),
        (block("google_diagnosis_keys_data_mapping_config"), "google_diagnosis_keys_data_mapping_config by itself"),
        (block("google_daily_summaries_config"), "daily summaries without a rule"),
    ] {
        for profile in Profile::ALL {
            let error = read(&document, profile).unwrap_err();
            assert!(
                error.starts_with("this is the form of ") || error.starts_with("this is the form of the "),
                "{error}"
            );
            assert!(error.contains(whose) && error.contains(", which is not read: "), "{whose}: {error}");
        }
    }
    for profile in Profile::ALL {
        for block in ["google_exposure_config", "apple_exposure_config_v1"].map(block) {
            assert_eq!(read(&block, profile).map(|read| read.rule), Ok(Rule::risk_score()), "{block}");
        }
    }
    let unknown = read(&json!({ "a": 1, "b\u{1b}": 2 }), Profile::Google).unwrap_err();
    assert!(
        unknown.starts_with("no configuration of a known form: it has \"a\", \"b\\u{1b}\"; read are: "),
        "{unknown}"
    );
    let list = read(&json!([1]), Profile::Google).unwrap_err();
    assert!(list.starts_with("no configuration but an array of 1; read are: "), "{list}");
}

#[test]
fn what_is_left_out_is_what_it_always_was() {
    let rule: RiskRuleFile = serde_json::from_str("{}").unwrap();
    assert_eq!(rule.format_version, 1);
}

/// A misspelt condition would be absent, and a rule without conditions notifies nobody.
#[test]
fn a_rule_with_a_misspelt_field_is_refused() {
    let condition = json!({ "op": ">=", "value": 1350 });
    for misspelt in ["DailySummary_DaySummary_ScoreSom", "dailySummary_DaySummary_ScoreSum", "formatVersion"] {
        let rule = json!({ "format_version": 1, misspelt: condition });
        let error = read_rule(rule.to_string().as_bytes()).unwrap_err().to_string();
        assert!(error.contains(&format!("unknown field `{misspelt}`")), "{error}");
    }
    let rule = json!({ "format_version": 1, "DailySummary_DaySummary_ScoreSum": condition });
    assert!(read_rule(rule.to_string().as_bytes()).is_ok());
}

#[test]
fn a_preset_goes_by_its_name() {
    for preset in Preset::ALL {
        assert_eq!(preset.name().parse(), Ok(preset));
    }
    let unknown = "cocoa-v3".parse::<Preset>().unwrap_err().to_string();
    assert!(unknown.starts_with("no preset \"cocoa-v3\": there are "), "{unknown}");
    assert!(Preset::ALL.iter().all(|preset| unknown.contains(preset.name())), "{unknown}");
}

#[test]
fn apples_and_googles_rules_read_their_own_blocks() {
    for profile in Profile::ALL {
        let scores = Preset::CocoaV2.configuration(profile).risk.transmission_scores.as_array();
        match profile.risk_rules() {
            RiskRules::Google => assert_eq!(scores, [7; 8]),
            RiskRules::Apple => assert_eq!(scores, [0, 0, 7, 7, 7, 7, 7, 7]),
        }
    }
}

/// A name from a document may hold anything and be of any length; the sentence of an error is one line that can be
/// read.
#[test]
fn a_sentence_has_no_control_character_of_a_name() {
    let long = "x".repeat(100_000);
    for (name, shown) in [("\t\u{7f}\u{1b}[2J", "`\\t\\u{7f}\\u{1b}[2J`"), (long.as_str(), "xxx...")] {
        let document = serde_json::json!({ "google_exposure_config": { name: 1 } }).to_string();
        let error = read_configuration(document.as_bytes(), Profile::Google).unwrap_err().to_string();
        assert!(error.contains(shown) && !error.contains(char::is_control), "{error}");
        assert!(error.chars().count() < 1000, "{} characters", error.chars().count());
    }
}
