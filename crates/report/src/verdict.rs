//! Verdicts in a line each, and what they rest on.

use std::io::{self, Write};

use gaen::exposure::{NotJudged, SearchedFiles, Verdict};

use crate::document::{FileOutcome, FileStatus};
use crate::text::style::{CAUTION, GOOD, UNKNOWN};

/// Counts the files that were searched, and the files that were rejected.
#[must_use]
pub fn searched(files: &[FileOutcome]) -> SearchedFiles {
    let rejected = files.iter().filter(|file| file.status == FileStatus::Rejected).count() as u64;
    SearchedFiles { rejected, ..SearchedFiles::all(files.len() as u64 - rejected) }
}

/// Writes the verdict, and a line for each kind of file that was left out.
///
/// # Errors
/// What `out` answers.
pub fn print(verdict: Verdict, files: SearchedFiles, out: &mut dyn Write) -> io::Result<()> {
    match verdict {
        Verdict::Notify => writeln!(out, "{CAUTION}Notify{CAUTION:#}")?,
        Verdict::DoNotNotify => writeln!(out, "{GOOD}Do not notify{GOOD:#}")?,
        Verdict::NotJudged(reason) => print_not_judged(reason, out)?,
    }
    print_shortcomings(files, out)
}

/// Writes that there is no verdict, and why.
///
/// # Errors
/// What `out` answers.
pub fn print_not_judged(reason: NotJudged, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{UNKNOWN}Could not be judged: {reason}{UNKNOWN:#}")
}

/// Writes a line for each kind of file that was left out.
///
/// # Errors
/// What `out` answers.
pub fn print_shortcomings(files: SearchedFiles, out: &mut dyn Write) -> io::Result<()> {
    files.shortcomings().try_for_each(|text| writeln!(out, "  {CAUTION}{text}{CAUTION:#}"))
}
