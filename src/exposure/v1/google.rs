//! Exposures and risk scores by Google's code.
//!
//! Source: Google's snapshot, `KeyExposureEvaluator.java` and `RiskScoreCalculator.java`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::num::NonZeroU64;

use super::{ExposureInformation, HALF_SCAN_SECONDS, Reading, Rules, nth};
use crate::exposure::configuration::{DurationThresholds, RiskConfiguration, RiskWeights};
use crate::exposure::encounter::Beacon;
use crate::exposure::risk::{Factor, attenuation_index};
use crate::keys::DiagnosisKey;
use crate::time::{SECONDS_PER_DAY, UtcDay};

/// Seconds without a sighting after which another exposure begins.
const GAP_SECONDS: u64 = 600;

/// Google's code.
pub(super) struct Google;

impl Rules for Google {
    /// Of each scan the record that stands for it, cut where none was heard for over ten minutes. Each reading counts
    /// until the next one.
    fn exposures(&self, beacons: &[Beacon]) -> Vec<Vec<Reading>> {
        let standing = beacons.iter().filter(|beacon| beacon.stands_for_scan);
        let mut points: Vec<_> = standing.map(|beacon| (beacon.time, beacon.attenuation)).collect();
        // Of two identifiers in one second the later one counts no time.
        points.dedup_by_key(|(time, _)| *time);
        let stretches = points.chunk_by(|(a, _), (b, _)| b.saturating_sub(*a) <= GAP_SECONDS);
        stretches.map(|stretch| readings(stretch, HALF_SCAN_SECONDS)).collect()
    }

    fn scored_duration(&self, seconds: u64) -> u64 {
        rounded_duration(seconds)
    }

    fn told_duration(&self, seconds: u64) -> u64 {
        rounded_duration(seconds)
    }

    fn told_seconds(&self, seconds: u64) -> u64 {
        seconds
    }

    /// The key's day: the phone keeps no other.
    fn date(&self, key: &DiagnosisKey, _start: u64) -> UtcDay {
        UtcDay::from(key.window.start())
    }

    /// Whole days from the key's start until now, cut towards zero; negative days before it.
    fn days(&self, key: &DiagnosisKey, _start: u64, now: u64) -> i64 {
        let [start, now] = [key.window.start().unix_seconds(), now].map(|time| i64::try_from(time).unwrap_or(i64::MAX));
        const DAY: i64 = SECONDS_PER_DAY.cast_signed();
        now.saturating_sub(start) / DAY
    }

    /// A threshold itself is farther.
    fn place(&self, attenuation: u8, thresholds: DurationThresholds) -> usize {
        let [low, high] = thresholds.as_array();
        if attenuation < low {
            0
        } else if attenuation < high {
            1
        } else {
            2
        }
    }

    /// The attenuation, dB.
    fn attenuation_value(&self, attenuation: u8, _readings: &[Reading], _configuration: &RiskConfiguration) -> u8 {
        attenuation
    }

    fn attenuation_factor(&self, value: u8, configuration: &RiskConfiguration) -> Factor {
        configuration.attenuation_scores.factor(attenuation_index(value), 1.0)
    }

    /// The zero that cost COCOA's users five months.
    fn transmission_factor(&self, level: u8, configuration: &RiskConfiguration) -> Factor {
        match level.checked_sub(1) {
            None => Factor { index: None, score: 1, weight: 1.0 },
            Some(place) => configuration.transmission_scores.factor(place, 1.0),
        }
    }

    /// The `*_weight` of Google's configuration are reserved.
    fn weights(&self, _configuration: &RiskConfiguration) -> RiskWeights {
        RiskWeights::default()
    }

    fn minimum(&self, configuration: &RiskConfiguration) -> f64 {
        configuration.minimum_risk_score.into()
    }

    fn largest_score(&self) -> u16 {
        u16::MAX
    }

    /// A risk below the minimum is 0, and its exposure stays.
    fn lists(&self, _product: f64, _configuration: &RiskConfiguration) -> bool {
        true
    }

    fn attenuation_words(&self, exposure: &ExposureInformation) -> (String, String) {
        let place = attenuation_index(exposure.attenuation);
        (format!("{} dB", exposure.attenuation), crate::exposure::risk::attenuation_range(place))
    }

    fn transmission_words(&self, level: u8) -> String {
        match level {
            0 => "a key without a level has the factor 1 in Google's rules".to_string(),
            level => format!("Google's rules take the value for level {level}: the {}", nth(level)),
        }
    }

    fn shortest_words(&self) -> &'static str {
        "durations begin at 5 minutes"
    }
}

/// Between two points the attenuation is the earlier one's; half a scan interval is added at both ends.
fn readings(points: &[(u64, u8)], half_scan: u64) -> Vec<Reading> {
    let after = points.iter().skip(1).map(|(time, _)| Some(*time)).chain([None]);
    let mut readings: Vec<_> = points
        .iter()
        .zip(after)
        .map(|(&(time, attenuation), next)| {
            let seconds = next.map_or(half_scan, |next| next.saturating_sub(time));
            Reading { time, attenuation: Some(attenuation), seconds }
        })
        .collect();
    if let Some(first) = readings.first_mut() {
        first.seconds = first.seconds.saturating_add(half_scan);
    }
    readings
}

/// To the nearest multiple of 300; the middle goes down.
fn rounded_duration(seconds: u64) -> u64 {
    const STEP: NonZeroU64 = NonZeroU64::new(2 * HALF_SCAN_SECONDS).unwrap();
    let over = seconds % STEP;
    let down = seconds.saturating_sub(over);
    if over <= HALF_SCAN_SECONDS { down } else { down.saturating_add(STEP.get()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exposure::window::rounded_mean;

    #[test]
    fn durations_go_to_the_nearest_five_minutes_and_the_middle_goes_down() {
        for (seconds, duration) in [(300, 300), (450, 300), (451, 600), (600, 600), (750, 600), (751, 900)] {
            assert_eq!(rounded_duration(seconds), duration, "{seconds}");
        }
        assert_eq!(rounded_duration(u64::MAX), u64::MAX - u64::MAX % 300);
    }

    #[test]
    fn a_period_has_the_attenuation_of_its_left_end() {
        // The worked example of the source, which has a scan interval of 6 seconds.
        let readings = readings(&[(0, 1), (10, 4), (50, 5)], 3);
        let periods = readings.iter().map(|reading| (reading.attenuation.unwrap(), reading.seconds));
        let sum: u64 = periods.clone().map(|(attenuation, seconds)| u64::from(attenuation) * seconds).sum();
        assert_eq!((sum, periods.clone().map(|(_, seconds)| seconds).sum::<u64>()), (188, 56));
        assert_eq!(rounded_mean(periods), Some(3));
    }
}
