//! microG's `exposure.db`.
//!
//! Source: microG, `ExposureDatabase.kt`, `noteAdvertisement` and `onUpgrade`.

use rusqlite::{Connection, Row};

use super::{Contents, ImportSkip, number, time};
use crate::keys::RollingProximityIdentifier;
use crate::matching::Sighting;
use crate::store::untrusted::{Refusal, expect_table};

pub(in crate::store) fn read(database: &Connection) -> Result<Contents, Refusal> {
    expect_table(database, "advertisements", &["rpi", "aem", "timestamp", "rssi", "duration"])?;
    let version = database.pragma_query_value(None, "user_version", |row| row.get(0))?;
    // By no index: that could disagree with the table.
    let mut statement =
        database.prepare("SELECT rpi, aem, timestamp, rssi, duration FROM advertisements NOT INDEXED")?;
    let mut rows = statement.query([])?;
    let mut found = Contents::default();
    while let Some(row) = rows.next()? {
        let mut is_repaired = false;
        if found.take(sightings(row, version, &mut is_repaired)) {
            found.repaired = found.repaired.saturating_add(u64::from(is_repaired));
        }
    }
    Ok(found)
}

/// The sightings of a row.
fn sightings(
    row: &Row<'_>,
    version: i64,
    is_repaired: &mut bool,
) -> Result<impl Iterator<Item = Sighting> + use<>, ImportSkip> {
    let column = |column: usize| row.get_ref(column).map_err(|_| ImportSkip::Identifier);
    let rpi = column(0)?.as_blob().ok().and_then(|rpi| rpi.try_into().ok()).ok_or(ImportSkip::Identifier)?;
    let aem = column(1)?.as_blob().map_err(|_| ImportSkip::Metadata)?;
    // Milliseconds.
    let (first, duration) = (time(column(2)?)?, time(column(4)?)?);
    let last = first.checked_add(duration).ok_or(ImportSkip::Time)?;
    let measured = number(column(3)?).ok_or(ImportSkip::Rssi)?;
    let rssi = repair(measured, duration, version);
    let sighting = |time: u64| -> Result<Sighting, ImportSkip> {
        let rssi = rssi.try_into().map_err(|_| ImportSkip::Rssi)?;
        Ok(Sighting::new(RollingProximityIdentifier::from_bytes(rpi), aem, rssi, time))
    };
    let (first, last) = (sighting(first / 1000)?, sighting(last / 1000)?);
    let last = (last.time > first.time).then_some(Sighting { previous_scan: Some(first.time), ..last });
    *is_repaired = rssi != measured;
    Ok(core::iter::once(first).chain(last))
}

/// microG has computed means wrongly. Its later versions replace them so when they find a database of such a version.
/// What its settings export is a database without a version: 0. It may hold the means of any of them.
const fn repair(rssi: i64, duration: u64, version: i64) -> i64 {
    match (version, rssi) {
        (..6, ..-200) => -100,
        (0 | 11, 0) if duration > 0 => -75,
        _ => rssi,
    }
}
