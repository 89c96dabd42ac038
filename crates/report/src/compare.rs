//! Two assessments beside each other, as a document.

use std::io::{self, Write};

use gaen::exposure::{Assessment, Comparison, NotJudged, Verdict, compare};
use serde::Serialize;

use crate::document::Document;
use crate::text::style::{BOLD, DIM};
use crate::text::{counted, printable, printable_lines};
use crate::verdict;

/// One side: an assessment, and what to call its configuration.
#[derive(Debug, Serialize)]
pub struct Side {
    /// The name of the configuration.
    pub configuration: String,
    /// What the configuration made of the records.
    #[serde(flatten)]
    pub assessment: Assessment,
}

/// Two sides, and in what they differ.
#[derive(Debug, Serialize)]
pub struct CompareDocument {
    left: Side,
    right: Side,
    same: bool,
    #[serde(flatten)]
    comparison: Comparison,
    #[serde(skip)]
    summary: String,
}

impl CompareDocument {
    /// Compares two sides. `summary` says in a line what the left side read.
    #[must_use]
    pub fn new(left: Side, right: Side, summary: String) -> Self {
        let comparison = compare(&left.assessment, &right.assessment);
        Self { same: comparison.is_same(), left, right, comparison, summary }
    }

    /// What each side decides, the left one first.
    pub fn verdicts(&self) -> [Verdict; 2] {
        [&self.left, &self.right].map(|side| side.assessment.decision.verdict)
    }

    fn not_judged(&self) -> Option<NotJudged> {
        self.verdicts().into_iter().find_map(Verdict::not_judged)
    }
}

impl Document for CompareDocument {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{BOLD}{}{BOLD:#}", decision(self.verdicts()))?;
        writeln!(out, "{}", self.summary)?;
        let [left, right] = [&self.left, &self.right]
            .map(|side| format!("{}, {}", side.assessment.profile.name(), printable(&side.configuration)));
        writeln!(out, "{DIM}{left} -> {right}{DIM:#}")?;
        if let Some(reason) = self.not_judged() {
            verdict::print_not_judged(reason, out)?;
        }
        verdict::print_shortcomings(self.left.assessment.basis.files, out)?;
        for change in &self.comparison.changes {
            write!(out, "  {}", printable_lines(&format!("{change}\n")))?;
        }
        writeln!(out, "{BOLD}{}{BOLD:#}", counted(self.comparison.changes.len(), "difference"))
    }
}

/// Whether both sides decide the same, in a sentence.
fn decision([left, right]: [Verdict; 2]) -> String {
    if left == right {
        format!("The decision is the same: {left}.")
    } else {
        format!("The decision differs: {left} -> {right}.")
    }
}
