//! Identifier keys of four keys at once, in arrays that the compiler turns into whatever vectors there are.

use crate::arch::TILE;
use crate::arch::lanes::rpiks_in_lanes;

const LANES: usize = 4;

type V = [u32; LANES];

#[inline(always)]
fn each(mut a: V, b: V, f: impl Fn(u32, u32) -> u32) -> V {
    for (a, b) in a.iter_mut().zip(b) {
        *a = f(*a, b);
    }
    a
}

#[inline(always)]
fn splat(word: u32) -> V {
    [word; LANES]
}

#[inline(always)]
fn add(a: V, b: V) -> V {
    each(a, b, u32::wrapping_add)
}

#[inline(always)]
fn xor(a: V, b: V) -> V {
    each(a, b, |a, b| a ^ b)
}

#[inline(always)]
fn xor3(a: V, b: V, c: V) -> V {
    xor(xor(a, b), c)
}

#[inline(always)]
fn choose(e: V, f: V, g: V) -> V {
    each(each(xor(f, g), e, |fg, e| fg & e), g, |fg, g| fg ^ g)
}

#[inline(always)]
fn majority(a: V, b: V, c: V) -> V {
    each(each(a, b, |a, b| a & b), each(each(a, b, |a, b| a | b), c, |ab, c| ab & c), |x, y| x | y)
}

#[inline(always)]
fn rotr<const N: u32>(a: V) -> V {
    each(a, a, |a, _| a.rotate_right(N))
}

#[inline(always)]
fn shr<const N: u32>(a: V) -> V {
    each(a, a, |a, _| a >> N)
}

rpiks_in_lanes!();

/// See [`arch`](crate::arch).
pub(in crate::arch) fn rpiks(keys: &[[u8; 16]; TILE], count: usize) -> [[u8; 16]; TILE] {
    let mut rpiks = [[0; 16]; TILE];
    let quarters = keys.as_chunks::<LANES>().0.iter().zip(rpiks.as_chunks_mut::<LANES>().0);
    for (keys, rpiks) in quarters.take(count.div_ceil(LANES)) {
        let mut words = [[0; LANES]; 4];
        for (lane, key) in keys.iter().enumerate() {
            for (word, bytes) in words.iter_mut().zip(key.as_chunks::<4>().0) {
                word[lane] = u32::from_be_bytes(*bytes);
            }
        }
        let words = expand(words);
        for (lane, rpik) in rpiks.iter_mut().enumerate() {
            for (word, bytes) in words.iter().zip(rpik.as_chunks_mut::<4>().0) {
                *bytes = word[lane].to_be_bytes();
            }
        }
    }
    rpiks
}
