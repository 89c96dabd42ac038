//! Packed rows.

use gaen::Sighting;

use super::row::{self, Fault, Row};
use crate::error::{Error, ErrorKind};

/// The number of bytes of a packed row.
pub const ROW_BYTES: usize = 40;

pub(super) fn read(rows: &[u8], sightings: &mut Vec<Sighting>) -> Result<(), Error> {
    let (whole, rest) = rows.as_chunks::<ROW_BYTES>();
    if !rest.is_empty() {
        let message = format!("{} bytes are no whole number of rows of {ROW_BYTES} bytes", rows.len());
        return Err(Error::new(ErrorKind::Sightings, "row_length", message));
    }
    row::read(whole.iter().map(row), sightings)
}

#[inline]
fn row(bytes: &[u8; ROW_BYTES]) -> Result<Row<'_>, Fault> {
    // Every byte has its place: the lengths add up to those of a row.
    let mut bytes = bytes.as_slice();
    let (identifier, metadata) = (next(&mut bytes), next(&mut bytes));
    let ([metadata_length], [rssi]) = (next(&mut bytes), next(&mut bytes));
    let zero: &[u8; 2] = next(&mut bytes);
    if *zero != [0; 2] {
        return Err(Fault::Padding(*zero));
    }
    let [time, previous_scan] = [next(&mut bytes), next(&mut bytes)].map(|number| i64::from_le_bytes(*number));
    let (metadata_length, rssi) = (*metadata_length, rssi.cast_signed());
    Ok(Row { identifier, metadata, metadata_length, rssi, time, previous_scan })
}

/// The first bytes, which are there.
#[inline]
fn next<'a, const N: usize>(bytes: &mut &'a [u8]) -> &'a [u8; N] {
    match bytes.split_first_chunk() {
        Some((next, rest)) => {
            *bytes = rest;
            next
        }
        None => &[0; N],
    }
}
