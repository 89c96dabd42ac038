//! The rows of keys, one block in a register.

use core::arch::x86_64::{_mm_and_si128, _mm_or_si128, _mm_set1_epi16, _mm_slli_epi16};
use core::hint::black_box;

use super::blocks::{
    LANES, QUADS, V, aesenc, aesenclast, broadcast, order, pack, quarters, substitute, transpose, xor,
};
use super::memory::{Slots, load, store, store_words};
use crate::arch::x86_64::rows::{Pending, aesenc_sse, by_rows, rounds_in_turn, rows};

rows!(#[target_feature(enable = "aes,ssse3,sse4.1")]);
by_rows!(#[target_feature(enable = "aes,ssse3,sse4.1")]);
rounds_in_turn!(
    #[target_feature(enable = "aes,ssse3,sse4.1")]
    xmm_reg,
    aesenc_sse
);

/// Stores packed words for their probe.
#[target_feature(enable = "ssse3,sse4.1")]
#[inline]
fn pending(pending: &mut Pending, packed: Words) {
    let Pending { words, masks } = pending;
    let places = words.as_chunks_mut().0.iter_mut().zip(masks.as_chunks_mut().0);
    for ((words, masks), packed) in places.zip(packed) {
        store_words(words, order(packed));
        store_words(masks, self::masks(packed));
    }
}

/// The masks of packed words, in the order of [`order`].
#[target_feature(enable = "ssse3,sse4.1")]
#[inline]
fn masks(packed: V) -> V {
    // The upper nibbles of each word, and the table `1 << (nibble / 2)`.
    let bytes = _mm_shuffle_epi8(packed, quarters([0x8007_800a, 0x800b_800e, 0x800f_8002, 0x8003_8006]));
    let nibbles = _mm_and_si128(_mm_or_si128(bytes, _mm_slli_epi16::<4>(bytes)), _mm_set1_epi16(0x0f0f));
    _mm_shuffle_epi8(quarters([0x0202_0101, 0x0808_0404, 0x2020_1010, 0x8080_4040]), nibbles)
}

/// Whether one of these words may have been heard.
#[inline(always)]
fn any_heard(slots: Slots<'_>, pending: &Pending) -> bool {
    // From memory, as it stands there: the compiler would make vectors of it.
    let Pending { words, masks } = black_box(pending);
    words.iter().zip(masks).any(|(word, mask)| slots.one(*word) & mask == 0)
}

/// There is no gather.
fn any_heard_at_once(_: Slots<'_>, _: Words) -> bool {
    false
}
