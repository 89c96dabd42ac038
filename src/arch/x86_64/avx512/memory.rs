//! Loads and stores: the places where a register meets memory.

use core::arch::x86_64::{
    __m128i, __m512i, _mm_loadu_si128, _mm512_i32gather_epi32, _mm512_load_si512, _mm512_loadu_si512,
    _mm512_storeu_si512,
};

use crate::arch::aes::FIRST_ROUND;
use crate::arch::{Filter, TILE};

/// Four keys in each register.
#[target_feature(enable = "avx512f")]
#[inline]
pub(super) fn load(keys: &[[u8; 16]; TILE]) -> [__m512i; 4] {
    let at = keys.as_ptr().cast::<__m512i>();
    // SAFETY: sixteen times 16 bytes are four times 64, and the loads need no alignment.
    unsafe {
        [
            _mm512_loadu_si512(at),
            _mm512_loadu_si512(at.add(1)),
            _mm512_loadu_si512(at.add(2)),
            _mm512_loadu_si512(at.add(3)),
        ]
    }
}

/// The inverse of [`load`].
#[target_feature(enable = "avx512f")]
#[inline]
pub(super) fn store(registers: [__m512i; 4]) -> [[u8; 16]; TILE] {
    let mut keys = [[0; 16]; TILE];
    let at = keys.as_mut_ptr().cast::<__m512i>();
    for (i, register) in registers.into_iter().enumerate() {
        // SAFETY: sixteen times 16 bytes are four times 64, and the stores need no alignment.
        unsafe { _mm512_storeu_si512(at.add(i), register) };
    }
    keys
}

/// One block.
#[target_feature(enable = "sse2")]
#[inline]
pub(super) fn block(bytes: &[u8; 16]) -> __m128i {
    // SAFETY: 16 bytes, and the load needs no alignment.
    unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) }
}

/// The sixteen entries of the first-round table from this one on, rounded down to a multiple of 16.
#[target_feature(enable = "avx512f")]
#[inline]
pub(super) fn first_round_row(entry: u8) -> [__m512i; 4] {
    let at = FIRST_ROUND.0.as_ptr().cast::<__m512i>();
    let first = usize::from(entry) / 16 * 4;
    // SAFETY: the table is 64 times 64 bytes, aligned to 64, and `first + 3 <= 63`.
    unsafe {
        [
            _mm512_load_si512(at.add(first)),
            _mm512_load_si512(at.add(first + 1)),
            _mm512_load_si512(at.add(first + 2)),
            _mm512_load_si512(at.add(first + 3)),
        ]
    }
}

/// The slots of a filter at these places, each less than their number.
#[target_feature(enable = "avx512f")]
#[inline]
pub(super) fn gather<const GATHER: bool>(filter: &Filter, places: __m512i) -> __m512i {
    let slots = filter.slots();
    if GATHER {
        // SAFETY: `search` has cut the places by `slots.len() - 1`, and their number is a power of two.
        unsafe { _mm512_i32gather_epi32::<4>(places, slots.as_ptr().cast()) }
    } else {
        let mut found = words(places);
        for place in &mut found {
            // SAFETY: as above.
            *place = unsafe { *slots.get_unchecked(*place as usize) };
        }
        // SAFETY: 16 times 4 bytes, and the load needs no alignment.
        unsafe { _mm512_loadu_si512(found.as_ptr().cast()) }
    }
}

/// The words of a register.
#[target_feature(enable = "avx512f")]
#[inline]
pub(super) fn words(register: __m512i) -> [u32; 16] {
    let mut words = [0; 16];
    // SAFETY: 16 times 4 bytes, and the store needs no alignment.
    unsafe { _mm512_storeu_si512(words.as_mut_ptr().cast(), register) };
    words
}

/// 64 bytes
#[repr(C, align(64))]
pub(super) struct Table(pub(super) [u8; 64]);
impl Table {
    #[target_feature(enable = "avx512f")]
    #[inline]
    pub(super) fn load(&self) -> __m512i {
        // SAFETY: 64 bytes
        unsafe { _mm512_load_si512(self.0.as_ptr().cast()) }
    }
}
pub(super) static BITS: Table = Table(bits());
const fn bits() -> [u8; 64] {
    let mut bits = [0; 64];
    let mut i = 0;
    while i < 64 {
        bits[i] = 1 << ((i & 15) >> 1);
        i += 1;
    }
    bits
}
