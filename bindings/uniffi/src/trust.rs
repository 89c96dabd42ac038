//! Whom to believe.

use std::sync::Arc;

use crate::error::GaenError;

/// Public keys of health authorities. Nothing in it changes: each method makes another one.
#[derive(Debug, uniffi::Object)]
pub struct TrustedKeys {
    pub(crate) inner: gaen_app::TrustedKeys,
}

impl TrustedKeys {
    fn with(inner: gaen_app::TrustedKeys) -> Arc<Self> {
        Arc::new(Self { inner })
    }
}

#[uniffi::export]
impl TrustedKeys {
    /// Trusts the key of a public key file, which is PEM, DER, base64 or hexadecimal. `id` and `version` are what signatures
    /// call the key; both may be empty.
    ///
    /// Fails with `public_key`, and says what the file is instead.
    #[uniffi::constructor]
    pub fn new(public_key: Vec<u8>, id: String, version: String) -> Result<Arc<Self>, GaenError> {
        Ok(Self::with(gaen_app::TrustedKeys::new(&public_key, &id, &version)?))
    }

    /// Also accepts files that this key alone signed.
    pub fn or(&self, public_key: Vec<u8>, id: String, version: String) -> Result<Arc<Self>, GaenError> {
        Ok(Self::with(self.inner.clone().or(&public_key, &id, &version)?))
    }

    /// Demands that this key signed too, together with the key that was added last.
    pub fn and(&self, public_key: Vec<u8>, id: String, version: String) -> Result<Arc<Self>, GaenError> {
        Ok(Self::with(self.inner.clone().and(&public_key, &id, &version)?))
    }

    /// Also accepts signatures of 64 raw bytes, which the format forbids. Some test servers write them.
    pub fn accept_raw_signatures(&self) -> Arc<Self> {
        Self::with(self.inner.clone().accept_raw_signatures())
    }
}
