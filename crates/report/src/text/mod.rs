//! Numbers and moments as people write them, and text from files with its control characters escaped.

mod chart;
pub mod hex;
pub mod moment;
pub mod style;
pub mod utc;

use std::borrow::Cow;

pub use chart::chart;

/// Text of anyone's making as it may be shown: what a terminal would obey rather than show is written as `\u{..}`.
///
/// ```
/// assert_eq!(gaen_report::text::printable("DE\u{1b}[31m"), "DE\\u{1b}[31m");
/// ```
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(|sign| escaped(sign).is_none()) {
        return Cow::Borrowed(text);
    }
    let show = |sign: char| escaped(sign).map_or_else(|| sign.to_string(), |code| format!("\\u{{{code:x}}}"));
    Cow::Owned(text.chars().map(show).collect())
}

/// [`printable`], line by line.
#[must_use]
pub fn printable_lines(text: &str) -> String {
    text.split_inclusive('\n').map(|line| format!("{}\n", printable(line.trim_end_matches('\n')))).collect()
}

/// The code of a control character, or of one that is invisible or changes the direction of writing.
pub(crate) fn escaped(sign: char) -> Option<u32> {
    let invisible = matches!(sign, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    (sign.is_control() || invisible).then_some(sign.into())
}

/// `1234567` as `1,234,567`.
#[must_use]
pub fn grouped(number: impl TryInto<u64>) -> String {
    let digits = number.try_into().unwrap_or(u64::MAX).to_string();
    let mut grouped = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// How many columns of a terminal a character takes: one of Japanese takes two.
pub(crate) fn column(sign: char) -> usize {
    if sign >= '\u{1100}' { 2 } else { 1 }
}

/// How many columns of a terminal a text takes.
pub(crate) fn columns(text: &str) -> usize {
    text.chars().map(column).sum()
}

/// `1 key`, `2 keys`.
#[must_use]
pub fn counted(number: impl TryInto<u64>, noun: &str) -> String {
    let number = number.try_into().unwrap_or(u64::MAX);
    format!("{} {noun}{}", grouped(number), if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_control_character_is_shown() {
        assert_eq!(printable("DE\u{1b}[31m\u{9b}2J\u{202e}"), "DE\\u{1b}[31m\\u{9b}2J\\u{202e}");
        assert_eq!(printable("Österreich"), "Österreich");
    }

    #[test]
    fn numbers() {
        assert_eq!(["0", "999", "1,000", "1,234,567"], [0_u64, 999, 1000, 1_234_567].map(grouped));
        assert_eq!([counted(1, "key"), counted(2000, "key")], ["1 key", "2,000 keys"]);
    }
}
