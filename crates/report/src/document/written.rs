//! Export files that were written.

use std::io::{self, Write};

use gaen::export::ExportFile;
use serde::Serialize;

use super::Document;
use crate::text::style::GOOD;
use crate::text::{counted, grouped, hex, printable};

/// An export file that was written.
#[derive(Debug, Serialize)]
pub struct WrittenExport {
    pub(crate) path: String,
    pub(crate) keys: usize,
    pub(crate) padding: usize,
    pub(crate) revised_keys: usize,
    size: usize,
    export_sha256: String,
}

impl WrittenExport {
    /// The file at this path.
    #[must_use]
    pub fn new(path: String, file: &ExportFile) -> Self {
        Self {
            path,
            keys: file.keys,
            padding: file.padding,
            revised_keys: file.revised_keys,
            size: file.zip.len(),
            export_sha256: hex::encode(&file.export_sha256),
        }
    }
}

impl Document for WrittenExport {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let path = printable(&self.path);
        writeln!(out, "{GOOD}wrote{GOOD:#} {path}  {}", counted(self.size, "byte"))?;
        let (keys, revised) = (counted(self.keys, "key"), grouped(self.revised_keys));
        writeln!(out, "      {keys}, {} of padding, {revised} revised", grouped(self.padding))?;
        writeln!(out, "      {}  SHA-256 of export.bin", self.export_sha256)
    }
}
