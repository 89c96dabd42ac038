//! The rows of keys, one block in a register, and the probe with two.

use core::arch::x86_64::{__m256i, _mm256_set_m128i};

use crate::arch::x86_64::aes_ni::blocks::{
    LANES, QUADS, V, aesenc, aesenclast, broadcast, pack, substitute, transpose, xor,
};
use crate::arch::x86_64::aes_ni::memory::{load, store};
use crate::arch::x86_64::avx2::probe;
use crate::arch::x86_64::rows::{Pending, by_rows, rounds_in_turn, rows, states, vex};

macro_rules! instructions {
    (key $at:literal) => {
        concat!("vmovdqa {key}, xmmword ptr [", $at, "]\n")
    };
    (begin $block:ident $at:literal) => {
        concat!("vpxor {", stringify!($block), "}, {key}, xmmword ptr [{entries} + ", $at, " * {size}]\n")
    };
    ($($same:tt)+) => {
        vex!($($same)+)
    };
}

states!(#[target_feature(enable = "aes,avx2,bmi2")]);
rows!(#[target_feature(enable = "aes,avx2,bmi2")]);
by_rows!(#[target_feature(enable = "aes,avx2,bmi2")]);
rounds_in_turn!(
    #[target_feature(enable = "aes,avx2,bmi2")]
    xmm_reg, instructions, [[a "0" b "1" c "2" d "3"] [e "4" f "5" g "6" h "7"]],
    ["{state}" "0"]
    ["{state} + 16" "1"]
    ["{state} + 32" "2"]
    ["{state} + 48" "3"]
    ["{state} + 64" "4"]
    ["{state} + 80" "5"]
    ["{state} + 96" "6" "7"]
);

/// Packed words in registers of twice the width.
#[target_feature(enable = "avx2")]
#[inline]
fn wide([a, b, c, d]: Words) -> [__m256i; 2] {
    [_mm256_set_m128i(b, a), _mm256_set_m128i(d, c)]
}

#[target_feature(enable = "avx2")]
#[inline]
fn pending(pending: &mut Pending, words: Words) {
    probe::pending(pending, wide(words));
}
