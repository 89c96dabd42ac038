//! The configuration that exposures are judged by.

use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use gaen::Profile;
use gaen::cocoa::{read_configuration, read_rule};
use gaen::exposure::{Configuration, Preset};
use gaen_report::text::style::DIM;

use crate::args;
use crate::error::Error;
use crate::files;

/// Which configuration. Without one it is Google's default.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct ConfigArgs {
    /// A configuration in JSON: COCOA's of either version, or another app's. See `gaen exposures --help`
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// A built-in configuration
    #[arg(long, value_parser = args::preset(), conflicts_with = "config")]
    preset: Option<Preset>,

    /// The rule that decides whether to notify, in JSON: COCOA's risk rule, or a rule of any app [default: the
    /// configuration's]
    #[arg(long, value_name = "FILE")]
    rule: Option<PathBuf>,
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
                let rule = read_file(path, read_rule)?;
                Ok(Configuration { rule, ..configuration })
            }
            None => Ok(configuration),
        }
    }

    /// Writes what in a preset was guessed, or read and never run.
    pub(crate) fn print_guesses(&self, out: &mut dyn Write) -> Result<(), Error> {
        let notes = self.preset.map(|preset| preset.about().notes).unwrap_or_default();
        notes.iter().try_for_each(|note| writeln!(out, "{DIM}preset: {note}{DIM:#}"))?;
        Ok(())
    }

    /// The same but for what is given here. Another configuration brings its own rule.
    pub(crate) fn with(&self, config: Option<PathBuf>, preset: Option<Preset>, rule: Option<PathBuf>) -> Self {
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
            (None, None) => Preset::Google.to_string(),
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
pub(crate) fn read_file<T, E: fmt::Display>(path: &Path, read: impl FnOnce(&[u8]) -> Result<T, E>) -> Result<T, Error> {
    let document = files::document(path)?;
    read(&document).map_err(|error| Error::Input(format!("{}: {error}", path.display())))
}
