//! Every tier of this CPU, through the matcher, against what the specification says, key by key.

#[path = "common/cases.rs"]
mod cases;

use gaen::matching::{Probe, Tier};
use gaen::time::RollingPeriod;
use gaen::{DiagnosisKey, EnIntervalNumber, Matcher, RollingWindow, Sighting, SightingIndex};
use proptest::prelude::*;

/// Every tier, with either way to probe if it has two. Under an emulator, which is slow, only those that
/// `GAEN_TESTED_TIERS` names: the others have had their turn on a processor that has nothing faster.
fn tiers() -> Vec<Tier> {
    let probes = |tier: Tier| [tier.probe(Probe::Gather), tier.probe(Probe::Scalar)];
    let named = std::env::var("GAEN_TESTED_TIERS").ok();
    let available = match &named {
        Some(names) => names.split(' ').map(|name| name.parse().unwrap()).collect(),
        None => Tier::available(),
    };
    let mut tiers: Vec<_> = available.into_iter().flat_map(probes).collect();
    tiers.dedup();
    tiers
}

fn key(seed: u64, start: u32, period: u32) -> DiagnosisKey {
    let bytes = u128::from(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835).to_le_bytes();
    let window = RollingWindow::new(EnIntervalNumber::new(start), RollingPeriod::new(period).unwrap()).unwrap();
    DiagnosisKey::new(bytes, window)
}

/// What was heard of a key in these intervals.
fn heard(key: &DiagnosisKey, intervals: impl IntoIterator<Item = u32>) -> Vec<Sighting> {
    let (identifier_key, metadata_key) = (key.identifier_key(), key.metadata_key());
    let sighting = |interval| {
        let interval = EnIntervalNumber::new(interval);
        let rpi = identifier_key.identifier(interval);
        let aem = metadata_key.encrypt(&rpi, gaen::keys::BluetoothMetadata::v1_0(0));
        Sighting::new(rpi, aem.as_bytes(), -60, interval.unix_seconds())
    };
    intervals.into_iter().map(sighting).collect()
}

/// Every interval of every key is found, once, in order, by every tier; and none of those just outside of its window.
fn assert_all_found(keys: &[DiagnosisKey]) {
    let outside = |key: &DiagnosisKey| {
        let (start, end) = (key.window.start().as_u32(), key.window.end().as_u32());
        [start.checked_sub(1), Some(end), start.checked_sub(20), end.checked_add(20)].into_iter().flatten()
    };
    let mut sightings = Vec::new();
    for key in keys {
        sightings.extend(heard(key, key.window.intervals().map(EnIntervalNumber::as_u32)));
        sightings.extend(heard(key, outside(key)));
    }
    let expected: Vec<_> =
        keys.iter().flat_map(|key| key.window.intervals().map(|interval| (key.key_data, interval))).collect();
    for index in [SightingIndex::new(sightings.clone()).unwrap(), SightingIndex::exhaustive(sightings).unwrap()] {
        for tier in tiers() {
            let report = Matcher::new(&index).tier(tier).match_keys(keys);
            let found: Vec<_> = report.matches.iter().map(|found| (found.key.key_data, found.interval)).collect();
            assert!(found == expected, "{tier}: {} of {} keys", found.len(), keys.len());
            assert_eq!(report.dropped.len(), 0, "{tier}");
        }
    }
}

#[test]
fn the_tiers_of_this_machine() {
    let names: Vec<_> = Tier::available().into_iter().map(Tier::name).collect();
    println!("tiers: {names:?}");
    let everywhere = names.last_chunk().unwrap();
    assert!(matches!(everywhere, ["safe", "portable"] | ["portable", "safe"]), "these two run everywhere: {names:?}");
    assert_eq!(Tier::available().first(), Some(&Tier::best()));
    for name in &names {
        assert_eq!(name.parse::<Tier>().map(Tier::name), Ok(*name));
    }
    assert_eq!("abacus".parse::<Tier>().unwrap_err().available, names);
    // Where the processor is known, as under an emulator, it has to get the kernels that were written for it.
    if let Ok(expected) = std::env::var("GAEN_EXPECTED_TIERS") {
        assert_eq!(names.join(" "), expected);
    }
}

#[test]
fn tiles_of_every_size() {
    for count in [1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 33] {
        let keys: Vec<_> = (0..count).map(|seed| key(seed + 1, 2_650_032, 144)).collect();
        assert_all_found(&keys);
    }
}

#[test]
fn periods_of_every_length() {
    let keys: Vec<_> = (1..=144).map(|period| key(period.into(), 2_650_032, period)).collect();
    assert_all_found(&keys);
}

#[test]
fn starts_of_every_residue() {
    let keys: Vec<_> = (0..256).map(|offset| key(u64::from(offset) + 1, 2_650_000 + offset, 144)).collect();
    assert_all_found(&keys);
}

#[test]
fn starts_at_both_ends_of_time() {
    let starts = (0..40).chain((u32::MAX - 200..=u32::MAX - 144).step_by(3)).chain([u32::MAX - 144]);
    let keys: Vec<_> = (1..).zip(starts).map(|(seed, start)| key(seed, start, 144)).collect();
    assert_all_found(&keys);
    let last: Vec<_> = (1..=144).map(|period| key(period.into(), u32::MAX - period, period)).collect();
    assert_all_found(&last);
}

proptest! {
    #![proptest_config(cases::cases(24))]

    #[test]
    fn any_keys(
        keys in prop::collection::vec((1_u64..u64::MAX, 2_650_000_u32..2_651_000, 1_u32..=144), 1..40),
    ) {
        let mut keys: Vec<_> = keys.into_iter().map(|(seed, start, period)| key(seed, start, period)).collect();
        keys.sort_unstable();
        keys.dedup_by_key(|key| key.key_data);
        assert_all_found(&keys);
    }
}
