//! How exposures are scored in v1.

use super::daily::Score;
use super::error::ConfigurationError;

/// Eight scores from 0 to 8, one a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct RiskScores([u8; 8]);

impl RiskScores {
    /// These scores.
    ///
    /// # Errors
    /// [`ConfigurationError::RiskScoreOutOfRange`] for a score over 8.
    pub const fn new(scores: [u8; 8]) -> Result<Self, ConfigurationError> {
        let mut level = 0;
        while level < 8 {
            #[allow(clippy::indexing_slicing)] // below 8
            if scores[level] > 8 {
                return Err(ConfigurationError::RiskScoreOutOfRange { found: scores[level] });
            }
            #[allow(clippy::arithmetic_side_effects)] // below 8
            {
                level += 1;
            }
        }
        Ok(Self(scores))
    }

    /// The same score for every level: at most 8.
    #[must_use]
    pub const fn uniform(score: u8) -> Self {
        Self([if score > 8 { 8 } else { score }; 8])
    }

    /// The scores.
    #[must_use]
    pub const fn as_array(self) -> [u8; 8] {
        self.0
    }

    /// The score at this place, 0 to 7.
    pub(in crate::exposure) fn at(self, index: u8) -> u8 {
        self.0.get(usize::from(index)).copied().unwrap_or_default()
    }
}

/// Two attenuations in dB that divide durations into near, middle and far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct DurationThresholds([u8; 2]);

impl DurationThresholds {
    /// These thresholds, dB.
    ///
    /// # Errors
    /// [`ConfigurationError::DurationThresholdsNotIncreasing`] when the second is smaller than the first.
    pub const fn new(thresholds: [u8; 2]) -> Result<Self, ConfigurationError> {
        let [low, high] = thresholds;
        if low <= high {
            Ok(Self(thresholds))
        } else {
            Err(ConfigurationError::DurationThresholdsNotIncreasing { found: thresholds })
        }
    }

    /// The thresholds, dB.
    #[must_use]
    pub const fn as_array(self) -> [u8; 2] {
        self.0
    }
}

impl Default for DurationThresholds {
    /// 50 and 70 dB.
    fn default() -> Self {
        Self([50, 70])
    }
}

/// The weights of the four scores in Apple's rules, 0 to 100. The default is 1. Google's rules have none: the `*_weight`
/// of its configuration is reserved.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RiskWeights {
    pub(in crate::exposure) attenuation: f64,
    pub(in crate::exposure) days: f64,
    pub(in crate::exposure) duration: f64,
    pub(in crate::exposure) transmission: f64,
}

impl RiskWeights {
    /// These weights, of attenuation, days, duration and transmission risk.
    ///
    /// # Errors
    /// [`ConfigurationError::RiskWeightOutOfRange`] for one that is not in `0..=100`.
    pub fn new(weights: [f64; 4]) -> Result<Self, ConfigurationError> {
        match weights.into_iter().find(|weight| !(0.0..=100.0).contains(weight)) {
            Some(found) => Err(ConfigurationError::RiskWeightOutOfRange { found }),
            None => {
                // -0 would be written as such.
                let [attenuation, days, duration, transmission] = weights.map(|weight| weight + 0.0);
                Ok(Self { attenuation, days, duration, transmission })
            }
        }
    }

    /// The weights of attenuation, days, duration and transmission risk.
    #[must_use]
    pub const fn as_array(self) -> [f64; 4] {
        [self.attenuation, self.days, self.duration, self.transmission]
    }
}

impl Default for RiskWeights {
    fn default() -> Self {
        Self { attenuation: 1.0, days: 1.0, duration: 1.0, transmission: 1.0 }
    }
}

/// How exposures are scored in v1. The default is Google's: every score 4, a minimum of 4, thresholds of 50 and 74 dB.
///
/// Source: v1 API documents, `ExposureConfiguration` and `ENExposureConfiguration`.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RiskConfiguration {
    /// By attenuation, from far to near.
    pub attenuation_scores: RiskScores,
    /// By the days since the exposure, from long ago to today.
    pub days_scores: RiskScores,
    /// By duration, from short to long.
    pub duration_scores: RiskScores,
    /// By transmission risk level.
    pub transmission_scores: RiskScores,
    /// The factors of the scores, in Apple's rules.
    pub weights: RiskWeights,
    /// A product below it is a risk of 0, and in Apple's rules no exposure. No product is over 4096 without weights; iOS has
    /// no minimum over 255.
    pub minimum_risk_score: u16,
    /// A second minimum in Apple's rules, for products over 255.
    pub minimum_risk_score_full_range: Score,
    /// What divides the durations by attenuation.
    pub duration_thresholds: DurationThresholds,
}

impl RiskConfiguration {
    /// The defaults of Apple's documents: the score of level n is n, no minimum, thresholds of 50 and 70 dB.
    #[must_use]
    pub fn apple() -> Self {
        let levels = RiskScores([1, 2, 3, 4, 5, 6, 7, 8]);
        Self {
            attenuation_scores: levels,
            days_scores: levels,
            duration_scores: levels,
            transmission_scores: levels,
            weights: RiskWeights::default(),
            minimum_risk_score: 0,
            minimum_risk_score_full_range: Score::default(),
            duration_thresholds: DurationThresholds::default(),
        }
    }
}

impl Default for RiskConfiguration {
    fn default() -> Self {
        Self {
            attenuation_scores: RiskScores([4; 8]),
            days_scores: RiskScores([4; 8]),
            duration_scores: RiskScores([4; 8]),
            transmission_scores: RiskScores([4; 8]),
            minimum_risk_score: 4,
            duration_thresholds: DurationThresholds([50, 74]),
            ..Self::apple()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_at_most_8() {
        assert!(RiskScores::new([8; 8]).is_ok());
        let found = [0, 0, 0, 0, 0, 0, 0, 9];
        assert_eq!(RiskScores::new(found), Err(ConfigurationError::RiskScoreOutOfRange { found: 9 }));
    }
}
