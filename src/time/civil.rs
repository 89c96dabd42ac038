//! Dates and times as a calendar and a clock on the wall show them.
#![allow(clippy::arithmetic_side_effects)] // years are at most `LAST_YEAR`, so no count of days or seconds is near its end

use core::fmt;
use core::str::FromStr;

use super::parse::{DayError, digits};
use super::protocol::SECONDS_PER_DAY;

/// From 0000-03-01, where the count of eras begins, to 1970-01-01.
const DAYS_BEFORE_EPOCH: u64 = 719_468;
/// Days in 400 years, after which the calendar repeats.
const DAYS_PER_ERA: u64 = 146_097;
/// The year of second 2^64 - 1.
const LAST_YEAR: u64 = 584_554_051_223;

/// A date of the proleptic Gregorian calendar, from year 1 on. Where it is that date, it does not say.
///
/// Written and read as `YYYY-MM-DD`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CivilDate {
    // In this order, so that earlier dates are less.
    year: u64,
    month: u8,
    day: u8,
}

impl CivilDate {
    /// The date of this year, month (1 to 12) and day of the month.
    ///
    /// # Errors
    /// [`DayError::NoSuchDate`] when the calendar does not have it, or the year is not 1 to 584,554,051,223 (the last
    /// one of which Unix time of 64 bits knows).
    pub const fn new(year: u64, month: u8, day: u8) -> Result<Self, DayError> {
        if year == 0 || year > LAST_YEAR || day == 0 || day > days_in_month(year, month) {
            return Err(DayError::NoSuchDate);
        }
        Ok(Self { year, month, day })
    }

    /// Returns the year.
    #[must_use]
    pub const fn year(self) -> u64 {
        self.year
    }

    /// Returns the month, 1 to 12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// Returns the day of the month, from 1.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }

    /// The date so many days after 1970-01-01.
    pub(super) const fn from_days_since_epoch(days: u64) -> Self {
        Self::from_days(days + DAYS_BEFORE_EPOCH)
    }

    /// The date so many days after 0000-03-01.
    ///
    /// Counts in eras of 400 years, which all have as many days, and in years that begin on 1 March, so that the leap
    /// day comes last.
    const fn from_days(days: u64) -> Self {
        let (era, day_of_era) = (days / DAYS_PER_ERA, days % DAYS_PER_ERA);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let months_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * months_from_march + 2) / 5 + 1;
        let (month, next_year) =
            if months_from_march < 10 { (months_from_march + 3, 0) } else { (months_from_march - 9, 1) };
        #[allow(clippy::cast_possible_truncation)] // at most 12 and 31
        Self { year: era * 400 + year_of_era + next_year, month: month as u8, day: day as u8 }
    }

    /// Days after 0000-03-01.
    const fn days(self) -> u64 {
        let (month, day) = (self.month as u64, self.day as u64);
        let (year, months_from_march) = if month < 3 { (self.year - 1, month + 9) } else { (self.year, month - 3) };
        let (era, year_of_era) = (year / 400, year % 400);
        let day_of_year = (153 * months_from_march + 2) / 5 + day - 1;
        era * DAYS_PER_ERA + 365 * year_of_era + year_of_era / 4 - year_of_era / 100 + day_of_year
    }

    /// Days after 1970-01-01, or `None` before it.
    pub(super) const fn days_since_epoch(self) -> Option<u64> {
        self.days().checked_sub(DAYS_BEFORE_EPOCH)
    }
}

/// Days of a month, 0 for one that does not exist.
const fn days_in_month(year: u64, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

impl fmt::Debug for CivilDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CivilDate({self})")
    }
}

impl fmt::Display for CivilDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for CivilDate {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Self, DayError> {
        let mut parts = text.split('-');
        let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(DayError::DateForm);
        };
        let plain = year.bytes().all(|byte| byte.is_ascii_digit()) && (year.len() == 4 || !year.starts_with('0'));
        if !plain || !(4..=12).contains(&year.len()) {
            return Err(DayError::DateForm);
        }
        let year = year.parse().map_err(|_| DayError::DateForm)?;
        let [month, day] = [month, day].map(|text| digits(text, 2).and_then(|number| u8::try_from(number).ok()));
        Self::new(year, month.ok_or(DayError::DateForm)?, day.ok_or(DayError::DateForm)?)
    }
}

/// What a calendar and a clock on some wall show: a date and a time of day. It is not a moment, for it does not say
/// where the wall is; [`UtcOffset::moment`](super::UtcOffset::moment) makes it one.
///
/// Written `YYYY-MM-DD HH:MM`, with `:SS` after it unless the seconds are 0; read in the same forms.
///
/// ```
/// use gaen::time::{CivilDateTime, UtcOffset};
///
/// let time: CivilDateTime = "2021-08-09 12:29".parse()?;
/// assert_eq!(UtcOffset::JST.moment(time), Some(1_628_479_740));
/// assert_eq!(UtcOffset::UTC.moment(time), Some(1_628_512_140));
/// # Ok::<(), gaen::time::DayError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CivilDateTime {
    date: CivilDate,
    /// Since midnight, under 86,400.
    second: u32,
}

impl CivilDateTime {
    /// Makes the moment of this date and time of day.
    ///
    /// # Errors
    /// [`DayError::NoSuchTime`] unless the hour is at most 23, and minute and second at most 59.
    pub const fn new(date: CivilDate, hour: u8, minute: u8, second: u8) -> Result<Self, DayError> {
        if hour > 23 || minute > 59 || second > 59 {
            return Err(DayError::NoSuchTime);
        }
        Ok(Self { date, second: hour as u32 * 3600 + minute as u32 * 60 + second as u32 })
    }

    /// Returns the date.
    #[must_use]
    pub const fn date(self) -> CivilDate {
        self.date
    }

    /// Seconds since midnight, under 86,400.
    #[must_use]
    pub const fn second_of_day(self) -> u32 {
        self.second
    }

    /// What a clock shows that is `ahead` seconds ahead of UTC, by at most a day.
    pub(super) fn of(unix_seconds: u64, ahead: i32) -> Self {
        let days = unix_seconds / SECONDS_PER_DAY + DAYS_BEFORE_EPOCH;
        // Below 86,400 each in size, so that nothing overflows; and `days` is never 0.
        let second = i64::try_from(unix_seconds % SECONDS_PER_DAY).unwrap_or(0) + i64::from(ahead);
        let (days, second) = match second {
            ..0 => (days - 1, second + 86_400),
            0..86_400 => (days, second),
            _ => (days + 1, second - 86_400),
        };
        Self { date: CivilDate::from_days(days), second: u32::try_from(second).unwrap_or(0) }
    }

    /// The Unix second at which a clock shows this that is `ahead` seconds ahead of UTC; `None` before 1970 and after
    /// 2^64 - 1.
    pub(super) fn unix_seconds(self, ahead: i32) -> Option<u64> {
        // Counted from 0000-03-01, of which 128 bits hold more than enough.
        let days = i128::from(self.date.days()) - i128::from(DAYS_BEFORE_EPOCH);
        let seconds = days * i128::from(SECONDS_PER_DAY) + i128::from(self.second) - i128::from(ahead);
        u64::try_from(seconds).ok()
    }
}

impl fmt::Debug for CivilDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CivilDateTime({self})")
    }
}

impl fmt::Display for CivilDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:02}:{:02}", self.date, self.second / 3600, self.second / 60 % 60)?;
        if self.second.is_multiple_of(60) { Ok(()) } else { write!(f, ":{:02}", self.second % 60) }
    }
}

impl FromStr for CivilDateTime {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Self, DayError> {
        let (date, time) = text.split_once([' ', 'T']).ok_or(DayError::TimeForm)?;
        let date = date.parse()?;
        let mut parts = time.split(':').map(|part| digits(part, 2).and_then(|number| u8::try_from(number).ok()));
        match (parts.next().flatten(), parts.next().flatten(), parts.next(), parts.next()) {
            (Some(hour), Some(minute), None, None) => Self::new(date, hour, minute, 0),
            (Some(hour), Some(minute), Some(Some(second)), None) => Self::new(date, hour, minute, second),
            _ => Err(DayError::TimeForm),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::ToOwned;
    use std::format;
    use std::string::ToString;

    use super::*;
    use crate::time::UtcDay;

    /// Counted one day at a time, by the rule for leap years as everybody learns it.
    #[test]
    fn every_day_for_eight_hundred_years() {
        let (mut year, mut month, mut day) = (1970_u64, 1_u8, 1_u8);
        for count in 0..2 * DAYS_PER_ERA {
            let date = CivilDate::new(year, month, day).unwrap();
            let utc = UtcDay::from_days_since_epoch(count).unwrap();
            assert_eq!((utc.date(), date.days_since_epoch()), (date, Some(count)));
            assert_eq!(utc.to_string().parse(), Ok(utc));
            let leap = if year % 100 == 0 { year % 400 == 0 } else { year % 4 == 0 };
            let lengths = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
            day += 1;
            if day > lengths[usize::from(month) - 1] {
                assert_eq!(CivilDate::new(year, month, day), Err(DayError::NoSuchDate));
                (day, month) = (1, month + 1);
            }
            if month > 12 {
                (month, year) = (1, year + 1);
            }
        }
        assert_eq!(year, 2770);
    }

    #[test]
    fn times_are_read_as_they_are_written() {
        for text in ["2020-08-20 09:00", "2020-08-20 23:59:59", "0001-01-01 00:00", "1969-12-31 19:00"] {
            let time: CivilDateTime = text.parse().unwrap();
            assert_eq!((time.to_string(), format!("{time:?}")), (text.to_owned(), format!("CivilDateTime({text})")));
            assert_eq!(format!("{:?}", time.date()), format!("CivilDate({})", &text[..10]));
        }
        assert_eq!("2020-08-20T09:00:00".parse::<CivilDateTime>(), "2020-08-20 09:00".parse());
    }

    #[test]
    fn what_is_no_time() {
        for (text, error) in [
            ("2020-08-20", DayError::TimeForm),
            ("2020-08-20 9:00", DayError::TimeForm),
            ("2020-08-20 09", DayError::TimeForm),
            ("2020-08-20 09:00:", DayError::TimeForm),
            ("2020-08-20 09:00:00:00", DayError::TimeForm),
            ("2020-08-20 24:00", DayError::NoSuchTime),
            ("2020-08-20 23:60", DayError::NoSuchTime),
            ("2020-08-20 23:59:60", DayError::NoSuchTime),
            ("2020-02-30 23:59", DayError::NoSuchDate),
        ] {
            assert_eq!(text.parse::<CivilDateTime>(), Err(error), "{text}");
        }
    }
}
