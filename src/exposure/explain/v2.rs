//! The explanation of exposure windows.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::reason::{Outcome, Reason};
use crate::exposure::configuration::{Configuration, DailySummariesConfiguration, Infectiousness};
use crate::exposure::decision::{JudgedScan, JudgedWindow};
use crate::exposure::encounter::{Beacon, Encounter, order};
use crate::exposure::summary::{Bucket, WindowScore, WindowVerdict, bucket_weight, float, score_window};
use crate::exposure::window::{ExposureWindow, ScanInstance, UNKNOWN_SCAN_SECONDS, traced_windows};
use crate::keys::{CalibrationConfidence, KeyData, ReportType};
use crate::profile::Profile;
use crate::time::{EnIntervalNumber, RollingWindow, UtcDay};

/// A window with the steps to its score.
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
    /// The number of the window in the [judgement](super::Explanation::judgement), which has its score. `None` without
    /// a judgement.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub number: Option<usize>,
    /// The factors of the window's score in daily summaries, and their product. `None` if the app makes scores by its
    /// own arithmetic.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub score: Option<WindowScore>,
    /// Why the window adds nothing to its day, as its score is 0 or does not count; `None` if it adds something.
    pub reason: Option<Reason>,
    /// Whether the window makes its day one that is judged.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(super) counts: WindowCounts,
}

/// Whether a window makes its day one that is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WindowCounts {
    Yes,
    /// Only as one of the windows of a day of zeros.
    BelowMinimum,
    No,
}

/// The windows as the app's own arithmetic judged them, by start and key.
pub(super) type JudgedWindows<'j> = BTreeMap<(u64, (EnIntervalNumber, KeyData, RollingWindow)), &'j JudgedWindow>;

/// A scan with the steps to its weighted duration.
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
    /// The weight of the scan in daily summaries. `None` if the app makes scores by its own arithmetic.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub weight: Option<ScanWeight>,
}

/// The weight of a scan in daily summaries, with its bucket.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ScanWeight {
    /// The bucket of the scan.
    pub bucket: Bucket,
    /// The thresholds that chose the bucket.
    pub bucket_rule: String,
    /// The weight of the bucket.
    pub weight: f64,
    /// The scan's seconds times the weight.
    pub weighted_duration: f64,
}

/// Explains the windows of a key: by the app's own arithmetic if `own` has its windows, else by daily summaries.
pub(super) fn windows(
    encounter: &Encounter,
    configuration: &Configuration,
    profile: Profile,
    today: UtcDay,
    own: Option<&JudgedWindows<'_>>,
) -> Vec<WindowExplanation> {
    let traced = traced_windows(encounter, &configuration.mapping, profile);
    let explain = |(window, scans): &(ExposureWindow, Vec<&[Beacon]>)| {
        let by = match own {
            None => By::Summaries(&configuration.daily_summaries, today),
            Some(own) => By::App(own.get(&(window.start, order(&window.key))).copied()),
        };
        explain(encounter, window, scans, configuration, &by)
    };
    traced.iter().map(explain).collect()
}

/// What makes the score of a window.
enum By<'b> {
    Summaries(&'b DailySummariesConfiguration, UtcDay),
    /// The app, which judged the window so.
    App(Option<&'b JudgedWindow>),
}

fn explain(
    encounter: &Encounter,
    window: &ExposureWindow,
    scans: &[&[Beacon]],
    configuration: &Configuration,
    by: &By<'_>,
) -> WindowExplanation {
    let (number, score, reason, counts) = match *by {
        By::Summaries(daily, today) => {
            let score = score_window(window, daily, today);
            let counts = match score.verdict {
                WindowVerdict::Counts => WindowCounts::Yes,
                WindowVerdict::BelowMinimumScore => WindowCounts::BelowMinimum,
                WindowVerdict::ReportType | WindowVerdict::TooLongAgo => WindowCounts::No,
            };
            (None, Some(score), reason(window, &score, daily), counts)
        }
        By::App(judged) => {
            let counts =
                if judged.is_some_and(|judged| judged.is_on_its_day) { WindowCounts::Yes } else { WindowCounts::No };
            (judged.map(|judged| judged.number), None, judged.and_then(|judged| reason_of_app(window, judged)), counts)
        }
    };
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
            .filter_map(|(beacons, scan)| explain_scan(window.start, beacons, *scan, by))
            .collect(),
        number,
        score,
        reason,
        counts,
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

fn explain_scan(start: u64, beacons: &[Beacon], scan: ScanInstance, by: &By<'_>) -> Option<ScanExplanation> {
    let first = beacons.first()?;
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
    Some(ScanExplanation {
        offset: first.time.saturating_sub(start),
        beacons: beacons.len(),
        scan,
        seconds_rule,
        weight: match by {
            By::Summaries(daily, _) => Some(weight(scan, daily)),
            By::App(_) => None,
        },
    })
}

fn weight(scan: ScanInstance, daily: &DailySummariesConfiguration) -> ScanWeight {
    let attenuation = scan.typical_attenuation;
    let [immediate, near, medium] = daily.thresholds.as_array();
    let bucket = Bucket::of(attenuation, daily.thresholds);
    let bucket_rule = match bucket {
        Bucket::Immediate => format!("{attenuation} dB <= {immediate} dB"),
        Bucket::Near => format!("{immediate} dB < {attenuation} dB <= {near} dB"),
        Bucket::Medium => format!("{near} dB < {attenuation} dB <= {medium} dB"),
        Bucket::Other => format!("{attenuation} dB > {medium} dB"),
    };
    let weight = bucket_weight(attenuation, daily);
    ScanWeight { bucket, bucket_rule, weight, weighted_duration: float(scan.seconds_since_last_scan) * weight }
}

/// Why a window has no score by the app's own arithmetic.
fn reason_of_app(window: &ExposureWindow, judged: &JudgedWindow) -> Option<Reason> {
    let counts = |scan: &JudgedScan| scan.counted > Some(0) && scan.weight > Some(0.0);
    match (&judged.reason, judged.score) {
        (Some(reason), _) => Some(reason.clone()),
        (None, Some(score)) if score > 0.0 => None,
        // The day adds up the scans of its windows.
        (None, None) if judged.scans.iter().any(counts) => None,
        (None, _) => {
            // The last factor of a window without a level is that of its infectiousness.
            let weighs_infectiousness = judged.level.is_none() && judged.factors.last() == Some(&0.0);
            let counted = judged.scans.iter().filter_map(|scan| scan.counted);
            Some(reason_of_zero(weighs_infectiousness, window, counted.fold(0, i64::saturating_add)))
        }
    }
}

/// Why a window has no score in daily summaries.
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
        WindowVerdict::Counts => Some(reason_of_zero(true, window, window.seconds())),
    }
}

/// Why a window that counts, with these seconds, has the score 0.
fn reason_of_zero(weighs_infectiousness: bool, window: &ExposureWindow, seconds: i64) -> Reason {
    if weighs_infectiousness && window.infectiousness == Infectiousness::None {
        let text = "its owner is taken as not infectious on that day, so its weight is 0";
        Reason::new("infectiousness_none", text)
    } else if seconds == 0 {
        Reason::new("no_duration", "no time had passed since the scan before, so it has no duration")
    } else {
        Reason::new("weight_zero", "a weight of the configuration is 0")
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
