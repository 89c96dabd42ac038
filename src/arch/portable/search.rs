//! The rows of keys in bit planes, of the widest numbers that every CPU has. Where there are vectors, the compiler puts
//! the words of a plane into them.

use alloc::vec::Vec;

use crate::arch::sliced::{self, Word};
use crate::arch::{Candidate, Job, Part, TILE};

/// Words in a plane.
const WORDS: usize = TILE / u64::LANES;

/// See [`arch`](crate::arch).
pub(in crate::arch) fn search(
    rpiks: &[[u8; 16]; TILE],
    jobs: &[Job],
    parts: &[Part<'_>],
    candidates: &mut Vec<Candidate>,
) {
    sliced::search::<u64, WORDS>(rpiks, jobs, parts, candidates);
}

impl Word for u64 {
    const LANES: usize = 4;
    const ZERO: Self = 0;
    const ONES: Self = !0;

    #[inline(always)]
    fn from_lanes(lanes: &[u16; TILE], number: usize) -> Self {
        let [a, b, c, d] = lanes.as_chunks().0[number].map(Self::from);
        a | b << 16 | c << 32 | d << 48
    }

    #[inline(always)]
    fn spread(self, bit: usize) -> Self {
        let ones = self >> bit & 0x0001_0001_0001_0001;
        (ones << 16).wrapping_sub(ones)
    }

    #[inline(always)]
    fn swap<const BITS: u32>(&mut self, other: &mut Self) {
        // The lower half of each `2 * BITS` bits.
        let lower = const { Self::MAX / ((1 << BITS) + 1) };
        let different = (*self >> BITS ^ *other) & lower;
        *self ^= different << BITS;
        *other ^= different;
    }

    #[inline(always)]
    #[allow(clippy::cast_possible_truncation)] // the halves, one after the other
    fn write(self, numbers: &mut [u32; TILE / 2], number: usize) {
        numbers.as_chunks_mut().0[number] = [self as u32, (self >> 32) as u32];
    }
}
