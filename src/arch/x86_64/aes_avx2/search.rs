//! The rows of keys, one block in a register, and the probe with two.

use core::arch::x86_64::{__m256i, _mm256_set_m128i};

use crate::arch::x86_64::aes_ni::blocks::{
    LANES, QUADS, V, aesenc, aesenclast, broadcast, pack, substitute, transpose, xor,
};
use crate::arch::x86_64::aes_ni::memory::{load, store};
use crate::arch::x86_64::avx2::memory::Slots;
use crate::arch::x86_64::avx2::probe;
use crate::arch::x86_64::avx2::probe::any_heard;
use crate::arch::x86_64::rows::{Pending, aesenc_avx, by_rows, rounds_in_turn, rows};

rows!(#[target_feature(enable = "aes,avx2")]);
by_rows!(#[target_feature(enable = "aes,avx2,bmi2")]);
rounds_in_turn!(
    #[target_feature(enable = "aes,avx2")]
    xmm_reg,
    aesenc_avx
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

#[target_feature(enable = "avx2")]
#[inline]
fn any_heard_at_once(slots: Slots<'_>, words: Words) -> bool {
    probe::any_heard_at_once(slots, wide(words))
}
