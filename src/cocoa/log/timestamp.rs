//! The time of a check as logs write it: a moment with its offset, or words in the phone's language without one.

use super::languages::{Half, LANGUAGES, Language, Meaning};
use crate::time::{CivilDate, CivilDateTime, UtcOffset};

/// When a phone **checked** a file for matches. The contact may have been at any time in the two weeks before.
///
/// The value keeps the text as it stands in the log, and what the text says if its form is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckTime {
    text: String,
    reading: Option<TimeReading>,
}

/// The meaning of the text of a [`CheckTime`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimeReading {
    /// A moment: the text has an offset from UTC.
    Moment {
        /// Unix seconds.
        unix_seconds: u64,
        /// The offset from UTC.
        offset: UtcOffset,
    },
    /// A local time, to the minute. The text does not say where.
    Local(CivilDateTime),
}

impl CheckTime {
    /// Reads a text of a log:
    ///
    /// - `2020-09-06 00:21:25 +0900` of iOS, and RFC 3339;
    /// - words of Android without an offset, such as `August 9, 2021, 12:29`, `14. lokakuuta 2020 klo 7.30`,
    ///   `14 octobre 2020 à 07 h 30` or `2021年8月9日 12:29`, in the languages of the countries that had such apps.
    ///
    /// A date in numbers alone is read only if the year comes first. If two languages read a text as different times,
    /// the point after the day decides: `14 listopada` is Polish and in November, `14. listopada` Croatian and in
    /// October. Otherwise the text is only kept.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        // No time is longer than this, so a longer text is not searched for a time.
        let reading = (text.len() <= 100).then(|| moment(&text).or_else(|| in_words(&text))).flatten();
        Self { text, reading }
    }

    /// Returns the text as it stands in the log.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns what the text says. `None` if its form is unknown.
    #[must_use]
    pub const fn reading(&self) -> Option<TimeReading> {
        self.reading
    }

    /// Returns the offset of the phone's clock, if it stands in the text.
    #[must_use]
    pub const fn offset(&self) -> Option<UtcOffset> {
        match self.reading {
            Some(TimeReading::Moment { offset, .. }) => Some(offset),
            _ => None,
        }
    }

    /// Returns the moment of the check in Unix seconds. `None` if the text has no offset.
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

/// A piece of a text in lower case.
#[derive(Debug, PartialEq)]
enum Piece<'t> {
    Number { value: u16, digits: usize, point: bool },
    Word(&'t str),
    Time { hour: u8, minute: u8, sign: char },
}

/// What one language reads in a text.
struct Dated {
    time: CivilDateTime,
    /// Whether the day has its point, or none, as the language writes it.
    regular: bool,
}

/// A text in words is read in every language at once. Where two of them read different times, those count that write
/// the day like this; if that does not settle it, the text is only kept.
fn in_words(text: &str) -> Option<TimeReading> {
    let text = plain(text);
    let pieces = pieces(&text)?;
    let read: Vec<_> = LANGUAGES.iter().filter_map(|language| dated(language, &pieces)).collect();
    let agreed = |counts: fn(&Dated) -> bool| {
        let mut times = read.iter().filter(|dated| counts(dated)).map(|dated| dated.time);
        let first = times.next()?;
        times.all(|time| time == first).then_some(first)
    };
    agreed(|_| true).or_else(|| agreed(|dated| dated.regular)).map(TimeReading::Local)
}

/// In lower case, with digits of ASCII, and `a. m.` without the space in it.
fn plain(text: &str) -> String {
    let digit = |sign: char| match sign {
        '٠'..='٩' => char::from_digit(u32::from(sign).wrapping_sub(u32::from('٠')), 10).unwrap_or(sign),
        '\u{a0}' | '\u{202f}' => ' ',
        _ => sign,
    };
    let text: String = text.to_lowercase().chars().map(digit).collect();
    text.replace("a. m.", "a.m.").replace("p. m.", "p.m.")
}

/// The date and time that the pieces are in this language.
fn dated(language: &Language, pieces: &[Piece<'_>]) -> Option<Dated> {
    let mut numbers = Vec::new();
    let (mut time, mut named_month, mut half) = (None, None, None);
    for piece in pieces {
        match piece {
            Piece::Number { value, digits, point } => numbers.push((*value, *digits, *point)),
            Piece::Time { hour, minute, sign } if time.is_none() => time = Some((*hour, *minute, *sign)),
            Piece::Time { .. } => return None,
            Piece::Word(word) => match language.meaning(word)? {
                Meaning::Month(month) if named_month.is_none() => named_month = Some(month),
                Meaning::Month(_) => return None,
                Meaning::Half(named) => half = Some(named),
                Meaning::Nothing => {}
            },
        }
    }
    let (hour, minute, sign) = time?;
    let (year, month, day, point) = match (named_month, &numbers[..]) {
        (Some(month), [(year, 4, _), (day, 1..=2, point)] | [(day, 1..=2, point), (year, 4, _)]) => {
            (*year, month, *day, *point)
        }
        // In numbers alone a point may be anything.
        (None, [(year, 4, _), (month, 1..=2, _), (day, 1..=2, _)]) if sign == ':' => {
            (*year, u8::try_from(*month).ok()?, *day, false)
        }
        _ => return None,
    };
    let date = CivilDate::new(year.into(), month, u8::try_from(day).ok()?).ok()?;
    let time = CivilDateTime::new(date, hour_of_day(hour, half)?, minute, 0).ok()?;
    Some(Dated { time, regular: point == language.day.ends_with('.') })
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

/// Cuts a text in lower case into its pieces. Other signs only part them. `None` if a number is too long for a date, or
/// if a colon stands outside of a time.
fn pieces(text: &str) -> Option<Vec<Piece<'_>>> {
    // Where a time has a colon, a point belongs to the date.
    let signs: &[char] = if text.contains(':') { &[':'] } else { &['.', 'h'] };
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(sign) = rest.chars().next() {
        if let Some((piece, after)) = signs.iter().find_map(|sign| time(rest, *sign)) {
            pieces.push(piece);
            rest = after;
        } else if sign.is_ascii_digit() {
            let (digits, after) = run(rest, |sign| sign.is_ascii_digit());
            let point = after.starts_with('.');
            pieces.push(Piece::Number { value: digits.parse().ok()?, digits: digits.len(), point });
            rest = after;
        } else if sign.is_alphabetic() {
            // A point belongs to a word between letters, as in `a.m.`; `okt.` is `okt`.
            let (word, after) = run(rest, |sign| sign.is_alphabetic() || sign == '.');
            let inner = word.trim_end_matches('.');
            pieces.push(Piece::Word(if inner.contains('.') { word } else { inner }));
            rest = after;
        } else if sign == ':' {
            return None;
        } else {
            rest = rest.get(sign.len_utf8()..)?;
        }
    }
    Some(pieces)
}

/// A time of day at the beginning of a text, and what follows it: `7:30`, `07.30`, `07 h 30`. Seconds are passed over,
/// as the reading is to the minute.
fn time(text: &str, sign: char) -> Option<(Piece<'_>, &str)> {
    let (hour, rest) = run(text, |sign| sign.is_ascii_digit());
    let parted = |text| match sign {
        'h' => str::trim_start(text).strip_prefix(sign).map(str::trim_start),
        _ => str::strip_prefix(text, sign),
    };
    let two_digits = |text| {
        let (digits, rest) = run(parted(text)?, |sign| sign.is_ascii_digit());
        (digits.len() == 2).then_some((digits, rest))
    };
    let (minute, mut rest) = two_digits(rest)?;
    if let Some((_, after)) = two_digits(rest) {
        rest = after;
    }
    let hour = (1..=2).contains(&hour.len()).then(|| hour.parse().ok())??;
    Some((Piece::Time { hour, minute: minute.parse().ok()?, sign }, rest))
}

/// What of a text belongs together at its beginning, and the rest.
fn run(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|sign| !belongs(sign)).unwrap_or(text.len()))
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
            assert_eq!(time.offset(), Some(offset));
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
            // A long date and a short time of every language.
            ("٩ أغسطس ٢٠٢١ ٧:٠٥ م", "2021-08-09 19:05"),
            ("9 жніўня 2021 г. у 19:05", "2021-08-09 19:05"),
            ("9 август 2021 г., 19:05 ч.", "2021-08-09 19:05"),
            ("9. august 2021. u 19:05", "2021-08-09 19:05"),
            ("9 d’agost de 2021 a les 19:05", "2021-08-09 19:05"),
            ("9. srpna 2021 19:05", "2021-08-09 19:05"),
            ("9 Hydref 2021 am 19:05", "2021-10-09 19:05"),
            ("9. august 2021 kl. 19.05", "2021-08-09 19:05"),
            ("9. Jänner 2021 um 19:05", "2021-01-09 19:05"),
            ("9 Αυγούστου 2021, 7:05 μ.μ.", "2021-08-09 19:05"),
            ("August 9, 2021 at 7:05\u{202f}PM", "2021-08-09 19:05"),
            ("9 de agosto de 2021 7:05 p.\u{a0}m.", "2021-08-09 19:05"),
            ("9 de agosto de 2021 a las 7:05 a. m.", "2021-08-09 07:05"),
            ("9. august 2021 19:05", "2021-08-09 19:05"),
            ("2021(e)ko abuztuaren 9(a) 19:05", "2021-08-09 19:05"),
            ("9. elokuuta 2021 klo 7.05 ip.", "2021-08-09 19:05"),
            ("9. apríl 2021 kl. 19:05", "2021-04-09 19:05"),
            ("9 août 2021 à 19 h 05", "2021-08-09 19:05"),
            ("9 août 2021 19h05", "2021-08-09 19:05"),
            ("9 Meán Fómhair 2021 7:05 i.n.", "2021-09-09 19:05"),
            ("19:05, 9 de outubro de 2021", "2021-10-09 19:05"),
            ("9. kolovoza 2021. u 19:05", "2021-08-09 19:05"),
            ("2021. augusztus 9. du. 7:05", "2021-08-09 19:05"),
            ("9. ágúst 2021, 19:05", "2021-08-09 19:05"),
            ("9 agosto 2021, 19:05", "2021-08-09 19:05"),
            ("2021 ж. 9 тамыз, 19:05", "2021-08-09 19:05"),
            ("2021 m. rugpjūčio 9 d. 19:05", "2021-08-09 19:05"),
            ("2021. gada 9. augusts 19:05", "2021-08-09 19:05"),
            ("9 август 2021 19:05", "2021-08-09 19:05"),
            ("9 ta’ Awwissu 2021 19:05", "2021-08-09 19:05"),
            ("9. desember 2021, 7:05 p.m.", "2021-12-09 19:05"),
            ("9 augustus 2021 om 19:05", "2021-08-09 19:05"),
            ("9 sierpnia 2021 19:05", "2021-08-09 19:05"),
            ("9 de agosto de 2021 às 19:05", "2021-08-09 19:05"),
            ("9 d’avust 2021 19:05", "2021-08-09 19:05"),
            ("9 august 2021, 19:05", "2021-08-09 19:05"),
            ("9 августа 2021 г., 19:05", "2021-08-09 19:05"),
            ("9. augusta 2021, 19:05", "2021-08-09 19:05"),
            ("09. avgust 2021 19:05", "2021-08-09 19:05"),
            ("9 gusht 2021, 7:05 m.d.", "2021-08-09 19:05"),
            ("09. август 2021. 7:05 по подне", "2021-08-09 19:05"),
            ("09. oktobar 2021. 7:05 pre podne", "2021-10-09 07:05"),
            ("9 augusti 2021 7:05 em", "2021-08-09 19:05"),
            ("9 Ağustos 2021 ÖS 7:05", "2021-08-09 19:05"),
            ("9 серпня 2021 р. о 19:05", "2021-08-09 19:05"),
            ("2021年8月9日 下午7:05", "2021-08-09 19:05"),
            // Polish November and Croatian October have one name.
            ("9 listopada 2021 19:05", "2021-11-09 19:05"),
            ("9. listopada 2021. u 19:05", "2021-10-09 19:05"),
        ] {
            let time = CheckTime::new(text);
            assert_eq!(time.reading(), Some(TimeReading::Local(local.parse().unwrap())), "{text}");
            assert_eq!((time.text(), time.checked_at(), time.offset()), (text, None, None));
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
            // Points in numbers alone are of a date or of a time.
            "2021.10.09 19.05",
            "05.10.2020 klo 19.36",
            "9. elokuuta 2021 19.5",
            "9 août 2021 h 05",
            "9. elokuuta 2021 klo 25.05",
            // Two languages in one text, another calendar.
            "9 August 2021 klo 19:05",
            "٩ صفر ١٤٤٣ هـ ٧:٠٥ م",
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
