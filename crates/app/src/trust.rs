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
        Ok(Self { trust: Trust::new(trusted(public_key, id, version)?) })
    }

    /// Trusts another key beside those before it.
    ///
    /// # Errors
    /// `public_key`, as [`new`](Self::new).
    pub fn or(self, public_key: &[u8], id: &str, version: &str) -> Result<Self, Error> {
        Ok(Self { trust: self.trust.or(trusted(public_key, id, version)?) })
    }

    pub(crate) fn trust(&self) -> &Trust {
        &self.trust
    }
}

fn trusted(public_key: &[u8], id: &str, version: &str) -> Result<TrustSet, Error> {
    let read = PublicKey::read(public_key).map_err(|error| {
        Error::new(ErrorKind::Trust, "public_key", format!("the public key {id}-{version}: {error}"))
    })?;
    Ok(TrustedKey::new(id, version, read.key).into())
}
