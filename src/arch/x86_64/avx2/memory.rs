//! Loads and stores: the places where a register meets memory.

use core::arch::x86_64::{__m256i, _mm256_loadu_si256, _mm256_storeu_si256};

/// Two blocks.
#[target_feature(enable = "avx2")]
#[inline]
pub(in crate::arch::x86_64) fn load(blocks: &[[u8; 16]; 2]) -> __m256i {
    // SAFETY: the reference is to two times 16 bytes, and the load needs no alignment.
    unsafe { _mm256_loadu_si256(blocks.as_ptr().cast()) }
}

/// The inverse of [`load`].
#[target_feature(enable = "avx2")]
#[inline]
pub(in crate::arch::x86_64) fn store(blocks: &mut [[u8; 16]; 2], register: __m256i) {
    // SAFETY: the reference is to two times 16 bytes of our own, and the store needs no alignment.
    unsafe { _mm256_storeu_si256(blocks.as_mut_ptr().cast(), register) };
}

/// Stores the words of a register.
#[target_feature(enable = "avx2")]
#[inline]
pub(in crate::arch::x86_64) fn store_words(words: &mut [u32; 8], register: __m256i) {
    // SAFETY: the reference is to eight times 4 bytes of our own, and the store needs no alignment.
    unsafe { _mm256_storeu_si256(words.as_mut_ptr().cast(), register) };
}
