//! COCOA, Japan's contact-confirming app (2020 to 2022): its files, and the logs that its users hold.
//!
//! ```
//! use gaen::cocoa::ExposureLog;
//!
//! // One entry of an iPhone's log.
//! let log = ExposureLog::read(
//!     br#"{"Hash":"2E363DA3EFBF64A65C5DAAE8A5525FD43F7D53B733923E23A61C715EB2879217","MatchCount":1,"KeyCount":7,
//!          "AppBundleIdentifier":"jp.go.mhlw.covid19radar","Timestamp":"2020-09-06 00:21:25 +0900"}"#,
//! )?;
//! assert!(log.entries[0].is_of_cocoa());
//! assert_eq!(log.entries[0].matches, Some(1));
//! # Ok::<(), gaen::cocoa::DocumentError>(())
//! ```
//!
//! ```text
//! a log -> ExposureLog -> LogEntry, each with a hash -> FileIndex of your files -> the file, and so the UTC day
//! ```
//!
//! [`ExposureLog`] reads the logs of the phone's settings and of the app. A log says when the phone *checked* a file,
//! never when a contact was. The file that matched tells the day of the contact, because COCOA's server wrote the keys
//! of one UTC day into each file ([`Convention`]). [`FileIndex`] finds that file by its hash.
//!
//! Matched, scored and notified are three things. The phone logs that a key matched. A configuration then scores the
//! contact, perhaps with 0. The app tells its user only if the score is high enough.
//!
//! Nothing here verifies a signature. If your file has the hash that a phone logged, it is the very file that the phone
//! checked.
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
mod resolve;

pub use configuration::{read_configuration, read_rule};
pub use convention::{Convention, Deviation, EndRule};
pub use error::DocumentError;
pub use exposure_data::{ExposureData, LoggedScan, LoggedScores, LoggedSummary, LoggedWindow};
pub use json::MAX_DOCUMENT_BYTES;
pub use list::{ExportList, ListEntry};
pub use log::{
    CheckTime, DistinctMatches, ExposureLog, HashOf, LogEntry, LogFormat, LoggedHash, MatchedHash, TimeReading,
};
pub use millis::{DateMillis, DateReading};
pub use resolve::{FileIndex, FileIndexBuilder, IndexedFile, MOST_FILES_IN_A_CALL, Resolution};
