//! From keys to the intervals in which their identifiers were heard.
//!
//! ```text
//! keys -> a queue for each stretch of time -> tiles of sixteen -> kernels -> candidates -> look-up -> hits
//! ```

use alloc::vec::Vec;

use super::index::SightingIndex;
use super::plain::Plain;
use crate::arch::{Candidate, Job, Kernels, PLANE_ROWS, Part, Space, TILE, Tier};
use crate::keys::DiagnosisKey;
use crate::keys::published::PublishedIdentifiers;
use crate::time::EnIntervalNumber;

/// An identifier of a key that was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct HeardInterval {
    /// The position of the key among those that were swept.
    pub(super) key: u32,
    /// The interval of the identifier.
    pub(super) interval: EnIntervalNumber,
}

/// Keys that wait for others of their stretch.
#[derive(Debug, Default)]
struct Queue {
    /// In tiles, as the kernels take them; the last may not be full.
    keys: Vec<[[u8; 16]; TILE]>,
    jobs: Vec<Job>,
    /// Where each stands among the keys that are swept.
    positions: Vec<u32>,
}

impl Queue {
    /// So many keys meet one filter while it is in the cache. More would push each other out of it: 192 bytes are
    /// prepared of a key.
    const DEPTH: usize = 1024;

    #[inline]
    fn push(&mut self, key: [u8; 16], job: Job, position: u32) {
        let place = self.jobs.len() % TILE;
        if place == 0 {
            self.keys.push([[0; 16]; TILE]);
        }
        if let Some(tile) = self.keys.last_mut() {
            tile[place] = key;
            self.jobs.push(job);
            self.positions.push(position);
        }
    }

    /// Moves the keys to an empty queue, so that the keys of a tile pass multiples of [`PLANE_ROWS`] together: where
    /// the queue is of all days, they begin in different rows.
    fn align(&mut self, empty: &mut Self) {
        let phase = |job: &Job| job.first_row % PLANE_ROWS;
        if self.jobs.is_sorted_by_key(phase) {
            return;
        }
        for wanted in 0..PLANE_ROWS {
            for ((key, job), position) in self.keys.as_flattened().iter().zip(&self.jobs).zip(&self.positions) {
                if phase(job) == wanted {
                    empty.push(*key, *job, *position);
                }
            }
        }
        core::mem::swap(self, empty);
        empty.clear();
    }

    fn is_full(&self) -> bool {
        self.jobs.len() >= Self::DEPTH
    }

    /// Forgets the keys, and keeps their memory.
    fn clear(&mut self) {
        self.keys.clear();
        self.jobs.clear();
        self.positions.clear();
    }
}

/// Sweeps keys over an index.
#[derive(Debug)]
pub(super) struct Sweep<'index> {
    index: &'index SightingIndex,
    tier: Tier,
    queues: Vec<Queue>,
    /// An empty queue.
    spare: Queue,
    plain: Plain,
    identifier_keys: Vec<[[u8; 16]; TILE]>,
    space: Space,
    candidates: Vec<Candidate>,
}

impl<'index> Sweep<'index> {
    pub(super) fn new(index: &'index SightingIndex, tier: Tier) -> Self {
        let mut queues = Vec::new();
        queues.resize_with(index.stretches(), Queue::default);
        let (identifier_keys, candidates) = (Vec::new(), Vec::new());
        let (spare, plain, space) = (Queue::default(), Plain::default(), Space::default());
        Self { index, tier, queues, spare, plain, identifier_keys, space, candidates }
    }

    /// The hits of these keys, by the position of the key, then interval. With more than `most` it stops early, and
    /// some of them are missing.
    ///
    /// `keys` must be fewer than 2^32. As many as are given may wait at once: a caller who has millions gives pieces.
    pub(super) fn hits(&mut self, keys: &[DiagnosisKey], most: usize) -> Vec<HeardInterval> {
        let mut hits = Vec::new();
        for (position, key) in (0..).zip(keys) {
            let Some((place, job)) = self.index.job(key.window) else { continue };
            let Some(queue) = self.queues.get_mut(place) else { continue };
            queue.push(*key.key_data.as_bytes(), job, position);
            if queue.is_full() {
                self.work_off(place, keys, &mut hits);
            }
            if hits.len() > most {
                break;
            }
        }
        for place in 0..self.queues.len() {
            self.work_off(place, keys, &mut hits);
        }
        hits.sort_unstable();
        hits
    }

    /// Searches the keys of one queue, and empties it.
    fn work_off(&mut self, place: usize, keys: &[DiagnosisKey], hits: &mut Vec<HeardInterval>) {
        let Some(queue) = self.queues.get_mut(place).filter(|queue| !queue.jobs.is_empty()) else { return };
        let mut queue = core::mem::take(queue);
        let parts: Vec<Part<'_>> = self.index.parts(place).collect();
        self.candidates.clear();
        match self.tier.kernels() {
            Some(kernels) => {
                if kernels.in_planes() {
                    queue.align(&mut self.spare);
                }
                self.search(kernels, &queue, &parts);
            }
            None => self.plain.search(queue.keys.as_flattened(), &queue.jobs, &parts, &mut self.candidates),
        }
        self.keep_hits(&queue.positions, keys, hits);
        queue.clear();
        if let Some(place) = self.queues.get_mut(place) {
            *place = queue;
        }
    }

    /// Adds the candidates of a queue. All keys are hashed before they are searched: either's code fills the
    /// first-level instruction cache.
    fn search(&mut self, kernels: Kernels, queue: &Queue, parts: &[Part<'_>]) {
        let counts = queue.jobs.chunks(TILE).map(<[Job]>::len);
        self.identifier_keys.clear();
        self.identifier_keys.extend(queue.keys.iter().zip(counts).map(|(tile, count)| kernels.rpiks(tile, count)));
        kernels.search(&mut self.space, &self.identifier_keys, &queue.jobs, parts, &mut self.candidates);
    }

    /// Keeps those candidates that are what they seem. They are of the keys at these positions.
    fn keep_hits(&mut self, positions: &[u32], keys: &[DiagnosisKey], hits: &mut Vec<HeardInterval>) {
        let index = self.index;
        self.candidates
            .retain(|candidate| index.passes_second(candidate.word, EnIntervalNumber::new(candidate.interval)));
        // A key that was near for an hour has many.
        self.candidates.sort_unstable();
        let mut derived = (usize::MAX, None);
        for Candidate { job, interval, word } in &self.candidates {
            let Some(position) = positions.get(*job) else { continue };
            let Some(key) = keys.get(*position as usize) else { continue };
            if derived.0 != *job {
                derived = (*job, None);
            }
            let interval = EnIntervalNumber::new(*interval);
            if self.is_hit(key, interval, *word, &mut derived.1) {
                hits.push(HeardInterval { key: *position, interval });
            }
        }
    }

    /// Whether a candidate is what it seems. Here the identifier is derived again, whole and in the plain way.
    #[cold]
    fn is_hit(
        &self,
        key: &DiagnosisKey,
        interval: EnIntervalNumber,
        word: u32,
        derived: &mut Option<PublishedIdentifiers>,
    ) -> bool {
        key.window.contains(interval) && self.index.has_word(word, interval) && {
            let identifiers = derived.get_or_insert_with(|| key.published_identifiers());
            self.index.heard(identifiers.identifier(interval), interval).next().is_some()
        }
    }
}
