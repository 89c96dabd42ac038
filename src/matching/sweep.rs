//! From keys to the intervals in which their identifiers were heard.
//!
//! ```text
//! keys -> a queue for each stretch of time -> tiles of sixteen -> kernels -> candidates -> look-up -> hits
//! ```

use alloc::vec;
use alloc::vec::Vec;

use super::index::SightingIndex;
use super::plain::Day;
use crate::arch::{Candidate, Job, Kernels, TILE, Tier};
use crate::diagnosis_key::DiagnosisKey;
use crate::time::EnIntervalNumber;

/// An identifier of a key that was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hit {
    /// The position of the key among those that were swept.
    pub(super) key: u32,
    /// The interval of the identifier.
    pub(super) interval: EnIntervalNumber,
}

/// Keys that wait for others of their stretch: their positions and what to search of them.
type Queue = Vec<(u32, Job)>;

/// Keys in a queue before it is worked off. One stretch's filter then serves so many keys while it is in the cache.
const QUEUE: usize = 64 * TILE;

/// Keys in all queues together before all are worked off: an index may have many stretches.
const WAITING: usize = 1 << 16;

/// Sweeps keys over an index.
#[derive(Debug)]
pub(super) struct Sweep<'index> {
    index: &'index SightingIndex,
    tier: Tier,
    queues: Vec<Queue>,
    day: Day,
    candidates: Vec<Candidate>,
}

impl<'index> Sweep<'index> {
    pub(super) fn new(index: &'index SightingIndex, tier: Tier) -> Self {
        Self { index, tier, queues: vec![Queue::new(); index.stretches()], day: Day::new(), candidates: Vec::new() }
    }

    /// The hits of these keys, by the position of the key, then interval. With more than `most` it stops early, and some
    /// of them are missing.
    ///
    /// `keys` must be fewer than 2^32.
    pub(super) fn hits(&mut self, keys: &[DiagnosisKey], most: usize) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut waiting = 0;
        for (position, key) in (0..).zip(keys) {
            let Some((place, job)) = self.index.job(key.window) else { continue };
            let Some(queue) = self.queues.get_mut(place) else { continue };
            queue.push((position, job));
            waiting += 1;
            if queue.len() >= QUEUE {
                waiting -= queue.len();
                self.work_off(place, keys, &mut hits);
            } else if waiting >= WAITING {
                waiting = 0;
                self.work_off_all(keys, &mut hits);
            }
            if hits.len() > most {
                break;
            }
        }
        self.work_off_all(keys, &mut hits);
        hits.sort_unstable();
        hits
    }

    fn work_off_all(&mut self, keys: &[DiagnosisKey], hits: &mut Vec<Hit>) {
        for place in 0..self.queues.len() {
            self.work_off(place, keys, hits);
        }
    }

    /// Searches the keys of one queue.
    fn work_off(&mut self, place: usize, keys: &[DiagnosisKey], hits: &mut Vec<Hit>) {
        let Some(queue) = self.queues.get_mut(place) else { return };
        let queue = core::mem::take(queue);
        for tile in queue.chunks(TILE) {
            self.candidates.clear();
            match self.tier.kernels() {
                Some(kernels) => self.search(kernels, place, tile, keys),
                None => self.search_plainly(place, tile, keys),
            }
            for candidate in &self.candidates {
                let Some((position, _)) = tile.get(candidate.job) else { continue };
                let interval = EnIntervalNumber::new(candidate.interval);
                if keys.get(*position as usize).is_some_and(|key| self.is_hit(key, interval, candidate.word)) {
                    hits.push(Hit { key: *position, interval });
                }
            }
        }
        if let Some(empty) = self.queues.get_mut(place) {
            *empty = queue;
            empty.clear();
        }
    }

    fn search(&mut self, kernels: Kernels, place: usize, tile: &[(u32, Job)], keys: &[DiagnosisKey]) {
        let mut tile_keys = [[0; 16]; TILE];
        let mut jobs = [Job { first_row: 0, rows: [0, 0] }; TILE];
        for (((position, job), key_data), tile_job) in tile.iter().zip(&mut tile_keys).zip(&mut jobs) {
            if let Some(key) = keys.get(*position as usize) {
                (*key_data, *tile_job) = (key.key_data, *job);
            }
        }
        let rpiks = kernels.rpiks(&tile_keys, tile.len());
        let jobs = jobs.get(..tile.len()).unwrap_or(&jobs);
        kernels.search(&rpiks, jobs, self.index.filters(place), &mut self.candidates);
    }

    fn search_plainly(&mut self, place: usize, tile: &[(u32, Job)], keys: &[DiagnosisKey]) {
        for (number, (position, job)) in tile.iter().enumerate() {
            if let Some(key) = keys.get(*position as usize) {
                self.day.search(number, key, job, self.index.filters(place), &mut self.candidates);
            }
        }
    }

    /// Whether a candidate is what it seems. Here the identifier is derived again, whole and in the plain way.
    #[cold]
    fn is_hit(&self, key: &DiagnosisKey, interval: EnIntervalNumber, word: u32) -> bool {
        key.window.contains(interval)
            && self.index.may_have_heard(word, interval)
            && self.index.heard(key.identifier_key().identifier(interval), interval).next().is_some()
    }
}
