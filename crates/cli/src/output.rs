//! What reaches the terminal: styles, bars, errors and warnings.

use std::fmt::Display;
use std::io::{self, BufWriter, StdoutLock, Write};

use anstream::AutoStream;
use anstyle::Style;
use gaen_report::text::style::{BAD, CAUTION};
use gaen_report::text::{grouped, printable};
use serde::Serialize;

use crate::error::Error;

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

/// The one document of `--json`.
pub(crate) fn json(out: &mut dyn Write, document: &impl Serialize) -> Result<(), Error> {
    Ok(gaen_report::document::json(out, document)?)
}

/// The document of commands that report file by file.
#[derive(Serialize)]
pub(crate) struct Files<T> {
    pub(crate) files: Vec<T>,
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
    fn bars() {
        assert_eq!(bar(10, 10, 4), "████");
        assert_eq!(bar(5, 10, 3), "█▌");
        assert_eq!(bar(1, u64::MAX, 4), "▏");
        assert_eq!(bar(0, 0, 4), "");
    }
}
