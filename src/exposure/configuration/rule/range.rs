//! A range of numbers with open or closed ends, and what it weighs.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::ops::Bound;
use core::str::FromStr;

use super::super::daily::Score;

/// A range of numbers. Each end belongs to it (`[`, `]`) or not (`(`, `)`).
///
/// ```
/// use gaen::exposure::decision::Range;
///
/// let near: Range = "[0, 63)".parse()?;
/// assert!(near.contains(0.0) && !near.contains(63.0));
/// assert!("(73, inf)".parse::<Range>()?.contains(f64::MAX));
/// assert_eq!("[5, 5)".parse::<Range>().unwrap_err().to_string(), r#""[5, 5)" holds no number"#);
/// # Ok::<(), gaen::exposure::decision::RangeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(into = "String", try_from = "String")
)]
pub struct Range {
    from: Bound<f64>,
    to: Bound<f64>,
}

/// A text or two ends that are no [`Range`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RangeError {
    /// The text is not two ends in brackets.
    #[error("{found:?} is no range: write it as \"[0, 63)\" or \"(73, inf)\"")]
    Form {
        /// The text that was read.
        found: String,
    },
    /// An end is not a finite number.
    #[error("{found:?} has an end that is no number")]
    NotANumber {
        /// The range as text.
        found: String,
    },
    /// No number lies between the ends.
    #[error("{found:?} holds no number")]
    Empty {
        /// The range as text.
        found: String,
    },
    /// More ranges than [`WeightedRanges::MOST`].
    #[error("{found} ranges are over the limit of {}", WeightedRanges::MOST)]
    TooMany {
        /// The number of ranges.
        found: usize,
    },
}

impl Range {
    /// Makes the range between these ends.
    ///
    /// # Errors
    /// [`RangeError::NotANumber`] unless the ends are finite or unbounded, [`RangeError::Empty`] if no number lies
    /// between them.
    pub fn new(from: Bound<f64>, to: Bound<f64>) -> Result<Self, RangeError> {
        let range = Self { from, to };
        let is_number = |bound: &Bound<f64>| match bound {
            Bound::Included(end) | Bound::Excluded(end) => end.is_finite(),
            Bound::Unbounded => true,
        };
        if !is_number(&from) || !is_number(&to) {
            return Err(RangeError::NotANumber { found: range.to_string() });
        }
        let holds_any = match (from, to) {
            (Bound::Included(from), Bound::Included(to)) => from <= to,
            (Bound::Included(from) | Bound::Excluded(from), Bound::Included(to) | Bound::Excluded(to)) => from < to,
            _ => true,
        };
        if holds_any { Ok(range) } else { Err(RangeError::Empty { found: range.to_string() }) }
    }

    /// Returns `true` if the number lies in the range. No range holds NaN.
    #[must_use]
    pub fn contains(&self, number: f64) -> bool {
        let from = match self.from {
            Bound::Included(from) => number >= from,
            Bound::Excluded(from) => number > from,
            Bound::Unbounded => !number.is_nan(),
        };
        let to = match self.to {
            Bound::Included(to) => number <= to,
            Bound::Excluded(to) => number < to,
            Bound::Unbounded => true,
        };
        from && to
    }

    /// Returns both ends of the range.
    #[must_use]
    pub const fn bounds(&self) -> (Bound<f64>, Bound<f64>) {
        (self.from, self.to)
    }
}

/// Writes both ends, such as `[0, 63)`.
impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.from {
            Bound::Included(from) => write!(f, "[{from}, "),
            Bound::Excluded(from) => write!(f, "({from}, "),
            Bound::Unbounded => f.write_str("(-inf, "),
        }?;
        match self.to {
            Bound::Included(to) => write!(f, "{to}]"),
            Bound::Excluded(to) => write!(f, "{to})"),
            Bound::Unbounded => f.write_str("inf)"),
        }
    }
}

impl FromStr for Range {
    type Err = RangeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let form = || RangeError::Form { found: text.into() };
        let (from, to) = text.split_once(',').ok_or_else(form)?;
        let number = |text: &str| text.trim().parse::<f64>().map_err(|_| form());
        let from = match from.trim() {
            "(-inf" => Bound::Unbounded,
            from => match (from.strip_prefix('['), from.strip_prefix('(')) {
                (Some(from), _) => Bound::Included(number(from)?),
                (None, Some(from)) => Bound::Excluded(number(from)?),
                (None, None) => return Err(form()),
            },
        };
        let to = match to.trim() {
            "inf)" => Bound::Unbounded,
            to => match (to.strip_suffix(']'), to.strip_suffix(')')) {
                (Some(to), _) => Bound::Included(number(to)?),
                (None, Some(to)) => Bound::Excluded(number(to)?),
                (None, None) => return Err(form()),
            },
        };
        Self::new(from, to)
    }
}

impl From<Range> for String {
    fn from(range: Range) -> Self {
        range.to_string()
    }
}

impl TryFrom<String> for Range {
    type Error = RangeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// A range of attenuations with the weight of each second in it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct WeightedRange {
    /// The range of attenuations, dB.
    pub range: Range,
    /// The weight of a second.
    pub weight: Score,
}

/// At most 16 ranges with their weights; the first that holds an attenuation counts.
#[derive(Clone, Debug, PartialEq, Default)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(into = "Vec<WeightedRange>", try_from = "Vec<WeightedRange>")
)]
pub struct WeightedRanges(Vec<WeightedRange>);

impl WeightedRanges {
    /// The largest number of ranges.
    pub const MOST: usize = 16;

    /// Makes the list of these ranges.
    ///
    /// # Errors
    /// [`RangeError::TooMany`] for more than [`MOST`](Self::MOST).
    pub fn new(ranges: Vec<WeightedRange>) -> Result<Self, RangeError> {
        if ranges.len() > Self::MOST { Err(RangeError::TooMany { found: ranges.len() }) } else { Ok(Self(ranges)) }
    }

    /// Makes the ranges that end at these attenuations, dB, with their weights: `[0, end)` if `open`, `[0, end]`
    /// otherwise, each from the end before on. A weight after the last end is the weight of all attenuations beyond;
    /// without it they weigh 0.
    ///
    /// # Errors
    /// [`RangeError`] if the ends do not rise, or for a weight that is no number of at least 0.
    pub fn rising(ends: &[u8], weights: &[f64], open: bool) -> Result<Self, RangeError> {
        let mut from = Bound::Included(0.0);
        let mut ranges = Vec::new();
        for (place, weight) in weights.iter().enumerate() {
            let end = ends.get(place).map(|end| f64::from(*end));
            let (to, next) = match (end, open) {
                (None, _) => (Bound::Unbounded, Bound::Unbounded),
                (Some(end), true) => (Bound::Excluded(end), Bound::Included(end)),
                (Some(end), false) => (Bound::Included(end), Bound::Excluded(end)),
            };
            let range = Range::new(from, to)?;
            let weight = Score::new(*weight).map_err(|error| RangeError::NotANumber { found: error.to_string() })?;
            ranges.push(WeightedRange { range, weight });
            if end.is_none() {
                break;
            }
            from = next;
        }
        Self::new(ranges)
    }

    /// Returns the place of the first range that holds this attenuation, dB; `None` if no range does.
    #[must_use]
    pub fn place(&self, attenuation: u8) -> Option<usize> {
        self.0.iter().position(|weighted| weighted.range.contains(attenuation.into()))
    }

    /// Returns the ranges in order.
    #[must_use]
    pub fn as_slice(&self) -> &[WeightedRange] {
        &self.0
    }
}

impl From<WeightedRanges> for Vec<WeightedRange> {
    fn from(ranges: WeightedRanges) -> Self {
        ranges.0
    }
}

impl TryFrom<Vec<WeightedRange>> for WeightedRanges {
    type Error = RangeError;

    fn try_from(ranges: Vec<WeightedRange>) -> Result<Self, Self::Error> {
        Self::new(ranges)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_written_as_it_is_read() {
        for text in ["[0, 63)", "(55, 63]", "[5, 5]", "(-inf, 3)", "[9, inf)", "(-inf, inf)", "[-1.5, 0.25]"] {
            assert_eq!(text.parse::<Range>().unwrap().to_string(), text);
        }
        assert_eq!(" [0,63 ) ".parse::<Range>().unwrap().to_string(), "[0, 63)");
        for (text, code) in [
            ("", "is no range"),
            ("0, 63", "is no range"),
            ("[0 63)", "is no range"),
            ("[a, 63)", "is no range"),
            ("[0, 63", "is no range"),
            ("[NaN, 63)", "no number"),
            ("[0, inf]", "no number"),
            ("[5, 5)", "holds no number"),
            ("(5, 5]", "holds no number"),
            ("[6, 5]", "holds no number"),
        ] {
            let error = text.parse::<Range>().unwrap_err().to_string();
            assert!(error.contains(code), "{text}: {error}");
        }
    }

    #[test]
    fn each_end_belongs_to_it_or_not() {
        let held = |text: &str| [4.0, 5.0, 6.0, 7.0, 8.0].map(|number| text.parse::<Range>().unwrap().contains(number));
        assert_eq!(held("[5, 7]"), [false, true, true, true, false]);
        assert_eq!(held("(5, 7)"), [false, false, true, false, false]);
        assert_eq!(held("(-inf, 7)"), [true, true, true, false, false]);
        assert_eq!(held("(5, inf)"), [false, false, true, true, true]);
        assert!(!"(-inf, inf)".parse::<Range>().unwrap().contains(f64::NAN));
    }
}
