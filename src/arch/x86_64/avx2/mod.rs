//! AVX2: eight keys at once.

pub(super) mod hash;
pub(super) mod memory;
pub(super) mod probe;

use crate::arch::TILE;
use crate::arch::detect::detected;

/// Proof that the CPU has AVX2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::arch) struct Avx2(());

impl Avx2 {
    pub(in crate::arch) fn detect() -> Option<Self> {
        detected!("avx2").then_some(Self(()))
    }

    #[inline]
    pub(in crate::arch) fn rpiks(self, keys: &[[u8; 16]; TILE], count: usize) -> [[u8; 16]; TILE] {
        // SAFETY: `self` proves that the CPU has the instructions.
        unsafe { hash::rpiks(keys, count) }
    }
}
