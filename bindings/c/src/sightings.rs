//! What a device has heard.

use std::mem::MaybeUninit;

use gaen_app::{Columns, Heard, ROW_BYTES, Sightings};

use crate::border::{Failure, call, hand_out, room, slice_of, some};
use crate::error::{GaenError, GaenStatus};

/// What a device has heard, ready to be searched for.
#[derive(Debug)]
pub struct GaenSightings {
    pub(crate) inner: Sightings,
}

/// A packed row of 40 bytes, as `gaen_sightings_from_rows` reads it. Numbers are little-endian: on a machine that is
/// little-endian too, an array of this type is a buffer of rows.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct GaenRow {
    /// The identifier.
    pub identifier: [u8; 16],
    /// The metadata. If there were fewer than four bytes, the rest is zero.
    pub metadata: [u8; 4],
    /// The true number of bytes of the metadata.
    pub metadata_length: u8,
    /// Signal strength, dBm.
    pub rssi: i8,
    /// Zero.
    pub zero: [u8; 2],
    /// When it was heard, Unix seconds.
    pub time: i64,
    /// When the device had scanned before, Unix seconds; -1 if not known. It changes verdicts: give it where you have it.
    pub previous_scan: i64,
}

const _: () = assert!(size_of::<GaenRow>() == ROW_BYTES && std::mem::offset_of!(GaenRow, time) == 24);

/// One value for each sighting in each column, and `count` sightings.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct GaenColumns {
    /// The number of sightings.
    pub count: usize,
    /// 16 bytes for each sighting.
    pub identifiers: *const u8,
    /// 4 bytes for each sighting. Where there were fewer, the rest is zero.
    pub metadata: *const u8,
    /// The true numbers of bytes of the metadata. Null if all have four.
    pub metadata_lengths: *const u8,
    /// Signal strengths, dBm.
    pub rssi: *const i8,
    /// When they were heard, Unix seconds.
    pub times: *const i64,
    /// When the device had scanned before, Unix seconds; -1 where it is not known. Null if it is never known: then each scan
    /// counts 120 s, and a verdict may differ.
    pub previous_scans: *const i64,
}

/// Reads packed rows of 40 bytes each (see `GaenRow`). `bytes` is the size of the buffer, which is copied. An empty buffer is
/// refused: a device that heard nobody is made by `gaen_sightings_none`. Free `*out` with `gaen_sightings_free`.
///
/// Codes: no_rows, row_length, row, too_many_rows.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_sightings_from_rows(
    rows: *const u8,
    bytes: usize,
    out: Option<&mut MaybeUninit<*mut GaenSightings>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    call(error, || {
        // SAFETY: the caller vouches for `bytes` bytes at `rows`.
        let rows = unsafe { slice_of(rows, bytes, "rows") }?;
        hand_out(out, || Sightings::from_rows(rows).map(|inner| GaenSightings { inner }))
    })
}

/// Reads columns, which are copied. Free `*out` with `gaen_sightings_free`.
///
/// Codes: no_rows, row, too_many_rows.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_sightings_from_columns(
    columns: Option<&GaenColumns>,
    out: Option<&mut MaybeUninit<*mut GaenSightings>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    call(error, || {
        let given = some(columns, "columns")?;
        let count = given.count;
        let too_many = || Failure::Argument("length", format!("there cannot be {count} sightings: a negative length?"));
        let (ids, metadata) = count.checked_mul(16).zip(count.checked_mul(4)).ok_or_else(too_many)?;
        let lengths = if given.metadata_lengths.is_null() { 0 } else { count };
        let scans = if given.previous_scans.is_null() { 0 } else { count };
        // SAFETY: the caller vouches for the columns, each with the elements of `count` sightings.
        let columns = unsafe {
            Columns {
                identifiers: slice_of(given.identifiers, ids, "identifiers")?,
                metadata: slice_of(given.metadata, metadata, "metadata")?,
                metadata_lengths: Some(slice_of(given.metadata_lengths, lengths, "metadata_lengths")?)
                    .filter(|_| lengths == count),
                rssi: slice_of(given.rssi, count, "rssi")?,
                times: slice_of(given.times, count, "times")?,
                previous_scans: Some(slice_of(given.previous_scans, scans, "previous_scans")?)
                    .filter(|_| scans == count),
            }
        };
        hand_out(out, || Sightings::from_columns(&columns).map(|inner| GaenSightings { inner }))
    })
}

/// What a device has that heard nobody. A search for it ends in "not judged". Free `*out` with `gaen_sightings_free`.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_sightings_none(
    out: Option<&mut MaybeUninit<*mut GaenSightings>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    call(error, || hand_out(out, || Sightings::none().map(|inner| GaenSightings { inner })))
}

/// Writes the number of sightings to `*out`.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_sightings_count(
    sightings: Option<&GaenSightings>,
    out: Option<&mut MaybeUninit<usize>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    call(error, || {
        some(out, "out")?.write(some(sightings, "sightings")?.inner.len());
        Ok(())
    })
}

/// Frees sightings. Null does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_sightings_free(sightings: Option<Box<GaenSightings>>) {
    drop(sightings);
}

/// Finds what was heard in an advertisement of `bytes` bytes with any structures in any order, and writes the packed row of
/// the sighting, 40 bytes, to `row`. `previous_scan` is -1 if it is not known.
///
/// Codes: frame.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_row_of_advertisement(
    advertisement: *const u8,
    bytes: usize,
    rssi: i8,
    time: i64,
    previous_scan: i64,
    row: *mut u8,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    call(error, || {
        // SAFETY: the caller vouches for `bytes` bytes at `advertisement`.
        let advertisement = unsafe { slice_of(advertisement, bytes, "advertisement") }?;
        let packed = Heard::read(advertisement)?.row(rssi, time, previous_scan);
        // SAFETY: the caller vouches for room for a row.
        write_bytes(unsafe { room(row, ROW_BYTES, "row") }?, &packed);
        Ok(())
    })
}

/// Writes bytes into room that has their number.
pub(crate) fn write_bytes(room: &mut [MaybeUninit<u8>], bytes: &[u8]) {
    for (place, byte) in room.iter_mut().zip(bytes) {
        place.write(*byte);
    }
}
