//! Opening the file, and bringing it up to date.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::error::StoreError;
use crate::profile::Profile;

/// "GAEN": what tells a store from other SQLite files.
const APPLICATION_ID: i64 = 0x4741_454e;

/// Each brings the schema from one version to the next; a new store goes through all of them.
const MIGRATIONS: [&str; 2] = [include_str!("schema/1.sql"), include_str!("schema/2.sql")];

/// The version of the schema.
#[allow(clippy::cast_possible_wrap)] // a few
const VERSION: i64 = MIGRATIONS.len() as i64;

/// How long to wait for another process that writes.
const PATIENCE: Duration = Duration::from_secs(5);

/// Opens the store in a file. Where there is none, makes one of the profile `create`, if it is given.
pub(super) fn open(path: &Path, create: Option<Profile>) -> Result<Connection, StoreError> {
    match create {
        Some(_) => touch(path)?,
        None if path.exists() => {}
        None => return Err(StoreError::Missing { path: path.display().to_string() }),
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    prepare(&mut connection, create)?;
    Ok(connection)
}

/// Makes a connection one to a store.
fn prepare(connection: &mut Connection, create: Option<Profile>) -> Result<(), StoreError> {
    // A log cannot even be read where none can be made.
    if connection.is_readonly(rusqlite::MAIN_DB)? {
        return Err(StoreError::ReadOnly);
    }
    connection.busy_timeout(PATIENCE)?;
    // Before anything is written: is it ours to write to?
    let version = version(connection)?;
    if version == 0 && create.is_none() {
        return Err(StoreError::NotAStore { detail: "the file is empty".to_owned() });
    }
    for (name, value) in
        [("synchronous", "FULL"), ("secure_delete", "ON"), ("foreign_keys", "ON"), ("trusted_schema", "OFF")]
    {
        connection.pragma_update(None, name, value)?;
    }
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    migrate(connection, create)
}

/// Brings a store that somebody else may have written up to date. Its schema has to be ours to the letter: then it has no
/// triggers, and nothing that is computed.
#[cfg(feature = "backup")]
pub(super) fn bring_up_to_date(connection: &mut Connection) -> Result<(), StoreError> {
    let version = usize::try_from(version(connection)?).unwrap_or_default();
    let ours = Connection::open_in_memory()?;
    for migration in MIGRATIONS.iter().take(version) {
        ours.execute_batch(migration)?;
    }
    if version == 0 || definitions(connection)? != definitions(&ours)? {
        return Err(StoreError::NotAStore { detail: "its tables are others".to_owned() });
    }
    migrate(connection, None)
}

/// All that a schema consists of.
#[cfg(feature = "backup")]
fn definitions(connection: &Connection) -> Result<Vec<[Option<String>; 4]>, StoreError> {
    let sql = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name";
    super::columns::all(connection, sql, [], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))
}

/// The version of the schema: 0 of a new file.
fn version(connection: &Connection) -> Result<i64, StoreError> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let (application, version) = (pragma("application_id")?, pragma("user_version")?);
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (application, version) {
        (0, 0) if tables == 0 => Ok(0),
        (APPLICATION_ID, 1..=VERSION) => Ok(version),
        (APPLICATION_ID, found) if found > VERSION => Err(StoreError::NewerSchema { found, known: VERSION }),
        _ => Err(StoreError::NotAStore { detail: format!("application id {application:#x}, user version {version}") }),
    }
}

/// Brings the schema up to date, all steps in one transaction.
fn migrate(connection: &mut Connection, create: Option<Profile>) -> Result<(), StoreError> {
    if version(connection)? == VERSION {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been faster.
    let from = version(&transaction)?;
    for migration in MIGRATIONS.iter().skip(usize::try_from(from).unwrap_or_default()) {
        transaction.execute_batch(migration)?;
    }
    if let (0, Some(profile)) = (from, create) {
        transaction.execute("INSERT INTO store VALUES (1, ?1, 1, NULL, NULL, 0)", [profile.name()])?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    Ok(transaction.commit()?)
}

/// The profile of a store.
pub(super) fn profile(connection: &Connection) -> Result<Profile, StoreError> {
    let found: String = connection.query_row("SELECT profile FROM store", [], |row| row.get(0))?;
    let profile = Profile::ALL.into_iter().find(|profile| profile.name() == found);
    profile.ok_or_else(|| StoreError::damaged("store", format_args!("profile {found:?}")))
}

/// Makes the file, if it is not there, so that its owner alone can read it. The database would leave that to chance.
fn touch(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) => match error.kind() {
            ErrorKind::AlreadyExists => Ok(()),
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Err(StoreError::ReadOnly),
            ErrorKind::StorageFull => Err(StoreError::Full { detail: error.to_string() }),
            _ => Err(StoreError::Unreadable { detail: error.to_string() }),
        },
    }
}
