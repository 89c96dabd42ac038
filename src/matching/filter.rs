//! A first, cheap answer to "was this identifier heard?", which may be a wrong yes but never a wrong no.

use alloc::vec;
use alloc::vec::Vec;

/// A bit array in which every identifier sets two bits of one word, so that a probe is one load.
///
/// It is sized to stay in the level-2 cache as long as it can: 128 bits an identifier while that is under 512 KiB, then
/// fewer, but never under 16.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    words: Vec<u64>,
    /// `64 - log2(words)`: the word is chosen by the top bits.
    shift: u32,
}

impl Filter {
    const GENEROUS_BYTES: usize = 16;
    const SPARSE_BYTES: usize = 2;
    const CACHE_BYTES: usize = 512 << 10;

    /// A filter over the first eight bytes of each identifier.
    pub(super) fn new(identifiers: impl ExactSizeIterator<Item = [u8; 16]>) -> Self {
        let count = identifiers.len();
        let generous = count.saturating_mul(Self::GENEROUS_BYTES).min(Self::CACHE_BYTES);
        let bytes = generous.max(count.saturating_mul(Self::SPARSE_BYTES));
        let words = (bytes / 8).next_power_of_two().max(2);
        let mut filter = Self { words: vec![0; words], shift: 64 - words.trailing_zeros() };
        for identifier in identifiers {
            let (word, mask) = filter.place(&identifier);
            if let Some(word) = filter.words.get_mut(word) {
                *word |= mask;
            }
        }
        filter
    }

    /// The word of an identifier and the two bits in it.
    #[inline]
    fn place(&self, identifier: &[u8; 16]) -> (usize, u64) {
        let [a, b, c, d, e, f, g, h, ..] = *identifier;
        let bits = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
        #[allow(clippy::cast_possible_truncation)] // the shift leaves fewer bits than a usize has
        let word = (bits >> self.shift) as usize;
        (word, 1 << (bits & 63) | 1 << (bits >> 6 & 63))
    }

    /// Whether an identifier may be among those of the filter.
    #[inline]
    pub(super) fn may_contain(&self, identifier: &[u8; 16]) -> bool {
        let (word, mask) = self.place(identifier);
        self.words.get(word).is_some_and(|word| word & mask == mask)
    }
}
