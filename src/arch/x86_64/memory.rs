//! Loads and stores of one block.

use core::arch::x86_64::{__m128i, _mm_loadu_si128, _mm_storeu_si128};

/// One block.
#[target_feature(enable = "sse2")]
#[inline]
pub(super) fn block(bytes: &[u8; 16]) -> __m128i {
    // SAFETY: the reference is to 16 bytes, and the load needs no alignment.
    unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) }
}

/// The inverse of [`block`].
#[target_feature(enable = "sse2")]
#[inline]
pub(super) fn store_block(bytes: &mut [u8; 16], block: __m128i) {
    // SAFETY: the reference is to 16 bytes of our own, and the store needs no alignment.
    unsafe { _mm_storeu_si128(bytes.as_mut_ptr().cast(), block) };
}
