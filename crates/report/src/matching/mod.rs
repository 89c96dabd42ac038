//! The matches that were found in export files, as a document.

mod print;
mod row;

use std::io::{self, Write};

use gaen::exposure::{Basis, NotJudged};
use gaen::matching::DropReason;
use gaen::tally::Tally;
use gaen::{Match, MatchReport};
use serde::{Serialize, Serializer};

pub use row::MatchRow;

use crate::document::{Document, FileOutcome};
use crate::{Language, page, problem};

/// The files that were searched, and what was found in them.
#[derive(Debug, Serialize)]
pub struct MatchDocument {
    /// `matched`, `not_matched` or `not_judged`.
    verdict: &'static str,
    code: Option<&'static str>,
    reason: Option<String>,
    basis: Basis,
    files: Vec<FileOutcome>,
    #[serde(serialize_with = "rows")]
    matches: Vec<Match>,
    dropped: Tally<DropReason>,
}

impl MatchDocument {
    /// What `report` says of these files. Sources in the report are positions among `files`.
    #[must_use]
    pub fn new(files: Vec<FileOutcome>, report: MatchReport, basis: Basis) -> Self {
        let dropped = report.drop_reasons();
        let matches = report.matches;
        let not_judged = not_judged(&basis, &matches);
        let verdict = match not_judged {
            Some(_) => "not_judged",
            None if matches.is_empty() => "not_matched",
            None => "matched",
        };
        let (code, reason) = (not_judged.map(NotJudged::code), not_judged.map(|reason| reason.to_string()));
        Self { verdict, code, reason, basis, files, matches, dropped }
    }

    /// Says in this language why nothing can be said, and why files were rejected, for a reader.
    #[must_use]
    pub fn told_in(mut self, language: Language) -> Self {
        if language == Language::Japanese {
            let told = self.not_judged().map(|reason| page::reason(language, reason.code(), &reason.to_string()));
            self.reason = told;
        }
        for file in &mut self.files {
            if let (Some(code), Some(said)) = (file.error_code, &mut file.error) {
                *said = problem(language, code, said);
            }
        }
        self
    }

    /// Why nobody can say that no key matched. `None` if somebody can, or a key matched.
    #[must_use]
    pub fn not_judged(&self) -> Option<NotJudged> {
        not_judged(&self.basis, &self.matches)
    }

    /// The files that were searched, or rejected.
    #[must_use]
    pub fn files(&self) -> &[FileOutcome] {
        &self.files
    }
}

impl Document for MatchDocument {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        print::print(self, out)
    }
}

fn not_judged(basis: &Basis, matches: &[Match]) -> Option<NotJudged> {
    basis.not_searched().filter(|_| matches.is_empty())
}

fn rows<S: Serializer>(matches: &[Match], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(matches.iter().map(MatchRow::from))
}
