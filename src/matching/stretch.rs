//! Days of an index, and where to find each.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use super::filters::{Filters, ROWS};
use crate::arch::ROW;

/// Intervals in a stretch.
pub(super) const INTERVALS: u32 = ROWS * ROW;

/// What was heard in one stretch of time, and what there is to look for in it.
#[derive(Clone, Debug)]
pub(super) struct Stretch {
    /// Its first interval is 144 times as much.
    pub(super) number: u32,
    /// The identifiers that may belong to an interval of the stretch: of its own sightings, and of those so shortly
    /// before or after that the clocks may differ by it.
    pub(super) filters: Filters,
    /// The rows to which one of them may belong, one bit each.
    pub(super) rows: u16,
    /// Its own sightings: where they stand among the entries of the index.
    pub(super) entries: Range<usize>,
    pub(super) directory: Directory,
}

/// Where, among words in the order of their upper bits, those with the same begin: a few words for each value of these
/// bits.
#[derive(Clone, Debug, Default)]
pub(super) struct Directory {
    /// One for each value, and the end.
    starts: Vec<u32>,
    bits: u32,
}

impl Directory {
    /// Words for which one value of the bits is meant, at least.
    const WORDS: usize = 2;

    /// The directory of these words, which are fewer than 2^32. `put` is told of each, by its number, where it belongs.
    pub(super) fn new(words: impl ExactSizeIterator<Item = u32> + Clone, mut put: impl FnMut(usize, usize)) -> Self {
        let bits = (words.len() / Self::WORDS).max(1).ilog2();
        let mut directory = Self { starts: vec![0; (1 << bits) + 1], bits };
        for word in words.clone() {
            let value = directory.value(word);
            if let Some(count) = directory.starts.get_mut(value) {
                *count += 1;
            }
        }
        let mut end = 0;
        for start in &mut directory.starts {
            end += *start;
            *start = end;
        }
        // From the end of its value's words to their start.
        for (number, word) in words.enumerate() {
            let value = directory.value(word);
            if let Some(start) = directory.starts.get_mut(value) {
                *start -= 1;
                put(number, *start as usize);
            }
        }
        directory
    }

    /// Where each value's words begin, and the end.
    pub(super) fn starts(&self) -> &[u32] {
        &self.starts
    }

    /// The upper bits of a word.
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // fewer bits than a word has
    fn value(&self, word: u32) -> usize {
        (u64::from(word) << self.bits >> 32) as usize
    }

    /// Where the words with the upper bits of this one stand.
    pub(super) fn range(&self, word: u32) -> Range<usize> {
        let value = self.value(word);
        let start = |value: usize| self.starts.get(value).map_or(0, |start| *start as usize);
        start(value)..start(value + 1)
    }
}

/// Where each of some numbers stands among them.
#[derive(Clone, Debug)]
pub(super) enum Places {
    /// A table from the first number on. A device hears things for two weeks, so there are few.
    Dense { first: u32, places: Vec<u32> },
    /// The numbers, ascending, when they are far apart.
    Sparse(Vec<u32>),
}

impl Places {
    const ABSENT: u32 = u32::MAX;
    /// Four thousand days.
    const LONGEST: u32 = 4096;

    /// The places of these numbers, which ascend.
    pub(super) fn new(numbers: Vec<u32>) -> Self {
        let (Some(first), Some(last)) = (numbers.first().copied(), numbers.last().copied()) else {
            return Self::Sparse(numbers);
        };
        if last - first >= Self::LONGEST {
            return Self::Sparse(numbers);
        }
        let mut places = vec![Self::ABSENT; (last - first) as usize + 1];
        for (place, number) in (0..).zip(numbers) {
            if let Some(entry) = places.get_mut((number - first) as usize) {
                *entry = place;
            }
        }
        Self::Dense { first, places }
    }

    /// The place of a number.
    #[inline]
    pub(super) fn of(&self, number: u32) -> Option<usize> {
        match self {
            Self::Dense { first, places } => {
                let place = *places.get(number.wrapping_sub(*first) as usize)?;
                (place != Self::ABSENT).then_some(place as usize)
            }
            Self::Sparse(numbers) => numbers.binary_search(&number).ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_stands_in_its_range() {
        for count in [0_u32, 1, 2, 7, 8, 9, 100, 5000] {
            let given: Vec<u32> = (0..count).map(|i| i.wrapping_mul(0x9e37_79b9) ^ i << 7).collect();
            let mut words = vec![None; given.len()];
            let directory = Directory::new(given.iter().copied(), |number, at| words[at] = Some(given[number]));
            let mut words: Vec<u32> = words.into_iter().map(Option::unwrap).collect();
            assert!(words.is_sorted_by_key(|word| directory.value(*word)), "{count}");
            words.sort_unstable();
            for word in words.iter().copied().chain([0, 1, u32::MAX]) {
                let range = directory.range(word);
                let equal = words.partition_point(|other| *other < word)..words.partition_point(|other| *other <= word);
                assert!(equal.is_empty() || range.start <= equal.start && equal.end <= range.end, "{count} {word:#x}");
            }
        }
    }

    #[test]
    fn numbers_near_and_far_are_found_where_they_stand() {
        for numbers in [vec![], vec![7], vec![18_000, 18_001, 18_005], vec![0, 5000, u32::MAX - 1, u32::MAX]] {
            let places = Places::new(numbers.clone());
            for number in [0, 1, 6, 7, 8, 17_999, 18_000, 18_001, 18_002, 18_005, 18_006, 5000, u32::MAX - 1, u32::MAX]
            {
                assert_eq!(
                    places.of(number),
                    numbers.iter().position(|known| *known == number),
                    "{numbers:?} {number}"
                );
            }
        }
    }
}
