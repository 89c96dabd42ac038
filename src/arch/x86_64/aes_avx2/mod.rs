//! AES-NI with AVX2: one identifier in each register, as in [`aes_ni`](super::aes_ni), but instructions that do not
//! overwrite what they read, and gathers.

mod search;

use alloc::vec::Vec;

use crate::arch::detect::detected;
use crate::arch::{Candidate, Filter, Job, Probe, TILE};

/// Proof that the CPU has AES-NI and AVX2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::arch) struct AesAvx2(());

impl AesAvx2 {
    pub(in crate::arch) fn detect() -> Option<Self> {
        detected!("aes", "avx2").then_some(Self(()))
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
