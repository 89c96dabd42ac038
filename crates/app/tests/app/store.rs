//! A store through the facade.

use std::path::Path;
use std::sync::Arc;
use std::thread;

use gaen_app::{
    BackupSecret, Consent, ContainerRule, Error, ErrorKind, FileStatus, ImportSource, Next, NoObserver, NotJudged,
    Profile, Progress, Report, Store, TrustedKeys, Verdict, database_of_backup, sightings_of_database,
};

use crate::demo::{NOW, authority, cocoa, files, heard};

fn filled(path: &Path) -> Store {
    let store = Store::open(path, Profile::Google).unwrap();
    store.insert(&heard()).unwrap();
    store
}

fn trusted() -> TrustedKeys {
    TrustedKeys::new(&authority(), "440", "v1").unwrap()
}

fn search(store: &Store) -> Report {
    store.search(files(), &trusted(), ContainerRule::Strict, NOW, &mut NoObserver).unwrap()
}

fn code<T>(answer: Result<T, Error>) -> &'static str {
    let error = answer.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Store);
    error.code()
}

/// A store searches on one thread after the other, and is opened again on a third.
#[test]
fn a_store_gives_the_answers_of_the_demo_and_is_used_from_any_thread() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gaen.db");
    let store = Arc::new(filled(&path));
    let nothing = store.report().unwrap();
    assert_eq!(nothing.verdict(&cocoa(), NOW), Verdict::NotJudged(NotJudged::NoFile));
    let searches: Vec<_> = (0..2)
        .map(|_| {
            let store = store.clone();
            thread::spawn(move || search(&store))
        })
        .collect();
    for report in searches.into_iter().map(|search| search.join().unwrap()) {
        assert_eq!((report.matches().len(), report.files().len(), report.is_partial()), (9, 2, false));
        assert_eq!(report.verdict(&cocoa(), NOW), Verdict::Notify);
    }
    let sent = store.broadcast(NOW, -8).unwrap();
    drop(store);
    let opened = thread::spawn(move || Store::open_existing(path).unwrap()).join().unwrap();
    let report = opened.report().unwrap();
    assert!(report.files().iter().all(|file| file.status == FileStatus::Known));
    assert_eq!((report.matches().len(), report.verdict(&cocoa(), NOW)), (9, Verdict::Notify));
    assert_eq!(opened.broadcast(NOW + 599, -8).unwrap().identifier(), sent.identifier());
    assert_eq!(opened.release(NOW + 100_000, &Consent::given(NOW)).unwrap().keys().len(), 1);
    assert_eq!(opened.counts().unwrap().own_keys, 1);
    opened.clear_own_keys().unwrap();
    assert_eq!((opened.counts().unwrap().own_keys, opened.check().unwrap().len()), (0, 0));
    assert!(!opened.others_may_write());
}

#[test]
fn a_stopped_search_goes_on_the_next_time() {
    let folder = tempfile::tempdir().unwrap();
    let store = filled(&folder.path().join("gaen.db"));
    let mut stop = |progress: Progress| if progress.file == 1 { Next::Stop } else { Next::Continue };
    let partial = store.search(files(), &trusted(), ContainerRule::Strict, NOW, &mut stop).unwrap();
    assert!(partial.is_partial());
    let codes: Vec<_> = partial.files().iter().map(|file| file.error_code).collect();
    assert_eq!(codes, [None, Some("cancelled")]);
    assert_eq!(search(&store).matches().len(), 9);
}

#[test]
fn a_backup_brings_what_was_heard_and_awaits_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let store = filled(&folder.path().join("gaen.db"));
    search(&store);
    let mut backup = Vec::new();
    // The reading of `age-keygen`'s keys is tested with the store; a passphrase takes its time.
    let key = BackupSecret::Key("age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa");
    store.back_up(&key, &mut backup).unwrap();
    let other = Store::open(folder.path().join("other.db"), Profile::Google).unwrap();
    let secret = BackupSecret::Key("AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33");
    assert_eq!(other.restore(&secret, &backup[..]).unwrap().added.sightings, store.counts().unwrap().sightings);
    let heard = sightings_of_database(&database_of_backup(&backup, &secret).unwrap(), Some(&[])).unwrap();
    assert_eq!((heard.program, heard.sightings), ("gaen", store.counts().unwrap().sightings));
    assert_eq!(code(sightings_of_database(&backup, None)), "backup_secret");
    assert_eq!((other.awaited_files().unwrap().len(), search(&other).matches().len()), (2, 9));
    assert!(other.awaited_files().unwrap().is_empty());

    assert_eq!(code(other.restore(&key, &backup[..])), "not_a_key");
    assert_eq!(code(other.restore(&secret, &b"no backup"[..])), "not_a_backup");
    assert_eq!(code(store.back_up(&BackupSecret::Passphrase(""), Vec::new())), "empty_passphrase");
    let apple = Store::open(folder.path().join("apple.db"), Profile::AppleV1).unwrap();
    assert_eq!(code(apple.restore(&secret, &backup[..])), "other_profile");
}

#[test]
fn faults_of_a_store_have_the_codes_of_the_library() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gaen.db");
    assert_eq!(code(Store::open_existing(&path)), "missing");
    let store = filled(&path);
    assert_eq!(code(Store::open(&path, Profile::AppleV1)), "other_profile");
    assert_eq!(store.profile(), Profile::Google);
    assert_eq!(code(store.purge(NOW + 90 * 86_400)), "clock_jumped");
    let purged = store.purge_by_this_clock(NOW + 90 * 86_400).unwrap();
    assert_eq!((purged.sightings > 0, store.counts().unwrap().sightings), (true, 0));
    for source in [ImportSource::MicroG, ImportSource::Google, ImportSource::Ramble] {
        assert_eq!(code(store.import(source, folder.path().join("none"))), "not_importable");
    }
    // Each reader misses something else in a store.
    let misses = |source| store.import(source, &path).unwrap_err().to_string();
    assert!(
        misses(ImportSource::MicroG).ends_with("it has no table advertisements"),
        "{}",
        misses(ImportSource::MicroG)
    );
    assert!(misses(ImportSource::Ramble).ends_with("it has no table devices"), "{}", misses(ImportSource::Ramble));
    assert!(!misses(ImportSource::Google).contains("table"), "{}", misses(ImportSource::Google));
}
