//! The rows of keys, two blocks in a register.

use core::arch::x86_64::{
    __m128i, __m256i, _mm256_aesenc_epi128, _mm256_aesenclast_epi128, _mm256_blend_epi16, _mm256_blendv_epi8,
    _mm256_broadcastsi128_si256, _mm256_set1_epi32, _mm256_shuffle_epi8, _mm256_shuffle_epi32, _mm256_xor_si256,
};

use crate::arch::x86_64::avx2::hash::transpose;
use crate::arch::x86_64::avx2::memory::{load, store};
use crate::arch::x86_64::avx2::probe::{pending, quarters};
use crate::arch::x86_64::rows::{by_rows, rounds_in_turn, rows, states, vex};

type V = __m256i;
const LANES: usize = 2;
const QUADS: usize = 2;

/// A round key goes to both blocks of a register.
macro_rules! instructions {
    (key $at:literal) => {
        concat!("vbroadcasti128 {key}, xmmword ptr [", $at, "]\n")
    };
    (begin $block:ident $at:literal) => {
        concat!("vpxor {", stringify!($block), "}, {key}, ymmword ptr [{entries} + ", $at, " * {size}]\n")
    };
    ($($same:tt)+) => {
        vex!($($same)+)
    };
}

states!(#[target_feature(enable = "vaes,aes,avx2,bmi2")]);
rows!(#[target_feature(enable = "vaes,aes,avx2,bmi2")]);
by_rows!(#[target_feature(enable = "vaes,aes,avx2,bmi2")]);
rounds_in_turn!(
    #[target_feature(enable = "vaes,avx2,bmi2")]
    ymm_reg, instructions, [[a "0" b "1" c "2" d "3"] [e "4" f "5" g "6" h "7"]],
    ["{state}" "0" "1"]
    ["{state} + 16" "2" "3"]
    ["{state} + 32" "4" "5"]
    ["{state} + 48" "6" "7"]
    ["{state} + 64" "8" "9"]
    ["{state} + 80" "10" "11" "12"]
    ["{state} + 96" "13" "14" "15"]
);

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

/// What the last words of keys give their next first words.
#[target_feature(enable = "avx2,vaes")]
#[inline]
fn substitute(words: V, constant: u8) -> V {
    // The last round has no `MixColumns`: once `ShiftRows` is undone, it is the S-box. The words are rotated on the
    // way.
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
