//! From keys to the intervals in which their identifiers were heard.
//!
//! ```text
//! keys -> a queue for each stretch of time -> tiles of sixteen -> kernels -> candidates -> look-up -> hits
//! ```

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

/// Keys that wait for others of their stretch. The three lists go together.
#[derive(Debug, Default)]
struct Queue {
    /// Their bytes, as the kernels take them.
    keys: Vec<[u8; 16]>,
    /// What to search of each.
    jobs: Vec<Job>,
    /// Where each stands among the keys that are swept.
    positions: Vec<u32>,
}

/// Keys in a queue before it is worked off: one stretch's filter serves them all while it is in the cache.
const QUEUE: usize = 256 * TILE;

/// Keys in all queues together before all are worked off: an index may have many stretches.
const WAITING: usize = 1 << 16;

/// Keys that are hashed before they are searched: the code of hashing fills the first-level instruction cache.
const GROUP: usize = 8 * TILE;

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
        let mut queues = Vec::new();
        queues.resize_with(index.stretches(), Queue::default);
        Self { index, tier, queues, day: Day::new(), candidates: Vec::new() }
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
            queue.keys.push(key.key_data);
            queue.jobs.push(job);
            queue.positions.push(position);
            waiting += 1;
            if queue.keys.len() >= QUEUE {
                waiting -= queue.keys.len();
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

    /// Searches the keys of one queue, and empties it.
    fn work_off(&mut self, place: usize, keys: &[DiagnosisKey], hits: &mut Vec<Hit>) {
        let Some(queue) = self.queues.get_mut(place) else { return };
        let mut queue = core::mem::take(queue);
        match self.tier.kernels() {
            Some(kernels) => self.search(kernels, place, &mut queue, keys, hits),
            None => self.search_plainly(place, &queue, keys, hits),
        }
        queue.keys.clear();
        queue.jobs.clear();
        queue.positions.clear();
        if let Some(place) = self.queues.get_mut(place) {
            *place = queue;
        }
    }

    fn search(
        &mut self,
        kernels: Kernels,
        place: usize,
        queue: &mut Queue,
        keys: &[DiagnosisKey],
        hits: &mut Vec<Hit>,
    ) {
        let filters = self.index.filters(place);
        // The last tile is filled up with keys that have no job.
        queue.keys.resize(queue.keys.len().next_multiple_of(TILE), [0; 16]);
        let tiles = queue.keys.as_chunks::<TILE>().0.chunks(GROUP / TILE);
        let rest = queue.jobs.chunks(GROUP).zip(queue.positions.chunks(GROUP));
        for (tiles, (jobs, positions)) in tiles.zip(rest) {
            let mut rpiks = [[[0; 16]; TILE]; GROUP / TILE];
            for ((rpiks, tile), jobs) in rpiks.iter_mut().zip(tiles).zip(jobs.chunks(TILE)) {
                *rpiks = kernels.rpiks(tile, jobs.len());
            }
            for ((rpiks, jobs), positions) in rpiks.iter().zip(jobs.chunks(TILE)).zip(positions.chunks(TILE)) {
                kernels.search(rpiks, jobs, filters, &mut self.candidates);
                self.keep_hits(positions, keys, hits);
            }
        }
    }

    fn search_plainly(&mut self, place: usize, queue: &Queue, keys: &[DiagnosisKey], hits: &mut Vec<Hit>) {
        let filters = self.index.filters(place);
        for (position, job) in queue.positions.iter().zip(&queue.jobs) {
            if let Some(key) = keys.get(*position as usize) {
                self.day.search(0, key, job, filters, &mut self.candidates);
                self.keep_hits(&[*position], keys, hits);
            }
        }
    }

    /// Empties the candidates, which are of the keys at these positions, and keeps those that are what they seem.
    fn keep_hits(&mut self, positions: &[u32], keys: &[DiagnosisKey], hits: &mut Vec<Hit>) {
        for candidate in &self.candidates {
            let Some(position) = positions.get(candidate.job) else { continue };
            let interval = EnIntervalNumber::new(candidate.interval);
            if keys.get(*position as usize).is_some_and(|key| self.is_hit(key, interval, candidate.word)) {
                hits.push(Hit { key: *position, interval });
            }
        }
        self.candidates.clear();
    }

    /// Whether a candidate is what it seems. Here the identifier is derived again, whole and in the plain way.
    #[cold]
    fn is_hit(&self, key: &DiagnosisKey, interval: EnIntervalNumber, word: u32) -> bool {
        key.window.contains(interval)
            && self.index.may_have_heard(word, interval)
            && self.index.heard(key.identifier_key().identifier(interval), interval).next().is_some()
    }
}
