//! The exposures of v1: times near the owner of one key, each with a risk score.
//!
//! [`Rules`] names what differs between the platforms. `google.rs` and `apple.rs` have each rule, in this order, to be
//! read side by side; what is here holds for both.

mod apple;
mod google;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::configuration::{DiagnosisKeysDataMapping, DurationThresholds, RiskConfiguration, RiskWeights};
use super::encounter::{Beacon, Encounter, order};
use super::risk::{Factor, Risk};
use super::window::rounded_mean;
use crate::keys::{DiagnosisKey, TransmissionRiskLevel};
use crate::profile::{Profile, RiskRules};
use crate::time::UtcDay;

/// Half of the time between two scans of a phone, and the time that Apple's code assumes if it is not known.
const HALF_SCAN_SECONDS: u64 = 150;

/// The largest duration that an app is told: half an hour.
const LONGEST_DURATION: u64 = 1800;

/// One time near the owner of a key.
///
/// Source: v1 API documents, `ExposureInformation` and `ENExposureInfo`; Google's snapshot, Apple's snippets.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ExposureInformation {
    /// The key that was heard.
    pub key: DiagnosisKey,
    /// The time of the first sighting, Unix seconds.
    pub start: u64,
    /// The UTC day that the app is told. Google's rules: the day of the key's start. Apple's rules: the day of the
    /// first sighting.
    pub date: UtcDay,
    /// The seconds that the app is told. Google's rules: rounded to the nearest five minutes. Apple's rules: rounded up
    /// to the minute, at most 1800.
    pub duration: u64,
    /// The seconds before rounding. Google's rules: the time from first to last sighting and half a scan interval on
    /// both sides. Apple's rules: the sum of the scan intervals.
    pub exact_duration: u64,
    /// The mean attenuation weighted by time, dB. The phones show [`attenuation_value`](Self::attenuation_value).
    pub attenuation: u8,
    /// Google's rules: the attenuation, dB. Apple's rules: the mean of the configuration's level values, weighted by
    /// time.
    pub attenuation_value: u8,
    /// Seconds near, in the middle and far, by the configuration's thresholds. Apple's rules: up to the minute, at most
    /// 1800.
    pub attenuation_durations: [u64; 3],
    /// The seconds near, in the middle and far, before rounding.
    pub exact_attenuation_durations: [u64; 3],
    /// The transmission risk level of the key.
    pub transmission_risk_level: TransmissionRiskLevel,
    /// Days since the exposure. Google's rules: whole days from the key's start until now, cut towards zero and
    /// negative before it. Apple's rules: UTC days from the first sighting's until today, at least 0.
    pub days: i64,
    /// The risk score with its factors.
    pub risk: Risk,
}

/// All exposures of v1 and their sums.
///
/// Source: v1 API documents, `ExposureSummary` and `ENExposureDetectionSummary`.
#[derive(Clone, Debug, PartialEq, Default)]
#[non_exhaustive]
pub struct ExposureSummary {
    /// Each exposure, in the order of start, then key. Google's rules: one with a risk of 0 is one too. Apple's rules:
    /// those below the minimum risk score are left out.
    pub exposures: Vec<ExposureInformation>,
    /// The exposures that are left out of the list, in the same order. They count in `matched_key_count` and
    /// `days_since_last_exposure` only.
    pub below_minimum: Vec<ExposureInformation>,
    /// The number of keys with an exposure, without [hidden](Encounter::hidden) keys.
    pub matched_key_count: usize,
    /// Days since the latest exposure; `None` if there is none. Apple's phones return 0 then.
    pub days_since_last_exposure: Option<i64>,
    /// The largest risk score.
    pub maximum_risk_score: u16,
    /// The largest risk, not cut to 255.
    pub maximum_risk_score_full_range: f64,
    /// The sum of the risk scores.
    pub summation_risk_score: u64,
    /// The sum of the risks, not cut to 255.
    pub summation_risk_score_full_range: f64,
    /// The sums of the exposures' exact durations, seconds, at most 1800 each. Apple's rules: then up to the minute.
    pub attenuation_durations: [u64; 3],
}

impl ExposureSummary {
    /// Returns every exposure in the order of start, then key, with those that are left out of the list.
    #[must_use]
    pub fn found(&self) -> Vec<&ExposureInformation> {
        let mut found: Vec<_> = self.exposures.iter().chain(&self.below_minimum).collect();
        found.sort_by_key(|exposure| place(exposure));
        found
    }
}

/// Computes the exposures of v1 to these encounters, with their risk at the time `now` in Unix seconds.
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
    let rules = rules(profile);
    let shown = encounters.iter().filter(|encounter| encounter.hidden(mapping).is_none());
    let (mut found, mut matched_key_count) = (Vec::new(), 0_usize);
    for encounter in shown {
        let exposures = rules.exposures(&encounter.beacons);
        let exposures =
            exposures.iter().filter_map(|readings| exposure(encounter.key, readings, configuration, rules, now));
        let before = found.len();
        found.extend(exposures);
        matched_key_count = matched_key_count.saturating_add(usize::from(found.len() > before));
    }
    found.sort_by_key(place);
    let days_since_last_exposure = found.iter().map(|exposure| exposure.days).min();
    let (exposures, below_minimum) =
        found.into_iter().partition(|exposure| rules.lists(exposure.risk.product, configuration));
    let mut summary = ExposureSummary {
        exposures,
        below_minimum,
        matched_key_count,
        days_since_last_exposure,
        ..ExposureSummary::default()
    };
    for exposure in &summary.exposures {
        let Risk { score, score_full_range, .. } = exposure.risk;
        summary.maximum_risk_score = summary.maximum_risk_score.max(score);
        summary.maximum_risk_score_full_range = summary.maximum_risk_score_full_range.max(score_full_range);
        summary.summation_risk_score = summary.summation_risk_score.saturating_add(score.into());
        summary.summation_risk_score_full_range += score_full_range;
        for (sum, seconds) in summary.attenuation_durations.iter_mut().zip(exposure.exact_attenuation_durations) {
            // The limit is on the sum of a call. The exposures go into it with their exact seconds.
            *sum = sum.saturating_add(seconds).min(LONGEST_DURATION);
        }
    }
    summary.attenuation_durations = summary.attenuation_durations.map(|seconds| rules.told_seconds(seconds));
    summary
}

/// What the order of exposures goes by.
fn place(exposure: &ExposureInformation) -> impl Ord + use<> {
    (exposure.start, order(&exposure.key))
}

/// What was heard at one moment, and for how long it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    time: u64,
    /// `None` for a reading without signal strength.
    attenuation: Option<u8>,
    seconds: u64,
}

/// Computes the exposure of these readings; `None` if there are no readings.
fn exposure(
    key: DiagnosisKey,
    readings: &[Reading],
    configuration: &RiskConfiguration,
    rules: &dyn Rules,
    now: u64,
) -> Option<ExposureInformation> {
    let start = readings.first()?.time;
    let exact_duration = readings.iter().fold(0_u64, |sum, reading| sum.saturating_add(reading.seconds));
    let mut exact_attenuation_durations = [0_u64; 3];
    let heard = || readings.iter().filter_map(|reading| Some((reading.attenuation?, reading.seconds)));
    for (attenuation, seconds) in heard() {
        let place = rules.place(attenuation, configuration.duration_thresholds);
        if let Some(sum) = exact_attenuation_durations.get_mut(place) {
            *sum = sum.saturating_add(seconds);
        }
    }
    // Readings that count no time count the same. Without strength they are as near as can be.
    let attenuation = rounded_mean(heard())
        .or_else(|| rounded_mean(heard().map(|(attenuation, _)| (attenuation, 1))))
        .unwrap_or_default();
    let attenuation_value = rules.attenuation_value(attenuation, readings, configuration);
    let level = key.transmission_risk_level;
    let days = rules.days(&key, start, now);
    let weights = rules.weights(configuration);
    let factors = [
        rules.attenuation_factor(attenuation_value, configuration),
        configuration.days_factor(days, weights),
        configuration.duration_factor(rules.scored_duration(exact_duration), weights),
        rules.transmission_factor(level.as_u8(), configuration),
    ];
    Some(ExposureInformation {
        key,
        start,
        date: rules.date(&key, start),
        duration: rules.told_duration(exact_duration),
        exact_duration,
        attenuation,
        attenuation_value,
        attenuation_durations: exact_attenuation_durations.map(|seconds| rules.told_seconds(seconds)),
        exact_attenuation_durations,
        transmission_risk_level: level,
        days,
        risk: Risk::of(factors, rules.minimum(configuration), rules.largest_score()),
    })
}

/// The rules of the platform whose v1 this profile computes: the one place that chooses.
pub(crate) const fn rules(profile: Profile) -> &'static dyn Rules {
    match profile.risk_rules() {
        RiskRules::Google => &google::Google,
        RiskRules::Apple => &apple::Apple,
    }
}

/// What differs between the platforms.
pub(crate) trait Rules {
    /// The exposures to one key, each with its readings in the order of time.
    fn exposures(&self, beacons: &[Beacon]) -> Vec<Vec<Reading>>;

    /// The seconds that the duration's score goes by, of so many exact ones.
    fn scored_duration(&self, seconds: u64) -> u64;

    /// The duration that the app is told.
    fn told_duration(&self, seconds: u64) -> u64;

    /// The seconds near, in the middle or far that the app is told, of one exposure or of all.
    fn told_seconds(&self, seconds: u64) -> u64;

    /// The UTC day of an exposure to this key that starts at this time.
    fn date(&self, key: &DiagnosisKey, start: u64) -> UtcDay;

    /// Days since an exposure to this key that starts at this time.
    fn days(&self, key: &DiagnosisKey, start: u64, now: u64) -> i64;

    /// 0, 1 or 2 for near, in the middle and far.
    fn place(&self, attenuation: u8, thresholds: DurationThresholds) -> usize;

    /// What is told of the attenuation; `attenuation` is its mean, weighted by time.
    fn attenuation_value(&self, attenuation: u8, readings: &[Reading], configuration: &RiskConfiguration) -> u8;

    /// The factor of an attenuation value.
    fn attenuation_factor(&self, value: u8, configuration: &RiskConfiguration) -> Factor;

    /// The factor of a transmission risk level, 0 to 8.
    fn transmission_factor(&self, level: u8, configuration: &RiskConfiguration) -> Factor;

    /// The weights that are read.
    fn weights(&self, configuration: &RiskConfiguration) -> RiskWeights;

    /// What the product must not be below.
    fn minimum(&self, configuration: &RiskConfiguration) -> f64;

    /// What a risk score is cut to.
    fn largest_score(&self) -> u16;

    /// Whether an exposure with this product is in the list, and counts in the sums.
    fn lists(&self, product: f64, configuration: &RiskConfiguration) -> bool;

    /// The attenuation that was scored and how, for explanations.
    fn attenuation_words(&self, exposure: &ExposureInformation) -> (String, String);

    /// Which transmission score a level has, for explanations.
    fn transmission_words(&self, level: u8) -> String;

    /// Why no exposure has the first duration score, for lints.
    fn shortest_words(&self) -> &'static str;
}

/// 1st, 2nd, 3rd, 4th.
fn nth(number: u8) -> String {
    let ending = match number {
        1 => "st",
        2 => "nd",
        3 => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}
