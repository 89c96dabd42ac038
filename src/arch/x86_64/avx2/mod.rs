//! AVX2: eight keys at once.

pub(super) mod hash;
pub(super) mod memory;
pub(super) mod probe;

use crate::arch::TILE;
use crate::arch::doors::doors;

doors! {
    /// Proof that the CPU has AVX2.
    Avx2("avx2");
    fn rpiks(keys: &[[u8; 16]; TILE], count: usize) -> [[u8; 16]; TILE] = hash::rpiks;
}
