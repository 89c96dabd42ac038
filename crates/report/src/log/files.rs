//! The export files in hand.

use crate::text::hex;
use gaen::cocoa::{FileIndex, IndexedFile};
use gaen::export::{ExportError, FileFacts};
use gaen::time::{LocalRange, UtcDay, UtcOffset};
use serde::Serialize;

/// The export files among which those of a log are searched.
#[derive(Debug)]
pub struct FilesInHand {
    /// The files that were read.
    pub index: FileIndex,
    /// The path of each file that could not be read, and why.
    pub failed: Vec<(String, ExportError)>,
}

impl FilesInHand {
    /// The files of the index first, in its order; then those that could not be read.
    pub(super) fn found(&self, offset: Option<UtcOffset>) -> Vec<FileFound> {
        let read = self.index.files().iter().map(|file| FileFound::of(file, offset));
        read.chain(self.failed.iter().map(|(path, error)| FileFound::failed(path, error))).collect()
    }
}

/// A file in hand, or why it is none.
#[derive(Serialize)]
pub(super) struct FileFound {
    pub(super) path: String,
    pub(super) export_sha256: Option<String>,
    pub(super) zip_sha256: Option<String>,
    #[serde(flatten)]
    pub(super) facts: FileFacts,
    pub(super) keys: Option<u64>,
    /// The one day of its keys, by COCOA's convention.
    pub(super) utc_day: Option<UtcDay>,
    pub(super) local_range: Option<LocalRange>,
    /// Of its keys, in UTC.
    pub(super) first_day: Option<UtcDay>,
    pub(super) last_day: Option<UtcDay>,
    /// In what it differs from COCOA's files.
    pub(super) deviations: Vec<String>,
    pub(super) error: Option<String>,
    pub(super) error_code: Option<&'static str>,
}

impl FileFound {
    fn of(file: &IndexedFile, offset: Option<UtcOffset>) -> Self {
        Self {
            path: file.name.clone(),
            export_sha256: Some(hex::encode(&file.export_sha256)),
            zip_sha256: file.zip_sha256.map(|sha256| hex::encode(&sha256)),
            facts: file.facts.clone(),
            keys: Some(file.keys),
            utc_day: file.convention.day,
            local_range: offset.and_then(|offset| file.convention.local_range(offset)),
            first_day: file.key_days.map(|(first, _)| first),
            last_day: file.key_days.map(|(_, last)| last),
            deviations: file.convention.deviations.iter().map(ToString::to_string).collect(),
            error: None,
            error_code: None,
        }
    }

    fn failed(path: &str, error: &ExportError) -> Self {
        Self {
            path: path.to_owned(),
            export_sha256: None,
            zip_sha256: None,
            facts: FileFacts::default(),
            keys: None,
            utc_day: None,
            local_range: None,
            first_day: None,
            last_day: None,
            deviations: Vec::new(),
            error: Some(error.to_string()),
            error_code: Some(error.code()),
        }
    }
}
