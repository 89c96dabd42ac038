//! The configurations that exposure windows are judged by.

use std::path::PathBuf;

use clap::Args;
use gaen::Profile;
use gaen::cocoa::read_configuration;
use gaen::exposure::Preset;
use gaen_report::judge::Named;

use crate::args;
use crate::configuration::read_file;
use crate::error::Error;
use crate::read_args::Platform;

/// Which configurations, and by whose profile.
#[derive(Debug, Args)]
pub(crate) struct JudgedBy {
    /// A built-in configuration; may be repeated
    #[arg(long, value_parser = args::preset())]
    preset: Vec<Preset>,

    /// A configuration in JSON, in the form of any app that is known; may be repeated. See `gaen exposures --help`
    #[arg(long, value_name = "FILE")]
    config: Vec<PathBuf>,

    /// Whose rules make daily summaries [default: those of the preset's platform; for --config, google]
    #[arg(long, value_enum)]
    profile: Option<Platform>,
}

impl JudgedBy {
    /// The configurations: the presets first, then the files.
    pub(crate) fn read(&self) -> Result<Vec<Named>, Error> {
        let given = self.profile.map(Profile::from);
        let presets = self.preset.iter().map(|preset| Ok(Named::preset(*preset, given)));
        let files = self.config.iter().map(|path| {
            let profile = given.unwrap_or_default();
            let configuration = read_file(path, |document| read_configuration(document, profile))?;
            Ok(Named { name: path.display().to_string(), place: None, profile, configuration })
        });
        presets.chain(files).collect()
    }

    /// The same; one at least.
    pub(crate) fn read_some(&self) -> Result<Vec<Named>, Error> {
        match self.read()? {
            none if none.is_empty() => Err(Error::Usage("by which rule? Give --preset or --config".to_owned())),
            some => Ok(some),
        }
    }
}
