//! `DateMillisSinceEpoch`, a field that does not always hold what its name says.

use crate::time::UtcDay;

const MILLIS_PER_DAY: u64 = 86_400_000;

/// 2^32: a multiple of this number is lost if milliseconds are kept in 32 bits.
const WRAP: u64 = 1 << 32;

/// `DateMillisSinceEpoch` as it stands in a document.
///
/// The number should be midnight UTC, in milliseconds since 1970. Two other kinds occur. Some numbers are another time
/// of the day. Others are the lower 32 bits of the true number, all that an `int` holds, and are often negative:
/// `-1312605184` is 1626480000000 less 379 times 2^32, which is 2021-07-17.
///
/// A number of 32 bits fits a moment every 49.7 days. But the true number was a midnight, and 2^32 ms later the clock
/// shows another time of the day: for 11,000 years no two midnights have the same lower 32 bits. So the day is known
/// all the same, and [`reading`](Self::reading) says that it was found in this way.
///
/// ```
/// use gaen::cocoa::{DateMillis, DateReading};
///
/// assert_eq!(DateMillis(-1_312_605_184).reading(), DateReading::Truncated("2021-07-17".parse()?));
/// assert_eq!(DateMillis(1_626_480_000_000).reading(), DateReading::Midnight("2021-07-17".parse()?));
/// assert_eq!(DateMillis(-1).reading(), DateReading::Unknown);
/// # Ok::<(), gaen::time::DayError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateMillis(pub i64);

/// The day that a [`DateMillis`] means, and how the day is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DateReading {
    /// The number is midnight of this day, as it should be.
    Midnight(UtcDay),
    /// The number is another time of this day.
    Within(UtcDay),
    /// The number is cut to 32 bits. Of all midnights from 2020 to 2099, only the one of this day has these lower bits.
    Truncated(UtcDay),
    /// The number is no day: it has 32 bits that no midnight from 2020 to 2099 ends in, or is negative beyond 32 bits.
    Unknown,
}

impl DateMillis {
    /// Returns the day that the number means. A number that fits 32 bits never means a day of January 1970.
    #[must_use]
    pub fn reading(self) -> DateReading {
        if let Ok(lower) = i32::try_from(self.0) {
            // The bits of a negative number are those of the number that was cut.
            return match midnight_with(lower.cast_unsigned()) {
                Some(day) => DateReading::Truncated(day),
                None => DateReading::Unknown,
            };
        }
        match u64::try_from(self.0) {
            Ok(millis) if millis.is_multiple_of(MILLIS_PER_DAY) => DateReading::Midnight(day_of(millis)),
            Ok(millis) => DateReading::Within(day_of(millis)),
            Err(_) => DateReading::Unknown,
        }
    }

    /// Returns the day, however it is known.
    #[must_use]
    pub fn day(self) -> Option<UtcDay> {
        match self.reading() {
            DateReading::Midnight(day) | DateReading::Within(day) | DateReading::Truncated(day) => Some(day),
            DateReading::Unknown => None,
        }
    }
}

/// The number as it stands in the document.
impl serde::Serialize for DateMillis {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

fn day_of(millis: u64) -> UtcDay {
    UtcDay::from_unix_seconds(millis / 1000)
}

/// The midnight from 2020 to 2099 whose milliseconds end in these bits. There is at most one.
fn midnight_with(lower: u32) -> Option<UtcDay> {
    // 2020-01-01 and 2100-01-01.
    let (first, end) = (1_577_836_800_000_u64, 4_102_444_800_000_u64);
    let candidates = (first / WRAP..=end / WRAP).filter_map(|high| high.checked_mul(WRAP)?.checked_add(lower.into()));
    let mut midnights = candidates.filter(|millis| millis.is_multiple_of(MILLIS_PER_DAY));
    midnights.find(|millis| (first..end).contains(millis)).map(day_of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truncated_days_are_found_for_every_day() {
        let first: UtcDay = "2020-01-01".parse().unwrap();
        let mut day = first;
        while day.to_string() != "2100-01-01" {
            let millis = i64::try_from(day.start() * 1000).unwrap();
            #[allow(clippy::cast_possible_truncation)] // the fault that is undone
            let lower = DateMillis(i64::from(millis as i32));
            assert_eq!(lower.reading(), DateReading::Truncated(day));
            assert_eq!(DateMillis(millis).reading(), DateReading::Midnight(day));
            assert_eq!(DateMillis(millis + 1).reading(), DateReading::Within(day));
            day = day.checked_add(1).unwrap();
        }
    }

    /// 86,400,000 is 2^10 times an odd number. So of any row of numbers 2^32 apart every 84,375th is a midnight, if
    /// one is: after 11,000 years.
    #[test]
    fn no_two_midnights_have_the_same_lower_bits() {
        assert_eq!(MILLIS_PER_DAY, 84_375 << 10);
    }

    #[test]
    fn what_is_no_day() {
        for raw in [0, 1, -1, -1_312_605_183, i64::MIN, i64::from(i32::MIN) - 1] {
            assert_eq!(DateMillis(raw).reading(), DateReading::Unknown, "{raw}");
        }
        let noon = DateMillis(1_654_952_421_000);
        assert_eq!(noon.day().unwrap().to_string(), "2022-06-11");
        assert_eq!(DateMillis(i64::MAX).day().unwrap().to_string(), "292278994-08-17");
    }
}
