//! What matches mean: windows, days, scores and a verdict, as a document.

mod print;

use std::io::{self, Write};

use gaen::exposure::decision::Judgement;
use gaen::exposure::{Assessment, AssumedScans, Configuration, DayExplanation, Explanation, KeyExplanation, Verdict};
use gaen::lint::Lint;
use gaen::matching::DropReason;
use gaen::tally::Tally;
use serde::Serialize;

use crate::document::{Document, FileOutcome};
use crate::findings::Findings;
use crate::read::WindowDocument;
use crate::text::printable_lines;

/// The assessment of some findings under one configuration.
#[derive(Debug, Serialize)]
pub struct ExposuresDocument<'a> {
    configuration: String,
    assumed_scans: AssumedScans,
    files: &'a [FileOutcome],
    dropped: Tally<DropReason>,
    #[serde(flatten)]
    assessment: Assessment,
    explanations: &'a [KeyExplanation],
    day_explanations: &'a [DayExplanation],
    #[serde(skip_serializing_if = "Option::is_none")]
    judgement: Option<&'a Judgement>,
    lints: Vec<Lint>,
    #[serde(skip)]
    summary: String,
    #[serde(skip)]
    explanation: Option<&'a Explanation>,
}

impl<'a> ExposuresDocument<'a> {
    /// What `findings` mean under this configuration of this name at the time `now`, Unix seconds, with an explanation
    /// of them or without one.
    #[must_use]
    pub fn new(
        findings: &'a Findings,
        configuration: &Configuration,
        name: String,
        now: u64,
        explanation: Option<&'a Explanation>,
    ) -> Self {
        let assessment = findings.assess(configuration, now);
        let (explanations, day_explanations) =
            explanation.map_or_else(Default::default, |explanation| (&explanation.keys[..], &explanation.days[..]));
        Self {
            configuration: name,
            assumed_scans: assessment.assumed_scans,
            files: &findings.files,
            dropped: findings.drop_reasons(),
            assessment,
            explanations,
            day_explanations,
            judgement: explanation.and_then(|explanation| explanation.judgement.as_ref()),
            lints: findings.lints(configuration),
            summary: findings.summary(),
            explanation,
        }
    }

    /// The exposure windows as an app has them: without keys, and without times.
    #[must_use]
    pub fn windows(&self) -> WindowDocument {
        WindowDocument::from(&self.assessment)
    }

    /// Whether to notify, or why nobody can say.
    pub fn verdict(&self) -> Verdict {
        self.assessment.decision.verdict
    }
}

impl Document for ExposuresDocument<'_> {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        print::assessment(self, out)?;
        if let Some(explanation) = self.explanation {
            write!(out, "\n{}", printable_lines(&explanation.to_string()))?;
        }
        lints(&self.lints, out)
    }
}

/// Where the profile follows the phones, and a safer reading comes to something else.
pub(crate) fn lints(lints: &[Lint], out: &mut dyn Write) -> io::Result<()> {
    lints.iter().try_for_each(|lint| writeln!(out, "\n{lint}\n  {}", lint.advice))
}
