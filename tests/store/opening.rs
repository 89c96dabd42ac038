//! What is opened as a store, and what is not.

use std::fs;

use gaen::Profile;
use gaen::store::{Store, StoreError};
use rusqlite::Connection;

use crate::world::Folder;

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
