//! The plain path: `aes` and `sha2`, one key after the other. The fallback of all tiers, and what they are held
//! against.

use alloc::vec::Vec;

use aes::cipher::{BlockCipherEncrypt, KeyInit};
use aes::{Aes128Enc, Block};

use crate::arch::{Candidate, Filter, Job, Part, ROW, word};
use crate::keys::derivation::{RPIK_INFO, expand_published, padded_data};

/// What is kept from one search to the next.
#[derive(Debug, Default)]
pub(super) struct Plain {
    /// One for each key.
    ciphers: Vec<Aes128Enc>,
}

impl Plain {
    /// Searches the rows of these jobs, part by part and row by row, as kernels do: all keys meet one filter while it
    /// is in the cache. There may be more keys than jobs.
    pub(super) fn search(
        &mut self,
        keys: &[[u8; 16]],
        jobs: &[Job],
        parts: &[Part<'_>],
        candidates: &mut Vec<Candidate>,
    ) {
        let keys = keys.iter().take(jobs.len());
        self.ciphers.clear();
        self.ciphers.extend(keys.map(|key| Aes128Enc::new(&expand_published(key, RPIK_INFO).into())));
        let mut row = Row::new(0);
        for part in parts {
            for bit in (0..u32::BITS).filter(|bit| part.rows >> bit & 1 == 1) {
                for (number, (cipher, job)) in self.ciphers.iter().zip(jobs).enumerate() {
                    if job.rows >> bit & 1 == 0 {
                        continue;
                    }
                    let first = job.first_row.wrapping_add(bit).wrapping_mul(ROW);
                    if row.first != first {
                        row = Row::new(first);
                    }
                    row.encrypt(cipher);
                    if row.is_in(part.filter) {
                        row.push(number, part.filter, candidates);
                    }
                }
            }
        }
    }
}

/// The blocks of a row, plain and encrypted. Most keys of a search share the plain ones.
struct Row {
    /// Its first interval, a multiple of sixteen.
    first: u32,
    plain: [Block; ROW as usize],
    encrypted: [Block; ROW as usize],
}

impl Row {
    fn new(first: u32) -> Self {
        let mut plain = [Block::default(); ROW as usize];
        for (offset, block) in (0..).zip(&mut plain) {
            *block = padded_data(first | offset).into();
        }
        Self { first, plain, encrypted: plain }
    }

    #[allow(clippy::unreachable)] // both are arrays of one length
    fn encrypt(&mut self, cipher: &Aes128Enc) {
        if cipher.encrypt_blocks_b2b(&self.plain, &mut self.encrypted).is_err() {
            unreachable!("both have the same length");
        }
    }

    /// Whether the filter lets one of the identifiers through. There is one branch for all: the CPU cannot foresee what
    /// a slot holds.
    fn is_in(&self, filter: &Filter) -> bool {
        self.encrypted.iter().fold(false, |any, identifier| any | filter.may_contain(word(identifier.as_ref())))
    }

    #[cold]
    fn push(&self, job: usize, filter: &Filter, candidates: &mut Vec<Candidate>) {
        for (offset, identifier) in (0..).zip(&self.encrypted) {
            let word = word(identifier.as_ref());
            if filter.may_contain(word) {
                candidates.push(Candidate { job, interval: self.first | offset, word });
            }
        }
    }
}
