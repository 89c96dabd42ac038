//! `gaen store purge`.

use std::io::{self, Write};
use std::path::PathBuf;

use gaen::store::{Purged, StoreError};
use gaen_report::document::Document;
use gaen_report::text::grouped;
use gaen_report::text::style::{BOLD, CAUTION};
use serde::Serialize;

use crate::error::Error;
use crate::{moment, output, stored};

const EXAMPLES: &str = "\
Examples:
  gaen store purge gaen.db --now 2020-09-28
  gaen store purge gaen.db --now $(date +%s) --clock-is-right --json

purge erases what is 14 days old, and overwrites it in the file.

A clock may be wrong if it shows more than two days after the last purge, or more than two days before it. Before \
the first purge, the oldest sighting stands in for the last purge: the clock may be wrong more than two days after \
that sighting was due, or more than two days before it was heard. Then purge erases nothing, and the exit code is 1.

While another process reads the store, copies of what was erased stay in its log. Then purge says so, and the next \
command that opens the store overwrites them.";

/// Erase what is 14 days old, and say what was erased
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Args {
    /// The store
    store: PathBuf,

    /// The time, Unix seconds or ISO 8601
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    now: u64,

    /// Believe --now, however long ago the last purge was
    #[arg(long)]
    clock_is_right: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    let mut store = stored::open_existing(&args.store)?;
    let purged = match args.clock_is_right {
        true => store.purge_by_this_clock(args.now),
        false => store.purge(args.now),
    };
    let purged = purged.map_err(|error| match error {
        StoreError::ClockJumped { .. } => {
            Error::Input(format!("{error}; if --now is right, say so with --clock-is-right"))
        }
        error => error.into(),
    })?;
    output::document(out, &Erased(purged), args.json)
}

/// What a purge has erased.
#[derive(Serialize)]
#[serde(transparent)]
struct Erased(Purged);

impl Document for Erased {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self(purged) = self;
        writeln!(out, "{BOLD}Erased{BOLD:#}")?;
        for (count, what) in [
            (purged.sightings, "sightings"),
            (purged.hits, "of them with an identifier of a published key, once for each"),
            (purged.matched_keys, "published keys of which nothing is left"),
            (purged.revised_keys, "revised keys"),
            (purged.files, "files of the ledger that are no longer offered"),
            (purged.unfinished_searches, "interrupted searches"),
            (purged.own_keys, "own keys"),
        ] {
            writeln!(out, "  {:>10}  {what}", grouped(count))?;
        }
        if purged.sightings_from_the_future > 0 {
            let count = grouped(purged.sightings_from_the_future);
            writeln!(out, "{BOLD}Kept{BOLD:#}\n  {count:>10}  sightings of a later time than --now")?;
        }
        if !purged.is_overwritten {
            writeln!(
                out,
                "{CAUTION}Not overwritten yet{CAUTION:#}: another process is reading the store, and copies of what was erased \
                 are in its log. The next command that opens the store overwrites them."
            )?;
        }
        Ok(())
    }
}
