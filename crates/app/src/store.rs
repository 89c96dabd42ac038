//! What a device must not lose, in one file.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use gaen::Profile;
use gaen::backup::BackupLimits;
use gaen::export::{ContainerRule, ExportError};
use gaen::publish::Consent;
pub use gaen::store::{AwaitedFile, Counts, Imported, Purged, Restored};
use gaen::store::{StoreError, StoreLimits};
use gaen_report::stored::{self, Offered};
use gaen_report::verdict::searched;

use crate::backup::BackupSecret;
use crate::error::Error;
use crate::export_file::ExportFile;
use crate::frame::Broadcast;
use crate::observer::Observer;
use crate::own_keys::{self, Release};
use crate::report::{Found, Report};
use crate::search::{Watch, rejected};
use crate::sightings::Sightings;
use crate::trust::TrustedKeys;

/// What a device has heard, its own keys, and what was found in which files. One SQLite file holds it all.
///
/// Several threads may use a store: one works at a time, and the others wait. So an observer of a search must not call
/// the store that is searched.
///
/// ```
/// use gaen_app::{Heard, NO_PREVIOUS_SCAN, Profile, Sightings, Store};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("gaen.db");
/// let store = Store::open(&path, Profile::Google)?;
/// let heard = Heard { identifier: [7; 16], metadata: [1; 4], metadata_length: 4 };
/// store.insert(&Sightings::from_rows(&heard.row(-60, 1_601_121_592, NO_PREVIOUS_SCAN))?)?;
/// let sent = store.broadcast(1_601_121_600, -8)?;
/// assert!(sent.is_new_key);
/// drop(store);
///
/// let store = Store::open_existing(&path)?;
/// assert_eq!((store.counts()?.sightings, store.counts()?.own_keys), (1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Store {
    /// Of the opened file. These two never change, so nobody waits for a search to read them.
    profile: Profile,
    others_may_write: bool,
    store: Mutex<gaen::store::Store>,
}

/// The program whose database a store imports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportSource {
    /// microG: its `exposure.db`. Keep `exposure.db-wal` beside it: the latest sightings are there.
    MicroG,
    /// Google's framework: its folder `app_contact-tracing-contact-record-db`.
    Google,
    /// RaMBLE: a database that it exported.
    Ramble,
}

impl Store {
    /// Opens the store in this file, or makes one that its owner alone can read. Files are read by the rules of
    /// `profile`, for good.
    ///
    /// # Errors
    /// The codes of the library's `StoreError`: `other_profile`, `not_a_store`, `damaged`, `unreadable` and others.
    pub fn open(path: impl AsRef<Path>, profile: Profile) -> Result<Self, Error> {
        Ok(Self::of(gaen::store::Store::open(path, profile)?))
    }

    /// Opens a store that is there, whatever its profile.
    ///
    /// # Errors
    /// `missing`, and those of [`open`](Self::open).
    pub fn open_existing(path: impl AsRef<Path>) -> Result<Self, Error> {
        Ok(Self::of(gaen::store::Store::open_existing(path)?))
    }

    fn of(store: gaen::store::Store) -> Self {
        Self { profile: store.profile(), others_may_write: store.others_may_write(), store: Mutex::new(store) }
    }

    /// What a call that panicked had begun is rolled back, as after a crash.
    fn lock(&self) -> MutexGuard<'_, gaen::store::Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The profile by which the store reads files.
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// `true` if others than the owner may write to the file: then they decide what the store says.
    #[must_use]
    pub fn others_may_write(&self) -> bool {
        self.others_may_write
    }

    /// Stores these sightings, all or none of them. They are on the disk when it returns. The same one twice is two
    /// sightings.
    ///
    /// # Errors
    /// Those of the store, as `busy`, `full` and `read_only`.
    pub fn insert(&self, sightings: &Sightings) -> Result<(), Error> {
        Ok(self.lock().insert(sightings.index().sightings())?)
    }

    /// Imports what another program has heard. The same database again adds nothing.
    ///
    /// # Errors
    /// `not_importable`, `too_large`, and those of the store. Then nothing was imported.
    pub fn import(&self, source: ImportSource, path: impl AsRef<Path>) -> Result<Imported, Error> {
        let (mut store, limits) = (self.lock(), StoreLimits::default());
        Ok(match source {
            ImportSource::MicroG => store.import_microg(path, &limits),
            ImportSource::Google => store.import_google(path, &limits),
            ImportSource::Ramble => store.import_ramble(path, &limits),
        }?)
    }

    /// Searches files for all sightings for which they were not searched yet, at the time `now`, Unix seconds. The
    /// report is of all that was found so far: the given files come first, then the others that the store knows.
    ///
    /// Give all files that the server lists, every time. One that was searched for everything costs a hash over its
    /// bytes. A file that is rejected contributes nothing, and the report says why. When `observer` stops the search,
    /// the file at hand and the files after it are rejected as `cancelled`; what was done of them remains for the next
    /// time.
    ///
    /// # Errors
    /// Those of the store, as `busy` and `full`.
    pub fn search(
        &self,
        files: Vec<ExportFile>,
        trusted: &TrustedKeys,
        container: ContainerRule,
        now: u64,
        observer: &mut impl Observer,
    ) -> Result<Report, Error> {
        let mut store = self.lock();
        let options = gaen::export::ReadOptions { profile: store.profile(), container, ..Default::default() };
        let trust = trusted.trust();
        let mut watch = Watch::new(observer, files.len());
        let mut search = store.search(&trust, &options)?;
        let mut offered: Vec<Offered> = Vec::new();
        for (position, mut file) in files.into_iter().enumerate() {
            let searched = if watch.stopped {
                Err(ExportError::Cancelled.into())
            } else {
                search.add_export_with(&mut file.content, now, |progress| watch.tell(position, progress))
            };
            let name = file.name.clone();
            let outcome = match searched {
                // A file that is rejected is no fault of the store's.
                Err(StoreError::File(error)) => Err(rejected(file, &options, &error)),
                searched => Ok(searched?),
            };
            offered.push((name, outcome));
        }
        report(&store, offered, watch.stopped)
    }

    /// The report of all that was found so far. No file is read.
    ///
    /// # Errors
    /// Those of the store.
    pub fn report(&self) -> Result<Report, Error> {
        report(&self.lock(), Vec::new(), false)
    }

    /// The files of restored backups that were not given again. What was found in them counts only when they are.
    ///
    /// # Errors
    /// Those of the store.
    pub fn awaited_files(&self) -> Result<Vec<AwaitedFile>, Error> {
        Ok(self.lock().awaited_files()?)
    }

    /// What to broadcast at the time `now`, Unix seconds, with this transmit power, dBm. A key that it makes is on the
    /// disk when it returns.
    ///
    /// # Errors
    /// Those of [`KeyRing::broadcast`](crate::KeyRing::broadcast), and of the store.
    pub fn broadcast(&self, now: u64, tx_power: i8) -> Result<Broadcast, Error> {
        self.lock().with_key_ring(|ring| own_keys::broadcast(ring, now, tx_power))?
    }

    /// Releases what may be published at the time `now`, Unix seconds. That it was released is on the disk when it
    /// returns.
    ///
    /// # Errors
    /// Those of [`KeyRing::release`](crate::KeyRing::release), and of the store.
    pub fn release(&self, now: u64, consent: &Consent) -> Result<Release, Error> {
        self.lock().with_key_ring(|ring| own_keys::release(ring, now, consent))?
    }

    /// Erases all own keys, as when the user asks for it.
    ///
    /// # Errors
    /// Those of the store.
    pub fn clear_own_keys(&self) -> Result<(), Error> {
        Ok(self.lock().with_key_ring(gaen::KeyRing::clear)?)
    }

    /// Erases what is 14 days old at the time `now`, Unix seconds. Call it every day.
    ///
    /// # Errors
    /// `clock_jumped` if the clock may be wrong: then nothing is erased. And those of the store.
    pub fn purge(&self, now: u64) -> Result<Purged, Error> {
        Ok(self.lock().purge(now)?)
    }

    /// Erases what [`purge`](Self::purge) erases, by a clock that is known to be right.
    ///
    /// # Errors
    /// Those of the store.
    pub fn purge_by_this_clock(&self, now: u64) -> Result<Purged, Error> {
        Ok(self.lock().purge_by_this_clock(now)?)
    }

    /// Writes an encrypted backup of everything, the device's own keys included.
    ///
    /// # Errors
    /// `not_a_key`, `empty_passphrase`, and those of the store. What was written until then is no backup.
    pub fn back_up(&self, to: &BackupSecret<'_>, out: impl Write) -> Result<(), Error> {
        Ok(self.lock().back_up(&to.recipient()?, out)?)
    }

    /// Adds a backup to what is in the store. The same backup again changes nothing. Give all export files again
    /// afterwards: a backup does not prove what was found in them.
    ///
    /// # Errors
    /// `wrong_key`, `not_a_backup`, `damaged_backup`, `other_profile`, `not_a_key`, `empty_passphrase`, and those of
    /// the store.
    pub fn restore(&self, from: &BackupSecret<'_>, backup: impl Read) -> Result<Restored, Error> {
        Ok(self.lock().restore(&from.identity()?, backup, &BackupLimits::default())?)
    }

    /// How much there is of each.
    ///
    /// # Errors
    /// Those of the store.
    pub fn counts(&self) -> Result<Counts, Error> {
        Ok(self.lock().counts()?)
    }

    /// Reads every page and says what is wrong. It is empty if the store is sound.
    ///
    /// # Errors
    /// Those of the store.
    pub fn check(&self) -> Result<Vec<String>, Error> {
        Ok(self.lock().check()?)
    }
}

fn report(store: &gaen::store::Store, offered: Vec<Offered>, stopped: bool) -> Result<Report, Error> {
    let (files, matches) = stored::found(store, offered)?;
    let basis = store.basis(searched(&files).rejected)?;
    let found = Found { basis, files, matches, revised_keys: store.revised_keys()? };
    Ok(Report::new(store.profile(), found, stopped))
}
