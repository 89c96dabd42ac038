//! COCOA's configurations as files: both versions of the app's configuration, and the risk rule.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::DocumentError;
use super::json;
use crate::exposure::{
    AppleExposureConfigV1, Configuration, DailyRule, DecisionRule, GoogleExposureConfig, RiskConfiguration,
    VendorConfiguration,
};
use crate::profile::{Profile, RiskRules};

/// The configuration file of apps before 2.0, one for both platforms.
///
/// The weights are reserved at Google, and of no effect here in either profile: COCOA's were 50 throughout, Google's
/// default, and its users' scores on iPhones were products of the four scores alone.
///
/// Source: COCOA's server, `Covid19RadarExposureConfiguration`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ConfigurationV1 {
    /// 0 to 255; Google asks for at least 1.
    pub minimum_risk_score: u16,
    /// Reserved.
    #[serde(default = "reserved")]
    pub attenuation_weight: i32,
    /// Reserved.
    #[serde(default = "reserved")]
    pub transmission_weight: i32,
    /// Reserved.
    #[serde(default = "reserved")]
    pub duration_weight: i32,
    /// Reserved.
    #[serde(default = "reserved")]
    pub days_since_last_exposure_weight: i32,
    /// Eight scores, by transmission risk level.
    pub transmission_risk_scores: [u8; 8],
    /// Eight scores from far to near.
    pub attenuation_scores: [u8; 8],
    /// Eight scores from short to long.
    pub duration_scores: [u8; 8],
    /// Eight scores from long ago to today.
    pub days_since_last_exposure_scores: [u8; 8],
    /// Two attenuations, dB.
    pub duration_at_attenuation_thresholds: [u8; 2],
}

const fn reserved() -> i32 {
    50
}

impl ConfigurationV1 {
    /// What this profile reads of it.
    ///
    /// # Errors
    /// [`ConfigurationError`](crate::exposure::ConfigurationError) for a value that is not within its limits.
    pub fn risk(&self, profile: Profile) -> Result<RiskConfiguration, crate::exposure::ConfigurationError> {
        let google = GoogleExposureConfig {
            attenuation_scores: self.attenuation_scores,
            attenuation_weight: self.attenuation_weight,
            days_since_last_exposure_scores: self.days_since_last_exposure_scores,
            days_since_last_exposure_weight: self.days_since_last_exposure_weight,
            duration_at_attenuation_thresholds: self.duration_at_attenuation_thresholds,
            duration_scores: self.duration_scores,
            duration_weight: self.duration_weight,
            minimum_risk_score: self.minimum_risk_score,
            transmission_risk_scores: self.transmission_risk_scores,
            transmission_risk_weight: self.transmission_weight,
        };
        match profile.risk_rules() {
            RiskRules::Google => google.risk(),
            RiskRules::Apple => {
                let risk =
                    GoogleExposureConfig { minimum_risk_score: self.minimum_risk_score.max(1), ..google }.risk()?;
                let minimum_risk_score = self.minimum_risk_score;
                AppleExposureConfigV1::from(&RiskConfiguration { minimum_risk_score, ..risk }).risk()
            }
        }
    }
}

/// The risk rule of apps from 2.0 on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RiskRuleFile {
    /// 1, also where it is not said.
    #[serde(default = "first")]
    pub format_version: u32,
    /// Its conditions.
    #[serde(flatten)]
    pub rule: DailyRule,
}

const fn first() -> u32 {
    1
}

/// Reads a configuration file of either version. What decides is v1's risk score for the old one, and COCOA's rule for
/// the new one.
///
/// # Errors
/// [`DocumentError`]: no JSON, neither version, or a value that is not within its limits.
pub fn read_configuration(document: &[u8], profile: Profile) -> Result<Configuration, DocumentError> {
    let value = json::document(document)?;
    let invalid = |error: crate::exposure::ConfigurationError| DocumentError::Invalid { problem: error.to_string() };
    if value.get("MinimumRiskScore").is_some() {
        let v1: ConfigurationV1 = typed(value)?;
        let risk = v1.risk(profile).map_err(invalid)?;
        return Ok(Configuration { risk, rule: DecisionRule::RiskScore, ..Configuration::default() });
    }
    let blocks = [
        "google_exposure_config",
        "google_diagnosis_keys_data_mapping_config",
        "google_daily_summaries_config",
        "apple_exposure_config_v1",
        "apple_exposure_config_v2",
    ];
    if !blocks.iter().any(|block| value.get(block).is_some()) {
        let problem = "no configuration: it has neither MinimumRiskScore nor one of the google_ and apple_ blocks";
        return Err(DocumentError::Invalid { problem: problem.to_owned() });
    }
    // Block by block, so that an error can say in which.
    for block in blocks {
        if let Some(content) = value.get(block) {
            let alone = serde_json::json!({ block: content });
            typed::<VendorConfiguration>(alone)
                .map_err(|error| DocumentError::Invalid { problem: format!("{block}: {error}") })?;
        }
    }
    let configuration = typed::<VendorConfiguration>(value)?.configuration(profile).map_err(invalid)?;
    Ok(Configuration { rule: super::preset::risk_rule(), ..configuration })
}

/// Reads a risk rule.
///
/// # Errors
/// [`DocumentError`]: no JSON, another format version, an operator that is not known.
pub fn read_risk_rule(document: &[u8]) -> Result<DailyRule, DocumentError> {
    let value = json::document(document)?;
    let file: RiskRuleFile = typed(value)?;
    match file.format_version {
        1 => Ok(file.rule),
        found => Err(DocumentError::Invalid { problem: format!("format_version {found}: only 1 is known") }),
    }
}

fn typed<T: DeserializeOwned>(value: Value) -> Result<T, DocumentError> {
    serde_json::from_value(value).map_err(|error| DocumentError::Invalid { problem: error.to_string() })
}
