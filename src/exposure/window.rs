//! Exposure windows: at most half an hour each of being near somebody.

use alloc::vec::Vec;
use core::fmt;

use rand_core::CryptoRng;

use super::configuration::{DiagnosisKeysDataMapping, Infectiousness};
use super::encounter::{Beacon, Encounter};
use crate::keys::{CalibrationConfidence, DiagnosisKey, ReportType};
use crate::matching::accept::SAME_SCAN_SECONDS;
use crate::profile::Profile;
use crate::time::{UtcDay, UtcOffset};

/// Seconds from the start of a window to its end.
pub(super) const WINDOW_SECONDS: u64 = 1800;

/// The most seconds that one scan counts.
pub(super) const LONGEST_SCAN_SECONDS: i64 = 300;

/// The seconds that a scan counts if the time of the previous scan is not known.
pub(super) const UNKNOWN_SCAN_SECONDS: i64 = 120;

/// One scan of a window: how near the key was, and for how long it counts.
///
/// Source: v2 API documents, `ScanInstance`; Google's snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ScanInstance {
    /// `floor((2 * sum + n) / 2n)`: the mean attenuation of the scan's beacons in dB, half a dB rounded up.
    pub typical_attenuation: u8,
    /// The smallest attenuation of the scan's beacons, dB.
    pub min_attenuation: u8,
    /// `60 * min(5, floor(t / 60) - floor(previous / 60))`; 120 if the previous scan is not known. If the clock stepped
    /// back between the scans, the number is negative or 0: see [`Profile::counts_seconds_back`].
    pub seconds_since_last_scan: i64,
}

/// The number of scans that count a time that nobody measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AssumedScans {
    /// Scans that count 120 s each, because the [previous scan](crate::matching::Sighting::previous_scan) is not known.
    pub assumed: u64,
    /// All scans of all windows.
    pub scans: u64,
}

impl AssumedScans {
    /// Counts the scans of the windows of these encounters.
    pub(super) fn of(encounters: &[Encounter], mapping: &DiagnosisKeysDataMapping, profile: Profile) -> Self {
        let windows = encounters.iter().flat_map(|encounter| traced_windows(encounter, mapping, profile));
        let scans = windows.flat_map(|(_, scans)| scans);
        scans.fold(Self::default(), |Self { assumed, scans }, scan| {
            let is_assumed = scan.first().is_some_and(|first| first.known_previous_scan().is_none());
            Self { assumed: assumed.saturating_add(is_assumed.into()), scans: scans.saturating_add(1) }
        })
    }
}

/// At most half an hour near the owner of one key.
///
/// The phones showed an app only the [`date`](Self::date) of its start, and nothing of its key.
///
/// Source: v2 API documents, `ExposureWindow`; Google's snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExposureWindow {
    /// The key that was heard.
    pub key: DiagnosisKey,
    /// The time of the first beacon, Unix seconds.
    pub start: u64,
    /// The report type, after the configuration's mapping.
    pub report_type: ReportType,
    /// The infectiousness of the key's owner, after the configuration's mapping.
    pub infectiousness: Infectiousness,
    /// The calibration confidence of the first beacon.
    pub calibration_confidence: CalibrationConfidence,
    /// The scans in the order of time; at least one.
    pub scan_instances: Vec<ScanInstance>,
}

/// Writes one line: when the window starts, how long it is, and what its key's report says.
impl fmt::Display for ExposureWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, seconds, scans) = (UtcOffset::UTC.local(self.start), self.seconds(), self.scan_instances.len());
        let plural = if scans == 1 { "" } else { "s" };
        write!(f, "{start} UTC: {seconds} s in {scans} scan{plural}, ")?;
        write!(f, "{}, {} infectiousness", self.report_type, self.infectiousness)
    }
}

impl ExposureWindow {
    /// Returns the UTC day in which the window starts.
    #[must_use]
    pub const fn date(&self) -> UtcDay {
        UtcDay::from_unix_seconds(self.start)
    }

    /// Returns the sum of the scans' seconds. It is negative only if [a scan's
    /// seconds](ScanInstance::seconds_since_last_scan) are.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        self.scan_instances.iter().fold(0, |sum: i64, scan| sum.saturating_add(scan.seconds_since_last_scan))
    }
}

/// Computes the exposure windows of these encounters, in the order of start, then key.
///
/// An encounter has no windows if it is [hidden](Encounter::hidden), or if no beacon [stands for its
/// scan](crate::matching::Match::stands_for_scan): Google's framework looks for windows only where v1 found something.
/// Windows without infectiousness or report type [depend on the profile](Profile::keeps_windows_without_weight).
///
/// Source: Google's snapshot, in all profiles. No other code of v2 was published.
#[must_use]
pub fn windows(encounters: &[Encounter], mapping: &DiagnosisKeysDataMapping, profile: Profile) -> Vec<ExposureWindow> {
    let mut windows: Vec<_> = encounters.iter().flat_map(|encounter| windows_of(encounter, mapping, profile)).collect();
    windows.sort_by_key(|window| (window.start, super::encounter::order(&window.key)));
    windows
}

/// Computes the windows of one key.
fn windows_of(encounter: &Encounter, mapping: &DiagnosisKeysDataMapping, profile: Profile) -> Vec<ExposureWindow> {
    traced_windows(encounter, mapping, profile).into_iter().map(|(window, _)| window).collect()
}

/// Computes the windows of one key, each with the beacons of its scans.
pub(super) fn traced_windows<'e>(
    encounter: &'e Encounter,
    mapping: &DiagnosisKeysDataMapping,
    profile: Profile,
) -> Vec<(ExposureWindow, Vec<&'e [Beacon]>)> {
    let (infectiousness, report_type) = (encounter.infectiousness(mapping), encounter.report_type(mapping));
    let weightless = infectiousness == Infectiousness::None || report_type == ReportType::Unknown;
    if encounter.is_silenced()
        || encounter.hidden(mapping).is_some()
        || (weightless && !profile.keeps_windows_without_weight())
    {
        return Vec::new();
    }
    let window = |scans: Vec<&'e [Beacon]>| {
        let first = scans.first()?.first()?;
        let window = ExposureWindow {
            key: encounter.key,
            start: first.time,
            report_type,
            infectiousness,
            calibration_confidence: first.calibration_confidence(profile),
            scan_instances: scans.iter().filter_map(|scan| ScanInstance::of(scan, profile)).collect(),
        };
        Some((window, scans))
    };
    scans(&encounter.beacons).into_iter().filter_map(window).collect()
}

/// Cuts the beacons of one key into windows, and each window into scans.
pub(super) fn scans(beacons: &[Beacon]) -> Vec<Vec<&[Beacon]>> {
    let mut windows: Vec<Vec<&[Beacon]>> = Vec::new();
    let mut rest = beacons;
    while let Some(start) = rest.first().map(|first| first.time) {
        let in_window = rest.partition_point(|beacon| beacon.time.saturating_sub(start) < WINDOW_SECONDS);
        let (window, after) = rest.split_at(in_window.max(1));
        let same_scan = |a: &Beacon, b: &Beacon| b.time.saturating_sub(a.time) <= SAME_SCAN_SECONDS;
        windows.push(window.chunk_by(same_scan).collect());
        rest = after;
    }
    windows
}

/// Counts the scans with negative seconds.
pub(super) fn negative_scans(windows: &[Vec<&[Beacon]>], profile: Profile) -> usize {
    let firsts = windows.iter().flatten().filter_map(|scan| scan.first());
    firsts.filter(|first| seconds_since_last_scan(first.time, first.known_previous_scan(), profile) < 0).count()
}

impl ScanInstance {
    /// Returns `None` if `beacons` is empty.
    fn of(beacons: &[Beacon], profile: Profile) -> Option<Self> {
        let first = beacons.first()?;
        Some(Self {
            typical_attenuation: rounded_mean(beacons.iter().map(|beacon| (beacon.attenuation, 1)))?,
            min_attenuation: beacons.iter().map(|beacon| beacon.attenuation).min()?,
            seconds_since_last_scan: seconds_since_last_scan(first.time, first.known_previous_scan(), profile),
        })
    }
}

/// `floor((2 * sum(a * w) + sum(w)) / (2 * sum(w)))`: the weighted mean, half a dB rounded up. `None` if the weights
/// add up to 0.
pub(super) fn rounded_mean(values: impl Iterator<Item = (u8, u64)>) -> Option<u8> {
    let (sum, weight) = values.fold((0_u128, 0_u128), |(sum, weights), (value, weight)| {
        let weighted = u128::from(value).saturating_mul(weight.into());
        (sum.saturating_add(weighted), weights.saturating_add(weight.into()))
    });
    let rounded = sum.saturating_mul(2).saturating_add(weight).checked_div(weight.saturating_mul(2))?;
    u8::try_from(rounded).ok()
}

fn seconds_since_last_scan(time: u64, previous: Option<u64>, profile: Profile) -> i64 {
    let Some(previous) = previous else { return UNKNOWN_SCAN_SECONDS };
    let minute = |seconds: u64| i64::try_from(seconds / 60).unwrap_or(i64::MAX);
    let seconds = minute(time).saturating_sub(minute(previous)).saturating_mul(60).min(LONGEST_SCAN_SECONDS);
    if profile.counts_seconds_back() { seconds } else { seconds.max(0) }
}

/// Shuffles windows, as Google's framework does, so that an app cannot link the windows of one key by their order. Use
/// it before you hand windows on.
pub fn shuffle_windows(windows: &mut [ExposureWindow], rng: &mut impl CryptoRng) {
    // Fisher and Yates. The bias of the remainder is below 2^-32 for any list that fits in memory.
    for last in (1..windows.len()).rev() {
        let places = u64::try_from(last).unwrap_or(u64::MAX).saturating_add(1);
        let chosen = rng.next_u64().checked_rem(places).unwrap_or_default();
        windows.swap(last, usize::try_from(chosen).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_round_half_up() {
        let mean = |values: &[u8]| rounded_mean(values.iter().map(|value| (*value, 1)));
        assert_eq!(mean(&[1, 2]), Some(2));
        assert_eq!(mean(&[1, 1, 2]), Some(1));
        assert_eq!(mean(&[255, 255]), Some(255));
        assert_eq!(mean(&[]), None);
        assert_eq!(rounded_mean([(255, u64::MAX), (255, u64::MAX)].into_iter()), Some(255));
    }

    #[test]
    fn seconds_since_the_last_scan_are_whole_minutes_up_to_5() {
        let cases = [(119, Some(60), 0), (120, Some(119), 60), (360, Some(60), 300), (420, Some(60), 300)];
        for profile in Profile::ALL {
            for (time, previous, seconds) in cases {
                assert_eq!(seconds_since_last_scan(time, previous, profile), seconds);
            }
            assert_eq!(seconds_since_last_scan(60, None, profile), 120);
            assert_eq!(seconds_since_last_scan(u64::MAX, Some(1), profile), 300);
        }
    }

    #[test]
    fn a_clock_that_stepped_back_counts_less_than_nothing_on_googles_phones() {
        for (time, previous, google) in [(60, 3600, -3540), (3599, 3600, -60), (0, u64::MAX, i64::MIN)] {
            assert_eq!(seconds_since_last_scan(time, Some(previous), Profile::Google), google);
            for profile in [Profile::GoogleGuarded, Profile::AppleV1, Profile::DocumentedV2] {
                assert_eq!(seconds_since_last_scan(time, Some(previous), profile), 0);
            }
        }
    }
}
