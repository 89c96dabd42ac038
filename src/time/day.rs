//! UTC days, and what they are on a local clock.
//!
//! Keys, exposure windows and daily summaries belong to UTC days; people remember local ones. Nothing here reads a
//! clock or knows a time zone: an offset from UTC is an argument.
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::indexing_slicing))]

use core::fmt;
use core::str::FromStr;

use super::civil::CivilDate;
use super::interval::EnIntervalNumber;
use super::offset::{LocalRange, UtcOffset};
use super::parse::DayError;
use super::protocol::SECONDS_PER_DAY;

/// One day in UTC: `floor(t / 86400)` of Unix seconds.
///
/// Written and read as `YYYY-MM-DD` (proleptic Gregorian), also by `serde`.
///
/// Source: RFC 3339, section 5.6 (`full-date`), for the form.
///
/// ```
/// use gaen::time::{UtcDay, UtcOffset};
///
/// let day = UtcDay::from_unix_seconds(1_597_881_600);
/// assert_eq!(day.to_string(), "2020-08-20");
/// assert_eq!((day.start(), day.end()), (1_597_881_600, 1_597_968_000));
/// assert_eq!(day.local_range(UtcOffset::JST).to_string(), "2020-08-20 09:00 to 2020-08-21 09:00 (UTC+09:00)");
/// assert_eq!("2020-08-20".parse(), Ok(day));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtcDay(u64);

impl UtcDay {
    /// The first day of Unix time: 1970-01-01.
    pub const EPOCH: Self = Self(0);

    /// The last day: second 2^64 - 1 lies in it.
    pub const LAST: Self = Self(u64::MAX / SECONDS_PER_DAY);

    /// The day that contains this moment.
    #[must_use]
    pub const fn from_unix_seconds(seconds: u64) -> Self {
        Self(seconds / SECONDS_PER_DAY)
    }

    /// Makes the day from the number of days since 1970-01-01; `None` past [`LAST`](Self::LAST).
    #[must_use]
    pub const fn from_days_since_epoch(days: u64) -> Option<Self> {
        if days > Self::LAST.0 { None } else { Some(Self(days)) }
    }

    /// Returns the number of days since 1970-01-01.
    #[must_use]
    pub const fn days_since_epoch(self) -> u64 {
        self.0
    }

    /// The first second of the day, in Unix time.
    #[must_use]
    #[allow(clippy::arithmetic_side_effects)] // at most `LAST`
    pub const fn start(self) -> u64 {
        self.0 * SECONDS_PER_DAY
    }

    /// The first second after it, in Unix time. Of [`LAST`](Self::LAST), which has no such second, 2^64 - 1.
    #[must_use]
    pub const fn end(self) -> u64 {
        self.start().saturating_add(SECONDS_PER_DAY)
    }

    /// The day `count` days later, or `None` past [`LAST`](Self::LAST).
    #[must_use]
    pub const fn checked_add(self, count: u64) -> Option<Self> {
        match self.0.checked_add(count) {
            Some(days) => Self::from_days_since_epoch(days),
            None => None,
        }
    }

    /// The day `count` days earlier, or `None` before [`EPOCH`](Self::EPOCH).
    #[must_use]
    pub const fn checked_sub(self, count: u64) -> Option<Self> {
        match self.0.checked_sub(count) {
            Some(days) => Some(Self(days)),
            None => None,
        }
    }

    /// The year, month and day.
    #[must_use]
    pub const fn date(self) -> CivilDate {
        CivilDate::from_days_since_epoch(self.0)
    }

    /// From when to when this day lasts on a clock that is `offset` from UTC.
    #[must_use]
    pub fn local_range(self, offset: UtcOffset) -> LocalRange {
        LocalRange { start: offset.local(self.start()), end: offset.local(self.end()), offset }
    }
}

impl From<EnIntervalNumber> for UtcDay {
    /// The day that contains the interval.
    fn from(interval: EnIntervalNumber) -> Self {
        Self::from_unix_seconds(interval.unix_seconds())
    }
}

impl fmt::Debug for UtcDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UtcDay({self})")
    }
}

impl fmt::Display for UtcDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().fmt(f)
    }
}

impl FromStr for UtcDay {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Self, DayError> {
        let date: CivilDate = text.parse()?;
        date.days_since_epoch().and_then(Self::from_days_since_epoch).ok_or(DayError::OutOfRange)
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    #[test]
    fn a_day_begins_and_ends_at_midnight() {
        let day = UtcDay::from_unix_seconds(1_597_881_600);
        assert_eq!(day, UtcDay::from_unix_seconds(1_597_967_999));
        assert_eq!(day.checked_add(1), Some(UtcDay::from_unix_seconds(day.end())));
        assert_eq!(day.checked_sub(1), Some(UtcDay::from_unix_seconds(day.start() - 1)));
        assert_eq!(UtcDay::from(EnIntervalNumber::from_unix_seconds(day.start() + 5000).unwrap()), day);
    }

    #[test]
    fn steps_stop_at_both_ends() {
        assert_eq!(UtcDay::EPOCH.checked_sub(1), None);
        assert_eq!(UtcDay::LAST.checked_add(1), None);
        assert_eq!(UtcDay::LAST.checked_add(u64::MAX), None);
        assert_eq!(UtcDay::LAST, UtcDay::from_unix_seconds(u64::MAX));
        assert_eq!(UtcDay::LAST.end(), u64::MAX);
        assert_eq!(UtcDay::LAST.to_string(), "584554051223-11-09");
        assert_eq!("584554051223-11-09".parse(), Ok(UtcDay::LAST));
        assert_eq!("584554051223-11-10".parse::<UtcDay>(), Err(DayError::OutOfRange));
    }

    #[test]
    fn what_is_no_day() {
        for (text, error) in [
            ("1969-12-31", DayError::OutOfRange),
            ("2021-02-29", DayError::NoSuchDate),
            ("2100-02-29", DayError::NoSuchDate),
            ("2020-00-01", DayError::NoSuchDate),
            ("2020-13-01", DayError::NoSuchDate),
            ("2020-04-31", DayError::NoSuchDate),
            ("2020-04-00", DayError::NoSuchDate),
            ("0000-01-01", DayError::NoSuchDate),
            ("99999999999999999999-01-01", DayError::DateForm),
            ("02020-01-01", DayError::DateForm),
            ("202-01-01", DayError::DateForm),
            ("2020-1-01", DayError::DateForm),
            ("2020-01-01 ", DayError::DateForm),
            ("+2020-01-01", DayError::DateForm),
            ("2020/01/01", DayError::DateForm),
            ("２０２０-01-01", DayError::DateForm),
            ("", DayError::DateForm),
        ] {
            assert_eq!(text.parse::<UtcDay>(), Err(error), "{text}");
        }
    }
}
