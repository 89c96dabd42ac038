//! The risk score of v1: four scores, looked up in tables and multiplied.

mod tables;

pub(crate) use tables::{ATTENUATION_ABOVE, DAYS_FROM, MINUTES_UP_TO};
pub(super) use tables::{attenuation_index, attenuation_range, days_range, duration_range};

use super::configuration::{RiskConfiguration, RiskScores, RiskWeights};
use crate::names::named;
use tables::first;

/// One of the four factors of a risk score.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Factor {
    /// The place in the table; `None` if the rules use no table for this factor.
    pub index: Option<u8>,
    /// The score. For the attenuation in Apple's rules it is a mean of scores.
    pub score: u8,
    /// The weight that the score is multiplied by.
    pub weight: f64,
}

impl Factor {
    pub(super) fn value(&self) -> f64 {
        f64::from(self.score) * self.weight
    }
}

/// The answer to "has an exposure of v1 a score?": yes, or the first reason why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum RiskVerdict {
    /// The exposure has a risk score.
    Scores,
    /// The score of the attenuation is 0.
    AttenuationScoreZero,
    /// The score of the days is 0.
    DaysScoreZero,
    /// The score of the duration is 0.
    DurationScoreZero,
    /// The score of the transmission risk level is 0.
    TransmissionScoreZero,
    /// The product is below the minimum risk score, or below 1.
    BelowMinimumScore,
}

named! {
    RiskVerdict, "verdict on an exposure":
    Scores => "scores",
    AttenuationScoreZero => "attenuation_score_zero",
    DaysScoreZero => "days_score_zero",
    DurationScoreZero => "duration_score_zero",
    TransmissionScoreZero => "transmission_score_zero",
    BelowMinimumScore => "below_minimum_score",
}

/// `risk = attenuation * days * duration * transmission`, with its factors.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Risk {
    /// The factor by attenuation.
    pub attenuation: Factor,
    /// The factor by days since the exposure.
    pub days: Factor,
    /// The factor by duration.
    pub duration: Factor,
    /// The factor by transmission risk level.
    pub transmission: Factor,
    /// The product of the four factors.
    pub product: f64,
    /// The product without its fraction; 0 if it is below the minimum. Apple's rules cut it to 255.
    pub score: u16,
    /// The product itself, at most 4096 without weights; 0 if it is below the minimum.
    pub score_full_range: f64,
    /// The verdict: whether the exposure scored, or the first reason why not.
    pub verdict: RiskVerdict,
}

impl Risk {
    /// Computes the risk of the factors of attenuation, days, duration and transmission. The score is cut to `largest`.
    pub(super) fn of(factors: [Factor; 4], minimum: f64, largest: u16) -> Self {
        let [attenuation, days, duration, transmission] = factors;
        let product = attenuation.value() * days.value() * duration.value() * transmission.value();
        let verdict = if attenuation.value() == 0.0 {
            RiskVerdict::AttenuationScoreZero
        } else if days.value() == 0.0 {
            RiskVerdict::DaysScoreZero
        } else if duration.value() == 0.0 {
            RiskVerdict::DurationScoreZero
        } else if transmission.value() == 0.0 {
            RiskVerdict::TransmissionScoreZero
        } else if product < minimum.max(1.0) {
            RiskVerdict::BelowMinimumScore
        } else {
            RiskVerdict::Scores
        };
        let score_full_range = if product < minimum { 0.0 } else { product };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // at least 0, and `as` saturates
        let score = score_full_range.min(largest.into()) as u16;
        Self { attenuation, days, duration, transmission, product, score, score_full_range, verdict }
    }
}

impl RiskScores {
    pub(in crate::exposure) fn factor(self, index: u8, weight: f64) -> Factor {
        Factor { index: Some(index), score: self.at(index), weight }
    }
}

impl RiskConfiguration {
    /// Returns the factor of this many days since an exposure.
    pub(in crate::exposure) fn days_factor(&self, days: i64, weights: RiskWeights) -> Factor {
        self.days_scores.factor(first(&DAYS_FROM, |from| days >= *from), weights.days)
    }

    /// Returns the factor of a duration in seconds.
    pub(in crate::exposure) fn duration_factor(&self, seconds: u64, weights: RiskWeights) -> Factor {
        let place = first(&MINUTES_UP_TO, |minutes| seconds <= minutes.saturating_mul(60));
        self.duration_scores.factor(place, weights.duration)
    }
}
