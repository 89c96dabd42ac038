//! Loads and stores: the places where a register meets memory.

use core::arch::x86_64::{__m128i, _mm_loadu_si128, _mm_storeu_si128};

/// One block.
#[target_feature(enable = "sse2")]
#[inline]
pub(in crate::arch::x86_64) fn load(blocks: &[[u8; 16]; 1]) -> __m128i {
    // SAFETY: the reference is to 16 bytes, and the load needs no alignment.
    unsafe { _mm_loadu_si128(blocks.as_ptr().cast()) }
}

/// The inverse of [`load`].
#[target_feature(enable = "sse2")]
#[inline]
pub(in crate::arch::x86_64) fn store(blocks: &mut [[u8; 16]; 1], register: __m128i) {
    // SAFETY: the reference is to 16 bytes of our own, and the store needs no alignment.
    unsafe { _mm_storeu_si128(blocks.as_mut_ptr().cast(), register) };
}

/// Stores the words of a register.
#[target_feature(enable = "sse2")]
#[inline]
pub(super) fn store_words(words: &mut [u32; 4], register: __m128i) {
    // SAFETY: the reference is to four times 4 bytes of our own, and the store needs no alignment.
    unsafe { _mm_storeu_si128(words.as_mut_ptr().cast(), register) };
}
