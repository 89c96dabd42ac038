//! What a device has heard.

use std::sync::Arc;

use crate::error::GaenError;
use crate::values::number;

/// What a device has heard, ready to be searched for.
#[derive(Debug, uniffi::Object)]
pub struct Sightings {
    pub(crate) inner: gaen_app::Sightings,
}

#[uniffi::export]
impl Sightings {
    /// Reads packed rows of 40 bytes each. Numbers are little-endian.
    ///
    /// | bytes | what |
    /// |---|---|
    /// | 0 to 15 | the identifier |
    /// | 16 to 19 | the metadata; if there were fewer bytes, the rest is zero |
    /// | 20 | the true number of bytes of the metadata |
    /// | 21 | signal strength in dBm, signed |
    /// | 22, 23 | zero |
    /// | 24 to 31 | when it was heard, Unix seconds, signed 64-bit |
    /// | 32 to 39 | when the device had scanned before, Unix seconds, signed 64-bit; -1 if not known |
    ///
    /// Fails with `no_rows` if there are no bytes, `row_length` if they end within a row, `row` for the first row that cannot
    /// be, or `too_many_rows`.
    #[uniffi::constructor]
    pub fn from_rows(rows: Vec<u8>) -> Result<Arc<Self>, GaenError> {
        Ok(Arc::new(Self { inner: gaen_app::Sightings::from_rows(&rows)? }))
    }

    /// Makes what a device has that heard nobody. A search for it ends in "not judged".
    #[uniffi::constructor]
    pub fn none() -> Result<Arc<Self>, GaenError> {
        Ok(Arc::new(Self { inner: gaen_app::Sightings::none()? }))
    }

    /// Returns the number of sightings.
    pub fn count(&self) -> i64 {
        number(self.inner.len())
    }
}
