//! Which of the sightings whose identifier matches a key count as encounters with its owner.

use alloc::vec::Vec;

use super::index::{SightingIndex, in_clock_window};
use super::report::{DropReason, Match};
use super::sighting::{HeardMetadata, Sighting};
use crate::diagnosis_key::DiagnosisKey;
use crate::profile::Profile;
use crate::tally::Tally;
use crate::time::EnIntervalNumber;

/// Seconds after its first sighting in which an identifier is still believed to come from its owner.
const REPLAY_SECONDS: u64 = 1200;

/// Applies the rules to all sightings of one key and adds those that count, in the order of time.
pub(super) fn accept(
    index: &SightingIndex,
    profile: Profile,
    source: usize,
    key: &DiagnosisKey,
    intervals: &[EnIntervalNumber],
    dropped: &mut Tally<DropReason>,
    matches: &mut Vec<Match>,
) {
    let mut candidates = Vec::new();
    let identifier_key = key.identifier_key();
    for interval in intervals {
        let mut first_heard = None;
        for (position, sighting) in index.heard(identifier_key.identifier(*interval), *interval) {
            if !in_clock_window(*interval, sighting.time) {
                dropped.add(DropReason::ClockWindow);
                continue;
            }
            let first_heard = *first_heard.get_or_insert(sighting.time);
            if sighting.time - first_heard > REPLAY_SECONDS {
                dropped.add(DropReason::Replay);
                continue;
            }
            candidates.push((*interval, position, sighting));
        }
    }
    if candidates.is_empty() {
        return;
    }
    let metadata_key = key.metadata_key();
    let judge = |sighting: &Sighting| -> Result<_, DropReason> {
        let HeardMetadata::Encrypted(aem) = sighting.aem else {
            return Err(DropReason::AemLength);
        };
        let metadata = metadata_key.decrypt(&sighting.rpi, aem);
        let (weakest, strongest) = match profile {
            Profile::Google => (-50, 20),
            Profile::Apple => (-60, 20),
        };
        if !(weakest..=strongest).contains(&metadata.tx_power()) {
            return Err(DropReason::Power);
        }
        let attenuation = attenuation(metadata.tx_power(), sighting.rssi);
        if profile == Profile::Apple && attenuation == 0 {
            return Err(DropReason::ZeroAttenuation);
        }
        Ok((metadata, attenuation))
    };
    let accepted_from = matches.len();
    for (interval, position, sighting) in candidates {
        match judge(sighting) {
            Ok((metadata, attenuation)) => {
                let time = sighting.time;
                let rssi = sighting.rssi;
                matches.push(Match {
                    source,
                    key: *key,
                    interval,
                    sighting: position,
                    time,
                    rssi,
                    metadata,
                    attenuation,
                });
            }
            Err(reason) => dropped.add(reason),
        }
    }
    if let Some(accepted) = matches.get_mut(accepted_from..) {
        accepted.sort_unstable_by_key(|found| (found.time, found.interval, found.sighting));
    }
}

/// `max(tx_power - rssi, 0)` in dB.
fn attenuation(tx_power: i8, rssi: i8) -> u8 {
    let difference = i16::from(tx_power) - i16::from(rssi);
    u8::try_from(difference.max(0)).unwrap_or(u8::MAX)
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

    #[test]
    fn attenuation_spans_the_whole_range() {
        assert_eq!(attenuation(127, -128), 255);
        assert_eq!(attenuation(-12, -60), 48);
        assert_eq!(attenuation(-128, 127), 0);
    }
}
