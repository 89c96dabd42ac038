//! Searching export files for what a device has heard.

use std::io::{Cursor, Read, Seek};
use std::ops::ControlFlow;

use gaen::export::{ExportError, ReadOptions, export_bin_sha256};
use gaen::exposure::Basis;
use gaen::matching::Search;
use gaen::search::SearchOptions;
use gaen::{DiagnosisKey, Matcher, Profile};
use gaen_report::document::{FileOutcome, FileStatus};
use gaen_report::verdict::searched;

use crate::error::{Error, ErrorKind};
use crate::observer::{Next, Observer, Progress};
use crate::report::Report;
use crate::sightings::Sightings;
use crate::trust::Authenticity;

/// An export file to search: a zip, or where nobody verifies it also a bare `export.bin`.
pub struct ExportFile {
    name: String,
    content: Box<dyn ReadSeek>,
}

trait ReadSeek: Read + Seek + Send {}

impl<T: Read + Seek + Send> ReadSeek for T {}

impl ExportFile {
    /// A file that is read piece by piece. `name` is what documents and errors call it.
    pub fn new(name: impl Into<String>, content: impl Read + Seek + Send + 'static) -> Self {
        Self { name: name.into(), content: Box::new(content) }
    }

    /// A file that is in memory.
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self::new(name, Cursor::new(bytes))
    }
}

/// Searches files one after the other, on this thread.
///
/// A file that is broken, or that nobody trusted has signed, contributes nothing, and the report says why. When `observer`
/// stops the search, the file at hand and the files after it contribute nothing either.
///
/// ```
/// use gaen::Profile;
/// use gaen_app::{Authenticity, ExportFile, NoObserver, ROW_BYTES, Sightings, TrustedKeys, search};
///
/// let mut row = [0; ROW_BYTES];
/// row[..16].copy_from_slice(&[7; 16]);
/// row[20] = 4;
/// row[21] = (-60_i8).cast_unsigned();
/// row[24..32].copy_from_slice(&1_601_121_592_i64.to_le_bytes());
/// row[32..].copy_from_slice(&gaen_app::NO_PREVIOUS_SCAN.to_le_bytes());
/// let heard = Sightings::from_rows(&row)?;
///
/// let trusted = TrustedKeys::new(&std::fs::read("../../demo/440-v1.pem")?, "440", "v1")?;
/// let file = ExportFile::new("day-1.zip", std::fs::File::open("../../demo/day-1.zip")?);
/// let report = search(vec![file], &heard, Profile::Google, &Authenticity::VerifiedBy(trusted), &mut NoObserver)?;
/// assert_eq!((report.files()[0].keys, report.matches().len()), (120, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// `changed_file` if a file is not the same when its revised keys are read.
pub fn search(
    files: Vec<ExportFile>,
    sightings: &Sightings,
    profile: Profile,
    authenticity: &Authenticity,
    observer: &mut impl Observer,
) -> Result<Report, Error> {
    let index = sightings.index();
    let read = ReadOptions { profile, ..ReadOptions::default() }.for_sightings(sightings.len());
    let mut searcher = Searcher {
        search: Matcher::new(index).profile(profile).search(),
        options: match authenticity {
            Authenticity::VerifiedBy(keys) => SearchOptions::verified_by(keys.trust()),
            Authenticity::Unverified => SearchOptions::unverified(),
        }
        .reading(read.clone()),
        read,
        authenticity,
        observer,
        files: files.len(),
        stopped: false,
        revised_keys: Vec::new(),
    };
    let outcomes = files.into_iter().enumerate().map(|(position, file)| searcher.file(position, file));
    let outcomes: Vec<_> = outcomes.collect::<Result<_, _>>()?;
    let Searcher { search, stopped, revised_keys, .. } = searcher;
    let basis = Basis::new(searched(&outcomes), index.sightings());
    Ok(Report::new(profile, outcomes, basis, search.finish(), revised_keys, stopped))
}

/// A search of several files.
struct Searcher<'a, O> {
    search: Search<'a>,
    options: SearchOptions<'a>,
    read: ReadOptions,
    authenticity: &'a Authenticity,
    observer: &'a mut O,
    files: usize,
    stopped: bool,
    /// The revised keys of all files so far.
    revised_keys: Vec<DiagnosisKey>,
}

impl<O: Observer> Searcher<'_, O> {
    fn file(&mut self, position: usize, mut file: ExportFile) -> Result<FileOutcome, Error> {
        let searched = self.search_one(position, &mut file);
        Ok(match searched {
            Ok(summary) => {
                if summary.revised_keys > 0 {
                    let keys =
                        self.options.revised_keys(&mut file.content).map_err(|error| changed(&file.name, &error))?;
                    self.revised_keys.extend(keys);
                }
                let status = match self.authenticity {
                    Authenticity::VerifiedBy(_) => FileStatus::Verified,
                    Authenticity::Unverified => FileStatus::Unverified,
                };
                FileOutcome::accepted(file.name, status, summary)
            }
            Err(error) => {
                let hash = match error {
                    ExportError::Cancelled => None,
                    _ => export_bin_sha256(&mut file.content, &self.read),
                };
                FileOutcome::rejected(file.name, hash, error.to_string(), error.code())
            }
        })
    }

    fn search_one(
        &mut self,
        position: usize,
        file: &mut ExportFile,
    ) -> Result<gaen::export::ExportSummary, ExportError> {
        let Self { search, options, observer, files, stopped, .. } = self;
        if *stopped {
            return Err(ExportError::Cancelled);
        }
        search.add_export_with(position, &mut file.content, options, |progress| {
            let gaen::export::Progress { bytes, total_bytes, keys, .. } = *progress;
            match observer.progress(Progress { file: position, files: *files, bytes, total_bytes, keys }) {
                Next::Continue => ControlFlow::Continue(()),
                Next::Stop => {
                    *stopped = true;
                    ControlFlow::Break(())
                }
            }
        })
    }
}

/// A file was good when it was searched, and is not any more.
fn changed(name: &str, error: &ExportError) -> Error {
    Error::new(ErrorKind::File, "changed_file", format!("{name} has changed while it was read: {error}"))
}
