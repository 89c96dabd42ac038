//! What became of the files that were searched.

use std::io::{self, Write};

use gaen::export::{ExportSummary, IgnoredValue, SkipReason};
use gaen::tally::Tally;
use serde::Serialize;

use super::Document;
use crate::text::style::{BAD, GOOD};
use crate::text::{counted, hex, printable};

/// What became of a file that was searched.
#[derive(Clone, Debug, Serialize)]
pub struct FileOutcome {
    /// The path of the file. `None` for a file that a store knows and that was not given now.
    pub path: Option<String>,
    /// SHA-256 of its export.bin, hexadecimal. `None` if the file could not be read so far.
    pub export_sha256: Option<String>,
    /// The status: whether its keys were searched for, and whether a signature was verified.
    pub status: FileStatus,
    /// The names of the public keys that verified it.
    pub verified_by: Vec<String>,
    /// The number of its keys.
    pub keys: u64,
    /// The number of its revised keys.
    pub revised_keys: u64,
    /// The number of keys that were not searched for, by reason.
    pub skipped_keys: Tally<SkipReason>,
    /// Why it was rejected. `None` if it was not.
    pub error: Option<String>,
    /// The name of the error, for programs.
    pub error_code: Option<&'static str>,
    /// The number of values that were out of range and read as missing, by value.
    #[serde(skip)]
    pub ignored_values: Tally<IgnoredValue>,
    /// Start and end of its time window, Unix seconds.
    #[serde(skip)]
    pub window: (Option<u64>, Option<u64>),
}

/// Whether a file's keys were searched for, and whether a signature was verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FileStatus {
    /// A trusted key signed it.
    Verified,
    /// Its keys were searched for without verifying it, as the user asked.
    Unverified,
    /// The file was refused, and contributes nothing.
    Rejected,
    /// A store has searched it for everything before, when it was verified.
    Known,
}

impl FileOutcome {
    /// The outcome of a file that was accepted.
    #[must_use]
    pub fn accepted(path: String, status: FileStatus, read: ExportSummary) -> Self {
        Self {
            path: Some(path),
            export_sha256: Some(hex::encode(&read.export_sha256)),
            status,
            verified_by: read.verified_by,
            keys: read.keys,
            revised_keys: read.revised_keys,
            skipped_keys: read.skipped,
            error: None,
            error_code: None,
            ignored_values: read.ignored,
            window: (read.facts.start_timestamp, read.facts.end_timestamp),
        }
    }

    /// The outcome of a file that contributes nothing. The hash of its `export.bin`, if it has one, tells which file it
    /// is.
    #[must_use]
    pub fn rejected(path: String, export_sha256: Option<[u8; 32]>, error: String, code: &'static str) -> Self {
        Self {
            path: Some(path),
            export_sha256: export_sha256.map(|sha256| hex::encode(&sha256)),
            status: FileStatus::Rejected,
            verified_by: Vec::new(),
            keys: 0,
            revised_keys: 0,
            skipped_keys: Tally::new(),
            error: Some(error),
            error_code: Some(code),
            ignored_values: Tally::new(),
            window: (None, None),
        }
    }

    /// What to call it: its path, or the hash by which a store knows it.
    #[must_use]
    pub fn name(&self) -> &str {
        self.path.as_deref().or(self.export_sha256.as_deref()).unwrap_or_default()
    }
}

/// A line: who verified the file, or why it was rejected.
impl Document for FileOutcome {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let path = printable(self.name());
        if let Some(error) = &self.error {
            let code = self.error_code.unwrap_or_default();
            return writeln!(out, "{BAD}FAIL{BAD:#} {path}  {code}: {}", printable(error));
        }
        let by = self.verified_by.join(" and ");
        write!(out, "{GOOD}ok{GOOD:#}   {path}  verified by {}  {}", printable(&by), counted(self.keys, "key"))?;
        if self.revised_keys > 0 {
            write!(out, ", {} revised", self.revised_keys)?;
        }
        if self.skipped_keys.total() > 0 {
            write!(out, ", {} skipped", self.skipped_keys.total())?;
        }
        writeln!(out, "  {}", self.export_sha256.as_deref().unwrap_or_default())
    }
}
