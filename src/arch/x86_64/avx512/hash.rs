//! Identifier keys of sixteen keys at once.

use core::arch::x86_64::{
    __m512i, _mm512_add_epi32, _mm512_ror_epi32, _mm512_set1_epi32, _mm512_set4_epi32, _mm512_shuffle_epi8,
    _mm512_srli_epi32, _mm512_ternarylogic_epi32, _mm512_unpackhi_epi32, _mm512_unpackhi_epi64, _mm512_unpacklo_epi32,
    _mm512_unpacklo_epi64, _mm512_xor_si512,
};

use super::memory::{load, store};
use crate::arch::TILE;
use crate::arch::lanes::{compress, rpiks_in_lanes};

type V = __m512i;

#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn splat(word: u32) -> V {
    _mm512_set1_epi32(word.cast_signed())
}

#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn add(a: V, b: V) -> V {
    _mm512_add_epi32(a, b)
}

#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn xor(a: V, b: V) -> V {
    _mm512_xor_si512(a, b)
}

/// The compiler makes one instruction of it, and folds what is constant.
#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn xor3(a: V, b: V, c: V) -> V {
    _mm512_ternarylogic_epi32::<0x96>(a, b, c)
}

#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn choose(e: V, f: V, g: V) -> V {
    _mm512_ternarylogic_epi32::<0xca>(e, f, g)
}

#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn majority(a: V, b: V, c: V) -> V {
    _mm512_ternarylogic_epi32::<0xe8>(a, b, c)
}

#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn rotr<const N: i32>(a: V) -> V {
    _mm512_ror_epi32::<N>(a)
}

#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn shr<const N: u32>(a: V) -> V {
    _mm512_srli_epi32::<N>(a)
}

rpiks_in_lanes!(inline, #[target_feature(enable = "avx512f,avx512bw")]);

/// Four registers of four keys each to four registers of one word each, and back. Lane `4i + j` is key `4j + i`.
#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
pub(super) fn transpose([a, b, c, d]: [V; 4]) -> [V; 4] {
    let (ab_low, ab_high) = (_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
    let (cd_low, cd_high) = (_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d));
    [
        _mm512_unpacklo_epi64(ab_low, cd_low),
        _mm512_unpackhi_epi64(ab_low, cd_low),
        _mm512_unpacklo_epi64(ab_high, cd_high),
        _mm512_unpackhi_epi64(ab_high, cd_high),
    ]
}

/// The bytes of each word in the other order.
#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn swap_bytes(a: V) -> V {
    _mm512_shuffle_epi8(a, _mm512_set4_epi32(0x0c0d_0e0f, 0x0809_0a0b, 0x0405_0607, 0x0001_0203))
}

/// See [`arch`](crate::arch).
#[target_feature(enable = "avx512f,avx512bw")]
pub(super) fn rpiks(keys: &[[u8; 16]; TILE]) -> [[u8; 16]; TILE] {
    let keys = keys.as_chunks().0;
    let [a, b, c, d] = transpose([load(&keys[0]), load(&keys[1]), load(&keys[2]), load(&keys[3])]);
    let [a, b, c, d] = expand([swap_bytes(a), swap_bytes(b), swap_bytes(c), swap_bytes(d)]);
    let registers = transpose([swap_bytes(a), swap_bytes(b), swap_bytes(c), swap_bytes(d)]);
    let mut rpiks = [[0; 16]; TILE];
    for (rpiks, register) in rpiks.as_chunks_mut().0.iter_mut().zip(registers) {
        store(rpiks, register);
    }
    rpiks
}
