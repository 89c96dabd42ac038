//! `gaen store import`.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::ArgGroup;
use gaen::Profile;
use gaen::store::{Imported, StoreLimits};
use gaen_report::document::Document;
use gaen_report::text::style::GOOD;
use gaen_report::text::{counted, printable};
use serde::Serialize;

use crate::error::Error;
use crate::inputs::{self, MostSightings};
use crate::output;
use crate::read_args::Platform;
use crate::store_search::IfMissing;
use crate::stored;

const EXAMPLES: &str = "\
Examples:
  gaen store import gaen.db heard.jsonl
  gaen store import gaen.db --profile apple-v1 monday.csv tuesday.csv
  gaen store import gaen.db - < heard.jsonl
  gaen store import gaen.db --microg exposure.db
  gaen store import gaen.db --ramble RaMBLE_playstore_v40.sqlite
  gaen store import gaen.db --google app_contact-tracing-contact-record-db

Sightings have the form that `gaen match --sightings` reads: see `gaen match --help`. A missing store is made, with \
the profile google unless you name another, and keeps that profile. Either all sightings are stored, or none.

The same sighting twice is two sightings: importing a file of sightings again stores them again. From a database of \
microG, RaMBLE or Google's framework, only sightings that the store does not have are added: import it as often as \
you like. Leave an exposure.db-wal beside microG's exposure.db: it holds the latest sightings.";

/// Store sightings
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
// By itself clap puts what is required of the group before the store.
#[command(
    override_usage = "gaen store import [OPTIONS] <STORE> <SIGHTINGS...|--microg <FILE>|--ramble <FILE>|--google <FOLDER>>"
)]
#[command(group(ArgGroup::new("source").args(["sightings", "microg", "ramble", "google"]).required(true)))]
pub(super) struct Args {
    /// The store; a missing one is made
    store: PathBuf,

    /// The sightings of microG: its exposure.db
    #[arg(long, value_name = "FILE")]
    microg: Option<PathBuf>,

    /// The sightings of RaMBLE: a database that it exported
    #[arg(long, value_name = "FILE")]
    ramble: Option<PathBuf>,

    /// The sightings of Google's framework: its LevelDB folder, app_contact-tracing-contact-record-db
    #[arg(long, value_name = "FOLDER")]
    google: Option<PathBuf>,

    /// Whose rules the store follows [default: google, or the store's]
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
struct ImportDocument {
    #[serde(flatten)]
    imported: Imported,
    sightings: u64,
    #[serde(skip)]
    store: String,
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
    let (sightings, store) = (store.counts()?.sightings, args.store.to_string_lossy().into_owned());
    output::document(out, &ImportDocument { imported, sightings, store }, args.json)
}

impl Document for ImportDocument {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let Imported { stored, already_there, repaired, skipped, .. } = &self.imported;
        let (new, all) = (counted(*stored, "sighting"), counted(self.sightings, "sighting"));
        writeln!(out, "{GOOD}imported{GOOD:#} {new}; {} has {all}", printable(&self.store))?;
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
