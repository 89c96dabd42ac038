//! Opens the files of sightings, keys and windows that the command line names; `-` is standard input.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use gaen::time::UtcDay;
use gaen::{DiagnosisKey, Sighting};
use gaen_report::read::{self, KeyList, ReadError, WindowFile};
use gaen_report::text::counted;

use crate::error::Error;
use crate::output;

/// How many sightings are read.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct MostSightings {
    /// Read files of up to N sightings, each line at most 64 KiB
    #[arg(long, value_name = "N", default_value_t = Self::default().max_sightings)]
    max_sightings: u32,
}

impl Default for MostSightings {
    fn default() -> Self {
        Self { max_sightings: 500_000 }
    }
}

/// Reads all sightings of these files, in the order in which they stand there.
pub(crate) fn sightings(paths: &[PathBuf], most: MostSightings) -> Result<Vec<Sighting>, Error> {
    let most = usize::try_from(most.max_sightings).unwrap_or(usize::MAX);
    let mut sightings = Vec::new();
    for path in paths {
        let (name, input) = open(path)?;
        sightings.extend(read::sightings(&name, input, most).map_err(|error| match error {
            ReadError::TooManyLines { .. } => Error::Input(format!("{error}; --max-sightings accepts more")),
            error => error.into(),
        })?);
    }
    Ok(sightings)
}

/// Reads the keys of a file, and warns of a list of revised keys that nobody asked for.
pub(crate) fn diagnosis_keys(path: &Path, list: KeyList) -> Result<Vec<DiagnosisKey>, Error> {
    let (file, input) = open(path)?;
    let found = read::diagnosis_keys(&file, input, list).map_err(|error| match error {
        ReadError::OtherList { wanted: KeyList::Keys, .. } => {
            Error::Input(format!("{error}: give them by --revised-keys"))
        }
        ReadError::OtherList { wanted: KeyList::RevisedKeys, .. } => {
            Error::Input(format!("{error}, which --revised-keys takes"))
        }
        error => error.into(),
    })?;
    for (name, keys) in found.left {
        let count = counted(keys, "key");
        output::warn(&format!("{file}: {name} has {count}, which --revised-keys takes, not --keys"));
    }
    Ok(found.keys)
}

/// Reads the exposure windows of a file, and the day on which to judge them: that of `now`, if it was given.
pub(crate) fn windows(path: &Path, now: Option<u64>) -> Result<(WindowFile, UtcDay), Error> {
    let (name, input) = open(path)?;
    windows_in(&name, input, now)
}

/// Reads the exposure windows of this input, which errors call `name`.
pub(crate) fn windows_in(name: &str, input: impl Read, now: Option<u64>) -> Result<(WindowFile, UtcDay), Error> {
    let today = now.map(UtcDay::from_unix_seconds);
    let file = read::windows(name, input, today).map_err(|error| match error {
        ReadError::NoToday { .. } => Error::Input(format!("{error}: give --now")),
        error => error.into(),
    })?;
    let today = today.or_else(|| file.today());
    let today = today.ok_or_else(|| Error::Input(format!("{name}: no window has a day: give --now")))?;
    Ok((file, today))
}

/// An open file, and what errors call it.
pub(crate) fn open(path: &Path) -> Result<(String, Box<dyn BufRead>), Error> {
    if path == Path::new("-") {
        return Ok(("standard input".to_owned(), Box::new(io::stdin().lock())));
    }
    let file = File::open(path).map_err(|error| Error::file(path, &error))?;
    Ok((path.display().to_string(), Box::new(BufReader::new(file))))
}
