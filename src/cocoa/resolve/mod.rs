//! Finds the file that a phone checked, by the hash in its log, among the files in hand.

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
    /// Starts an index that knows files by their own hashes, as iOS and microG log them.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts an index that also knows the hashes of Android's calls. Such a hash covers several files. The index
    /// hashes every run of up to [`MOST_FILES_IN_A_CALL`] neighbours, by the number in their names, by start, and by
    /// name.
    ///
    /// The builder holds up to 1 GiB of files in memory until it has built the index. Further files are in no run, and
    /// [`runs_are_complete`](FileIndex::runs_are_complete) says so. Building hashes each file up to 60 times.
    #[must_use]
    pub fn with_calls() -> Self {
        Self::with_calls_within(MOST_BYTES_HELD)
    }

    /// Does what [`with_calls`](Self::with_calls) does, and holds at most `bytes` of files in memory.
    #[must_use]
    pub fn with_calls_within(bytes: usize) -> Self {
        Self { held: Some(Vec::new()), bytes_left: bytes, ..Self::default() }
    }

    /// Adds a file, a zip or a bare `export.bin`, under a name that people recognise. The signature is not verified: a
    /// hash that a phone has logged says more.
    ///
    /// # Errors
    /// [`ExportError`] if the file is no export file, or over a limit. The index is then as it was.
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

    /// Hashes the runs, forgets the files, and returns the index.
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

/// The files in hand, by all hashes that a log may have for them.
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

/// The files that a hash stands for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Resolution<'i> {
    /// The hash is of the `export.bin` of this file.
    File(&'i IndexedFile),
    /// The hash is of this file itself, a zip.
    Zip(&'i IndexedFile),
    /// The hash is of the `export.bin` of two or more files, one after the other in this order.
    Call(Vec<&'i IndexedFile>),
    /// No file in hand has this hash, and no run of files that was searched. Other files may have it.
    NotAmongThese,
    /// The text is no SHA-256, so it could stand for any file.
    NotAHash,
}

impl<'i> Resolution<'i> {
    /// Returns the files with this hash. The list is empty if no file was found.
    #[must_use]
    pub fn files(&self) -> &[&'i IndexedFile] {
        match self {
            Self::File(file) | Self::Zip(file) => std::slice::from_ref(file),
            Self::Call(files) => files,
            Self::NotAmongThese | Self::NotAHash => &[],
        }
    }

    /// Returns the stable name of the variant.
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

    /// Returns the files, in the order in which you added them.
    #[must_use]
    pub fn files(&self) -> &[IndexedFile] {
        &self.files
    }

    /// Returns how many runs of two files or more were hashed.
    #[must_use]
    pub const fn runs(&self) -> usize {
        self.runs
    }

    /// `true` if every file is in the runs. Files beyond the limit of memory are not.
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
