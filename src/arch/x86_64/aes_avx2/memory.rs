//! Gathers; the rest is that of SSE.

use core::arch::x86_64::{__m128i, _mm_and_si128, _mm_i32gather_epi32, _mm_set1_epi32};

use crate::arch::Filter;
use crate::arch::x86_64::aes_ni;

pub(super) use aes_ni::memory::{load, store, words};

/// The slots of a filter for these words.
#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn slots<const GATHER: bool>(filter: &Filter, words: __m128i) -> __m128i {
    if GATHER {
        let places = _mm_and_si128(words, _mm_set1_epi32(filter.last_place().cast_signed()));
        // SAFETY: each place was cut by the number of slots, a power of two, less one: it is less than that number.
        unsafe { _mm_i32gather_epi32::<4>(filter.slots().as_ptr().cast(), places) }
    } else {
        aes_ni::memory::slots(filter, words)
    }
}
