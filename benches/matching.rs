//! Nanoseconds a key, at 1e3 to 1e6 sightings. Every row asserts that it found what was planted.
//!
//! - `naive`: `hkdf`, one AES block at a time built in place, a `HashSet` of the standard library. What a first version
//!   looks like.
//! - `crates`: `hkdf`, all 144 blocks in one call from a cached template, `hashbrown`. The best to be had from crates.
//! - `gaen`: [`gaen::Matcher`], which does the acceptance rules as well.
//! - `index`: building the index, nanoseconds a sighting.

use std::collections::HashSet;
use std::hint::black_box;
use std::time::Duration;

use aes::cipher::{BlockCipherEncrypt, KeyInit};
use aes::{Aes128, Aes128Enc, Block};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use gaen::{
    BluetoothMetadata, DiagnosisKey, EnIntervalNumber, Matcher, RollingPeriod, RollingProximityIdentifier,
    RollingWindow, Sighting, SightingIndex,
};
use hkdf::Hkdf;
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};
use sha2::Sha256;

const KEYS: usize = 1000;
const PLANTED: usize = 20;
const START: u32 = 2_650_032;
const SIGHTINGS: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

struct World {
    keys: Vec<DiagnosisKey>,
    sightings: Vec<Sighting>,
}

/// Random keys of one day, and random sightings over that day among which `PLANTED` are of these keys.
fn world(count: usize) -> World {
    let mut rng = StdRng::seed_from_u64(1);
    let window = RollingWindow::new(EnIntervalNumber::new(START), RollingPeriod::FULL_DAY).unwrap();
    let keys: Vec<_> = (0..KEYS).map(|_| DiagnosisKey::new(bytes(&mut rng), window)).collect();
    let sightings = (0..count).map(|position| {
        if position < PLANTED {
            let key = keys[rng.random_range(0..KEYS)];
            let interval = EnIntervalNumber::new(START + rng.random_range(0..144));
            let rpi = key.identifier_key().identifier(interval);
            let aem = key.metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(-12));
            Sighting::new(rpi, aem.as_bytes(), -60, interval.unix_seconds())
        } else {
            let rpi = RollingProximityIdentifier::from_bytes(bytes(&mut rng));
            let time = u64::from(START) * 600 + rng.random_range(0..86_400);
            Sighting::new(rpi, &[0; 4], -60, time)
        }
    });
    World { sightings: sightings.collect(), keys }
}

fn bytes(rng: &mut StdRng) -> [u8; 16] {
    let mut bytes = [0; 16];
    rng.fill_bytes(&mut bytes);
    bytes
}

fn rpik(key: &DiagnosisKey) -> [u8; 16] {
    let mut rpik = [0; 16];
    Hkdf::<Sha256>::new(None, &key.key_data).expand(b"EN-RPIK", &mut rpik).unwrap();
    rpik
}

fn naive(keys: &[DiagnosisKey], heard: &HashSet<[u8; 16]>) -> usize {
    let mut found = 0;
    for key in keys {
        let cipher = Aes128::new(&rpik(key).into());
        for interval in START..START + 144 {
            let mut block = Block::default();
            block[..6].copy_from_slice(b"EN-RPI");
            block[12..].copy_from_slice(&interval.to_le_bytes());
            cipher.encrypt_block(&mut block);
            found += usize::from(heard.contains(block.as_slice()));
        }
    }
    found
}

fn crates(keys: &[DiagnosisKey], heard: &hashbrown::HashSet<[u8; 16]>) -> usize {
    let mut template = [Block::default(); 144];
    for (interval, block) in (START..).zip(&mut template) {
        block[..6].copy_from_slice(b"EN-RPI");
        block[12..].copy_from_slice(&interval.to_le_bytes());
    }
    let mut blocks = template;
    let mut found = 0;
    for key in keys {
        Aes128Enc::new(&rpik(key).into()).encrypt_blocks_b2b(&template, &mut blocks).unwrap();
        found += blocks.iter().filter(|block| heard.contains(block.as_slice())).count();
    }
    found
}

fn gaen(keys: &[DiagnosisKey], index: &SightingIndex) -> usize {
    Matcher::new(index).match_keys(keys).matches.len()
}

fn matching(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("matching");
    group.throughput(Throughput::Elements(KEYS as u64));
    group.sample_size(20).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
    for count in SIGHTINGS {
        let world = world(count);
        let rpis = || world.sightings.iter().map(|sighting| *sighting.rpi.as_bytes());
        let heard: HashSet<_> = rpis().collect();
        group.bench_function(BenchmarkId::new("naive", count), |bencher| {
            bencher.iter(|| assert_eq!(naive(black_box(&world.keys), &heard), PLANTED));
        });
        let heard: hashbrown::HashSet<_> = rpis().collect();
        group.bench_function(BenchmarkId::new("crates", count), |bencher| {
            bencher.iter(|| assert_eq!(crates(black_box(&world.keys), &heard), PLANTED));
        });
        let index = SightingIndex::new(world.sightings).unwrap();
        group.bench_function(BenchmarkId::new("gaen", count), |bencher| {
            bencher.iter(|| assert_eq!(gaen(black_box(&world.keys), &index), PLANTED));
        });
    }
    group.finish();
}

fn index(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("index");
    group.sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(3));
    for count in SIGHTINGS {
        let world = world(count);
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(BenchmarkId::new("build", count), |bencher| {
            bencher.iter_batched(
                || world.sightings.clone(),
                |sightings| {
                    let index = SightingIndex::new(sightings).unwrap();
                    assert_eq!(index.sightings().len(), count);
                    index
                },
                criterion::BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, matching, index);
criterion_main!(benches);
