//! What a device must not lose, in one SQLite file: what it heard, its own keys, and what was found in which files.
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
//! A file is known by SHA-256 of its `export.bin`, and the store remembers for which sightings it was searched: every key
//! meets every sighting once. Offer all files that the server lists, every time: those that were searched for everything
//! cost no more than reading their bytes, and those whose days have new sightings are searched for these alone.
//!
//! Facts are stored, and judged when they are asked for: a hit is a sighting with the identifier of a key, and whether
//! it counts, and what the report of its key has become, are computed from all hits and all revised keys by the rules
//! of [`Matcher`](crate::matching::Matcher) and [`StoredKeys`](crate::exposure::StoredKeys). So the order in which files and
//! sightings came leaves no trace.
//!
//! What was acknowledged is on the disk (write-ahead log, `synchronous = FULL`), and every operation is one transaction:
//! after a crash it has happened or it has not. What is erased is overwritten (`secure_delete`), in this file; a flash
//! memory or a file system may keep older copies. The file is not encrypted.
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used)]

mod awaited;
#[cfg(feature = "backup")]
mod backup;
mod bookkeeping;
mod columns;
mod error;
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

use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use self::awaited::AwaitedFile;
#[cfg(feature = "backup")]
pub use self::backup::{BackupIdentity, BackupRecipient};
pub use self::error::StoreError;
pub use self::import::{ImportSkip, Imported};
pub use self::ledger::FileRecord;
#[cfg(feature = "backup")]
pub use self::merge::Restored;
pub use self::purge::Purged;
pub use self::search::{SearchedExport, StoreSearch};
pub use self::untrusted::StoreLimits;
use crate::profile::Profile;

/// A store that is open.
///
/// Several processes may have the same one open; one of them writes at a time, and the others wait for up to five
/// seconds. Within a process, share it behind a lock or open it several times.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    profile: Profile,
    others_may_write: bool,
    checkpoint_keys: u64,
}

/// How much there is of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Counts {
    /// How many sightings there are.
    pub sightings: u64,
    /// How many files were searched.
    pub files: u64,
    /// Published keys of which something was heard, whether or not it counts.
    pub matched_keys: u64,
    /// Pairs of a sighting and an identifier of such a key.
    pub hits: u64,
    /// Keys whose report has changed, of all files.
    pub revised_keys: u64,
    /// How many own keys of the device there are.
    pub own_keys: u64,
    /// How many searches were interrupted and will go on.
    pub unfinished_searches: u64,
    /// Files of restored backups that were not offered since: see [`Store::awaited_files`].
    pub awaited_files: u64,
}

/// Keys of a file after which an unfinished search is written down: a fraction of a second on any device.
const CHECKPOINT_KEYS: u64 = 1 << 18;

impl Store {
    /// Opens the store in this file, or makes one, readable by its owner alone. What the files say is read by the rules of
    /// this profile, for good: a store of another one is refused.
    ///
    /// A store of an earlier version is brought up to date, without loss. One with tables, views or triggers that this
    /// crate did not make is refused, and so is one with numbers or times that it cannot have written. A path is the name of a file, whatever SQLite makes of `:memory:` and `file:`.
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

    /// Opens a store that is there, whatever its profile.
    ///
    /// # Errors
    /// [`StoreError::Missing`], also where the making of a store was interrupted; and as [`open`](Self::open).
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

    /// How many keys of a file are searched between two points from which an interrupted search goes on. The default is
    /// 262,144; at least 1.
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

    /// `true` if the permissions of the file let others than its owner write to it: then they decide what the store says.
    /// [`open`](Self::open) makes files that are their owner's alone. Always `false` where the system is no Unix.
    #[must_use]
    pub const fn others_may_write(&self) -> bool {
        self.others_may_write
    }

    /// How much there is of each.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn counts(&self) -> Result<Counts, StoreError> {
        counts(&*self.connection.unchecked_transaction()?)
    }

    /// Reads every page and every index, looks for tables, views and triggers that are not the store's and for numbers and
    /// times that it cannot have written, and says what is wrong. It is empty if the store is sound.
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

    /// A transaction that may write: it has the right to from its beginning.
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
    /// How much there is more of each.
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
