//! `gaen.Configuration`.

use gaen_app::AppConfiguration;
use pyo3::prelude::*;

use crate::error::raise;
use crate::files;
use crate::names::profile;

/// The configuration that exposures are judged by, and the app's rule for a notification.
#[pyclass(module = "gaen", frozen)]
pub(crate) struct Configuration {
    pub(crate) inner: AppConfiguration,
}

#[pymethods]
impl Configuration {
    /// The configuration of a known app, such as "cocoa-v2" or "cwa-android": what --preset of the command takes.
    ///
    /// Raises gaen.Error with the codes unknown_preset, whose text has all names, and profile.
    #[staticmethod]
    #[pyo3(signature = (name, *, profile = "google"))]
    fn preset(name: &str, profile: &str) -> PyResult<Self> {
        Ok(Self { inner: AppConfiguration::preset(name, self::profile(profile)?).map_err(raise)? })
    }

    /// Reads a file of an app's server, in any form that --config of the command takes.
    ///
    /// - file: its path (str or os.PathLike), or its content (bytes)
    /// - name: what documents call it; its path by default
    ///
    /// Raises OSError, and gaen.Error with the codes of configurations and profile.
    #[staticmethod]
    #[pyo3(signature = (file, *, name = None, profile = "google"))]
    fn read(file: &Bound<'_, PyAny>, name: Option<String>, profile: &str) -> PyResult<Self> {
        let name = match name {
            Some(name) => name,
            None => files::name(file, 0)?,
        };
        let inner =
            AppConfiguration::from_json(name, &files::content(file)?, self::profile(profile)?).map_err(raise)?;
        Ok(Self { inner })
    }

    /// What documents call it.
    #[getter]
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn __repr__(&self) -> String {
        format!("<gaen.Configuration: {}>", self.inner.name())
    }
}
