//! What is opened as a store, and what is not.

use std::fs;

use gaen::Profile;
use gaen::keys::ReportType;
use gaen::store::{Store, StoreError};
use rusqlite::Connection;

use crate::world::{Folder, MIDNIGHT, heard, key, offer, zip};

/// Files that remain when the making of a store is interrupted: empty, or a database without tables.
#[test]
fn what_is_no_store_yet_becomes_one() {
    for journal in [None, Some("DELETE"), Some("WAL")] {
        let folder = Folder::new();
        let path = folder.path().join("gaen.db");
        fs::write(&path, b"").unwrap();
        if let Some(journal) = journal {
            let database = Connection::open(&path).unwrap();
            database.pragma_update_and_check(None, "journal_mode", journal, |_| Ok(())).unwrap();
            database.execute_batch("VACUUM").unwrap();
        }
        let before = fs::read(&path).unwrap();
        let missing = StoreError::Missing { path: path.display().to_string() };
        assert_eq!(Store::open_existing(&path).unwrap_err(), missing);
        assert_eq!(fs::read(&path).unwrap(), before);
        assert_eq!(Store::open(&path, Profile::AppleV1).unwrap().counts().unwrap().sightings, 0);
        assert_eq!(Store::open_existing(&path).unwrap().profile(), Profile::AppleV1);
    }
}

#[test]
fn a_schema_that_is_not_ours_to_the_letter_is_refused_and_left_alone() {
    for (change, named) in [
        ("CREATE TRIGGER t AFTER INSERT ON hits BEGIN DELETE FROM hits; END", "it has another trigger \"t\""),
        ("CREATE VIEW v AS SELECT * FROM hits", "it has another view \"v\""),
        ("CREATE TABLE other (x)", "it has another table \"other\""),
        ("CREATE INDEX more ON hits (interval)", "it has another index \"more\""),
        ("DROP INDEX hits_by_sighting", "it lacks the index \"hits_by_sighting\""),
        ("ALTER TABLE hits ADD COLUMN more INTEGER AS (interval) VIRTUAL", "it has another table \"hits\""),
    ] {
        let folder = Folder::new();
        let path = folder.path().join("gaen.db");
        let open = folder.store();
        assert_eq!(open.check().unwrap(), Vec::<String>::new());
        Connection::open(&path).unwrap().execute_batch(change).unwrap();
        assert_eq!(open.check().unwrap()[0], named);
        drop(open);
        let before = fs::read(&path).unwrap();
        let refused = StoreError::NotAStore { detail: named.to_owned() };
        assert_eq!(Store::open(&path, Profile::Google).unwrap_err(), refused);
        assert_eq!(Store::open_existing(&path).unwrap_err(), refused);
        assert_eq!(fs::read(&path).unwrap(), before);
    }
}

/// By such numbers a file would be passed over for ever, a sighting taken for a replay, or a clock never believed.
#[test]
fn bookkeeping_that_no_store_writes_is_refused() {
    let unfinished = "INSERT INTO unfinished VALUES (1, zeroblob(32), 0, 1, 5, zeroblob(32), 0)";
    for (change, named) in [
        ("UPDATE files SET searched_until = 1", None),
        (
            "UPDATE files SET searched_until = 2",
            Some("table files: searched_until is 2; sightings were numbered up to 1"),
        ),
        (
            "UPDATE files SET searched_until = 9999999999",
            Some("table files: searched_until is 9999999999; sightings were numbered up to 1"),
        ),
        (
            "UPDATE files SET searched_until = -1",
            Some("table files: searched_until is -1; sightings were numbered up to 1"),
        ),
        (
            "UPDATE store SET next_sighting = 1; UPDATE files SET searched_until = 0",
            Some("table sightings: id is 1; sightings were numbered up to 0"),
        ),
        (unfinished, None),
        (
            &format!("{unfinished}; UPDATE unfinished SET sightings_until = 2"),
            Some("table unfinished: sightings_until is 2; sightings were numbered up to 1"),
        ),
        (
            &format!("{unfinished}; UPDATE unfinished SET sightings_after = -1"),
            Some("table unfinished: sightings_after is -1; sightings were numbered up to 1"),
        ),
        ("UPDATE store SET last_purge = 1546300800", None),
        ("UPDATE store SET last_purge = 1546300799", Some("table store: the last purge was at 1546300799 s")),
        ("UPDATE store SET last_purge = 4102444799", None),
        ("UPDATE store SET last_purge = 4102444800", Some("table store: the last purge was at 4102444800 s")),
        ("UPDATE store SET last_purge = 99999999999", Some("table store: the last purge was at 99999999999 s")),
        ("INSERT INTO first_heard SELECT key, interval, 600 * (interval - 12) FROM hits", None),
        (
            "INSERT INTO first_heard SELECT key, interval, 600 * (interval - 12) - 1 FROM hits",
            Some("table first_heard: 1601071199 s is over two hours off interval 2668464"),
        ),
        ("INSERT INTO restored_first_heard VALUES (zeroblob(16), 2668464, 1601086199)", None),
        (
            "INSERT INTO restored_first_heard VALUES (zeroblob(16), 2668464, 1601086200)",
            Some("table restored_first_heard: 1601086200 s is over two hours off interval 2668464"),
        ),
    ] {
        let folder = Folder::new();
        let path = folder.path().join("gaen.db");
        let mut open = folder.store();
        let near = key(1, MIDNIGHT, 144, ReportType::ConfirmedTest);
        open.insert(&[heard(&near, MIDNIGHT, 0, -12, -60)]).unwrap();
        offer(&mut open, &zip(&[near], &[]), 600 * u64::from(MIDNIGHT)).unwrap();
        Connection::open(&path).unwrap().execute_batch(change).unwrap();
        let damaged = named.map(|detail| StoreError::Damaged { detail: detail.to_owned() });
        let told: Vec<_> = damaged.iter().map(ToString::to_string).collect();
        assert_eq!(open.check().unwrap(), told, "{change}");
        drop(open);
        assert_eq!(Store::open_existing(&path).err(), damaged, "{change}");
    }
}

#[cfg(unix)]
#[test]
fn a_store_tells_whether_others_may_write_to_it() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new();
    assert!(!folder.store().others_may_write());
    for (mode, others) in [(0o644, false), (0o620, true), (0o602, true), (0o755, false)] {
        fs::set_permissions(folder.path().join("gaen.db"), fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(folder.store().others_may_write(), others, "{mode:o}");
    }
}
