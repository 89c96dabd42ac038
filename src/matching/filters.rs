//! The filters of a stretch of time.

use alloc::boxed::Box;
use alloc::vec;

use crate::arch::Filter;

/// Rows in a stretch of time, which is a UTC day: 144 intervals.
pub(super) const ROWS: u32 = 9;

/// What may have been heard in a stretch, for a search to look at before it looks at the sightings.
///
/// Many identifiers make a filter that does not fit the second-level cache, where a probe costs twice as much. Then
/// there is one filter for each three rows, and a second one for what passes these. Few identifiers have one filter for
/// all rows, and looking at their sightings costs no more than a second filter would.
#[derive(Clone, Debug)]
pub(super) struct Filters {
    first: First,
    second: Option<Second>,
}

#[derive(Clone, Debug)]
enum First {
    All(Filter),
    ByRows([Filter; PARTS]),
}

/// Filters of a stretch with many identifiers.
const PARTS: usize = 3;

/// The rows of each, one bit each.
const PART_ROWS: [u16; PARTS] = [0b111, 0b111 << 3, 0b111 << 6];
const _: () = assert!(PART_ROWS[PARTS - 1].ilog2() + 1 == ROWS);

impl Filters {
    /// The most identifiers of one filter for all rows.
    const FEW: usize = 1 << 14;

    /// Filters for so many identifiers, each of which may belong to any interval of the two hours around its sighting.
    pub(super) fn of_rows(identifiers: usize) -> Self {
        if identifiers <= Self::FEW {
            return Self::of_all(identifiers);
        }
        // Of the 48 intervals of three rows and of 12 on either side, among 144 and 12 on either side.
        let in_part = identifiers.div_ceil(7) * 3;
        let first = First::ByRows(core::array::from_fn(|_| Filter::new(in_part)));
        Self { first, second: Some(Second::new(identifiers)) }
    }

    /// One filter for so many identifiers, whatever their intervals.
    pub(super) fn of_all(identifiers: usize) -> Self {
        let second = (identifiers > Self::FEW).then(|| Second::new(identifiers));
        Self { first: First::All(Filter::new(identifiers)), second }
    }

    /// Adds an identifier that may belong to these rows, one bit each.
    #[inline]
    pub(super) fn insert(&mut self, word: u32, rows: u16) {
        match &mut self.first {
            First::All(all) => all.insert(word),
            First::ByRows(filters) => {
                for (filter, part) in filters.iter_mut().zip(PART_ROWS) {
                    filter.insert_if(rows & part != 0, word);
                }
            }
        }
        if let Some(second) = &mut self.second {
            second.insert(word);
        }
    }

    /// The first filters, each with the rows of the stretch for which it answers.
    pub(super) fn parts(&self) -> impl Iterator<Item = (&Filter, u32)> {
        let (filters, rows) = match &self.first {
            First::All(all) => (core::slice::from_ref(all), &[u16::MAX][..]),
            First::ByRows(filters) => (&filters[..], &PART_ROWS[..]),
        };
        filters.iter().zip(rows).map(|(filter, rows)| (filter, u32::from(*rows)))
    }

    /// Whether a word that passed its first filter may have been heard. `true` where there is no second.
    #[inline]
    pub(super) fn may_contain(&self, word: u32) -> bool {
        self.second.as_ref().is_none_or(|second| second.may_contain(word))
    }
}

/// One bit for each word, at another place than in the first filter. Some four in a hundred others have the same.
#[derive(Clone, Debug)]
struct Second {
    /// A power of two of them.
    bits: Box<[u64]>,
}

impl Second {
    /// Bits an identifier, at least.
    const GENEROUS: usize = 24;

    fn new(identifiers: usize) -> Self {
        let numbers = (identifiers.saturating_mul(Self::GENEROUS) / 64).clamp(1, 1 << 20).next_power_of_two();
        Self { bits: vec![0; numbers].into() }
    }

    #[inline]
    fn insert(&mut self, word: u32) {
        let mixed = Self::mixed(word);
        let place = (mixed >> 6) as usize & (self.bits.len() - 1);
        self.bits[place] |= 1 << (mixed & 63);
    }

    #[inline]
    fn may_contain(&self, word: u32) -> bool {
        let mixed = Self::mixed(word);
        let place = (mixed >> 6) as usize & (self.bits.len() - 1);
        self.bits.get(place).is_some_and(|bits| bits >> (mixed & 63) & 1 == 1)
    }

    /// The first filter looks at the lower bits. Here the upper ones count.
    #[inline]
    fn mixed(word: u32) -> u32 {
        word.wrapping_mul(0x9e37_79b1).rotate_left(16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(count: u32, seed: u32) -> impl Iterator<Item = u32> {
        (1..=count).map(move |i| (i ^ seed).wrapping_mul(0x85eb_ca6b).rotate_left(13).wrapping_mul(0xc2b2_ae35))
    }

    #[test]
    fn each_row_has_one_first_filter_which_knows_its_identifiers() {
        for count in [0, 1, 1 << 14, (1 << 14) + 1, 83_000] {
            let mut filters = Filters::of_rows(count as usize);
            let rows = |number: u32| 0b11 << (number % 8);
            for (number, word) in (0..).zip(words(count, 0)) {
                filters.insert(word, rows(number));
            }
            assert_eq!(filters.parts().fold(0, |all, (_, rows)| all | rows) & 0x1ff, 0x1ff);
            for (number, word) in (0..).zip(words(count, 0)) {
                let wanted = u32::from(rows(number));
                let knows = |(filter, rows): (&Filter, u32)| rows & wanted == 0 || filter.may_contain(word);
                assert!(filters.parts().all(knows) && filters.may_contain(word), "{count}: {word:#x}");
            }
            for (filter, rows) in filters.parts() {
                let others = words(10_000, 1 << 30).filter(|word| filter.may_contain(*word)).count();
                assert!(others <= 60, "{count}, rows {rows:#x}: {others} of 10,000");
            }
        }
    }

    #[test]
    fn a_second_filter_believes_few_others() {
        for count in [20_000, 83_000, 1_000_000] {
            let mut second = Second::new(count as usize);
            words(count, 0).for_each(|word| second.insert(word));
            assert!(words(count, 0).all(|word| second.may_contain(word)));
            let others = words(10_000, 1 << 30).filter(|word| second.may_contain(*word)).count();
            assert!(others <= 500, "{count}: {others} of 10,000");
        }
    }
}
