//! Everything that was heard of one key.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::configuration::{DiagnosisKeysDataMapping, Hidden, Infectiousness};
use crate::keys::{BluetoothMetadata, CalibrationConfidence, DiagnosisKey, KeyData, ReportType};
use crate::matching::Match;
use crate::profile::Profile;
use crate::time::{EnIntervalNumber, RollingWindow};

/// `min(max(raw + offset, -128), 126)`: a reading of the radio, calibrated for the device. 127 stays 127, as it marks
/// an invalid or saturated reading.
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

/// One sighting of a key that counts as contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Beacon {
    /// The interval whose identifier was heard.
    pub interval: EnIntervalNumber,
    /// When it was heard, Unix seconds.
    pub time: u64,
    /// The time of the device's previous scan, Unix seconds. `None` and 0 mean that it is not known; the phones wrote
    /// 0.
    pub previous_scan: Option<u64>,
    /// Received signal strength, dBm.
    pub rssi: i8,
    /// The sender's metadata, decrypted.
    pub metadata: BluetoothMetadata,
    /// `max(tx_power - rssi, 0)`, dB.
    pub attenuation: u8,
    /// `true` if this beacon [stands for its scan](Match::stands_for_scan).
    pub stands_for_scan: bool,
}

/// Everything that was heard of one key. An encounter that comes from matches has at least one beacon.
///
/// ```
/// use gaen::exposure::{Beacon, DiagnosisKeysDataMapping, Encounter, Infectiousness};
/// use gaen::keys::{BluetoothMetadata, CalibrationConfidence, ReportType};
/// use gaen::time::RollingPeriod;
/// use gaen::{DiagnosisKey, EnIntervalNumber, RollingWindow};
///
/// let interval = EnIntervalNumber::new(2_642_976);
/// let window = RollingWindow::new(interval, RollingPeriod::FULL_DAY)?;
/// let heard = Beacon {
///     interval,
///     time: interval.unix_seconds(),
///     previous_scan: None,
///     rssi: -70,
///     metadata: BluetoothMetadata::v1_1(-20, CalibrationConfidence::High),
///     attenuation: 50,
///     stands_for_scan: true,
/// };
/// let encounter = Encounter { source: 0, key: DiagnosisKey::new([7; 16], window), beacons: vec![heard], other_period: false };
///
/// let mapping = DiagnosisKeysDataMapping::default();
/// assert_eq!(encounter.report_type(&mapping), ReportType::ConfirmedTest);
/// assert_eq!(encounter.infectiousness(&mapping), Infectiousness::Standard);
/// assert_eq!(encounter.hidden(&mapping), None);
/// # Ok::<(), gaen::time::TimeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Encounter {
    /// Your number for the file that the key came from.
    pub source: usize,
    /// The key that was heard.
    pub key: DiagnosisKey,
    /// The beacons, in the order of time, interval, and position among the sightings.
    pub beacons: Vec<Beacon>,
    /// `true` if the same bytes are [stored](super::StoredKeys) with another start or period, so that this key is
    /// hidden.
    #[cfg_attr(feature = "serde", serde(default))]
    pub other_period: bool,
}

impl Encounter {
    /// Groups matches into encounters, one for each (key, start, period), in the order of start and key.
    ///
    /// The matches may come from several searches, in any order; a match that several searches found counts once. An
    /// encounter has the source and the report of its first match.
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
            Self { source: first.source, key: first.key, beacons, other_period: false }
        };
        by_key.into_values().map(encounter).collect()
    }

    /// Returns `true` if no beacon [stands for its scan](Match::stands_for_scan). Google's v1 then finds nothing, and
    /// the key has no exposure windows.
    #[must_use]
    pub fn is_silenced(&self) -> bool {
        !self.beacons.iter().any(|beacon| beacon.stands_for_scan)
    }

    /// Returns why the key is hidden; `None` if it is shown.
    ///
    /// Source: Google's snapshot.
    #[must_use]
    pub const fn hidden(&self, mapping: &DiagnosisKeysDataMapping) -> Option<Hidden> {
        if self.other_period {
            return Some(Hidden::OtherPeriod);
        }
        mapping.hidden(self.report_type(mapping))
    }

    /// Returns the report type of the key; for a key without one, the type that the configuration gives.
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
    /// Returns the time of the previous scan, Unix seconds; `None` if [`previous_scan`](Self::previous_scan) is `None`
    /// or 0, which Google's phones wrote for "unknown".
    #[must_use]
    pub const fn known_previous_scan(&self) -> Option<u64> {
        match self.previous_scan {
            Some(0) => None,
            known => known,
        }
    }

    /// Returns how well the sender's transmit power is calibrated, as this profile reads the metadata.
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

/// Sorts keys canonically: by start, key and period.
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
