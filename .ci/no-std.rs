//! `gaen` without a standard library and without libc: its own `_start`, its own heap, and an exit code.
//!
//! A panic exits with 1. `.ci/no-std` builds it, looks at what was linked, and runs it.
#![no_std]
#![no_main]

extern crate alloc;
extern crate rand_core;

use alloc::vec::Vec;
use core::alloc::{GlobalAlloc, Layout};
use core::arch::x86_64::_rdtsc;
use core::arch::{asm, global_asm};
use core::cell::UnsafeCell;
use core::convert::Infallible;
use core::panic::PanicInfo;
use core::sync::atomic::{AtomicUsize, Ordering};

use gaen::device::CurrentKey;
use gaen::device::frame::{FrameKind, ServiceData};
use gaen::keys::BluetoothMetadata;
use gaen::matching::Tier;
use gaen::time::RollingPeriod;
use gaen::{
    DiagnosisKey, EnIntervalNumber, KeyRing, Matcher, RollingProximityIdentifier, RollingWindow, Sighting,
    SightingIndex, TemporaryExposureKey,
};
use rand_core::{TryCryptoRng, TryRng};

const NOON: u64 = 1_601_121_600;
const DAY: u64 = 86_400;

fn run() {
    derivation();
    frame();
    a_day_of_two_phones();
    the_fastest_tier_is_first();
}

/// The official vector: a key, the first identifier of its day and its metadata. And all known answers of the library.
fn derivation() {
    assert!(gaen::self_test().is_ok());
    let key = TemporaryExposureKey::from_bytes(0x75c7_34c6_dd1a_782d_e7a9_65da_5eb9_3125_u128.to_be_bytes());
    let interval = EnIntervalNumber::new(2_642_976);
    let rpi = key.identifier_key().identifier(interval);
    assert_eq!(rpi.as_bytes(), &0x8be6_cd37_1c5c_8916_04bf_be49_df84_5096_u128.to_be_bytes());
    let aem = key.metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(8));
    assert_eq!(aem.as_bytes(), &0x7203_3874_u32.to_be_bytes());
    assert_eq!(key.identifier_key().interval_of(&rpi), Some(interval));
}

fn frame() {
    let data = ServiceData::from_bytes(&[7; 20]);
    assert_eq!(ServiceData::decode_frame(&data.android_frame()), Ok((FrameKind::Android, data)));
    assert_eq!(ServiceData::decode_frame(&data.ios_frame()), Ok((FrameKind::Ios, data)));
    assert!(ServiceData::decode_frame(&data.ios_frame()[1..]).is_err());
}

/// One broadcasts and publishes a day later; the other has heard it, and a stranger, and finds it with every tier.
fn a_day_of_two_phones() {
    let (mut ring, mut heard) = (KeyRing::new(), Vec::new());
    for time in (NOON..NOON + 3600).step_by(600) {
        let current = ring.rotate(time, &mut Counter(1)).unwrap();
        assert_eq!(matches!(current, CurrentKey::Generated(_)), time == NOON);
        let key = current.key().key();
        let rpi = key.identifier_key().identifier(EnIntervalNumber::from_unix_seconds(time).unwrap());
        let aem = key.metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(-12));
        heard.push(Sighting::new(rpi, aem.as_bytes(), -60, time));
    }
    heard.push(Sighting::new(RollingProximityIdentifier::from_bytes([9; 16]), &[0; 4], -60, NOON));

    let published = ring.release(NOON + DAY);
    assert_eq!(published.len(), 1);
    let index = SightingIndex::new(heard).unwrap();
    for tier in Tier::available() {
        let report = Matcher::new(&index).tier(tier).match_keys(&published);
        assert_eq!(report.matches.len(), 6);
        assert!(report.matches.iter().all(|found| found.attenuation == 48));
    }
    assert_eq!(ring.purge(NOON + 16 * DAY), 0); // a jump of the clock erases nothing
    ring.clear();
}

/// No tier takes a quarter longer than the one after it, measured here. The best of many turns counts: others use the
/// CPU too. Each turn is too short for most interruptions.
fn the_fastest_tier_is_first() {
    const TURNS: usize = 40;
    let number = |n: u32| (u128::from(n) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835).to_le_bytes();
    let start = EnIntervalNumber::new(2_650_032);
    let window = RollingWindow::new(start, RollingPeriod::FULL_DAY).unwrap();
    let keys: Vec<_> = (0..64).map(|n| DiagnosisKey::new(number(n), window)).collect();
    let heard = |n: u32| {
        let rpi = RollingProximityIdentifier::from_bytes(number(1000 + n));
        Sighting::new(rpi, &[0; 4], -60, start.unix_seconds() + u64::from(n) * 80)
    };
    let index = SightingIndex::new((0..1000).map(heard).collect::<Vec<_>>()).unwrap();
    let mut tiers: Vec<_> = Tier::available().into_iter().map(|tier| (tier, u64::MAX)).collect();
    for _ in 0..TURNS {
        for (tier, best) in &mut tiers {
            // SAFETY: every x86-64 CPU has the instruction.
            let begin = unsafe { _rdtsc() };
            assert!(Matcher::new(&index).tier(*tier).match_keys(&keys).matches.is_empty());
            // SAFETY: the same.
            *best = (*best).min(unsafe { _rdtsc() } - begin);
        }
    }
    assert!(tiers.windows(2).all(|pair| pair[0].1 <= pair[1].1 + pair[1].1 / 4));
}

/// A generator for a test, and for nothing else.
struct Counter(u8);

impl TryRng for Counter {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        rand_core::utils::next_word_via_fill(self)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        rand_core::utils::next_word_via_fill(self)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for byte in bytes {
            *byte = self.0;
            self.0 = self.0.wrapping_add(1);
        }
        Ok(())
    }
}

impl TryCryptoRng for Counter {}

global_asm!(".globl _start", "_start:", "xor ebp, ebp", "and rsp, -16", "call {start}", "ud2", start = sym start);

extern "C" fn start() -> ! {
    run();
    exit(0)
}

#[panic_handler]
fn panicked(_: &PanicInfo<'_>) -> ! {
    exit(1)
}

fn exit(code: u32) -> ! {
    // SAFETY: `exit_group` of Linux, which does not return.
    unsafe { asm!("syscall", in("eax") 231, in("edi") code, options(noreturn)) }
}

/// Hands out 32 megabytes from its beginning to its end and takes nothing back.
struct Bump {
    memory: UnsafeCell<[u8; 1 << 25]>,
    used: AtomicUsize,
}

// SAFETY: no two calls are given the same bytes, since `used` only grows, and atomically.
unsafe impl Sync for Bump {}

// SAFETY: each block lies within `memory`, is aligned, and is given out once.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let base = self.memory.get().cast::<u8>();
        let mut block = 0_usize;
        let reserve = |used: usize| {
            let padding = (base.addr() + used).wrapping_neg() % layout.align();
            block = used + padding;
            block.checked_add(layout.size()).filter(|end| *end <= 1 << 25)
        };
        match self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, reserve) {
            Ok(_) => base.wrapping_add(block),
            Err(_) => core::ptr::null_mut(),
        }
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static HEAP: Bump = Bump { memory: UnsafeCell::new([0; 1 << 25]), used: AtomicUsize::new(0) };

/// What compilers take for granted, and libc has elsewhere.
mod taken_for_granted {
    use core::arch::asm;

    /// The libraries of this toolchain were compiled to unwind, and name this. Nothing unwinds here.
    #[unsafe(no_mangle)]
    extern "C" fn rust_eh_personality() {}

    #[unsafe(no_mangle)]
    unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, len: usize) -> *mut u8 {
        // SAFETY: the caller's promise is that of `rep movsb`.
        unsafe { asm!("rep movsb", inout("rcx") len => _, inout("rdi") to => _, inout("rsi") from => _) }
        to
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn memmove(to: *mut u8, from: *const u8, len: usize) -> *mut u8 {
        if to.addr().wrapping_sub(from.addr()) >= len {
            // SAFETY: no byte is overwritten before it is read: `to` is before `from`, or behind all of it.
            return unsafe { memcpy(to, from, len) };
        }
        let (last_to, last_from) = (to.wrapping_add(len).wrapping_sub(1), from.wrapping_add(len).wrapping_sub(1));
        // SAFETY: the caller's promise; from the last byte to the first, and the direction is set back.
        unsafe {
            asm!("std", "rep movsb", "cld", inout("rcx") len => _, inout("rdi") last_to => _, inout("rsi") last_from => _);
        }
        to
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn memset(to: *mut u8, byte: i32, len: usize) -> *mut u8 {
        // SAFETY: the caller's promise is that of `rep stosb`.
        unsafe { asm!("rep stosb", inout("rcx") len => _, inout("rdi") to => _, in("eax") byte) }
        to
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn memcmp(one: *const u8, other: *const u8, len: usize) -> i32 {
        let (mut first, mut second): (u32, u32) = (0, 0);
        // SAFETY: the caller's promise covers every byte up to the first that differs.
        unsafe {
            asm!(
                "test rcx, rcx", "jz 2f", "repe cmpsb", "movzx {first:e}, byte ptr [rsi - 1]",
                "movzx {second:e}, byte ptr [rdi - 1]", "2:",
                first = inout(reg) first, second = inout(reg) second,
                inout("rcx") len => _, inout("rsi") one => _, inout("rdi") other => _,
            );
        }
        first.cast_signed() - second.cast_signed()
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn bcmp(one: *const u8, other: *const u8, len: usize) -> i32 {
        // SAFETY: the same promise.
        unsafe { memcmp(one, other, len) }
    }
}
