//! The findings of a search, which holds them until it ends.

use alloc::collections::btree_map::Entry;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::accept::HeardIdentifier;
use super::index::SightingIndex;
use super::report::{LaterReport, MatchReport};
use super::sighting::Sighting;
use super::sweep::HeardInterval;
use crate::keys::{DiagnosisKey, KeyData};
use crate::profile::Profile;
use crate::time::{EnIntervalNumber, RollingWindow};

/// The searched keys of which at least one identifier was heard.
#[derive(Debug)]
pub(crate) struct Findings {
    profile: Profile,
    /// The number of keys that were searched.
    keys: u64,
    /// The keys that were heard, each (key, start, period) once.
    found: BTreeMap<(KeyData, RollingWindow), HeardKey>,
    /// The number of intervals of these keys, summed.
    held: usize,
}

/// A key of which at least one identifier was heard.
#[derive(Debug)]
pub(crate) struct HeardKey {
    /// The number of the key among all keys of the search.
    pub(crate) number: u64,
    source: usize,
    pub(crate) key: DiagnosisKey,
    /// The intervals of the identifiers that were heard.
    intervals: Vec<EnIntervalNumber>,
    /// The places of the same key in other sources, one a source.
    again: Vec<Again>,
}

/// A key that was found in another source before.
#[derive(Debug)]
struct Again {
    number: u64,
    source: usize,
    key: DiagnosisKey,
}

impl HeardKey {
    /// Returns each identifier of the key that was heard, with its sightings.
    pub(crate) fn heard<'index>(
        &self,
        index: &'index SightingIndex,
    ) -> impl Iterator<Item = HeardIdentifier<impl Iterator<Item = (usize, &'index Sighting)>>> {
        let identifiers = self.key.published_identifiers();
        self.intervals.iter().map(move |interval| {
            let sightings = index.heard(identifiers.identifier(*interval), *interval);
            HeardIdentifier { interval: *interval, first_heard: None, sightings }
        })
    }

    /// Takes in the same key from other places. The first place in each source stays, and the key counts as coming from
    /// the first of all places.
    fn meet(&mut self, mut other: Self) {
        if other.number < self.number {
            core::mem::swap(self, &mut other);
        }
        let Self { number, source, key, again, .. } = other;
        for met in again.into_iter().chain([Again { number, source, key }]) {
            if met.source == self.source {
                continue;
            }
            match self.again.iter_mut().find(|known| known.source == met.source) {
                Some(known) if known.number <= met.number => {}
                Some(known) => *known = met,
                None => self.again.push(met),
            }
        }
        let first = self.source;
        self.again.retain(|met| met.source != first);
    }
}

impl Findings {
    /// Starts without findings. The profile says which of equal keys stays.
    pub(crate) const fn new(profile: Profile) -> Self {
        Self { profile, keys: 0, found: BTreeMap::new(), held: 0 }
    }

    /// Adds the hits of the keys from the number `first` on. The hits are in the order of the keys.
    pub(super) fn hold(&mut self, first: u64, source: usize, keys: &[DiagnosisKey], hits: &[HeardInterval]) {
        for hits in hits.chunk_by(|a, b| a.key == b.key) {
            let Some((position, key)) = hits.first().and_then(|hit| Some((hit.key, keys.get(hit.key as usize)?)))
            else {
                continue;
            };
            let intervals = hits.iter().map(|hit| hit.interval).collect();
            let number = first + u64::from(position);
            self.insert(HeardKey { number, source, key: *key, intervals, again: Vec::new() });
        }
        self.keys = self.keys.max(first + keys.len() as u64);
    }

    /// Keeps one of equal keys: the first, which remembers the others, or the last. Equal keys have the same intervals.
    fn insert(&mut self, found: HeardKey) {
        match self.found.entry((found.key.key_data, found.key.window)) {
            Entry::Vacant(place) => {
                self.held += found.intervals.len();
                place.insert(found);
            }
            Entry::Occupied(mut place) if self.profile.counts_last_of_equal_keys() => {
                if found.number > place.get().number {
                    place.insert(found);
                }
            }
            Entry::Occupied(mut place) => place.get_mut().meet(found),
        }
    }

    /// Adds the findings among the next keys.
    pub(super) fn append(&mut self, next: Self) {
        let keys = self.keys;
        self.insert_all(keys, next);
    }

    /// Adds the findings among the keys from the number `first` on. The keys before `first` may come later.
    pub(crate) fn insert_all(&mut self, first: u64, other: Self) {
        self.keys = self.keys.max(first + other.keys);
        for mut found in other.found.into_values() {
            found.number += first;
            found.again.iter_mut().for_each(|met| met.number += first);
            self.insert(found);
        }
    }

    /// Returns the number of the next key.
    pub(super) const fn next(&self) -> u64 {
        self.keys
    }

    /// Returns how many identifiers are held.
    pub(crate) fn held(&self) -> usize {
        self.held
    }

    /// Returns the keys that were heard, in the order of their numbers.
    pub(crate) fn in_order(self) -> Vec<HeardKey> {
        let mut found: Vec<_> = self.found.into_values().collect();
        found.sort_unstable_by_key(|found| found.number);
        found
    }

    /// Applies the acceptance rules to all findings.
    pub(super) fn judge(self, index: &SightingIndex) -> MatchReport {
        let mut report = MatchReport::new();
        let profile = self.profile;
        let mut judge = |found: &HeardKey| {
            let before = report.matches.len();
            report.judge(profile, found.source, &found.key, found.heard(index));
            report.matches.len() > before
        };
        let found = self.in_order();
        if !profile.counts_last_of_equal_keys() {
            let matched = found.iter().filter(|found| judge(found));
            let later = matched.flat_map(|found| found.again.iter().map(|met| (found.key.report_type, met)));
            let mut later: Vec<_> = later.filter(|(first, met)| met.key.report_type != *first).collect();
            later.sort_unstable_by_key(|(_, met)| met.number);
            let later = later.into_iter().map(|(_, met)| LaterReport { source: met.source, key: met.key });
            report.later_reports = later.collect();
            return report;
        }
        // From the last key on, so that a key that matches hides equal keys before it.
        let mut matched = BTreeSet::new();
        for found in found.iter().rev() {
            if !matched.contains(&found.key.key_data) && judge(found) {
                matched.insert(found.key.key_data);
            }
        }
        report.reverse_keys();
        report
    }
}
