//! Identifier keys of eight keys at once.

use core::arch::x86_64::{
    __m256i, _mm_cvtsi32_si128, _mm_set_epi32, _mm256_add_epi32, _mm256_and_si256, _mm256_broadcastsi128_si256,
    _mm256_or_si256, _mm256_set1_epi32, _mm256_shuffle_epi8, _mm256_sll_epi32, _mm256_srl_epi32, _mm256_srli_epi32,
    _mm256_unpackhi_epi32, _mm256_unpackhi_epi64, _mm256_unpacklo_epi32, _mm256_unpacklo_epi64, _mm256_xor_si256,
};

use super::memory::{load, store};
use crate::arch::TILE;
use crate::arch::lanes::{compress, rpiks_in_lanes};

const LANES: usize = 8;

type V = __m256i;

#[target_feature(enable = "avx2")]
#[inline]
fn splat(word: u32) -> V {
    _mm256_set1_epi32(word.cast_signed())
}

#[target_feature(enable = "avx2")]
#[inline]
fn add(a: V, b: V) -> V {
    _mm256_add_epi32(a, b)
}

#[target_feature(enable = "avx2")]
#[inline]
fn xor(a: V, b: V) -> V {
    _mm256_xor_si256(a, b)
}

#[target_feature(enable = "avx2")]
#[inline]
fn xor3(a: V, b: V, c: V) -> V {
    xor(xor(a, b), c)
}

#[target_feature(enable = "avx2")]
#[inline]
fn choose(e: V, f: V, g: V) -> V {
    xor(_mm256_and_si256(xor(f, g), e), g)
}

/// What `a` and `b` differ in is what the next round's `b` and `c` do: computed once.
#[target_feature(enable = "avx2")]
#[inline]
fn majority(a: V, b: V, c: V) -> V {
    xor(_mm256_and_si256(xor(a, b), xor(b, c)), b)
}

/// Before AVX-512 there is no instruction for it. The counts become constants in the instructions.
#[target_feature(enable = "avx2")]
#[inline]
fn rotr<const N: i32>(a: V) -> V {
    let (right, left) = (_mm_cvtsi32_si128(N), _mm_cvtsi32_si128(32 - N));
    _mm256_or_si256(_mm256_srl_epi32(a, right), _mm256_sll_epi32(a, left))
}

#[target_feature(enable = "avx2")]
#[inline]
fn shr<const N: i32>(a: V) -> V {
    _mm256_srli_epi32::<N>(a)
}

rpiks_in_lanes!(inline, #[target_feature(enable = "avx2")]);

/// Four registers of two keys each to four registers of one word each, and back.
#[target_feature(enable = "avx2")]
#[inline]
pub(in crate::arch::x86_64) fn transpose([a, b, c, d]: [V; 4]) -> [V; 4] {
    let (ab_low, ab_high) = (_mm256_unpacklo_epi32(a, b), _mm256_unpackhi_epi32(a, b));
    let (cd_low, cd_high) = (_mm256_unpacklo_epi32(c, d), _mm256_unpackhi_epi32(c, d));
    [
        _mm256_unpacklo_epi64(ab_low, cd_low),
        _mm256_unpackhi_epi64(ab_low, cd_low),
        _mm256_unpacklo_epi64(ab_high, cd_high),
        _mm256_unpackhi_epi64(ab_high, cd_high),
    ]
}

/// The bytes of each word in the other order.
#[target_feature(enable = "avx2")]
#[inline]
fn swap_bytes(a: V) -> V {
    let order = _mm_set_epi32(0x0c0d_0e0f, 0x0809_0a0b, 0x0405_0607, 0x0001_0203);
    _mm256_shuffle_epi8(a, _mm256_broadcastsi128_si256(order))
}

/// See [`arch`](crate::arch).
#[target_feature(enable = "avx2")]
pub(super) fn rpiks(keys: &[[u8; 16]; TILE], count: usize) -> [[u8; 16]; TILE] {
    let mut rpiks = [[0; 16]; TILE];
    let halves = keys.as_chunks::<LANES>().0.iter().zip(rpiks.as_chunks_mut::<LANES>().0);
    for (keys, rpiks) in halves.take(count.div_ceil(LANES)) {
        let keys = keys.as_chunks().0;
        let [a, b, c, d] = transpose([load(&keys[0]), load(&keys[1]), load(&keys[2]), load(&keys[3])]);
        let [a, b, c, d] = expand([swap_bytes(a), swap_bytes(b), swap_bytes(c), swap_bytes(d)]);
        let registers = transpose([swap_bytes(a), swap_bytes(b), swap_bytes(c), swap_bytes(d)]);
        for (rpiks, register) in rpiks.as_chunks_mut().0.iter_mut().zip(registers) {
            store(rpiks, register);
        }
    }
    rpiks
}
