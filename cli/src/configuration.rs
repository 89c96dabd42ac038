//! What a health authority configures, as it is named on the command line.

use std::fs;
use std::path::{Path, PathBuf};

use gaen::Profile;
use gaen::exposure::{Configuration, DailyRule, DecisionRule, VendorConfiguration};
use serde::de::DeserializeOwned;

use crate::error::Error;

/// Where the configuration is.
#[derive(Debug, clap::Args)]
pub(crate) struct ConfigArgs {
    /// A configuration: JSON with the blocks of both vendors side by side, as COCOA's app had it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// The rule that says which days notify: JSON as COCOA's app had it [default: any day with a score]
    #[arg(long, value_name = "FILE")]
    rule: Option<PathBuf>,
}

impl ConfigArgs {
    /// The configuration that this profile reads; nothing when none was given.
    pub(crate) fn read(&self, profile: Profile) -> Result<Option<Configuration>, Error> {
        let rule = self.rule.as_deref().map(json::<DailyRule>).transpose()?;
        let configuration = match &self.config {
            Some(path) => {
                let of_profile = json::<VendorConfiguration>(path)?.configuration(profile);
                Some(of_profile.map_err(|error| Error::Input(format!("{}: {error}", path.display())))?)
            }
            None => rule.is_some().then(Configuration::default),
        };
        Ok(configuration.map(|configuration| match rule {
            Some(rule) => Configuration { rule: DecisionRule::Daily(rule), ..configuration },
            None => configuration,
        }))
    }
}

/// What a file of JSON says.
fn json<T: DeserializeOwned>(path: &Path) -> Result<T, Error> {
    let text = fs::read(path).map_err(|error| Error::file(path, &error))?;
    let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&text);
    serde_json::from_slice(text).map_err(|error| Error::Input(format!("{}: {error}", path.display())))
}
