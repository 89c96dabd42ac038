//! COCOA's configurations: the presets are those of the files, and each of its faults is seen.
#![cfg(feature = "cocoa")]

use std::fs;
use std::path::PathBuf;

use gaen::cocoa::{ConfigurationV1, Preset, RiskRuleFile, read_configuration, read_risk_rule};
use gaen::exposure::{Configuration, DecisionRule, VendorConfiguration};
use gaen::{Profile, RiskRules};
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
        assert_eq!(read_configuration(&v1, profile), Ok(Preset::V1Server2022.configuration(profile)));
        assert_eq!(read_configuration(&v2, profile), Ok(Preset::V2.configuration(profile)));
        assert_eq!(DecisionRule::Daily(read_risk_rule(&rule).unwrap()), Preset::V2.configuration(profile).rule);
    }
}

#[test]
fn a_configuration_that_is_written_is_read_again() {
    for preset in Preset::ALL {
        for profile in Profile::ALL {
            let configuration = preset.configuration(profile);
            let text = serde_json::to_vec(&VendorConfiguration::new(&configuration)).unwrap();
            let read = read_configuration(&text, profile).unwrap();
            let rule = configuration.rule.clone();
            assert_eq!(Configuration { rule, ..read }, configuration, "{} {}", preset.name(), profile.name());
        }
    }
}

#[test]
fn what_is_not_within_the_limits_is_refused_by_name() {
    let google = |from: &str, to: &str| {
        let vendors = VendorConfiguration::new(&Preset::V2.configuration(Profile::Google));
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
    ] {
        let error = google(from, to);
        assert!(error.contains(expected), "{error}");
    }
    assert!(
        read_configuration(b"{}", Profile::Google)
            .unwrap_err()
            .to_string()
            .contains("no configuration: it has neither")
    );
    let operator = br#"{"format_version":1,"DailySummary_DaySummary_ScoreSum":{"op":"==","value":1}}"#;
    assert!(read_risk_rule(operator).unwrap_err().to_string().contains("ScoreSum: unknown variant `==`"));
    assert!(read_risk_rule(br#"{"format_version":2}"#).unwrap_err().to_string().contains("only 1 is known"));
    let block = read_configuration(br#"{"google_exposure_config":7}"#, Profile::Google).unwrap_err();
    assert_eq!(block.code(), "invalid_configuration");
    assert!(block.to_string().contains("google_exposure_config: invalid type: integer `7`"), "{block}");
    assert!(read_risk_rule(b"7").unwrap_err().to_string().contains("invalid type: integer `7`"));
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
        let document = serde_json::to_value(VendorConfiguration::new(&Preset::V2.configuration(profile))).unwrap();
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
                        let field =
                            if block.ends_with("v1") && field.ends_with("_weight") { "its weights" } else { field };
                        let error = error.to_string();
                        assert!(error.contains(block) && error.contains(field), "{block}.{field}: {error}");
                    }
                }
            }
        }
        assert_eq!(taken, no_limit_below_255, "{}", profile.name());
    }
}

#[test]
fn what_is_left_out_is_what_it_always_was() {
    let scores = "[1,2,3,4,5,6,7,8]";
    let v1 = format!(
        r#"{{"MinimumRiskScore":21,"TransmissionRiskScores":{scores},"AttenuationScores":{scores},"DurationScores":{scores},
            "DaysSinceLastExposureScores":{scores},"DurationAtAttenuationThresholds":[50,70]}}"#
    );
    let read: ConfigurationV1 = serde_json::from_str(&v1).unwrap();
    let weights =
        [read.attenuation_weight, read.transmission_weight, read.duration_weight, read.days_since_last_exposure_weight];
    assert_eq!(weights, [50; 4]);
    let rule: RiskRuleFile = serde_json::from_str("{}").unwrap();
    assert_eq!(rule.format_version, 1);
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
        let scores = Preset::V2.configuration(profile).risk.transmission_scores.as_array();
        match profile.risk_rules() {
            RiskRules::Google => assert_eq!(scores, [7; 8]),
            RiskRules::Apple => assert_eq!(scores, [0, 0, 7, 7, 7, 7, 7, 7]),
        }
    }
}
