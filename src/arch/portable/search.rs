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
    fn from_lanes(lane: impl Fn(usize) -> u16) -> Self {
        let lane = |number| Self::from(lane(number));
        lane(0) | lane(1) << 16 | lane(2) << 32 | lane(3) << 48
    }

    #[inline(always)]
    fn spread(self, bit: u32) -> Self {
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
    fn write(self, numbers: &mut [u32]) {
        numbers[0] = self as u32;
        numbers[1] = (self >> 32) as u32;
    }
}
