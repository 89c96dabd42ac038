//! The sightings of a database in memory: a page in a browser has no files.

use gaen::backup::is_backup;
use gaen::store::{DatabaseSightings, StoreError, StoreLimits};
use gaen_report::read::SightingRow;

use crate::DATABASE_BYTES;
use crate::error::{Error, ErrorKind};

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::new(ErrorKind::Store, error.code(), error.to_string())
    }
}

/// The sightings of a database, as `gaen store export DATABASE sightings` writes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeardInDatabase {
    /// The program that wrote the database: `microg`, `ramble` or `gaen`.
    pub program: &'static str,
    /// The sightings, one JSON object a line.
    pub json_lines: Vec<u8>,
    /// The number of sightings.
    pub sightings: u64,
    /// The number of rows with a wrong signal strength. It is replaced as the program itself does.
    pub repaired: u64,
    /// The number of rows that cannot be sightings, by the name of the reason.
    pub skipped: Vec<(&'static str, u64)>,
}

/// Reads the sightings of a database of microG, of RaMBLE or of a store.
///
/// `log` is the file beside the database whose name ends in `-wal`: an empty slice says that there is none, and `None`
/// that nobody knows.
///
/// # Errors
/// `backup_secret` for an encrypted backup, `log_missing` if the newest rows may lie in a log, `not_importable`,
/// `too_large`, and those of a store.
pub fn sightings_of_database(database: &[u8], log: Option<&[u8]>) -> Result<HeardInDatabase, Error> {
    if is_backup(database) {
        let message = "the backup is encrypted: its passphrase, or its secret key AGE-SECRET-KEY-1..., opens it";
        return Err(Error::new(ErrorKind::Store, "backup_secret", message));
    }
    let found = DatabaseSightings::read(database, log, &StoreLimits { database_bytes: DATABASE_BYTES })?;
    let mut json_lines = Vec::new();
    for sighting in &found.sightings {
        serde_json::to_writer(&mut json_lines, &SightingRow::from(sighting))
            .map_err(|error| Error::new(ErrorKind::Document, "document", error.to_string()))?;
        json_lines.push(b'\n');
    }
    Ok(HeardInDatabase {
        program: found.program.name(),
        json_lines,
        sightings: found.sightings.len() as u64,
        repaired: found.repaired,
        skipped: found.skipped.named().collect(),
    })
}
