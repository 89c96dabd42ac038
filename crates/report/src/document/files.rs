//! What became of the files that were searched.

use gaen::export::SkipReason;
use gaen::tally::Tally;
use serde::Serialize;

/// What became of a file that was searched.
#[derive(Debug, Serialize)]
pub struct FileOutcome {
    /// Its path. `None` for a file that a store knows and that was not given now.
    pub path: Option<String>,
    /// SHA-256 of its export.bin, hexadecimal. `None` if the file could not be read so far.
    pub export_sha256: Option<String>,
    /// Whether its keys were searched for, and whether a signature was verified.
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
    /// It contributes nothing.
    Rejected,
    /// A store has searched it for everything before, when it was verified.
    Known,
}

impl FileOutcome {
    /// What to call it: its path, or the hash by which a store knows it.
    #[must_use]
    pub fn name(&self) -> &str {
        self.path.as_deref().or(self.export_sha256.as_deref()).unwrap_or_default()
    }
}
