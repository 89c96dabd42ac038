//! Loads and stores: the places where a register meets memory.

use core::arch::x86_64::{
    __m512i, _mm512_and_si512, _mm512_i32gather_epi32, _mm512_loadu_si512, _mm512_set1_epi32, _mm512_storeu_si512,
};

use crate::arch::Filter;

/// Four blocks.
#[target_feature(enable = "avx512f")]
#[inline]
pub(super) fn load(blocks: &[[u8; 16]; 4]) -> __m512i {
    // SAFETY: the reference is to four times 16 bytes, and the load needs no alignment.
    unsafe { _mm512_loadu_si512(blocks.as_ptr().cast()) }
}

/// The inverse of [`load`].
#[target_feature(enable = "avx512f")]
#[inline]
pub(super) fn store(blocks: &mut [[u8; 16]; 4], register: __m512i) {
    // SAFETY: the reference is to four times 16 bytes of our own, and the store needs no alignment.
    unsafe { _mm512_storeu_si512(blocks.as_mut_ptr().cast(), register) };
}

/// The slots of a filter.
#[derive(Clone, Copy)]
pub(super) struct Slots<'a> {
    slots: &'a [u32],
    /// One less than their number, a power of two.
    last: __m512i,
}

impl<'a> Slots<'a> {
    #[target_feature(enable = "avx512f")]
    #[inline]
    pub(super) fn new(filter: &'a Filter) -> Self {
        Self { slots: filter.slots(), last: _mm512_set1_epi32(filter.last_place().cast_signed()) }
    }

    /// Those of these words.
    #[target_feature(enable = "avx512f")]
    #[inline]
    pub(super) fn of(self, words: __m512i) -> __m512i {
        let places = _mm512_and_si512(words, self.last);
        // SAFETY: no place is greater than the last: it has been cut by that, which is all ones.
        unsafe { _mm512_i32gather_epi32::<4>(places, self.slots.as_ptr().cast()) }
    }
}

/// The words of a register.
#[target_feature(enable = "avx512f")]
#[inline]
pub(super) fn words(register: __m512i) -> [u32; 16] {
    let mut words = [0; 16];
    store_words(&mut words, register);
    words
}

/// Stores the words of a register.
#[target_feature(enable = "avx512f")]
#[inline]
pub(super) fn store_words(words: &mut [u32; 16], register: __m512i) {
    // SAFETY: the reference is to sixteen times 4 bytes of our own, and the store needs no alignment.
    unsafe { _mm512_storeu_si512(words.as_mut_ptr().cast(), register) };
}
