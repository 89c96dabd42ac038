//! COCOA, Japan's contact-confirming app (2020 to 2022): its files, and the logs that its users hold.
//!
//! ```text
//! a log -> ExposureLog -> LogEntry, each with a hash -> FileIndex of the files in hand -> the file, and so the UTC day
//! ```
//!
//! The logs are those of the phone's own settings and of the app: [`ExposureLog`] reads all of them. A log says when a
//! file was *checked*, never when a contact was. The day of a contact follows from the file that matched, and only as
//! COCOA's server wrote the keys of one UTC day into each file ([`Convention`]). [`FileIndex`] finds that file by its hash.
//!
//! Matched, scored and notified are three things: the phone logs that a key matched; a configuration then scores the
//! contact, perhaps with 0; and the app tells its user only from some score on.
//!
//! Nothing here verifies a signature. Whoever holds a file with the hash that a phone has logged holds the very bytes
//! that the phone had checked.
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used))]

mod configuration;
mod convention;
mod error;
mod exposure_data;
mod json;
mod list;
mod log;
mod millis;
mod preset;
mod resolve;

pub use configuration::{RiskRuleFile, read_configuration, read_risk_rule};
pub use convention::{Convention, Deviation, EndRule};
pub use error::DocumentError;
pub use exposure_data::{ExposureData, LoggedScan, LoggedScores, LoggedSummary, LoggedWindow};
pub use json::MAX_DOCUMENT_BYTES;
pub use list::{ExportList, ListEntry};
pub use log::{
    CheckTime, DistinctMatches, ExposureLog, HashOf, LogEntry, LogFormat, LoggedHash, MatchedHash, TimeReading,
};
pub use millis::{DateMillis, DateReading};
pub use preset::Preset;
pub use resolve::{FileIndex, FileIndexBuilder, IndexedFile, MOST_FILES_IN_A_CALL, Resolution};
