//! What a search found, and what it means.

use std::collections::BTreeSet;

use gaen::exposure::{Assessment, Basis, DailySummary, ExposureWindow, Verdict};
use gaen::time::UtcOffset;
use gaen::{DiagnosisKey, Match, MatchReport, Profile};
use gaen_report::Language;
use gaen_report::document::{self, FileOutcome};
use gaen_report::explain::{Choice, ExplainDocument};
use gaen_report::exposures::ExposuresDocument;
use gaen_report::findings::Findings;
use gaen_report::matching::MatchDocument;
use gaen_report::page::{ReportInput, render_summary};
use serde::Serialize;

use crate::configuration::AppConfiguration;
use crate::error::{Error, ErrorKind};

/// What a search found, and what it means under a configuration.
#[derive(Clone, Debug)]
pub struct Report {
    findings: Findings,
    matches: MatchReport,
    stopped: bool,
}

/// What a search of files, or of a store, has found.
pub(crate) struct Found {
    pub(crate) files: Vec<FileOutcome>,
    pub(crate) basis: Basis,
    pub(crate) matches: MatchReport,
    pub(crate) revised_keys: Vec<DiagnosisKey>,
}

/// A sighting of an identifier of a published key.
///
/// Numbers of intervals are signed, so that their differences are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MatchRecord {
    /// The position of the file among those that were searched.
    pub file: usize,
    /// The diagnosis key that was heard.
    pub key: [u8; 16],
    /// The first interval in which the key is valid. An interval is ten minutes.
    pub rolling_start_interval_number: i64,
    /// The number of intervals in which the key is valid.
    pub rolling_period: i64,
    /// The interval of the identifier.
    pub interval: i64,
    /// When that interval begins, Unix seconds.
    pub interval_start: i64,
    /// The position of the sighting among those given.
    pub sighting: usize,
    /// When it was heard, Unix seconds.
    pub time: i64,
    /// The received signal strength, dBm.
    pub rssi: i8,
    /// The power that the sender sent with, dBm.
    pub tx_power: i8,
    /// The attenuation, `max(tx_power - rssi, 0)`, dB.
    pub attenuation: u8,
}

impl From<&Match> for MatchRecord {
    fn from(found: &Match) -> Self {
        let window = found.key.window;
        Self {
            file: found.source,
            key: *found.key.key_data.as_bytes(),
            rolling_start_interval_number: window.start().as_u32().into(),
            rolling_period: window.period().as_u32().into(),
            interval: found.interval.as_u32().into(),
            interval_start: signed(found.interval.unix_seconds()),
            sighting: found.sighting,
            time: signed(found.time),
            rssi: found.rssi,
            tx_power: found.metadata.tx_power(),
            attenuation: found.attenuation,
        }
    }
}

/// Unix seconds of a sighting or an interval, which are far below the limit.
pub(crate) fn signed(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX)
}

impl Report {
    pub(crate) fn new(profile: Profile, found: Found, stopped: bool) -> Self {
        let Found { files, basis, matches, revised_keys } = found;
        let findings = Findings::new(profile, files, basis, matches.clone(), revised_keys);
        Self { findings, matches, stopped }
    }

    /// `true` if the search was stopped before its end. Then "no match" is no answer.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.stopped
    }

    /// The findings of the search, for documents that this facade does not write.
    #[must_use]
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// What became of each file, in the order given.
    #[must_use]
    pub fn files(&self) -> &[FileOutcome] {
        &self.findings.files
    }

    /// What an answer rests on: how many files were searched, and what was heard.
    #[must_use]
    pub fn basis(&self) -> &Basis {
        &self.findings.basis
    }

    /// The matches, in the order of the files.
    #[must_use]
    pub fn matches(&self) -> Vec<MatchRecord> {
        self.matches.matches.iter().map(MatchRecord::from).collect()
    }

    /// How many sightings of published identifiers do not count, by the name of the reason.
    #[must_use]
    pub fn dropped(&self) -> Vec<(&'static str, u64)> {
        self.findings.drop_reasons().named().collect()
    }

    /// The exposure windows under this configuration.
    #[must_use]
    pub fn windows(&self, configuration: &AppConfiguration, now: u64) -> Vec<ExposureWindow> {
        self.assess(configuration, now).windows
    }

    /// The daily summaries under this configuration.
    #[must_use]
    pub fn summaries(&self, configuration: &AppConfiguration, now: u64) -> Vec<DailySummary> {
        self.assess(configuration, now).daily_summaries
    }

    /// The verdict at the time `now`, Unix seconds: whether to notify. A reason for "not judged" has a stable code.
    pub fn verdict(&self, configuration: &AppConfiguration, now: u64) -> Verdict {
        self.assess(configuration, now).decision.verdict
    }

    fn assess(&self, configuration: &AppConfiguration, now: u64) -> Assessment {
        self.findings.assess(configuration.as_inner(), now)
    }

    /// The document of `gaen match --json`.
    ///
    /// # Errors
    /// `document` if it cannot be written.
    pub fn matches_json(&self) -> Result<String, Error> {
        json(&self.matches_document())
    }

    /// The document of [`matches_json`](Self::matches_json) before it is written.
    #[must_use]
    pub fn matches_document(&self) -> MatchDocument {
        MatchDocument::new(self.findings.files.clone(), self.matches.clone(), self.findings.basis)
    }

    /// The document of `gaen exposures --json`, with an explanation or without one.
    ///
    /// # Errors
    /// `document` if it cannot be written.
    pub fn exposures_json(&self, configuration: &AppConfiguration, now: u64, explained: bool) -> Result<String, Error> {
        let (findings, inner) = (&self.findings, configuration.as_inner());
        let explanation = explained.then(|| findings.explain(inner, now, false));
        json(&ExposuresDocument::new(findings, inner, configuration.name().to_owned(), now, explanation.as_ref()))
    }

    /// The document of `gaen explain --json`.
    ///
    /// # Errors
    /// `nothing_chosen` if the choice leaves nothing to explain, `document` if it cannot be written.
    pub fn explanation_json(
        &self,
        configuration: &AppConfiguration,
        now: u64,
        choice: &Choice,
    ) -> Result<String, Error> {
        let document = ExplainDocument::new(&self.findings, configuration.as_inner(), now, choice)
            .map_err(|error| Error::new(ErrorKind::Choice, "nothing_chosen", error.to_string()))?;
        json(&document)
    }

    /// The verdict and the days of `gaen report` as a page that needs no network and no script: for notebooks. It has
    /// no keys and no file names, and times to the hour, in UTC.
    #[must_use]
    pub fn summary_html(&self, configuration: &AppConfiguration, now: u64) -> String {
        render_summary(&ReportInput {
            title: None,
            explanation: &self.findings.explain(configuration.as_inner(), now, true).redacted(),
            configuration: configuration.as_inner(),
            configuration_name: None,
            now,
            offset: UtcOffset::UTC,
            files: &self.findings.files,
            heard_on: &BTreeSet::new(),
            languages: &[Language::English],
        })
    }
}

/// Writes a document as the command prints it.
///
/// # Errors
/// `document` if it cannot be written.
pub fn json(document: &impl Serialize) -> Result<String, Error> {
    let failed = |error: &dyn std::fmt::Display| Error::new(ErrorKind::Document, "document", error.to_string());
    let mut out = Vec::new();
    document::json(&mut out, document).map_err(|error| failed(&error))?;
    String::from_utf8(out).map_err(|error| failed(&error))
}
