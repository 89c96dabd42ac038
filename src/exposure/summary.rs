//! The sums of a day's exposure windows.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::fmt;

use super::configuration::{AttenuationThresholds, DailySummariesConfiguration, Infectiousness};
use super::window::ExposureWindow;
use crate::keys::ReportType;
use crate::names::named;
use crate::profile::Profile;
use crate::time::UtcDay;

/// The nearness of a scan, by its typical attenuation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Bucket {
    /// An attenuation up to the first threshold.
    Immediate = 0,
    /// An attenuation up to the second threshold.
    Near = 1,
    /// An attenuation up to the third threshold.
    Medium = 2,
    /// An attenuation above the third threshold.
    Other = 3,
}

named! {
    Bucket, "bucket":
    Immediate => "immediate",
    Near => "near",
    Medium => "medium",
    Other => "other",
}

impl Bucket {
    /// Returns the bucket of this attenuation in dB. Each bucket includes its threshold.
    #[must_use]
    pub const fn of(attenuation: u8, thresholds: AttenuationThresholds) -> Self {
        let [immediate, near, medium] = thresholds.as_array();
        match attenuation {
            found if found <= immediate => Self::Immediate,
            found if found <= near => Self::Near,
            found if found <= medium => Self::Medium,
            _ => Self::Other,
        }
    }
}

/// The answer to "does a window count for its day?": yes, or the first rule that it broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum WindowVerdict {
    /// The window counts.
    Counts,
    /// The window's report type has no summaries.
    ReportType,
    /// The window is longer ago than the configuration allows.
    TooLongAgo,
    /// The window's score is below the minimum.
    BelowMinimumScore,
}

named! {
    WindowVerdict, "verdict on a window":
    Counts => "counts",
    ReportType => "report_type",
    TooLongAgo => "too_long_ago",
    BelowMinimumScore => "below_minimum_score",
}

/// `score = sum(seconds of a bucket * its weight) * report type weight * infectiousness weight`, with its factors.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct WindowScore {
    /// `sum(seconds of a bucket * its weight)`, from near to far.
    pub weighted_duration: f64,
    /// The weight of the window's report type; 0 for a type without summaries.
    pub report_type_weight: f64,
    /// The weight of the window's infectiousness.
    pub infectiousness_weight: f64,
    /// The product of the three factors.
    pub score: f64,
    /// The verdict: whether the window counts for its day.
    pub verdict: WindowVerdict,
}

/// The sums of one day, in weighted seconds.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Totals {
    /// The sum of the windows' scores.
    pub score_sum: f64,
    /// The largest score of a window.
    pub maximum_score: f64,
    /// The sum of the windows' weighted durations.
    pub weighted_duration_sum: f64,
}

/// The sums of the windows of one UTC day.
///
/// ```
/// use gaen::Profile;
/// use gaen::exposure::{DailySummariesConfiguration, ExposureWindow, Infectiousness, ScanInstance, daily_summaries};
/// use gaen::keys::{CalibrationConfidence, ReportType};
/// # use gaen::time::RollingPeriod;
/// # use gaen::{DiagnosisKey, EnIntervalNumber, RollingWindow};
/// # let period = RollingWindow::new(EnIntervalNumber::new(2_642_976), RollingPeriod::FULL_DAY)?;
/// # let key = DiagnosisKey::new([7; 16], period);
///
/// let scan = ScanInstance { typical_attenuation: 45, min_attenuation: 40, seconds_since_last_scan: 300 };
/// let window = ExposureWindow {
///     key,
///     start: 1_585_785_600,
///     report_type: ReportType::ConfirmedTest,
///     infectiousness: Infectiousness::Standard,
///     calibration_confidence: CalibrationConfidence::High,
///     scan_instances: vec![scan; 4],
/// };
/// assert_eq!(window.to_string(), "2020-04-02 00:00 UTC: 1200 s in 4 scans, confirmed_test, standard infectiousness");
///
/// let configuration = DailySummariesConfiguration::default();
/// let days = daily_summaries(&[window], &configuration, Profile::Google, 1_585_872_000);
/// assert_eq!(days[0].to_string(), "2020-04-02: score 1200, largest 1200, weighted duration 1200");
/// # Ok::<(), gaen::time::TimeError>(())
/// ```
///
/// Source: v2 API documents, `DailySummary`; Google's snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct DailySummary {
    /// The UTC day of the summary.
    pub date: UtcDay,
    /// The sums of all report types together.
    pub day_total: Totals,
    /// The sums of each report type that occurred, in the order of the types.
    pub by_report_type: Vec<(ReportType, Totals)>,
}

/// Writes the sums on one line.
impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { score_sum, maximum_score, weighted_duration_sum } = self;
        write!(f, "score {score_sum}, largest {maximum_score}, weighted duration {weighted_duration_sum}")
    }
}

/// Writes the day and the sums of all report types on one line.
impl fmt::Display for DailySummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.date, self.day_total)
    }
}

/// Computes the score of a window, as of the day `today`.
///
/// Source: Google's snapshot.
#[must_use]
pub fn score_window(
    window: &ExposureWindow,
    configuration: &DailySummariesConfiguration,
    today: UtcDay,
) -> WindowScore {
    let scans = window.scan_instances.iter().map(|scan| (scan.typical_attenuation, scan.seconds_since_last_scan));
    score(scans, (window.report_type, window.infectiousness), days_ago(window.date(), today), configuration)
}

/// Returns the days from this day to today; 0 for days to come.
pub(super) const fn days_ago(date: UtcDay, today: UtcDay) -> u64 {
    today.days_since_epoch().saturating_sub(date.days_since_epoch())
}

/// The score of scans, each a typical attenuation and its seconds.
pub(super) fn score(
    scans: impl Iterator<Item = (u8, i64)>,
    (report_type, infectiousness): (ReportType, Infectiousness),
    days_ago: u64,
    configuration: &DailySummariesConfiguration,
) -> WindowScore {
    let weighted_duration = weighted_duration(scans, configuration);
    let report_type_weight = configuration.report_type_weights.of(report_type);
    let infectiousness_weight = configuration.infectiousness_weights.of(infectiousness);
    let score = weighted_duration * report_type_weight.unwrap_or_default() * infectiousness_weight;

    let verdict = if report_type_weight.is_none() {
        WindowVerdict::ReportType
    } else if configuration.max_age_days().is_some_and(|most| days_ago > u64::from(most)) {
        WindowVerdict::TooLongAgo
    } else if score < configuration.minimum_window_score.as_f64() {
        WindowVerdict::BelowMinimumScore
    } else {
        WindowVerdict::Counts
    };
    let report_type_weight = report_type_weight.unwrap_or_default();
    WindowScore { weighted_duration, report_type_weight, infectiousness_weight, score, verdict }
}

/// `sum(seconds of the bucket * weight)`: whole seconds are added up first, so that scans of one bucket make no
/// rounding.
fn weighted_duration(scans: impl Iterator<Item = (u8, i64)>, configuration: &DailySummariesConfiguration) -> f64 {
    let mut durations = [0_i64; 4];
    for (attenuation, seconds) in scans {
        let bucket = Bucket::of(attenuation, configuration.thresholds);
        if let Some(sum) = durations.get_mut(bucket as usize) {
            *sum = sum.saturating_add(seconds);
        }
    }
    let weights = configuration.bucket_weights.iter();
    durations.iter().zip(weights).fold(0.0, |sum, (seconds, weight)| sum + float(*seconds) * weight.factor())
}

/// Converts seconds to a double. It is exact up to 2^53, and no sum of scans reaches that.
#[allow(clippy::cast_precision_loss)]
pub(super) const fn float(seconds: i64) -> f64 {
    seconds as f64
}

/// Returns the weight of the bucket of this attenuation.
pub(super) fn bucket_weight(attenuation: u8, configuration: &DailySummariesConfiguration) -> f64 {
    let [immediate, near, medium, other] = configuration.bucket_weights;
    let weight = match Bucket::of(attenuation, configuration.thresholds) {
        Bucket::Immediate => immediate,
        Bucket::Near => near,
        Bucket::Medium => medium,
        Bucket::Other => other,
    };
    weight.factor()
}

/// Adds up the windows of each day on which one counts, in the order of days.
///
/// In Google's profiles a day whose windows are all below the minimum score is there too, as a day of zeros. Give
/// `windows` in the order of [`windows`](super::windows): sums of doubles depend on it.
#[must_use]
pub fn daily_summaries(
    windows: &[ExposureWindow],
    configuration: &DailySummariesConfiguration,
    profile: Profile,
    now: u64,
) -> Vec<DailySummary> {
    let today = UtcDay::from_unix_seconds(now);
    let mut days: BTreeMap<UtcDay, DayTotals> = BTreeMap::new();
    for window in windows {
        let scored = score_window(window, configuration, today);
        if scored.makes_day(profile) {
            days.entry(window.date()).or_default().add(window.report_type, &scored);
        }
    }
    let summary = |(date, totals): (UtcDay, DayTotals)| {
        let by_report_type = totals.by_report_type(profile).collect();
        DailySummary { date, day_total: totals.day_total(profile), by_report_type }
    };
    days.into_iter().map(summary).collect()
}

impl WindowScore {
    /// `true` if the window's day has a summary because of it.
    pub(super) const fn makes_day(&self, profile: Profile) -> bool {
        match self.verdict {
            WindowVerdict::Counts => true,
            WindowVerdict::BelowMinimumScore => profile.keeps_days_of_zeros(),
            WindowVerdict::ReportType | WindowVerdict::TooLongAgo => false,
        }
    }
}

/// The place of a report type among the types 1 to 4, which alone have sums.
pub(super) const fn place(report_type: ReportType) -> Option<usize> {
    (report_type as usize).checked_sub(1)
}

/// The sums of a day for each report type from 1 to 4, while windows are added. Other types have no sums.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct DayTotals([Option<Totals>; 4]);

impl DayTotals {
    /// Adds the window's score to the sums of its type, if the window counts.
    pub(super) fn add(&mut self, report_type: ReportType, scored: &WindowScore) {
        let of_type = place(report_type).and_then(|place| self.0.get_mut(place));
        if let (Some(totals), WindowVerdict::Counts) = (of_type, scored.verdict) {
            totals.get_or_insert_default().add(&Totals {
                score_sum: scored.score,
                maximum_score: scored.score,
                weighted_duration_sum: scored.weighted_duration,
            });
        }
    }

    /// The sums of each type, as this profile shows them.
    pub(super) fn by_report_type(self, profile: Profile) -> impl Iterator<Item = (ReportType, Totals)> {
        let types = (1..).map(ReportType::from_number).zip(self.0);
        types.filter_map(move |(report_type, totals)| Some((report_type, totals?.shown(profile))))
    }

    /// The sums of all types, added in the order of types.
    pub(super) fn day_total(&self, profile: Profile) -> Totals {
        let mut day_total = Totals::default();
        self.0.iter().flatten().for_each(|totals| day_total.add(totals));
        day_total.shown(profile)
    }
}

impl Totals {
    pub(super) fn add(&mut self, other: &Self) {
        self.score_sum += other.score_sum;
        self.maximum_score = self.maximum_score.max(other.maximum_score);
        self.weighted_duration_sum += other.weighted_duration_sum;
    }

    /// As this profile shows them.
    fn shown(self, profile: Profile) -> Self {
        if profile.rounds_daily_results_up() { self.rounded_up() } else { self }
    }

    /// Rounds up to the minute.
    fn rounded_up(self) -> Self {
        let up = |seconds: f64| (seconds / 60.0).ceil() * 60.0;
        Self {
            score_sum: up(self.score_sum),
            maximum_score: up(self.maximum_score),
            weighted_duration_sum: up(self.weighted_duration_sum),
        }
    }
}

impl DailySummary {
    /// Merges two summaries of one day that an app got in several calls: sums are added, the larger maximum stays, each
    /// type by itself. `None` if the days differ.
    #[must_use]
    pub fn merged(&self, other: &Self) -> Option<Self> {
        if self.date != other.date {
            return None;
        }
        let mut types: BTreeMap<ReportType, Totals> = BTreeMap::new();
        for (report_type, totals) in self.by_report_type.iter().chain(&other.by_report_type) {
            types.entry(*report_type).or_default().add(totals);
        }
        let mut day_total = self.day_total;
        day_total.add(&other.day_total);
        Some(Self { date: self.date, day_total, by_report_type: types.into_iter().collect() })
    }
}
