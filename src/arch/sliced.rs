//! The search of sixteen keys in bit planes: AES by nothing but AND and XOR, for CPUs without instructions for it.
//!
//! A *plane* holds one bit of one byte of many blocks. Sixteen bits of it, a *lane*, belong to one key: the same bit of
//! the sixteen blocks of a row. Sixteen lanes are one row of each key of a tile, so one AND works on 256 blocks, in as
//! many registers as that takes.
//!
//! ```text
//! block   bytes 0 to 15, each of eight planes, each of sixteen lanes (keys), each of sixteen bits (intervals of a row)
//! ```
//!
//! In this form `ShiftRows` is a matter of which planes are read, and the S-box is a circuit of 113 gates. Every byte
//! that does not vary, or that no later step asks for, saves its circuit: of 160 in ten rounds 108 are left.
//!
//! 1. Only byte 12 varies before round 1. What the S-box makes of it comes from [`S_ROWS`].
//! 2. Only the last column varies before round 2: four circuits. What the rest contributes is a constant of the key.
//! 3. Rounds 3 to 8 are whole.
//! 4. A word needs column 0 of round 9, and round 10 of these four bytes.
//!
//! The module that calls [`search`] brings a [`Word`]: the widest thing that AND and XOR work on.
//!
//! Loops here count: where code is to be small, as in a module for browsers, the steps of other iterators would be
//! calls.
#![allow(clippy::needless_range_loop)]

use alloc::vec::Vec;
use core::ops::{BitAnd, BitXor};

use super::aes::{S_BOX, double};
use super::{Candidate, Job, Part, TILE};

/// A part of a plane: the lanes of some keys, the first key in the lowest bits.
pub(super) trait Word: Copy + BitAnd<Output = Self> + BitXor<Output = Self> {
    /// How many lanes it has.
    const LANES: usize;
    const ZERO: Self;
    const ONES: Self;

    /// The word of this number of those that these lanes fill.
    fn from_lanes(lanes: &[u16; TILE], number: usize) -> Self;

    /// In each lane ones if this bit of the lane is one, and zeros otherwise.
    fn spread(self, bit: usize) -> Self;

    /// Swaps, between two words, the upper half of each `2 * BITS` bits of one with the lower half of the other.
    fn swap<const BITS: u32>(&mut self, other: &mut Self);

    /// Writes the word of this number of a plane as numbers of 32 bits, two lanes in each, the lowest first.
    fn write(self, numbers: &mut [u32; TILE / 2], number: usize);
}

/// One bit of a byte of 256 blocks.
type Plane<W, const N: usize> = [W; N];
/// One byte of the blocks, from its lowest bit.
type Byte<W, const N: usize> = [Plane<W, N>; 8];
/// The four bytes of a column.
type Column<W, const N: usize> = [Byte<W, N>; 4];
/// The four columns.
type Block<W, const N: usize> = [Column<W, N>; 4];
/// One bit of the words of 256 blocks in each plane. After [`transpose`]: in each plane the words of one bit.
type Words<W, const N: usize> = [Plane<W, N>; 32];

/// What the circuit leaves out: it computes the S-box but for the XOR with this number. The round keys have it instead,
/// since `ShiftRows` and `MixColumns` leave a block of equal bytes as it is.
const LEFT_OUT: u8 = 0x63;

/// For each sixteen neighbouring inputs of the S-box, the bits of the outputs: a lane for each.
static S_ROWS: [[u16; 8]; 16] = s_rows();

const fn s_rows() -> [[u16; 8]; 16] {
    let mut rows = [[0; 8]; 16];
    let mut x = 0;
    while x < 256 {
        let mut bit = 0;
        while bit < 8 {
            rows[x / 16][bit] |= (((S_BOX[x] ^ LEFT_OUT) >> bit & 1) as u16) << (x % 16);
            bit += 1;
        }
        x += 1;
    }
    rows
}

/// The S-box, but for [`LEFT_OUT`]: the circuit of Boyar, Peralta and Calik with 113 gates, in an order for few
/// registers that was found by Schwabe and Stoffelen's scheduler (both as in the crate `aes`).
#[inline(never)]
fn substitute<W: Word, const N: usize>(x: &Byte<W, N>, s: &mut Byte<W, N>) {
    // The compiler takes as many steps of this loop at once as its vectors have room for.
    for i in 0..N {
        let [u7, u6, u5, u4, u3, u2, u1, u0] = [x[0][i], x[1][i], x[2][i], x[3][i], x[4][i], x[5][i], x[6][i], x[7][i]];
        let y14 = u3 ^ u5;
        let y13 = u0 ^ u6;
        let y12 = y13 ^ y14;
        let t1 = u4 ^ y12;
        let y15 = t1 ^ u5;
        let t2 = y12 & y15;
        let y6 = y15 ^ u7;
        let y20 = t1 ^ u1;
        let y9 = u0 ^ u3;
        let y11 = y20 ^ y9;
        let t12 = y9 & y11;
        let y7 = u7 ^ y11;
        let y8 = u0 ^ u5;
        let t0 = u1 ^ u2;
        let y10 = y15 ^ t0;
        let y17 = y10 ^ y11;
        let t13 = y14 & y17;
        let t14 = t13 ^ t12;
        let y19 = y10 ^ y8;
        let t15 = y8 & y10;
        let t16 = t15 ^ t12;
        let y16 = t0 ^ y11;
        let y21 = y13 ^ y16;
        let t7 = y13 & y16;
        let y18 = u0 ^ y16;
        let y1 = t0 ^ u7;
        let y4 = y1 ^ u3;
        let t5 = y4 & u7;
        let t6 = t5 ^ t2;
        let t18 = t6 ^ t16;
        let t22 = t18 ^ y19;
        let y2 = y1 ^ u0;
        let t10 = y2 & y7;
        let t11 = t10 ^ t7;
        let t20 = t11 ^ t16;
        let t24 = t20 ^ y18;
        let y5 = y1 ^ u6;
        let t8 = y5 & y1;
        let t9 = t8 ^ t7;
        let t19 = t9 ^ t14;
        let t23 = t19 ^ y21;
        let y3 = y5 ^ y8;
        let t3 = y3 & y6;
        let t4 = t3 ^ t2;
        let t17 = t4 ^ y20;
        let t21 = t17 ^ t14;
        let t26 = t21 & t23;
        let t27 = t24 ^ t26;
        let t31 = t22 ^ t26;
        let t25 = t21 ^ t22;
        let t28 = t25 & t27;
        let t29 = t28 ^ t22;
        let z14 = t29 & y2;
        let z5 = t29 & y7;
        let t30 = t23 ^ t24;
        let t32 = t31 & t30;
        let t33 = t32 ^ t24;
        let t35 = t27 ^ t33;
        let t36 = t24 & t35;
        let t38 = t27 ^ t36;
        let t39 = t29 & t38;
        let t40 = t25 ^ t39;
        let t43 = t29 ^ t40;
        let z3 = t43 & y16;
        let tc12 = z3 ^ z5;
        let z12 = t43 & y13;
        let z13 = t40 & y5;
        let z4 = t40 & y1;
        let tc6 = z3 ^ z4;
        let t34 = t23 ^ t33;
        let t37 = t36 ^ t34;
        let t41 = t40 ^ t37;
        let z8 = t41 & y10;
        let z17 = t41 & y8;
        let t44 = t33 ^ t37;
        let z0 = t44 & y15;
        let z9 = t44 & y12;
        let z10 = t37 & y3;
        let z1 = t37 & y6;
        let tc5 = z1 ^ z0;
        let tc11 = tc6 ^ tc5;
        let z11 = t33 & y4;
        let t42 = t29 ^ t33;
        let t45 = t42 ^ t41;
        let z7 = t45 & y17;
        let tc8 = z7 ^ tc6;
        let z16 = t45 & y14;
        let z6 = t42 & y11;
        let tc16 = z6 ^ tc8;
        let z15 = t42 & y9;
        let tc20 = z15 ^ tc16;
        let tc1 = z15 ^ z16;
        let tc2 = z10 ^ tc1;
        let tc21 = tc2 ^ z11;
        let tc3 = z9 ^ tc2;
        let tc13 = z13 ^ tc1;
        let z2 = t33 & u7;
        let tc4 = z0 ^ z2;
        let tc7 = z12 ^ tc4;
        let tc9 = z8 ^ tc7;
        let tc10 = tc8 ^ tc9;
        let tc17 = z14 ^ tc10;
        let tc26 = tc17 ^ tc20;
        let tc14 = tc4 ^ tc12;
        let tc18 = tc13 ^ tc14;
        let s3 = tc3 ^ tc11;
        s[7][i] = tc3 ^ tc16;
        s[6][i] = s3 ^ tc16;
        s[5][i] = tc26 ^ z17;
        s[4][i] = s3;
        s[3][i] = tc14 ^ s3;
        s[2][i] = tc21 ^ tc17;
        s[1][i] = tc10 ^ tc18;
        s[0][i] = z12 ^ tc18;
    }
}

/// A bit of the four bytes of a column, and the sums of neighbours.
#[inline(always)]
fn pairs<W: Word, const N: usize>(s: &Column<W, N>, bit: usize, i: usize) -> ([W; 4], [W; 4]) {
    let [a, b, c, d] = [s[0][bit][i], s[1][bit][i], s[2][bit][i], s[3][bit][i]];
    ([a, b, c, d], [a ^ b, b ^ c, c ^ d, d ^ a])
}

/// `MixColumns` of a column, and the round key.
#[inline(never)]
fn mix<W: Word, const N: usize>(s: &Column<W, N>, key: &Column<W, N>, mixed: &mut Column<W, N>) {
    for i in 0..N {
        // Bit by bit: that needs few registers.
        let highest = pairs(s, 7, i).1;
        let mut below = highest;
        macro_rules! bit {
            ($($bit:literal)*) => {$({
                let (bytes, this) = pairs(s, $bit, i);
                macro_rules! row {
                    ($row:literal) => {
                        let carry = if matches!($bit, 1 | 3 | 4) { highest[$row] } else { W::ZERO };
                        let rest = bytes[($row + 1) % 4] ^ this[($row + 2) % 4] ^ key[$row][$bit][i];
                        mixed[$row][$bit][i] = below[$row] ^ carry ^ rest;
                    };
                }
                row!(0);
                row!(1);
                row!(2);
                row!(3);
                below = this;
            })*};
        }
        bit!(0 1 2 3 4 5 6 7);
        let _ = below;
    }
}

#[inline(always)]
fn add<W: Word, const N: usize>(to: &mut Byte<W, N>, other: &Byte<W, N>) {
    for bit in 0..8 {
        for i in 0..N {
            to[bit][i] = to[bit][i] ^ other[bit][i];
        }
    }
}

/// Adds a number to the bytes of all blocks.
#[inline(always)]
fn add_number<W: Word, const N: usize>(to: &mut Byte<W, N>, number: u8) {
    for bit in 0..8 {
        if number >> bit & 1 == 1 {
            for i in 0..N {
                to[bit][i] = to[bit][i] ^ W::ONES;
            }
        }
    }
}

/// Twice each byte.
fn doubled<W: Word, const N: usize>([b0, b1, b2, b3, b4, b5, b6, b7]: &Byte<W, N>) -> Byte<W, N> {
    let mut doubled = [*b7, *b0, *b1, *b2, *b3, *b4, *b5, *b6];
    for i in 0..N {
        doubled[1][i] = doubled[1][i] ^ b7[i];
        doubled[3][i] = doubled[3][i] ^ b7[i];
        doubled[4][i] = doubled[4][i] ^ b7[i];
    }
    doubled
}

/// The planes of a byte that all sixteen blocks of a key have in common.
fn spread<W: Word, const N: usize>(byte: impl Fn(usize) -> u8) -> Byte<W, N> {
    let mut bytes = [0; TILE];
    for key in 0..TILE {
        bytes[key] = byte(key).into();
    }
    let mut planes = zero();
    for i in 0..N {
        let word = W::from_lanes(&bytes, i);
        for bit in 0..8 {
            planes[bit][i] = word.spread(bit);
        }
    }
    planes
}

/// A byte of zeros.
const fn zero<W: Word, const N: usize>() -> Byte<W, N> {
    [[W::ZERO; N]; 8]
}

/// The column of this number after a round.
#[inline(always)]
fn column<W: Word, const N: usize>(
    block: &Block<W, N>,
    number: usize,
    key: &Column<W, N>,
    s: &mut Column<W, N>,
    column: &mut Column<W, N>,
) {
    for (row, s) in s.iter_mut().enumerate() {
        substitute(&block[(number + row) % 4][row], s);
    }
    mix(s, key, column);
}

/// The round keys of sixteen keys, from the second on with [`LEFT_OUT`].
struct Schedules<W: Word, const N: usize>([Block<W, N>; 11]);

impl<W: Word, const N: usize> Schedules<W, N> {
    const fn new() -> Self {
        Self([[[zero(); 4]; 4]; 11])
    }

    /// Written where they stay: they are 45 KB.
    fn write(&mut self, keys: &[[u8; 16]; TILE]) {
        let Self(blocks) = self;
        for (number, byte) in blocks[0].as_flattened_mut().iter_mut().enumerate() {
            *byte = spread(|key| keys[key][number]);
        }
        let (mut byte, mut constant) = (zero(), 1);
        for round in 1..11 {
            let (before, after) = blocks.split_at_mut(round);
            let (before, after) = (&before[round - 1], &mut after[0]);
            for row in 0..4 {
                substitute(&before[3][(row + 1) % 4], &mut byte);
                add_number(&mut byte, if row == 0 { LEFT_OUT ^ constant } else { LEFT_OUT });
                for (before, after) in before.iter().zip(after.iter_mut()) {
                    add(&mut byte, &before[row]);
                    after[row] = byte;
                }
            }
            constant = double(constant);
        }
        for byte in blocks[1..].as_flattened_mut().as_flattened_mut() {
            add_number(byte, LEFT_OUT);
        }
    }
}

/// The states of a row but for what byte 12 of the blocks contributes: the same for all rows whose numbers have the
/// same upper bits.
struct Constants<W: Word, const N: usize> {
    /// These upper bits. `None` as long as nothing is known.
    high: Option<[u32; TILE]>,
    /// The last column after round 1.
    last: Column<W, N>,
    /// The block after round 2, without what the last column contributes.
    second: Block<W, N>,
}

impl<W: Word, const N: usize> Constants<W, N> {
    const fn new() -> Self {
        Self { high: None, last: [zero(); 4], second: [[zero(); 4]; 4] }
    }

    fn write(&mut self, Schedules(keys): &Schedules<W, N>, high: [u32; TILE]) {
        let Self { high: known, last, second: block } = self;
        *block = keys[0];
        for (byte, number) in block.as_flattened_mut().iter_mut().zip(*b"EN-RPI") {
            add_number(byte, number);
        }
        for (number, byte) in block[3][1..].iter_mut().enumerate() {
            add(byte, &spread(|key| high[key].to_le_bytes()[number]));
        }
        // A round in which, of each column, the S-box's output in this row counts as zero.
        let round = |block: &mut Block<W, N>, left_out: [Option<usize>; 4], keys: &Block<W, N>| {
            let before = *block;
            for (number, (left_out, key)) in left_out.iter().zip(keys).enumerate() {
                let mut s = [zero(); 4];
                for (row, s) in s.iter_mut().enumerate() {
                    if *left_out != Some(row) {
                        substitute(&before[(number + row) % 4][row], s);
                    }
                }
                mix(&s, key, &mut block[number]);
            }
        };
        round(block, [None, None, None, Some(0)], &keys[1]);
        *last = block[3];
        round(block, [Some(3), Some(2), Some(1), Some(0)], &keys[2]);
        *known = Some(high);
    }
}

/// Where states are while they are worked on.
struct States<W: Word, const N: usize> {
    s: Column<W, N>,
    blocks: [Block<W, N>; 2],
}

impl<W: Word, const N: usize> States<W, N> {
    const fn new() -> Self {
        Self { s: [zero(); 4], blocks: [[[zero(); 4]; 4]; 2] }
    }

    /// The words of the rows for which the S-box makes `first` of byte 12.
    fn words(
        &mut self,
        Schedules(keys): &Schedules<W, N>,
        constants: &Constants<W, N>,
        first: &Byte<W, N>,
        words: &mut Words<W, N>,
    ) {
        let Self { s, blocks: [state, after] } = self;
        *state = constants.second;
        let mut twice = doubled(first);
        let mut last = constants.last;
        add(&mut last[0], &twice);
        add(&mut last[1], first);
        add(&mut last[2], first);
        add(&mut last[3], first);
        add(&mut last[3], &twice);
        let [s, ..] = s;
        for (row, byte) in last.iter().enumerate() {
            substitute(byte, s);
            twice = doubled(s);
            let column = &mut state[3 - row];
            add(&mut column[row], &twice);
            add(&mut column[(row + 3) % 4], &twice);
            for other in 1..4 {
                add(&mut column[(row + other) % 4], s);
            }
        }

        let s = &mut self.s;
        for pair in keys[3..9].as_chunks::<2>().0 {
            for number in 0..4 {
                column(state, number, &pair[0][number], s, &mut after[number]);
            }
            for number in 0..4 {
                column(after, number, &pair[1][number], s, &mut state[number]);
            }
        }
        column(state, 0, &keys[9][0], s, &mut after[0]);
        for (row, planes) in words.as_chunks_mut::<8>().0.iter_mut().enumerate() {
            substitute(&after[0][row], planes);
            add(planes, &keys[10][(4 - row) % 4][row]);
        }
    }
}

/// The masks of words, in planes as they are: see [`mask`](super::filter::mask).
fn masks<W: Word, const N: usize>(words: &Words<W, N>, masks: &mut Words<W, N>) {
    for (byte, planes) in masks.as_chunks_mut::<8>().0.iter_mut().enumerate() {
        // Three bits of a word choose one of eight.
        let nibble = &words[16 + 4 * byte..];
        for i in 0..N {
            let [a, b, c] = [nibble[1][i], nibble[2][i], nibble[3][i]];
            let both = b & c;
            for (half, upper) in [W::ONES ^ b ^ c ^ both, b ^ both, c ^ both, both].into_iter().enumerate() {
                let odd = upper & a;
                planes[2 * half][i] = upper ^ odd;
                planes[2 * half + 1][i] = odd;
            }
        }
    }
}

/// Turns planes, each with a bit of every word, into words: number `b` of them has those of bit `b` of every two lanes.
fn transpose<W: Word, const N: usize>(planes: &mut Words<W, N>) -> [[u32; TILE / 2]; 32] {
    fn step<const BITS: u32, W: Word, const N: usize>(planes: &mut Words<W, N>) {
        let bits = BITS as usize;
        for pair in 0..16 {
            // The planes whose numbers differ in this bit alone.
            let one = (pair & !(bits - 1)) << 1 | pair & (bits - 1);
            let other = one | bits;
            for i in 0..N {
                let (mut a, mut b) = (planes[one][i], planes[other][i]);
                a.swap::<BITS>(&mut b);
                (planes[one][i], planes[other][i]) = (a, b);
            }
        }
    }
    step::<16, W, N>(planes);
    step::<8, W, N>(planes);
    step::<4, W, N>(planes);
    step::<2, W, N>(planes);
    step::<1, W, N>(planes);
    let mut numbers = [[0; TILE / 2]; 32];
    for bit in 0..32 {
        for i in 0..N {
            planes[bit][i].write(&mut numbers[bit], i);
        }
    }
    numbers
}

/// What a filter has left of the bits of a word: none, if the word may have been added.
#[inline(always)]
fn found(slots: &[u32], word: u32, mask: u32) -> u32 {
    slots[word as usize & (slots.len() - 1)] & mask
}

/// See [`arch`](crate::arch).
#[inline]
pub(super) fn search<W: Word, const N: usize>(
    rpiks: &[[u8; 16]; TILE],
    jobs: &[Job],
    parts: &[Part<'_>],
    candidates: &mut Vec<Candidate>,
) {
    const { assert!(N * W::LANES == TILE) };
    let mut schedules = Schedules::<W, N>::new();
    schedules.write(rpiks);
    let (mut constants, mut states) = (Constants::new(), States::new());
    let (mut first, mut words, mut masks) = (zero(), [[W::ZERO; N]; 32], [[W::ZERO; N]; 32]);
    for part in parts {
        let mut rows: Vec<_> = jobs.iter().take(TILE).map(|job| job.rows_in(*part)).collect();
        let slots = part.filter.slots();
        loop {
            // The next row of each key. Keys that have none left repeat row 0, and nobody looks at it.
            let mut next = [None; TILE];
            for (next, rows) in next.iter_mut().zip(&mut rows) {
                *next = rows.next();
            }
            if next == [None; TILE] {
                break;
            }
            let (mut high, mut substituted) = ([0; TILE], [[0; TILE]; 8]);
            for key in 0..TILE {
                let row = next[key].unwrap_or(0);
                high[key] = row >> 4;
                let entries = &S_ROWS[(row & 15) as usize ^ usize::from(rpiks[key][12] >> 4)];
                for bit in 0..8 {
                    substituted[bit][key] = entries[bit];
                }
            }
            if constants.high != Some(high) {
                constants.write(&schedules, high);
            }
            for bit in 0..8 {
                for i in 0..N {
                    first[bit][i] = W::from_lanes(&substituted[bit], i);
                }
            }
            states.words(&schedules, &constants, &first, &mut words);
            self::masks(&words, &mut masks);
            let masks = transpose(&mut masks);
            let words = transpose(&mut words);
            for (number, next) in next.iter().enumerate() {
                let Some(row) = *next else { continue };
                let (first, at) = (16 * (number % 2), number / 2);
                let (words, masks) = (&words[first..first + 16], &masks[first..first + 16]);
                // One branch for sixteen words.
                let mut least = u32::MAX;
                for (words, masks) in words.iter().zip(masks) {
                    least = least.min(found(slots, words[at], masks[at]));
                }
                if least == 0 {
                    for (entry, (words, masks)) in (0..).zip(words.iter().zip(masks)) {
                        let word = words[at];
                        if found(slots, word, masks[at]) == 0 {
                            let interval = row << 4 | entry ^ u32::from(rpiks[number][12] & 15);
                            candidates.push(Candidate { job: number, interval, word });
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const N: usize = 4;

    /// AES-128 by the schedule, the rounds and the circuit that identifiers are searched with, in every lane and bit.
    fn encrypt(key: &[u8; 16], block: &[u8; 16]) -> [u8; 16] {
        let mut schedules = Schedules::<u64, N>::new();
        schedules.write(&[*key; TILE]);
        let Schedules(keys) = schedules;
        let mut state = keys[0];
        for (byte, number) in state.as_flattened_mut().iter_mut().zip(*block) {
            add_number(byte, number);
        }
        let mut s = [zero(); 4];
        for key in &keys[1..10] {
            let before = state;
            for (number, key) in key.iter().enumerate() {
                column(&before, number, key, &mut s, &mut state[number]);
            }
        }
        let mut encrypted = [0; 16];
        for (number, encrypted) in encrypted.iter_mut().enumerate() {
            let (column, row) = (number / 4, number % 4);
            let mut byte = zero();
            substitute(&state[(column + row) % 4][row], &mut byte);
            add(&mut byte, &keys[10][column][row]);
            for (bit, plane) in byte.iter().enumerate() {
                assert!(plane.iter().all(|word| *word == plane[0] && [0, u64::MAX].contains(word)));
                *encrypted |= u8::from(plane[0] != 0) << bit;
            }
        }
        encrypted
    }

    #[test]
    fn the_rounds_are_those_of_aes() {
        for [key, block, encrypted] in crate::keys::wycheproof::aes_128_blocks() {
            assert_eq!(encrypt(&key, &block), encrypted);
        }
    }

    #[test]
    fn the_circuit_is_the_s_box() {
        for row in 0..16 {
            // Sixteen inputs in the bits of each lane, the lanes rotated so that they differ.
            let input = |bit: u32, lane: usize| {
                (0..16_u16).fold(0, |bits, entry| {
                    let x = row << 4 | (usize::from(entry) ^ lane) & 15;
                    bits | ((x >> bit & 1) as u16) << entry
                })
            };
            let x: Byte<u64, N> = core::array::from_fn(|bit| {
                core::array::from_fn(|i| u64::from_lanes(&core::array::from_fn(|lane| input(bit as u32, lane)), i))
            });
            let mut s = zero();
            substitute(&x, &mut s);
            for key in 0..TILE {
                for entry in 0..16 {
                    let bit = |bit: usize| (s[bit][key / 4] >> (16 * (key % 4) + entry) & 1) as u8;
                    let value = (0..8).fold(0, |value, number| value | bit(number) << number);
                    assert_eq!(value ^ LEFT_OUT, S_BOX[row << 4 | entry ^ key]);
                }
            }
        }
    }

    #[test]
    fn masks_in_planes_are_those_of_the_filter() {
        let word = |number: u32| (number + 1).wrapping_mul(0x9e37_79b9);
        let mut words: Words<u64, N> = core::array::from_fn(|bit| {
            core::array::from_fn(|i| {
                let lanes = core::array::from_fn(|lane| {
                    (0..16)
                        .fold(0, |bits, entry| bits | ((word((lane * 16 + entry) as u32) >> bit & 1) as u16) << entry)
                });
                u64::from_lanes(&lanes, i)
            })
        });
        let mut masks = [[0; N]; 32];
        self::masks(&words, &mut masks);
        let (masks, words) = (transpose(&mut masks), transpose(&mut words));
        for (number, key) in (0..).zip(0..TILE * 16) {
            let (key, entry) = (key / 16, key % 16);
            assert_eq!(words[16 * (key % 2) + entry][key / 2], word(number));
            assert_eq!(masks[16 * (key % 2) + entry][key / 2], crate::arch::filter::mask(word(number)));
        }
    }
}
