//! The risk score of v1: four scores, looked up in tables and multiplied.

use alloc::format;
use alloc::string::String;

use super::configuration::{ConfigurationError, Score};
use crate::profile::RiskRules;

/// Attenuations in dB above which an exposure is that far away, from far to near; what is above none is nearest.
const ATTENUATION_ABOVE: [u8; 7] = [73, 63, 51, 33, 27, 15, 10];

/// Days since the exposure from which on it is that long ago.
const DAYS_FROM: [i64; 7] = [14, 12, 10, 8, 6, 4, 2];

/// Minutes up to which an exposure is that short.
const MINUTES_UP_TO: [u64; 7] = [0, 5, 10, 15, 20, 25, 30];

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

    fn factor(self, index: u8, weight: f64) -> Factor {
        let score = self.0.get(usize::from(index)).copied().unwrap_or_default();
        Factor { index: Some(index), score, weight }
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

    /// 0, 1 or 2 for near, middle and far. A threshold itself is nearer in Apple's rules and farther in Google's.
    pub(super) const fn place(self, attenuation: u8, rules: RiskRules) -> usize {
        let [low, high] = self.0;
        match rules {
            RiskRules::Google if attenuation < low => 0,
            RiskRules::Google if attenuation < high => 1,
            RiskRules::Apple if attenuation <= low => 0,
            RiskRules::Apple if attenuation <= high => 1,
            _ => 2,
        }
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
    attenuation: f64,
    days: f64,
    duration: f64,
    transmission: f64,
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
    /// A product below it is a risk of 0. No product is over 4096 without weights.
    pub minimum_risk_score: u16,
    /// The same in Apple's rules, where the product is cut to 255 later.
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

    /// What a product has to reach for a risk score: the minimum of these rules, or 1.
    pub(super) fn least_product(&self, rules: RiskRules) -> f64 {
        let minimum = f64::from(self.minimum_risk_score.max(1));
        match rules {
            RiskRules::Google => minimum,
            RiskRules::Apple => minimum.max(self.minimum_risk_score_full_range.as_f64()),
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

/// One of the four factors of a risk score.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Factor {
    /// Its place in the table; nothing where the rules take a fixed factor.
    pub index: Option<u8>,
    /// The score.
    pub score: u8,
    /// The weight that the score is multiplied by.
    pub weight: f64,
}

impl Factor {
    fn value(&self) -> f64 {
        f64::from(self.score) * self.weight
    }
}

/// Whether an exposure of v1 scored. The first reason why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum RiskVerdict {
    /// It has a risk score.
    Scores,
    /// The score of its attenuation is 0.
    AttenuationScoreZero,
    /// The score of its days is 0.
    DaysScoreZero,
    /// The score of its duration is 0.
    DurationScoreZero,
    /// The score of its transmission risk level is 0.
    TransmissionScoreZero,
    /// The product is below the minimum risk score, or below 1.
    BelowMinimumScore,
}

/// `risk = attenuation * days * duration * transmission`, with its factors.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Risk {
    /// By attenuation.
    pub attenuation: Factor,
    /// By days since the exposure.
    pub days: Factor,
    /// By duration.
    pub duration: Factor,
    /// By transmission risk level.
    pub transmission: Factor,
    /// The product.
    pub product: f64,
    /// The product; 0 when it is below the minimum. Apple's rules cut it to 255.
    pub score: u16,
    /// Whether it scored.
    pub verdict: RiskVerdict,
}

impl Risk {
    /// The risk of an exposure: its attenuation in dB, the days since, its duration in seconds, and the transmission risk
    /// level of the key, 0 to 8.
    pub(super) fn of(
        attenuation: u8,
        days: i64,
        duration: u64,
        level: u8,
        configuration: &RiskConfiguration,
        rules: RiskRules,
    ) -> Self {
        let weights = match rules {
            RiskRules::Google => RiskWeights::default(),
            RiskRules::Apple => configuration.weights,
        };
        let attenuation = configuration.attenuation_scores.factor(attenuation_index(attenuation), weights.attenuation);
        let days = configuration.days_scores.factor(first(&DAYS_FROM, |from| days >= *from), weights.days);
        let minutes = duration / 60;
        let duration = first(&MINUTES_UP_TO, |up_to| minutes <= *up_to);
        let duration = configuration.duration_scores.factor(duration, weights.duration);
        let transmission = match (rules, level) {
            // The zero that cost COCOA's users five months.
            (RiskRules::Google, 0) => Factor { index: None, score: 1, weight: 1.0 },
            (RiskRules::Google, level) => {
                configuration.transmission_scores.factor(level.saturating_sub(1), weights.transmission)
            }
            (RiskRules::Apple, level) => configuration.transmission_scores.factor(level.min(7), weights.transmission),
        };
        let product = attenuation.value() * days.value() * duration.value() * transmission.value();
        let verdict = if attenuation.value() == 0.0 {
            RiskVerdict::AttenuationScoreZero
        } else if days.value() == 0.0 {
            RiskVerdict::DaysScoreZero
        } else if duration.value() == 0.0 {
            RiskVerdict::DurationScoreZero
        } else if transmission.value() == 0.0 {
            RiskVerdict::TransmissionScoreZero
        } else if product < configuration.least_product(rules) {
            RiskVerdict::BelowMinimumScore
        } else {
            RiskVerdict::Scores
        };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // at least 0, and `as` saturates
        let score = match (verdict, rules) {
            (RiskVerdict::Scores, RiskRules::Google) => product as u16,
            (RiskVerdict::Scores, RiskRules::Apple) => product.min(255.0) as u16,
            _ => 0,
        };
        Self { attenuation, days, duration, transmission, product, score, verdict }
    }
}

/// Which attenuations have this place in the table, in words.
pub(super) fn attenuation_range(index: u8) -> String {
    let bound = |place: u8| ATTENUATION_ABOVE.get(usize::from(place));
    match (bound(index), index.checked_sub(1).and_then(bound)) {
        (Some(above), None) => format!("over {above} dB"),
        (Some(above), Some(up_to)) => format!("over {above} up to {up_to} dB"),
        (None, _) => "up to 10 dB".into(),
    }
}

/// Which days have this place in the table, in words.
pub(super) fn days_range(index: u8) -> String {
    let bound = |place: u8| DAYS_FROM.get(usize::from(place));
    match (bound(index), index.checked_sub(1).and_then(bound)) {
        (Some(from), None) => format!("{from} days or more ago"),
        (Some(from), Some(below)) => format!("{from} days ago or more, less than {below}"),
        (None, _) => "less than 2 days ago".into(),
    }
}

/// Which durations have this place in the table, in words.
pub(super) fn duration_range(index: u8) -> String {
    let bound = |place: u8| MINUTES_UP_TO.get(usize::from(place));
    match (bound(index), index.checked_sub(1).and_then(bound)) {
        (Some(_), None) => "under a minute".into(),
        (Some(up_to), Some(over)) => format!("over {over} up to {up_to} minutes"),
        (None, _) => "over 30 minutes".into(),
    }
}

/// The place of this attenuation in the tables: 0 above 73 dB, 7 up to 10 dB.
pub(super) fn attenuation_index(attenuation: u8) -> u8 {
    first(&ATTENUATION_ABOVE, |above| attenuation > *above)
}

/// The place of the first bound that holds, or 7.
fn first<T>(bounds: &[T; 7], holds: impl Fn(&T) -> bool) -> u8 {
    bounds.iter().position(holds).and_then(|place| u8::try_from(place).ok()).unwrap_or(7)
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

    #[test]
    fn every_bound_has_two_sides() {
        for (place, bound) in (0..).zip(ATTENUATION_ABOVE) {
            assert_eq!((attenuation_index(bound + 1), attenuation_index(bound)), (place, place + 1));
        }
        assert_eq!((attenuation_index(255), attenuation_index(0)), (0, 7));
        for (place, bound) in (0..).zip(DAYS_FROM) {
            let index = |days| first(&DAYS_FROM, |from| days >= *from);
            assert_eq!((index(bound), index(bound - 1)), (place, place + 1));
        }
    }

    #[test]
    fn extremes_have_a_score() {
        let configuration = RiskConfiguration::default();
        for rules in [RiskRules::Google, RiskRules::Apple] {
            for (days, duration) in [(i64::MIN, 0), (i64::MAX, u64::MAX)] {
                let risk = Risk::of(255, days, duration, 8, &configuration, rules);
                assert_eq!(risk.product, 256.0);
                assert_eq!(risk.score, if rules == RiskRules::Google { 256 } else { 255 });
            }
        }
    }
}
