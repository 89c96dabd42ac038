//! What a device has heard.

use std::sync::Arc;

use gaen_app::ROW_BYTES;

use crate::error::{Argument, GaenError};
use crate::values::number;

/// What a device has heard, ready to be searched for.
#[derive(Debug, uniffi::Object)]
pub struct Sightings {
    pub(crate) inner: gaen_app::Sightings,
}

#[uniffi::export]
impl Sightings {
    /// Reads a block of packed rows. `SightingRows` makes one, and `fromRows` takes rows without its header.
    ///
    /// A header of 40 bytes says how many bytes of rows follow. Then come rows of 40 bytes each. Numbers are little-endian.
    ///
    /// | bytes of the header | what |
    /// |---|---|
    /// | 0 to 7 | the ASCII text `gaenrows` |
    /// | 8 to 15 | the number of bytes of all rows, 64-bit |
    /// | 16 to 39 | zero |
    ///
    /// | bytes of a row | what |
    /// |---|---|
    /// | 0 to 15 | the identifier |
    /// | 16 to 19 | the metadata; if there were fewer bytes, the rest is zero |
    /// | 20 | the true number of bytes of the metadata |
    /// | 21 | signal strength in dBm, signed |
    /// | 22, 23 | zero |
    /// | 24 to 31 | when it was heard, Unix seconds, signed 64-bit |
    /// | 32 to 39 | when the device had scanned before, Unix seconds, signed 64-bit; -1 if not known |
    ///
    /// In Kotlin the block is a direct buffer that begins at position 0, and its rows are borrowed.
    ///
    /// Fails with `row_block` if header and rows disagree, `no_rows` if there are no rows, `row_length` if they end within a
    /// row, `row` for the first row that cannot be, or `too_many_rows`.
    #[uniffi::constructor]
    pub fn from_row_block(block: &[u8]) -> Result<Arc<Self>, GaenError> {
        Ok(Arc::new(Self { inner: gaen_app::Sightings::from_rows(rows_of(block)?)? }))
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

/// The rows of a block, if its header tells of them.
///
/// What is generated for Kotlin takes the length of a buffer from its position on, and the bytes from its start. Without a header
/// the last rows would then be lost in silence.
fn rows_of(block: &[u8]) -> Result<&[u8], GaenError> {
    let wrong = |text: String| GaenError::new(Argument::Sightings, "row_block", text);
    let Some((header, rows)) = block.split_first_chunk::<ROW_BYTES>() else {
        return Err(wrong(format!("a block of {} bytes has no room for its header of {ROW_BYTES}", block.len())));
    };
    let length = u64::try_from(rows.len()).unwrap_or(u64::MAX).to_le_bytes();
    let told = [MARK.as_slice(), &length, &[0; ROW_BYTES - 16]].concat();
    if header.as_slice() != told.as_slice() {
        let len = rows.len();
        return Err(wrong(format!(
            "the header of a block does not tell of the {len} bytes after it: did it begin elsewhere?"
        )));
    }
    Ok(rows)
}

/// The beginning of a block of rows.
const MARK: [u8; 8] = *b"gaenrows";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_that_begins_elsewhere_is_refused() {
        let mut block = vec![0; 3 * ROW_BYTES];
        block[..8].copy_from_slice(&MARK);
        block[8..16].copy_from_slice(&80_u64.to_le_bytes());
        assert_eq!(rows_of(&block).unwrap().len(), 80);
        // The length of the one, and the start of the other: a buffer at another position, in Kotlin.
        for end in 0..block.len() {
            let GaenError::Failed { code, .. } = rows_of(&block[..end]).unwrap_err();
            assert_eq!(code, "row_block");
        }
        for at in 0..ROW_BYTES {
            let mut changed = block.clone();
            changed[at] ^= 1;
            assert!(rows_of(&changed).is_err(), "byte {at}");
        }
    }
}
