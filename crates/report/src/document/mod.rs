//! Documents: programs read them as JSON, people as text.

mod files;
mod written;

use std::io::{self, Write};

use serde::Serialize;

use crate::text::escaped;
pub use files::{FileOutcome, FileStatus};
pub use written::WrittenExport;

/// What a command has to say, in two forms: JSON, and text.
pub trait Document: Serialize {
    /// Writes the text, with the codes of [`style`](crate::text::style).
    ///
    /// # Errors
    /// What `out` answers.
    fn print(&self, out: &mut dyn Write) -> io::Result<()>;
}

/// The document of commands that report file by file.
#[derive(Debug, Serialize)]
pub struct Files<T> {
    /// What there is to say of each file, in the order given.
    pub files: Vec<T>,
}

/// The text is the text of each file, one after the other.
impl<T: Document> Document for Files<T> {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        self.files.iter().try_for_each(|file| file.print(out))
    }
}

/// Writes a document as JSON, with what a terminal would obey rather than show escaped as `\uXXXX`.
///
/// # Errors
/// What `out` answers.
pub fn json(out: &mut dyn Write, document: &impl Serialize) -> io::Result<()> {
    let text = serde_json::to_string_pretty(document)?;
    let escape = |sign: char| if sign == '\n' { None } else { escaped(sign) };
    for piece in text.split_inclusive(|sign| escape(sign).is_some()) {
        // Outside of strings JSON is plain ASCII, so what is escaped here is within one.
        match piece.chars().next_back().and_then(|last| Some((last, escape(last)?))) {
            Some((last, code)) => write!(out, "{}\\u{code:04x}", &piece[..piece.len() - last.len_utf8()])?,
            None => out.write_all(piece.as_bytes())?,
        }
    }
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_control_character_is_written() {
        let mut out = Vec::new();
        json(&mut out, &["\u{9b}2J\u{7f}", "a\u{1b}\n\u{202e}ö"]).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.chars().all(|sign| sign == '\n' || escaped(sign).is_none()), "{text}");
        let read: Vec<String> = serde_json::from_str(&text).unwrap();
        assert_eq!(read, ["\u{9b}2J\u{7f}", "a\u{1b}\n\u{202e}ö"]);
    }
}
