//! ARMv8 with its cryptographic extensions: sixteen identifiers in sixteen registers, and two keys side by side.

mod hash;
mod memory;
mod search;

use alloc::vec::Vec;

use crate::arch::detect::detected;
use crate::arch::{Candidate, Job, Part, TILE};

/// The order of lanes in registers and memory is the same: what the kernels rely on.
const LITTLE_ENDIAN: bool = cfg!(target_endian = "little");

/// Proof that the CPU has instructions for AES.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::arch) struct Aes(());

/// Proof that the CPU has instructions for SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::arch) struct Sha2(());

impl Sha2 {
    pub(in crate::arch) fn detect() -> Option<Self> {
        (LITTLE_ENDIAN && detected!("neon", "sha2")).then_some(Self(()))
    }

    #[inline]
    pub(in crate::arch) fn rpiks(self, keys: &[[u8; 16]; TILE], count: usize) -> [[u8; 16]; TILE] {
        // SAFETY: `self` proves that the CPU has the instructions.
        unsafe { hash::rpiks(keys, count) }
    }
}

impl Aes {
    pub(in crate::arch) fn detect() -> Option<Self> {
        (LITTLE_ENDIAN && detected!("neon", "aes")).then_some(Self(()))
    }

    #[inline]
    pub(in crate::arch) fn search(
        self,
        rpiks: &[[u8; 16]; TILE],
        jobs: &[Job],
        part: Part<'_>,
        candidates: &mut Vec<Candidate>,
    ) {
        // SAFETY: `self` proves that the CPU has the instructions.
        unsafe { search::search(rpiks, jobs, part, candidates) }
    }
}
