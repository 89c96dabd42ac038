//! Identifier keys of sixteen keys at once, in arrays that the compiler takes through whatever vectors there are.
//!
//! Unlike in the other folders the rounds are loops over arrays in memory: that is the form that compilers turn into
//! vector code, and the code stays small.

use crate::arch::TILE;
use crate::keys::sha256::{END_MARK, EXTRACT_INNER, EXTRACT_OUTER, INFO_SCHEDULE, INITIAL, K};

/// One word of each key. Aligned, so that an instruction may take it from memory as it is.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct V([u32; TILE]);

type State = [V; 8];

/// One round for all lanes. The state stays where it is, its names move with each call.
///
/// A sum of rotations is a rotation of sums here. Where a CPU has to shift twice for a rotation, that saves copies.
#[inline(never)]
#[allow(clippy::many_single_char_names, clippy::too_many_arguments)] // the names of the standard
fn round(a: &V, b: &V, c: &V, d: &mut V, e: &V, f: &V, g: &V, h: &mut V, w: &V, k: u32) {
    for lane in 0..TILE {
        let (a, b, c, e, f, g) = (a.0[lane], b.0[lane], c.0[lane], e.0[lane], f.0[lane], g.0[lane]);
        // By 6, 11 and 25.
        let sum1 = ((e.rotate_right(14) ^ e).rotate_right(5) ^ e).rotate_right(6);
        let choose = (f ^ g) & e ^ g;
        let t1 = h.0[lane].wrapping_add(w.0[lane]).wrapping_add(k).wrapping_add(choose).wrapping_add(sum1);
        // By 2, 13 and 22.
        let sum0 = ((a.rotate_right(9) ^ a).rotate_right(11) ^ a).rotate_right(2);
        let majority = a & b | c & (a | b);
        d.0[lane] = d.0[lane].wrapping_add(t1);
        h.0[lane] = t1.wrapping_add(majority).wrapping_add(sum0);
    }
}

/// Eight rounds, after which every name is where it was.
fn eight_rounds([a, b, c, d, e, f, g, h]: &mut State, w: &[V; 8], k: &[u32; 8]) {
    round(a, b, c, d, e, f, g, h, &w[0], k[0]);
    round(h, a, b, c, d, e, f, g, &w[1], k[1]);
    round(g, h, a, b, c, d, e, f, &w[2], k[2]);
    round(f, g, h, a, b, c, d, e, &w[3], k[3]);
    round(e, f, g, h, a, b, c, d, &w[4], k[4]);
    round(d, e, f, g, h, a, b, c, &w[5], k[5]);
    round(c, d, e, f, g, h, a, b, &w[6], k[6]);
    round(b, c, d, e, f, g, h, a, &w[7], k[7]);
}

/// `W[i-16] + sigma0(W[i-15]) + W[i-7] + sigma1(W[i-2])`, in the place of the first.
#[inline(never)]
fn next_word(w16: &mut V, w15: &V, w7: &V, w2: &V) {
    for lane in 0..TILE {
        let (w15, w2) = (w15.0[lane], w2.0[lane]);
        // By 7 and 18, and by 17 and 19.
        let sigma0 = (w15.rotate_right(11) ^ w15).rotate_right(7) ^ (w15 >> 3);
        let sigma1 = (w2.rotate_right(2) ^ w2).rotate_right(17) ^ (w2 >> 10);
        w16.0[lane] = w16.0[lane].wrapping_add(sigma0).wrapping_add(w7.0[lane]).wrapping_add(sigma1);
    }
}

/// The sixteen words after these.
fn next_words([w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, wa, wb, wc, wd, we, wf]: &mut [V; 16]) {
    next_word(w0, w1, w9, we);
    next_word(w1, w2, wa, wf);
    next_word(w2, w3, wb, w0);
    next_word(w3, w4, wc, w1);
    next_word(w4, w5, wd, w2);
    next_word(w5, w6, we, w3);
    next_word(w6, w7, wf, w4);
    next_word(w7, w8, w0, w5);
    next_word(w8, w9, w1, w6);
    next_word(w9, wa, w2, w7);
    next_word(wa, wb, w3, w8);
    next_word(wb, wc, w4, w9);
    next_word(wc, wd, w5, wa);
    next_word(wd, we, w6, wb);
    next_word(we, wf, w7, wc);
    next_word(wf, w0, w8, wd);
}

/// One compression of a block.
fn compress(initial: &State, mut w: [V; 16]) -> State {
    let mut state = *initial;
    for (quarter, k) in K.as_chunks::<8>().0.as_chunks::<2>().0.iter().enumerate() {
        if quarter > 0 {
            next_words(&mut w);
        }
        for (w, k) in w.as_chunks().0.iter().zip(k) {
            eight_rounds(&mut state, w, k);
        }
    }
    sum(&state, initial)
}

/// The compression of the block with `info`.
fn compress_info(initial: &State) -> State {
    let mut state = *initial;
    for wk in INFO_SCHEDULE.as_chunks::<8>().0 {
        eight_rounds(&mut state, &[V([0; TILE]); 8], wk);
    }
    sum(&state, initial)
}

fn sum(state: &State, initial: &State) -> State {
    let mut sum = *state;
    for (words, initial) in sum.iter_mut().zip(initial) {
        for (word, initial) in words.0.iter_mut().zip(initial.0) {
            *word = word.wrapping_add(initial);
        }
    }
    sum
}

/// A block that ends a message of so many bytes.
fn last_block(words: &[V], bytes: u32) -> [V; 16] {
    let mut block = [V([0; TILE]); 16];
    block[..words.len()].copy_from_slice(words);
    block[words.len()] = V([END_MARK; TILE]);
    block[15] = V([bytes * 8; TILE]);
    block
}

/// A key of 32 bytes under one of HMAC's pads.
fn pad_block(key: &State, pad: u32) -> [V; 16] {
    let mut block = [V([pad; TILE]); 16];
    for (words, key) in block.iter_mut().zip(key) {
        *words = V(key.0.map(|word| word ^ pad));
    }
    block
}

/// See [`arch`](crate::arch).
pub(in crate::arch) fn rpiks(keys: &[[u8; 16]; TILE]) -> [[u8; 16]; TILE] {
    let all = |words: [u32; 8]| words.map(|word| V([word; TILE]));
    let mut words = [V([0; TILE]); 4];
    for (lane, key) in keys.iter().enumerate() {
        for (word, bytes) in words.iter_mut().zip(key.as_chunks::<4>().0) {
            word.0[lane] = u32::from_be_bytes(*bytes);
        }
    }

    let inner = compress(&all(EXTRACT_INNER), last_block(&words, 64 + 16));
    let pseudorandom_key = compress(&all(EXTRACT_OUTER), last_block(&inner, 64 + 32));
    let inner = compress_info(&compress(&all(INITIAL), pad_block(&pseudorandom_key, 0x3636_3636)));
    let outer = compress(&all(INITIAL), pad_block(&pseudorandom_key, 0x5c5c_5c5c));
    let words = compress(&outer, last_block(&inner, 64 + 32));

    let mut rpiks = [[0; 16]; TILE];
    for (lane, rpik) in rpiks.iter_mut().enumerate() {
        for (word, bytes) in words.iter().zip(rpik.as_chunks_mut::<4>().0) {
            *bytes = word.0[lane].to_be_bytes();
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
            let among_others = |word: u32| V(core::array::from_fn(|l| if l == lane.get() { word } else { !word }));
            compress(&state.map(among_others), block.map(among_others)).map(|words| words.0[lane.get()])
        });
    }
}
