//! From a temporary exposure key to the two keys under it.
//!
//! Twice: `expand_into` is the plain reading of the specification; `expand_published` gives the same bytes with the
//! six SHA-256 compressions that depend on the key, for the matcher, which does this for millions of published keys.

use hkdf::Hkdf;
use sha2::Sha256;
use sha2::block_api::compress256;

use super::sha256::{EXTRACT_INNER, EXTRACT_OUTER, INITIAL};

/// The `info` of the identifier key.
pub(crate) const RPIK_INFO: &[u8; 7] = b"EN-RPIK";
/// The `info` of the metadata key.
pub(crate) const AEMK_INFO: &[u8; 7] = b"EN-AEMK";

/// `HKDF-SHA256(ikm = key, salt = none, info, 16 bytes)`, written where it is to stay.
#[allow(clippy::unreachable)] // by the length, which is a constant
pub(super) fn expand_into(key: &[u8; 16], info: &[u8; 7], derived: &mut [u8; 16]) {
    if Hkdf::<Sha256>::new(None, key).expand(info, derived).is_err() {
        unreachable!("16 bytes are under HKDF's limit of 8160");
    }
}

/// `PaddedData(j) = "EN-RPI" || 6 zero bytes || u32le(j)`.
pub(crate) const fn padded_data(interval: u32) -> [u8; 16] {
    let prefix = u128::from_le_bytes(*b"EN-RPI\0\0\0\0\0\0\0\0\0\0");
    // Built in one register and stored whole: a block patched by narrow stores stalls the wide load that follows.
    (prefix | (interval as u128) << 96).to_le_bytes()
}

/// A SHA-256 block as four big-endian numbers: made in registers and stored wide, for the reason given above.
fn block(quarters: [u128; 4]) -> [u8; 64] {
    let mut block = [0; 64];
    for (bytes, quarter) in block.chunks_exact_mut(16).zip(quarters) {
        bytes.copy_from_slice(&quarter.to_be_bytes());
    }
    block
}

/// The mark that ends a message in its last block.
const END_MARK: u128 = 1 << 127;

/// A SHA-256 state as two big-endian numbers.
fn digest(state: [u32; 8]) -> [u128; 2] {
    let [a, b, c, d, e, f, g, h] = state.map(u128::from);
    [a << 96 | b << 64 | c << 32 | d, e << 96 | f << 64 | g << 32 | h]
}

/// The last block of the outer hash of an HMAC: the digest of the inner one.
fn outer_block(inner: [u32; 8]) -> [u8; 64] {
    let [high, low] = digest(inner);
    block([high, low, END_MARK, (64 + 32) * 8])
}

/// The block of an HMAC key of 32 bytes under one of HMAC's two pads.
fn pad_block([high, low]: [u128; 2], pad: u8) -> [u8; 64] {
    let pad = u128::from_ne_bytes([pad; 16]);
    block([high ^ pad, low ^ pad, pad, pad])
}

/// [`expand_into`] for a published key, in six compressions instead of eight.
///
/// The intermediate values are not wiped: not for a device's own keys.
pub(crate) fn expand_published(key: &[u8; 16], info: &[u8; 7]) -> [u8; 16] {
    let mut inner = EXTRACT_INNER;
    compress256(&mut inner, &[block([u128::from_be_bytes(*key), END_MARK, 0, (64 + 16) * 8])]);
    let mut outer = EXTRACT_OUTER;
    compress256(&mut outer, &[outer_block(inner)]);
    let pseudorandom_key = digest(outer);

    let [i0, i1, i2, i3, i4, i5, i6] = *info;
    let info_and_counter = u64::from_be_bytes([i0, i1, i2, i3, i4, i5, i6, 1]);
    let info_and_counter = u128::from(info_and_counter) << 64 | END_MARK >> 64;
    let mut inner = INITIAL;
    compress256(&mut inner, &[pad_block(pseudorandom_key, 0x36), block([info_and_counter, 0, 0, (64 + 8) * 8])]);
    let mut outer = INITIAL;
    compress256(&mut outer, &[pad_block(pseudorandom_key, 0x5c), outer_block(inner)]);

    let [derived, _] = digest(outer);
    derived.to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_constants_are_what_they_are_said_to_be() {
        for (pad, constant) in [(0x36, EXTRACT_INNER), (0x5c, EXTRACT_OUTER)] {
            let mut state = INITIAL;
            compress256(&mut state, &[[pad; 64]]);
            assert_eq!(state, constant, "{state:#010x?}");
        }
    }

    #[test]
    fn padded_data_is_laid_out_as_specified() {
        assert_eq!(padded_data(0x0403_0201), *b"EN-RPI\0\0\0\0\0\0\x01\x02\x03\x04");
        assert_eq!(padded_data(u32::MAX), *b"EN-RPI\0\0\0\0\0\0\xff\xff\xff\xff");
    }

    proptest! {
        #[test]
        fn six_compressions_give_what_hkdf_gives(key: [u8; 16], info: [u8; 7]) {
            let mut derived = [0; 16];
            expand_into(&key, &info, &mut derived);
            prop_assert_eq!(expand_published(&key, &info), derived);
        }
    }
}
