//! One sighting as it arrives, and what it may be.

use std::fmt;

use gaen::matching::HeardMetadata;
use gaen::{RollingProximityIdentifier, Sighting};

use crate::error::{Error, ErrorKind};

/// The time of the scan before, where it is not known.
pub const NO_PREVIOUS_SCAN: i64 = -1;

/// The values of a row, wherever they came from.
pub(super) struct Row {
    pub(super) identifier: [u8; 16],
    pub(super) metadata: [u8; 4],
    /// The true number of bytes of the metadata.
    pub(super) metadata_length: u8,
    pub(super) rssi: i8,
    pub(super) time: i64,
    pub(super) previous_scan: i64,
}

impl Row {
    /// The sighting that it says, if there can be one. Rows count from 0.
    pub(super) fn sighting(&self, number: usize) -> Result<Sighting, Error> {
        let sighting = Sighting {
            rpi: RollingProximityIdentifier::from_bytes(self.identifier),
            aem: self.metadata().map_err(|what| wrong(number, &what))?,
            rssi: self.rssi,
            time: seconds("time", self.time).map_err(|what| wrong(number, &what))?,
            previous_scan: match self.previous_scan {
                NO_PREVIOUS_SCAN => None,
                time => Some(seconds("previous_scan", time).map_err(|what| wrong(number, &what))?),
            },
        };
        sighting.check().map_err(|error| wrong(number, &error))?;
        Ok(sighting)
    }

    fn metadata(&self) -> Result<HeardMetadata, &'static str> {
        let length = usize::from(self.metadata_length);
        match self.metadata.get(length..) {
            Some(rest) if rest.iter().any(|byte| *byte != 0) => Err("what follows the metadata is not zero"),
            _ if length == self.metadata.len() => Ok(HeardMetadata::from(self.metadata.as_slice())),
            _ => Ok(HeardMetadata::WrongLength(length)),
        }
    }
}

fn seconds(name: &str, time: i64) -> Result<u64, String> {
    u64::try_from(time).map_err(|_| format!("{name} {time} is before 1970"))
}

/// The error of a row, which counts from 0.
pub(super) fn wrong(number: usize, what: &dyn fmt::Display) -> Error {
    Error::new(ErrorKind::Sightings, "row", format!("row {number}: {what}"))
}
