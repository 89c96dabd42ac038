//! The blocks of iOS.

use serde::{Deserialize, Serialize};

use super::{Days, days, in_field, infectiousness, infectiousness_map, percent, report_type, scores};
use crate::exposure::configuration::{
    AttenuationThresholds, ConfigurationError, DailySummariesConfiguration, DiagnosisKeysDataMapping,
    DurationThresholds, InfectiousnessWeights, ReportTypeWeights, RiskConfiguration, RiskWeights, Score, Weight,
};

/// `apple_exposure_config_v1`: v1. The weights and thresholds are Apple's fields, which COCOA's configuration leaves
/// out.
///
/// Source: COCOA's configuration; v1 API documents, `ENExposureConfiguration`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AppleExposureConfigV1 {
    /// Eight scores from far to near, 0 to 8.
    pub(super) attenuation_level_values: [u8; 8],
    /// Eight scores from long ago to today.
    pub(super) days_since_last_exposure_level_values: [u8; 8],
    /// Eight scores from short to long.
    pub(super) duration_level_values: [u8; 8],
    /// Eight scores, for the levels 0 to 7.
    pub(super) transmission_risk_level_values: [u8; 8],
    /// 0 to 255.
    pub(super) minimum_risk_score: u8,
    /// At least 0; 0 for none.
    #[serde(default)]
    pub(super) minimum_risk_score_full_range: f64,
    /// 0 to 100.
    #[serde(default = "one")]
    pub(super) attenuation_weight: f64,
    /// 0 to 100.
    #[serde(default = "one")]
    pub(super) days_since_last_exposure_weight: f64,
    /// 0 to 100.
    #[serde(default = "one")]
    pub(super) duration_weight: f64,
    /// 0 to 100.
    #[serde(default = "one")]
    pub(super) transmission_risk_weight: f64,
    /// Two attenuations, dB.
    #[serde(default = "thresholds")]
    pub(super) attenuation_duration_thresholds: [u8; 2],
}

const fn one() -> f64 {
    1.0
}

const fn thresholds() -> [u8; 2] {
    [50, 70]
}

impl AppleExposureConfigV1 {
    /// Within the limits.
    ///
    /// # Errors
    /// [`ConfigurationError::Field`].
    pub(super) fn risk(&self) -> Result<RiskConfiguration, ConfigurationError> {
        const MINIMUM: &str = "apple_exposure_config_v1.minimum_risk_score_full_range";
        const THRESHOLDS: &str = "apple_exposure_config_v1.attenuation_duration_thresholds";

        let days = self.days_since_last_exposure_level_values;
        let transmission = self.transmission_risk_level_values;
        let weights = [
            ("apple_exposure_config_v1.attenuation_weight", self.attenuation_weight),
            ("apple_exposure_config_v1.days_since_last_exposure_weight", self.days_since_last_exposure_weight),
            ("apple_exposure_config_v1.duration_weight", self.duration_weight),
            ("apple_exposure_config_v1.transmission_risk_weight", self.transmission_risk_weight),
        ];
        for (field, weight) in weights {
            in_field(field, RiskWeights::new([weight; 4]))?;
        }
        Ok(RiskConfiguration {
            attenuation_scores: scores(
                "apple_exposure_config_v1.attenuation_level_values",
                self.attenuation_level_values,
            )?,
            days_scores: scores("apple_exposure_config_v1.days_since_last_exposure_level_values", days)?,
            duration_scores: scores("apple_exposure_config_v1.duration_level_values", self.duration_level_values)?,
            transmission_scores: scores("apple_exposure_config_v1.transmission_risk_level_values", transmission)?,
            weights: RiskWeights::new(weights.map(|(_, weight)| weight))?,
            minimum_risk_score: self.minimum_risk_score.into(),
            minimum_risk_score_full_range: in_field(MINIMUM, Score::new(self.minimum_risk_score_full_range))?,
            duration_thresholds: in_field(THRESHOLDS, DurationThresholds::new(self.attenuation_duration_thresholds))?,
        })
    }
}

impl From<&RiskConfiguration> for AppleExposureConfigV1 {
    fn from(risk: &RiskConfiguration) -> Self {
        let [attenuation_weight, days_since_last_exposure_weight, duration_weight, transmission_risk_weight] =
            risk.weights.as_array();
        Self {
            attenuation_level_values: risk.attenuation_scores.as_array(),
            days_since_last_exposure_level_values: risk.days_scores.as_array(),
            duration_level_values: risk.duration_scores.as_array(),
            transmission_risk_level_values: risk.transmission_scores.as_array(),
            minimum_risk_score: u8::try_from(risk.minimum_risk_score).unwrap_or(u8::MAX),
            minimum_risk_score_full_range: risk.minimum_risk_score_full_range.as_f64(),
            attenuation_weight,
            days_since_last_exposure_weight,
            duration_weight,
            transmission_risk_weight,
            attenuation_duration_thresholds: risk.duration_thresholds.as_array(),
        }
    }
}

/// `apple_exposure_config_v2`: v2. Weights are percent, 0 to 250.
///
/// Source: COCOA's configuration; v2 API documents, `ENExposureConfiguration`.
#[allow(missing_docs)] // the names say it
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AppleExposureConfigV2 {
    /// 0 none, 1 standard, 2 high.
    pub(super) infectiousness_when_days_since_onset_missing: i32,
    /// Three strictly increasing attenuations, dB.
    pub(super) attenuation_duration_thresholds: [u8; 3],
    pub(super) immediate_duration_weight: f64,
    pub(super) near_duration_weight: f64,
    pub(super) medium_duration_weight: f64,
    pub(super) other_duration_weight: f64,
    /// Days; 0 for no limit.
    #[serde(rename = "DaysSinceLastExposureThreshold", alias = "days_since_last_exposure_threshold", default)]
    pub(super) days_since_last_exposure_threshold: u32,
    /// 0, 1 or 2 for each day from -14 to 14.
    #[serde(default)]
    pub(super) infectiousness_for_days_since_onset_of_symptoms: Option<Days>,
    pub(super) infectiousness_high_weight: f64,
    pub(super) infectiousness_standard_weight: f64,
    pub(super) report_type_confirmed_clinical_diagnosis_weight: f64,
    pub(super) report_type_confirmed_test_weight: f64,
    pub(super) report_type_recursive_weight: f64,
    pub(super) report_type_self_reported_weight: f64,
    /// The type of a key without one, 0 to 4; of 0 such keys are ignored.
    pub(super) report_type_none_map: i32,
}

impl AppleExposureConfigV2 {
    /// The block for this part of a configuration. A minimum score of windows has no place in it.
    #[must_use]
    pub(super) fn new(mapping: &DiagnosisKeysDataMapping, daily: &DailySummariesConfiguration) -> Self {
        // The multiple of 0.01 that is nearest to the factor, where there is one: 0.07 is 7 and not 7.000000000000001.
        let percent = |weight: Weight| {
            let exact = weight.factor() * 100.0;
            let near = (exact * 1e6).round() / 1e6;
            #[allow(clippy::float_cmp)] // it has to be the same weight again
            if near / 100.0 == weight.factor() { near } else { exact }
        };
        let [immediate, near, medium, other] = daily.bucket_weights.map(percent);
        let types = &daily.report_type_weights;
        Self {
            infectiousness_when_days_since_onset_missing: mapping.infectiousness_when_missing as i32,
            attenuation_duration_thresholds: daily.thresholds.as_array(),
            immediate_duration_weight: immediate,
            near_duration_weight: near,
            medium_duration_weight: medium,
            other_duration_weight: other,
            days_since_last_exposure_threshold: daily.days_since_exposure_threshold,
            infectiousness_for_days_since_onset_of_symptoms: days(mapping),
            infectiousness_high_weight: percent(daily.infectiousness_weights.high),
            infectiousness_standard_weight: percent(daily.infectiousness_weights.standard),
            report_type_confirmed_clinical_diagnosis_weight: percent(types.confirmed_clinical_diagnosis),
            report_type_confirmed_test_weight: percent(types.confirmed_test),
            report_type_recursive_weight: percent(types.recursive),
            report_type_self_reported_weight: percent(types.self_report),
            report_type_none_map: mapping.report_type_when_missing as i32,
        }
    }

    /// What the fields of keys mean, within the limits.
    ///
    /// # Errors
    /// [`ConfigurationError::Field`].
    pub(super) fn mapping(&self) -> Result<DiagnosisKeysDataMapping, ConfigurationError> {
        const MISSING: &str = "apple_exposure_config_v2.infectiousness_when_days_since_onset_missing";
        const MAP: &str = "apple_exposure_config_v2.infectiousness_for_days_since_onset_of_symptoms";
        let number = self.infectiousness_when_days_since_onset_missing;
        Ok(DiagnosisKeysDataMapping {
            report_type_when_missing: report_type(
                "apple_exposure_config_v2.report_type_none_map",
                self.report_type_none_map,
            )?,
            infectiousness_when_missing: infectiousness(MISSING, number)?,
            infectiousness: infectiousness_map(MAP, self.infectiousness_for_days_since_onset_of_symptoms.as_ref())?,
            recursive_enabled: false,
        })
    }

    /// How windows add up, within the limits.
    ///
    /// # Errors
    /// [`ConfigurationError::Field`].
    pub(super) fn daily_summaries(&self) -> Result<DailySummariesConfiguration, ConfigurationError> {
        const THRESHOLDS: &str = "apple_exposure_config_v2.attenuation_duration_thresholds";
        Ok(DailySummariesConfiguration {
            thresholds: in_field(THRESHOLDS, AttenuationThresholds::new(self.attenuation_duration_thresholds))?,
            bucket_weights: [
                percent("apple_exposure_config_v2.immediate_duration_weight", self.immediate_duration_weight)?,
                percent("apple_exposure_config_v2.near_duration_weight", self.near_duration_weight)?,
                percent("apple_exposure_config_v2.medium_duration_weight", self.medium_duration_weight)?,
                percent("apple_exposure_config_v2.other_duration_weight", self.other_duration_weight)?,
            ],
            infectiousness_weights: InfectiousnessWeights {
                standard: percent(
                    "apple_exposure_config_v2.infectiousness_standard_weight",
                    self.infectiousness_standard_weight,
                )?,
                high: percent("apple_exposure_config_v2.infectiousness_high_weight", self.infectiousness_high_weight)?,
            },
            report_type_weights: ReportTypeWeights {
                confirmed_test: percent(
                    "apple_exposure_config_v2.report_type_confirmed_test_weight",
                    self.report_type_confirmed_test_weight,
                )?,
                confirmed_clinical_diagnosis: percent(
                    "apple_exposure_config_v2.report_type_confirmed_clinical_diagnosis_weight",
                    self.report_type_confirmed_clinical_diagnosis_weight,
                )?,
                self_report: percent(
                    "apple_exposure_config_v2.report_type_self_reported_weight",
                    self.report_type_self_reported_weight,
                )?,
                recursive: percent(
                    "apple_exposure_config_v2.report_type_recursive_weight",
                    self.report_type_recursive_weight,
                )?,
            },
            days_since_exposure_threshold: self.days_since_last_exposure_threshold,
            minimum_window_score: Score::default(),
        })
    }
}
