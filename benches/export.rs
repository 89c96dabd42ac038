//! Reading, verifying and writing an export of 200,000 keys.
//!
//! `inflate` is the `zip` crate alone, `inflate_and_hash` what it takes to identify a file, and `stream` the whole pass
//! of a search without its matching: its file has the same keys as revised keys, which are parsed alike and looked for
//! by nobody. All three read in one pass and constant memory; the others hold the file.

use std::hint::black_box;
use std::io::{Cursor, Read};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use gaen::export::{EXPORT_BIN, ExportBuilder, ReadOptions, Signer, Trust, UnverifiedExport, export_bin_sha256};
use gaen::keys::{DaysSinceOnset, ReportType, TransmissionRiskLevel};
use gaen::time::RollingPeriod;
use gaen::{DiagnosisKey, EnIntervalNumber, Matcher, RollingWindow, SightingIndex};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

const KEYS: usize = 200_000;

fn export(criterion: &mut Criterion) {
    let mut rng = StdRng::seed_from_u64(1);
    let key = |number: u32| {
        let start = EnIntervalNumber::new(2_650_032 + 144 * (number % 14));
        let mut key = DiagnosisKey::new([0; 16], RollingWindow::new(start, RollingPeriod::FULL_DAY).unwrap());
        let mut bytes = [0; 16];
        rng.fill_bytes(&mut bytes);
        key.key_data = bytes.into();
        key.transmission_risk_level = TransmissionRiskLevel::new(3).unwrap();
        key.report_type = ReportType::ConfirmedTest;
        key.days_since_onset_of_symptoms = DaysSinceOnset::new(2);
        key
    };
    let keys: Vec<_> = (0..u32::try_from(KEYS).unwrap()).map(key).collect();
    let mut rng = StdRng::seed_from_u64(2);
    let signers = [Signer::generate("440", "v1", &mut rng)];
    let trust = Trust::new(signers[0].trusted_key());
    let empty = ExportBuilder::new("440", 1_590_019_200, 1_590_105_600);
    let builder = empty.clone().keys(keys.clone());
    let file = builder.clone().build(&signers, &mut rng).unwrap().remove(0);
    let revised = empty.revised_keys(keys).build(&signers, &mut rng).unwrap().remove(0);
    let options = ReadOptions::default();
    let export = UnverifiedExport::from_zip(&file.zip, &options).unwrap();
    let bytes = export.export_bin().len();
    let index = SightingIndex::new(Vec::new()).unwrap();

    let mut group = criterion.benchmark_group("export");
    group.sample_size(20).throughput(Throughput::Elements(KEYS as u64));
    group.bench_function("inflate", |bencher| {
        let mut step = vec![0; 16 << 10];
        bencher.iter(|| {
            let mut archive = zip::ZipArchive::new(Cursor::new(black_box(&file.zip))).unwrap();
            let mut entry = archive.by_name(EXPORT_BIN).unwrap();
            let mut found = 0;
            loop {
                match entry.read(&mut step).unwrap() {
                    0 => break,
                    count => found += count,
                }
            }
            assert_eq!(found, bytes);
        });
    });
    group.bench_function("inflate_and_hash", |bencher| {
        bencher.iter(|| {
            let sha256 = export_bin_sha256(Cursor::new(black_box(&file.zip)), &options);
            assert_eq!(sha256, Some(file.export_sha256));
        });
    });
    group.bench_function("stream", |bencher| {
        bencher.iter(|| {
            let (summary, report) =
                Matcher::new(&index).match_export(Cursor::new(black_box(&revised.zip)), &trust).unwrap();
            assert_eq!((summary.revised_keys, report.matches.len()), (KEYS as u64, 0));
        });
    });
    group.bench_function("open_zip", |bencher| {
        bencher.iter(|| {
            let export = UnverifiedExport::from_zip(black_box(&file.zip), &options).unwrap();
            assert_eq!(export.export_sha256(), file.export_sha256);
        });
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
