//! The facade of `gaen` for other languages: plain columns and packed rows in, small records and documents out.
//!
//! Lengths are checked here, once for all languages. No call a key or a sighting crosses a border, and nothing here is
//! asynchronous: a call works on the thread that makes it. Every object may be used from any thread.
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used)]
#![cfg_attr(
    test,
    allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used)
)]

mod configuration;
mod error;
mod near;
mod observer;
mod report;
mod search;
mod sightings;
mod trust;

pub use configuration::AppConfiguration;
pub use error::{Error, ErrorKind};
pub use near::{TWO_HOURS, near};
pub use observer::{Next, NoObserver, Observer, Progress};
pub use report::{MatchRecord, Report};
pub use search::{ExportFile, search};
pub use sightings::{Columns, NO_PREVIOUS_SCAN, ROW_BYTES, Sightings};
pub use trust::{Authenticity, TrustedKeys};
