//! From keys to the intervals in which their identifiers were heard.
//!
//! ```text
//! keys -> a queue for each stretch of time -> tiles of sixteen -> kernels -> candidates -> look-up -> hits
//! ```

use alloc::vec::Vec;

use super::index::SightingIndex;
use super::plain::Day;
use crate::arch::{Candidate, Job, Kernels, TILE, Tier};
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

/// Sixteen keys, as the kernels take them.
#[derive(Clone, Debug)]
struct Tile {
    keys: [[u8; 16]; TILE],
    jobs: [Job; TILE],
    /// Where each stands among the keys that are swept.
    positions: [u32; TILE],
}

/// Keys that wait for others of their stretch: full tiles, and a last one that may not be full.
#[derive(Debug)]
struct Queue {
    tiles: Vec<Tile>,
    /// How many keys wait.
    len: usize,
    /// How many may.
    depth: usize,
}

impl Queue {
    /// One stretch's filter serves all keys of a queue while it is in the cache: a large filter wants many.
    fn new(filter_bytes: usize) -> Self {
        Self { tiles: Vec::new(), len: 0, depth: (filter_bytes / 128).clamp(32 * TILE, 256 * TILE) }
    }

    #[inline]
    fn push(&mut self, key: [u8; 16], job: Job, position: u32) {
        const EMPTY: Tile =
            Tile { keys: [[0; 16]; TILE], jobs: [Job { first_row: 0, rows: [0, 0] }; TILE], positions: [0; TILE] };
        let (tile, place) = (self.len / TILE, self.len % TILE);
        if tile >= self.tiles.len() {
            self.tiles.push(EMPTY);
        }
        if let Some(tile) = self.tiles.get_mut(tile) {
            tile.keys[place] = key;
            tile.jobs[place] = job;
            tile.positions[place] = position;
            self.len += 1;
        }
    }

    /// The tiles, with the number of keys in each.
    fn tiles(&self) -> impl Iterator<Item = (&Tile, usize)> {
        let counts = (0..self.len).step_by(TILE).map(|first| TILE.min(self.len - first));
        self.tiles.iter().zip(counts)
    }
}

/// Keys for which it is worth it to fetch a whole filter.
const ENOUGH: usize = 32 * TILE;

/// Tiles that are hashed before they are searched: the code of hashing fills the first-level instruction cache.
const GROUP: usize = 8;

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
        let queues = (0..index.stretches()).map(|place| Queue::new(index.filters(place)[0].bytes())).collect();
        Self { index, tier, queues, day: Day::new(), candidates: Vec::new() }
    }

    /// The hits of these keys, by the position of the key, then interval. With more than `most` it stops early, and some
    /// of them are missing.
    ///
    /// `keys` must be fewer than 2^32. As many as are given may wait at once: a caller who has millions gives pieces.
    pub(super) fn hits(&mut self, keys: &[DiagnosisKey], most: usize) -> Vec<HeardInterval> {
        let mut hits = Vec::new();
        for (position, key) in (0..).zip(keys) {
            let Some((place, job)) = self.index.job(key.window) else { continue };
            let Some(queue) = self.queues.get_mut(place) else { continue };
            queue.push(*key.key_data.as_bytes(), job, position);
            if queue.len >= queue.depth {
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
        let Some(queue) = self.queues.get_mut(place) else { return };
        let depth = queue.depth;
        let mut queue = core::mem::replace(queue, Queue { tiles: Vec::new(), len: 0, depth });
        if queue.len >= ENOUGH {
            // Most keys begin at midnight and end with the stretch.
            let [first, _] = self.index.filters(place);
            first.fetch();
        }
        let mut tiles = queue.tiles().peekable();
        while tiles.peek().is_some() {
            let group = tiles.by_ref().take(GROUP);
            match self.tier.kernels() {
                Some(kernels) => self.search(kernels, place, group, keys, hits),
                None => group.for_each(|(tile, count)| self.search_plainly(place, tile, count, keys, hits)),
            }
        }
        drop(tiles);
        queue.len = 0;
        if let Some(place) = self.queues.get_mut(place) {
            *place = queue;
        }
    }

    fn search<'tiles>(
        &mut self,
        kernels: Kernels,
        place: usize,
        group: impl Iterator<Item = (&'tiles Tile, usize)>,
        keys: &[DiagnosisKey],
        hits: &mut Vec<HeardInterval>,
    ) {
        let filters = self.index.filters(place);
        let mut hashed = [const { None }; GROUP];
        for ((tile, count), hashed) in group.zip(&mut hashed) {
            *hashed = Some((tile, count, kernels.rpiks(&tile.keys, count)));
        }
        for (tile, count, rpiks) in hashed.iter().flatten() {
            let jobs = tile.jobs.get(..*count).unwrap_or(&tile.jobs);
            kernels.search(rpiks, jobs, filters, &mut self.candidates);
            self.keep_hits(&tile.positions, keys, hits);
        }
    }

    fn search_plainly(
        &mut self,
        place: usize,
        tile: &Tile,
        count: usize,
        keys: &[DiagnosisKey],
        hits: &mut Vec<HeardInterval>,
    ) {
        let filters = self.index.filters(place);
        for (number, (position, job)) in tile.positions.iter().zip(&tile.jobs).enumerate().take(count) {
            if let Some(key) = keys.get(*position as usize) {
                self.day.search(number, key, job, filters, &mut self.candidates);
            }
        }
        self.keep_hits(&tile.positions, keys, hits);
    }

    /// Empties the candidates, which are of the keys at these positions, and keeps those that are what they seem.
    fn keep_hits(&mut self, positions: &[u32; TILE], keys: &[DiagnosisKey], hits: &mut Vec<HeardInterval>) {
        if self.candidates.is_empty() {
            return;
        }
        // A key that was near for an hour has many.
        let mut derived = [const { None }; TILE];
        for Candidate { job, interval, word } in &self.candidates {
            let (Some(position), Some(derived)) = (positions.get(*job), derived.get_mut(*job)) else { continue };
            let Some(key) = keys.get(*position as usize) else { continue };
            let interval = EnIntervalNumber::new(*interval);
            if self.is_hit(key, interval, *word, derived) {
                hits.push(HeardInterval { key: *position, interval });
            }
        }
        self.candidates.clear();
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
        key.window.contains(interval) && self.index.may_have_heard(word, interval) && {
            let identifiers = derived.get_or_insert_with(|| key.published_identifiers());
            self.index.heard(identifiers.identifier(interval), interval).next().is_some()
        }
    }
}
