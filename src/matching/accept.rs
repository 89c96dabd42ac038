//! Which of the sightings whose identifier matches a key count as encounters with its owner.

use alloc::vec::Vec;

use super::index::in_clock_window;
use super::report::{DropReason, DroppedSighting, Match};
use super::sighting::{HeardMetadata, Sighting};
use crate::diagnosis_key::DiagnosisKey;
use crate::profile::Profile;
use crate::time::EnIntervalNumber;

/// Seconds after its first sighting in which an identifier is still believed to come from its owner.
const REPLAY_SECONDS: u64 = 1200;

/// An identifier of a key, and what was heard of it.
pub(crate) struct HeardIdentifier<I> {
    /// Its interval.
    pub(crate) interval: EnIntervalNumber,
    /// When it was first heard, if that sighting is not among these any more.
    pub(crate) first_heard: Option<u64>,
    /// Sightings with their positions, in the order of time, then position.
    pub(crate) sightings: I,
}

/// Applies the rules to all sightings of one key, adds those that count in the order of time, and drops the others.
pub(crate) fn accept<'s, I: Iterator<Item = (usize, &'s Sighting)>>(
    profile: Profile,
    source: usize,
    key: &DiagnosisKey,
    heard: impl Iterator<Item = HeardIdentifier<I>>,
    drop: &mut impl FnMut(DroppedSighting),
    matches: &mut Vec<Match>,
) {
    let mut drop = |interval, position, sighting: &Sighting, metadata, reason| {
        let &Sighting { time, rssi, .. } = sighting;
        drop(DroppedSighting { source, key: *key, interval, sighting: position, time, rssi, metadata, reason });
    };
    let mut candidates = Vec::new();
    for HeardIdentifier { interval, mut first_heard, sightings } in heard {
        for (position, sighting) in sightings {
            if !in_clock_window(interval, sighting.time) {
                drop(interval, position, sighting, None, DropReason::ClockWindow);
                continue;
            }
            let first = first_heard.map_or(sighting.time, |before| before.min(sighting.time));
            first_heard = Some(first);
            if sighting.time - first > REPLAY_SECONDS {
                drop(interval, position, sighting, None, DropReason::Replay);
                continue;
            }
            candidates.push((interval, position, sighting));
        }
    }
    if candidates.is_empty() {
        return;
    }
    let published_metadata = key.published_metadata();
    let accepted_from = matches.len();
    for (interval, position, sighting) in candidates {
        let HeardMetadata::Encrypted(aem) = sighting.aem else {
            drop(interval, position, sighting, None, DropReason::AemLength);
            continue;
        };
        let metadata = published_metadata.decrypt(&sighting.rpi, aem);
        let attenuation = metadata.attenuation(sighting.rssi);
        if let Some(reason) = disbelieve(profile, metadata.tx_power(), attenuation) {
            drop(interval, position, sighting, Some(metadata), reason);
            continue;
        }
        let &Sighting { time, previous_scan, rssi, .. } = sighting;
        let key = *key;
        matches.push(Match {
            source,
            key,
            interval,
            sighting: position,
            time,
            previous_scan,
            rssi,
            metadata,
            attenuation,
        });
    }
    if let Some(accepted) = matches.get_mut(accepted_from..) {
        accepted.sort_unstable_by_key(|found| (found.time, found.interval, found.sighting));
    }
}

/// Why the sender's power or the attenuation is not believed, if it is not.
fn disbelieve(profile: Profile, tx_power: i8, attenuation: u8) -> Option<DropReason> {
    if !profile.believable_tx_power().contains(&tx_power) {
        Some(DropReason::Power)
    } else if attenuation == 0 && !profile.believes_zero_attenuation() {
        Some(DropReason::ZeroAttenuation)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_window_is_inclusive_on_both_sides() {
        let interval = EnIntervalNumber::new(1000);
        for (time, inside) in
            [(600 * 988 - 1, false), (600 * 988, true), (600 * 1013 - 1, true), (600 * 1013, false), (u64::MAX, false)]
        {
            assert_eq!(in_clock_window(interval, time), inside, "{time}");
        }
        assert!(in_clock_window(EnIntervalNumber::new(3), 0), "no underflow near the epoch");
        assert!(in_clock_window(EnIntervalNumber::new(u32::MAX), u64::from(u32::MAX) * 600 + 7799));
    }
}
