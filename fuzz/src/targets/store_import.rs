use std::cell::Cell;
use std::fs;
use std::sync::LazyLock;

use gaen::backup::{BackupIdentity, BackupLimits};
use gaen::store::{Counts, FileRecord, Store, StoreError, StoreLimits};
use gaen::{DiagnosisKey, MatchReport, Sighting};
use tempfile::TempDir;

use crate::generate::{database, store};

/// A database of microG, of RaMBLE or of a store, or an encrypted backup: all of it is taken over, or nothing. What was
/// taken over adds nothing a second time, and the store can do all that it could before.
pub fn store_import(data: &[u8]) {
    let limits = StoreLimits { database_bytes: 1 << 20 };
    let mut full = FULL.take().unwrap_or_else(Full::open);
    if data.starts_with(b"age-encryption.org/") {
        let limits = BackupLimits { database_bytes: limits.database_bytes, work_factor: 1 };
        full.check(
            |store| store.restore(&IDENTITY, data, &limits).map(drop),
            &["not_a_backup", "damaged_backup", "wrong_key", "too_much_work"],
        );
    } else if let Some(image) = database(data) {
        let path = full.folder.path().join("other.db");
        fs::write(&path, &image).unwrap();
        for import in [Store::import_microg, Store::import_ramble] {
            full.check(|store| import(store, &path, &limits).map(drop), &["not_importable", "too_large"]);
        }
        assert_eq!(fs::read(&path).unwrap(), *image, "what is imported stays as it is");
        full.check(
            |store| store.restore_image(&image).map(drop),
            &["damaged_backup", "not_a_backup", "newer_schema", "other_profile"],
        );
    }
    if !full.is_changed {
        FULL.set(Some(full));
    }
}

thread_local! {
    /// The store of the input before, if nothing was taken over from that.
    static FULL: Cell<Option<Full>> = const { Cell::new(None) };
}

/// Whose backups they are. Nothing else is encrypted to it.
static IDENTITY: LazyLock<BackupIdentity> =
    LazyLock::new(|| "AGE-SECRET-KEY-1QYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZ9K4CN".parse().unwrap());

/// A store in which there is some of everything.
struct Full {
    store: Store,
    contents: Contents,
    is_changed: bool,
    folder: TempDir,
}

/// All that can be read of a store, but for its own keys, of which only the number is told.
#[derive(Debug, PartialEq)]
struct Contents {
    counts: Counts,
    sightings: Vec<Sighting>,
    matches: MatchReport,
    revised_keys: Vec<DiagnosisKey>,
    files: Vec<FileRecord>,
}

impl Contents {
    fn of(store: &Store) -> Self {
        Self {
            counts: store.counts().unwrap(),
            sightings: store.sightings().unwrap(),
            matches: store.matches().unwrap(),
            revised_keys: store.revised_keys().unwrap(),
            files: store.files().unwrap(),
        }
    }
}

impl Full {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = store::open(folder.path());
        Self { contents: Contents::of(&store), store, is_changed: false, folder }
    }

    /// Takes something over.
    fn check(&mut self, take_over: impl Fn(&mut Store) -> Result<(), StoreError>, codes: &[&str]) {
        let Self { store, contents, is_changed, .. } = self;
        match take_over(store) {
            Ok(()) => {
                *is_changed = true;
                let after = Contents::of(store);
                take_over(store).unwrap();
                assert_eq!(Contents::of(store), after);
                use_it(store);
                assert_eq!(store.check().unwrap(), Vec::<String>::new());
                *contents = Contents::of(store);
            }
            Err(error) => {
                assert!(codes.contains(&error.code()), "{error:?}");
                assert!(error.to_string().chars().count() < 2000, "{error}");
                assert_eq!(Contents::of(store), *contents);
            }
        }
    }
}

/// What a device does next.
fn use_it(store: &mut Store) {
    store::search(store);
    store.with_key_ring(|ring| drop(ring.rotate(store::NOW, &mut store::rng()))).unwrap();
    store.purge_by_this_clock(store::NOW).unwrap();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recipes_start_from_databases_that_are_taken_over() {
        let [microg, ramble, gaen] = [0x00, 0x80, 0xff].map(|start| database(&[start; 4]).unwrap().into_owned());
        let folder = tempfile::tempdir().unwrap();
        let mut store = store::open(folder.path());
        let path = folder.path().join("other.db");
        fs::write(&path, microg).unwrap();
        assert_eq!(store.import_microg(&path, &StoreLimits::default()).unwrap().stored, 3);
        fs::write(&path, ramble).unwrap();
        assert_eq!(store.import_ramble(&path, &StoreLimits::default()).unwrap().stored, 2);

        let mut empty = Store::open(folder.path().join("empty.db"), gaen::Profile::Google).unwrap();
        let Counts { sightings, own_keys, awaited_files, files, matched_keys, hits, revised_keys, .. } =
            empty.restore_image(&gaen).unwrap().added;
        assert_eq!((sightings, own_keys, awaited_files), (3, 1, 2));
        assert_eq!((files, matched_keys, hits, revised_keys), (0, 0, 0, 0));
    }
}
