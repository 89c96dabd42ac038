//! What a log of exposure checks means: on which day a contact was, in sentences and as JSON.
//!
//! ```
//! use gaen::cocoa::ExposureLog;
//! use gaen_report::Language;
//! use gaen_report::log::{LogDocument, Options};
//!
//! let entry = br#"{"Hash": "2E363DA3EFBF64A65C5DAAE8A5525FD43F7D53B733923E23A61C715EB2879217", "MatchCount": 1,
//!     "KeyCount": 7, "Timestamp": "2020-09-06 00:21:25 +0900"}"#;
//! let log = ExposureLog::read(entry)?;
//! let document = LogDocument::new(&log, None, Options { language: Language::English, ..Options::default() });
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

pub use document::{LogDocument, Options};
pub use files::FilesInHand;

use std::io::{self, Write};

use gaen::cocoa::ExposureLog;

use crate::document::Document;

impl LogDocument {
    /// Works out what a log means, with the export files in hand. With `None` nobody searched for its hashes.
    #[must_use]
    pub fn new(log: &ExposureLog, files: Option<&FilesInHand>, options: Options) -> Self {
        let mut document = Self::without_conclusion(log, files, options);
        document.conclusion = conclusion::of(&document);
        document
    }
}

/// The text has lines of up to 80 columns.
impl Document for LogDocument {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        print::print(self, out)
    }
}
