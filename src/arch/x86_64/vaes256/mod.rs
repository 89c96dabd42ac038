//! VAES on the registers of AVX2: two identifiers in each.

mod search;

use alloc::vec::Vec;

use crate::arch::detect::detected;
use crate::arch::x86_64::rows::State;
use crate::arch::{Candidate, Job, Part, TILE};

/// Proof that the CPU has VAES, AES-NI, AVX2 and BMI2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::arch) struct Vaes256(());

impl Vaes256 {
    pub(in crate::arch) fn detect() -> Option<Self> {
        detected!("vaes", "aes", "avx2", "bmi2").then_some(Self(()))
    }

    #[inline]
    pub(in crate::arch) fn prepare(self, rpiks: &[[[u8; 16]; TILE]], jobs: &[Job], states: &mut Vec<State>) {
        // SAFETY: `self` proves that the CPU has the instructions.
        unsafe { search::prepare(rpiks, jobs, states) }
    }

    #[inline]
    pub(in crate::arch) fn search(self, states: &[State], part: Part<'_>, candidates: &mut Vec<Candidate>) {
        // SAFETY: `self` proves that the CPU has the instructions.
        unsafe { search::search(states, part, candidates) }
    }
}
