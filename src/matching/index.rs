//! All sightings of a device, arranged for finding those of one identifier.

use alloc::vec::Vec;

use super::arrange::{Arranged, Entry, stretch};
use super::filters::ROWS;
use super::sighting::{ImpossibleSighting, Sighting};
use super::stretch::{Places, Stretch};
use crate::arch::{Job, Part, ROW, word};
use crate::keys::RollingProximityIdentifier;
use crate::time::{CLOCK_INTERVALS, EnIntervalNumber, INTERVAL_SECONDS, RollingWindow};

/// Stored sightings, arranged once and searched many times.
///
/// They are arranged by time: an identifier can only have been heard within 12 intervals of its own, so a key is looked
/// for among the sightings of its day alone, and costs nothing where there are none. The price is that a sighting at
/// any other time is not noticed. An [`exhaustive`](Self::exhaustive) index notices it, and counts it as dropped.
///
/// The sightings themselves stay in the order in which they were given, and a [`Match`] refers to them by their
/// position there. An attacker who broadcasts chosen identifiers can slow a search down no further than to a binary
/// search in each look-up.
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

impl SightingIndex {
    /// Builds an index of these sightings.
    ///
    /// # Errors
    /// [`TooManySightings`] from 2^32 - 1 on.
    pub fn new(sightings: Vec<Sighting>) -> Result<Self, TooManySightings> {
        Self::build(sightings, Scope::InTime)
    }

    /// Arranges the sightings so that every identifier of every key is looked for among all of them, whatever their
    /// time.
    ///
    /// The matches are the same. Beside them, sightings of a key's identifier outside of the clock window are counted
    /// as [`DropReason::ClockWindow`](crate::matching::DropReason::ClockWindow): the trace of a clock that is wrong, or
    /// of a replay. It costs the derivation of every key, and look-ups that slow down as sightings become many.
    ///
    /// # Errors
    /// [`TooManySightings`] from 2^32 - 1 on.
    pub fn exhaustive(sightings: Vec<Sighting>) -> Result<Self, TooManySightings> {
        Self::build(sightings, Scope::Exhaustive)
    }

    fn build(sightings: Vec<Sighting>, scope: Scope) -> Result<Self, TooManySightings> {
        if u32::try_from(sightings.len()).is_ok_and(|count| count < u32::MAX) {
            let Arranged { stretches, places, entries } = match scope {
                Scope::InTime => Arranged::by_time(&sightings),
                Scope::Exhaustive => Arranged::as_one(&sightings),
            };
            let mut index = Self { sightings, scope, stretches, places, rows: Vec::new(), entries };
            let rows = |place| index.next(place).map_or(0, |next| u32::from(next.rows) << ROWS);
            let stretches = index.stretches.iter().enumerate();
            index.rows = stretches.map(|(place, first)| u32::from(first.rows) | rows(place)).collect();
            Ok(index)
        } else {
            Err(TooManySightings { found: sightings.len() })
        }
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

    /// Whether identifiers are looked for at any time.
    #[cfg(feature = "std")]
    pub(super) fn is_exhaustive(&self) -> bool {
        self.scope == Scope::Exhaustive
    }

    /// How many stretches of time there are.
    pub(super) fn stretches(&self) -> usize {
        self.stretches.len()
    }

    /// What to search of a key with this window: the stretch in which it begins, and the rows, counted from the first
    /// of the stretch. `None` when nothing was heard that it could have sent.
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
        let rows_of_stretch = if self.scope == Scope::Exhaustive { u32::MAX } else { (1 << ROWS) - 1 };
        let stretches = [(self.stretches.get(place), 0), (self.next(place), ROWS)];
        let stretches = stretches.into_iter().filter_map(|(stretch, passed)| Some((stretch?, passed)));
        stretches.flat_map(move |(stretch, passed)| {
            let parts = stretch.filters.parts();
            parts.map(move |(filter, rows)| Part { filter, rows: (rows & rows_of_stretch) << passed })
        })
    }

    /// The stretch of the day after, if there is one.
    fn next(&self, place: usize) -> Option<&Stretch> {
        let number = self.stretches.get(place)?.number;
        self.stretches.get(place + 1).filter(|next| Some(next.number) == number.checked_add(1))
    }

    /// Whether the second filter lets this word through. It costs one look at memory that may be far away. Ask for all
    /// candidates before you go on with the first, and the CPU waits for many at a time.
    #[inline]
    pub(super) fn passes_second(&self, word: u32, interval: EnIntervalNumber) -> bool {
        let number = if self.scope == Scope::Exhaustive { 0 } else { stretch(interval.as_u32()) };
        let stretch = self.places.of(number).and_then(|place| self.stretches.get(place));
        stretch.is_some_and(|stretch| stretch.filters.may_contain(word))
    }

    /// Whether an identifier with this word was heard.
    pub(super) fn has_word(&self, word: u32, interval: EnIntervalNumber) -> bool {
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
