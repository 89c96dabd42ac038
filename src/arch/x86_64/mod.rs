//! Kernels for x86-64.

mod aes_avx2;
mod aes_ni;
mod avx2;
mod avx512;
mod memory;
mod rows;
mod sha_ni;
mod vaes256;

pub(super) use aes_avx2::AesAvx2;
pub(super) use aes_ni::AesNi;
pub(super) use avx2::Avx2;
pub(super) use avx512::Avx512;
pub(super) use rows::State;
pub(super) use sha_ni::ShaNi;
pub(super) use vaes256::Vaes256;

use core::arch::x86_64::__cpuid;
#[cfg(any(test, not(feature = "std")))]
use core::arch::x86_64::__cpuid_count;

/// Whether gathers are known to be slower than single loads here: on AMD's CPUs, and on the generations of Intel's that
/// are patched against Downfall (Skylake to Rocket Lake).
pub(super) fn gather_is_slow() -> bool {
    #[allow(unused_unsafe)] // newer compilers know it to be safe
    // SAFETY: every x86-64 CPU has the instruction.
    let (vendor, version) = unsafe { (__cpuid(0), __cpuid(1).eax) };
    let is = |name: &[u8; 12]| {
        [vendor.ebx, vendor.edx, vendor.ecx].iter().flat_map(|word| word.to_le_bytes()).eq(name.iter().copied())
    };
    let family = version >> 8 & 0xf;
    let model = version >> 4 & 0xf | version >> 12 & 0xf0;
    is(b"AuthenticAMD")
        || is(b"HygonGenuine")
        || is(b"GenuineIntel")
            && family == 6
            && matches!(
                model,
                0x4e | 0x5e | 0x55 | 0x8e | 0x9e | 0xa5 | 0xa6 | 0x6a | 0x6c | 0x7d | 0x7e | 0x8c | 0x8d | 0xa7
            )
}

/// `true` if the CPU has VAES and AVX2, and the operating system saves AVX2's registers.
///
/// `cpufeatures` says so only where it also saves those of AVX-512, which no kernel with two blocks in a register
/// needs.
#[cfg(any(test, not(feature = "std")))]
pub(super) fn has_vaes() -> bool {
    cpufeatures::new!(avx2, "avx2");
    #[allow(unused_unsafe)] // newer compilers know it to be safe
    // SAFETY: every x86-64 CPU has the instruction, and answers zeros or another leaf's numbers for one that it lacks.
    let features = unsafe { __cpuid_count(7, 0) };
    avx2::get() && features.ecx >> 9 & 1 == 1
}
