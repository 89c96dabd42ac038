//! A report on any file, good or bad, for people who have to find out what is wrong with it.

use std::collections::BTreeMap;
use std::io::Cursor;

use bytes::Bytes;
use prost::Message;
use sha2::{Digest, Sha256};

use super::container::{self, Container, ZipEntry};
use super::fields::{Field, Walk, is_export_bin};
use super::keys::{IgnoredValue, SkipReason};
use super::message::SignatureInfo;
use super::options::{Limits, ReadOptions};
use super::proto::{self, Lenient};
use super::read::UnverifiedExport;
use super::signature::{self, TekSignature};
use super::statistics::{KeyReport, KeyStatistics, MOST_KINDS, Statistician, count_kind};
use super::{EXPORT_BIN, EXPORT_SIG, HEADER, hex};
use crate::tally::Tally;

/// What a file is made of. Nothing in it is verified or trusted.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FileReport {
    /// The size of the file, bytes.
    pub file_size: u64,
    /// SHA-256 of the file, in hexadecimal. For a zip it differs from one run of a server to the next.
    pub file_sha256: String,
    /// `zip` or `bare export.bin`. `None` if the file is neither.
    pub container: Option<&'static str>,
    /// The entries of the zip in the order of its directory.
    pub zip_entries: Vec<ZipEntry>,
    /// What `export.bin` says, if there is one.
    pub export_bin: Option<ExportBinReport>,
    /// What `export.sig` says, if there is one.
    pub export_sig: Option<SignatureReport>,
    /// `true` if the signature infos in `export.bin` are the ones in `export.sig`. `None` if the file lacks an entry.
    pub sig_info_matches_bin: Option<bool>,
    /// The first thing that keeps the file from being read with your options. The report does not check signatures,
    /// because that needs trusted keys.
    pub problem: Option<String>,
    /// The stable code of `problem`.
    pub problem_code: Option<&'static str>,
    /// Keys and revised keys that a reader leaves out, by reason. Empty where there is a problem.
    pub skipped_keys: Tally<SkipReason>,
    /// Values of kept keys that a reader takes for missing. Empty where there is a problem.
    pub ignored_values: Tally<IgnoredValue>,
}

/// What `export.bin` says, field by field as it stands there.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ExportBinReport {
    /// The size of `export.bin`, bytes.
    pub size: u64,
    /// SHA-256 of `export.bin`, in hexadecimal. The hash identifies the file.
    pub sha256: String,
    /// `true` if `export.bin` starts with the header.
    pub header_ok: bool,
    /// The first bytes of `export.bin`, in hexadecimal.
    pub first_16_bytes_hex: String,
    /// The numbers of the top-level fields, in the order in which they first appear. At most 64.
    pub top_level_field_order: Vec<u32>,
    /// How many keys have which fields: the numbers of at most 32 fields, joined by commas, in at most 64 combinations.
    pub key_field_sets: BTreeMap<String, u64>,
    /// How often each unknown top-level field of `export.bin` appears, for at most 64 fields.
    pub unknown_fields: BTreeMap<u32, u64>,
    /// Start of the time window, Unix seconds.
    pub start_timestamp: Option<u64>,
    /// End of the time window, Unix seconds.
    pub end_timestamp: Option<u64>,
    /// The region from which the keys come.
    pub region: Option<String>,
    /// The number of this file in its batch.
    pub batch_num: Option<i32>,
    /// How many files the batch has.
    pub batch_size: Option<i32>,
    /// What `export.bin` says about its signatures, up to the limit.
    pub signature_infos: Vec<SignatureInfo>,
    /// How many keys the file has, good or bad, up to the limit.
    pub keys: u64,
    /// How many revised keys the file has, good or bad, up to the limit.
    pub revised_keys: u64,
    /// The first key, as it stands in the file.
    pub first_key: Option<KeyReport>,
    /// The last key, as it stands in the file.
    pub last_key: Option<KeyReport>,
    /// The first revised key, as it stands in the file.
    pub first_revised_key: Option<KeyReport>,
    /// The last revised key, as it stands in the file.
    pub last_revised_key: Option<KeyReport>,
    /// Statistics of the keys.
    pub keys_stats: KeyStatistics,
    /// Statistics of the revised keys.
    pub revised_keys_stats: KeyStatistics,
    /// SHA-256 over the keys in order, of
    /// `key_data || i32le start || i32le period (144 if absent) || i32le risk level`.
    pub digest_keys_sha256: String,
}

/// A report on `export.sig`.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SignatureReport {
    /// The size of `export.sig`, bytes.
    pub size: u64,
    /// SHA-256 of `export.sig`, in hexadecimal.
    pub sha256: String,
    /// The signatures in `export.sig`.
    pub signatures: Vec<SignatureEntry>,
}

/// A report on one signature of `export.sig`.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SignatureEntry {
    /// The key that made the signature, and the algorithm.
    pub signature_info: SignatureInfo,
    /// The number of the file that the signature covers.
    pub batch_num: Option<i32>,
    /// How many files the batch has.
    pub batch_size: Option<i32>,
    /// The bytes of the signature, in hexadecimal.
    pub signature_hex: String,
    /// How many bytes the signature has.
    pub signature_len: usize,
}

/// Reports on a file: a zip or a bare `export.bin`. It never fails: the report says what is wrong, and has everything
/// that could be read all the same.
///
/// ```no_run
/// let file = std::fs::read("1.zip")?;
/// let report = gaen::export::inspect(&file, &gaen::export::ReadOptions::default());
/// println!("{:?}", report.problem);
/// # Ok::<(), std::io::Error>(())
/// ```
#[must_use]
pub fn inspect(file: &[u8], options: &ReadOptions) -> FileReport {
    let mut report = FileReport { file_size: file.len() as u64, file_sha256: sha256(file), ..FileReport::default() };
    let contents = if is_export_bin(file) {
        report.container = Some("bare export.bin");
        report.export_bin = Some(ExportBinReport::of(&Bytes::copy_from_slice(file), &options.limits));
        UnverifiedExport::from_parts(file.to_vec(), Vec::new(), options)
    } else {
        report.container = container::is_zip(file).then_some("zip");
        if let Ok(mut container) = Container::open(&mut Cursor::new(file), options) {
            report.zip_entries = container.directory();
            let mut entry = |name| container.entry(name).ok().flatten().and_then(|entry| entry.bytes().ok());
            report.export_bin = entry(EXPORT_BIN).map(|bytes| ExportBinReport::of(&bytes.into(), &options.limits));
            report.export_sig = entry(EXPORT_SIG).map(|bytes| SignatureReport::of(bytes, &options.limits));
        }
        report.sig_info_matches_bin = report.export_bin.as_ref().zip(report.export_sig.as_ref()).map(|(bin, sig)| {
            bin.signature_infos.iter().eq(sig.signatures.iter().map(|signature| &signature.signature_info))
        });
        let hashes = [
            (EXPORT_BIN, report.export_bin.as_ref().map(|bin| &bin.sha256)),
            (EXPORT_SIG, report.export_sig.as_ref().map(|sig| &sig.sha256)),
        ];
        for entry in &mut report.zip_entries {
            entry.sha256 = hashes.iter().find(|(name, _)| *name == entry.name).and_then(|(_, sha256)| sha256.cloned());
        }
        UnverifiedExport::from_zip(file, options)
    }
    .and_then(|export| export.read_without_verifying());
    match contents {
        Ok(contents) => (report.skipped_keys, report.ignored_values) = (contents.skipped, contents.ignored),
        Err(error) => {
            report.problem = Some(error.to_string());
            report.problem_code = Some(error.code());
        }
    }
    report
}

impl ExportBinReport {
    /// Reads as far as the first malformed field or the first key too many.
    fn of(export_bin: &Bytes, limits: &Limits) -> Self {
        let mut report = Self {
            size: export_bin.len() as u64,
            sha256: sha256(export_bin),
            first_16_bytes_hex: hex(export_bin.get(..HEADER.len()).unwrap_or(export_bin)),
            ..Self::default()
        };
        let Some(mut message) = export_bin.strip_prefix(HEADER) else {
            return report;
        };
        report.header_ok = true;
        let mut walk = Walk::new(report.size, limits.field_bytes);
        let most_keys = limits.keys as u64;
        let (mut keys, mut revised_keys) = (Statistician::default(), Statistician::default());
        while let Ok(Some((_, field))) = walk.next(&mut message) {
            let order = &mut report.top_level_field_order;
            if order.len() < MOST_KINDS && !order.contains(&field.number()) {
                order.push(field.number());
            }
            match field {
                Field::StartTimestamp(seconds) => report.start_timestamp = Some(seconds),
                Field::EndTimestamp(seconds) => report.end_timestamp = Some(seconds),
                Field::Region(region) => report.region = Some(String::from_utf8_lossy(region).into_owned()),
                Field::BatchNum(num) => report.batch_num = Some(num),
                Field::BatchSize(size) => report.batch_size = Some(size),
                Field::SignatureInfo(message) if report.signature_infos.len() < limits.signature_infos => {
                    let info = Lenient::<proto::SignatureInfo>::decode(message);
                    report.signature_infos.extend(info.ok().map(|Lenient(info)| info.into()));
                }
                Field::SignatureInfo(_) => {} // one too many, as the problem says
                Field::Key(_) | Field::RevisedKey(_) if keys.count.saturating_add(revised_keys.count) >= most_keys => {
                    break;
                }
                Field::Key(message) => keys.add(&export_bin.slice_ref(message)),
                Field::RevisedKey(message) => revised_keys.add(&export_bin.slice_ref(message)),
                Field::Unknown(number) => count_kind(&mut report.unknown_fields, number, 1, MOST_KINDS),
            }
        }
        report.key_field_sets = keys.field_sets;
        for (set, keys) in revised_keys.field_sets {
            count_kind(&mut report.key_field_sets, set, keys, MOST_KINDS);
        }
        report.digest_keys_sha256 = hex(&keys.digest.finalize());
        (report.keys, report.first_key, report.last_key) = (keys.count, keys.first, keys.last);
        (report.first_revised_key, report.last_revised_key) = (revised_keys.first, revised_keys.last);
        report.revised_keys = revised_keys.count;
        report.keys_stats = keys.statistics;
        report.revised_keys_stats = revised_keys.statistics;
        report
    }
}

impl SignatureReport {
    fn of(export_sig: Vec<u8>, limits: &Limits) -> Self {
        let (size, sha256) = (export_sig.len() as u64, sha256(&export_sig));
        let entry = |signature: TekSignature| SignatureEntry {
            signature_info: signature.signature_info,
            batch_num: signature.batch_num,
            batch_size: signature.batch_size,
            signature_len: signature.signature.len(),
            signature_hex: hex(&signature.signature),
        };
        let signatures = signature::parse_list(export_sig, limits).unwrap_or_default();
        Self { size, sha256, signatures: signatures.into_iter().map(entry).collect() }
    }
}

fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
