//! A database in memory says what the same database says as a file.

use std::fs;
use std::path::Path;

use gaen::store::{DatabaseProgram, DatabaseSightings, Store, StoreError, StoreLimits};
use gaen::{Profile, Sighting};
use rusqlite::types::Value;
use rusqlite::{Connection, params};

use crate::import::{microg, ramble};
use crate::world::Folder;

const NOON: i64 = 1_601_121_600;

fn read(database: &[u8], log: Option<&[u8]>) -> Result<Vec<Sighting>, StoreError> {
    DatabaseSightings::read(database, log, &StoreLimits::default()).map(|found| found.sightings)
}

/// Identifier, metadata, milliseconds, dBm, and the duration.
type Row = (Vec<u8>, Vec<u8>, i64, i64, i64);

fn rows(numbers: std::ops::Range<u8>) -> Vec<Row> {
    let row = |number: u8| (vec![number; 16], vec![number; 4], NOON * 1000 + i64::from(number), -60, 2000);
    numbers.map(row).collect()
}

fn insert(phone: &Connection, rows: &[Row]) {
    for (rpi, aem, time, rssi, duration) in rows {
        let sql = "INSERT INTO advertisements VALUES (?, ?, ?, ?, ?)";
        phone.execute(sql, params![rpi, aem, time, rssi, duration]).unwrap();
    }
}

/// What SQLite itself makes of the file and the log beside it.
fn imported(folder: &Folder, path: &Path) -> Vec<Sighting> {
    let _ = fs::remove_file(folder.path().join("fresh.db"));
    let mut store = Store::open(folder.path().join("fresh.db"), Profile::Google).unwrap();
    store.import_microg(path, &StoreLimits::default()).unwrap();
    store.sightings().unwrap()
}

#[test]
fn each_program_is_known_by_its_tables_and_read_as_its_file_is() {
    let folder = Folder::new();
    let mut rows = rows(1..5);
    rows.push((vec![9; 15], vec![9; 4], NOON * 1000, -60, 0));
    let path = microg(&folder, 12, &rows);
    let found = DatabaseSightings::read(&fs::read(&path).unwrap(), None, &StoreLimits::default()).unwrap();
    assert_eq!((found.program, found.sightings.len()), (DatabaseProgram::MicroG, 8));
    assert_eq!((found.repaired, found.skipped.total()), (0, 1));
    assert_eq!(found.sightings, imported(&folder, &path));

    let data = |byte: &str| Value::Text(format!("fd6f:{}01010101", byte.repeat(16)));
    let devices = [(1, "fd6f", data("01"), Value::Integer(NOON)), (2, "fd6f", Value::Null, Value::Integer(NOON))];
    let path = ramble(&folder, &devices, &[(1, Value::Integer(NOON), Value::Integer(-50))]);
    let found = DatabaseSightings::read(&fs::read(path).unwrap(), None, &StoreLimits::default()).unwrap();
    assert_eq!((found.program, found.sightings.len(), found.skipped.total()), (DatabaseProgram::Ramble, 1, 1));

    let mut store = folder.store();
    store.insert(&found.sightings).unwrap();
    drop(store);
    let database = fs::read(folder.path().join("gaen.db")).unwrap();
    let in_store = DatabaseSightings::read(&database, Some(&[]), &StoreLimits::default()).unwrap();
    assert_eq!((in_store.program, in_store.sightings), (DatabaseProgram::Gaen, found.sightings));
}

#[test]
fn a_backup_says_what_its_store_had() {
    use gaen::backup::{BackupError, BackupIdentity, BackupLimits, BackupRecipient};

    use crate::backup::{IDENTITY, RECIPIENT};

    let folder = Folder::new();
    let mut store = folder.store();
    let sightings = read(&fs::read(microg(&folder, 12, &rows(1..5))).unwrap(), None).unwrap();
    store.insert(&sightings).unwrap();
    let mut backup = Vec::new();
    store.back_up(&RECIPIENT.parse::<BackupRecipient>().unwrap(), &mut backup).unwrap();
    let open = |identity: &BackupIdentity, backup: &[u8]| {
        let database = identity.decrypt(backup, &BackupLimits::default())?;
        Ok(read(&database, Some(&[])).unwrap())
    };
    assert_eq!(open(&IDENTITY.parse().unwrap(), &backup), Ok(sightings));
    assert_eq!(open(&BackupIdentity::passphrase("a guess"), &backup), Err(BackupError::WrongKey));
    let cut = open(&IDENTITY.parse().unwrap(), &backup[..backup.len() - 1]);
    assert!(matches!(cut, Err(BackupError::Damaged { .. })), "{cut:?}");
}

#[test]
fn a_log_counts_as_it_counts_for_sqlite_and_its_absence_is_no_calm_answer() {
    let folder = Folder::new();
    let path = microg(&folder, 12, &rows(1..3));
    let phone = Connection::open(&path).unwrap();
    phone.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())).unwrap();
    phone.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
    let (copy, log) = (folder.path().join("copy.db"), folder.path().join("copy.db-wal"));
    // Grows, is begun anew after a checkpoint, and shrinks.
    type Step<'a> = (&'a str, &'a dyn Fn());
    let steps: [Step<'_>; 4] = [
        ("a row", &|| insert(&phone, &rows(3..4))),
        ("many rows", &|| {
            (0..20).for_each(|_| phone.execute_batch("INSERT INTO tek VALUES (zeroblob(3000), 1)").unwrap());
        }),
        ("a checkpoint", &|| {
            phone.query_row("PRAGMA wal_checkpoint(RESTART)", [], |_| Ok(())).unwrap();
            insert(&phone, &rows(4..5));
        }),
        ("fewer pages", &|| {
            phone.execute_batch("DELETE FROM tek; VACUUM").unwrap();
            insert(&phone, &rows(5..6));
        }),
    ];
    for (what, step) in steps {
        step();
        fs::copy(&path, &copy).unwrap();
        fs::copy(folder.path().join("exposure.db-wal"), &log).unwrap();
        let bytes = (fs::read(&copy).unwrap(), fs::read(&log).unwrap());
        assert_eq!(read(&bytes.0, None), Err(StoreError::LogMissing), "{what}");
        let with_log = read(&bytes.0, Some(&bytes.1)).unwrap();
        assert!(with_log.len() > read(&bytes.0, Some(&[])).unwrap().len(), "{what}");
        assert_eq!(with_log, imported(&folder, &copy), "{what}");
        let _ = fs::remove_file(folder.path().join("copy.db-shm"));
    }
}

#[test]
fn a_damaged_log_counts_up_to_its_damage_and_another_databases_log_is_refused() {
    let folder = Folder::new();
    let path = microg(&folder, 12, &rows(1..2));
    let phone = Connection::open(&path).unwrap();
    phone.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())).unwrap();
    for number in 2..5 {
        insert(&phone, &rows(number..number + 1));
    }
    let (database, log) = (fs::read(&path).unwrap(), fs::read(folder.path().join("exposure.db-wal")).unwrap());
    let (copy, beside) = (folder.path().join("copy.db"), folder.path().join("copy.db-wal"));
    let mut counts = std::collections::BTreeSet::new();
    for at in [4, 17, 25, 32, 36, 40, 60, log.len() / 3, log.len() / 2, log.len() - 1] {
        let mut bent = log.clone();
        bent[at] ^= 1;
        for (what, log) in [("bent", bent.as_slice()), ("cut", &log[..at])] {
            fs::write(&copy, &database).unwrap();
            fs::write(&beside, log).unwrap();
            match read(&database, Some(log)) {
                Ok(found) => {
                    assert_eq!(found, imported(&folder, &copy), "{what} at {at}");
                    counts.insert(found.len());
                }
                // Where SQLite takes a log for none, we say that it is none.
                Err(error) => assert!(error.to_string().contains("log") && at < 32, "{what} at {at}: {error}"),
            }
            let _ = fs::remove_file(folder.path().join("copy.db-shm"));
        }
    }
    assert!(counts.len() >= 3, "{counts:?}");

    let other = folder.path().join("other.db");
    let phone = Connection::open(&other).unwrap();
    phone
        .execute_batch(
            "PRAGMA page_size = 1024; PRAGMA journal_mode = WAL; CREATE TABLE t(a); INSERT INTO t VALUES (1)",
        )
        .unwrap();
    let others = fs::read(folder.path().join("other.db-wal")).unwrap();
    let error = read(&database, Some(&others)).unwrap_err().to_string();
    assert!(error.ends_with("another database's log"), "{error}");
}

#[test]
fn what_is_no_database_has_its_own_sentence() {
    let limits = StoreLimits { database_bytes: 4096 };
    let error = |bytes: &[u8]| DatabaseSightings::read(bytes, None, &limits).unwrap_err().to_string();
    assert_eq!(error(b"SQLite format 3"), "nothing was imported: it is shorter than a database's header");
    assert!(error(&[7; 200]).contains("not a database"), "{}", error(&[7; 200]));
    assert_eq!(error(&[0; 4097]), "larger than 4096 bytes, the limit");
    let mut other = Connection::open_in_memory().unwrap();
    other.execute_batch("CREATE TABLE contacts(name)").unwrap();
    let image = other.serialize(rusqlite::MAIN_DB).unwrap();
    let error = read(&image, None).unwrap_err().to_string();
    assert_eq!(error, "nothing was imported: it is no database of microG or RaMBLE, and no store");
}
