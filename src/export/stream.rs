//! Reads an export in one pass, in memory that does not grow with the file.
//!
//! The keys are passed on before their signature can be checked. So [`stream`] has one caller, `search::pass`, which
//! holds back whatever follows from the keys until the file has proved good.

use core::ops::ControlFlow;
use std::io::{Read, Seek, SeekFrom};

use super::container::{self, Container, Entry, ReadSeek};
use super::error::ExportError;
use super::fields::{List, check_header};
use super::keys::{IgnoredValue, SkipReason};
use super::message::{Batch, FileFacts, MessageReader, SignatureInfo};
use super::meter::unreadable;
use super::options::ReadOptions;
use super::signature::{self, Hasher, TekSignature};
use super::trust::{Trust, TrustSet};
use super::{EXPORT_BIN, EXPORT_SIG, HEADER};
use crate::keys::DiagnosisKey;
use crate::tally::Tally;

/// Everything that a file says, except for its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExportSummary {
    /// The time window and the region of the file.
    pub facts: FileFacts,
    /// The number of the file in its batch, and how many files the batch has.
    pub batch: Batch,
    /// What `export.bin` says about its signatures.
    pub signature_infos: Vec<SignatureInfo>,
    /// What `export.sig` says about its signatures. The list is empty for a bare `export.bin`.
    pub signed_as: Vec<SignatureInfo>,
    /// How many keys the file has, without the keys that were left out.
    pub keys: u64,
    /// How many revised keys the file has, without the keys that were left out.
    pub revised_keys: u64,
    /// How many keys and revised keys were left out, by reason.
    pub skipped: Tally<SkipReason>,
    /// How many values of kept keys were out of range, and read as missing.
    pub ignored: Tally<IgnoredValue>,
    /// The names (`id-version`) of the trusted keys that signed. The list is empty if the file was read unverified.
    pub verified_by: Vec<String>,
    /// SHA-256 of `export.bin` with its header. The hash identifies a file.
    pub export_sha256: [u8; 32],
}

/// How far the reading of a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many bytes of `export.bin` were read.
    pub bytes: u64,
    /// How many bytes `export.bin` has, as the file says.
    pub total_bytes: u64,
    /// How many keys were found so far.
    pub keys: u64,
}

/// Bytes that are inflated in one go: as many as stay in the fastest cache beside the state of the inflater.
const STEP: usize = 16 << 10;

/// Keys that make a batch.
const BATCH: usize = 1 << 14;

/// Bytes after which a sink is called even if there are no keys for it.
const SILENCE: u64 = 1 << 20;

/// The proof that a file was read to its end and is good: only [`stream`] makes one.
pub(crate) struct Streamed {
    summary: ExportSummary,
    signed_by: Option<TrustSet>,
    export_bin_bytes: u64,
}

impl Streamed {
    /// All that the file says but its keys; the trusted keys that signed, if anybody's signature was asked for; and how
    /// many bytes `export.bin` has.
    pub(crate) fn into_parts(self) -> (ExportSummary, Option<TrustSet>, u64) {
        (self.summary, self.signed_by, self.export_bin_bytes)
    }
}

/// The next keys of a file, in its order.
#[derive(Default)]
pub(crate) struct Passed {
    /// The next keys.
    pub(crate) keys: Vec<DiagnosisKey>,
    /// The next keys whose report has changed.
    pub(crate) revised_keys: Vec<DiagnosisKey>,
}

impl Passed {
    fn len(&self) -> usize {
        self.keys.len().saturating_add(self.revised_keys.len())
    }

    /// Removes all keys.
    pub(crate) fn clear(&mut self) {
        self.keys.clear();
        self.revised_keys.clear();
    }
}

/// Reads a file and passes its keys on.
///
/// Without a `trust` anyone may have written the file, and a bare `export.bin` will do as well as a zip. The sink gets
/// batches of keys, which it takes or clears, and how far the reading is. When it breaks with an error, the reading
/// ends with that error. **What the sink gets is unverified until `stream` returns `Ok`.** Errors of the file are those
/// of [`UnverifiedExport`](super::UnverifiedExport), in the same order: a malformed message is only reported when the
/// signature over it is good.
pub(crate) fn stream<E: From<ExportError>>(
    reader: &mut dyn ReadSeek,
    options: &ReadOptions,
    trust: Option<&Trust>,
    sink: &mut dyn FnMut(&mut Passed, &Progress) -> ControlFlow<E>,
) -> Result<Streamed, E> {
    if trust.is_none()
        && let Some(mut bare) = Bare::open(reader, options)?
    {
        return pass(&mut bare, Ok(Vec::new()), options, None, sink);
    }
    let mut container = Container::open(reader, options)?;
    container.check()?;
    let export_sig = container.needed(EXPORT_SIG)?.bytes()?;
    let signatures = signature::parse_list(export_sig, &options.limits);
    pass(&mut container.needed(EXPORT_BIN)?, signatures, options, trust, sink)
}

/// Returns SHA-256 of the `export.bin` in a zip, or of a bare one. The hash identifies a file, and a refused file as
/// well. `None` if no `export.bin` can be read.
#[must_use]
pub fn export_bin_sha256<R: Read + Seek>(mut reader: R, options: &ReadOptions) -> Option<[u8; 32]> {
    fn hash(source: &mut dyn Source) -> Option<[u8; 32]> {
        let mut hasher = Hasher::new(&[]);
        let mut step = vec![0; STEP];
        loop {
            match source.read(&mut step).ok()? {
                0 => return Some(hasher.finish().sha256),
                count => hasher.update(step.get(..count)?),
            }
        }
    }
    if let Some(mut bare) = Bare::open(&mut reader, options).ok()? {
        return hash(&mut bare);
    }
    let mut container = Container::open(&mut reader, options).ok()?;
    let mut entry = container.entry(EXPORT_BIN).ok()??;
    hash(&mut entry)
}

/// Reads the signatures in a zip, and nothing else of it. Nothing is verified.
///
/// # Errors
/// [`ExportError`] if this is no zip with the two entries, or if `export.sig` cannot be read.
pub fn signatures_of_zip<R: Read + Seek>(mut zip: R, options: &ReadOptions) -> Result<Vec<TekSignature>, ExportError> {
    let mut container = Container::open(&mut zip, options)?;
    container.check()?;
    signature::parse_list(container.needed(EXPORT_SIG)?.bytes()?, &options.limits)
}

/// Where the bytes of an `export.bin` come from.
trait Source {
    /// How many there are. Reading fails sooner or later if that is not so.
    fn total(&self) -> u64;

    /// The next bytes; none only at the end.
    fn read(&mut self, buf: &mut [u8]) -> Result<usize, ExportError>;
}

impl Source for Entry<'_, '_> {
    fn total(&self) -> u64 {
        self.promised()
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, ExportError> {
        Entry::read(self, buf)
    }
}

/// An `export.bin` that was taken out of its zip.
struct Bare<'r> {
    reader: &'r mut dyn ReadSeek,
    total: u64,
    found: u64,
}

impl<'r> Bare<'r> {
    /// Opens a bare `export.bin`; `None` if the file is none.
    fn open(reader: &'r mut dyn ReadSeek, options: &ReadOptions) -> Result<Option<Self>, ExportError> {
        let (head, total) = container::head(reader, HEADER.len() as u64, options)?;
        if head != HEADER {
            return Ok(None);
        }
        let limit = options.limits.export_bin_bytes;
        if total > limit {
            return Err(ExportError::EntryTooLarge { name: EXPORT_BIN, found: total, limit });
        }
        reader.seek(SeekFrom::Start(0)).map_err(|e| unreadable(&e))?;
        Ok(Some(Self { reader, total, found: 0 }))
    }
}

impl Source for Bare<'_> {
    fn total(&self) -> u64 {
        self.total
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, ExportError> {
        let left = self.total.saturating_sub(self.found);
        if left == 0 {
            return Ok(0);
        }
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(buf.len());
        let count = loop {
            match self.reader.read(buf.get_mut(..most).unwrap_or_default()) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                read => break read.map_err(|e| unreadable(&e))?,
            }
        };
        if count == 0 {
            let detail = format!("it ends after {} of {} bytes", self.found, self.total);
            return Err(ExportError::Unreadable { detail });
        }
        self.found = self.found.saturating_add(count as u64);
        Ok(count)
    }
}

/// Bytes that are in memory: the start of a field that was cut off, and room for those that follow.
struct Buffer {
    bytes: Vec<u8>,
    filled: usize,
}

impl Buffer {
    /// Reads the next bytes to the end of those that are there, and gives them alone.
    fn fill(&mut self, source: &mut dyn Source) -> Result<&[u8], ExportError> {
        let start = self.filled;
        let end = start.saturating_add(STEP);
        if self.bytes.len() < end {
            self.bytes.resize(end, 0);
        }
        let count = source.read(self.bytes.get_mut(start..end).unwrap_or_default())?;
        self.filled = start.saturating_add(count);
        Ok(self.bytes.get(start..self.filled).unwrap_or_default())
    }

    fn held(&self) -> &[u8] {
        self.bytes.get(..self.filled).unwrap_or_default()
    }

    /// Keeps only so many bytes, those at the end.
    fn keep(&mut self, count: usize) {
        let kept = self.filled.saturating_sub(count)..self.filled;
        self.filled = kept.len();
        self.bytes.copy_within(kept, 0);
    }
}

/// Reads an `export.bin` once. `signatures` holds its signatures, or why they cannot be read.
fn pass<E: From<ExportError>>(
    source: &mut dyn Source,
    signatures: Result<Vec<TekSignature>, ExportError>,
    options: &ReadOptions,
    trust: Option<&Trust>,
    sink: &mut dyn FnMut(&mut Passed, &Progress) -> ControlFlow<E>,
) -> Result<Streamed, E> {
    let mut hasher = Hasher::new(signatures.as_deref().unwrap_or_default());
    let mut buffer = Buffer { bytes: Vec::new(), filled: 0 };
    let mut keys = Keys { passed: Passed::default(), count: 0, revised: 0 };
    let mut progress = Progress { bytes: 0, total_bytes: source.total(), keys: 0 };
    let mut told = 0;
    // A file that fails is read to its end all the same: what comes first decides what is said of it.
    let mut header = None;
    let mut message = Ok(MessageReader::new(source.total(), options));
    loop {
        let new = buffer.fill(source)?;
        let is_end = new.is_empty();
        hasher.update(new);
        progress.bytes = progress.bytes.saturating_add(new.len() as u64);

        if header.is_none() && (buffer.held().len() >= HEADER.len() || is_end) {
            header = Some(check_header(buffer.held()));
            buffer.keep(buffer.held().len().saturating_sub(HEADER.len()));
        }
        match (&header, &mut message) {
            (None, _) => {} // a few bytes, which are kept
            (Some(Ok(())), Ok(reader)) if signatures.is_ok() => {
                let mut rest = buffer.held();
                let outcome = reader.read(&mut rest, |list, key| keys.add(list, key));
                let kept = rest.len();
                buffer.keep(kept);
                if let Err(error) = outcome {
                    message = Err(error);
                    keys.passed.clear();
                }
            }
            _ => buffer.keep(0),
        }

        if is_end || keys.passed.len() >= BATCH || progress.bytes.saturating_sub(told) >= SILENCE {
            told = progress.bytes;
            progress.keys = keys.count;
            if let ControlFlow::Break(error) = sink(&mut keys.passed, &progress) {
                return Err(error);
            }
        }
        if is_end {
            break;
        }
    }

    let hashes = hasher.finish();
    header.unwrap_or(Ok(()))?;
    let signatures = signatures?;
    let set = trust.map(|trust| signature::verify(&hashes, &signatures, trust)).transpose()?;
    let export = message?.finish()?;
    if set.is_some() {
        signature::check_count(signatures.len(), export.signature_infos.len(), options.profile)?;
    }
    let summary = ExportSummary {
        facts: export.facts,
        batch: export.batch,
        signature_infos: export.signature_infos,
        signed_as: signatures.into_iter().map(|signature| signature.signature_info).collect(),
        keys: keys.count,
        revised_keys: keys.revised,
        skipped: export.skipped,
        ignored: export.ignored,
        verified_by: set.map(TrustSet::names).unwrap_or_default(),
        export_sha256: hashes.sha256,
    };
    Ok(Streamed { summary, signed_by: set.cloned(), export_bin_bytes: progress.bytes })
}

/// The keys that were found.
struct Keys {
    /// The keys that are still to be passed on.
    passed: Passed,
    count: u64,
    revised: u64,
}

impl Keys {
    fn add(&mut self, list: List, key: DiagnosisKey) {
        match list {
            List::Keys => {
                self.passed.keys.push(key);
                self.count = self.count.saturating_add(1);
            }
            List::RevisedKeys => {
                self.passed.revised_keys.push(key);
                self.revised = self.revised.saturating_add(1);
            }
        }
    }
}
