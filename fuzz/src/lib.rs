//! What is fuzzed, and what has to hold for every input. `README.md` lists it.
//!
//! Each target is a function from bytes that panics when something does not hold. The fuzzer calls it (`src/bin`), and
//! so does a test, for every input of the corpus (`tests/corpus.rs`).

mod generate;
mod targets;

pub use targets::*;

/// A function from bytes that panics when something does not hold.
pub type Target = fn(&[u8]);

/// All of them, by name.
pub const TARGETS: &[(&str, Target)] = &[
    ("archive", archive),
    ("configuration", configuration),
    ("export_bin", export_bin),
    ("exposures", exposures),
    ("frame", frame),
    ("kernels", kernels),
    ("log", log),
    ("search", search),
    ("sightings_file", sightings_file),
    ("signature_list", signature_list),
    ("store_import", store_import),
];

/// The program of a target: a fuzzer if it is built as one, otherwise something that runs the files it is given.
#[macro_export]
macro_rules! program {
    ($target:ident) => {
        #[cfg(fuzzing)]
        libfuzzer_sys::fuzz_target!(|data: &[u8]| gaen_fuzz::$target(data));

        #[cfg(not(fuzzing))]
        fn main() -> std::io::Result<()> {
            std::env::args_os().skip(1).try_for_each(|file| Ok(gaen_fuzz::$target(&std::fs::read(file)?)))
        }
    };
}
