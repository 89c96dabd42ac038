//! The instructions for SHA-256: four keys at a time.

mod hash;

use core::arch::x86_64::_mm256_zeroupper;

use crate::arch::TILE;
use crate::arch::detect::detected;

/// Proof that the CPU has SHA-NI and SSE4.1, and whether it has AVX.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::arch) struct ShaNi {
    avx: bool,
}

impl ShaNi {
    pub(in crate::arch) fn detect() -> Option<Self> {
        detected!("sha", "ssse3", "sse4.1").then(|| Self { avx: detected!("avx") })
    }

    #[inline]
    pub(in crate::arch) fn rpiks(self, keys: &[[u8; 16]; TILE], count: usize) -> [[u8; 16]; TILE] {
        if self.avx {
            // SAFETY: `detect` set `avx` only if the CPU has AVX.
            unsafe { forget_upper_halves() };
        }
        // SAFETY: `self` proves that the CPU has the instructions.
        unsafe { hash::rpiks(keys, count) }
    }
}

/// As long as a register's upper half is in use, each of the instructions for SHA-256 takes 40 cycles.
#[target_feature(enable = "avx")]
#[inline]
fn forget_upper_halves() {
    _mm256_zeroupper();
}
