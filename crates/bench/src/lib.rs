//! What `gaen` is measured with: [worlds](World) in which the right answer is known, two [baselines] to
//! compare with, [export files](mod@file) of any size, [windows](mod@windows) to judge, [bombs], a [clock] that counts
//! cycles on a noisy machine, and the process's peak of [memory].
//!
//! The benchmarks in `benches/` and the command `gaen bench` are built on it: the feature `record` adds the [record]
//! that the command prints. Everything is made from fixed seeds: two runs do the same work. A run that finds anything
//! but what was planted panics, so that no wrong answer has a speed.

pub mod archive;
pub mod baselines;
pub mod bombs;
pub mod clock;
pub mod cpu;
pub mod file;
mod forged_zip;
pub mod memory;
mod random;
#[cfg(feature = "record")]
pub mod record;
mod repeats;
pub mod windows;
mod world;

pub use world::{DAYS, Keys, PLANTED, World};

/// Whether a benchmark is only to run once, for its assertions: `cargo test` runs it without the `--bench` that
/// `cargo bench` gives it.
#[must_use]
pub fn is_test() -> bool {
    let given = |wanted: &str| std::env::args().any(|arg| arg == wanted);
    given("--test") || !given("--bench")
}
