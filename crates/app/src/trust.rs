//! Whom to believe.

use gaen::export::{PublicKey, Trust, TrustSet, TrustedKey};

use crate::error::{Error, ErrorKind};

/// Whom a search believes. There is no default: somebody has to decide it.
#[derive(Clone, Debug)]
pub enum Authenticity {
    /// Files must be signed by one of these keys.
    VerifiedBy(TrustedKeys),
    /// **Anyone may have written the files.** For tools and tests.
    Unverified,
}

/// A public key and what signatures call it.
#[derive(Clone, Copy, Debug)]
pub struct NamedKey<'a> {
    /// The file of the key: PEM, DER, base64 or hexadecimal.
    pub public_key: &'a [u8],
    /// The identifier that signatures give the key, such as `440`.
    pub id: &'a str,
    /// The version that signatures give the key, such as `v1`. Both may be empty.
    pub version: &'a str,
}

/// Public keys of health authorities. A signature by one of them is enough.
///
/// ```
/// use gaen_app::TrustedKeys;
///
/// let pem = std::fs::read("../../demo/440-v1.pem")?;
/// let keys = TrustedKeys::new(&pem, "440", "v1")?;
/// assert_eq!(TrustedKeys::new(b"no key", "440", "v1").unwrap_err().code(), "public_key");
/// # let _ = keys;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct TrustedKeys {
    trust: Trust,
}

impl TrustedKeys {
    /// Trusts the key of a public key file, which is PEM, DER, base64 or hexadecimal. `id` and `version` are what signatures
    /// call the key; both may be empty.
    ///
    /// # Errors
    /// `public_key`, with what the file is instead.
    pub fn new(public_key: &[u8], id: &str, version: &str) -> Result<Self, Error> {
        Ok(Self { trust: Trust::new(NamedKey { public_key, id, version }.read()?) })
    }

    /// Trusts another key beside those before it.
    ///
    /// # Errors
    /// `public_key`, as [`new`](Self::new).
    pub fn or(self, public_key: &[u8], id: &str, version: &str) -> Result<Self, Error> {
        Ok(Self { trust: self.trust.or(NamedKey { public_key, id, version }.read()?) })
    }

    /// Trusts a file that all keys of at least one of these sets have signed.
    ///
    /// # Errors
    /// `no_keys` if there is no set, or an empty one; `public_key`, as [`new`](Self::new).
    pub fn any_of(sets: &[Vec<NamedKey<'_>>]) -> Result<Self, Error> {
        let none = || {
            Error::new(ErrorKind::Trust, "no_keys", "a set has no keys, or there is no set: nothing could be trusted")
        };
        let mut trust: Option<Trust> = None;
        for set in sets {
            let (first, others) = set.split_first().ok_or_else(none)?;
            let mut all = TrustSet::new(first.read()?);
            for key in others {
                all = all.and(key.read()?);
            }
            trust = Some(match trust {
                None => Trust::new(all),
                Some(trust) => trust.or(all),
            });
        }
        Ok(Self { trust: trust.ok_or_else(none)? })
    }

    /// Also accepts signatures of 64 raw bytes. The format forbids them, but some test servers write them.
    #[must_use]
    pub fn accept_raw_signatures(self) -> Self {
        Self { trust: self.trust.accept_raw_signatures() }
    }

    pub(crate) fn trust(&self) -> &Trust {
        &self.trust
    }
}

impl NamedKey<'_> {
    fn read(&self) -> Result<TrustedKey, Error> {
        let Self { public_key, id, version } = self;
        let read = PublicKey::read(*public_key).map_err(|error| {
            Error::new(ErrorKind::Trust, "public_key", format!("the public key {id}-{version}: {error}"))
        })?;
        Ok(TrustedKey::new(*id, *version, read.key))
    }
}
