//! Everything that is in a store, and how it comes into another one.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, params};

use super::columns::{self, KEY, key};
use super::error::StoreError;
use super::search::{keep_hits, keep_revised_key};
use super::sightings::{self, Numbered};
use super::unfinished::Hit;
use super::{Counts, counts, ledger, own_keys};
use crate::device::KeyRing;
use crate::diagnosis_key::DiagnosisKey;
use crate::time::EnIntervalNumber;

/// The highest number that a record may have, and the longest count of seconds. No device gets there, and none that has
/// taken over a number runs out of them.
const HIGHEST_NUMBER: i64 = 1 << 48;

/// What was taken over from a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Restored {
    /// How much there is more of each than before.
    pub added: Counts,
    /// Sightings that the store had.
    pub sightings_already_there: u64,
}

/// What is in a store, but for its unfinished searches. Numbers are those of that store.
pub(super) struct Contents {
    sightings: Numbered,
    files: Vec<File>,
    zips: Vec<([u8; 32], i64)>,
    /// By their numbers, with file and number in it.
    matched_keys: BTreeMap<i64, (i64, u64, DiagnosisKey)>,
    /// Key, interval and sighting, in this order.
    hits: Vec<(i64, u32, i64)>,
    /// Key, interval and time.
    first_heard: Vec<(i64, u32, u64)>,
    /// File, number in it, and key.
    revised_keys: Vec<(i64, u64, DiagnosisKey)>,
    own_keys: KeyRing,
    last_purge: Option<u64>,
}

/// What the ledger has of a file.
struct File {
    id: i64,
    export_sha256: [u8; 32],
    export_bin_bytes: u64,
    start_timestamp: Option<u64>,
    end_timestamp: Option<u64>,
    region: Option<String>,
    keys: u64,
    revised_keys: u64,
    skipped_keys: u64,
    verified_by: String,
    trust: [u8; 32],
    first_interval: Option<u32>,
    last_interval: Option<u32>,
    searched_until: i64,
    first_offered: u64,
    last_offered: u64,
}

/// The columns of a file, in the order of [`File`].
const FILE: &str = "id, export_sha256, export_bin_bytes, start_timestamp, end_timestamp, region, keys, revised_keys,
    skipped_keys, verified_by, trust, first_interval, last_interval, searched_until, first_offered, last_offered";

impl Contents {
    /// Reads all of a store.
    pub(super) fn read(store: &Connection) -> Result<Self, StoreError> {
        let contents = Self {
            sightings: sightings::between(store, i64::MIN, i64::MAX)?,
            files: columns::all(store, &format!("SELECT {FILE} FROM files ORDER BY id"), [], File::read)?,
            zips: columns::all(store, "SELECT zip_sha256, file FROM zips", [], |row| Ok((row.get(0)?, row.get(1)?)))?,
            matched_keys: columns::all(
                store,
                &format!("SELECT id, file, number, {KEY} FROM matched_keys"),
                [],
                |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?, key("matched_keys", row, 3)?))),
            )?
            .into_iter()
            .collect(),
            hits: columns::all(store, "SELECT key, interval, sighting FROM hits ORDER BY key", [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?,
            first_heard: columns::all(store, "SELECT key, interval, time FROM first_heard", [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?,
            revised_keys: columns::all(store, &format!("SELECT file, number, {KEY} FROM revised_keys"), [], |row| {
                Ok((row.get(0)?, row.get(1)?, key("revised_keys", row, 2)?))
            })?,
            own_keys: own_keys::read(store)?,
            last_purge: store.query_row("SELECT last_purge FROM store", [], |row| row.get(0))?,
        };
        contents.check()?;
        Ok(contents)
    }

    /// That it can have been written by this crate, as far as the types of records do not say so.
    fn check(&self) -> Result<(), StoreError> {
        let mut numbers = self.sightings.ids.iter().copied().chain(self.files.iter().map(|file| file.id));
        if let Some(number) = numbers.find(|number| !(1..=HIGHEST_NUMBER).contains(number)) {
            return Err(StoreError::damaged("sightings or files", format_args!("number {number}")));
        }
        let (_, elapsed) = self.own_keys.clock();
        if elapsed > HIGHEST_NUMBER.unsigned_abs() {
            return Err(StoreError::damaged("store", format_args!("{elapsed} seconds have passed")));
        }
        // What counts is judged from hits as they are.
        let heard: HashMap<_, _> = self.sightings.ids.iter().zip(&self.sightings.sightings).collect();
        for of_key in self.hits.chunk_by(|a, b| a.0 == b.0) {
            let Some((_, _, key)) = of_key.first().and_then(|(key, ..)| self.matched_keys.get(key)) else { continue };
            let identifiers = key.published_identifiers();
            for (_, interval, sighting) in of_key {
                let interval = EnIntervalNumber::new(*interval);
                let rpi = heard.get(sighting).map(|sighting| sighting.rpi);
                if !key.window.contains(interval) || rpi != Some(identifiers.identifier(interval)) {
                    return Err(StoreError::damaged("hits", "a sighting is not of its key"));
                }
            }
        }
        Ok(())
    }

    /// Takes over into this store what it does not have yet.
    pub(super) fn merge(self, store: &Connection) -> Result<Restored, StoreError> {
        let before = counts(store)?;
        let merged = sightings::merge(store, &self.sightings)?;
        let sightings: HashMap<_, _> = self.sightings.ids.iter().copied().zip(merged.ids.iter().copied()).collect();
        let sighting = |theirs: i64| sightings.get(&theirs).copied().ok_or_else(|| dangling("hits"));

        let searched = SearchedThere::new(store, &self.sightings.ids, &merged.ids)?;
        let mut files = BTreeMap::new();
        for file in &self.files {
            files.insert(file.id, file.merge(store, &searched)?);
        }
        let file = |theirs: i64| files.get(&theirs).copied().ok_or_else(|| dangling("files"));
        for (zip_sha256, theirs) in &self.zips {
            store.execute("INSERT OR IGNORE INTO zips VALUES (?1, ?2)", params![zip_sha256, file(*theirs)?])?;
        }
        for (theirs, number, key) in &self.revised_keys {
            keep_revised_key(store, file(*theirs)?, *number, key)?;
        }

        let matched_key = |theirs: i64| self.matched_keys.get(&theirs).ok_or_else(|| dangling("matched_keys"));
        for of_key in self.hits.chunk_by(|a, b| a.0 == b.0) {
            let Some((theirs, ..)) = of_key.first() else { continue };
            let (in_file, number, key) = *matched_key(*theirs)?;
            let hit =
                |&(_, interval, heard): &(i64, u32, i64)| Ok(Hit { number, key, interval, sighting: sighting(heard)? });
            let hits: Vec<_> = of_key.iter().map(hit).collect::<Result<_, StoreError>>()?;
            keep_hits(store, file(in_file)?, &hits)?;
        }
        for (theirs, interval, time) in &self.first_heard {
            let (.., key) = matched_key(*theirs)?;
            let sql = "INSERT INTO first_heard
                       SELECT id, ?4, ?5 FROM matched_keys WHERE key_data = ?1 AND start = ?2 AND period = ?3
                       ON CONFLICT DO UPDATE SET time = min(time, excluded.time)";
            let (start, period) = (key.window.start().as_u32(), key.window.period().as_u32());
            store.prepare_cached(sql)?.execute(params![
                key.key_data,
                start,
                period,
                interval,
                ledger::storable(*time)
            ])?;
        }

        let mut ring = own_keys::read(store)?;
        ring.absorb(self.own_keys);
        own_keys::write(store, &ring)?;
        let last_purge = self.last_purge.map(ledger::storable);
        store.execute("UPDATE store SET last_purge = ifnull(last_purge, ?1)", [last_purge])?;

        let sightings_already_there = (merged.ids.len() as u64).saturating_sub(merged.stored);
        Ok(Restored { added: counts(store)?.since(&before), sightings_already_there })
    }
}

fn dangling(table: &str) -> StoreError {
    StoreError::damaged(table, "refers to what is not there")
}

impl File {
    fn read(row: &rusqlite::Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            export_sha256: row.get(1)?,
            export_bin_bytes: row.get(2)?,
            start_timestamp: row.get(3)?,
            end_timestamp: row.get(4)?,
            region: row.get(5)?,
            keys: row.get(6)?,
            revised_keys: row.get(7)?,
            skipped_keys: row.get(8)?,
            verified_by: row.get(9)?,
            trust: row.get(10)?,
            first_interval: row.get(11)?,
            last_interval: row.get(12)?,
            searched_until: row.get(13)?,
            first_offered: row.get(14)?,
            last_offered: row.get(15)?,
        })
    }

    /// Its number in this store: the one it has, or one after all others.
    fn merge(&self, store: &Connection, searched: &SearchedThere) -> Result<i64, StoreError> {
        if let Some(known) = ledger::by_export(store, &self.export_sha256)? {
            // It keeps the sightings that it was searched for here. Those that it was searched for there were searched
            // for in other files before it, or after: where a key came first, is only found by searching again.
            return Ok(known.id);
        }
        let sql = "SELECT ifnull(max(seq), 0) FROM sqlite_sequence WHERE name = 'files'";
        let last: i64 = store.query_row(sql, [], |row| row.get(0))?;
        let id = self.id.max(last.saturating_add(1));
        let sql = format!("INSERT INTO files ({FILE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        store.prepare_cached(&sql)?.execute(params![
            id,
            self.export_sha256,
            self.export_bin_bytes,
            self.start_timestamp,
            self.end_timestamp,
            self.region,
            self.keys,
            self.revised_keys,
            self.skipped_keys,
            self.verified_by,
            self.trust,
            self.first_interval,
            self.last_interval,
            searched.until(self.searched_until),
            self.first_offered,
            self.last_offered,
        ])?;
        Ok(id)
    }
}

/// For which of the sightings in this store files were searched there.
struct SearchedThere {
    /// All sightings by their numbers here, with the highest number there of those up to it. What is not there has the
    /// highest of all.
    reach: Vec<(i64, i64)>,
    last: i64,
}

impl SearchedThere {
    fn new(store: &Connection, there: &[i64], here: &[i64]) -> Result<Self, StoreError> {
        let there: HashMap<_, _> = here.iter().zip(there).collect();
        let here = columns::all(store, "SELECT id FROM sightings ORDER BY id", [], |row| Ok(row.get::<_, i64>(0)?))?;
        let reach = here.into_iter().scan(0, |highest, id| {
            *highest = there.get(&id).map_or(i64::MAX, |there| **there).max(*highest);
            Some((id, *highest))
        });
        Ok(Self { reach: reach.collect(), last: sightings::last(store)? })
    }

    /// The last sighting here up to which all were searched for in a file that was, there, up to `until`.
    fn until(&self, until: i64) -> i64 {
        let covered = self.reach.partition_point(|(_, highest)| *highest <= until);
        self.reach.get(covered).map_or(self.last, |(id, _)| id.saturating_sub(1))
    }
}
