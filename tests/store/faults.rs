//! What may go wrong around a store: a typed error, or correct work.

use std::io::Cursor;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::{env, fs, thread};

use gaen::export::{ExportError, Limits, ReadOptions, Signer, Trust};
use gaen::keys::ReportType;
use gaen::store::{Store, StoreError};
use gaen::{Profile, Sighting};
use rusqlite::Connection;

use crate::signed::{rng, trust};
use crate::world::{Folder, MIDNIGHT, heard, key, offer, zip};

const DAY: u64 = 86_400;
const START: u64 = MIDNIGHT as u64 * 600;

fn sightings(count: u32) -> Vec<Sighting> {
    let sighting = |number| heard(&key(number, MIDNIGHT, 144, ReportType::ConfirmedTest), MIDNIGHT, 0, -12, -60);
    (0..count).map(sighting).collect()
}

#[test]
fn what_is_not_a_store_is_left_alone() {
    let folder = Folder::new();
    let path = folder.path().join("gaen.db");
    assert_eq!(Store::open_existing(&path).unwrap_err().code(), "missing");
    for bytes in [&b"SQLite format 3\0, they said"[..], b"{}", &[0; 5000]] {
        fs::write(&path, bytes).unwrap();
        assert_eq!(Store::open(&path, Profile::Google).unwrap_err().code(), "not_a_store");
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
    fs::remove_file(&path).unwrap();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE notes (text)").unwrap();
    let before = fs::read(&path).unwrap();
    assert_eq!(Store::open(&path, Profile::Google).unwrap_err().code(), "not_a_store");
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(Store::open(folder.path(), Profile::Google).unwrap_err().code(), "unreadable");
    let nowhere = folder.path().join("no/gaen.db");
    assert_eq!(Store::open(nowhere, Profile::Google).unwrap_err().code(), "unreadable");
}

#[test]
fn a_store_of_a_later_version_is_left_alone() {
    let folder = Folder::new();
    folder.store().insert(&sightings(3)).unwrap();
    let path = folder.path().join("gaen.db");
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 1000).unwrap();
    let before = fs::read(&path).unwrap();
    let error = Store::open(&path, Profile::Google).unwrap_err();
    assert!(matches!(error, StoreError::NewerSchema { found: 1000, known } if known < 1000), "{error}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[cfg(unix)]
#[test]
fn a_new_store_can_be_read_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new();
    let mut store = folder.store();
    store.insert(&sightings(3)).unwrap();
    let files = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap());
    let modes: Vec<_> =
        files.map(|file| (file.path(), file.metadata().unwrap().permissions().mode() & 0o777)).collect();
    assert!(modes.len() >= 2 && modes.iter().all(|(_, mode)| *mode == 0o600), "{modes:?}");
}

#[test]
fn sightings_are_stored_all_or_none() {
    let folder = Folder::new();
    let mut store = folder.store();
    let late = 1_u64 << 63;
    let mut some = sightings(3);
    some[2].time = late;
    assert_eq!(store.insert(&some), Err(StoreError::TimeTooLarge { position: 2, seconds: late }));
    some[2] = Sighting { previous_scan: Some(u64::MAX), ..some[0] };
    assert_eq!(store.insert(&some), Err(StoreError::TimeTooLarge { position: 2, seconds: u64::MAX }));
    assert_eq!(store.counts().unwrap().sightings, 0);
    some[2] = Sighting { time: late - 1, ..some[0] };
    store.insert(&some).unwrap();
    assert_eq!(store.sightings().unwrap(), some);
}

/// Every page of the file, overwritten: what the store says is what it said before, or an error, or `check` finds it.
#[test]
fn a_page_that_is_gone_is_noticed() {
    let folder = Folder::new();
    let path = folder.path().join("gaen.db");
    let mut store = folder.store();
    store.insert(&sightings(300)).unwrap();
    let keys: Vec<_> = (0..40).map(|number| key(number, MIDNIGHT, 144, ReportType::ConfirmedTest)).collect();
    offer(&mut store, &zip(&keys, &[]), START).unwrap();
    let (matches, all) = (store.matches().unwrap(), store.sightings().unwrap());
    assert_eq!(matches.matches.len(), 40);
    drop(store);

    let whole = fs::read(&path).unwrap();
    let (mut noticed, mut codes) = (0, std::collections::BTreeSet::new());
    for page in 0..whole.len() / 4096 {
        for byte in [0, 0x5a] {
            let mut bent = whole.clone();
            bent[page * 4096..][..4096].fill(byte);
            fs::write(&path, bent).unwrap();
            let said = Store::open_existing(&path).and_then(|store| {
                let said = (store.matches()?, store.sightings()?);
                Ok((said, store.check()?))
            });
            match said {
                Ok((said, wrong)) if wrong.is_empty() => assert!(said == (matches.clone(), all.clone()), "page {page}"),
                Ok(_) => noticed += 1,
                Err(error) => {
                    codes.insert(error.code());
                    noticed += 1;
                }
            }
        }
    }
    assert!(noticed >= 20 && codes.contains("damaged"), "{noticed} of {} pages, {codes:?}", whole.len() / 4096);
}

#[test]
fn two_at_once_lose_nothing() {
    let folder = Folder::new();
    drop(folder.store());
    let keys: Vec<_> = (0..200).map(|number| key(number, MIDNIGHT, 144, ReportType::ConfirmedTest)).collect();
    let zips: Vec<_> = keys.chunks(50).map(|keys| zip(keys, &[])).collect();
    let sightings = sightings(200);
    thread::scope(|scope| {
        for half in sightings.chunks(100) {
            scope.spawn(|| {
                let mut store = folder.store();
                for some in half.chunks(10) {
                    store.insert(some).unwrap();
                    for zip in &zips {
                        offer(&mut store, zip, START).unwrap();
                    }
                    let now = START + store.sightings().unwrap().len() as u64 * 60;
                    store.with_key_ring(|ring| ring.rotate(now, &mut rng()).map(|_| ())).unwrap().unwrap();
                }
            });
        }
    });
    let mut store = folder.store();
    for zip in &zips {
        offer(&mut store, zip, START).unwrap();
    }
    let counts = store.counts().unwrap();
    assert_eq!((counts.sightings, counts.matched_keys, counts.hits, counts.own_keys), (200, 200, 200, 1));
    assert_eq!(store.matches().unwrap().matches.len(), 200);
}

#[test]
fn who_waits_too_long_is_told_so() {
    let folder = Folder::new();
    let mut store = folder.store();
    let other = Connection::open(folder.path().join("gaen.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(store.insert(&sightings(1)), Err(StoreError::Busy));
    other.execute_batch("ROLLBACK").unwrap();
    store.insert(&sightings(1)).unwrap();
}

/// The clock jumps ahead, and nothing is erased until somebody says that it is right.
#[test]
fn a_clock_that_jumps_erases_nothing() {
    let folder = Folder::new();
    let mut store = folder.store();
    assert_eq!(store.purge(u64::MAX).unwrap().sightings, 0, "there is nothing to lose");
    let folder = Folder::new();
    store = folder.store();
    store.insert(&sightings(5)).unwrap();
    let first = START + 14 * DAY;
    let jumped = |before, now| Err(StoreError::ClockJumped { before, now });
    assert_eq!(store.purge(first + 2 * DAY + 1), jumped(first, first + 2 * DAY + 1), "never purged before");
    // The oldest says how long nothing was erased, and two days to the second are no jump.
    let folder = Folder::new();
    let mut other = folder.store();
    other.insert(&[Sighting { time: START + DAY, ..sightings(1)[0] }, sightings(1)[0]]).unwrap();
    assert_eq!(other.purge(first + 2 * DAY + 1), jumped(first, first + 2 * DAY + 1));
    assert_eq!(other.purge(first + 2 * DAY).unwrap().sightings, 2);
    assert_eq!(other.purge(first + 4 * DAY + 1), jumped(first + 2 * DAY, first + 4 * DAY + 1));
    assert_eq!(other.purge(first + 4 * DAY).unwrap().sightings, 0);

    assert_eq!(store.purge(START).unwrap().sightings, 0);
    for days in [3, 30, 3000] {
        assert_eq!(store.purge(START + days * DAY), jumped(START, START + days * DAY));
    }
    assert_eq!(store.purge(START - 2 * DAY).unwrap().sightings_from_the_future, 5, "back, and nothing is lost");
    assert_eq!(store.purge(START).unwrap().sightings, 0);
    assert_eq!(store.purge(START - 2 * DAY - 1), jumped(START, START - 2 * DAY - 1), "as far back as ahead");
    assert_eq!(store.purge(0), jumped(START, 0));
    assert_eq!(store.counts().unwrap().sightings, 5);
    let purged = store.purge_by_this_clock(first).unwrap();
    assert_eq!((purged.sightings, store.counts().unwrap().sightings), (5, 0));
}

/// Nothing says that a clock is wrong, and it is not believed for the next time either.
#[test]
fn a_clock_with_nothing_to_compare_it_with_is_not_remembered() {
    const IN_2033: u64 = 2_000_000_000;
    let jumped = |before, now| Err(StoreError::ClockJumped { before, now });
    for wrong in [IN_2033, 0, u64::MAX] {
        let folder = Folder::new();
        let mut store = folder.store();
        store.purge(wrong).unwrap();
        store.insert(&sightings(5)).unwrap();
        assert_eq!(store.purge(START).unwrap().sightings, 0, "first at {wrong}");
        assert_eq!(store.purge(IN_2033), jumped(START, IN_2033));
        assert_eq!(store.purge(0), jumped(START, 0));
        assert_eq!(store.purge(START + 2 * DAY).unwrap().sightings, 0);
    }
    // Before the first purge, the oldest sighting says when it may be.
    let folder = Folder::new();
    let mut store = folder.store();
    store.insert(&sightings(5)).unwrap();
    assert_eq!(store.purge(IN_2033), jumped(START + 14 * DAY, IN_2033));
    assert_eq!(store.purge(START - 2 * DAY - 1), jumped(START, START - 2 * DAY - 1));
    assert_eq!(store.purge(0), jumped(START, 0));
    // Nor is what no clock shows remembered if somebody says that it is right.
    store.purge_by_this_clock(0).unwrap();
    assert_eq!(store.purge(START + 14 * DAY - 1).unwrap().sightings, 0);
}

/// A sighting at 0 has a time that no clock shows, so it says nothing of the clock: not that today is far ahead of it.
#[test]
fn a_sighting_at_zero_is_nothing_to_compare_with() {
    let folder = Folder::new();
    let mut store = folder.store();
    let at_zero = Sighting { time: 0, ..sightings(1)[0] };
    store.insert(&[at_zero]).unwrap();
    assert_eq!(store.purge(0).unwrap().sightings, 0);
    assert_eq!(store.purge(START).unwrap().sightings, 1);
    store.insert(&[at_zero, sightings(1)[0]]).unwrap();
    let now = START + 17 * DAY;
    assert_eq!(store.purge(now), Err(StoreError::ClockJumped { before: START + 14 * DAY, now }));
    assert_eq!(store.purge(START).unwrap().sightings, 1);
}

#[test]
fn what_was_heard_at_the_end_of_time_is_no_obstacle() {
    let folder = Folder::new();
    let mut store = folder.store();
    let last = Sighting { time: i64::MAX.unsigned_abs(), ..sightings(1)[0] };
    store.insert(&[last]).unwrap();
    assert_eq!(store.purge(START).unwrap().sightings_from_the_future, 1);
    assert_eq!(store.sightings().unwrap(), [last]);
}

/// This second is not the future.
#[test]
fn what_is_later_than_the_clock_is_counted() {
    let folder = Folder::new();
    let mut store = folder.store();
    store.insert(&[START, START + 1].map(|time| Sighting { time, ..sightings(1)[0] })).unwrap();
    assert_eq!(store.purge(START).unwrap().sightings_from_the_future, 1);
}

/// To the second, with all that hangs on it.
#[test]
fn what_is_fourteen_days_old_goes_and_nothing_else() {
    let folder = Folder::new();
    let mut store = folder.store();
    let keys = [0, 1].map(|number| key(number, MIDNIGHT, 144, ReportType::ConfirmedTest));
    let revised = keys.map(|key| gaen::DiagnosisKey { report_type: ReportType::Revoked, ..key });
    let (first, second) = (heard(&keys[0], MIDNIGHT, 0, -12, -60), heard(&keys[1], MIDNIGHT, 1, -12, -60));
    store.insert(&[first, second]).unwrap();
    store.with_key_ring(|ring| ring.rotate(START, &mut rng()).map(|_| ())).unwrap().unwrap();
    offer(&mut store, &zip(&keys, &revised), START).unwrap();
    let mut today = START + 600;
    while today < START + 14 * DAY - 1 {
        let mut nothing = gaen::store::Purged::default();
        nothing.is_overwritten = true;
        assert_eq!(store.purge(today).unwrap(), nothing);
        today += DAY;
    }
    assert_eq!(store.purge(START + 14 * DAY - 1).unwrap().sightings, 0);
    let purged = store.purge(START + 14 * DAY).unwrap();
    assert_eq!((purged.sightings, purged.hits, purged.matched_keys, purged.files), (1, 1, 1, 0));
    assert_eq!(store.sightings().unwrap(), [second]);
    let purged = store.purge(START + 14 * DAY + 1).unwrap();
    assert_eq!((purged.sightings, purged.hits, purged.matched_keys, purged.files), (1, 1, 1, 0));
    // The keys ended a day after they began; until two hours later somebody may have heard them.
    assert_eq!(store.purge(START + 15 * DAY - 1).unwrap().own_keys, 0);
    let purged = store.purge(START + 15 * DAY + 7199).unwrap();
    assert_eq!((purged.own_keys, purged.revised_keys, purged.files), (1, 0, 0));
    let purged = store.purge(START + 15 * DAY + 7200).unwrap();
    assert_eq!((purged.own_keys, purged.revised_keys, purged.files), (0, 2, 1));
    let counts = store.counts().unwrap();
    assert_eq!((counts.sightings, counts.files, counts.hits, counts.own_keys), (0, 0, 0, 0));
}

/// What stays counts or not by what was there before it, erased or not, to the second.
#[test]
fn the_first_time_of_an_identifier_is_remembered_as_long_as_one_of_it_stays() {
    let folder = Folder::new();
    let mut store = folder.store();
    let key = key(1, MIDNIGHT, 144, ReportType::ConfirmedTest);
    let zip = zip(&[key], &[]);
    let at = |late| heard(&key, MIDNIGHT, late, -12, -60);
    let another = heard(&key, MIDNIGHT + 1, 1400, -12, -60);
    let mut after = |insert: &[Sighting], purge: u64| {
        store.insert(insert).unwrap();
        offer(&mut store, &zip, START + 3 * DAY).unwrap();
        store.purge_by_this_clock(START + 14 * DAY - 1 + purge).unwrap();
        store.matches().unwrap().matches.iter().map(|found| found.time - START).collect::<Vec<_>>()
    };
    assert_eq!(after(&[at(0), at(1000), at(1900), another], 0), [0, 1000, 2000]);
    assert_eq!(after(&[], 1), [1000, 2000], "the first is gone, and the third is still a replay");
    assert_eq!(after(&[], 1001), [2000], "the second is gone, and is not the first now");
    assert_eq!(after(&[at(1100)], 1001), [1100, 2000]);
    assert_eq!(after(&[at(-900)], 1001), [2000], "what is stored later and was heard earlier is the first");
    assert_eq!(after(&[at(5000)], 1901), [2000]);
    assert_eq!(after(&[], 1901), [2000]);
    assert_eq!(after(&[], 5001), [0; 0]);
}

#[test]
fn the_first_time_of_an_identifier_is_forgotten_with_the_last_of_it() {
    let folder = Folder::new();
    let mut store = folder.store();
    let key = key(1, MIDNIGHT, 144, ReportType::ConfirmedTest);
    let zip = zip(&[key], &[]);
    let (first, replay) = (heard(&key, MIDNIGHT, 0, -12, -60), heard(&key, MIDNIGHT, 1300, -12, -60));
    let stays = heard(&key, MIDNIGHT + 5, 0, -12, -60);
    store.insert(&[first, replay, stays]).unwrap();
    offer(&mut store, &zip, START).unwrap();
    for late in [0, 1300] {
        store.purge_by_this_clock(START + 14 * DAY + late).unwrap();
    }
    store.insert(&[replay]).unwrap();
    offer(&mut store, &zip, START).unwrap();
    assert_eq!(store.matches().unwrap().matches.len(), 2);
}

/// A file that is offered every day is remembered for as long, and one that nobody offers is forgotten.
#[test]
fn a_file_is_remembered_for_fourteen_days_after_it_was_last_offered() {
    let folder = Folder::new();
    let mut store = folder.store();
    let [here, gone] = [1, 2].map(|number| zip(&[key(number, MIDNIGHT, 144, ReportType::ConfirmedTest)], &[]));
    for day in 0..=20 {
        let now = START + day * DAY;
        let offered = offer(&mut store, &here, now).unwrap();
        assert_eq!(offered.summary.is_some(), day == 0);
        if day == 0 {
            offer(&mut store, &gone, now).unwrap();
        }
        let purged = store.purge(now).unwrap();
        assert_eq!((purged.files, store.files().unwrap().len()), (u64::from(day == 14), if day < 14 { 2 } else { 1 }));
    }
    assert_eq!(store.files().unwrap()[0].last_offered, START + 20 * DAY);
}

/// Somebody else who writes to the same row of an unfinished search has overtaken this one.
#[test]
fn a_search_that_was_overtaken_says_so() {
    use std::ops::ControlFlow;

    let folder = Folder::new();
    let mut store = folder.store().checkpoint_after(1);
    let keys: Vec<_> = (0..60_000_u32).map(|n| key(n.swap_bytes(), MIDNIGHT, 144, ReportType::ConfirmedTest)).collect();
    store.insert(&[heard(&keys[0], MIDNIGHT, 0, -12, -60)]).unwrap();
    let zip = zip(&keys, &[]);
    let trust = trust();
    let mut calls = 0;
    let outcome =
        store.search(&trust, &ReadOptions::default()).unwrap().add_export_with(Cursor::new(&zip), START, |_| {
            calls += 1;
            if calls == 2 {
                let other = Connection::open(folder.path().join("gaen.db")).unwrap();
                other.execute("UPDATE unfinished SET keys = keys + 1", []).unwrap();
            }
            ControlFlow::Continue(())
        });
    assert_eq!(outcome, Err(StoreError::SearchedElsewhere));
}

/// Two begin with one file, and the other has written its first step down when this one does.
#[test]
fn a_first_step_that_comes_second_says_so() {
    use std::ops::ControlFlow;

    let folder = Folder::new();
    let mut store = folder.store().checkpoint_after(20_000);
    let keys: Vec<_> = (0..40_000_u32).map(|n| key(n.swap_bytes(), MIDNIGHT, 144, ReportType::ConfirmedTest)).collect();
    store.insert(&[heard(&keys[0], MIDNIGHT, 0, -12, -60)]).unwrap();
    let zip = zip(&keys, &[]);
    let trust = trust();
    let mut other = folder.store().checkpoint_after(1);
    let mut stopped = None;
    let mut search = store.search(&trust, &ReadOptions::default()).unwrap();
    let outcome = search.add_export_with(Cursor::new(&zip), START, |_| {
        stopped.get_or_insert_with(|| {
            let mut search = other.search(&trust, &ReadOptions::default()).unwrap();
            search.add_export_with(Cursor::new(&zip), START, |_| ControlFlow::Break(()))
        });
        ControlFlow::Continue(())
    });
    assert_eq!(stopped, Some(Err(StoreError::File(ExportError::Cancelled))));
    assert_eq!(outcome, Err(StoreError::SearchedElsewhere));
    assert_eq!(store.counts().unwrap().unfinished_searches, 1);
    let searched = offer(&mut store, &zip, START).unwrap();
    assert!(searched.resumed_at > 0, "what the other did is not done again");
    assert_eq!(store.counts().unwrap().hits, 1);
}

/// A store searches this zip, and may hold back this many candidates beside as many as it has sightings.
fn offer_within(store: &mut Store, zip: &[u8], candidates: usize) -> Result<u64, StoreError> {
    let limits = Limits { candidates, ..Limits::default() };
    let options = ReadOptions { limits, ..ReadOptions::default() };
    let searched = store.search(&trust(), &options)?.add_export(Cursor::new(zip), START);
    searched.map(|searched| searched.sightings)
}

#[test]
fn more_candidates_than_the_limit_leave_no_trace() {
    let folder = Folder::new();
    let mut store = folder.store();
    // What was heard once is an identifier of three keys, which differ in their windows alone.
    let keys = [144, 143, 142].map(|period| key(7, MIDNIGHT, period, ReportType::ConfirmedTest));
    store.insert(&[heard(&keys[0], MIDNIGHT, 0, -12, -60)]).unwrap();
    for zip in [zip(&keys, &[]), zip(&keys[..1], &keys)] {
        let before = store.counts().unwrap();
        let refused = offer_within(&mut store, &zip, 2);
        assert_eq!(refused, Err(StoreError::File(ExportError::TooManyCandidates { limit: 2 })));
        assert_eq!(folder.store().counts().unwrap(), before);
        assert_eq!(offer_within(&mut store, &zip, 3), Ok(1));
    }
}

/// Who was near everybody in a file is told so, however low the limit.
#[test]
fn a_file_may_have_everything_that_was_heard() {
    let folder = Folder::new();
    let mut store = folder.store();
    let keys: Vec<_> = (0..3).map(|number| key(number, MIDNIGHT, 144, ReportType::ConfirmedTest)).collect();
    store.insert(&keys.iter().map(|key| heard(key, MIDNIGHT, 0, -12, -60)).collect::<Vec<_>>()).unwrap();
    assert_eq!(offer_within(&mut store, &zip(&keys, &[]), 0), Ok(3));
    assert_eq!(store.counts().unwrap().hits, 3);
}

/// Fails at this byte, after it was interrupted at every other reading.
struct Failing<'z>(Cursor<&'z [u8]>, u64, bool);

impl std::io::Read for Failing<'_> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        self.2 = !self.2;
        match self.0.position() {
            _ if self.2 => Err(std::io::ErrorKind::Interrupted.into()),
            position if position >= self.1 => Err(std::io::Error::other("the disk is gone")),
            position => {
                let left = usize::try_from(self.1 - position).unwrap_or(usize::MAX).min(buf.len());
                self.0.read(&mut buf[..left])
            }
        }
    }
}

impl std::io::Seek for Failing<'_> {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        self.0.seek(to)
    }
}

#[test]
fn a_reader_that_fails_says_nothing_of_the_file_and_one_that_was_interrupted_goes_on() {
    let folder = Folder::new();
    let mut store = folder.store();
    let key = key(7, MIDNIGHT, 144, ReportType::ConfirmedTest);
    store.insert(&[heard(&key, MIDNIGHT, 0, -12, -60)]).unwrap();
    let (zip, trust) = (zip(&[key], &[]), trust());
    let mut search = store.search(&trust, &ReadOptions::default()).unwrap();
    for at in [0, 1, zip.len() as u64 - 1] {
        let error = search.add_export(Failing(Cursor::new(&zip), at, false), START).unwrap_err();
        let detail = "the disk is gone".to_owned();
        assert_eq!(error, StoreError::File(ExportError::Unreadable { detail }), "byte {at}");
    }
    search.add_export(Failing(Cursor::new(&zip), u64::MAX, false), START).unwrap();
    assert_eq!((store.counts().unwrap().files, store.counts().unwrap().hits), (1, 1));
}

#[test]
fn what_was_erased_is_not_in_the_file_any_more() {
    let folder = Folder::new();
    let mut store = folder.store();
    let sightings = sightings(500);
    store.insert(&sightings).unwrap();
    let secret = *store
        .with_key_ring(|ring| *ring.rotate(START, &mut rng()).unwrap().key().key().expose_secret())
        .as_ref()
        .unwrap();
    let files = || {
        let read = |entry: std::io::Result<fs::DirEntry>| fs::read(entry.unwrap().path()).unwrap();
        fs::read_dir(folder.path()).unwrap().map(read).collect::<Vec<_>>().concat()
    };
    let is_there = |files: &[u8], needle: &[u8]| files.windows(needle.len()).any(|bytes| bytes == needle);
    let before = files();
    let needles = [sightings[0].rpi.as_bytes(), sightings[499].rpi.as_bytes(), &secret];
    assert!(needles.iter().all(|needle| is_there(&before, *needle)));
    store.purge_by_this_clock(START + 14 * DAY).unwrap();
    store.with_key_ring(gaen::KeyRing::clear).unwrap();
    // Erased keys are in the log until it is written back.
    store.purge_by_this_clock(START + 14 * DAY).unwrap();
    let after = files();
    assert!(!needles.iter().any(|needle| is_there(&after, *needle)));
}

/// Who reads holds the log, and what was erased is in it until the store is opened after that.
#[test]
fn what_could_not_be_overwritten_is_told_and_overwritten_at_the_next_opening() {
    let folder = Folder::new();
    let mut store = folder.store();
    let sightings = sightings(50);
    store.insert(&sightings).unwrap();
    let is_there = || {
        let read = |name| fs::read(folder.path().join(name)).unwrap_or_default();
        let needle = sightings[7].rpi;
        ["gaen.db", "gaen.db-wal"].map(|name| read(name).windows(16).any(|bytes| bytes == needle.as_bytes()))
    };
    let reader = Connection::open(folder.path().join("gaen.db")).unwrap();
    reader.execute_batch("BEGIN; SELECT * FROM sightings").unwrap();
    let purged = store.purge(START + 14 * DAY).unwrap();
    assert_eq!((purged.sightings, purged.is_overwritten), (50, false));
    assert!(is_there().contains(&true));
    drop(folder.store());
    assert!(is_there().contains(&true), "still in the way");
    reader.execute_batch("ROLLBACK").unwrap();
    let again = folder.store();
    assert_eq!(is_there(), [false, false]);
    drop(again);
    assert!(store.purge(START + 14 * DAY).unwrap().is_overwritten);
}

/// COCOA lost files whose download had broken: it counted them as done.
#[test]
fn a_broken_download_is_searched_when_it_is_whole() {
    let folder = Folder::new();
    let mut store = folder.store();
    let key = key(7, MIDNIGHT, 144, ReportType::ConfirmedTest);
    store.insert(&[heard(&key, MIDNIGHT, 0, -12, -60)]).unwrap();
    let whole = zip(&[key], &[]);
    for length in [0, 1, whole.len() / 2, whole.len() - 1] {
        let error = offer(&mut store, &whole[..length], START).unwrap_err();
        assert!(matches!(error, StoreError::File(_)), "{error}");
        assert!(store.files().unwrap().is_empty());
    }
    assert_eq!(offer(&mut store, &whole, START).unwrap().sightings, 1);
    assert_eq!(store.matches().unwrap().matches.len(), 1);
}

#[test]
fn a_file_whose_signers_are_trusted_no_more_is_refused() {
    let folder = Folder::new();
    let mut store = folder.store();
    let key = key(7, MIDNIGHT, 144, ReportType::ConfirmedTest);
    store.insert(&[heard(&key, MIDNIGHT, 0, -12, -60)]).unwrap();
    let zip = zip(&[key], &[]);
    offer(&mut store, &zip, START).unwrap();
    let other = Trust::new(Signer::generate("440", "v2", &mut rng()).trusted_key());
    let offer = |store: &mut Store, trust: &Trust| {
        store.search(trust, &ReadOptions::default()).unwrap().add_export(Cursor::new(&zip), START)
    };
    assert!(matches!(offer(&mut store, &other), Err(StoreError::File(_))), "known, and not believed");
    let both = other.or(crate::signed::signer().trusted_key());
    assert_eq!(offer(&mut store, &both).unwrap().summary, None, "believed and known");
    assert_eq!(store.matches().unwrap().matches.len(), 1);
}

#[test]
fn unverified_files_leave_no_trace() {
    let folder = Folder::new();
    let mut store = folder.store().checkpoint_after(1);
    let keys: Vec<_> = (0..40_000_u32).map(|n| key(n.swap_bytes(), MIDNIGHT, 144, ReportType::ConfirmedTest)).collect();
    let heard: Vec<_> = keys.iter().take(50).map(|key| heard(key, MIDNIGHT, 0, -12, -60)).collect();
    store.insert(&heard).unwrap();
    let other = Trust::new(
        Signer::generate("440", "v1", &mut <rand::rngs::StdRng as rand::SeedableRng>::seed_from_u64(9)).trusted_key(),
    );
    let zip = zip(&keys, &[]);
    let refused = store.search(&other, &ReadOptions::default()).unwrap().add_export(Cursor::new(&zip), START);
    assert!(matches!(refused, Err(StoreError::File(ExportError::SignatureInvalid { .. }))), "{refused:?}");
    let counts = store.counts().unwrap();
    assert_eq!((counts.files, counts.hits, counts.matched_keys, counts.unfinished_searches), (0, 0, 0, 0));
}

/// For the process that runs where there is no room, or nothing can be written.
const FOLDER: &str = "GAEN_STORE_FOLDER";

/// Runs one of the ignored tests in a mount namespace of its own, after these commands, in which `$1` is the folder.
/// False where that is not possible.
fn elsewhere(folder: &Path, commands: &str, test: &str) -> bool {
    let script = format!("{commands} || exit 77; shift; exec \"$@\"");
    let mut command = Command::new("unshare");
    command.args(["-rm", "sh", "-c", &script, "sh"]).arg(folder).arg(env::current_exe().unwrap());
    command.args(["--exact", test, "--ignored"]).env(FOLDER, folder).process_group(0);
    let Ok(output) = command.output() else { return false };
    if output.status.code() == Some(77) || String::from_utf8_lossy(&output.stderr).starts_with("unshare:") {
        return false;
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    true
}

#[test]
#[cfg(target_os = "linux")]
fn no_room_and_nothing_to_write_to() {
    let folder = Folder::new();
    let full = elsewhere(folder.path(), "mount -t tmpfs -o size=400k none \"$1\"", "faults::no_room");
    folder.store().insert(&sightings(10)).unwrap();
    let mount = "mount --bind \"$1\" \"$1\" && mount -o remount,ro,bind \"$1\"";
    let read_only = elsewhere(folder.path(), mount, "faults::read_only");
    if !(full && read_only) {
        eprintln!("!!! no mount namespace here: a full disk and a read-only one are NOT checked");
    }
}

#[test]
#[ignore = "is run by the test above, where there is no room"]
fn no_room() {
    let folder = env::var(FOLDER).unwrap();
    let mut store = Store::open(Path::new(&folder).join("gaen.db"), Profile::Google).unwrap();
    let mut stored = 0;
    let error = loop {
        match store.insert(&sightings(100)) {
            Ok(()) => stored += 100,
            Err(error) => break error,
        }
    };
    assert_eq!((error.code(), store.counts().unwrap().sightings), ("full", stored));
    assert!(stored > 1000, "{stored}");
    let key = key(7, MIDNIGHT, 144, ReportType::ConfirmedTest);
    assert_eq!(offer(&mut store, &zip(&[key], &[]), START).unwrap_err().code(), "full");
    assert_eq!(store.counts().unwrap().files, 0);
    drop(store);
    let store = Store::open_existing(Path::new(&folder).join("gaen.db")).unwrap();
    assert_eq!((store.counts().unwrap().sightings, store.check().unwrap()), (stored, Vec::new()));
}

#[test]
#[ignore = "is run by the test above, where nothing can be written"]
fn read_only() {
    let path = Path::new(&env::var(FOLDER).unwrap()).join("gaen.db");
    assert_eq!(Store::open_existing(&path).unwrap_err(), StoreError::ReadOnly);
    assert_eq!(Store::open(path, Profile::Google).unwrap_err(), StoreError::ReadOnly);
    let new = Path::new(&env::var(FOLDER).unwrap()).join("new.db");
    assert_eq!(Store::open(new, Profile::Google).unwrap_err(), StoreError::ReadOnly);
}

#[test]
fn only_one_searches_a_large_file_at_a_time() {
    use std::ops::ControlFlow;

    let folder = Folder::new();
    let mut store = folder.store().checkpoint_after(1);
    let keys: Vec<_> = (0..40_000_u32).map(|n| key(n.swap_bytes(), MIDNIGHT, 144, ReportType::ConfirmedTest)).collect();
    store.insert(&[heard(&keys[39_000], MIDNIGHT, 0, -12, -60)]).unwrap();
    let zip = zip(&keys, &[]);
    let trust = trust();
    let mut other = folder.store().checkpoint_after(1);
    let mut outcome = None;
    let mut search = store.search(&trust, &ReadOptions::default()).unwrap();
    let one = search.add_export_with(Cursor::new(&zip), START, |_| {
        // Between two steps of this one, the other does it all.
        outcome.get_or_insert_with(|| offer(&mut other, &zip, START));
        ControlFlow::Continue(())
    });
    assert_eq!(outcome.unwrap().unwrap().sightings, 1);
    // The one that was overtaken says so, or has found the same.
    assert!(matches!(one, Ok(_) | Err(StoreError::SearchedElsewhere)), "{one:?}");
    assert_eq!((store.counts().unwrap().hits, store.counts().unwrap().unfinished_searches), (1, 0));
    assert_eq!(offer(&mut store, &zip, START).unwrap().summary, None);
}
