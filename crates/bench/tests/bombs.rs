//! No file makes a reader take more memory than the limits allow, and each that goes beyond one is refused by its name.

use gaen::export::Limits;
use gaen_bench::bombs::{Verdict, Way, bombs, heard};
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Smaller than the default, so that the test is short.
const LIMITS: Limits = Limits {
    file_bytes: 4 << 20,
    export_bin_bytes: 4 << 20,
    export_sig_bytes: 64 << 10,
    entries: 64,
    keys: 150_000,
    signature_infos: 10,
    signatures: 10,
    field_bytes: 16 << 10,
    candidates: 10_000,
};

/// What a way may hold at a time.
fn most(way: Way) -> usize {
    match way {
        // Buffers, a batch of keys, the longest texts and the candidates: nothing that grows with the file.
        Way::AddExport => 5 << 19,
        // `export.bin`, and keys of 40 bytes in a vector that holds three times as much while it grows.
        Way::InMemory | Way::Inspect => 20 << 20,
    }
}

/// One test, since whatever else ran would be counted too.
#[test]
fn every_bomb_is_bounded_by_a_limit_that_is_named() {
    let index = heard();
    let mut failures = Vec::new();
    for bomb in bombs(&LIMITS) {
        for way in Way::ALL {
            let before = ALLOCATOR.current_usage();
            ALLOCATOR.reset_peak_usage();
            let outcome = way.read(&bomb.file, &LIMITS, &index);
            let peak = ALLOCATOR.peak_usage() - before;
            let what = format!("{}, {}: {outcome:?}, {peak} bytes", bomb.name, way.name());
            let is_as_expected = match (bomb.verdict(way), outcome) {
                (Verdict::Ok, outcome) => outcome.is_ok(),
                (Verdict::Refused(expected, words), Err((code, text))) => code == expected && text.contains(words),
                (Verdict::Refused(..), Ok(())) => false,
            };
            if !is_as_expected || peak > most(way) {
                failures.push(what);
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}
