//! Why matches mean what they mean, as a document.

mod brief;
mod choice;

use std::io::{self, Write};

use gaen::exposure::{Configuration, Explanation, Verdict};
use gaen::lint::Lint;
use gaen::matching::DropReason;
use gaen::tally::Tally;
use gaen::time::UtcDay;
use serde::Serialize;

pub use choice::{KeyName, NothingChosen};

use crate::document::Document;
use crate::findings::Findings;
use crate::text::printable_lines;
use crate::{dropped, exposures};

/// What to explain, and how much of it to show.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Explain this key alone.
    pub key: Option<KeyName>,
    /// Explain only what was heard on this UTC day.
    pub day: Option<UtcDay>,
    /// Also explain keys whose sightings were all dropped.
    pub near: bool,
    /// Leave out keys, identifiers, file names and exact times.
    pub redacted: bool,
    /// As text, write a few lines for each key.
    pub brief: bool,
}

/// The explanation of some findings under one configuration.
#[derive(Debug, Serialize)]
pub struct ExplainDocument {
    dropped: Tally<DropReason>,
    #[serde(flatten)]
    explanation: Explanation,
    lints: Vec<Lint>,
    #[serde(skip)]
    form: Form,
}

/// How the text is written.
#[derive(Debug)]
enum Form {
    /// In a few lines for each key; whether the risk scores of version 1 decide.
    Brief {
        by_v1: bool,
    },
    Whole,
    /// The explanation names dropped sightings, so no table counts them.
    WholeWithNear,
}

impl ExplainDocument {
    /// Explains what `findings` mean under this configuration at the time `now`, Unix seconds.
    ///
    /// # Errors
    /// A choice of a key or a day that leaves nothing to explain.
    pub fn new(
        findings: &Findings,
        configuration: &Configuration,
        now: u64,
        choice: &Choice,
    ) -> Result<Self, NothingChosen> {
        let mut explanation = findings.explain(configuration, now, choice.near);
        choice::narrow(&mut explanation, choice.day, choice.key.as_ref())?;
        let explanation = if choice.redacted { explanation.redacted() } else { explanation };
        let form = match choice {
            Choice { brief: true, .. } => Form::Brief { by_v1: configuration.rule.reads_risk_scores() },
            Choice { near: true, .. } => Form::WholeWithNear,
            _ => Form::Whole,
        };
        Ok(Self { dropped: findings.drop_reasons(), explanation, lints: findings.lints(configuration), form })
    }

    /// Whether to notify, or why nobody can say.
    pub fn verdict(&self) -> Verdict {
        self.explanation.verdict
    }
}

impl Document for ExplainDocument {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        match &self.form {
            Form::Brief { by_v1 } => return brief::print(&self.explanation, *by_v1, out),
            Form::Whole => dropped::print(&self.dropped, out)?,
            Form::WholeWithNear => {}
        }
        write!(out, "{}", printable_lines(&self.explanation.to_string()))?;
        exposures::lints(&self.lints, out)
    }
}
