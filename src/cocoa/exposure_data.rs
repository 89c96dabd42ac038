//! `exposure_data.json`: the exposures on record in COCOA 2.0.1 and later, as users could save them.

use super::error::DocumentError;
use super::json::Node;
use super::millis::DateMillis;

/// COCOA's record of contacts. Its days are the UTC days of the contacts, not of checks.
///
/// Numbers stand as in the document. A day may appear more than once: such days crashed the app, until it kept the
/// larger one. The day of a window may have no summary.
///
/// Source: COCOA's `ExposureData`, which held the types of the library Chino.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct ExposureData {
    /// The platform: `iOS` or `Android`.
    pub platform: Option<String>,
    /// The version of the system.
    pub platform_version: Option<String>,
    /// The model of the phone.
    pub model: Option<String>,
    /// The type of the device: a real phone or an emulator.
    pub device_type: Option<String>,
    /// The version of the app.
    pub app_version: Option<String>,
    /// The build number of the app.
    pub build_number: Option<String>,
    /// The version of Exposure Notification.
    pub en_version: Option<String>,
    /// When the document was made. COCOA did not write this field.
    pub generated_at: Option<String>,
    /// The summary of each day.
    pub daily_summaries: Vec<LoggedSummary>,
    /// The exposure windows: at most half an hour near somebody each.
    pub exposure_windows: Vec<LoggedWindow>,
}

/// The scores of a day, in total and by report type.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct LoggedSummary {
    /// The day of the contacts.
    #[serde(rename = "DateMillisSinceEpoch")]
    pub date: DateMillis,
    /// The scores of all reports.
    #[serde(rename = "DaySummary")]
    pub day: Option<LoggedScores>,
    /// The scores of confirmed tests.
    #[serde(rename = "ConfirmedTestSummary")]
    pub confirmed_test: Option<LoggedScores>,
    /// The scores of diagnoses without a test.
    #[serde(rename = "ConfirmedClinicalDiagnosisSummary")]
    pub confirmed_clinical_diagnosis: Option<LoggedScores>,
    /// The scores of reports by the owners themselves.
    #[serde(rename = "SelfReportedSummary")]
    pub self_reported: Option<LoggedScores>,
    /// The scores of recursive reports, which nobody used.
    #[serde(rename = "RecursiveSummary")]
    pub recursive: Option<LoggedScores>,
}

/// Scores of a day.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct LoggedScores {
    /// The highest score of a window.
    #[serde(rename = "MaximumScore")]
    pub maximum: f64,
    /// The sum of the scores of all windows.
    #[serde(rename = "ScoreSum")]
    pub sum: f64,
    /// The weighted seconds of all windows.
    #[serde(rename = "WeightedDurationSum")]
    pub weighted_duration: f64,
}

/// At most half an hour near somebody.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct LoggedWindow {
    /// The day of the contact.
    #[serde(rename = "DateMillisSinceEpoch")]
    pub date: DateMillis,
    /// The calibration confidence, from 0 (lowest) to 3 (high).
    #[serde(rename = "CalibrationConfidence")]
    pub calibration_confidence: Option<i64>,
    /// The infectiousness: 0 none, 1 standard, 2 high.
    #[serde(rename = "Infectiousness")]
    pub infectiousness: Option<i64>,
    /// The report type as in export files: 1 is a confirmed test.
    #[serde(rename = "ReportType")]
    pub report_type: Option<i64>,
    /// The scans of the window, in order.
    #[serde(rename = "ScanInstances")]
    pub scans: Vec<LoggedScan>,
}

/// One scan: a few seconds of listening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct LoggedScan {
    /// The smallest attenuation, in dB.
    #[serde(rename = "MinAttenuationDb")]
    pub min_attenuation_db: i64,
    /// The typical attenuation, in dB.
    #[serde(rename = "TypicalAttenuationDb")]
    pub typical_attenuation_db: i64,
    /// The seconds since the scan before.
    #[serde(rename = "SecondsSinceLastScan")]
    pub seconds_since_last_scan: i64,
}

impl LoggedWindow {
    /// Sums the seconds of all scans. Negative seconds count as 0.
    #[must_use]
    pub fn seconds(&self) -> u64 {
        let seconds = self.scans.iter().map(|scan| u64::try_from(scan.seconds_since_last_scan).unwrap_or(0));
        seconds.fold(0, u64::saturating_add)
    }
}

impl ExposureData {
    /// Reads the document, or one of its two lists alone.
    pub(super) fn of(root: Node<'_>) -> Result<Self, DocumentError> {
        let label = |name| root.optional(name, |node| node.label());
        Ok(Self {
            platform: label("platform")?,
            platform_version: label("platform_version")?,
            model: label("model")?,
            device_type: label("device_type")?,
            app_version: label("app_version")?,
            build_number: label("build_number")?,
            en_version: label("en_version")?,
            generated_at: label("generated_at")?,
            daily_summaries: root.list("daily_summaries", summary)?,
            exposure_windows: root.list("exposure_windows", window)?,
        })
    }

    pub(super) fn of_summaries(list: Node<'_>) -> Result<Self, DocumentError> {
        Ok(Self { daily_summaries: list.items()?.map(summary).collect::<Result<_, _>>()?, ..Self::default() })
    }

    pub(super) fn of_windows(list: Node<'_>) -> Result<Self, DocumentError> {
        Ok(Self { exposure_windows: list.items()?.map(window).collect::<Result<_, _>>()?, ..Self::default() })
    }
}

fn date(node: &Node<'_>) -> Result<DateMillis, DocumentError> {
    Ok(DateMillis(node.needed("DateMillisSinceEpoch")?.integer()?))
}

fn summary(node: Node<'_>) -> Result<LoggedSummary, DocumentError> {
    Ok(LoggedSummary {
        date: date(&node)?,
        day: node.optional("DaySummary", scores)?,
        confirmed_test: node.optional("ConfirmedTestSummary", scores)?,
        confirmed_clinical_diagnosis: node.optional("ConfirmedClinicalDiagnosisSummary", scores)?,
        self_reported: node.optional("SelfReportedSummary", scores)?,
        recursive: node.optional("RecursiveSummary", scores)?,
    })
}

fn scores(node: Node<'_>) -> Result<LoggedScores, DocumentError> {
    Ok(LoggedScores {
        maximum: node.needed("MaximumScore")?.number()?,
        sum: node.needed("ScoreSum")?.number()?,
        weighted_duration: node.needed("WeightedDurationSum")?.number()?,
    })
}

fn window(node: Node<'_>) -> Result<LoggedWindow, DocumentError> {
    let integer = |name| node.optional(name, |node| node.integer());
    Ok(LoggedWindow {
        date: date(&node)?,
        calibration_confidence: integer("CalibrationConfidence")?,
        infectiousness: integer("Infectiousness")?,
        report_type: integer("ReportType")?,
        scans: node.list("ScanInstances", scan)?,
    })
}

fn scan(node: Node<'_>) -> Result<LoggedScan, DocumentError> {
    let integer = |name| node.needed(name)?.integer();
    Ok(LoggedScan {
        min_attenuation_db: integer("MinAttenuationDb")?,
        typical_attenuation_db: integer("TypicalAttenuationDb")?,
        seconds_since_last_scan: integer("SecondsSinceLastScan")?,
    })
}
