//! What a search found, and what it left out.

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
    /// The caller's number for the file that the key came from.
    pub source: usize,
    /// The key.
    pub key: DiagnosisKey,
    /// The interval whose identifier was heard.
    pub interval: EnIntervalNumber,
    /// The position of the sighting among those that the index was built from.
    pub sighting: usize,
    /// When it was heard, Unix seconds.
    pub time: u64,
    /// When the device had scanned before, Unix seconds, if that is known. 0 says that it is not, as on the phones.
    pub previous_scan: Option<u64>,
    /// Received signal strength, dBm.
    pub rssi: i8,
    /// The sender's metadata, decrypted.
    pub metadata: BluetoothMetadata,
    /// `max(tx_power - rssi, 0)`, dB.
    pub attenuation: u8,
    /// Whether it is the one that stands for its scan, where one sighting of a scan counts: Google's v1.
    ///
    /// A scan is, of the sightings of one identifier, those that follow on one another within 25.5 s. In `Profile::Google`
    /// the loudest stands for it (the largest `rssi`, the earliest of equals), and it may be one whose metadata is bad:
    /// then none of the scan's matches has this. In the other profiles it is the nearest match (the smallest attenuation,
    /// the earliest of equals).
    pub stands_for_scan: bool,
}

/// A sighting of a key's identifier that does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DroppedSighting {
    /// The caller's number for the file that the key came from.
    pub source: usize,
    /// The key.
    pub key: DiagnosisKey,
    /// The interval whose identifier was heard.
    pub interval: EnIntervalNumber,
    /// The position of the sighting among those that the index was built from.
    pub sighting: usize,
    /// When it was heard, Unix seconds.
    pub time: u64,
    /// Received signal strength, dBm.
    pub rssi: i8,
    /// The sender's metadata, where the rules got as far as decrypting it.
    pub metadata: Option<BluetoothMetadata>,
    /// The first rule that it broke.
    pub reason: DropReason,
}

/// What a search found.
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
    /// The matches: keys in the order in which they were given, the sightings of a key in the order of time, then
    /// interval, then position.
    pub matches: Vec<Match>,
    /// Sightings whose identifier matched but that do not count, each with the first rule that it broke. Only an
    /// [exhaustive](crate::matching::SightingIndex::exhaustive) index finds those outside of the clock window.
    pub dropped: Vec<DroppedSighting>,
    /// The keys that matched and that later sources published again with another report type; one a source, in the order in
    /// which the sources were given. Empty in profiles in which the last of equal keys counts.
    /// [`StoredKeys`](crate::exposure::StoredKeys) takes them up.
    pub later_reports: Vec<LaterReport>,
}

/// A key that was published before, as a later file publishes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LaterReport {
    /// The caller's number for the file.
    pub source: usize,
    /// The key, with its report.
    pub key: DiagnosisKey,
}

impl MatchReport {
    pub(crate) fn new() -> Self {
        Self { matches: Vec::new(), dropped: Vec::new(), later_reports: Vec::new() }
    }

    /// How many sightings were dropped, by the first rule that each broke.
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

/// Why a sighting whose identifier matched does not count. The first rule that it broke: which comes first, the profile
/// says ([`judges_metadata`](crate::profile::Profile::judges_metadata)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DropReason {
    /// It was heard more than 12 intervals before or after the identifier's own. Only an
    /// [exhaustive](crate::matching::SightingIndex::exhaustive) index looks there.
    ClockWindow,
    /// It was heard more than 1200 s after the first sighting of the same identifier; in Apple's order of rules, after the
    /// first with good metadata.
    Replay,
    /// Its metadata is not four bytes.
    AemLength,
    /// Its transmit power is outside the profile's range.
    Power,
    /// Its attenuation is 0 dB, in the profile of Apple's v1.
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
    /// What it means, in words.
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
