//! Where what was heard comes to something else on Google's phones than in a safer reading.

use super::encounter::Encounter;
use super::window::{negative_scans, scans};
use crate::matching::accept::SAME_SCAN_SECONDS;
use crate::profile::{MetadataJudged, Profile};

/// Where [`Profile::Google`] and [`Profile::GoogleGuarded`] part in what was heard of one key: numbers of scans. All are 0,
/// and both profiles come to the same, in what phones and people do. In the other profiles they are 0 always.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Weaknesses {
    /// Scans of which nothing is left in v1: a louder sighting stood for them, and its metadata is not believed, or it is of
    /// another scan to which such a one joined them.
    pub silenced_scans: usize,
    /// Scans for which another sighting than the nearest stands in v1, as it was louder: their senders' powers differ.
    pub displaced_scans: usize,
    /// Scans whose seconds are negative, as the clock had stepped back.
    pub negative_scans: usize,
    /// Whether nothing is left of any scan, so that there are no exposures and no windows.
    pub silences_key: bool,
}

impl Encounter {
    /// Where a safer reading of it would come to something else than this profile.
    #[must_use]
    pub fn weaknesses(&self, profile: Profile) -> Weaknesses {
        let mut found = Weaknesses::default();
        if profile.judges_metadata() == MetadataJudged::AfterScans {
            let mut beacons = self.beacons.clone();
            beacons.sort_by_key(|beacon| beacon.interval); // stable: in the order of time within an interval
            let same_scan = SAME_SCAN_SECONDS;
            for scan in beacons.chunk_by(|a, b| a.interval == b.interval && b.time.saturating_sub(a.time) <= same_scan)
            {
                let nearest = scan.iter().min_by_key(|beacon| beacon.attenuation);
                match (scan.iter().find(|beacon| beacon.stands_for_scan), nearest) {
                    (None, _) => found.silenced_scans = found.silenced_scans.saturating_add(1),
                    (Some(standing), Some(nearest))
                        if (standing.time, standing.attenuation) != (nearest.time, nearest.attenuation) =>
                    {
                        found.displaced_scans = found.displaced_scans.saturating_add(1);
                    }
                    (Some(_), _) => {}
                }
            }
            found.silences_key = found.silenced_scans > 0 && self.is_silenced();
        }
        if !found.silences_key {
            found.negative_scans = negative_scans(&scans(&self.beacons), profile);
        }
        found
    }
}
