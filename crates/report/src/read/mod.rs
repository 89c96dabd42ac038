//! Readers of the files that people and apps write: sightings, diagnosis keys to be exported, and exposure windows.
//!
//! ```
//! let lines = r#"{"rpi": "00112233445566778899aabbccddeeff", "aem": "01020304", "rssi": -60, "time": 1601251200}"#;
//! let sightings = gaen_report::read::sightings("heard.jsonl", lines.as_bytes(), 1000)?;
//! assert_eq!(sightings.len(), 1);
//! # Ok::<(), gaen_report::read::ReadError>(())
//! ```
//!
//! A reader takes open input, which may be a pipe without an end: it holds one line at a time, or refuses what is too
//! large. The first fault ends it, and nothing is returned of the rest.
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used)]
#![cfg_attr(
    test,
    allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used)
)]

mod diagnosis_keys;
mod json;
mod key_data;
mod rows;
mod sightings;
mod truth;
mod windows;

use std::{fmt, io};

pub(crate) use json::document;

pub use diagnosis_keys::{DiagnosisKeys, KeyList, diagnosis_keys};
pub use sightings::{SightingRow, sightings};
pub use truth::{near_seconds, world_end};
pub use windows::{MissingField, WindowCase, WindowDocument, WindowFile, WindowForm, windows};

use crate::text::grouped;

/// Why a file could not be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReadError {
    /// The system could not read it.
    Unreadable {
        /// The name of the file.
        file: String,
        /// What the system says.
        error: io::Error,
    },
    /// Something in it breaks a rule.
    Wrong {
        /// The file with the line or the place in a list: `keys.json, line 3`.
        place: String,
        /// What was found, and the rule that it breaks.
        what: String,
    },
    /// It has more lines than the caller allows.
    TooManyLines {
        /// The name of the file.
        file: String,
        /// The first line too many.
        line: u64,
        /// The largest number of lines.
        most: usize,
    },
    /// A document has the other list of keys alone.
    OtherList {
        /// The name of the file.
        file: String,
        /// The line on which the document begins.
        line: u64,
        /// The name of the list that is there.
        found: &'static str,
        /// The list that was asked for.
        wanted: KeyList,
    },
    /// A window says how many days ago it was, and the caller gave no day to count from.
    NoToday {
        /// The file with the place of the window.
        place: String,
    },
}

impl ReadError {
    fn unreadable(file: &str, error: io::Error) -> Self {
        Self::Unreadable { file: file.to_owned(), error }
    }

    fn wrong(file: &str, line: u64, what: &str) -> Self {
        Self::Wrong { place: format!("{file}, line {line}"), what: what.to_owned() }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { file, error } => write!(out, "{file}: {error}"),
            Self::Wrong { place, what } => write!(out, "{place}: {what}"),
            Self::TooManyLines { file, line, most } => {
                write!(out, "{file}, line {line}: over {} lines", grouped(*most))
            }
            Self::OtherList { file, line, found, wanted: KeyList::Keys } => {
                write!(out, "{file}, line {line}: {found} alone")
            }
            Self::OtherList { file, line, found, wanted: KeyList::RevisedKeys } => {
                write!(out, "{file}, line {line}: {found}, but no revisedKeys")
            }
            Self::NoToday { place } => write!(out, "{place}: ageInDays counts back from a day that is not given"),
        }
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable { error, .. } => Some(error),
            _ => None,
        }
    }
}
