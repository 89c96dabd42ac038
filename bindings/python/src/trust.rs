//! `gaen.TrustedKeys`.

use std::path::PathBuf;

use gaen_app::Authenticity;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::error::raise;
use crate::files;

/// Public keys of health authorities.
#[pyclass(module = "gaen", frozen)]
pub(crate) struct TrustedKeys {
    inner: gaen_app::TrustedKeys,
}

#[cfg(feature = "store")]
impl TrustedKeys {
    pub(crate) fn inner(&self) -> &gaen_app::TrustedKeys {
        &self.inner
    }
}

#[pymethods]
impl TrustedKeys {
    /// Trusts the key of a public key file, which is PEM, DER, base64 or hexadecimal.
    ///
    /// - public_key: the path of the file, or its content as bytes
    /// - id, version: what signatures call the key, such as "440" and "v1"; both may be empty
    ///
    /// Raises gaen.Error with the code public_key, or OSError.
    #[new]
    #[pyo3(signature = (public_key, id = "", version = ""))]
    fn new(public_key: &Bound<'_, PyAny>, id: &str, version: &str) -> PyResult<Self> {
        let inner = gaen_app::TrustedKeys::new(&files::content(public_key)?, id, version).map_err(raise)?;
        Ok(Self { inner })
    }

    /// These keys, or another one that is enough alone.
    ///
    /// Raises gaen.Error with the code public_key, or OSError.
    #[pyo3(signature = (public_key, id = "", version = ""))]
    fn or_key(&self, public_key: &Bound<'_, PyAny>, id: &str, version: &str) -> PyResult<Self> {
        let inner = self.inner.clone().or(&files::content(public_key)?, id, version).map_err(raise)?;
        Ok(Self { inner })
    }

    /// These keys, where another one must have signed too, together with the key that was added last.
    ///
    /// Raises gaen.Error with the code public_key, or OSError.
    #[pyo3(signature = (public_key, id = "", version = ""))]
    fn and_key(&self, public_key: &Bound<'_, PyAny>, id: &str, version: &str) -> PyResult<Self> {
        let inner = self.inner.clone().and(&files::content(public_key)?, id, version).map_err(raise)?;
        Ok(Self { inner })
    }

    /// These keys, with signatures of 64 raw bytes too, which the format forbids. Some test servers write them.
    fn accept_raw_signatures(&self) -> Self {
        Self { inner: self.inner.clone().accept_raw_signatures() }
    }
}

/// Whom a search believes: trusted keys, or the word `unverified`.
pub(crate) fn authenticity(trust: &Bound<'_, PyAny>) -> PyResult<Authenticity> {
    if let Ok(keys) = trust.cast::<TrustedKeys>() {
        return Ok(Authenticity::VerifiedBy(keys.get().inner.clone()));
    }
    match trust.extract::<PathBuf>() {
        Ok(word) if word.as_os_str() == "unverified" => Ok(Authenticity::Unverified),
        _ => Err(PyTypeError::new_err(format!("trust is gaen.TrustedKeys or \"unverified\", not {}", trust.repr()?))),
    }
}
