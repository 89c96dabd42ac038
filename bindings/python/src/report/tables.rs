//! Tables of matches and windows.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Date32Array, Int64Array, ListArray, StructArray};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{ArrowError, DataType, Field, Fields};
use gaen_app::{ExposureWindow, MatchRecord};
use pyo3::prelude::*;

use crate::error::error;
use crate::table::{Columns, Table};

/// The fields of a scan, in the order of its columns.
const SCAN: [&str; 3] = ["typical_attenuation", "min_attenuation", "seconds_since_last_scan"];

/// The table of `Report.matches`.
pub(super) fn matches(found: &[MatchRecord]) -> PyResult<Table> {
    let mut columns = Columns::default();
    columns.numbers("file", found.iter().map(|found| number(found.file)));
    columns.bytes("key", found.iter().map(|found| &found.key));
    columns.numbers("rolling_start_interval_number", found.iter().map(|found| found.rolling_start_interval_number));
    columns.numbers("rolling_period", found.iter().map(|found| found.rolling_period));
    columns.numbers("interval", found.iter().map(|found| found.interval));
    columns.times("interval_start", found.iter().map(|found| found.interval_start));
    columns.numbers("sighting", found.iter().map(|found| number(found.sighting)));
    columns.times("time", found.iter().map(|found| found.time));
    columns.numbers("rssi", found.iter().map(|found| found.rssi.into()));
    columns.numbers("tx_power", found.iter().map(|found| found.tx_power.into()));
    columns.numbers("attenuation", found.iter().map(|found| found.attenuation.into()));
    columns.table()
}

/// The table of `Assessment.windows`.
pub(super) fn windows(windows: &[ExposureWindow]) -> PyResult<Table> {
    let starts: Vec<_> = windows.iter().map(|window| i64::try_from(window.start).unwrap_or(i64::MAX)).collect();
    let days = windows.iter().map(|window| i32::try_from(window.date().days_since_epoch()).unwrap_or(i32::MAX));
    let mut columns = Columns::default();
    columns.bytes("key", windows.iter().map(|window| window.key.key_data.as_bytes()));
    columns.add("date", Arc::new(Date32Array::from_iter_values(days)));
    columns.times("start", starts.iter().copied());
    columns.numbers("seconds", windows.iter().map(ExposureWindow::seconds));
    columns.names("report_type", windows.iter().map(|window| window.report_type.name()));
    columns.names("infectiousness", windows.iter().map(|window| window.infectiousness.name()));
    columns.names("calibration_confidence", windows.iter().map(|window| window.calibration_confidence.name()));
    let scans = scans(windows).map_err(|failure| error("table", failure.to_string()))?;
    columns.add("scan_instances", Arc::new(scans));
    columns.table()
}

/// The scans of each window: a list of structs of numbers.
fn scans(windows: &[ExposureWindow]) -> Result<ListArray, ArrowError> {
    let scans = || windows.iter().flat_map(|window| &window.scan_instances);
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from_iter_values(scans().map(|scan| scan.typical_attenuation.into()))),
        Arc::new(Int64Array::from_iter_values(scans().map(|scan| scan.min_attenuation.into()))),
        Arc::new(Int64Array::from_iter_values(scans().map(|scan| scan.seconds_since_last_scan))),
    ];
    let fields: Fields = SCAN.map(|name| Field::new(name, DataType::Int64, false)).to_vec().into();
    let scans = StructArray::try_new(fields, columns, None)?;
    let lengths = OffsetBuffer::from_lengths(windows.iter().map(|window| window.scan_instances.len()));
    let item = Field::new_list_field(scans.data_type().clone(), false);
    ListArray::try_new(Arc::new(item), lengths, Arc::new(scans), None)
}

/// A position as a number, which is far below the limit.
fn number(position: usize) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}
