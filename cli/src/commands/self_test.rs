//! `gaen self-test`.

use std::io::Write;

use crate::error::Error;
use crate::output::GOOD;

/// Check that this build derives and verifies as the specification's known answers say
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  gaen self-test")]
pub(crate) struct Args {}

pub(crate) fn run(_: &Args, out: &mut dyn Write) -> Result<(), Error> {
    gaen::self_test().map_err(|error| Error::Input(error.to_string()))?;
    writeln!(out, "gaen {}  {GOOD}ok{GOOD:#}", env!("CARGO_PKG_VERSION"))?;
    Ok(())
}
