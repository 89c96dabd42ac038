//! Loads and stores: the places where a register meets memory.

use core::arch::x86_64::{
    __m256i, _bzhi_u32, _mm256_and_si256, _mm256_i32gather_epi32, _mm256_loadu_si256, _mm256_set1_epi32,
    _mm256_storeu_si256,
};

use crate::arch::Filter;

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

/// The slots of a filter.
#[derive(Clone, Copy)]
pub(in crate::arch::x86_64) struct Slots<'a> {
    /// As many as a power of two: two to the `bits`.
    slots: &'a [u32],
    bits: u32,
}

impl<'a> Slots<'a> {
    #[inline]
    pub(in crate::arch::x86_64) fn new(filter: &'a Filter) -> Self {
        Self { slots: filter.slots(), bits: filter.slots().len().trailing_zeros() }
    }

    /// The slot of a word.
    #[target_feature(enable = "bmi2")]
    #[inline]
    pub(in crate::arch::x86_64) fn one(self, word: u32) -> u32 {
        let place = _bzhi_u32(word, self.bits);
        // SAFETY: the place is less than the number of slots: it has as many bits as their numbers have.
        unsafe { *self.slots.as_ptr().add(place as usize) }
    }

    /// The slots of these words, by a gather.
    #[target_feature(enable = "avx2")]
    #[inline]
    pub(in crate::arch::x86_64) fn of(self, words: __m256i) -> __m256i {
        let last = _mm256_set1_epi32(((1_u32 << self.bits) - 1).cast_signed());
        let places = _mm256_and_si256(words, last);
        // SAFETY: no place is greater than the last: it has been cut by that, which is all ones.
        unsafe { _mm256_i32gather_epi32::<4>(self.slots.as_ptr().cast(), places) }
    }
}

/// Stores the words of a register.
#[target_feature(enable = "avx2")]
#[inline]
pub(in crate::arch::x86_64) fn store_words(words: &mut [u32; 8], register: __m256i) {
    // SAFETY: the reference is to eight times 4 bytes of our own, and the store needs no alignment.
    unsafe { _mm256_storeu_si256(words.as_mut_ptr().cast(), register) };
}
