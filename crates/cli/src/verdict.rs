//! What a conclusion rests on, and what is said where there can be none.

use std::io::Write;

use gaen::exposure::{NotJudged, SearchedFiles, Verdict};
use gaen_report::document::{FileOutcome, FileStatus};
use gaen_report::text::style::{CAUTION, GOOD, UNKNOWN};

use crate::error::Error;

/// How many of these files were searched, and how many could not be.
pub(crate) fn searched(files: &[FileOutcome]) -> SearchedFiles {
    let rejected = files.iter().filter(|file| file.status == FileStatus::Rejected).count() as u64;
    SearchedFiles { rejected, ..SearchedFiles::all(files.len() as u64 - rejected) }
}

/// The verdict in a line, and a line for what was left out.
pub(crate) fn print(verdict: Verdict, files: SearchedFiles, out: &mut dyn Write) -> Result<(), Error> {
    match verdict {
        Verdict::Notify => writeln!(out, "{CAUTION}Notify{CAUTION:#}")?,
        Verdict::DoNotNotify => writeln!(out, "{GOOD}Do not notify{GOOD:#}")?,
        Verdict::NotJudged(reason) => print_not_judged(reason, out)?,
    }
    print_shortcomings(files, out)
}

/// That nobody can say, and why.
pub(crate) fn print_not_judged(reason: NotJudged, out: &mut dyn Write) -> Result<(), Error> {
    Ok(writeln!(out, "{UNKNOWN}Could not be judged: {reason}{UNKNOWN:#}")?)
}

/// A line for each kind of file that was left out.
pub(crate) fn print_shortcomings(files: SearchedFiles, out: &mut dyn Write) -> Result<(), Error> {
    for text in files.shortcomings() {
        writeln!(out, "  {CAUTION}{text}{CAUTION:#}")?;
    }
    Ok(())
}

/// Ends the command with exit code 1 where nobody can say.
pub(crate) fn fail_if_not_judged(reason: Option<NotJudged>) -> Result<(), Error> {
    match reason {
        Some(reason) => Err(Error::Input(format!("could not be judged: {reason}"))),
        None => Ok(()),
    }
}
