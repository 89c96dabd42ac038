//! Exposure Notification for C. `include/gaen.h` is made of this crate; `guide/src/c.md` shows an app.
//!
//! A function checks what it is given, calls the facade `gaen-app`, and hands out a copy or a handle. Nothing is computed here.
//! `border` is the only file that reads and writes memory of the caller by length.
#![deny(unsafe_op_in_unsafe_fn)]
// The border to C: exported names, and memory that the caller vouches for. Each use says why it holds.
#![allow(unsafe_code)]
// The top of the header has the rules for pointers, which are the same for every function.
#![allow(clippy::missing_safety_doc)]
#![warn(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

mod border;
mod configuration;
mod error;
mod files;
mod keys;
mod known;
mod report;
mod search;
mod sightings;
#[cfg(feature = "store")]
mod store;
mod trust;

pub use border::gaen_string_free;
pub use configuration::*;
pub use error::*;
pub use files::*;
pub use keys::*;
pub use known::*;
pub use report::*;
pub use search::*;
pub use sightings::*;
#[cfg(feature = "store")]
pub use store::*;
pub use trust::*;
