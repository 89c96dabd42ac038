//! The kernels: from sixteen keys to the identifiers among theirs that may have been heard.
//!
//! This page explains the algorithm. Each instruction set has a folder with the same file names (those that it has a
//! part in); two of them can be read side by side. Nothing here knows what a sighting, a match or a file is.
//!
//! ```text
//!  sixteen keys ──hash.rs──> sixteen identifier keys ──search.rs──> rows of sixteen identifiers ──> candidates
//!                  HKDF                                   AES            probe of a Filter
//! ```
//!
//! # Vectors, for those who have not met them
//!
//! A vector register is a short array that the CPU treats as one value: of 512 bits, it holds sixteen 32-bit numbers,
//! or four blocks of AES. Its elements are called *lanes*. One instruction does the same to all lanes (adds them to
//! those of another register, or does a round of AES on each block) in about the time that it takes for one. So the art
//! is to find many equal things to do: here, the same step for sixteen keys, or the same round for many intervals of
//! one key. What is awkward is to move data between lanes (a *shuffle*, or of rows and columns a *transpose*), to do
//! something in one lane alone, and to load from a different address for each lane (a *gather*). A file here that seems
//! hard is easier beside its sibling in `portable`, which hashes with plain numbers, and searches with numbers whose
//! bits are lanes.
//!
//! # Hash: a key to its identifier key
//!
//! HKDF-SHA256 of a published key is six compressions of SHA-256, the same six for every key (see `keys::sha256`):
//!
//! ```text
//! inner  = compress(EXTRACT_INNER, key  || padding)          the states after HMAC's pads are constants
//! prk    = compress(EXTRACT_OUTER, inner || padding)
//! inner  = compress(compress(INITIAL, prk ^ ipad), INFO)     INFO is a constant block, its schedule too
//! rpik   = compress(compress(INITIAL, prk ^ opad), inner || padding), first 16 bytes
//! ```
//!
//! Keys do not depend on each other. So a vector register holds the same word of as many keys as it has lanes, and one
//! instruction does one step for all of them (`lanes.rs`). Where the CPU has instructions for SHA-256 itself, those
//! take four keys at a time (two on ARM), so that each fills the waiting times of the others.
//!
//! # Search: an identifier key to candidates
//!
//! `RPI(j) = AES(rpik, "EN-RPI" || 0^6 || u32le(j))`. A *row* is sixteen consecutive intervals, the first a multiple of
//! 16; a key of a day whose start is one too has nine. What makes a row cheap:
//!
//! 1. **Round 1 is a table.** Within 256 aligned intervals only byte 12 of the input changes. The state after round 1
//!    is therefore a constant of the key (`first_state`) xor what that byte contributes: an entry of a table of 4 KiB
//!    that is the same for all keys, at `byte ^ key byte` ([`aes::FIRST_ROUND`]). For a row these are sixteen
//!    neighbouring entries, in an order permuted by the low four bits of the key's byte: entry `i` belongs to interval
//!    `first + (i ^ (key byte & 15))`. The order does not matter until something is found.
//! 2. **Rounds 2 to 8** are AES as it is, on whole registers of blocks.
//! 3. **Rounds 9 and 10 are packed four to one.** A probe needs 32 bits of an identifier, and may choose which. Bytes
//!    0, 13, 10 and 7 (its [`word`]) come, by `ShiftRows`, from column 0 of the state after round 9, and that column
//!    from the diagonal bytes 0, 5, 10 and 15 of the state after round 8. Rounds commute with a rotation of all
//!    columns. So of four blocks, rotated by 0, 1, 2 and 3 columns, the four diagonals fit together into one block, and
//!    one round 9 and one round 10 serve all four. Column 0 of round key 9 stands in all four columns, and bytes 0, 13,
//!    10 and 7 of round key 10 in each.
//! 4. **The probe looks at one slot.** Each word is looked up in a [`Filter`]: one load, one test. A word that passes
//!    makes a [`Candidate`]. There is one for 65 keys at 10,000 sightings, and one for three keys at a million
//!    (computed); nearly all are wrong. The caller looks them up in its index, and derives those that are there once
//!    more, whole, in another way.
//! 5. **Many keys meet one filter.** The sightings of a long stretch of time have several filters, each for some rows:
//!    a [`Part`]. A search takes up to a thousand keys and goes through the parts, so that one filter at a time has to
//!    be in the cache. Kernels for x86-64 prepare what the rows of each key need, and within a part go through all keys
//!    row by row. Those for ARM go through it tile by tile. Kernels on bit planes take each tile through all parts: to
//!    prepare it costs them as much as half a row of each key, and to wait for a slot costs little beside their rounds.
//!
//! Without instructions for AES the rounds are AND and XOR on bit planes: one bit of one byte of 256 blocks, a row of
//! each key of a tile (`sliced.rs`). That is the tier `portable`, where the widest plain number is a part of a plane,
//! and WebAssembly's, where a vector is. Points 1 and 3 save even more there: a byte that does not vary, or that nobody
//! asks for, costs nothing.
//!
//! # Tiers
//!
//! A [`Tier`] is a way to hash and a way to search, each with a value that proves that the CPU has what they need: the
//! only way to make such a value is to ask the CPU. So each kernel is safe code inside, compiled for its instructions,
//! and has one `unsafe` call at its door: in `doors.rs`, or in `x86_64/sha_ni/mod.rs`, which asks for two proofs.
//! Beside the doors `unsafe` is three things: loads, stores and gathers, in files named `memory.rs`; blocks of
//! assembly, in `x86_64/rows.rs` and `x86_64/sha_ni/hash.rs`; and `cpuid`, in `x86_64/mod.rs`.
//!
//! Published keys and heard identifiers are public: tables are indexed by their bytes. A device's own keys do not get
//! here.
#![allow(unsafe_code)] // allowed only here
#![cfg_attr(not(any(target_arch = "x86_64", target_arch = "aarch64")), allow(unused))] // what vector kernels share

#[cfg(target_arch = "aarch64")]
mod aarch64;
mod aes;
mod detect;
mod doors;
mod filter;
mod lanes;
mod portable;
mod sliced;
#[cfg(test)]
mod tests;
mod tier;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm32;
#[cfg(target_arch = "x86_64")]
mod x86_64;

pub use filter::Probe;
pub(crate) use filter::{Filter, word};
pub(crate) use tier::{Kernels, PLANE_ROWS, Space};
pub use tier::{Tier, UnknownTier};

/// Keys in a tile. All kernels take as many, whatever number their registers hold.
pub(crate) const TILE: usize = 16;

/// Intervals in a row.
pub(crate) const ROW: u32 = 16;

/// What to search of one key: some of the 32 rows from `first_row` on, the last at most fifteen after the first.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Job {
    /// The row of bit 0. Its first interval is sixteen times as much.
    pub(crate) first_row: u32,
    /// The rows to search, one bit each.
    pub(crate) rows: u32,
}

impl Job {
    /// Those of its rows that a part answers for, in their order.
    fn rows_in(&self, part: Part<'_>) -> impl Iterator<Item = u32> {
        let rows = self.rows & part.rows;
        let bits = (0..u32::BITS).filter(move |bit| rows >> bit & 1 == 1);
        bits.map(move |bit| self.first_row.wrapping_add(bit))
    }
}

/// A filter, and the rows of each job that it answers for, one bit each.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'a> {
    /// What may have been heard in these rows.
    pub(crate) filter: &'a Filter,
    /// The rows, counted from each job's first.
    pub(crate) rows: u32,
}

/// An identifier of which the filter says that it may have been heard.
///
/// Whole rows are searched: its interval may lie outside of the key's window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Candidate {
    /// The number of its job.
    pub(crate) job: usize,
    /// Its interval.
    pub(crate) interval: u32,
    /// Its [`word`].
    pub(crate) word: u32,
}
