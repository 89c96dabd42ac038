//! Identifier keys of sixteen keys at once, in arrays that the compiler takes through whatever vectors there are.
//!
//! Unlike in the other folders the rounds are loops over arrays in memory: that is the form that compilers turn into
//! vector code, and the code stays small.

use crate::arch::TILE;
use crate::keys::sha256::{END_MARK, EXTRACT_INNER, EXTRACT_OUTER, INFO_SCHEDULE, INITIAL, K};

/// One word of each key.
type V = [u32; TILE];

type State = [V; 8];

/// One round for all lanes; `wk` is `W + K`. The state stays where it is, its names move with each call.
#[inline(never)]
#[allow(clippy::many_single_char_names, clippy::too_many_arguments)] // the names of the standard
fn round(a: &V, b: &V, c: &V, d: &mut V, e: &V, f: &V, g: &V, h: &mut V, wk: &V) {
    for lane in 0..TILE {
        let (a, b, c, e, f, g) = (a[lane], b[lane], c[lane], e[lane], f[lane], g[lane]);
        let sum1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let choose = (f ^ g) & e ^ g;
        let t1 = h[lane].wrapping_add(wk[lane]).wrapping_add(choose).wrapping_add(sum1);
        let sum0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let majority = a & b | c & (a | b);
        d[lane] = d[lane].wrapping_add(t1);
        h[lane] = t1.wrapping_add(majority).wrapping_add(sum0);
    }
}

/// Eight rounds, after which every name is where it was.
fn eight_rounds([a, b, c, d, e, f, g, h]: &mut State, wk: &[V; 8]) {
    round(a, b, c, d, e, f, g, h, &wk[0]);
    round(h, a, b, c, d, e, f, g, &wk[1]);
    round(g, h, a, b, c, d, e, f, &wk[2]);
    round(f, g, h, a, b, c, d, e, &wk[3]);
    round(e, f, g, h, a, b, c, d, &wk[4]);
    round(d, e, f, g, h, a, b, c, &wk[5]);
    round(c, d, e, f, g, h, a, b, &wk[6]);
    round(b, c, d, e, f, g, h, a, &wk[7]);
}

/// `W[i-16] + sigma0(W[i-15]) + W[i-7] + sigma1(W[i-2])`.
#[inline(never)]
fn next_word(w16: &V, w15: &V, w7: &V, w2: &V) -> V {
    let mut word = [0; TILE];
    for lane in 0..TILE {
        let (w15, w2) = (w15[lane], w2[lane]);
        let sigma0 = w15.rotate_right(7) ^ w15.rotate_right(18) ^ (w15 >> 3);
        let sigma1 = w2.rotate_right(17) ^ w2.rotate_right(19) ^ (w2 >> 10);
        word[lane] = w16[lane].wrapping_add(sigma0).wrapping_add(w7[lane]).wrapping_add(sigma1);
    }
    word
}

/// One compression of a block.
fn compress(initial: &State, block: &[V; 16]) -> State {
    let mut state = *initial;
    let mut w = *block;
    for quarter in 0..4 {
        if quarter > 0 {
            for i in 0..16 {
                w[i] = next_word(&w[i], &w[(i + 1) % 16], &w[(i + 9) % 16], &w[(i + 14) % 16]);
            }
        }
        let mut wk = w;
        for (word, k) in wk.iter_mut().zip(&K[16 * quarter..]) {
            *word = word.map(|word| word.wrapping_add(*k));
        }
        for eight in wk.as_chunks::<8>().0 {
            eight_rounds(&mut state, eight);
        }
    }
    sum(&state, initial)
}

/// The compression of the block with `info`.
fn compress_info(initial: &State) -> State {
    let mut state = *initial;
    for eight in INFO_SCHEDULE.as_chunks::<8>().0 {
        eight_rounds(&mut state, &eight.map(|wk| [wk; TILE]));
    }
    sum(&state, initial)
}

fn sum(state: &State, initial: &State) -> State {
    let mut sum = *state;
    for (words, initial) in sum.iter_mut().zip(initial) {
        for (word, initial) in words.iter_mut().zip(initial) {
            *word = word.wrapping_add(*initial);
        }
    }
    sum
}

/// A block that ends a message of so many bytes.
fn last_block(words: &[V], bytes: u32) -> [V; 16] {
    let mut block = [[0; TILE]; 16];
    block[..words.len()].copy_from_slice(words);
    block[words.len()] = [END_MARK; TILE];
    block[15] = [bytes * 8; TILE];
    block
}

/// A key of 32 bytes under one of HMAC's pads.
fn pad_block(key: &State, pad: u32) -> [V; 16] {
    let mut block = [[pad; TILE]; 16];
    for (words, key) in block.iter_mut().zip(key) {
        *words = key.map(|word| word ^ pad);
    }
    block
}

/// See [`arch`](crate::arch).
pub(in crate::arch) fn rpiks(keys: &[[u8; 16]; TILE]) -> [[u8; 16]; TILE] {
    let all = |words: [u32; 8]| words.map(|word| [word; TILE]);
    let mut words = [[0; TILE]; 4];
    for (lane, key) in keys.iter().enumerate() {
        for (word, bytes) in words.iter_mut().zip(key.as_chunks::<4>().0) {
            word[lane] = u32::from_be_bytes(*bytes);
        }
    }

    let inner = compress(&all(EXTRACT_INNER), &last_block(&words, 64 + 16));
    let pseudorandom_key = compress(&all(EXTRACT_OUTER), &last_block(&inner, 64 + 32));
    let inner = compress_info(&compress(&all(INITIAL), &pad_block(&pseudorandom_key, 0x3636_3636)));
    let outer = compress(&all(INITIAL), &pad_block(&pseudorandom_key, 0x5c5c_5c5c));
    let words = compress(&outer, &last_block(&inner, 64 + 32));

    let mut rpiks = [[0; 16]; TILE];
    for (lane, rpik) in rpiks.iter_mut().enumerate() {
        for (word, bytes) in words.iter().zip(rpik.as_chunks_mut::<4>().0) {
            *bytes = word[lane].to_be_bytes();
        }
    }
    rpiks
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each vector in a lane of its own, among other things in the others.
    #[test]
    fn the_compression_is_that_of_sha256() {
        let lane = core::cell::Cell::new(0);
        crate::keys::wycheproof::assert_compresses(|state, block| {
            lane.set((lane.get() + 1) % TILE);
            let among_others = |word: u32| core::array::from_fn(|l| if l == lane.get() { word } else { !word });
            compress(&state.map(among_others), &block.map(among_others)).map(|words| words[lane.get()])
        });
    }
}
