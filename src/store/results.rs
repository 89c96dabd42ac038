//! Judges what was found, each time by everything that the store knows.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use super::Store;
use super::columns::{self, KEY, SIGHTING, key, sighting};
use super::error::StoreError;
use super::ledger;
use super::search::PUBLISHED_AGAIN;
use crate::exposure::{Basis, DiagnosisKeysDataMapping, Encounter, SearchedFiles, StoredKeys};
use crate::keys::{DiagnosisKey, KeyData};
use crate::matching::accept::{HeardIdentifier, may_be_first};
use crate::matching::{LaterReport, MatchReport, Sighting};
use crate::profile::Profile;
use crate::time::{EnIntervalNumber, POSSIBLE_TIMES, RollingWindow};

/// A key that was heard.
pub(super) struct HeardKey {
    /// Its number in the store.
    pub(super) id: i64,
    file: usize,
    pub(super) key: DiagnosisKey,
    /// In the order of interval, time and number.
    pub(super) hits: Vec<HeardSighting>,
}

/// A sighting of an identifier of a key.
pub(super) struct HeardSighting {
    pub(super) interval: EnIntervalNumber,
    /// When the identifier was first heard, if that sighting is gone.
    first_heard: Option<u64>,
    /// The number of the sighting in the store.
    id: usize,
    pub(super) sighting: Sighting,
}

/// The keys that were heard, in the order of the files.
pub(super) fn heard_keys(connection: &Connection) -> Result<Vec<HeardKey>, StoreError> {
    let sql = format!(
        "SELECT key, interval, min(ifnull(here, there), ifnull(there, here)), id, {SIGHTING}
         FROM hits JOIN sightings ON id = sighting
             LEFT JOIN (SELECT key, interval, time AS here FROM first_heard) USING (key, interval)
             LEFT JOIN (SELECT rpi, interval, time AS there FROM restored_first_heard) USING (rpi, interval)
         ORDER BY key, interval, time, id"
    );
    let mut hits: BTreeMap<i64, Vec<_>> = BTreeMap::new();
    let rows = columns::all(connection, &sql, [], |row| {
        let (interval, first_heard, id) = (EnIntervalNumber::new(row.get(1)?), row.get(2)?, row.get(3)?);
        Ok((row.get(0)?, HeardSighting { interval, first_heard, id, sighting: sighting(row, 4)? }))
    })?;
    for (key, hit) in rows {
        hits.entry(key).or_default().push(hit);
    }
    let sql = format!("SELECT id, file, {KEY} FROM matched_keys ORDER BY file, number");
    columns::all(connection, &sql, [], |row| {
        let id = row.get(0)?;
        let hits = hits.remove(&id).unwrap_or_default();
        Ok(HeardKey { id, file: row.get(1)?, key: key("matched_keys", row, 2)?, hits })
    })
}

/// When the identifiers of keys were first heard, as far as the replay rule goes by it: the same for all keys with
/// these bytes, whatever their windows, and whatever was stored when each was searched for.
pub(super) fn first_heard(profile: Profile, keys: &[HeardKey]) -> BTreeMap<(KeyData, EnIntervalNumber), u64> {
    let mut first = BTreeMap::new();
    for HeardKey { key, hits, .. } in keys {
        for HeardSighting { interval, first_heard, sighting, .. } in hits {
            let here = may_be_first(profile, key, *interval, sighting).then_some(sighting.time);
            if let Some(time) = here.into_iter().chain(*first_heard).min() {
                let known = first.entry((key.key_data, *interval)).or_insert(time);
                *known = time.min(*known);
            }
        }
    }
    first
}

/// What makes a key one and the same.
const fn place(key: &DiagnosisKey) -> (KeyData, RollingWindow) {
    (key.key_data, key.window)
}

impl Store {
    /// Applies the acceptance rules to everything that was found so far.
    ///
    /// The result is the same as of one search of all these files for all these sightings, in the order in which the
    /// files were first offered. `source` is the number of a file in the store, and `sighting` the number of a
    /// sighting. The store does not search for sightings outside of the clock window.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn matches(&self) -> Result<MatchReport, StoreError> {
        let snapshot = self.connection.unchecked_transaction()?;
        let keys = heard_keys(&snapshot)?;
        let first_heard = first_heard(self.profile, &keys);
        let mut report = MatchReport::new();
        for HeardKey { file, key, hits, .. } in &keys {
            let heard = hits.chunk_by(|a, b| a.interval == b.interval).map(|hits| {
                let interval = hits.first().map_or(key.window.start(), |hit| hit.interval);
                let first_heard = first_heard.get(&(key.key_data, interval)).copied();
                HeardIdentifier { interval, first_heard, sightings: hits.iter().map(|hit| (hit.id, &hit.sighting)) }
            });
            report.judge(self.profile, *file, key, heard);
        }
        // A key of which no sighting counts is not stored, so that no report of it counts either.
        let first: BTreeMap<_, _> =
            report.matches.iter().map(|found| (place(&found.key), (found.source, found.key.report_type))).collect();
        let mut met = BTreeSet::new();
        report.later_reports = published_again(&snapshot)?;
        report.later_reports.retain(|LaterReport { source, key }| {
            let place = place(key);
            let is_other = first.get(&place).is_some_and(|first| first.0 != *source && first.1 != key.report_type);
            // In one file the first counts.
            met.insert((*source, place)) && is_other
        });
        Ok(report)
    }

    /// The encounters, with the current reports of their keys, for
    /// [`assess_encounters`](crate::exposure::assess_encounters).
    ///
    /// Encounters whose report was withdrawn are among them. `assess_encounters` hides them.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn encounters(&self, mapping: &DiagnosisKeysDataMapping) -> Result<Vec<Encounter>, StoreError> {
        let MatchReport { matches, later_reports, .. } = self.matches()?;
        Ok(StoredKeys::current(Encounter::of(&matches), &later_reports, &self.revised_keys()?, mapping))
    }

    /// The basis of a verdict over this store: how many of its files were searched for all current sightings, and how
    /// many files you offered in vain. While [files are awaited](Self::awaited_files), the basis is no reason for a
    /// "no".
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn basis(&self, rejected: u64) -> Result<Basis, StoreError> {
        let snapshot = self.connection.unchecked_transaction()?;
        // A file that was searched before any sighting came says nothing of those that came.
        let sql = "
            SELECT count(*) FILTER (WHERE searched_until >= ifnull((SELECT min(id) FROM sightings), 0)),
                   count(*) FILTER (WHERE EXISTS (SELECT 1 FROM sightings WHERE sightings.id > searched_until)),
                   (SELECT count(*) FROM awaited_files)
            FROM files";
        let files = snapshot.query_row(sql, [], |row| {
            Ok(SearchedFiles { used: row.get(0)?, rejected, outdated: row.get(1)?, awaited: row.get(2)? })
        })?;
        let sql = "
            SELECT count(*), min(time) FILTER (WHERE time BETWEEN ?1 AND ?2), max(time) FILTER (WHERE time BETWEEN ?1 AND ?2)
            FROM sightings";
        let possible = [POSSIBLE_TIMES.start, POSSIBLE_TIMES.end.saturating_sub(1)].map(ledger::storable);
        Ok(snapshot.query_row(sql, possible, |row| {
            Ok(Basis { files, sightings: row.get(0)?, first_sighting: row.get(1)?, last_sighting: row.get(2)? })
        })?)
    }

    /// The revised keys of keys that matched, in the order of the files.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn revised_keys(&self) -> Result<Vec<DiagnosisKey>, StoreError> {
        let sql = format!(
            "SELECT {KEY} FROM revised_keys
             WHERE number < ?1 AND key_data IN (SELECT key_data FROM matched_keys) ORDER BY file, number"
        );
        columns::all(&self.connection, &sql, [PUBLISHED_AGAIN], |row| key("revised_keys", row, 0))
    }
}

/// What later files say of the keys that were heard, where they published them again, in the order of the files.
fn published_again(connection: &Connection) -> Result<Vec<LaterReport>, StoreError> {
    let sql = format!(
        "SELECT file, {KEY} FROM revised_keys
         WHERE number >= ?1 AND (key_data, start, period) IN (SELECT key_data, start, period FROM matched_keys)
         ORDER BY file, number"
    );
    columns::all(connection, &sql, [PUBLISHED_AGAIN], |row| {
        Ok(LaterReport { source: row.get(0)?, key: key("revised_keys", row, 1)? })
    })
}
