//! From a file on disk to verified matches, on one thread.
//!
//! - `scan_zip`: a zip of 1,000,000 keys against 10,000 sightings, nanoseconds a key.
//! - `inflate`: the same zip inflated to nothing, which is what any reader has to do at least.
//! - memory: what a search of a file of 5,000,000 keys holds at most, over what was there before it (the index and the
//!   code). Printed first, since memory that was freed before could be used again without being counted.

use std::env;
use std::fs::File;
use std::io::BufReader;
use std::time::Duration;

use criterion::{Criterion, SamplingMode, Throughput, criterion_group};
use gaen::{Matcher, SightingIndex};
use gaen_bench::file::{Authority, inflate, search};
use gaen_bench::{World, is_test, memory};
use tempfile::NamedTempFile;

const SIGHTINGS: usize = 10_000;

/// A search that reads piece by piece may hold so much beside the index.
const MOST_MEMORY: u64 = 8 << 20;

/// A world with this many keys, and a file of them.
fn world(keys: usize) -> (World, NamedTempFile) {
    let world = World::exhaustive(SIGHTINGS, keys);
    let file = NamedTempFile::new().unwrap();
    Authority::new().write(world.keys.iter(), file.as_file()).unwrap();
    (world, file)
}

fn open(file: &NamedTempFile) -> BufReader<File> {
    BufReader::new(file.reopen().unwrap())
}

fn file(criterion: &mut Criterion) {
    let (world, file) = world(if is_test() { 10_000 } else { 1_000_000 });
    let trust = Authority::new().trust();
    let index = SightingIndex::new(world.sightings.clone()).unwrap();
    let matcher = Matcher::new(&index);

    let mut group = criterion.benchmark_group("file");
    group.throughput(Throughput::Elements(world.keys.count as u64)).sampling_mode(SamplingMode::Flat);
    group.sample_size(20).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(10));
    group.bench_function("scan_zip", |bencher| {
        bencher.iter(|| {
            let (keys, report) = search(&matcher, open(&file), &trust).unwrap();
            assert_eq!(keys, world.keys.count as u64);
            world.check([&report]);
        });
    });
    group.bench_function("inflate", |bencher| {
        bencher.iter(|| assert!(inflate(open(&file)).unwrap() > 30 * world.keys.count as u64));
    });
    group.finish();
}

/// The peak of a search.
fn peak() {
    let (world, file) = world(if is_test() { 100_000 } else { 5_000_000 });
    let trust = Authority::new().trust();
    let index = SightingIndex::new(world.sightings.clone()).unwrap();
    let (growth, result) = memory::peak_of(|| search(&Matcher::new(&index), open(&file), &trust));
    let (keys, report) = result.unwrap();
    assert_eq!(keys, world.keys.count as u64);
    world.check([&report]);

    let Some(growth) = growth else {
        return println!("memory: this system does not tell");
    };
    println!("memory: {keys} keys searched in {} KiB over the index and the code", growth >> 10);
    assert!(growth <= MOST_MEMORY, "more than {} KiB", MOST_MEMORY >> 10);
}

criterion_group!(benches, file);

fn main() {
    if !env::args().any(|arg| arg == "--list") {
        peak();
    }
    benches();
    Criterion::default().configure_from_args().final_summary();
}
