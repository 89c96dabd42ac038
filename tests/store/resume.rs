//! An interrupted search goes on where it was.

use std::io::Cursor;
use std::ops::ControlFlow;

use gaen::export::{ExportError, ReadOptions};
use gaen::store::{Scanned, Store, StoreError};
use gaen::{DiagnosisKey, Matcher, ReportType, SightingIndex};

use crate::signed::trust;
use crate::world::{Folder, MIDNIGHT, heard, key, scan, zip};

const NOW: u64 = MIDNIGHT as u64 * 600;

fn keys(count: u32) -> Vec<DiagnosisKey> {
    (0..count).map(|number| key(number.swap_bytes(), MIDNIGHT, 144, ReportType::ConfirmedTest)).collect()
}

/// Searches a file, and stops when so many of its keys were read.
fn scan_until(store: &mut Store, zip: &[u8], keys: u64) -> Result<Scanned, StoreError> {
    let trust = trust();
    let mut search = store.search(&trust, &ReadOptions::default())?;
    let stop = |keys_read| if keys_read >= keys { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    search.scan_with(Cursor::new(zip), NOW, |progress| stop(progress.keys))
}

#[test]
fn a_search_goes_on_at_the_last_step_and_finds_the_same() {
    let folder = Folder::new();
    let mut store = folder.store().checkpoint_after(1);
    let keys = keys(60_000);
    let zip = zip(&keys, &[]);
    let sightings: Vec<_> = keys.iter().step_by(700).map(|key| heard(key, MIDNIGHT, 0, -12, -60)).collect();
    store.insert(&sightings).unwrap();

    let cancelled = Err(StoreError::File(ExportError::Cancelled));
    assert_eq!(scan_until(&mut store, &zip, 20_000), cancelled);
    assert_eq!((store.counts().unwrap().unfinished_searches, store.counts().unwrap().hits), (1, 0));
    drop(store);
    let mut store = folder.store().checkpoint_after(1);
    assert_eq!(scan_until(&mut store, &zip, 40_000), cancelled);
    assert!(store.files().unwrap().is_empty() && store.matches().unwrap().report.matches.is_empty());

    // What comes in between is searched for as well.
    let late = heard(&keys[1], MIDNIGHT + 1, 0, -12, -60);
    store.insert(&[late]).unwrap();
    let scanned = scan(&mut store, &zip, NOW).unwrap();
    assert!((40_000..60_000).contains(&scanned.resumed_at), "{}", scanned.resumed_at);
    assert_eq!(store.counts().unwrap().unfinished_searches, 0);

    let index = SightingIndex::new([sightings.as_slice(), &[late]].concat()).unwrap();
    let mut expected: Vec<_> = Matcher::new(&index).match_keys(&keys).matches;
    for found in &mut expected {
        (found.source, found.sighting) = (1, found.sighting + 1);
    }
    assert_eq!(expected.len(), 87);
    assert_eq!(store.matches().unwrap().report.matches, expected);
}

/// The other keys are more than were searched, or fewer.
#[test]
fn what_was_kept_of_other_keys_is_forgotten() {
    for theirs in [keys(50_000)[10_000..].to_vec(), keys(50_000)[49_000..].to_vec()] {
        let folder = Folder::new();
        let mut store = folder.store().checkpoint_after(1);
        let ours = keys(40_000);
        let sightings: Vec<_> = ours[..20].iter().map(|key| heard(key, MIDNIGHT, 0, -12, -60)).collect();
        store.insert(&sightings).unwrap();
        // While one file is hashed, another takes its place.
        let (first, second) = (zip(&ours, &[]), zip(&theirs, &[]));
        let mut swapping = Swapping { first: Cursor::new(&second), then: Cursor::new(&first), passes: 0 };
        let trust = trust();
        let mut search = store.search(&trust, &ReadOptions::default()).unwrap();
        let stopped = search.scan_with(&mut swapping, NOW, |progress| {
            if progress.keys >= 20_000 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!(stopped, Err(StoreError::File(ExportError::Cancelled)));
        assert_eq!(store.counts().unwrap().unfinished_searches, 1);

        let scanned = scan(&mut store, &second, NOW).unwrap();
        assert_eq!((scanned.resumed_at, store.counts().unwrap().hits), (0, 0));
        assert_eq!(store.counts().unwrap().unfinished_searches, 0);
    }
}

#[test]
fn a_file_that_was_swapped_while_it_was_hashed_is_not_taken_for_the_other() {
    let folder = Folder::new();
    let mut store = folder.store();
    let (ours, theirs) = (keys(1), keys(2)[1..].to_vec());
    store.insert(&[heard(&ours[0], MIDNIGHT, 0, -12, -60), heard(&theirs[0], MIDNIGHT, 0, -12, -60)]).unwrap();
    let (first, second) = (zip(&ours, &[]), zip(&theirs, &[]));
    let mut swapping = Swapping { first: Cursor::new(&first), then: Cursor::new(&second), passes: 0 };
    let trust = trust();
    // Each time it looks, another file is there; in the end it is known, and it is the second.
    store.search(&trust, &ReadOptions::default()).unwrap().scan(&mut swapping, NOW).unwrap();
    assert_eq!(store.files().unwrap().len(), 1);
    assert_eq!(scan(&mut store, &first, NOW).unwrap().sightings, 2, "the first was not searched");
    assert_eq!(store.matches().unwrap().report.matches.len(), 2);
}

#[test]
fn a_known_export_in_another_zip_is_known() {
    let folder = Folder::new();
    let mut store = folder.store();
    let keys = keys(1);
    store.insert(&[heard(&keys[0], MIDNIGHT, 0, -12, -60)]).unwrap();
    let zip = zip(&keys, &[]);
    // A comment at its end changes the zip and nothing in it.
    let mut other = zip.clone();
    let length = other.len();
    other[length - 2] = 1;
    other.push(b'!');
    assert_eq!(scan(&mut store, &zip, NOW).unwrap().sightings, 1);
    let again = scan(&mut store, &other, NOW).unwrap();
    assert_eq!((again.summary, again.sightings, again.file), (None, 0, store.files().unwrap()[0].id));
}

/// A reader of one file until it has been read to its end, and then of another.
struct Swapping<'z> {
    first: Cursor<&'z Vec<u8>>,
    then: Cursor<&'z Vec<u8>>,
    passes: u32,
}

impl std::io::Read for Swapping<'_> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        if self.passes > 0 {
            return self.then.read(buf);
        }
        let count = self.first.read(buf)?;
        self.passes += u32::from(count == 0);
        Ok(count)
    }
}

impl std::io::Seek for Swapping<'_> {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        if self.passes > 0 { self.then.seek(to) } else { self.first.seek(to) }
    }
}
