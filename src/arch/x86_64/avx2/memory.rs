//! Loads and stores: the places where a register meets memory.

use core::arch::x86_64::{__m256i, _mm256_loadu_si256, _mm256_storeu_si256};

/// Two keys.
#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn load(keys: &[[u8; 16]; 2]) -> __m256i {
    // SAFETY: the reference is to two times 16 bytes, and the load needs no alignment.
    unsafe { _mm256_loadu_si256(keys.as_ptr().cast()) }
}

/// The inverse of [`load`].
#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn store(keys: &mut [[u8; 16]; 2], register: __m256i) {
    // SAFETY: the reference is to two times 16 bytes of our own, and the store needs no alignment.
    unsafe { _mm256_storeu_si256(keys.as_mut_ptr().cast(), register) };
}
