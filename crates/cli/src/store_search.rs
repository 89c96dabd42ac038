//! What a command asks of a store, and what it gets from one.

use gaen::MatchReport;
use gaen_report::document::FileOutcome;

/// What to do where there is no store.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum IfMissing {
    Make,
    Fail,
}

/// All that a store has found so far.
pub(crate) struct Stored {
    /// Those that were given, and then the others of the ledger. The sources of what was found are positions among
    /// them.
    pub(crate) files: Vec<FileOutcome>,
    pub(crate) report: MatchReport,
}
