//! One key at a time, as an app on a device derives it.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use gaen::keys::BluetoothMetadata;
use gaen::{EnIntervalNumber, RollingProximityIdentifier, TemporaryExposureKey};

/// The key of the official test vectors and values of its day.
const TEK: u128 = 0x75c7_34c6_dd1a_782d_e7a9_65da_5eb9_3125;
const START: EnIntervalNumber = EnIntervalNumber::new(2_642_976);
const FIRST: &str = "8be6cd371c5c891604bfbe49df845096";
const LAST: &str = "f431b62ecf443102ce4ed0407de54bd4";

fn derive(criterion: &mut Criterion) {
    let tek = || TemporaryExposureKey::from_bytes(black_box(TEK).to_be_bytes());
    let first: RollingProximityIdentifier = FIRST.parse().unwrap();
    let last: RollingProximityIdentifier = LAST.parse().unwrap();

    criterion.bench_function("derive/identifier_key", |bencher| {
        let expected = tek().identifier_key();
        bencher.iter(|| assert!(tek().identifier_key() == expected));
    });
    criterion.bench_function("derive/identifier", |bencher| {
        let key = tek().identifier_key();
        bencher.iter(|| assert_eq!(key.identifier(black_box(START)), first));
    });
    criterion.bench_function("derive/day_of_identifiers", |bencher| {
        let key = tek().identifier_key();
        let mut day = [first; 144];
        bencher.iter(|| {
            key.identifiers(black_box(START), &mut day);
            assert_eq!(day[143], last);
        });
    });
    criterion.bench_function("derive/interval_of", |bencher| {
        let key = tek().identifier_key();
        bencher.iter(|| assert_eq!(key.interval_of(black_box(&first)), Some(START)));
    });
    criterion.bench_function("derive/encrypt_metadata", |bencher| {
        let key = tek().metadata_key();
        let metadata = BluetoothMetadata::v1_0(8);
        bencher.iter(|| assert_eq!(key.encrypt(black_box(&first), metadata).as_bytes(), &[0x72, 0x03, 0x38, 0x74]));
    });
}

criterion_group!(benches, derive);
criterion_main!(benches);
