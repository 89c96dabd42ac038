//! The rows of sixteen keys, from their identifier keys to candidates.
//!
//! `AESE(s, k)` xors the key first, and then does what a round does but for `MixColumns`, which is `AESMC`. So where
//! x86 has `s = AESENC(s, k[i])`, here is `s = AESMC(AESE(s, k[i - 1]))`: a state goes without its round key until the
//! next round adds it. Two things come for free: the constant state after round 1 is a "round key" of round 2, for the
//! entry of the table is its state without it; and the key of round 8 is added when the states are already packed.
//!
//! The pair of instructions stands side by side on the same register: most CPUs make one of it.

use alloc::vec::Vec;
use core::arch::aarch64::{
    uint8x16_t, uint8x16x4_t, uint32x4_t, vaeseq_u8, vaesmcq_u8, vandq_u8, vandq_u32, vdupq_n_u8, vdupq_n_u16,
    vdupq_n_u32, veorq_u8, veorq_u32, vminvq_u8, vqtbl1q_u8, vqtbl4q_u8, vreinterpretq_s8_u8, vreinterpretq_s8_u16,
    vreinterpretq_u8_u16, vreinterpretq_u8_u32, vreinterpretq_u16_u32, vreinterpretq_u32_u8, vshlq_u8, vshrq_n_u8,
    vtstq_u32, vuzp1q_u8, vuzp1q_u16,
};

use super::memory;
use crate::arch::aes::{FIRST_ROUND, double};
use crate::arch::lanes::unroll16;
use crate::arch::{Candidate, Filter, Job, Part, TILE};

/// The most rows of a job.
const ROWS: usize = 16;

/// Round keys of one key as blocks.
type Schedule = [uint8x16_t; 11];

/// What the probes say of the rows of a key.
struct Probed {
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
pub(super) fn search(rpiks: &[[u8; 16]; TILE], jobs: &[Job], part: Part<'_>, candidates: &mut Vec<Candidate>) {
    let schedules = schedules(rpiks);
    let zero = vdupq_n_u8(0);
    let mut found = Probed { words: [[vdupq_n_u32(0); 4]; ROWS], misses: [zero; ROWS] };
    for (number, job) in jobs.iter().enumerate().take(TILE) {
        let mut key = [zero; 11];
        for (key, round_keys) in key.iter_mut().zip(&schedules) {
            *key = memory::block(&round_keys[number]);
        }
        let key_byte = rpiks[number][12];
        if search_key(&key, key_byte, job, part, &mut found) {
            push(candidates, number, job, part, key_byte, &found);
        }
    }
}

/// Whether anything passed the filter.
#[target_feature(enable = "neon,aes")]
#[inline]
fn search_key(key: &Schedule, key_byte: u8, job: &Job, part: Part<'_>, found: &mut Probed) -> bool {
    let mut rows = job.rows & part.rows;
    if rows == 0 {
        return false;
    }
    let last_keys = [
        vqtbl1q_u8(key[8], quad([0x0f0a_0500; 4])),
        vqtbl1q_u8(key[9], quad([0x0302_0100; 4])),
        vqtbl1q_u8(key[10], quad([0x070a_0d00; 4])),
    ];
    let (mut all_misses, mut done) = (vdupq_n_u8(0xff), 0);
    let filter = part.filter;
    let mut high = job.first_row.wrapping_add(rows.trailing_zeros()) >> 4;
    let mut constant = first_state(key, high, key_byte);
    #[allow(clippy::cast_possible_truncation)] // at most 2^20
    let places = vdupq_n_u32((filter.slots().len() - 1) as u32);
    while rows != 0 {
        let row = job.first_row.wrapping_add(rows.trailing_zeros());
        rows &= rows - 1;
        if row >> 4 != high {
            high = row >> 4;
            constant = first_state(key, high, key_byte);
        }
        let mut states = memory::first_round_row(row.to_le_bytes()[0] << 4 ^ key_byte);
        unroll16!(I => { states[I] = round(states[I], constant); });
        for key in &key[2..8] {
            unroll16!(I => { states[I] = round(states[I], *key); });
        }
        let (words_0, misses_0) = look_up(filter, places, last_rounds::<0>(&states, last_keys));
        let (words_4, misses_4) = look_up(filter, places, last_rounds::<4>(&states, last_keys));
        let (words_8, misses_8) = look_up(filter, places, last_rounds::<8>(&states, last_keys));
        let (words_12, misses_12) = look_up(filter, places, last_rounds::<12>(&states, last_keys));
        found.words[done] = [words_0, words_4, words_8, words_12];
        found.misses[done] = narrow([misses_0, misses_4, misses_8, misses_12]);
        all_misses = vandq_u8(all_misses, found.misses[done]);
        done = (done + 1) % ROWS;
    }
    vminvq_u8(all_misses) == 0
}

/// Rounds 9 and 10 of four states from the `I`th on: their diagonals go together as the columns of one. The round keys
/// are those of rounds 8 to 10, packed alike.
#[target_feature(enable = "neon,aes")]
#[inline]
fn last_rounds<const I: usize>(states: &[uint8x16_t; 16], keys: [uint8x16_t; 3]) -> uint8x16_t {
    // One look-up in four registers does what the rotations and selections do on other CPUs.
    let diagonals = quad([0x1f2a_3500, 0x2f3a_0510, 0x3f0a_1520, 0x0f1a_2530]);
    let packed = vqtbl4q_u8(uint8x16x4_t(states[I], states[I + 1], states[I + 2], states[I + 3]), diagonals);
    veorq_u8(vaeseq_u8(round(packed, keys[0]), keys[1]), keys[2])
}

/// The words of a packed block, and those that are not in the filter, where `places` cuts a word to a slot's number.
#[target_feature(enable = "neon")]
#[inline]
fn look_up(filter: &Filter, places: uint32x4_t, packed: uint8x16_t) -> (uint32x4_t, uint32x4_t) {
    let words = vqtbl1q_u8(packed, quad([0x070a_0d00, 0x0b0e_0104, 0x0f02_0508, 0x0306_090c]));
    let words = vreinterpretq_u32_u8(words);
    // The two upper bytes of each word twice each, and of each copy another nibble: its upper three bits number a bit.
    let upper = vqtbl1q_u8(packed, quad([0x0707_0a0a, 0x0b0b_0e0e, 0x0f0f_0202, 0x0303_0606]));
    let nibbles = vshlq_u8(upper, vreinterpretq_s8_u16(vdupq_n_u16(0x0004)));
    let masks = vshlq_u8(vdupq_n_u8(1), vreinterpretq_s8_u8(vshrq_n_u8::<5>(nibbles)));
    let found = memory::slots(filter, vandq_u32(words, places));
    (words, vtstq_u32(found, vreinterpretq_u32_u8(masks)))
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
fn push(candidates: &mut Vec<Candidate>, number: usize, job: &Job, part: Part<'_>, key_byte: u8, found: &Probed) {
    for ((row, misses), words) in job.rows_in(part).zip(&found.misses).zip(&found.words) {
        let misses = memory::bytes(*misses);
        let words = words.iter().flat_map(|words| memory::words(*words));
        for ((entry, miss), word) in (0..).zip(misses).zip(words) {
            if miss == 0 {
                let interval = row << 4 | entry ^ u32::from(key_byte & 15);
                candidates.push(Candidate { job: number, interval, word });
            }
        }
    }
}
