//! Finds, among the identifiers that a device heard, those of published keys.
//!
//! ```
//! use gaen::keys::BluetoothMetadata;
//! use gaen::time::RollingPeriod;
//! use gaen::{DiagnosisKey, EnIntervalNumber, Matcher, RollingWindow, Sighting, SightingIndex};
//!
//! let window = RollingWindow::new(EnIntervalNumber::new(2_642_976), RollingPeriod::FULL_DAY)?;
//! let key = DiagnosisKey::new([7; 16], window);
//! let rpi = key.identifier_key().identifier(EnIntervalNumber::new(2_643_048));
//! let aem = key.metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(-12));
//!
//! let index = SightingIndex::new(vec![Sighting::new(rpi, aem.as_bytes(), -60, 1_585_828_800)])?;
//! let report = Matcher::new(&index).match_keys(&[key]);
//! assert_eq!(report.matches[0].attenuation, 48);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ```text
//! Sightings -> SightingIndex, built once
//! DiagnosisKeys -> RPIK -> 144 identifiers -> filter -> index -> hits -> acceptance rules -> Matches
//! ```
//!
//! Diagnosis keys and heard identifiers are public. Tables are indexed by their bytes and derived keys are not wiped:
//! a device's own, unpublished keys do not belong here, and the types do not let them in.

pub(crate) mod accept;
mod arrange;
mod filters;
mod findings;
#[cfg(feature = "std")]
pub(crate) mod helpers;
pub(crate) mod index;
pub(crate) mod matcher;
mod part;
mod plain;
#[cfg(feature = "std")]
mod remembered;
mod report;
mod sighting;
mod stretch;
mod sweep;

#[doc(hidden)]
pub use crate::arch::Probe;
pub use crate::arch::{Tier, UnknownTier};
#[cfg(feature = "std")]
pub use helpers::{Helper, Helpers, TASK_BYTES, Team};
pub use index::{SightingIndex, TooManySightings};
pub use matcher::{Matcher, Search};
pub use report::{DropReason, DroppedSighting, LaterReport, Match, MatchReport};
pub use sighting::{HeardMetadata, ImpossibleRssi, ImpossibleSighting, Sighting, possible_rssi};
