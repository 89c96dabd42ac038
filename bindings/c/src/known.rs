//! Known answers, published keys, and intervals.

use std::ffi::c_char;
use std::mem::MaybeUninit;

use gaen_app::{check_upload_json, kit_answer, near, published_identifiers, published_metadata, self_test};

use crate::border::{Failure, call, fill, hand_out_text, room, slice_of, text};
use crate::error::{GaenError, GaenStatus};
use crate::report::GaenCount;
use crate::sightings::write_bytes;

/// The version of the library, such as "0.1.0". The text is never freed.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}

/// Computes known answers anew, and counts them by who vouches for them: at most `capacity` rows to `rows`, and to `*count` how
/// many there are. Call it when an app starts.
///
/// Codes: self_test, with the step whose result is not the known one. Such a build must not be used.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_self_test(
    rows: *mut GaenCount,
    capacity: usize,
    count: Option<&mut MaybeUninit<usize>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    call(error, || {
        let answers = self_test()?;
        // SAFETY: the caller vouches for room for `capacity` rows.
        let rows = unsafe { room(rows, capacity, "rows") }?;
        fill(rows, answers.into_iter().map(|(by, number)| GaenCount::of((by, number.into()))), count)
    })
}

/// Answers one request of the conformance kit, as `gaen self-test --answer` does. Request and answer are JSON, a line each.
/// Free `*out` with `gaen_string_free`.
///
/// Codes: request.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_kit_answer(
    request: *const c_char,
    out: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    hand_out_text(out, error, || {
        // SAFETY: the caller vouches for the text.
        let request = unsafe { text(request, "request") }?;
        Ok(kit_answer(request)?)
    })
}

/// A key, an identifier or metadata of a caller, copied.
///
/// # Safety
/// As [`slice_of`], with `N` bytes.
unsafe fn copied<const N: usize>(bytes: *const u8, name: &'static str) -> Result<[u8; N], Failure> {
    // SAFETY: the caller of this function vouches for `N` bytes.
    let copies = unsafe { slice_of::<[u8; N]>(bytes.cast(), 1, name) }?;
    copies.first().copied().ok_or(Failure::Null(name))
}

/// Writes the identifiers of a PUBLISHED key of 16 bytes, 16 bytes for each of the `period` intervals from `start` on. There
/// has to be room for `16 * period` bytes at `identifiers`.
///
/// Codes: window if `start` and `period` are no window of a key: a period is 1 to 144.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_published_identifiers(
    key: *const u8,
    start: i64,
    period: i64,
    identifiers: *mut u8,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    call(error, || {
        // SAFETY: the caller vouches for 16 bytes.
        let found = published_identifiers(unsafe { copied(key, "key") }?, start, period)?;
        // SAFETY: the caller vouches for room for 16 bytes for each interval, which were counted.
        write_bytes(unsafe { room(identifiers, found.len(), "identifiers") }?, &found);
        Ok(())
    })
}

/// Decrypts the 4 bytes of metadata that a device sent with an identifier of 16 bytes of its PUBLISHED key, and writes 4 bytes
/// to `metadata`: version, transmit power in dBm as a signed byte, and two reserved bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_published_metadata(
    key: *const u8,
    identifier: *const u8,
    encrypted: *const u8,
    metadata: *mut u8,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    call(error, || {
        // SAFETY: the caller vouches for 16, 16 and 4 bytes.
        let (key, identifier, encrypted) =
            unsafe { (copied(key, "key")?, copied(identifier, "identifier")?, copied(encrypted, "encrypted")?) };
        // SAFETY: the caller vouches for room for 4 bytes.
        let room = unsafe { room(metadata, 4, "metadata") }?;
        write_bytes(room, &published_metadata(key, identifier, encrypted));
        Ok(())
    })
}

/// Writes what a server by Google's rules would say at the time `now`, Unix seconds, of the body of an upload, or of keys in
/// any form that `gaen export` reads: the document of `gaen publish --check --json`. `name` is what errors call the file of
/// `bytes` bytes. `onset` is the interval in which symptoms began; -1 if not known. Free `*out` with `gaen_string_free`.
///
/// Codes: upload, onset.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_check_upload_json(
    name: *const c_char,
    file: *const u8,
    bytes: usize,
    onset: i64,
    now: u64,
    out: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    hand_out_text(out, error, || {
        // SAFETY: the caller vouches for the text and the bytes.
        let (name, file) = unsafe { (text(name, "name")?, slice_of(file, bytes, "file")?) };
        Ok(check_upload_json(name, file, (onset != -1).then_some(onset), now)?)
    })
}

/// Says which pairs of `count` intervals are at most `within` intervals apart, without overflow: writes 1 or 0 to `answers`.
/// Two hours are 12 intervals: so far from its interval an identifier may be heard.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_near(
    a: *const i64,
    b: *const i64,
    count: usize,
    within: u32,
    answers: *mut u8,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    call(error, || {
        // SAFETY: the caller vouches for `count` intervals in both columns.
        let (a, b) = unsafe { (slice_of(a, count, "a")?, slice_of(b, count, "b")?) };
        let found: Vec<u8> = near(a, b, within)?.into_iter().map(u8::from).collect();
        // SAFETY: the caller vouches for room for `count` answers.
        write_bytes(unsafe { room(answers, count, "answers") }?, &found);
        Ok(())
    })
}
