//! `gaen store check`.

use std::io::{self, Write};
use std::path::PathBuf;

use gaen_report::document::Document;
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
struct CheckDocument {
    problems: Vec<String>,
    #[serde(skip)]
    store: String,
}

pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    let problems = stored::open_existing(&args.store)?.check()?;
    let document = CheckDocument { problems, store: args.store.to_string_lossy().into_owned() };
    output::document(out, &document, args.json)?;
    match document.problems.len() {
        0 => Ok(()),
        problems => Err(Error::Input(format!("{} in {}", counted(problems, "problem"), args.store.display()))),
    }
}

impl Document for CheckDocument {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.problems.is_empty() {
            return writeln!(out, "{GOOD}sound{GOOD:#}  {}", printable(&self.store));
        }
        self.problems.iter().try_for_each(|problem| writeln!(out, "{BAD}damaged{BAD:#} {}", printable(problem)))
    }
}
