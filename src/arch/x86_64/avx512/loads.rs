//! The rows of keys, probed by single loads: for CPUs on which gathers are slow.

use super::blocks::{LANES, QUADS, V, aesenc, aesenclast, broadcast, masks, order, pack};
use super::memory::store_words;
use crate::arch::x86_64::rows::{Pending, by_rows, rounds_in_turn, rows, vex};

/// A round key goes to all blocks of a register.
macro_rules! instructions {
    (key $at:literal) => {
        concat!("vbroadcasti32x4 {key}, xmmword ptr [", $at, "]\n")
    };
    (begin $block:ident $at:literal) => {
        concat!("vpxord {", stringify!($block), "}, {key}, zmmword ptr [{entries} + ", $at, " * {size}]\n")
    };
    ($($same:tt)+) => {
        vex!($($same)+)
    };
}

rows!(#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,vaes,gfni,aes,bmi2")]);
by_rows!(#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,vaes,gfni,aes,bmi2")]);
rounds_in_turn!(
    #[target_feature(enable = "avx512f,vaes,bmi2")]
    zmm_reg, instructions, [[a "0" b "1" c "2" d "3"]],
    ["{state}" "0" "1"]
    ["{state} + 16" "2" "3"]
    ["{state} + 32" "4" "5"]
    ["{state} + 48" "6" "7"]
    ["{state} + 64" "8" "9"]
    ["{state} + 80" "10" "11" "12"]
    ["{state} + 96" "13" "14" "15"]
);

/// Stores packed words for their probe.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
#[inline]
fn pending(pending: &mut Pending, [packed]: Words) {
    let words = order(packed);
    store_words(&mut pending.words, words);
    store_words(&mut pending.masks, masks(words));
}
