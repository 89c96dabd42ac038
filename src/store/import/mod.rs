//! Sightings that other programs have kept.
//!
//! Each row becomes the sightings that it proves, and no others; one that can be no sighting is left out and counted.

mod google;
mod leveldb;
mod microg;
mod ramble;

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

/// What came of an import.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Imported {
    /// How many sightings are new.
    pub stored: u64,
    /// How many sightings the store had.
    pub already_there: u64,
    /// Rows whose signal strength is known to be wrong, and was replaced by what the program itself replaces it by.
    pub repaired: u64,
    /// How many rows cannot be sightings, by reason.
    pub skipped: Tally<ImportSkip>,
}

/// Why a row can be no sighting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ImportSkip {
    /// The identifier is not 16 bytes, or cannot be read.
    Identifier,
    /// What followed the identifier is not bytes.
    Metadata,
    /// The signal strength is missing, or not [possible](crate::matching::possible_rssi).
    Rssi,
    /// A time, or the duration, is missing, or not [possible](crate::time::possible_time).
    Time,
    /// Google: the value is no message of the framework.
    Record,
    /// Google: a piece of a file is not what was written there. There may have been several sightings in it.
    Damaged,
    /// RaMBLE: heard so long before the device's last identifier that it must have been another one.
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
    /// What it means, in words.
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
    /// Imports what microG has heard: its `exposure.db`. Take the file `exposure.db-wal` along, if there is one: the
    /// latest sightings are in it.
    ///
    /// A row stands for all times at which an identifier was heard within an hour: the first, how long after it the last
    /// was, and the mean of the signal strengths. It becomes two sightings, at the first and the last time, both with
    /// the mean; one, if these are the same second. The second one says that the device had scanned at the first one's
    /// time: of what was between, the row proves nothing else. So of a longer stay two minutes and at most five count,
    /// never more than somebody was there, and perhaps less.
    ///
    /// The same database again adds nothing: each sighting is stored as often as the store or the database has it,
    /// whichever is more. A row that has grown since the last import is another one, and adds its two sightings.
    ///
    /// # Errors
    /// [`StoreError::NotImportable`], [`StoreError::TooLarge`] and those of the store; then nothing was imported.
    pub fn import_microg(&mut self, path: impl AsRef<Path>, limits: &StoreLimits) -> Result<Imported, StoreError> {
        self.import(open(path.as_ref(), limits, microg::read))
    }

    /// Imports what Google's framework has heard: its folder `app_contact-tracing-contact-record-db`, a LevelDB database.
    /// Its files are read, and nothing is written; the `.log` and `.ldb` files are enough.
    ///
    /// Each advertisement of which the framework kept a signal strength is one sighting. The strengths are those that the
    /// radio measured. A scan before that the framework did not know is `None`.
    ///
    /// The same folder again adds nothing, as in [`import_microg`](Self::import_microg).
    ///
    /// # Errors
    /// [`StoreError::NotImportable`], also for a folder without any record; [`StoreError::TooLarge`] and those of the
    /// store. Then nothing was imported.
    pub fn import_google(&mut self, folder: impl AsRef<Path>, limits: &StoreLimits) -> Result<Imported, StoreError> {
        self.import(google::read(folder.as_ref(), limits))
    }

    /// Imports what RaMBLE has heard of exposure notifications: a database that it exported, `RaMBLE_….sqlite`.
    ///
    /// A row of its `locations` is one sighting. RaMBLE keeps the last identifier of each Bluetooth address, and addresses
    /// come back: what it heard over half an hour before it last heard of the device is left out. Where it was, is not
    /// imported.
    ///
    /// The same database again adds nothing, as in [`import_microg`](Self::import_microg).
    ///
    /// # Errors
    /// [`StoreError::NotImportable`], [`StoreError::TooLarge`] and those of the store; then nothing was imported.
    pub fn import_ramble(&mut self, path: impl AsRef<Path>, limits: &StoreLimits) -> Result<Imported, StoreError> {
        self.import(open(path.as_ref(), limits, ramble::read))
    }

    fn import(&mut self, found: Result<Found, Refusal>) -> Result<Imported, StoreError> {
        let Found { sightings, repaired, skipped } = found.map_err(|why| match why {
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
fn open(path: &Path, limits: &StoreLimits, read: fn(&Connection) -> Result<Found, Refusal>) -> Result<Found, Refusal> {
    read(&untrusted::open_file(path, limits)?)
}

/// What is in another program's database.
#[derive(Debug, Default)]
struct Found {
    sightings: Vec<Sighting>,
    repaired: u64,
    skipped: Tally<ImportSkip>,
}

impl Found {
    /// Takes the sightings of a row, or takes note of why it has none. Says which.
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
