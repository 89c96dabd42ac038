//! What is taken back is what was backed up, beside what has happened since; and what is no backup changes nothing.

use std::fs;
use std::io::Cursor;
use std::sync::LazyLock;

use base64ct::{Base64, Encoding};
use gaen::backup::{BackupError, BackupIdentity, BackupLimits, BackupRecipient, is_backup};
use gaen::export::{ExportBuilder, ReadOptions, Signer, Trust, UnverifiedExport};
use gaen::exposure::{DiagnosisKeysDataMapping, NotJudged};
use gaen::matching::HeardMetadata;
use gaen::store::{Store, StoreError};
use gaen::{DiagnosisKey, EnIntervalNumber, Profile, Sighting};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rusqlite::Connection;
use rusqlite::types::Value;
use sha2::{Digest, Sha256};

use crate::model::{file, sighting};
use crate::signed::trust;
use crate::world::{Folder, MIDNIGHT, heard, key, offer, zip};

const DAY: u64 = 86_400;
const NOW: u64 = MIDNIGHT as u64 * 600;

/// Two pairs of keys that are for nothing else.
pub(crate) const IDENTITY: &str = "AGE-SECRET-KEY-1QYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZ9K4CN";
pub(crate) const RECIPIENT: &str = "age15nsf9y4k28p83wth93tf7hafhvfajp45d2mge80ems45gz0c5gys3me64l";
const OTHER_IDENTITY: &str = "AGE-SECRET-KEY-1QGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQ0N3JDM";

fn back_up(store: &mut Store) -> Vec<u8> {
    let mut backup = Vec::new();
    store.back_up(&RECIPIENT.parse().unwrap(), &mut backup).unwrap();
    backup
}

fn restore(store: &mut Store, backup: &[u8]) -> Result<gaen::store::Restored, StoreError> {
    store.restore(&IDENTITY.parse().unwrap(), backup, &BackupLimits::default())
}

/// Every row of a store, by what it says, without numbers that mean nothing outside of it.
fn rows(folder: &Folder) -> Vec<(&'static str, Vec<Value>)> {
    let database = Connection::open(folder.path().join("gaen.db")).unwrap();
    let tables = [
        "SELECT profile, last_purge, ring_latest, ring_elapsed FROM store",
        "SELECT rpi, aem, rssi, time, previous_scan FROM sightings ORDER BY id",
        "SELECT key, start, period, used_until, released, generated_at FROM own_keys ORDER BY position",
        "SELECT id, export_sha256, export_bin_bytes, start_timestamp, end_timestamp, region, keys, revised_keys,
            skipped_keys, verified_by, trust, first_interval, last_interval, first_offered, last_offered
         FROM files ORDER BY id",
        "SELECT zip_sha256, file FROM zips ORDER BY 1",
        "SELECT file, number, key_data, start, period, transmission_risk_level, report_type, days_since_onset,
            variant_of_concern FROM matched_keys ORDER BY file, number",
        "SELECT key_data, start, period, interval, sighting FROM hits JOIN matched_keys ON id = key ORDER BY 1, 2, 3, 4, 5",
        "SELECT key_data, start, period, interval, time FROM first_heard JOIN matched_keys ON id = key ORDER BY 1, 2, 3, 4",
        "SELECT * FROM revised_keys ORDER BY file, number",
        "SELECT * FROM awaited_files ORDER BY export_sha256",
        "SELECT * FROM restored_first_heard ORDER BY rpi, interval",
    ];
    let mut found = Vec::new();
    for sql in tables {
        let mut statement = database.prepare(sql).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            found.push((sql, (0..columns).map(|column| row.get(column).unwrap()).collect()));
        }
    }
    found
}

/// Those of them that a backup brings.
fn brought(folder: &Folder) -> Vec<(&'static str, Vec<Value>)> {
    let tables = ["SELECT profile, last_purge", "SELECT rpi, aem", "SELECT key, start, period, used_until"];
    rows(folder).into_iter().filter(|(sql, _)| tables.iter().any(|table| sql.starts_with(table))).collect()
}

#[derive(Clone, Debug)]
enum Step {
    Insert(Vec<Index>),
    Offer(Index),
    Purge(u64),
    /// So many hours after the first midnight.
    Rotate(u64),
    Release(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => prop::collection::vec(any::<Index>(), 1..12).prop_map(Step::Insert),
        4 => any::<Index>().prop_map(Step::Offer),
        1 => select(vec![0, 599, 1200, 2400, 43_200]).prop_map(Step::Purge),
        1 => (0..80_u64).prop_map(Step::Rotate),
        1 => (0..80_u64).prop_map(Step::Release),
    ]
}

/// Sightings, files, and what is done with them in one store and in another.
struct World {
    sightings: Vec<Sighting>,
    zips: Vec<Vec<u8>>,
    rng: StdRng,
}

impl World {
    fn new(sightings: Vec<Sighting>, files: &[(Vec<DiagnosisKey>, Vec<DiagnosisKey>)]) -> Self {
        let zips = files.iter().map(|(keys, revised)| zip(keys, revised)).collect();
        Self { sightings, zips, rng: StdRng::seed_from_u64(1) }
    }

    fn run(&mut self, store: &mut Store, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Insert(chosen) => {
                    let chosen: Vec<_> = chosen.iter().map(|index| *index.get(&self.sightings)).collect();
                    store.insert(&chosen).unwrap();
                }
                Step::Offer(index) => drop(offer(store, &self.zips[index.index(self.zips.len())], NOW).unwrap()),
                Step::Purge(late) => drop(store.purge_by_this_clock(NOW + 14 * DAY + late).unwrap()),
                Step::Rotate(hours) => {
                    store.with_key_ring(|ring| drop(ring.rotate(NOW + hours * 3600, &mut self.rng).unwrap())).unwrap();
                }
                Step::Release(hours) => {
                    let release = NOW + hours * 3600;
                    store.with_key_ring(|ring| drop((ring.release(release), ring.release_today(release)))).unwrap();
                }
            }
        }
    }

    fn offer_all(&self, store: &mut Store) {
        for zip in &self.zips {
            offer(store, zip, NOW).unwrap();
        }
    }
}

/// A match by what it says: file, key, interval, sighting.
type Found = ([u8; 32], DiagnosisKey, EnIntervalNumber, Sighting);

/// What a store says, without its numbers.
fn said(store: &Store, folder: &Folder) -> (Vec<Found>, usize, Vec<DiagnosisKey>) {
    let files: Vec<_> = store.files().unwrap().into_iter().map(|file| (file.id, file.export_sha256)).collect();
    let sha256 = |id| files.iter().find(|(file, _)| *file == id).unwrap().1;
    let sightings = numbered(store, folder);
    let sighting = |id: usize| sightings.iter().find(|(number, _)| *number == id).unwrap().1;
    let report = store.matches().unwrap();
    let found = report.matches.iter().map(|m| (sha256(m.source), m.key, m.interval, sighting(m.sighting)));
    (found.collect(), report.dropped.len(), store.revised_keys().unwrap())
}

/// The sightings of a store with their numbers.
fn numbered(store: &Store, folder: &Folder) -> Vec<(usize, Sighting)> {
    let database = Connection::open(folder.path().join("gaen.db")).unwrap();
    let mut statement = database.prepare("SELECT id FROM sightings ORDER BY id").unwrap();
    let ids: Vec<usize> = statement
        .query_map([], |row| row.get::<_, i64>(0))
        .unwrap()
        .map(|id| usize::try_from(id.unwrap()).unwrap())
        .collect();
    ids.into_iter().zip(store.sightings().unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn an_empty_store_becomes_the_same(
        sightings in prop::collection::vec(sighting(), 1..40),
        files in prop::collection::vec(file(), 1..5),
        steps in prop::collection::vec(step(), 1..24),
    ) {
        let (here, there) = (Folder::new(), Folder::new());
        let mut theirs = there.store();
        let mut world = World::new(sightings, &files);
        world.run(&mut theirs, &steps);
        let backup = back_up(&mut theirs);

        let mut ours = here.store();
        let restored = restore(&mut ours, &backup).unwrap();
        prop_assert_eq!(brought(&here), brought(&there));
        prop_assert_eq!(ours.check().unwrap(), Vec::<String>::new());
        let (new, all) = (restored.added, theirs.counts().unwrap());
        prop_assert_eq!((new.sightings, new.own_keys, new.awaited_files), (all.sightings, all.own_keys, all.files));
        prop_assert_eq!(restored.sightings_already_there, 0);
        // Nothing that was found there counts, nor does a file count as searched.
        prop_assert_eq!((new.files, new.matched_keys, new.hits, new.revised_keys), (0, 0, 0, 0));
        prop_assert_eq!(ours.matches().unwrap().matches, vec![]);
        let mut searched: Vec<_> = theirs.files().unwrap().iter().map(|file| file.export_sha256).collect();
        let mut awaited: Vec<_> = ours.awaited_files().unwrap().iter().map(|file| file.export_sha256).collect();
        awaited.sort_unstable();
        let offer = |store: &mut Store, order: &[[u8; 32]]| {
            for sha256 in order {
                offer(store, world.zips.iter().find(|zip| sha256_of(zip) == *sha256).unwrap(), NOW).unwrap();
            }
        };

        // The same backup again brings nothing, and so does a backup of what was restored.
        let before = rows(&here);
        restore(&mut ours, &backup).unwrap();
        prop_assert_eq!(rows(&here), before.clone());
        let further = Folder::new();
        restore(&mut further.store(), &back_up(&mut ours)).unwrap();
        prop_assert_eq!(rows(&further), before);

        // Once the files were offered again, it is as it was there.
        offer(&mut ours, &searched);
        offer(&mut theirs, &searched);
        searched.sort_unstable();
        prop_assert_eq!(awaited, searched);
        let late = steps.iter().filter_map(|step| if let Step::Purge(late) = step { Some(*late) } else { None }).max();
        if let Some(late) = late {
            for store in [&mut ours, &mut theirs] {
                store.purge_by_this_clock(NOW + 14 * DAY + late).unwrap();
            }
        }
        prop_assert_eq!(said(&ours, &here), said(&theirs, &there));
        prop_assert_eq!(ours.awaited_files().unwrap(), vec![]);
    }

    #[test]
    fn two_stores_become_one(
        sightings in prop::collection::vec(sighting(), 1..40),
        files in prop::collection::vec(file(), 1..5),
        common in prop::collection::vec(step(), 0..8),
        here in prop::collection::vec(step(), 0..12),
        there in prop::collection::vec(step(), 0..12),
    ) {
        // Erasing is not the same before and after; it is looked at above.
        let steps = |steps: &[Step]| -> Vec<_> {
            steps.iter().filter(|step| !matches!(step, Step::Purge(_))).cloned().collect()
        };
        let (common, here, there) = (steps(&common), steps(&here), steps(&there));
        let mut world = World::new(sightings, &files);
        let (our_folder, their_folder, one_folder) = (Folder::new(), Folder::new(), Folder::new());
        let (mut ours, mut theirs, mut one) = (our_folder.store(), their_folder.store(), one_folder.store());
        for store in [&mut ours, &mut theirs, &mut one] {
            world.rng = StdRng::seed_from_u64(2);
            world.run(store, &common);
        }
        world.run(&mut ours, &here);
        world.run(&mut theirs, &there);
        let searched = |store: &Store| -> Vec<_> {
            store.files().unwrap().into_iter().map(|file| (file.export_sha256, file.is_up_to_date)).collect()
        };
        let (ring_before, said_before) = (ring(&mut ours), said(&ours, &our_folder));
        restore(&mut ours, &back_up(&mut theirs)).unwrap();
        prop_assert_eq!(said(&ours, &our_folder), said_before, "a backup says nothing of files");
        prop_assert_eq!(ours.check().unwrap(), Vec::<String>::new());

        // In one store: our sightings, then those of theirs that are more; our files, then theirs.
        let mut more = theirs.sightings().unwrap();
        world.run(&mut one, &here.iter().filter(|step| matches!(step, Step::Insert(_) | Step::Offer(_))).cloned().collect::<Vec<_>>());
        for known in one.sightings().unwrap() {
            if let Some(position) = more.iter().position(|sighting| *sighting == known) {
                more.remove(position);
            }
        }
        one.insert(&more).unwrap();
        prop_assert_eq!(ours.sightings().unwrap(), one.sightings().unwrap());
        let order: Vec<_> = searched(&theirs).into_iter().map(|(sha256, _)| sha256).collect();
        let mut in_their_order: Vec<_> = world.zips.iter().collect();
        in_their_order.sort_by_key(|zip| {
            let sha256 = sha256_of(zip);
            order.iter().position(|file| *file == sha256).unwrap_or(usize::MAX)
        });
        for zip in &in_their_order {
            offer(&mut one, zip, NOW).unwrap();
        }
        for zip in &in_their_order {
            offer(&mut ours, zip, NOW).unwrap();
        }
        prop_assert_eq!(said(&ours, &our_folder), said(&one, &one_folder));
        world.offer_all(&mut ours);
        prop_assert_eq!(said(&ours, &our_folder), said(&one, &one_folder));

        // No key of ours or theirs is missing, and none that was released is current.
        let after = ring(&mut ours);
        for (bytes, released) in ring_before.into_iter().chain(ring(&mut theirs)) {
            let found = after.iter().find(|(key, _)| *key == bytes);
            prop_assert!(found.is_some_and(|(_, still)| *still || !released));
        }
    }
}

fn ring(store: &mut Store) -> Vec<([u8; 16], bool)> {
    store
        .with_key_ring(|ring| ring.keys().map(|key| (*key.key().expose_secret(), key.is_released())).collect())
        .unwrap()
}

/// A key is in two files that both stores know, in another order, and what was heard of it is only in the backup.
#[test]
fn a_key_comes_first_where_it_comes_first_here() {
    let (here, there) = (Folder::new(), Folder::new());
    let (mut ours, mut theirs) = (here.store(), there.store());
    let reported = |report_type| key(1, MIDNIGHT, 144, report_type);
    let [first, second] = [gaen::keys::ReportType::SelfReport, gaen::keys::ReportType::ConfirmedTest].map(reported);
    let (first_zip, second_zip) = (zip(&[first], &[]), zip(&[second], &[]));
    offer(&mut ours, &first_zip, NOW).unwrap();
    offer(&mut ours, &second_zip, NOW).unwrap();
    theirs.insert(&[heard(&first, MIDNIGHT, 0, -12, -60)]).unwrap();
    offer(&mut theirs, &second_zip, NOW).unwrap();
    offer(&mut theirs, &first_zip, NOW).unwrap();

    restore(&mut ours, &back_up(&mut theirs)).unwrap();
    let matched = |store: &Store| store.matches().unwrap().matches.iter().map(|m| m.key).collect::<Vec<_>>();
    assert_eq!((matched(&theirs), matched(&ours)), (vec![second], vec![]));
    for zip in [&first_zip, &second_zip] {
        assert_eq!(offer(&mut ours, zip, NOW).unwrap().sightings, 1);
    }
    assert_eq!(matched(&ours), [first]);
}

/// What is left of an identifier counts or not by when it was first heard, here or there.
#[test]
fn the_first_time_is_the_earlier_of_here_and_there() {
    let key = key(1, MIDNIGHT, 144, gaen::keys::ReportType::ConfirmedTest);
    let zip = zip(&[key], &[]);
    let (here, there) = (Folder::new(), Folder::new());
    let (mut early, mut late) = (here.store(), there.store());
    for (store, erased) in [(&mut early, 0), (&mut late, 200)] {
        store.insert(&[heard(&key, MIDNIGHT, erased, -12, -60), heard(&key, MIDNIGHT, 1300, -12, -60)]).unwrap();
        offer(store, &zip, NOW).unwrap();
        store.purge_by_this_clock(NOW + 14 * DAY + 200).unwrap();
    }
    let matches = |store: &Store| store.matches().unwrap().matches.len();
    assert_eq!((matches(&early), matches(&late)), (0, 1));
    let (of_early, of_late) = (back_up(&mut early), back_up(&mut late));
    restore(&mut early, &of_late).unwrap();
    restore(&mut late, &of_early).unwrap();
    assert_eq!((matches(&early), matches(&late)), (0, 0));
}

#[test]
fn a_file_of_a_backup_is_awaited_until_it_is_offered_or_too_old() {
    let (here, there) = (Folder::new(), Folder::new());
    let (mut ours, mut theirs) = (here.store(), there.store());
    let keys = [1, 2, 3].map(|number| key(number, MIDNIGHT, 144, gaen::keys::ReportType::SelfReport));
    let [first, second, third] = keys.map(|key| zip(&[key], &[]));
    theirs.insert(&[heard(&keys[1], MIDNIGHT, 0, -12, -60)]).unwrap();
    for zip in [&first, &second, &third] {
        offer(&mut theirs, zip, NOW).unwrap();
    }
    offer(&mut theirs, &third, NOW + 2 * DAY).unwrap();
    offer(&mut ours, &first, NOW).unwrap();
    restore(&mut ours, &back_up(&mut theirs)).unwrap();
    let awaited = |store: &Store| {
        let files = store.awaited_files().unwrap();
        let mut files: Vec<_> = files.iter().map(|f| (f.last_offered, f.matched_keys, f.export_sha256)).collect();
        files.sort_unstable();
        files
    };
    let [second_sha256, third_sha256] = [&second, &third].map(|zip| sha256_of(zip));
    assert_eq!(awaited(&ours), [(NOW, 1, second_sha256), (NOW + 2 * DAY, 0, third_sha256)]);
    assert_eq!(ours.matches().unwrap().matches, []);
    let searched = offer(&mut ours, &second, NOW).unwrap();
    assert!(searched.summary.is_some() && searched.sightings == 1, "it is verified and searched");
    assert_eq!(ours.matches().unwrap().matches.len(), 1);
    assert_eq!(awaited(&ours), [(NOW + 2 * DAY, 0, third_sha256)]);
    ours.purge_by_this_clock(NOW + 16 * DAY - 1).unwrap();
    assert_eq!(ours.counts().unwrap().awaited_files, 1);
    ours.purge_by_this_clock(NOW + 16 * DAY).unwrap();
    assert_eq!(ours.counts().unwrap().awaited_files, 0);
}

/// Anybody who knows the public key can have made a backup.
#[test]
fn a_backup_cannot_notify() {
    let known = key(1, MIDNIGHT, 144, gaen::keys::ReportType::ConfirmedTest);
    let forged = key(9, MIDNIGHT, 144, gaen::keys::ReportType::ConfirmedTest);
    let genuine = zip(&[known], &[]);
    let there = Folder::new();
    let mut theirs = there.store();
    theirs.insert(&[heard(&forged, MIDNIGHT, 0, -12, -60)]).unwrap();
    // Signed by whom we do not trust.
    let mut rng = StdRng::seed_from_u64(9);
    let other = Signer::generate("440-forged", "v1", &mut rng);
    let export = ExportBuilder::new("440", NOW, NOW + DAY).keys(vec![known, forged]);
    let signed = export.build([&other], &mut rng).unwrap().remove(0).zip;
    let believed = Trust::new(other.trusted_key());
    theirs.search(&believed, &ReadOptions::default()).unwrap().add_export(Cursor::new(&signed), NOW).unwrap();
    assert_eq!(theirs.matches().unwrap().matches.len(), 1);
    // Of a file that we trust it says that the key was in it, that it was searched, and whose signature it had.
    offer(&mut theirs, &genuine, NOW).unwrap();
    drop(theirs);
    let path = there.path().join("gaen.db");
    let forge = "UPDATE matched_keys SET file = 2, number = 1;
                 UPDATE files SET trust = (SELECT trust FROM files WHERE id = 2)";
    Connection::open(&path).unwrap().execute_batch(forge).unwrap();

    let folder = Folder::new();
    let mut ours = folder.store();
    ours.restore_image(&fs::read(path).unwrap()).unwrap();
    for offered in [None, Some(&signed), Some(&genuine), Some(&signed)] {
        if let Some(zip) = offered {
            let outcome = offer(&mut ours, zip, NOW).map(|searched| (searched.summary.is_some(), searched.sightings));
            let code = outcome.as_ref().map_err(StoreError::code);
            assert!(code == Ok(&(true, 1)) || (code == Err("unknown_key") && zip == &signed), "{outcome:?}");
        }
        assert_eq!(ours.matches().unwrap().matches, []);
        assert_eq!(ours.encounters(&DiagnosisKeysDataMapping::default()).unwrap(), []);
        assert_eq!(ours.revised_keys().unwrap(), []);
    }
    let waiting: Vec<_> = ours.awaited_files().unwrap().iter().map(|file| file.export_sha256).collect();
    assert_eq!(waiting, [sha256_of(&signed)]);
}

/// A match may be in a file that the backup knew. Until it is offered, nobody says that there is none.
#[test]
fn a_backup_does_not_calm() {
    let near = key(1, MIDNIGHT, 144, gaen::keys::ReportType::ConfirmedTest);
    let [matched, other] = [near, key(2, MIDNIGHT, 144, near.report_type)].map(|key| zip(&[key], &[]));
    let (here, there) = (Folder::new(), Folder::new());
    let (mut ours, mut theirs) = (here.store(), there.store());
    theirs.insert(&[heard(&near, MIDNIGHT, 0, -12, -60)]).unwrap();
    offer(&mut theirs, &matched, NOW).unwrap();
    restore(&mut ours, &back_up(&mut theirs)).unwrap();
    let basis = |store: &Store| {
        let basis = store.basis(0).unwrap();
        (basis.files.used, basis.files.awaited, basis.obstacle(NOW + DAY))
    };
    assert_eq!(basis(&theirs), (1, 0, None));
    assert_eq!(basis(&ours), (0, 1, Some(NotJudged::NoFile)));
    offer(&mut ours, &other, NOW).unwrap();
    assert_eq!(basis(&ours), (1, 1, Some(NotJudged::FilesAwaited)));
    offer(&mut ours, &matched, NOW).unwrap();
    assert_eq!(basis(&ours), (2, 0, None));
}

#[test]
fn a_backup_of_exactly_the_limit_is_read() {
    let (here, there) = (Folder::new(), Folder::new());
    let backup = back_up(&mut full(&there));
    let mut ours = here.store();
    let mut is_read = |database_bytes| {
        let limits = BackupLimits { database_bytes, ..BackupLimits::default() };
        ours.restore(&IDENTITY.parse().unwrap(), &backup[..], &limits).is_ok()
    };
    let pages = (1..).find(|pages| is_read(pages * 4096)).unwrap();
    assert!(!is_read(pages * 4096 - 1));
}

#[test]
fn the_last_purge_is_ours_if_there_was_one() {
    let (here, there) = (Folder::new(), Folder::new());
    let (mut ours, mut theirs) = (here.store(), there.store());
    theirs.purge_by_this_clock(NOW + 1000 * DAY).unwrap();
    let backup = back_up(&mut theirs);
    ours.purge_by_this_clock(NOW).unwrap();
    restore(&mut ours, &backup).unwrap();
    let now = NOW + 1000 * DAY;
    assert_eq!(ours.purge(now), Err(StoreError::ClockJumped { before: NOW, now }));
    let new = Folder::new();
    let mut ours = new.store();
    restore(&mut ours, &backup).unwrap();
    assert_eq!(ours.purge(now + 3 * DAY), Err(StoreError::ClockJumped { before: now, now: now + 3 * DAY }));
}

/// What the store has seen itself is not for a backup to say.
#[test]
fn a_known_zip_stays_the_file_that_it_was() {
    let folder = Folder::new();
    let mut ours = full(&folder);
    let known = ours.files().unwrap()[0].id;
    let other =
        "INSERT INTO files SELECT 99, zeroblob(32), export_bin_bytes, start_timestamp, end_timestamp, region, keys,
        revised_keys, skipped_keys, verified_by, trust, first_interval, last_interval, searched_until, first_offered,
        last_offered FROM files; UPDATE zips SET file = 99";
    ours.restore_image(&image(other)).unwrap();
    let key = key(1, MIDNIGHT, 144, gaen::keys::ReportType::ConfirmedTest);
    let revised = DiagnosisKey { report_type: gaen::keys::ReportType::Revoked, ..key };
    assert_eq!(offer(&mut ours, &zip(&[key], &[revised]), NOW).unwrap().file, known);
}

/// The hash of a zip's `export.bin`, as the ledger has it.
fn sha256_of(zip: &[u8]) -> [u8; 32] {
    Sha256::digest(UnverifiedExport::from_zip(zip, &ReadOptions::default()).unwrap().export_bin()).into()
}

/// A store with something of everything.
fn full(folder: &Folder) -> Store {
    let mut store = folder.store();
    let key = key(1, MIDNIGHT, 144, gaen::keys::ReportType::ConfirmedTest);
    let first = heard(&key, MIDNIGHT + 3, 0, -12, -60);
    let wrong_length = Sighting { aem: HeardMetadata::WrongLength(300), ..heard(&key, MIDNIGHT + 4, 0, -12, -60) };
    let second = Sighting { previous_scan: Some(first.time), ..heard(&key, MIDNIGHT + 5, 9, -12, 127) };
    store.insert(&[first, first, wrong_length, second]).unwrap();
    let revised = DiagnosisKey { report_type: gaen::keys::ReportType::Revoked, ..key };
    offer(&mut store, &zip(&[key], &[revised]), NOW).unwrap();
    store.with_key_ring(|ring| drop(ring.rotate(NOW, &mut StdRng::seed_from_u64(3)).unwrap())).unwrap();
    store
}

#[test]
fn what_is_still_in_the_log_is_in_the_backup() {
    let (here, there) = (Folder::new(), Folder::new());
    let mut theirs = full(&there);
    assert!(there.path().join("gaen.db-wal").metadata().unwrap().len() > 0);
    let backup = back_up(&mut theirs);
    let mut ours = here.store();
    restore(&mut ours, &backup).unwrap();
    assert_eq!(brought(&here), brought(&there));
    assert_eq!(ours.sightings().unwrap(), theirs.sightings().unwrap());
    assert_eq!(ours.awaited_files().unwrap()[0].matched_keys, 1);

    // And nothing can be read in it.
    let secret = theirs.with_key_ring(|ring| *ring.keys().next().unwrap().key().expose_secret()).unwrap();
    for plain in [&secret[..], theirs.sightings().unwrap()[0].rpi.as_bytes(), b"SQLite format 3"] {
        assert!(!backup.windows(plain.len()).any(|bytes| bytes == plain));
    }
}

#[test]
fn a_passphrase_opens_what_it_closed() {
    let (here, there) = (Folder::new(), Folder::new());
    let mut theirs = full(&there);
    let mut backup = Vec::new();
    theirs.back_up(&BackupRecipient::passphrase("correct horse"), &mut backup).unwrap();
    let mut ours = here.store();
    let open = |store: &mut Store, passphrase: &str, work_factor: u8| {
        let limits = BackupLimits { work_factor, ..BackupLimits::default() };
        store.restore(&BackupIdentity::passphrase(passphrase), &backup[..], &limits)
    };
    let too_much = StoreError::Backup(BackupError::TooMuchWork { found: 17, limit: 16 });
    assert_eq!(open(&mut ours, "correct horse", 16).unwrap_err(), too_much);
    assert_eq!(open(&mut ours, "wrong horse", 17).unwrap_err(), StoreError::Backup(BackupError::WrongKey));
    assert_eq!(restore(&mut ours, &backup).unwrap_err(), StoreError::Backup(BackupError::WrongKey));
    assert_eq!(ours.counts().unwrap().sightings, 0);
    open(&mut ours, "correct horse", 17).unwrap();
    assert_eq!(brought(&here), brought(&there));

    let to_key = back_up(&mut theirs);
    let passphrase = BackupIdentity::passphrase("correct horse");
    assert_eq!(
        ours.restore(&passphrase, &to_key[..], &BackupLimits::default()).unwrap_err(),
        StoreError::Backup(BackupError::WrongKey)
    );
}

#[test]
fn keys_are_parsed_and_never_shown() {
    for text in ["", "age1", IDENTITY, "AGE-SECRET-KEY-1"] {
        assert_eq!(text.parse::<BackupRecipient>().unwrap_err().code(), "not_a_key");
    }
    for text in ["", RECIPIENT, &IDENTITY[..70]] {
        assert_eq!(text.parse::<BackupIdentity>().unwrap_err().code(), "not_a_key");
    }
    assert_eq!(format!("{:?}", IDENTITY.parse::<BackupIdentity>().unwrap()), "BackupIdentity(Key(..))");
    let passphrase = BackupIdentity::passphrase("correct horse");
    assert_eq!(format!("{passphrase:?}"), "BackupIdentity(Passphrase(..))");
}

#[test]
fn what_is_no_backup_or_was_changed_changes_nothing() {
    let (here, there) = (Folder::new(), Folder::new());
    let backup = back_up(&mut full(&there));
    let mut ours = full(&here);
    let before = rows(&here);
    let mut refused = |input: &[u8], codes: &[&str]| {
        let error = restore(&mut ours, input).unwrap_err();
        assert!(codes.contains(&error.code()), "{error}");
    };
    refused(b"", &["not_a_backup"]);
    refused(b"SQLite format 3\0", &["not_a_backup"]);
    refused(&[b'\n'; 100_000], &["not_a_backup"]);
    refused(&vec![0; 1 << 20], &["not_a_backup"]);
    let long = [b"age-encryption.org/v1\n".to_vec(), b"-> X25519 AAAA\nAAAA\n".repeat(10_000)].concat();
    refused(&long, &["not_a_backup"]);
    let newer = String::from_utf8_lossy(&backup[..22]).replace("v1", "v2").into_bytes();
    refused(&[&newer, &backup[22..]].concat(), &["not_a_backup"]);

    // Cut: everywhere in the header and in the first and last bytes of each chunk, and here and there between.
    let header = backup.windows(4).position(|bytes| bytes == b"\n---").unwrap() + 50;
    let chunk = (64 << 10) + 16;
    for length in 0..backup.len() {
        let in_chunk = (length.saturating_sub(header + 16)) % chunk;
        if length < header + 64
            || in_chunk < 20
            || in_chunk > chunk - 20
            || length + 40 > backup.len()
            || length % 4999 == 0
        {
            refused(&backup[..length], &["not_a_backup", "damaged_backup"]);
        }
    }
    // Changed: every bit of the header and of the first bytes, and some of the others.
    for place in
        (0..header + 64).chain((header + 64..backup.len()).step_by(1009)).chain(backup.len() - 20..backup.len())
    {
        for bit in if place < header { 0..8 } else { 0..1 } {
            let mut changed = backup.clone();
            changed[place] ^= 1 << bit;
            refused(&changed, &["not_a_backup", "damaged_backup", "wrong_key"]);
        }
    }
    refused(&[&backup[..], b"x"].concat(), &["damaged_backup"]);

    let error = ours.restore(&OTHER_IDENTITY.parse().unwrap(), &backup[..], &BackupLimits::default()).unwrap_err();
    assert_eq!(error, StoreError::Backup(BackupError::WrongKey));
    let limits = BackupLimits { database_bytes: 65_536, ..BackupLimits::default() };
    let error = ours.restore(&IDENTITY.parse().unwrap(), &backup[..], &limits).unwrap_err();
    assert_eq!(error, BackupError::TooLarge { limit: 65_536 }.into());
    assert_eq!(rows(&here), before);
}

/// An age file as text, with these ends of lines.
fn as_text(backup: &[u8], end: &str) -> Vec<u8> {
    let mut text = String::from("-----BEGIN AGE ENCRYPTED FILE-----");
    for line in Base64::encode_string(backup).as_bytes().chunks(64) {
        text += end;
        text += std::str::from_utf8(line).unwrap();
    }
    format!("{text}{end}-----END AGE ENCRYPTED FILE-----{end}").into_bytes()
}

#[test]
fn a_backup_that_was_sent_as_text_is_restored() {
    let (here, there) = (Folder::new(), Folder::new());
    let backup = back_up(&mut full(&there));
    let in_bytes = restore(&mut Folder::new().store(), &backup).unwrap();
    for end in ["\n", "\r\n"] {
        let text = as_text(&backup, end);
        assert!(is_backup(&text) && is_backup(&backup));
        assert_eq!(restore(&mut Folder::new().store(), &text).unwrap(), in_bytes);
    }
    let text = as_text(&backup, "\n");
    let mut ours = here.store();
    let before = rows(&here);
    let mut refused = |input: &[u8], codes: &[&str]| {
        let error = restore(&mut ours, input).unwrap_err();
        assert!(codes.contains(&error.code()), "{error}");
    };
    for length in (20..text.len() - 2).step_by(997).chain(text.len() - 100..text.len() - 2) {
        refused(&text[..length], &["not_a_backup", "damaged_backup"]);
    }
    for place in (0..400).chain((400..text.len() - 2).step_by(499)) {
        let mut changed = text.clone();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        refused(&changed, &["not_a_backup", "damaged_backup", "wrong_key"]);
    }
    refused(&[&text[..], b"x"].concat(), &["damaged_backup"]);
    // A line without an end is no longer than a backup may be.
    let limits = BackupLimits { database_bytes: 65_536, ..BackupLimits::default() };
    let endless = std::io::Read::chain(&b"-----BEGIN AGE ENCRYPTED FILE-----\n"[..], std::io::repeat(b'A'));
    let error = ours.restore(&IDENTITY.parse().unwrap(), endless, &limits).unwrap_err();
    assert_eq!(error.code(), "damaged_backup");
    assert_eq!(rows(&here), before);
}

#[test]
fn a_reader_that_fails_says_nothing_of_the_backup() {
    struct Failing;
    impl std::io::Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is gone"))
        }
    }
    let (here, there) = (Folder::new(), Folder::new());
    let mut ours = here.store();
    let backup = back_up(&mut full(&there));
    for at in [0, 10, 200, backup.len() / 2, backup.len()] {
        let reader = std::io::Read::chain(&backup[..at], Failing);
        let error = ours.restore(&IDENTITY.parse().unwrap(), reader, &BackupLimits::default()).unwrap_err();
        assert_eq!(error, BackupError::Unreadable { detail: "the disk is gone".to_owned() }.into(), "byte {at}");
    }
    assert_eq!(ours.counts().unwrap().sightings, 0);
}

/// A store's file, after it was changed by this.
fn image(change: &str) -> Vec<u8> {
    let folder = Folder::new();
    drop(full(&folder));
    let path = folder.path().join("gaen.db");
    let database = Connection::open(&path).unwrap();
    database.execute_batch(&format!("PRAGMA foreign_keys = OFF; {change}")).unwrap();
    drop(database);
    fs::read(path).unwrap()
}

#[test]
fn an_image_has_to_be_a_sound_store_of_the_same_profile() {
    let folder = Folder::new();
    let mut ours = folder.store();
    let mut why = |change: &str| ours.restore_image(&image(change)).unwrap_err();
    assert_eq!(why("PRAGMA user_version = 99").code(), "newer_schema");
    assert_eq!(why("PRAGMA application_id = 1").code(), "not_a_backup");
    assert_eq!(
        why("UPDATE store SET profile = 'apple_v1'"),
        StoreError::OtherProfile { found: Profile::AppleV1, asked: Profile::Google }
    );
    assert_eq!(why("UPDATE store SET profile = 'x'").code(), "damaged_backup");
    assert_eq!(why("DELETE FROM store").code(), "damaged_backup");
    for change in [
        "CREATE TRIGGER t AFTER DELETE ON own_keys BEGIN SELECT 1; END",
        "CREATE VIEW v AS SELECT 1",
        "CREATE TABLE other(x)",
        "DROP INDEX hits_by_sighting",
        "ALTER TABLE sightings ADD COLUMN more INTEGER AS (rssi) VIRTUAL",
        "PRAGMA user_version = 1",
    ] {
        assert_eq!(why(change).code(), "not_a_backup", "{change}");
    }
    for change in [
        "UPDATE sightings SET rpi = x'00'",
        "UPDATE sightings SET rssi = 200",
        "UPDATE sightings SET time = -1",
        "UPDATE sightings SET aem = 'text'",
        "DELETE FROM files",
        "DELETE FROM matched_keys",
        "DELETE FROM sightings",
        "UPDATE files SET searched_until = -1",
        "UPDATE files SET searched_until = 5",
        "UPDATE files SET searched_until = 9223372036854775807",
        "UPDATE store SET last_purge = -1",
        "UPDATE store SET last_purge = 0",
        "UPDATE store SET last_purge = 4102444800",
        "INSERT INTO first_heard SELECT key, interval, 0 FROM hits LIMIT 1",
        "INSERT INTO first_heard SELECT key, interval, -1 FROM hits LIMIT 1",
        "INSERT INTO first_heard SELECT key, interval, (interval + 13) * 600 FROM hits LIMIT 1",
        "INSERT INTO first_heard SELECT key, interval + 144, interval * 600 FROM hits LIMIT 1",
        "INSERT INTO first_heard SELECT key, interval, interval * 600 FROM hits LIMIT 1;
         UPDATE matched_keys SET period = 145",
        "INSERT INTO restored_first_heard VALUES (zeroblob(16), 2668464, 0)",
        "INSERT INTO restored_first_heard VALUES (x'00', 2668464, 2668464 * 600)",
        "UPDATE own_keys SET key = x'00'",
        "UPDATE own_keys SET period = 0",
        "UPDATE store SET ring_elapsed = 9223372036854775807",
        "UPDATE store SET ring_elapsed = -9223372036854775808",
        "UPDATE own_keys SET generated_at = -9223372036854775808",
        "UPDATE files SET export_sha256 = x''",
    ] {
        assert_eq!(why(change).code(), "damaged_backup", "{change}");
    }
    let empty = folder.path().join("empty.db");
    Connection::open(&empty).unwrap().execute_batch("CREATE TABLE t (x); DROP TABLE t").unwrap();
    assert_eq!(ours.restore_image(&fs::read(empty).unwrap()).unwrap_err().code(), "not_a_backup");
    for bytes in [&b""[..], b"SQLite format 3\0", &[0; 4096]] {
        let error = ours.restore_image(bytes).unwrap_err();
        assert!(["damaged_backup", "not_a_backup"].contains(&error.code()), "{error}");
    }
    assert_eq!(ours.counts().unwrap().sightings, 0);
    assert_eq!(ours.restore_image(&image("VACUUM")).unwrap().added.sightings, 4);
}

#[test]
fn a_backup_of_an_earlier_schema_is_brought_up_to_date() {
    let folder = Folder::new();
    let path = folder.path().join("first.db");
    let database = Connection::open(&path).unwrap();
    database.execute_batch(include_str!("../../src/store/schema/1.sql")).unwrap();
    database
        .execute_batch(
            "PRAGMA application_id = 0x4741454e; PRAGMA user_version = 1;
             INSERT INTO store VALUES (1, 'google', 8, NULL, 1601208000, 86400);
             INSERT INTO own_keys VALUES (0, zeroblob(16), 2668464, 144, 2668465, 0, 0);
             INSERT INTO sightings VALUES (7, zeroblob(16), zeroblob(4), -60, 1601121600, NULL);",
        )
        .unwrap();
    drop(database);
    let mut ours = folder.store();
    let added = ours.restore_image(&fs::read(path).unwrap()).unwrap().added;
    assert_eq!((added.sightings, added.own_keys), (1, 1));
}

/// On its first day a clock goes back by twenty hours, so that the count is below 0.
#[test]
fn a_count_below_zero_is_stored_and_comes_with_a_backup() {
    let (here, there) = (Folder::new(), Folder::new());
    let mut theirs = there.store();
    let mut rng = StdRng::seed_from_u64(6);
    let mut rotate =
        |store: &mut Store, now| store.with_key_ring(|ring| drop(ring.rotate(now, &mut rng).unwrap())).unwrap();
    for now in [NOW + 10 * 3600, NOW - 10 * 3600] {
        rotate(&mut theirs, now);
    }
    let count = |folder: &Folder| -> (i64, Vec<i64>) {
        let database = Connection::open(folder.path().join("gaen.db")).unwrap();
        let elapsed = database.query_row("SELECT ring_elapsed FROM store", [], |row| row.get(0)).unwrap();
        let mut statement = database.prepare("SELECT generated_at FROM own_keys ORDER BY position").unwrap();
        (elapsed, statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect())
    };
    assert_eq!(count(&there), (-72_000, vec![0, -72_000]));
    drop(theirs);
    let mut theirs = there.store();
    rotate(&mut theirs, NOW - 9 * 3600);
    assert_eq!(count(&there), (-68_400, vec![0, -72_000]), "it goes on from there");

    let mut ours = here.store();
    restore(&mut ours, &back_up(&mut theirs)).unwrap();
    let ages =
        |(elapsed, generated_at): (i64, Vec<i64>)| generated_at.iter().map(|at| elapsed - at).collect::<Vec<_>>();
    assert_eq!(ages(count(&here)), [-68_400, 3600]);
}

#[test]
fn what_was_released_in_either_is_never_broadcast_again() {
    let (here, there) = (Folder::new(), Folder::new());
    let mut theirs = there.store();
    let mut rng = StdRng::seed_from_u64(4);
    let mut rotate = |store: &mut Store, now| {
        store.with_key_ring(|ring| *ring.rotate(now, &mut rng).unwrap().key().key().expose_secret()).unwrap()
    };
    let first = rotate(&mut theirs, NOW);
    let before = back_up(&mut theirs);
    let published = theirs.with_key_ring(|ring| ring.release_today(NOW + 36_000)).unwrap().unwrap();
    assert_eq!((published.key_data, published.window.period().as_u32()), (first.into(), 60));
    let after = back_up(&mut theirs);

    // The backup was made before the release, or after.
    restore(&mut theirs, &before).unwrap();
    let mut ours = here.store();
    restore(&mut ours, &before).unwrap();
    assert_eq!(rotate(&mut ours, NOW + 100), first);
    restore(&mut ours, &after).unwrap();
    for store in [&mut theirs, &mut ours] {
        assert_ne!(rotate(store, NOW + 36_000), first);
        let again = store.with_key_ring(|ring| ring.release(NOW + DAY + 7200)).unwrap();
        assert!(again.contains(&published), "with the period that was published");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn an_image_that_was_changed_is_taken_over_or_nothing_of_it(
        changes in prop::collection::vec((any::<Index>(), any::<u8>()), 0..6),
        in_headers in prop::collection::vec((any::<Index>(), 0..120_usize, any::<u8>()), 0..4),
        in_cells in prop::collection::vec((any::<Index>(), 3000..4096_usize, any::<u8>()), 0..8),
    ) {
        static SOUND: LazyLock<Vec<u8>> = LazyLock::new(|| image(""));
        let mut image = SOUND.clone();
        let pages = image.len() / 4096;
        for (place, byte) in changes {
            let place = place.index(image.len());
            image[place] = byte;
        }
        for (page, place, byte) in in_headers.into_iter().chain(in_cells) {
            image[page.index(pages) * 4096 + place] = byte;
        }
        let folder = Folder::new();
        let mut ours = full(&folder);
        let before = rows(&folder);
        match ours.restore_image(&image) {
            Ok(_) => {
                // It can be read, searched, purged and backed up as before.
                ours.matches().unwrap();
                ours.revised_keys().unwrap();
                ours.files().unwrap();
                ours.search(&trust(), &ReadOptions::default()).unwrap();
                ours.with_key_ring(|ring| drop(ring.rotate(NOW, &mut StdRng::seed_from_u64(5)))).unwrap();
                ours.purge_by_this_clock(NOW).unwrap();
            }
            Err(error) => {
                let codes = ["damaged_backup", "not_a_backup", "newer_schema", "other_profile"];
                prop_assert!(codes.contains(&error.code()), "{}", error);
                prop_assert_eq!(rows(&folder), before);
            }
        }
        prop_assert_eq!(ours.check().unwrap(), Vec::<String>::new());
    }
}
