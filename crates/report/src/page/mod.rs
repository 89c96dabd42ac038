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
mod numbers;
mod shell;
mod story;
#[cfg(test)]
mod tests;
mod timeline;
mod verdict;
mod words;

use std::collections::BTreeSet;

use gaen::exposure::decision::JudgedDay;
use gaen::exposure::{Configuration, Explanation, View};
use gaen::time::{UtcDay, UtcOffset};

use crate::Language;
use crate::document::FileOutcome;
use facts::Facts;

/// What a report is made of.
#[derive(Clone, Copy)]
pub struct ReportInput<'a> {
    /// The heading; a general one without it.
    pub title: Option<&'a str>,
    /// What is shown. Keys, file names and minutes are shown only if it is full.
    pub explanation: &'a Explanation,
    /// What the explanation was made with.
    pub configuration: &'a Configuration,
    /// What to call it; nothing where that is not to be told.
    pub configuration_name: Option<&'a str>,
    /// For when it was made, Unix seconds.
    pub now: u64,
    /// The clock of the reader.
    pub offset: UtcOffset,
    /// The files that were searched.
    pub files: &'a [FileOutcome],
    /// The UTC days of which there is a signal on record, of whatever phone.
    pub heard_on: &'a BTreeSet<UtcDay>,
    /// The languages of the page, at least one; it opens in the first.
    pub languages: &'a [Language],
}

impl ReportInput<'_> {
    /// Whether everything is told.
    fn is_full(&self) -> bool {
        self.explanation.view == View::Full
    }

    /// Whether v1's risk scores decide.
    fn by_v1(&self) -> bool {
        self.configuration.rule.reads_risk_scores()
    }
}

/// The sentence for a reason without numbers; `text` if the language has none.
pub(crate) fn reason(language: Language, code: &str, text: &str) -> String {
    language.words().reason(code, text, &Facts::default())
}

/// The sentence for the reason why a day has its class.
pub(crate) fn reason_of_day(language: Language, day: &JudgedDay) -> String {
    language.words().judged(day).unwrap_or_else(|| day.text.clone())
}

/// The page. The same input makes the same page, byte for byte.
pub fn render(input: &ReportInput<'_>) -> String {
    shell::page(input).into_string()
}

/// The verdict and the days of [`render`] as a page of their own, in the first language: what fits into a notebook.
pub fn render_summary(input: &ReportInput<'_>) -> String {
    shell::summary(input).into_string()
}
