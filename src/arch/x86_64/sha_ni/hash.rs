//! Identifier keys of two keys at once: one fills the waiting times of the other.

use core::arch::x86_64::{
    __m128i, _mm_add_epi32, _mm_alignr_epi8, _mm_blend_epi16, _mm_set_epi32, _mm_set1_epi32, _mm_setzero_si128,
    _mm_sha256msg1_epu32, _mm_sha256msg2_epu32, _mm_sha256rnds2_epu32, _mm_shuffle_epi8, _mm_shuffle_epi32,
    _mm_xor_si128,
};

use super::memory::{load, store};
use crate::arch::TILE;
use crate::keys::sha256::{END_MARK, EXTRACT_INNER, EXTRACT_OUTER, INFO_SCHEDULE, INITIAL, K};

/// Keys at once.
const KEYS: usize = 2;

/// Four words, the first in the lowest lane.
type V = __m128i;

/// The state as the instructions take it: words 5, 4, 1 and 0, then 7, 6, 3 and 2, each from the lowest lane.
#[derive(Clone, Copy)]
struct State {
    abef: V,
    cdgh: V,
}

impl State {
    #[target_feature(enable = "sse2")]
    #[inline]
    fn new([a, b, c, d, e, f, g, h]: [u32; 8]) -> Self {
        Self { abef: words([f, e, b, a]), cdgh: words([h, g, d, c]) }
    }

    /// The words of a digest in order.
    #[target_feature(enable = "sse4.1,ssse3")]
    #[inline]
    fn digest(self) -> [V; 2] {
        let abef = _mm_shuffle_epi32::<0b00_01_10_11>(self.abef);
        let ghcd = _mm_shuffle_epi32::<0b10_11_00_01>(self.cdgh);
        [_mm_blend_epi16::<0b1111_0000>(abef, ghcd), _mm_alignr_epi8::<8>(ghcd, abef)]
    }

    /// Four rounds. `wk` is the sum of four words and four constants.
    #[target_feature(enable = "sha,sse2")]
    #[inline]
    fn rounds(&mut self, wk: V) {
        self.cdgh = _mm_sha256rnds2_epu32(self.cdgh, self.abef, wk);
        self.abef = _mm_sha256rnds2_epu32(self.abef, self.cdgh, _mm_shuffle_epi32::<0b00_00_11_10>(wk));
    }

    #[target_feature(enable = "sse2")]
    #[inline]
    fn add(self, other: Self) -> Self {
        Self { abef: _mm_add_epi32(self.abef, other.abef), cdgh: _mm_add_epi32(self.cdgh, other.cdgh) }
    }
}

#[target_feature(enable = "sse2")]
#[inline]
fn words([a, b, c, d]: [u32; 4]) -> V {
    _mm_set_epi32(d.cast_signed(), c.cast_signed(), b.cast_signed(), a.cast_signed())
}

/// The next four words of the schedule after these sixteen.
#[target_feature(enable = "sha,ssse3")]
#[inline]
fn next_words([a, b, c, d]: [V; 4]) -> V {
    let sum = _mm_add_epi32(_mm_sha256msg1_epu32(a, b), _mm_alignr_epi8::<4>(d, c));
    _mm_sha256msg2_epu32(sum, d)
}

/// One compression of a block of each key.
#[target_feature(enable = "sha,ssse3,sse4.1")]
#[inline]
fn compress(initial: [State; KEYS], mut blocks: [[V; 4]; KEYS]) -> [State; KEYS] {
    let mut states = initial;
    for (i, k) in K.as_chunks::<4>().0.iter().enumerate() {
        let k = words(*k);
        for (state, block) in states.iter_mut().zip(&mut blocks) {
            let [a, b, c, d] = *block;
            state.rounds(_mm_add_epi32(a, k));
            // The last sixteen words need no successors.
            let next = if i < 12 { next_words(*block) } else { a };
            *block = [b, c, d, next];
        }
    }
    sum(states, initial)
}

/// The compression of the block with `info`: all its words are known.
#[target_feature(enable = "sha,ssse3,sse4.1")]
#[inline]
fn compress_info(initial: [State; KEYS]) -> [State; KEYS] {
    let mut states = initial;
    for wk in INFO_SCHEDULE.as_chunks::<4>().0 {
        let wk = words(*wk);
        for state in &mut states {
            state.rounds(wk);
        }
    }
    sum(states, initial)
}

#[target_feature(enable = "sse2")]
#[inline]
fn sum([a, b]: [State; KEYS], [c, d]: [State; KEYS]) -> [State; KEYS] {
    [a.add(c), b.add(d)]
}

/// A digest of 32 bytes as the last block of a message of 96: the outer hash of an HMAC.
#[target_feature(enable = "ssse3,sse4.1")]
#[inline]
fn digest_block(digest: State) -> [V; 4] {
    let [a, b] = digest.digest();
    [a, b, words([END_MARK, 0, 0, 0]), words([0, 0, 0, (64 + 32) * 8])]
}

/// A key of 32 bytes under one of HMAC's pads.
#[target_feature(enable = "ssse3,sse4.1")]
#[inline]
fn pad_block(key: State, pad: u32) -> [V; 4] {
    let [a, b] = key.digest();
    let pad = _mm_set1_epi32(pad.cast_signed());
    [_mm_xor_si128(a, pad), _mm_xor_si128(b, pad), pad, pad]
}

/// The bytes of each word in the other order.
#[target_feature(enable = "ssse3")]
#[inline]
fn swap_bytes(a: V) -> V {
    _mm_shuffle_epi8(a, words([0x0001_0203, 0x0405_0607, 0x0809_0a0b, 0x0c0d_0e0f]))
}

#[target_feature(enable = "ssse3")]
#[inline]
fn key_block(key: &[u8; 16]) -> [V; 4] {
    [swap_bytes(load(key)), words([END_MARK, 0, 0, 0]), _mm_setzero_si128(), words([0, 0, 0, (64 + 16) * 8])]
}

/// See [`arch`](crate::arch).
#[target_feature(enable = "sha,ssse3,sse4.1")]
pub(super) fn rpiks(keys: &[[u8; 16]; TILE], count: usize) -> [[u8; 16]; TILE] {
    let mut rpiks = [[0; 16]; TILE];
    let pairs = keys.as_chunks::<KEYS>().0.iter().zip(rpiks.as_chunks_mut::<KEYS>().0);
    for ([one, other], [rpik, other_rpik]) in pairs.take(count.div_ceil(KEYS)) {
        let [a, b] = compress([State::new(EXTRACT_INNER); KEYS], [key_block(one), key_block(other)]);
        let [a, b] = compress([State::new(EXTRACT_OUTER); KEYS], [digest_block(a), digest_block(b)]);
        let [c, d] = compress([State::new(INITIAL); KEYS], [pad_block(a, 0x3636_3636), pad_block(b, 0x3636_3636)]);
        let [c, d] = compress_info([c, d]);
        let outer = compress([State::new(INITIAL); KEYS], [pad_block(a, 0x5c5c_5c5c), pad_block(b, 0x5c5c_5c5c)]);
        let [a, b] = compress(outer, [digest_block(c), digest_block(d)]);
        store(rpik, swap_bytes(a.digest()[0]));
        store(other_rpik, swap_bytes(b.digest()[0]));
    }
    rpiks
}
