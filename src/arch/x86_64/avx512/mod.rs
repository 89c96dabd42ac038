//! AVX-512 with VAES, GFNI and VBMI: sixteen keys, then sixteen identifiers at once.

mod hash;
mod memory;
mod search;

use alloc::vec::Vec;

use crate::arch::doors::doors;
use crate::arch::x86_64::rows::State;
use crate::arch::{Candidate, Job, Part, TILE};

doors! {
    /// Proof that the CPU has AVX-512 (F, BW, VBMI), VAES and GFNI.
    Avx512("avx512f", "avx512bw", "avx512vbmi", "vaes", "gfni", "aes");
    fn rpiks(keys: &[[u8; 16]; TILE]) -> [[u8; 16]; TILE] = hash::rpiks;
    fn prepare(rpiks: &[[[u8; 16]; TILE]], jobs: &[Job], states: &mut Vec<State>) = search::prepare;
    fn search_by_gathers(states: &[State], part: Part<'_>, candidates: &mut Vec<Candidate>) = search::search::<true>;
    fn search_by_loads(states: &[State], part: Part<'_>, candidates: &mut Vec<Candidate>) = search::search::<false>;
}
