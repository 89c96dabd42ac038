//! Files together: parts, duplicates, repetitions.

use std::collections::{BTreeMap, BTreeSet};

use super::file::signer;
use super::options::InspectedFile;
use super::{Lint, LintCode, Place, listed};
use crate::export::ExportBinReport;

type File<'f> = (&'f str, &'f ExportBinReport);

/// Numbers of missing files that are listed.
const MOST_NUMBERS: usize = 10;

pub(super) fn lint(files: &[InspectedFile]) -> Vec<Lint> {
    let mut by_contents: BTreeMap<&str, Vec<File<'_>>> = BTreeMap::new();
    let mut in_order = Vec::new();
    for file in files {
        if let Some(bin) = file.export_bin() {
            let same = by_contents.entry(&bin.sha256).or_default();
            if same.is_empty() {
                in_order.push((file.name.as_str(), bin));
            }
            same.push((&file.name, bin));
        }
    }
    let repeated = by_contents.values().filter(|same| same.len() > 1);
    let mut lints: Vec<_> = repeated
        .map(|same| lint_of(LintCode::FileRepeated, same, format!("{} files have the same export.bin", same.len())))
        .collect();
    lints.extend(duplicates(&in_order));
    lints.extend(batches(&in_order));
    lints.sort_by(|a, b| (a.code, &a.place).cmp(&(b.code, &b.place)));
    lints
}

fn lint_of(code: LintCode, files: &[File<'_>], sentence: String) -> Lint {
    Lint::new(code, Place::Files(files.iter().map(|(name, _)| (*name).to_owned()).collect()), sentence)
}

/// Different files with equal start, end and number. Android's matching keeps files apart by a hash of these and drops
/// what looks like a repetition, so Google's server gives each part of a split export another end (its pull request
/// 1182). Whether the region enters the hash was not published; files of different regions are not split exports,
/// so they are left alone.
fn duplicates(files: &[File<'_>]) -> Vec<Lint> {
    let mut looks: BTreeMap<_, Vec<File<'_>>> = BTreeMap::new();
    for (name, bin) in files {
        if let (Some(start), Some(end)) = (bin.start_timestamp, bin.end_timestamp) {
            let look = (start, end, bin.batch_num.unwrap_or(1), &bin.region);
            looks.entry(look).or_default().push((name, bin));
        }
    }
    let alike = looks.into_iter().filter(|(_, files)| files.len() > 1);
    let lint = alike.map(|((start, end, num, _), files)| {
        let sentence = format!(
            "{} different files have start_timestamp {start}, end_timestamp {end} and batch_num {num}",
            files.len()
        );
        lint_of(LintCode::TakenForDuplicate, &files, sentence)
    });
    lint.collect()
}

/// Files of one time and signer: they should agree on how many they are, and all be there.
fn batches(files: &[File<'_>]) -> Vec<Lint> {
    let mut lints = Vec::new();
    let mut times: BTreeMap<_, Vec<File<'_>>> = BTreeMap::new();
    for (name, bin) in files {
        let signers: Vec<_> = bin.signature_infos.iter().map(signer).collect();
        let time = (&bin.region, bin.start_timestamp, bin.end_timestamp, signers);
        times.entry(time).or_default().push((name, bin));
    }
    for files in times.into_values() {
        let sizes: BTreeSet<_> = files.iter().map(|(_, bin)| bin.batch_size.unwrap_or(1)).collect();
        if sizes.len() > 1 {
            let sizes: Vec<_> = sizes.into_iter().collect();
            let sentence = format!("files of one time say that they are {} files", listed(&sizes));
            lints.push(lint_of(LintCode::BatchInconsistent, &files, sentence));
            continue;
        }
        let numbers: BTreeSet<_> = files.iter().map(|(_, bin)| bin.batch_num.unwrap_or(1)).collect();
        let size = sizes.first().copied().unwrap_or(1);
        let missing = i64::from(size).saturating_sub(i64::try_from(numbers.len()).unwrap_or(i64::MAX));
        if missing > 0 {
            let first: Vec<_> = (1..=size).filter(|num| !numbers.contains(num)).take(MOST_NUMBERS).collect();
            let more = if first.len() as u64 == missing.unsigned_abs() { "" } else { " and more" };
            let sentence = format!("of {size} files there are {}: {}{more} are missing", numbers.len(), listed(&first));
            lints.push(lint_of(LintCode::BatchIncomplete, &files, sentence));
        }
    }
    lints
}
