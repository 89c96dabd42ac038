//! `gaen store import`.

use std::io::Write;
use std::path::PathBuf;

use gaen::Profile;
use serde::Serialize;

use crate::error::Error;
use crate::output::{self, GOOD, counted, printable};
use crate::read_args::Platform;
use crate::sightings;
use crate::stored::{self, IfMissing};

const EXAMPLES: &str = "\
Examples:
  gaen store import gaen.db heard.jsonl
  gaen store import gaen.db --profile apple-v1 monday.csv tuesday.csv
  gaen store import gaen.db - < heard.jsonl

Sightings are in the form that `gaen match --sightings` reads: `gaen match --help` shows it. The store is made if it is \
missing, of the profile google unless another one is named, and keeps its profile. All sightings are stored, or none.

The same sighting twice is two sightings: a file that is imported again is stored again.";

/// Store sightings
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Args {
    /// The store; it is made if it is missing
    store: PathBuf,

    /// By whose rules the store reads export files [default: google, or that of the store]
    #[arg(long, value_enum)]
    profile: Option<Platform>,

    /// Print JSON
    #[arg(long)]
    json: bool,

    /// Sightings: JSON lines or CSV, `-` for standard input
    #[arg(required = true)]
    sightings: Vec<PathBuf>,
}

#[derive(Serialize)]
struct Document {
    imported: usize,
    sightings: u64,
}

pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    // Before a store is made for them.
    let sightings = sightings::read(&args.sightings)?;
    let mut store = stored::open(&args.store, args.profile.map(Profile::from), IfMissing::Make)?;
    store.insert(&sightings)?;
    let document = Document { imported: sightings.len(), sightings: store.counts()?.sightings };
    if args.json {
        return output::json(out, &document);
    }
    let path = args.store.to_string_lossy();
    let (imported, all) = (counted(document.imported, "sighting"), counted(document.sightings, "sighting"));
    writeln!(out, "{GOOD}imported{GOOD:#} {imported}; {} has {all}", printable(&path))?;
    Ok(())
}
