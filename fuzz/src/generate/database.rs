//! Databases that others wrote: SQLite files of which something may be wrong.

use std::borrow::Cow;
use std::sync::LazyLock;

use arbitrary::Arbitrary;
use rusqlite::types::Value;
use rusqlite::{Connection, MAIN_DB, params_from_iter};

use super::file::Damage;
use super::{from_bytes, store};

/// What a database is made of.
#[derive(Arbitrary, Debug)]
struct Recipe {
    program: Program,
    version: Option<i8>,
    changes: Vec<Change>,
    damages: Vec<Damage>,
}

#[derive(Arbitrary, Debug)]
enum Program {
    Microg,
    Ramble,
    Gaen,
}

/// What is done to a row before it is written. Numbers that are too large start again.
#[derive(Arbitrary, Debug)]
enum Change {
    Set { table: u8, row: u8, column: u8, to: Content },
    Add { table: u8, row: u8, column: u8, number: i8 },
    Copy { table: u8, row: u8, column: u8, to: Content },
    Delete { table: u8, row: u8 },
}

#[derive(Arbitrary, Clone, Debug)]
enum Content {
    Null,
    Number(i64),
    SmallNumber(i8),
    Fraction(f64),
    Text(String),
    Bytes(Vec<u8>),
    Repeated { byte: u8, times: u8 },
}

/// A database taken apart.
#[derive(Clone)]
struct Parts {
    application_id: i64,
    version: i64,
    schema: String,
    tables: Vec<Table>,
}

#[derive(Clone)]
struct Table {
    name: String,
    rows: Vec<Vec<Value>>,
}

/// The database that an input is, or is the recipe of.
pub(crate) fn database(data: &[u8]) -> Option<Cow<'_, [u8]>> {
    if data.starts_with(b"SQLite format 3\0") {
        return Some(data.into());
    }
    from_bytes::<Recipe>(data).map(|recipe| recipe.make().into())
}

impl Recipe {
    fn make(&self) -> Vec<u8> {
        let mut parts = self.program.database().clone();
        self.changes.iter().for_each(|change| change.apply(&mut parts.tables));
        if let Some(version) = self.version {
            parts.version = version.into();
        }
        let mut image = parts.put_together();
        self.damages.iter().for_each(|damage| damage.apply(&mut image));
        image
    }
}

impl Program {
    /// What the program has written. Columns have no types, so that there may be anything in them, but for the store's
    /// own.
    fn database(&self) -> &Parts {
        static MICROG: LazyLock<Parts> = LazyLock::new(|| {
            Parts::of_sql(
                "PRAGMA user_version = 12;
                CREATE TABLE advertisements(rpi, aem, timestamp, rssi, duration, PRIMARY KEY(rpi, timestamp));
                INSERT INTO advertisements VALUES (zeroblob(16), zeroblob(4), 1601121600999, -60, 360000),
                    (x'11111111111111111111111111111111', x'01020304', 1601121700000, -70, 0);",
            )
        });
        static RAMBLE: LazyLock<Parts> = LazyLock::new(|| {
            Parts::of_sql(
                "CREATE TABLE devices(id, service_uuids, service_data, last_seen);
                CREATE TABLE locations(device_id, timestamp, rssi);
                INSERT INTO devices VALUES (1, 'fd6f', 'fd6f:' || hex(zeroblob(20)), 1601121600);
                INSERT INTO locations VALUES (1, 1601121600, -50), (1, 1601121000, -70);",
            )
        });
        static GAEN: LazyLock<Parts> = LazyLock::new(|| Parts::of(store::image()));
        match self {
            Self::Microg => &MICROG,
            Self::Ramble => &RAMBLE,
            Self::Gaen => &GAEN,
        }
    }
}

impl Parts {
    fn of_sql(sql: &str) -> Self {
        let database = Connection::open_in_memory().unwrap();
        database.execute_batch(sql).unwrap();
        Self::read(&database).unwrap()
    }

    fn of(image: &[u8]) -> Self {
        let mut database = Connection::open_in_memory().unwrap();
        database.deserialize_read_exact(MAIN_DB, image, image.len(), true).unwrap();
        Self::read(&database).unwrap()
    }

    fn read(database: &Connection) -> rusqlite::Result<Self> {
        let texts = |sql: &str| -> rusqlite::Result<Vec<String>> {
            database.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
        };
        let of_somebody = "FROM sqlite_schema WHERE sql NOT NULL AND name NOT LIKE 'sqlite%'";
        let names = texts(&format!("SELECT name {of_somebody} AND type = 'table'"))?;
        let tables = names.into_iter().map(|name| Table::read(database, name)).collect::<Result<_, _>>()?;
        Ok(Self {
            application_id: database.pragma_query_value(None, "application_id", |row| row.get(0))?,
            version: database.pragma_query_value(None, "user_version", |row| row.get(0))?,
            schema: texts(&format!("SELECT sql {of_somebody} ORDER BY rowid"))?.join(";"),
            tables,
        })
    }

    fn put_together(&self) -> Vec<u8> {
        let mut database = Connection::open_in_memory().unwrap();
        // Small, for the fuzzer's sake.
        for (pragma, value) in [
            ("page_size", 512),
            ("foreign_keys", 0),
            ("application_id", self.application_id),
            ("user_version", self.version),
        ] {
            database.pragma_update(None, pragma, value).unwrap();
        }
        database.execute_batch(&format!("BEGIN; {}", self.schema)).unwrap();
        for Table { name, rows } in &self.tables {
            for row in rows {
                let places = vec!["?"; row.len()].join(", ");
                // What the table does not take is not in the database.
                let _ = database.execute(&format!("INSERT INTO {name} VALUES ({places})"), params_from_iter(row));
            }
        }
        database.execute_batch("COMMIT").unwrap();
        database.serialize(MAIN_DB).unwrap().to_vec()
    }
}

impl Table {
    fn read(database: &Connection, name: String) -> rusqlite::Result<Self> {
        let mut statement = database.prepare(&format!("SELECT * FROM {name}"))?;
        let columns = statement.column_count();
        let row = |row: &rusqlite::Row<'_>| (0..columns).map(|column| row.get(column)).collect();
        let rows = statement.query_map([], row)?.collect::<Result<_, _>>()?;
        Ok(Self { name, rows })
    }
}

impl Change {
    fn apply(&self, tables: &mut [Table]) {
        let (Self::Set { table, row, .. }
        | Self::Add { table, row, .. }
        | Self::Copy { table, row, .. }
        | Self::Delete { table, row }) = self;
        let table = usize::from(*table) % tables.len();
        let rows = &mut tables[table].rows;
        if rows.is_empty() {
            return;
        }
        let number = usize::from(*row) % rows.len();
        let row = &mut rows[number];
        let column = |column: &u8| usize::from(*column) % row.len();
        match self {
            Self::Set { column: at, to, .. } => {
                let at = column(at);
                row[at] = to.value();
            }
            Self::Add { column: at, number, .. } => {
                let at = column(at);
                match &mut row[at] {
                    Value::Integer(found) => *found = found.wrapping_add((*number).into()),
                    Value::Blob(found) => found.iter_mut().for_each(|byte| *byte = byte.wrapping_add_signed(*number)),
                    other => *other = Value::Integer((*number).into()),
                }
            }
            Self::Copy { column: at, to, .. } => {
                let (at, mut copy) = (column(at), row.clone());
                copy[at] = to.value();
                rows.push(copy);
            }
            Self::Delete { .. } => drop(rows.remove(number)),
        }
    }
}

impl Content {
    fn value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Number(number) => Value::Integer(*number),
            Self::SmallNumber(number) => Value::Integer((*number).into()),
            Self::Fraction(number) => Value::Real(*number),
            Self::Text(text) => Value::Text(text.clone()),
            Self::Bytes(bytes) => Value::Blob(bytes.clone()),
            Self::Repeated { byte, times } => Value::Blob(vec![*byte; (*times).into()]),
        }
    }
}
