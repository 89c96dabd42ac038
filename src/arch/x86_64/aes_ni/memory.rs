//! Loads and stores: the places where a register meets memory.

use core::arch::x86_64::{__m128i, _mm_loadu_si128, _mm_storeu_si128};

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
    last: u32,
}

impl<'a> Slots<'a> {
    #[inline]
    pub(super) fn new(filter: &'a Filter) -> Self {
        Self { slots: filter.slots(), last: filter.last_place() }
    }

    /// The slot of a word.
    #[inline(always)]
    pub(super) fn one(self, word: u32) -> u32 {
        let place = word & self.last;
        // SAFETY: no place is greater than the last: it has been cut by that, which is all ones.
        unsafe { *self.slots.as_ptr().add(place as usize) }
    }
}

/// Stores the words of a register.
#[target_feature(enable = "sse2")]
#[inline]
pub(super) fn store_words(words: &mut [u32; 4], register: __m128i) {
    // SAFETY: the reference is to four times 4 bytes of our own, and the store needs no alignment.
    unsafe { _mm_storeu_si128(words.as_mut_ptr().cast(), register) };
}
