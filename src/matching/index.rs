//! All sightings of a device, arranged for finding those of one identifier.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::RangeInclusive;

use super::sighting::{ImpossibleSighting, Sighting};
use super::stretch::{Directory, INTERVALS, Places, ROWS, Stretch};
use crate::arch::{Filter, Job, Part, ROW, word};
use crate::keys::RollingProximityIdentifier;
use crate::time::{CLOCK_INTERVALS, EnIntervalNumber, INTERVAL_SECONDS, RollingWindow};

/// Stored sightings, arranged once and searched many times.
///
/// They are arranged by time: an identifier can only have been heard within 12 intervals of its own, so a key is looked
/// for among the sightings of its day alone, and costs nothing where there are none. The price is that a sighting at
/// any other time is not noticed. An [`exhaustive`](Self::exhaustive) index notices it, and counts it as dropped.
///
/// The sightings themselves stay in the order in which they were given, and a [`Match`] refers to them by their position
/// there. An attacker who broadcasts chosen identifiers can slow a search down no further than to a binary search in
/// each look-up.
///
/// ```
/// use gaen::{RollingProximityIdentifier, Sighting, SightingIndex};
///
/// let rpi: RollingProximityIdentifier = "8be6cd371c5c891604bfbe49df845096".parse()?;
/// let index = SightingIndex::new(vec![Sighting::new(rpi, &[0x72, 0x03, 0x38, 0x74], -60, 1_585_785_600)])?;
/// assert_eq!(index.sightings().len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [`Match`]: crate::matching::Match
#[derive(Clone, Debug)]
pub struct SightingIndex {
    sightings: Vec<Sighting>,
    scope: Scope,
    /// In the order of time. Before each there is the one of the day before, if only an empty one, so that a key that
    /// starts there and ends here finds both.
    stretches: Vec<Stretch>,
    places: Places,
    /// The rows of each stretch, and above them those of the next: rows to which a sighting may belong, one bit each.
    rows: Vec<u32>,
    /// The sightings of one stretch after the other: by word, then identifier, then time, then position.
    entries: Vec<Entry>,
}

/// What a search notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    /// What was heard within the clock window.
    InTime,
    /// What was heard at any time: all sightings are one stretch.
    Exhaustive,
}

/// A sighting in the order of its word: the word above, its position below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry(u64);

impl Entry {
    fn new(word: u32, position: u32) -> Self {
        Self(u64::from(word) << 32 | u64::from(position))
    }

    #[allow(clippy::cast_possible_truncation)] // the upper half is a u32
    fn word(self) -> u32 {
        (self.0 >> 32) as u32
    }

    #[allow(clippy::cast_possible_truncation)] // the lower half is a u32
    fn position(self) -> usize {
        self.0 as u32 as usize
    }
}

impl SightingIndex {
    /// Arranges the sightings.
    ///
    /// # Errors
    /// [`TooManySightings`] from 2^32 - 1 on.
    pub fn new(sightings: Vec<Sighting>) -> Result<Self, TooManySightings> {
        Self::build(sightings, Scope::InTime)
    }

    /// Arranges the sightings so that every identifier of every key is looked for among all of them, whatever their time.
    ///
    /// The matches are the same. Beside them, sightings of a key's identifier outside of the clock window are counted as
    /// [`DropReason::ClockWindow`](crate::matching::DropReason::ClockWindow): the trace of a clock that is wrong, or of a replay.
    /// It costs the derivation of every key, and look-ups that slow down as sightings become many.
    ///
    /// # Errors
    /// [`TooManySightings`] from 2^32 - 1 on.
    pub fn exhaustive(sightings: Vec<Sighting>) -> Result<Self, TooManySightings> {
        Self::build(sightings, Scope::Exhaustive)
    }

    fn build(sightings: Vec<Sighting>, scope: Scope) -> Result<Self, TooManySightings> {
        let Some(count) = u32::try_from(sightings.len()).ok().filter(|count| *count < u32::MAX) else {
            return Err(TooManySightings { found: sightings.len() });
        };
        // The one pass over all that is known of the sightings; those below are over as little as they need.
        let heard = (0..count).zip(&sightings).filter_map(|(position, sighting)| {
            let interval = match scope {
                Scope::InTime => own_interval(sighting)?,
                Scope::Exhaustive => 0,
            };
            Some(Heard { interval, word: word(sighting.rpi.as_bytes()), position })
        });
        let heard: Vec<Heard> = heard.collect();
        let numbers = match scope {
            Scope::InTime => numbers(&heard),
            Scope::Exhaustive => vec![0],
        };
        let (mut stretches, places) = stretches(&heard, numbers);

        let mut entries = vec![Entry(0); heard.len()];
        for heard in &heard {
            let near = heard.near();
            for number in heard.stretches() {
                if let Some(stretch) = places.of(number).and_then(|place| stretches.get_mut(place)) {
                    stretch.filter.insert(heard.word);
                    stretch.rows |= rows(number, &near);
                }
            }
            let home = places.of(stretch(heard.interval)).and_then(|place| stretches.get_mut(place));
            let Some(home) = home else { continue };
            if let Some(entry) = entries.get_mut(home.entries.end) {
                *entry = Entry::new(heard.word, heard.position);
                home.entries.end += 1;
            }
        }
        for stretch in &mut stretches {
            if let Some(entries) = entries.get_mut(stretch.entries.clone()) {
                sort(entries, &sightings);
                stretch.directory = Directory::new(entries.iter().map(|entry| entry.word()));
            }
        }

        let mut index = Self { sightings, scope, stretches, places, rows: Vec::new(), entries };
        let rows = |place| index.next(place).map_or(0, |next| u32::from(next.rows) << ROWS);
        let stretches = index.stretches.iter().enumerate();
        index.rows = stretches.map(|(place, first)| u32::from(first.rows) | rows(place)).collect();
        Ok(index)
    }

    /// The sightings, in the order in which they were given.
    #[must_use]
    pub fn sightings(&self) -> &[Sighting] {
        &self.sightings
    }

    /// The sightings that [cannot be](Sighting::check), with their positions and why, in their order.
    ///
    /// No key can match at an impossible time. An impossible signal strength matches, and may look like the nearest of
    /// contacts. So no answer over this index is to be trusted while there are any.
    pub fn impossible(&self) -> impl Iterator<Item = (usize, ImpossibleSighting)> {
        let checked = self.sightings.iter().enumerate();
        checked.filter_map(|(position, sighting)| Some((position, sighting.check().err()?)))
    }

    /// How many stretches of time there are.
    pub(super) fn stretches(&self) -> usize {
        self.stretches.len()
    }

    /// What to search of a key with this window: the stretch in which it begins, and the rows, counted from the first of
    /// the stretch. `None` when nothing was heard that it could have sent.
    #[inline]
    pub(super) fn job(&self, window: RollingWindow) -> Option<(usize, Job)> {
        let first_row = window.start().as_u32() / ROW;
        // A window is not empty and does not pass the last interval.
        let last_row = (window.start().as_u32() + (window.period().as_u32() - 1)) / ROW;
        let window_rows = (1_u32 << (last_row - first_row + 1)) - 1;
        if self.scope == Scope::Exhaustive {
            return (!self.entries.is_empty()).then_some((0, Job { first_row, rows: window_rows }));
        }
        let passed = first_row % ROWS;
        let place = self.places.of(first_row / ROWS)?;
        let rows = self.rows.get(place)? & window_rows << passed;
        (rows != 0).then_some((place, Job { first_row: first_row - passed, rows }))
    }

    /// The filters of the jobs of this stretch, with the rows of each: those of the stretch, then those of the next.
    pub(super) fn parts(&self, place: usize) -> impl Iterator<Item = Part<'_>> {
        let stretches = [self.stretches.get(place), self.next(place)];
        let rows = if self.scope == Scope::Exhaustive { u32::MAX } else { (1 << ROWS) - 1 };
        let parts = stretches.into_iter().zip([0, ROWS]);
        parts.filter_map(move |(stretch, passed)| Some(Part { filter: &stretch?.filter, rows: rows << passed }))
    }

    /// The stretch of the day after, if there is one.
    fn next(&self, place: usize) -> Option<&Stretch> {
        let number = self.stretches.get(place)?.number;
        self.stretches.get(place + 1).filter(|next| Some(next.number) == number.checked_add(1))
    }

    /// Whether an identifier with this word may have been heard, as a second and better filter.
    pub(super) fn may_have_heard(&self, word: u32, interval: EnIntervalNumber) -> bool {
        self.homes(word, interval).any(|entries| entries.binary_search_by_key(&word, |entry| entry.word()).is_ok())
    }

    /// The sightings of an identifier with their positions, in the order of time, then position: those in the clock
    /// window of its interval, or all of them when the index is exhaustive.
    pub(crate) fn heard(
        &self,
        identifier: RollingProximityIdentifier,
        interval: EnIntervalNumber,
    ) -> impl Iterator<Item = (usize, &Sighting)> {
        let word = word(identifier.as_bytes());
        let place = move |entry: &Entry| {
            let rpi = self.sightings.get(entry.position()).map(|sighting| sighting.rpi);
            (entry.word(), rpi).cmp(&(word, Some(identifier)))
        };
        let heard = self.homes(word, interval).flat_map(move |entries| {
            let start = entries.partition_point(|entry| place(entry).is_lt());
            entries.get(start..).unwrap_or_default().iter().take_while(move |entry| place(entry).is_eq())
        });
        heard
            .filter_map(|entry| Some((entry.position(), self.sightings.get(entry.position())?)))
            .filter(move |(_, sighting)| self.scope == Scope::Exhaustive || in_clock_window(interval, sighting.time))
    }

    /// The entries among which are all with this word that can have been heard in this interval, by stretch.
    fn homes(&self, word: u32, interval: EnIntervalNumber) -> impl Iterator<Item = &[Entry]> {
        let numbers = match self.scope {
            Scope::Exhaustive => 0..=0,
            Scope::InTime => {
                let interval = interval.as_u32();
                stretch(interval.saturating_sub(CLOCK_INTERVALS))..=stretch(interval.saturating_add(CLOCK_INTERVALS))
            }
        };
        numbers.filter_map(move |number| {
            let stretch = self.stretches.get(self.places.of(number)?)?;
            self.entries.get(stretch.entries.clone())?.get(stretch.directory.range(word))
        })
    }
}

/// `600 * (r - 12) <= t < 600 * (r + 13)`.
pub(crate) fn in_clock_window(interval: EnIntervalNumber, time: u64) -> bool {
    (time / INTERVAL_SECONDS).abs_diff(interval.as_u32().into()) <= CLOCK_INTERVALS.into()
}

/// What the index is made of, of one sighting.
struct Heard {
    interval: u32,
    word: u32,
    position: u32,
}

impl Heard {
    /// The intervals whose identifiers may have been heard in this one.
    fn near(&self) -> RangeInclusive<u32> {
        self.interval.saturating_sub(CLOCK_INTERVALS)..=self.interval.saturating_add(CLOCK_INTERVALS)
    }

    /// The stretches of those.
    fn stretches(&self) -> RangeInclusive<u32> {
        let near = self.near();
        stretch(*near.start())..=stretch(*near.end())
    }
}

/// The interval in which it was heard. The last one, if it was later by no more than the clocks may differ; `None` after
/// that, when nobody can have sent it.
fn own_interval(sighting: &Sighting) -> Option<u32> {
    let interval = sighting.time / INTERVAL_SECONDS;
    let latest = u64::from(u32::MAX) + u64::from(CLOCK_INTERVALS);
    (interval <= latest).then(|| u32::try_from(interval).unwrap_or(u32::MAX))
}

/// The numbers of all stretches to which a sighting may belong and of those before them, ascending.
fn numbers(heard: &[Heard]) -> Vec<u32> {
    /// Numbers for which a table is worth it: a thousand years.
    const SPAN: u32 = 365_250;

    let touched = || {
        heard.iter().map(|heard| {
            let (first, last) = heard.stretches().into_inner();
            first.saturating_sub(1)..=last
        })
    };
    let lowest =
        heard.iter().map(|heard| heard.interval).min().map_or(0, |interval| stretch(interval).saturating_sub(2));
    let highest = heard.iter().map(|heard| heard.interval).max().map_or(0, |interval| stretch(interval) + 1);
    if highest - lowest < SPAN {
        let mut is_touched = vec![false; (highest - lowest) as usize + 1];
        for number in touched().flatten() {
            if let Some(entry) = is_touched.get_mut((number - lowest) as usize) {
                *entry = true;
            }
        }
        (lowest..=highest).zip(is_touched).filter_map(|(number, touched)| touched.then_some(number)).collect()
    } else {
        let mut numbers: Vec<u32> = touched().flatten().collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}

/// The stretches with these numbers, with room for what was heard in each, but nothing in it yet.
fn stretches(heard: &[Heard], numbers: Vec<u32>) -> (Vec<Stretch>, Places) {
    let mut sizes = vec![(0, 0); numbers.len()];
    let places = Places::new(numbers.clone());
    for heard in heard {
        for number in heard.stretches() {
            if let Some((identifiers, own)) = places.of(number).and_then(|place| sizes.get_mut(place)) {
                *identifiers += 1;
                *own += usize::from(number == stretch(heard.interval));
            }
        }
    }
    let mut end = 0;
    let stretches = numbers.into_iter().zip(sizes).map(|(number, (identifiers, own))| {
        let start = end;
        end += own;
        Stretch {
            number,
            filter: Filter::new(identifiers),
            rows: 0,
            entries: start..start,
            directory: Directory::default(),
        }
    });
    (stretches.collect(), places)
}

/// The number of an interval's stretch.
fn stretch(interval: u32) -> u32 {
    interval / INTERVALS
}

/// The rows of a stretch that have an interval in this range.
fn rows(stretch: u32, intervals: &RangeInclusive<u32>) -> u16 {
    let first_row = stretch * ROWS;
    let from = (intervals.start() / ROW).saturating_sub(first_row);
    let to = (intervals.end() / ROW - first_row).min(ROWS - 1);
    low_half((2 << to) - (1 << from))
}

fn low_half(bits: u32) -> u16 {
    let [low, high, ..] = bits.to_le_bytes();
    u16::from_le_bytes([low, high])
}

/// By word, then identifier, then time, then position.
fn sort(entries: &mut [Entry], sightings: &[Sighting]) {
    entries.sort_unstable();
    for same_word in entries.chunk_by_mut(|a, b| a.word() == b.word()) {
        if same_word.len() > 1 {
            same_word.sort_unstable_by_key(|entry| {
                (sightings.get(entry.position()).map(|sighting| (sighting.rpi, sighting.time)), *entry)
            });
        }
    }
}

/// An index refers to sightings by 32-bit positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{found} sightings; an index holds fewer than 2^32 - 1")]
pub struct TooManySightings {
    /// How many there were.
    pub found: usize,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::time::RollingPeriod;

    fn heard(intervals: &[u32]) -> Vec<Sighting> {
        let rpi = RollingProximityIdentifier::from_bytes([7; 16]);
        intervals.iter().map(|interval| Sighting::new(rpi, &[0; 4], -60, u64::from(*interval) * 600)).collect()
    }

    fn window(start: u32, period: u32) -> RollingWindow {
        RollingWindow::new(EnIntervalNumber::new(start), RollingPeriod::new(period).unwrap()).unwrap()
    }

    #[test]
    fn keys_of_days_without_sightings_have_no_job() {
        let index = SightingIndex::new(heard(&[2_650_032 + 70])).unwrap();
        assert!(index.job(window(2_650_032, 144)).is_some());
        for start in [2_650_032 - 144, 2_650_032 + 144, 0, u32::MAX - 144] {
            assert!(index.job(window(start, 144)).is_none(), "{start}");
        }
        // Not even on the same day, if the key's window ends before or begins after.
        assert!(index.job(window(2_650_032, 32)).is_none() && index.job(window(2_650_032 + 96, 48)).is_none());
        assert!(SightingIndex::new(Vec::new()).unwrap().job(window(2_650_032, 144)).is_none());
        let exhaustive = SightingIndex::exhaustive(heard(&[2_650_032 + 70])).unwrap();
        assert!(exhaustive.job(window(0, 144)).is_some_and(|(_, job)| job.rows == 0x1ff));
    }

    proptest! {
        /// Every row with a sighting near, and no other: what is more costs time, and what is less loses matches.
        #[test]
        fn a_job_has_exactly_the_rows_that_a_sighting_is_near(
            sightings in prop::collection::vec(2_650_000_u32..2_650_800, 0..6),
            start in 2_650_000_u32..2_650_700,
            period in 1_u32..=144,
        ) {
            let index = SightingIndex::new(heard(&sightings)).unwrap();
            let near = |row: u32| {
                let (first, last) = (row * ROW, row * ROW + (ROW - 1));
                sightings.iter().any(|heard| first <= heard + CLOCK_INTERVALS && heard - CLOCK_INTERVALS <= last)
            };
            let expected: Vec<u32> = (start / ROW..=(start + period - 1) / ROW).filter(|row| near(*row)).collect();
            let job = index.job(window(start, period));
            let found: Vec<u32> = job.map_or(Vec::new(), |(_, job)| {
                (0..32).filter(|bit| job.rows >> bit & 1 == 1).map(|bit| job.first_row + bit).collect()
            });
            prop_assert_eq!(found, expected);
        }
    }
}
