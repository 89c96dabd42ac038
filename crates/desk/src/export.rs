//! Export files on the desk.

use std::io::Cursor;
use std::sync::OnceLock;

use bytes::Bytes;
use gaen::Profile;
use gaen::export::{ExportSummary, ReadOptions, TekSignature, signatures_of_zip};
use gaen_app::{Authenticity, ContainerRule, ExportFile, SearchRules};

/// A file as it is searched.
pub(crate) fn file_to_search(name: &str, file: &Bytes) -> ExportFile {
    ExportFile::new(name, Cursor::new(file.clone()))
}

/// An export file. All of it is read when somebody first asks what it says. A search asks only for the time, and only
/// if it is not given.
#[derive(Debug)]
pub(crate) struct Export {
    file: Bytes,
    /// Empty for a bare `export.bin`, and for what is no zip of the two entries.
    signed_as: Vec<TekSignature>,
    says: OnceLock<Result<ExportSummary, gaen_app::Error>>,
}

impl Export {
    /// A zip of `export.bin` and `export.sig`.
    pub(crate) fn zip(file: &Bytes) -> Self {
        let signed_as = signatures_of_zip(Cursor::new(file), &ReadOptions::default()).unwrap_or_default();
        Self { signed_as, ..Self::bare(file) }
    }

    /// A bare `export.bin`.
    pub(crate) fn bare(file: &Bytes) -> Self {
        Self { file: file.clone(), signed_as: Vec::new(), says: OnceLock::new() }
    }

    /// What it says, whoever wrote it, or why it cannot be read.
    pub(crate) fn says(&self) -> Result<&ExportSummary, &gaen_app::Error> {
        let rules = SearchRules {
            profile: Profile::default(),
            container: ContainerRule::Strict,
            authenticity: Authenticity::Unverified,
        };
        let read = || gaen_app::summary(file_to_search("", &self.file), &rules);
        self.says.get_or_init(read).as_ref()
    }

    /// Takes note of what somebody read, so that it is not read again.
    pub(crate) fn was_read(&self, summary: ExportSummary) {
        self.says.get_or_init(|| Ok(summary));
    }

    /// Who signed it, as it says itself.
    pub(crate) fn signed_as(&self) -> &[TekSignature] {
        &self.signed_as
    }

    /// `true` if it is known that it cannot be read.
    pub(crate) fn is_refused(&self) -> bool {
        matches!(self.says.get(), Some(Err(_)))
    }
}
