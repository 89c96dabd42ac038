//! Whom to believe.

use std::ffi::c_char;
use std::mem::MaybeUninit;
use std::sync::{Mutex, MutexGuard, PoisonError};

use gaen_app::{Authenticity, Error, TrustedKeys};

use crate::border::{Failure, call, hand_out_handle, slice_of, some, text};
use crate::error::{GaenError, GaenStatus};

/// The keys whose signatures a file needs.
#[derive(Debug)]
pub struct GaenTrust {
    inner: Mutex<Authenticity>,
}

impl GaenTrust {
    fn of(inner: Authenticity) -> Self {
        Self { inner: Mutex::new(inner) }
    }

    fn lock(&self) -> MutexGuard<'_, Authenticity> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn authenticity(&self) -> Authenticity {
        self.lock().clone()
    }

    /// The keys; a store searches nothing unverified.
    #[cfg(feature = "store")]
    pub(crate) fn keys(&self) -> Result<TrustedKeys, Failure> {
        keys_of(&self.lock())
    }

    /// Replaces the keys; on an error they stay. Nobody else changes them meanwhile: no key that was demanded is lost.
    fn change(&self, change: impl FnOnce(TrustedKeys) -> Result<TrustedKeys, Error>) -> Result<(), Failure> {
        let mut inner = self.lock();
        *inner = Authenticity::VerifiedBy(change(keys_of(&inner)?)?);
        Ok(())
    }
}

fn keys_of(authenticity: &Authenticity) -> Result<TrustedKeys, Failure> {
    match authenticity {
        Authenticity::VerifiedBy(keys) => Ok(keys.clone()),
        Authenticity::Unverified => {
            Err(Failure::Argument("unverified", "this trust has no keys: it believes anyone".to_owned()))
        }
    }
}

/// A public key file and what signatures call its key.
struct Key<'a> {
    file: &'a [u8],
    id: &'a str,
    version: &'a str,
}

/// # Safety
/// As [`slice_of`] and [`text`].
unsafe fn key<'a>(
    public_key: *const u8,
    bytes: usize,
    id: *const c_char,
    version: *const c_char,
) -> Result<Key<'a>, Failure> {
    // SAFETY: the caller of this function vouches for all three.
    unsafe {
        Ok(Key {
            file: slice_of(public_key, bytes, "public_key")?,
            id: text(id, "id")?,
            version: text(version, "version")?,
        })
    }
}

/// Trusts the key of a public key file of `bytes` bytes, which is PEM, DER, base64 or hexadecimal. `id` and `version` are what
/// signatures call the key; both may be empty. Free `*out` with `gaen_trust_free`.
///
/// Codes: public_key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_trust_new(
    public_key: *const u8,
    bytes: usize,
    id: *const c_char,
    version: *const c_char,
    out: Option<&mut MaybeUninit<*mut GaenTrust>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    hand_out_handle(out, error, || {
        // SAFETY: the caller vouches for the file and the texts.
        let key = unsafe { key(public_key, bytes, id, version) }?;
        let keys = TrustedKeys::new(key.file, key.id, key.version)?;
        Ok(GaenTrust::of(Authenticity::VerifiedBy(keys)))
    })
}

/// ANYONE MAY HAVE WRITTEN THE FILES: a search with this trust verifies nothing. For tools and tests. Free `*out` with
/// `gaen_trust_free`.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_trust_unverified(
    out: Option<&mut MaybeUninit<*mut GaenTrust>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    hand_out_handle(out, error, || Ok(GaenTrust::of(Authenticity::Unverified)))
}

/// Trusts this key too: a file that it alone signed is accepted.
///
/// Codes: public_key, unverified.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_trust_or(
    trust: Option<&GaenTrust>,
    public_key: *const u8,
    bytes: usize,
    id: *const c_char,
    version: *const c_char,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    call(error, || {
        // SAFETY: the caller vouches for the file and the texts.
        let key = unsafe { key(public_key, bytes, id, version) }?;
        some(trust, "trust")?.change(|keys| keys.or(key.file, key.id, key.version))
    })
}

/// Demands that this key signed too, together with the key that was added last.
///
/// Codes: public_key, unverified.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_trust_and(
    trust: Option<&GaenTrust>,
    public_key: *const u8,
    bytes: usize,
    id: *const c_char,
    version: *const c_char,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    call(error, || {
        // SAFETY: the caller vouches for the file and the texts.
        let key = unsafe { key(public_key, bytes, id, version) }?;
        some(trust, "trust")?.change(|keys| keys.and(key.file, key.id, key.version))
    })
}

/// Accepts signatures of 64 raw bytes too. The format forbids them, but some test servers write them.
///
/// Codes: unverified.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_trust_accept_raw_signatures(
    trust: Option<&GaenTrust>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    call(error, || some(trust, "trust")?.change(|keys| Ok(keys.accept_raw_signatures())))
}

/// Frees a trust. Null does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_trust_free(trust: Option<Box<GaenTrust>>) {
    drop(trust);
}
