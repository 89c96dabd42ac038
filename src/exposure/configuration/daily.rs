//! How exposure windows add up to days.

use super::error::ConfigurationError;
use super::infectiousness::Infectiousness;
use crate::keys::ReportType;

/// The weights and limits by which exposure windows add up to days.
///
/// The default has thresholds of 50, 70 and 90 dB, every weight 1, and no limits.
///
/// ```
/// use gaen::exposure::{AttenuationThresholds, DailySummariesConfiguration, Score, Weight};
///
/// let configuration = DailySummariesConfiguration {
///     thresholds: AttenuationThresholds::new([55, 63, 75])?,
///     bucket_weights: [Weight::new(1.5)?, Weight::ONE, Weight::new(0.5)?, Weight::new(0.0)?],
///     minimum_window_score: Score::new(300.0)?,
///     ..DailySummariesConfiguration::default()
/// };
/// assert_eq!(configuration.report_type_weights.self_report, Weight::ONE);
/// assert!(Weight::new(2.6).is_err());
/// # Ok::<(), gaen::exposure::ConfigurationError>(())
/// ```
///
/// Source: v2 API documents, `DailySummariesConfig` and `ENExposureConfiguration`.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct DailySummariesConfiguration {
    /// The thresholds between immediate, near, medium and other.
    pub thresholds: AttenuationThresholds,
    /// The weights of immediate, near, medium and other.
    pub bucket_weights: [Weight; 4],
    /// The weight of each infectiousness.
    pub infectiousness_weights: InfectiousnessWeights,
    /// The weight of each report type.
    pub report_type_weights: ReportTypeWeights,
    /// The most days ago that a window may be to count; 0 for no limit.
    pub days_since_exposure_threshold: u32,
    /// The smallest score with which a window counts.
    pub minimum_window_score: Score,
}

impl DailySummariesConfiguration {
    /// Returns the most days ago that a window may be to count; `None` for no limit.
    #[must_use]
    pub const fn max_age_days(&self) -> Option<u32> {
        match self.days_since_exposure_threshold {
            0 => None,
            days => Some(days),
        }
    }
}

/// A factor from 0 to 2.5: 250 % in Apple's configuration. The default is 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(into = "f64", try_from = "f64"))]
pub struct Weight(f64);

impl Weight {
    /// The factor 1, which changes nothing.
    pub const ONE: Self = Self(1.0);

    /// Makes the weight of this factor.
    ///
    /// # Errors
    /// [`ConfigurationError::WeightOutOfRange`] unless `0 <= factor <= 2.5`.
    pub fn new(factor: f64) -> Result<Self, ConfigurationError> {
        match factor {
            // -0 would be written as such.
            0.0..=2.5 => Ok(Self(factor + 0.0)),
            found => Err(ConfigurationError::WeightOutOfRange { found }),
        }
    }

    /// Returns the weight as a factor.
    #[must_use]
    pub const fn factor(self) -> f64 {
        self.0
    }
}

impl Default for Weight {
    fn default() -> Self {
        Self::ONE
    }
}

/// A finite number of at least 0: a score to reach, or the weight of an app's own rule. The default is 0.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(into = "f64", try_from = "f64"))]
pub struct Score(f64);

impl Score {
    /// Makes a score of this number.
    ///
    /// # Errors
    /// [`ConfigurationError::ScoreOutOfRange`] unless it is finite and at least 0.
    pub fn new(score: f64) -> Result<Self, ConfigurationError> {
        if score.is_finite() && score >= 0.0 {
            Ok(Self(score + 0.0))
        } else {
            Err(ConfigurationError::ScoreOutOfRange { found: score })
        }
    }

    /// Returns the score as a number.
    #[must_use]
    pub const fn as_f64(self) -> f64 {
        self.0
    }
}

impl From<Weight> for f64 {
    fn from(weight: Weight) -> Self {
        weight.0
    }
}

impl TryFrom<f64> for Weight {
    type Error = ConfigurationError;

    fn try_from(factor: f64) -> Result<Self, Self::Error> {
        Self::new(factor)
    }
}

impl From<Score> for f64 {
    fn from(score: Score) -> Self {
        score.0
    }
}

impl TryFrom<f64> for Score {
    type Error = ConfigurationError;

    fn try_from(score: f64) -> Result<Self, Self::Error> {
        Self::new(score)
    }
}

/// Three strictly increasing attenuations in dB. Up to the first a scan is immediate, up to the second near, up to the
/// third medium, above it other. The default is 50, 70, 90.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct AttenuationThresholds([u8; 3]);

impl AttenuationThresholds {
    /// Makes these thresholds, dB.
    ///
    /// # Errors
    /// [`ConfigurationError::ThresholdsNotIncreasing`] unless each is larger than the one before it.
    pub const fn new(thresholds: [u8; 3]) -> Result<Self, ConfigurationError> {
        let [immediate, near, medium] = thresholds;
        if immediate < near && near < medium {
            Ok(Self(thresholds))
        } else {
            Err(ConfigurationError::ThresholdsNotIncreasing { found: thresholds })
        }
    }

    /// Returns the thresholds, dB.
    #[must_use]
    pub const fn as_array(self) -> [u8; 3] {
        self.0
    }
}

impl Default for AttenuationThresholds {
    fn default() -> Self {
        Self([50, 70, 90])
    }
}

/// The weight of each infectiousness. The default is 1; "none" always weighs 0.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct InfectiousnessWeights {
    /// Weight of standard infectiousness.
    pub standard: Weight,
    /// Weight of high infectiousness.
    pub high: Weight,
}

impl InfectiousnessWeights {
    /// Returns the factor of this infectiousness.
    #[must_use]
    pub const fn of(&self, infectiousness: Infectiousness) -> f64 {
        match infectiousness {
            Infectiousness::None => 0.0,
            Infectiousness::Standard => self.standard.factor(),
            Infectiousness::High => self.high.factor(),
        }
    }
}

/// The weight of each report type. The default is 1.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct ReportTypeWeights {
    /// Weight of a positive test.
    pub confirmed_test: Weight,
    /// Weight of a doctor's diagnosis.
    pub confirmed_clinical_diagnosis: Weight,
    /// Weight of the owner's own report.
    pub self_report: Weight,
    /// Weight of a report that the owner was exposed to a positive person.
    pub recursive: Weight,
}

impl ReportTypeWeights {
    /// Returns the factor of this report type; `None` for a type without summaries.
    #[must_use]
    pub const fn of(&self, report_type: ReportType) -> Option<f64> {
        match report_type {
            ReportType::ConfirmedTest => Some(self.confirmed_test.factor()),
            ReportType::ConfirmedClinicalDiagnosis => Some(self.confirmed_clinical_diagnosis.factor()),
            ReportType::SelfReport => Some(self.self_report.factor()),
            ReportType::Recursive => Some(self.recursive.factor()),
            ReportType::Unknown | ReportType::Revoked => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_from_0_to_250_percent() {
        for factor in [0.0, -0.0, 0.01, 1.0, 2.5] {
            assert_eq!(Weight::new(factor).map(Weight::factor), Ok(factor));
        }
        assert!(Weight::new(-0.0).unwrap().factor().is_sign_positive());
        for factor in [-0.01, 2.500_001, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(matches!(Weight::new(factor), Err(ConfigurationError::WeightOutOfRange { .. })), "{factor}");
        }
    }

    #[test]
    fn thresholds_increase_strictly() {
        assert!(AttenuationThresholds::new([0, 1, 255]).is_ok());
        for thresholds in [[1, 1, 2], [1, 2, 2], [3, 2, 1], [0, 0, 0], [2, 1, 3]] {
            let refused = Err(ConfigurationError::ThresholdsNotIncreasing { found: thresholds });
            assert_eq!(AttenuationThresholds::new(thresholds), refused);
        }
    }

    #[test]
    fn scores_to_reach_are_finite_and_not_negative() {
        assert_eq!(Score::new(0.0).map(Score::as_f64), Ok(0.0));
        for score in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(Score::new(score).is_err());
        }
    }
}
