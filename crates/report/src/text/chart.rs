//! Values and their counts as bars of characters.

use std::fmt::Display;
use std::io::{self, Write};

use super::grouped;

/// Writes values and their counts, a line with a bar each, within 80 columns. From the 41st on, one line stands for
/// all.
///
/// # Errors
/// What `out` answers.
pub fn chart<L: Display>(out: &mut dyn Write, rows: &[(L, u64)]) -> io::Result<()> {
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

/// A bar of at most `width` characters, in eighths of one. A value above 0 has a bar of at least one eighth.
fn bar(value: u64, largest: u64, width: u64) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let length = u128::from(value) * u128::from(width) * 8 / u128::from(largest.max(1));
    let length = usize::try_from(length).unwrap_or_default().max(usize::from(value > 0));
    "█".repeat(length / 8) + EIGHTHS[length % 8]
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
