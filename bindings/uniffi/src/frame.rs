//! What the radio hears.

use crate::error::GaenError;
use crate::values::{Bytes, number};

/// What a scanner keeps of an advertisement.
#[derive(uniffi::Record)]
pub struct Heard {
    /// The identifier, 16 bytes.
    pub identifier: Bytes,
    /// The encrypted metadata, at most its first four bytes. Where there were fewer, the rest is zero.
    pub metadata: Bytes,
    /// The true number of bytes of the metadata. It is four in a well-formed frame.
    pub metadata_length: i64,
}

/// Finds the service data of UUID 0xFD6F in an advertisement with any structures in any order.
///
/// Fails with `frame` if there is none, or one that is too short for an identifier.
#[uniffi::export]
pub fn read_frame(advertisement: Vec<u8>) -> Result<Heard, GaenError> {
    let gaen_app::Heard { identifier, metadata, metadata_length } = gaen_app::Heard::read(&advertisement)?;
    Ok(Heard {
        identifier: Bytes(identifier.into()),
        metadata: Bytes(metadata.into()),
        metadata_length: number(metadata_length),
    })
}
