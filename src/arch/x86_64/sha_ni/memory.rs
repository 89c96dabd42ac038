//! Loads and stores: the places where a register meets memory.

use core::arch::x86_64::{__m128i, _mm_loadu_si128, _mm_storeu_si128};

/// A key.
#[target_feature(enable = "sse2")]
#[inline]
pub(super) fn load(key: &[u8; 16]) -> __m128i {
    // SAFETY: the reference is to 16 bytes, and the load needs no alignment.
    unsafe { _mm_loadu_si128(key.as_ptr().cast()) }
}

/// The inverse of [`load`].
#[target_feature(enable = "sse2")]
#[inline]
pub(super) fn store(key: &mut [u8; 16], register: __m128i) {
    // SAFETY: the reference is to 16 bytes of our own, and the store needs no alignment.
    unsafe { _mm_storeu_si128(key.as_mut_ptr().cast(), register) };
}
