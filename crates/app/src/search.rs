//! Searching export files for what a device has heard.

use std::ops::ControlFlow;

use gaen::export::{ContainerRule, ExportError, ExportSummary, ReadOptions, Trust, export_bin_sha256};
use gaen::exposure::Basis;
use gaen::matching::{Helpers, Search, Team};
use gaen::search::SearchOptions;
use gaen::{DiagnosisKey, Matcher, Profile};
use gaen_report::document::{FileOutcome, FileStatus};
use gaen_report::verdict::searched;

use crate::error::{Error, ErrorKind};
use crate::export_file::ExportFile;
use crate::observer::{Next, Observer, Progress};
use crate::report::{Found, Report};
use crate::sightings::Sightings;
use crate::trust::{Authenticity, TrustedKeys};

/// How files are read, and whom a search believes.
#[derive(Clone, Debug)]
pub struct SearchRules {
    /// The profile whose rules apply where the platforms differ.
    pub profile: Profile,
    /// What a zip may hold beside the two entries of the format.
    pub container: ContainerRule,
    /// The keys whose signatures a file needs.
    pub authenticity: Authenticity,
}

impl SearchRules {
    /// The rules of this platform for files that one of these keys signed. A zip holds nothing but the two entries.
    #[must_use]
    pub fn verified_by(keys: TrustedKeys, profile: Profile) -> Self {
        Self { profile, container: ContainerRule::Strict, authenticity: Authenticity::VerifiedBy(keys) }
    }

    pub(crate) fn read_options(&self, sightings: usize) -> ReadOptions {
        let (profile, container) = (self.profile, self.container);
        ReadOptions { profile, container, ..ReadOptions::default() }.for_sightings(sightings)
    }
}

/// Searches files one after the other, on this thread.
///
/// A file that is broken, or that nobody trusted has signed, contributes nothing, and the report says why. When
/// `observer` stops the search, the file at hand and the files after it contribute nothing either.
///
/// ```
/// use gaen::Profile;
/// use gaen_app::{ExportFile, NoObserver, ROW_BYTES, SearchRules, Sightings, TrustedKeys, search};
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
/// let rules = SearchRules::verified_by(trusted, Profile::Google);
/// let report = search(vec![file], &heard, &rules, &mut NoObserver)?;
/// assert_eq!((report.files()[0].keys, report.matches().len()), (120, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// `changed_file` if a file is not the same when its revised keys are read. Then there is no report: keys of such a
/// file were searched for already.
pub fn search(
    files: Vec<ExportFile>,
    sightings: &Sightings,
    rules: &SearchRules,
    observer: &mut impl Observer,
) -> Result<Report, Error> {
    search_helped(files, sightings, rules, None, observer)
}

/// Does what [`search`] does, together with helpers if there are any. The report is the same.
///
/// # Errors
/// Those of [`search`].
pub fn search_helped(
    files: Vec<ExportFile>,
    sightings: &Sightings,
    rules: &SearchRules,
    helpers: Option<&mut dyn Helpers>,
    observer: &mut impl Observer,
) -> Result<Report, Error> {
    let index = sightings.index();
    let read = rules.read_options(sightings.len());
    let trust = rules.authenticity.trust();
    let options = trust.as_ref().map_or_else(SearchOptions::unverified, SearchOptions::verified_by);
    let search = Matcher::new(index).profile(rules.profile).search();
    // As the command: one file hardly lists a key twice.
    let mut searcher = Searcher {
        team: helpers.map(|helpers| search.team(helpers)),
        search: if files.len() > 1 { search.remembering(Search::MEMORY) } else { search },
        options: options.reading(read.clone()),
        read,
        trust: trust.as_ref(),
        watch: Watch::new(observer, files.len()),
        revised_keys: Vec::new(),
    };
    let outcomes = files.into_iter().enumerate().map(|(position, file)| searcher.file(position, file));
    let outcomes: Vec<_> = outcomes.collect::<Result<_, _>>()?;
    let Searcher { search, watch, revised_keys, .. } = searcher;
    let basis = Basis::new(searched(&outcomes), index.sightings());
    let found = Found { files: outcomes, basis, matches: search.finish(), revised_keys };
    Ok(Report::new(rules.profile, found, watch.stopped))
}

/// Reads a file without searching it, and returns everything that it says but its keys.
///
/// # Errors
/// The library's codes of an export file that is refused.
pub fn summary(mut file: ExportFile, rules: &SearchRules) -> Result<ExportSummary, Error> {
    let nothing = Sightings::none()?;
    let trust = rules.authenticity.trust();
    let options = trust
        .as_ref()
        .map_or_else(SearchOptions::unverified, SearchOptions::verified_by)
        .reading(rules.read_options(0));
    let mut search = Matcher::new(nothing.index()).profile(rules.profile).search();
    let refused = |error: ExportError| Error::new(ErrorKind::File, error.code(), error.to_string());
    search.add_export_with(0, &mut file.content, &options, |_| ControlFlow::Continue(())).map_err(refused)
}

/// Passes on how far a search is, and remembers whether it was stopped.
pub(crate) struct Watch<'a, O> {
    observer: &'a mut O,
    files: usize,
    pub(crate) stopped: bool,
}

impl<'a, O: Observer> Watch<'a, O> {
    pub(crate) fn new(observer: &'a mut O, files: usize) -> Self {
        Self { observer, files, stopped: false }
    }

    /// Tells the observer about the file at this position.
    pub(crate) fn tell(&mut self, file: usize, progress: &gaen::export::Progress) -> ControlFlow<()> {
        let gaen::export::Progress { bytes, total_bytes, keys, .. } = *progress;
        match self.observer.progress(Progress { file, files: self.files, bytes, total_bytes, keys }) {
            Next::Continue => ControlFlow::Continue(()),
            Next::Stop => {
                self.stopped = true;
                ControlFlow::Break(())
            }
        }
    }
}

/// A search of several files.
struct Searcher<'a, O> {
    search: Search<'a>,
    team: Option<Team<'a>>,
    options: SearchOptions<'a>,
    read: ReadOptions,
    trust: Option<&'a Trust>,
    watch: Watch<'a, O>,
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
                let status = if self.trust.is_some() { FileStatus::Verified } else { FileStatus::Unverified };
                FileOutcome::accepted(file.name, status, summary)
            }
            Err(error) => rejected(file, &self.read, &error),
        })
    }

    fn search_one(&mut self, position: usize, file: &mut ExportFile) -> Result<ExportSummary, ExportError> {
        let Self { search, team, options, watch, .. } = self;
        if watch.stopped {
            return Err(ExportError::Cancelled);
        }
        let observe = |progress: &_| watch.tell(position, progress);
        match team {
            Some(team) => search.add_export_helped(position, &mut file.content, options, team, observe),
            None => search.add_export_with(position, &mut file.content, options, observe),
        }
    }
}

/// The outcome of a file that contributes nothing. A file that was not read to its end has no hash.
pub(crate) fn rejected(mut file: ExportFile, read: &ReadOptions, error: &ExportError) -> FileOutcome {
    let hash = match error {
        ExportError::Cancelled => None,
        _ => export_bin_sha256(&mut file.content, read),
    };
    FileOutcome::rejected(file.name, hash, error.to_string(), error.code())
}

/// A file was good when it was searched, and is not any more.
fn changed(name: &str, error: &ExportError) -> Error {
    Error::new(ErrorKind::File, "changed_file", format!("{name} has changed while it was read: {error}"))
}
