//! What other programs have kept becomes sightings: each row those that it proves, and the same database nothing twice.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;

use gaen::matching::HeardMetadata;
use gaen::store::{ImportSkip, Imported, Store, StoreError, StoreLimits};
use gaen::{RollingProximityIdentifier, Sighting};
use proptest::prelude::*;
use rusqlite::types::Value;
use rusqlite::{Connection, params};

use crate::world::Folder;

const NOON: i64 = 1_601_121_600;

/// A row of microG's: identifier, metadata, milliseconds, dBm, milliseconds.
pub(crate) type Advertisement = (Vec<u8>, Vec<u8>, i64, i64, i64);

/// A database of microG, as its version 0.2.24 made them.
pub(crate) fn microg(folder: &Folder, version: i64, rows: &[Advertisement]) -> PathBuf {
    let path = folder.path().join("exposure.db");
    let _ = fs::remove_file(&path);
    let database = Connection::open(&path).unwrap();
    database
        .execute_batch(
            "CREATE TABLE advertisements(rpi BLOB NOT NULL, aem BLOB NOT NULL, timestamp INTEGER NOT NULL,
                 rssi INTEGER NOT NULL, duration INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(rpi, timestamp));
             CREATE INDEX index_advertisements_rpi ON advertisements(rpi);
             CREATE TABLE tek(keyData BLOB NOT NULL, rollingStartNumber INTEGER NOT NULL);",
        )
        .unwrap();
    database.pragma_update(None, "user_version", version).unwrap();
    database.execute_batch("BEGIN").unwrap();
    rows.iter().for_each(|row| insert(&database, row));
    database.execute_batch("COMMIT").unwrap();
    path
}

/// Writes a row of microG's.
fn insert(database: &Connection, (rpi, aem, timestamp, rssi, duration): &Advertisement) {
    let mut insert = database.prepare_cached("INSERT INTO advertisements VALUES (?, ?, ?, ?, ?)").unwrap();
    insert.execute(params![rpi, aem, timestamp, rssi, duration]).unwrap();
}

/// A database of RaMBLE, with the columns that are known of it.
pub(crate) fn ramble(
    folder: &Folder,
    devices: &[(i64, &str, Value, Value)],
    locations: &[(i64, Value, Value)],
) -> PathBuf {
    let path = folder.path().join("RaMBLE_playstore_v40.15_20200926_1200.sqlite");
    let _ = fs::remove_file(&path);
    let database = Connection::open(&path).unwrap();
    database
        .execute_batch(
            "CREATE TABLE devices(id INTEGER PRIMARY KEY, address TEXT, service_uuids TEXT, service_data TEXT,
                 first_seen INTEGER, last_seen INTEGER);
             CREATE TABLE locations(id INTEGER PRIMARY KEY, device_id INTEGER, timestamp INTEGER, rssi INTEGER,
                 longitude REAL, latitude REAL);",
        )
        .unwrap();
    database.execute_batch("BEGIN").unwrap();
    for (id, uuids, data, last_seen) in devices {
        let sql = "INSERT INTO devices VALUES (?, '00:00:5E:00:53:01', ?, ?, 0, ?)";
        database.execute(sql, params![id, uuids, data, last_seen]).unwrap();
    }
    for (device, timestamp, rssi) in locations {
        let sql = "INSERT INTO locations VALUES (NULL, ?, ?, ?, 13.4, 52.5)";
        database.execute(sql, params![device, timestamp, rssi]).unwrap();
    }
    database.execute_batch("COMMIT").unwrap();
    path
}

fn row(rpi: u8, milliseconds: i64, rssi: i64, duration: i64) -> Advertisement {
    (vec![rpi; 16], vec![rpi; 4], NOON * 1000 + milliseconds, rssi, duration)
}

fn sighting(rpi: u8, rssi: i8, seconds: u64, previous_scan: Option<u64>) -> Sighting {
    let rpi = RollingProximityIdentifier::from_bytes([rpi; 16]);
    let noon = NOON.unsigned_abs();
    let previous_scan = previous_scan.map(|seconds| noon + seconds);
    let aem = HeardMetadata::from(&rpi.as_bytes()[..4]);
    Sighting { rpi, aem, rssi, time: noon + seconds, previous_scan }
}

fn import_microg(store: &mut Store, path: &PathBuf) -> Imported {
    store.import_microg(path, &StoreLimits::default()).unwrap()
}

fn skipped(imported: &Imported) -> Vec<(ImportSkip, u64)> {
    imported.skipped.iter().collect()
}

#[test]
fn a_row_of_microg_is_its_first_and_its_last_moment() {
    let folder = Folder::new();
    let mut store = folder.store();
    let rows = [row(1, 999, -60, 0), row(2, 1000, -70, 360_000), row(3, 2000, -80, 999), row(4, 2001, -81, 999)];
    let path = microg(&folder, 12, &rows);
    let imported = import_microg(&mut store, &path);
    assert_eq!((imported.stored, imported.already_there, imported.repaired), (6, 0, 0));
    assert_eq!(skipped(&imported), []);
    let expected = [
        sighting(1, -60, 0, None),
        sighting(2, -70, 1, None),
        sighting(2, -70, 361, Some(1)),
        sighting(3, -80, 2, None),
        // 2.001 s and 3.000 s.
        sighting(4, -81, 2, None),
        sighting(4, -81, 3, Some(2)),
    ];
    assert_eq!(store.sightings().unwrap(), expected);

    let again = import_microg(&mut store, &path);
    assert_eq!((again.stored, again.already_there), (0, 6));
    assert_eq!(store.sightings().unwrap(), expected);
}

/// SQLite keeps a number as text where a column has no type.
#[test]
fn a_number_is_read_whichever_way_it_is_written() {
    let folder = Folder::new();
    let mut store = folder.store();
    let path = folder.path().join("untyped.db");
    Connection::open(&path)
        .unwrap()
        .execute_batch(&format!(
            "CREATE TABLE advertisements(rpi, aem, timestamp, rssi, duration);
             INSERT INTO advertisements VALUES (x'{}', x'01010101', '{}', '-60', '0');
             INSERT INTO advertisements VALUES (x'{}', x'02020202', 'noon', '-60', '0')",
            "01".repeat(16),
            NOON * 1000,
            "02".repeat(16),
        ))
        .unwrap();
    let imported = import_microg(&mut store, &path);
    assert_eq!(skipped(&imported), [(ImportSkip::Time, 1)]);
    assert_eq!(store.sightings().unwrap(), [sighting(1, -60, 0, None)]);
}

#[test]
fn rows_that_can_be_no_sightings_are_counted_by_reason() {
    let folder = Folder::new();
    let mut store = folder.store();
    let path = microg(
        &folder,
        12,
        &[
            (vec![1; 15], vec![1; 4], NOON * 1000, -60, 0),
            (vec![1; 16], vec![1; 3], NOON * 1000, -60, 0),
            row(2, 0, -129, 0),
            row(3, 0, 128, 0),
            row(4, 0, 127, 0),
            (vec![5; 16], vec![5; 4], -1, -60, 0),
            row(6, 0, -60, -1),
            row(7, i64::MAX - NOON * 1000, -60, i64::MAX),
            row(8, i64::MAX - NOON * 1000, -60, 0),
        ],
    );
    let database = Connection::open(&path).unwrap();
    database.execute("INSERT INTO advertisements VALUES (x'', 'text', 0, 0, 0)", []).unwrap();
    database.execute("INSERT INTO advertisements VALUES (zeroblob(16), 'text', 0, 0, 0)", []).unwrap();
    database.execute("INSERT INTO advertisements VALUES (zeroblob(16), x'', 1.5, 0, 0)", []).unwrap();
    database.execute("INSERT INTO advertisements VALUES (zeroblob(16), x'', x'02', -60, 0)", []).unwrap();
    database.execute("INSERT INTO advertisements VALUES (zeroblob(16), x'', 2, x'00', 0)", []).unwrap();
    drop(database);
    let imported = import_microg(&mut store, &path);
    let expected =
        [(ImportSkip::Identifier, 2), (ImportSkip::Metadata, 1), (ImportSkip::Rssi, 4), (ImportSkip::Time, 6)];
    assert_eq!(skipped(&imported), expected);
    assert_eq!(
        serde_json::to_value(&imported.skipped).unwrap(),
        serde_json::json!({ "identifier": 2, "metadata": 1, "rssi": 4, "time": 6 })
    );
    // Of another length than four bytes, the metadata says so.
    let wrong_length = Sighting { aem: HeardMetadata::WrongLength(3), ..sighting(1, -60, 0, None) };
    assert_eq!(store.sightings().unwrap(), [wrong_length]);
}

#[test]
fn means_that_microg_got_wrong_are_what_it_replaced_them_by() {
    let folder = Folder::new();
    let rows = [(1, -40_000, 1), (2, 0, 1), (3, 0, 0), (4, -200, 1), (5, -201, 1)];
    let rows = rows.map(|(rpi, rssi, duration)| row(rpi, 0, rssi, duration));
    // 0 dBm is no reading of a phone. Version 0 is what the settings export.
    for (version, expected, repaired, skipped) in [
        (0, vec![-100, -75, -100], 3, 2),
        (5, vec![-100, -100], 2, 3),
        (6, vec![], 0, 5),
        (11, vec![-75], 1, 4),
        (12, vec![], 0, 5),
    ] {
        let _ = fs::remove_file(folder.path().join("gaen.db"));
        let mut store = folder.store();
        let imported = import_microg(&mut store, &microg(&folder, version, &rows));
        assert_eq!(imported.repaired, repaired, "version {version}");
        assert_eq!(imported.skipped.iter().collect::<Vec<_>>(), [(ImportSkip::Rssi, skipped)], "version {version}");
        let stored: Vec<_> = store.sightings().unwrap().iter().map(|sighting| sighting.rssi).collect();
        assert_eq!(stored, expected, "version {version}");
        drop(store);
        for log in ["gaen.db-wal", "gaen.db-shm"] {
            assert!(!folder.path().join(log).exists());
        }
    }
}

#[test]
fn what_is_in_the_log_beside_it_is_imported_and_both_files_are_left_alone() {
    let folder = Folder::new();
    let path = microg(&folder, 12, &[row(1, 0, -60, 0)]);
    let phone = Connection::open(&path).unwrap();
    phone.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())).unwrap();
    insert(&phone, &row(2, 0, -61, 0));
    // Copied from a phone on which it is open.
    let copy = folder.path().join("copy.db");
    let log = folder.path().join("copy.db-wal");
    fs::copy(&path, &copy).unwrap();
    fs::copy(folder.path().join("exposure.db-wal"), &log).unwrap();
    let before = (fs::read(&copy).unwrap(), fs::read(&log).unwrap());

    let mut store = folder.store();
    let bytes = (before.0.len() + before.1.len()) as u64;
    let mut within = |database_bytes| {
        let limits = StoreLimits { database_bytes };
        store.import_microg(&copy, &limits).map(|imported| imported.stored)
    };
    assert_eq!(within(bytes - 1), Err(StoreError::TooLarge { limit: bytes - 1 }));
    assert_eq!(within(bytes), Ok(2));
    assert_eq!(import_microg(&mut store, &copy).already_there, 2);
    assert_eq!((fs::read(&copy).unwrap(), fs::read(&log).unwrap()), before);

    // Without its log it is what it was before; nothing is left beside it.
    fs::remove_file(&log).unwrap();
    let _ = fs::remove_file(folder.path().join("copy.db-shm"));
    assert_eq!(import_microg(&mut store, &copy).already_there, 1);
    assert_eq!(fs::read(&copy).unwrap(), before.0);
    assert!(!log.exists() && !folder.path().join("copy.db-shm").exists());
}

#[test]
fn a_row_of_ramble_is_a_sighting_of_the_identifier_that_its_device_sent_last() {
    let text = |text: &str| Value::Text(text.to_owned());
    let hex = |rpi: &str, aem: &str| text(&format!("fd6f:{}{aem}", rpi.repeat(16)));
    let folder = Folder::new();
    let noon = |seconds: i64| Value::Integer(NOON + seconds);
    let devices = [
        (1, "fd6f", hex("01", "01010101"), noon(1800)),
        (2, "fd6f", hex("0A", "0A0A0A"), text(&(NOON + 60).to_string())),
        (3, "180f", text("180f:64"), noon(0)),
        (4, "fd6f", Value::Null, noon(0)),
        (5, "fd6f", text("fd6f:0101"), noon(0)),
        (6, "fd6f", text("fd6f:xyz"), noon(0)),
        (7, "fd6f", hex("07", "07070707"), Value::Null),
        (8, "fd6f", hex("08", "08080808"), Value::Integer(NOON * 1000)),
    ];
    let locations = [
        (1, noon(-1), Value::Integer(-50)),
        (1, noon(0), Value::Integer(-51)),
        (1, noon(1800), text("-52")),
        (1, noon(1801), Value::Integer(-53)),
        (1, Value::Integer((NOON + 10) * 1000), Value::Integer(-54)),
        (1, Value::Null, Value::Integer(-55)),
        (1, noon(10), Value::Null),
        (1, noon(10), Value::Integer(-129)),
        (2, noon(60), Value::Integer(-60)),
        (3, noon(0), Value::Integer(-60)),
        (7, noon(0), Value::Integer(-60)),
        (9, noon(0), Value::Integer(-60)),
    ];
    let path = ramble(&folder, &devices, &locations);
    let mut store = folder.store();
    let imported = store.import_ramble(&path, &StoreLimits::default()).unwrap();
    let wrong_length = Sighting { aem: HeardMetadata::WrongLength(3), ..sighting(10, -60, 60, None) };
    let expected =
        [sighting(1, -51, 0, None), sighting(1, -52, 1800, None), sighting(1, -53, 1801, None), wrong_length];
    assert_eq!(store.sightings().unwrap(), expected);
    assert_eq!((imported.stored, imported.already_there), (4, 0));
    let reasons =
        [(ImportSkip::Identifier, 3), (ImportSkip::Rssi, 2), (ImportSkip::Time, 4), (ImportSkip::OtherIdentifier, 1)];
    assert_eq!(skipped(&imported), reasons);
    assert_eq!(store.import_ramble(&path, &StoreLimits::default()).unwrap().already_there, 4);
}

#[test]
fn what_is_no_database_of_the_program_is_refused_with_what_it_lacks() {
    let folder = Folder::new();
    let mut store = folder.store();
    let path = folder.path().join("other");
    let mut why = |sql: &str| {
        let _ = fs::remove_file(&path);
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let errors =
            [store.import_microg(&path, &StoreLimits::default()), store.import_ramble(&path, &StoreLimits::default())];
        errors.map(|outcome| match outcome.unwrap_err() {
            StoreError::NotImportable { detail } => detail,
            error => panic!("{error:?}"),
        })
    };
    assert_eq!(why("PRAGMA user_version = 1"), ["it has no table advertisements", "it has no table devices"]);
    let tables = why("CREATE TABLE advertisements(rpi, aem, timestamp, rssi); CREATE TABLE devices(id);");
    assert_eq!(
        tables,
        ["its table advertisements has no column duration", "its table devices has no column service_uuids"]
    );
    let tables = why("CREATE TABLE devices(id, service_uuids, service_data, last_seen)");
    assert_eq!(tables[1], "it has no table locations");

    for content in [&b""[..], b"SQLite format 3\0", &[0; 4096], &[b'x'; 4096]] {
        fs::write(&path, content).unwrap();
        let error = store.import_microg(&path, &StoreLimits::default()).unwrap_err();
        assert_eq!(error.code(), "not_importable", "{error}");
    }
    let missing = store.import_microg(folder.path().join("missing"), &StoreLimits::default()).unwrap_err();
    assert_eq!(missing.code(), "not_importable");
    let limits = StoreLimits { database_bytes: 4095 };
    assert_eq!(store.import_microg(&path, &limits).unwrap_err(), StoreError::TooLarge { limit: 4095 });
    let limits = StoreLimits { database_bytes: 4096 };
    assert_eq!(store.import_microg(&path, &limits).unwrap_err().code(), "not_importable");
    assert_eq!(store.counts().unwrap().sightings, 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 50, ..ProptestConfig::default() })]

    /// Of each distinct sighting there are as many as were here or there, whichever is more.
    #[test]
    fn an_import_is_the_union(
        here in prop::collection::vec((1..4_u8, -61..-59_i8, 0..2_u64), 0..20),
        imports in prop::collection::vec(prop::collection::vec((1..4_u8, -61..-59_i64, 0..2_i64), 0..20), 1..4),
    ) {
        let folder = Folder::new();
        let mut store = folder.store();
        let here: Vec<_> = here.into_iter().map(|(rpi, rssi, time)| sighting(rpi, rssi, time, None)).collect();
        store.insert(&here).unwrap();
        let count = |sightings: &[Sighting]| {
            let mut counts: HashMap<Sighting, u64> = HashMap::new();
            sightings.iter().for_each(|sighting| *counts.entry(*sighting).or_default() += 1);
            counts
        };
        let mut expected = count(&here);
        for rows in imports {
            // RaMBLE's, as microG's are distinct.
            let devices: Vec<_> = (1..4).map(|rpi: u8| {
                let data = format!("fd6f:{}", base16ct::lower::encode_string(&[rpi; 20]));
                (i64::from(rpi), "fd6f", Value::Text(data), Value::Integer(NOON))
            }).collect();
            let locations: Vec<_> = rows.iter()
                .map(|(rpi, rssi, time)| (i64::from(*rpi), Value::Integer(NOON + time), Value::Integer(*rssi))).collect();
            let there: Vec<_> = rows.iter()
                .map(|(rpi, rssi, time)| sighting(*rpi, i8::try_from(*rssi).unwrap(), time.unsigned_abs(), None)).collect();
            for (sighting, count) in count(&there) {
                let expected = expected.entry(sighting).or_default();
                *expected = count.max(*expected);
            }
            let before = store.sightings().unwrap();
            let imported = store.import_ramble(ramble(&folder, &devices, &locations), &StoreLimits::default()).unwrap();
            let after = store.sightings().unwrap();
            prop_assert_eq!(count(&after), expected.clone());
            prop_assert_eq!(&after[..before.len()], &before);
            prop_assert_eq!(imported.stored, (after.len() - before.len()) as u64);
            prop_assert_eq!(imported.stored + imported.already_there, there.len() as u64);
        }
    }
}

/// What an import into a large store takes: `cargo test -p gaen-tests --test store -- --ignored --nocapture a_million`.
#[test]
#[ignore = "measures, and proves only that it comes to an end"]
fn a_million_sightings_into_a_million() {
    let folder = Folder::new();
    let mut store = folder.store();
    let rows = |first: u32| -> Vec<Advertisement> {
        let rpi = |row: u32| [row.to_be_bytes(); 4].concat();
        (first..first + 500_000).map(|row| (rpi(row), vec![1; 4], NOON * 1000 + i64::from(row), -60, 60_000)).collect()
    };
    for first in [0, 500_000, 500_000] {
        let path = microg(&folder, 12, &rows(first));
        let start = std::time::Instant::now();
        let imported = import_microg(&mut store, &path);
        println!("{} stored, {} already there, {:?}", imported.stored, imported.already_there, start.elapsed());
    }
    assert_eq!(store.counts().unwrap().sightings, 2_000_000);
    // Of this process, so of the rows above too.
    let memory = fs::read_to_string("/proc/self/status").unwrap_or_default();
    memory.lines().filter(|line| line.starts_with("VmHWM")).for_each(|line| println!("{line}"));
}
