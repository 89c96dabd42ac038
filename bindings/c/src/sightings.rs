//! What a device has heard.

use std::mem::MaybeUninit;

use gaen_app::{Columns, Heard, ROW_BYTES, Sightings};

use crate::border::{Failure, call, hand_out_handle, room, slice_of, some, write_out};
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
    /// The identifier that was heard.
    pub identifier: [u8; 16],
    /// The metadata. If there were fewer than four bytes, the rest is zero.
    pub metadata: [u8; 4],
    /// The true number of bytes of the metadata.
    pub metadata_length: u8,
    /// The received signal strength, dBm.
    pub rssi: i8,
    /// Two bytes of zero.
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
    /// The received signal strengths, dBm.
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
    hand_out_handle(out, error, || {
        // SAFETY: the caller vouches for `bytes` bytes at `rows`.
        let rows = unsafe { slice_of(rows, bytes, "rows") }?;
        Ok(GaenSightings { inner: Sightings::from_rows(rows)? })
    })
}

/// A column that may be left out: null.
///
/// # Safety
/// As [`slice_of`].
unsafe fn slice_if_given<'a, T>(data: *const T, count: usize, name: &'static str) -> Result<Option<&'a [T]>, Failure> {
    // SAFETY: the caller of this function vouches for the elements.
    (!data.is_null()).then(|| unsafe { slice_of(data, count, name) }).transpose()
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
    hand_out_handle(out, error, || {
        let GaenColumns { count, identifiers, metadata, metadata_lengths, rssi, times, previous_scans } =
            *some(columns, "columns")?;
        // SAFETY: the caller vouches for the columns, each with the elements of `count` sightings.
        let columns = unsafe {
            Columns {
                identifiers: slice_of::<[u8; 16]>(identifiers.cast(), count, "identifiers")?.as_flattened(),
                metadata: slice_of::<[u8; 4]>(metadata.cast(), count, "metadata")?.as_flattened(),
                metadata_lengths: slice_if_given(metadata_lengths, count, "metadata_lengths")?,
                rssi: slice_of(rssi, count, "rssi")?,
                times: slice_of(times, count, "times")?,
                previous_scans: slice_if_given(previous_scans, count, "previous_scans")?,
            }
        };
        Ok(GaenSightings { inner: Sightings::from_columns(&columns)? })
    })
}

/// What a device has that heard nobody. A search for it ends in "not judged". Free `*out` with `gaen_sightings_free`.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_sightings_none(
    out: Option<&mut MaybeUninit<*mut GaenSightings>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    hand_out_handle(out, error, || Ok(GaenSightings { inner: Sightings::none()? }))
}

/// Writes the number of sightings to `*out`.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_sightings_count(
    sightings: Option<&GaenSightings>,
    out: Option<&mut MaybeUninit<usize>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    write_out(out, "out", error, || Ok(some(sightings, "sightings")?.inner.len()))
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
