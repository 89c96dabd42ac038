//! Loads and stores: the places where a register meets memory.

use core::arch::wasm32::{v128, v128_load, v128_store};

/// One block.
#[inline(always)]
pub(super) fn load(block: &[u8; 16]) -> v128 {
    // SAFETY: the reference is to 16 bytes, and the load needs no alignment.
    unsafe { v128_load(block.as_ptr().cast()) }
}

/// The inverse of [`load`].
#[inline(always)]
pub(super) fn store(block: &mut [u8; 16], register: v128) {
    // SAFETY: the reference is to 16 bytes, and the store needs no alignment.
    unsafe { v128_store(block.as_mut_ptr().cast(), register) };
}

/// The words of a register.
#[inline(always)]
pub(super) fn words(register: v128) -> [u32; 4] {
    let mut words = [0; 4];
    // SAFETY: the array is of four times 4 bytes, and the store needs no alignment.
    unsafe { v128_store(words.as_mut_ptr().cast(), register) };
    words
}
