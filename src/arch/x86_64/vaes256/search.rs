//! The rows of sixteen keys, two blocks in a register.

use core::arch::x86_64::{
    __m256i, _mm256_aesenc_epi128, _mm256_aesenclast_epi128, _mm256_and_si256, _mm256_blend_epi16, _mm256_blendv_epi8,
    _mm256_broadcastsi128_si256, _mm256_castsi256_ps, _mm256_cmpeq_epi32, _mm256_movemask_ps, _mm256_or_si256,
    _mm256_set1_epi16, _mm256_set1_epi32, _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_shuffle_epi32,
    _mm256_slli_epi16, _mm256_unpackhi_epi32, _mm256_unpackhi_epi64, _mm256_unpacklo_epi32, _mm256_unpacklo_epi64,
    _mm256_xor_si256,
};

use super::memory::{self, Slots};
use crate::arch::x86_64::rows::search_in_rows;

type V = __m256i;
const LANES: usize = 2;
const QUADS: usize = 2;

search_in_rows!(#[target_feature(enable = "vaes,aes,avx2")]);

#[target_feature(enable = "avx2")]
#[inline]
fn broadcast(block: __m128i) -> V {
    _mm256_broadcastsi128_si256(block)
}

#[target_feature(enable = "avx2")]
#[inline]
fn xor(a: V, b: V) -> V {
    _mm256_xor_si256(a, b)
}

#[target_feature(enable = "vaes")]
#[inline]
fn aesenc(blocks: V, key: V) -> V {
    _mm256_aesenc_epi128(blocks, key)
}

#[target_feature(enable = "vaes")]
#[inline]
fn aesenclast(blocks: V, key: V) -> V {
    _mm256_aesenclast_epi128(blocks, key)
}

/// The same four bytes of each block, from the first to the last.
#[target_feature(enable = "avx2")]
#[inline]
fn quarters(words: [u32; 4]) -> V {
    let [a, b, c, d] = words.map(u32::cast_signed);
    _mm256_broadcastsi128_si256(_mm_set_epi32(d, c, b, a))
}

/// Four registers of two keys each to four registers of one word each, and back.
#[target_feature(enable = "avx2")]
#[inline]
fn transpose([a, b, c, d]: [V; 4]) -> [V; 4] {
    let (ab_low, ab_high) = (_mm256_unpacklo_epi32(a, b), _mm256_unpackhi_epi32(a, b));
    let (cd_low, cd_high) = (_mm256_unpacklo_epi32(c, d), _mm256_unpackhi_epi32(c, d));
    [
        _mm256_unpacklo_epi64(ab_low, cd_low),
        _mm256_unpackhi_epi64(ab_low, cd_low),
        _mm256_unpacklo_epi64(ab_high, cd_high),
        _mm256_unpackhi_epi64(ab_high, cd_high),
    ]
}

/// What the last words of keys give their next first words.
#[target_feature(enable = "avx2,vaes")]
#[inline]
fn substitute(words: V, constant: u8) -> V {
    // The last round has no `MixColumns`: once `ShiftRows` is undone, it is the S-box. The words are rotated on the way.
    let ready = _mm256_shuffle_epi8(words, quarters([0x040b_0e01, 0x080f_0205, 0x0c03_0609, 0x0007_0a0d]));
    aesenclast(ready, _mm256_set1_epi32(constant.into()))
}

/// The diagonals of each four blocks in one.
#[target_feature(enable = "avx2")]
#[inline]
fn pack([a, b, c, d]: [V; 4]) -> V {
    // Those of blocks rotated by 0 and 2 columns have no pair of bytes in common.
    let ac = _mm256_blend_epi16::<0b0101_1010>(a, _mm256_shuffle_epi32::<0b01_00_11_10>(c));
    let bd = _mm256_blend_epi16::<0b0101_1010>(b, _mm256_shuffle_epi32::<0b01_00_11_10>(d));
    let bd = _mm256_shuffle_epi32::<0b10_01_00_11>(bd);
    _mm256_blendv_epi8(ac, bd, quarters([0xff00_ff00, 0x00ff_00ff, 0xff00_ff00, 0x00ff_00ff]))
}

/// The words in order, and a bit for each that may have been heard.
#[target_feature(enable = "avx2")]
#[inline]
fn probe<const GATHER: bool>(slots: Slots<'_>, packed: Words) -> (Words, u16) {
    let (mut words, mut hits) = (packed, 0);
    for (words, shift) in words.iter_mut().zip([0, 8]) {
        let packed = *words;
        *words = _mm256_shuffle_epi8(packed, quarters([0x070a_0d00, 0x0b0e_0104, 0x0f02_0508, 0x0306_090c]));
        // The upper nibbles of each word, and the table `1 << (nibble / 2)`.
        let bytes = _mm256_shuffle_epi8(packed, quarters([0x8007_800a, 0x800b_800e, 0x800f_8002, 0x8003_8006]));
        let nibbles =
            _mm256_and_si256(_mm256_or_si256(bytes, _mm256_slli_epi16::<4>(bytes)), _mm256_set1_epi16(0x0f0f));
        let masks = _mm256_shuffle_epi8(quarters([0x0202_0101, 0x0808_0404, 0x2020_1010, 0x8080_4040]), nibbles);
        let found = _mm256_and_si256(slots.of::<GATHER>(*words), masks);
        let empty = _mm256_cmpeq_epi32(found, _mm256_setzero_si256());
        let [byte, ..] = _mm256_movemask_ps(_mm256_castsi256_ps(empty)).to_le_bytes();
        hits |= u16::from(byte) << shift;
    }
    (words, hits)
}
