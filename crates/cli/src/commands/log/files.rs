//! The export files in hand.

use std::path::{Path, PathBuf};
use std::{fs, io};

use gaen::cocoa::{FileIndex, FileIndexBuilder, IndexedFile};
use gaen::export::{ExportError, ReadOptions};
use gaen::time::{LocalRange, UtcDay, UtcOffset};
use gaen_report::text::hex;
use serde::Serialize;

use crate::exports;

/// A file in hand, or why it is none.
#[derive(Serialize)]
pub(super) struct FileFound {
    pub(super) path: String,
    pub(super) export_sha256: Option<String>,
    pub(super) zip_sha256: Option<String>,
    pub(super) start_timestamp: Option<u64>,
    pub(super) end_timestamp: Option<u64>,
    pub(super) region: Option<String>,
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

/// All files of these paths and of the folders among them, in order of their names; those that are read first, in the
/// order in which the index has them.
pub(super) fn read(paths: &[PathBuf], calls: bool, offset: Option<UtcOffset>) -> (FileIndex, Vec<FileFound>) {
    let options = ReadOptions::default();
    let mut builder = if calls { FileIndexBuilder::with_calls() } else { FileIndexBuilder::new() };
    let mut failed = Vec::new();
    let mut add = |path: &Path| {
        let name = path.to_string_lossy();
        let added = exports::bytes(path, &options).and_then(|file| builder.add(&name, &file, &options));
        failed.extend(added.err().map(|error| FileFound::failed(path, &error)));
    };
    for path in paths {
        walk(path, &mut add);
    }
    let index = builder.build();
    let mut found: Vec<_> = index.files().iter().map(|file| FileFound::of(file, offset)).collect();
    found.extend(failed);
    (index, found)
}

/// A folder's files and those of its folders. A folder that cannot be listed is passed on like a file, which says why.
fn walk(path: &Path, add: &mut dyn FnMut(&Path)) {
    let list = || -> io::Result<Vec<_>> { fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect() };
    let Some(mut entries) = path.is_dir().then(list).and_then(Result::ok) else {
        return add(path);
    };
    entries.sort();
    // A link to a folder is not followed, as it may lead back.
    for entry in entries.iter().filter(|entry| !(entry.is_symlink() && entry.is_dir())) {
        walk(entry, add);
    }
}

impl FileFound {
    fn of(file: &IndexedFile, offset: Option<UtcOffset>) -> Self {
        Self {
            path: file.name.clone(),
            export_sha256: Some(hex::encode(&file.export_sha256)),
            zip_sha256: file.zip_sha256.map(|sha256| hex::encode(&sha256)),
            start_timestamp: file.start_timestamp,
            end_timestamp: file.end_timestamp,
            region: file.region.clone(),
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

    fn failed(path: &Path, error: &ExportError) -> Self {
        Self {
            path: path.to_string_lossy().into_owned(),
            export_sha256: None,
            zip_sha256: None,
            start_timestamp: None,
            end_timestamp: None,
            region: None,
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
