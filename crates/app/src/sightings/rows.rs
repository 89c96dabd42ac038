//! Packed rows.

use gaen::Sighting;

use super::row::{Row, wrong};
use crate::error::{Error, ErrorKind};

/// The number of bytes of a packed row.
pub const ROW_BYTES: usize = 40;

pub(super) fn read(rows: &[u8], sightings: &mut Vec<Sighting>) -> Result<(), Error> {
    let (whole, rest) = rows.as_chunks::<ROW_BYTES>();
    if !rest.is_empty() {
        let message = format!("{} bytes are no whole number of rows of {ROW_BYTES} bytes", rows.len());
        return Err(Error::new(ErrorKind::Sightings, "row_length", message));
    }
    sightings.reserve(whole.len());
    for (number, bytes) in (sightings.len()..).zip(whole) {
        sightings.push(row(number, bytes)?.sighting(number)?);
    }
    Ok(())
}

fn row(number: usize, bytes: &[u8; ROW_BYTES]) -> Result<Row, Error> {
    // Every byte has its place: the lengths add up to those of a row.
    let mut bytes = bytes.as_slice();
    let (identifier, metadata) = (next(&mut bytes), next(&mut bytes));
    let ([metadata_length], [rssi]) = (next(&mut bytes), next(&mut bytes));
    let zero: [u8; 2] = next(&mut bytes);
    if zero != [0; 2] {
        return Err(wrong(number, &format_args!("bytes 22 and 23 are {zero:?}, not zero")));
    }
    let [time, previous_scan] = [next(&mut bytes), next(&mut bytes)].map(i64::from_le_bytes);
    Ok(Row { identifier, metadata, metadata_length, rssi: rssi.cast_signed(), time, previous_scan })
}

/// The first bytes, which are there.
fn next<const N: usize>(bytes: &mut &[u8]) -> [u8; N] {
    match bytes.split_first_chunk() {
        Some((next, rest)) => {
            *bytes = rest;
            *next
        }
        None => [0; N],
    }
}
