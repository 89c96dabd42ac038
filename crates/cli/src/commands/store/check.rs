//! `gaen store check`.

use std::io::Write;
use std::path::PathBuf;

use gaen_report::text::style::{BAD, GOOD};
use gaen_report::text::{counted, printable};
use serde::Serialize;

use crate::error::Error;
use crate::{output, stored};

const EXAMPLES: &str = "\
Examples:
  gaen store check gaen.db
  gaen store check gaen.db --json

check reads every page and every index. If it finds a problem, the exit code is 1.";

/// Look for damage
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Args {
    /// The store
    store: PathBuf,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Document {
    problems: Vec<String>,
}

pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    let document = Document { problems: stored::open_existing(&args.store)?.check()? };
    if args.json {
        output::json(out, &document)?;
    } else {
        for problem in &document.problems {
            writeln!(out, "{BAD}damaged{BAD:#} {}", printable(problem))?;
        }
        if document.problems.is_empty() {
            writeln!(out, "{GOOD}sound{GOOD:#}  {}", printable(&args.store.to_string_lossy()))?;
        }
    }
    match document.problems.len() {
        0 => Ok(()),
        problems => Err(Error::Input(format!("{} in {}", counted(problems, "problem"), args.store.display()))),
    }
}
