//! From the hash of a log to the file that was checked, among the files in hand.

mod file;
mod runs;

use std::collections::HashMap;

use sha2::{Digest, Sha256};

pub use file::IndexedFile;
pub use runs::MOST_FILES_IN_A_CALL;

use super::log::LoggedHash;
use crate::export::{ExportError, ReadOptions};

/// `export.bin`s that are held for the search of calls: 1 GiB in all.
const MOST_BYTES_HELD: usize = 1 << 30;

/// Takes the files in hand, and makes a [`FileIndex`] of them.
#[derive(Debug, Default)]
pub struct FileIndexBuilder {
    files: Vec<IndexedFile>,
    /// The `export.bin` of each file, if calls are searched.
    held: Option<Vec<Option<Vec<u8>>>>,
    /// Bytes of `export.bin`s that may still be held.
    bytes_left: usize,
}

impl FileIndexBuilder {
    /// An index that knows files by their own hashes, as iOS and microG log them.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An index that knows also the hashes of Android's calls, of several files in one: of every run of up to
    /// [`MOST_FILES_IN_A_CALL`] files that stand next to each other, by the number in their names, by start, or by name.
    ///
    /// The files are held in memory until it is built, up to 1 GiB of them; those beyond are in no run, and
    /// [`runs_are_complete`](FileIndex::runs_are_complete) says so. Building hashes each file up to 60 times.
    #[must_use]
    pub fn with_calls() -> Self {
        Self { held: Some(Vec::new()), bytes_left: MOST_BYTES_HELD, ..Self::default() }
    }

    /// Adds a file, a zip or a bare `export.bin`, under a name that a person recognises it by. Its signature is not
    /// verified: a hash that a phone has logged says more than that.
    ///
    /// # Errors
    /// [`ExportError`] when it is no export file or over a limit. The index is as it was.
    pub fn add(&mut self, name: &str, file: &[u8], options: &ReadOptions) -> Result<(), ExportError> {
        let (file, export) = IndexedFile::read(name, file, options)?;
        if let Some(held) = &mut self.held {
            let left = self.bytes_left.checked_sub(export.export_bin().len());
            held.push(left.is_some().then(|| export.export_bin().to_vec()));
            self.bytes_left = left.unwrap_or(self.bytes_left);
        }
        self.files.push(file);
        Ok(())
    }

    /// Hashes the runs, and lets go of the files.
    #[must_use]
    pub fn build(self) -> FileIndex {
        let Self { files, held, .. } = self;
        let mut known = HashMap::new();
        for (position, file) in files.iter().enumerate() {
            if let Some(sha256) = file.zip_sha256 {
                known.entry(sha256).or_insert(Known::Zip(position));
            }
        }
        for (position, file) in files.iter().enumerate() {
            known.entry(file.export_sha256).or_insert(Known::ExportBin(position));
        }
        let (mut runs, mut complete) = (0, true);
        if let Some(held) = held {
            complete = held.iter().all(Option::is_some);
            runs::of(&files, &held, |run, sha256| {
                runs = usize::saturating_add(runs, 1);
                known.entry(sha256).or_insert_with(|| Known::Call(run.to_vec()));
            });
        }
        FileIndex { files, known, runs, complete }
    }
}

/// What a hash is known as. Positions are those of files.
#[derive(Clone, Debug)]
enum Known {
    ExportBin(usize),
    Zip(usize),
    Call(Vec<usize>),
}

/// The files in hand, by all the hashes that a log may call them by.
///
/// ```no_run
/// use gaen::cocoa::{ExposureLog, FileIndexBuilder, Resolution};
/// use gaen::export::ReadOptions;
///
/// let mut builder = FileIndexBuilder::new();
/// builder.add("440-366.zip", &std::fs::read("440-366.zip")?, &ReadOptions::default())?;
/// let index = builder.build();
///
/// let log = ExposureLog::read(&std::fs::read("ExposureChecks-2020-09-06.json")?)?;
/// for entry in &log.entries {
///     if let Resolution::File(file) = index.resolve(&entry.hash) {
///         println!("{} is of UTC day {:?}", file.name, file.convention.day);
///     }
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct FileIndex {
    files: Vec<IndexedFile>,
    known: HashMap<[u8; 32], Known>,
    runs: usize,
    complete: bool,
}

/// What a hash turned out to be.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Resolution<'i> {
    /// The `export.bin` of this file.
    File(&'i IndexedFile),
    /// This file as it is, a zip.
    Zip(&'i IndexedFile),
    /// The `export.bin`s of these files, one after the other in this order: two or more.
    Call(Vec<&'i IndexedFile>),
    /// No file in hand has this hash, and no run of them that was searched. Files elsewhere may have it.
    NotAmongThese,
    /// The text is not a SHA-256, so it could be any file.
    NotAHash,
}

impl<'i> Resolution<'i> {
    /// The files with this hash. Empty if none was found.
    #[must_use]
    pub fn files(&self) -> &[&'i IndexedFile] {
        match self {
            Self::File(file) | Self::Zip(file) => std::slice::from_ref(file),
            Self::Call(files) => files,
            Self::NotAmongThese | Self::NotAHash => &[],
        }
    }

    /// Its stable name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::File(_) => "export_bin",
            Self::Zip(_) => "zip",
            Self::Call(_) => "call",
            Self::NotAmongThese => "not_among_these",
            Self::NotAHash => "not_a_hash",
        }
    }
}

impl FileIndex {
    /// Finds the files that a hash of a log names.
    #[must_use]
    pub fn resolve(&self, hash: &LoggedHash) -> Resolution<'_> {
        let Some(sha256) = &hash.sha256 else {
            return Resolution::NotAHash;
        };
        let found = match self.known.get(sha256) {
            Some(Known::ExportBin(position)) => self.files.get(*position).map(Resolution::File),
            Some(Known::Zip(position)) => self.files.get(*position).map(Resolution::Zip),
            Some(Known::Call(run)) => {
                Some(Resolution::Call(run.iter().filter_map(|position| self.files.get(*position)).collect()))
            }
            None => None,
        };
        found.unwrap_or(Resolution::NotAmongThese)
    }

    /// The files, in the order in which they were added.
    #[must_use]
    pub fn files(&self) -> &[IndexedFile] {
        &self.files
    }

    /// How many runs of two files or more were hashed.
    #[must_use]
    pub const fn runs(&self) -> usize {
        self.runs
    }

    /// `true` if every file is in the runs. Files beyond 1 GiB are not.
    #[must_use]
    pub const fn runs_are_complete(&self) -> bool {
        self.complete
    }
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests;
