//! `gaen.Sightings`.

use std::borrow::Cow;

use gaen_app::{Columns, HeardRows};
use pyo3::prelude::*;

use crate::arrow;
use crate::buffer::Column;
use crate::error::{error, raise};

/// What a device has heard, ready to be searched for.
///
/// It may be used from any thread, and never changes.
#[pyclass(module = "gaen", frozen)]
pub(crate) struct Sightings {
    pub(crate) inner: gaen_app::Sightings,
}

/// Arranges rows without the interpreter.
fn arranged(py: Python<'_>, rows: HeardRows) -> PyResult<Sightings> {
    let inner = py.detach(|| gaen_app::Sightings::from_heard(rows)).map_err(raise)?;
    Ok(Sightings { inner })
}

#[pymethods]
impl Sightings {
    /// Reads one value for each sighting from each column: objects with the buffer protocol, such as arrays of numpy.
    ///
    /// - rpi: the identifiers, 16 bytes each: shape (n, 16) or (16 n,) of bytes, or items of 16 bytes
    /// - aem: the encrypted metadata, 4 bytes each, zero where there were fewer: shape (n, 4) or (4 n,)
    /// - aem_lengths: the true numbers of bytes of the metadata, shape (n,); None if all have four
    /// - rssi: signal strengths in dBm, shape (n,)
    /// - time: when they were heard, Unix seconds, shape (n,)
    /// - previous_scan: when the device had scanned before, Unix seconds, -1 where it is not known, shape (n,); None if it
    ///   is never known: then each scan counts 120 s, and a verdict may differ
    ///
    /// Whole numbers of any width are taken, in the order of bytes of this machine, without gaps. Raises gaen.Error with
    /// the codes column_format, column_length, row, no_rows and too_many_rows.
    #[staticmethod]
    #[pyo3(signature = (*, rpi, aem, aem_lengths, rssi, time, previous_scan))]
    fn from_columns(
        py: Python<'_>,
        rpi: &Bound<'_, PyAny>,
        aem: &Bound<'_, PyAny>,
        aem_lengths: Option<&Bound<'_, PyAny>>,
        rssi: &Bound<'_, PyAny>,
        time: &Bound<'_, PyAny>,
        previous_scan: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let (rpi, aem) = (Column::open("rpi", rpi)?, Column::open("aem", aem)?);
        let (rssi, time) = (Column::open("rssi", rssi)?, Column::open("time", time)?);
        let aem_lengths = aem_lengths.map(|object| Column::open("aem_lengths", object)).transpose()?;
        let previous_scan = previous_scan.map(|object| Column::open("previous_scan", object)).transpose()?;

        let (identifiers, metadata) = (rpi.bytes(py, 16)?, aem.bytes(py, 4)?);
        let lengths: Option<Cow<'_, [u8]>> = aem_lengths.as_ref().map(|column| column.numbers(py)).transpose()?;
        let (rssi, times): (Cow<'_, [i8]>, Cow<'_, [i64]>) = (rssi.numbers(py)?, time.numbers(py)?);
        let scans: Option<Cow<'_, [i64]>> = previous_scan.as_ref().map(|column| column.numbers(py)).transpose()?;
        for (name, rows) in [
            ("rpi", identifiers.len() / 16),
            ("aem", metadata.len() / 4),
            ("aem_lengths", lengths.as_ref().map_or(times.len(), |column| column.len())),
            ("rssi", rssi.len()),
            ("previous_scan", scans.as_ref().map_or(times.len(), |column| column.len())),
        ] {
            if rows != times.len() {
                let text = format!("the column {name} has {rows} rows, and the column time has {}", times.len());
                return Err(error("column_length", text));
            }
        }
        let mut rows = HeardRows::default();
        let columns = Columns {
            identifiers,
            metadata,
            metadata_lengths: lengths.as_deref(),
            rssi: &rssi,
            times: &times,
            previous_scans: scans.as_deref(),
        };
        rows.add_columns(&columns).map_err(raise)?;
        arranged(py, rows)
    }

    /// Reads a table: any object with __arrow_c_stream__, such as a table or data frame of pyarrow, polars, pandas or duckdb.
    ///
    /// | column | type | what |
    /// |---|---|---|
    /// | rpi | binary | the identifier, 16 bytes |
    /// | aem | binary | the encrypted metadata, as many bytes as were heard |
    /// | rssi | whole number | signal strength, dBm |
    /// | time | whole number of Unix seconds, or timestamp with a time zone | when it was heard |
    /// | previous_scan | the same, or null | when the device had scanned before; null where it is not known |
    ///
    /// Other columns are passed over. If there is no column previous_scan, say without_previous_scan=True: then each scan
    /// counts 120 s, and a verdict may differ. Raises gaen.Error with the codes no_stream, stream, column_missing,
    /// column_type, column_null, row, no_rows and too_many_rows.
    #[staticmethod]
    #[pyo3(signature = (table, *, without_previous_scan = false))]
    fn from_arrow(table: &Bound<'_, PyAny>, without_previous_scan: bool) -> PyResult<Self> {
        arranged(table.py(), arrow::sightings(table, without_previous_scan)?)
    }

    /// Reads packed rows of 40 bytes: the identifier (16), the metadata (4), their true length (1), the signal strength in
    /// dBm (1, signed), zero (2), the time and the time of the scan before (8 each, signed, little-endian, Unix seconds; -1
    /// for a scan before that is not known).
    ///
    /// Raises gaen.Error with the codes column_format, row_length, row, no_rows and too_many_rows.
    #[staticmethod]
    #[pyo3(signature = (rows, /))]
    fn from_rows(rows: &Bound<'_, PyAny>) -> PyResult<Self> {
        let (py, buffer) = (rows.py(), Column::open("rows", rows)?);
        let mut heard = HeardRows::default();
        heard.add_rows(buffer.bytes(py, gaen_app::ROW_BYTES).or_else(|_| buffer.bytes(py, 1))?).map_err(raise)?;
        arranged(py, heard)
    }

    /// What a device has that heard nobody. A search for it ends in the verdict not_judged.
    ///
    /// It has a name of its own, because empty columns are nearly always a mistake.
    #[staticmethod]
    fn none() -> PyResult<Self> {
        Ok(Self { inner: gaen_app::Sightings::none().map_err(raise)? })
    }

    /// The number of sightings.
    fn __len__(&self) -> usize {
        self.inner.len()
    }

    fn __repr__(&self) -> String {
        format!("<gaen.Sightings: {}>", self.inner.len())
    }
}
