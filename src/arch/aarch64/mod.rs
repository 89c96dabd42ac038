//! ARMv8 with its cryptographic extensions: sixteen identifiers in sixteen registers, and two keys side by side.

mod hash;
mod memory;
mod search;

use alloc::vec::Vec;

use crate::arch::doors::doors;
use crate::arch::{Candidate, Job, Part, TILE};

/// The order of lanes in registers and memory is the same: what the kernels rely on.
const LITTLE_ENDIAN: bool = cfg!(target_endian = "little");

doors! {
    /// Proof that the CPU has instructions for SHA-256.
    Sha2("neon", "sha2") if LITTLE_ENDIAN;
    fn rpiks(keys: &[[u8; 16]; TILE], count: usize) -> [[u8; 16]; TILE] = hash::rpiks;
}

doors! {
    /// Proof that the CPU has instructions for AES.
    Aes("neon", "aes") if LITTLE_ENDIAN;
    fn search(
        rpiks: &[[u8; 16]; TILE],
        jobs: &[Job],
        part: Part<'_>,
        candidates: &mut Vec<Candidate>
    ) = search::search;
}
