//! The search of keys, in registers of one, two or four blocks.
//!
//! The module that invokes [`rows!`] brings a register `V` of `LANES` blocks, and `QUADS`: how many times four registers
//! are worked on at a time. It also brings what its instructions make of
//!
//! - `load`, `store` and `store_words`, between a register and memory;
//! - `broadcast`, `xor`, `aesenc` and `aesenclast`, each on all blocks of a register, and `rounds`, seven of them on each
//!   register of `QUADS` times four;
//! - `transpose` and `substitute`, of which key schedules are made;
//! - `pack`, four registers of blocks to the one whose last rounds serve all of them, and `order`, the words of that one
//!   in the order of the registers.
//!
//! The macro writes the algorithm around them, once for all widths: `prepare` keys, then a `row` of one. See the
//! explanation in [`arch`](crate::arch). [`by_rows!`] goes through the rows of many keys.

use alloc::vec::Vec;

use crate::arch::{Candidate, Filter, Job, TILE};

/// What the rows of one key need: three lines of the cache.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C, align(64))]
pub(in crate::arch) struct State {
    /// Round keys 2 to 8.
    pub(super) round_keys: [[u8; 16]; 7],
    /// Column 0 of round key 9 in all columns.
    pub(super) packed_9: [u8; 16],
    /// Bytes 0, 13, 10 and 7 of round key 10 in all columns.
    pub(super) packed_10: [u8; 16],
    /// The state after the first round but for what byte 12 contributes. A row's number but for its lower four bits says
    /// which: `high`, or one more.
    pub(super) constants: [[u8; 16]; 2],
    pub(super) job: Job,
    pub(super) high: u32,
    /// Byte 12 of the key.
    pub(super) key_byte: u32,
}

impl State {
    /// The constant of a row.
    #[inline(always)]
    pub(super) fn constant(&self, row: u32) -> &[u8; 16] {
        let [constant, next] = &self.constants;
        if row >> 4 == self.high { constant } else { next }
    }

    /// Where the entries of a row stand among the rows of the table for round 1.
    #[inline(always)]
    pub(super) fn entries(&self, row: u32) -> usize {
        ((row ^ self.key_byte >> 4) & 15) as usize
    }
}

/// Words of a row that wait for their probe, in the order of the registers. Aligned, so that no register that is stored
/// here spans two lines of the cache.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(super) struct Pending {
    pub(super) words: [u32; TILE],
    pub(super) masks: [u32; TILE],
}

impl Pending {
    pub(super) const NOTHING: Self = Self { words: [0; TILE], masks: [0; TILE] };
}

/// Adds those words of a row that may have been heard.
#[cold]
#[inline(never)]
#[allow(clippy::cast_possible_truncation)] // an entry is less than sixteen
pub(super) fn push<const LANES: usize>(
    candidates: &mut Vec<Candidate>,
    filter: &Filter,
    words: &[u32; TILE],
    state: &State,
    (job, row): (usize, u32),
) {
    for (at, word) in words.iter().enumerate() {
        if filter.may_contain(*word) {
            let (register, lane, block) = (at / (4 * LANES), at / 4 % LANES, at % 4);
            let entry = (register * 4 + block) * LANES + lane;
            let interval = row << 4 | (entry as u32 ^ state.key_byte & 15);
            candidates.push(Candidate { job, interval, word: *word });
        }
    }
}

macro_rules! rows {
    ($(#[$attr:meta])*) => {
        use alloc::vec::Vec;
        use core::arch::x86_64::{
            __m128i, _mm_aesenc_si128, _mm_set_epi32, _mm_set1_epi32, _mm_shuffle_epi8, _mm_shuffle_epi32, _mm_xor_si128,
        };

        use $crate::arch::aes::{FIRST_ROUND, double};
        use $crate::arch::x86_64::memory::{block, store_block};
        use $crate::arch::x86_64::rows::{State, push};
        use $crate::arch::{Candidate, Job, Part, TILE};

        /// Registers for a word of each block of a row.
        const PACKED: usize = TILE / (4 * LANES);

        /// The words of a row. Those of four registers of blocks are in one, and those of the first blocks of these four in
        /// its first lane.
        type Words = [V; PACKED];

        /// The round keys of sixteen keys. Aligned, so that no register that is stored here spans two cache lines: the loads
        /// that follow would have to wait.
        #[repr(align(64))]
        struct Schedules([[[u8; 16]; TILE]; 11]);

        /// The schedules of sixteen keys, as many at once as there are words in a register.
        $(#[$attr])*
        #[inline]
        fn write_schedules(rpiks: &[[u8; 16]; TILE], Schedules(schedules): &mut Schedules) {
            schedules[0] = *rpiks;
            for first in (0..TILE / LANES).step_by(4) {
                let keys = rpiks.as_chunks::<LANES>().0;
                let [mut a, mut b, mut c, mut d] = transpose([
                    load(&keys[first]),
                    load(&keys[first + 1]),
                    load(&keys[first + 2]),
                    load(&keys[first + 3]),
                ]);
                let mut constant = 1;
                for round_keys in &mut schedules[1..] {
                    a = xor(a, substitute(d, constant));
                    b = xor(b, a);
                    c = xor(c, b);
                    d = xor(d, c);
                    let round_keys = &mut round_keys.as_chunks_mut::<LANES>().0[first..first + 4];
                    for (round_keys, register) in round_keys.iter_mut().zip(transpose([a, b, c, d])) {
                        store(round_keys, register);
                    }
                    constant = double(constant);
                }
            }
        }

        /// Prepares the keys of these jobs, which come in tiles.
        $(#[$attr])*
        pub(super) fn prepare(rpiks: &[[[u8; 16]; TILE]], jobs: &[Job], states: &mut Vec<State>) {
            states.resize(jobs.len(), State::default());
            let mut schedules = Schedules([[[0; 16]; TILE]; 11]);
            for ((rpiks, jobs), states) in rpiks.iter().zip(jobs.chunks(TILE)).zip(states.chunks_mut(TILE)) {
                write_schedules(rpiks, &mut schedules);
                for (number, (job, state)) in jobs.iter().zip(states).enumerate() {
                    let key = |round: usize| block(&schedules.0[round][number]);
                    for (to, round) in state.round_keys.iter_mut().zip(2..) {
                        store_block(to, key(round));
                    }
                    store_block(&mut state.packed_9, _mm_shuffle_epi32::<0>(key(9)));
                    let packed_10 = _mm_shuffle_epi8(key(10), _mm_set1_epi32(0x070a_0d00));
                    store_block(&mut state.packed_10, packed_10);
                    state.job = *job;
                    state.high = job.first_row.wrapping_add(job.rows.trailing_zeros()) >> 4;
                    state.key_byte = rpiks[number][12].into();
                    for (constant, high) in state.constants.iter_mut().zip(state.high..) {
                        store_block(constant, first_state(key(0), key(1), high, rpiks[number][12]));
                    }
                }
            }
        }

        /// The state after the first round but for what byte 12 contributes.
        $(#[$attr])*
        #[inline]
        fn first_state(key_0: __m128i, key_1: __m128i, high: u32, key_byte: u8) -> __m128i {
            let start = _mm_set_epi32((high << 8).cast_signed(), 0, 0x4950, 0x522d_4e45);
            let state = _mm_aesenc_si128(_mm_xor_si128(start, key_0), key_1);
            _mm_xor_si128(state, block(&FIRST_ROUND.0[usize::from(key_byte)]))
        }

        /// The packed words of a row.
        $(#[$attr])*
        #[inline]
        fn row(state: &State, row: u32) -> Words {
            let zero = broadcast(_mm_set1_epi32(0));
            let mut round_keys = [zero; 7];
            for (wide, key) in round_keys.iter_mut().zip(&state.round_keys) {
                *wide = broadcast(block(key));
            }
            let constant = broadcast(block(state.constant(row)));
            let (packed_9, packed_10) = (broadcast(block(&state.packed_9)), broadcast(block(&state.packed_10)));
            let entries = &FIRST_ROUND.rows()[state.entries(row)];
            let mut packed = [zero; PACKED];
            let entries = entries.as_chunks::<LANES>().0.as_chunks::<4>().0.as_chunks::<QUADS>().0;
            for (packed, entries) in packed.as_chunks_mut::<QUADS>().0.iter_mut().zip(entries) {
                let mut blocks = [[zero; 4]; QUADS];
                for (block, entry) in blocks.as_flattened_mut().iter_mut().zip(entries.as_flattened()) {
                    *block = xor(load(entry), constant);
                }
                rounds(&mut blocks, &round_keys);
                for (packed, blocks) in packed.iter_mut().zip(blocks) {
                    *packed = aesenclast(aesenc(pack(blocks), packed_9), packed_10);
                }
            }
            packed
        }
    };
}
pub(super) use rows;

/// Rows that are encrypted between those of a row and its probe.
///
/// A row is some 190 instructions with a dependent chain of 80 cycles, and a CPU looks ahead some 256. If the probe of a
/// row stood right after its rounds, the CPU could not begin the next rows before that chain ends.
pub(super) const LATE: usize = 3;

/// Goes through the keys row by row, so that all keys meet one filter after the other. The module also brings `Slots`, a
/// filter; `pending`, which stores the words of a row for their probe; `any_heard`, that probe; and `any_heard_at_once`,
/// the same for words in registers.
macro_rules! by_rows {
    ($(#[$attr:meta])*) => {
        /// See [`arch`](crate::arch).
        $(#[$attr])*
        pub(super) fn search<const GATHER: bool>(states: &[State], part: Part<'_>, candidates: &mut Vec<Candidate>) {
            use $crate::arch::x86_64::rows::{LATE, Pending};

            const RING: usize = (LATE + 1).next_power_of_two();

            let slots = Slots::new(part.filter);
            let mut ring = [Pending::NOTHING; RING];
            let mut rows = [(0, 0); RING];
            let mut done = 0;
            for bit in (0..u32::BITS).filter(|bit| part.rows >> bit & 1 == 1) {
                for (number, state) in states.iter().enumerate() {
                    if state.job.rows >> bit & 1 == 0 {
                        continue;
                    }
                    let number_row = state.job.first_row.wrapping_add(bit);
                    let words = row(state, number_row);
                    if GATHER {
                        if any_heard_at_once(slots, words) {
                            pending(&mut ring[0], words);
                            push::<LANES>(candidates, part.filter, &ring[0].words, state, (number, number_row));
                        }
                        continue;
                    }
                    if done >= LATE {
                        let late = (done - LATE) % RING;
                        if any_heard(slots, &ring[late]) {
                            let (number, row) = rows[late];
                            push::<LANES>(candidates, part.filter, &ring[late].words, &states[number], (number, row));
                        }
                    }
                    pending(&mut ring[done % RING], words);
                    rows[done % RING] = (number, number_row);
                    done += 1;
                }
            }
            for late in (done.saturating_sub(LATE)..done).map(|row| row % RING) {
                if any_heard(slots, &ring[late]) {
                    let (number, row) = rows[late];
                    push::<LANES>(candidates, part.filter, &ring[late].words, &states[number], (number, row));
                }
            }
        }
    };
}
pub(super) use by_rows;

/// Seven rounds of eight registers, in turn. As one block of assembly, for two reasons: the compiler would put the rounds
/// of one register after those of another, and it would move them behind the sixteen branches of the probe that follows,
/// where a CPU finds them too late. That cost 215 of 740 cycles a key on Zen 3.
macro_rules! rounds_in_turn {
    ($(#[$attr:meta])* $register:ident, $instruction:ident) => {
        $(#[$attr])*
        #[inline]
        fn rounds(blocks: &mut [[V; 4]; QUADS], keys: &[V; 7]) {
            use $crate::arch::x86_64::rows::of_eight;

            const { assert!(QUADS == 2) };
            let [[a, b, c, d], [e, f, g, h]] = blocks;
            // SAFETY: the instructions change nothing but these registers.
            unsafe {
                core::arch::asm!(
                    of_eight!($instruction, "k0"),
                    of_eight!($instruction, "k1"),
                    of_eight!($instruction, "k2"),
                    of_eight!($instruction, "k3"),
                    of_eight!($instruction, "k4"),
                    of_eight!($instruction, "k5"),
                    of_eight!($instruction, "k6"),
                    a = inout($register) *a,
                    b = inout($register) *b,
                    c = inout($register) *c,
                    d = inout($register) *d,
                    e = inout($register) *e,
                    f = inout($register) *f,
                    g = inout($register) *g,
                    h = inout($register) *h,
                    k0 = in($register) keys[0],
                    k1 = in($register) keys[1],
                    k2 = in($register) keys[2],
                    k3 = in($register) keys[3],
                    k4 = in($register) keys[4],
                    k5 = in($register) keys[5],
                    k6 = in($register) keys[6],
                    options(nomem, nostack, preserves_flags),
                );
            }
        }
    };
}
pub(super) use rounds_in_turn;

/// One round of each of the eight.
macro_rules! of_eight {
    ($instruction:ident, $key:literal) => {
        concat!(
            $instruction!("a", $key),
            $instruction!("b", $key),
            $instruction!("c", $key),
            $instruction!("d", $key),
            $instruction!("e", $key),
            $instruction!("f", $key),
            $instruction!("g", $key),
            $instruction!("h", $key),
        )
    };
}
pub(super) use of_eight;

/// A round in the encoding of AVX.
macro_rules! aesenc_avx {
    ($block:literal, $key:literal) => {
        concat!("vaesenc {", $block, "}, {", $block, "}, {", $key, "}\n")
    };
}
pub(super) use aesenc_avx;

/// A round in the encoding of SSE.
macro_rules! aesenc_sse {
    ($block:literal, $key:literal) => {
        concat!("aesenc {", $block, "}, {", $key, "}\n")
    };
}
pub(super) use aesenc_sse;
