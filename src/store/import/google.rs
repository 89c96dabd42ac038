//! What the framework of Google Play services keeps: the LevelDB folder `app_contact-tracing-contact-record-db`.
//!
//! A record's key is the day as `u16`, big-endian, and the identifier. Its value is a message with a record for each
//! scan, which has a signal strength for each advertisement that the scan has heard. Versions of 2020 have a record for
//! each advertisement.
//!
//! Source: Google, `ContactRecordDataStore.java` and `contact_record.proto`.

use std::path::Path;

use prost::Message;

use super::{Contents, ImportSkip, leveldb};
use crate::keys::RollingProximityIdentifier;
use crate::matching::{Sighting, possible_rssi};
use crate::store::untrusted::{Refusal, StoreLimits};

/// What was heard of an identifier on a day.
#[derive(Clone, PartialEq, Message)]
struct ContactRecordValue {
    #[prost(message, repeated, tag = "1")]
    sighting_records: Vec<SightingRecord>,
    /// What followed the identifier.
    #[prost(bytes = "vec", optional, tag = "2")]
    encrypted_metadata: Option<Vec<u8>>,
}

/// What was heard of it in a scan, or once.
#[derive(Clone, PartialEq, Message)]
struct SightingRecord {
    #[prost(uint32, optional, tag = "1")]
    epoch_seconds: Option<u32>,
    /// A byte for each advertisement of the scan: dBm, signed.
    #[prost(bytes = "vec", optional, tag = "2")]
    rssi_values: Option<Vec<u8>>,
    /// In versions of 2020, instead.
    #[prost(int32, optional, tag = "3")]
    rssi: Option<i32>,
    #[prost(bytes = "vec", optional, tag = "4")]
    associated_encrypted_metadata: Option<Vec<u8>>,
    /// 0 if it is not known.
    #[prost(uint32, optional, tag = "5")]
    previous_scan_epoch_seconds: Option<u32>,
    /// What followed the identifier, for each of `rssi_values`, if it was not always the same.
    #[prost(bytes = "vec", repeated, tag = "6")]
    encrypted_metadata: Vec<Vec<u8>>,
}

pub(super) fn read(folder: &Path, limits: &StoreLimits) -> Result<Contents, Refusal> {
    let records = leveldb::read(folder, limits)?;
    let mut found = Contents::default();
    let damaged = records.damaged;
    (0..damaged).for_each(|_| found.skipped.add(ImportSkip::Damaged));
    let mut is_empty = true;
    for (key, value) in records.into_values() {
        is_empty = false;
        take(&key, &value, &mut found);
    }
    // Of a folder that was copied without its files, or while it was written, nothing would be said.
    if is_empty {
        let damaged = if damaged > 0 { format!(", and {damaged} damaged pieces") } else { String::new() };
        return Err(Refusal::Unfit(format!("the LevelDB files of the folder have no record{damaged}")));
    }
    Ok(found)
}

/// Takes the sightings of a record.
fn take(key: &[u8], value: &[u8], found: &mut Contents) {
    let Some((_day, rpi)) = key.split_first_chunk::<2>() else { return found.skipped.add(ImportSkip::Identifier) };
    let Ok(rpi) = rpi.try_into().map(RollingProximityIdentifier::from_bytes) else {
        return found.skipped.add(ImportSkip::Identifier);
    };
    let Ok(ContactRecordValue { sighting_records, encrypted_metadata }) = ContactRecordValue::decode(value) else {
        return found.skipped.add(ImportSkip::Record);
    };
    for record in &sighting_records {
        let metadata = encrypted_metadata.as_ref().or(record.associated_encrypted_metadata.as_ref());
        let heard = |aem: Option<&Vec<u8>>, rssi: i64| {
            let previous_scan = record.previous_scan_epoch_seconds.filter(|seconds| *seconds > 0);
            let rssi = possible_rssi(rssi).map_err(|_| ImportSkip::Rssi)?;
            let time = record.epoch_seconds.ok_or(ImportSkip::Time)?;
            let sighting = Sighting::new(rpi, aem.map_or(&[], Vec::as_slice), rssi, time.into());
            Ok(Some(Sighting { previous_scan: previous_scan.map(u64::from), ..sighting }))
        };
        match (&record.rssi_values, record.rssi) {
            (Some(values), _) if !values.is_empty() => {
                for (position, value) in values.iter().enumerate() {
                    let aem = record.encrypted_metadata.get(position).or(metadata);
                    found.take(heard(aem, i8::from_le_bytes([*value]).into()));
                }
            }
            (_, Some(rssi)) => {
                found.take(heard(metadata, rssi.into()));
            }
            (_, None) => found.skipped.add(ImportSkip::Rssi),
        }
    }
}
