//! Loads and stores: the places where a register meets memory.

use core::arch::x86_64::{__m128i, _mm_and_si128, _mm_loadu_si128, _mm_set_epi32, _mm_set1_epi32, _mm_storeu_si128};
use core::hint::black_box;

use crate::arch::Filter;

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

/// The slots of a filter.
#[derive(Clone, Copy)]
pub(super) struct Slots<'a> {
    slots: &'a [u32],
    /// One less than their number, a power of two.
    last: __m128i,
}

impl<'a> Slots<'a> {
    #[target_feature(enable = "sse4.1")]
    #[inline]
    pub(super) fn new(filter: &'a Filter) -> Self {
        Self { slots: filter.slots(), last: _mm_set1_epi32(filter.last_place().cast_signed()) }
    }

    /// Those of these words.
    #[target_feature(enable = "sse4.1")]
    #[inline]
    pub(super) fn of(self, words: __m128i) -> __m128i {
        // By way of memory: the compiler would take the places out of the register one by one, on ports that AES needs.
        let places = black_box(self::words(_mm_and_si128(words, self.last)));
        let slots = self.slots.as_ptr().cast::<i32>();
        // SAFETY: no place is greater than the last: it has been cut by that, which is all ones.
        let slot = |i: usize| unsafe { *slots.add(places[i] as usize) };
        _mm_set_epi32(slot(3), slot(2), slot(1), slot(0))
    }
}

/// The words of a register.
#[target_feature(enable = "sse2")]
#[inline]
pub(in crate::arch::x86_64) fn words(register: __m128i) -> [u32; 4] {
    let mut words = [0; 4];
    // SAFETY: the array is of four times 4 bytes, and the store needs no alignment.
    unsafe { _mm_storeu_si128(words.as_mut_ptr().cast(), register) };
    words
}
