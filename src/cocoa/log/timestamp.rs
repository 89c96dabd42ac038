//! The time of a check as logs write it: a moment with its offset, or words in the phone's language without one.

use std::iter::Peekable;
use std::str::CharIndices;

use super::months::month;
use crate::day::{CivilDate, CivilDateTime, UtcOffset};

/// When a phone **checked** a file for matches. Never when a contact was: that may be any time in the two weeks before.
///
/// The text is kept as it stands in the log, and read where it can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckTime {
    text: String,
    reading: Option<TimeReading>,
}

/// What the text of a [`CheckTime`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimeReading {
    /// A moment, for the offset from UTC stands beside it.
    Moment {
        /// Unix seconds.
        unix_seconds: u64,
        /// The offset.
        offset: UtcOffset,
    },
    /// What a clock on the wall showed, and not where the wall was. To the minute.
    Local(CivilDateTime),
}

impl CheckTime {
    /// Reads a text of a log:
    ///
    /// - `2020-09-06 00:21:25 +0900` of iOS, and RFC 3339;
    /// - words of Android without an offset, such as `August 9, 2021, 12:29`, `24. Oktober 2020, 05:21`,
    ///   `5 de octubre de 2020 19:36` or `2021年8月9日 12:29`, in ten European languages, Japanese, Chinese and Korean.
    ///
    /// A date in numbers alone is read only if the year comes first.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        // No time is longer than this; what is, is not searched for one.
        let reading = (text.len() <= 100).then(|| moment(&text).or_else(|| in_words(&text))).flatten();
        Self { text, reading }
    }

    /// The text as it stands in the log.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it says; nothing when it is in no form that is known.
    #[must_use]
    pub const fn reading(&self) -> Option<TimeReading> {
        self.reading
    }

    /// The moment of the check in Unix seconds, where the text says an offset.
    #[must_use]
    pub const fn checked_at(&self) -> Option<u64> {
        match self.reading {
            Some(TimeReading::Moment { unix_seconds, .. }) => Some(unix_seconds),
            _ => None,
        }
    }
}

/// `2020-09-06 00:21:25 +0900`, `2021-08-30T19:25:12.797+09:00`.
fn moment(text: &str) -> Option<TimeReading> {
    let (time, rest) = text.trim().split_at_checked(19)?;
    let time: CivilDateTime = time.parse().ok()?;
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches(|sign: char| sign.is_ascii_digit()),
        None => rest,
    };
    let offset: UtcOffset = rest.trim_start().parse().ok()?;
    Some(TimeReading::Moment { unix_seconds: offset.moment(time)?, offset })
}

/// A piece of a text: a number, a word in lower case, or the sign between the numbers of a time.
#[derive(Debug, PartialEq)]
enum Piece<'t> {
    Number { value: u16, digits: usize },
    Word(&'t str),
    Colon,
}

fn in_words(text: &str) -> Option<TimeReading> {
    let text = text.to_lowercase();
    let mut pieces = pieces(&text)?;

    // The time is where the colon is.
    let colon = pieces.iter().position(|piece| *piece == Piece::Colon)?;
    let hour = colon.checked_sub(1)?;
    let time: Vec<_> = pieces.drain(hour..colon.checked_add(2).filter(|end| *end <= pieces.len())?).collect();
    let [Piece::Number { value: hour, digits: 1..=2 }, _, Piece::Number { value: minute, digits: 2 }] = time[..] else {
        return None;
    };
    // Seconds are read over: the reading is to the minute.
    if pieces.get(colon.checked_sub(1)?) == Some(&Piece::Colon) {
        let at = colon.checked_sub(1)?;
        pieces.drain(at..at.checked_add(2).filter(|end| *end <= pieces.len())?);
    }

    let mut numbers = Vec::new();
    let (mut named_month, mut half) = (None, None);
    for piece in pieces {
        match piece {
            Piece::Number { value, digits } => numbers.push((value, digits)),
            Piece::Colon => return None,
            Piece::Word("am" | "a.m." | "午前" | "上午" | "오전") => half = Some(Half::Morning),
            Piece::Word("pm" | "p.m." | "午後" | "下午" | "오후") => half = Some(Half::Afternoon),
            // Marks of a date, and the small words between its parts.
            Piece::Word("年" | "月" | "日" | "년" | "월" | "일") => {}
            Piece::Word("de" | "del" | "at" | "um" | "à" | "kl" | "klo" | "om" | "o" | "alle" | "às" | "las" | "a") =>
                {}
            Piece::Word(word) if named_month.is_none() => named_month = Some(month(word)?),
            Piece::Word(_) => return None,
        }
    }
    let (year, month, day) = match (named_month, &numbers[..]) {
        (Some(month), [(year, 4), (day, 1..=2)] | [(day, 1..=2), (year, 4)]) => (*year, month, *day),
        (None, [(year, 4), (month, 1..=2), (day, 1..=2)]) => (*year, u8::try_from(*month).ok()?, *day),
        _ => return None,
    };
    let date = CivilDate::new(year.into(), month, u8::try_from(day).ok()?).ok()?;
    let hour = hour_of_day(u8::try_from(hour).ok()?, half)?;
    CivilDateTime::new(date, hour, u8::try_from(minute).ok()?, 0).ok().map(TimeReading::Local)
}

#[derive(Clone, Copy)]
enum Half {
    Morning,
    Afternoon,
}

/// With a half of the day 12 is the first hour of it; Japanese also writes 0.
fn hour_of_day(hour: u8, half: Option<Half>) -> Option<u8> {
    match half {
        None => Some(hour),
        Some(_) if hour > 12 => None,
        Some(Half::Morning) => Some(hour % 12),
        Some(Half::Afternoon) => (hour % 12).checked_add(12),
    }
}

/// Cuts a text in lower case into its pieces. Other signs only part them. Nothing if a number is too long for a time.
fn pieces(text: &str) -> Option<Vec<Piece<'_>>> {
    let mut pieces = Vec::new();
    let mut signs = text.char_indices().peekable();
    while let Some((start, sign)) = signs.next() {
        if sign.is_ascii_digit() {
            let digits = text.get(start..run(text, &mut signs, |sign| sign.is_ascii_digit()))?;
            pieces.push(Piece::Number { value: digits.parse().ok()?, digits: digits.len() });
        } else if sign.is_alphabetic() {
            // A point belongs to a word between letters, as in `a.m.`; `okt.` is `okt`.
            let end = run(text, &mut signs, |sign| sign.is_alphabetic() || sign == '.');
            let word = text.get(start..end)?;
            let inner = word.trim_end_matches('.');
            pieces.push(Piece::Word(if inner.contains('.') { word } else { inner }));
        } else if sign == ':' {
            pieces.push(Piece::Colon);
        }
    }
    Some(pieces)
}

/// Passes over what belongs to a piece, and gives its end.
fn run(text: &str, signs: &mut Peekable<CharIndices<'_>>, belongs: impl Fn(char) -> bool) -> usize {
    while signs.next_if(|(_, sign)| belongs(*sign)).is_some() {}
    signs.peek().map_or(text.len(), |(at, _)| *at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn moments_with_an_offset() {
        for (text, seconds, offset) in [
            ("2020-09-06 00:21:25 +0900", 1_599_319_285, "+09:00"),
            ("2020-10-10 08:15:59 +0300", 1_602_306_959, "+03:00"),
            ("2020-10-12 14:58:17 -0400", 1_602_529_097, "-04:00"),
            ("2021-08-30T19:25:12.7970660+09:00", 1_630_319_112, "+09:00"),
            ("2020-09-05T15:21:25Z", 1_599_319_285, "+00:00"),
        ] {
            let time = CheckTime::new(text);
            assert_eq!((time.text(), time.checked_at()), (text, Some(seconds)));
            let offset = offset.parse().unwrap();
            assert_eq!(time.reading(), Some(TimeReading::Moment { unix_seconds: seconds, offset }));
        }
    }

    #[test]
    fn words_without_an_offset() {
        for (text, local) in [
            ("August 9, 2021, 12:29", "2021-08-09 12:29"),
            ("August 8, 2021, 01:50", "2021-08-08 01:50"),
            ("24. Oktober 2020, 05:21", "2020-10-24 05:21"),
            ("5 de octubre de 2020 19:36", "2020-10-05 19:36"),
            ("22 December 2020, 12:57", "2020-12-22 12:57"),
            ("14. März 2021, 15:15", "2021-03-14 15:15"),
            ("3 février 2021 à 07:05", "2021-02-03 07:05"),
            ("1 grudnia 2020 23:59", "2020-12-01 23:59"),
            ("4. lokakuuta 2020 klo 8:05", "2020-10-04 08:05"),
            ("2021年8月9日 12:29", "2021-08-09 12:29"),
            ("2020年10月3日  09:40", "2020-10-03 09:40"),
            ("2021年8月9日 午後0:29", "2021-08-09 12:29"),
            ("2021년 8월 9일 오전 12:29", "2021-08-09 00:29"),
            ("2020.10.3  09:40", "2020-10-03 09:40"),
            ("2020-09-06 00:21:25", "2020-09-06 00:21"),
            ("Aug 9, 2021, 12:29:30 PM", "2021-08-09 12:29"),
            ("9 Aug. 2021 1:29 p.m.", "2021-08-09 13:29"),
        ] {
            let time = CheckTime::new(text);
            assert_eq!(time.reading(), Some(TimeReading::Local(local.parse().unwrap())), "{text}");
            assert_eq!((time.text(), time.checked_at()), (text, None));
        }
    }

    #[test]
    fn what_cannot_be_read_for_sure_is_only_kept() {
        for text in [
            "",
            "yesterday",
            "5/10/2020 19:36",
            "05.10.2020 19:36",
            "2020-09-06 25:21:25 +0900",
            "0002-09-06 00:21:25 +0900",
            "August 32, 2021, 12:29",
            "Augustus October 9, 2021, 12:29",
            "August 9, 2021, 13:29 pm",
            "August 9, 2021, 12",
            "August 9, 2021, 12:",
            ":29 August 9, 2021",
            "August 9, 2021, 12:29:",
            "99999999999 August 2021, 12:29",
            "August 9, 2021, 12:29 12:30",
        ] {
            assert_eq!(CheckTime::new(text).reading(), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "\\PC{0,40}|[0-9: ,.+-年月日augoktde]{0,30}") {
            let time = CheckTime::new(text.clone());
            prop_assert_eq!(time.text(), text);
        }
    }
}
