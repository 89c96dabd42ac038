//! `gaen store backup` and `gaen store restore`.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::ArgGroup;
use gaen::Profile;
use gaen::backup::{BackupError, BackupIdentity, BackupLimits, BackupRecipient};
use gaen::store::Restored;
use gaen_report::document::Document;
use gaen_report::text::style::GOOD;
use gaen_report::text::{counted, grouped, printable};
use serde::Serialize;

use crate::error::Error;
use crate::files::{self, NewFile, Readers};
use crate::output;
use crate::read_args::Platform;
use crate::store_search::IfMissing;
use crate::stored;

const BACKUP_EXAMPLES: &str = "\
Examples:
  gaen store backup gaen.db --recipient age1... -o gaen.age
  gaen store backup gaen.db --passphrase-file passphrase.txt -o gaen.age
  pass show gaen | gaen store backup gaen.db --passphrase-file - -o gaen.age

A backup is an age file (https://age-encryption.org/v1) with everything in the store, the device's own keys \
included. `age-keygen` makes a pair of keys. Whoever has the public key, age1..., can make backups; only the secret \
key opens them. The passphrase is the first line of its file. There is no option for the passphrase itself, because \
everybody on the machine could read it.";

/// Write an encrypted backup
#[derive(Debug, clap::Args)]
#[command(after_long_help = BACKUP_EXAMPLES)]
#[command(group(ArgGroup::new("secret").args(["recipient", "passphrase_file"]).required(true)))]
pub(super) struct BackupArgs {
    /// The store
    store: PathBuf,

    /// Encrypt to this public key of age
    #[arg(long, value_name = "AGE-KEY")]
    recipient: Option<String>,

    /// Encrypt with the passphrase in the first line of this file, `-` for standard input
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,

    /// The file to write
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,

    /// Overwrite the file
    #[arg(long)]
    force: bool,
}

const RESTORE_EXAMPLES: &str = "\
Examples:
  gaen store restore gaen.db gaen.age --identity key.txt
  gaen store restore gaen.db gaen.age --passphrase-file passphrase.txt

restore adds to the store: what it has stays. It adds what was heard and the device's own keys, nothing twice. \
Restoring the same backup again changes nothing.

What was found in export files does not come with a backup, because a backup does not prove it. Run `gaen match \
--store` with all export files, and it is found again. `gaen store look` lists the files that the backup knew and \
that you have not given again.

A missing store is made, with the profile google unless you name another, and stays if the restore fails. The backup \
has to have the same profile.";

/// Add an encrypted backup to what is in the store
#[derive(Debug, clap::Args)]
#[command(after_long_help = RESTORE_EXAMPLES)]
#[command(group(ArgGroup::new("secret").args(["identity", "passphrase_file"]).required(true)))]
pub(super) struct RestoreArgs {
    /// The store; a missing one is made
    store: PathBuf,

    /// The backup
    backup: PathBuf,

    /// The file with the secret key of age, as age-keygen writes it
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,

    /// The file whose first line is the passphrase, `-` for standard input
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,

    /// The profile of the store [default: google, or the store's]
    #[arg(long, value_enum)]
    profile: Option<Platform>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn back_up(args: &BackupArgs, out: &mut dyn Write) -> Result<(), Error> {
    let recipient = match (&args.recipient, &args.passphrase_file) {
        (Some(key), _) => {
            key.trim().parse().map_err(|error: BackupError| Error::Usage(format!("--recipient: {error}")))?
        }
        (None, path) => BackupRecipient::passphrase(&passphrase(path.as_deref())?),
    };
    let mut backup = Vec::new();
    stored::open_existing(&args.store)?.back_up(&recipient, &mut backup)?;
    files::write(&[NewFile { path: args.output.clone(), bytes: &backup, readers: Readers::Owner }], args.force)?;
    let path = args.output.to_string_lossy();
    writeln!(out, "{GOOD}wrote{GOOD:#} {}  {}", printable(&path), counted(backup.len(), "byte"))?;
    Ok(())
}

pub(super) fn restore(args: &RestoreArgs, out: &mut dyn Write) -> Result<(), Error> {
    let identity = match (&args.identity, &args.passphrase_file) {
        (Some(path), _) => identity(path)?,
        (None, path) => BackupIdentity::passphrase(&passphrase(path.as_deref())?),
    };
    let backup = File::open(&args.backup).map_err(|error| Error::file(&args.backup, &error))?;
    let mut store = stored::open(&args.store, args.profile.map(Profile::from), IfMissing::Make)?;
    let restored = store.restore(&identity, backup, &BackupLimits::default())?;
    output::document(out, &TakenOver(restored), args.json)
}

/// The first line of a file.
fn passphrase(path: Option<&Path>) -> Result<String, Error> {
    // One of the two options was given.
    let path = path.unwrap_or(Path::new("-"));
    let text = files::small_text(path);
    let text = text.map_err(|error| Error::Usage(format!("--passphrase-file {}: {error}", path.display())))?;
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(line.to_owned()),
        _ => Err(Error::Usage(format!("--passphrase-file {}: its first line is empty", path.display()))),
    }
}

/// The one line of a file of `age-keygen` that is neither empty nor a comment.
fn identity(path: &Path) -> Result<BackupIdentity, Error> {
    let unusable = |why: String| Error::Usage(format!("--identity {}: {why}", path.display()));
    let text = files::small_text(path).map_err(|error| unusable(error.to_string()))?;
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    match (lines.next(), lines.next()) {
        (Some(line), None) => line.parse().map_err(|error: BackupError| unusable(error.to_string())),
        (None, _) => Err(unusable("no secret key".to_owned())),
        (Some(_), Some(_)) => Err(unusable("more than one line that is no comment".to_owned())),
    }
}

/// What was taken over from a backup.
#[derive(Serialize)]
#[serde(transparent)]
struct TakenOver(Restored);

impl Document for TakenOver {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let Restored { added, sightings_already_there, .. } = &self.0;
        writeln!(out, "{GOOD}restored{GOOD:#}")?;
        for (count, what) in [
            (added.sightings, "sightings"),
            (*sightings_already_there, "sightings that the store had"),
            (added.own_keys, "own keys"),
            (added.awaited_files, "files to give again: what was found in them does not count before"),
        ] {
            writeln!(out, "  {:>10}  {what}", grouped(count))?;
        }
        Ok(())
    }
}
