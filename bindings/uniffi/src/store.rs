//! What a device must not lose, in one file.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::sync::Arc;

use gaen_app::BackupSecret;

use crate::error::GaenError;
use crate::export_file::ExportFile;
use crate::observer::{SearchObserver, asking};
use crate::own_keys::{Broadcast, Consent, Release};
use crate::records::counted;
use crate::report::Report;
use crate::rules::{ContainerRule, Profile};
use crate::sightings::Sightings;
use crate::trust::TrustedKeys;
use crate::values::{Timestamp, number};

/// What a device has heard, its own keys, and what was found in which files. One SQLite file holds it all.
///
/// Several threads may use a store: one works at a time, and the others wait. So an observer of a search must not call the
/// store that is searched. Errors have the codes of the library, such as `busy`, `full`, `damaged` and `other_profile`.
#[derive(Debug, uniffi::Object)]
pub struct Store {
    inner: gaen_app::Store,
}

/// The program whose database a store imports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum ImportSource {
    /// microG: its `exposure.db`. Keep `exposure.db-wal` beside it: the latest sightings are there.
    MicroG,
    /// Google's framework: its folder `app_contact-tracing-contact-record-db`.
    Google,
    /// RaMBLE: a database that it exported.
    Ramble,
}

impl From<ImportSource> for gaen_app::ImportSource {
    fn from(source: ImportSource) -> Self {
        match source {
            ImportSource::MicroG => Self::MicroG,
            ImportSource::Google => Self::Google,
            ImportSource::Ramble => Self::Ramble,
        }
    }
}

/// What an import brought.
#[derive(uniffi::Record)]
pub struct Imported {
    /// The number of sightings that are new.
    pub stored: i64,
    /// The number of sightings that the store had.
    pub already_there: i64,
    /// The number of rows whose signal strength was known to be wrong, and was replaced.
    pub repaired: i64,
    /// The number of rows that cannot be sightings, by the name of the reason.
    pub skipped: HashMap<String, i64>,
}

/// How much there is of each.
#[derive(uniffi::Record)]
pub struct Counts {
    /// The number of sightings.
    pub sightings: i64,
    /// The number of files that were searched.
    pub files: i64,
    /// The number of published keys of which something was heard, whether or not it counts.
    pub matched_keys: i64,
    /// The number of pairs of a sighting and an identifier of such a key.
    pub hits: i64,
    /// The number of keys whose report has changed.
    pub revised_keys: i64,
    /// The number of the device's own keys.
    pub own_keys: i64,
    /// The number of searches that were interrupted and will go on.
    pub unfinished_searches: i64,
    /// The number of files of restored backups that were not given again.
    pub awaited_files: i64,
}

impl From<gaen_app::Counts> for Counts {
    fn from(counts: gaen_app::Counts) -> Self {
        Self {
            sightings: number(counts.sightings),
            files: number(counts.files),
            matched_keys: number(counts.matched_keys),
            hits: number(counts.hits),
            revised_keys: number(counts.revised_keys),
            own_keys: number(counts.own_keys),
            unfinished_searches: number(counts.unfinished_searches),
            awaited_files: number(counts.awaited_files),
        }
    }
}

/// What a purge erased.
#[derive(uniffi::Record)]
pub struct Purged {
    /// The number of sightings of 14 days ago and before.
    pub sightings: i64,
    /// The number of pairs of a sighting and an identifier of a published key.
    pub hits: i64,
    /// The number of published keys none of whose sightings is left.
    pub matched_keys: i64,
    /// The number of revised keys that no sighting can be of any more.
    pub revised_keys: i64,
    /// The number of files that were not offered for 14 days, with none of those keys.
    pub files: i64,
    /// The number of interrupted searches of files that were not offered for 14 days.
    pub unfinished_searches: i64,
    /// The number of the device's own keys.
    pub own_keys: i64,
}

impl From<gaen_app::Purged> for Purged {
    fn from(purged: gaen_app::Purged) -> Self {
        Self {
            sightings: number(purged.sightings),
            hits: number(purged.hits),
            matched_keys: number(purged.matched_keys),
            revised_keys: number(purged.revised_keys),
            files: number(purged.files),
            unfinished_searches: number(purged.unfinished_searches),
            own_keys: number(purged.own_keys),
        }
    }
}

/// What a backup brought.
#[derive(uniffi::Record)]
pub struct Restored {
    /// How much there is more of each than before. Files, matched and revised keys come back when the files are given again.
    pub added: Counts,
    /// The number of sightings that the store had.
    pub sightings_already_there: i64,
}

/// What a backup is encrypted with, or opened with.
#[derive(uniffi::Enum)]
pub enum BackupKey {
    /// A passphrase, for both. Choose a long one: everything rests on it.
    Passphrase {
        /// The passphrase.
        passphrase: String,
    },
    /// A key of `age`: the public key `age1...` to encrypt, the secret key `AGE-SECRET-KEY-1...` to open.
    AgeKey {
        /// The key.
        key: String,
    },
}

impl BackupKey {
    fn secret(&self) -> BackupSecret<'_> {
        match self {
            Self::Passphrase { passphrase } => BackupSecret::Passphrase(passphrase),
            Self::AgeKey { key } => BackupSecret::Key(key),
        }
    }
}

impl Store {
    fn write_backup(&self, to: &BackupKey, file: File) -> Result<io::Result<()>, GaenError> {
        let mut file = BufWriter::new(file);
        self.inner.back_up(&to.secret(), &mut file)?;
        Ok(file.flush().and_then(|()| file.get_ref().sync_all()))
    }
}

#[uniffi::export]
impl Store {
    /// Opens the store in this file, or makes one that its owner alone can read. Files are read by the rules of `profile`, for
    /// good.
    #[uniffi::constructor]
    pub fn open_blocking(path: String, profile: Profile) -> Result<Arc<Self>, GaenError> {
        Ok(Arc::new(Self { inner: gaen_app::Store::open(path, profile.into())? }))
    }

    /// Opens a store that is there, whatever its profile. Fails with `missing` if it is not.
    #[uniffi::constructor]
    pub fn open_existing_blocking(path: String) -> Result<Arc<Self>, GaenError> {
        Ok(Arc::new(Self { inner: gaen_app::Store::open_existing(path)? }))
    }

    /// Returns `true` if others than the owner may write to the file: then they decide what the store says.
    pub fn others_may_write(&self) -> bool {
        self.inner.others_may_write()
    }

    /// Stores these sightings, all or none of them. They are on the disk when it returns. The same one twice is two sightings.
    pub fn insert_blocking(&self, sightings: &Sightings) -> Result<(), GaenError> {
        Ok(self.inner.insert(&sightings.inner)?)
    }

    /// Imports what another program has heard. The same database again adds nothing.
    ///
    /// Fails with `not_importable` or `too_large`. Then no row was imported.
    pub fn import_blocking(&self, source: ImportSource, path: String) -> Result<Imported, GaenError> {
        let imported = self.inner.import(source.into(), path)?;
        Ok(Imported {
            stored: number(imported.stored),
            already_there: number(imported.already_there),
            repaired: number(imported.repaired),
            skipped: counted(imported.skipped.named()),
        })
    }

    /// Searches files for all sightings for which they were not searched yet, at the time `now`. The report is of all that was
    /// found so far: the given files come first, then the others that the store knows.
    ///
    /// Give all files that the server lists, every time. A file that was searched for everything costs a hash over its bytes.
    pub fn search_blocking(
        &self,
        files: Vec<ExportFile>,
        trusted: &TrustedKeys,
        container: ContainerRule,
        now: Timestamp,
        observer: Option<Arc<dyn SearchObserver>>,
    ) -> Result<Arc<Report>, GaenError> {
        let mut observer = asking(observer);
        let files = files.into_iter().map(gaen_app::ExportFile::from).collect();
        let found = self.inner.search(files, &trusted.inner, container.into(), now.seconds()?, &mut observer);
        Ok(Arc::new(Report { inner: observer.outcome(found)?? }))
    }

    /// Reports all that was found so far. No file is read.
    pub fn report_blocking(&self) -> Result<Arc<Report>, GaenError> {
        Ok(Arc::new(Report { inner: self.inner.report()? }))
    }

    /// Says what to broadcast at the time `now`, with this transmit power, dBm. A key that it makes is on the disk when it
    /// returns.
    pub fn broadcast_blocking(&self, now: Timestamp, tx_power: i8) -> Result<Broadcast, GaenError> {
        Ok(self.inner.broadcast(now.seconds()?, tx_power)?.into())
    }

    /// Releases what may be published at the time `now`. That it was released is on the disk when it returns.
    pub fn release_blocking(&self, now: Timestamp, consent: Consent) -> Result<Arc<Release>, GaenError> {
        Ok(Release::of(self.inner.release(now.seconds()?, &consent.try_into()?)?))
    }

    /// Erases all own keys, as when the user asks for it.
    pub fn erase_own_keys_blocking(&self) -> Result<(), GaenError> {
        Ok(self.inner.clear_own_keys()?)
    }

    /// Erases what is 14 days old at the time `now`. Call it every day.
    ///
    /// Fails with `clock_jumped` if the clock may be wrong: then no row is erased.
    pub fn purge_blocking(&self, now: Timestamp) -> Result<Purged, GaenError> {
        Ok(self.inner.purge(now.seconds()?)?.into())
    }

    /// Erases what is 14 days old, by a clock that is known to be right.
    pub fn purge_by_this_clock_blocking(&self, now: Timestamp) -> Result<Purged, GaenError> {
        Ok(self.inner.purge_by_this_clock(now.seconds()?)?.into())
    }

    /// Writes an encrypted backup of everything into a new file, the device's own keys included.
    ///
    /// Fails with `backup_file` if the file is there or cannot be written.
    pub fn back_up_blocking(&self, to: BackupKey, path: String) -> Result<(), GaenError> {
        let unwritable = |error: io::Error| GaenError::backup_file(&path, &error);
        let file = File::create_new(&path).map_err(unwritable)?;
        let written = self.write_backup(&to, file).and_then(|written| written.map_err(unwritable));
        // What was written until a failure is no backup. To erase it may fail for the same reason, which is told already.
        written.inspect_err(|_| drop(fs::remove_file(&path)))
    }

    /// Adds a backup to what is in the store. The same backup again changes nothing. Give all export files again afterwards: a
    /// backup does not prove what was found in them.
    ///
    /// Fails with `backup_file` if the file cannot be opened, and with `wrong_key`, `not_a_backup` or `damaged_backup`.
    pub fn restore_blocking(&self, from: BackupKey, path: String) -> Result<Restored, GaenError> {
        let file = File::open(&path).map_err(|error| GaenError::backup_file(&path, &error))?;
        let restored = self.inner.restore(&from.secret(), file)?;
        Ok(Restored { added: restored.added.into(), sightings_already_there: number(restored.sightings_already_there) })
    }

    /// Counts how much there is of each.
    pub fn counts_blocking(&self) -> Result<Counts, GaenError> {
        Ok(self.inner.counts()?.into())
    }

    /// Reads every page and says what is wrong. The list is empty if the store is sound.
    pub fn check_blocking(&self) -> Result<Vec<String>, GaenError> {
        Ok(self.inner.check()?)
    }
}
