//! Imports sightings from databases of other programs.
//!
//! Each row becomes the sightings that it proves, and no others. A row that cannot be a sighting is left out and
//! counted.

mod google;
mod leveldb;
pub(super) mod microg;
pub(super) mod ramble;

use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::Store;
use super::error::StoreError;
use super::sightings;
use super::untrusted::{self, Refusal, StoreLimits};
use crate::matching::{ImpossibleSighting, Sighting};
use crate::names::named;
use crate::tally::Tally;

/// The result of an import.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Imported {
    /// The number of new sightings.
    pub stored: u64,
    /// The number of sightings that the store had already.
    pub already_there: u64,
    /// The number of rows with a wrong signal strength. The import replaces it as the program itself does.
    pub repaired: u64,
    /// The number of rows that cannot be sightings, by reason.
    pub skipped: Tally<ImportSkip>,
}

/// Why a row cannot be a sighting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ImportSkip {
    /// The identifier is not 16 bytes, or cannot be read.
    Identifier,
    /// The value after the identifier is not bytes.
    Metadata,
    /// The signal strength is missing, or not [possible](crate::matching::possible_rssi).
    Rssi,
    /// A time or the duration is missing, or not [possible](crate::time::possible_time).
    Time,
    /// Google: the value is not a message of the framework.
    Record,
    /// Google: a piece of a file is damaged. It may have held several sightings.
    Damaged,
    /// RaMBLE: the row was heard so long before the device's last identifier that it must have had another identifier.
    OtherIdentifier,
}

named! {
    ImportSkip, "import skip":
    Identifier => "identifier",
    Metadata => "metadata",
    Rssi => "rssi",
    Time => "time",
    Record => "record",
    Damaged => "damaged",
    OtherIdentifier => "other_identifier",
}

impl ImportSkip {
    /// The reason in words.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Identifier => "no identifier of 16 bytes",
            Self::Metadata => "the metadata are not bytes",
            Self::Rssi => "no signal strength (one is from -127 to 20 dBm, and not 0)",
            Self::Time => "no time from 2019 to 2099",
            Self::Record => "the value is no record of what was heard",
            Self::Damaged => "its place in the file is damaged",
            Self::OtherIdentifier => "heard before the identifier that was kept, so another one",
        }
    }
}

impl Store {
    /// Imports microG's sightings from its `exposure.db`. If there is a file `exposure.db-wal`, keep it beside the
    /// database: it has the latest sightings.
    ///
    /// A row stands for all times at which an identifier was heard within an hour. It has the first time, the seconds
    /// to the last time, and the mean signal strength. It becomes two sightings with this mean, at the first and the
    /// last time, or one if both are the same second. The second sighting says that the device had scanned at the time
    /// of the first. The row proves nothing about the time between. So of a longer stay two to five minutes count:
    /// never more than somebody was there, and perhaps less.
    ///
    /// Importing the same database again adds nothing. If a sighting is stored several times, the store keeps the
    /// larger number of the two. A row that has grown since the last import is another row, and adds its two sightings.
    ///
    /// # Errors
    /// [`StoreError::NotImportable`], [`StoreError::TooLarge`] and the errors of the store. Then nothing was imported.
    pub fn import_microg(&mut self, path: impl AsRef<Path>, limits: &StoreLimits) -> Result<Imported, StoreError> {
        self.import(open(path.as_ref(), limits, microg::read))
    }

    /// Imports the sightings of Google's framework from its folder `app_contact-tracing-contact-record-db`, a LevelDB
    /// database.
    ///
    /// The method only reads, and needs only the `.log` and `.ldb` files.
    ///
    /// Each advertisement with a signal strength is one sighting. The radio measured the strengths. The previous scan
    /// is `None` if the framework did not know it.
    ///
    /// Importing the same folder again adds nothing, as in [`import_microg`](Self::import_microg).
    ///
    /// # Errors
    /// [`StoreError::NotImportable`], also for a folder without any record, [`StoreError::TooLarge`] and the errors of
    /// the store. Then nothing was imported.
    pub fn import_google(&mut self, folder: impl AsRef<Path>, limits: &StoreLimits) -> Result<Imported, StoreError> {
        self.import(google::read(folder.as_ref(), limits))
    }

    /// Imports what RaMBLE has heard of exposure notifications: a database that it exported, `RaMBLE_….sqlite`.
    ///
    /// A row of its `locations` is one sighting. RaMBLE keeps only the last identifier of each Bluetooth address, and
    /// addresses come back. So the import leaves out what RaMBLE heard over half an hour before it last heard of the
    /// device. Places are not imported.
    ///
    /// Importing the same database again adds nothing, as in [`import_microg`](Self::import_microg).
    ///
    /// # Errors
    /// [`StoreError::NotImportable`], [`StoreError::TooLarge`] and the errors of the store. Then nothing was imported.
    pub fn import_ramble(&mut self, path: impl AsRef<Path>, limits: &StoreLimits) -> Result<Imported, StoreError> {
        self.import(open(path.as_ref(), limits, ramble::read))
    }

    fn import(&mut self, found: Result<Contents, Refusal>) -> Result<Imported, StoreError> {
        let Contents { sightings, repaired, skipped } = found.map_err(|why| match why {
            Refusal::TooLarge { limit } => StoreError::TooLarge { limit },
            Refusal::Unfit(detail) => StoreError::NotImportable { detail },
        })?;
        let transaction = self.write()?;
        let sightings::Merged { stored, already_there } = sightings::merge(&transaction, &sightings)?;
        transaction.commit()?;
        Ok(Imported { stored, already_there, repaired, skipped })
    }
}

/// What there is in a database of SQLite.
fn open(
    path: &Path,
    limits: &StoreLimits,
    read: fn(&Connection) -> Result<Contents, Refusal>,
) -> Result<Contents, Refusal> {
    read(&untrusted::open_file(path, limits)?)
}

/// What is in another program's database.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub(super) sightings: Vec<Sighting>,
    pub(super) repaired: u64,
    pub(super) skipped: Tally<ImportSkip>,
}

impl Contents {
    /// Takes the sightings of a row, or notes why it has none. Says which.
    fn take(&mut self, row: Result<impl IntoIterator<Item = Sighting>, ImportSkip>) -> bool {
        let first = self.sightings.len();
        let taken = row.and_then(|sightings| {
            for sighting in sightings {
                sighting.check()?;
                self.sightings.push(sighting);
            }
            Ok(())
        });
        match taken {
            Ok(()) => true,
            Err(reason) => {
                self.sightings.truncate(first);
                self.skipped.add(reason);
                false
            }
        }
    }
}

impl From<ImpossibleSighting> for ImportSkip {
    fn from(error: ImpossibleSighting) -> Self {
        match error {
            ImpossibleSighting::Rssi(_) => Self::Rssi,
            ImpossibleSighting::Time(_) | ImpossibleSighting::PreviousScan(_) => Self::Time,
        }
    }
}

/// The number in a column, whichever way it is written.
fn number(value: ValueRef<'_>) -> Option<i64> {
    match value {
        ValueRef::Integer(number) => Some(number),
        ValueRef::Text(text) => core::str::from_utf8(text).ok()?.parse().ok(),
        _ => None,
    }
}

/// A time that can be stored.
fn time(value: ValueRef<'_>) -> Result<u64, ImportSkip> {
    number(value).and_then(|time| u64::try_from(time).ok()).ok_or(ImportSkip::Time)
}
