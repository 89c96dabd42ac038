//! The report on a file as people read it, within 80 columns.

use std::io::{self, Write};

use gaen::export::{
    ExportBinReport, FileReport, Histogram, KeyReport, KeyStatistics, SignatureEntry, SignatureInfo, SignatureReport,
};
use gaen::keys::ReportType;

use super::{Inspection, KeyRow};
use crate::text::style::{BAD, BOLD, CAUTION, DIM};
use crate::text::{chart, counted, grouped, printable, utc};

pub(super) fn inspection(inspection: &Inspection, out: &mut dyn Write) -> io::Result<()> {
    let report = &inspection.report;
    writeln!(out, "{BOLD}{}{BOLD:#}", printable(&inspection.path))?;
    if let Some(problem) = &report.problem {
        let code = report.problem_code.unwrap_or_default();
        writeln!(out, "  {BAD}{:<11}{BAD:#}{code}: {}", "problem", printable(problem))?;
    }
    file(report, out)?;
    for (reason, count) in inspection.report.skipped_keys.iter() {
        line("skipped", &format!("{}: {}", counted(count, "key"), reason.meaning()), out)?;
    }
    for (value, count) in inspection.report.ignored_values.iter() {
        line("ignored", &format!("{} of {} out of range", counted(count, "value"), value.name()), out)?;
    }
    if let Some(export_bin) = &report.export_bin {
        self::export_bin(export_bin, out)?;
    }
    if let Some(export_sig) = &report.export_sig {
        self::export_sig(export_sig, out)?;
    }
    if let Some(export_bin) = report.export_bin.as_ref().filter(|export_bin| export_bin.header_ok) {
        statistics("Keys", export_bin.keys, &export_bin.keys_stats, out)?;
        statistics("Revised keys", export_bin.revised_keys, &export_bin.revised_keys_stats, out)?;
    }
    if let Some(lists) = &inspection.lists {
        list("List of keys", &lists.keys_list, out)?;
        list("List of revised keys", &lists.revised_keys_list, out)?;
    }
    Ok(())
}

fn line(label: &str, value: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "  {label:<11}{}", printable(value))
}

fn file(report: &FileReport, out: &mut dyn Write) -> io::Result<()> {
    if report.file_sha256.is_empty() {
        return Ok(()); // it could not be read
    }
    let container = report.container.unwrap_or("neither a zip nor an export.bin");
    line("file", &format!("{container}, {}", counted(report.file_size, "byte")), out)?;
    line("sha256", &report.file_sha256, out)?;
    for entry in &report.zip_entries {
        let compressed = match entry.method.as_str() {
            "stored" => "stored".to_owned(),
            method => format!("{method} to {}", grouped(entry.compressed)),
        };
        let descriptor = if entry.data_descriptor { ", data descriptor" } else { "" };
        let size = counted(entry.size, "byte");
        line("entry", &format!("{}  {size}, {compressed}{descriptor}", shortened(&entry.name)), out)?;
    }
    let signatures = report.export_sig.as_ref().map_or(0, |export_sig| export_sig.signatures.len());
    if signatures == 0 && report.problem.is_none() {
        writeln!(out, "  {CAUTION}unsigned{CAUTION:#}   no signature: no reader will take it for genuine")?;
    }
    Ok(())
}

fn export_bin(report: &ExportBinReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{BOLD}export.bin{BOLD:#}")?;
    line("size", &counted(report.size, "byte"), out)?;
    line("sha256", &report.sha256, out)?;
    if !report.header_ok {
        return line("header", &format!("none, starts with {}", report.first_16_bytes_hex), out);
    }
    line("region", &report.region.as_deref().map_or_else(|| "absent".to_owned(), shortened), out)?;
    line("start", &moment(report.start_timestamp), out)?;
    line("end", &moment(report.end_timestamp), out)?;
    line("batch", &batch(report.batch_num, report.batch_size), out)?;
    line("keys", &format!("{} and {} revised", grouped(report.keys), grouped(report.revised_keys)), out)?;
    for info in &report.signature_infos {
        signature_info("signed by", info, out)?;
    }
    line("fields", &joined(report.top_level_field_order.iter().map(u32::to_string)), out)?;
    if !report.unknown_fields.is_empty() {
        let times = |(field, count): (&u32, &u64)| format!("{field} ({})", counted(*count, "time"));
        line("unknown", &joined(report.unknown_fields.iter().map(times)), out)?;
    }
    for (label, key) in [
        ("first key", &report.first_key),
        ("last key", &report.last_key),
        ("first rev.", &report.first_revised_key),
        ("last rev.", &report.last_revised_key),
    ] {
        if let Some(key) = key {
            self::key(label, key, out)?;
        }
    }
    if report.keys > 0 {
        line("digest", &report.digest_keys_sha256, out)?;
    }
    if report.key_field_sets.len() > 1 {
        writeln!(out, "  fields of keys")?;
        return chart(out, &report.key_field_sets.iter().map(|(set, keys)| (set, *keys)).collect::<Vec<_>>());
    }
    report.key_field_sets.keys().try_for_each(|set| line("in keys", &format!("fields {}", shortened(set)), out))
}

fn export_sig(report: &SignatureReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{BOLD}export.sig{BOLD:#}")?;
    line("size", &counted(report.size, "byte"), out)?;
    line("sha256", &report.sha256, out)?;
    report.signatures.iter().try_for_each(|signature| self::signature(signature, out))
}

fn signature(signature: &SignatureEntry, out: &mut dyn Write) -> io::Result<()> {
    const DIGITS_A_LINE: usize = 64;
    const MOST_LINES: usize = 4;
    signature_info("signature", &signature.signature_info, out)?;
    line("", &batch(signature.batch_num, signature.batch_size), out)?;
    line("", &format!("{}:", counted(signature.signature_len, "byte")), out)?;
    let mut rest = signature.signature_hex.as_str();
    for _ in 0..MOST_LINES {
        let (digits, tail) = rest.split_at_checked(DIGITS_A_LINE).unwrap_or((rest, ""));
        line("", digits, out)?;
        rest = tail;
        if rest.is_empty() {
            return Ok(());
        }
    }
    line("", "...", out)
}

fn signature_info(label: &str, info: &SignatureInfo, out: &mut dyn Write) -> io::Result<()> {
    let text = |text: &Option<String>| text.as_deref().map_or_else(|| "absent".to_owned(), shortened);
    let (id, version) = (text(&info.verification_key_id), text(&info.verification_key_version));
    line(label, &format!("key {id}, version {version}, algorithm {}", text(&info.signature_algorithm)), out)?;
    for (name, app) in [("app_bundle_id", &info.app_bundle_id), ("android_package", &info.android_package)] {
        if let Some(app) = app {
            line("", &format!("{name} {}", shortened(app)), out)?;
        }
    }
    Ok(())
}

fn key(label: &str, key: &KeyReport, out: &mut dyn Write) -> io::Result<()> {
    let number = |number: Option<i32>| number.map_or_else(|| "absent".to_owned(), |number| number.to_string());
    let (start, period) = (number(key.rolling_start_interval_number), number(key.rolling_period));
    line(label, &format!("{}  start {start}, period {period}", shortened(&key.key_data)), out)?;
    let (level, report_type) = (number(key.transmission_risk_level), number(key.report_type));
    let (days, variant) = (number(key.days_since_onset_of_symptoms), number(key.variant_of_concern));
    line("", &format!("level {level}, report type {report_type}, days {days}, variant {variant}"), out)
}

fn statistics(title: &str, keys: u64, statistics: &KeyStatistics, out: &mut dyn Write) -> io::Result<()> {
    if keys == 0 {
        return Ok(());
    }
    writeln!(out, "\n{BOLD}{title}{BOLD:#}")?;
    let number = |number: Option<i32>| number.map_or_else(|| "absent".to_owned(), |number| number.to_string());
    let (first, last) = (number(statistics.rolling_start_min), number(statistics.rolling_start_max));
    let starts = grouped(statistics.distinct_rolling_start_interval_number);
    let at_midnight = counted(statistics.rolling_start_multiple_of_144, "key");
    line("starts", &format!("{starts} different, {first} to {last}; {at_midnight} at midnight UTC"), out)?;
    let sorted = if statistics.sorted_by_key_data { "sorted" } else { "not sorted" };
    line("order", &format!("{sorted} by key_data"), out)?;
    line("duplicates", &format!("{} of key_data", grouped(statistics.duplicate_key_data)), out)?;
    let with_days = grouped(statistics.days_since_onset_present);
    line("onset", &format!("{with_days} of {} have days_since_onset_of_symptoms", counted(keys, "key")), out)?;

    let lengths: Vec<_> =
        statistics.key_data_lengths.iter().map(|(bytes, keys)| (counted(*bytes, "byte"), *keys)).collect();
    histogram("Length of key_data", &lengths, out)?;
    histogram("Transmission risk level", &rows(&statistics.transmission_risk_level, |level| level.to_string()), out)?;
    histogram("Rolling period", &periods(&statistics.rolling_period), out)?;
    histogram("Report type", &rows(&statistics.report_type, report_type), out)?;
    histogram("Days since onset", &rows(&statistics.days_since_onset_of_symptoms, days_since_onset), out)?;
    histogram("Day of start, UTC", &rows(&statistics.rolling_start_day, day), out)
}

/// A chart, or one line where all keys have the same value.
fn histogram(title: &str, rows: &[(String, u64)], out: &mut dyn Write) -> io::Result<()> {
    match rows {
        [(value, _)] => writeln!(out, "  {title}: {value} {DIM}(all){DIM:#}"),
        _ => {
            writeln!(out, "  {title}")?;
            chart(out, rows)
        }
    }
}

fn rows(histogram: &Histogram, label: impl Fn(i32) -> String) -> Vec<(String, u64)> {
    let label = |value: &Option<i32>| value.map_or_else(|| "absent".to_owned(), &label);
    histogram.0.iter().map(|(value, keys)| (label(value), *keys)).collect()
}

/// Periods, by two hours each where there are many.
fn periods(histogram: &Histogram) -> Vec<(String, u64)> {
    const MANY: usize = 16;
    const TWO_HOURS: i32 = 12;
    if histogram.0.len() <= MANY {
        return rows(histogram, |period| period.to_string());
    }
    let label = |period| match period {
        1..=143 => {
            let before = (period - 1) / TWO_HOURS * TWO_HOURS;
            format!("{} to {}", before + 1, (before + TWO_HOURS).min(143))
        }
        other => other.to_string(),
    };
    let mut merged: Vec<(String, u64)> = Vec::new();
    for (label, keys) in rows(histogram, label) {
        match merged.last_mut() {
            Some((last, sum)) if *last == label => *sum = sum.saturating_add(keys),
            _ => merged.push((label, keys)),
        }
    }
    merged
}

fn days_since_onset(days: i32) -> String {
    if days == 0 { "0".to_owned() } else { format!("{days:+}") }
}

fn report_type(number: i32) -> String {
    let known = ReportType::from_number(number);
    let name = if known as i32 == number { known.name().replace('_', " ") } else { "(not in the format)".to_owned() };
    format!("{number} {name}")
}

fn day(midnight: i32) -> String {
    match u64::try_from(midnight) {
        Ok(interval) => utc::date(interval * gaen::time::INTERVAL_SECONDS),
        Err(_) => format!("interval {midnight}"),
    }
}

fn list(title: &str, keys: &[KeyRow], out: &mut dyn Write) -> io::Result<()> {
    if keys.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{BOLD}{title}{BOLD:#}")?;
    writeln!(out, "  {DIM}{:<32}       start  period  level  days  report type{DIM:#}", "key")?;
    for key in keys {
        let (start, period) = (key.window.start().as_u32(), key.window.period().as_u32());
        let level = key.transmission_risk_level.as_u8();
        let days = key.days_since_onset_of_symptoms.map_or_else(|| "-".to_owned(), |days| days.as_i8().to_string());
        let report_type = report_type(key.report_type as i32);
        writeln!(out, "  {}  {start:>10}  {period:>6}  {level:>5}  {days:>4}  {report_type}", key.tek)?;
    }
    Ok(())
}

fn moment(seconds: Option<u64>) -> String {
    seconds.map_or_else(|| "absent".to_owned(), |seconds| format!("{} UTC ({seconds})", utc::minute(seconds)))
}

fn batch(num: Option<i32>, size: Option<i32>) -> String {
    let number = |number: Option<i32>| number.map_or_else(|| "(absent)".to_owned(), |number| number.to_string());
    format!("batch_num {} of batch_size {}", number(num), number(size))
}

/// The first items, joined by commas.
fn joined(items: impl Iterator<Item = String>) -> String {
    const MOST: usize = 16;
    let items: Vec<_> = items.collect();
    let more = if items.len() > MOST { format!(" and {} more", grouped(items.len() - MOST)) } else { String::new() };
    items.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(", ") + &more
}

/// At most 40 characters of a text.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 40;
    let head: String = text.chars().take(LONGEST).collect();
    if head.len() == text.len() { head } else { head + "..." }
}
