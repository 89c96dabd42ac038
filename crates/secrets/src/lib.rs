//! What becomes of a device's own keys.
//!
//! - `constant_time`, a program to be run under valgrind: no branch and no address depends on a secret byte.
//! - `traces`, a program that makes, uses and drops known keys, and whose memory a test reads from outside.
//!
//! Both are for Linux on x86-64.

use std::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};
use zeroize::zeroize_stack;

/// A generator whose bytes a test knows beforehand, and which leaves none of them behind.
#[derive(Debug)]
pub struct Known(u64);

impl Known {
    /// The generator of this number.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// SplitMix64: what it has given cannot be told from where it stands without computing it.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    #[inline(never)]
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let word = self.next().to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
    }
}

impl TryRng for Known {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.next() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.fill(bytes);
        zeroize_stack::<1024>();
        Ok(())
    }
}

impl TryCryptoRng for Known {}
