//! `gaen completions`.

use std::io::Write;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::error::Error;

const EXAMPLES: &str = "\
Examples:
  gaen completions bash > ~/.local/share/bash-completion/completions/gaen
  gaen completions zsh > ~/.zfunc/_gaen
  gaen completions fish > ~/.config/fish/completions/gaen.fish";

/// Print a script with which a shell completes commands and options of gaen
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    // The generator panics when its writer fails, so it writes into memory.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut crate::args::Args::command(), "gaen", &mut script);
    out.write_all(&script)?;
    Ok(())
}
