//! Every tier of this CPU against the plain path, which knows nothing of rows, tiles and tables.

use alloc::vec::Vec;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::keys::{RollingProximityIdentifier, RollingProximityIdentifierKey, TemporaryExposureKey};
use crate::time::EnIntervalNumber;

/// All kernels that this CPU can run, by name, with either probe if there are two. Under an emulator, which is slow,
/// those of the tiers that `GAEN_TESTED_TIERS` names, as in `tests/kernels.rs`.
fn kernels() -> impl Iterator<Item = (&'static str, Kernels)> {
    let probes = |tier: Tier| [tier.probe(Probe::Gather), tier.probe(Probe::Scalar)];
    let available = match std::env::var("GAEN_TESTED_TIERS") {
        Ok(names) => names.split(' ').map(|name| name.parse().unwrap()).collect(),
        Err(_) => Tier::available(),
    };
    let mut tiers: Vec<_> = available.into_iter().flat_map(probes).collect();
    tiers.dedup();
    tiers.into_iter().filter_map(|tier| Some((tier.name(), tier.kernels()?)))
}

/// The candidates, one identifier after the other.
fn plain(rpiks: &[[[u8; 16]; TILE]], jobs: &[Job], parts: &[Part<'_>]) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for (number, (rpik, job)) in rpiks.as_flattened().iter().zip(jobs).enumerate() {
        let key = RollingProximityIdentifierKey::from_bytes(*rpik);
        for part in parts {
            let rows = job.rows & part.rows;
            for row in (0..32).filter(|bit| rows >> bit & 1 == 1).map(|bit| job.first_row.wrapping_add(bit)) {
                let mut identifiers = [RollingProximityIdentifier::from_bytes([0; 16]); ROW as usize];
                key.identifiers(EnIntervalNumber::new(row * ROW), &mut identifiers);
                for (interval, identifier) in (row * ROW..=row * ROW + 15).zip(identifiers) {
                    let word = word(identifier.as_bytes());
                    if part.filter.may_contain(word) {
                        candidates.push(Candidate { job: number, interval, word });
                    }
                }
            }
        }
    }
    candidates.sort_unstable();
    candidates
}

fn plain_rpik(key: &[u8; 16]) -> [u8; 16] {
    *TemporaryExposureKey::from_bytes(*key).identifier_key().expose_secret()
}

fn assert_all_agree(rpiks: &[[[u8; 16]; TILE]], jobs: &[Job], parts: &[Part<'_>]) {
    let expected = plain(rpiks, jobs, parts);
    let mut space = Space::default();
    for (name, kernels) in kernels() {
        let mut candidates = Vec::new();
        kernels.search(&mut space, rpiks, jobs, parts, &mut candidates);
        candidates.sort_unstable();
        assert!(candidates == expected, "{name}: {} candidates instead of {}", candidates.len(), expected.len());
    }
}

/// A part that answers for all rows.
fn all_rows(filter: &Filter) -> Part<'_> {
    Part { filter, rows: u32::MAX }
}

/// A filter of which every bit is set, so that everything is a candidate.
fn full() -> &'static Filter {
    // Filled once: a million identifiers take longer than most cases that ask for it.
    static FULL: LazyLock<Filter> = LazyLock::new(|| {
        let mut filter = Filter::new(1);
        for word in 0..=u16::MAX {
            for slot in 0..16 {
                filter.insert(u32::from(word) << 16 | slot);
            }
        }
        filter
    });
    &FULL
}

fn some_keys() -> [[u8; 16]; TILE] {
    core::array::from_fn(|key| core::array::from_fn(|byte| (key * 37 + byte * 11 + 5) as u8))
}

#[test]
fn this_machine_is_tested_with() {
    // Shown with --nocapture, so that a run tells what it has proved.
    std::println!("tiers: {:?}", Tier::available());
}

#[test]
fn every_interval_of_every_row_is_searched() {
    let full = full();
    // Starts of every residue mod 256, in tiles of every size.
    for first_row in (0..16).chain([165_000, 165_007, 165_008, (1 << 28) - 11]) {
        for count in [0, 1, 2, 3, 5, 7, 8, 9, 15, 16] {
            let jobs: Vec<_> = (0..count).map(|_| Job { first_row, rows: 0x3ff }).collect();
            assert_all_agree(&[some_keys()], &jobs, &[all_rows(full)]);
        }
    }
}

#[test]
fn each_low_nibble_of_a_key_permutes_the_row() {
    let full = full();
    for first in (0..=u8::MAX).step_by(TILE) {
        let mut keys = some_keys();
        for (byte, key) in (first..=u8::MAX).zip(&mut keys) {
            key[12] = byte;
        }
        let jobs = [Job { first_row: 165_627, rows: 3 }; TILE];
        assert_all_agree(&[keys], &jobs, &[all_rows(full)]);
    }
}

#[test]
fn any_number_of_keys_is_hashed() {
    let keys = some_keys();
    for (name, kernels) in kernels() {
        for count in 0..=TILE {
            let rpiks = kernels.rpiks(&keys, count);
            for (key, rpik) in keys.iter().zip(rpiks).take(count) {
                assert_eq!(rpik, plain_rpik(key), "{name}, {count} keys");
            }
        }
    }
}

#[test]
fn no_rows_have_no_candidates() {
    let full = full();
    assert_all_agree(&[some_keys()], &[Job { first_row: 10_000, rows: 0 }; TILE], &[all_rows(full)]);
    assert_all_agree(&[some_keys()], &[Job { first_row: 10_000, rows: 7 }; TILE], &[Part { filter: full, rows: 8 }]);
    assert_all_agree(&[some_keys()], &[Job { first_row: 10_000, rows: 7 }; TILE], &[]);
}

#[test]
fn jobs_may_have_any_sixteen_of_their_rows_in_any_part() {
    let (full, empty) = (full(), &Filter::new(0));
    let rows = [0xffff, 0xffff << 16, 0x5555 << 9, 0x8001, 0x8001 << 16, 0, 1 << 31, 1];
    for first_row in [0, 9, 10_000, (1 << 28) - 32] {
        let jobs: Vec<_> = rows.iter().map(|rows| Job { first_row, rows: *rows }).collect();
        for filters in [[full, full, full], [full, empty, full], [empty, full, empty], [empty; 3]] {
            let parts: Vec<_> = [0x00ff_00ff, 0xff00_fe00, 0x0000_0100].into_iter().zip(filters).collect();
            let parts: Vec<_> = parts.into_iter().map(|(rows, filter)| Part { filter, rows }).collect();
            assert_all_agree(&[some_keys()], &jobs, &parts);
        }
    }
}

/// Rows wait for their probe over the borders of keys, tiles and rows.
#[test]
fn queues_of_every_length_are_searched() {
    let (full, nothing) = (full(), &Filter::new(0));
    let keys: Vec<_> = (0..3).map(|tile| some_keys().map(|key| key.map(|byte| byte ^ tile))).collect();
    for count in (0..=34).chain([47, 48]) {
        // Each key has rows of its own, and some have none.
        let rows = |number: u32| (0x1ff_u32 >> (number % 10)) << (number % 7);
        let jobs: Vec<_> = (0..count).map(|number| Job { first_row: 9 * 18_400, rows: rows(number) }).collect();
        let part = |(part, filter): (u32, _)| Part { filter, rows: 0b111_u32 << (3 * part) };
        let parts: Vec<_> = (0..5).zip([full, nothing, full, full, nothing]).map(part).collect();
        assert_all_agree(&keys[..jobs.len().div_ceil(TILE)], &jobs, &parts);
    }
}

/// As many candidates as there are when the sightings are far too many for their filters.
#[test]
fn a_filter_may_be_wrong_most_of_the_time() {
    let mut crowded = Filter::new(1_000);
    (0..60_000_u32).for_each(|n| crowded.insert(n.wrapping_mul(0x9e37_79b9)));
    let jobs = [Job { first_row: 9 * 18_400, rows: 0x1ff }; TILE];
    let found = plain(&[some_keys()], &jobs, &[all_rows(&crowded)]).len();
    assert!((300..2_000).contains(&found), "{found} of 2,304");
    assert_all_agree(&[some_keys()], &jobs, &[all_rows(&crowded)]);
}

#[test]
fn filters_of_every_size_are_probed() {
    let jobs = [Job { first_row: 10_322, rows: 0x1ff }; TILE];
    let all = plain(&[some_keys()], &jobs, &[all_rows(full())]);
    // Every seventh identifier, and noise, in filters from the smallest to the largest.
    for size in (0..=20).map(|bits| 1 << bits) {
        let mut filter = Filter::new(size);
        for candidate in all.iter().step_by(7) {
            filter.insert(candidate.word);
        }
        for noise in (0..u32::try_from(size.min(5_000)).unwrap()).map(|n| n.wrapping_mul(0x9e37_79b9)) {
            filter.insert(noise);
        }
        assert_all_agree(&[some_keys()], &jobs, &[all_rows(&filter)]);
    }
}

/// What `detected!` asks without `std`, against what it asks with it. Apple's systems show AVX-512 on first use only.
#[cfg(all(target_arch = "x86_64", not(target_vendor = "apple")))]
#[test]
fn the_cpu_answers_the_same_without_std() {
    macro_rules! same {
        ($($feature:tt)+) => {$({
            cpufeatures::new!(cpu, $feature);
            assert_eq!(cpu::get(), std::is_x86_feature_detected!($feature), $feature);
        })+};
    }
    same!("aes" "ssse3" "sse4.1" "sha" "avx" "avx2" "bmi2" "avx512f" "avx512bw" "avx512vbmi");
    assert_eq!(x86_64::has_vaes(), std::is_x86_feature_detected!("vaes"));
}

proptest! {
    #[test]
    fn hashes_are_those_of_hkdf(keys: [[u8; 16]; TILE], count in 1..=TILE) {
        for (name, kernels) in kernels() {
            let rpiks = kernels.rpiks(&keys, count);
            for (key, rpik) in keys.iter().zip(rpiks).take(count) {
                prop_assert_eq!(rpik, plain_rpik(key), "{}", name);
            }
        }
    }

    #[test]
    fn candidates_are_those_of_the_plain_path(
        rpiks: [[u8; 16]; 2 * TILE],
        jobs in prop::collection::vec((prop_oneof![0..1_u32 << 28, 165_600..165_700_u32, (1_u32 << 28) - 32..1 << 28], any::<u16>(), 0..=16_u32), 0..=2 * TILE),
        cut in 0..32_u32,
        noise in prop::collection::vec(any::<u32>(), 0..200),
        planted in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
    ) {
        let jobs: Vec<_> = jobs.into_iter().map(|(first_row, rows, shift)| {
            // None is past the last interval.
            Job { first_row: first_row.min((1 << 28) - 32), rows: u32::from(rows) << shift }
        }).collect();
        let rpiks = rpiks.as_chunks().0;
        let rpiks = &rpiks[..jobs.len().div_ceil(TILE)];
        let mut filters = [Filter::new(noise.len()), Filter::new(10)];
        for word in noise {
            filters[0].insert(word);
        }
        let full = full();
        let all = plain(rpiks, &jobs, &[all_rows(full)]);
        for index in planted {
            if !all.is_empty() {
                let word = all[index.index(all.len())].word;
                filters[usize::from(word & 1 == 1)].insert(word);
            }
        }
        let [low, high] = &filters;
        let rows = u32::MAX << cut;
        assert_all_agree(rpiks, &jobs, &[Part { filter: low, rows: !rows }, Part { filter: high, rows }]);
    }
}
