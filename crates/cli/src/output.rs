//! What reaches the terminal: styles, numbers, bars, JSON, and text from files with its control characters escaped.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::{self, BufWriter, StdoutLock, Write};

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use serde::Serialize;

use crate::error::Error;

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// Of what nobody can say: neither good nor bad.
pub(crate) const UNKNOWN: Style = AnsiColor::Magenta.on_default().bold();
pub(crate) const CAUTION: Style = AnsiColor::Yellow.on_default().bold();

/// Standard output, without styles in a pipe or where `NO_COLOR` is set.
pub(crate) fn stdout() -> BufWriter<AutoStream<StdoutLock<'static>>> {
    BufWriter::new(AutoStream::auto(io::stdout().lock()))
}

/// Writes a document to standard output as it is: nothing in it is taken for a style.
pub(crate) fn bytes(document: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(document)?;
    out.flush()
}

/// Tells standard error why the command failed.
pub(crate) fn complain(why: &str) {
    say(BAD, "error", why);
}

/// Tells standard error what the user should know.
pub(crate) fn warn(message: &str) {
    say(CAUTION, "warning", message);
}

/// Where standard error is closed there is nobody left to tell.
fn say(style: Style, what: &str, message: &str) {
    let _ = writeln!(anstream::stderr(), "{style}{what}:{style:#} {}", printable(message));
}

/// The document of commands that report file by file.
#[derive(Serialize)]
pub(crate) struct Files<T> {
    pub(crate) files: Vec<T>,
}

/// The one document of `--json`.
pub(crate) fn json(out: &mut dyn Write, document: &impl Serialize) -> Result<(), Error> {
    let text = serde_json::to_string_pretty(document).map_err(io::Error::from)?;
    let escape = |sign: char| if sign == '\n' { None } else { escaped(sign) };
    for piece in text.split_inclusive(|sign| escape(sign).is_some()) {
        // Outside of strings JSON is plain ASCII, so what is escaped here is within one.
        match piece.chars().next_back().and_then(|last| Some((last, escape(last)?))) {
            Some((last, code)) => write!(out, "{}\\u{code:04x}", &piece[..piece.len() - last.len_utf8()])?,
            None => out.write_all(piece.as_bytes())?,
        }
    }
    writeln!(out)?;
    Ok(())
}

/// Text of anyone's making as it may be shown: what a terminal would obey rather than show is written as `\u{..}`.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(|sign| escaped(sign).is_none()) {
        return Cow::Borrowed(text);
    }
    let show = |sign: char| escaped(sign).map_or_else(|| sign.to_string(), |code| format!("\\u{{{code:x}}}"));
    Cow::Owned(text.chars().map(show).collect())
}

/// [`printable`], line by line.
pub(crate) fn printable_lines(text: &str) -> String {
    text.split_inclusive('\n').map(|line| format!("{}\n", printable(line.trim_end_matches('\n')))).collect()
}

/// The code of a control character, or of one that is invisible or changes the direction of writing.
fn escaped(sign: char) -> Option<u32> {
    let invisible = matches!(sign, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    (sign.is_control() || invisible).then_some(sign.into())
}

/// `1234567` as `1,234,567`.
pub(crate) fn grouped(number: impl TryInto<u64>) -> String {
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

/// `1 key`, `2 keys`.
pub(crate) fn counted(number: impl TryInto<u64>, noun: &str) -> String {
    let number = number.try_into().unwrap_or(u64::MAX);
    format!("{} {noun}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// A bar of at most `width` characters, in eighths of one. What is there at all is seen.
pub(crate) fn bar(value: u64, largest: u64, width: u64) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let length = u128::from(value) * u128::from(width) * 8 / u128::from(largest.max(1));
    let length = usize::try_from(length).unwrap_or_default().max(usize::from(value > 0));
    "█".repeat(length / 8) + EIGHTHS[length % 8]
}

/// Values and their counts, a line with a bar each, within 80 columns.
pub(crate) fn chart<L: Display>(out: &mut dyn Write, rows: &[(L, u64)]) -> io::Result<()> {
    const MOST_ROWS: usize = 40;
    const WIDTH: u64 = 32;
    let largest = rows.iter().map(|(_, count)| *count).max().unwrap_or_default();
    let (shown, rest) = rows.split_at(rows.len().min(MOST_ROWS));
    for (label, count) in shown {
        let bar = bar(*count, largest, WIDTH);
        writeln!(out, "    {:<30.30}{:>11}  {bar}", label.to_string(), grouped(*count))?;
    }
    if !rest.is_empty() {
        let count: u64 = rest.iter().map(|(_, count)| count).sum();
        writeln!(out, "    {:<30}{:>11}", format!("{} other values", grouped(rest.len())), grouped(count))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_control_character_is_printed() {
        assert_eq!(printable("DE\u{1b}[31m\u{9b}2J\u{202e}"), "DE\\u{1b}[31m\\u{9b}2J\\u{202e}");
        assert_eq!(printable("Österreich"), "Österreich");

        let mut out = Vec::new();
        json(&mut out, &["\u{9b}2J\u{7f}", "a\u{1b}\n\u{202e}ö"]).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.chars().all(|sign| sign == '\n' || escaped(sign).is_none()), "{text}");
        let read: Vec<String> = serde_json::from_str(&text).unwrap();
        assert_eq!(read, ["\u{9b}2J\u{7f}", "a\u{1b}\n\u{202e}ö"]);
    }

    #[test]
    fn numbers_and_bars() {
        assert_eq!(["0", "999", "1,000", "1,234,567"], [0_u64, 999, 1000, 1_234_567].map(grouped));
        assert_eq!([counted(1, "key"), counted(2000, "key")], ["1 key", "2,000 keys"]);
        assert_eq!(bar(10, 10, 4), "████");
        assert_eq!(bar(5, 10, 3), "█▌");
        assert_eq!(bar(1, u64::MAX, 4), "▏");
        assert_eq!(bar(0, 0, 4), "");
    }
}
