//! COCOA's configurations: the presets are those of the files, and each of its faults is seen.
#![cfg(feature = "cocoa")]

use std::fs;
use std::path::PathBuf;

use gaen::cocoa::{Preset, read_configuration, read_risk_rule};
use gaen::exposure::{Configuration, DecisionRule, VendorConfiguration};
use gaen::{Profile, RiskRules};

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
        (r#""attenuation_scores":[1,"#, r#""attenuation_scores":["#, "google_exposure_config: invalid length 7"),
        (r#""minimum_risk_score":21"#, r#""minimum_risk_score":0"#, "minimum_risk_score: 0 is not in 1..=4096"),
        ("[46,60,65]", "[46,46,65]", "attenuation thresholds [46, 46, 65] are not strictly increasing"),
        ("[46,60,65]", "[46,60,256]", "google_daily_summaries_config: invalid value: integer `256`"),
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
    assert!(read_risk_rule(operator).unwrap_err().to_string().contains("unknown variant `==`"));
    assert!(read_risk_rule(br#"{"format_version":2}"#).unwrap_err().to_string().contains("only 1 is known"));
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
