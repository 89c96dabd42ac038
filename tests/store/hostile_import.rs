//! Whatever somebody puts into a database: an import comes to an end, with sightings or an error, and the store is
//! whole.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use gaen::Sighting;
use gaen::store::{Store, StoreError, StoreLimits};
use proptest::prelude::*;
use proptest::sample::Index;
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::import::{microg, ramble};
use crate::world::Folder;

fn database(folder: &Folder, sql: &str) -> std::path::PathBuf {
    let path = folder.path().join("hostile.db");
    let _ = fs::remove_file(&path);
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    path
}

fn refusal(store: &mut Store, path: &Path) -> String {
    match store.import_microg(path, &StoreLimits::default()) {
        Err(StoreError::NotImportable { detail }) => detail,
        outcome => panic!("{outcome:?}"),
    }
}

#[test]
fn what_would_run_is_not_a_table() {
    let folder = Folder::new();
    let mut store = folder.store();
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
                   SELECT zeroblob(16) rpi, zeroblob(4) aem, i timestamp, 0 rssi, 0 duration FROM n";
    for sql in [
        &format!("CREATE VIEW advertisements AS {endless}"),
        "CREATE VIRTUAL TABLE advertisements USING fts5(rpi, aem, timestamp, rssi, duration)",
    ] {
        assert_eq!(refusal(&mut store, &database(&folder, sql)), "it has no table advertisements");
    }
    let computed = "CREATE TABLE advertisements(rpi AS (zeroblob(1000000000)), aem, timestamp, rssi, duration)";
    let path = database(&folder, computed);
    assert_eq!(refusal(&mut store, &path), "its table advertisements has no column rpi");

    // A schema that lies about what it is.
    let lie = |sql: &str| {
        let path = database(&folder, "CREATE TABLE advertisements(rpi, aem, timestamp, rssi, duration)");
        let database = Connection::open(&path).unwrap();
        database.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false).unwrap();
        database.pragma_update(None, "writable_schema", "ON").unwrap();
        database.execute("UPDATE sqlite_schema SET sql = ?1", [sql]).unwrap();
        path
    };
    for sql in [
        &format!("CREATE VIEW advertisements AS {endless}"),
        "CREATE VIRTUAL TABLE advertisements USING fts5(rpi, aem, timestamp, rssi, duration)",
        "CREATE TABLE advertisements(rpi, aem",
    ] {
        let why = refusal(&mut store, &lie(sql));
        assert!(why.starts_with("malformed database schema") || why.starts_with("it has no table"), "{why}");
    }

    // Views that double with each level, beside a table that is all right.
    let mut sql =
        "CREATE TABLE advertisements(rpi, aem, timestamp, rssi, duration); CREATE VIEW v0 AS SELECT 1;".to_owned();
    for level in 1..60 {
        let below = level - 1;
        sql.push_str(&format!("CREATE VIEW v{level} AS SELECT * FROM v{below} UNION ALL SELECT * FROM v{below};"));
    }
    let path = database(&folder, &sql);
    assert_eq!(store.import_microg(path, &StoreLimits::default()).unwrap().stored, 0);
    assert_eq!(store.counts().unwrap().sightings, 0);
}

/// Fifteen levels of a tree in which every page refers to the next for each of its children.
#[test]
fn a_tree_that_repeats_itself_is_given_up() {
    const PAGE: usize = 4096;
    let folder = Folder::new();
    let path = database(
        &folder,
        "CREATE TABLE advertisements(rpi, aem, timestamp, rssi, duration);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)
        INSERT INTO advertisements SELECT randomblob(16), x'00000000', i, -60, 0 FROM n",
    );
    let mut image = fs::read(&path).unwrap();
    let root = Connection::open(&path).unwrap();
    let root: usize = root.query_row("SELECT rootpage FROM sqlite_schema", [], |row| row.get(0)).unwrap();
    let interior = image[(root - 1) * PAGE..root * PAGE].to_vec();
    assert_eq!(interior[0], 5, "an interior page");
    let cells = usize::from(u16::from_be_bytes([interior[3], interior[4]]));
    assert!(cells > 50);
    for level in 0..16 {
        let at = |level: usize| if level == 0 { root } else { root + level };
        let mut page = interior.clone();
        let child = u32::try_from(at(level + 1)).unwrap().to_be_bytes();
        page[8..12].copy_from_slice(&child);
        for cell in 0..cells {
            let cell = usize::from(u16::from_be_bytes([page[12 + 2 * cell], page[13 + 2 * cell]]));
            page[cell..cell + 4].copy_from_slice(&child);
        }
        if level < 15 {
            image[(at(level) - 1) * PAGE..at(level) * PAGE].copy_from_slice(&page);
        }
    }
    fs::write(&path, image).unwrap();
    assert_eq!(refusal(&mut folder.store(), &path), "it takes more work than its size explains");
}

fn advertisements() -> Vec<crate::import::Advertisement> {
    (0..60).map(|row| (vec![row; 16], vec![row; 4], 1_601_121_600_000 + i64::from(row), -60, 1000)).collect()
}

/// A database of each program.
static IMAGES: LazyLock<[Vec<u8>; 2]> = LazyLock::new(|| {
    let folder = Folder::new();
    let noon = Value::Integer(1_601_121_600);
    let data = Value::Text(format!("fd6f:{}", "07".repeat(20)));
    let devices: Vec<_> = (0..20).map(|id| (id, "fd6f", data.clone(), noon.clone())).collect();
    let locations: Vec<_> = (0..60).map(|row| (row / 3, noon.clone(), Value::Integer(-60))).collect();
    [microg(&folder, 12, &advertisements()), ramble(&folder, &devices, &locations)].map(|path| fs::read(path).unwrap())
});

/// Imports it both ways: all of it or nothing.
fn import(store: &mut Store, path: &Path) {
    for import in [Store::import_microg, Store::import_ramble] {
        let before: Vec<Sighting> = store.sightings().unwrap();
        match import(store, path, &StoreLimits::default()) {
            Ok(imported) => {
                assert_eq!(store.counts().unwrap().sightings, before.len() as u64 + imported.stored);
            }
            Err(error) => {
                assert_eq!(error.code(), "not_importable", "{error}");
                assert_eq!(store.sightings().unwrap(), before);
            }
        }
    }
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn bytes_that_were_changed(
        which in 0..2_usize,
        changes in prop::collection::vec((any::<Index>(), any::<u8>()), 1..20),
        in_headers in prop::collection::vec((any::<Index>(), 0..120_usize, any::<u8>()), 0..8),
        cut in prop::option::of(any::<Index>()),
    ) {
        let mut image = IMAGES[which].clone();
        for (place, byte) in changes {
            let place = place.index(image.len());
            image[place] = byte;
        }
        // What a page begins with says what the rest of it is.
        for (page, place, byte) in in_headers {
            let place = page.index(image.len() / 4096) * 4096 + place;
            image[place] = byte;
        }
        if let Some(cut) = cut {
            image.truncate(cut.index(image.len()));
        }
        let folder = Folder::new();
        let path = folder.path().join("changed.db");
        fs::write(&path, image).unwrap();
        import(&mut folder.store(), &path);
    }

    #[test]
    fn a_log_that_was_changed(changes in prop::collection::vec((any::<Index>(), any::<u8>()), 0..20)) {
        let folder = Folder::new();
        let path = microg(&folder, 12, &advertisements());
        let phone = Connection::open(&path).unwrap();
        phone.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())).unwrap();
        phone.execute("UPDATE advertisements SET rssi = rssi - 1", []).unwrap();
        let copy = folder.path().join("copy.db");
        fs::copy(&path, &copy).unwrap();
        let mut log = fs::read(folder.path().join("exposure.db-wal")).unwrap();
        for (place, byte) in changes {
            let place = place.index(log.len());
            log[place] = byte;
        }
        fs::write(folder.path().join("copy.db-wal"), log).unwrap();
        import(&mut folder.store(), &copy);
    }
}
