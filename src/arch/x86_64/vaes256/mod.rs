//! VAES on the registers of AVX2: two identifiers in each.

mod search;

use alloc::vec::Vec;

use crate::arch::detect::detected;
use crate::arch::{Candidate, Filter, Job, Probe, TILE};

/// Proof that the CPU has VAES, AES-NI and AVX2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::arch) struct Vaes256(());

impl Vaes256 {
    pub(in crate::arch) fn detect() -> Option<Self> {
        detected!("vaes", "aes", "avx2").then_some(Self(()))
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
