//! Some of the keys of a source.

use alloc::vec::Vec;

use super::sweep::HeardInterval;
use crate::keys::DiagnosisKey;

/// Some of many keys, in their order, each with its position among all of them.
#[derive(Debug, Default)]
pub(super) struct Part {
    positions: Vec<u32>,
    keys: Vec<DiagnosisKey>,
}

impl Part {
    /// Takes in a key that stands at this position, which is after those of the keys before it.
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // a source is swept in pieces of fewer than 2^32 keys
    pub(super) fn push(&mut self, position: usize, key: &DiagnosisKey) {
        self.positions.push(position as u32);
        self.keys.push(*key);
    }

    pub(super) fn keys(&self) -> &[DiagnosisKey] {
        &self.keys
    }

    /// The keys without a hit. The hits are all those of this part, in the order of the keys.
    #[cfg(feature = "std")]
    pub(super) fn unheard(&self, hits: &[HeardInterval]) -> impl Iterator<Item = &DiagnosisKey> {
        let mut heard = hits.iter().map(|hit| hit.key).peekable();
        (0..).zip(&self.keys).filter_map(move |(number, key)| {
            let mut is_heard = false;
            while heard.next_if_eq(&number).is_some() {
                is_heard = true;
            }
            (!is_heard).then_some(key)
        })
    }

    /// Hits of keys of this part, each with the key's position among all keys.
    pub(super) fn among_all(&self, mut hits: Vec<HeardInterval>) -> Vec<HeardInterval> {
        for hit in &mut hits {
            hit.key = self.positions.get(hit.key as usize).copied().unwrap_or(hit.key);
        }
        hits
    }
}
