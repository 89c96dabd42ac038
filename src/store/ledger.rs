//! Which files were searched, and for which sightings.

use rusqlite::{Connection, OptionalExtension, Row, named_params, params};

use super::columns;
use super::error::StoreError;
use super::{Store, awaited};
use crate::export::{ExportSummary, FileFacts};
use crate::time::{CLOCK_INTERVALS, INTERVAL_SECONDS, SECONDS_PER_DAY};

/// Seconds after which a file that is offered again is written down as such: not every time, as that costs a write.
const OFFERED_AGAIN_SECONDS: u64 = SECONDS_PER_DAY;

/// A file that the store has searched, after its signature was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct FileRecord {
    /// The number of the file in the store. It is the `source` of matches.
    pub id: usize,
    /// SHA-256 of `export.bin` with its header.
    #[cfg_attr(feature = "serde", serde(serialize_with = "super::columns::hex"))]
    pub export_sha256: [u8; 32],
    /// The time window and the region of the file.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub facts: FileFacts,
    /// The number of keys of the file, without the keys that were left out.
    pub keys: u64,
    /// The number of revised keys of the file.
    pub revised_keys: u64,
    /// The number of keys and revised keys that were left out.
    pub skipped_keys: u64,
    /// The names of the trusted keys that signed, joined by a space.
    pub verified_by: String,
    /// When the file was first offered, Unix seconds.
    pub first_offered: u64,
    /// When the file was last offered, to the day, Unix seconds.
    pub last_offered: u64,
    /// `true` if the file was searched for all sightings in the store.
    pub is_up_to_date: bool,
}

impl Store {
    /// The files that the store has searched, in the order in which they were first searched.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn files(&self) -> Result<Vec<FileRecord>, StoreError> {
        let sql =
            "SELECT files.id, export_sha256, start_timestamp, end_timestamp, region, keys, revised_keys, skipped_keys,
                          verified_by, first_offered, last_offered,
                          NOT EXISTS (SELECT 1 FROM sightings WHERE sightings.id > searched_until)
                   FROM files ORDER BY files.id";
        columns::all(&self.connection, sql, [], |row| {
            Ok(FileRecord {
                id: row.get(0)?,
                export_sha256: row.get(1)?,
                facts: columns::facts(row, 2)?,
                keys: row.get(5)?,
                revised_keys: row.get(6)?,
                skipped_keys: row.get(7)?,
                verified_by: row.get(8)?,
                first_offered: row.get(9)?,
                last_offered: row.get(10)?,
                is_up_to_date: row.get(11)?,
            })
        })
    }
}

/// What the ledger knows of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) id: i64,
    /// The fingerprint of the keys that signed it.
    pub(super) trust: [u8; 32],
    /// The last sighting that was looked for.
    pub(super) searched_until: i64,
}

/// The file that came in this zip.
pub(super) fn by_zip(connection: &Connection, zip_sha256: &[u8; 32]) -> Result<Option<Known>, StoreError> {
    let sql = "SELECT id, trust, searched_until FROM files JOIN zips ON zips.file = files.id WHERE zip_sha256 = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([zip_sha256], known).optional()?)
}

/// The file with this `export.bin`.
pub(super) fn by_export(connection: &Connection, export_sha256: &[u8; 32]) -> Result<Option<Known>, StoreError> {
    let sql = "SELECT id, trust, searched_until FROM files WHERE export_sha256 = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([export_sha256], known).optional()?)
}

fn known(row: &Row<'_>) -> rusqlite::Result<Known> {
    Ok(Known { id: row.get(0)?, trust: row.get(1)?, searched_until: row.get(2)? })
}

/// `true` if there is a file whose `export.bin` has this length.
pub(super) fn has_size(connection: &Connection, export_bin_bytes: u64) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM files WHERE export_bin_bytes = ?1)";
    Ok(connection.query_row(sql, [export_bin_bytes], |row| row.get(0))?)
}

/// Remembers that a file came in this zip.
pub(super) fn remember_zip(connection: &Connection, zip_sha256: &[u8; 32], file: i64) -> Result<(), StoreError> {
    connection.execute("INSERT OR REPLACE INTO zips VALUES (?1, ?2)", params![zip_sha256, file])?;
    Ok(())
}

/// Remembers that a file is still offered.
pub(super) fn offered(connection: &Connection, file: i64, now: u64) -> Result<(), StoreError> {
    let last: u64 = connection.query_row("SELECT last_offered FROM files WHERE id = ?1", [file], |row| row.get(0))?;
    if now.abs_diff(last) >= OFFERED_AGAIN_SECONDS {
        connection.execute("UPDATE files SET last_offered = ?2 WHERE id = ?1", params![file, storable(now)])?;
    }
    Ok(())
}

/// A file that was good, and what it was searched for.
pub(super) struct Searched<'a> {
    pub(super) summary: &'a ExportSummary,
    pub(super) export_bin_bytes: u64,
    /// The fingerprint of the keys that signed it.
    pub(super) trust: [u8; 32],
    /// The first and the last interval of its keys.
    pub(super) span: Option<(u32, u32)>,
    /// All sightings after this one ...
    pub(super) after: i64,
    /// ... up to this one.
    pub(super) until: i64,
    pub(super) now: u64,
}

/// Writes down that a file was searched, and gives its number.
pub(super) fn record(connection: &Connection, searched: &Searched<'_>) -> Result<i64, StoreError> {
    let Searched { summary, after, until, .. } = searched;
    // If the file's record went in the meantime, sightings before `after` would count as searched for; then none does.
    let until = if *after == 0 { *until } else { 0 };
    let sql = "
        INSERT INTO files (export_sha256, export_bin_bytes, start_timestamp, end_timestamp, region, keys, revised_keys,
                           skipped_keys, verified_by, trust, first_interval, last_interval, searched_until,
                           first_offered, last_offered)
        VALUES (:export_sha256, :export_bin_bytes, :start, :end, :region, :keys, :revised_keys,
                :skipped_keys, :verified_by, :trust, :first, :last, :new_until, :now, :now)
        ON CONFLICT (export_sha256) DO UPDATE SET
            verified_by = excluded.verified_by, trust = excluded.trust, last_offered = excluded.last_offered,
            searched_until = CASE WHEN searched_until >= :after THEN max(searched_until, :until) ELSE searched_until END
        RETURNING id";
    let parameters = named_params! {
        ":export_sha256": summary.export_sha256,
        ":export_bin_bytes": searched.export_bin_bytes,
        ":start": summary.facts.start_timestamp.map(storable),
        ":end": summary.facts.end_timestamp.map(storable),
        ":region": summary.facts.region,
        ":keys": summary.keys,
        ":revised_keys": summary.revised_keys,
        ":skipped_keys": summary.skipped.total(),
        ":verified_by": summary.verified_by.join(" "),
        ":trust": searched.trust,
        ":first": searched.span.map(|(first, _)| first),
        ":last": searched.span.map(|(_, last)| last),
        ":new_until": until,
        ":now": storable(searched.now),
        ":after": after,
        ":until": searched.until,
    };
    let id = connection.prepare_cached(sql)?.query_row(parameters, |row| row.get(0))?;
    awaited::arrived(connection, &summary.export_sha256)?;
    Ok(id)
}

/// A time as it is stored. Times later than `i64::MAX` are stored as `i64::MAX`.
pub(super) fn storable(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX)
}

/// Counts all sightings up to `until` as searched for in files where, by the times, no key can match a new sighting.
pub(super) fn pass_over(connection: &Connection, until: i64) -> Result<(), StoreError> {
    let sql = "SELECT DISTINCT searched_until FROM files WHERE searched_until < ?1";
    for after in columns::all(connection, sql, [until], |row| Ok(row.get::<_, i64>(0)?))? {
        let sql = "SELECT min(time), max(time) FROM sightings WHERE id > ?1 AND id <= ?2";
        let times = |row: &Row<'_>| Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, Option<i64>>(1)?));
        let (first, last) = connection.query_row(sql, [after, until], times)?;
        // Nothing new is near no key.
        let interval = |time: i64| time.div_euclid(storable(INTERVAL_SECONDS));
        let near = first.zip(last).map(|(first, last)| (interval(first), interval(last)));
        let sql = "
            UPDATE files SET searched_until = :until
            WHERE searched_until = :after
              AND NOT ifnull(:first <= last_interval + :clock AND :last >= first_interval - :clock, 0)";
        let parameters = named_params! {
            ":until": until, ":after": after, ":clock": CLOCK_INTERVALS,
            ":first": near.map(|(first, _)| first), ":last": near.map(|(_, last)| last),
        };
        connection.execute(sql, parameters)?;
    }
    Ok(())
}
