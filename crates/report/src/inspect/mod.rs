//! What an export file is made of, as a document.

mod print;

use std::io::{self, Write};

use gaen::export::{FileReport, TemporaryExposureKeyExport};
use gaen::keys::{DaysSinceOnset, KeyData, ReportType, TransmissionRiskLevel, VariantOfConcern};
use gaen::{DiagnosisKey, RollingWindow};
use serde::Serialize;

use crate::document::Document;
use crate::{Language, problem};

/// What is known of a file.
#[derive(Debug, Serialize)]
pub struct Inspection {
    /// The path of the file.
    pub path: String,
    /// The parts and fields of the file, and the statistics of its keys, good or bad.
    #[serde(flatten)]
    pub report: FileReport,
    /// The keys of the file. `None` where nobody asked for them.
    #[serde(flatten)]
    pub lists: Option<KeyLists>,
}

impl Inspection {
    /// Says what is wrong with the file in this language, for a reader.
    #[must_use]
    pub fn told_in(mut self, language: Language) -> Self {
        if let (Some(code), Some(said)) = (self.report.problem_code, &mut self.report.problem) {
            *said = problem(language, code, said);
        }
        self
    }
}

/// The keys of a file that a reader accepts.
#[derive(Debug, Default, Serialize)]
pub struct KeyLists {
    keys_list: Vec<KeyRow>,
    revised_keys_list: Vec<KeyRow>,
}

impl From<TemporaryExposureKeyExport> for KeyLists {
    fn from(contents: TemporaryExposureKeyExport) -> Self {
        let list = |keys: Vec<DiagnosisKey>| keys.into_iter().map(KeyRow::from).collect();
        Self { keys_list: list(contents.keys), revised_keys_list: list(contents.revised_keys) }
    }
}

/// A key in the form in which [`diagnosis_keys`](crate::read::diagnosis_keys) reads it.
#[derive(Debug, Serialize)]
struct KeyRow {
    tek: KeyData,
    #[serde(flatten)]
    window: RollingWindow,
    transmission_risk_level: TransmissionRiskLevel,
    report_type: ReportType,
    days_since_onset_of_symptoms: Option<DaysSinceOnset>,
    variant_of_concern: VariantOfConcern,
}

impl From<DiagnosisKey> for KeyRow {
    fn from(key: DiagnosisKey) -> Self {
        Self {
            tek: key.key_data,
            window: key.window,
            transmission_risk_level: key.transmission_risk_level,
            report_type: key.report_type,
            days_since_onset_of_symptoms: key.days_since_onset_of_symptoms,
            variant_of_concern: key.variant_of_concern,
        }
    }
}

impl Document for Inspection {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        print::inspection(self, out)
    }
}
