//! The facade of `gaen` for other languages: plain columns and packed rows in, small records and documents out.
//!
//! Lengths are checked here, once for all languages. No call a key or a sighting crosses a border, and nothing here is
//! asynchronous: a call works on the thread that makes it. Every object may be used from any thread.
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used)]
#![cfg_attr(
    test,
    allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used)
)]

#[cfg(feature = "backup")]
mod backup;
mod configuration;
#[cfg(feature = "database")]
mod database;
mod error;
mod export_file;
mod frame;
mod known_answers;
mod near;
mod observer;
#[cfg(feature = "own-keys")]
mod own_keys;
mod report;
mod search;
mod sightings;
#[cfg(feature = "store")]
mod store;
mod trust;

pub use gaen::Profile;
pub use gaen::export::ContainerRule;
pub use gaen::exposure::{Basis, DailySummary, ExposureWindow, NotJudged, SearchedFiles, Totals, Verdict};
pub use gaen::publish::Consent;
pub use gaen_report::document::{FileOutcome, FileStatus};
pub use gaen_report::explain::{Choice, KeyName};

#[cfg(feature = "backup")]
pub use backup::{BackupSecret, database_of_backup};
pub use configuration::AppConfiguration;
#[cfg(feature = "database")]
pub use database::{HeardInDatabase, sightings_of_database};
pub use error::{Error, ErrorKind};
pub use export_file::ExportFile;
pub use frame::{Broadcast, Heard};
pub use known_answers::{kit_answer, published_identifiers, published_metadata, self_test};
pub use near::{TWO_HOURS, near};
pub use observer::{FallibleObserver, Next, NoObserver, Observer, Progress};
#[cfg(feature = "own-keys")]
pub use own_keys::{HeldKey, KeyRing, Release, ReleasedKey, check_upload_json};
pub use report::{MatchRecord, Report, json};
pub use search::{SearchRules, search, search_helped, summary};
pub use sightings::{Columns, HeardRows, NO_PREVIOUS_SCAN, ROW_BYTES, Sightings};
#[cfg(feature = "store")]
pub use store::{AwaitedFile, Counts, ImportSource, Imported, Purged, Restored, Store};
pub use trust::{Authenticity, TrustedKeys};

/// The most bytes of a database or a decrypted backup in memory: 256 MiB. It is there several times over.
pub const DATABASE_BYTES: u64 = 256 << 20;
