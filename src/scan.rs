//! Matching the keys of a file while it is read, without ever holding them all.

use core::ops::ControlFlow;
use std::io::{Read, Seek};

use crate::export::{ExportError, ExportSummary, Progress, ReadOptions, Trust, stream};
use crate::matching::{MatchReport, Matcher, Search};

/// Keys that are searched before the candidates are counted: few enough that what one step adds is little.
const STEP: usize = 64;

/// How a scan reads a file, and whom it believes.
///
/// ```
/// use gaen::export::{ContainerRule, ReadOptions};
/// use gaen::ScanOptions;
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
    /// Reads one file and matches its keys, with the default [`ReadOptions`]: a [search](Self::search) of one
    /// [scan](Search::scan).
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
        let summary = search.scan(0, reader, &ScanOptions::verified_by(trust))?;
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
        mut observe: impl FnMut(&Progress) -> ControlFlow<()>,
    ) -> Result<ExportSummary, ExportError> {
        let limit = options.read.limits.candidates;
        let mut candidates = self.sibling();
        let summary = stream(reader, &options.read, options.trust, &mut |keys, progress| {
            for keys in keys.chunks(STEP) {
                candidates.add(source, keys);
                if candidates.held() > limit {
                    return ControlFlow::Break(ExportError::TooManyCandidates { limit });
                }
            }
            keys.clear();
            observe(progress).map_break(|()| ExportError::Cancelled)
        })?;
        self.absorb(candidates);
        Ok(summary)
    }
}
