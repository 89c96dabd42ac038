//! Searching files by the ledger of a store, and what the store says then.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use gaen::Profile;
use gaen::export::{ReadOptions, Trust};
pub(crate) use gaen::store::Store;
use gaen::store::StoreError;
use gaen_report::stored::{self, Offered};
use gaen_report::text::{counted, grouped};

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
    options: &ReadOptions,
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
    let (files, report) = stored::found(store, offered)?;
    Ok(Stored { files, report })
}

/// What was done with each file, or why it was rejected.
fn offer(
    store: &mut Store,
    paths: &[PathBuf],
    trust: &Trust,
    options: &ReadOptions,
    now: u64,
) -> Result<Vec<Offered>, StoreError> {
    let bar = Bar::through(paths);
    let mut search = store.search(trust, options)?;
    let searcher = ExportSearcher::new(options.clone(), Some(trust));
    let mut one = |(file, path): (usize, &PathBuf)| {
        let mut input = Input::open(path, options);
        let searched = search.add_export_with(&mut input, now, |progress| {
            bar.tell(file, progress);
            ControlFlow::Continue(())
        });
        let outcome = match searched {
            // A file that is rejected is no fault of the store's.
            Err(StoreError::File(error)) => Err(searcher.rejected(path, input, &error)),
            searched => Ok(searched?),
        };
        Ok((name(path), outcome))
    };
    let offered = paths.iter().enumerate().map(&mut one).collect();
    bar.finish();
    offered
}
