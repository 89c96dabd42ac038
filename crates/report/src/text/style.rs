//! Styles of text that people read in a terminal: ANSI codes, which `anstream` strips where nobody would see them.

use anstyle::{AnsiColor, Style};

/// A heading.
pub const BOLD: Style = Style::new().bold();
/// What is said beside the point.
pub const DIM: Style = Style::new().dimmed();
/// A good answer.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();
/// A bad answer.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
/// An answer that nobody can give: neither good nor bad.
pub const UNKNOWN: Style = AnsiColor::Magenta.on_default().bold();
/// What to be careful with.
pub const CAUTION: Style = AnsiColor::Yellow.on_default().bold();
