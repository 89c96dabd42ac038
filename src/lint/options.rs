//! What the lints of files need to know.

use crate::export::{ExportBinReport, FileReport, Histogram, ReadOptions, inspect};
use crate::profile::Profile;

/// How files are judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LintOptions {
    /// The profile by whose rules keys are judged.
    pub profile: Profile,
    /// The least number of keys that a file should have, so that no person stands out. The default is 1000, up to which
    /// Google's server adds random keys. A file without keys tells nothing, and has no lint.
    pub fewest_keys: u64,
    /// `true` if each file should hold the keys of the UTC day in which its time window starts, as COCOA's files do. In
    /// most countries a file holds the keys that arrived in its window, so the default is `false`.
    pub one_day: bool,
}

impl Default for LintOptions {
    fn default() -> Self {
        Self { profile: Profile::default(), fewest_keys: 1000, one_day: false }
    }
}

/// A file that was looked into: its name, and what [`inspect`] says of it. No key is held.
#[derive(Clone, Debug)]
pub struct InspectedFile {
    /// What the file is called in lints.
    pub name: String,
    /// The contents of the file.
    pub report: FileReport,
}

impl InspectedFile {
    /// Inspects these bytes: a zip or a bare `export.bin`, good or bad.
    #[must_use]
    pub fn of(name: impl Into<String>, file: &[u8], options: &ReadOptions) -> Self {
        Self { name: name.into(), report: inspect(file, options) }
    }

    /// Returns what `export.bin` says. `None` if the file has none.
    pub(super) fn export_bin(&self) -> Option<&ExportBinReport> {
        self.report.export_bin.as_ref().filter(|bin| bin.header_ok)
    }
}

/// How many keys have such a value.
pub(super) fn keys_with(histogram: &Histogram, is_such: impl Fn(Option<i32>) -> bool) -> u64 {
    let such = histogram.0.iter().filter(|(value, _)| is_such(**value));
    such.fold(0, |sum, (_, keys)| sum.saturating_add(*keys))
}
