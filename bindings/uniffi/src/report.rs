//! What a search found, and what it means.

use std::collections::HashMap;

use crate::configuration::AppConfiguration;
use crate::error::GaenError;
use crate::records::{Basis, DaySummary, ExposureWindow, FileRecord, MatchRecord, Verdict, counted};
use crate::values::{Day, Timestamp};

/// What a search found, and what it means under a configuration.
#[derive(Debug, uniffi::Object)]
pub struct Report {
    pub(crate) inner: gaen_app::Report,
}

/// What to explain, and how much of it to show.
#[derive(uniffi::Record)]
pub struct ExplanationChoice {
    /// Explain this key alone: its number in the explanation, or the first 8 to 32 digits of its hexadecimal text.
    #[uniffi(default = None)]
    pub key: Option<String>,
    /// Explain only what was heard on this UTC day.
    #[uniffi(default = None)]
    pub day: Option<Day>,
    /// Also explain keys whose sightings were all dropped.
    #[uniffi(default = false)]
    pub near: bool,
    /// Leave out keys, identifiers, file names and exact times.
    #[uniffi(default = false)]
    pub redacted: bool,
}

#[uniffi::export]
impl Report {
    /// Returns `true` if the search was stopped before its end. Then "no match" is no answer.
    pub fn is_partial(&self) -> bool {
        self.inner.is_partial()
    }

    /// Returns what became of each file, in the order given.
    pub fn files(&self) -> Vec<FileRecord> {
        self.inner.files().iter().map(FileRecord::from).collect()
    }

    /// Returns what an answer rests on: how many files were searched, and what was heard.
    pub fn basis(&self) -> Basis {
        self.inner.basis().into()
    }

    /// Returns the matches, in the order of the files.
    pub fn matches(&self) -> Vec<MatchRecord> {
        self.inner.matches().into_iter().map(MatchRecord::from).collect()
    }

    /// Returns how many sightings of published identifiers do not count, by the name of the reason.
    pub fn dropped(&self) -> HashMap<String, i64> {
        counted(self.inner.dropped())
    }

    /// Returns the exposure windows under this configuration.
    pub fn windows(&self, configuration: &AppConfiguration, now: Timestamp) -> Result<Vec<ExposureWindow>, GaenError> {
        let windows = self.inner.windows(&configuration.inner, now.seconds()?);
        Ok(windows.into_iter().map(ExposureWindow::from).collect())
    }

    /// Returns the daily summaries under this configuration.
    pub fn summaries(&self, configuration: &AppConfiguration, now: Timestamp) -> Result<Vec<DaySummary>, GaenError> {
        let summaries = self.inner.summaries(&configuration.inner, now.seconds()?);
        Ok(summaries.into_iter().map(DaySummary::from).collect())
    }

    /// Says whether to notify at the time `now`.
    pub fn verdict(&self, configuration: &AppConfiguration, now: Timestamp) -> Result<Verdict, GaenError> {
        Ok(self.inner.verdict(&configuration.inner, now.seconds()?).into())
    }

    /// Writes the document of `gaen match --json`.
    pub fn matches_json(&self) -> Result<String, GaenError> {
        Ok(self.inner.matches_json()?)
    }

    /// Writes the document of `gaen exposures --json`, with an explanation or without one.
    pub fn exposures_json(
        &self,
        configuration: &AppConfiguration,
        now: Timestamp,
        explained: bool,
    ) -> Result<String, GaenError> {
        Ok(self.inner.exposures_json(&configuration.inner, now.seconds()?, explained)?)
    }

    /// Writes the document of `gaen explain --json`.
    ///
    /// Fails with `nothing_chosen` if the choice leaves nothing to explain.
    pub fn explanation_json(
        &self,
        configuration: &AppConfiguration,
        now: Timestamp,
        choice: ExplanationChoice,
    ) -> Result<String, GaenError> {
        let choice = gaen_app::Choice::try_from(choice)?;
        Ok(self.inner.explanation_json(&configuration.inner, now.seconds()?, &choice)?)
    }
}

impl TryFrom<ExplanationChoice> for gaen_app::Choice {
    type Error = GaenError;

    fn try_from(choice: ExplanationChoice) -> Result<Self, GaenError> {
        let ExplanationChoice { key, day, near, redacted } = choice;
        let key = key.map(|key| key.parse().map_err(GaenError::choice)).transpose()?;
        let day = day
            .map(|day| day.0.parse().map_err(|error| GaenError::choice(format!("{}: {error}", day.0))))
            .transpose()?;
        Ok(Self { key, day, near, redacted, brief: false })
    }
}
