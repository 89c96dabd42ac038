//! The report of a search: what it found, and what it left out.

use alloc::vec::Vec;

use crate::keys::{BluetoothMetadata, DiagnosisKey};
use crate::names::named;
use crate::tally::Tally;
use crate::time::EnIntervalNumber;

/// A sighting that counts as an encounter with the owner of a diagnosis key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Match {
    /// Your number for the file that the key came from.
    pub source: usize,
    /// The key that matched.
    pub key: DiagnosisKey,
    /// The interval whose identifier was heard.
    pub interval: EnIntervalNumber,
    /// The position of the sighting among those that the index was built from.
    pub sighting: usize,
    /// The time of the sighting, Unix seconds.
    pub time: u64,
    /// The time of the scan before, Unix seconds. `None` and 0 mean that the time is not known, as on the phones.
    pub previous_scan: Option<u64>,
    /// Received signal strength, dBm.
    pub rssi: i8,
    /// The sender's metadata, decrypted.
    pub metadata: BluetoothMetadata,
    /// The attenuation in dB: `max(tx_power - rssi, 0)`.
    pub attenuation: u8,
    /// `true` if this match stands for its scan. In Google's v1 one sighting of a scan counts.
    ///
    /// Sightings of one identifier are of one scan if each follows the one before within 25.5 s. In `Profile::Google`
    /// the loudest sighting stands for the scan: the largest `rssi`, of equal ones the earliest. If the metadata of the
    /// loudest sighting is bad, no match stands for the scan. In the other profiles the nearest match stands for the
    /// scan: the smallest attenuation, of equal ones the earliest.
    pub stands_for_scan: bool,
}

/// A sighting that does not count, although its identifier is one of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DroppedSighting {
    /// Your number for the file that the key came from.
    pub source: usize,
    /// The key whose identifier was heard.
    pub key: DiagnosisKey,
    /// The interval whose identifier was heard.
    pub interval: EnIntervalNumber,
    /// The position of the sighting among those that the index was built from.
    pub sighting: usize,
    /// The time of the sighting, Unix seconds.
    pub time: u64,
    /// Received signal strength, dBm.
    pub rssi: i8,
    /// The sender's metadata. `None` if the sighting broke a rule before its metadata was decrypted, or had none.
    pub metadata: Option<BluetoothMetadata>,
    /// The first rule that the sighting broke.
    pub reason: DropReason,
}

/// The result of a search.
///
/// ```
/// use gaen::keys::BluetoothMetadata;
/// use gaen::time::RollingPeriod;
/// use gaen::{DiagnosisKey, EnIntervalNumber, Matcher, RollingWindow, Sighting, SightingIndex};
///
/// let window = RollingWindow::new(EnIntervalNumber::new(2_642_976), RollingPeriod::FULL_DAY)?;
/// let key = DiagnosisKey::new([7; 16], window);
/// let (interval, noon) = (EnIntervalNumber::new(2_643_048), 1_585_828_800);
/// let rpi = key.identifier_key().identifier(interval);
/// let aem = key.metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(-12));
/// // The second came three hours late: someone may have replayed it.
/// let heard = [0, 3 * 3600].map(|late| Sighting::new(rpi, aem.as_bytes(), -60, noon + late));
///
/// let report = Matcher::new(&SightingIndex::exhaustive(heard.to_vec())?).match_keys(&[key]);
/// assert_eq!((report.matches[0].time, report.matches[0].attenuation), (noon, 48));
/// assert_eq!(report.dropped.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MatchReport {
    /// The matches. Keys stand in the order in which you gave them; the matches of a key in the order of time, then
    /// interval, then position.
    pub matches: Vec<Match>,
    /// The sightings that do not count although their identifier matched, each with the first rule that it broke. Only
    /// an [exhaustive](crate::matching::SightingIndex::exhaustive) index finds sightings outside of the clock window.
    pub dropped: Vec<DroppedSighting>,
    /// Keys that matched, as later sources publish them again with another report type: one a source, in the order in
    /// which you gave the sources. The list is empty in profiles in which the last of equal keys counts.
    /// [`StoredKeys`](crate::exposure::StoredKeys) applies these reports.
    pub later_reports: Vec<LaterReport>,
}

/// A key that an earlier file has published, as a later file publishes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LaterReport {
    /// Your number for the later file.
    pub source: usize,
    /// The key with the report of the later file.
    pub key: DiagnosisKey,
}

impl MatchReport {
    pub(crate) fn new() -> Self {
        Self { matches: Vec::new(), dropped: Vec::new(), later_reports: Vec::new() }
    }

    /// Counts the dropped sightings by the first rule that each broke.
    #[must_use]
    pub fn drop_reasons(&self) -> Tally<DropReason> {
        self.dropped.iter().map(|sighting| sighting.reason).collect()
    }

    /// Puts the last key first.
    pub(crate) fn reverse_keys(&mut self) {
        let keys = self.matches.chunk_by(|a, b| a.key == b.key);
        self.matches = keys.rev().flatten().copied().collect();
    }
}

/// The first rule that a sighting broke, so that it does not count although its identifier matched. The profile says in
/// which order the rules apply: [`judges_metadata`](crate::profile::Profile::judges_metadata).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DropReason {
    /// The sighting is more than 12 intervals before or after the interval of its identifier. Only an
    /// [exhaustive](crate::matching::SightingIndex::exhaustive) index finds such a sighting.
    ClockWindow,
    /// The sighting is more than 1200 s after the first sighting of the same identifier. In Apple's order of rules, it
    /// is the first sighting with good metadata that counts here.
    Replay,
    /// The metadata does not have four bytes.
    AemLength,
    /// The transmit power is outside the profile's range.
    Power,
    /// The attenuation is 0 dB, which the profile of Apple's v1 does not count.
    ZeroAttenuation,
}

named! {
    DropReason, "drop reason":
    ClockWindow => "clock_window",
    Replay => "replay",
    AemLength => "aem_length",
    Power => "power",
    ZeroAttenuation => "zero_attenuation",
}

impl DropReason {
    /// Returns what the reason means, in words.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::ClockWindow => "heard over two hours before or after its key broadcast it",
            Self::Replay => "heard over 20 minutes after it was first heard, so perhaps replayed",
            Self::AemLength => "its encrypted metadata is not 4 bytes",
            Self::Power => "its transmit power is outside the range of the profile",
            Self::ZeroAttenuation => "its attenuation is 0 dB, which the profile does not believe",
        }
    }
}
