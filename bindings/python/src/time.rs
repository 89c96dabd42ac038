//! Moments.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::error::error;

/// Unix seconds: a whole number of them, or a `datetime` with a time zone.
pub(crate) fn unix_seconds(moment: &Bound<'_, PyAny>) -> PyResult<u64> {
    if let Ok(seconds) = moment.extract::<i64>() {
        return u64::try_from(seconds).map_err(|_| error("time", format!("{seconds} is before 1970")));
    }
    let has_zone = moment.hasattr("timestamp")? && moment.hasattr("tzinfo")? && !moment.getattr("tzinfo")?.is_none();
    if !has_zone {
        let text = format!("a moment is Unix seconds or a datetime with a time zone, not {}", moment.repr()?);
        return Err(PyTypeError::new_err(text));
    }
    let floor = moment.py().import("math")?.getattr("floor")?;
    unix_seconds(&floor.call1((moment.call_method0("timestamp")?,))?)
}
