//! The JSON forms of the two platforms' configurations, read and written.
//!
//! A document becomes a [`Configuration`] only if all values are within their limits. Otherwise the error names the
//! field.

mod apple;
mod google;

pub(crate) use apple::{AppleExposureConfigV1, AppleExposureConfigV2};
pub(crate) use google::{GoogleDailySummariesConfig, GoogleDiagnosisKeysDataMappingConfig, GoogleExposureConfig};

use alloc::collections::BTreeMap;
use alloc::string::ToString;

use serde::{Deserialize, Serialize};

use super::configuration::{
    Configuration, ConfigurationError, DiagnosisKeysDataMapping, Infectiousness, InfectiousnessMap, RiskScores, Rule,
    Weight,
};
use crate::keys::{DaysSinceOnset, ReportType};
use crate::profile::Profile;

/// A configuration as JSON in COCOA's form: the blocks of both platforms side by side.
///
/// Reading ignores unknown fields beside the blocks. It refuses unknown fields within a block, because some fields of a
/// block are optional and a misspelt one would be lost.
///
/// ```
/// # #[cfg(feature = "serde")] fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use gaen::Profile;
/// use gaen::exposure::{Configuration, PlatformConfiguration};
/// use gaen::exposure::decision::Rule;
///
/// let vendors = PlatformConfiguration::new(&Configuration::default());
/// let text = serde_json::to_string(&vendors)?;
/// let read: PlatformConfiguration = serde_json::from_str(&text)?;
/// assert_eq!(read.configuration(Profile::Google, Rule::any_score())?, Configuration::default());
/// # Ok(()) }
/// # example().unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PlatformConfiguration {
    /// v1 on Android.
    #[serde(skip_serializing_if = "Option::is_none")]
    google_exposure_config: Option<GoogleExposureConfig>,
    /// What the fields of keys mean, on Android.
    #[serde(skip_serializing_if = "Option::is_none")]
    google_diagnosis_keys_data_mapping_config: Option<GoogleDiagnosisKeysDataMappingConfig>,
    /// v2 on Android.
    #[serde(skip_serializing_if = "Option::is_none")]
    google_daily_summaries_config: Option<GoogleDailySummariesConfig>,
    /// v1 on iOS.
    #[serde(skip_serializing_if = "Option::is_none")]
    apple_exposure_config_v1: Option<AppleExposureConfigV1>,
    /// v2 on iOS.
    #[serde(skip_serializing_if = "Option::is_none")]
    apple_exposure_config_v2: Option<AppleExposureConfigV2>,
    /// Whether keys of people who were exposed to a positive person count too. No vendor's field.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    recursive_enabled: bool,
}

impl PlatformConfiguration {
    /// Makes all five blocks for this configuration.
    ///
    /// Some values have no place in them: the rule in none; a minimum window score and a minimum risk score over 255 in
    /// none of Apple's; the weights of v1 in none of Google's.
    #[must_use]
    pub fn new(configuration: &Configuration) -> Self {
        let Configuration { mapping, daily_summaries, risk, .. } = configuration;
        Self {
            google_exposure_config: Some(risk.into()),
            google_diagnosis_keys_data_mapping_config: Some(mapping.into()),
            google_daily_summaries_config: Some(daily_summaries.into()),
            apple_exposure_config_v1: Some(risk.into()),
            apple_exposure_config_v2: Some(AppleExposureConfigV2::new(mapping, daily_summaries)),
            recursive_enabled: mapping.recursive_enabled,
        }
    }

    /// Returns the configuration that this profile reads: Google's blocks in Google's profiles, Apple's blocks in the
    /// others. The blocks have no rule, so you give it.
    ///
    /// # Errors
    /// [`ConfigurationError::MissingBlock`] for a block that is not there, [`ConfigurationError::Field`] for a value
    /// that is not within its limits.
    pub fn configuration(&self, profile: Profile, rule: Rule) -> Result<Configuration, ConfigurationError> {
        fn block<'b, T>(
            block: Option<&'b T>,
            name: &'static str,
            profile: Profile,
        ) -> Result<&'b T, ConfigurationError> {
            block.ok_or(ConfigurationError::MissingBlock { block: name, profile: profile.name() })
        }

        let (risk, mut mapping, daily_summaries) = match profile {
            Profile::Google | Profile::GoogleGuarded => {
                let v1 = block(self.google_exposure_config.as_ref(), "google_exposure_config", profile)?;
                let mapping = self.google_diagnosis_keys_data_mapping_config.as_ref();
                let mapping = block(mapping, "google_diagnosis_keys_data_mapping_config", profile)?;
                let daily = self.google_daily_summaries_config.as_ref();
                let daily = block(daily, "google_daily_summaries_config", profile)?;
                (v1.risk()?, mapping.mapping()?, daily.daily_summaries()?)
            }
            Profile::AppleV1 | Profile::DocumentedV2 => {
                let v1 = block(self.apple_exposure_config_v1.as_ref(), "apple_exposure_config_v1", profile)?;
                let v2 = block(self.apple_exposure_config_v2.as_ref(), "apple_exposure_config_v2", profile)?;
                (v1.risk()?, v2.mapping()?, v2.daily_summaries()?)
            }
        };
        mapping.recursive_enabled = self.recursive_enabled;
        Ok(Configuration { mapping, daily_summaries, risk, rule })
    }
}

/// The name of the field in front of what is wrong with it.
fn in_field<T, E: ToString>(field: &'static str, value: Result<T, E>) -> Result<T, ConfigurationError> {
    value.map_err(|error| ConfigurationError::Field { field, problem: error.to_string() })
}

fn scores(field: &'static str, scores: [u8; 8]) -> Result<RiskScores, ConfigurationError> {
    in_field(field, RiskScores::new(scores))
}

/// A weight in percent.
fn percent(field: &'static str, percent: f64) -> Result<Weight, ConfigurationError> {
    in_field(field, Weight::new(percent / 100.0))
}

fn infectiousness(field: &'static str, number: i32) -> Result<Infectiousness, ConfigurationError> {
    in_field(field, Infectiousness::from_number(number))
}

/// Only the types that a key can be given, and 0 where there is to be none.
fn report_type(field: &'static str, number: i32) -> Result<ReportType, ConfigurationError> {
    match number {
        0..=4 => Ok(ReportType::from_number(number)),
        found => in_field(field, Err(alloc::format!("{found} is not in 0..=4"))),
    }
}

/// Days as JSON has them, `"-14"` to `"14"`, with a number each.
type Days = BTreeMap<i32, i32>;

/// All 29 days, or no map.
fn infectiousness_map(
    field: &'static str,
    days: Option<&Days>,
) -> Result<Option<InfectiousnessMap>, ConfigurationError> {
    let Some(days) = days.filter(|days| !days.is_empty()) else { return Ok(None) };
    if !days.keys().copied().eq(DaysSinceOnset::RANGE) {
        let problem = alloc::format!("{} days, and not each from -14 to 14 once", days.len());
        return Err(ConfigurationError::Field { field, problem });
    }
    let mut map = [Infectiousness::None; 29];
    for (place, number) in map.iter_mut().zip(days.values()) {
        *place = infectiousness(field, *number)?;
    }
    Ok(Some(InfectiousnessMap::new(map)))
}

fn days(mapping: &DiagnosisKeysDataMapping) -> Option<Days> {
    let map = mapping.infectiousness.as_ref()?;
    Some(map.iter().map(|(day, infectiousness)| (day.into(), infectiousness as i32)).collect())
}
