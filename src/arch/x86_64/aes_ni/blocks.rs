//! What the rows of both kernels with one block in a register are made of.

use core::arch::x86_64::{
    __m128i, _mm_aesenc_si128, _mm_aesenclast_si128, _mm_blend_epi16, _mm_blendv_epi8, _mm_set_epi32, _mm_set1_epi32,
    _mm_shuffle_epi8, _mm_shuffle_epi32, _mm_unpackhi_epi32, _mm_unpackhi_epi64, _mm_unpacklo_epi32,
    _mm_unpacklo_epi64, _mm_xor_si128,
};

pub(in crate::arch::x86_64) type V = __m128i;
pub(in crate::arch::x86_64) const LANES: usize = 1;
pub(in crate::arch::x86_64) const QUADS: usize = 2;

#[target_feature(enable = "sse2")]
#[inline]
pub(in crate::arch::x86_64) fn broadcast(block: __m128i) -> V {
    block
}

#[target_feature(enable = "sse2")]
#[inline]
pub(in crate::arch::x86_64) fn xor(a: V, b: V) -> V {
    _mm_xor_si128(a, b)
}

#[target_feature(enable = "aes")]
#[inline]
pub(in crate::arch::x86_64) fn aesenc(block: V, key: V) -> V {
    _mm_aesenc_si128(block, key)
}

#[target_feature(enable = "aes")]
#[inline]
pub(in crate::arch::x86_64) fn aesenclast(block: V, key: V) -> V {
    _mm_aesenclast_si128(block, key)
}

/// The four quarters of a block, from the first to the last.
#[target_feature(enable = "sse2")]
#[inline]
pub(in crate::arch::x86_64) fn quarters(words: [u32; 4]) -> V {
    let [a, b, c, d] = words.map(u32::cast_signed);
    _mm_set_epi32(d, c, b, a)
}

/// Four keys to four registers of one word each, and back.
#[target_feature(enable = "sse2")]
#[inline]
pub(in crate::arch::x86_64) fn transpose([a, b, c, d]: [V; 4]) -> [V; 4] {
    let (ab_low, ab_high) = (_mm_unpacklo_epi32(a, b), _mm_unpackhi_epi32(a, b));
    let (cd_low, cd_high) = (_mm_unpacklo_epi32(c, d), _mm_unpackhi_epi32(c, d));
    [
        _mm_unpacklo_epi64(ab_low, cd_low),
        _mm_unpackhi_epi64(ab_low, cd_low),
        _mm_unpacklo_epi64(ab_high, cd_high),
        _mm_unpackhi_epi64(ab_high, cd_high),
    ]
}

/// What the last words of keys give their next first words.
#[target_feature(enable = "aes,ssse3")]
#[inline]
pub(in crate::arch::x86_64) fn substitute(words: V, constant: u8) -> V {
    // The last round has no `MixColumns`: once `ShiftRows` is undone, it is the S-box. The words are rotated on the
    // way.
    let ready = _mm_shuffle_epi8(words, quarters([0x040b_0e01, 0x080f_0205, 0x0c03_0609, 0x0007_0a0d]));
    aesenclast(ready, _mm_set1_epi32(constant.into()))
}

/// The diagonals of four blocks in one.
#[target_feature(enable = "sse4.1")]
#[inline]
pub(in crate::arch::x86_64) fn pack([a, b, c, d]: [V; 4]) -> V {
    // Those of blocks rotated by 0 and 2 columns have no pair of bytes in common.
    let ac = _mm_blend_epi16::<0b0101_1010>(a, _mm_shuffle_epi32::<0b01_00_11_10>(c));
    let bd = _mm_blend_epi16::<0b0101_1010>(b, _mm_shuffle_epi32::<0b01_00_11_10>(d));
    let bd = _mm_shuffle_epi32::<0b10_01_00_11>(bd);
    _mm_blendv_epi8(ac, bd, quarters([0xff00_ff00, 0x00ff_00ff, 0xff00_ff00, 0x00ff_00ff]))
}

/// Packed words in order.
#[target_feature(enable = "ssse3")]
#[inline]
pub(in crate::arch::x86_64) fn order(packed: V) -> V {
    _mm_shuffle_epi8(packed, quarters([0x070a_0d00, 0x0b0e_0104, 0x0f02_0508, 0x0306_090c]))
}
