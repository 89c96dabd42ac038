//! The device's own keys.

use core::convert::Infallible;

use rusqlite::{Connection, params};

use super::Store;
use super::columns::{self, window};
use super::error::StoreError;
use super::ledger::storable;
use crate::device::key_ring::SteadyClock;
use crate::device::{KeyRing, OwnKey};
use crate::keys::TemporaryExposureKey;
use crate::time::EnIntervalNumber;

impl Store {
    /// Reads the device's keys, lets `change` work with them, and stores the result.
    ///
    /// Nobody else can change the keys in between. The method returns only when the keys are on the disk. So a key that
    /// you broadcast is never lost.
    ///
    /// ```no_run
    /// # fn rotate(store: &mut gaen::store::Store, now: u64) -> Result<(), Box<dyn std::error::Error>> {
    /// let identifier_key = store
    ///     .with_key_ring(|ring| ring.rotate(now, &mut rand::rng()).map(|current| current.key().key().identifier_key()))??;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`StoreError`]. Then the store has the keys as they were.
    pub fn with_key_ring<T>(&mut self, change: impl FnOnce(&mut KeyRing) -> T) -> Result<T, StoreError> {
        let transaction = self.write()?;
        let mut ring = read(&transaction)?;
        let outcome = change(&mut ring);
        write(&transaction, &ring)?;
        transaction.commit()?;
        Ok(outcome)
    }
}

pub(super) fn read(connection: &Connection) -> Result<KeyRing, StoreError> {
    let sql = "SELECT key, start, period, used_until, released, generated_at FROM own_keys ORDER BY position";
    let keys = columns::all(connection, sql, [], |row| {
        // Borrowed from the database, whose own memory nobody wipes.
        let key = row.get_ref(0)?.as_blob().ok().and_then(|key| <&[u8; 16]>::try_from(key).ok());
        let key = key.ok_or_else(|| StoreError::damaged("own_keys", "a key is not 16 bytes"))?;
        let Ok(key) = TemporaryExposureKey::boxed(|bytes| {
            bytes.copy_from_slice(key);
            Ok::<(), Infallible>(())
        });
        let window = window("own_keys", row.get(1)?, row.get(2)?)?;
        let used_until = EnIntervalNumber::new(row.get(3)?);
        Ok(OwnKey { key, window, used_until, released: row.get(4)?, generated_at: row.get(5)? })
    })?;
    let clock = |row: &rusqlite::Row<'_>| Ok(SteadyClock { latest: row.get(0)?, elapsed: row.get(1)? });
    let clock = connection.query_row("SELECT ring_latest, ring_elapsed FROM store", [], clock)?;
    Ok(KeyRing { keys, clock })
}

pub(super) fn write(connection: &Connection, ring: &KeyRing) -> Result<(), StoreError> {
    connection.execute("DELETE FROM own_keys", [])?;
    let mut statement = connection.prepare_cached("INSERT INTO own_keys VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
    for (position, key) in ring.keys().enumerate() {
        let (start, period) = (key.window().start().as_u32(), key.window().period().as_u32());
        let OwnKey { used_until, generated_at, .. } = key;
        let secret = key.key().expose_secret();
        statement.execute(params![
            position,
            secret,
            start,
            period,
            used_until.as_u32(),
            key.is_released(),
            generated_at
        ])?;
    }
    let SteadyClock { latest, elapsed } = ring.clock;
    connection
        .execute("UPDATE store SET ring_latest = ?1, ring_elapsed = ?2", params![latest.map(storable), elapsed])?;
    Ok(())
}
