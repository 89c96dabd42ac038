//! Opens databases that others wrote. Reading one runs no code of the database, and comes to an end.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, MAIN_DB, OpenFlags, OptionalExtension};

/// Limits for databases that others wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreLimits {
    /// The most bytes of a database, which is held in memory. The default is 1 GiB.
    pub database_bytes: u64,
}

impl Default for StoreLimits {
    fn default() -> Self {
        Self { database_bytes: 1 << 30 }
    }
}

/// Steps of the database's machine for each byte of a database. Reading a row takes about ten and checking it with its
/// indices some hundred, and no row has fewer than ten bytes; only one whose pages refer to each other in circles asks
/// for more.
const STEPS_PER_BYTE: u64 = 16;

/// Steps that an empty database may take.
const STEPS: u64 = 1_000_000;

/// Steps between two looks at the account.
const STRIDE: u16 = 1000;

/// The longest value or row. Those of honest databases have less than a kilobyte.
const LONGEST_VALUE: i32 = 1 << 20;

/// The bytes of a database's header, without which there is none.
const HEADER_BYTES: usize = 100;

/// Why a database was not read.
#[derive(Debug)]
pub(super) enum Refusal {
    /// It has more bytes than are read.
    TooLarge { limit: u64 },
    /// It is not what it should be.
    Unfit(String),
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::Unfit(match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::OperationInterrupted) => "it takes more work than its size explains".to_owned(),
            _ => error.to_string(),
        })
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        Self::Unfit(error.to_string())
    }
}

/// Opens the database in a file, for reading, and leaves the file alone.
pub(super) fn open_file(path: &Path, limits: &StoreLimits) -> Result<Connection, Refusal> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(Refusal::Unfit("it is a folder".to_owned()));
    }
    let bytes = metadata.len();
    let in_limit = |bytes: u64| match bytes <= limits.database_bytes {
        true => Ok(bytes),
        false => Err(Refusal::TooLarge { limit: limits.database_bytes }),
    };
    // What is in a log beside it has happened too; of that the database itself has to take care.
    let logs = ["-wal", "-journal"].map(|name| beside(path, name).metadata().map_or(0, |log| log.len()));
    let in_logs = logs.iter().fold(0_u64, |sum, log| sum.saturating_add(*log));
    let total = in_limit(bytes.saturating_add(in_logs))?;
    if in_logs == 0 {
        return open_image(file, usize::try_from(bytes).unwrap_or(usize::MAX));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(std::path::absolute(path)?, flags)?;
    guard(&mut connection, total)?;
    Ok(connection)
}

fn beside(path: &Path, name: &str) -> PathBuf {
    let mut file = path.as_os_str().to_owned();
    file.push(name);
    file.into()
}

/// Opens the database that has these bytes, in memory.
pub(super) fn open_image(mut image: impl Read, bytes: usize) -> Result<Connection, Refusal> {
    let mut header = [0; HEADER_BYTES];
    image.read_exact(&mut header).map_err(|_| Refusal::Unfit("it is shorter than a database's header".to_owned()))?;
    // "Has a write-ahead log" would be asked for one, which an image does not have.
    let [.., written_by, read_by] = header.first_chunk_mut::<20>().ok_or_else(|| Refusal::Unfit(String::new()))?;
    for version in [written_by, read_by] {
        *version = (*version).min(1);
    }
    let mut connection = Connection::open_in_memory()?;
    guard(&mut connection, bytes as u64)?;
    connection.deserialize_read_exact(MAIN_DB, header.as_slice().chain(image), bytes, false)?;
    Ok(connection)
}

/// Takes care that a database of so many bytes runs nothing of its own, and not for ever.
fn guard(connection: &mut Connection, bytes: u64) -> rusqlite::Result<()> {
    let mut left = STEPS.saturating_add(bytes.saturating_mul(STEPS_PER_BYTE));
    connection.progress_handler(
        STRIDE.into(),
        Some(move || {
            left = left.saturating_sub(STRIDE.into());
            left == 0
        }),
    )?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST_VALUE)?;
    for (config, value) in [
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
    ] {
        connection.set_db_config(config, value)?;
    }
    // Nothing of it is written to a disk.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cell_size_check", "ON")
}

/// Checks that there is a real table of this name with these columns: no view, nothing virtual, no computed column.
pub(super) fn expect_table(connection: &Connection, table: &str, columns: &[&str]) -> Result<(), Refusal> {
    let sql = "SELECT rootpage > 0 AND sql LIKE 'CREATE TABLE%' FROM sqlite_schema WHERE type = 'table' AND name = ?1";
    if connection.query_row(sql, [table], |row| row.get(0)).optional()? != Some(true) {
        return Err(Refusal::Unfit(format!("it has no table {table}")));
    }
    let mut statement = connection.prepare(&format!("PRAGMA table_info({table})"))?;
    let found: Vec<String> = statement.query_map([], |row| row.get("name"))?.collect::<Result<_, _>>()?;
    match columns.iter().find(|column| !found.iter().any(|found| found.eq_ignore_ascii_case(column))) {
        Some(missing) => Err(Refusal::Unfit(format!("its table {table} has no column {missing}"))),
        None => Ok(()),
    }
}
