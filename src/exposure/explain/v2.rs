//! The explanation of exposure windows.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::reason::{Outcome, Reason};
use crate::exposure::configuration::{Configuration, DailySummariesConfiguration, Infectiousness};
use crate::exposure::encounter::{Beacon, Encounter};
use crate::exposure::summary::{Bucket, WindowScore, WindowVerdict, bucket_weight, float, score_window};
use crate::exposure::window::{ExposureWindow, ScanInstance, UNKNOWN_SCAN_SECONDS, traced_windows};
use crate::keys::{CalibrationConfidence, ReportType};
use crate::profile::Profile;
use crate::time::UtcDay;

/// How a window came to its score.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct WindowExplanation {
    /// The start of the window, Unix seconds.
    pub start: u64,
    /// The UTC day in which the window starts.
    pub date: UtcDay,
    /// The name of the window's report type.
    pub report_type: &'static str,
    /// The source of the report type.
    pub report_type_rule: &'static str,
    /// The infectiousness of the key's owner.
    pub infectiousness: Infectiousness,
    /// The source of the infectiousness.
    pub infectiousness_rule: String,
    /// The calibration confidence of the first beacon.
    pub calibration_confidence: CalibrationConfidence,
    /// The scans in the order of time.
    pub scans: Vec<ScanExplanation>,
    /// The factors of the window's score, and their product.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub score: WindowScore,
    /// Why the window has no score; `None` if it has one.
    pub reason: Option<Reason>,
}

/// How a scan came to its weighted duration.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ScanExplanation {
    /// Seconds from the start of the window.
    pub offset: u64,
    /// The number of beacons in the scan.
    pub beacons: usize,
    /// The attenuations and seconds of the scan.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub scan: ScanInstance,
    /// The source of the scan's seconds.
    pub seconds_rule: String,
    /// The bucket of the scan.
    pub bucket: Bucket,
    /// The thresholds that chose the bucket.
    pub bucket_rule: String,
    /// The weight of the bucket.
    pub weight: f64,
    /// The scan's seconds times the weight.
    pub weighted_duration: f64,
}

pub(super) fn windows(
    encounter: &Encounter,
    configuration: &Configuration,
    profile: Profile,
    today: UtcDay,
) -> Vec<WindowExplanation> {
    let traced = traced_windows(encounter, &configuration.mapping, profile);
    traced.iter().map(|(window, scans)| explain(encounter, window, scans, configuration, today)).collect()
}

fn explain(
    encounter: &Encounter,
    window: &ExposureWindow,
    scans: &[&[Beacon]],
    configuration: &Configuration,
    today: UtcDay,
) -> WindowExplanation {
    let daily = &configuration.daily_summaries;
    let score = score_window(window, daily, today);
    WindowExplanation {
        start: window.start,
        date: window.date(),
        report_type: window.report_type.name(),
        report_type_rule: match encounter.key.report_type {
            ReportType::Unknown => "the key has none, and the configuration says this for such keys",
            _ => "the key says so",
        },
        infectiousness: window.infectiousness,
        infectiousness_rule: infectiousness_rule(encounter, configuration),
        calibration_confidence: window.calibration_confidence,
        scans: scans
            .iter()
            .zip(&window.scan_instances)
            .filter_map(|(beacons, scan)| explain_scan(window.start, beacons, *scan, daily))
            .collect(),
        reason: reason(window, &score, daily),
        score,
    }
}

fn infectiousness_rule(encounter: &Encounter, configuration: &Configuration) -> String {
    match (&configuration.mapping.infectiousness, encounter.key.days_since_onset_of_symptoms) {
        (Some(_), Some(days)) => {
            format!("the configuration's value for {} days since the onset of symptoms", days.as_i8())
        }
        (Some(_), None) => {
            "the key has no days since the onset of symptoms, and the configuration says this for such keys".into()
        }
        (None, _) => "the configuration has no map by days, and says this for all keys".into(),
    }
}

fn explain_scan(
    start: u64,
    beacons: &[Beacon],
    scan: ScanInstance,
    daily: &DailySummariesConfiguration,
) -> Option<ScanExplanation> {
    let first = beacons.first()?;
    let attenuation = scan.typical_attenuation;
    let [immediate, near, medium] = daily.thresholds.as_array();
    let bucket = Bucket::of(attenuation, daily.thresholds);
    let bucket_rule = match bucket {
        Bucket::Immediate => format!("{attenuation} dB <= {immediate} dB"),
        Bucket::Near => format!("{immediate} dB < {attenuation} dB <= {near} dB"),
        Bucket::Medium => format!("{near} dB < {attenuation} dB <= {medium} dB"),
        Bucket::Other => format!("{attenuation} dB > {medium} dB"),
    };
    let seconds = scan.seconds_since_last_scan;
    let seconds_rule = match first.known_previous_scan() {
        None => format!("the scan before is not known: {UNKNOWN_SCAN_SECONDS} s"),
        Some(_) if seconds < 0 => {
            format!("the clock had stepped back since the scan before, which Google's code subtracts: {seconds} s")
        }
        Some(previous) if previous > first.time => "the clock had stepped back since the scan before: 0 s".into(),
        Some(previous) => match (first.time / 60).saturating_sub(previous / 60) {
            minutes @ 0..=5 => format!("{minutes} min since the scan before"),
            // Not how many: that would tell when it was.
            _ => "more than 5 min since the scan before, of which 5 count".into(),
        },
    };
    let weight = bucket_weight(attenuation, daily);
    Some(ScanExplanation {
        offset: first.time.saturating_sub(start),
        beacons: beacons.len(),
        scan,
        seconds_rule,
        bucket,
        bucket_rule,
        weight,
        weighted_duration: float(seconds) * weight,
    })
}

/// Why a window has no score.
fn reason(window: &ExposureWindow, score: &WindowScore, daily: &DailySummariesConfiguration) -> Option<Reason> {
    let name = window.report_type.name();
    match score.verdict {
        WindowVerdict::ReportType => {
            Some(Reason::new("report_type", format!("the report type {name} has no daily summaries")))
        }
        WindowVerdict::TooLongAgo => {
            let days = daily.days_since_exposure_threshold;
            Some(Reason::new("too_long_ago", format!("it was more than {days} days ago")))
        }
        WindowVerdict::BelowMinimumScore => {
            let (found, minimum) = (score.score, daily.minimum_window_score.as_f64());
            let text = format!("its score {found} is below the minimum window score {minimum}");
            Some(Reason::new("below_minimum_window_score", text))
        }
        WindowVerdict::Counts if score.score > 0.0 => None,
        WindowVerdict::Counts if window.infectiousness == Infectiousness::None => Some(Reason::new(
            "infectiousness_none",
            "its owner is taken as not infectious on that day, so its weight is 0",
        )),
        WindowVerdict::Counts if window.seconds() == 0 => {
            Some(Reason::new("no_duration", "no time had passed since the scan before, so it has no duration"))
        }
        WindowVerdict::Counts => Some(Reason::new("weight_zero", "a weight of the configuration is 0")),
    }
}

/// Says whether a window has a score, or why the first one has none.
pub(super) fn scored(encounter: &Encounter, windows: &[WindowExplanation], configuration: &Configuration) -> Outcome {
    if let Some(reason) = encounter.hidden(&configuration.mapping) {
        return Outcome::no(Reason::hidden(reason));
    }
    if windows.iter().any(|window| window.reason.is_none()) {
        return Outcome::YES;
    }
    if encounter.is_silenced() {
        return Outcome::no(Reason::silenced());
    }
    let first = windows.iter().find_map(|window| window.reason.clone());
    Outcome::no(first.unwrap_or_else(|| {
        if encounter.infectiousness(&configuration.mapping) == Infectiousness::None {
            Reason::new("infectiousness_none_ignored", "keys of infectiousness none are ignored in this profile")
        } else {
            Reason::new("report_type_none_ignored", "keys without a report type are ignored in this profile")
        }
    }))
}
