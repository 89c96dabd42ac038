//! Whether the words in a register may have been heard.

use core::arch::x86_64::{
    __m256i, _mm_set_epi32, _mm256_and_si256, _mm256_broadcastsi128_si256, _mm256_or_si256, _mm256_set1_epi16,
    _mm256_shuffle_epi8, _mm256_slli_epi16,
};

use super::memory::store_words;
use crate::arch::x86_64::rows::Pending;

/// The same four quarters of both blocks, from the first to the last.
#[target_feature(enable = "avx2")]
#[inline]
pub(in crate::arch::x86_64) fn quarters([a, b, c, d]: [u32; 4]) -> __m256i {
    let block = _mm_set_epi32(d.cast_signed(), c.cast_signed(), b.cast_signed(), a.cast_signed());
    _mm256_broadcastsi128_si256(block)
}

/// Packed words in order.
#[target_feature(enable = "avx2")]
#[inline]
pub(in crate::arch::x86_64) fn order(packed: __m256i) -> __m256i {
    _mm256_shuffle_epi8(packed, quarters([0x070a_0d00, 0x0b0e_0104, 0x0f02_0508, 0x0306_090c]))
}

/// The masks of packed words, in the order of [`order`].
#[target_feature(enable = "avx2")]
#[inline]
fn masks(packed: __m256i) -> __m256i {
    // The upper nibbles of each word, and the table `1 << (nibble / 2)`.
    let bytes = _mm256_shuffle_epi8(packed, quarters([0x8007_800a, 0x800b_800e, 0x800f_8002, 0x8003_8006]));
    let nibbles = _mm256_and_si256(_mm256_or_si256(bytes, _mm256_slli_epi16::<4>(bytes)), _mm256_set1_epi16(0x0f0f));
    _mm256_shuffle_epi8(quarters([0x0202_0101, 0x0808_0404, 0x2020_1010, 0x8080_4040]), nibbles)
}

/// Stores packed words for their probe.
#[target_feature(enable = "avx2")]
#[inline]
pub(in crate::arch::x86_64) fn pending(pending: &mut Pending, packed: [__m256i; 2]) {
    let Pending { words, masks } = pending;
    let places = words.as_chunks_mut().0.iter_mut().zip(masks.as_chunks_mut().0);
    for ((words, masks), packed) in places.zip(packed) {
        store_words(words, order(packed));
        store_words(masks, self::masks(packed));
    }
}
