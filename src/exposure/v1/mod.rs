//! Exposures as v1 of the frameworks had them: stretches of being near the owner of one key, with a risk score each.

use alloc::vec::Vec;
use core::num::NonZeroU64;

use super::configuration::DiagnosisKeysDataMapping;
use super::encounter::{Beacon, Encounter, order};
use super::risk::{Risk, RiskConfiguration, attenuation_index};
use super::window::rounded_mean;
use crate::day::UtcDay;
use crate::diagnosis_key::{DiagnosisKey, TransmissionRiskLevel};
use crate::matching::SAME_SCAN_SECONDS;
use crate::profile::{Profile, RiskRules};

/// Seconds without a sighting after which another exposure begins.
const GAP_SECONDS: u64 = 600;

/// Half of the time between two scans, Google's rules: so long was the first sighting before it was made, and the last after.
const HALF_SCAN_SECONDS: u64 = 150;

/// Seconds from the first advertisement of a scan in which others belong to it, Apple's rules.
const APPLE_SCAN_SECONDS: u64 = 4;

/// The longest time between two scans that is believed, Apple's rules.
const APPLE_LONGEST_INTERVAL: u64 = 304;

/// The largest duration that is told: half an hour.
const LONGEST_DURATION: u64 = 1800;

/// One stretch of being near the owner of a key.
///
/// Source: v1 API documents, `ExposureInformation` and `ENExposureInfo`; Google's snapshot, Apple's snippets.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ExposureInformation {
    /// The key.
    pub key: DiagnosisKey,
    /// When its first sighting was made, Unix seconds.
    pub start: u64,
    /// Seconds. Google's rules: the time from first to last and half a scan interval on both sides, to the nearest five
    /// minutes. Apple's rules: the sum of the scan intervals, up to the minute, at most 1800.
    pub duration: u64,
    /// Its attenuation, the mean weighted by time, dB. The phones show [`attenuation_value`](Self::attenuation_value).
    pub attenuation: u8,
    /// Google's rules: the attenuation, dB. Apple's rules: its level, from 1 (over 73 dB) to 8 (up to 10 dB).
    pub attenuation_value: u8,
    /// Seconds near, in the middle and far, by the configuration's thresholds. Apple's rules: up to the minute, at most 1800.
    pub attenuation_durations: [u64; 3],
    /// The level of the key.
    pub transmission_risk_level: TransmissionRiskLevel,
    /// Days since the exposure. Google's rules: whole days from the key's start until now, negative before it. Apple's
    /// rules: UTC days from the first sighting's until today, at least 0.
    pub days: i64,
    /// Its risk.
    pub risk: Risk,
}

impl ExposureInformation {
    /// The UTC day in which it starts.
    #[must_use]
    pub const fn date(&self) -> UtcDay {
        UtcDay::from_unix_seconds(self.start)
    }
}

/// What all exposures add up to.
///
/// Source: v1 API documents, `ExposureSummary` and `ENExposureDetectionSummary`.
#[derive(Clone, Debug, PartialEq, Default)]
#[non_exhaustive]
pub struct ExposureSummary {
    /// Each exposure, in the order of start, then key. One with a risk of 0 is one too.
    pub exposures: Vec<ExposureInformation>,
    /// Keys that matched, without those that are [hidden](Encounter::hidden).
    pub matched_key_count: usize,
    /// Days since the latest exposure.
    pub days_since_last_exposure: Option<i64>,
    /// The largest risk score.
    pub maximum_risk_score: u16,
    /// The sum of the risk scores.
    pub summation_risk_score: u64,
    /// The sums of the exposures' durations, seconds, at most 1800 each.
    pub attenuation_durations: [u64; 3],
}

/// The exposures of these encounters under v1, with their risk at the time `now` in Unix seconds.
///
/// Source: Google's snapshot; Apple's snippets.
#[must_use]
pub fn exposures(
    encounters: &[Encounter],
    mapping: &DiagnosisKeysDataMapping,
    configuration: &RiskConfiguration,
    profile: Profile,
    now: u64,
) -> ExposureSummary {
    let shown = || encounters.iter().filter(|encounter| encounter.hidden(mapping).is_none());
    let rules = profile.risk_rules();
    let mut summary = ExposureSummary {
        matched_key_count: shown().filter(|encounter| !encounter.beacons.is_empty()).count(),
        exposures: shown().flat_map(|encounter| exposures_of(encounter, configuration, rules, now)).collect(),
        ..ExposureSummary::default()
    };
    summary.exposures.sort_by_key(|exposure| (exposure.start, order(&exposure.key)));
    for exposure in &summary.exposures {
        summary.maximum_risk_score = summary.maximum_risk_score.max(exposure.risk.score);
        summary.summation_risk_score = summary.summation_risk_score.saturating_add(exposure.risk.score.into());
        for (sum, seconds) in summary.attenuation_durations.iter_mut().zip(exposure.attenuation_durations) {
            *sum = sum.saturating_add(seconds).min(LONGEST_DURATION);
        }
    }
    summary.days_since_last_exposure = summary.exposures.iter().map(|exposure| exposure.days).min();
    summary
}

/// What is known of one moment.
#[derive(Clone, Copy, Debug)]
struct Reading {
    time: u64,
    attenuation: u8,
    /// Seconds since the scan before; Apple's rules alone look at it.
    interval: u64,
}

fn exposures_of(
    encounter: &Encounter,
    configuration: &RiskConfiguration,
    rules: RiskRules,
    now: u64,
) -> Vec<ExposureInformation> {
    let readings = readings(&encounter.beacons, rules);
    let stretches = readings.chunk_by(|a, b| b.time.saturating_sub(a.time) <= GAP_SECONDS);
    stretches.filter_map(|stretch| exposure(encounter.key, stretch, configuration, rules, now)).collect()
}

/// One reading a scan and identifier, in the order of time.
fn readings(beacons: &[Beacon], rules: RiskRules) -> Vec<Reading> {
    let mut beacons = beacons.to_vec();
    beacons.sort_by_key(|beacon| beacon.interval); // stable: in the order of time within an interval
    let mut readings = Vec::new();
    for same_identifier in beacons.chunk_by(|a, b| a.interval == b.interval) {
        match rules {
            RiskRules::Google => {
                let near = |a: &Beacon, b: &Beacon| b.time.saturating_sub(a.time) <= SAME_SCAN_SECONDS;
                readings.extend(same_identifier.chunk_by(near).filter_map(strongest));
            }
            RiskRules::Apple => {
                let mut rest = same_identifier;
                while let Some(first) = rest.first() {
                    let near = |beacon: &Beacon| beacon.time.saturating_sub(first.time) <= APPLE_SCAN_SECONDS;
                    let (scan, after) = rest.split_at(rest.partition_point(near).max(1));
                    readings.push(combined(first, scan));
                    rest = after;
                }
            }
        }
    }
    readings.sort_by_key(|reading| (reading.time, reading.attenuation));
    readings
}

/// The strongest beacon of a scan; the earliest of equals.
fn strongest(scan: &[Beacon]) -> Option<Reading> {
    let beacon = scan.iter().min_by_key(|beacon| beacon.attenuation)?;
    Some(Reading { time: beacon.time, attenuation: beacon.attenuation, interval: 0 })
}

/// The beacons of a scan as one, with their mean signal strength, cut towards zero.
fn combined(first: &Beacon, scan: &[Beacon]) -> Reading {
    let sum: i64 = scan.iter().map(|beacon| i64::from(beacon.rssi)).sum();
    let count = i64::try_from(scan.len()).unwrap_or(i64::MAX);
    // A mean of strengths is one.
    let rssi = sum.checked_div(count).and_then(|mean| i8::try_from(mean).ok()).unwrap_or(first.rssi);
    let interval = first.previous_scan.and_then(|previous| first.time.checked_sub(previous));
    Reading {
        time: first.time,
        attenuation: first.metadata.attenuation(rssi),
        interval: interval.filter(|interval| *interval <= APPLE_LONGEST_INTERVAL).unwrap_or(HALF_SCAN_SECONDS),
    }
}

/// The exposure of readings that follow closely on one another; nothing of none.
fn exposure(
    key: DiagnosisKey,
    readings: &[Reading],
    configuration: &RiskConfiguration,
    rules: RiskRules,
    now: u64,
) -> Option<ExposureInformation> {
    let (start, end) = (readings.first()?.time, readings.last()?.time);
    let (duration, periods, days) = match rules {
        RiskRules::Google => {
            let periods = periods(readings);
            let start = i64::try_from(key.window.start().unix_seconds()).unwrap_or(i64::MAX);
            let since = i64::try_from(now).unwrap_or(i64::MAX).saturating_sub(start);
            (rounded_duration(end.saturating_sub(start_of(readings))), periods, since.div_euclid(86_400))
        }
        RiskRules::Apple => {
            let periods: Vec<_> = readings.iter().map(|reading| (reading.attenuation, reading.interval)).collect();
            let seconds = periods.iter().fold(0_u64, |sum, (_, seconds)| sum.saturating_add(*seconds));
            let days = UtcDay::from_unix_seconds(now)
                .days_since_epoch()
                .saturating_sub(UtcDay::from_unix_seconds(start).days_since_epoch());
            (up_to_the_minute(seconds), periods, i64::try_from(days).unwrap_or(i64::MAX))
        }
    };
    // Scans that follow on one another at once have no duration; then each counts the same.
    let mean = rounded_mean(periods.iter().copied())
        .or_else(|| rounded_mean(readings.iter().map(|reading| (reading.attenuation, 1))));
    let attenuation = mean?;
    let mut attenuation_durations = [0_u64; 3];
    for (attenuation, seconds) in periods {
        if let Some(sum) = attenuation_durations.get_mut(configuration.duration_thresholds.place(attenuation, rules)) {
            *sum = sum.saturating_add(seconds);
        }
    }
    let level = key.transmission_risk_level;
    let (attenuation_value, attenuation_durations) = match rules {
        RiskRules::Google => (attenuation, attenuation_durations),
        RiskRules::Apple => {
            (attenuation_index(attenuation).saturating_add(1), attenuation_durations.map(up_to_the_minute))
        }
    };
    Some(ExposureInformation {
        key,
        start,
        duration,
        attenuation,
        attenuation_value,
        attenuation_durations,
        transmission_risk_level: level,
        days,
        risk: Risk::of(attenuation, days, duration, level.as_u8(), configuration, rules),
    })
}

fn start_of(readings: &[Reading]) -> u64 {
    readings.first().map_or(0, |first| first.time)
}

/// Google's rules: between two readings the attenuation is the earlier one's; half a scan interval is added at both ends.
fn periods(readings: &[Reading]) -> Vec<(u8, u64)> {
    let ends = readings.first().into_iter().chain(readings.last());
    let at_ends = ends.map(|end| (end.attenuation, HALF_SCAN_SECONDS));
    let between = readings.iter().zip(readings.iter().skip(1));
    let between = between.map(|(left, right)| (left.attenuation, right.time.saturating_sub(left.time)));
    between.chain(at_ends).collect()
}

/// `x = t + 300`, to the nearest multiple of 300; the middle goes down.
fn rounded_duration(seconds: u64) -> u64 {
    const STEP: NonZeroU64 = NonZeroU64::new(2 * HALF_SCAN_SECONDS).unwrap();
    let seconds = seconds.saturating_add(STEP.get());
    let over = seconds % STEP;
    let down = seconds.saturating_sub(over);
    if over <= HALF_SCAN_SECONDS { down } else { down.saturating_add(STEP.get()) }
}

/// To the minute, at most half an hour.
fn up_to_the_minute(seconds: u64) -> u64 {
    seconds.div_ceil(60).saturating_mul(60).min(LONGEST_DURATION)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_go_to_the_nearest_five_minutes_and_the_middle_goes_down() {
        for (seconds, duration) in [(0, 300), (150, 300), (151, 600), (300, 600), (450, 600), (451, 900)] {
            assert_eq!(rounded_duration(seconds), duration, "{seconds}");
        }
        assert_eq!(rounded_duration(u64::MAX), u64::MAX - u64::MAX % 300);
        for (seconds, duration) in [(0, 0), (1, 60), (60, 60), (61, 120), (1800, 1800), (1801, 1800)] {
            assert_eq!(up_to_the_minute(seconds), duration, "{seconds}");
        }
    }

    #[test]
    fn a_period_has_the_attenuation_of_its_left_end() {
        let reading = |time, attenuation| Reading { time, attenuation, interval: 0 };
        let readings = [reading(0, 1), reading(10, 4), reading(50, 5)];
        let mut periods = periods(&readings);
        // The worked example of the source has a scan interval of 6 seconds instead of 300.
        for (_, seconds) in periods.iter_mut().filter(|(_, seconds)| *seconds == HALF_SCAN_SECONDS) {
            *seconds = 3;
        }
        let sum: u64 = periods.iter().map(|(attenuation, seconds)| u64::from(*attenuation) * seconds).sum();
        assert_eq!((sum, periods.iter().map(|(_, seconds)| seconds).sum::<u64>()), (188, 56));
        assert_eq!(rounded_mean(periods.into_iter()), Some(3));
    }
}
