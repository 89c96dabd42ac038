//! The rows of sixteen keys, one block in a register.

use core::arch::x86_64::{
    _mm_and_si128, _mm_cmpeq_epi32, _mm_movemask_epi8, _mm_or_si128, _mm_packs_epi16, _mm_packs_epi32, _mm_set1_epi16,
    _mm_setzero_si128, _mm_slli_epi16,
};

use super::blocks::{
    LANES, QUADS, V, aesenc, aesenclast, broadcast, order, pack, quarters, substitute, transpose, xor,
};
use super::memory::{Slots, load, store, words};
use crate::arch::x86_64::rows::search_in_rows;

search_in_rows!(#[target_feature(enable = "aes,ssse3,sse4.1")]);

/// Those of these lanes whose packed words were not heard.
#[target_feature(enable = "aes,ssse3,sse4.1")]
#[inline]
fn probe<const GATHER: bool>(lanes: u16, slots: Slots<'_>, [a, b, c, d]: Words) -> u16 {
    const { assert!(!GATHER) };
    lanes & !bits([test(slots, a), test(slots, b), test(slots, c), test(slots, d)])
}

/// All ones for each packed word whose slot says that it may have been heard.
#[target_feature(enable = "ssse3,sse4.1")]
#[inline]
fn test(slots: Slots<'_>, packed: V) -> V {
    // The upper nibbles of each word, and the table `1 << (nibble / 2)`.
    let bytes = _mm_shuffle_epi8(packed, quarters([0x8007_800a, 0x800b_800e, 0x800f_8002, 0x8003_8006]));
    let nibbles = _mm_and_si128(_mm_or_si128(bytes, _mm_slli_epi16::<4>(bytes)), _mm_set1_epi16(0x0f0f));
    let masks = _mm_shuffle_epi8(quarters([0x0202_0101, 0x0808_0404, 0x2020_1010, 0x8080_4040]), nibbles);
    _mm_cmpeq_epi32(_mm_and_si128(slots.of(order(packed)), masks), _mm_setzero_si128())
}

/// A bit for each word that is all ones.
#[target_feature(enable = "sse2")]
#[inline]
fn bits([a, b, c, d]: [V; 4]) -> u16 {
    let bytes = _mm_packs_epi16(_mm_packs_epi32(a, b), _mm_packs_epi32(c, d));
    let [low, high, ..] = _mm_movemask_epi8(bytes).to_le_bytes();
    u16::from_le_bytes([low, high])
}
