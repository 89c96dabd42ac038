//! Columns.

use std::iter;

use gaen::Sighting;

use super::row::{self, NO_PREVIOUS_SCAN, Row};
use crate::error::{Error, ErrorKind};

/// Columns with one value for each sighting.
#[derive(Clone, Copy, Debug)]
pub struct Columns<'a> {
    /// The identifiers, 16 bytes for each sighting, one after the other.
    pub identifiers: &'a [u8],
    /// The metadata, four bytes for each sighting. Where there were fewer, the rest is zero.
    pub metadata: &'a [u8],
    /// The true numbers of bytes of the metadata. `None` if all have four.
    pub metadata_lengths: Option<&'a [u8]>,
    /// Signal strengths in dBm.
    pub rssi: &'a [i8],
    /// When they were heard, Unix seconds.
    pub times: &'a [i64],
    /// When the device had scanned before, Unix seconds; -1 where it is not known. `None` if it is never known: then
    /// each scan counts 120 s, and a verdict may differ.
    pub previous_scans: Option<&'a [i64]>,
}

impl Columns<'_> {
    pub(super) fn read(&self, sightings: &mut Vec<Sighting>) -> Result<(), Error> {
        let rows = self.times.len();
        let (identifiers, left_over) = self.identifiers.as_chunks();
        length("identifiers", rows, identifiers.len(), left_over)?;
        let (metadata, left_over) = self.metadata.as_chunks();
        length("metadata", rows, metadata.len(), left_over)?;
        length("rssi", rows, self.rssi.len(), &[])?;
        length("metadata_lengths", rows, self.metadata_lengths.map_or(rows, <[u8]>::len), &[])?;
        length("previous_scans", rows, self.previous_scans.map_or(rows, <[i64]>::len), &[])?;

        // A column that is not there never ends. All others have as many rows.
        let mut identifiers = identifiers.iter();
        let mut metadata = metadata.iter();
        let mut rssi = self.rssi.iter().copied();
        let mut times = self.times.iter().copied();
        let mut lengths = self.metadata_lengths.unwrap_or_default().iter().copied().chain(iter::repeat(4));
        let mut scans = self.previous_scans.unwrap_or_default().iter().copied().chain(iter::repeat(NO_PREVIOUS_SCAN));
        let next = || {
            Some(Row {
                identifier: identifiers.next()?,
                metadata: metadata.next()?,
                metadata_length: lengths.next()?,
                rssi: rssi.next()?,
                time: times.next()?,
                previous_scan: scans.next()?,
            })
        };
        sightings.reserve(rows);
        row::read(iter::from_fn(next).map(Ok), sightings)
    }
}

/// Whether a column has as many rows as `times`, and no byte beside them.
fn length(name: &str, rows: usize, found: usize, left_over: &[u8]) -> Result<(), Error> {
    let message = match left_over.len() {
        0 if found == rows => return Ok(()),
        0 => format!("the column {name} has {found} rows, and the column times has {rows}"),
        bytes => format!("the column {name} ends within a row: {bytes} bytes are left over"),
    };
    Err(Error::new(ErrorKind::Sightings, "column_length", message))
}
