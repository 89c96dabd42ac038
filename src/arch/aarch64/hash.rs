//! Identifier keys with the instructions for SHA-256.
//!
//! Each does four rounds of one key: `SHA256H` and `SHA256H2` the two halves of the state, `SHA256SU0` and `SHA256SU1`
//! the next four words. Four rounds wait for the four before. So keys go side by side: while one waits, another one
//! works.

use core::arch::aarch64::{
    uint32x4_t, vaddq_u32, vdupq_n_u32, veorq_u32, vreinterpretq_u8_u32, vreinterpretq_u32_u8, vrev32q_u8,
    vsha256h2q_u32, vsha256hq_u32, vsha256su0q_u32, vsha256su1q_u32,
};

use super::memory;
use crate::arch::TILE;
use crate::arch::lanes::unroll16;
use crate::keys::sha256::{END_MARK, EXTRACT_INNER, EXTRACT_OUTER, INFO_SCHEDULE, INITIAL, K};

/// Keys side by side. The registers suffice for two.
const ABREAST: usize = 2;

/// The words `a` to `d`, then `e` to `h`.
type State = [uint32x4_t; 2];
/// Sixteen words, in their order.
type Block = [uint32x4_t; 4];

/// Four rounds.
#[target_feature(enable = "neon,sha2")]
#[inline]
fn rounds([abcd, efgh]: &mut State, wk: uint32x4_t) {
    let before = *abcd;
    *abcd = vsha256hq_u32(before, *efgh, wk);
    *efgh = vsha256h2q_u32(*efgh, before, wk);
}

/// Words `4 * I` to `4 * I + 3`, in place of the words 16 before.
#[target_feature(enable = "neon,sha2")]
#[inline]
fn words<const I: usize>(w: &mut Block) -> uint32x4_t {
    if I >= 4 {
        let partly = vsha256su0q_u32(w[I % 4], w[(I + 1) % 4]);
        w[I % 4] = vsha256su1q_u32(partly, w[(I + 2) % 4], w[(I + 3) % 4]);
    }
    w[I % 4]
}

#[target_feature(enable = "neon,sha2")]
#[inline]
fn compress(initial: [State; ABREAST], mut blocks: [Block; ABREAST]) -> [State; ABREAST] {
    let mut states = initial;
    unroll16!(I => {
        let k = memory::load(&K.as_chunks().0[I]);
        for (state, block) in states.iter_mut().zip(&mut blocks) {
            rounds(state, vaddq_u32(words::<I>(block), k));
        }
    });
    sum(states, initial)
}

/// The compression of the block with `info`: all its words are known.
#[target_feature(enable = "neon,sha2")]
#[inline]
fn compress_info(initial: [State; ABREAST]) -> [State; ABREAST] {
    let mut states = initial;
    unroll16!(I => {
        let wk = memory::load(&INFO_SCHEDULE.as_chunks().0[I]);
        for state in &mut states {
            rounds(state, wk);
        }
    });
    sum(states, initial)
}

#[target_feature(enable = "neon,sha2")]
#[inline]
fn sum(mut states: [State; ABREAST], others: [State; ABREAST]) -> [State; ABREAST] {
    for ([abcd, efgh], other) in states.iter_mut().zip(&others) {
        *abcd = vaddq_u32(*abcd, other[0]);
        *efgh = vaddq_u32(*efgh, other[1]);
    }
    states
}

#[target_feature(enable = "neon,sha2")]
#[inline]
fn constant([a, b, c, d, e, f, g, h]: [u32; 8]) -> [State; ABREAST] {
    [[memory::load(&[a, b, c, d]), memory::load(&[e, f, g, h])]; ABREAST]
}

/// Digests of 32 bytes as the last blocks of messages of 96: the outer hashes of HMACs.
#[target_feature(enable = "neon,sha2")]
#[inline]
fn digest_blocks(digests: &[State; ABREAST]) -> [Block; ABREAST] {
    let mut blocks = [[memory::load(&[END_MARK, 0, 0, 0]), memory::load(&[0, 0, 0, (64 + 32) * 8])]; ABREAST];
    let mut whole = [[vdupq_n_u32(0); 4]; ABREAST];
    for ((block, end), [abcd, efgh]) in whole.iter_mut().zip(&mut blocks).zip(digests) {
        *block = [*abcd, *efgh, end[0], end[1]];
    }
    whole
}

/// Keys of 32 bytes under one of HMAC's pads.
#[target_feature(enable = "neon,sha2")]
#[inline]
fn pad_blocks(keys: &[State; ABREAST], pad: u32) -> [Block; ABREAST] {
    let pad = vdupq_n_u32(pad);
    let mut blocks = [[pad; 4]; ABREAST];
    for (block, [abcd, efgh]) in blocks.iter_mut().zip(keys) {
        block[0] = veorq_u32(*abcd, pad);
        block[1] = veorq_u32(*efgh, pad);
    }
    blocks
}

/// The words of keys to the words of their identifier keys.
#[target_feature(enable = "neon,sha2")]
#[inline]
fn expand(keys: [uint32x4_t; ABREAST]) -> [uint32x4_t; ABREAST] {
    let zero = vdupq_n_u32(0);
    let end = [zero, memory::load(&[END_MARK, 0, 0, 0]), zero, memory::load(&[0, 0, 0, (64 + 16) * 8])];
    let mut blocks = [end; ABREAST];
    for (block, key) in blocks.iter_mut().zip(keys) {
        block[0] = key;
    }
    let inner = compress(constant(EXTRACT_INNER), blocks);
    let pseudorandom_keys = compress(constant(EXTRACT_OUTER), digest_blocks(&inner));
    let inner = compress(constant(INITIAL), pad_blocks(&pseudorandom_keys, 0x3636_3636));
    let inner = compress_info(inner);
    let outer = compress(constant(INITIAL), pad_blocks(&pseudorandom_keys, 0x5c5c_5c5c));
    let outer = compress(outer, digest_blocks(&inner));
    let mut rpiks = [zero; ABREAST];
    for (rpik, [abcd, _]) in rpiks.iter_mut().zip(outer) {
        *rpik = abcd;
    }
    rpiks
}

/// The bytes of each word in the other order.
#[target_feature(enable = "neon")]
#[inline]
fn swap_bytes(words: uint32x4_t) -> uint32x4_t {
    vreinterpretq_u32_u8(vrev32q_u8(vreinterpretq_u8_u32(words)))
}

/// See [`arch`](crate::arch). Those after the first `count` are left out.
#[target_feature(enable = "neon,sha2")]
pub(super) fn rpiks(keys: &[[u8; 16]; TILE], count: usize) -> [[u8; 16]; TILE] {
    let mut rpiks = [[0; 16]; TILE];
    let groups = rpiks.as_chunks_mut::<ABREAST>().0.iter_mut().zip(keys.as_chunks::<ABREAST>().0);
    for (rpiks, keys) in groups.take(count.div_ceil(ABREAST)) {
        let mut words = [vdupq_n_u32(0); ABREAST];
        for (words, key) in words.iter_mut().zip(keys) {
            *words = swap_bytes(vreinterpretq_u32_u8(memory::block(key)));
        }
        for (rpik, words) in rpiks.iter_mut().zip(expand(words)) {
            *rpik = memory::bytes(vreinterpretq_u8_u32(swap_bytes(words)));
        }
    }
    rpiks
}
