//! Which of the identifiers that a device has heard were broadcast by whose published keys.
//!
//! ```text
//! Sightings -> SightingIndex, built once
//! DiagnosisKeys -> RPIK -> 144 identifiers -> filter -> index -> hits -> acceptance rules -> Matches
//! ```
//!
//! Diagnosis keys and heard identifiers are public. Tables are indexed by their bytes and derived keys are not wiped:
//! a device's own, unpublished keys do not belong here, and the types do not let them in.

mod accept;
mod findings;
mod index;
mod matcher;
mod plain;
mod report;
mod sighting;
mod stretch;
mod sweep;

#[doc(hidden)]
pub use crate::arch::Probe;
pub use crate::arch::{Tier, UnknownTier};
#[cfg(feature = "store")]
pub(crate) use accept::HeardIdentifier;
#[cfg(feature = "exposure")]
pub(crate) use accept::SAME_SCAN_SECONDS;
#[cfg(feature = "export")]
pub(crate) use findings::Findings;
#[cfg(feature = "backup")]
pub(crate) use index::in_clock_window;
pub use index::{SightingIndex, TooManySightings};
pub use matcher::{Matcher, Search};
pub use report::{DropReason, DroppedSighting, LaterReport, Match, MatchReport};
pub use sighting::{HeardMetadata, ImpossibleRssi, ImpossibleSighting, Sighting, possible_rssi};
