//! Loads and stores: the places where a register meets memory.

use core::arch::aarch64::{
    uint8x16_t, uint32x4_t, uint32x4x4_t, vld1q_u8, vld1q_u32, vld4q_u32, vst1q_u8, vst1q_u32, vst4q_u32,
};

use crate::arch::Filter;
use crate::arch::aes::FIRST_ROUND;

/// One block.
#[target_feature(enable = "neon")]
#[inline]
pub(super) fn block(bytes: &[u8; 16]) -> uint8x16_t {
    // SAFETY: 16 bytes, and the load needs no alignment.
    unsafe { vld1q_u8(bytes.as_ptr()) }
}

/// The inverse of [`block`].
#[target_feature(enable = "neon")]
#[inline]
pub(super) fn bytes(block: uint8x16_t) -> [u8; 16] {
    let mut bytes = [0; 16];
    // SAFETY: 16 bytes, and the store needs no alignment.
    unsafe { vst1q_u8(bytes.as_mut_ptr(), block) };
    bytes
}

/// Four words.
#[target_feature(enable = "neon")]
#[inline]
pub(super) fn load(words: &[u32; 4]) -> uint32x4_t {
    // SAFETY: 4 times 4 bytes
    unsafe { vld1q_u32(words.as_ptr()) }
}

/// The words of a register.
#[target_feature(enable = "neon")]
#[inline]
pub(super) fn words(register: uint32x4_t) -> [u32; 4] {
    let mut words = [0; 4];
    // SAFETY: 4 times 4 bytes
    unsafe { vst1q_u32(words.as_mut_ptr(), register) };
    words
}

/// The first words of four blocks in one register, the second in the next, and so on.
#[target_feature(enable = "neon")]
#[inline]
pub(super) fn transposed(blocks: &[[u8; 16]; 4]) -> [uint32x4_t; 4] {
    // SAFETY: 4 times 16 bytes, and the load needs no alignment.
    let uint32x4x4_t(a, b, c, d) = unsafe { vld4q_u32(blocks.as_ptr().cast()) };
    [a, b, c, d]
}

/// The inverse of [`transposed`].
#[target_feature(enable = "neon")]
#[inline]
pub(super) fn store_transposed(blocks: &mut [[u8; 16]; 4], [a, b, c, d]: [uint32x4_t; 4]) {
    // SAFETY: 4 times 16 bytes, and the store needs no alignment.
    unsafe { vst4q_u32(blocks.as_mut_ptr().cast(), uint32x4x4_t(a, b, c, d)) }
}

/// The sixteen entries of the first-round table from this one on, rounded down to a multiple of 16.
#[target_feature(enable = "neon")]
#[inline]
pub(super) fn first_round_row(entry: u8) -> [uint8x16_t; 16] {
    let entries = &FIRST_ROUND.0.as_chunks::<16>().0[usize::from(entry >> 4)];
    let mut row = [block(&entries[0]); 16];
    for (register, entry) in row.iter_mut().zip(entries) {
        *register = block(entry);
    }
    row
}

/// The slots of a filter at these places, each less than their number.
#[target_feature(enable = "neon")]
#[inline]
pub(super) fn slots(filter: &Filter, places: uint32x4_t) -> uint32x4_t {
    let slots = filter.slots();
    let mut found = words(places);
    for place in &mut found {
        // SAFETY: `search` has cut the places by `slots.len() - 1`, and their number is a power of two.
        *place = unsafe { *slots.get_unchecked(*place as usize) };
    }
    load(&found)
}
