//! Identifier keys of four keys at once.

use core::arch::wasm32::{
    i32x4_shuffle, u8x16_shuffle, u32x4_add, u32x4_shl, u32x4_shr, u32x4_splat, v128, v128_and, v128_or, v128_xor,
};

use super::memory::{load, store};
use crate::arch::TILE;
use crate::arch::lanes::rpiks_in_lanes;

const LANES: usize = 4;

type V = v128;

#[inline(always)]
fn splat(word: u32) -> V {
    u32x4_splat(word)
}

#[inline(always)]
fn add(a: V, b: V) -> V {
    u32x4_add(a, b)
}

#[inline(always)]
fn xor(a: V, b: V) -> V {
    v128_xor(a, b)
}

#[inline(always)]
fn xor3(a: V, b: V, c: V) -> V {
    xor(xor(a, b), c)
}

#[inline(always)]
fn choose(e: V, f: V, g: V) -> V {
    xor(v128_and(xor(f, g), e), g)
}

/// What `a` and `b` differ in is what the next round's `b` and `c` do: computed once.
#[inline(always)]
fn majority(a: V, b: V, c: V) -> V {
    xor(v128_and(xor(a, b), xor(b, c)), b)
}

#[inline(always)]
fn rotr<const N: u32>(a: V) -> V {
    v128_or(u32x4_shr(a, N), u32x4_shl(a, 32 - N))
}

#[inline(always)]
fn shr<const N: u32>(a: V) -> V {
    u32x4_shr(a, N)
}

/// One compression of a block. Unlike on x86 all five blocks share the code, known words or not: written out it would
/// be several times as large, and a browser fetches it.
macro_rules! compress {
    ($initial:expr, $block:expr) => {
        compress_any($initial, $block)
    };
}

rpiks_in_lanes!(inline(always));

#[inline(never)]
fn compress_any(initial: State, mut w: [V; 16]) -> State {
    let mut s = initial;
    unroll16!(I => { round::<I>(&mut s, add(w[I], splat(K[I]))); });
    last_rounds::<16>(&mut s, &mut w);
    sum(s, initial)
}

/// Four blocks to four registers of one word each, and back.
#[inline(always)]
fn transpose([a, b, c, d]: [V; 4]) -> [V; 4] {
    let (ab_low, ab_high) = (i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<2, 6, 3, 7>(a, b));
    let (cd_low, cd_high) = (i32x4_shuffle::<0, 4, 1, 5>(c, d), i32x4_shuffle::<2, 6, 3, 7>(c, d));
    [
        i32x4_shuffle::<0, 1, 4, 5>(ab_low, cd_low),
        i32x4_shuffle::<2, 3, 6, 7>(ab_low, cd_low),
        i32x4_shuffle::<0, 1, 4, 5>(ab_high, cd_high),
        i32x4_shuffle::<2, 3, 6, 7>(ab_high, cd_high),
    ]
}

/// The bytes of each word in the other order.
#[inline(always)]
fn swap_bytes(a: V) -> V {
    u8x16_shuffle::<3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12>(a, a)
}

/// See [`arch`](crate::arch). Those after the first `count` are left out.
pub(in crate::arch) fn rpiks(keys: &[[u8; 16]; TILE], count: usize) -> [[u8; 16]; TILE] {
    let mut rpiks = [[0; 16]; TILE];
    let groups = rpiks.as_chunks_mut::<LANES>().0.iter_mut().zip(keys.as_chunks::<LANES>().0);
    for (rpiks, keys) in groups.take(count.div_ceil(LANES)) {
        let mut words = [splat(0); LANES];
        for (words, key) in words.iter_mut().zip(keys) {
            *words = swap_bytes(load(key));
        }
        for (rpik, words) in rpiks.iter_mut().zip(transpose(expand(transpose(words)))) {
            store(rpik, swap_bytes(words));
        }
    }
    rpiks
}
