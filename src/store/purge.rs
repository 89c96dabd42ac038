//! Erases records that are 14 days old.

use core::time::Duration;

use rusqlite::{Connection, Row};

use super::error::StoreError;
use super::ledger::storable;
use super::results::{HeardKey, first_heard, heard_keys};
use super::{Store, own_keys, schema};
use crate::profile::Profile;
use crate::time::{CLOCK_SECONDS, INTERVAL_SECONDS, LONGEST_STEP_SECONDS, POSSIBLE_TIMES, RETENTION_SECONDS};

/// How long to wait for processes that read from the log. The next opening tries again.
const PATIENCE: Duration = Duration::from_secs(1);

/// What a purge has erased: the number of records of each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Purged {
    /// Sightings that were at least 14 days old.
    pub sightings: u64,
    /// Hits of these sightings.
    pub hits: u64,
    /// Published keys without any sighting left.
    pub matched_keys: u64,
    /// Revised keys that can no longer match a sighting.
    pub revised_keys: u64,
    /// Files that nobody has offered for 14 days and that have no such key left.
    pub files: u64,
    /// Interrupted searches of files that nobody has offered for 14 days.
    pub unfinished_searches: u64,
    /// The device's own keys that [`KeyRing::purge`](crate::device::KeyRing::purge) erased.
    pub own_keys: u64,
    /// Sightings that stay although their time is later than the clock. The clock was wrong then, or is wrong now.
    pub sightings_from_the_future: u64,
    /// `true` if the erased records are overwritten everywhere in the store. `false` if another process was reading
    /// from the log, or the disk failed. Then copies are still in the log, and the next purge or opening overwrites
    /// them.
    pub is_overwritten: bool,
}

impl Store {
    /// Erases records that are 14 days old at the time `now` in Unix seconds. Returns what went. Call it every day.
    ///
    /// A sighting goes when `time + 14 days <= now`, with its hits. A published key goes with the last of its
    /// sightings. A sighting that stays counts as before. The device's own keys go as in
    /// [`KeyRing::purge`](crate::device::KeyRing::purge).
    ///
    /// # Errors
    /// [`StoreError::ClockJumped`] if the clock is more than two days after the last purge, or more than two days
    /// before it. Then the store erases nothing, because a wrong clock would erase too much.
    ///
    /// Before the first purge, `now` has to lie between the oldest sighting and the end of its 14 days, with the same
    /// two days on either side. A store without purge and sightings has nothing to compare with: it believes `now`, and
    /// does not remember it. The store never compares with, or remembers, a time that is not
    /// [possible](POSSIBLE_TIMES).
    pub fn purge(&mut self, now: u64) -> Result<Purged, StoreError> {
        let sql = "SELECT last_purge, (SELECT min(time) FROM sightings WHERE time >= ?1 AND time < ?2) FROM store";
        let times = |row: &Row<'_>| Ok((row.get::<_, Option<u64>>(0)?, row.get::<_, Option<u64>>(1)?));
        let possible = [POSSIBLE_TIMES.start, POSSIBLE_TIMES.end].map(storable);
        let (last_purge, oldest) = self.connection.query_row(sql, possible, times)?;
        let expected = last_purge.map(|last| (last, last));
        match expected.or(oldest.map(|oldest| (oldest, oldest.saturating_add(RETENTION_SECONDS)))) {
            Some((_, before)) if now > before.saturating_add(LONGEST_STEP_SECONDS) => {
                Err(StoreError::ClockJumped { before, now })
            }
            Some((before, _)) if now < before.saturating_sub(LONGEST_STEP_SECONDS) => {
                Err(StoreError::ClockJumped { before, now })
            }
            Some(_) => self.erase(now, POSSIBLE_TIMES.contains(&now)),
            None => self.erase(now, false),
        }
    }

    /// Does [`purge`](Self::purge) by a clock that you know to be right, however long ago the last purge was.
    ///
    /// Call it when the phone has been off for days and the time is confirmed. The next purge is compared with this
    /// one.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn purge_by_this_clock(&mut self, now: u64) -> Result<Purged, StoreError> {
        self.erase(now, POSSIBLE_TIMES.contains(&now))
    }

    fn erase(&mut self, now: u64, remember: bool) -> Result<Purged, StoreError> {
        let profile = self.profile;
        let transaction = self.write()?;
        let purged = purge(&transaction, profile, now)?;
        if remember {
            transaction.execute("UPDATE store SET last_purge = ?1", [storable(now)])?;
        }
        transaction.commit()?;
        // What was overwritten is still in the log as it was. It is erased all the same if that stays.
        Ok(Purged { is_overwritten: schema::empty_log(&self.connection, PATIENCE).unwrap_or(false), ..purged })
    }
}

fn purge(connection: &Connection, profile: Profile, now: u64) -> Result<Purged, StoreError> {
    let erase = |sql: &str, limit: i64| -> Result<u64, StoreError> { Ok(connection.execute(sql, [limit])? as u64) };
    let count = |sql: &str, limit: i64| -> Result<u64, StoreError> {
        Ok(connection.query_row(sql, [limit], |row| row.get(0))?)
    };
    let limit = storable(now).saturating_sub(storable(RETENTION_SECONDS));

    // First, as long as the sightings are there that tell when.
    keep_first_heard(connection, profile, limit)?;
    let hits = count("SELECT count(*) FROM hits JOIN sightings ON id = sighting WHERE time <= ?1", limit)?;
    let purged = Purged {
        hits,
        sightings: erase("DELETE FROM sightings WHERE time <= ?1", limit)?,
        matched_keys: connection.execute("DELETE FROM matched_keys WHERE id NOT IN (SELECT key FROM hits)", [])? as u64,
        // For two hours after a key's end its identifiers can still be heard, and their sightings stay for 14 days.
        revised_keys: erase(
            &format!("DELETE FROM revised_keys WHERE (start + period) * {INTERVAL_SECONDS} <= ?1"),
            limit.saturating_sub(storable(CLOCK_SECONDS)),
        )?,
        files: erase(
            "DELETE FROM files WHERE last_offered <= ?1
             AND id NOT IN (SELECT file FROM matched_keys) AND id NOT IN (SELECT file FROM revised_keys)",
            limit,
        )?,
        unfinished_searches: erase("DELETE FROM unfinished WHERE offered <= ?1", limit)?,
        own_keys: {
            let mut ring = own_keys::read(connection)?;
            let erased = ring.purge(now);
            own_keys::write(connection, &ring)?;
            erased as u64
        },
        sightings_from_the_future: count("SELECT count(*) FROM sightings WHERE time > ?1", storable(now))?,
        is_overwritten: false,
    };
    connection.execute("DELETE FROM first_heard WHERE (key, interval) NOT IN (SELECT key, interval FROM hits)", [])?;
    connection.execute("DELETE FROM restored_first_heard WHERE rpi NOT IN (SELECT rpi FROM sightings)", [])?;
    connection.execute("DELETE FROM awaited_files WHERE last_offered <= ?1", [limit])?;
    Ok(purged)
}

/// Writes down when identifiers were first heard whose first sighting goes, and of which others stay: the replay rule
/// goes by it.
fn keep_first_heard(connection: &Connection, profile: Profile, limit: i64) -> Result<(), StoreError> {
    let keys = heard_keys(connection)?;
    let first_heard = first_heard(profile, &keys);
    let sql = "INSERT INTO first_heard VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET time = min(time, excluded.time)";
    let mut insert = connection.prepare_cached(sql)?;
    for HeardKey { id, key, hits, .. } in &keys {
        for hit in hits.iter().filter(|hit| storable(hit.sighting.time) > limit) {
            let first = first_heard.get(&(key.key_data, hit.interval)).map(|time| storable(*time));
            if let Some(first) = first.filter(|first| *first <= limit) {
                insert.execute((id, hit.interval.as_u32(), first))?;
            }
        }
    }
    Ok(())
}
