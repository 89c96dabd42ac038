//! All that was heard of one key.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::configuration::{DiagnosisKeysDataMapping, Hidden, Infectiousness};
use crate::keys::{BluetoothMetadata, CalibrationConfidence, DiagnosisKey, KeyData, ReportType};
use crate::matching::Match;
use crate::profile::Profile;
use crate::time::{EnIntervalNumber, RollingWindow};

/// `min(max(raw + offset, -128), 126)`: a reading of the radio, calibrated for the device. 127 says that the reading is
/// invalid or saturated, and stays.
///
/// Source: Bluetooth calibration documents; Google's snapshot.
///
/// ```
/// use gaen::exposure::calibrated_rssi;
///
/// assert_eq!(calibrated_rssi(-60, 5), -55);
/// assert_eq!(calibrated_rssi(120, 20), 126);
/// assert_eq!(calibrated_rssi(127, -20), 127);
/// ```
#[must_use]
pub fn calibrated_rssi(raw: i8, offset: i8) -> i8 {
    match raw {
        i8::MAX => i8::MAX,
        raw => raw.saturating_add(offset).min(126),
    }
}

/// One sighting of a key that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Beacon {
    /// The interval whose identifier was heard.
    pub interval: EnIntervalNumber,
    /// When it was heard, Unix seconds.
    pub time: u64,
    /// When the device had scanned before, Unix seconds, if that is known. 0 says that it is not, as on the phones.
    pub previous_scan: Option<u64>,
    /// Received signal strength, dBm.
    pub rssi: i8,
    /// The sender's metadata.
    pub metadata: BluetoothMetadata,
    /// `max(tx_power - rssi, 0)`, dB.
    pub attenuation: u8,
    /// Whether it [stands for its scan](Match::stands_for_scan).
    pub stands_for_scan: bool,
}

/// All that was heard of one key. It has at least one beacon when it comes from matches.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Encounter {
    /// The caller's number for the file that the key came from.
    pub source: usize,
    /// The key.
    pub key: DiagnosisKey,
    /// What was heard, in the order of time, interval, and position among the sightings.
    pub beacons: Vec<Beacon>,
}

impl Encounter {
    /// The encounters of these matches, one for each (key, start, period), in the order of start and key. The matches may
    /// come from several searches, in any order; one that several searches found counts once. Of equal keys the source and
    /// the report are the first's.
    #[must_use]
    pub fn of(matches: &[Match]) -> Vec<Self> {
        let mut by_key: BTreeMap<_, (&Match, Vec<(_, Beacon)>)> = BTreeMap::new();
        for found in matches {
            let (_, heard) = by_key.entry(order(&found.key)).or_insert_with(|| (found, Vec::new()));
            // Positions in two indices say nothing of one another: what was heard decides then.
            let &Match { time, interval, sighting, previous_scan, rssi, metadata, .. } = found;
            let order = (time, interval, sighting, previous_scan, rssi, metadata);
            heard.push((order, Beacon::from(found)));
        }
        let encounter = |(first, mut heard): (&Match, Vec<(_, Beacon)>)| {
            // One search may have seen of a scan what another did not: who stands for it in one of them stands for it.
            heard.sort_unstable_by_key(|(order, beacon)| (*order, !beacon.stands_for_scan));
            heard.dedup_by_key(|(order, _)| *order);
            let beacons = heard.into_iter().map(|(_, beacon)| beacon).collect();
            Self { source: first.source, key: first.key, beacons }
        };
        by_key.into_values().map(encounter).collect()
    }

    /// Whether none of its beacons [stands for its scan](Match::stands_for_scan), so that v1 by Google's rules finds nothing,
    /// and nobody looks for exposure windows.
    #[must_use]
    pub fn is_silenced(&self) -> bool {
        !self.beacons.iter().any(|beacon| beacon.stands_for_scan)
    }

    /// Why nothing of it is shown, if so.
    ///
    /// Source: Google's snapshot.
    #[must_use]
    pub const fn hidden(&self, mapping: &DiagnosisKeysDataMapping) -> Option<Hidden> {
        mapping.hidden(self.report_type(mapping))
    }

    /// The report type of its key; for a key without one, the configuration's.
    #[must_use]
    pub const fn report_type(&self, mapping: &DiagnosisKeysDataMapping) -> ReportType {
        mapping.report_type(self.key.report_type)
    }

    /// `inf(d)`: the infectiousness of its key's owner, by the days since the onset of symptoms.
    #[must_use]
    pub fn infectiousness(&self, mapping: &DiagnosisKeysDataMapping) -> Infectiousness {
        mapping.infectiousness(self.key.days_since_onset_of_symptoms)
    }
}

impl Beacon {
    /// When the device had scanned before, Unix seconds, if that is known: [`previous_scan`](Self::previous_scan), whose 0
    /// Google's phones wrote for "unknown".
    #[must_use]
    pub const fn known_previous_scan(&self) -> Option<u64> {
        match self.previous_scan {
            Some(0) => None,
            known => known,
        }
    }

    /// How well the sender's transmit power is calibrated, as this profile reads it.
    #[must_use]
    pub const fn calibration_confidence(&self, profile: Profile) -> CalibrationConfidence {
        match self.metadata.version() {
            (0, _) | (1, 0) if !profile.reads_confidence_of_old_beacons() => CalibrationConfidence::Low,
            _ => self.metadata.confidence_bits(),
        }
    }
}

impl From<&Match> for Beacon {
    fn from(found: &Match) -> Self {
        let &Match { interval, time, previous_scan, rssi, metadata, attenuation, stands_for_scan, .. } = found;
        Self { interval, time, previous_scan, rssi, metadata, attenuation, stands_for_scan }
    }
}

/// What the canonical order of keys goes by: start, key, period.
pub(super) fn order(key: &DiagnosisKey) -> (EnIntervalNumber, KeyData, RollingWindow) {
    (key.window.start(), key.key_data, key.window)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calibrated_reading_never_looks_saturated() {
        for raw in i8::MIN..i8::MAX {
            for offset in i8::MIN..=i8::MAX {
                let expected = (i16::from(raw) + i16::from(offset)).clamp(-128, 126);
                assert_eq!(i16::from(calibrated_rssi(raw, offset)), expected);
            }
        }
        assert!((i8::MIN..=i8::MAX).all(|offset| calibrated_rssi(127, offset) == 127), "and a saturated one stays so");
    }
}
