//! Searching export files: a file that fails says why, and contributes nothing.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use gaen::DiagnosisKey;
use gaen::export::{
    EXPORT_BIN, ExportError, ExportSummary, FileReport, Progress, ReadOptions, Trust, export_bin_sha256, inspect,
};
use gaen::exposure::{NotJudged, Verdict};
use gaen::matching::Search;
use gaen::search::SearchOptions;
use gaen_report::document::{FileOutcome, FileStatus};
use gaen_report::text::counted;
use rayon::ThreadPool;

use crate::error::Error;

/// Files that are open at the same time: fewer than any system allows.
const FILES_AT_ONCE: usize = 64;

/// A file's path, as it is shown.
pub(crate) fn name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// How files are read, and whom to believe.
pub(crate) struct ExportSearcher<'t> {
    read: ReadOptions,
    options: SearchOptions<'t>,
    /// Of a file that is accepted.
    accepted: FileStatus,
}

impl<'t> ExportSearcher<'t> {
    /// `trust` is `None` where the user has chosen not to verify; then a bare export.bin will do as well.
    pub(crate) fn new(read: ReadOptions, trust: Option<&'t Trust>) -> Self {
        let (options, accepted) = match trust {
            Some(trust) => (SearchOptions::verified_by(trust), FileStatus::Verified),
            None => (SearchOptions::unverified(), FileStatus::Unverified),
        };
        Self { options: options.reading(read.clone()), read, accepted }
    }

    /// Searches one file on this thread.
    pub(crate) fn search(
        &self,
        search: &mut Search<'_>,
        source: usize,
        path: &Path,
        mut observe: impl FnMut(&Progress),
    ) -> FileOutcome {
        let mut input = Input::open(path, &self.read);
        let searched = search.add_export_with(source, &mut input, &self.options, |progress| {
            observe(progress);
            ControlFlow::Continue(())
        });
        self.outcome(path, input, searched)
    }

    /// Searches files on the threads of this pool; their sources are their positions.
    pub(crate) fn search_all(
        &self,
        search: &mut Search<'_>,
        paths: &[PathBuf],
        pool: &ThreadPool,
        observe: impl Fn(usize, &Progress) + Sync,
    ) -> Vec<FileOutcome> {
        let mut outcomes = Vec::new();
        for paths in paths.chunks(FILES_AT_ONCE) {
            let first = outcomes.len();
            let mut inputs: Vec<_> = paths.iter().map(|path| Input::open(path, &self.read)).collect();
            let readers = inputs.iter_mut().collect();
            let searched = pool.install(|| {
                search.add_exports_parallel(first, readers, &self.options, |number, progress| {
                    observe(first + number, progress);
                    ControlFlow::Continue(())
                })
            });
            let done = paths.iter().zip(inputs).zip(searched);
            outcomes.extend(done.map(|((path, input), searched)| self.outcome(path, input, searched)));
        }
        outcomes
    }

    /// The revised keys of a file that was accepted.
    pub(crate) fn revised_keys(&self, path: &Path) -> Result<Vec<DiagnosisKey>, ExportError> {
        self.options.revised_keys(Input::open(path, &self.read))
    }

    fn outcome(&self, path: &Path, input: Input, searched: Result<ExportSummary, ExportError>) -> FileOutcome {
        match searched {
            Ok(summary) => FileOutcome::accepted(name(path), self.accepted, summary),
            Err(error) => self.rejected(path, input, &error),
        }
    }

    pub(crate) fn rejected(&self, path: &Path, mut input: Input, error: &ExportError) -> FileOutcome {
        let export_sha256 = export_bin_sha256(&mut input, &self.read);
        FileOutcome::rejected(name(path), export_sha256, explained(error), error.code())
    }
}

/// A file to be read in any order.
pub(crate) enum Input {
    File(File),
    /// A pipe or a device, which was read within the limit.
    Memory(Cursor<Vec<u8>>),
    /// Every read says why.
    Unopened(io::Error),
}

impl Input {
    pub(crate) fn open(path: &Path, options: &ReadOptions) -> Self {
        let open = || {
            let file = File::open(path)?;
            let metadata = file.metadata()?;
            if metadata.is_dir() {
                return Err(no_zip());
            }
            // Some files that the system makes up claim to be empty.
            if metadata.is_file() && metadata.len() > 0 {
                return Ok(Self::File(file));
            }
            read_within_limit(file, options).map(|bytes| Self::Memory(Cursor::new(bytes)))
        };
        open().unwrap_or_else(Self::Unopened)
    }

    fn inner(&mut self) -> io::Result<&mut dyn ReadSeek> {
        match self {
            Self::File(file) => Ok(file),
            Self::Memory(bytes) => Ok(bytes),
            Self::Unopened(error) => Err(io::Error::new(error.kind(), error.to_string())),
        }
    }
}

trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

impl Read for Input {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.inner()?.read(buf)
    }
}

impl Seek for Input {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner()?.seek(to)
    }
}

/// The bytes of a file, unless they are more than the limit allows.
pub(crate) fn bytes(path: &Path, options: &ReadOptions) -> Result<Vec<u8>, ExportError> {
    let unreadable = |error: io::Error| ExportError::Unreadable { detail: error.to_string() };
    let limit = options.limits.file_bytes;
    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(unreadable(no_zip()));
    }
    let found = metadata.len();
    if found > limit {
        return Err(ExportError::FileTooLarge { found, limit });
    }
    read_within_limit(file, options).map_err(unreadable)
}

/// What a file is made of; of one that could not be read, why.
pub(crate) fn report(file: &Result<Vec<u8>, ExportError>, options: &ReadOptions) -> FileReport {
    match file {
        Ok(file) => inspect(file, options),
        Err(error) => {
            let (problem, problem_code) = (Some(error.to_string()), Some(error.code()));
            FileReport { problem, problem_code, ..FileReport::default() }
        }
    }
}

/// Of a folder with a zip in it, the zips are read and not the folder.
fn no_zip() -> io::Error {
    io::Error::new(io::ErrorKind::IsADirectory, "a folder without a *.zip")
}

/// A pipe does not say how long it is: of one that is too long, this is one byte more than the limit.
fn read_within_limit(file: File, options: &ReadOptions) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(options.limits.file_bytes.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// An error in words, and the option that moves the limit if it is about one that moves.
fn explained(error: &ExportError) -> String {
    match error {
        ExportError::TooManyKeys { .. }
        | ExportError::FileTooLarge { .. }
        | ExportError::EntryTooLarge { name: EXPORT_BIN, .. } => format!("{error}; --max-keys accepts more"),
        _ => error.to_string(),
    }
}

/// Ends the command with exit code 1 if any of these files was rejected.
pub(crate) fn fail_if_any_rejected(files: &[FileOutcome]) -> Result<(), Error> {
    let given = files.iter().filter(|file| file.path.is_some());
    fail_if_rejected(files.iter().filter(|file| file.status == FileStatus::Rejected).count(), given.count())
}

/// Ends the command with exit code 1 if any file was rejected.
pub(crate) fn fail_if_rejected(rejected: usize, files: usize) -> Result<(), Error> {
    match rejected {
        0 => Ok(()),
        _ => Err(Error::Input(format!("{rejected} of {} rejected", counted(files, "file")))),
    }
}

/// Ends the command with exit code 1 where nobody can say.
pub(crate) fn fail_if_not_judged(reason: Option<NotJudged>) -> Result<(), Error> {
    match reason {
        Some(reason) => Err(Error::Input(format!("could not be judged: {reason}"))),
        None => Ok(()),
    }
}

/// Ends the command with exit code 1 if any file was rejected, or nobody can say.
pub(crate) fn fail_if_incomplete(files: &[FileOutcome], verdict: Verdict) -> Result<(), Error> {
    fail_if_any_rejected(files)?;
    fail_if_not_judged(verdict.not_judged())
}
