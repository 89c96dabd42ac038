//! Searches export files while it reads them, and never holds all of their keys.
//!
//! ```
//! use gaen::export::{Trust, TrustedKey};
//! use gaen::search::SearchOptions;
//! use gaen::{Matcher, Sighting, SightingIndex};
//!
//! let public_key = std::fs::read_to_string("demo/440-v1.pem")?.parse()?;
//! let trust = Trust::new(TrustedKey::new("440", "v1", public_key));
//! let rpi = "a198b0cdb1f384a3c9eb497be66f2c72".parse()?;
//! let heard = Sighting::new(rpi, &[0xdd, 0xfd, 0xf2, 0x06], -62, 1_601_121_600);
//! let index = SightingIndex::new(vec![heard])?;
//!
//! let mut search = Matcher::new(&index).search();
//! let options = SearchOptions::verified_by(&trust);
//! for (number, path) in ["demo/day-1.zip", "demo/day-2.zip"].into_iter().enumerate() {
//!     search.add_export(number, std::fs::File::open(path)?, &options)?;
//! }
//! assert_eq!(search.finish().matches.len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::indexing_slicing))]

use core::ops::ControlFlow;
use std::io::{Read, Seek};

use crate::export::{ExportError, ExportSummary, Passed, Progress, ReadOptions, ReadSeek, Streamed, Trust, stream};
use crate::keys::DiagnosisKey;
use crate::matching::helpers::Helped;
use crate::matching::matcher::TooMany;
use crate::matching::{MatchReport, Matcher, Search, Team};

/// Searches the keys of a file as they are read, and holds back what it finds.
pub(crate) trait HoldBack {
    /// Why a pass ends early.
    type Error: From<ExportError>;

    /// Searches the next keys of the file, which nobody has verified.
    fn take(&mut self, passed: &mut Passed, limit: Limit) -> Result<(), Self::Error>;
}

/// The most candidates of one file that are held back.
#[derive(Clone, Copy)]
pub(crate) struct Limit {
    pub(crate) most: usize,
}

impl Limit {
    /// Adds keys to a search, unless it then holds too much together with the `kept` candidates that are held
    /// elsewhere.
    pub(crate) fn search(
        self,
        search: &mut Search<'_>,
        source: usize,
        keys: &[DiagnosisKey],
        kept: usize,
    ) -> Result<(), ExportError> {
        search.add_at_most(source, keys, self.most.saturating_sub(kept)).map_err(|_| self.exceeded())
    }

    /// What is wrong with a file of which too much was found.
    pub(crate) const fn exceeded(self) -> ExportError {
        ExportError::TooManyCandidates { limit: self.most }
    }
}

/// Reads a file once and has its keys searched. Only here are keys used before the signature over them is checked.
///
/// The keys go to `held`, with the limit of what it may hold back. After the whole file was read and verified, `held`
/// comes back with the proof that the file is good. If anything is wrong with the file, or `observe` breaks, `held` is
/// dropped, and its findings reach nobody.
pub(crate) fn pass<H: HoldBack>(
    reader: &mut dyn ReadSeek,
    options: &ReadOptions,
    trust: Option<&Trust>,
    mut held: H,
    mut observe: impl FnMut(&Progress) -> ControlFlow<()>,
) -> Result<(H, Streamed), H::Error> {
    let limit = Limit { most: options.limits.candidates };
    let good = stream(reader, options, trust, &mut |passed, progress| {
        let taken = held.take(passed, limit);
        passed.clear();
        match taken {
            Ok(()) => observe(progress).map_break(|()| ExportError::Cancelled.into()),
            Err(error) => ControlFlow::Break(error),
        }
    })?;
    Ok((held, good))
}

/// How a search reads export files, and whom it believes.
///
/// ```
/// use gaen::export::{ContainerRule, ReadOptions};
/// use gaen::search::SearchOptions;
///
/// // A look into a file that anyone may have written.
/// let tolerant = ReadOptions { container: ContainerRule::Tolerant, ..ReadOptions::default() };
/// let options = SearchOptions::unverified().reading(tolerant);
/// ```
#[derive(Clone, Debug)]
pub struct SearchOptions<'t> {
    read: ReadOptions,
    trust: Option<&'t Trust>,
}

impl<'t> SearchOptions<'t> {
    /// Options for files that must be signed by these keys.
    #[must_use]
    pub fn verified_by(trust: &'t Trust) -> Self {
        Self { read: ReadOptions::default(), trust: Some(trust) }
    }

    /// Options for files that **anyone may have written**: for tools and tests. They accept a bare `export.bin` too.
    #[must_use]
    pub fn unverified() -> Self {
        Self { read: ReadOptions::default(), trust: None }
    }

    /// Sets how files are read. The default is `ReadOptions::default()`.
    #[must_use]
    pub fn reading(mut self, options: ReadOptions) -> Self {
        self.read = options;
        self
    }

    /// Returns the revised keys of a file, for which a search does not look: its [summary](ExportSummary::revised_keys)
    /// has their number. The file is read once and verified like a file that is searched. Memory grows with its revised
    /// keys alone.
    ///
    /// # Errors
    /// The errors of [`Search::add_export`].
    pub fn revised_keys<R: Read + Seek>(&self, mut reader: R) -> Result<Vec<DiagnosisKey>, ExportError> {
        let go_on = |_: &Progress| ControlFlow::Continue(());
        let (RevisedKeys(revised_keys), _) = pass(&mut reader, &self.read, self.trust, RevisedKeys(Vec::new()), go_on)?;
        Ok(revised_keys)
    }
}

/// The revised keys of one file.
struct RevisedKeys(Vec<DiagnosisKey>);

impl HoldBack for RevisedKeys {
    type Error = ExportError;

    fn take(&mut self, passed: &mut Passed, _: Limit) -> Result<(), ExportError> {
        self.0.append(&mut passed.revised_keys);
        Ok(())
    }
}

impl Matcher<'_> {
    /// Reads one export file and matches its keys, with the default [`ReadOptions`] and the matcher's profile. To match
    /// several files, [add](Search::add_export) them to one [search](Self::search).
    ///
    /// ```no_run
    /// # fn search(index: &gaen::SightingIndex, trust: &gaen::export::Trust) -> Result<(), Box<dyn std::error::Error>> {
    /// let file = std::fs::File::open("1.zip")?;
    /// let (summary, report) = gaen::Matcher::new(index).match_export(file, trust)?;
    /// println!("{} keys, {} matches", summary.keys, report.matches.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The errors of [`Search::add_export`].
    pub fn match_export<R: Read + Seek>(
        &self,
        reader: R,
        trust: &Trust,
    ) -> Result<(ExportSummary, MatchReport), ExportError> {
        let mut search = self.search();
        let read = ReadOptions { profile: self.profile, ..ReadOptions::default() };
        let summary = search.add_export(0, reader, &SearchOptions::verified_by(trust).reading(read))?;
        Ok((summary, search.finish()))
    }
}

impl Search<'_> {
    /// Reads a file once, in memory that does not grow with the file, and looks for every identifier of its keys. It
    /// finds what [`add`](Self::add) finds with the keys of
    /// [`UnverifiedExport::verify`](crate::export::UnverifiedExport::verify). `source` is your number for the file.
    ///
    /// The search holds its findings back until it has checked the signature over the whole file. If the file fails,
    /// the search is as it was before.
    ///
    /// # Errors
    /// [`ExportError`], the same as for a file that is read into memory;
    /// [`TooManyCandidates`](ExportError::TooManyCandidates) if the search finds more than it may hold back;
    /// [`Unreadable`](ExportError::Unreadable) if the reader fails.
    pub fn add_export<R: Read + Seek>(
        &mut self,
        source: usize,
        reader: R,
        options: &SearchOptions<'_>,
    ) -> Result<ExportSummary, ExportError> {
        self.add_export_with(source, reader, options, |_| ControlFlow::Continue(()))
    }

    /// Does what [`add_export`](Self::add_export) does, and tells `observe` how far it is: at least after every MiB of
    /// `export.bin`, and at the end. `observe` stops it with [`ControlFlow::Break`].
    ///
    /// # Errors
    /// The errors of [`add_export`](Self::add_export), and [`Cancelled`](ExportError::Cancelled) if `observe` stopped
    /// it.
    pub fn add_export_with<R: Read + Seek>(
        &mut self,
        source: usize,
        mut reader: R,
        options: &SearchOptions<'_>,
        observe: impl FnMut(&Progress) -> ControlFlow<()>,
    ) -> Result<ExportSummary, ExportError> {
        let held = OneThread { source, search: self.another() };
        let (held, good) = pass(&mut reader, &options.read, options.trust, held, observe)?;
        self.append(held.search);
        let (summary, ..) = good.into_parts();
        Ok(summary)
    }
}

/// Searches the keys of one file on the thread that reads it.
struct OneThread<'index> {
    source: usize,
    search: Search<'index>,
}

impl HoldBack for OneThread<'_> {
    type Error = ExportError;

    fn take(&mut self, passed: &mut Passed, limit: Limit) -> Result<(), ExportError> {
        limit.search(&mut self.search, self.source, &passed.keys, 0)
    }
}

/// With helpers.
impl Search<'_> {
    /// Does what [`add_export_with`](Self::add_export_with) does, together with helpers elsewhere, such as other
    /// workers of a page. The result is the same.
    ///
    /// This thread reads and verifies the file. It gives keys to helpers that have room, and searches the other keys
    /// itself. Like its own findings, those of helpers are held back until the file has proved good.
    ///
    /// # Errors
    /// The errors of [`add_export_with`](Self::add_export_with).
    pub fn add_export_helped<R: Read + Seek>(
        &mut self,
        source: usize,
        mut reader: R,
        options: &SearchOptions<'_>,
        team: &mut Team<'_>,
        observe: impl FnMut(&Progress) -> ControlFlow<()>,
    ) -> Result<ExportSummary, ExportError> {
        let limit = Limit { most: options.read.limits.candidates };
        let mut helped = Helped::new(self.another(), source, team);
        let good = pass(&mut reader, &options.read, options.trust, &mut helped, observe).map(|(_, good)| good);
        // What was found too often is found too often whatever the reading says, as when one thread does it all.
        helped.end(limit.most).map_err(|TooMany| limit.exceeded())?;
        let (summary, ..) = good?.into_parts();
        self.append(helped.search);
        Ok(summary)
    }
}

impl HoldBack for &mut Helped<'_, '_, '_> {
    type Error = ExportError;

    fn take(&mut self, passed: &mut Passed, limit: Limit) -> Result<(), ExportError> {
        self.add(&passed.keys, limit.most).map_err(|TooMany| limit.exceeded())
    }
}

/// On several cores.
#[cfg(feature = "rayon")]
impl Search<'_> {
    /// Does what [`add_export_with`](Self::add_export_with) does, on all threads of the current `rayon` pool. One
    /// thread reads the file, the others search the keys that it has read, and it helps when they fall behind. The
    /// result is the same.
    ///
    /// # Errors
    /// The errors of [`add_export_with`](Self::add_export_with).
    pub fn add_export_parallel<R: Read + Seek + Send>(
        &mut self,
        source: usize,
        reader: R,
        options: &SearchOptions<'_>,
        observe: impl FnMut(&Progress) -> ControlFlow<()> + Send,
    ) -> Result<ExportSummary, ExportError> {
        let (summary, search) = parallel::search(self, source, reader, options, observe)?;
        self.append(search);
        Ok(summary)
    }

    /// Does what [`add_export_parallel`](Self::add_export_parallel) does, for many files at once. Their sources are
    /// `source` and the numbers after it. Each file has an outcome of its own. The matches stand in the order of the
    /// files, as if you had added the files one after the other.
    ///
    /// `observe` also gets the number of the file, from 0, and is called from several threads. If `observe` breaks, the
    /// search of that file is cancelled.
    pub fn add_exports_parallel<R: Read + Seek + Send>(
        &mut self,
        source: usize,
        readers: Vec<R>,
        options: &SearchOptions<'_>,
        observe: impl Fn(usize, &Progress) -> ControlFlow<()> + Sync,
    ) -> Vec<Result<ExportSummary, ExportError>> {
        use rayon::prelude::*;

        let all = &*self;
        let search = |(number, reader)| {
            parallel::search(all, source.saturating_add(number), reader, options, |progress: &Progress| {
                observe(number, progress)
            })
        };
        let searched: Vec<_> = readers.into_par_iter().enumerate().map(search).collect();
        let mut keep = |(summary, search)| {
            self.append(search);
            summary
        };
        searched.into_iter().map(|searched| searched.map(&mut keep)).collect()
    }
}

#[cfg(feature = "rayon")]
mod parallel {
    use core::mem;
    use core::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Mutex, OnceLock, PoisonError};

    use rayon::Scope;

    use super::{
        ControlFlow, DiagnosisKey, ExportError, ExportSummary, HoldBack, Limit, Passed, Progress, Read, Search,
        SearchOptions, Seek, pass,
    };

    /// A search that holds what was found in one file, if the file is good, begun by the search of `all` files.
    pub(super) fn search<'index, R: Read + Seek + Send>(
        all: &Search<'index>,
        source: usize,
        mut reader: R,
        options: &SearchOptions<'_>,
        observe: impl FnMut(&Progress) -> ControlFlow<()> + Send,
    ) -> Result<(ExportSummary, Search<'index>), ExportError> {
        let found = Mutex::new(all.another());
        let shared = Shared { all, source, found, failure: OnceLock::new(), waiting: AtomicUsize::new(0) };
        let good = rayon::scope(|scope| {
            let held = ManyThreads { scope, shared: &shared, first: 0 };
            pass(&mut reader, &options.read, options.trust, held, observe).map(|(_, good)| good)
        });
        let Shared { found, failure, .. } = shared;
        // What was found too often is found too often whatever the reading says, as when one thread does it all.
        let (summary, ..) = failure.into_inner().map_or(good, Err)?.into_parts();
        Ok((summary, found.into_inner().unwrap_or_else(PoisonError::into_inner)))
    }

    /// Gives the keys of one file to all threads.
    struct ManyThreads<'held, 'scope, 'index> {
        scope: &'held Scope<'scope>,
        shared: &'scope Shared<'scope, 'index>,
        /// The number of the next key.
        first: u64,
    }

    /// What the threads share.
    struct Shared<'all, 'index> {
        /// The search that gets what was found in the end.
        all: &'all Search<'index>,
        source: usize,
        /// What was found so far.
        found: Mutex<Search<'index>>,
        /// Why the file fails, whatever else is wrong with it.
        failure: OnceLock<ExportError>,
        /// Batches of keys that were handed out and are not searched yet.
        waiting: AtomicUsize,
    }

    impl HoldBack for ManyThreads<'_, '_, '_> {
        type Error = ExportError;

        fn take(&mut self, passed: &mut Passed, limit: Limit) -> Result<(), ExportError> {
            let (shared, first) = (self.shared, self.first);
            let keys = &mut passed.keys;
            let count = keys.len() as u64;
            // As many batches as there are threads: so many are held in memory, and no thread is idle.
            if count > 0 && shared.waiting.load(Ordering::Relaxed) < rayon::current_num_threads() {
                let keys = mem::replace(keys, Vec::with_capacity(keys.capacity()));
                shared.waiting.fetch_add(1, Ordering::Relaxed);
                self.scope.spawn(move |_| {
                    shared.search(first, &keys, limit);
                    shared.waiting.fetch_sub(1, Ordering::Relaxed);
                });
            } else {
                shared.search(first, keys, limit);
            }
            self.first = first.saturating_add(count);
            shared.failure.get().cloned().map_or(Ok(()), Err)
        }
    }

    impl Shared<'_, '_> {
        /// Searches the keys of the file from the number `first` on.
        fn search(&self, first: u64, keys: &[DiagnosisKey], limit: Limit) {
            let mut search = self.all.another();
            let searched = limit.search(&mut search, self.source, keys, 0);
            let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
            found.findings.insert_all(first, search.findings);
            if searched.is_err() || found.findings.held() > limit.most {
                self.failure.get_or_init(|| limit.exceeded());
            }
        }
    }
}
