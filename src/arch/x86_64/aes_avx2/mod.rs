//! AES-NI with AVX2: one identifier in each register, as in [`aes_ni`](super::aes_ni), but instructions that do not
//! overwrite what they read.

mod search;

use alloc::vec::Vec;

use crate::arch::detect::detected;
use crate::arch::x86_64::rows::State;
use crate::arch::{Candidate, Job, Part, TILE};

/// Proof that the CPU has AES-NI, AVX2 and BMI2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::arch) struct AesAvx2(());

impl AesAvx2 {
    pub(in crate::arch) fn detect() -> Option<Self> {
        detected!("aes", "avx2", "bmi2").then_some(Self(()))
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
