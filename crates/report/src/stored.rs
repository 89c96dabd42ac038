//! What a store has found in all files that it has searched.

use std::collections::BTreeMap;

use gaen::MatchReport;
use gaen::export::ExportSummary;
use gaen::store::{FileRecord, SearchedExport, Store, StoreError};
use gaen::tally::Tally;

use crate::document::{FileOutcome, FileStatus};
use crate::text::hex;

/// A file that was offered to a store: what to call it, and what the store has done with it or why it was rejected.
pub type Offered = (String, Result<SearchedExport, FileOutcome>);

/// All that a store has found so far. The files that were offered now come first, then the others that the store knows.
/// The sources of what was found are positions among them.
///
/// # Errors
/// [`StoreError`]
pub fn found(store: &Store, offered: Vec<Offered>) -> Result<(Vec<FileOutcome>, MatchReport), StoreError> {
    let mut report = store.matches()?;
    let (files, positions) = files(offered, store.files()?);
    // Of a file that another process has purged in the meantime nothing is left to tell.
    let place = |source: &mut usize| positions.get(source).map(|position| *source = *position).is_some();
    report.matches.retain_mut(|found| place(&mut found.source));
    report.dropped.retain_mut(|sighting| place(&mut sighting.source));
    Ok((files, report))
}

/// The outcomes of all files, and their positions by the number that the store gave each.
fn files(offered: Vec<Offered>, records: Vec<FileRecord>) -> (Vec<FileOutcome>, BTreeMap<usize, usize>) {
    let records: BTreeMap<_, _> = records.into_iter().map(|record| (record.id, record)).collect();
    let (mut files, mut positions) = (Vec::new(), BTreeMap::new());
    for (name, offered) in offered {
        match offered {
            Ok(SearchedExport { file, summary, .. }) => {
                let Some(record) = records.get(&file) else { continue };
                positions.entry(file).or_insert(files.len());
                files.push(outcome(Some(name), record, summary));
            }
            Err(rejected) => files.push(rejected),
        }
    }
    for (id, record) in &records {
        positions.entry(*id).or_insert_with(|| {
            files.push(outcome(None, record, None));
            files.len() - 1
        });
    }
    (files, positions)
}

/// What a store says of a file of its ledger, and what was read of it now, if it was.
fn outcome(path: Option<String>, record: &FileRecord, read: Option<ExportSummary>) -> FileOutcome {
    let names = || record.verified_by.split_whitespace().map(str::to_owned).collect();
    let (status, verified_by, skipped_keys, ignored_values) = match read {
        Some(summary) => (FileStatus::Verified, summary.verified_by, summary.skipped, summary.ignored),
        None => (FileStatus::Known, names(), Tally::new(), Tally::new()),
    };
    FileOutcome {
        path,
        export_sha256: Some(hex::encode(&record.export_sha256)),
        status,
        verified_by,
        keys: record.keys,
        revised_keys: record.revised_keys,
        skipped_keys,
        error: None,
        error_code: None,
        ignored_values,
        window: (record.facts.start_timestamp, record.facts.end_timestamp),
    }
}
