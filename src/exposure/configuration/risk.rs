//! How exposures are scored in v1.

use super::daily::Score;
use super::error::ConfigurationError;

/// Eight scores from 0 to 8, one a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct RiskScores([u8; 8]);

impl RiskScores {
    /// Makes a table of these scores.
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

    /// Makes a table with the same score for every level. A score over 8 becomes 8.
    #[must_use]
    pub const fn uniform(score: u8) -> Self {
        Self([if score > 8 { 8 } else { score }; 8])
    }

    /// Returns the scores.
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
    /// Makes these thresholds, dB.
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

    /// Returns the thresholds, dB.
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

/// The weights of the four scores in Apple's rules, 0 to 100. The default is 1. Google's rules have no weights: the
/// `*_weight` fields of its configuration are reserved.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RiskWeights {
    pub(in crate::exposure) attenuation: f64,
    pub(in crate::exposure) days: f64,
    pub(in crate::exposure) duration: f64,
    pub(in crate::exposure) transmission: f64,
}

impl RiskWeights {
    /// Makes the weights of attenuation, days, duration and transmission risk.
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

    /// Returns the weights of attenuation, days, duration and transmission risk.
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

/// The tables by which v1 scores exposures. The default is Google's: every score 4, a minimum of 4, thresholds of 50
/// and 74 dB.
///
/// ```
/// use gaen::exposure::{RiskConfiguration, RiskScores};
///
/// let configuration = RiskConfiguration {
///     duration_scores: RiskScores::new([0, 0, 0, 0, 1, 1, 1, 1])?,
///     minimum_risk_score: 21,
///     ..RiskConfiguration::apple()
/// };
/// assert_eq!(configuration.transmission_scores.as_array(), [1, 2, 3, 4, 5, 6, 7, 8]);
/// # Ok::<(), gaen::exposure::ConfigurationError>(())
/// ```
///
/// Source: v1 API documents, `ExposureConfiguration` and `ENExposureConfiguration`.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RiskConfiguration {
    /// Scores by attenuation, from far to near.
    pub attenuation_scores: RiskScores,
    /// Scores by the days since the exposure, from long ago to today.
    pub days_scores: RiskScores,
    /// Scores by duration, from short to long.
    pub duration_scores: RiskScores,
    /// Scores by transmission risk level.
    pub transmission_scores: RiskScores,
    /// The weights of the scores in Apple's rules.
    pub weights: RiskWeights,
    /// The smallest product that counts. A smaller one is a risk of 0, and in Apple's rules no exposure. Without
    /// weights no product is over 4096. iOS allows at most 255 here.
    pub minimum_risk_score: u16,
    /// A second minimum in Apple's rules, for products over 255.
    pub minimum_risk_score_full_range: Score,
    /// The attenuations that divide durations into near, middle and far.
    pub duration_thresholds: DurationThresholds,
}

impl RiskConfiguration {
    /// Returns the defaults of Apple's documents: the score of level n is n, no minimum, thresholds of 50 and 70 dB.
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
