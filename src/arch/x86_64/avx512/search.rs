//! The rows of sixteen keys, from their identifier keys to candidates.

use alloc::vec::Vec;
use core::arch::x86_64::{
    __m128i, __m512i, _mm_aesenc_si128, _mm_set_epi32, _mm_set1_epi32, _mm_shuffle_epi8, _mm_shuffle_epi32,
    _mm_xor_si128, _mm512_aesenc_epi128, _mm512_aesenclast_epi128, _mm512_and_si512, _mm512_broadcast_i32x4,
    _mm512_gf2p8affineinv_epi64_epi8, _mm512_multishift_epi64_epi8, _mm512_permutexvar_epi8, _mm512_ror_epi32,
    _mm512_set1_epi32, _mm512_set1_epi64, _mm512_set4_epi32, _mm512_shuffle_epi8, _mm512_shuffle_epi32,
    _mm512_ternarylogic_epi32, _mm512_testn_epi32_mask, _mm512_xor_si512,
};

use super::hash::transpose;
use super::memory;
use crate::arch::aes::{FIRST_ROUND, double};
use crate::arch::{Candidate, Filter, Job, ROWS, TILE};

/// Round keys of one key as blocks.
type Schedule = [__m128i; 11];

/// The schedules of sixteen keys at once.
#[target_feature(enable = "avx512f,avx512bw,gfni")]
#[inline]
fn schedules(rpiks: &[[u8; 16]; TILE]) -> [[[u8; 16]; TILE]; 11] {
    let [mut a, mut b, mut c, mut d] = transpose(memory::load(rpiks));
    let mut schedules = [[[0; 16]; TILE]; 11];
    schedules[0] = *rpiks;
    let mut constant = 1_u8;
    for round_keys in &mut schedules[1..] {
        // The S-box is the inverse and an affine map, and this instruction both.
        let substituted =
            _mm512_gf2p8affineinv_epi64_epi8::<0x63>(d, _mm512_set1_epi64(0xf1e3_c78f_1f3e_7cf8_u64.cast_signed()));
        let constants = _mm512_set1_epi32(constant.into());
        a = _mm512_ternarylogic_epi32::<0x96>(a, _mm512_ror_epi32::<8>(substituted), constants);
        b = _mm512_xor_si512(b, a);
        c = _mm512_xor_si512(c, b);
        d = _mm512_xor_si512(d, c);
        *round_keys = memory::store(transpose([a, b, c, d]));
        constant = double(constant);
    }
    schedules
}

/// See [`arch`](crate::arch).
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,vaes,gfni,aes")]
pub(super) fn search<const GATHER: bool>(
    rpiks: &[[u8; 16]; TILE],
    jobs: &[Job],
    filters: [&Filter; 2],
    candidates: &mut Vec<Candidate>,
) {
    let schedules = schedules(rpiks);
    for (number, job) in jobs.iter().enumerate().take(TILE) {
        let mut key = [_mm_set1_epi32(0); 11];
        for (key, round_keys) in key.iter_mut().zip(&schedules) {
            *key = memory::block(&round_keys[number]);
        }
        search_key::<GATHER>(number, rpiks[number][12], &key, job, filters, candidates);
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,vaes,gfni,aes")]
#[inline]
fn search_key<const GATHER: bool>(
    number: usize,
    key_byte: u8,
    key: &Schedule,
    job: &Job,
    filters: [&Filter; 2],
    candidates: &mut Vec<Candidate>,
) {
    let mut round_keys = [_mm512_set1_epi32(0); 7];
    for (wide, key) in round_keys.iter_mut().zip(&key[2..9]) {
        *wide = _mm512_broadcast_i32x4(*key);
    }
    let packed_9 = _mm512_broadcast_i32x4(_mm_shuffle_epi32::<0>(key[9]));
    let packed_10 = _mm512_broadcast_i32x4(_mm_shuffle_epi8(key[10], _mm_set1_epi32(0x070a_0d00)));

    let even = _mm512_set4_epi32(0xff00_ff00_u32 as i32, 0x00ff_00ff, 0xff00_ff00_u32 as i32, 0x00ff_00ff);
    let low = _mm512_set4_epi32(0xffff_0000_u32 as i32, 0x00ff_ff00, 0x0000_ffff, 0xff00_00ff_u32 as i32);
    let order = _mm512_set4_epi32(0x0306_090c, 0x0f02_0508, 0x0b0e_0104, 0x070a_0d00);
    let nibbles = _mm512_set1_epi64(0x3c38_3430_1c18_1410);
    let bits = memory::BITS.load();
    let (mut all_words, mut all_hits, mut done) = ([order; ROWS], [0_u16; ROWS], 0);
    let mut high = job.first_row >> 4;
    let mut constant = _mm512_broadcast_i32x4(first_state(key, high, key_byte));
    for (filter, mut rows) in filters.into_iter().zip(job.rows) {
        let slots = _mm512_set1_epi32((filter.slots().len() - 1) as i32);
        while rows != 0 {
            let row = job.first_row.wrapping_add(rows.trailing_zeros());
            rows &= rows - 1;
            if row >> 4 != high {
                high = row >> 4;
                constant = _mm512_broadcast_i32x4(first_state(key, high, key_byte));
            }
            let [mut a, mut b, mut c, mut d] = memory::first_round_row((row as u8) << 4 ^ key_byte);
            a = _mm512_xor_si512(a, constant);
            b = _mm512_xor_si512(b, constant);
            c = _mm512_xor_si512(c, constant);
            d = _mm512_xor_si512(d, constant);
            for key in round_keys {
                a = _mm512_aesenc_epi128(a, key);
                b = _mm512_aesenc_epi128(b, key);
                c = _mm512_aesenc_epi128(c, key);
                d = _mm512_aesenc_epi128(d, key);
            }
            b = _mm512_shuffle_epi32::<0b10_01_00_11>(b);
            c = _mm512_shuffle_epi32::<0b01_00_11_10>(c);
            d = _mm512_shuffle_epi32::<0b00_11_10_01>(d);
            let ab = _mm512_ternarylogic_epi32::<0xca>(even, a, b);
            let cd = _mm512_ternarylogic_epi32::<0xca>(even, c, d);
            let packed = _mm512_ternarylogic_epi32::<0xca>(low, ab, cd);
            let packed = _mm512_aesenc_epi128(packed, packed_9);
            let packed = _mm512_aesenclast_epi128(packed, packed_10);
            let words = _mm512_shuffle_epi8(packed, order);

            let found = memory::gather::<GATHER>(filter, _mm512_and_si512(words, slots));
            let masks = _mm512_permutexvar_epi8(_mm512_multishift_epi64_epi8(nibbles, words), bits);
            let hits = _mm512_testn_epi32_mask(found, masks);
            all_words[done] = words;
            all_hits[done] = hits;
            done = (done + 1) % ROWS;
        }
    }
    if all_hits != [0; ROWS] {
        push(candidates, number, job, key_byte, &all_hits, &all_words);
    }
}

/// The state after the first round but for what byte 12 contributes.
#[target_feature(enable = "aes")]
#[inline]
fn first_state(key: &Schedule, high: u32, key_byte: u8) -> __m128i {
    let block = _mm_set_epi32((high << 8).cast_signed(), 0, 0x4950, 0x522d_4e45);
    let state = _mm_aesenc_si128(_mm_xor_si128(block, key[0]), key[1]);
    _mm_xor_si128(state, memory::block(&FIRST_ROUND.0[usize::from(key_byte)]))
}

#[cold]
#[target_feature(enable = "avx512f")]
fn push(
    candidates: &mut Vec<Candidate>,
    number: usize,
    job: &Job,
    key_byte: u8,
    hits: &[u16; ROWS],
    words: &[__m512i; ROWS],
) {
    for ((row, mut hits), words) in job.rows().zip(*hits).zip(*words) {
        let words = memory::words(words);
        while hits != 0 {
            let at = hits.trailing_zeros();
            hits &= hits - 1;
            let entry = at % 4 * 4 + at / 4;
            let interval = row << 4 | entry ^ u32::from(key_byte & 15);
            candidates.push(Candidate { job: number, interval, word: words[at as usize] });
        }
    }
}
