//! Where Google's phones computed something else than a safer reading does.

use super::encounter::Encounter;
use super::window::{negative_scans, scans};
use crate::matching::accept::SAME_SCAN_SECONDS;
use crate::profile::{MetadataJudged, Profile};

/// The scans of one key in which [`Profile::Google`] and [`Profile::GoogleGuarded`] differ. Ordinary phones and people
/// cause none: then all numbers are 0. In the other profiles they are always 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Weaknesses {
    /// Scans that v1 loses, because a louder sighting stood for them whose metadata is not believed, or that joined
    /// them to another scan.
    pub silenced_scans: usize,
    /// Scans that v1 counts by a louder sighting instead of the nearest one. The powers of the two senders differ.
    pub displaced_scans: usize,
    /// Scans with negative seconds, because the clock stepped back.
    pub negative_scans: usize,
    /// `true` if every scan is lost, so that the key has no exposures and no windows.
    pub silences_key: bool,
}

impl Encounter {
    /// Counts the scans in which a safer reading would differ from this profile.
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
