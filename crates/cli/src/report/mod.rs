//! A report as one page that needs nothing else: no network, no script.
//!
//! What it shows comes from an [`Explanation`], so that what was redacted there cannot be on the page.

mod bars;
mod calendar;
mod contact;
mod days;
mod draw;
mod extras;
mod facts;
mod page;
mod story;
#[cfg(test)]
mod tests;
mod timeline;
mod verdict;
mod words;

use gaen::UtcOffset;
use gaen::exposure::{Configuration, DecisionRule, Explanation, View};

use crate::exports::FileOutcome;
pub(crate) use words::Language;

/// What a report is made of.
#[derive(Clone, Copy)]
pub(crate) struct ReportInput<'a> {
    /// The heading; a general one without it.
    pub(crate) title: Option<&'a str>,
    /// What is shown. Keys, file names and minutes are shown only if it is full.
    pub(crate) explanation: &'a Explanation,
    /// What the explanation was made with.
    pub(crate) configuration: &'a Configuration,
    /// What to call it; nothing where that is not to be told.
    pub(crate) configuration_name: Option<&'a str>,
    /// For when it was made, Unix seconds.
    pub(crate) now: u64,
    /// The clock of the reader.
    pub(crate) offset: UtcOffset,
    /// The files that were searched.
    pub(crate) files: &'a [FileOutcome],
    /// The languages of the page, at least one; it opens in the first.
    pub(crate) languages: &'a [Language],
}

impl ReportInput<'_> {
    /// Whether everything is told.
    fn is_full(&self) -> bool {
        self.explanation.view == View::Full
    }

    /// Whether v1's risk scores decide.
    fn by_v1(&self) -> bool {
        self.configuration.rule == DecisionRule::RiskScore
    }
}

/// The page. The same input makes the same page, byte for byte.
pub(crate) fn render(input: &ReportInput<'_>) -> String {
    page::page(input).into_string()
}
