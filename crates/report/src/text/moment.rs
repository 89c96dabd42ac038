//! Moments as people and apps write them: Unix seconds, or ISO 8601.

use gaen::time::{CivilDateTime, UtcDay, UtcOffset, possible_time};

/// The forms of a moment, in words for a help text.
pub const FORMS: &str = "\
Times: Unix seconds, a UTC date (2020-09-28, which is its first second), or date and time with an offset from UTC \
(2020-09-28T12:00Z, 2020-09-28T21:00:30+09:00).";

/// Reads a moment, in Unix seconds.
///
/// A date alone is its first second in UTC. A time of day needs its offset from UTC: no clock's zone is guessed.
///
/// ```
/// use gaen_report::text::moment;
///
/// assert_eq!(moment::parse("2020-09-28T21:00+09:00"), Ok(1_601_294_400));
/// assert!(moment::parse("2020-09-28T21:00").is_err());
/// ```
///
/// # Errors
/// Why the text is no moment from 2019 to 2099.
pub fn parse(text: &str) -> Result<u64, String> {
    let seconds = if text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().map_err(|_| "expected a number of Unix seconds, of 64 bits".to_owned())?
    } else if let Some((date, time)) = text.split_once(['T', 't', ' ']).filter(|(date, _)| is_date_like(date)) {
        date_and_time(date, time)?
    } else {
        let day: Result<UtcDay, _> = text.parse();
        day.map_err(|_| "expected Unix seconds, 2020-09-28 or 2020-09-28T12:00Z".to_owned())?.start()
    };
    possible_time(seconds).map_err(|error| error.to_string())
}

/// `true` if the text may be meant for a date. Words such as "yesterday" have a `t` as well.
fn is_date_like(text: &str) -> bool {
    text.len() == "2020-09-28".len() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

fn date_and_time(date: &str, time: &str) -> Result<u64, String> {
    let (time, offset) = time
        .find(['Z', 'z', '+', '-'])
        .and_then(|at| time.split_at_checked(at))
        .ok_or("a time of day needs its offset from UTC, such as Z or +09:00")?;
    // Of a second its first moment.
    let time = match time.split_once('.') {
        Some((whole, part)) if !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) => whole,
        _ => time,
    };
    let local: CivilDateTime = format!("{date} {time}").parse().map_err(|error| format!("{error}"))?;
    let offset: UtcOffset = offset.to_ascii_uppercase().parse().map_err(|error| format!("{error}"))?;
    offset.moment(local).ok_or_else(|| "a time must be in 2019 to 2099".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_one_moment() {
        for text in [
            "1601294400",
            "2020-09-28T12:00Z",
            "2020-09-28t12:00z",
            "2020-09-28 12:00Z",
            "2020-09-28T12:00:00Z",
            "2020-09-28T12:00:00.999Z",
            "2020-09-28T21:00+09:00",
            "2020-09-28T21:00+0900",
            "2020-09-28T08:30:00-03:30",
            "2020-09-29T00:00+12",
        ] {
            assert_eq!(parse(text), Ok(1_601_294_400), "{text}");
        }
        assert_eq!(parse("2020-09-28"), Ok(1_601_251_200));
    }

    #[test]
    fn what_is_no_moment() {
        for (text, why) in [
            ("1601251200000", "in the year 52711: milliseconds?"),
            ("0", "in the year 1970"),
            ("99999999999999999999", "64 bits"),
            ("-1", "expected Unix seconds"),
            ("", "expected a number"),
            ("now", "expected Unix seconds"),
            ("yesterday", "expected Unix seconds"),
            ("28 Sep 2020", "expected Unix seconds"),
            ("2020-02-30", "expected Unix seconds"),
            ("1601251200.5", "expected Unix seconds"),
            ("2020-09-28T12:00", "needs its offset"),
            ("2020-09-28T25:00Z", "no such time"),
            ("2020-09-28T12:00:00.Z", "not a local time"),
            ("2020-02-30T12:00Z", "no such date"),
            ("2020-09-28T12:00+25:00", "-18:00 to +18:00"),
            ("2020-09-28T12:00Zulu", "not an offset"),
            ("2018-12-31", "in the year 2018"),
            ("2100-01-01", "in the year 2100"),
            ("1969-12-31T12:00Z", "2019 to 2099"),
        ] {
            let told = parse(text);
            assert!(told.as_ref().is_err_and(|told| told.contains(why)), "{text}: {told:?}");
        }
    }
}
