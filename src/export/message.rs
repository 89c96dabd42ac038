//! What `export.bin` says.

use bytes::Bytes;
use prost::Message;

use super::error::ExportError;
use super::fields::{Field, List, Walk, malformed};
use super::keys::{IgnoredValue, SkipReason, diagnosis_key};
use super::options::ReadOptions;
use super::proto::{self, Lenient};
use super::{HEADER, raw_key};
use crate::keys::DiagnosisKey;
use crate::tally::Tally;

/// The time window and the region that a file says its keys are of. Anyone can write anything here: believe it when the
/// file's signature verified.
///
/// Source: "Exposure Key export file format", message `TemporaryExposureKeyExport`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FileFacts {
    /// Start of the time window of the file, Unix seconds.
    pub start_timestamp: Option<u64>,
    /// End of the time window of the file, Unix seconds.
    pub end_timestamp: Option<u64>,
    /// The region that the keys come from, such as `440` or `DE`.
    pub region: Option<String>,
}

/// The contents of `export.bin`.
///
/// `start_timestamp` and `end_timestamp` are Unix seconds. In most countries they bound the arrival of the keys at the
/// server; COCOA writes the day of the keys. The order of the keys means nothing, and keys added as padding cannot be
/// told from others.
///
/// Source: "Exposure Key export file format", message `TemporaryExposureKeyExport`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemporaryExposureKeyExport {
    /// The time window and the region of the file.
    pub facts: FileFacts,
    /// The number of the file in its batch, and how many files the batch has.
    pub batch: Batch,
    /// What `export.bin` says about its signatures.
    pub signature_infos: Vec<SignatureInfo>,
    /// The keys of the file.
    pub keys: Vec<DiagnosisKey>,
    /// Keys that have been published before and whose report has changed.
    pub revised_keys: Vec<DiagnosisKey>,
    /// Keys and revised keys that were left out, by reason.
    pub skipped: Tally<SkipReason>,
    /// Values of kept keys that were out of range and read as missing.
    pub ignored: Tally<IgnoredValue>,
}

impl TemporaryExposureKeyExport {
    /// Parses every field of an `export.bin` whose header is checked, or gives nothing.
    pub(super) fn parse(export_bin: &[u8], options: &ReadOptions) -> Result<Self, ExportError> {
        let (mut keys, mut revised_keys) = (Vec::new(), Vec::new());
        let mut reader = MessageReader::new(export_bin.len() as u64, options);
        let mut message = export_bin.get(HEADER.len()..).unwrap_or_default();
        reader.read(&mut message, |list, key| match list {
            List::Keys => keys.push(key),
            List::RevisedKeys => revised_keys.push(key),
        })?;
        Ok(Self { keys, revised_keys, ..reader.finish()? })
    }
}

/// Reads the message in `export.bin` piece by piece and passes its keys on.
pub(super) struct MessageReader<'o> {
    options: &'o ReadOptions,
    walk: Walk,
    /// All but the keys.
    export: TemporaryExposureKeyExport,
    batch_num: Option<i32>,
    batch_size: Option<i32>,
    keys_left: usize,
}

impl<'o> MessageReader<'o> {
    /// For an `export.bin` of so many bytes, from the end of its header.
    pub(super) fn new(total: u64, options: &'o ReadOptions) -> Self {
        let export = TemporaryExposureKeyExport {
            facts: FileFacts::default(),
            batch: Batch::SINGLE,
            signature_infos: Vec::new(),
            keys: Vec::new(),
            revised_keys: Vec::new(),
            skipped: Tally::new(),
            ignored: Tally::new(),
        };
        let walk = Walk::new(total, options.limits.field_bytes);
        Self { options, walk, export, batch_num: None, batch_size: None, keys_left: options.limits.keys }
    }

    /// Reads as much of `buf` as it can, and leaves the start of a field that goes on beyond it. Nothing may be read
    /// after an error.
    pub(super) fn read(
        &mut self,
        buf: &mut &[u8],
        mut take: impl FnMut(List, DiagnosisKey),
    ) -> Result<(), ExportError> {
        loop {
            self.usual_keys(buf, &mut take);
            let Some((offset, field)) = self.walk.next(buf)? else { return Ok(()) };
            match field {
                Field::Key(message) => self.key(offset, message, |key| take(List::Keys, key))?,
                Field::RevisedKey(message) => self.key(offset, message, |key| take(List::RevisedKeys, key))?,
                other => self.other(offset, other)?,
            }
        }
    }

    /// Reads the keys that come next, up to whatever is unusual. Nearly all of a file is read here.
    #[inline]
    fn usual_keys(&mut self, buf: &mut &[u8], mut take: impl FnMut(List, DiagnosisKey)) {
        let mut keys_left = self.keys_left;
        self.walk.short_fields(buf, |list, message| {
            let key = if keys_left > 0 { raw_key::usual(message) } else { None };
            key.map(|key| {
                keys_left = keys_left.saturating_sub(1);
                take(list, key);
            })
        });
        self.keys_left = keys_left;
    }

    /// Everything but the keys, once all of the message was read.
    pub(super) fn finish(self) -> Result<TemporaryExposureKeyExport, ExportError> {
        let batch = Batch::from_fields(self.batch_num, self.batch_size)?;
        Ok(TemporaryExposureKeyExport { batch, ..self.export })
    }

    #[inline]
    fn key(&mut self, offset: u64, message: &[u8], take: impl FnOnce(DiagnosisKey)) -> Result<(), ExportError> {
        let Some(keys_left) = self.keys_left.checked_sub(1) else {
            return Err(ExportError::TooManyKeys { limit: self.options.limits.keys });
        };
        self.keys_left = keys_left;
        let (profile, ignored) = (self.options.profile, &mut self.export.ignored);
        let key = raw_key::decode(message, |raw| diagnosis_key(raw, profile, ignored));
        match key.map_err(|e| malformed(offset, &e))? {
            Ok(key) => take(key),
            Err(reason) => self.export.skipped.add(reason),
        }
        Ok(())
    }

    fn other(&mut self, offset: u64, field: Field<'_>) -> Result<(), ExportError> {
        let export = &mut self.export;
        match field {
            Field::StartTimestamp(seconds) => export.facts.start_timestamp = Some(seconds),
            Field::EndTimestamp(seconds) => export.facts.end_timestamp = Some(seconds),
            // No text in a file can make it unreadable, as in other readers of proto2.
            Field::Region(region) => export.facts.region = Some(String::from_utf8_lossy(region).into_owned()),
            Field::BatchNum(num) => self.batch_num = Some(num),
            Field::BatchSize(size) => self.batch_size = Some(size),
            Field::SignatureInfo(message) => {
                let limit = self.options.limits.signature_infos;
                if export.signature_infos.len() >= limit {
                    return Err(ExportError::TooManySignatureInfos { limit });
                }
                let Lenient(info) =
                    Lenient::<proto::SignatureInfo>::decode(message).map_err(|e| malformed(offset, &e))?;
                export.signature_infos.push(info.into());
            }
            Field::Key(_) | Field::RevisedKey(_) | Field::Unknown(_) => {}
        }
        Ok(())
    }
}

/// What a file says of a signature: which key made it, and how.
///
/// Source: "Exposure Key export file format", message `SignatureInfo`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SignatureInfo {
    /// Deprecated: the iOS app that the file was meant for.
    pub app_bundle_id: Option<String>,
    /// Deprecated: the Android app that the file was meant for.
    pub android_package: Option<String>,
    /// The version of the key, such as `v1`.
    pub verification_key_version: Option<String>,
    /// The id of the key, in most countries the mobile country code.
    pub verification_key_id: Option<String>,
    /// The algorithm's object identifier.
    pub signature_algorithm: Option<String>,
}

impl From<proto::SignatureInfo> for SignatureInfo {
    fn from(raw: proto::SignatureInfo) -> Self {
        let text = |bytes: Option<Bytes>| bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Self {
            app_bundle_id: text(raw.app_bundle_id),
            android_package: text(raw.android_package),
            verification_key_version: text(raw.verification_key_version),
            verification_key_id: text(raw.verification_key_id),
            signature_algorithm: text(raw.signature_algorithm),
        }
    }
}

/// The largest number of files in a batch.
const LARGEST_BATCH: i32 = 1_000_000;

/// The number of a file in its batch, and how many files the batch has: `1 <= num <= size <= 1,000,000`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Batch {
    num: u32,
    size: u32,
}

impl Batch {
    /// The only file: 1 of 1. A file without batch fields is one.
    pub const SINGLE: Self = Self { num: 1, size: 1 };

    /// The number of this file, from 1.
    #[must_use]
    pub const fn num(self) -> u32 {
        self.num
    }

    /// How many files there are.
    #[must_use]
    pub const fn size(self) -> u32 {
        self.size
    }

    /// The batch of these fields. Without a size there is nothing to be a part of.
    fn from_fields(batch_num: Option<i32>, batch_size: Option<i32>) -> Result<Self, ExportError> {
        let Some(size) = batch_size else {
            return Ok(Self::SINGLE);
        };
        match batch_num {
            Some(num) if 1 <= num && num <= size && size <= LARGEST_BATCH => {
                Ok(Self { num: num.cast_unsigned(), size: size.cast_unsigned() })
            }
            _ => Err(ExportError::BatchInvalid { batch_num, size }),
        }
    }
}
