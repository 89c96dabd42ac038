//! AES-NI on the registers of SSE: one identifier in each.

pub(super) mod blocks;
pub(super) mod memory;
mod search;

use alloc::vec::Vec;

use crate::arch::detect::detected;
use crate::arch::x86_64::rows::State;
use crate::arch::{Candidate, Job, Part, TILE};

/// Proof that the CPU has AES-NI and SSE4.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::arch) struct AesNi(());

impl AesNi {
    pub(in crate::arch) fn detect() -> Option<Self> {
        detected!("aes", "ssse3", "sse4.1").then_some(Self(()))
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
