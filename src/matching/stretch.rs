//! Days of an index, and where to find each.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use crate::arch::{Filter, ROW};

/// Rows in a stretch of time, which is a UTC day: 144 intervals.
pub(super) const ROWS: u32 = 9;

/// Intervals in a stretch.
pub(super) const INTERVALS: u32 = ROWS * ROW;

/// What was heard in one stretch of time, and what there is to look for in it.
#[derive(Clone, Debug)]
pub(super) struct Stretch {
    /// Its first interval is 144 times as much.
    pub(super) number: u32,
    /// The identifiers that may belong to an interval of the stretch: of its own sightings, and of those so shortly
    /// before or after that the clocks may differ by it.
    pub(super) filter: Filter,
    /// The rows to which one of them may belong, one bit each.
    pub(super) rows: u16,
    /// Its own sightings: where they stand among the entries of the index.
    pub(super) entries: Range<usize>,
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
