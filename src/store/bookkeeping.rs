//! Numbers and times that a store keeps for itself, and what they cannot be.
//!
//! By them files are passed over, replays are told, and clocks are compared. One that is wrong makes no noise of its
//! own.

use rusqlite::{Connection, Row};

use super::columns;
use super::error::StoreError;
use super::sightings;
use crate::matching::index::in_clock_window;
use crate::time::{EnIntervalNumber, POSSIBLE_TIMES};

/// Refuses a store whose bookkeeping this crate cannot have written.
pub(super) fn expect_sound(connection: &Connection) -> Result<(), StoreError> {
    problems(connection)?.into_iter().next().map_or(Ok(()), Err)
}

/// What is in the bookkeeping and cannot have been written by this crate.
pub(super) fn problems(connection: &Connection) -> Result<Vec<StoreError>, StoreError> {
    let snapshot = connection.unchecked_transaction()?;
    let mut problems = Vec::new();
    let last = sightings::last(&snapshot)?;
    for (table, column, first) in [
        ("sightings", "id", 1),
        ("files", "searched_until", 0),
        ("unfinished", "sightings_after", 0),
        ("unfinished", "sightings_until", 0),
    ] {
        let sql = format!("SELECT min({column}), max({column}) FROM {table}");
        let found = snapshot.query_row(&sql, [], |row| Ok([row.get::<_, Option<i64>>(0)?, row.get(1)?]))?;
        if let Some(found) = found.into_iter().flatten().find(|found| !(first..=last).contains(found)) {
            let what = format_args!("{column} is {found}; sightings were numbered up to {last}");
            problems.push(StoreError::damaged(table, what));
        }
    }
    let last_purge: Option<i64> = snapshot.query_row("SELECT last_purge FROM store", [], |row| row.get(0))?;
    let is_possible = |time: i64| u64::try_from(time).is_ok_and(|time| POSSIBLE_TIMES.contains(&time));
    if let Some(last) = last_purge.filter(|last| !is_possible(*last)) {
        problems.push(StoreError::damaged("store", format_args!("the last purge was at {last} s")));
    }
    for table in ["first_heard", "restored_first_heard"] {
        let times = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let times: Vec<(i64, i64)> =
            columns::all(&snapshot, &format!("SELECT interval, time FROM {table}"), [], times)?;
        let is_near = |interval: i64, time: i64| {
            let (interval, time) = (u32::try_from(interval).ok()?, u64::try_from(time).ok()?);
            Some(in_clock_window(EnIntervalNumber::new(interval), time))
        };
        if let Some((interval, time)) =
            times.into_iter().find(|(interval, time)| is_near(*interval, *time) != Some(true))
        {
            let what = format_args!("{time} s is over two hours off interval {interval}");
            problems.push(StoreError::damaged(table, what));
        }
    }
    Ok(problems)
}
