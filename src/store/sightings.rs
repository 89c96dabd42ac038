//! The sightings of a store.

use std::collections::HashMap;

use rusqlite::{CachedStatement, Connection, params};

use super::Store;
use super::columns::{self, SIGHTING, sighting};
use super::error::StoreError;
use crate::matching::Sighting;

impl Store {
    /// Stores all of these sightings, or none. The same sighting twice is two sightings.
    ///
    /// Each call is one durable transaction: pass all sightings of a scan at once.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn insert(&mut self, sightings: &[Sighting]) -> Result<(), StoreError> {
        let transaction = self.write()?;
        insert(&transaction, sightings)?;
        Ok(transaction.commit()?)
    }

    /// All sightings, in the order in which they were stored.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn sightings(&self) -> Result<Vec<Sighting>, StoreError> {
        Ok(between(&self.connection, 0, i64::MAX)?.sightings)
    }
}

/// Stores sightings under the next numbers.
pub(super) fn insert(connection: &Connection, sightings: &[Sighting]) -> Result<(), StoreError> {
    let mut insertion = Insertion::begin(connection)?;
    for (position, sighting) in sightings.iter().enumerate() {
        insertion.insert(position, sighting)?;
    }
    insertion.end()
}

/// What became of sightings from another store.
pub(super) struct Merged {
    /// The number of new sightings.
    pub(super) stored: u64,
    /// The number of sightings that the store had already.
    pub(super) already_there: u64,
}

/// Adds sightings from another store. If a sighting is stored several times here or there, the store keeps the larger
/// number.
pub(super) fn merge(connection: &Connection, theirs: &[Sighting]) -> Result<Merged, StoreError> {
    let mut there: HashMap<Sighting, u64> = HashMap::new();
    for sighting in between(connection, 0, i64::MAX)?.sightings {
        let count = there.entry(sighting).or_default();
        *count = count.saturating_add(1);
    }
    let mut insertion = Insertion::begin(connection)?;
    let mut merged = Merged { stored: 0, already_there: 0 };
    for (position, sighting) in theirs.iter().enumerate() {
        match there.get_mut(sighting).filter(|count| **count > 0) {
            Some(count) => {
                *count = count.saturating_sub(1);
                merged.already_there = merged.already_there.saturating_add(1);
            }
            None => {
                insertion.insert(position, sighting)?;
                merged.stored = merged.stored.saturating_add(1);
            }
        }
    }
    insertion.end()?;
    Ok(merged)
}

/// Sightings are being stored.
struct Insertion<'c> {
    connection: &'c Connection,
    statement: CachedStatement<'c>,
    next: i64,
}

impl<'c> Insertion<'c> {
    fn begin(connection: &'c Connection) -> Result<Self, StoreError> {
        let sql = format!("INSERT INTO sightings (id, {SIGHTING}) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        Ok(Self { connection, statement: connection.prepare_cached(&sql)?, next: next(connection)? })
    }

    /// Stores one under the next number.
    fn insert(&mut self, position: usize, sighting: &Sighting) -> Result<(), StoreError> {
        let seconds = |seconds: u64| i64::try_from(seconds).map_err(|_| StoreError::TimeTooLarge { position, seconds });
        let Sighting { rpi, aem, rssi, time, previous_scan } = sighting;
        let (time, previous_scan) = (seconds(*time)?, previous_scan.map(seconds).transpose()?);
        self.statement.execute(params![self.next, rpi.as_bytes(), aem, rssi, time, previous_scan])?;
        self.next = self.next.checked_add(1).ok_or_else(|| StoreError::damaged("store", "no sighting numbers left"))?;
        Ok(())
    }

    fn end(self) -> Result<(), StoreError> {
        self.connection.execute("UPDATE store SET next_sighting = ?1", [self.next])?;
        Ok(())
    }
}

/// The number of the next sighting.
fn next(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.query_row("SELECT next_sighting FROM store", [], |row| row.get(0))?)
}

/// The number of the last sighting that was stored, whether or not it is still there.
pub(super) fn last(connection: &Connection) -> Result<i64, StoreError> {
    Ok(next(connection)?.saturating_sub(1))
}

/// Sightings with their numbers, ascending.
pub(super) struct Numbered {
    pub(super) ids: Vec<i64>,
    pub(super) sightings: Vec<Sighting>,
}

/// The sightings with a number over `after`, up to `until`.
pub(super) fn between(connection: &Connection, after: i64, until: i64) -> Result<Numbered, StoreError> {
    let sql = format!("SELECT id, {SIGHTING} FROM sightings WHERE id > ?1 AND id <= ?2 ORDER BY id");
    let rows = columns::all(connection, &sql, [after, until], |row| Ok((row.get::<_, i64>(0)?, sighting(row, 1)?)))?;
    let (ids, sightings) = rows.into_iter().unzip();
    Ok(Numbered { ids, sightings })
}
