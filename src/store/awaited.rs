//! Files of a restored backup that nobody has offered again.

use rusqlite::{Connection, Row};

use super::Store;
use super::columns;
use super::error::StoreError;
use crate::export::FileFacts;

/// A file that the store of a restored backup had searched, and that nobody has offered to this store since.
///
/// This store does not believe what was found there. It finds it again when you offer the file and its signature
/// verifies.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct AwaitedFile {
    /// SHA-256 of `export.bin` with its header.
    #[cfg_attr(feature = "serde", serde(serialize_with = "super::columns::hex"))]
    pub export_sha256: [u8; 32],
    /// The time window and the region of the file.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub facts: FileFacts,
    /// The number of keys of the file that were heard there. Nothing proves this number.
    pub matched_keys: u64,
    /// When the file was last offered there, Unix seconds.
    pub last_offered: u64,
}

impl AwaitedFile {
    /// Reads the file in a row with these columns, in this order.
    pub(super) fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            export_sha256: row.get(0)?,
            facts: columns::facts(row, 1)?,
            matched_keys: row.get(4)?,
            last_offered: row.get(5)?,
        })
    }
}

impl Store {
    /// The files of restored backups that nobody has offered since. While there are any, matches may be missing.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn awaited_files(&self) -> Result<Vec<AwaitedFile>, StoreError> {
        all(&self.connection)
    }
}

/// All awaited files, the oldest first.
pub(super) fn all(connection: &Connection) -> Result<Vec<AwaitedFile>, StoreError> {
    let sql = "SELECT export_sha256, start_timestamp, end_timestamp, region, matched_keys, last_offered
               FROM awaited_files ORDER BY start_timestamp, export_sha256";
    columns::all(connection, sql, [], AwaitedFile::read)
}

/// Awaits a file, unless this store has searched it.
#[cfg(feature = "backup")]
pub(super) fn add(connection: &Connection, file: &AwaitedFile) -> Result<(), StoreError> {
    let sql = "INSERT INTO awaited_files SELECT ?1, ?2, ?3, ?4, ?5, ?6
               WHERE NOT EXISTS (SELECT 1 FROM files WHERE export_sha256 = ?1)
               ON CONFLICT DO UPDATE SET
                   matched_keys = max(matched_keys, excluded.matched_keys),
                   last_offered = max(last_offered, excluded.last_offered)";
    let AwaitedFile { export_sha256, facts, matched_keys, last_offered } = file;
    connection.prepare_cached(sql)?.execute(rusqlite::params![
        export_sha256,
        facts.start_timestamp,
        facts.end_timestamp,
        facts.region,
        matched_keys,
        last_offered
    ])?;
    Ok(())
}

/// No longer awaits a file: this store has searched it.
pub(super) fn arrived(connection: &Connection, export_sha256: &[u8; 32]) -> Result<(), StoreError> {
    connection.execute("DELETE FROM awaited_files WHERE export_sha256 = ?1", [export_sha256])?;
    Ok(())
}
