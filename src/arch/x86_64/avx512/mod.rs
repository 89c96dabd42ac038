//! AVX-512 with VAES, GFNI and VBMI: sixteen keys, then sixteen identifiers at once.

mod hash;
mod memory;
mod search;

use alloc::vec::Vec;

use crate::arch::detect::detected;
use crate::arch::x86_64::rows::State;
use crate::arch::{Candidate, Job, Part, Probe, TILE};

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
    pub(in crate::arch) fn prepare(self, rpiks: &[[[u8; 16]; TILE]], jobs: &[Job], states: &mut Vec<State>) {
        // SAFETY: `self` proves that the CPU has the instructions.
        unsafe { search::prepare(rpiks, jobs, states) }
    }

    #[inline]
    pub(in crate::arch) fn search(
        self,
        probe: Probe,
        states: &[State],
        part: Part<'_>,
        candidates: &mut Vec<Candidate>,
    ) {
        // SAFETY: `self` proves that the CPU has the instructions.
        unsafe {
            match probe {
                Probe::Gather => search::search::<true>(states, part, candidates),
                Probe::Scalar => search::search::<false>(states, part, candidates),
            }
        }
    }
}
