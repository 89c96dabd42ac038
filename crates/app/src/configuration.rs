//! The configuration that exposures are judged by.

use gaen::Profile;
use gaen::cocoa::read_configuration;
use gaen::exposure::{Configuration, Preset};

use crate::error::{Error, ErrorKind};

/// The configuration of an app, by the entrance that `--config` of the command has.
#[derive(Clone, Debug)]
pub struct AppConfiguration {
    name: String,
    configuration: Configuration,
}

impl AppConfiguration {
    /// A configuration that was read or made already. `name` is what documents call it.
    #[must_use]
    pub fn new(name: impl Into<String>, configuration: Configuration) -> Self {
        Self { name: name.into(), configuration }
    }

    /// The configuration of a known app, by the name that `--preset` of the command takes.
    ///
    /// ```
    /// use gaen::Profile;
    /// use gaen_app::AppConfiguration;
    ///
    /// let germany = AppConfiguration::preset("cwa-android", Profile::Google)?;
    /// assert_eq!(germany.name(), "cwa-android");
    /// assert_eq!(AppConfiguration::preset("germany", Profile::Google).unwrap_err().code(), "unknown_preset");
    /// # Ok::<(), gaen_app::Error>(())
    /// ```
    ///
    /// # Errors
    /// `unknown_preset`, with the names that there are.
    pub fn preset(name: &str, profile: Profile) -> Result<Self, Error> {
        let unknown =
            |error: gaen::names::UnknownName| Error::new(ErrorKind::Configuration, "unknown_preset", error.to_string());
        let preset: Preset = name.parse().map_err(unknown)?;
        Ok(Self::new(preset.to_string(), preset.configuration(profile)))
    }

    /// Reads a file of an app's server. `name` is what documents call the configuration.
    ///
    /// # Errors
    /// `configuration`, with the forms that are read and what was found instead.
    pub fn from_json(name: impl Into<String>, file: &[u8], profile: Profile) -> Result<Self, Error> {
        let name = name.into();
        let wrong = |error: gaen::cocoa::DocumentError| {
            Error::new(ErrorKind::Configuration, error.code(), format!("{name}: {error}"))
        };
        let configuration = read_configuration(file, profile).map_err(wrong)?;
        Ok(Self { name, configuration })
    }

    /// What documents call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn as_inner(&self) -> &Configuration {
        &self.configuration
    }
}
