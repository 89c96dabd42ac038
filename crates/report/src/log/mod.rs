//! What a log of exposure checks means: on which day a contact was, in sentences and as JSON.
//!
//! ```
//! use gaen::cocoa::ExposureLog;
//! use gaen_report::Language;
//! use gaen_report::log::{Document, Options};
//!
//! let entry = br#"{"Hash": "2E363DA3EFBF64A65C5DAAE8A5525FD43F7D53B733923E23A61C715EB2879217", "MatchCount": 1,
//!     "KeyCount": 7, "Timestamp": "2020-09-06 00:21:25 +0900"}"#;
//! let log = ExposureLog::read(entry)?;
//! let document = Document::new(&log, None, Options { utc_offset: None, language: Language::English });
//! assert!(document.conclusion()[0].contains("1 key"), "{:?}", document.conclusion());
//! # Ok::<(), gaen::cocoa::DocumentError>(())
//! ```
//!
//! Times in a log are those of the checks, never of a contact. The day of a contact follows from the export file that
//! matched: [`FilesInHand`] are searched for the hashes of the log.

mod conclusion;
mod document;
mod files;
mod print;
mod words;

pub use document::{Document, Options};
pub use files::FilesInHand;
