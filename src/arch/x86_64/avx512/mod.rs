//! AVX-512 with VAES, GFNI and VBMI: sixteen keys, then sixteen identifiers at once.

mod hash;
mod memory;
mod search;

use alloc::vec::Vec;

use crate::arch::detect::detected;
use crate::arch::{Candidate, Filter, Job, Probe, TILE};

/// Proof that the CPU has AVX-512 (F, BW, VBMI), VAES and GFNI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::arch) struct Avx512(());

impl Avx512 {
    pub(in crate::arch) fn detect() -> Option<Self> {
        detected!("avx512f", "avx512bw", "avx512vbmi", "vaes", "gfni", "aes").then_some(Self(()))
    }

    #[inline]
    pub(in crate::arch) fn rpiks(self, keys: &[[u8; 16]; TILE]) -> [[u8; 16]; TILE] {
        // SAFETY: `self` proves that the CPU has the instructions.
        unsafe { hash::rpiks(keys) }
    }

    #[inline]
    pub(in crate::arch) fn search(
        self,
        probe: Probe,
        rpiks: &[[u8; 16]; TILE],
        jobs: &[Job],
        filters: [&Filter; 2],
        candidates: &mut Vec<Candidate>,
    ) {
        // SAFETY: `self` proves that the CPU has the instructions.
        unsafe {
            match probe {
                Probe::Gather => search::search::<true>(rpiks, jobs, filters, candidates),
                Probe::Scalar => search::search::<false>(rpiks, jobs, filters, candidates),
            }
        }
    }
}
