//! What a device must not lose, in one file.

use std::ffi::{c_char, c_int, c_void};
use std::mem::MaybeUninit;
use std::ptr;

use gaen_app::{BackupSecret, Counts, ImportSource, Imported, Purged, Restored, Store};

use crate::border::{Failure, call, hand_out, hand_out_handle, hand_out_text, slice_of, some, text, write_out};
use crate::configuration::{profile, unknown};
use crate::error::{GaenError, GaenStatus};
use crate::files::GaenFiles;
use crate::keys::{GaenBroadcast, GaenRelease, consent};
use crate::report::GaenReport;
use crate::search::{GaenObserver, asking, container};
use crate::sightings::GaenSightings;
use crate::trust::GaenTrust;

/// What a device has heard, its own keys, and what was found in which files. One SQLite file holds it all. Several threads may
/// use a store: one works at a time, and the others wait.
///
/// The codes of its errors are those of the library: missing, not_a_store, other_profile, busy, full, read_only, damaged,
/// unreadable and others.
#[derive(Debug)]
pub struct GaenStore {
    inner: Store,
}

/// The program whose database a store imports.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GaenImport {
    /// microG: its `exposure.db`. Keep `exposure.db-wal` beside it.
    MicroG = 1,
    /// Google's framework: its folder `app_contact-tracing-contact-record-db`.
    Google = 2,
    /// RaMBLE: a database that it exported.
    Ramble = 3,
}

/// What came of an import.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct GaenImported {
    /// How many sightings are new.
    pub stored: u64,
    /// How many sightings the store had.
    pub already_there: u64,
    /// Rows whose signal strength is known to be wrong, and was replaced as the program itself replaces it.
    pub repaired: u64,
    /// How many rows cannot be sightings.
    pub skipped: u64,
}

/// What a backup is encrypted with, or opened with.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GaenSecret {
    /// A passphrase, for both. Choose a long one: everything rests on it.
    Passphrase = 1,
    /// A key of `age`: the public key "age1..." to encrypt, the secret key "AGE-SECRET-KEY-1..." to open.
    Key = 2,
}

/// What a purge has erased.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct GaenPurged {
    /// Sightings of 14 days ago and before.
    pub sightings: u64,
    /// The device's own keys.
    pub own_keys: u64,
    /// Published keys none of whose sightings is left.
    pub matched_keys: u64,
    /// Files that were not offered for 14 days.
    pub files: u64,
    /// Sightings that stay, but are of a later time than the clock shows.
    pub sightings_from_the_future: u64,
    /// True if what was erased is overwritten everywhere in the store. If not, the next purge or opening overwrites it.
    pub is_overwritten: bool,
}

/// How much there is of each in a store.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct GaenCounts {
    /// The number of sightings.
    pub sightings: u64,
    /// The number of files that were searched.
    pub files: u64,
    /// The number of published keys of which something was heard, whether or not it counts.
    pub matched_keys: u64,
    /// The number of the device's own keys.
    pub own_keys: u64,
    /// The number of searches that were interrupted and will go on.
    pub unfinished_searches: u64,
    /// The number of files of restored backups that were not given again. What was found in them does not count before.
    pub awaited_files: u64,
}

impl From<Counts> for GaenCounts {
    fn from(counts: Counts) -> Self {
        let Counts { sightings, files, matched_keys, own_keys, unfinished_searches, awaited_files, .. } = counts;
        Self { sightings, files, matched_keys, own_keys, unfinished_searches, awaited_files }
    }
}

/// Opens the store in this file, or makes one that its owner alone can read. Files are read by the rules of `profile`, a
/// `GaenProfile`, for good. Free `*out` with `gaen_store_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_store_open(
    path: *const c_char,
    profile: c_int,
    out: Option<&mut MaybeUninit<*mut GaenStore>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    hand_out_handle(out, error, || {
        // SAFETY: the caller vouches for the text.
        let (path, profile) = (unsafe { text(path, "path") }?, self::profile(profile)?);
        Ok(GaenStore { inner: Store::open(path, profile)? })
    })
}

/// Opens a store that is there, whatever its profile. Free `*out` with `gaen_store_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_store_open_existing(
    path: *const c_char,
    out: Option<&mut MaybeUninit<*mut GaenStore>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    hand_out_handle(out, error, || {
        // SAFETY: the caller vouches for the text.
        let path = unsafe { text(path, "path") }?;
        Ok(GaenStore { inner: Store::open_existing(path)? })
    })
}

/// Closes a store. Null does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_store_free(store: Option<Box<GaenStore>>) {
    drop(store);
}

/// Stores these sightings, all or none of them. They are on the disk when it returns. The same one twice is two sightings.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_store_insert(
    store: Option<&GaenStore>,
    sightings: Option<&GaenSightings>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    call(error, || Ok(some(store, "store")?.inner.insert(&some(sightings, "sightings")?.inner)?))
}

/// Imports what another program has heard. `source` is a `GaenImport`. The same database again adds nothing.
///
/// Codes: not_importable, too_large, unknown_value, and those of the store. Then nothing was imported.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_store_import(
    store: Option<&GaenStore>,
    source: c_int,
    path: *const c_char,
    out: Option<&mut MaybeUninit<GaenImported>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    write_out(out, "out", error, || {
        let source = match source {
            _ if source == GaenImport::MicroG as c_int => ImportSource::MicroG,
            _ if source == GaenImport::Google as c_int => ImportSource::Google,
            _ if source == GaenImport::Ramble as c_int => ImportSource::Ramble,
            _ => return Err(unknown("program to import from", source)),
        };
        // SAFETY: the caller vouches for the text.
        let path = unsafe { text(path, "path") }?;
        let Imported { stored, already_there, repaired, skipped, .. } =
            some(store, "store")?.inner.import(source, path)?;
        Ok(GaenImported { stored, already_there, repaired, skipped: skipped.total() })
    })
}

/// Searches files for all sightings for which they were not searched yet, at the time `now`, Unix seconds. The report is of all
/// that was found so far: the given files come first, then the others that the store knows. Give all files that the server
/// lists, every time. `container` is a `GaenContainer`; `observer` may be null, and is called with `user`. Free `*out` with
/// `gaen_report_free`.
///
/// Codes: unverified, observer_answer, unknown_value, and those of the store.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_store_search(
    store: Option<&GaenStore>,
    files: Option<&GaenFiles>,
    trust: Option<&GaenTrust>,
    container: c_int,
    now: u64,
    observer: GaenObserver,
    user: *mut c_void,
    out: Option<&mut MaybeUninit<*mut GaenReport>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    hand_out_handle(out, error, || {
        let (store, files) = (&some(store, "store")?.inner, some(files, "files")?.to_search());
        let (trusted, container) = (some(trust, "trust")?.keys()?, self::container(container)?);
        // SAFETY: the caller vouches for the observer until this function returns.
        let mut observer = unsafe { asking(observer, user) };
        let report = store.search(files, &trusted, container, now, &mut observer);
        Ok(GaenReport::new(observer.outcome(report)??))
    })
}

/// The report of all that was found so far. No file is read. Free `*out` with `gaen_report_free`.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_store_report(
    store: Option<&GaenStore>,
    out: Option<&mut MaybeUninit<*mut GaenReport>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    hand_out_handle(out, error, || Ok(GaenReport::new(some(store, "store")?.inner.report()?)))
}

/// Writes what to broadcast at the time `now`, Unix seconds, with this transmit power, dBm. A key that it makes is on the disk
/// when it returns.
///
/// Codes: time, randomness, and those of the store.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_store_broadcast(
    store: Option<&GaenStore>,
    now: u64,
    tx_power: i8,
    out: Option<&mut MaybeUninit<GaenBroadcast>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    write_out(out, "out", error, || Ok(GaenBroadcast::from(&some(store, "store")?.inner.broadcast(now, tx_power)?)))
}

/// Releases what may be published at the time `now`, as `gaen_key_ring_release`. That it was released is on the disk when it
/// returns. Free `*out` with `gaen_release_free`.
///
/// Codes: time, and those of the store.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_store_release(
    store: Option<&GaenStore>,
    now: u64,
    consent_given_at: u64,
    with_today: bool,
    out: Option<&mut MaybeUninit<*mut GaenRelease>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    hand_out_handle(out, error, || {
        let consent = consent(consent_given_at, with_today);
        Ok(GaenRelease { inner: some(store, "store")?.inner.release(now, &consent)? })
    })
}

/// Erases all own keys, as when the user asks for it.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_store_clear_own_keys(
    store: Option<&GaenStore>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    call(error, || Ok(some(store, "store")?.inner.clear_own_keys()?))
}

/// Erases what is 14 days old at the time `now`, Unix seconds. Call it every day. `clock_is_right` believes a clock that has
/// jumped: the phone has been off for days, and the time is confirmed.
///
/// Codes: clock_jumped, and those of the store. Then nothing was erased.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_store_purge(
    store: Option<&GaenStore>,
    now: u64,
    clock_is_right: bool,
    out: Option<&mut MaybeUninit<GaenPurged>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    write_out(out, "out", error, || {
        let store = &some(store, "store")?.inner;
        let purged = if clock_is_right { store.purge_by_this_clock(now) } else { store.purge(now) };
        let Purged { sightings, own_keys, matched_keys, files, sightings_from_the_future, is_overwritten, .. } =
            purged?;
        Ok(GaenPurged { sightings, own_keys, matched_keys, files, sightings_from_the_future, is_overwritten })
    })
}

/// # Safety
/// As [`text`].
unsafe fn secret<'a>(kind: c_int, secret: *const c_char) -> Result<BackupSecret<'a>, Failure> {
    // SAFETY: the caller of this function vouches for the text.
    let secret = unsafe { text(secret, "secret") }?;
    match kind {
        _ if kind == GaenSecret::Passphrase as c_int => Ok(BackupSecret::Passphrase(secret)),
        _ if kind == GaenSecret::Key as c_int => Ok(BackupSecret::Key(secret)),
        _ => Err(unknown("kind of secret", kind)),
    }
}

/// Makes an encrypted backup of everything, the device's own keys included: `*size` bytes at `*out`. `kind` is a `GaenSecret`.
/// Free `*out` with `gaen_bytes_free`.
///
/// Codes: not_a_key, empty_passphrase, unknown_value, and those of the store.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_store_back_up(
    store: Option<&GaenStore>,
    kind: c_int,
    secret: *const c_char,
    out: Option<&mut MaybeUninit<*mut u8>>,
    size: Option<&mut MaybeUninit<usize>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    hand_out(out, error, || {
        let size = some(size, "size")?;
        size.write(0);
        // SAFETY: the caller vouches for the text.
        let secret = unsafe { self::secret(kind, secret) }?;
        let mut backup = Vec::new();
        some(store, "store")?.inner.back_up(&secret, &mut backup)?;
        size.write(backup.len());
        Ok(Box::into_raw(backup.into_boxed_slice()).cast())
    })
}

/// Adds a backup of `size` bytes to what is in the store. `kind` is a `GaenSecret`. `*sightings` is how many sightings are new.
/// The same backup again changes nothing. Give all export files again afterwards.
///
/// Codes: wrong_key, not_a_backup, damaged_backup, other_profile, not_a_key, empty_passphrase, unknown_value, and those of the
/// store.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_store_restore(
    store: Option<&GaenStore>,
    kind: c_int,
    secret: *const c_char,
    backup: *const u8,
    size: usize,
    sightings: Option<&mut MaybeUninit<u64>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    write_out(sightings, "sightings", error, || {
        // SAFETY: the caller vouches for the text and the bytes.
        let (secret, backup) = unsafe { (self::secret(kind, secret)?, slice_of(backup, size, "backup")?) };
        let Restored { added, .. } = some(store, "store")?.inner.restore(&secret, backup)?;
        Ok(added.sightings)
    })
}

/// Frees the bytes of a backup, with its size. Null does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_bytes_free(bytes: *mut u8, size: usize) {
    if !bytes.is_null() {
        // SAFETY: the caller got both from `gaen_store_back_up`, which made them of a boxed slice, and gives them back once.
        drop(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(bytes, size)) });
    }
}

/// Writes how much there is of each.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_store_counts(
    store: Option<&GaenStore>,
    out: Option<&mut MaybeUninit<GaenCounts>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    write_out(out, "out", error, || Ok(some(store, "store")?.inner.counts()?.into()))
}

/// Reads every page of the store and writes what is wrong, a line each; empty if the store is sound. Free `*out` with
/// `gaen_string_free`.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_store_check(
    store: Option<&GaenStore>,
    out: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    hand_out_text(out, error, || Ok(some(store, "store")?.inner.check()?.join("\n")))
}
