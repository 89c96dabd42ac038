//! Exposures and risk scores by Apple's code.
//!
//! Source: Apple's snippets, `ENAdvertisementDatabaseQuerySession.m`, `ENAdvertisement.m`, `ENExposureDetection.m` and
//! `ENExposureDetectionDaemonSession.m`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use super::{ExposureInformation, HALF_SCAN_SECONDS, LONGEST_DURATION, Reading, Rules, nth};
use crate::exposure::configuration::{DurationThresholds, RiskConfiguration, RiskWeights};
use crate::exposure::encounter::Beacon;
use crate::exposure::risk::{Factor, attenuation_index};
use crate::exposure::window::rounded_mean;
use crate::keys::DiagnosisKey;
use crate::time::UtcDay;

/// Seconds from the first advertisement of a scan in which others belong to it.
const SCAN_SECONDS: u64 = 4;

/// The longest time between two scans that is believed.
const LONGEST_INTERVAL: u64 = 304;

/// Apple's code.
pub(super) struct Apple;

impl Rules for Apple {
    /// One exposure of all that was heard. A scan counts from the one before, and no second counts twice.
    fn exposures(&self, beacons: &[Beacon]) -> Vec<Vec<Reading>> {
        let mut readings: Vec<Reading> = Vec::new();
        let mut rest = beacons;
        while let Some(first) = rest.first() {
            // An identifier may change within a scan, so a scan has several.
            let near = |beacon: &Beacon| beacon.time.saturating_sub(first.time) <= SCAN_SECONDS;
            let (scan, after) = rest.split_at(rest.iter().take_while(|beacon| near(beacon)).count());
            let since_before = readings.last().map_or(u64::MAX, |before| first.time.saturating_sub(before.time));
            // A scan without strength counts its time, and nowhere.
            let rssi = Some(combined(first.rssi, scan)).filter(|rssi| *rssi != i8::MAX);
            readings.push(Reading {
                time: first.time,
                attenuation: rssi.map(|rssi| first.metadata.attenuation(rssi)),
                seconds: scan_interval(first).min(since_before),
            });
            rest = after;
        }
        if readings.is_empty() { Vec::new() } else { vec![readings] }
    }

    fn scored_duration(&self, seconds: u64) -> u64 {
        seconds
    }

    fn told_duration(&self, seconds: u64) -> u64 {
        up_to_the_minute(seconds)
    }

    fn told_seconds(&self, seconds: u64) -> u64 {
        up_to_the_minute(seconds)
    }

    fn date(&self, _key: &DiagnosisKey, start: u64) -> UtcDay {
        UtcDay::from_unix_seconds(start)
    }

    /// UTC days from that of the first sighting until today, at least 0.
    fn days(&self, _key: &DiagnosisKey, start: u64, now: u64) -> i64 {
        let [start, today] = [start, now].map(|time| UtcDay::from_unix_seconds(time).days_since_epoch());
        i64::try_from(today.saturating_sub(start)).unwrap_or(i64::MAX)
    }

    /// A threshold itself is nearer.
    fn place(&self, attenuation: u8, thresholds: DurationThresholds) -> usize {
        let [low, high] = thresholds.as_array();
        if attenuation <= low {
            0
        } else if attenuation <= high {
            1
        } else {
            2
        }
    }

    /// The factor: the mean of the level values, weighted by time. Time at a level of value 0 is left out.
    fn attenuation_value(&self, _attenuation: u8, readings: &[Reading], configuration: &RiskConfiguration) -> u8 {
        let value = |attenuation| configuration.attenuation_scores.at(attenuation_index(attenuation));
        let counting = readings.iter().filter_map(|reading| Some((value(reading.attenuation?), reading.seconds)));
        rounded_mean(counting.filter(|(value, _)| *value > 0)).unwrap_or(0)
    }

    fn attenuation_factor(&self, value: u8, configuration: &RiskConfiguration) -> Factor {
        Factor { index: None, score: value, weight: configuration.weights.attenuation }
    }

    /// Level 0 has the first value, and 8 that of 7.
    fn transmission_factor(&self, level: u8, configuration: &RiskConfiguration) -> Factor {
        configuration.transmission_scores.factor(level.min(7), configuration.weights.transmission)
    }

    fn weights(&self, configuration: &RiskConfiguration) -> RiskWeights {
        configuration.weights
    }

    /// Both minimums hold: the whole product is at least one exactly when the product cut to 255 is at least a minimum
    /// of up to 255.
    fn minimum(&self, configuration: &RiskConfiguration) -> f64 {
        f64::from(configuration.minimum_risk_score).max(configuration.minimum_risk_score_full_range.as_f64())
    }

    fn largest_score(&self) -> u16 {
        255
    }

    fn lists(&self, product: f64, configuration: &RiskConfiguration) -> bool {
        product >= self.minimum(configuration)
    }

    fn attenuation_words(&self, exposure: &ExposureInformation) -> (String, String) {
        let value = format!("{} dB", exposure.attenuation);
        let rule = "the mean of the level values, weighted by time; time at a level of value 0 is left out";
        (value, rule.to_string())
    }

    fn transmission_words(&self, level: u8) -> String {
        match level {
            0 => "Apple's rules have a value for keys without a level: the 1st".to_string(),
            level => {
                let place = level.min(7).saturating_add(1);
                format!("Apple's rules count from level 0, so level {level} has the {} value", nth(place))
            }
        }
    }

    fn shortest_words(&self) -> &'static str {
        "an exposure of no seconds has no attenuation value"
    }
}

/// The signal strength of a scan, dBm: with each advertisement the mean so far, weighted by their number and cut
/// towards zero. 127 is no strength, so the smaller one stays.
fn combined(first: i8, scan: &[Beacon]) -> i8 {
    let together = |mean: i8, (count, next): (i64, i8)| {
        if mean == i8::MAX || next == i8::MAX {
            return mean.min(next);
        }
        let sum = i64::from(mean).saturating_mul(count).saturating_add(next.into());
        // A mean of strengths is one.
        sum.checked_div(count.saturating_add(1)).and_then(|mean| i8::try_from(mean).ok()).unwrap_or(mean)
    };
    (1..).zip(scan.iter().skip(1).map(|beacon| beacon.rssi)).fold(first, together)
}

/// Seconds since the scan before, if that is known and can be.
fn scan_interval(beacon: &Beacon) -> u64 {
    let known = beacon.known_previous_scan().and_then(|previous| beacon.time.checked_sub(previous));
    known.filter(|seconds| *seconds <= LONGEST_INTERVAL).unwrap_or(HALF_SCAN_SECONDS)
}

/// To the minute, at most half an hour.
fn up_to_the_minute(seconds: u64) -> u64 {
    seconds.div_ceil(60).saturating_mul(60).min(LONGEST_DURATION)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_go_up_to_the_minute_and_end_at_half_an_hour() {
        for (seconds, duration) in [(0, 0), (1, 60), (60, 60), (61, 120), (1800, 1800), (1801, 1800)] {
            assert_eq!(up_to_the_minute(seconds), duration, "{seconds}");
        }
    }
}
