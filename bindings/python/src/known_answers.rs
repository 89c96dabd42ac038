//! Whether this build computes what all phones compute, and what a published key says.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::buffer::exactly;
use crate::error::raise;

/// Computes known answers anew, and counts them by the name of who vouches for them.
///
/// Raises gaen.Error with the code self_test if one is wrong. Such a build must not be used.
#[pyfunction]
pub(crate) fn self_test(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let counted = PyDict::new(py);
    for (by, count) in py.detach(gaen_app::self_test).map_err(raise)? {
        counted.set_item(by, count)?;
    }
    Ok(counted)
}

/// Answers one request of the conformance kit. Request and answer are JSON, a line each.
///
/// Raises gaen.Error with the code request.
#[pyfunction]
#[pyo3(signature = (request, /))]
pub(crate) fn kit_answer(py: Python<'_>, request: &str) -> PyResult<String> {
    py.detach(|| gaen_app::kit_answer(request)).map_err(raise)
}

/// The identifiers of a published key, 16 bytes each, one for each interval from `start` on.
///
/// - key: the key, 16 bytes; do not take a device's own key for it, which never leaves its ring
/// - start: the first interval in which the key is valid
/// - period: the number of intervals in which it is valid, 1 to 144
///
/// Raises gaen.Error with the codes window and length.
#[pyfunction]
#[pyo3(signature = (key, start, period = 144))]
pub(crate) fn published_identifiers<'py>(
    py: Python<'py>,
    key: &Bound<'py, PyAny>,
    start: i64,
    period: i64,
) -> PyResult<Vec<Bound<'py, PyBytes>>> {
    let identifiers = gaen_app::published_identifiers(exactly("key", key)?, start, period).map_err(raise)?;
    Ok(identifiers.as_chunks::<16>().0.iter().map(|identifier| PyBytes::new(py, identifier)).collect())
}

/// The metadata that a device sent with an identifier of its published key, decrypted: version, transmit power in dBm as a
/// signed byte, and two reserved bytes.
///
/// - key, identifier: 16 bytes each
/// - encrypted: 4 bytes
///
/// Raises gaen.Error with the code length.
#[pyfunction]
pub(crate) fn published_metadata<'py>(
    py: Python<'py>,
    key: &Bound<'py, PyAny>,
    identifier: &Bound<'py, PyAny>,
    encrypted: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyBytes>> {
    let (key, identifier) = (exactly("key", key)?, exactly("identifier", identifier)?);
    Ok(PyBytes::new(py, &gaen_app::published_metadata(key, identifier, exactly("encrypted", encrypted)?)))
}
