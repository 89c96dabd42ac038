//! The command line: the list of commands, and the options that several of them share.

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use gaen::Profile;
use gaen::export::{ContainerRule, ReadOptions};

use crate::commands::{completions, derive, export, frame, inspect, keygen, matching, self_test, verify};

/// Tools for Exposure Notification (GAEN v1.2): match, verify, inspect and write diagnosis-key export files.
#[derive(Debug, Parser)]
#[command(name = "gaen", version, max_term_width = 100)]
#[command(after_help = "Exit codes: 0 done, 1 something was wrong with the input, 2 wrong usage.")]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Match(matching::Args),
    Inspect(inspect::Args),
    Verify(verify::Args),
    Derive(derive::Args),
    Export(export::Args),
    Keygen(keygen::Args),
    Frame(frame::Args),
    SelfTest(self_test::Args),
    Completions(completions::Args),
}

/// How export files are read.
#[derive(Debug, ClapArgs)]
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
