//! What was found, judged anew each time by all that is known.

use std::collections::BTreeMap;

use super::Store;
use super::columns::{self, KEY, SIGHTING, key, sighting};
use super::error::StoreError;
use crate::diagnosis_key::DiagnosisKey;
use crate::exposure::{DiagnosisKeysDataMapping, Encounter, StoredKeys};
use crate::matching::{DroppedSighting, Findings, MatchReport, SightingIndex};
use crate::time::EnIntervalNumber;

/// What was found in all files. `source` is the number of the file in the store, `sighting` that of the sighting.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredMatches {
    /// The matches, and how many sightings do not count. Those outside of the clock window are not looked for.
    pub report: MatchReport,
    /// The sightings that do not count.
    pub dropped: Vec<DroppedSighting>,
}

impl Store {
    /// What was found so far, by the acceptance rules over all sightings and files that were searched: the same as a search
    /// of those files for those sightings in one go, in the order in which the files were first offered.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn matches(&self) -> Result<StoredMatches, StoreError> {
        let snapshot = self.connection.unchecked_transaction()?;
        let sql = format!("SELECT id, {SIGHTING} FROM sightings WHERE id IN (SELECT sighting FROM hits) ORDER BY id");
        let rows = columns::all(&snapshot, &sql, [], |row| Ok((row.get::<_, usize>(0)?, sighting(row, 1)?)))?;
        let (ids, sightings): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        let found = sightings.len();
        let index = SightingIndex::new(sightings).map_err(|_| StoreError::TooManySightings { found })?;

        let sql = "SELECT DISTINCT key, interval FROM hits ORDER BY key, interval";
        let mut intervals: BTreeMap<i64, Vec<EnIntervalNumber>> = BTreeMap::new();
        for (key, interval) in columns::all(&snapshot, sql, [], |row| Ok((row.get(0)?, row.get(1)?)))? {
            intervals.entry(key).or_default().push(EnIntervalNumber::new(interval));
        }
        let sql = format!("SELECT id, file, {KEY} FROM matched_keys ORDER BY file, number");
        let keys = columns::all(&snapshot, &sql, [], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, usize>(1)?, key("matched_keys", row, 2)?))
        })?;
        let mut findings = Findings::new();
        for (number, (id, file, key)) in (0..).zip(keys) {
            findings.insert_heard(file, number, key, intervals.remove(&id).unwrap_or_default());
        }

        let sql = format!("SELECT first_heard.interval, time, {KEY} FROM first_heard JOIN matched_keys ON id = key");
        let first_heard = columns::all(&snapshot, &sql, [], |row| {
            let key = key("matched_keys", row, 2)?;
            let interval = EnIntervalNumber::new(row.get(0)?);
            Ok(((key.key_data, key.window, interval), row.get::<_, u64>(1)?))
        })?;
        let first_heard: BTreeMap<_, _> = first_heard.into_iter().collect();
        let first_heard =
            |key: &DiagnosisKey, interval| first_heard.get(&(key.key_data, key.window, interval)).copied();

        let mut dropped = Vec::new();
        let mut report = findings.judge(&index, self.profile, first_heard, |sighting| dropped.push(sighting));
        let id = |position: usize| ids.get(position).copied().unwrap_or(position);
        for found in &mut report.matches {
            found.sighting = id(found.sighting);
        }
        for sighting in &mut dropped {
            sighting.sighting = id(sighting.sighting);
        }
        Ok(StoredMatches { report, dropped })
    }

    /// The encounters, with the reports of their keys that count now: what
    /// [`assess_encounters`](crate::exposure::assess_encounters) takes. Those whose report was withdrawn are among them, and
    /// hidden there.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn encounters(&self, mapping: &DiagnosisKeysDataMapping) -> Result<Vec<Encounter>, StoreError> {
        let encounters = Encounter::of(&self.matches()?.report.matches);
        let revised_keys = self.revised_keys()?;
        Ok(StoredKeys::current(encounters, &revised_keys, mapping))
    }

    /// The revised keys among those that matched, in the order of the files.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn revised_keys(&self) -> Result<Vec<DiagnosisKey>, StoreError> {
        let sql = format!(
            "SELECT {KEY} FROM revised_keys WHERE key_data IN (SELECT key_data FROM matched_keys) ORDER BY file, number"
        );
        columns::all(&self.connection, &sql, [], |row| key("revised_keys", row, 0))
    }
}
