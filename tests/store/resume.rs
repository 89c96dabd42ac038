//! An interrupted search goes on where it was.

use std::cell::Cell;
use std::io::Cursor;
use std::ops::ControlFlow;

use gaen::export::{ExportError, ReadOptions, Signer, Trust};
use gaen::keys::ReportType;
use gaen::store::{SearchedExport, Store, StoreError};
use gaen::{DiagnosisKey, Matcher, Sighting, SightingIndex};

use crate::signed::{rng, trust};
use crate::world::{Folder, MIDNIGHT, heard, key, offer, zip};

const NOW: u64 = MIDNIGHT as u64 * 600;

fn keys(count: u32) -> Vec<DiagnosisKey> {
    (0..count).map(|number| key(number.swap_bytes(), MIDNIGHT, 144, ReportType::ConfirmedTest)).collect()
}

/// Searches a file, and stops when so many of its keys were read.
fn search_until(store: &mut Store, zip: &[u8], keys: u64) -> Result<SearchedExport, StoreError> {
    let trust = trust();
    let mut search = store.search(&trust, &ReadOptions::default())?;
    let stop = |keys_read| if keys_read >= keys { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    search.add_export_with(Cursor::new(zip), NOW, |progress| stop(progress.keys))
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
    assert_eq!(search_until(&mut store, &zip, 20_000), cancelled);
    assert_eq!((store.counts().unwrap().unfinished_searches, store.counts().unwrap().hits), (1, 0));
    drop(store);
    let mut store = folder.store().checkpoint_after(1);
    assert_eq!(search_until(&mut store, &zip, 40_000), cancelled);
    assert!(store.files().unwrap().is_empty() && store.matches().unwrap().matches.is_empty());

    // What comes in between is searched for as well.
    let late = heard(&keys[1], MIDNIGHT + 1, 0, -12, -60);
    store.insert(&[late]).unwrap();
    let searched = offer(&mut store, &zip, NOW).unwrap();
    assert!((40_000..60_000).contains(&searched.resumed_at), "{}", searched.resumed_at);
    assert_eq!(searched.sightings, 87, "each once, in two passes");
    assert_eq!(store.counts().unwrap().unfinished_searches, 0);

    let index = SightingIndex::new([sightings.as_slice(), &[late]].concat()).unwrap();
    let mut expected: Vec<_> = Matcher::new(&index).match_keys(&keys).matches;
    for found in &mut expected {
        (found.source, found.sighting) = (1, found.sighting + 1);
    }
    assert_eq!(expected.len(), 87);
    assert_eq!(store.matches().unwrap().matches, expected);
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
        let stopped = search.add_export_with(&mut swapping, NOW, |progress| {
            if progress.keys >= 20_000 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!(stopped, Err(StoreError::File(ExportError::Cancelled)));
        assert_eq!(store.counts().unwrap().unfinished_searches, 1);

        let searched = offer(&mut store, &second, NOW).unwrap();
        assert_eq!((searched.resumed_at, store.counts().unwrap().hits), (0, 0));
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
    store.search(&trust, &ReadOptions::default()).unwrap().add_export(&mut swapping, NOW).unwrap();
    assert_eq!(store.files().unwrap().len(), 1);
    assert_eq!(offer(&mut store, &first, NOW).unwrap().sightings, 2, "the first was not searched");
    assert_eq!(store.matches().unwrap().matches.len(), 2);
}

/// Stopped after the last key, and before the signature was looked at.
#[test]
fn a_search_of_all_keys_that_was_not_finished_is_finished_without_searching() {
    let folder = Folder::new();
    let mut store = folder.store().checkpoint_after(1);
    let keys = keys(40_000);
    let zip = zip(&keys, &[]);
    store.insert(&[heard(&keys[0], MIDNIGHT, 0, -12, -60)]).unwrap();
    let trust = trust();
    let mut search = store.search(&trust, &ReadOptions::default()).unwrap();
    let mut at_end = 0;
    let stopped = search.add_export_with(Cursor::new(&zip), NOW, |progress| {
        at_end += u32::from(progress.keys == 40_000 && progress.bytes == progress.total_bytes);
        if at_end > 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!(stopped, Err(StoreError::File(ExportError::Cancelled)));
    assert_eq!(offer(&mut store, &zip, NOW).unwrap().resumed_at, 40_000);
    assert_eq!(store.matches().unwrap().matches.len(), 1);
}

#[test]
fn an_interrupted_search_is_kept_for_fourteen_days_after_it_last_went_on() {
    const DAY: u64 = 86_400;
    let folder = Folder::new();
    let mut store = folder.store().checkpoint_after(1);
    let zip = zip(&keys(60_000), &[]);
    let trust = trust();
    for (keys, now) in [(20_000, NOW), (40_000, NOW + 10 * DAY)] {
        let mut search = store.search(&trust, &ReadOptions::default()).unwrap();
        let stop = |at| if at >= keys { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        assert!(search.add_export_with(Cursor::new(&zip), now, |progress| stop(progress.keys)).is_err());
    }
    assert_eq!(store.purge_by_this_clock(NOW + 24 * DAY - 1).unwrap().unfinished_searches, 0);
    assert_eq!(store.purge_by_this_clock(NOW + 24 * DAY).unwrap().unfinished_searches, 1);
}

#[test]
fn what_is_erased_while_a_file_is_searched_is_not_found_in_it() {
    let folder = Folder::new();
    let (mut store, mut other) = (folder.store(), folder.store());
    let keys = keys(2);
    let later = Sighting { time: NOW + 1, ..heard(&keys[1], MIDNIGHT, 0, -12, -60) };
    store.insert(&[heard(&keys[0], MIDNIGHT, 0, -12, -60), later]).unwrap();
    let trust = trust();
    let mut search = store.search(&trust, &ReadOptions::default()).unwrap();
    let searched = search.add_export_with(Cursor::new(zip(&keys, &[])), NOW, |_| {
        other.purge_by_this_clock(NOW + 14 * 86_400).unwrap();
        ControlFlow::Continue(())
    });
    assert_eq!(searched.unwrap().sightings, 2);
    assert_eq!(store.matches().unwrap().matches.iter().map(|found| found.time).collect::<Vec<_>>(), [NOW + 1]);
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}

/// What was kept is of a longer file, which stood in this one's place while it was hashed.
#[test]
fn what_was_kept_of_a_longer_file_is_forgotten() {
    let folder = Folder::new();
    let mut store = folder.store().checkpoint_after(1);
    let keys = keys(40_000);
    store.insert(&[heard(&keys[10_000], MIDNIGHT, 0, -12, -60), heard(&keys[0], MIDNIGHT, 0, -12, -60)]).unwrap();
    let (short, long) = (zip(&keys[..1], &[]), zip(&keys, &[]));
    let mut swapping = Swapping { first: Cursor::new(&short), then: Cursor::new(&long), passes: 0 };
    let trust = trust();
    let mut search = store.search(&trust, &ReadOptions::default()).unwrap();
    let stopped = search.add_export_with(&mut swapping, NOW, |progress| {
        if progress.keys >= 20_000 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!(stopped, Err(StoreError::File(ExportError::Cancelled)));
    assert_eq!(offer(&mut store, &short, NOW).unwrap().resumed_at, 0);
    assert_eq!(store.counts().unwrap().hits, 1);
}

/// Every attribute of the keys is in the hash by which a search goes on: a file that differs in one is another.
#[test]
fn keys_that_differ_in_anything_are_other_keys() {
    // The first keys of their files, which are in the order of their bytes.
    let first = key(0, MIDNIGHT, 100, ReportType::SelfReport);
    let level = 1.try_into().unwrap();
    let base = DiagnosisKey { key_data: [0; 16].into(), transmission_risk_level: level, ..first };
    let window = |start, period| key(0, start, period, ReportType::SelfReport).window;
    let others = [
        DiagnosisKey { key_data: 1_u128.to_be_bytes().into(), ..base },
        DiagnosisKey { window: window(MIDNIGHT + 1, 99), ..base },
        DiagnosisKey { window: window(MIDNIGHT, 99), ..base },
        DiagnosisKey { transmission_risk_level: 2.try_into().unwrap(), ..base },
        DiagnosisKey { report_type: ReportType::ConfirmedTest, ..base },
        DiagnosisKey { days_since_onset_of_symptoms: Some(0.try_into().unwrap()), ..base },
        DiagnosisKey { variant_of_concern: 1.try_into().unwrap(), ..base },
    ];
    let fill = keys(20_000);
    for other in others {
        let folder = Folder::new();
        let mut store = folder.store().checkpoint_after(1);
        let [first, second] = [base, other].map(|key| zip(&[&[key][..], &fill[1..]].concat(), &[]));
        store.insert(&[heard(&base, MIDNIGHT + 50, 0, -12, -60)]).unwrap();
        let mut swapping = Swapping { first: Cursor::new(&second), then: Cursor::new(&first), passes: 0 };
        let trust = trust();
        let mut search = store.search(&trust, &ReadOptions::default()).unwrap();
        let stopped = search.add_export_with(&mut swapping, NOW, |_| ControlFlow::Break(()));
        assert_eq!(stopped, Err(StoreError::File(ExportError::Cancelled)));
        assert_eq!(store.counts().unwrap().unfinished_searches, 1);
        assert_eq!(offer(&mut store, &second, NOW).unwrap().resumed_at, 0, "{other:?}");
        let found: Vec<_> = store.matches().unwrap().matches.iter().map(|found| found.key).collect();
        assert!(found.iter().all(|key| *key == other), "{found:?} is not in the file");
    }
}

/// A file with more hits than are held is refused, also when each part of it has fewer.
#[test]
fn the_limit_of_hits_is_for_the_file_and_not_for_each_step() {
    let folder = Folder::new();
    let mut store = folder.store().checkpoint_after(1);
    let keys = keys(60_000);
    let sightings: Vec<_> = keys.iter().step_by(600).map(|key| heard(key, MIDNIGHT, 0, -12, -60)).collect();
    store.insert(&sightings).unwrap();
    // Each of a hundred sightings is of two keys, which differ in their windows.
    let shorter = key(0, MIDNIGHT, 143, ReportType::ConfirmedTest).window;
    let twins: Vec<_> = keys.iter().step_by(600).map(|key| DiagnosisKey { window: shorter, ..*key }).collect();
    let zip = zip(&[keys, twins].concat(), &[]);
    let mut options = ReadOptions::default();
    options.limits.candidates = 199;
    let trust = trust();
    let mut stop_at = |keys| {
        let mut search = store.search(&trust, &options).unwrap();
        let outcome = search.add_export_with(Cursor::new(&zip), NOW, |progress| {
            if progress.keys >= keys { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        (outcome.unwrap_err(), store.counts().unwrap().unfinished_searches)
    };
    // In one go, and interrupted: nothing is kept, as it stays wrong.
    let too_many = StoreError::File(ExportError::TooManyCandidates { limit: 199 });
    assert_eq!(stop_at(u64::MAX), (too_many.clone(), 0));
    assert_eq!(stop_at(40_000), (StoreError::File(ExportError::Cancelled), 1));
    assert_eq!(stop_at(u64::MAX), (too_many, 0));
    options.limits.candidates = 200;
    let mut search = store.search(&trust, &options).unwrap();
    assert_eq!(search.add_export(Cursor::new(&zip), NOW).unwrap().sightings, 100);
}

#[test]
fn the_limit_of_hits_is_for_revised_keys_too() {
    let folder = Folder::new();
    let mut store = folder.store();
    let mut options = ReadOptions::default();
    options.limits.candidates = 2;
    let trust = trust();
    let mut search = store.search(&trust, &options).unwrap();
    let [two, three] = [2, 3].map(|count| zip(&[], &keys(count)));
    assert_eq!(search.add_export(Cursor::new(two), NOW).unwrap().summary.unwrap().revised_keys, 2);
    let refused = search.add_export(Cursor::new(three), NOW).unwrap_err();
    assert_eq!(refused, StoreError::File(ExportError::TooManyCandidates { limit: 2 }));
    assert_eq!(store.counts().unwrap().revised_keys, 2);
}

/// A disk that fails for a while is no reason to begin anew, and a file that is wrong is none to go on.
#[test]
fn a_search_goes_on_after_a_failure_to_read_and_not_after_another() {
    let folder = Folder::new();
    let mut store = folder.store().checkpoint_after(1);
    let zip = zip(&keys(60_000), &[]);
    let trust = trust();
    let is_gone = Cell::new(false);
    let mut search = store.search(&trust, &ReadOptions::default()).unwrap();
    let failed = search.add_export_with(Failing { zip: Cursor::new(&zip), is_gone: &is_gone }, NOW, |progress| {
        is_gone.set(progress.keys >= 20_000);
        ControlFlow::Continue(())
    });
    assert!(matches!(failed, Err(StoreError::File(ExportError::Unreadable { .. }))), "{failed:?}");
    assert_eq!(store.counts().unwrap().unfinished_searches, 1);
    let other = Trust::new(Signer::generate("440", "v2", &mut rng()).trusted_key());
    let refused =
        store.search(&other, &ReadOptions::default()).unwrap().add_export(Cursor::new(&zip), NOW).unwrap_err();
    assert!(matches!(refused, StoreError::File(_)), "{refused}");
    assert_eq!(store.counts().unwrap().unfinished_searches, 0);
}

/// A reader from a disk that may be gone.
struct Failing<'z> {
    zip: Cursor<&'z Vec<u8>>,
    is_gone: &'z Cell<bool>,
}

impl std::io::Read for Failing<'_> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        if self.is_gone.get() { Err(std::io::Error::other("the disk is gone")) } else { self.zip.read(buf) }
    }
}

impl std::io::Seek for Failing<'_> {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        self.zip.seek(to)
    }
}

/// What was kept of a zip is for sightings for which the same file was searched since, out of another zip.
#[test]
fn what_was_overtaken_by_another_zip_of_the_same_file_is_forgotten() {
    let folder = Folder::new();
    let mut store = folder.store().checkpoint_after(1);
    let keys = keys(40_000);
    let zip = zip(&keys, &[]);
    store.insert(&[heard(&keys[0], MIDNIGHT, 0, -12, -60)]).unwrap();
    assert_eq!(search_until(&mut store, &zip, 10_000), Err(StoreError::File(ExportError::Cancelled)));
    assert_eq!(offer(&mut store, &with_comment(&zip), NOW).unwrap().sightings, 1);
    assert_eq!(store.counts().unwrap().unfinished_searches, 1);
    store.insert(&[heard(&keys[1], MIDNIGHT, 0, -12, -60)]).unwrap();
    let searched = offer(&mut store, &zip, NOW).unwrap();
    assert_eq!((searched.sightings, searched.resumed_at), (1, 0));
    assert_eq!(store.matches().unwrap().matches.len(), 2);
    assert_eq!(store.counts().unwrap().unfinished_searches, 0);
}

/// The one that writes its first step later has been overtaken, and leaves the other's as it is.
#[test]
fn of_two_that_begin_at_once_one_goes_on() {
    let folder = Folder::new();
    let (mut store, mut other) = (folder.store().checkpoint_after(20_000), folder.store().checkpoint_after(1));
    let keys = keys(60_000);
    let zip = zip(&keys, &[]);
    store.insert(&[heard(&keys[0], MIDNIGHT, 0, -12, -60), heard(&keys[50_000], MIDNIGHT, 0, -12, -60)]).unwrap();
    let trust = trust();
    let mut is_first = true;
    let mut search = store.search(&trust, &ReadOptions::default()).unwrap();
    let overtaken = search.add_export_with(Cursor::new(&zip), NOW, |_| {
        if core::mem::take(&mut is_first) {
            search_until(&mut other, &zip, 1).unwrap_err();
        }
        ControlFlow::Continue(())
    });
    assert_eq!(overtaken, Err(StoreError::SearchedElsewhere));
    let resumed_at = offer(&mut store, &zip, NOW).unwrap().resumed_at;
    assert!((1..20_000).contains(&resumed_at), "{resumed_at}");
    assert_eq!(store.matches().unwrap().matches.len(), 2);
}

/// A comment at its end changes a zip and nothing in it.
fn with_comment(zip: &[u8]) -> Vec<u8> {
    let mut other = zip.to_vec();
    let length = other.len();
    other[length - 2] = 1;
    other.push(b'!');
    other
}

#[test]
fn a_known_export_in_another_zip_is_known() {
    let folder = Folder::new();
    let mut store = folder.store();
    let keys = keys(1);
    store.insert(&[heard(&keys[0], MIDNIGHT, 0, -12, -60)]).unwrap();
    let zip = zip(&keys, &[]);
    let other = with_comment(&zip);
    assert_eq!(offer(&mut store, &zip, NOW).unwrap().sightings, 1);
    let again = offer(&mut store, &other, NOW).unwrap();
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
