//! Keeps what a device must not lose in one SQLite file: sightings, own keys, and what was found in which files.
//!
//! ```
//! use gaen::store::Store;
//! use gaen::{Profile, Sighting};
//!
//! # let folder = std::env::temp_dir().join(format!("gaen-store-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! let mut store = Store::open(folder.join("gaen.db"), Profile::Google)?;
//! let rpi = "8be6cd371c5c891604bfbe49df845096".parse()?;
//! store.insert(&[Sighting::new(rpi, &[0x72, 0x03, 0x38, 0x74], -60, 1_585_785_700)])?;
//! assert_eq!(store.counts()?.sightings, 1);
//! # drop(store);
//! # std::fs::remove_dir_all(folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ```text
//! Sightings -> insert -> Store
//! zip -> search(&trust) -> add_export: signature good? -> hits + ledger, in one transaction
//! Store -> matches / encounters (acceptance rules, revisions) -> assess_encounters
//! ```
//!
//! The store knows a file by SHA-256 of its `export.bin`, and remembers for which sightings it has searched the file.
//! So every key meets every sighting once. Offer all files that the server lists, every time. If a file was searched
//! for everything, the store only hashes its bytes. If a file's days have new sightings, the store searches the file
//! for these alone.
//!
//! The store keeps facts, and judges them when you ask. A hit is a sighting with an identifier of a key. Whether the
//! hit counts, and what the key's report is now, follows from all hits and all revised keys, by the rules of
//! [`Matcher`](crate::matching::Matcher) and [`StoredKeys`](crate::exposure::StoredKeys). So the order in which files
//! and sightings came leaves no trace.
//!
//! When an operation returns, its result is on the disk (write-ahead log, `synchronous = FULL`). Every operation is one
//! transaction: after a crash, it has happened or it has not. Erased records are overwritten in this file
//! (`secure_delete`). A flash memory or a file system may keep older copies. The file is not encrypted.
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used)]

mod awaited;
#[cfg(feature = "backup")]
mod backup;
mod bookkeeping;
mod columns;
mod error;
mod image;
mod import;
mod ledger;
#[cfg(feature = "backup")]
mod merge;
mod own_keys;
mod purge;
mod results;
mod schema;
mod search;
mod sightings;
mod unfinished;
mod untrusted;
mod write_ahead_log;

use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use self::awaited::AwaitedFile;
pub use self::error::StoreError;
pub use self::image::{DatabaseProgram, DatabaseSightings};
pub use self::import::{ImportSkip, Imported};
pub use self::ledger::FileRecord;
#[cfg(feature = "backup")]
pub use self::merge::Restored;
pub use self::purge::Purged;
pub use self::search::{SearchedExport, StoreSearch};
pub use self::untrusted::StoreLimits;
use crate::profile::Profile;

/// An open store.
///
/// Several processes may open the same file. One of them writes at a time, and the others wait for up to five seconds.
/// Within a process, share the store behind a lock, or open it several times.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    profile: Profile,
    others_may_write: bool,
    checkpoint_keys: u64,
}

/// The number of records of each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Counts {
    /// The number of sightings.
    pub sightings: u64,
    /// The number of files that the store has searched.
    pub files: u64,
    /// The number of published keys with a hit, whether or not the hit counts.
    pub matched_keys: u64,
    /// The number of hits: pairs of a sighting and a published key whose identifier it has.
    pub hits: u64,
    /// The number of revised keys of all files.
    pub revised_keys: u64,
    /// The number of the device's own keys.
    pub own_keys: u64,
    /// The number of interrupted searches, which will go on.
    pub unfinished_searches: u64,
    /// The number of files of restored backups that nobody has offered since: see [`Store::awaited_files`].
    pub awaited_files: u64,
}

/// Keys of a file after which an unfinished search is written down: a fraction of a second on any device.
const CHECKPOINT_KEYS: u64 = 1 << 18;

impl Store {
    /// Opens the store in this file, or makes a store that only its owner can read.
    ///
    /// A store reads files by the rules of one profile for good. If the store has another profile, the method refuses
    /// it. It brings a store of an earlier version up to date, without loss. It refuses a store with tables, views or
    /// triggers that this crate did not make, and with numbers or times that this crate cannot have written. `path` is
    /// always the name of a file, also `:memory:` and `file:`.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn open(path: impl AsRef<Path>, profile: Profile) -> Result<Self, StoreError> {
        let store = Self::at(path.as_ref(), Some(profile))?;
        match store.profile == profile {
            true => Ok(store),
            false => Err(StoreError::OtherProfile { found: store.profile, asked: profile }),
        }
    }

    /// Opens an existing store, whatever its profile.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if there is no store, or if the making of the store was interrupted. Otherwise as
    /// [`open`](Self::open).
    pub fn open_existing(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::at(path.as_ref(), None)
    }

    fn at(path: &Path, create: Option<Profile>) -> Result<Self, StoreError> {
        let store = Self::with(schema::open(path, create)?)?;
        Ok(Self { others_may_write: schema::others_may_write(path), ..store })
    }

    fn with(connection: Connection) -> Result<Self, StoreError> {
        let profile = schema::profile(&connection)?;
        bookkeeping::expect_sound(&connection)?;
        Ok(Self { connection, profile, others_may_write: false, checkpoint_keys: CHECKPOINT_KEYS })
    }

    /// Sets after how many keys of a file the store notes a point from which an interrupted search can go on. The
    /// default is 262,144, the least is 1.
    #[must_use]
    pub fn checkpoint_after(mut self, keys: u64) -> Self {
        self.checkpoint_keys = keys.max(1);
        self
    }

    /// The profile by which the store reads files.
    #[must_use]
    pub const fn profile(&self) -> Profile {
        self.profile
    }

    /// `true` if others than the owner may write to the file. Then they decide what the store says.
    ///
    /// [`open`](Self::open) makes files that only the owner can read and write. Always `false` on systems other than
    /// Unix.
    #[must_use]
    pub const fn others_may_write(&self) -> bool {
        self.others_may_write
    }

    /// Counts the records of each kind.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn counts(&self) -> Result<Counts, StoreError> {
        counts(&*self.connection.unchecked_transaction()?)
    }

    /// Checks the whole store, and returns what is wrong. The list is empty if the store is sound.
    ///
    /// The method reads every page and every index. It looks for tables, views and triggers that are not the store's,
    /// and for numbers and times that this crate cannot have written.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn check(&self) -> Result<Vec<String>, StoreError> {
        let mut statement = self.connection.prepare("PRAGMA integrity_check(100)")?;
        let found: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let mut broken = self.connection.prepare("PRAGMA foreign_key_check")?;
        let table = |row: &rusqlite::Row<'_>| row.get(0).map(|table: String| format!("dangling reference in {table}"));
        let dangling: Vec<String> = broken.query_map([], table)?.collect::<Result<_, _>>()?;
        let foreign = schema::foreign(&self.connection)?;
        let mut wrong: Vec<_> = found.into_iter().filter(|line| line != "ok").chain(dangling).chain(foreign).collect();
        // Where tables are missing, only that is told.
        if wrong.is_empty() {
            wrong.extend(bookkeeping::problems(&self.connection)?.iter().map(ToString::to_string));
        }
        Ok(wrong)
    }

    /// Begins a transaction that may write from its beginning.
    fn write(&mut self) -> Result<Transaction<'_>, StoreError> {
        Ok(self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
    }
}

fn counts(connection: &Connection) -> Result<Counts, StoreError> {
    let count = |table: &str| -> Result<u64, StoreError> {
        Ok(connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?)
    };
    Ok(Counts {
        sightings: count("sightings")?,
        files: count("files")?,
        matched_keys: count("matched_keys")?,
        hits: count("hits")?,
        revised_keys: count("revised_keys")?,
        own_keys: count("own_keys")?,
        unfinished_searches: count("unfinished")?,
        awaited_files: count("awaited_files")?,
    })
}

#[cfg(feature = "backup")]
impl Counts {
    /// How many more records of each kind there are.
    fn since(&self, before: &Self) -> Self {
        let more = |count: fn(&Self) -> u64| count(self).saturating_sub(count(before));
        Self {
            sightings: more(|counts| counts.sightings),
            files: more(|counts| counts.files),
            matched_keys: more(|counts| counts.matched_keys),
            hits: more(|counts| counts.hits),
            revised_keys: more(|counts| counts.revised_keys),
            own_keys: more(|counts| counts.own_keys),
            unfinished_searches: more(|counts| counts.unfinished_searches),
            awaited_files: more(|counts| counts.awaited_files),
        }
    }
}
