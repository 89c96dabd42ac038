//! How infectious the owner of a key was on the key's day.

use crate::keys::{DaysSinceOnset, OutOfRange};
use crate::names::named;

/// The infectiousness of a key's owner on the key's day.
///
/// Source: v2 API documents, `Infectiousness`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Infectiousness {
    /// The owner of the key was not infectious.
    None = 0,
    /// Infectious as most people are.
    Standard = 1,
    /// More infectious than most people are.
    High = 2,
}

named! {
    Infectiousness, "infectiousness":
    None => "none",
    Standard => "standard",
    High => "high",
}

impl Infectiousness {
    /// Reads the number of a configuration: 0, 1 or 2.
    ///
    /// # Errors
    /// [`OutOfRange`] for any other number.
    pub const fn from_number(number: i32) -> Result<Self, OutOfRange> {
        match number {
            0 => Ok(Self::None),
            1 => Ok(Self::Standard),
            2 => Ok(Self::High),
            found => Err(OutOfRange { found, range: "0..=2" }),
        }
    }
}

/// `inf(d) = map[d + 14]`: the infectiousness for each of the 29 days from 14 before the onset of symptoms to 14 after.
///
/// Source: v2 API documents, `DiagnosisKeysDataMapping`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InfectiousnessMap([Infectiousness; 29]);

impl InfectiousnessMap {
    /// Makes the map with these values for the days -14 to 14.
    #[must_use]
    pub const fn new(days: [Infectiousness; 29]) -> Self {
        Self(days)
    }

    /// Makes the map by asking `infectiousness` for each day from -14 to 14.
    #[must_use]
    pub fn from_fn(infectiousness: impl Fn(i8) -> Infectiousness) -> Self {
        let mut days = -14..=14;
        Self([(); 29].map(|()| days.next().map_or(Infectiousness::None, &infectiousness)))
    }

    /// Returns the infectiousness this many days after the onset of symptoms.
    #[must_use]
    pub fn at(&self, days: DaysSinceOnset) -> Infectiousness {
        // `DaysSinceOnset` is -14 to 14.
        let position = usize::try_from(i16::from(days.as_i8()).saturating_add(14)).unwrap_or_default();
        self.0.get(position).copied().unwrap_or(Infectiousness::None)
    }

    /// Returns each day from -14 to 14 with its infectiousness.
    pub fn iter(&self) -> impl Iterator<Item = (i8, Infectiousness)> {
        (-14..=14).zip(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_day_has_its_own_entry() {
        let map = InfectiousnessMap::from_fn(|day| match day {
            -14 => Infectiousness::High,
            14 => Infectiousness::Standard,
            _ => Infectiousness::None,
        });
        for (day, expected) in map.iter() {
            assert_eq!(map.at(DaysSinceOnset::new(day.into()).unwrap()), expected);
        }
        assert_eq!(map.at(DaysSinceOnset::new(-14).unwrap()), Infectiousness::High);
        assert_eq!(map.at(DaysSinceOnset::new(14).unwrap()), Infectiousness::Standard);
        assert_eq!(map.iter().filter(|(_, value)| *value == Infectiousness::None).count(), 27);
    }

    #[test]
    fn other_numbers_are_refused() {
        for number in [i32::MIN, -1, 3, i32::MAX] {
            assert_eq!(Infectiousness::from_number(number), Err(OutOfRange { found: number, range: "0..=2" }));
        }
    }
}
