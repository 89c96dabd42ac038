//! `gaen store import`.

use std::io::Write;
use std::path::PathBuf;

use clap::ArgGroup;
use gaen::Profile;
use gaen::store::{Imported, StoreLimits};
use gaen_report::text::{counted, printable};
use serde::Serialize;

use crate::error::Error;
use crate::inputs::{self, MostSightings};
use crate::output::{self, GOOD};
use crate::read_args::Platform;
use crate::stored::{self, IfMissing};

const EXAMPLES: &str = "\
Examples:
  gaen store import gaen.db heard.jsonl
  gaen store import gaen.db --profile apple-v1 monday.csv tuesday.csv
  gaen store import gaen.db - < heard.jsonl
  gaen store import gaen.db --microg exposure.db
  gaen store import gaen.db --ramble RaMBLE_playstore_v40.sqlite
  gaen store import gaen.db --google app_contact-tracing-contact-record-db

Sightings are in the form that `gaen match --sightings` reads: `gaen match --help` shows it. The store is made if it is \
missing, of the profile google unless another one is named, and keeps its profile. All sightings are stored, or none.

The same sighting twice is two sightings: a file of sightings that is imported again is stored again. Of a database of microG, \
RaMBLE or Google's framework only what the store does not have is added: import it as often as you like. If there is an exposure.db-wal \
beside microG's exposure.db, it has to stay there: the latest sightings are in it.";

/// Store sightings
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
// By itself clap puts what is required of the group before the store.
#[command(
    override_usage = "gaen store import [OPTIONS] <STORE> <SIGHTINGS...|--microg <FILE>|--ramble <FILE>|--google <FOLDER>>"
)]
#[command(group(ArgGroup::new("source").args(["sightings", "microg", "ramble", "google"]).required(true)))]
pub(super) struct Args {
    /// The store; it is made if it is missing
    store: PathBuf,

    /// What microG has heard: its exposure.db
    #[arg(long, value_name = "FILE")]
    microg: Option<PathBuf>,

    /// What RaMBLE has heard: a database that it has exported
    #[arg(long, value_name = "FILE")]
    ramble: Option<PathBuf>,

    /// What Google's framework has heard: its LevelDB folder, app_contact-tracing-contact-record-db
    #[arg(long, value_name = "FOLDER")]
    google: Option<PathBuf>,

    /// By whose rules the store reads export files [default: google, or that of the store]
    #[arg(long, value_enum)]
    profile: Option<Platform>,

    #[command(flatten)]
    most: MostSightings,

    /// Print JSON
    #[arg(long)]
    json: bool,

    /// Sightings: JSON lines or CSV, `-` for standard input
    sightings: Vec<PathBuf>,
}

#[derive(Serialize)]
struct Document {
    #[serde(flatten)]
    imported: Imported,
    sightings: u64,
}

pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    // Before a store is made for them.
    if let Some(folder) = args.microg.iter().chain(&args.ramble).chain(&args.sightings).find(|path| path.is_dir()) {
        return Err(Error::Input(format!(
            "{} is a folder: what Google's framework has heard is imported by --google {0}",
            folder.display()
        )));
    }
    let sightings = inputs::sightings(&args.sightings, args.most)?;
    let mut store = stored::open(&args.store, args.profile.map(Profile::from), IfMissing::Make)?;
    let imported = match (&args.microg, &args.ramble, &args.google) {
        (Some(path), ..) => store.import_microg(path, &StoreLimits::default())?,
        (None, Some(path), _) => store.import_ramble(path, &StoreLimits::default())?,
        (None, None, Some(folder)) => store.import_google(folder, &StoreLimits::default())?,
        (None, None, None) => {
            store.insert(&sightings)?;
            let mut imported = Imported::default();
            imported.stored = sightings.len() as u64;
            imported
        }
    };
    let document = Document { imported, sightings: store.counts()?.sightings };
    if args.json { output::json(out, &document) } else { document.print(&args.store.to_string_lossy(), out) }
}

impl Document {
    fn print(&self, store: &str, out: &mut dyn Write) -> Result<(), Error> {
        let Imported { stored, already_there, repaired, skipped, .. } = &self.imported;
        let (new, all) = (counted(*stored, "sighting"), counted(self.sightings, "sighting"));
        writeln!(out, "{GOOD}imported{GOOD:#} {new}; {} has {all}", printable(store))?;
        if *already_there > 0 {
            writeln!(out, "         {} that it had", counted(*already_there, "sighting"))?;
        }
        if *repaired > 0 {
            writeln!(out, "         {} whose wrong signal strength was replaced", counted(*repaired, "row"))?;
        }
        for (reason, count) in skipped.iter() {
            writeln!(out, "         {} skipped: {}", counted(count, "row"), reason.meaning())?;
        }
        Ok(())
    }
}
