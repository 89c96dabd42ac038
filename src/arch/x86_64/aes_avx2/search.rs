//! The rows of sixteen keys, one block in a register, and the probe with two.

use core::arch::x86_64::_mm256_set_m128i;

use crate::arch::x86_64::aes_ni::blocks::{
    LANES, QUADS, V, aesenc, aesenclast, broadcast, order, pack, substitute, transpose, xor,
};
use crate::arch::x86_64::aes_ni::memory::{load, store, words};
use crate::arch::x86_64::avx2;
use crate::arch::x86_64::avx2::memory::Slots;
use crate::arch::x86_64::rows::search_in_rows;

search_in_rows!(#[target_feature(enable = "aes,avx2")]);

/// Those of these lanes whose packed words were not heard.
#[target_feature(enable = "aes,avx2")]
#[inline]
fn probe<const GATHER: bool>(lanes: u16, slots: Slots<'_>, [a, b, c, d]: Words) -> u16 {
    avx2::probe::probe::<GATHER>(lanes, slots, [_mm256_set_m128i(b, a), _mm256_set_m128i(d, c)])
}
