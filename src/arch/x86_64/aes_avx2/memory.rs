//! Gathers; the rest is that of SSE.

use core::arch::x86_64::{__m128i, _mm_and_si128, _mm_i32gather_epi32, _mm_set_epi32, _mm_set1_epi32};

use crate::arch::Filter;
use crate::arch::x86_64::aes_ni;

pub(super) use aes_ni::memory::{load, store, words};

/// The slots of a filter.
#[derive(Clone, Copy)]
pub(super) struct Slots<'a> {
    slots: &'a [u32],
    /// One less than their number, a power of two.
    last: __m128i,
}

impl<'a> Slots<'a> {
    #[target_feature(enable = "avx2")]
    #[inline]
    pub(super) fn new(filter: &'a Filter) -> Self {
        Self { slots: filter.slots(), last: _mm_set1_epi32(filter.last_place().cast_signed()) }
    }

    /// Those of these words.
    #[target_feature(enable = "avx2")]
    #[inline]
    pub(super) fn of<const GATHER: bool>(self, words: __m128i) -> __m128i {
        let places = _mm_and_si128(words, self.last);
        let slots = self.slots.as_ptr().cast::<i32>();
        if GATHER {
            // SAFETY: no place is greater than the last: it has been cut by that, which is all ones.
            unsafe { _mm_i32gather_epi32::<4>(slots, places) }
        } else {
            let places = self::words(places);
            // SAFETY: as above.
            let slot = |i: usize| unsafe { *slots.add(places[i] as usize) };
            _mm_set_epi32(slot(3), slot(2), slot(1), slot(0))
        }
    }
}
