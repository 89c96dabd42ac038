#![doc = include_str!("../README.md")]
#![cfg_attr(not(any(feature = "std", test)), no_std)]
#![deny(missing_docs, unsafe_code)]
#![warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable, clippy::todo)]
#![warn(clippy::string_slice)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::unreachable,
        clippy::string_slice,
        clippy::cast_possible_truncation,
        clippy::missing_panics_doc
    )
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "alloc")]
extern crate alloc;

#[cfg(feature = "alloc")]
mod arch;
#[cfg(feature = "cocoa")]
pub mod cocoa;
pub mod device;
#[cfg(feature = "export")]
pub mod export;
#[cfg(feature = "exposure")]
pub mod exposure;
pub mod keys;
#[cfg(feature = "exposure")]
pub mod lint;
#[cfg(feature = "alloc")]
pub mod matching;
pub mod profile;
#[cfg(feature = "export")]
pub mod scan;
pub mod self_test;
#[cfg(feature = "stages")]
#[doc(hidden)]
pub mod stages;
#[cfg(feature = "store")]
pub mod store;
#[cfg(feature = "alloc")]
pub mod tally;
pub mod time;

#[cfg(feature = "alloc")]
pub use device::KeyRing;
pub use keys::{DiagnosisKey, RollingProximityIdentifier, TemporaryExposureKey};
#[cfg(feature = "alloc")]
pub use matching::{Match, MatchReport, Matcher, Sighting, SightingIndex};
pub use profile::Profile;
pub use self_test::self_test;
pub use time::{EnIntervalNumber, RollingWindow};
