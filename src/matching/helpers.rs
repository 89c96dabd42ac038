//! Searching some of the keys where the memory of the search does not reach, as in another worker of a page.
//!
//! ```text
//! a search:  keys -> pieces -> a helper with room: task ----> answer -> hits
//!                           \-> nobody has room: sweep --------------> hits
//! a helper:  what was heard -> index of its own;   task -> sweep -> answer
//! ```
//!
//! All that crosses is bytes. Numbers in them are little-endian.
//!
//! | what | bytes |
//! |---|---|
//! | heard | 0, or 1 if the index is exhaustive; then for each sighting 16 bytes of the identifier and 8 of the time |
//! | task | for each key 16 bytes of the key, 4 of its start and 4 of its period |
//! | answer | for each hit 4 bytes of the position in the task and 4 of the interval, in this order |
//!
//! A helper is believed that it misses no hit. The identifier of a hit is derived again before it becomes a match, and
//! a task without a proper answer is searched here.
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::indexing_slicing))]

use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use super::index::SightingIndex;
use super::matcher::{Lent, Search, TooMany};
use super::sighting::Sighting;
use super::sweep::{HeardInterval, Sweep};
use crate::arch::Tier;
use crate::keys::{DiagnosisKey, RollingProximityIdentifier};
use crate::time::{EnIntervalNumber, RollingPeriod, RollingWindow};

/// Keys of a task: few enough that all helpers end together, and as many as the sweep wants of a day.
const TASK_KEYS: usize = 1024;

/// The bytes of a key in a task.
const KEY_BYTES: usize = 24;

/// The bytes of a sighting in what was heard.
const HEARD_BYTES: usize = 24;

/// The bytes of a hit in an answer.
const HIT_BYTES: usize = 8;

/// The most bytes of a task, and of an answer: 24 KiB.
pub const TASK_BYTES: usize = TASK_KEYS * KEY_BYTES;

/// Carries tasks of a search to [`Helper`]s elsewhere, and brings their answers.
///
/// There are some places for tasks, numbered from 0. A place belongs to one helper, and holds one task at a time. Four
/// places a helper keep it busy while the search reads on.
pub trait Helpers: fmt::Debug {
    /// Tells every helper what was heard, for [`Helper::new`]. A search begins.
    fn begin(&mut self, heard: &[u8]);

    /// Returns the number of places.
    fn places(&self) -> usize;

    /// Gives a task to an empty place. `false` if the helper takes none, because it is not ready or is gone.
    fn give(&mut self, place: usize, task: &[u8]) -> bool;

    /// `true` if [`answer`](Self::answer) need not wait.
    fn has_answered(&self, place: usize) -> bool;

    /// Empties a place. Returns the answer of [`Helper::search`], and waits for it if the helper is at it. `None` if
    /// the helper has not begun, or cannot answer: then the search does the task.
    fn answer(&mut self, place: usize) -> Option<Vec<u8>>;

    /// Tells every helper that the search has ended. All places are empty.
    fn end(&mut self);
}

/// One who searches tasks of a search elsewhere.
#[derive(Debug)]
pub struct Helper(SightingIndex);

impl Helper {
    /// Arranges what was heard, as [`Helpers::begin`] tells it. `None` if nobody tells it so.
    #[must_use]
    pub fn new(heard: &[u8]) -> Option<Self> {
        let (is_exhaustive, rows) = heard.split_first()?;
        let (rows, []) = rows.as_chunks::<HEARD_BYTES>() else { return None };
        // Strength and metadata are for whoever judges the hits.
        let sighting = |row: &[u8; HEARD_BYTES]| {
            let (rpi, time) = row.split_first_chunk()?;
            let time = u64::from_le_bytes(time.try_into().ok()?);
            Some(Sighting::new(RollingProximityIdentifier::from_bytes(*rpi), &[], 0, time))
        };
        let sightings = rows.iter().map(sighting).collect::<Option<_>>()?;
        let index = match is_exhaustive {
            0 => SightingIndex::new(sightings),
            1 => SightingIndex::exhaustive(sightings),
            _ => return None,
        };
        index.ok().map(Self)
    }

    /// Searches the keys of a task, and answers with all hits. `None` if it is no task, or an answer would be over
    /// [`TASK_BYTES`].
    #[must_use]
    pub fn search(&self, task: &[u8]) -> Option<Vec<u8>> {
        const MOST: usize = TASK_BYTES / HIT_BYTES;

        let (keys, []) = task.as_chunks::<KEY_BYTES>() else { return None };
        let keys: Vec<_> = keys.iter().map(key).collect::<Option<_>>()?;
        let hits = Sweep::new(&self.0, Tier::best()).hits(&keys, MOST);
        let numbers = hits.iter().flat_map(|hit| [hit.key, hit.interval.as_u32()]);
        (hits.len() <= MOST).then(|| numbers.flat_map(u32::to_le_bytes).collect())
    }
}

/// A key of a task.
fn key(bytes: &[u8; KEY_BYTES]) -> Option<DiagnosisKey> {
    let (data, numbers) = bytes.split_first_chunk::<16>()?;
    let (start, period) = pair(numbers.try_into().ok()?);
    let window = RollingWindow::new(EnIntervalNumber::new(start), RollingPeriod::new(period).ok()?).ok()?;
    Some(DiagnosisKey::new(*data, window))
}

/// The hits of an answer to a task of so many keys; `None` if it is no answer.
fn hits(answer: &[u8], keys: usize) -> Option<Vec<HeardInterval>> {
    let (hits, []) = answer.as_chunks::<HIT_BYTES>() else { return None };
    let hit = |bytes: &[u8; HIT_BYTES]| {
        let (key, interval) = pair(*bytes);
        HeardInterval { key, interval: EnIntervalNumber::new(interval) }
    };
    let hits: Vec<_> = hits.iter().map(hit).collect();
    let is_proper = hits.is_sorted_by(|a, b| a < b) && hits.last().is_none_or(|hit| (hit.key as usize) < keys);
    is_proper.then_some(hits)
}

/// Two numbers.
fn pair([a, b, c, d, e, f, g, h]: [u8; 8]) -> (u32, u32) {
    (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]))
}

/// Helpers of one search, which know what was heard: see [`Search::team`]. When the team is dropped, they are told of
/// the end.
///
/// ```
/// # let index = gaen::SightingIndex::new(vec![])?;
/// # let keys: [gaen::DiagnosisKey; 0] = [];
/// use gaen::matching::{Helper, Helpers};
///
/// /// A helper that has all the time of the search itself: others are in other threads.
/// #[derive(Debug, Default)]
/// struct Beside {
///     helper: Option<Helper>,
///     task: Vec<u8>,
/// }
///
/// impl Helpers for Beside {
///     fn begin(&mut self, heard: &[u8]) {
///         self.helper = Helper::new(heard);
///     }
///     fn places(&self) -> usize {
///         1
///     }
///     fn give(&mut self, _: usize, task: &[u8]) -> bool {
///         self.task = task.to_vec();
///         true
///     }
///     fn has_answered(&self, _: usize) -> bool {
///         false
///     }
///     fn answer(&mut self, _: usize) -> Option<Vec<u8>> {
///         self.helper.as_ref()?.search(&self.task)
///     }
///     fn end(&mut self) {
///         self.helper = None;
///     }
/// }
///
/// let mut search = gaen::Matcher::new(&index).search();
/// let mut helpers = Beside::default();
/// let mut team = search.team(&mut helpers);
/// search.add_helped(0, &keys, &mut team);
/// assert_eq!(search.finish(), gaen::Matcher::new(&index).match_keys(&keys));
/// # Ok::<(), gaen::matching::TooManySightings>(())
/// ```
#[derive(Debug)]
pub struct Team<'h> {
    helpers: &'h mut dyn Helpers,
    /// What lies in each place.
    lent: Vec<Option<Lent>>,
}

impl<'h> Team<'h> {
    fn new(helpers: &'h mut dyn Helpers, index: &SightingIndex) -> Self {
        let mut heard = vec![u8::from(index.is_exhaustive())];
        for sighting in index.sightings() {
            heard.extend(sighting.rpi.as_bytes());
            heard.extend(sighting.time.to_le_bytes());
        }
        helpers.begin(&heard);
        let mut lent = Vec::new();
        lent.resize_with(helpers.places(), || None);
        Self { helpers, lent }
    }

    /// Puts a piece into an empty place. It comes back if there is none, if its helper takes no task, and if nothing in
    /// it must be searched.
    fn give(&mut self, piece: Lent) -> Result<(), Lent> {
        let empty = self.lent.iter_mut().enumerate().find(|(_, place)| place.is_none());
        let Some((number, place)) = empty.filter(|_| !piece.wanted().is_empty()) else { return Err(piece) };
        let mut task = Vec::with_capacity(TASK_BYTES);
        for key in piece.wanted() {
            task.extend(key.key_data.as_bytes());
            task.extend(key.window.start().as_u32().to_le_bytes());
            task.extend(key.window.period().as_u32().to_le_bytes());
        }
        if !self.helpers.give(number, &task) {
            return Err(piece);
        }
        *place = Some(piece);
        Ok(())
    }

    /// A piece that is answered; or, if all must come back, the last that was given. With its hits, if a helper found
    /// them.
    fn take(&mut self, all: bool) -> Option<(Lent, Option<Vec<HeardInterval>>)> {
        let helpers = &mut *self.helpers;
        let mut places = self.lent.iter_mut().enumerate().rev();
        let (number, place) =
            places.find(|(number, place)| place.is_some() && (all || helpers.has_answered(*number)))?;
        let piece = place.take()?;
        let hits = helpers.answer(number).and_then(|answer| hits(&answer, piece.wanted().len()));
        Some((piece, hits))
    }
}

impl Drop for Team<'_> {
    fn drop(&mut self) {
        while self.take(true).is_some() {}
        self.helpers.end();
    }
}

/// A search of one source that has helpers.
pub(crate) struct Helped<'a, 'h, 'index> {
    pub(crate) search: Search<'index>,
    source: usize,
    team: &'a mut Team<'h>,
    /// The number of the next key.
    first: u64,
}

impl<'a, 'h, 'index> Helped<'a, 'h, 'index> {
    /// A search that has found nothing yet. It must [end](Self::end).
    pub(crate) fn new(search: Search<'index>, source: usize, team: &'a mut Team<'h>) -> Self {
        Self { search, source, team, first: 0 }
    }

    /// Shares the next keys with the helpers, and does what they have no room for.
    pub(crate) fn add(&mut self, keys: &[DiagnosisKey], most: usize) -> Result<(), TooMany> {
        for keys in keys.chunks(TASK_KEYS) {
            self.take_back(false, most)?;
            let piece = self.search.lend(self.first, keys);
            self.first = self.first.saturating_add(keys.len() as u64);
            if let Err(piece) = self.team.give(piece) {
                self.search.take_back(self.source, piece, None, most)?;
            }
        }
        Ok(())
    }

    /// Takes back all that helpers have, and does what they have not begun. It takes back everything even where it
    /// fails.
    pub(crate) fn end(&mut self, most: usize) -> Result<(), TooMany> {
        let ended = self.take_back(true, most);
        while self.team.take(true).is_some() {}
        ended
    }

    fn take_back(&mut self, all: bool, most: usize) -> Result<(), TooMany> {
        while let Some((piece, hits)) = self.team.take(all) {
            self.search.take_back(self.source, piece, hits, most)?;
        }
        Ok(())
    }
}

impl Search<'_> {
    /// Tells helpers what was heard. They help this search, and others of the same index.
    #[must_use]
    pub fn team<'h>(&self, helpers: &'h mut dyn Helpers) -> Team<'h> {
        Team::new(helpers, self.matcher.index)
    }

    /// Does what [`add`](Self::add) does, together with helpers. The result is the same.
    pub fn add_helped(&mut self, source: usize, keys: &[DiagnosisKey], team: &mut Team<'_>) {
        let mut helped = Helped::new(self.another(), source, team);
        // No search can hold more than the largest number.
        let (Ok(()) | Err(TooMany)) = helped.add(keys, usize::MAX).and_then(|()| helped.end(usize::MAX));
        self.append(helped.search);
    }
}
