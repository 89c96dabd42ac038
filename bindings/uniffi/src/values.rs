//! Values that each language has a type of its own for.

use crate::error::GaenError;

/// Bytes that are compared by what they hold.
pub struct Bytes(pub(crate) Vec<u8>);

uniffi::custom_newtype!(Bytes, Vec<u8>);

/// A moment, in whole seconds since 1970.
pub struct Timestamp(pub(crate) i64);

uniffi::custom_newtype!(Timestamp, i64);

/// A day in UTC, such as `2020-09-27`.
pub struct Day(pub(crate) String);

uniffi::custom_newtype!(Day, String);

impl Timestamp {
    /// A moment that the library has told, which is far below the limit.
    pub(crate) fn of(seconds: u64) -> Self {
        Self(i64::try_from(seconds).unwrap_or(i64::MAX))
    }

    /// The same as Unix seconds.
    pub(crate) fn seconds(&self) -> Result<u64, GaenError> {
        u64::try_from(self.0).map_err(|_| GaenError::before_1970(self.0))
    }
}

impl Bytes {
    /// The same as bytes of a known number. `what` is what errors call them.
    pub(crate) fn exactly<const N: usize>(&self, what: &str) -> Result<[u8; N], GaenError> {
        self.0.as_slice().try_into().map_err(|_| GaenError::byte_count(what, N, self.0.len()))
    }
}

/// A number that is far below the limit, such as a number of files.
pub(crate) fn number(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}
