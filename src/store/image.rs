//! Reads the sightings of a database that somebody holds in memory: a page in a browser has no files.

use std::borrow::Cow;

use rusqlite::{Connection, OptionalExtension};

use super::error::StoreError;
use super::import::{Contents, ImportSkip, microg, ramble};
use super::untrusted::{self, Refusal, StoreLimits};
use super::write_ahead_log;
use super::{Store, schema};
use crate::matching::Sighting;
use crate::names::named;
use crate::tally::Tally;

/// The program that wrote a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DatabaseProgram {
    /// microG: its `exposure.db`.
    MicroG,
    /// RaMBLE: a database that it exported.
    Ramble,
    /// This crate: the file is a [`Store`].
    Gaen,
}

named! {
    DatabaseProgram, "program":
    MicroG => "microg",
    Ramble => "ramble",
    Gaen => "gaen",
}

/// The sightings of a database in memory, whichever program wrote it.
///
/// The database is read as [`Store::import_microg`], [`Store::import_ramble`] and [`Store::sightings`] read files, with
/// the same limits.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DatabaseSightings {
    /// The program that wrote the database.
    pub program: DatabaseProgram,
    /// The sightings, in the order of the database.
    pub sightings: Vec<Sighting>,
    /// The number of rows with a wrong signal strength. It is replaced as the program itself does.
    pub repaired: u64,
    /// The number of rows that cannot be sightings, by reason.
    pub skipped: Tally<ImportSkip>,
}

impl DatabaseSightings {
    /// Reads an SQLite database of microG, of RaMBLE or of a store.
    ///
    /// Some databases keep their newest rows in a write-ahead log, a second file whose name ends in `-wal`. `log` is
    /// that file; an empty slice says that there is no such file, and `None` that nobody knows. A database that may
    /// have a log is then refused, because it could lack its newest rows.
    ///
    /// # Errors
    /// [`StoreError::LogMissing`], [`StoreError::TooLarge`], [`StoreError::NotImportable`]; for a store also
    /// [`StoreError::Damaged`], [`StoreError::NotAStore`] and [`StoreError::NewerSchema`].
    pub fn read(database: &[u8], log: Option<&[u8]>, limits: &StoreLimits) -> Result<Self, StoreError> {
        let bytes = database.len().saturating_add(log.map_or(0, <[u8]>::len));
        if bytes as u64 > limits.database_bytes {
            return Err(StoreError::TooLarge { limit: limits.database_bytes });
        }
        let image = match log {
            None if write_ahead_log::may_be_beside(database) => return Err(StoreError::LogMissing),
            Some(log) if !log.is_empty() => write_ahead_log::apply(database, log).map(Cow::Owned).map_err(unfit)?,
            _ => Cow::Borrowed(database),
        };
        let connection = untrusted::open_image(&*image, image.len()).map_err(unfit)?;
        drop(image);
        let program = program(&connection).map_err(unfit)?;
        let found = match program {
            DatabaseProgram::MicroG => microg::read(&connection).map_err(unfit)?,
            DatabaseProgram::Ramble => ramble::read(&connection).map_err(unfit)?,
            DatabaseProgram::Gaen => {
                let store = Store::from_image(connection)?;
                if let Some(detail) = store.check()?.into_iter().next() {
                    return Err(StoreError::Damaged { detail });
                }
                Contents { sightings: store.sightings()?, ..Contents::default() }
            }
        };
        let Contents { sightings, repaired, skipped } = found;
        Ok(Self { program, sightings, repaired, skipped })
    }
}

impl Store {
    /// The store in a database that somebody else may have written.
    pub(super) fn from_image(mut database: Connection) -> Result<Self, StoreError> {
        schema::bring_up_to_date(&mut database)?;
        Self::with(database)
    }
}

/// The program that makes tables like these.
fn program(connection: &Connection) -> Result<DatabaseProgram, Refusal> {
    if schema::is_ours(connection)? {
        return Ok(DatabaseProgram::Gaen);
    }
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name IN ('advertisements', 'devices')";
    let table: Option<String> = connection.query_row(sql, [], |row| row.get(0)).optional()?;
    match table.as_deref() {
        Some("advertisements") => Ok(DatabaseProgram::MicroG),
        Some(_) => Ok(DatabaseProgram::Ramble),
        None => Err(Refusal::Unfit("it is no database of microG or RaMBLE, and no store".to_owned())),
    }
}

fn unfit(why: Refusal) -> StoreError {
    match why {
        Refusal::TooLarge { limit } => StoreError::TooLarge { limit },
        Refusal::Unfit(detail) => StoreError::NotImportable { detail },
    }
}
