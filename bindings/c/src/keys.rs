//! A device's own keys.

use std::ffi::c_char;
use std::mem::MaybeUninit;

use gaen_app::{Broadcast, Consent, HeldKey, KeyRing, Release, ReleasedKey};

use crate::border::{call, fill, hand_out_handle, hand_out_text, name_field, room, some, write_out};
use crate::error::{GaenError, GaenStatus};

/// The keys of a device, in memory. They are wiped when the ring is freed, and cannot be published afterwards: an app keeps its
/// keys in a store.
#[derive(Debug)]
pub struct GaenKeyRing {
    inner: KeyRing,
}

/// What a device broadcasts at a moment.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct GaenBroadcast {
    /// The identifier that is broadcast.
    pub identifier: [u8; 16],
    /// The encrypted metadata beside the identifier.
    pub metadata: [u8; 4],
    /// The service data of UUID 0xFD6F: the identifier and the encrypted metadata.
    pub service_data: [u8; 20],
    /// The whole advertisement as Android sends it.
    pub android_frame: [u8; 28],
    /// The whole advertisement as iOS sends it.
    pub ios_frame: [u8; 31],
    /// True if this call made the key of the day.
    pub is_new_key: bool,
    /// The interval of the identifier.
    pub interval: i64,
    /// When the interval ends, Unix seconds. Ask for another broadcast then, and change the radio's address with it.
    pub until: i64,
}

impl From<&Broadcast> for GaenBroadcast {
    fn from(sent: &Broadcast) -> Self {
        Self {
            identifier: sent.identifier(),
            metadata: sent.metadata(),
            service_data: sent.service_data(),
            android_frame: sent.android_frame(),
            ios_frame: sent.ios_frame(),
            is_new_key: sent.is_new_key,
            interval: sent.interval,
            until: sent.until,
        }
    }
}

/// A ring without keys. Free `*out` with `gaen_key_ring_free`.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_key_ring_new(
    out: Option<&mut MaybeUninit<*mut GaenKeyRing>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    hand_out_handle(out, error, || Ok(GaenKeyRing { inner: KeyRing::new() }))
}

/// Writes what to broadcast at the time `now`, Unix seconds, with this transmit power, dBm. Makes the key of the day if there
/// is none, of the system's randomness.
///
/// Codes: time, randomness.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_key_ring_broadcast(
    ring: Option<&GaenKeyRing>,
    now: u64,
    tx_power: i8,
    out: Option<&mut MaybeUninit<GaenBroadcast>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    write_out(out, "out", error, || Ok(GaenBroadcast::from(&some(ring, "ring")?.inner.broadcast(now, tx_power)?)))
}

pub(crate) fn consent(given_at: u64, with_today: bool) -> Consent {
    let consent = Consent::given(given_at);
    if with_today { consent.with_today() } else { consent }
}

/// Releases what may be published at the time `now`, Unix seconds, with its owner's consent of the time `consent_given_at`.
/// `with_today` says that the owner also agreed to end today's key now, for a server that holds it back. Asking again gives
/// the same keys again. Free `*out` with `gaen_release_free`.
///
/// Codes: time.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_key_ring_release(
    ring: Option<&GaenKeyRing>,
    now: u64,
    consent_given_at: u64,
    with_today: bool,
    out: Option<&mut MaybeUninit<*mut GaenRelease>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    hand_out_handle(out, error, || {
        let consent = consent(consent_given_at, with_today);
        Ok(GaenRelease { inner: some(ring, "ring")?.inner.release(now, &consent)? })
    })
}

/// Erases the keys whose 14 days are over. `*erased` is how many went. Call it every day.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_key_ring_purge(
    ring: Option<&GaenKeyRing>,
    now: u64,
    erased: Option<&mut MaybeUninit<usize>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    write_out(erased, "erased", error, || Ok(some(ring, "ring")?.inner.purge(now)))
}

/// Frees a ring and wipes its keys. Null does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_key_ring_free(ring: Option<Box<GaenKeyRing>>) {
    drop(ring);
}

/// What a key ring or a store let go, and what stays.
#[derive(Debug)]
pub struct GaenRelease {
    pub(crate) inner: Release,
}

/// A key whose embargo is over. Its bytes are for publishing.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct GaenReleasedKey {
    /// The 16 bytes of the key.
    pub key: [u8; 16],
    /// The first interval in which the key is valid. An interval is ten minutes.
    pub rolling_start_interval_number: i64,
    /// The number of intervals in which the key is valid.
    pub rolling_period: i64,
}

/// A key whose bytes stay inside.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct GaenHeldKey {
    /// The first interval in which the key is valid. An interval is ten minutes.
    pub rolling_start_interval_number: i64,
    /// The number of intervals in which the key is valid.
    pub rolling_period: i64,
    /// The stable name of the reason. "embargoed" is a key that was ended early: it goes only to a server that holds it back.
    pub reason: [c_char; 48],
}

/// Writes the keys whose embargo is over: at most `capacity` to `keys`, and to `*count` how many there are.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_release_keys(
    release: Option<&GaenRelease>,
    keys: *mut GaenReleasedKey,
    capacity: usize,
    count: Option<&mut MaybeUninit<usize>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    call(error, || {
        let released = some(release, "release")?.inner.keys();
        let rows = released.into_iter().map(|released| {
            let ReleasedKey { key, rolling_start_interval_number, rolling_period } = released;
            GaenReleasedKey { key, rolling_start_interval_number, rolling_period }
        });
        // SAFETY: the caller vouches for room for `capacity` keys.
        fill(unsafe { room(keys, capacity, "keys") }?, rows, count)
    })
}

/// Writes the keys whose bytes stay inside: at most `capacity` to `keys`, and to `*count` how many there are.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_release_held(
    release: Option<&GaenRelease>,
    keys: *mut GaenHeldKey,
    capacity: usize,
    count: Option<&mut MaybeUninit<usize>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    call(error, || {
        let held = some(release, "release")?.inner.held();
        let rows = held.iter().map(|held| {
            let HeldKey { rolling_start_interval_number, rolling_period, code, .. } = *held;
            GaenHeldKey { rolling_start_interval_number, rolling_period, reason: name_field(code) }
        });
        // SAFETY: the caller vouches for room for `capacity` keys.
        fill(unsafe { room(keys, capacity, "keys") }?, rows, count)
    })
}

/// Writes what a server by Google's rules would say of an upload of these keys at the time `now`, Unix seconds: the document
/// of `gaen publish --check --json`. `onset` is the interval in which symptoms began; -1 if not known. Free `*out` with
/// `gaen_string_free`.
///
/// Codes: onset.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_release_check_json(
    release: Option<&GaenRelease>,
    onset: i64,
    now: u64,
    out: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    hand_out_text(out, error, || Ok(some(release, "release")?.inner.check_json((onset != -1).then_some(onset), now)?))
}

/// Frees a release. Null does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_release_free(release: Option<Box<GaenRelease>>) {
    drop(release);
}
