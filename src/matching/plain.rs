//! The plain path: `aes` and `sha2`, one key after the other. The fallback of all tiers, and what they are held against.

use alloc::vec::Vec;

use aes::cipher::{BlockCipherEncrypt, KeyInit};
use aes::{Aes128Enc, Block};

use crate::arch::{Candidate, Job, Part, ROW, word};
use crate::keys::DiagnosisKey;
use crate::keys::derivation::{RPIK_INFO, expand_published, padded_data};
use crate::time::{EnIntervalNumber, INTERVALS_PER_DAY};

/// Intervals of a whole day.
const DAY: usize = INTERVALS_PER_DAY as usize;

/// The blocks of up to a day, plain and encrypted. Kept from one key to the next: keys of one day share the plain ones.
pub(super) struct Day {
    start: EnIntervalNumber,
    plain: [Block; DAY],
    encrypted: [Block; DAY],
}

impl Day {
    pub(super) fn new() -> Self {
        let blocks = [Block::default(); DAY];
        let mut day = Self { start: EnIntervalNumber::new(0), plain: blocks, encrypted: blocks };
        day.fill();
        day
    }

    fn fill(&mut self) {
        for (offset, block) in (0..).zip(&mut self.plain) {
            *block = padded_data(self.start.as_u32().wrapping_add(offset)).into();
        }
    }

    /// The identifiers of a key, one for each interval of its period.
    #[allow(clippy::unreachable)] // both slices are cut to one length
    fn identifiers(&mut self, key: &DiagnosisKey) -> &[Block] {
        if self.start != key.window.start() {
            self.start = key.window.start();
            self.fill();
        }
        let cipher = Aes128Enc::new(&expand_published(key.key_data.as_bytes(), RPIK_INFO).into());
        let count = key.window.period().as_usize();
        if cipher.encrypt_blocks_b2b(&self.plain[..count], &mut self.encrypted[..count]).is_err() {
            unreachable!("both have the same length");
        }
        &self.encrypted[..count]
    }

    /// The identifiers of a key that the filters let through, in the rows of its job.
    pub(super) fn search(
        &mut self,
        number: usize,
        key: &DiagnosisKey,
        job: &Job,
        parts: &[Part<'_>],
        candidates: &mut Vec<Candidate>,
    ) {
        let start = key.window.start().as_u32();
        for (offset, identifier) in (0..).zip(self.identifiers(key)) {
            let interval = start + offset;
            let row = interval / ROW - job.first_row;
            let word = word(identifier.as_ref());
            let heard = |part: &Part<'_>| part.rows >> row & 1 == 1 && part.filter.may_contain(word);
            if job.rows >> row & 1 == 1 && parts.iter().any(heard) {
                candidates.push(Candidate { job: number, interval, word });
            }
        }
    }
}

impl core::fmt::Debug for Day {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Day({})", self.start)
    }
}
