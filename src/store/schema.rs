//! Opens the file, and brings its schema up to date.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::columns;
use super::error::StoreError;
use crate::profile::Profile;

/// "GAEN": the mark that tells a store from other SQLite files.
const APPLICATION_ID: i64 = 0x4741_454e;

/// Each brings the schema from one version to the next; a new store goes through all of them.
const MIGRATIONS: [&str; 3] =
    [include_str!("schema/1.sql"), include_str!("schema/2.sql"), include_str!("schema/3.sql")];

/// The version of the schema.
#[allow(clippy::cast_possible_wrap)] // a few
const VERSION: i64 = MIGRATIONS.len() as i64;

/// How long to wait for another process that writes.
const PATIENCE: Duration = Duration::from_secs(5);

/// Opens the store in a file. Where there is none, makes one of the profile `create`, if it is given.
///
/// A store is made in one transaction. Whatever interrupts that leaves a file without tables: it is no store yet, and
/// becomes one the next time.
pub(super) fn open(path: &Path, create: Option<Profile>) -> Result<Connection, StoreError> {
    let missing = || StoreError::Missing { path: path.display().to_string() };
    if create.is_some() {
        touch(path)?;
    } else if !path.exists() {
        return Err(missing());
    }
    // By its name alone the database takes `:memory:` and `file:` for something else than files.
    let absolute = std::path::absolute(path).map_err(|error| StoreError::Unreadable { detail: error.to_string() })?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(absolute, flags)?;
    connection.busy_timeout(PATIENCE)?;
    // A log cannot even be read where none can be made.
    if connection.is_readonly(rusqlite::MAIN_DB)? {
        return Err(StoreError::ReadOnly);
    }
    // Before anything is written: is it ours to write to?
    match version(&connection)? {
        0 if create.is_none() => return Err(missing()),
        0 => {}
        version => expect_ours(&connection, version)?,
    }
    for (name, value) in
        [("synchronous", "FULL"), ("secure_delete", "ON"), ("foreign_keys", "ON"), ("trusted_schema", "OFF")]
    {
        connection.pragma_update(None, name, value)?;
    }
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    // The last purge may have found a reader in its way.
    let _ = empty_log(&connection, Duration::ZERO);
    migrate(&mut connection, create)?;
    Ok(connection)
}

/// `true` if others than the owner may write to this file. `false` if the system has no such notion.
pub(super) fn others_may_write(path: &Path) -> bool {
    #[cfg(unix)]
    return path.metadata().is_ok_and(|file| std::os::unix::fs::PermissionsExt::mode(&file.permissions()) & 0o022 != 0);
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// Writes the log back and empties it, because it still holds erased records. Returns `true` if the log is empty now.
/// Readers may be in the way for longer than `patience`.
pub(super) fn empty_log(connection: &Connection, patience: Duration) -> Result<bool, StoreError> {
    connection.busy_timeout(patience)?;
    let is_blocked = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
    connection.busy_timeout(PATIENCE)?;
    Ok(!is_blocked?)
}

/// Brings a store that somebody else may have written up to date.
pub(super) fn bring_up_to_date(connection: &mut Connection) -> Result<(), StoreError> {
    match version(connection)? {
        0 => return Err(StoreError::NotAStore { detail: "it has no tables".to_owned() }),
        version => expect_ours(connection, version)?,
    }
    migrate(connection, None)
}

/// `true` if the file says that it is a store, whatever else is in it.
pub(super) fn is_ours(connection: &Connection) -> rusqlite::Result<bool> {
    connection.pragma_query_value(None, "application_id", |row| row.get(0)).map(|found: i64| found == APPLICATION_ID)
}

/// Refuses a schema that is not ours to the letter. Ours has no triggers, no views, and nothing that is computed.
fn expect_ours(connection: &Connection, version: i64) -> Result<(), StoreError> {
    differences(connection, version)?.into_iter().next().map_or(Ok(()), |detail| Err(StoreError::NotAStore { detail }))
}

/// How this schema differs from our newest version.
pub(super) fn foreign(connection: &Connection) -> Result<Vec<String>, StoreError> {
    differences(connection, VERSION)
}

/// How a schema differs from our schema of a version.
fn differences(connection: &Connection, version: i64) -> Result<Vec<String>, StoreError> {
    let ours = Connection::open_in_memory()?;
    for migration in MIGRATIONS.iter().take(usize::try_from(version).unwrap_or_default()) {
        ours.execute_batch(migration)?;
    }
    let (found, ours) = (definitions(connection)?, definitions(&ours)?);
    let foreign = found.iter().filter(|found| !ours.contains(found)).map(|found| ("it has another", found));
    let missing = ours.iter().filter(|ours| !found.contains(ours)).map(|ours| ("it lacks the", ours));
    let line = |(what, [kind, name, ..]): (&str, &Definition)| {
        let name: String = name.iter().flat_map(|name| name.chars()).take(60).collect();
        format!("{what} {} {name:?}", kind.as_deref().unwrap_or_default())
    };
    Ok(foreign.chain(missing).map(line).collect())
}

/// Type, name, table and text of something in a schema.
type Definition = [Option<String>; 4];

/// Everything in a schema.
fn definitions(connection: &Connection) -> Result<Vec<Definition>, StoreError> {
    let sql = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name";
    columns::all(connection, sql, [], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))
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
