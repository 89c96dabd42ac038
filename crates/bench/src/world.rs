//! Keys and sightings of which it is known what belongs together.

use std::collections::BTreeSet;

use gaen::keys::BluetoothMetadata;
use gaen::time::{INTERVALS_PER_DAY, RollingPeriod};
use gaen::{DiagnosisKey, EnIntervalNumber, MatchReport, RollingProximityIdentifier, RollingWindow, Sighting};

use crate::random::Random;

/// Days of a world: as long as keys are kept.
pub const DAYS: u32 = 14;

/// Identifiers that are planted among the sightings of a world.
pub const PLANTED: usize = 20;

/// The first interval of a world: 2020-05-21, midnight.
const START: u32 = 2_650_032;

const DAY_SECONDS: u64 = 86_400;

/// Diagnosis keys, made one after the other and always the same, so that any number of them takes no memory.
///
/// Each is random, is valid for one whole day, and that is any day of the world: published keys are sorted by their
/// bytes, so that one day follows on the other without order.
#[derive(Clone, Copy, Debug)]
pub struct Keys {
    /// How many they are.
    pub count: usize,
}

impl Keys {
    /// One after the other.
    pub fn iter(self) -> impl Iterator<Item = DiagnosisKey> {
        let mut random = Random::new(1);
        (0..self.count).map(move |_| {
            let key_data = random.bytes();
            let day = random.below(DAYS.into());
            DiagnosisKey::new(key_data, window(day))
        })
    }

    /// All at once.
    #[must_use]
    pub fn to_vec(self) -> Vec<DiagnosisKey> {
        self.iter().collect()
    }
}

/// The whole day of this number, from 0.
fn window(day: u64) -> RollingWindow {
    let day = u32::try_from(day).expect("a world has few days");
    let start = EnIntervalNumber::new(START + day * INTERVALS_PER_DAY);
    RollingWindow::new(start, RollingPeriod::FULL_DAY).expect("the last interval is far away")
}

/// The day of a key of this world.
fn day(key: &DiagnosisKey) -> u64 {
    u64::from((key.window.start().as_u32() - START) / INTERVALS_PER_DAY)
}

/// When a day begins, Unix seconds.
fn midnight(day: u64) -> u64 {
    EnIntervalNumber::new(START).unix_seconds() + day * DAY_SECONDS
}

/// Keys that were published, and what a phone has heard, of which a little came from the owners of [`PLANTED`] of them.
#[derive(Clone, Debug)]
pub struct World {
    /// The keys.
    pub keys: Keys,
    /// What was heard.
    pub sightings: Vec<Sighting>,
    /// The positions of the planted sightings, ascending.
    planted: Vec<usize>,
}

impl World {
    /// Keys of which a world must have at least as many, so that the planted ones can be spread over all of them.
    pub const FEWEST_KEYS: usize = 1000;

    /// Sightings of which a world must have at least as many, so that none of its intervals is far from all of them.
    pub const FEWEST_SIGHTINGS: usize = 200;

    /// Sightings of as many different identifiers, spread evenly over all days, so that every identifier of every key
    /// has to be looked for: no time can be left out. The worst case for the matcher.
    ///
    /// # Panics
    /// When there are fewer keys or sightings than a world must have.
    #[must_use]
    pub fn exhaustive(sightings: usize, keys: usize) -> Self {
        assert!(sightings >= Self::FEWEST_SIGHTINGS, "{sightings} sightings");
        let keys = Keys { count: keys };
        let mut random = Random::new(2);
        let (count, length) = (sightings as u64, u64::from(DAYS) * DAY_SECONDS);
        let times: Vec<u64> = (0..count)
            .map(|number| midnight(0) + number * length / count + random.below((length / count).max(1)))
            .collect();
        let mut sightings: Vec<_> = times.iter().map(|time| stranger(&mut random, *time)).collect();

        let mut planted = BTreeSet::new();
        for key in some_keys(keys, &mut random, |_| true) {
            let first = day(&key) * count / u64::from(DAYS);
            loop {
                let slot = first + random.below(count / u64::from(DAYS));
                let slot = usize::try_from(slot).expect("a position");
                let interval = EnIntervalNumber::from_unix_seconds(times[slot]).expect("a time of our own");
                if key.window.contains(interval) && planted.insert(slot) {
                    sightings[slot] = sent(&key, interval, times[slot]);
                    break;
                }
            }
        }
        Self { keys, sightings, planted: planted.into_iter().collect() }
    }

    /// What a commuter hears in two weeks: from 8 to 17 o'clock on ten working days, 20,000 different identifiers, each
    /// twice with five minutes in between. Keys are those of all days, so most identifiers of most keys are of a time
    /// at which nothing was heard.
    ///
    /// # Panics
    /// When there are fewer keys than a world must have.
    #[must_use]
    pub fn fortnight(keys: usize) -> Self {
        const IDENTIFIERS_A_DAY: u64 = 2000;
        const SCAN_SECONDS: u64 = 300;
        let is_working_day = |day: u64| day % 7 < 5;

        let keys = Keys { count: keys };
        let mut random = Random::new(3);
        let owners = some_keys(keys, &mut random, |key| is_working_day(day(key)));
        let (mut sightings, mut planted) = (Vec::new(), Vec::new());
        for today in (0..u64::from(DAYS)).filter(|day| is_working_day(*day)) {
            let mut todays: Vec<_> = owners.iter().filter(|key| day(key) == today).collect();
            for number in 0..IDENTIFIERS_A_DAY {
                let (begin, length) = (midnight(today) + 8 * 3600, 9 * 3600 - SCAN_SECONDS);
                let time = begin + number * length / IDENTIFIERS_A_DAY;
                let mut sighting = stranger(&mut random, time);
                // The owners are met one after the other, some ten minutes apart.
                if number % 50 == 25
                    && let Some(key) = todays.pop()
                {
                    let interval = EnIntervalNumber::from_unix_seconds(time).expect("a time of our own");
                    sighting = sent(key, interval, time);
                    planted.extend([sightings.len(), sightings.len() + 1]);
                }
                sightings.extend([sighting, Sighting { time: time + SCAN_SECONDS, ..sighting }]);
            }
            assert!(todays.is_empty(), "all owners are met");
        }
        Self { keys, sightings, planted }
    }

    /// The identifiers that were heard; one that was heard twice is there twice.
    pub fn identifiers(&self) -> impl Iterator<Item = [u8; 16]> {
        self.sightings.iter().map(|sighting| *sighting.rpi.as_bytes())
    }

    /// The identifiers that may have been sent on one day in the middle of the world: those heard on it, and up to two
    /// hours before and after.
    #[must_use]
    pub fn identifiers_of_a_day(&self) -> (EnIntervalNumber, Vec<RollingProximityIdentifier>) {
        let day = u64::from(DAYS) / 2;
        let near = midnight(day) - 7200..midnight(day + 1) + 7200;
        let heard = self.sightings.iter().filter(|sighting| near.contains(&sighting.time));
        (window(day).start(), heard.map(|sighting| sighting.rpi).collect())
    }

    /// How many sightings match.
    #[must_use]
    pub fn matches(&self) -> usize {
        self.planted.len()
    }

    /// Checks that these reports, which together are of all keys, have found what was planted and nothing else.
    ///
    /// # Panics
    /// When they have not.
    pub fn check<'r>(&self, reports: impl IntoIterator<Item = &'r MatchReport>) {
        let mut found = Vec::new();
        for report in reports {
            assert_eq!(report.dropped.len(), 0, "nothing that was planted is to be dropped");
            found.extend(report.matches.iter().map(|found| found.sighting));
        }
        found.sort_unstable();
        assert_eq!(found, self.planted, "not what was planted");
    }
}

/// A sighting of nobody's key.
fn stranger(random: &mut Random, time: u64) -> Sighting {
    let rpi = RollingProximityIdentifier::from_bytes(random.bytes());
    Sighting::new(rpi, &[0; 4], -60, time)
}

/// What the owner of a key is heard sending.
fn sent(key: &DiagnosisKey, interval: EnIntervalNumber, time: u64) -> Sighting {
    let rpi = key.identifier_key().identifier(interval);
    let aem = key.metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(-12));
    Sighting::new(rpi, aem.as_bytes(), -60, time)
}

/// [`PLANTED`] keys, one from each of as many equal parts of all keys.
fn some_keys(keys: Keys, random: &mut Random, suits: impl Fn(&DiagnosisKey) -> bool) -> Vec<DiagnosisKey> {
    assert!(keys.count >= World::FEWEST_KEYS, "{} keys", keys.count);
    let part = keys.count / PLANTED;
    let mut chosen = Vec::new();
    let mut earliest = random.below(part as u64 / 2);
    for (number, key) in (0..).zip(keys.iter()) {
        if chosen.len() < PLANTED && number >= earliest && suits(&key) {
            chosen.push(key);
            earliest = (chosen.len() * part) as u64 + random.below(part as u64 / 2);
        }
    }
    assert_eq!(chosen.len(), PLANTED);
    chosen
}

#[cfg(test)]
mod tests {
    use gaen::matching::Tier;
    use gaen::{Matcher, SightingIndex};

    use super::*;
    use crate::baselines::{Crates, Naive};

    #[test]
    fn all_ways_find_what_is_planted() {
        for (world, matches) in [
            (World::exhaustive(World::FEWEST_SIGHTINGS, World::FEWEST_KEYS), PLANTED),
            (World::exhaustive(3000, 1500), PLANTED),
            (World::fortnight(1200), 2 * PLANTED),
        ] {
            assert_eq!(world.matches(), matches);
            let keys = world.keys.to_vec();
            assert_eq!(Naive::new(&world).search(&keys), PLANTED);
            assert_eq!(Crates::new(&world).search(&keys), PLANTED);
            for index in [SightingIndex::new, SightingIndex::exhaustive] {
                let index = index(world.sightings.clone()).unwrap();
                for tier in Tier::available() {
                    world.check([&Matcher::new(&index).tier(tier).match_keys(&keys)]);
                }
            }
        }
    }

    #[test]
    fn no_interval_of_an_exhaustive_world_is_out_of_reach() {
        let world = World::exhaustive(World::FEWEST_SIGHTINGS, World::FEWEST_KEYS);
        let mut heard: Vec<_> = world.sightings.iter().map(|sighting| sighting.time / 600).collect();
        heard.sort_unstable();
        let first = u64::from(START);
        let last = first + u64::from(DAYS) * u64::from(INTERVALS_PER_DAY) - 1;
        assert!(heard[0] - first <= 12 && last - heard[heard.len() - 1] <= 12);
        assert!(heard.windows(2).all(|pair| pair[1] - pair[0] <= 24));
    }

    #[test]
    fn a_fortnight_is_as_described() {
        let world = World::fortnight(1000);
        let identifiers: BTreeSet<_> = world.identifiers().collect();
        assert_eq!((identifiers.len(), world.sightings.len()), (20_000, 40_000));
        let hours: BTreeSet<_> = world.sightings.iter().map(|sighting| sighting.time / 3600).collect();
        assert_eq!(hours.len(), 90);
    }
}
