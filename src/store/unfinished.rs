//! Interrupted searches, which go on where they were.
//!
//! The steps of a search are neither trusted nor shown, because the signature is only checked at the file's end. The
//! hash over the searched keys makes sure that a search goes on in the same file.

use rusqlite::{Connection, OptionalExtension, params};

use super::columns::{self, KEY, key, key_values};
use super::error::StoreError;
use crate::keys::DiagnosisKey;

/// How far a search is.
#[derive(Clone, Debug)]
pub(super) struct Unfinished {
    /// Once it has been written down.
    id: Option<i64>,
    pub(super) zip_sha256: [u8; 32],
    /// It is for the sightings after this one ...
    pub(super) after: i64,
    /// ... up to this one.
    pub(super) until: i64,
    /// How many keys were searched.
    pub(super) keys: u64,
    /// SHA-256 over them.
    pub(super) keys_sha256: [u8; 32],
    offered: i64,
}

/// A sighting with an identifier of a key of the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct FoundSighting {
    /// The key's number in the file.
    pub(super) number: u64,
    pub(super) key: DiagnosisKey,
    pub(super) interval: u32,
    /// The sighting's number in the store.
    pub(super) sighting: i64,
}

impl Unfinished {
    /// The search of the file in this zip for sightings after `after`, where it was interrupted, or at its beginning.
    pub(super) fn resume(
        connection: &Connection,
        zip_sha256: [u8; 32],
        after: i64,
        until: i64,
        offered: i64,
    ) -> Result<Self, StoreError> {
        let sql = "SELECT id, sightings_until, keys, keys_sha256 FROM unfinished
                   WHERE zip_sha256 = ?1 AND sightings_after = ?2";
        let found = connection.query_row(sql, params![zip_sha256, after], |row| {
            let id = Some(row.get(0)?);
            let (until, keys, keys_sha256) = (row.get(1)?, row.get(2)?, row.get(3)?);
            Ok(Self { id, zip_sha256, after, until, keys, keys_sha256, offered })
        });
        let new = Self { id: None, zip_sha256, after, until, keys: 0, keys_sha256: [0; 32], offered };
        Ok(found.optional()?.unwrap_or(new))
    }

    /// Writes down that the keys up to `keys` were searched, and what was found among them.
    pub(super) fn advance(
        &mut self,
        connection: &Connection,
        keys: u64,
        keys_sha256: [u8; 32],
        hits: &[FoundSighting],
    ) -> Result<(), StoreError> {
        let id = match self.id {
            Some(id) => {
                let sql = "UPDATE unfinished SET keys = ?2, keys_sha256 = ?3, offered = ?4 WHERE id = ?1 AND keys = ?5";
                let parameters = params![id, keys, keys_sha256, self.offered, self.keys];
                if connection.execute(sql, parameters)? != 1 {
                    return Err(StoreError::SearchedElsewhere);
                }
                id
            }
            None => {
                // One for other sightings has been overtaken: its file was searched for them by now.
                connection.execute(
                    "DELETE FROM unfinished WHERE zip_sha256 = ?1 AND sightings_after != ?2",
                    params![self.zip_sha256, self.after],
                )?;
                let sql = "INSERT INTO unfinished
                           (zip_sha256, sightings_after, sightings_until, keys, keys_sha256, offered)
                           VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING";
                let parameters = params![self.zip_sha256, self.after, self.until, keys, keys_sha256, self.offered];
                if connection.execute(sql, parameters)? != 1 {
                    return Err(StoreError::SearchedElsewhere);
                }
                connection.last_insert_rowid()
            }
        };
        let sql = format!(
            "INSERT OR IGNORE INTO unfinished_hits (search, number, {KEY}, interval, sighting)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        );
        let mut statement = connection.prepare_cached(&sql)?;
        for hit in hits {
            let [data, start, period, level, report_type, days, variant] = key_values(&hit.key);
            statement.execute(params![
                id,
                hit.number,
                data,
                start,
                period,
                level,
                report_type,
                days,
                variant,
                hit.interval,
                hit.sighting
            ])?;
        }
        (self.id, self.keys, self.keys_sha256) = (Some(id), keys, keys_sha256);
        Ok(())
    }

    /// What was found so far, in the order of the keys.
    pub(super) fn hits(&self, connection: &Connection) -> Result<Vec<FoundSighting>, StoreError> {
        let sql = format!(
            "SELECT number, interval, sighting, {KEY} FROM unfinished_hits WHERE search = ?1 ORDER BY number, interval, sighting"
        );
        columns::all(connection, &sql, [self.id], |row| {
            let (number, interval, sighting) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(FoundSighting { number, interval, sighting, key: key("unfinished_hits", row, 3)? })
        })
    }

    /// How much was found so far.
    pub(super) fn count(&self, connection: &Connection) -> Result<usize, StoreError> {
        let sql = "SELECT count(*) FROM unfinished_hits WHERE search = ?1";
        Ok(connection.query_row(sql, [self.id], |row| row.get(0))?)
    }
}

/// Forgets all steps of searches of the file in this zip.
pub(super) fn forget(connection: &Connection, zip_sha256: &[u8; 32]) -> Result<(), StoreError> {
    connection.execute("DELETE FROM unfinished WHERE zip_sha256 = ?1", [zip_sha256])?;
    Ok(())
}
