//! The largest scores that are possible under a configuration, whatever is heard. They follow from the tables and
//! bounds that score exposures.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::RangeInclusive;

use super::configuration::{DailySummariesConfiguration, Infectiousness, RiskConfiguration, RiskScores};
use super::summary::{bucket_weight, float};
use super::v1::rules;
use super::window::{LONGEST_SCAN_SECONDS, WINDOW_SECONDS};
use crate::keys::{ReportType, TransmissionRiskLevel};
use crate::matching::accept::SAME_SCAN_SECONDS;
use crate::profile::Profile;

/// The most scans in an exposure window. A scan begins after [`SAME_SCAN_SECONDS`] without a beacon, so at most every
/// 26 seconds.
#[allow(clippy::cast_possible_wrap)] // 70
const MOST_SCANS: i64 = WINDOW_SECONDS.div_ceil(SAME_SCAN_SECONDS + 1) as i64;

/// The places of the duration table that an exposure with a risk can have. Google's rules tell at least five minutes;
/// by Apple's an exposure of no seconds has an attenuation value of 0.
const DURATIONS: RangeInclusive<usize> = 1..=7;

/// The factors of a risk score, in the order in which they are multiplied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RiskFactor {
    Attenuation = 0,
    Days = 1,
    Duration = 2,
    Transmission = 3,
}

/// The values that the factors of a risk score can have, for each place of its table; that of the transmission risk
/// level is the level. Nothing where no exposure has that place.
///
/// An exposure whose readings are all at one place of the attenuation table has its value by both platforms' rules.
/// Apple's mean of several is between them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RiskReach {
    values: [Vec<Option<f64>>; 4],
    /// What the product must not be below for a score: at least 1.
    pub(crate) minimum: f64,
}

impl RiskReach {
    /// For keys of these transmission risk levels.
    pub(crate) fn of(
        configuration: &RiskConfiguration,
        levels: impl IntoIterator<Item = TransmissionRiskLevel>,
        profile: Profile,
    ) -> Self {
        let rules = rules(profile);
        let [attenuation, days, duration, _] = rules.weights(configuration).as_array();
        let table = |scores: RiskScores, weight: f64| {
            scores.as_array().iter().map(|score| Some(f64::from(*score) * weight)).collect::<Vec<_>>()
        };
        let mut durations_told = table(configuration.duration_scores, duration);
        for (place, value) in durations_told.iter_mut().enumerate() {
            *value = value.filter(|_| DURATIONS.contains(&place));
        }
        let mut transmission = vec![None; 9];
        for level in levels {
            if let Some(value) = transmission.get_mut(usize::from(level.as_u8())) {
                *value = Some(rules.transmission_factor(level.as_u8(), configuration).value());
            }
        }
        let attenuation = table(configuration.attenuation_scores, attenuation);
        let days = table(configuration.days_scores, days);
        let values = [attenuation, days, durations_told, transmission];
        Self { values, minimum: rules.minimum(configuration).max(1.0) }
    }

    /// Returns the largest value of each factor; 0 for a factor without values.
    fn largest(&self) -> [f64; 4] {
        self.values.each_ref().map(|values| values.iter().flatten().copied().fold(0.0, f64::max))
    }

    /// Returns the largest product.
    pub(crate) fn maximum(&self) -> f64 {
        product(self.largest())
    }

    /// Returns `true` if any exposure can score.
    pub(crate) fn scores(&self) -> bool {
        self.maximum() >= self.minimum
    }

    /// For each place of this factor's table whether an exposure with it can score, the other factors at their best;
    /// nothing where no exposure has it.
    pub(crate) fn places(&self, factor: RiskFactor) -> Vec<Option<bool>> {
        let scores = |value: f64| {
            let mut factors = self.largest();
            if let Some(place) = factors.get_mut(factor as usize) {
                *place = value;
            }
            product(factors) >= self.minimum
        };
        let values = self.values.get(factor as usize).map(Vec::as_slice).unwrap_or_default();
        values.iter().map(|value| value.map(scores)).collect()
    }
}

/// Multiplies in the order of the score itself, so that the double is the same.
fn product(factors: [f64; 4]) -> f64 {
    let [attenuation, days, duration, transmission] = factors;
    attenuation * days * duration * transmission
}

/// Computes the largest risk score product that an exposure to keys of these transmission risk levels can have in this
/// profile.
///
/// The first duration score is never used. Google's rules count at least five minutes, and in Apple's rules an exposure
/// of 0 s has no attenuation value.
#[must_use]
pub fn maximum_risk_product(
    configuration: &RiskConfiguration,
    levels: impl IntoIterator<Item = TransmissionRiskLevel>,
    profile: Profile,
) -> f64 {
    RiskReach::of(configuration, levels, profile).maximum()
}

/// The largest weights that an exposure window can have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct WindowReach {
    /// Of a bucket that an attenuation can fall in.
    pub(crate) bucket: f64,
    /// Of a report type.
    pub(crate) report_type: f64,
    /// Of an infectiousness.
    pub(crate) infectiousness: f64,
}

impl WindowReach {
    /// For keys of these infectiousnesses and report types.
    pub(crate) fn of(
        configuration: &DailySummariesConfiguration,
        infectiousness: impl IntoIterator<Item = Infectiousness>,
        report_types: impl IntoIterator<Item = ReportType>,
        profile: Profile,
    ) -> Self {
        let attenuations = profile.possible_attenuations();
        let types = report_types.into_iter().filter_map(|found| configuration.report_type_weights.of(found));
        let infectiousness = infectiousness.into_iter().map(|found| configuration.infectiousness_weights.of(found));
        Self {
            bucket: attenuations.map(|attenuation| bucket_weight(attenuation, configuration)).fold(0.0, f64::max),
            report_type: types.fold(0.0, f64::max),
            infectiousness: infectiousness.fold(0.0, f64::max),
        }
    }

    /// The largest score of a window whose scans are in one bucket, whatever is heard. Those in several buckets that
    /// weigh the same may come to some units in the last place more.
    pub(crate) fn maximum(&self) -> f64 {
        // Multiplied as the score is: so it is the same double.
        float(MOST_SCANS.saturating_mul(LONGEST_SCAN_SECONDS)) * self.bucket * self.report_type * self.infectiousness
    }

    /// The largest score of a window of a phone whose scans do not overlap: half an hour, and the five minutes before
    /// the first scan.
    pub(crate) fn plausible(&self) -> f64 {
        const SECONDS: i64 = WINDOW_SECONDS.cast_signed() + LONGEST_SCAN_SECONDS;
        float(SECONDS) * self.bucket * self.report_type * self.infectiousness
    }
}

/// Computes the largest score that an exposure window of a key with one of these infectiousnesses and report types can
/// have.
///
/// The formula is `70 * 300 s * weights`. A window spans less than 1800 s, a scan begins after 26 s without a beacon,
/// and it counts at most 300 s. Nothing compares a phone's time of its previous scan with other scans. Scans that do
/// not overlap add up to at most 2100 s.
#[must_use]
pub fn maximum_window_score(
    configuration: &DailySummariesConfiguration,
    infectiousness: impl IntoIterator<Item = Infectiousness>,
    report_types: impl IntoIterator<Item = ReportType>,
    profile: Profile,
) -> f64 {
    WindowReach::of(configuration, infectiousness, report_types, profile).maximum()
}
