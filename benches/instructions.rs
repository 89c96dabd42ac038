//! Matches as many keys as its first argument says, once, with the tier that its second argument names.
//! `.ci/instructions` counts its instructions. What the counts of two runs differ by is what the additional keys cost,
//! since everything else is the same for any number of keys.
//!
//! It leans on `gaen` alone, so that it builds without the crates that tests and benchmarks need.

use gaen::keys::BluetoothMetadata;
use gaen::matching::Tier;
use gaen::time::RollingPeriod;
use gaen::{
    DiagnosisKey, EnIntervalNumber, Matcher, RollingProximityIdentifier, RollingWindow, Sighting, SightingIndex,
};

const KEYS: usize = 10_000;
const SIGHTINGS: usize = 10_000;
/// Of every so many keys, one was heard.
const HEARD: usize = 500;
const START: u32 = 2_650_032;

fn main() {
    // `cargo bench` and `cargo test` hand over options: neither a number nor a tier.
    let count = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(HEARD);
    let tier = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or_else(Tier::best);
    let keys = keys();
    let index = SightingIndex::new(sightings(&keys)).unwrap();
    let report = Matcher::new(&index).tier(tier).match_keys(&keys[..count]);
    assert_eq!((report.matches.len(), report.dropped.len()), (count.div_ceil(HEARD), 0));
    let available: Vec<_> = Tier::available().into_iter().map(Tier::name).collect();
    println!("tiers {}", available.join(" "));
}

/// Random keys of one day.
fn keys() -> Vec<DiagnosisKey> {
    let window = RollingWindow::new(EnIntervalNumber::new(START), RollingPeriod::FULL_DAY).unwrap();
    let mut random = Random(1);
    (0..KEYS).map(|_| DiagnosisKey::new(random.bytes(), window)).collect()
}

/// Random sightings over that day, those of the keys that were heard first.
fn sightings(keys: &[DiagnosisKey]) -> Vec<Sighting> {
    let mut random = Random(2);
    let heard = keys.iter().step_by(HEARD).zip(0..).map(|(key, number)| {
        let interval = EnIntervalNumber::new(START + number * 7 % 144);
        let rpi = key.identifier_key().identifier(interval);
        let aem = key.metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(-12));
        Sighting::new(rpi, aem.as_bytes(), -60, interval.unix_seconds())
    });
    let mut sightings: Vec<_> = heard.collect();
    sightings.resize_with(SIGHTINGS, || {
        let rpi = RollingProximityIdentifier::from_bytes(random.bytes());
        Sighting::new(rpi, &[0; 4], -60, u64::from(START) * 600 + random.next() % 86_400)
    });
    sightings
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn bytes(&mut self) -> [u8; 16] {
        (u128::from(self.next()) << 64 | u128::from(self.next())).to_le_bytes()
    }
}
