//! From records to rows and back. A row that no record can have been is an error, not a record.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Row, ToSql};

use super::error::StoreError;
use crate::export::FileFacts;
use crate::keys::{
    AssociatedEncryptedMetadata, DaysSinceOnset, DiagnosisKey, KeyData, ReportType, RollingProximityIdentifier,
    TransmissionRiskLevel, VariantOfConcern,
};
use crate::matching::{HeardMetadata, Sighting};
use crate::time::{EnIntervalNumber, RollingPeriod, RollingWindow};

/// The columns of a published key, in the order in which [`key`] reads them.
pub(super) const KEY: &str =
    "key_data, start, period, transmission_risk_level, report_type, days_since_onset, variant_of_concern";

/// The values of those columns.
pub(super) fn key_values(key: &DiagnosisKey) -> [ToSqlOutput<'_>; 7] {
    let number = |number: i64| ToSqlOutput::from(number);
    let days = key.days_since_onset_of_symptoms.map(DaysSinceOnset::as_i8);
    [
        ToSqlOutput::Borrowed(ValueRef::Blob(key.key_data.as_bytes())),
        number(key.window.start().as_u32().into()),
        number(key.window.period().as_u32().into()),
        number(key.transmission_risk_level.as_u8().into()),
        number(key.report_type as i64),
        days.map_or(ToSqlOutput::Borrowed(ValueRef::Null), |days| number(days.into())),
        number(key.variant_of_concern.as_u8().into()),
    ]
}

/// The time window and the region of a file in a row, whose columns begin at `first`.
pub(super) fn facts(row: &Row<'_>, first: usize) -> Result<FileFacts, StoreError> {
    Ok(FileFacts {
        start_timestamp: row.get(first)?,
        end_timestamp: row.get(first.saturating_add(1))?,
        region: row.get(first.saturating_add(2))?,
    })
}

/// The key in a row, whose [columns](KEY) begin at `first`.
pub(super) fn key(table: &str, row: &Row<'_>, first: usize) -> Result<DiagnosisKey, StoreError> {
    let number = |column: usize| -> Result<i32, StoreError> { Ok(row.get(first.saturating_add(column))?) };
    let days: Option<i32> = row.get(first.saturating_add(5))?;
    let out_of_range = |error| StoreError::damaged(table, error);
    let report_type = ReportType::from_number(number(4)?);
    Ok(DiagnosisKey {
        key_data: KeyData::from_bytes(row.get(first)?),
        window: window(table, row.get(first.saturating_add(1))?, row.get(first.saturating_add(2))?)?,
        transmission_risk_level: TransmissionRiskLevel::try_from(number(3)?).map_err(out_of_range)?,
        report_type,
        days_since_onset_of_symptoms: days.map(DaysSinceOnset::try_from).transpose().map_err(out_of_range)?,
        variant_of_concern: VariantOfConcern::try_from(number(6)?).map_err(out_of_range)?,
    })
}

/// The window of this start and period.
pub(super) fn window(table: &str, start: u32, period: u32) -> Result<RollingWindow, StoreError> {
    let period = RollingPeriod::new(period);
    let window = period.and_then(|period| RollingWindow::new(EnIntervalNumber::new(start), period));
    window.map_err(|error| StoreError::damaged(table, error))
}

/// The columns of a sighting, in the order in which [`sighting`] reads them.
pub(super) const SIGHTING: &str = "rpi, aem, rssi, time, previous_scan";

/// The sighting in a row, whose [columns](SIGHTING) begin at `first`.
pub(super) fn sighting(row: &Row<'_>, first: usize) -> Result<Sighting, StoreError> {
    let damaged = |what: &str| StoreError::damaged("sightings", what);
    let aem = match row.get_ref(first.saturating_add(1))? {
        ValueRef::Blob(aem) => {
            let aem = aem.try_into().map_err(|_| damaged("aem is not 4 bytes"))?;
            HeardMetadata::Encrypted(AssociatedEncryptedMetadata::from_bytes(aem))
        }
        ValueRef::Integer(length) => {
            HeardMetadata::WrongLength(length.try_into().map_err(|_| damaged("aem has a negative length"))?)
        }
        _ => return Err(damaged("aem is neither bytes nor a length")),
    };
    Ok(Sighting {
        rpi: RollingProximityIdentifier::from_bytes(row.get(first)?),
        aem,
        rssi: row.get(first.saturating_add(2))?,
        time: row.get(first.saturating_add(3))?,
        previous_scan: row.get(first.saturating_add(4))?,
    })
}

impl ToSql for HeardMetadata {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Encrypted(aem) => ToSqlOutput::Borrowed(ValueRef::Blob(aem.as_bytes())),
            Self::WrongLength(length) => ToSqlOutput::from(i64::try_from(*length).unwrap_or(i64::MAX)),
        })
    }
}

/// Reads every row of a query by `read`.
pub(super) fn all<T>(
    connection: &rusqlite::Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
    mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

#[cfg(feature = "serde")]
pub(super) fn hex<S: serde::Serializer>(bytes: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&base16ct::lower::encode_string(bytes))
}
