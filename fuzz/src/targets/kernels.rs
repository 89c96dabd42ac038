use std::collections::{BTreeMap, BTreeSet};

use arbitrary::Arbitrary;
use gaen::keys::KeyData;
use gaen::matching::{Probe, Search, Tier};
use gaen::time::RollingPeriod;
use gaen::{
    DiagnosisKey, EnIntervalNumber, Matcher, Profile, RollingProximityIdentifier, RollingWindow, Sighting,
    SightingIndex,
};

use crate::generate::from_bytes;

/// Keys and sightings: every tier of this processor reports what the plain path reports, by either index; and of an
/// exhaustive one that is what comparing every identifier with every sighting finds, whichever of equal keys counts.
pub fn kernels(data: &[u8]) {
    let Some(input) = from_bytes::<Input>(data) else { return };
    let keys = input.keys();
    let sightings = input.sightings(&keys);
    let pieces = usize::from(input.piece) + 1;
    let [in_time, exhaustive] =
        [SightingIndex::new(sightings.clone()), SightingIndex::exhaustive(sightings.clone())].map(Result::unwrap);
    for index in [&in_time, &exhaustive] {
        let search = |tier: Tier| search(index, Profile::AppleV1, tier, &keys, pieces);
        let expected = search(Tier::SAFE).finish();
        for tier in tiers() {
            assert!(search(tier).finish() == expected, "{tier}");
        }
    }
    for profile in [Profile::Google, Profile::AppleV1] {
        let search = |index| search(index, profile, Tier::best(), &keys, pieces);
        let report = search(&exhaustive).finish();
        let matched = report.matches.iter().map(|found| (found.key.key_data, found.interval, found.sighting));
        let dropped = report.dropped.iter().map(|found| (found.key.key_data, found.interval, found.sighting));
        let hiding = report.matches.iter().filter(|_| profile.counts_last_of_equal_keys());
        let hiding = hiding.map(|found| (found.key.key_data, found.key.window)).collect();
        let expected = by_comparing(&keys, &sightings, &hiding);
        assert_eq!(matched.chain(dropped).collect::<BTreeSet<_>>(), expected, "{profile:?}");
        assert_eq!(search(&in_time).finish().matches, report.matches, "{profile:?}");
    }
}

#[derive(Arbitrary, Debug)]
struct Input {
    keys: Vec<Key>,
    /// As many again of each key, with other bytes.
    more: u8,
    /// Keys that are given to a search at once, less one.
    piece: u8,
    sightings: Vec<Heard>,
}

#[derive(Arbitrary, Debug)]
struct Key {
    bytes: [u8; 2],
    start: u16,
    edge: Option<bool>,
    period: u8,
}

#[derive(Arbitrary, Debug)]
enum Heard {
    /// Of a key, perhaps outside of its window, with some bytes of the identifier changed.
    OfKey {
        key: u16,
        offset: i16,
        late: i32,
        change: Option<(u8, u8)>,
        length: Option<u8>,
    },
    Random {
        rpi: [u8; 16],
        time: u64,
    },
}

impl Input {
    fn keys(&self) -> Vec<DiagnosisKey> {
        /// Two tiles and a half: more take too long.
        const MOST: usize = 40;

        let keys = self.keys.iter().flat_map(|key| (0..=self.more).map(move |number| key.make(number)));
        keys.take(MOST).collect()
    }

    fn sightings(&self, keys: &[DiagnosisKey]) -> Vec<Sighting> {
        self.sightings.iter().filter_map(|heard| heard.make(keys)).collect()
    }
}

impl Key {
    fn make(&self, number: u8) -> DiagnosisKey {
        let period = u32::from(self.period) % 144 + 1;
        let start = match self.edge {
            None => 2_650_000 + u32::from(self.start) % 1000,
            Some(false) => u32::from(self.start) % 300,
            Some(true) => u32::MAX - period - u32::from(self.start) % 300,
        };
        let window = RollingWindow::new(EnIntervalNumber::new(start), RollingPeriod::new(period).unwrap()).unwrap();
        let seed = u128::from_le_bytes([self.bytes[0]; 16]) ^ u128::from(self.bytes[1]) ^ u128::from(number) << 64;
        DiagnosisKey::new(seed.to_le_bytes(), window)
    }
}

impl Heard {
    fn make(&self, keys: &[DiagnosisKey]) -> Option<Sighting> {
        match self {
            Self::OfKey { key, offset, late, change, length } => {
                let key = keys.get(usize::from(*key) % keys.len().max(1))?;
                let interval = key.window.start().as_u32().saturating_add_signed((*offset % 200).into());
                let interval = EnIntervalNumber::new(interval);
                let rpi = key.identifier_key().identifier(interval);
                let metadata = gaen::keys::BluetoothMetadata::v1_0(8);
                let aem = key.metadata_key().encrypt(&rpi, metadata).as_bytes().repeat(2);
                let mut bytes = *rpi.as_bytes();
                if let Some((at, byte)) = change {
                    bytes[usize::from(*at) % 16] = *byte;
                }
                let rpi = RollingProximityIdentifier::from_bytes(bytes);
                let length = usize::from(length.unwrap_or(4)).min(aem.len());
                let time = interval.unix_seconds().saturating_add_signed((*late).into());
                Some(Sighting::new(rpi, &aem[..length], -60, time))
            }
            Self::Random { rpi, time } => {
                Some(Sighting::new(RollingProximityIdentifier::from_bytes(*rpi), &[0; 4], -60, *time))
            }
        }
    }
}

/// Every tier, with either way to probe if it has two.
fn tiers() -> Vec<Tier> {
    let probes = |tier: Tier| [tier.probe(Probe::Gather), tier.probe(Probe::Scalar)];
    let mut tiers: Vec<_> = Tier::available().into_iter().flat_map(probes).collect();
    tiers.dedup();
    tiers
}

fn search<'i>(
    index: &'i SightingIndex,
    profile: Profile,
    tier: Tier,
    keys: &[DiagnosisKey],
    piece: usize,
) -> Search<'i> {
    let mut search = Matcher::new(index).profile(profile).tier(tier).search();
    keys.chunks(piece).enumerate().for_each(|(source, keys)| search.add(source, keys));
    search
}

/// Every identifier of every key against every sighting, from the last key on. One that is `hiding`, because it matched
/// where the last of equal keys counts, hides what has the same key data and another window before it.
fn by_comparing(
    keys: &[DiagnosisKey],
    sightings: &[Sighting],
    hiding: &BTreeSet<(KeyData, RollingWindow)>,
) -> BTreeSet<(KeyData, EnIntervalNumber, usize)> {
    let mut heard = BTreeMap::<_, Vec<usize>>::new();
    for (position, sighting) in sightings.iter().enumerate() {
        heard.entry(*sighting.rpi.as_bytes()).or_default().push(position);
    }
    let (mut found, mut hidden) = (BTreeSet::new(), BTreeSet::new());
    for key in keys.iter().rev() {
        if hidden.contains(&key.key_data) {
            continue;
        }
        let identifier_key = key.identifier_key();
        for interval in key.window.intervals() {
            let positions = heard.get(identifier_key.identifier(interval).as_bytes()).map_or(&[][..], Vec::as_slice);
            found.extend(positions.iter().map(|position| (key.key_data, interval, *position)));
        }
        if hiding.contains(&(key.key_data, key.window)) {
            hidden.insert(key.key_data);
        }
    }
    found
}
