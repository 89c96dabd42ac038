//! The risk score of v1: four scores, looked up in tables and multiplied.

mod configuration;
mod tables;

pub use configuration::{DurationThresholds, RiskConfiguration, RiskScores, RiskWeights};
pub(crate) use tables::{ATTENUATION_ABOVE, DAYS_FROM, MINUTES_UP_TO};
pub(super) use tables::{attenuation_index, attenuation_range, days_range, duration_range};

use crate::profile::RiskRules;
use tables::first;

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
    pub(super) fn value(&self) -> f64 {
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
        let weights = configuration.weights_under(rules);
        let attenuation = configuration.attenuation_scores.factor(attenuation_index(attenuation), weights.attenuation);
        let days = configuration.days_scores.factor(first(&DAYS_FROM, |from| days >= *from), weights.days);
        let minutes = duration / 60;
        let duration = first(&MINUTES_UP_TO, |up_to| minutes <= *up_to);
        let duration = configuration.duration_scores.factor(duration, weights.duration);
        let transmission = configuration.transmission_factor(level, rules);
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

#[cfg(test)]
mod tests {
    use super::*;

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
