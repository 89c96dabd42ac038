//! `gaen store`.

mod backup;
mod check;
mod export;
mod import;
mod look;
mod purge;

use std::io::Write;

use clap::Subcommand;

use crate::error::Error;

const EXAMPLES: &str = "\
Examples:
  gaen store import gaen.db heard.jsonl
  gaen match --store gaen.db --trust 440-v1=cocoa.pem 440-*.zip
  gaen exposures --store gaen.db --preset cocoa-v2 --now 2020-09-28
  gaen store look gaen.db
  gaen store purge gaen.db --now 2020-09-28
  gaen store backup gaen.db --recipient age1... -o gaen.age
  gaen store export gaen.db sightings | gaen match --sightings - --trust 440-v1=cocoa.pem 440-*.zip

A store is one SQLite file. It holds what a phone heard, the published keys that it met, and a ledger: which export \
files were searched for which sightings. `match`, `exposures`, `explain`, `compare` and `report` take it by --store. \
A store searches only near each sighting's time: it does not count identifiers heard more than two hours outside \
their interval.

A store is as private as what was heard. Only you can read the file. It is not encrypted.";

/// Keep sightings, results and a ledger of searched files in one file
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Look(look::Args),
    Import(import::Args),
    Export(export::Args),
    Purge(purge::Args),
    Check(check::Args),
    Backup(backup::BackupArgs),
    Restore(backup::RestoreArgs),
}

impl Args {
    /// What the command has done by the time that it prints anything, if it stays done.
    pub(super) fn what_stays(&self) -> Option<&'static str> {
        match &self.command {
            Command::Import(_) => Some("the sightings are in the store"),
            Command::Export(args) => args.what_stays(),
            Command::Purge(_) => Some("what was due is erased"),
            Command::Backup(_) => Some("the backup is written"),
            Command::Restore(_) => Some("the backup is in the store"),
            Command::Look(_) | Command::Check(_) => None,
        }
    }
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    match &args.command {
        Command::Look(args) => look::run(args, out),
        Command::Import(args) => import::run(args, out),
        Command::Export(args) => export::run(args, out),
        Command::Purge(args) => purge::run(args, out),
        Command::Check(args) => check::run(args, out),
        Command::Backup(args) => backup::back_up(args, out),
        Command::Restore(args) => backup::restore(args, out),
    }
}
