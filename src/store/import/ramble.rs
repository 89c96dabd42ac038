//! Databases that RaMBLE exports: a Bluetooth explorer that keeps all advertisements.
//!
//! Its source is not public. Source: corona-warn-companion, `RambleDbOnDisk.java`.

use std::collections::HashMap;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use super::{Contents, ImportSkip, number, time};
use crate::keys::RollingProximityIdentifier;
use crate::matching::{HeardMetadata, Sighting};
use crate::store::untrusted::{Refusal, expect_table};
use crate::time::possible_time;

/// Seconds for which an address is taken to be that of one identifier. Both change every ten to twenty minutes.
const SAME_IDENTIFIER_SECONDS: u64 = 1800;

/// A device that has sent exposure notifications.
#[derive(Clone, Copy)]
struct Device {
    rpi: RollingProximityIdentifier,
    aem: HeardMetadata,
    last_seen: u64,
}

pub(in crate::store) fn read(database: &Connection) -> Result<Contents, Refusal> {
    expect_table(database, "devices", &["id", "service_uuids", "service_data", "last_seen"])?;
    expect_table(database, "locations", &["device_id", "timestamp", "rssi"])?;
    let mut found = Contents::default();

    let mut devices = HashMap::new();
    let mut statement =
        database.prepare("SELECT id, service_uuids, service_data, last_seen FROM devices NOT INDEXED")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (Some(id), true) = (number(row.get_ref(0)?), is_exposure_notification(row)?) else { continue };
        match device(row) {
            Ok(device) => drop(devices.insert(id, device)),
            Err(reason) => found.skipped.add(reason),
        }
    }

    let mut statement = database.prepare("SELECT device_id, timestamp, rssi FROM locations NOT INDEXED")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let Some(device) = number(row.get_ref(0)?).and_then(|id| devices.get(&id)) else { continue };
        found.take(sighting(row, device).map(Some));
    }
    Ok(found)
}

fn is_exposure_notification(row: &Row<'_>) -> rusqlite::Result<bool> {
    let begins = |value: ValueRef<'_>| {
        value.as_bytes().is_ok_and(|text| text.get(..4).is_some_and(|uuid| uuid.eq_ignore_ascii_case(b"fd6f")))
    };
    Ok(begins(row.get_ref(1)?) || begins(row.get_ref(2)?))
}

/// `fd6f:`, and in hexadecimal the identifier and what followed it.
fn device(row: &Row<'_>) -> Result<Device, ImportSkip> {
    let column = |column: usize| row.get_ref(column).map_err(|_| ImportSkip::Identifier);
    let data = column(2)?.as_str().ok().and_then(|text| text.split_once(':')).ok_or(ImportSkip::Identifier)?.1;
    let bytes = base16ct::mixed::decode_vec(data).map_err(|_| ImportSkip::Identifier)?;
    let (rpi, aem) = bytes.split_first_chunk().ok_or(ImportSkip::Identifier)?;
    Ok(Device { rpi: RollingProximityIdentifier::from_bytes(*rpi), aem: aem.into(), last_seen: seconds(column(3)?)? })
}

fn sighting(row: &Row<'_>, device: &Device) -> Result<Sighting, ImportSkip> {
    let column = |column: usize| row.get_ref(column).map_err(|_| ImportSkip::Time);
    let time = seconds(column(1)?)?;
    if time < device.last_seen.saturating_sub(SAME_IDENTIFIER_SECONDS) {
        return Err(ImportSkip::OtherIdentifier);
    }
    let rssi = number(column(2)?).and_then(|rssi| rssi.try_into().ok()).ok_or(ImportSkip::Rssi)?;
    Ok(Sighting { rpi: device.rpi, aem: device.aem, rssi, time, previous_scan: None })
}

/// RaMBLE writes seconds.
fn seconds(value: ValueRef<'_>) -> Result<u64, ImportSkip> {
    possible_time(time(value)?).map_err(|_| ImportSkip::Time)
}
