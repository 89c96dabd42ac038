//! Searching files by the ledger of a store, and what the store says then.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gaen::export::{ReadOptions, Trust};
use gaen::store::{FileRecord, SearchedExport, Store, StoreError};
use gaen::{MatchReport, Profile};
use gaen_report::document::FileOutcome;
use gaen_report::text::counted;

use crate::error::Error;
use crate::exports::{self, ExportSearcher};
use crate::output;
use crate::progress::Bar;

/// What to do where there is no store.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum IfMissing {
    Make,
    Fail,
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

/// All that was found so far.
pub(crate) struct Stored {
    /// Those that were given, and then the others of the ledger. The sources of what was found are positions among them.
    pub(crate) files: Vec<FileOutcome>,
    pub(crate) report: MatchReport,
}

/// Searches files for what they were not searched for yet, at the time `now`, and says all that was found so far.
pub(crate) fn search(
    store: &mut Store,
    paths: &[PathBuf],
    trust: Option<&Trust>,
    options: ReadOptions,
    now: u64,
) -> Result<Stored, Error> {
    // The command line has no files without trust.
    let offered = trust.map_or_else(|| Ok(Vec::new()), |trust| offer(store, paths, trust, options, now))?;
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
    options: ReadOptions,
    now: u64,
) -> Result<Vec<Result<SearchedExport, FileOutcome>>, StoreError> {
    let bar = Bar::through(paths);
    let mut search = store.search(trust, &options)?;
    let searcher = ExportSearcher::new(options, Some(trust));
    let paths = paths.iter().enumerate();
    let offered = paths.map(|(file, path)| searcher.offer(&mut search, path, now, |progress| bar.tell(file, progress)));
    let offered = offered.collect();
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
                files.push(exports::stored(Some(path), record, summary));
            }
            Err(rejected) => files.push(rejected),
        }
    }
    for (id, record) in &records {
        positions.entry(*id).or_insert_with(|| {
            files.push(exports::stored(None, record, None));
            files.len() - 1
        });
    }
    (files, positions)
}
