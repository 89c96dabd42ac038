//! The configuration that exposures are judged by.

use std::sync::Arc;

use crate::error::GaenError;
use crate::rules::Profile;

/// The configuration of an app.
#[derive(Debug, uniffi::Object)]
pub struct AppConfiguration {
    pub(crate) inner: gaen_app::AppConfiguration,
}

#[uniffi::export]
impl AppConfiguration {
    /// Reads a file of an app's server. `name` is what documents call the configuration.
    ///
    /// Fails with `configuration`, and says which forms are read and what was found instead.
    #[uniffi::constructor]
    pub fn from_json(name: String, file: Vec<u8>, profile: Profile) -> Result<Arc<Self>, GaenError> {
        let inner = gaen_app::AppConfiguration::from_json(name, &file, profile.into())?;
        Ok(Arc::new(Self { inner }))
    }

    /// Takes the configuration of a known app, such as `cocoa-v2` or `cwa-android`.
    ///
    /// Fails with `unknown_preset`, and lists the names that there are.
    #[uniffi::constructor]
    pub fn preset(name: String, profile: Profile) -> Result<Arc<Self>, GaenError> {
        let inner = gaen_app::AppConfiguration::preset(&name, profile.into())?;
        Ok(Arc::new(Self { inner }))
    }

    /// Returns what documents call the configuration.
    pub fn name(&self) -> String {
        self.inner.name().to_owned()
    }
}
