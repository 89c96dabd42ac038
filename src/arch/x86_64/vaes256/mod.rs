//! VAES on the registers of AVX2: two identifiers in each.

mod search;

use alloc::vec::Vec;

use crate::arch::doors::doors;
use crate::arch::x86_64::rows::State;
use crate::arch::{Candidate, Job, Part, TILE};

doors! {
    /// Proof that the CPU has VAES, AES-NI, AVX2 and BMI2.
    Vaes256("vaes", "aes", "avx2", "bmi2");
    fn prepare(rpiks: &[[[u8; 16]; TILE]], jobs: &[Job], states: &mut Vec<State>) = search::prepare;
    fn search(states: &[State], part: Part<'_>, candidates: &mut Vec<Candidate>) = search::search;
}
