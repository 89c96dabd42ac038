//! The rows of sixteen keys in bit planes of two registers.

use alloc::vec::Vec;
use core::arch::wasm32::{
    u16x8, u16x8_eq, u16x8_splat, u32x4_shl, u32x4_shr, u32x4_splat, u64x2, v128, v128_and, v128_xor,
};
use core::ops::{BitAnd, BitXor};

use super::memory::words;
use crate::arch::sliced::{self, Word};
use crate::arch::{Candidate, Job, Part, TILE};

/// Registers in a plane.
const REGISTERS: usize = TILE / Lanes::LANES;

/// See [`arch`](crate::arch).
pub(in crate::arch) fn search(
    rpiks: &[[u8; 16]; TILE],
    jobs: &[Job],
    parts: &[Part<'_>],
    candidates: &mut Vec<Candidate>,
) {
    sliced::search::<Lanes, REGISTERS>(rpiks, jobs, parts, candidates);
}

/// The lanes of eight keys.
#[derive(Clone, Copy)]
struct Lanes(v128);

impl BitAnd for Lanes {
    type Output = Self;

    #[inline(always)]
    fn bitand(self, other: Self) -> Self {
        Self(v128_and(self.0, other.0))
    }
}

impl BitXor for Lanes {
    type Output = Self;

    #[inline(always)]
    fn bitxor(self, other: Self) -> Self {
        Self(v128_xor(self.0, other.0))
    }
}

impl Word for Lanes {
    const LANES: usize = 8;
    const ZERO: Self = Self(u64x2(0, 0));
    const ONES: Self = Self(u64x2(!0, !0));

    #[inline(always)]
    fn from_lanes(lanes: &[u16; TILE], number: usize) -> Self {
        let [a, b, c, d, e, f, g, h] = lanes.as_chunks().0[number];
        Self(u16x8(a, b, c, d, e, f, g, h))
    }

    #[inline(always)]
    fn spread(self, bit: usize) -> Self {
        let bit = u16x8_splat(1 << bit);
        Self(u16x8_eq(v128_and(self.0, bit), bit))
    }

    #[inline(always)]
    fn swap<const BITS: u32>(&mut self, other: &mut Self) {
        // The lower half of each `2 * BITS` bits.
        let lower = u32x4_splat(const { u32::MAX / ((1 << BITS) + 1) });
        let different = v128_and(v128_xor(u32x4_shr(self.0, BITS), other.0), lower);
        self.0 = v128_xor(self.0, u32x4_shl(different, BITS));
        other.0 = v128_xor(other.0, different);
    }

    #[inline(always)]
    fn write(self, numbers: &mut [u32; TILE / 2], number: usize) {
        numbers.as_chunks_mut().0[number] = words(self.0);
    }
}
