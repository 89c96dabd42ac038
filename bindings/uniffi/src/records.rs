//! What a report tells.

use std::collections::HashMap;

use gaen_app::{DailySummary, FileOutcome, FileStatus};

use crate::values::{Bytes, Day, Timestamp, number};

/// A sighting of an identifier of a published key.
///
/// Numbers of intervals are signed, so that their differences are.
#[derive(uniffi::Record)]
pub struct MatchRecord {
    /// The position of the file among those that were searched.
    pub file: i64,
    /// The key, 16 bytes.
    pub key: Bytes,
    /// The first interval in which the key is valid. An interval is ten minutes.
    pub rolling_start_interval_number: i64,
    /// The number of intervals in which the key is valid.
    pub rolling_period: i64,
    /// The interval of the identifier.
    pub interval: i64,
    /// When that interval begins.
    pub interval_start: Timestamp,
    /// The position of the sighting among those given.
    pub sighting: i64,
    /// When it was heard.
    pub time: Timestamp,
    /// Signal strength, dBm.
    pub rssi: i32,
    /// The power that the sender sent with, dBm.
    pub tx_power: i32,
    /// Attenuation, dB.
    pub attenuation: i32,
}

impl From<gaen_app::MatchRecord> for MatchRecord {
    fn from(found: gaen_app::MatchRecord) -> Self {
        Self {
            file: number(found.file),
            key: Bytes(found.key.into()),
            rolling_start_interval_number: found.rolling_start_interval_number,
            rolling_period: found.rolling_period,
            interval: found.interval,
            interval_start: Timestamp(found.interval_start),
            sighting: number(found.sighting),
            time: Timestamp(found.time),
            rssi: found.rssi.into(),
            tx_power: found.tx_power.into(),
            attenuation: found.attenuation.into(),
        }
    }
}

/// Whether the keys of a file were searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Standing {
    /// A trusted key signed the file.
    Verified,
    /// The file's keys were searched for without verifying it, as you asked.
    Unverified,
    /// The file contributes nothing.
    Rejected,
    /// A store has searched the file for everything before.
    Known,
}

impl From<FileStatus> for Standing {
    fn from(status: FileStatus) -> Self {
        match status {
            FileStatus::Verified => Self::Verified,
            FileStatus::Unverified => Self::Unverified,
            FileStatus::Rejected => Self::Rejected,
            FileStatus::Known => Self::Known,
        }
    }
}

/// What became of a file.
#[derive(uniffi::Record)]
pub struct FileRecord {
    /// What it was called.
    pub name: String,
    /// SHA-256 of its `export.bin`, hexadecimal. It is missing if the file could not be read so far.
    pub export_sha256: Option<String>,
    /// Whether its keys were searched for.
    pub standing: Standing,
    /// The names of the public keys that verified it.
    pub verified_by: Vec<String>,
    /// The number of its keys.
    pub keys: i64,
    /// The number of its revised keys.
    pub revised_keys: i64,
    /// The number of keys that were not searched for, by the name of the reason.
    pub skipped_keys: HashMap<String, i64>,
    /// The number of values out of range, which were read as missing, by the name of the value.
    pub ignored_values: HashMap<String, i64>,
    /// The name of the error for which it was rejected. It is missing if the file was not rejected.
    pub error_code: Option<String>,
    /// The same in a sentence.
    pub error: Option<String>,
}

impl From<&FileOutcome> for FileRecord {
    fn from(file: &FileOutcome) -> Self {
        Self {
            name: file.name().to_owned(),
            export_sha256: file.export_sha256.clone(),
            standing: file.status.into(),
            verified_by: file.verified_by.clone(),
            keys: number(file.keys),
            revised_keys: number(file.revised_keys),
            skipped_keys: counted(file.skipped_keys.named()),
            ignored_values: counted(file.ignored_values.named()),
            error_code: file.error_code.map(str::to_owned),
            error: file.error.clone(),
        }
    }
}

/// Numbers by their names.
pub(crate) fn counted(counts: impl IntoIterator<Item = (&'static str, u64)>) -> HashMap<String, i64> {
    counts.into_iter().map(|(name, count)| (name.to_owned(), number(count))).collect()
}

/// What an answer rests on.
#[derive(uniffi::Record)]
pub struct Basis {
    /// The number of files that were searched.
    pub used_files: i64,
    /// The number of files that were rejected.
    pub rejected_files: i64,
    /// The number of files that a store has not searched for its newest sightings.
    pub outdated_files: i64,
    /// The number of files of restored backups that a store still waits for.
    pub awaited_files: i64,
    /// The number of sightings.
    pub sightings: i64,
    /// The earliest possible time of a sighting. It is missing if no sighting has one.
    pub first_sighting: Option<Timestamp>,
    /// The latest possible time of a sighting. It is missing if no sighting has one.
    pub last_sighting: Option<Timestamp>,
}

impl From<&gaen_app::Basis> for Basis {
    fn from(basis: &gaen_app::Basis) -> Self {
        Self {
            used_files: number(basis.files.used),
            rejected_files: number(basis.files.rejected),
            outdated_files: number(basis.files.outdated),
            awaited_files: number(basis.files.awaited),
            sightings: number(basis.sightings),
            first_sighting: basis.first_sighting.map(Timestamp::of),
            last_sighting: basis.last_sighting.map(Timestamp::of),
        }
    }
}

/// A time near one key, at most half an hour.
#[derive(uniffi::Record)]
pub struct ExposureWindow {
    /// The key that was heard, 16 bytes.
    pub key: Bytes,
    /// When the first beacon was heard.
    pub start: Timestamp,
    /// The name of the report type, after the configuration's mapping, such as `confirmed_test`.
    pub report_type: String,
    /// The name of the infectiousness, after the configuration's mapping: `none`, `standard` or `high`.
    pub infectiousness: String,
    /// The name of the calibration confidence of the first beacon.
    pub calibration_confidence: String,
    /// The scans in the order of time; at least one.
    pub scan_instances: Vec<ScanInstance>,
}

/// A scan that heard one key.
#[derive(uniffi::Record)]
pub struct ScanInstance {
    /// The mean attenuation of the scan's beacons, dB.
    pub typical_attenuation: i32,
    /// The smallest attenuation of the scan's beacons, dB.
    pub min_attenuation: i32,
    /// The time since the scan before, seconds. It is negative if the clock stepped back.
    pub seconds_since_last_scan: i64,
}

impl From<gaen_app::ExposureWindow> for ExposureWindow {
    fn from(window: gaen_app::ExposureWindow) -> Self {
        Self {
            key: Bytes(window.key.key_data.as_bytes().to_vec()),
            start: Timestamp::of(window.start),
            report_type: window.report_type.name().to_owned(),
            infectiousness: window.infectiousness.name().to_owned(),
            calibration_confidence: window.calibration_confidence.name().to_owned(),
            scan_instances: window
                .scan_instances
                .iter()
                .map(|scan| ScanInstance {
                    typical_attenuation: scan.typical_attenuation.into(),
                    min_attenuation: scan.min_attenuation.into(),
                    seconds_since_last_scan: scan.seconds_since_last_scan,
                })
                .collect(),
        }
    }
}

/// The sums of the windows of one UTC day.
#[derive(uniffi::Record)]
pub struct DaySummary {
    /// The UTC day.
    pub date: Day,
    /// The sums of all report types together.
    pub day_total: Totals,
    /// The sums of each report type that occurred, by its name.
    pub by_report_type: HashMap<String, Totals>,
}

/// Sums of windows.
#[derive(uniffi::Record)]
pub struct Totals {
    /// The sum of the windows' scores.
    pub score_sum: f64,
    /// The largest score of a window.
    pub maximum_score: f64,
    /// The sum of the windows' weighted durations.
    pub weighted_duration_sum: f64,
}

impl From<gaen_app::Totals> for Totals {
    fn from(totals: gaen_app::Totals) -> Self {
        let gaen_app::Totals { score_sum, maximum_score, weighted_duration_sum } = totals;
        Self { score_sum, maximum_score, weighted_duration_sum }
    }
}

impl From<DailySummary> for DaySummary {
    fn from(summary: DailySummary) -> Self {
        let by_report_type = summary.by_report_type.into_iter();
        Self {
            date: Day(summary.date.to_string()),
            day_total: summary.day_total.into(),
            by_report_type: by_report_type.map(|(kind, totals)| (kind.name().to_owned(), totals.into())).collect(),
        }
    }
}

/// Whether to notify.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Verdict {
    /// The rule asks for a notification.
    Notify,
    /// Everything was searched and judged, and the rule asks for none.
    DoNotNotify,
    /// No answer is possible. That is not "do not notify".
    NotJudged {
        /// The name of the reason for programs.
        code: String,
        /// The reason in words.
        reason: String,
    },
}

impl From<gaen_app::Verdict> for Verdict {
    fn from(verdict: gaen_app::Verdict) -> Self {
        match verdict {
            gaen_app::Verdict::Notify => Self::Notify,
            gaen_app::Verdict::DoNotNotify => Self::DoNotNotify,
            gaen_app::Verdict::NotJudged(why) => {
                Self::NotJudged { code: why.code().to_owned(), reason: why.to_string() }
            }
        }
    }
}
