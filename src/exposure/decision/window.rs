//! Exposure windows as an app has them, perhaps with less in them than a phone knew.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use core::ops::Range;

use crate::exposure::configuration::Infectiousness;
use crate::exposure::window::ExposureWindow;
use crate::keys::{CalibrationConfidence, ReportType};
use crate::time::UtcDay;

/// An exposure window as an app has it. `None` is what its source does not say: a rule that needs it cannot judge the
/// window, and nothing is put in its place.
///
/// Its JSON is that of an [`ExposureWindow`], which is read too: the key and the start are passed over. A field that is
/// absent is not said.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Window {
    /// The UTC day of the window.
    pub date: Option<UtcDay>,
    /// The report type of the key that was heard.
    pub report_type: Option<ReportType>,
    /// The infectiousness of the key's owner.
    pub infectiousness: Option<Infectiousness>,
    /// The calibration confidence of the beacons.
    pub calibration_confidence: Option<CalibrationConfidence>,
    /// The scans of the window, in order.
    #[cfg_attr(feature = "serde", serde(rename = "scan_instances"))]
    pub scans: Vec<Scan>,
}

/// A scan of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Scan {
    /// The mean attenuation of the scan's beacons, dB.
    pub typical_attenuation: Option<u8>,
    /// The smallest attenuation of the scan's beacons, dB.
    pub min_attenuation: Option<u8>,
    /// The seconds since the last scan. They are negative if the clock stepped back.
    #[cfg_attr(feature = "serde", serde(rename = "seconds_since_last_scan"))]
    pub seconds: i64,
}

impl From<&ExposureWindow> for Window {
    fn from(window: &ExposureWindow) -> Self {
        let scan = |scan: &crate::exposure::ScanInstance| Scan {
            typical_attenuation: Some(scan.typical_attenuation),
            min_attenuation: Some(scan.min_attenuation),
            seconds: scan.seconds_since_last_scan,
        };
        Self {
            date: Some(window.date()),
            report_type: Some(window.report_type),
            infectiousness: Some(window.infectiousness),
            calibration_confidence: Some(window.calibration_confidence),
            scans: window.scan_instances.iter().map(scan).collect(),
        }
    }
}

/// Windows of one person, grouped by day once, to be judged under any number of configurations.
///
/// Within a day the windows keep the order in which you gave them: sums of doubles depend on it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WindowSet {
    /// In the order of days.
    windows: Vec<Grouped>,
    /// The scans of all windows, one window after the other.
    scans: Vec<Scan>,
    /// Windows of the same day. Those without a day come first.
    days: Vec<(Option<UtcDay>, Range<usize>)>,
}

/// A window of a set.
#[derive(Clone, Debug, PartialEq)]
struct Grouped {
    /// Its place in the order given.
    number: usize,
    report_type: Option<ReportType>,
    infectiousness: Option<Infectiousness>,
    calibration_confidence: Option<CalibrationConfidence>,
    scans: Range<usize>,
    facts: ScanFacts,
    /// `true` if an earlier window of the day is equal in every field.
    is_repeated: bool,
    /// `true` if a scan counts more than [`MOST_SECONDS`].
    is_impossible: bool,
}

/// What the scans of a window come to under any rule: a sweep asks thousands of times.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct ScanFacts {
    /// The sum of the seconds.
    pub(super) seconds: i64,
    /// The sum of the seconds of scans that count more than 0.
    pub(super) seconds_forward: i64,
    /// The smallest and the largest typical attenuation.
    pub(super) typical: Option<(u8, u8)>,
    /// `true` if a scan does not say its typical attenuation.
    pub(super) lacks_typical: bool,
}

impl ScanFacts {
    fn of(scans: &[Scan]) -> Self {
        let mut facts = Self::default();
        for scan in scans {
            facts.seconds = facts.seconds.saturating_add(scan.seconds);
            facts.seconds_forward = facts.seconds_forward.saturating_add(scan.seconds.max(0));
            match (scan.typical_attenuation, facts.typical) {
                (None, _) => facts.lacks_typical = true,
                (Some(found), typical) => {
                    let (smallest, largest) = typical.unwrap_or((found, found));
                    facts.typical = Some((smallest.min(found), largest.max(found)));
                }
            }
        }
        facts
    }
}

/// The most seconds that a scan can count, forwards or back: 136 years. Sums of so many stay exact.
const MOST_SECONDS: u64 = u32::MAX as u64;

/// A window of a set, as the rules see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct WindowView<'w> {
    pub(super) number: usize,
    pub(super) date: Option<UtcDay>,
    pub(super) report_type: Option<ReportType>,
    pub(super) infectiousness: Option<Infectiousness>,
    pub(super) calibration_confidence: Option<CalibrationConfidence>,
    pub(super) scans: &'w [Scan],
    pub(super) facts: ScanFacts,
    pub(super) is_repeated: bool,
    pub(super) is_impossible: bool,
}

impl WindowSet {
    /// Groups these windows by day.
    #[must_use]
    pub fn new(windows: impl IntoIterator<Item = Window>) -> Self {
        let mut by_day: BTreeMap<Option<UtcDay>, Vec<(usize, Window)>> = BTreeMap::new();
        for (number, window) in windows.into_iter().enumerate() {
            by_day.entry(window.date).or_default().push((number, window));
        }
        let mut set = Self::default();
        for (date, windows) in by_day {
            let first = set.windows.len();
            let mut seen = BTreeSet::new();
            for (number, window) in windows {
                let Window { report_type, infectiousness, calibration_confidence, scans, .. } = window;
                let start = set.scans.len();
                set.scans.extend(&scans);
                let facts = ScanFacts::of(&scans);
                let is_impossible = scans.iter().any(|scan| scan.seconds.unsigned_abs() > MOST_SECONDS);
                let is_repeated = !seen.insert((report_type, infectiousness, calibration_confidence, scans));
                let scans = start..set.scans.len();
                let window = Grouped {
                    number,
                    report_type,
                    infectiousness,
                    calibration_confidence,
                    scans,
                    facts,
                    is_repeated,
                    is_impossible,
                };
                set.windows.push(window);
            }
            set.days.push((date, first..set.windows.len()));
        }
        set
    }

    /// Returns the number of windows.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.windows.len()
    }

    /// Returns `true` if there is no window.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.windows.is_empty()
    }

    /// Returns the days that windows are of, in order. Windows without a day are left out.
    pub fn days(&self) -> impl Iterator<Item = UtcDay> {
        self.days.iter().filter_map(|(day, _)| *day)
    }

    /// The windows of each day, in order; those without a day first.
    pub(super) fn by_day(
        &self,
    ) -> impl Iterator<Item = (Option<UtcDay>, impl Iterator<Item = WindowView<'_>> + Clone)> {
        self.days.iter().map(|(date, places)| {
            let windows = self.windows.get(places.clone()).unwrap_or_default().iter();
            (*date, windows.map(|window| self.view(*date, window)))
        })
    }

    fn view(&self, date: Option<UtcDay>, window: &Grouped) -> WindowView<'_> {
        WindowView {
            number: window.number,
            date,
            report_type: window.report_type,
            infectiousness: window.infectiousness,
            calibration_confidence: window.calibration_confidence,
            scans: self.scans.get(window.scans.clone()).unwrap_or_default(),
            facts: window.facts,
            is_repeated: window.is_repeated,
            is_impossible: window.is_impossible,
        }
    }
}

impl<'w> FromIterator<&'w ExposureWindow> for WindowSet {
    fn from_iter<I: IntoIterator<Item = &'w ExposureWindow>>(windows: I) -> Self {
        Self::new(windows.into_iter().map(Window::from))
    }
}
