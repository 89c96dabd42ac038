//! Which of the identifiers that a device has heard were broadcast by whose published keys.
//!
//! ```text
//! Sightings -> SightingIndex, built once
//! DiagnosisKeys -> RPIK -> 144 identifiers -> filter -> index -> hits -> acceptance rules -> Matches
//! ```
//!
//! Diagnosis keys and heard identifiers are public. Tables are indexed by their bytes and derived keys are not wiped:
//! a device's own, unpublished keys do not belong here, and the types do not let them in.

pub(crate) mod accept;
mod findings;
pub(crate) mod index;
mod matcher;
mod plain;
mod report;
mod sighting;
mod stretch;
mod sweep;

#[doc(hidden)]
pub use crate::arch::Probe;
pub use crate::arch::{Tier, UnknownTier};
pub use index::{SightingIndex, TooManySightings};
pub use matcher::{Matcher, Search};
pub use report::{DropReason, DroppedSighting, LaterReport, Match, MatchReport};
pub use sighting::{HeardMetadata, ImpossibleRssi, ImpossibleSighting, Sighting, possible_rssi};
