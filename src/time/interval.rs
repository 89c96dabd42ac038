//! Time as the protocol counts it: ten-minute intervals since the Unix epoch.
//!
//! Nothing here reads a clock. A caller passes Unix seconds in, always in UTC.
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::indexing_slicing))]

use core::fmt;

/// Seconds in one interval.
///
/// Source: Cryptography Specification v1.2, "ENIntervalNumber".
pub const INTERVAL_SECONDS: u64 = 600;

/// Intervals in one UTC day, which is also the longest time a key is valid.
///
/// Source: Cryptography Specification v1.2, "TEKRollingPeriod".
pub const INTERVALS_PER_DAY: u32 = 144;

/// `ENIntervalNumber(t) = floor(t / 600)`: the number of a ten-minute interval since the Unix epoch.
///
/// Source: Cryptography Specification v1.2, "ENIntervalNumber".
///
/// ```
/// use gaen::EnIntervalNumber;
///
/// let interval = EnIntervalNumber::from_unix_seconds(1_585_785_600)?;
/// assert_eq!(interval.as_u32(), 2_642_976);
/// assert_eq!(interval.unix_seconds(), 1_585_785_600);
/// # Ok::<(), gaen::time::TimeError>(())
/// ```
#[doc(alias = "ENIN")]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct EnIntervalNumber(u32);

impl EnIntervalNumber {
    /// The interval with this number.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// The interval that contains this moment.
    ///
    /// # Errors
    /// [`TimeError::AfterLastInterval`] when the moment lies beyond the last interval a `u32` can number (the year
    /// 83630).
    pub const fn from_unix_seconds(seconds: u64) -> Result<Self, TimeError> {
        let number = seconds / INTERVAL_SECONDS;
        if number > u32::MAX as u64 {
            return Err(TimeError::AfterLastInterval { seconds });
        }
        #[allow(clippy::cast_possible_truncation)] // just compared
        Ok(Self(number as u32))
    }

    /// The number of the interval.
    #[must_use]
    pub const fn as_u32(self) -> u32 {
        self.0
    }

    /// The first second of the interval.
    #[must_use]
    #[allow(clippy::arithmetic_side_effects)] // 32 bits times 600
    pub const fn unix_seconds(self) -> u64 {
        self.0 as u64 * INTERVAL_SECONDS
    }

    /// `floor(ENIN / 144) * 144`: midnight UTC of this interval's day, where a new key starts.
    #[must_use]
    #[allow(clippy::arithmetic_side_effects)] // less its remainder
    pub const fn start_of_day(self) -> Self {
        Self(self.0 - self.0 % INTERVALS_PER_DAY)
    }

    /// The interval `count` later, or `None` past the last one.
    #[must_use]
    pub const fn checked_add(self, count: u32) -> Option<Self> {
        match self.0.checked_add(count) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }
}

impl fmt::Debug for EnIntervalNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EnIntervalNumber({})", self.0)
    }
}

impl fmt::Display for EnIntervalNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// `TEKRollingPeriod`: for how many intervals a key is valid, from 1 to 144.
///
/// Source: Cryptography Specification v1.2, "TEKRollingPeriod".
///
/// ```
/// use gaen::time::RollingPeriod;
///
/// assert_eq!(RollingPeriod::new(144), Ok(RollingPeriod::FULL_DAY));
/// assert!(RollingPeriod::new(0).is_err());
/// assert!(RollingPeriod::new(145).is_err());
/// ```
#[doc(alias = "TEKRollingPeriod")]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "u32", into = "u32"))]
pub struct RollingPeriod(u8);

impl RollingPeriod {
    /// 144 intervals: 24 hours, the period of every key that was not released on its own day.
    pub const FULL_DAY: Self = Self(144);

    /// A period of this many intervals.
    ///
    /// # Errors
    /// [`TimeError::RollingPeriodOutOfRange`] unless `1 <= intervals <= 144`.
    pub const fn new(intervals: u32) -> Result<Self, TimeError> {
        if intervals == 0 || intervals > INTERVALS_PER_DAY {
            return Err(TimeError::RollingPeriodOutOfRange { found: intervals });
        }
        #[allow(clippy::cast_possible_truncation)] // at most 144
        Ok(Self(intervals as u8))
    }

    /// The number of intervals.
    #[must_use]
    pub const fn as_u32(self) -> u32 {
        self.0 as u32
    }

    /// The number of intervals, as the length of a buffer.
    #[must_use]
    pub const fn as_usize(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Debug for RollingPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RollingPeriod({})", self.0)
    }
}

impl fmt::Display for RollingPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<u32> for RollingPeriod {
    type Error = TimeError;
    fn try_from(intervals: u32) -> Result<Self, TimeError> {
        Self::new(intervals)
    }
}

impl From<RollingPeriod> for u32 {
    fn from(period: RollingPeriod) -> Self {
        period.as_u32()
    }
}

/// The intervals `start <= j < start + period` in which a key is valid.
///
/// The end is known to fit a `u32`, so no later code has to ask again.
///
/// ```
/// use gaen::time::RollingPeriod;
/// use gaen::{EnIntervalNumber, RollingWindow};
///
/// let window = RollingWindow::new(EnIntervalNumber::new(2_642_976), RollingPeriod::FULL_DAY)?;
/// assert!(window.contains(EnIntervalNumber::new(2_643_119)));
/// assert!(!window.contains(window.end()));
/// # Ok::<(), gaen::time::TimeError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "RawWindow", into = "RawWindow")
)]
pub struct RollingWindow {
    start: EnIntervalNumber,
    period: RollingPeriod,
}

impl RollingWindow {
    /// The window of this start and period.
    ///
    /// # Errors
    /// [`TimeError::WindowOverflow`] when `start + period` does not fit a `u32`.
    pub const fn new(start: EnIntervalNumber, period: RollingPeriod) -> Result<Self, TimeError> {
        match start.checked_add(period.as_u32()) {
            Some(_) => Ok(Self { start, period }),
            None => Err(TimeError::WindowOverflow { start: start.0, period: period.as_u32() }),
        }
    }

    /// The first interval (`rolling_start_interval_number`).
    #[must_use]
    pub const fn start(self) -> EnIntervalNumber {
        self.start
    }

    /// The number of intervals (`rolling_period`).
    #[must_use]
    pub const fn period(self) -> RollingPeriod {
        self.period
    }

    /// The first interval after the window.
    #[must_use]
    #[allow(clippy::arithmetic_side_effects)] // checked when the window was made
    pub const fn end(self) -> EnIntervalNumber {
        EnIntervalNumber(self.start.0 + self.period.as_u32())
    }

    /// `true` if the interval lies in the window.
    #[must_use]
    pub fn contains(self, interval: EnIntervalNumber) -> bool {
        self.start <= interval && interval < self.end()
    }

    /// All intervals of the window, in order.
    #[allow(clippy::arithmetic_side_effects)] // checked when the window was made
    pub fn intervals(self) -> impl ExactSizeIterator<Item = EnIntervalNumber> {
        // A `RangeInclusive<u32>` has no exact size; an offset into at most 144 has.
        (0..self.period.0).map(move |offset| EnIntervalNumber(self.start.0 + u32::from(offset)))
    }
}

/// A window as it is written down.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct RawWindow {
    rolling_start_interval_number: u32,
    rolling_period: u32,
}

#[cfg(feature = "serde")]
impl TryFrom<RawWindow> for RollingWindow {
    type Error = TimeError;
    fn try_from(raw: RawWindow) -> Result<Self, TimeError> {
        Self::new(EnIntervalNumber::new(raw.rolling_start_interval_number), RollingPeriod::new(raw.rolling_period)?)
    }
}

#[cfg(feature = "serde")]
impl From<RollingWindow> for RawWindow {
    fn from(window: RollingWindow) -> Self {
        Self { rolling_start_interval_number: window.start.0, rolling_period: window.period.as_u32() }
    }
}

/// Why a time, a period or a window is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeError {
    /// The moment has no interval number.
    #[error("unix time {seconds} s lies after the last ENIntervalNumber (2^32 - 1)")]
    AfterLastInterval {
        /// The moment that was given.
        seconds: u64,
    },
    /// A rolling period must be 1 to 144.
    #[error("rolling period {found} is not in 1..=144")]
    RollingPeriodOutOfRange {
        /// The period that was given.
        found: u32,
    },
    /// A key must end before interval 2^32.
    #[error("rolling start {start} + period {period} is over 2^32 - 1")]
    WindowOverflow {
        /// The first interval of the key.
        start: u32,
        /// The rolling period of the key.
        period: u32,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interval_edges() {
        for (seconds, number) in [(0, 0), (599, 0), (600, 1), (2_576_980_377_599, u32::MAX)] {
            assert_eq!(EnIntervalNumber::from_unix_seconds(seconds), Ok(EnIntervalNumber(number)));
        }
        for seconds in [2_576_980_377_600, u64::MAX] {
            assert_eq!(EnIntervalNumber::from_unix_seconds(seconds), Err(TimeError::AfterLastInterval { seconds }));
        }
    }

    #[test]
    fn a_day_starts_at_midnight_utc() {
        let noon = EnIntervalNumber::from_unix_seconds(1_585_828_800).unwrap();
        assert_eq!(noon.start_of_day().unix_seconds(), 1_585_785_600);
        assert_eq!(EnIntervalNumber(u32::MAX).start_of_day().as_u32() % 144, 0);
    }

    #[test]
    fn a_period_is_a_number_from_1_to_144() {
        for number in 1..=144_u32 {
            assert_eq!(RollingPeriod::try_from(number).map(u32::from), Ok(number));
        }
        for number in [0, 145, u32::MAX] {
            assert_eq!(RollingPeriod::try_from(number), RollingPeriod::new(number));
            assert!(RollingPeriod::try_from(number).is_err());
        }
    }

    #[test]
    fn a_window_never_passes_the_last_interval() {
        let last = EnIntervalNumber(u32::MAX - 144);
        let window = RollingWindow::new(last, RollingPeriod::FULL_DAY).unwrap();
        assert_eq!(window.end(), EnIntervalNumber(u32::MAX));
        assert_eq!(window.intervals().len(), 144);
        assert_eq!(window.intervals().last(), Some(EnIntervalNumber(u32::MAX - 1)));
        let over = RollingWindow::new(EnIntervalNumber(u32::MAX - 143), RollingPeriod::FULL_DAY);
        assert_eq!(over, Err(TimeError::WindowOverflow { start: u32::MAX - 143, period: 144 }));
    }
}
