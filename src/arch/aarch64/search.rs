//! The rows of sixteen keys, from their identifier keys to candidates.
//!
//! `AESE(s, k)` xors the key first, and then does what a round does but for `MixColumns`, which is `AESMC`. So where x86
//! has `s = AESENC(s, k[i])`, here is `s = AESMC(AESE(s, k[i - 1]))`: a state goes without its round key until the next
//! round adds it. Two things come for free: the constant state after round 1 is a "round key" of round 2, for the entry of
//! the table is its state without it; and the key of round 8 is added when the states are already packed.
//!
//! The pair of instructions stands side by side on the same register: most CPUs make one of it.

use alloc::vec::Vec;
use core::arch::aarch64::{
    uint8x16_t, uint32x4_t, vaeseq_u8, vaesmcq_u8, vandq_u8, vandq_u32, vbslq_u8, vdupq_n_u8, vdupq_n_u16, vdupq_n_u32,
    veorq_u8, veorq_u32, vextq_u8, vminvq_u8, vqtbl1q_u8, vreinterpretq_s8_u8, vreinterpretq_s8_u16,
    vreinterpretq_u8_u16, vreinterpretq_u8_u32, vreinterpretq_u16_u32, vreinterpretq_u32_u8, vshlq_u8, vshrq_n_u8,
    vtstq_u32, vuzp1q_u8, vuzp1q_u16,
};

use super::memory;
use crate::arch::aes::{FIRST_ROUND, double};
use crate::arch::lanes::unroll16;
use crate::arch::{Candidate, Filter, Job, ROWS, TILE};

/// Round keys of one key as blocks.
type Schedule = [uint8x16_t; 11];

/// What was found out about the rows of a key.
struct Found {
    words: [[uint32x4_t; 4]; ROWS],
    /// For each word a byte, 0 if it passed the filter.
    misses: [uint8x16_t; ROWS],
}

#[target_feature(enable = "neon")]
#[inline]
fn quad(words: [u32; 4]) -> uint8x16_t {
    vreinterpretq_u8_u32(memory::load(&words))
}

/// A round without its key at the end, but with one at the start.
#[target_feature(enable = "neon,aes")]
#[inline]
fn round(state: uint8x16_t, key: uint8x16_t) -> uint8x16_t {
    vaesmcq_u8(vaeseq_u8(state, key))
}

/// The schedules of sixteen keys, four at once.
#[target_feature(enable = "neon,aes")]
#[inline]
fn schedules(rpiks: &[[u8; 16]; TILE]) -> [[[u8; 16]; TILE]; 11] {
    // Column `i` of the last words is a word of key `i`. The rotation of its bytes, and the inverse of `ShiftRows`.
    let rotated = quad([0x040b_0e01, 0x080f_0205, 0x0c03_0609, 0x0007_0a0d]);
    let mut schedules = [[[0; 16]; TILE]; 11];
    schedules[0] = *rpiks;
    for (group, rpiks) in rpiks.as_chunks::<4>().0.iter().enumerate() {
        let [mut a, mut b, mut c, mut d] = memory::transposed(rpiks);
        let mut constant = 1_u8;
        for round_keys in &mut schedules[1..] {
            let last = vqtbl1q_u8(vreinterpretq_u8_u32(d), rotated);
            let substituted = vreinterpretq_u32_u8(vaeseq_u8(last, vdupq_n_u8(0)));
            a = veorq_u32(veorq_u32(a, vdupq_n_u32(constant.into())), substituted);
            b = veorq_u32(b, a);
            c = veorq_u32(c, b);
            d = veorq_u32(d, c);
            memory::store_transposed(&mut round_keys.as_chunks_mut().0[group], [a, b, c, d]);
            constant = double(constant);
        }
    }
    schedules
}

/// See [`arch`](crate::arch).
#[target_feature(enable = "neon,aes")]
pub(super) fn search(rpiks: &[[u8; 16]; TILE], jobs: &[Job], filters: [&Filter; 2], candidates: &mut Vec<Candidate>) {
    let schedules = schedules(rpiks);
    let zero = vdupq_n_u8(0);
    let mut found = Found { words: [[vdupq_n_u32(0); 4]; ROWS], misses: [zero; ROWS] };
    for (number, job) in jobs.iter().enumerate().take(TILE) {
        let mut key = [zero; 11];
        for (key, round_keys) in key.iter_mut().zip(&schedules) {
            *key = memory::block(&round_keys[number]);
        }
        let key_byte = rpiks[number][12];
        if search_key(&key, key_byte, job, filters, &mut found) {
            push(candidates, number, job, key_byte, &found);
        }
    }
}

/// Whether anything passed a filter.
#[target_feature(enable = "neon,aes")]
#[inline]
fn search_key(key: &Schedule, key_byte: u8, job: &Job, filters: [&Filter; 2], found: &mut Found) -> bool {
    let packed_8 = vqtbl1q_u8(key[8], quad([0x0f0a_0500; 4]));
    let packed_9 = vqtbl1q_u8(key[9], quad([0x0302_0100; 4]));
    let packed_10 = vqtbl1q_u8(key[10], quad([0x070a_0d00; 4]));

    let order = quad([0x070a_0d00, 0x0b0e_0104, 0x0f02_0508, 0x0306_090c]);
    let upper = quad([0x0707_0a0a, 0x0b0b_0e0e, 0x0f0f_0202, 0x0303_0606]);
    let shifts = vreinterpretq_s8_u16(vdupq_n_u16(0x0004));
    let ones = vdupq_n_u8(1);
    let (mut all_misses, mut done) = (vdupq_n_u8(0xff), 0);
    let mut high = job.first_row >> 4;
    let mut constant = first_state(key, high, key_byte);
    for (filter, mut rows) in filters.into_iter().zip(job.rows) {
        let slots = vdupq_n_u32((filter.slots().len() - 1) as u32);
        while rows != 0 {
            let row = job.first_row.wrapping_add(rows.trailing_zeros());
            rows &= rows - 1;
            if row >> 4 != high {
                high = row >> 4;
                constant = first_state(key, high, key_byte);
            }
            let mut states = memory::first_round_row((row as u8) << 4 ^ key_byte);
            unroll16!(I => { states[I] = round(states[I], constant); });
            for key in &key[2..8] {
                unroll16!(I => { states[I] = round(states[I], *key); });
            }
            let mut misses = [vdupq_n_u32(0); 4];
            for ((words, misses), states) in found.words[done].iter_mut().zip(&mut misses).zip(states.as_chunks().0) {
                let packed = vaeseq_u8(round(pack(states), packed_8), packed_9);
                let packed = veorq_u8(packed, packed_10);
                *words = vreinterpretq_u32_u8(vqtbl1q_u8(packed, order));
                // `mask`: the bytes with the upper half, twice each, to the upper three bits of either nibble.
                let shifted = vshlq_u8(vqtbl1q_u8(packed, upper), shifts);
                let masks = vreinterpretq_u32_u8(vshlq_u8(ones, vreinterpretq_s8_u8(vshrq_n_u8::<5>(shifted))));
                *misses = vtstq_u32(memory::slots(filter, vandq_u32(*words, slots)), masks);
            }
            found.misses[done] = narrow(misses);
            all_misses = vandq_u8(all_misses, found.misses[done]);
            done = (done + 1) % ROWS;
        }
    }
    vminvq_u8(all_misses) == 0
}

/// The diagonals of four states as the columns of one.
#[target_feature(enable = "neon")]
#[inline]
fn pack([a, b, c, d]: &[uint8x16_t; 4]) -> uint8x16_t {
    let even = quad([0x00ff_00ff, 0xff00_ff00, 0x00ff_00ff, 0xff00_ff00]);
    let low = quad([0xff00_00ff, 0x0000_ffff, 0x00ff_ff00, 0xffff_0000]);
    let (b, c, d) = (vextq_u8::<12>(*b, *b), vextq_u8::<8>(*c, *c), vextq_u8::<4>(*d, *d));
    vbslq_u8(low, vbslq_u8(even, *a, b), vbslq_u8(even, c, d))
}

/// The low bytes of sixteen words.
#[target_feature(enable = "neon")]
#[inline]
fn narrow([a, b, c, d]: [uint32x4_t; 4]) -> uint8x16_t {
    let ab = vuzp1q_u16(vreinterpretq_u16_u32(a), vreinterpretq_u16_u32(b));
    let cd = vuzp1q_u16(vreinterpretq_u16_u32(c), vreinterpretq_u16_u32(d));
    vuzp1q_u8(vreinterpretq_u8_u16(ab), vreinterpretq_u8_u16(cd))
}

/// The state after the first round but for what byte 12 contributes.
#[target_feature(enable = "neon,aes")]
#[inline]
fn first_state(key: &Schedule, high: u32, key_byte: u8) -> uint8x16_t {
    let state = veorq_u8(round(quad([0x522d_4e45, 0x4950, 0, high << 8]), key[0]), key[1]);
    veorq_u8(state, memory::block(&FIRST_ROUND.0[usize::from(key_byte)]))
}

#[cold]
#[target_feature(enable = "neon")]
fn push(candidates: &mut Vec<Candidate>, number: usize, job: &Job, key_byte: u8, found: &Found) {
    for ((row, misses), words) in job.rows().zip(&found.misses).zip(&found.words) {
        let misses = memory::bytes(*misses);
        for (entry, miss) in (0..).zip(misses) {
            if miss == 0 {
                let word = memory::words(words[entry / 4])[entry % 4];
                let interval = row << 4 | entry as u32 ^ u32::from(key_byte & 15);
                candidates.push(Candidate { job: number, interval, word });
            }
        }
    }
}
