//! The rows of sixteen keys, one block in a register.

use super::blocks::{
    LANES, QUADS, V, aesenc, aesenclast, bits, broadcast, ordered, pack, substitute, test, transpose, xor,
};
use super::memory::{self, Slots};
use crate::arch::x86_64::rows::search_in_rows;

search_in_rows!(#[target_feature(enable = "aes,ssse3,sse4.1")]);

/// The words in order, and a bit for each that may have been heard.
#[target_feature(enable = "aes,ssse3,sse4.1")]
#[inline]
fn probe<const GATHER: bool>(slots: Slots<'_>, packed: Words) -> (Words, u16) {
    let (mut words, mut hits) = (packed, packed);
    for (words, hits) in words.iter_mut().zip(&mut hits) {
        let packed = *words;
        *words = ordered(packed);
        *hits = test(packed, slots.of(*words));
    }
    (words, bits(hits))
}
