//! From sightings to the stretches of an index.

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::RangeInclusive;

use super::filters::{Filters, ROWS};
use super::sighting::Sighting;
use super::stretch::{Directory, INTERVALS, Places, Stretch};
use crate::arch::{ROW, word};
use crate::time::{CLOCK_INTERVALS, INTERVAL_SECONDS};

/// A sighting in the order of its word: the word above, its position below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry(u64);

impl Entry {
    fn new(word: u32, position: u32) -> Self {
        Self(u64::from(word) << 32 | u64::from(position))
    }

    #[allow(clippy::cast_possible_truncation)] // the upper half is a u32
    pub(super) fn word(self) -> u32 {
        (self.0 >> 32) as u32
    }

    #[allow(clippy::cast_possible_truncation)] // the lower half is a u32
    pub(super) fn position(self) -> usize {
        self.0 as u32 as usize
    }
}

/// What the index is made of, of one sighting.
#[derive(Clone, Copy, Default)]
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

/// Stretches and the sightings of each, one stretch after the other: by word, then identifier, then time, then
/// position.
pub(super) struct Arranged {
    pub(super) stretches: Vec<Stretch>,
    pub(super) places: Places,
    pub(super) entries: Vec<Entry>,
}

impl Arranged {
    /// All sightings within the clock window of some interval, by time. There are fewer than 2^32.
    pub(super) fn by_time(sightings: &[Sighting]) -> Self {
        // The one pass over all that is known of the sightings; those below are over as little as they need.
        let heard = (0..).zip(sightings).filter_map(|(position, sighting)| {
            Some(Heard { interval: own_interval(sighting)?, word: word(sighting.rpi.as_bytes()), position })
        });
        let heard: Vec<Heard> = heard.collect();
        let (mut stretches, places) = stretches(&heard);

        // Stretch by stretch, so that the filters and entries of one stay in the cache until all is in them.
        let mut next: Vec<usize> = stretches.iter().map(|stretch| stretch.entries.start).collect();
        let mut sorted = vec![Heard::default(); heard.len()];
        for heard in heard {
            let Some(next) = places.of(stretch(heard.interval)).and_then(|place| next.get_mut(place)) else { continue };
            let Some(slot) = sorted.get_mut(*next) else { continue };
            *slot = heard;
            *next += 1;
        }
        let mut entries = vec![Entry(0); sorted.len()];
        let mut abroad = Vec::new();
        for home in &mut stretches {
            let range = home.entries.clone();
            let (Some(own), Some(entries)) = (sorted.get(range.clone()), entries.get_mut(range)) else { continue };
            for heard in own {
                home.insert(heard);
                if heard.stretches() != (home.number..=home.number) {
                    abroad.push(*heard);
                }
            }
            home.directory = sort(own, entries, sightings);
        }
        for heard in abroad {
            for number in heard.stretches().filter(|number| *number != stretch(heard.interval)) {
                if let Some(stretch) = places.of(number).and_then(|place| stretches.get_mut(place)) {
                    stretch.insert(&heard);
                }
            }
        }
        Self { stretches, places, entries }
    }

    /// All sightings as one stretch, whatever their time. There are fewer than 2^32.
    pub(super) fn as_one(sightings: &[Sighting]) -> Self {
        let heard = (0..).zip(sightings);
        let heard =
            heard.map(|(position, sighting)| Heard { interval: 0, word: word(sighting.rpi.as_bytes()), position });
        let heard: Vec<Heard> = heard.collect();
        let mut filters = Filters::of_all(heard.len());
        heard.iter().for_each(|heard| filters.insert(heard.word, u16::MAX));
        let mut entries = vec![Entry(0); heard.len()];
        let directory = sort(&heard, &mut entries, sightings);
        let stretch = Stretch { number: 0, filters, rows: u16::MAX, entries: 0..entries.len(), directory };
        Self { stretches: vec![stretch], places: Places::new(vec![0]), entries }
    }
}

impl Stretch {
    /// Adds an identifier to the filters.
    #[inline]
    fn insert(&mut self, heard: &Heard) {
        let rows = rows(self.number, &heard.near());
        self.filters.insert(heard.word, rows);
        self.rows |= rows;
    }
}

/// The interval in which it was heard. The last one, if it was later by no more than the clocks may differ; `None`
/// after that, when nobody can have sent it.
fn own_interval(sighting: &Sighting) -> Option<u32> {
    let interval = sighting.time / INTERVAL_SECONDS;
    let latest = u64::from(u32::MAX) + u64::from(CLOCK_INTERVALS);
    (interval <= latest).then(|| u32::try_from(interval).unwrap_or(u32::MAX))
}

/// The stretches to which a sighting may belong and those before them, with room for what was heard in each, but
/// nothing in it yet.
fn stretches(heard: &[Heard]) -> (Vec<Stretch>, Places) {
    /// Numbers for which a table is worth it: a thousand years.
    const SPAN: u32 = 365_250;

    let lowest = heard.iter().map(|heard| heard.interval).min().map_or(0, |first| stretch(first).saturating_sub(2));
    let highest = heard.iter().map(|heard| heard.interval).max().map_or(0, |last| stretch(last) + 1);
    let sizes: Vec<(u32, Size)> = if highest - lowest < SPAN {
        let mut sizes = vec![Size::default(); (highest - lowest) as usize + 1];
        for heard in heard {
            for number in heard.stretches() {
                if let Some(size) = sizes.get_mut((number - lowest) as usize) {
                    size.count(number, heard);
                }
            }
        }
        (lowest..).zip(sizes).collect()
    } else {
        let mut sizes: BTreeMap<u32, Size> = BTreeMap::new();
        for heard in heard {
            for number in heard.stretches() {
                sizes.entry(number).or_default().count(number, heard);
                sizes.entry(number.saturating_sub(1)).or_default();
            }
        }
        sizes.into_iter().collect()
    };
    // A key may begin in a stretch to which nothing belongs, and end in the next.
    let followed = |place: usize, number: u32| {
        sizes.get(place + 1).is_some_and(|(next, size)| Some(*next) == number.checked_add(1) && size.identifiers > 0)
    };
    let mut end = 0;
    let wanted =
        sizes.iter().enumerate().filter(|(place, (number, size))| size.identifiers > 0 || followed(*place, *number));
    let stretches: Vec<Stretch> = wanted
        .map(|(_, (number, size))| {
            let start = end;
            end += size.own;
            let filters = Filters::of_rows(size.identifiers);
            Stretch { number: *number, filters, rows: 0, entries: start..end, directory: Directory::default() }
        })
        .collect();
    let places = Places::new(stretches.iter().map(|stretch| stretch.number).collect());
    (stretches, places)
}

/// How much there is of a stretch.
#[derive(Clone, Copy, Default)]
struct Size {
    /// The identifiers that may belong to one of its intervals.
    identifiers: usize,
    /// Its own sightings.
    own: usize,
}

impl Size {
    /// Counts an identifier that may belong to the stretch of this number.
    #[inline]
    fn count(&mut self, number: u32, heard: &Heard) {
        self.identifiers += 1;
        self.own += usize::from(number == stretch(heard.interval));
    }
}

/// The number of an interval's stretch.
pub(super) fn stretch(interval: u32) -> u32 {
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

/// Sorts what was heard in a stretch: by word, then identifier, then time, then position.
///
/// The words are random, unless somebody chose them. So the directory is where almost all of them belong, and what is
/// left to sort are a few words at a time.
fn sort(heard: &[Heard], entries: &mut [Entry], sightings: &[Sighting]) -> Directory {
    let directory = Directory::new(heard.iter().map(|heard| heard.word), |number, at| {
        if let (Some(heard), Some(entry)) = (heard.get(number), entries.get_mut(at)) {
            *entry = Entry::new(heard.word, heard.position);
        }
    });
    for range in directory.starts().windows(2) {
        let &[start, end] = range else { continue };
        let Some(few) = entries.get_mut(start as usize..end as usize).filter(|few| few.len() > 1) else { continue };
        few.sort_unstable();
        for same_word in few.chunk_by_mut(|a, b| a.word() == b.word()) {
            if same_word.len() > 1 {
                same_word.sort_unstable_by_key(|entry| {
                    (sightings.get(entry.position()).map(|sighting| (sighting.rpi, sighting.time)), *entry)
                });
            }
        }
    }
    directory
}
