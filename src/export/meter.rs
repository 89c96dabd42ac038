//! A reader that stops whoever reads too much of a zip before its directory is known.

use std::io::{self, Read, Seek, SeekFrom};

use super::error::ExportError;
use super::options::Limits;

/// Bytes of a directory header without its name, and what it starts with.
pub(super) const DIRECTORY_HEADER: (usize, &[u8]) = (46, b"PK\x01\x02");

/// Passes everything on to a reader, within a budget until it is [lifted](Self::lift).
///
/// The `zip` crate looks for the directory in places that the file names, and takes in all of the directory before
/// anybody can ask how long it is. A crafted file makes both as costly as it likes.
///
/// A read gives as many bytes as it is asked for, unless the file ends. So what it costs depends on the file, not on
/// how many bytes the reader gives at a time.
#[derive(Debug)]
pub(super) struct Meter<R> {
    inner: R,
    budget: Option<Budget>,
    refused: Option<ExportError>,
}

#[derive(Debug)]
struct Budget {
    bytes: u64,
    bytes_left: u64,
    entries: usize,
    headers_left: usize,
}

impl<R> Meter<R> {
    /// A search for the end record passes over a comment of up to 64 KiB and reads it again; the rest is for the
    /// directory.
    pub(super) fn new(inner: R, limits: &Limits) -> Self {
        const SEARCH: u64 = 256 << 10;
        const AN_ENTRY: u64 = 1 << 10;
        let entries = limits.entries;
        let bytes = SEARCH.saturating_add((entries as u64).saturating_mul(AN_ENTRY));
        let budget = Budget { bytes, bytes_left: bytes, entries, headers_left: entries };
        Self { inner, budget: Some(budget), refused: None }
    }

    /// Why it gives nothing any more. The `zip` crate tries other places when one fails, and may then say something
    /// else.
    pub(super) fn refused(&self) -> Option<ExportError> {
        self.refused.clone()
    }

    /// What follows is bounded otherwise.
    pub(super) fn lift(&mut self) {
        self.budget = None;
    }

    pub(super) fn into_inner(self) -> R {
        self.inner
    }
}

impl Budget {
    /// What a move counts for, and the least that a read does: a million reads of a byte are not cheap.
    const LEAST: u64 = 64;

    fn charge(&mut self, wanted: usize) -> Result<(), ExportError> {
        let price = (wanted as u64).max(Self::LEAST);
        self.bytes_left = self.bytes_left.checked_sub(price).ok_or_else(|| {
            let detail = format!("no directory was found by reading {} bytes", self.bytes);
            ExportError::ZipDamaged { entry: None, detail }
        })?;
        Ok(())
    }

    /// Counts the headers among what was read.
    fn count(&mut self, read: &[u8]) -> Result<(), ExportError> {
        let (length, magic) = DIRECTORY_HEADER;
        if read.len() == length && read.starts_with(magic) {
            let limit = self.entries;
            self.headers_left = self.headers_left.checked_sub(1).ok_or(ExportError::TooManyEntries { limit })?;
        }
        Ok(())
    }
}

impl<R> Meter<R> {
    /// What is refused once is refused from then on.
    fn unless_refused<T>(&mut self, act: impl FnOnce(&mut Self) -> Result<T, ExportError>) -> io::Result<T> {
        let done = self.refused().map_or_else(|| act(self), Err);
        done.map_err(|error| {
            self.refused = Some(error.clone());
            io::Error::other(Refusal(error))
        })
    }

    fn charge(&mut self, wanted: usize) -> Result<(), ExportError> {
        self.budget.as_mut().map_or(Ok(()), |budget| budget.charge(wanted))
    }
}

impl<R: Read> Read for Meter<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.unless_refused(|meter| {
            meter.charge(buf.len())?;
            let count = fill(&mut meter.inner, buf).map_err(|e| unreadable(&e))?;
            if let Some(budget) = &mut meter.budget {
                budget.count(buf.get(..count).unwrap_or_default())?;
            }
            Ok(count)
        })
    }
}

impl<R: Seek> Seek for Meter<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.unless_refused(|meter| {
            meter.charge(0)?;
            meter.inner.seek(to).map_err(|e| unreadable(&e))
        })
    }
}

/// Reads until the buffer is full or the reader at its end.
fn fill<R: Read>(reader: &mut R, buf: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buf.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) => break,
            Ok(count) => filled = filled.saturating_add(count),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// One of our errors on its way through readers that know only `io::Error`.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
struct Refusal(ExportError);

/// The error of a reader that fails.
pub(super) fn unreadable(error: &io::Error) -> ExportError {
    refusal(error).unwrap_or_else(|| ExportError::Unreadable { detail: error.to_string() })
}

/// Our own error, if it is one that came through another reader.
pub(super) fn refusal(error: &io::Error) -> Option<ExportError> {
    error.get_ref().and_then(|inner| inner.downcast_ref::<Refusal>()).map(|refusal| refusal.0.clone())
}
