//! The exception of this package.

use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

static ERROR: PyOnceLock<Py<PyType>> = PyOnceLock::new();

/// The type `gaen.Error`.
pub(crate) fn error_type(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    let made = ERROR.get_or_try_init(py, || {
        let doc = c"An argument that cannot be used.\n\nIts text says what was found, where, and which rule it broke.";
        let base = py.get_type::<PyException>();
        // Its argument for attributes is freed before it is read: PyO3 0.30.1.
        let made = PyErr::new_type(py, c"gaen.Error", Some(doc), Some(&base), None)?;
        made.bind(py).setattr("code", "")?;
        Ok::<_, PyErr>(made)
    })?;
    Ok(made.bind(py))
}

/// A `gaen.Error` with this code and this text.
pub(crate) fn error(code: &str, text: impl Into<String>) -> PyErr {
    Python::attach(|py| {
        let made = || {
            let error = error_type(py)?.call1((text.into(),))?;
            error.setattr("code", code)?;
            Ok(PyErr::from_value(error))
        };
        made().unwrap_or_else(|failure: PyErr| failure)
    })
}

/// The library's error as an exception.
#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
pub(crate) fn raise(failure: gaen_app::Error) -> PyErr {
    error(failure.code(), failure.to_string())
}
