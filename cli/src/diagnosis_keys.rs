//! Diagnosis keys from files, to be exported.

use std::path::Path;

use gaen::{
    DaysSinceOnset, DiagnosisKey, EnIntervalNumber, INTERVALS_PER_DAY, ReportType, RollingPeriod, RollingWindow,
    TransmissionRiskLevel, VariantOfConcern,
};

use crate::error::Error;
use crate::hex;
use crate::records::{self, Cell, MostLines, Record};

/// More than any server publishes, in memory some hundred megabytes.
const MOST: MostLines = MostLines { lines: 2_500_000, hint: "" };

/// All keys of a file.
pub(crate) fn read(path: &Path) -> Result<Vec<DiagnosisKey>, Error> {
    records::read(path, &["rolling_start_interval_number"], MOST, diagnosis_key)
}

fn diagnosis_key(record: &Record<'_>) -> Result<DiagnosisKey, Error> {
    const LAST_START: u32 = i32::MAX.cast_unsigned(); // the format has an int32

    let name = if record.has("key_data") { "key_data" } else { "tek" };
    let key_data = record.required(name, |cell| hex::decode_exactly(cell.text()?))?;
    let start = record.required("rolling_start_interval_number", |cell| cell.number(0..=LAST_START))?;
    let period = record.optional("rolling_period", |cell| {
        RollingPeriod::new(cell.number(1..=INTERVALS_PER_DAY)?).map_err(|error| error.to_string())
    })?;
    let window = RollingWindow::new(EnIntervalNumber::new(start), period.unwrap_or(RollingPeriod::FULL_DAY))
        .map_err(|error| record.fault(&error))?;

    let mut key = DiagnosisKey::new(key_data, window);
    if let Some(level) = record.optional("transmission_risk_level", |cell| cell.number(0..=8))? {
        key.transmission_risk_level = TransmissionRiskLevel::new(level).unwrap_or(TransmissionRiskLevel::UNSET);
    }
    if let Some(report_type) = record.optional("report_type", report_type)? {
        key.report_type = report_type;
    }
    let days = record.optional("days_since_onset_of_symptoms", |cell| cell.number(-14..=14))?;
    key.days_since_onset_of_symptoms = days.and_then(DaysSinceOnset::new);
    if let Some(variant) = record.optional("variant_of_concern", |cell| cell.number(0..=4))? {
        key.variant_of_concern = VariantOfConcern::new(variant).unwrap_or(VariantOfConcern::NONE);
    }
    Ok(key)
}

/// A report type by its number in the format or by its name.
fn report_type(cell: Cell<'_>) -> Result<ReportType, String> {
    if let Ok(number) = cell.number(0..=5) {
        return Ok(ReportType::from_number(number));
    }
    let text = cell.text().ok();
    let known = (0..=5).map(ReportType::from_number);
    known.clone().find(|known| Some(known.name()) == text).ok_or_else(|| {
        let names: Vec<_> = known.map(ReportType::name).collect();
        format!("expected one of {}, or a number from 0 to 5", names.join(", "))
    })
}
