//! What can go wrong with a store.

use rusqlite::ErrorCode;

#[cfg(feature = "backup")]
use crate::backup::BackupError;
use crate::export::ExportError;
use crate::profile::Profile;
use crate::time::SECONDS_PER_DAY;

/// Why an operation on a store failed. Then the store is as it was before.
///
/// [`code`](Self::code) is stable and meant for programs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no file at this path.
    #[error("there is no store at {path}")]
    Missing {
        /// The path at which no file is.
        path: String,
    },
    /// The file is not a store.
    #[error("not a store: {detail}")]
    NotAStore {
        /// The fault, in words.
        detail: String,
    },
    /// A later version of this crate has written the store.
    #[error("the store has schema version {found}; this version of gaen knows those up to {known}")]
    NewerSchema {
        /// The version of the store's schema.
        found: i64,
        /// The last version that this crate knows.
        known: i64,
    },
    /// The store was made for another profile, and so has read files by other rules.
    #[error("the store is of profile {found:?}, not of {asked:?}")]
    OtherProfile {
        /// The profile of the store.
        found: Profile,
        /// The profile that the caller asked for.
        asked: Profile,
    },
    /// Another process has written to the store for too long.
    #[error("the store is busy: another process is writing to it")]
    Busy,
    /// Another process is searching the same file.
    #[error("another process is searching the same file")]
    SearchedElsewhere,
    /// The file or its folder is read-only.
    #[error("the store cannot be written: the file, its folder or its file system is read-only")]
    ReadOnly,
    /// The disk is full.
    #[error("no room left: {detail}")]
    Full {
        /// What the database says.
        detail: String,
    },
    /// The file has records that this crate cannot have written.
    #[error("the store is damaged: {detail}")]
    Damaged {
        /// What is wrong, and in which table.
        detail: String,
    },
    /// The system could not open, read or write the file.
    #[error("the store cannot be read or written: {detail}")]
    Unreadable {
        /// What the system says.
        detail: String,
    },
    /// A sighting has a time that no clock shows. The store has stored none of the sightings.
    #[error("sighting {position} has a time of {seconds} s, over 2^63 - 1")]
    TimeTooLarge {
        /// The position of the sighting among the given ones, from 0.
        position: usize,
        /// The time of the sighting, Unix seconds.
        seconds: u64,
    },
    /// The store has more sightings than an index takes.
    #[error("{found} sightings; a search takes fewer than 2^32 - 1")]
    TooManySightings {
        /// The number of sightings.
        found: usize,
    },
    /// Since the last purge, the clock has jumped far ahead or back. The store has erased nothing. See
    /// [`Store::purge_by_this_clock`](super::Store::purge_by_this_clock).
    #[error(
        "the clock shows {now} s, {} days {} {before} s, when it was last seen: it may be wrong, and nothing was erased",
        .now.abs_diff(*.before) / SECONDS_PER_DAY,
        if now > before { "after" } else { "before" }
    )]
    ClockJumped {
        /// What the clock showed before, Unix seconds.
        before: u64,
        /// What the clock shows now, Unix seconds.
        now: u64,
    },
    /// A file to import is not a database of the expected program, or cannot be read.
    #[error("nothing was imported: {detail}")]
    NotImportable {
        /// The fault, in words.
        detail: String,
    },
    /// A database may have a write-ahead log beside it, and nobody knows whether it has.
    #[error(
        "the database may keep its newest rows in a second file beside it, whose name ends in -wal: give that file too, or \
         say that there is none"
    )]
    LogMissing,
    /// A database to import has more bytes than the limit.
    #[error("larger than {limit} bytes, the limit")]
    TooLarge {
        /// The limit, [`StoreLimits::database_bytes`](super::StoreLimits::database_bytes).
        limit: u64,
    },
    /// A backup was not made, or not opened.
    #[cfg(feature = "backup")]
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The store refused an export file.
    #[error(transparent)]
    File(#[from] ExportError),
    /// The database reported another error.
    #[error("database: {detail}")]
    Database {
        /// What the database says.
        detail: String,
    },
}

impl StoreError {
    /// A short name that does not change, for programs. For an export file or a backup, the name of its
    /// own error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "missing",
            Self::NotAStore { .. } => "not_a_store",
            Self::NewerSchema { .. } => "newer_schema",
            Self::OtherProfile { .. } => "other_profile",
            Self::Busy => "busy",
            Self::SearchedElsewhere => "searched_elsewhere",
            Self::ReadOnly => "read_only",
            Self::Full { .. } => "full",
            Self::Damaged { .. } => "damaged",
            Self::Unreadable { .. } => "unreadable",
            Self::TimeTooLarge { .. } => "time_too_large",
            Self::TooManySightings { .. } => "too_many_sightings",
            Self::ClockJumped { .. } => "clock_jumped",
            Self::NotImportable { .. } => "not_importable",
            Self::LogMissing => "log_missing",
            Self::TooLarge { .. } => "too_large",
            #[cfg(feature = "backup")]
            Self::Backup(error) => error.code(),
            Self::File(error) => error.code(),
            Self::Database { .. } => "database",
        }
    }

    /// Makes the error of a table that has a record which this crate never wrote.
    pub(super) fn damaged(table: &str, what: impl core::fmt::Display) -> Self {
        Self::Damaged { detail: format!("table {table}: {what}") }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let detail = error.to_string();
        match error {
            rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
                ErrorCode::DiskFull => Self::Full { detail },
                ErrorCode::ReadOnly | ErrorCode::PermissionDenied => Self::ReadOnly,
                ErrorCode::DatabaseCorrupt => Self::Damaged { detail },
                ErrorCode::NotADatabase => Self::NotAStore { detail },
                ErrorCode::CannotOpen | ErrorCode::SystemIoFailure => Self::Unreadable { detail },
                _ => Self::Database { detail },
            },
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::Utf8Error(..)
            | rusqlite::Error::QueryReturnedNoRows => Self::Damaged { detail },
            _ => Self::Database { detail },
        }
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    /// Programs rely on every name.
    #[test]
    fn codes_are_a_contract() {
        let (path, detail) = (String::new(), String::new());
        for (error, code) in [
            (StoreError::Missing { path }, "missing"),
            (StoreError::NotAStore { detail: detail.clone() }, "not_a_store"),
            (StoreError::NewerSchema { found: 3, known: 2 }, "newer_schema"),
            (StoreError::OtherProfile { found: Profile::Google, asked: Profile::AppleV1 }, "other_profile"),
            (StoreError::Busy, "busy"),
            (StoreError::SearchedElsewhere, "searched_elsewhere"),
            (StoreError::ReadOnly, "read_only"),
            (StoreError::Full { detail: detail.clone() }, "full"),
            (StoreError::Damaged { detail: detail.clone() }, "damaged"),
            (StoreError::Unreadable { detail: detail.clone() }, "unreadable"),
            (StoreError::TimeTooLarge { position: 0, seconds: u64::MAX }, "time_too_large"),
            (StoreError::TooManySightings { found: 1 << 32 }, "too_many_sightings"),
            (StoreError::ClockJumped { before: 1, now: 2 }, "clock_jumped"),
            (StoreError::NotImportable { detail: detail.clone() }, "not_importable"),
            (StoreError::LogMissing, "log_missing"),
            (StoreError::TooLarge { limit: 1 }, "too_large"),
            #[cfg(feature = "backup")]
            (StoreError::Backup(BackupError::WrongKey), "wrong_key"),
            (StoreError::File(ExportError::Unsigned), "unsigned"),
            (StoreError::Database { detail }, "database"),
        ] {
            assert_eq!(error.code(), code, "{error}");
        }
    }

    #[test]
    fn errors_of_the_database_are_told_apart() {
        let of = |code| rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        for (error, code) in [
            (of(ffi::SQLITE_BUSY), "busy"),
            (of(ffi::SQLITE_LOCKED), "busy"),
            (of(ffi::SQLITE_FULL), "full"),
            (of(ffi::SQLITE_READONLY), "read_only"),
            (of(ffi::SQLITE_PERM), "read_only"),
            (of(ffi::SQLITE_CORRUPT), "damaged"),
            (of(ffi::SQLITE_NOTADB), "not_a_store"),
            (of(ffi::SQLITE_CANTOPEN), "unreadable"),
            (of(ffi::SQLITE_IOERR_READ), "unreadable"),
            (of(ffi::SQLITE_NOMEM), "database"),
            (rusqlite::Error::QueryReturnedNoRows, "damaged"),
            (rusqlite::Error::InvalidQuery, "database"),
        ] {
            let text = error.to_string();
            assert_eq!(StoreError::from(error).code(), code, "{text}");
        }
    }
}
