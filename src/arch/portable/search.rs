//! The rows of keys by look-up tables. Here rounds are not alike: a table look-up costs the same for one byte as for
//! none, so every byte that is known not to vary saves one. Of 160 look-ups an identifier, 109 are left.

use alloc::vec::Vec;

use crate::arch::aes::{FIRST_ROUND, S_BOX, TABLES, double};
use crate::arch::{Candidate, Job, Part, ROW, TILE};

/// The columns of a block, each a little-endian number.
type Columns = [u32; 4];

/// See [`arch`](crate::arch).
pub(in crate::arch) fn search(rpiks: &[[u8; 16]; TILE], jobs: &[Job], part: Part<'_>, candidates: &mut Vec<Candidate>) {
    for (number, (rpik, job)) in rpiks.iter().zip(jobs).enumerate() {
        if job.rows & part.rows == 0 {
            continue;
        }
        let key = Key::new(rpik);
        let mut constants = None;
        for row in job.rows_in(part) {
            let first = row * ROW;
            // The three high bytes of the interval are part of the constants.
            let constants = match constants {
                Some((high, known)) if high == first >> 8 => known,
                _ => constants.insert((first >> 8, key.second_round(first & !0xff))).1,
            };
            for interval in first..=first + (ROW - 1) {
                let word = key.word(constants, interval.to_le_bytes()[0]);
                if part.filter.may_contain(word) {
                    candidates.push(Candidate { job: number, interval, word });
                }
            }
        }
    }
}

/// The round keys of one key.
struct Key([Columns; 11]);

/// The byte of a column in this row.
#[inline(always)]
fn byte(column: u32, row: u32) -> usize {
    (column >> (8 * row)) as usize & 0xff
}

impl Key {
    fn new(key: &[u8; 16]) -> Self {
        let [k0, k1, k2, k3] =
            [0, 1, 2, 3].map(|i| u32::from_le_bytes([key[4 * i], key[4 * i + 1], key[4 * i + 2], key[4 * i + 3]]));
        let mut keys = [[k0, k1, k2, k3]; 11];
        let mut constant = 1;
        for i in 1..11 {
            let [a, b, c, d] = keys[i - 1];
            let s = |row| u32::from(S_BOX[byte(d, row)]);
            let a = a ^ s(1) ^ s(2) << 8 ^ s(3) << 16 ^ s(0) << 24 ^ u32::from(constant);
            let b = b ^ a;
            let c = c ^ b;
            keys[i] = [a, b, c, d ^ c];
            constant = double(constant);
        }
        Self(keys)
    }

    /// One round.
    #[inline(always)]
    fn round([a, b, c, d]: Columns, [k0, k1, k2, k3]: Columns) -> Columns {
        let column =
            |a, b, c, d| TABLES[0][byte(a, 0)] ^ TABLES[1][byte(b, 1)] ^ TABLES[2][byte(c, 2)] ^ TABLES[3][byte(d, 3)];
        [column(a, b, c, d) ^ k0, column(b, c, d, a) ^ k1, column(c, d, a, b) ^ k2, column(d, a, b, c) ^ k3]
    }

    /// What does not vary of the state after the second round, among the 256 intervals from this one: of the state after
    /// the first, only the last column does. And that column, but for what byte 12 contributes.
    fn second_round(&self, first: u32) -> (Columns, u32) {
        let [k0, k1, k2, k3] = self.0[0];
        let block = [0x522d_4e45 ^ k0, 0x4950 ^ k1, k2, first ^ k3];
        let [a, b, c, d] = Self::round(block, self.0[1]);
        let last = d ^ contribution(byte(k3, 0));
        let [k0, k1, k2, k3] = self.0[2];
        let constant = [
            TABLES[0][byte(a, 0)] ^ TABLES[1][byte(b, 1)] ^ TABLES[2][byte(c, 2)] ^ k0,
            TABLES[0][byte(b, 0)] ^ TABLES[1][byte(c, 1)] ^ TABLES[3][byte(a, 3)] ^ k1,
            TABLES[0][byte(c, 0)] ^ TABLES[2][byte(a, 2)] ^ TABLES[3][byte(b, 3)] ^ k2,
            TABLES[1][byte(a, 1)] ^ TABLES[2][byte(b, 2)] ^ TABLES[3][byte(c, 3)] ^ k3,
        ];
        (constant, last)
    }

    /// The word of the identifier of an interval with this low byte.
    #[inline(always)]
    fn word(&self, ([a, b, c, d], last): (Columns, u32), low: u8) -> u32 {
        let last = last ^ contribution(usize::from(low) ^ byte(self.0[0][3], 0));
        let mut state = [
            a ^ TABLES[3][byte(last, 3)],
            b ^ TABLES[2][byte(last, 2)],
            c ^ TABLES[1][byte(last, 1)],
            d ^ TABLES[0][byte(last, 0)],
        ];
        let [_, _, _, k3, k4, k5, k6, k7, k8, ..] = &self.0;
        state = Self::round(Self::round(Self::round(state, *k3), *k4), *k5);
        state = Self::round(Self::round(Self::round(state, *k6), *k7), *k8);
        let [a, b, c, d] = state;
        let column = TABLES[0][byte(a, 0)] ^ TABLES[1][byte(b, 1)] ^ TABLES[2][byte(c, 2)] ^ TABLES[3][byte(d, 3)];
        let column = column ^ self.0[9][0];
        let [k0, k1, k2, k3] = self.0[10];
        let s = |row| S_BOX[byte(column, row)];
        u32::from_le_bytes([s(0), s(1), s(2), s(3)]) ^ (k0 & 0xff | k3 & 0xff00 | k2 & 0xff_0000 | k1 & 0xff00_0000)
    }
}

/// What byte 12 of the block, xor the key's, contributes to the last column.
#[inline(always)]
fn contribution(byte: usize) -> u32 {
    let [.., a, b, c, d] = FIRST_ROUND.0[byte];
    u32::from_le_bytes([a, b, c, d])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// AES-128 by the schedule, the rounds and the S-box that identifiers are searched with.
    fn encrypt(key: &[u8; 16], block: &[u8; 16]) -> [u8; 16] {
        let block = core::array::from_fn(|i| u32::from_le_bytes(block.as_chunks::<4>().0[i]));
        let xor = |a: Columns, b: Columns| core::array::from_fn(|i| a[i] ^ b[i]);
        let Key([first, middle @ .., last]) = Key::new(key);
        let state = middle.into_iter().fold(xor(block, first), Key::round);
        let s = |column: usize, row| S_BOX[byte(state[column % 4], row)];
        let substituted =
            core::array::from_fn(|i| u32::from_le_bytes([s(i, 0), s(i + 1, 1), s(i + 2, 2), s(i + 3, 3)]));
        xor(substituted, last).map(u32::to_le_bytes).concat().try_into().unwrap()
    }

    #[test]
    fn the_tables_are_those_of_aes() {
        for [key, block, encrypted] in crate::keys::wycheproof::aes_128_blocks() {
            assert_eq!(encrypt(&key, &block), encrypted);
        }
    }
}
