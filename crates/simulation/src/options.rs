//! What kind of world is wanted.

use std::ops::RangeInclusive;

use serde::Serialize;

/// Seconds in a day.
pub(crate) const DAY: u64 = 86_400;

/// What kind of world is wanted. Equal options give equal worlds, byte by byte.
///
/// ```
/// use gaen_simulation::{Options, World};
///
/// let options = Options { people: 12, days: 2, ..Options::new(7) };
/// let world = World::simulate(&options, |_| {})?;
/// assert_eq!(world.people.len(), 12);
/// # Ok::<(), gaen_simulation::SimulationError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Options {
    /// Everything that happens by chance follows from it.
    pub seed: u64,
    /// How many people there are.
    pub people: usize,
    /// How many UTC days the world lasts.
    pub days: u64,
    /// When it begins: a UTC midnight, Unix seconds.
    pub start: u64,
    /// How many people are diagnosed; `None` is one in ten, and at least one. Four of five of them publish their keys.
    pub diagnosed: Option<usize>,
    /// `true` if somebody records identifiers at one place and sends them again elsewhere and later.
    pub attacker: bool,
    /// Fills every export up to this many keys, with made-up ones; 0 for none.
    pub pad_to: usize,
    /// How many reports of a hundred change later. `Some` lets everybody publish by a processing number and a key
    /// server; `None` lets keys appear in COCOA's files, as if they had been asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revised: Option<u64>,
}

impl Options {
    /// How many people a [`World`](crate::World) may have, which holds what all of them heard.
    pub const PEOPLE: RangeInclusive<usize> = 2..=2000;
    /// How many people a [`Population`](crate::Population) may have.
    pub const POPULATION: RangeInclusive<usize> = 2..=20_000;
    /// How many days a world may last.
    pub const DAYS: RangeInclusive<u64> = 1..=28;
    /// When a world may begin: from 2000-01-01 to 2100-01-01.
    pub const START: RangeInclusive<u64> = 946_684_800..=4_102_444_800;
    /// Up to how many keys an export may be filled.
    pub const PAD_TO: RangeInclusive<usize> = 0..=100_000;
    /// How many reports of a hundred may change.
    pub const REVISED: RangeInclusive<u64> = 0..=100;

    /// Fifty people for a fortnight from Monday, 2022-07-04, with an attacker and no padding.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self {
            seed,
            people: 50,
            days: 14,
            start: 1_656_892_800,
            diagnosed: None,
            attacker: true,
            pad_to: 0,
            revised: None,
        }
    }

    /// How many people are diagnosed.
    #[must_use]
    pub fn diagnosed(&self) -> usize {
        self.diagnosed.unwrap_or_else(|| self.people.div_ceil(10))
    }

    /// The first second after the world.
    #[must_use]
    pub const fn end(&self) -> u64 {
        self.start.saturating_add(self.days.saturating_mul(DAY))
    }

    /// Whether there can be such a [`World`](crate::World).
    ///
    /// # Errors
    /// [`OptionsError`] for the first option that is out of its range.
    pub fn check(&self) -> Result<(), OptionsError> {
        self.check_with(&Self::PEOPLE)
    }

    /// Whether there can be such a world with a number of people in this range.
    pub(crate) fn check_with(&self, people: &RangeInclusive<usize>) -> Result<(), OptionsError> {
        within("people", self.people, people)?;
        within("days", self.days, &Self::DAYS)?;
        within("start", self.start, &Self::START)?;
        if !self.start.is_multiple_of(DAY) {
            return Err(OptionsError::Start { found: self.start });
        }
        within("diagnosed", self.diagnosed(), &(0..=self.people))?;
        within("revised", self.revised.unwrap_or_default(), &Self::REVISED)?;
        within("pad_to", self.pad_to, &Self::PAD_TO)
    }
}

fn within<T: PartialOrd + TryInto<u64> + Copy>(
    option: &'static str,
    found: T,
    range: &RangeInclusive<T>,
) -> Result<(), OptionsError> {
    if range.contains(&found) {
        return Ok(());
    }
    let [found, first, last] =
        [found, *range.start(), *range.end()].map(|number| number.try_into().unwrap_or(u64::MAX));
    Err(OptionsError::Range { option, found, first, last })
}

/// There can be no such world.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OptionsError {
    /// A number is too small or too large.
    #[error("{option} is {found}, not from {first} to {last}")]
    Range {
        /// The field of [`Options`].
        option: &'static str,
        /// The number that was given.
        found: u64,
        /// The smallest number that is possible.
        first: u64,
        /// The largest number that is possible.
        last: u64,
    },
    /// A world begins at midnight.
    #[error("start is {found}, which is no UTC midnight (a multiple of 86400)")]
    Start {
        /// The start that was given, Unix seconds.
        found: u64,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_out_of_range_is_named() {
        let good = Options::new(1);
        assert_eq!((good.check(), good.diagnosed()), (Ok(()), 5));
        for (bad, text) in [
            (Options { people: 1, ..good.clone() }, "people is 1, not from 2 to 2000"),
            (Options { people: 2001, ..good.clone() }, "people is 2001, not from 2 to 2000"),
            (Options { days: 0, ..good.clone() }, "days is 0, not from 1 to 28"),
            (Options { days: 29, ..good.clone() }, "days is 29, not from 1 to 28"),
            (Options { start: 0, ..good.clone() }, "start is 0, not from 946684800 to 4102444800"),
            (Options { start: u64::MAX, ..good.clone() }, "start is 18446744073709551615, not from "),
            (Options { start: good.start + 1, ..good.clone() }, "start is 1656892801, which is no UTC midnight"),
            (Options { diagnosed: Some(51), ..good.clone() }, "diagnosed is 51, not from 0 to 50"),
            (Options { revised: Some(101), ..good.clone() }, "revised is 101, not from 0 to 100"),
            (Options { pad_to: 100_001, ..good.clone() }, "pad_to is 100001, not from 0 to 100000"),
        ] {
            let error = bad.check().unwrap_err().to_string();
            assert!(error.starts_with(text), "{error}");
        }
        assert_eq!(Options { people: 2001, ..good.clone() }.check_with(&Options::POPULATION), Ok(()));
    }
}
