//! The blocks of Android.

use serde::{Deserialize, Serialize};

use super::{Days, days, in_field, infectiousness, infectiousness_map, report_type, scores};
use crate::exposure::configuration::{
    AttenuationThresholds, ConfigurationError, DailySummariesConfiguration, DiagnosisKeysDataMapping,
    DurationThresholds, InfectiousnessWeights, ReportTypeWeights, RiskConfiguration, Score, Weight,
};

/// `google_exposure_config`: v1.
///
/// Source: COCOA's configuration; v1 API documents, `ExposureConfiguration`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GoogleExposureConfig {
    /// Eight scores from far to near, 0 to 8.
    pub(super) attenuation_scores: [u8; 8],
    /// Reserved: no rule reads it. 50 by default.
    #[serde(default = "reserved")]
    pub(super) attenuation_weight: i32,
    /// Eight scores from long ago to today.
    pub(super) days_since_last_exposure_scores: [u8; 8],
    /// Reserved.
    #[serde(default = "reserved")]
    pub(super) days_since_last_exposure_weight: i32,
    /// Two attenuations, dB.
    pub(super) duration_at_attenuation_thresholds: [u8; 2],
    /// Eight scores from short to long.
    pub(super) duration_scores: [u8; 8],
    /// Reserved.
    #[serde(default = "reserved")]
    pub(super) duration_weight: i32,
    /// 1 to 4096.
    pub(super) minimum_risk_score: u16,
    /// Eight scores, for the levels 1 to 8.
    pub(super) transmission_risk_scores: [u8; 8],
    /// Reserved.
    #[serde(default = "reserved")]
    pub(super) transmission_risk_weight: i32,
}

const fn reserved() -> i32 {
    50
}

impl GoogleExposureConfig {
    /// Within the limits.
    ///
    /// # Errors
    /// [`ConfigurationError::Field`].
    pub(super) fn risk(&self) -> Result<RiskConfiguration, ConfigurationError> {
        const FIELD: &str = "google_exposure_config.minimum_risk_score";
        let minimum_risk_score = match self.minimum_risk_score {
            minimum @ 1..=4096 => Ok(minimum),
            found => in_field(FIELD, Err(alloc::format!("{found} is not in 1..=4096"))),
        }?;
        let days = self.days_since_last_exposure_scores;
        Ok(RiskConfiguration {
            attenuation_scores: scores("google_exposure_config.attenuation_scores", self.attenuation_scores)?,
            days_scores: scores("google_exposure_config.days_since_last_exposure_scores", days)?,
            duration_scores: scores("google_exposure_config.duration_scores", self.duration_scores)?,
            transmission_scores: scores(
                "google_exposure_config.transmission_risk_scores",
                self.transmission_risk_scores,
            )?,
            minimum_risk_score,
            duration_thresholds: in_field(
                "google_exposure_config.duration_at_attenuation_thresholds",
                DurationThresholds::new(self.duration_at_attenuation_thresholds),
            )?,
            ..RiskConfiguration::default()
        })
    }
}

impl From<&RiskConfiguration> for GoogleExposureConfig {
    fn from(risk: &RiskConfiguration) -> Self {
        Self {
            attenuation_scores: risk.attenuation_scores.as_array(),
            attenuation_weight: reserved(),
            days_since_last_exposure_scores: risk.days_scores.as_array(),
            days_since_last_exposure_weight: reserved(),
            duration_at_attenuation_thresholds: risk.duration_thresholds.as_array(),
            duration_scores: risk.duration_scores.as_array(),
            duration_weight: reserved(),
            minimum_risk_score: risk.minimum_risk_score.max(1),
            transmission_risk_scores: risk.transmission_scores.as_array(),
            transmission_risk_weight: reserved(),
        }
    }
}

/// `google_diagnosis_keys_data_mapping_config`: what the fields of keys mean in v2.
///
/// Source: COCOA's configuration; v2 API documents, `DiagnosisKeysDataMapping`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GoogleDiagnosisKeysDataMappingConfig {
    /// 0 none, 1 standard, 2 high.
    pub(super) infectiousness_when_days_since_onset_missing: i32,
    /// 0 to 4.
    pub(super) report_type_when_missing: i32,
    /// 0, 1 or 2 for each day from -14 to 14.
    #[serde(default)]
    pub(super) infectiousness_for_days_since_onset_of_symptoms: Option<Days>,
}

impl GoogleDiagnosisKeysDataMappingConfig {
    /// Within the limits.
    ///
    /// # Errors
    /// [`ConfigurationError::Field`].
    pub(super) fn mapping(&self) -> Result<DiagnosisKeysDataMapping, ConfigurationError> {
        const MISSING: &str = "google_diagnosis_keys_data_mapping_config.infectiousness_when_days_since_onset_missing";
        const MAP: &str = "google_diagnosis_keys_data_mapping_config.infectiousness_for_days_since_onset_of_symptoms";
        const TYPE: &str = "google_diagnosis_keys_data_mapping_config.report_type_when_missing";
        Ok(DiagnosisKeysDataMapping {
            report_type_when_missing: report_type(TYPE, self.report_type_when_missing)?,
            infectiousness_when_missing: infectiousness(MISSING, self.infectiousness_when_days_since_onset_missing)?,
            infectiousness: infectiousness_map(MAP, self.infectiousness_for_days_since_onset_of_symptoms.as_ref())?,
            recursive_enabled: false,
        })
    }
}

impl From<&DiagnosisKeysDataMapping> for GoogleDiagnosisKeysDataMappingConfig {
    fn from(mapping: &DiagnosisKeysDataMapping) -> Self {
        Self {
            infectiousness_when_days_since_onset_missing: mapping.infectiousness_when_missing as i32,
            report_type_when_missing: mapping.report_type_when_missing as i32,
            infectiousness_for_days_since_onset_of_symptoms: days(mapping),
        }
    }
}

/// `google_daily_summaries_config`: v2.
///
/// Source: COCOA's configuration; v2 API documents, `DailySummariesConfig`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GoogleDailySummariesConfig {
    /// Three strictly increasing attenuations, dB.
    pub(super) attenuation_bucket_threshold_db: [u8; 3],
    /// Four weights from near to far, 0 to 2.5.
    pub(super) attenuation_bucket_weights: [f64; 4],
    /// Days; 0 for no limit.
    pub(super) days_since_exposure_threshold: u32,
    /// By infectiousness.
    pub(super) infectiousness_weights: GoogleInfectiousnessWeights,
    /// At least 0.
    pub(super) minimum_window_score: f64,
    /// By report type.
    pub(super) report_type_weights: GoogleReportTypeWeights,
}

/// Weights by infectiousness, 0 to 2.5.
#[allow(missing_docs)] // the names say it
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct GoogleInfectiousnessWeights {
    pub(super) high: f64,
    pub(super) standard: f64,
}

/// Weights by report type, 0 to 2.5.
#[allow(missing_docs)] // the names say it
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct GoogleReportTypeWeights {
    pub(super) confirmed_clinical_diagnosis: f64,
    pub(super) confirmed_test: f64,
    pub(super) self_report: f64,
    pub(super) recursive: f64,
}

impl GoogleDailySummariesConfig {
    /// Within the limits.
    ///
    /// # Errors
    /// [`ConfigurationError::Field`].
    pub(super) fn daily_summaries(&self) -> Result<DailySummariesConfiguration, ConfigurationError> {
        const THRESHOLDS: &str = "google_daily_summaries_config.attenuation_bucket_threshold_db";
        const BUCKETS: &str = "google_daily_summaries_config.attenuation_bucket_weights";
        const MINIMUM: &str = "google_daily_summaries_config.minimum_window_score";

        let mut bucket_weights = [Weight::ONE; 4];
        for (place, factor) in bucket_weights.iter_mut().zip(self.attenuation_bucket_weights) {
            *place = in_field(BUCKETS, Weight::new(factor))?;
        }
        let weight = |field, factor| in_field(field, Weight::new(factor));
        let types = &self.report_type_weights;
        Ok(DailySummariesConfiguration {
            thresholds: in_field(THRESHOLDS, AttenuationThresholds::new(self.attenuation_bucket_threshold_db))?,
            bucket_weights,
            infectiousness_weights: InfectiousnessWeights {
                standard: weight(
                    "google_daily_summaries_config.infectiousness_weights.Standard",
                    self.infectiousness_weights.standard,
                )?,
                high: weight(
                    "google_daily_summaries_config.infectiousness_weights.High",
                    self.infectiousness_weights.high,
                )?,
            },
            report_type_weights: ReportTypeWeights {
                confirmed_test: weight(
                    "google_daily_summaries_config.report_type_weights.ConfirmedTest",
                    types.confirmed_test,
                )?,
                confirmed_clinical_diagnosis: weight(
                    "google_daily_summaries_config.report_type_weights.ConfirmedClinicalDiagnosis",
                    types.confirmed_clinical_diagnosis,
                )?,
                self_report: weight("google_daily_summaries_config.report_type_weights.SelfReport", types.self_report)?,
                recursive: weight("google_daily_summaries_config.report_type_weights.Recursive", types.recursive)?,
            },
            days_since_exposure_threshold: self.days_since_exposure_threshold,
            minimum_window_score: in_field(MINIMUM, Score::new(self.minimum_window_score))?,
        })
    }
}

impl From<&DailySummariesConfiguration> for GoogleDailySummariesConfig {
    fn from(daily: &DailySummariesConfiguration) -> Self {
        let types = &daily.report_type_weights;
        Self {
            attenuation_bucket_threshold_db: daily.thresholds.as_array(),
            attenuation_bucket_weights: daily.bucket_weights.map(Weight::factor),
            days_since_exposure_threshold: daily.days_since_exposure_threshold,
            infectiousness_weights: GoogleInfectiousnessWeights {
                high: daily.infectiousness_weights.high.factor(),
                standard: daily.infectiousness_weights.standard.factor(),
            },
            minimum_window_score: daily.minimum_window_score.as_f64(),
            report_type_weights: GoogleReportTypeWeights {
                confirmed_clinical_diagnosis: types.confirmed_clinical_diagnosis.factor(),
                confirmed_test: types.confirmed_test.factor(),
                self_report: types.self_report.factor(),
                recursive: types.recursive.factor(),
            },
        }
    }
}
