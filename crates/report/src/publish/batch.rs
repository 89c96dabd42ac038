//! What a key server makes of uploads.

use std::io::{self, Write};

use gaen::publish::{PublishAnswer, Receipt, Refusal, RequestError, Upload};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::check::ViolationRow;
use crate::document::{Document, WrittenExport};
use crate::text::style::{BAD, GOOD};
use crate::text::{counted, grouped, printable, utc};

/// An upload and the Unix second at which it came.
#[derive(Debug)]
pub struct ReceivedUpload {
    /// When it came, Unix seconds.
    pub received_at: u64,
    /// The upload, or why the text is not an upload.
    pub upload: Result<Upload, RequestError>,
}

/// A line. Its upload may be anything.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    received_at: u64,
    #[serde(borrow)]
    upload: &'a RawValue,
}

/// Reads uploads, one JSON object a line: `received_at` and `upload`.
///
/// # Errors
/// A sentence that names the first line that is no such object. It shows nothing of the line.
pub fn received(file: &str, text: &[u8]) -> Result<Vec<ReceivedUpload>, String> {
    let lines = text.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.trim_ascii().is_empty());
    let read = |(number, line): (usize, &[u8])| {
        let is_object = line.trim_ascii_start().starts_with(b"{");
        let found: Option<Line<'_>> = serde_json::from_slice(line).ok().filter(|_| is_object);
        let Line { received_at, upload } = found.ok_or_else(|| {
            format!("{file}, line {}: expected {{\"received_at\": .., \"upload\": {{..}}}}", number + 1)
        })?;
        Ok(ReceivedUpload { received_at, upload: Upload::from_json(upload.get().as_bytes()) })
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
    /// An upload that the server took, and the answer to it.
    #[must_use]
    pub fn taken(received_at: u64, receipt: &Receipt, answer: &PublishAnswer) -> Self {
        Self {
            inserted: receipt.inserted,
            revised: receipt.revised,
            unchanged: receipt.unchanged,
            violations: receipt.violations.iter().map(ViolationRow::from).collect(),
            received_at,
            code: answer.code.as_ref().map(ToString::to_string),
            error: Some(answer.error_message.clone()).filter(|error| !error.is_empty()),
        }
    }

    /// An upload of which the server took nothing, and why.
    #[must_use]
    pub fn refused(received_at: u64, refusal: &Refusal) -> Self {
        Self {
            received_at,
            code: Some(refusal.code().to_string()),
            error: Some(refusal.to_string()),
            inserted: 0,
            revised: 0,
            unchanged: 0,
            violations: Vec::new(),
        }
    }

    /// `true` if the server took nothing of the upload.
    fn is_refused(&self) -> bool {
        self.inserted + self.revised + self.unchanged == 0
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
    /// The number of uploads of which the server took nothing.
    #[must_use]
    pub fn refused(&self) -> usize {
        self.uploads.iter().filter(|upload| upload.is_refused()).count()
    }
}

impl Document for BatchDocument {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        for upload in &self.uploads {
            let at = utc::minute(upload.received_at);
            let error = upload.error.as_deref().map(printable).unwrap_or_default();
            if upload.is_refused() {
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
