//! Loads and stores: the places where a register meets memory.

use core::arch::x86_64::{
    __m256i, _mm256_and_si256, _mm256_i32gather_epi32, _mm256_loadu_si256, _mm256_set_epi32, _mm256_set1_epi32,
    _mm256_storeu_si256,
};
use core::hint::black_box;

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
    slots: &'a [u32],
    /// One less than their number, a power of two.
    last: __m256i,
}

impl<'a> Slots<'a> {
    #[target_feature(enable = "avx2")]
    #[inline]
    pub(in crate::arch::x86_64) fn new(filter: &'a Filter) -> Self {
        Self { slots: filter.slots(), last: _mm256_set1_epi32(filter.last_place().cast_signed()) }
    }

    /// Those of these words.
    #[target_feature(enable = "avx2")]
    #[inline]
    pub(in crate::arch::x86_64) fn of<const GATHER: bool>(self, words: __m256i) -> __m256i {
        let places = _mm256_and_si256(words, self.last);
        let slots = self.slots.as_ptr().cast::<i32>();
        if GATHER {
            // SAFETY: no place is greater than the last: it has been cut by that, which is all ones.
            unsafe { _mm256_i32gather_epi32::<4>(slots, places) }
        } else {
            // By way of memory: the compiler would take the places out of the register one by one, on ports that AES needs.
            let places = black_box(self::words(places));
            // SAFETY: no place is greater than the last: it has been cut by that, which is all ones.
            let slot = |i: usize| unsafe { *slots.add(places[i] as usize) };
            _mm256_set_epi32(slot(7), slot(6), slot(5), slot(4), slot(3), slot(2), slot(1), slot(0))
        }
    }
}

/// The words of a register.
#[target_feature(enable = "avx2")]
#[inline]
pub(in crate::arch::x86_64) fn words(register: __m256i) -> [u32; 8] {
    let mut words = [0; 8];
    // SAFETY: the array is of eight times 4 bytes, and the store needs no alignment.
    unsafe { _mm256_storeu_si256(words.as_mut_ptr().cast(), register) };
    words
}
