//! Numbers that are the same everywhere and for ever.

use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};

/// What numbers are drawn for. Each purpose, and each person within it, has a stream of its own, so that a change to
/// one part of the world leaves the others as they are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    Town,
    Diagnoses,
    Schedule,
    Clock,
    Phone,
    Keys,
    Scans,
    Attacker,
    Exports,
    Revisions,
    KeyServer,
}

/// A stream of numbers: ChaCha8, whose output is specified. All that is drawn is drawn as whole numbers by the
/// functions below, which use no floating point and no sampling of a library: those may differ between machines and
/// versions.
#[derive(Debug)]
pub(crate) struct Random(ChaCha8Rng);

impl Random {
    /// The stream of this seed for this purpose and number.
    pub(crate) fn new(seed: u64, purpose: Purpose, number: usize) -> Self {
        let mut key = [0; 32];
        let words = [seed, purpose as u64, number as u64];
        for (bytes, word) in key.chunks_exact_mut(8).zip(words) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        Self(ChaCha8Rng::from_seed(key))
    }

    /// The generator itself, for what takes one.
    pub(crate) fn generator(&mut self) -> &mut ChaCha8Rng {
        &mut self.0
    }

    /// A number under this bound.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        let scaled = (u128::from(self.0.next_u64()) * u128::from(bound)) >> 64;
        u64::try_from(scaled).unwrap_or_default() // it is under `bound`
    }

    /// A number from `first` to `last`.
    pub(crate) fn between(&mut self, first: u64, last: u64) -> u64 {
        first + self.below((last - first).saturating_add(1))
    }

    /// A position in something of this length.
    pub(crate) fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or_default() // it is under `length`
    }

    /// Whether something happens that has this chance.
    pub(crate) fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    /// A number with mean 0, standard deviation 4 and nearly the shape of a bell: how many of 64 coins show heads, less
    /// the 32 that are expected.
    pub(crate) fn noise(&mut self) -> i32 {
        self.0.next_u64().count_ones().cast_signed() - 32
    }

    /// All items in another order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.index(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_differ_and_stay() {
        let first = |seed, purpose, number| Random::new(seed, purpose, number).below(u64::MAX);
        assert_eq!(first(1, Purpose::Keys, 2), first(1, Purpose::Keys, 2));
        for other in [first(2, Purpose::Keys, 2), first(1, Purpose::Scans, 2), first(1, Purpose::Keys, 3)] {
            assert_ne!(first(1, Purpose::Keys, 2), other);
        }
        // The first eight bytes of ChaCha8 under the key of zeros, as other implementations have them.
        assert_eq!(
            Random::new(0, Purpose::Town, 0).0.next_u64().to_le_bytes(),
            [0x3e, 0, 0xef, 0x2f, 0x89, 0x5f, 0x40, 0xd6]
        );
    }

    #[test]
    fn noise_is_as_wide_as_promised() {
        let mut random = Random::new(1, Purpose::Scans, 0);
        let draws: Vec<i32> = (0..10_000).map(|_| random.noise()).collect();
        let (sum, squares): (i32, i32) = (draws.iter().sum(), draws.iter().map(|draw| draw * draw).sum());
        assert!(sum.abs() < 2_000, "a mean of {sum} / 10,000");
        assert!((150_000..170_000).contains(&squares), "a variance of {squares} / 10,000");
    }

    #[test]
    fn draws_stay_in_their_range() {
        let mut random = Random::new(1, Purpose::Town, 0);
        let draws: std::collections::BTreeSet<_> = (0..200).map(|_| random.between(3, 5)).collect();
        assert_eq!(draws.into_iter().collect::<Vec<_>>(), [3, 4, 5]);
        assert_eq!((random.between(7, 7), random.below(1)), (7, 0));
    }
}
