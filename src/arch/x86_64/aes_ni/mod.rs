//! AES-NI on the registers of SSE: one identifier in each.

pub(super) mod blocks;
pub(super) mod memory;
mod search;

use alloc::vec::Vec;

use crate::arch::doors::doors;
use crate::arch::x86_64::rows::State;
use crate::arch::{Candidate, Job, Part, TILE};

doors! {
    /// Proof that the CPU has AES-NI and SSE4.1.
    AesNi("aes", "ssse3", "sse4.1");
    fn prepare(rpiks: &[[[u8; 16]; TILE]], jobs: &[Job], states: &mut Vec<State>) = search::prepare;
    fn search(states: &[State], part: Part<'_>, candidates: &mut Vec<Candidate>) = search::search;
}
