//! Takes sightings and the device's own keys from a backup.
//!
//! A backup does not bring what was found in files, because nothing in it proves that: the signature is over the whole
//! file. So the store awaits the files, and searches them again when you offer them.

use rusqlite::{Connection, Row, params};

use super::awaited::{self, AwaitedFile};
use super::columns::{self, KEY, key};
use super::error::StoreError;
use super::{Counts, counts, ledger, own_keys, sightings};
use crate::device::{KeyRing, OwnKey};
use crate::keys::RollingProximityIdentifier;
use crate::matching::Sighting;
use crate::time::EnIntervalNumber;

/// The longest count of seconds either way. No device gets there.
const LONGEST: i64 = 1 << 48;

/// What a store has taken over from a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Restored {
    /// How many records of each kind are new. Files, matched keys and revised keys come back when you offer the files
    /// again.
    pub added: Counts,
    /// The number of sightings of the backup that the store had already.
    pub sightings_already_there: u64,
}

/// The records of a store that come into another store.
pub(super) struct Contents {
    sightings: Vec<Sighting>,
    files: Vec<AwaitedFile>,
    first_heard: Vec<FirstHeard>,
    own_keys: KeyRing,
    last_purge: Option<u64>,
}

/// When an identifier was first heard in an interval, if that sighting is gone.
struct FirstHeard {
    rpi: RollingProximityIdentifier,
    interval: EnIntervalNumber,
    time: u64,
}

impl Contents {
    /// Reads the records, and refuses a store that this crate cannot have written.
    pub(super) fn read(store: &Connection) -> Result<Self, StoreError> {
        let mut files = searched(store)?;
        files.extend(awaited::all(store)?);
        let contents = Self {
            sightings: sightings::between(store, i64::MIN, i64::MAX)?.sightings,
            files,
            first_heard: first_heard(store)?,
            own_keys: own_keys::read(store)?,
            last_purge: store.query_row("SELECT last_purge FROM store", [], |row| row.get(0))?,
        };
        let elapsed = contents.own_keys.clock.elapsed;
        if !(-LONGEST..=LONGEST).contains(&elapsed) {
            return Err(StoreError::damaged("store", format_args!("{elapsed} seconds have passed")));
        }
        let mut ages = contents.own_keys.keys.iter().map(|key| key.generated_at);
        if let Some(generated_at) = ages.find(|seconds| !(-LONGEST..=LONGEST).contains(seconds)) {
            let what = format_args!("a key was generated when {generated_at} seconds had passed");
            return Err(StoreError::damaged("own_keys", what));
        }
        Ok(contents)
    }

    /// Adds to this store what it does not have yet.
    pub(super) fn merge(self, store: &Connection) -> Result<Restored, StoreError> {
        let before = counts(store)?;
        let merged = sightings::merge(store, &self.sightings)?;
        for file in &self.files {
            awaited::add(store, file)?;
        }
        for FirstHeard { rpi, interval, time } in &self.first_heard {
            let sql = "INSERT INTO restored_first_heard VALUES (?1, ?2, ?3)
                       ON CONFLICT DO UPDATE SET time = min(time, excluded.time)";
            let parameters = params![rpi.as_bytes(), interval.as_u32(), ledger::storable(*time)];
            store.prepare_cached(sql)?.execute(parameters)?;
        }
        let mut ring = own_keys::read(store)?;
        join(&mut ring, self.own_keys);
        own_keys::write(store, &ring)?;
        let last_purge = self.last_purge.map(ledger::storable);
        store.execute("UPDATE store SET last_purge = ifnull(last_purge, ?1)", [last_purge])?;
        let sightings_already_there = merged.already_there;
        Ok(Restored { added: counts(store)?.since(&before), sightings_already_there })
    }
}

/// Adds the keys of another ring of the same device to a ring. A key that was released in either ring is never
/// broadcast again, and has the shorter of its periods.
///
/// Each ring counts its own seconds. The counts are shifted to the same number, so that each key keeps its age.
fn join(ours: &mut KeyRing, mut theirs: KeyRing) {
    // A ring that never read a clock has counted nothing.
    let elapsed = match ours.clock.latest {
        Some(_) => ours.clock.elapsed.max(theirs.clock.elapsed),
        None => theirs.clock.elapsed,
    };
    for ring in [&mut *ours, &mut theirs] {
        let late = elapsed.saturating_sub(ring.clock.elapsed);
        for key in &mut ring.keys {
            key.generated_at = key.generated_at.saturating_add(late);
        }
    }
    ours.clock.elapsed = elapsed;
    ours.clock.latest = ours.clock.latest.or(theirs.clock.latest);
    let mut new = Vec::new();
    for key in theirs.keys {
        match ours.keys.iter_mut().find(|known| known.key == key.key) {
            Some(known) => learn(known, &key),
            None => new.push(key),
        }
    }
    // A backup is older, and of two keys for now the later one is current: the key that is on the air stays.
    new.append(&mut ours.keys);
    ours.keys = new;
}

/// Adds to a key what another ring knows of the same key.
fn learn(ours: &mut OwnKey, theirs: &OwnKey) {
    ours.released |= theirs.released;
    ours.used_until = ours.used_until.max(theirs.used_until);
    ours.generated_at = ours.generated_at.min(theirs.generated_at);
    if ours.window.start() == theirs.window.start() && theirs.window.period() < ours.window.period() {
        ours.window = theirs.window;
    }
}

/// The files that the other store has searched.
fn searched(store: &Connection) -> Result<Vec<AwaitedFile>, StoreError> {
    let sql = "SELECT export_sha256, start_timestamp, end_timestamp, region,
                      (SELECT count(*) FROM matched_keys WHERE file = files.id), last_offered
               FROM files ORDER BY id";
    columns::all(store, sql, [], AwaitedFile::read)
}

/// When identifiers were first heard by the other store, and by the stores of backups that it has restored.
fn first_heard(store: &Connection) -> Result<Vec<FirstHeard>, StoreError> {
    let of =
        |rpi, row: &Row<'_>| Ok(FirstHeard { rpi, interval: EnIntervalNumber::new(row.get(0)?), time: row.get(1)? });
    let sql = format!("SELECT interval, time, {KEY} FROM first_heard JOIN matched_keys ON id = key");
    let mut found = columns::all(store, &sql, [], |row| {
        let (key, interval) = (key("matched_keys", row, 2)?, EnIntervalNumber::new(row.get(0)?));
        if !key.window.contains(interval) {
            return Err(StoreError::damaged("first_heard", "an interval is not of its key"));
        }
        of(key.published_identifiers().identifier(interval), row)
    })?;
    found.extend(columns::all(store, "SELECT interval, time, rpi FROM restored_first_heard", [], |row| {
        of(RollingProximityIdentifier::from_bytes(row.get(2)?), row)
    })?);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    #[test]
    fn a_ring_that_another_is_joined_to_keeps_every_key_its_age_and_what_is_on_the_air() {
        const DAY: u64 = 86_400;
        const MIDNIGHT: u64 = 18_530 * DAY;

        let mut rng = StdRng::seed_from_u64(15);
        let mut days = |days: core::ops::Range<u64>| {
            let mut ring = KeyRing::new();
            for day in days {
                let _ = ring.rotate(MIDNIGHT + day * DAY, &mut rng).unwrap();
            }
            ring
        };
        let ages = |ring: &KeyRing| -> Vec<_> {
            ring.keys.iter().map(|key| (*key.key.expose_secret(), ring.clock.elapsed - key.generated_at)).collect()
        };
        let (theirs, mut ours) = (days(0..6), days(4..7));
        let (their_ages, our_ages) = (ages(&theirs), ages(&ours));
        join(&mut ours, theirs);
        assert_eq!(ages(&ours), [their_ages, our_ages.clone()].concat());
        let current = ours.current(MIDNIGHT + 5 * DAY).unwrap();
        assert_eq!(*current.key.expose_secret(), our_ages[1].0);
    }
}
