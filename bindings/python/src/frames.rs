//! `gaen.HeardFrame`.

use gaen_app::{Heard, NO_PREVIOUS_SCAN};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::buffer::copied;
use crate::error::{error, raise};
use crate::time::unix_seconds;

/// What a scanner keeps of an advertisement.
#[pyclass(module = "gaen", frozen)]
pub(crate) struct HeardFrame {
    inner: Heard,
}

#[pymethods]
impl HeardFrame {
    /// Finds the service data of UUID 0xFD6F in the bytes of an advertisement.
    ///
    /// Raises gaen.Error with the code frame if there is none, or one that is too short for an identifier.
    #[new]
    #[pyo3(signature = (advertisement, /))]
    fn new(advertisement: &Bound<'_, PyAny>) -> PyResult<Self> {
        let bytes = copied(advertisement)
            .unwrap_or_else(|| Err(error("column_format", format!("{} has no buffer", advertisement.get_type()))))?;
        Ok(Self { inner: Heard::read(&bytes).map_err(raise)? })
    }

    /// The identifier, 16 bytes.
    #[getter]
    fn rpi<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.inner.identifier)
    }

    /// The encrypted metadata, 4 bytes. Where there were fewer, the rest is zero.
    #[getter]
    fn aem<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.inner.metadata)
    }

    /// The true number of bytes of the metadata. It is four in a well-formed frame.
    #[getter]
    fn aem_length(&self) -> u8 {
        self.inner.metadata_length
    }

    /// The packed row of this sighting, 40 bytes for Sightings.from_rows.
    ///
    /// - rssi: signal strength, dBm
    /// - time, previous_scan: when it was heard and when the device had scanned before, Unix seconds or datetimes with a
    ///   time zone; None for a scan before that is not known
    fn row<'py>(
        &self,
        rssi: i8,
        time: &Bound<'py, PyAny>,
        previous_scan: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let signed = |moment| Ok::<_, PyErr>(i64::try_from(unix_seconds(moment)?).unwrap_or(i64::MAX));
        let previous = previous_scan.map_or(Ok(NO_PREVIOUS_SCAN), signed)?;
        Ok(PyBytes::new(time.py(), &self.inner.row(rssi, signed(time)?, previous)))
    }
}
