//! Reading, verifying and writing an export of 10,000 keys.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use gaen::export::{ExportBuilder, ReadOptions, Signer, Trust, UnverifiedExport};
use gaen::{DiagnosisKey, EnIntervalNumber, RollingPeriod, RollingWindow};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

const KEYS: usize = 10_000;

fn export(criterion: &mut Criterion) {
    let mut rng = StdRng::seed_from_u64(1);
    let window = RollingWindow::new(EnIntervalNumber::new(2_650_032), RollingPeriod::FULL_DAY).unwrap();
    let keys: Vec<_> = (0..KEYS)
        .map(|_| {
            let mut key = DiagnosisKey::new([0; 16], window);
            rng.fill_bytes(&mut key.key_data);
            key
        })
        .collect();
    let signers = [Signer::generate("440", "v1", &mut rng)];
    let trust = Trust::new(signers[0].trusted_key());
    let builder = ExportBuilder::new("440", 1_590_019_200, 1_590_105_600).keys(keys);
    let file = builder.clone().build(&signers, &mut rng).unwrap().remove(0);
    let options = ReadOptions::default();
    let export = UnverifiedExport::from_zip(&file.zip, &options).unwrap();

    let mut group = criterion.benchmark_group("export");
    group.sample_size(20).throughput(Throughput::Elements(KEYS as u64));
    group.bench_function("open_zip", |bencher| {
        bencher.iter(|| UnverifiedExport::from_zip(black_box(&file.zip), &options).unwrap());
    });
    group.bench_function("parse", |bencher| {
        bencher.iter(|| assert_eq!(export.read_without_verifying().unwrap().keys.len(), KEYS));
    });
    group.bench_function("verify_and_parse", |bencher| {
        bencher.iter(|| assert_eq!(export.verify(&trust).unwrap().keys().len(), KEYS));
    });
    group.bench_function("write", |bencher| {
        bencher.iter(|| {
            let files = builder.clone().build(&signers, &mut rng).unwrap();
            assert_eq!(files[0].export_sha256, file.export_sha256);
        });
    });
    group.finish();
}

criterion_group!(benches, export);
criterion_main!(benches);
