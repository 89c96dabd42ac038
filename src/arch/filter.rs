//! A first, cheap answer to "was this identifier heard?", which may be a wrong yes but never a wrong no.

use alloc::boxed::Box;
use alloc::vec;

/// What a filter and the index look at of an identifier: bytes 0, 13, 10 and 7, as one little-endian word.
///
/// Which four bytes would not matter, since all are equally random. In AES these four come from one column of the state
/// before the last round but one, so that a kernel that computes nothing else saves three quarters of two rounds.
pub(crate) const fn word(identifier: &[u8; 16]) -> u32 {
    u32::from_le_bytes([identifier[0], identifier[13], identifier[10], identifier[7]])
}

/// A blocked Bloom filter over the words of identifiers: each clears one bit in each byte of one 32-bit slot.
///
/// The slot is chosen by the low bits of the word, the bits by the upper three of each nibble of its upper half. One
/// load and one test answer a probe: nothing is there unless `slot & mask(word) == 0`. The sense is inverted so that
/// the test is one instruction.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    /// A power of two of them. The kernels rely on it.
    slots: Box<[u32]>,
}

impl Filter {
    const FEWEST: usize = 16;
    const MOST: usize = 1 << 20;

    /// As long as they fit the first-level cache beside a kernel's tables, four slots an identifier.
    const CACHED: usize = 1 << 13;
    /// 128 KiB: with more, the filter, the keys of a queue and the tables do not fit the second-level cache of small
    /// CPUs.
    const CACHED_SECOND: usize = 1 << 15;

    /// A filter in which nothing is, made for this many identifiers: four slots each while that is little, then one and
    /// a half, and at least three quarters.
    pub(crate) fn new(identifiers: usize) -> Self {
        let four = identifiers.saturating_mul(4).min(Self::CACHED);
        let one_and_a_half = (identifiers + identifiers / 2).min(Self::CACHED_SECOND);
        let slots = four.max(one_and_a_half).max(identifiers - identifiers / 4).clamp(Self::FEWEST, Self::MOST);
        Self { slots: vec![u32::MAX; slots.next_power_of_two()].into() }
    }

    /// Adds an identifier.
    #[inline]
    pub(crate) fn insert(&mut self, word: u32) {
        let slot = word as usize & (self.slots.len() - 1);
        self.slots[slot] &= !mask(word);
    }

    /// Adds an identifier on this condition, without a branch.
    #[inline]
    pub(crate) fn insert_if(&mut self, condition: bool, word: u32) {
        let slot = word as usize & (self.slots.len() - 1);
        let kept = u32::from(condition).wrapping_sub(1);
        self.slots[slot] &= !mask(word) | kept;
    }

    /// Brings a filter into the cache that is too large to be there already, if this many keys will make use of it.
    /// Read from one end to the other it comes several times as fast as by the probes, which jump.
    pub(super) fn fetch_for(&self, keys: usize) {
        const LINE: usize = 64 / size_of::<u32>();
        const ENOUGH: usize = 512;
        if keys >= ENOUGH && self.slots.len() > Self::CACHED {
            let all = self.slots.iter().step_by(LINE).fold(0, |all, slot| all ^ slot);
            core::hint::black_box(all);
        }
    }

    /// Whether the identifier of this word may have been added.
    #[inline]
    pub(crate) fn may_contain(&self, word: u32) -> bool {
        let slot = word as usize & (self.slots.len() - 1);
        self.slots.get(slot).is_some_and(|slot| slot & mask(word) == 0)
    }

    /// What cuts a word to the place of its slot.
    #[cfg(target_arch = "x86_64")]
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // there are at most `MOST`
    pub(super) fn last_place(&self) -> u32 {
        (self.slots.len() - 1) as u32
    }

    /// The slots, a power of two of them, at least 16.
    #[inline]
    pub(super) fn slots(&self) -> &[u32] {
        &self.slots
    }
}

/// One bit in each byte: bit `n >> 1` for nibble `n`, the four nibbles of the upper half from the lowest.
#[inline]
pub(super) fn mask(word: u32) -> u32 {
    /// The bits for two nibbles.
    static BITS: [u16; 256] = {
        let mut bits = [0; 256];
        let mut byte = 0;
        while byte < bits.len() {
            bits[byte] = 1 << (byte >> 1 & 7) | 0x100 << (byte >> 5);
            byte += 1;
        }
        bits
    };
    let [_, _, low, high] = word.to_le_bytes().map(|byte| u32::from(BITS[usize::from(byte)]));
    low | high << 16
}

/// How a tier asks its filter about the identifiers in a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Probe {
    /// All at once, by a gather instruction. Slow on AMD's CPUs, and on Intel's that are patched against Downfall.
    Gather,
    /// One by one.
    Scalar,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words that look random.
    fn words(seed: u32) -> impl Iterator<Item = u32> {
        (1_u32..).map(move |i| {
            let mixed = (i ^ seed).wrapping_mul(0x9e37_79b9);
            let mixed = (mixed ^ mixed >> 15).wrapping_mul(0x85eb_ca6b);
            mixed ^ mixed >> 13
        })
    }

    #[test]
    fn a_filter_knows_all_that_was_added_and_believes_little_else() {
        // Beside each number of identifiers, how many of 100,000 others it may take for one of them.
        for (count, most) in [(0, 0), (100, 100), (1_000, 100), (8_000, 400), (83_000, 400), (130_000, 1_000)] {
            let mut filter = Filter::new(count);
            words(0).take(count).for_each(|word| filter.insert(word));
            assert!(words(0).take(count).all(|word| filter.may_contain(word)), "{count}");
            let wrong = words(0).skip(count).take(100_000).filter(|word| filter.may_contain(*word)).count();
            assert!(wrong <= most, "{count}: {wrong}");
        }
    }

    #[test]
    fn a_mask_has_one_bit_in_each_byte() {
        for word in words(7).take(1000) {
            assert!(mask(word).to_le_bytes().iter().all(|byte| byte.count_ones() == 1), "{word:#x}");
        }
    }
}
