//! What a key server makes of uploads.

use std::io::{self, Write};

use gaen::publish::{PublishAnswer, Receipt, Upload};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::check::ViolationRow;
use crate::document::{Document, WrittenExport};
use crate::text::style::{BAD, GOOD};
use crate::text::{counted, grouped, printable, utc};

/// An upload and the Unix second at which it came.
#[derive(Debug)]
pub struct ReceivedUpload {
    /// When it came.
    pub received_at: u64,
    /// The upload; `None` for what is none.
    pub upload: Option<Upload>,
}

/// A line whose upload may be anything.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    received_at: u64,
    #[serde(rename = "upload")]
    _upload: IgnoredAny,
}

/// A line with a true upload.
#[derive(Deserialize)]
struct WithUpload {
    upload: Upload,
}

/// Reads uploads, one JSON object a line: `received_at` and `upload`.
///
/// # Errors
/// A sentence that names the first line that is no such object. It shows nothing of the line.
pub fn received(file: &str, text: &[u8]) -> Result<Vec<ReceivedUpload>, String> {
    let lines = text.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.trim_ascii().is_empty());
    let read = |(number, line): (usize, &[u8])| {
        let is_object = line.trim_ascii_start().starts_with(b"{");
        let found: Option<Line> = serde_json::from_slice(line).ok().filter(|_| is_object);
        let Line { received_at, .. } = found.ok_or_else(|| {
            format!("{file}, line {}: expected {{\"received_at\": .., \"upload\": {{..}}}}", number + 1)
        })?;
        let is_small = line.len() <= Upload::MOST_BYTES;
        let upload: Option<WithUpload> = serde_json::from_slice(line).ok().filter(|_| is_small);
        Ok(ReceivedUpload { received_at, upload: upload.map(|line| line.upload) })
    };
    lines.map(read).collect()
}

/// What became of one upload.
#[derive(Debug, Serialize)]
pub struct Batched {
    received_at: u64,
    code: Option<String>,
    error: Option<String>,
    inserted: usize,
    revised: usize,
    unchanged: usize,
    violations: Vec<ViolationRow>,
}

impl Batched {
    /// An upload that was taken, and the answer to it.
    #[must_use]
    pub fn taken(received_at: u64, receipt: &Receipt, answer: &PublishAnswer) -> Self {
        Self {
            inserted: receipt.inserted,
            revised: receipt.revised,
            unchanged: receipt.unchanged,
            violations: receipt.violations.iter().map(ViolationRow::from).collect(),
            ..Self::refused(received_at, answer)
        }
    }

    /// An upload of which nothing was taken, and the answer to it.
    #[must_use]
    pub fn refused(received_at: u64, answer: &PublishAnswer) -> Self {
        Self {
            received_at,
            code: answer.code.as_ref().map(ToString::to_string),
            error: Some(answer.error_message.clone()).filter(|error| !error.is_empty()),
            inserted: 0,
            revised: 0,
            unchanged: 0,
            violations: Vec::new(),
        }
    }
}

/// What a key server made of uploads.
#[derive(Debug, Serialize)]
pub struct BatchDocument {
    /// When it was asked.
    pub now: u64,
    /// Each upload.
    pub uploads: Vec<Batched>,
    /// Each file of the windows that left.
    pub files: Vec<WrittenExport>,
    /// The path of the index.
    pub index: String,
    /// Keys that have not left yet.
    pub waiting: usize,
}

impl BatchDocument {
    /// Uploads of which nothing was taken.
    #[must_use]
    pub fn refused(&self) -> usize {
        self.uploads.iter().filter(|upload| upload.inserted + upload.revised + upload.unchanged == 0).count()
    }
}

impl Document for BatchDocument {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        for upload in &self.uploads {
            let at = utc::minute(upload.received_at);
            let error = upload.error.as_deref().map(printable).unwrap_or_default();
            if upload.inserted + upload.revised + upload.unchanged == 0 {
                writeln!(out, "{BAD}refused{BAD:#} {at}  {}: {error}", upload.code.as_deref().unwrap_or_default())?;
                continue;
            }
            let (inserted, revised) = (counted(upload.inserted, "key"), grouped(upload.revised));
            writeln!(out, "{GOOD}took{GOOD:#}    {at}  {inserted}, {revised} revised")?;
            if !error.is_empty() {
                writeln!(out, "        {error}")?;
            }
        }
        for file in &self.files {
            let (path, keys) = (printable(&file.path), counted(file.keys, "key"));
            let (padding, revised) = (grouped(file.padding), grouped(file.revised_keys));
            writeln!(out, "{GOOD}wrote{GOOD:#}   {path}\n        {keys}, {padding} of padding, {revised} revised")?;
        }
        writeln!(
            out,
            "{GOOD}wrote{GOOD:#}   {}\n\n{} to be held back.",
            printable(&self.index),
            counted(self.waiting, "key")
        )
    }
}
