//! Nanoseconds a key, at 1e3 to 1e6 sightings. Every row asserts that it found what was planted, and nothing else.
//!
//! - `naive`, `crates`: the [baselines](gaen_bench::baselines).
//! - `gaen`: [`gaen::Matcher`] with the best tier of this CPU. It does the acceptance rules as well.
//! - `gaen_TIER`: with each of the other tiers; `gaen_safe` is the plain path without kernels.
//! - `gaen_fortnight`: the best tier in a world in which most of the time nothing was heard.
//! - `index`: building the index, nanoseconds a sighting.
//!
//! Read ratios within one run, pinned to a core: `taskset -c 1 cargo bench -p gaen-benches --bench matching`.

use std::hint::black_box;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{
    BatchSize, BenchmarkGroup, BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main,
};
use gaen::matching::Tier;
use gaen::{DiagnosisKey, Matcher, SightingIndex};
use gaen_bench::baselines::{Crates, Naive};
use gaen_bench::{PLANTED, World};

/// Numbers of sightings, and of keys. A test only wants to see that all is found.
fn sizes() -> (&'static [usize], usize) {
    if gaen_bench::is_test() { (&[1_000, 10_000], 1_000) } else { (&[1_000, 10_000, 100_000, 1_000_000], 20_000) }
}

fn matching(criterion: &mut Criterion) {
    let (sightings, keys) = sizes();
    let mut group = criterion.benchmark_group("matching");
    group.throughput(Throughput::Elements(keys as u64)).sampling_mode(SamplingMode::Flat);
    group.sample_size(20).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(3));
    for count in sightings {
        let world = World::exhaustive(*count, keys);
        let keys = world.keys.to_vec();
        let naive = Naive::new(&world);
        group.bench_function(BenchmarkId::new("naive", count), |bencher| {
            bencher.iter(|| assert_eq!(naive.search(black_box(&keys)), PLANTED));
        });
        drop(naive);
        let mut crates = Crates::new(&world);
        group.bench_function(BenchmarkId::new("crates", count), |bencher| {
            bencher.iter(|| assert_eq!(crates.search(black_box(&keys)), PLANTED));
        });
        drop(crates);
        let index = SightingIndex::new(world.sightings.clone()).unwrap();
        for tier in Tier::available() {
            let name = if tier == Tier::best() { "gaen".to_owned() } else { format!("gaen_{tier}") };
            row(&mut group, BenchmarkId::new(name, count), &world, &keys, &Matcher::new(&index).tier(tier));
        }
    }
    let world = World::fortnight(keys);
    let index = SightingIndex::new(world.sightings.clone()).unwrap();
    let id = BenchmarkId::new("gaen_fortnight", world.sightings.len());
    row(&mut group, id, &world, &world.keys.to_vec(), &Matcher::new(&index));
    group.finish();
}

fn row(
    group: &mut BenchmarkGroup<'_, WallTime>,
    id: BenchmarkId,
    world: &World,
    keys: &[DiagnosisKey],
    matcher: &Matcher<'_>,
) {
    group.bench_function(id, |bencher| {
        bencher.iter(|| world.check([&matcher.match_keys(black_box(keys))]));
    });
}

fn index(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("index");
    group.sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(3));
    for count in sizes().0 {
        let world = World::exhaustive(*count, World::FEWEST_KEYS);
        group.throughput(Throughput::Elements(*count as u64));
        for (name, build) in [("new", SightingIndex::new as fn(_) -> _), ("exhaustive", SightingIndex::exhaustive)] {
            group.bench_function(BenchmarkId::new(name, count), |bencher| {
                bencher.iter_batched(
                    || world.sightings.clone(),
                    |sightings| {
                        let index = build(sightings).unwrap();
                        assert_eq!(index.sightings().len(), *count);
                        index
                    },
                    BatchSize::LargeInput,
                );
            });
        }
    }
    group.finish();
}

criterion_group!(benches, matching, index);
criterion_main!(benches);
