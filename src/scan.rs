//! Matching the keys of a file while it is read, without ever holding them all.
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::indexing_slicing))]

use core::ops::ControlFlow;
use std::io::{Read, Seek};

use crate::export::{ExportError, ExportSummary, Progress, ReadOptions, Streamed, Trust, stream};
use crate::matching::{Findings, MatchReport, Matcher, Search};

/// How a scan reads a file, and whom it believes.
///
/// ```
/// use gaen::export::{ContainerRule, ReadOptions};
/// use gaen::scan::ScanOptions;
///
/// // A look into a file that anyone may have written.
/// let tolerant = ReadOptions { container: ContainerRule::Tolerant, ..ReadOptions::default() };
/// let options = ScanOptions::unverified().reading(tolerant);
/// ```
#[derive(Clone, Debug)]
pub struct ScanOptions<'t> {
    read: ReadOptions,
    trust: Option<&'t Trust>,
}

impl<'t> ScanOptions<'t> {
    /// Files have to be signed by these keys.
    #[must_use]
    pub fn verified_by(trust: &'t Trust) -> Self {
        Self { read: ReadOptions::default(), trust: Some(trust) }
    }

    /// **Anyone may have written the files.** For tools and tests. A bare `export.bin` will do as well as a zip.
    #[must_use]
    pub fn unverified() -> Self {
        Self { read: ReadOptions::default(), trust: None }
    }

    /// Files are read in this way. The default is that of [`ReadOptions`].
    #[must_use]
    pub fn reading(mut self, options: ReadOptions) -> Self {
        self.read = options;
        self
    }
}

impl Matcher<'_> {
    /// Reads one file and matches its keys, with the default [`ReadOptions`] but for the matcher's profile: a
    /// [search](Self::search) of one [scan](Search::scan).
    ///
    /// ```no_run
    /// # fn scan(index: &gaen::SightingIndex, trust: &gaen::export::Trust) -> Result<(), Box<dyn std::error::Error>> {
    /// let file = std::fs::File::open("1.zip")?;
    /// let (summary, report) = gaen::Matcher::new(index).scan(file, trust)?;
    /// println!("{} keys, {} matches", summary.keys, report.matches.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Search::scan`].
    pub fn scan<R: Read + Seek>(&self, reader: R, trust: &Trust) -> Result<(ExportSummary, MatchReport), ExportError> {
        let mut search = self.search();
        let read = ReadOptions { profile: self.chosen_profile(), ..ReadOptions::default() };
        let summary = search.scan(0, reader, &ScanOptions::verified_by(trust).reading(read))?;
        Ok((summary, search.finish()))
    }
}

impl Search<'_> {
    /// Reads a file once, in memory that does not grow with it, and looks for every identifier of its keys. What it
    /// finds is what [`add`](Self::add) finds with the keys of
    /// [`UnverifiedExport::verify`](crate::export::UnverifiedExport::verify). `source` is the caller's number for the
    /// file.
    ///
    /// What was found is held back until the signature over the whole file is checked. Of a file that fails nothing
    /// remains: the search is as it was before.
    ///
    /// # Errors
    /// [`ExportError`], the same as for a file that is read into memory;
    /// [`TooManyCandidates`](ExportError::TooManyCandidates) when more is found than may be held back;
    /// [`Unreadable`](ExportError::Unreadable) when the reader fails.
    pub fn scan<R: Read + Seek>(
        &mut self,
        source: usize,
        reader: R,
        options: &ScanOptions<'_>,
    ) -> Result<ExportSummary, ExportError> {
        self.scan_with(source, reader, options, |_| ControlFlow::Continue(()))
    }

    /// [`scan`](Self::scan), and tells how far it is: at least after every MiB of `export.bin`, and at its end. It can
    /// be stopped by breaking.
    ///
    /// # Errors
    /// As [`scan`](Self::scan), and [`Cancelled`](ExportError::Cancelled) when it was stopped.
    pub fn scan_with<R: Read + Seek>(
        &mut self,
        source: usize,
        reader: R,
        options: &ScanOptions<'_>,
        observe: impl FnMut(&Progress) -> ControlFlow<()>,
    ) -> Result<ExportSummary, ExportError> {
        let (summary, findings) = scan(self.matcher(), source, reader, options, observe)?;
        self.absorb(findings);
        Ok(summary)
    }
}

/// What is found in one file, if all is well with it.
fn scan<R: Read + Seek>(
    matcher: Matcher<'_>,
    source: usize,
    reader: R,
    options: &ScanOptions<'_>,
    mut observe: impl FnMut(&Progress) -> ControlFlow<()>,
) -> Result<(ExportSummary, Findings), ExportError> {
    let limit = options.read.limits.candidates;
    let mut search = matcher.search();
    let Streamed { summary, .. } = stream(reader, &options.read, options.trust, &mut |passed, progress| {
        let searched = search.add_at_most(source, &passed.keys, limit);
        passed.clear();
        if searched.is_err() {
            return ControlFlow::Break(ExportError::TooManyCandidates { limit });
        }
        observe(progress).map_break(|()| ExportError::Cancelled)
    })?;
    Ok((summary, search.into_findings()))
}

/// On several cores.
#[cfg(feature = "rayon")]
impl Search<'_> {
    /// [`scan_with`](Self::scan_with) on all threads of the current `rayon` pool: while one reads the file, the others
    /// search the keys that it has read, and it helps them when they are behind. The result is the same.
    ///
    /// # Errors
    /// As [`scan_with`](Self::scan_with).
    pub fn scan_parallel<R: Read + Seek + Send>(
        &mut self,
        source: usize,
        reader: R,
        options: &ScanOptions<'_>,
        observe: impl FnMut(&Progress) -> ControlFlow<()> + Send,
    ) -> Result<ExportSummary, ExportError> {
        let (summary, findings) = parallel::scan(self.matcher(), source, reader, options, observe)?;
        self.absorb(findings);
        Ok(summary)
    }

    /// [`scan_parallel`](Self::scan_parallel) of many files at once. Their sources are `source` and the numbers after
    /// it. Each file has an outcome of its own; the matches are in the order of the files, as if they had been scanned
    /// one after the other.
    ///
    /// `observe` gets the number of the file too, from 0, and is called from several threads; when it breaks, that file is
    /// cancelled.
    pub fn scan_all<R: Read + Seek + Send>(
        &mut self,
        source: usize,
        readers: Vec<R>,
        options: &ScanOptions<'_>,
        observe: impl Fn(usize, &Progress) -> ControlFlow<()> + Sync,
    ) -> Vec<Result<ExportSummary, ExportError>> {
        use rayon::prelude::*;

        let matcher = self.matcher();
        let scan = |(number, reader)| {
            parallel::scan(matcher, source.saturating_add(number), reader, options, |progress: &Progress| {
                observe(number, progress)
            })
        };
        let scanned: Vec<_> = readers.into_par_iter().enumerate().map(scan).collect();
        let mut keep = |(summary, findings)| {
            self.absorb(findings);
            summary
        };
        scanned.into_iter().map(|scanned| scanned.map(&mut keep)).collect()
    }
}

#[cfg(feature = "rayon")]
mod parallel {
    use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::sync::{Mutex, PoisonError};

    use super::{
        ControlFlow, ExportError, ExportSummary, Findings, Matcher, Progress, Read, ScanOptions, Seek, Streamed, stream,
    };

    /// What is found in one file, if all is well with it.
    pub(super) fn scan<R: Read + Seek + Send>(
        matcher: Matcher<'_>,
        source: usize,
        reader: R,
        options: &ScanOptions<'_>,
        mut observe: impl FnMut(&Progress) -> ControlFlow<()> + Send,
    ) -> Result<(ExportSummary, Findings), ExportError> {
        let limit = options.read.limits.candidates;
        let findings = Mutex::new(Findings::new(matcher.chosen_profile()));
        let too_many = AtomicBool::new(false);
        let waiting = AtomicUsize::new(0);
        // As many batches as there are threads: so many are held in memory, and nobody is idle.
        let most_waiting = rayon::current_num_threads();

        let search = |first: u64, keys: &[_]| {
            let mut search = matcher.search();
            let searched = search.add_at_most(source, keys, limit);
            let mut findings = findings.lock().unwrap_or_else(PoisonError::into_inner);
            findings.insert_all(first, search.into_findings());
            if searched.is_err() || findings.held() > limit {
                too_many.store(true, Ordering::Relaxed);
            }
        };
        let check = || match too_many.load(Ordering::Relaxed) {
            true => Err(ExportError::TooManyCandidates { limit }),
            false => Ok(()),
        };
        let streamed = rayon::scope(|scope| {
            let mut first = 0;
            stream(reader, &options.read, options.trust, &mut |passed, progress| {
                passed.revised_keys.clear();
                let keys = &mut passed.keys;
                let count = keys.len() as u64;
                if count > 0 && waiting.load(Ordering::Relaxed) < most_waiting {
                    let keys = core::mem::replace(keys, Vec::with_capacity(keys.capacity()));
                    waiting.fetch_add(1, Ordering::Relaxed);
                    let (search, waiting) = (&search, &waiting);
                    scope.spawn(move |_| {
                        search(first, &keys);
                        waiting.fetch_sub(1, Ordering::Relaxed);
                    });
                } else {
                    search(first, keys);
                    keys.clear();
                }
                first = first.saturating_add(count);
                match check() {
                    Err(error) => ControlFlow::Break(error),
                    Ok(()) => observe(progress).map_break(|()| ExportError::Cancelled),
                }
            })
        });
        // What was found too often is found too often whatever the reading says, as when one thread does it all.
        check()?;
        let Streamed { summary, .. } = streamed?;
        Ok((summary, findings.into_inner().unwrap_or_else(PoisonError::into_inner)))
    }
}
