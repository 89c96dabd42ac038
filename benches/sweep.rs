//! 1,000 configurations over the 10,000 exposure windows of a fortnight, on one thread: the time of a sweep.
//!
//! - `cocoa-v2`: daily summaries, and a rule over the day's score and seconds.
//! - `cwa-android`: Corona-Warn-App's own weights, levels and rounding.
//!
//! Each sweep asserts how many days were notified in all. Before it is measured, some of its rows are held against
//! `Judge::judge`, which keeps every step.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use gaen::exposure::decision::{Judge, WindowSet};
use gaen::exposure::sweep::{Axis, Person, Row, configuration_at, sweep};
use gaen::exposure::{Preset, Verdict};
use gaen_bench::windows::{day_after, windows};

/// Ten values each of two weights and of the score that notifies.
const GRIDS: [(Preset, [&str; 3]); 2] = [
    (Preset::CocoaV2, ["score_sum=50000..500000:50000", "weight.1=0.25..2.5:0.25", "weight.2=0.25..2.5:0.25"]),
    (Preset::CwaAndroid, ["high.score_sum=500..5000:500", "weight.1=0.1..1:0.1", "weight.2=0.25..2.5:0.25"]),
];

fn sweeps(criterion: &mut Criterion) {
    let count = if gaen_bench::is_test() { 500 } else { 10_000 };
    let people = [Person { windows: WindowSet::new(windows(count)), truth: None }];
    let mut group = criterion.benchmark_group("sweep");
    group.throughput(Throughput::Elements(1000)).sampling_mode(SamplingMode::Flat);
    group.sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(10));
    for (preset, axes) in GRIDS {
        let (profile, axes) = (preset.profile(), axes.map(|axis| axis.parse::<Axis>().unwrap()));
        let base = preset.configuration(profile);
        let run = || sweep(black_box(&people), &base, profile, &axes, day_after()).unwrap();
        let rows = run();
        assert_eq!(rows.len(), 1000);
        let notified: u64 = rows.iter().map(|row| row.notified_days).sum();
        for row in rows.iter().step_by(37) {
            let judge = Judge::new(&configuration_at(&base, &axes, &row.values).unwrap(), profile);
            let judgement = judge.judge(&people[0].windows, day_after(), None);
            let days = judgement.days.iter().filter(|day| day.verdict == Verdict::Notify).count();
            assert_eq!(row.notified_days, days as u64, "{row:?}");
        }
        assert!(gaen_bench::is_test() || differ(&rows), "a grid that says one thing alone measures little");
        group.bench_function(preset.name(), |bencher| {
            bencher.iter(|| assert_eq!(run().iter().map(|row| row.notified_days).sum::<u64>(), notified));
        });
    }
    group.finish();
}

fn differ(rows: &[Row]) -> bool {
    rows.iter().any(|row| row.notified_days > 0) && rows.iter().any(|row| row.notified_days == 0)
}

criterion_group!(benches, sweeps);
criterion_main!(benches);
