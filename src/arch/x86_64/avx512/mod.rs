//! AVX-512 with VAES, GFNI and VBMI: sixteen keys, then sixteen identifiers at once.

mod blocks;
mod gathers;
mod hash;
mod loads;
mod memory;

use alloc::vec::Vec;

use crate::arch::doors::doors;
use crate::arch::x86_64::rows::State;
use crate::arch::{Candidate, Job, Part, TILE};

doors! {
    /// Proof that the CPU has AVX-512 (F, BW, VBMI), VAES, GFNI and BMI2.
    Avx512("avx512f", "avx512bw", "avx512vbmi", "vaes", "gfni", "aes", "bmi2");
    fn rpiks(keys: &[[u8; 16]; TILE]) -> [[u8; 16]; TILE] = hash::rpiks;
    fn prepare(rpiks: &[[[u8; 16]; TILE]], jobs: &[Job], states: &mut Vec<State>) = blocks::prepare;
    fn search_by_gathers(states: &[State], part: Part<'_>, candidates: &mut Vec<Candidate>) = gathers::search;
    fn search_by_loads(states: &[State], part: Part<'_>, candidates: &mut Vec<Candidate>) = loads::search;
}
