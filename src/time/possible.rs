//! Which moments a sighting, an export file or a judgement can be of.

use core::fmt;
use core::ops::Range;

use super::UtcDay;

/// Moments in Unix seconds that can be meant: 2019-01-01 to 2099-12-31, in UTC.
///
/// Exposure Notification began in April 2020; a year before it is left for tests of those who built it. A moment that
/// is given in milliseconds lies tens of thousands of years later, one in minutes or in intervals in 1970.
pub const POSSIBLE_TIMES: Range<u64> = 1_546_300_800..4_102_444_800;

/// The moment itself, if it is one of [`POSSIBLE_TIMES`].
///
/// ```
/// assert_eq!(gaen::time::possible_time(1_601_121_592), Ok(1_601_121_592));
/// let error = gaen::time::possible_time(1_601_121_592_000).unwrap_err();
/// assert_eq!(error.to_string(), "1601121592000 is in the year 52707: milliseconds?");
/// ```
///
/// # Errors
/// [`ImpossibleTime`] for any other.
#[inline]
pub fn possible_time(seconds: u64) -> Result<u64, ImpossibleTime> {
    if POSSIBLE_TIMES.contains(&seconds) { Ok(seconds) } else { Err(ImpossibleTime { found: seconds }) }
}

/// A time that is not one of [`POSSIBLE_TIMES`]: most often one in another unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ImpossibleTime {
    found: u64,
}

impl ImpossibleTime {
    /// The time that was given.
    #[must_use]
    pub const fn found(self) -> u64 {
        self.found
    }

    /// The year in which it would be, were it Unix seconds.
    #[must_use]
    pub const fn year(self) -> u64 {
        UtcDay::from_unix_seconds(self.found).date().year()
    }

    /// The unit in which it would be possible, in words. No time is possible in two of them.
    #[must_use]
    pub fn unit(self) -> Option<&'static str> {
        /// The name of a unit, how many seconds it has, and how many of them there are in a second; one of both is 1.
        const UNITS: [(&str, u64, u64); 7] = [
            ("nanoseconds", 1, 1_000_000_000),
            ("microseconds", 1, 1_000_000),
            ("milliseconds", 1, 1_000),
            ("minutes", 60, 1),
            ("an interval number of ten minutes", 600, 1),
            ("hours", 3_600, 1),
            ("days", 86_400, 1),
        ];
        /// 2001-01-01, where Apple's systems begin to count.
        const APPLE_EPOCH: u64 = 978_307_200;

        let seconds = |unit: u64, parts: u64| self.found.checked_div(parts)?.checked_mul(unit);
        let possible = |time: Option<u64>| time.is_some_and(|time| POSSIBLE_TIMES.contains(&time));
        let found = UNITS.iter().find(|(_, unit, parts)| possible(seconds(*unit, *parts)));
        found
            .map(|(name, ..)| *name)
            .or_else(|| possible(self.found.checked_add(APPLE_EPOCH)).then_some("seconds since 2001"))
    }
}

impl fmt::Display for ImpossibleTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is in the year {}", self.found, self.year())?;
        match self.unit() {
            Some(unit) => write!(f, ": {unit}?"),
            None => f.write_str(", but a time must be in 2019 to 2099"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_bounds_are_new_years_days() {
        let Range { start, end } = POSSIBLE_TIMES;
        assert_eq!(UtcDay::from_unix_seconds(start).to_string(), "2019-01-01");
        assert_eq!(UtcDay::from_unix_seconds(start - 1).to_string(), "2018-12-31");
        assert_eq!(UtcDay::from_unix_seconds(end).to_string(), "2100-01-01");
        assert_eq!(UtcDay::from_unix_seconds(end - 1).to_string(), "2099-12-31");
    }

    /// `date -u -d @1606989605` is 2020-12-03 10:00:05.
    #[test]
    fn a_time_in_another_unit_is_told() {
        for (time, text) in [
            (1_606_989_605_000, "1606989605000 is in the year 52893: milliseconds?"),
            (1_606_989_605_000_000, "1606989605000000 is in the year 50925443: microseconds?"),
            (1_606_989_605_000_000_000, "1606989605000000000 is in the year 50923475346: nanoseconds?"),
            (26_783_160, "26783160 is in the year 1970: minutes?"),
            (2_678_316, "2678316 is in the year 1970: an interval number of ten minutes?"),
            (446_386, "446386 is in the year 1970: hours?"),
            (18_599, "18599 is in the year 1970: days?"),
            (628_682_405, "628682405 is in the year 1989: seconds since 2001?"),
            (0, "0 is in the year 1970, but a time must be in 2019 to 2099"),
            (1_546_300_799, "1546300799 is in the year 2018: seconds since 2001?"),
            (1_300_000_000, "1300000000 is in the year 2011: seconds since 2001?"),
            (4_102_444_800, "4102444800 is in the year 2100, but a time must be in 2019 to 2099"),
            (u64::MAX, "18446744073709551615 is in the year 584554051223, but a time must be in 2019 to 2099"),
        ] {
            let told = possible_time(time).map_err(|error| error.to_string());
            assert_eq!(told, Err(text.to_string()));
        }
    }

    proptest! {
        #[test]
        fn whatever_its_unit_a_possible_time_is_recognised(time in POSSIBLE_TIMES, part in 0..1000_u64) {
            prop_assert_eq!(possible_time(time), Ok(time));
            let unit = |found: u64| possible_time(found).map_err(ImpossibleTime::unit);
            prop_assert_eq!(unit(time * 1000 + part), Err(Some("milliseconds")));
            prop_assert_eq!(unit(time * 1_000_000 + part), Err(Some("microseconds")));
            prop_assert_eq!(unit(time * 1_000_000_000 + part), Err(Some("nanoseconds")));
        }

        #[test]
        fn nothing_else_panics(time: u64) {
            prop_assert_eq!(possible_time(time).is_ok(), POSSIBLE_TIMES.contains(&time));
            let _ = possible_time(time).map_err(|error| error.to_string());
        }
    }
}
