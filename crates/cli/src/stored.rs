//! Searching files by the ledger of a store, and what the store says then.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use gaen::Profile;
use gaen::export::{ExportSummary, ReadOptions, Trust};
pub(crate) use gaen::store::Store;
use gaen::store::{FileRecord, SearchedExport, StoreError};
use gaen::tally::Tally;
use gaen_report::document::{FileOutcome, FileStatus};
use gaen_report::text::{counted, grouped, hex};

use crate::error::Error;
use crate::exports::{ExportSearcher, Input, name};
use crate::output;
use crate::progress::Bar;
use crate::store_search::{IfMissing, Stored};

/// The command has one store. Only its profile can be a matter of the command line.
impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::OtherProfile { .. } => Self::Usage(error.to_string()),
            _ => Self::Input(error.to_string()),
        }
    }
}

/// Opens a store, of this profile if one was asked for.
pub(crate) fn open(path: &Path, profile: Option<Profile>, if_missing: IfMissing) -> Result<Store, Error> {
    let store = match Store::open_existing(path) {
        Err(StoreError::Missing { .. }) if if_missing == IfMissing::Make => {
            Store::open(path, profile.unwrap_or_default())
        }
        opened => opened,
    }?;
    if store.others_may_write() {
        output::warn(&format!("other users may write to {} and decide what it says", path.display()));
    }
    match profile {
        Some(asked) if asked != store.profile() => {
            Err(StoreError::OtherProfile { found: store.profile(), asked }.into())
        }
        _ => Ok(store),
    }
}

/// Opens a store that is there, whatever its profile.
pub(crate) fn open_existing(path: &Path) -> Result<Store, Error> {
    open(path, None, IfMissing::Fail)
}

/// Opens a store whose sightings files are to be searched for.
pub(crate) fn open_to_search(path: &Path, profile: Option<Profile>, if_missing: IfMissing) -> Result<Store, Error> {
    let store = open(path, profile, if_missing)?;
    warn_of_impossible(&store)?;
    Ok(store)
}

/// A store may have been filled by a program that did not check its sightings.
fn warn_of_impossible(store: &Store) -> Result<(), Error> {
    let sightings = store.sightings()?;
    let mut impossible = sightings.iter().filter_map(|sighting| sighting.check().err());
    if let Some(first) = impossible.next() {
        let (count, all) = (grouped(impossible.count().saturating_add(1)), counted(sightings.len(), "sighting"));
        output::warn(&format!(
            "{count} of {all} in the store are impossible and make every answer doubtful; first: {first}"
        ));
    }
    Ok(())
}

/// Searches files for what they were not searched for yet, at the time `now`, and says all that was found so far.
pub(crate) fn search(
    store: &mut Store,
    paths: &[PathBuf],
    trust: Option<&Trust>,
    options: impl FnOnce(usize) -> ReadOptions,
    now: u64,
) -> Result<Stored, Error> {
    let options = options(usize::try_from(store.counts()?.sightings).unwrap_or(usize::MAX));
    // The command line has no files without trust.
    let offered = trust.map_or_else(|| Ok(Vec::new()), |trust| offer(store, paths, trust, &options, now))?;
    let awaited = store.awaited_files()?.len();
    if awaited > 0 {
        let (was, them) = if awaited == 1 { ("was", "it") } else { ("were", "them") };
        output::warn(&format!(
            "{} of a restored backup {was} not given again: what was found in {them} does not count. `gaen store look` \
             lists {them}",
            counted(awaited, "file")
        ));
    }
    let mut report = store.matches()?;
    let (files, positions) = files(paths, offered, store.files()?);
    // Of a file that another process has purged in the meantime nothing is left to tell.
    let place = |source: &mut usize| positions.get(source).map(|position| *source = *position).is_some();
    report.matches.retain_mut(|found| place(&mut found.source));
    report.dropped.retain_mut(|sighting| place(&mut sighting.source));
    Ok(Stored { files, report })
}

/// What was done with each file, or why it was rejected.
fn offer(
    store: &mut Store,
    paths: &[PathBuf],
    trust: &Trust,
    options: &ReadOptions,
    now: u64,
) -> Result<Vec<Result<SearchedExport, FileOutcome>>, StoreError> {
    let bar = Bar::through(paths);
    let mut search = store.search(trust, options)?;
    let searcher = ExportSearcher::new(options.clone(), Some(trust));
    let mut one = |(file, path): (usize, &PathBuf)| {
        let mut input = Input::open(path, options);
        let searched = search.add_export_with(&mut input, now, |progress| {
            bar.tell(file, progress);
            ControlFlow::Continue(())
        });
        match searched {
            // A file that is rejected is no fault of the store's.
            Err(StoreError::File(error)) => Ok(Err(searcher.rejected(path, input, &error))),
            searched => searched.map(Ok),
        }
    };
    let offered = paths.iter().enumerate().map(&mut one).collect();
    bar.finish();
    offered
}

/// The files that were given, then the others that the store knows; and at which positions those of the store stand, by
/// their numbers.
fn files(
    paths: &[PathBuf],
    offered: Vec<Result<SearchedExport, FileOutcome>>,
    records: Vec<FileRecord>,
) -> (Vec<FileOutcome>, BTreeMap<usize, usize>) {
    let records: BTreeMap<_, _> = records.into_iter().map(|record| (record.id, record)).collect();
    let (mut files, mut positions) = (Vec::new(), BTreeMap::new());
    for (path, offered) in paths.iter().zip(offered) {
        match offered {
            Ok(SearchedExport { file, summary, .. }) => {
                let Some(record) = records.get(&file) else { continue };
                positions.entry(file).or_insert(files.len());
                files.push(outcome(Some(path), record, summary));
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
fn outcome(path: Option<&Path>, record: &FileRecord, read: Option<ExportSummary>) -> FileOutcome {
    let names = || record.verified_by.split_whitespace().map(str::to_owned).collect();
    let (status, verified_by, skipped_keys) = match read {
        Some(summary) => (FileStatus::Verified, summary.verified_by, summary.skipped),
        None => (FileStatus::Known, names(), Tally::new()),
    };
    FileOutcome {
        path: path.map(name),
        export_sha256: Some(hex::encode(&record.export_sha256)),
        status,
        verified_by,
        keys: record.keys,
        revised_keys: record.revised_keys,
        skipped_keys,
        error: None,
        error_code: None,
        window: (record.facts.start_timestamp, record.facts.end_timestamp),
    }
}
