//! `gaen` for Kotlin and Swift: the objects, records and errors of the facade as UniFFI hands them on.
//!
//! Everything here calls `gaen-app` and computes nothing itself. A call works on the thread that makes it and nothing is
//! asynchronous: the layers in `kotlin` and `swift` choose the thread. A panic becomes an exception of UniFFI.
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used)]
#![allow(clippy::needless_pass_by_value, reason = "what crosses the border is owned")]

pub mod configuration;
pub mod error;
pub mod export_file;
pub mod frame;
pub mod known_answers;
pub mod observer;
pub mod own_keys;
pub mod records;
pub mod report;
pub mod rules;
pub mod search;
pub mod sightings;
#[cfg(feature = "store")]
pub mod store;
pub mod trust;
pub mod values;

uniffi::setup_scaffolding!("gaen_generated");
