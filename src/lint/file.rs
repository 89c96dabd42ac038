//! Lints of a single file: how it is made, signed and numbered.

use super::options::{InspectedFile, LintOptions};
use super::{Lint, LintCode, Place, listed};
use crate::export::error::shown;
use crate::export::{ExportBinReport, SignatureAlgorithm, SignatureInfo};
use crate::time::{EnIntervalNumber, RETENTION_DAYS, SECONDS_PER_DAY, UtcDay};

pub(super) fn lint(file: &InspectedFile, options: &LintOptions) -> Vec<Lint> {
    let mut found = Vec::new();
    if let Some(problem) = &file.report.problem {
        found.push((LintCode::FileUnreadable, problem.clone()));
    }
    found.extend(sizes(file));
    if let Some(bin) = file.export_bin() {
        found.extend(signatures(file, bin));
        found.extend(batch(file, bin));
        found.extend(time_window(bin));
        found.extend(amount(bin, options));
        found.extend(days(bin, options));
    }
    found.into_iter().map(|(code, sentence)| Lint::new(code, Place::File(file.name.clone()), sentence)).collect()
}

/// What a program writes that stores keys, because random bytes do not deflate, and cannot go back to the sizes.
fn sizes(file: &InspectedFile) -> Option<(LintCode, String)> {
    let entries = file.report.zip_entries.iter().filter(|entry| entry.data_descriptor && entry.method == "stored");
    let names: Vec<_> = entries.map(|entry| shown(entry.name.as_bytes())).collect();
    (!names.is_empty())
        .then(|| (LintCode::SizeAfterStored, format!("stored, and the size follows: {}", listed(&names))))
}

fn signatures(file: &InspectedFile, bin: &ExportBinReport) -> Vec<(LintCode, String)> {
    let mut found = Vec::new();
    let signatures = file.report.export_sig.as_ref().map(|sig| &sig.signatures);
    let infos = &bin.signature_infos;
    match signatures {
        Some(signatures) if signatures.is_empty() => {
            found.push((LintCode::Unsigned, "export.sig has no signature".into()));
        }
        _ if infos.is_empty() => {
            found.push((LintCode::SignatureInfosMissing, "export.bin has no signature info".into()));
        }
        Some(signatures) if file.report.sig_info_matches_bin == Some(false) => {
            let sentence = format!(
                "the {} of export.bin are not those of the {} in export.sig",
                counted(infos.len() as u64, "signature info"),
                counted(signatures.len() as u64, "signature"),
            );
            found.push((LintCode::SignatureInfosDiffer, sentence));
        }
        _ => {}
    }
    found.extend(algorithms(infos.iter(), "export.bin", LintCode::AlgorithmUnusual));
    let of_signatures = signatures.into_iter().flatten().map(|signature| &signature.signature_info);
    found.extend(algorithms(of_signatures, "export.sig", LintCode::AlgorithmUnsupported));
    found
}

/// Algorithms that are not ECDSA with SHA-256. Verifiers go by what `export.sig` says.
fn algorithms<'i>(
    infos: impl Iterator<Item = &'i SignatureInfo>,
    entry: &str,
    unknown: LintCode,
) -> Vec<(LintCode, String)> {
    let mut named: Vec<_> = infos.map(|info| &info.signature_algorithm).collect();
    named.sort_unstable();
    named.dedup();
    let lint = |name: &Option<String>| match name.as_deref().map(SignatureAlgorithm::from_oid) {
        Some(Some(SignatureAlgorithm::EcdsaP256Sha256)) => None,
        Some(Some(SignatureAlgorithm::EcdsaP256Sha512)) => {
            let sentence = format!("the signature algorithm in {entry} is ECDSA with SHA-512");
            Some((LintCode::AlgorithmUnusual, sentence))
        }
        _ => {
            let name = name.as_ref().map_or_else(|| "missing".into(), |name| shown(name.as_bytes()));
            Some((unknown, format!("the signature algorithm in {entry} is {name}")))
        }
    };
    named.into_iter().filter_map(lint).collect()
}

fn batch(file: &InspectedFile, bin: &ExportBinReport) -> Vec<(LintCode, String)> {
    let mut found = Vec::new();
    let number = |number: Option<i32>| number.map_or_else(|| "none".into(), |number| number.to_string());
    match (bin.batch_num, bin.batch_size) {
        (num @ Some(_), None) if num != Some(1) => {
            let sentence = format!("batch_num is {} and there is no batch_size", number(num));
            found.push((LintCode::BatchInconsistent, sentence));
        }
        (num, Some(size)) if size > 1 => {
            found.push((LintCode::BatchOfSeveral, format!("it is file {} of {size}", number(num))));
        }
        _ => {} // others that are wrong make the file unreadable
    }
    let signatures = file.report.export_sig.iter().flat_map(|sig| &sig.signatures);
    let differs = signatures.into_iter().find(|signature| {
        let single = |number: Option<i32>| number.unwrap_or(1);
        single(signature.batch_num) != single(bin.batch_num) || single(signature.batch_size) != single(bin.batch_size)
    });
    if let Some(signature) = differs {
        let sentence = format!(
            "export.bin is file {} of {}, and its signature is of file {} of {}",
            number(bin.batch_num),
            number(bin.batch_size),
            number(signature.batch_num),
            number(signature.batch_size),
        );
        found.push((LintCode::BatchInconsistent, sentence));
    }
    found
}

fn time_window(bin: &ExportBinReport) -> Vec<(LintCode, String)> {
    let mut found = Vec::new();
    let missing: Vec<_> = [("start_timestamp", bin.start_timestamp), ("end_timestamp", bin.end_timestamp)]
        .into_iter()
        .filter_map(|(name, found)| found.is_none().then_some(name))
        .collect();
    if !missing.is_empty() {
        found.push((LintCode::WindowMissing, format!("there is no {}", listed(&missing))));
    }
    let first = seconds_of(bin.keys_stats.rolling_start_min);
    let last = seconds_of(bin.keys_stats.rolling_start_max);
    if let (Some(start), Some(end)) = (bin.start_timestamp, bin.end_timestamp)
        && end < start
    {
        let sentence = format!("the file's time window ends at {}, and begins at {}", minute(end), minute(start));
        found.push((LintCode::WindowReversed, sentence));
    } else if let (Some(end), Some(last)) = (bin.end_timestamp, last)
        && last >= end
    {
        let sentence =
            format!("the latest key begins at {}, and the file's time window ends at {}", minute(last), minute(end));
        found.push((LintCode::KeysAfterWindow, sentence));
    }
    if let (Some(start), Some(first)) = (bin.start_timestamp, first)
        && first.saturating_add((RETENTION_DAYS + 1) * SECONDS_PER_DAY) < start
    {
        let (day, start) = (UtcDay::from_unix_seconds(first), UtcDay::from_unix_seconds(start));
        let sentence = format!("the earliest key is of {day}, and the file's time window begins on {start}");
        found.push((LintCode::KeysTooOld, sentence));
    }
    found
}

fn amount(bin: &ExportBinReport, options: &LintOptions) -> Option<(LintCode, String)> {
    let keys = bin.keys;
    (0 < keys && keys < options.fewest_keys).then(|| {
        let sentence = format!("it has {}, and should have {} at least", counted(keys, "key"), options.fewest_keys);
        (LintCode::TooFewKeys, sentence)
    })
}

/// Writes Unix seconds as `YYYY-MM-DD HH:MM UTC`.
fn minute(seconds: u64) -> String {
    let minutes = seconds % SECONDS_PER_DAY / 60;
    format!("{} {:02}:{:02} UTC", UtcDay::from_unix_seconds(seconds), minutes / 60, minutes % 60)
}

/// The beginning of an interval, Unix seconds.
fn seconds_of(interval: Option<i32>) -> Option<u64> {
    Some(EnIntervalNumber::new(u32::try_from(interval?).ok()?).unix_seconds())
}

/// Keys of other days than the file's.
fn days(bin: &ExportBinReport, options: &LintOptions) -> Option<(LintCode, String)> {
    let day = UtcDay::from_unix_seconds(bin.start_timestamp.filter(|_| options.one_day)?);
    let others = bin.keys_stats.rolling_start_day.0.iter().filter_map(|(midnight, keys)| {
        let found = UtcDay::from_unix_seconds(seconds_of(*midnight)?);
        (found != day).then_some((found, *keys))
    });
    let others: Vec<_> = others.collect();
    let (first, last) = (others.first()?.0, others.last()?.0);
    let keys = others.iter().fold(0_u64, |sum, (_, keys)| sum.saturating_add(*keys));
    let which = if first == last { first.to_string() } else { format!("other days, from {first} to {last}") };
    let sentence = format!("the file is of {day}, and {} of {which}", counted_verb(keys, "key"));
    Some((LintCode::SeveralDays, sentence))
}

/// `1 key`, `2 keys`.
pub(super) fn counted(number: u64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// `1 key is`, `2 keys are`.
pub(super) fn counted_verb(number: u64, noun: &str) -> String {
    format!("{} {}", counted(number, noun), if number == 1 { "is" } else { "are" })
}

/// What a signature info says of the key that signed.
pub(super) fn signer(info: &SignatureInfo) -> (Option<&str>, Option<&str>) {
    (info.verification_key_id.as_deref(), info.verification_key_version.as_deref())
}
