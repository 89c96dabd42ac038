//! Places where people are, and where in them.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::random::Random;

/// A room, or something like it. Only people who are in the same one can hear, or be near, each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The kind of place.
    pub kind: PlaceKind,
    /// The number of the place among those of its kind.
    pub number: usize,
}

/// A kind of place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceKind {
    /// A flat of up to three people.
    Home,
    /// A room with seven desks.
    Office,
    /// A kitchen, in which the people of the office of the same number have lunch, close together.
    Kitchen,
    /// A car of a commuter line.
    Train,
    /// A shop in which people walk around.
    Shop,
    /// A café.
    Cafe,
}

impl PlaceKind {
    /// Width and depth in centimetres.
    fn size(self) -> (u64, u64) {
        match self {
            Self::Home => (800, 600),
            Self::Office => (640, 440),
            Self::Kitchen => (250, 200),
            Self::Train => (1000, 280),
            Self::Shop => (2000, 1500),
            Self::Cafe => (800, 800),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Office => "office",
            Self::Kitchen => "kitchen",
            Self::Train => "train",
            Self::Shop => "shop",
            Self::Cafe => "cafe",
        }
    }
}

impl Place {
    pub(crate) const fn new(kind: PlaceKind, number: usize) -> Self {
        Self { kind, number }
    }

    /// Somewhere in it.
    pub(crate) fn somewhere(self, random: &mut Random) -> Spot {
        let (width, depth) = self.kind.size();
        Spot { x: random.below(width), y: random.below(depth) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.name(), self.number)
    }
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A point in a place, in centimetres from its corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) x: u64,
    pub(crate) y: u64,
}

impl Spot {
    /// Phones are never nearer than that, centimetres.
    pub(crate) const NEAREST: u64 = 40;

    /// The desk of this number: four in a row, rows 2.2 m apart.
    pub(crate) const fn desk(number: u64) -> Self {
        Self { x: number % 4 * 160, y: number / 4 * 220 }
    }

    /// The distance of phones at two spots, centimetres.
    pub(crate) fn distance(self, other: Self) -> u64 {
        let squares = self.x.abs_diff(other.x).pow(2) + self.y.abs_diff(other.y).pow(2);
        squares.isqrt().max(Self::NEAREST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_the_plane() {
        let spot = |x, y| Spot { x, y };
        assert_eq!(spot(0, 400).distance(spot(300, 0)), 500);
        assert_eq!(spot(7, 7).distance(spot(7, 7)), Spot::NEAREST);
        assert_eq!(Spot::desk(1).distance(Spot::desk(5)), 220);
    }

    #[test]
    fn places_are_named() {
        assert_eq!(Place::new(PlaceKind::Office, 3).to_string(), "office 3");
    }
}
