//! What the rows of both kernels with four blocks in a register are made of.

use core::arch::x86_64::{
    __m128i, __m512i, _mm512_aesenc_epi128, _mm512_aesenclast_epi128, _mm512_broadcast_i32x4,
    _mm512_gf2p8affineinv_epi64_epi8, _mm512_multishift_epi64_epi8, _mm512_permutexvar_epi8, _mm512_ror_epi32,
    _mm512_set1_epi32, _mm512_set1_epi64, _mm512_set4_epi32, _mm512_shuffle_epi8, _mm512_shuffle_epi32,
    _mm512_ternarylogic_epi32, _mm512_xor_si512,
};

use super::hash::transpose;
use super::memory::{load, store};
use crate::arch::x86_64::rows::states;

pub(super) type V = __m512i;
pub(super) const LANES: usize = 4;
pub(super) const QUADS: usize = 1;

states!(#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,vaes,gfni,aes")]);

#[target_feature(enable = "avx512f")]
#[inline]
pub(super) fn broadcast(block: __m128i) -> V {
    _mm512_broadcast_i32x4(block)
}

#[target_feature(enable = "avx512f")]
#[inline]
pub(super) fn xor(a: V, b: V) -> V {
    _mm512_xor_si512(a, b)
}

#[target_feature(enable = "avx512f,vaes")]
#[inline]
pub(super) fn aesenc(blocks: V, key: V) -> V {
    _mm512_aesenc_epi128(blocks, key)
}

#[target_feature(enable = "avx512f,vaes")]
#[inline]
pub(super) fn aesenclast(blocks: V, key: V) -> V {
    _mm512_aesenclast_epi128(blocks, key)
}

/// What the last words of keys give their next first words.
#[target_feature(enable = "avx512f,gfni")]
#[inline]
fn substitute(words: V, constant: u8) -> V {
    // The S-box is the inverse and an affine map, and this instruction both.
    let substituted =
        _mm512_gf2p8affineinv_epi64_epi8::<0x63>(words, _mm512_set1_epi64(0xf1e3_c78f_1f3e_7cf8_u64.cast_signed()));
    _mm512_xor_si512(_mm512_ror_epi32::<8>(substituted), _mm512_set1_epi32(constant.into()))
}

/// The diagonals of each four blocks in one.
#[target_feature(enable = "avx512f")]
#[inline]
pub(super) fn pack([a, b, c, d]: [V; 4]) -> V {
    let b = _mm512_shuffle_epi32::<0b10_01_00_11>(b);
    let c = _mm512_shuffle_epi32::<0b01_00_11_10>(c);
    let d = _mm512_shuffle_epi32::<0b00_11_10_01>(d);
    let [odd, even] = [0xff00_ff00_u32.cast_signed(), 0x00ff_00ff];
    let even = _mm512_set4_epi32(odd, even, odd, even);
    let low = _mm512_set4_epi32(0xffff_0000_u32.cast_signed(), 0x00ff_ff00, 0x0000_ffff, 0xff00_00ff_u32.cast_signed());
    let ab = _mm512_ternarylogic_epi32::<0xca>(even, a, b);
    let cd = _mm512_ternarylogic_epi32::<0xca>(even, c, d);
    _mm512_ternarylogic_epi32::<0xca>(low, ab, cd)
}

/// Packed words in order.
#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
pub(super) fn order(packed: V) -> V {
    _mm512_shuffle_epi8(packed, _mm512_set4_epi32(0x0306_090c, 0x0f02_0508, 0x0b0e_0104, 0x070a_0d00))
}

/// The masks of words in order.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
#[inline]
pub(super) fn masks(words: V) -> V {
    // The upper nibbles of each word are bytes of an index, and the table `1 << (index % 16 / 2)`.
    let nibbles = _mm512_multishift_epi64_epi8(_mm512_set1_epi64(0x3c38_3430_1c18_1410), words);
    let bits = _mm512_set4_epi32(0x8080_4040_u32.cast_signed(), 0x2020_1010, 0x0808_0404, 0x0202_0101);
    _mm512_permutexvar_epi8(nibbles, bits)
}
