//! How far a local clock is ahead of UTC.

use core::fmt;
use core::str::FromStr;

use super::civil::CivilDateTime;
use super::parse::{DayError, digits};

/// How far a local clock is ahead of UTC: whole minutes, from -18:00 to +18:00.
///
/// Written `+09:00`; read as that, as `+0900`, as `+09` and as `Z`.
///
/// ```
/// use gaen::time::UtcOffset;
///
/// assert_eq!("+09:00".parse(), Ok(UtcOffset::JST));
/// assert_eq!("-0330".parse::<UtcOffset>()?.minutes(), -210);
/// assert_eq!(UtcOffset::JST.local(1_599_319_285).to_string(), "2020-09-06 00:21:25");
/// # Ok::<(), gaen::time::DayError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtcOffset {
    minutes: i16,
}

impl UtcOffset {
    /// UTC itself.
    pub const UTC: Self = Self { minutes: 0 };

    /// Japan Standard Time, all year.
    pub const JST: Self = Self { minutes: 9 * 60 };

    /// Makes the offset of a clock this many minutes ahead of UTC (east of Greenwich); a negative number is behind.
    ///
    /// # Errors
    /// [`DayError::OffsetOutOfRange`] beyond 18 hours.
    pub const fn from_minutes(minutes: i16) -> Result<Self, DayError> {
        if minutes.unsigned_abs() > 18 * 60 { Err(DayError::OffsetOutOfRange) } else { Ok(Self { minutes }) }
    }

    /// Minutes ahead of UTC.
    #[must_use]
    pub const fn minutes(self) -> i16 {
        self.minutes
    }

    /// What the clock shows at this Unix second.
    #[must_use]
    pub fn local(self, unix_seconds: u64) -> CivilDateTime {
        CivilDateTime::of(unix_seconds, self.seconds())
    }

    /// The Unix second at which the clock shows this, or `None` before 1970 and after second 2^64 - 1.
    #[must_use]
    pub fn moment(self, time: CivilDateTime) -> Option<u64> {
        time.unix_seconds(self.seconds())
    }

    #[allow(clippy::arithmetic_side_effects)] // minutes have 16 bits
    fn seconds(self) -> i32 {
        i32::from(self.minutes) * 60
    }
}

impl fmt::Debug for UtcOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UtcOffset({self})")
    }
}

impl fmt::Display for UtcOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minutes = self.minutes.unsigned_abs();
        let sign = if self.minutes < 0 { '-' } else { '+' };
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

impl FromStr for UtcOffset {
    type Err = DayError;

    #[allow(clippy::arithmetic_side_effects)] // hours and minutes have two digits each
    fn from_str(text: &str) -> Result<Self, DayError> {
        if text == "Z" {
            return Ok(Self::UTC);
        }
        let (sign, number) = match (text.strip_prefix('+'), text.strip_prefix('-')) {
            (Some(number), _) => (1, number),
            (None, Some(number)) => (-1, number),
            (None, None) => return Err(DayError::OffsetForm),
        };
        let (hours, minutes) = match (number.split_once(':'), number.split_at_checked(2)) {
            (Some(parts), _) => parts,
            (None, Some((hours, ""))) => (hours, "00"),
            (None, Some(parts)) => parts,
            (None, None) => return Err(DayError::OffsetForm),
        };
        let [hours, minutes] =
            [hours, minutes].map(|part| digits(part, 2).and_then(|number| i16::try_from(number).ok()));
        match (hours, minutes) {
            (Some(hours), Some(minutes @ 0..60)) => Self::from_minutes(sign * (hours * 60 + minutes)),
            _ => Err(DayError::OffsetForm),
        }
    }
}

/// From when to when a UTC day lasts on a local clock; the end is the first second after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct LocalRange {
    /// The first second of the day.
    pub start: CivilDateTime,
    /// The first second after it.
    pub end: CivilDateTime,
    /// How far the clock is ahead of UTC.
    pub offset: UtcOffset,
}

impl fmt::Display for LocalRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {} (UTC{})", self.start, self.end, self.offset)
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use proptest::prelude::*;

    use super::*;
    use crate::time::UtcDay;

    #[test]
    fn offsets_are_read() {
        for (text, minutes) in [
            ("Z", 0),
            ("+00:00", 0),
            ("-00:00", 0),
            ("+09:00", 540),
            ("+0900", 540),
            ("+09", 540),
            ("-03:30", -210),
            ("-0330", -210),
            ("+18:00", 1080),
            ("-18:00", -1080),
        ] {
            assert_eq!(text.parse::<UtcOffset>().map(UtcOffset::minutes), Ok(minutes), "{text}");
        }
        assert_eq!(std::format!("{:?}", UtcOffset::JST), "UtcOffset(+09:00)");
        for text in ["+18:01", "-18:01", "+99:59"] {
            assert_eq!(text.parse::<UtcOffset>(), Err(DayError::OffsetOutOfRange), "{text}");
        }
        for text in
            ["", "09:00", "+", "+9", "+9:00", "+09:0", "+09:60", "+090", "+09:00:00", "+0é", "++900", "z", "JST"]
        {
            assert_eq!(text.parse::<UtcOffset>(), Err(DayError::OffsetForm), "{text}");
        }
    }

    #[test]
    fn a_utc_day_on_a_local_clock() {
        let day: UtcDay = "2020-08-20".parse().unwrap();
        for (offset, range) in [
            ("+09:00", "2020-08-20 09:00 to 2020-08-21 09:00 (UTC+09:00)"),
            ("Z", "2020-08-20 00:00 to 2020-08-21 00:00 (UTC+00:00)"),
            ("-03:30", "2020-08-19 20:30 to 2020-08-20 20:30 (UTC-03:30)"),
            ("-18:00", "2020-08-19 06:00 to 2020-08-20 06:00 (UTC-18:00)"),
        ] {
            assert_eq!(day.local_range(offset.parse().unwrap()).to_string(), range);
        }
        // The day itself may lie before the first one that Unix time has.
        let west = "-05:00".parse().unwrap();
        assert_eq!(UtcDay::EPOCH.local_range(west).start.to_string(), "1969-12-31 19:00");
        assert_eq!(UtcDay::LAST.local_range(UtcOffset::JST).end.to_string(), "584554051223-11-09 16:00:15");
    }

    proptest! {
        #[test]
        fn local_and_back(seconds: u64, minutes in -1080_i16..=1080) {
            let offset = UtcOffset::from_minutes(minutes).unwrap();
            let local = offset.local(seconds);
            prop_assert_eq!(offset.moment(local), Some(seconds));
            prop_assert_eq!(local.to_string().parse(), Ok(local));
            prop_assert_eq!(offset.to_string().parse(), Ok(offset));
        }

        #[test]
        fn nothing_panics(text in "[-+Z0-9: T]{0,20}|\\PC{0,20}") {
            let _ = (text.parse::<UtcDay>(), text.parse::<UtcOffset>());
            if let Ok(time) = text.parse::<CivilDateTime>() {
                let _ = UtcOffset::JST.moment(time);
            }
        }
    }
}
