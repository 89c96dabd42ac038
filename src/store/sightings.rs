//! What was heard.

use rusqlite::{Connection, params};

use super::Store;
use super::columns::{self, SIGHTING, sighting};
use super::error::StoreError;
use crate::matching::Sighting;

impl Store {
    /// Stores these sightings, all or none of them. The same one twice is two sightings.
    ///
    /// One call is one durable transaction: give them by the scan, not one by one.
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
    let next = next(connection)?;
    let mut statement = connection
        .prepare_cached(&format!("INSERT INTO sightings (id, {SIGHTING}) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"))?;
    let mut id = next;
    for (position, sighting) in sightings.iter().enumerate() {
        let seconds = |seconds: u64| i64::try_from(seconds).map_err(|_| StoreError::TimeTooLarge { position, seconds });
        let Sighting { rpi, aem, rssi, time, previous_scan } = sighting;
        let (time, previous_scan) = (seconds(*time)?, previous_scan.map(seconds).transpose()?);
        statement.execute(params![id, rpi.as_bytes(), aem, rssi, time, previous_scan])?;
        id = id.checked_add(1).ok_or_else(|| StoreError::damaged("store", "no sighting numbers left"))?;
    }
    connection.execute("UPDATE store SET next_sighting = ?1", [id])?;
    Ok(())
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
