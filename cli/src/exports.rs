//! Reading export files one by one: a file that fails says why, and contributes nothing.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;

use gaen::export::{
    ExportError, HEADER, ReadOptions, SkipReason, TemporaryExposureKeyExport, Trust, UnverifiedExport,
    export_bin_sha256,
};
use gaen::{Reason, Tally};
use serde::Serialize;

use crate::error::Error;
use crate::hex;
use crate::output::counted;

/// What became of a file.
#[derive(Debug, Serialize)]
pub(crate) struct FileOutcome {
    pub(crate) path: String,
    pub(crate) export_sha256: Option<String>,
    pub(crate) status: Status,
    pub(crate) verified_by: Vec<String>,
    pub(crate) keys: usize,
    pub(crate) revised_keys: usize,
    pub(crate) skipped_keys: Tally<SkipReason>,
    pub(crate) error: Option<String>,
    pub(crate) error_code: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    Verified,
    Unverified,
    Rejected,
}

/// Why a file is rejected: a message, and a name that does not change.
pub(crate) struct Problem {
    pub(crate) message: String,
    pub(crate) code: &'static str,
}

impl From<ExportError> for Problem {
    fn from(error: ExportError) -> Self {
        Self { message: error.to_string(), code: error.code() }
    }
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        Self { message: error.to_string(), code: "unreadable_file" }
    }
}

/// Reads a file. `trust` is `None` where the user has chosen not to verify; then a bare export.bin will do as well.
pub(crate) fn read(
    path: &Path,
    options: &ReadOptions,
    trust: Option<&Trust>,
) -> (FileOutcome, Option<TemporaryExposureKeyExport>) {
    let mut outcome = FileOutcome {
        path: path.to_string_lossy().into_owned(),
        export_sha256: None,
        status: Status::Rejected,
        verified_by: Vec::new(),
        keys: 0,
        revised_keys: 0,
        skipped_keys: Tally::new(),
        error: None,
        error_code: None,
    };
    match contents(path, options, trust, &mut outcome) {
        Ok(contents) => {
            outcome.status = if trust.is_some() { Status::Verified } else { Status::Unverified };
            outcome.keys = contents.keys.len();
            outcome.revised_keys = contents.revised_keys.len();
            outcome.skipped_keys = contents.skipped.clone();
            (outcome, Some(contents))
        }
        Err(problem) => {
            outcome.error = Some(problem.message);
            outcome.error_code = Some(problem.code);
            (outcome, None)
        }
    }
}

fn contents(
    path: &Path,
    options: &ReadOptions,
    trust: Option<&Trust>,
    outcome: &mut FileOutcome,
) -> Result<TemporaryExposureKeyExport, Problem> {
    let file = bytes(path, options)?;
    let opened = match trust {
        Some(_) => UnverifiedExport::from_zip(&file, options),
        None => open_any(&file, options),
    };
    let export = opened.inspect_err(|_| {
        // The file cannot be opened; if it has an export.bin all the same, its hash tells which it is.
        outcome.export_sha256 = export_bin_sha256(Cursor::new(&file), options).map(|sha256| hex::encode(&sha256));
    })?;
    outcome.export_sha256 = Some(hex::encode(&export.export_sha256()));
    let Some(trust) = trust else {
        return Ok(export.read_without_verifying()?);
    };
    let verified = export.verify(trust)?;
    outcome.verified_by = verified.verified_by().to_vec();
    Ok(verified.into_contents())
}

/// Opens a zip or a bare export.bin.
pub(crate) fn open_any(file: &[u8], options: &ReadOptions) -> Result<UnverifiedExport, ExportError> {
    if file.starts_with(HEADER) {
        UnverifiedExport::from_parts(file.to_vec(), Vec::new(), options)
    } else {
        UnverifiedExport::from_zip(file, options)
    }
}

/// The bytes of a file, unless they are more than the limit allows.
pub(crate) fn bytes(path: &Path, options: &ReadOptions) -> Result<Vec<u8>, Problem> {
    let limit = options.limits.file_bytes;
    let file = File::open(path)?;
    let found = file.metadata()?.len();
    if found > limit {
        return Err(ExportError::FileTooLarge { found, limit }.into());
    }
    // A pipe does not say how long it is.
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Ends the command with exit code 1 if any file was rejected.
pub(crate) fn fail_if_rejected(rejected: usize, files: usize) -> Result<(), Error> {
    match rejected {
        0 => Ok(()),
        _ => Err(Error::Input(format!("{rejected} of {} rejected", counted(files, "file")))),
    }
}

/// Why keys were skipped, in words.
pub(crate) fn skip_reason(reason: SkipReason) -> &'static str {
    match reason {
        SkipReason::KeyDataLength => "key_data is not 16 bytes",
        SkipReason::RollingStartMissing => "no rolling_start_interval_number",
        SkipReason::RollingStartNegative => "rolling_start_interval_number is negative",
        SkipReason::RollingPeriodNegative => "rolling_period is negative",
        SkipReason::RollingPeriodZero => "rolling_period is 0 (Google's profile skips such keys)",
        SkipReason::RollingPeriodTooLong => "rolling_period is over 144",
        other => other.name(),
    }
}
