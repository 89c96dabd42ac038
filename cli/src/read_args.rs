//! The options that say how export files are read.

use clap::{Args, ValueEnum};
use gaen::Profile;
use gaen::export::{ContainerRule, ReadOptions};

/// How export files are read.
#[derive(Debug, Args)]
pub(crate) struct ReadArgs {
    /// Whose behaviour to follow where the platforms differ
    #[arg(long, value_enum, default_value_t = Platform::Google)]
    pub(crate) profile: Platform,

    /// Accept zips with other entries beside export.bin and export.sig
    #[arg(long)]
    tolerant: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Platform {
    Google,
    Apple,
}

impl From<Platform> for Profile {
    fn from(platform: Platform) -> Self {
        match platform {
            Platform::Google => Self::Google,
            Platform::Apple => Self::Apple,
        }
    }
}

impl ReadArgs {
    pub(crate) fn options(&self) -> ReadOptions {
        let container = if self.tolerant { ContainerRule::Tolerant } else { ContainerRule::Strict };
        ReadOptions { container, profile: self.profile.into(), ..ReadOptions::default() }
    }
}
