//! The rows of keys, one block in a register.

use core::arch::x86_64::{_mm_and_si128, _mm_or_si128, _mm_set1_epi16, _mm_shuffle_epi8, _mm_slli_epi16};

use super::blocks::{
    LANES, QUADS, V, aesenc, aesenclast, broadcast, order, pack, quarters, substitute, transpose, xor,
};
use super::memory::{load, store, store_words};
use crate::arch::x86_64::rows::{Pending, by_rows, rounds_in_turn, rows, states};

/// Without AVX, the result takes the place of the first operand.
macro_rules! instructions {
    (key $at:literal) => {
        concat!("movdqa {key}, xmmword ptr [", $at, "]\n")
    };
    (begin $block:ident $at:literal) => {
        concat!(
            "movdqa {",
            stringify!($block),
            "}, xmmword ptr [{entries} + ",
            $at,
            " * {size}]\n",
            "pxor {",
            stringify!($block),
            "}, {key}\n",
        )
    };
    (round $block:ident) => {
        concat!("aesenc {", stringify!($block), "}, {key}\n")
    };
    (place $number:literal) => {
        concat!("mov {constant:e}, dword ptr [{late} + 4 * ", $number, "]\nand {constant:e}, {cut:e}\n")
    };
    (cut $slots:expr) => {
        $slots.len() - 1
    };
}

states!(#[target_feature(enable = "aes,ssse3,sse4.1")]);
rows!(#[target_feature(enable = "aes,ssse3,sse4.1")]);
by_rows!(#[target_feature(enable = "aes,ssse3,sse4.1")]);
rounds_in_turn!(
    #[target_feature(enable = "aes,ssse3,sse4.1")]
    xmm_reg, instructions, [[a "0" b "1" c "2" d "3"] [e "4" f "5" g "6" h "7"]],
    ["{state}" "0"]
    ["{state} + 16" "1"]
    ["{state} + 32" "2"]
    ["{state} + 48" "3"]
    ["{state} + 64" "4"]
    ["{state} + 80" "5"]
    ["{state} + 96" "6" "7"]
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
