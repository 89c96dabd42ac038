//! One sighting as it arrives, and what it may be.

use gaen::matching::{HeardMetadata, ImpossibleSighting};
use gaen::{RollingProximityIdentifier, Sighting};

use crate::error::{Error, ErrorKind};

/// The time of the scan before, where it is not known.
pub const NO_PREVIOUS_SCAN: i64 = -1;

/// The values of a row, wherever they came from.
pub(super) struct Row<'a> {
    pub(super) identifier: &'a [u8; 16],
    pub(super) metadata: &'a [u8; 4],
    /// The true number of bytes of the metadata.
    pub(super) metadata_length: u8,
    pub(super) rssi: i8,
    pub(super) time: i64,
    pub(super) previous_scan: i64,
}

/// Why a row cannot be.
///
/// A million rows are checked, and at most one of them becomes an [`Error`]. So a fault is copied and allocates
/// nothing.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error("bytes 22 and 23 are {0:?}, not zero")]
    Padding([u8; 2]),
    #[error("what follows the metadata is not zero")]
    Metadata,
    #[error("{0} {1} is before 1970")]
    BeforeEpoch(&'static str, i64),
    #[error(transparent)]
    Impossible(#[from] ImpossibleSighting),
}

/// Adds the sightings that rows say. Rows count on from those that are there.
#[inline]
pub(super) fn read<'a>(
    rows: impl Iterator<Item = Result<Row<'a>, Fault>>,
    sightings: &mut Vec<Sighting>,
) -> Result<(), Error> {
    sightings.reserve(rows.size_hint().0);
    for row in rows {
        row.and_then(|row| row.add_to(sightings)).map_err(|fault| fault.of(sightings.len()))?;
    }
    Ok(())
}

impl Row<'_> {
    /// Adds the sighting that it says, if there can be one.
    #[inline]
    fn add_to(&self, sightings: &mut Vec<Sighting>) -> Result<(), Fault> {
        let sighting = Sighting {
            rpi: RollingProximityIdentifier::from_bytes(*self.identifier),
            aem: self.heard_metadata()?,
            rssi: self.rssi,
            time: seconds("time", self.time)?,
            previous_scan: match self.previous_scan {
                NO_PREVIOUS_SCAN => None,
                time => Some(seconds("previous_scan", time)?),
            },
        };
        sighting.check()?;
        sightings.push(sighting);
        Ok(())
    }

    #[inline]
    fn heard_metadata(&self) -> Result<HeardMetadata, Fault> {
        let length = usize::from(self.metadata_length);
        match self.metadata.get(length..) {
            Some([]) => Ok(HeardMetadata::from(self.metadata.as_slice())),
            Some(rest) if rest.iter().any(|byte| *byte != 0) => Err(Fault::Metadata),
            _ => Ok(HeardMetadata::WrongLength(length)),
        }
    }
}

#[inline]
fn seconds(name: &'static str, time: i64) -> Result<u64, Fault> {
    u64::try_from(time).map_err(|_| Fault::BeforeEpoch(name, time))
}

impl Fault {
    /// The error of the row with this number. Rows count from 0.
    #[cold]
    fn of(self, number: usize) -> Error {
        Error::new(ErrorKind::Sightings, "row", format!("row {number}: {self}"))
    }
}
