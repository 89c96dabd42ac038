//! Sightings whose identifier matches a key: which of them count as encounters with the owner of the key.

use alloc::vec::Vec;
use core::cmp::Reverse;

use super::index::in_clock_window;
use super::report::{DropReason, DroppedSighting, Match, MatchReport};
use super::sighting::{HeardMetadata, Sighting};
use crate::keys::published::PublishedMetadata;
use crate::keys::{BluetoothMetadata, DiagnosisKey};
use crate::profile::{MetadataJudged, Profile};
use crate::time::EnIntervalNumber;

/// Seconds after its first sighting for which an identifier is believed to come from its owner.
///
/// Source: Google's published snapshot, `matching/ExposureMatchingTracer.java`.
const REPLAY_SECONDS: u64 = 1200;

/// The longest time between two sightings of one scan, in seconds. Times are whole seconds, so 25 stands for 25.5.
///
/// Source: Google's published snapshot, `matching/ExposureMatchingTracer.java`.
pub(crate) const SAME_SCAN_SECONDS: u64 = 25;

/// An identifier of a key, with the sightings of it.
pub(crate) struct HeardIdentifier<I> {
    /// The interval of the identifier.
    pub(crate) interval: EnIntervalNumber,
    /// When it was first heard, if that is known beyond these `sightings`.
    pub(crate) first_heard: Option<u64>,
    /// The sightings with their positions, in the order of time, then position.
    pub(crate) sightings: I,
}

/// A sighting that no rule has dropped so far.
struct Candidate<'s> {
    position: usize,
    sighting: &'s Sighting,
    reading: Result<Reading, Disbelieved>,
}

/// The metadata of a sighting, decrypted and believed.
#[derive(Clone, Copy)]
struct Reading {
    metadata: BluetoothMetadata,
    attenuation: u8,
}

/// The reason why the metadata of a sighting is not believed.
#[derive(Clone, Copy)]
struct Disbelieved {
    /// The metadata. `None` if it cannot be decrypted.
    metadata: Option<BluetoothMetadata>,
    reason: DropReason,
}

impl MatchReport {
    /// Adds the sightings of a key: the ones that count to the matches, and the others to the dropped ones.
    pub(crate) fn judge<'s, I: Iterator<Item = (usize, &'s Sighting)>>(
        &mut self,
        profile: Profile,
        source: usize,
        key: &DiagnosisKey,
        heard: impl Iterator<Item = HeardIdentifier<I>>,
    ) {
        let Self { matches, dropped, .. } = self;
        accept(profile, source, key, heard, dropped, matches);
    }
}

/// Applies the rules to all sightings of one key. Sightings that count are added in the order of time; the others are
/// dropped.
fn accept<'s, I: Iterator<Item = (usize, &'s Sighting)>>(
    profile: Profile,
    source: usize,
    key: &DiagnosisKey,
    heard: impl Iterator<Item = HeardIdentifier<I>>,
    dropped: &mut Vec<DroppedSighting>,
    matches: &mut Vec<Match>,
) {
    let judged = profile.judges_metadata();
    let mut metadata_key = None;
    let accepted_from = matches.len();
    let mut candidates = Vec::new();
    for HeardIdentifier { interval, mut first_heard, sightings } in heard {
        let mut drop = |position, sighting: &Sighting, Disbelieved { metadata, reason }| {
            let &Sighting { time, rssi, .. } = sighting;
            let drop =
                DroppedSighting { source, key: *key, interval, sighting: position, time, rssi, metadata, reason };
            dropped.push(drop);
        };
        candidates.clear();
        for (position, sighting) in sightings {
            if !in_clock_window(interval, sighting.time) {
                drop(position, sighting, Disbelieved { metadata: None, reason: DropReason::ClockWindow });
                continue;
            }
            let reading = read(profile, metadata_key.get_or_insert_with(|| key.published_metadata()), sighting);
            // In Apple's order a sighting that is not believed is no first hearing either.
            if let (MetadataJudged::BeforeReplay, Err(disbelieved)) = (judged, reading) {
                drop(position, sighting, disbelieved);
                continue;
            }
            debug_assert!(may_be_first(profile, key, interval, sighting));
            let first = first_heard.map_or(sighting.time, |before| before.min(sighting.time));
            first_heard = Some(first);
            if sighting.time - first > REPLAY_SECONDS {
                // In the other orders nobody has judged the metadata yet, so none is shown.
                let metadata = if judged == MetadataJudged::BeforeReplay { reading.ok() } else { None };
                let metadata = metadata.map(|reading| reading.metadata);
                drop(position, sighting, Disbelieved { metadata, reason: DropReason::Replay });
                continue;
            }
            if let (MetadataJudged::BeforeScans, Err(disbelieved)) = (judged, reading) {
                drop(position, sighting, disbelieved);
                continue;
            }
            candidates.push(Candidate { position, sighting, reading });
        }
        // In Google's order bad metadata are dropped only after a sighting was chosen to stand for its scan. So the
        // loudest one silences the others, whatever its metadata.
        for scan in candidates.chunk_by(|a, b| b.sighting.time - a.sighting.time <= SAME_SCAN_SECONDS) {
            let standing = standing_for(scan, judged);
            for &Candidate { position, sighting, reading } in scan {
                let Reading { metadata, attenuation } = match reading {
                    Ok(reading) => reading,
                    Err(disbelieved) => {
                        drop(position, sighting, disbelieved);
                        continue;
                    }
                };
                let &Sighting { time, previous_scan, rssi, .. } = sighting;
                matches.push(Match {
                    source,
                    key: *key,
                    interval,
                    sighting: position,
                    time,
                    previous_scan,
                    rssi,
                    metadata,
                    attenuation,
                    stands_for_scan: standing == Some(position),
                });
            }
        }
    }
    if let Some(accepted) = matches.get_mut(accepted_from..) {
        accepted.sort_unstable_by_key(|found| (found.time, found.interval, found.sighting));
    }
}

/// `true` if the replay rule may count from this sighting of an identifier of the key.
pub(crate) fn may_be_first(
    profile: Profile,
    key: &DiagnosisKey,
    interval: EnIntervalNumber,
    sighting: &Sighting,
) -> bool {
    in_clock_window(interval, sighting.time)
        && (profile.judges_metadata() != MetadataJudged::BeforeReplay
            || read(profile, &key.published_metadata(), sighting).is_ok())
}

/// Returns the position of the sighting that stands for this scan: of equal ones the earliest.
fn standing_for(scan: &[Candidate<'_>], judged: MetadataJudged) -> Option<usize> {
    let standing = match judged {
        MetadataJudged::AfterScans => scan.iter().min_by_key(|candidate| Reverse(candidate.sighting.rssi)),
        MetadataJudged::BeforeReplay | MetadataJudged::BeforeScans => {
            scan.iter().min_by_key(|candidate| candidate.reading.ok().map(|reading| reading.attenuation))
        }
    };
    standing.map(|candidate| candidate.position)
}

/// Reads the metadata of a sighting, or says why it is not believed.
fn read(profile: Profile, key: &PublishedMetadata, sighting: &Sighting) -> Result<Reading, Disbelieved> {
    let HeardMetadata::Encrypted(aem) = sighting.aem else {
        return Err(Disbelieved { metadata: None, reason: DropReason::AemLength });
    };
    let metadata = key.decrypt(&sighting.rpi, aem);
    let attenuation = metadata.attenuation(sighting.rssi);
    let disbelieved = |reason| Err(Disbelieved { metadata: Some(metadata), reason });
    if !profile.believable_tx_power().contains(&metadata.tx_power()) {
        disbelieved(DropReason::Power)
    } else if attenuation == 0 && !profile.believes_zero_attenuation() {
        disbelieved(DropReason::ZeroAttenuation)
    } else {
        Ok(Reading { metadata, attenuation })
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
