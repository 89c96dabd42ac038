use std::fs;
use std::sync::LazyLock;

use gaen::Sighting;
use gaen::store::{BackupIdentity, Counts, Store, StoreError, StoreLimits, StoredMatches};

use crate::generate::{database, store};

/// A database of microG, of RaMBLE or of a store, or an encrypted backup: all of it is taken over, or nothing. What was
/// taken over adds nothing a second time, and the store can do all that it could before.
pub fn store_import(data: &[u8]) {
    let limits = StoreLimits { database_bytes: 1 << 20, work_factor: 1 };
    if data.starts_with(b"age-encryption.org/") {
        check(
            |store| store.restore(&IDENTITY, data, &limits).map(drop),
            &["not_a_backup", "damaged_backup", "wrong_key", "too_much_work"],
        );
        return;
    }
    let Some(image) = database(data) else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");
    fs::write(&path, &image).unwrap();
    for import in [Store::import_microg, Store::import_ramble] {
        check(|store| import(store, &path, &limits).map(drop), &["not_importable", "too_large"]);
    }
    assert_eq!(fs::read(&path).unwrap(), *image, "what is imported stays as it is");
    check(
        |store| store.restore_image(&image).map(drop),
        &["damaged_backup", "not_a_backup", "newer_schema", "other_profile"],
    );
}

/// Whose backups they are. Nothing else is encrypted to it.
static IDENTITY: LazyLock<BackupIdentity> =
    LazyLock::new(|| "AGE-SECRET-KEY-1QYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZ9K4CN".parse().unwrap());

/// Takes something over into a store that is full.
fn check(take_over: impl Fn(&mut Store) -> Result<(), StoreError>, codes: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store::open(folder.path());
    let before = contents(&store);
    match take_over(&mut store) {
        Ok(()) => {
            let after = contents(&store);
            take_over(&mut store).unwrap();
            assert_eq!(contents(&store), after);
            use_it(&mut store);
        }
        Err(error) => {
            assert!(codes.contains(&error.code()), "{error:?}");
            assert!(error.to_string().chars().count() < 2000, "{error}");
            assert_eq!(contents(&store), before);
        }
    }
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}

/// All that can be read of a store, but for its own keys, of which only the number is told.
fn contents(store: &Store) -> (Counts, Vec<Sighting>, StoredMatches, String) {
    let files = format!("{:?} {:?}", store.files().unwrap(), store.revised_keys().unwrap());
    (store.counts().unwrap(), store.sightings().unwrap(), store.matches().unwrap(), files)
}

/// What a device does next.
fn use_it(store: &mut Store) {
    store::search(store);
    store.with_key_ring(|ring| drop(ring.rotate(store::NOW, &mut store::rng()))).unwrap();
    store.purge_by_this_clock(store::NOW).unwrap();
    store.matches().unwrap();
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
        let Counts { sightings, files, matched_keys, hits, revised_keys, own_keys, .. } =
            empty.restore_image(&gaen).unwrap().added;
        assert_eq!((sightings, files, matched_keys, hits, revised_keys, own_keys), (3, 2, 2, 3, 1, 1));
    }
}
