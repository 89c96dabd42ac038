//! The configuration that exposures are judged by.

use std::fmt;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use gaen::Profile;
use gaen::cocoa::{Preset, read_configuration, read_risk_rule};
use gaen::exposure::{Configuration, DecisionRule, RiskConfiguration};

use crate::error::Error;
use crate::files;

/// Which configuration. Without one it is Google's default.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct ConfigArgs {
    /// A configuration in JSON: COCOA's of either version, or another app's. See `gaen exposures --help`
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// A built-in configuration
    #[arg(long, conflicts_with = "config")]
    preset: Option<PresetName>,

    /// The rule that decides whether to notify, in COCOA's JSON [default: the configuration's]
    #[arg(long, value_name = "FILE")]
    rule: Option<PathBuf>,
}

/// The presets by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PresetName {
    /// Google's defaults; any score notifies
    Google,
    /// Apple's defaults; any score notifies
    Apple,
    /// COCOA 1.0.0 to 1.1.2
    #[value(name = "cocoa-v1.0.0")]
    CocoaV1_0_0,
    /// COCOA 1.1.3
    #[value(name = "cocoa-v1.1.3")]
    CocoaV1_1_3,
    /// COCOA 1.1.4 to 1.4.1
    #[value(name = "cocoa-v1.1.4")]
    CocoaV1_1_4,
    /// COCOA's server file of 2022 for 1.x
    #[value(name = "cocoa-v1-2022")]
    CocoaV1Server2022,
    /// COCOA 2.0.0 and later
    CocoaV2,
}

impl PresetName {
    pub(crate) fn configuration(self, profile: Profile) -> Configuration {
        let preset = match self {
            Self::Google => return Configuration::default(),
            Self::Apple => return Configuration { risk: RiskConfiguration::apple(), ..Configuration::default() },
            Self::CocoaV1_0_0 => Preset::V1_0_0,
            Self::CocoaV1_1_3 => Preset::V1_1_3,
            Self::CocoaV1_1_4 => Preset::V1_1_4,
            Self::CocoaV1Server2022 => Preset::V1Server2022,
            Self::CocoaV2 => Preset::V2,
        };
        preset.configuration(profile)
    }
}

/// Its name on the command line.
impl fmt::Display for PresetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value();
        f.write_str(value.as_ref().map_or("", |value| value.get_name()))
    }
}

impl ConfigArgs {
    /// The configuration that this profile reads.
    pub(crate) fn read(&self, profile: Profile) -> Result<Configuration, Error> {
        let configuration = match (&self.config, self.preset) {
            (Some(path), _) => read_file(path, |document| read_configuration(document, profile))?,
            (None, Some(preset)) => preset.configuration(profile),
            (None, None) => Configuration::default(),
        };
        match &self.rule {
            Some(path) => {
                let rule = DecisionRule::Daily(read_file(path, read_risk_rule)?);
                Ok(Configuration { rule, ..configuration })
            }
            None => Ok(configuration),
        }
    }

    /// The same but for what is given here. Another configuration brings its own rule.
    pub(crate) fn with(&self, config: Option<PathBuf>, preset: Option<PresetName>, rule: Option<PathBuf>) -> Self {
        match (config, preset) {
            (None, None) => Self { rule: rule.or_else(|| self.rule.clone()), ..self.clone() },
            (config, preset) => Self { config, preset, rule },
        }
    }

    /// What to call it.
    pub(crate) fn name(&self) -> String {
        match (&self.config, self.preset) {
            (Some(path), _) => path.display().to_string(),
            (None, Some(preset)) => preset.to_string(),
            (None, None) => PresetName::Google.to_string(),
        }
    }

    /// The name of a configuration that is built in; nothing for a file's.
    pub(crate) fn built_in(&self) -> Option<String> {
        self.config.is_none().then(|| self.name())
    }

    /// The same, or nothing when no configuration and no rule was named.
    pub(crate) fn read_given(&self, profile: Profile) -> Result<Option<Configuration>, Error> {
        let given = self.config.is_some() || self.preset.is_some() || self.rule.is_some();
        if given { self.read(profile).map(Some) } else { Ok(None) }
    }
}

/// What a file says, or an error with its name.
fn read_file<T, E: fmt::Display>(path: &Path, read: impl FnOnce(&[u8]) -> Result<T, E>) -> Result<T, Error> {
    let document = files::document(path)?;
    read(&document).map_err(|error| Error::Input(format!("{}: {error}", path.display())))
}
