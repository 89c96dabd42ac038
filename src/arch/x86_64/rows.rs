//! The search of keys, in registers of one, two or four blocks.
//!
//! The module that invokes [`rows!`] brings a register `V` of `LANES` blocks, and `QUADS`: how many times four
//! registers are worked on at a time. It also brings what its instructions make of
//!
//! - `load`, `store` and `store_words`, between a register and memory;
//! - `broadcast`, `xor`, `aesenc` and `aesenclast`, each on all blocks of a register;
//! - `rounds`, the first eight on `QUADS` times four registers, with the probe of an earlier row between them;
//! - `transpose` and `substitute`, of which key schedules are made;
//! - `pack`, four registers of blocks to the one whose last rounds serve all of them, and `order`, the words of that
//!   one in the order of the registers.
//!
//! The macros write the algorithm around them, once for all widths: [`states!`] prepares keys, [`rows!`] encrypts a row
//! of one, and [`by_rows!`] goes through the rows of many keys. See the explanation in [`arch`](crate::arch).

use alloc::vec::Vec;
use core::arch::x86_64::{__m128i, _mm_aesenc_si128, _mm_set_epi32, _mm_xor_si128};

use crate::arch::aes::FIRST_ROUND;
use crate::arch::x86_64::memory::block;
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
    /// The state after the first round but for what byte 12 contributes. A row's number but for its lower four bits
    /// says which: `high`, or one more.
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

/// Adds those words of a row that may have been heard: a row of a job with its number, if there is one.
#[cold]
#[inline(never)]
#[allow(clippy::cast_possible_truncation)] // an entry is less than sixteen
pub(super) fn push<const LANES: usize>(
    candidates: &mut Vec<Candidate>,
    filter: &Filter,
    Pending { words, masks }: &Pending,
    states: &[State],
    row: Option<(usize, u32)>,
) {
    let Some((job, row)) = row else { return };
    let slots = filter.slots();
    for (at, (word, mask)) in words.iter().zip(masks).enumerate() {
        if slots[*word as usize & (slots.len() - 1)] & mask == 0 {
            let (register, lane, block) = (at / (4 * LANES), at / 4 % LANES, at % 4);
            let entry = (register * 4 + block) * LANES + lane;
            let interval = row << 4 | (entry as u32 ^ states[job].key_byte & 15);
            candidates.push(Candidate { job, interval, word: *word });
        }
    }
}

/// Writes `prepare`: what rows need of keys. A module may invoke this together with [`rows!`].
macro_rules! states {
    ($(#[$attr:meta])*) => {
        /// The round keys of sixteen keys. Aligned, so that no register that is stored here spans two cache lines: the
        /// loads that follow would have to wait.
        #[repr(align(64))]
        struct Schedules([[[u8; 16]; $crate::arch::TILE]; 11]);

        /// The schedules of sixteen keys, as many at once as there are words in a register.
        $(#[$attr])*
        #[inline]
        fn write_schedules(rpiks: &[[u8; 16]; $crate::arch::TILE], Schedules(schedules): &mut Schedules) {
            schedules[0] = *rpiks;
            for first in (0..rpiks.len() / LANES).step_by(4) {
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
                    constant = $crate::arch::aes::double(constant);
                }
            }
        }

        /// Prepares the keys of these jobs, which come in tiles.
        $(#[$attr])*
        pub(super) fn prepare(
            rpiks: &[[[u8; 16]; $crate::arch::TILE]],
            jobs: &[$crate::arch::Job],
            states: &mut alloc::vec::Vec<$crate::arch::x86_64::State>,
        ) {
            use core::arch::x86_64::{_mm_set1_epi32, _mm_shuffle_epi8, _mm_shuffle_epi32};

            use $crate::arch::TILE;
            use $crate::arch::x86_64::State;
            use $crate::arch::x86_64::memory::{block, store_block};
            use $crate::arch::x86_64::rows::first_state;

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
    };
}
pub(super) use states;

/// The state after the first round but for what byte 12 contributes.
#[target_feature(enable = "aes")]
#[inline]
pub(super) fn first_state(key_0: __m128i, key_1: __m128i, high: u32, key_byte: u8) -> __m128i {
    let start = _mm_set_epi32((high << 8).cast_signed(), 0, 0x4950, 0x522d_4e45);
    let state = _mm_aesenc_si128(_mm_xor_si128(start, key_0), key_1);
    _mm_xor_si128(state, block(&FIRST_ROUND.0[usize::from(key_byte)]))
}

/// Writes `row`, which encrypts one.
macro_rules! rows {
    ($(#[$attr:meta])*) => {
        use alloc::vec::Vec;

        use $crate::arch::aes::FIRST_ROUND;
        use $crate::arch::x86_64::memory::block;
        use $crate::arch::x86_64::rows::{Late, State, push};
        use $crate::arch::{Candidate, Part, TILE};

        /// Registers for a word of each block of a row.
        const PACKED: usize = TILE / (4 * LANES);

        /// The words of a row. Those of four registers of blocks are in one, and those of the first blocks of these
        /// four in its first lane.
        type Words = [V; PACKED];

        /// The packed words of a row. Between its rounds, `late` probes the words of an earlier one.
        $(#[$attr])*
        #[inline]
        fn row(state: &State, row: u32, late: &mut Late<'_>) -> Words {
            let (packed_9, packed_10) = (broadcast(block(&state.packed_9)), broadcast(block(&state.packed_10)));
            let entries = &FIRST_ROUND.rows()[state.entries(row)];
            let mut packed = [packed_9; PACKED];
            let entries = entries.as_chunks::<LANES>().0.as_chunks::<4>().0.as_chunks::<QUADS>().0;
            let first_words = (0..).step_by(4 * LANES * QUADS);
            for ((packed, entries), first) in packed.as_chunks_mut::<QUADS>().0.iter_mut().zip(entries).zip(first_words) {
                let quads = rounds(state, state.constant(row), entries, late, first);
                for (packed, blocks) in packed.iter_mut().zip(quads) {
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
/// A row is some 190 instructions with a dependent chain of 80 cycles, and a CPU looks ahead some 256. If the probe of
/// a row stood right after its rounds, the CPU could not begin the next rows before that chain ends.
pub(super) const LATE: usize = 3;

/// A row that waited for its probe.
pub(super) struct Late<'a> {
    pub(super) slots: &'a [u32],
    /// The words and masks of the row.
    pub(super) pending: &'a Pending,
    /// Whether one of the words may have been heard.
    pub(super) found: bool,
}

impl Late<'_> {
    /// For rows that are probed at once.
    pub(super) const NONE: Self = Self { slots: &[], pending: &Pending::NOTHING, found: false };
}

/// Goes through the keys row by row, so that all keys meet one filter after the other. The module also brings
/// `pending`, which stores the words of a row for their probe.
macro_rules! by_rows {
    ($(#[$attr:meta])*) => {
        /// See [`arch`](crate::arch).
        $(#[$attr])*
        pub(super) fn search(states: &[State], part: Part<'_>, candidates: &mut Vec<Candidate>) {
            use $crate::arch::x86_64::rows::{LATE, Pending};

            const RING: usize = LATE + 1;

            let slots = part.filter.slots();
            let mut ring = [Pending::NOTHING; RING];
            let mut rows = [None; RING];
            let mut at = 0;
            for bit in (0..u32::BITS).filter(|bit| part.rows >> bit & 1 == 1) {
                for (number, state) in states.iter().enumerate() {
                    if state.job.rows >> bit & 1 == 0 {
                        continue;
                    }
                    let state_row = state.job.first_row.wrapping_add(bit);
                    let late = (at + 1) % RING;
                    let mut probe = Late { slots, pending: &ring[late], found: false };
                    let words = row(state, state_row, &mut probe);
                    if probe.found {
                        push::<LANES>(candidates, part.filter, &ring[late], states, rows[late]);
                    }
                    pending(&mut ring[at], words);
                    rows[at] = Some((number, state_row));
                    at = late;
                }
            }
            for (pending, row) in ring.iter().zip(rows).cycle().skip(at + 1).take(LATE) {
                push::<LANES>(candidates, part.filter, pending, states, row);
            }
        }
    };
}
pub(super) use by_rows;

/// Eight rounds of these registers, in turn, and between them the probe of an earlier row, by integer instructions:
/// those for vectors go through the ports that AES needs.
///
/// As one block of assembly, for three reasons. The compiler would put the rounds of one register after those of
/// another. It would move them behind the sixteen branches of the probe, where a CPU finds them too late. And it would
/// hold all round keys in registers, and then spill them. That cost 200 of 670 cycles a key on Zen 3.
///
/// After the encoding come the registers in fours, each with its number, then the seven round keys, each with the
/// numbers of the words that are probed after its round, counted from the `first` that these registers probe.
macro_rules! rounds_in_turn {
    ($(#[$attr:meta])* $register:ident, $instructions:ident, $blocks:tt, $($rounds:tt)+) => {
        rounds_in_turn!(@ [$(#[$attr])*] $register, $instructions, $blocks, $blocks, $($rounds)+);
    };
    (
        @ [$(#[$attr:meta])*] $register:ident, $instructions:ident,
        [$([$($block:ident $at:literal)+])+], $blocks:tt,
        $([$key:literal $($number:literal)*])+
    ) => {
        $(#[$attr])*
        #[inline]
        fn rounds(
            state: &State,
            constant: &[u8; 16],
            entries: &[[[[u8; 16]; LANES]; 4]; QUADS],
            late: &mut Late<'_>,
            first: usize,
        ) -> [[V; 4]; QUADS] {
            use $crate::arch::x86_64::rows::{found, probe, round};

            let [$([$($block),+]),+]: [[V; 4]; QUADS];
            let found: u32;
            // SAFETY: seven round keys, of 16 bytes each, stand at the beginning of the state, which is aligned to 64
            // bytes. The constant has 16 bytes, and the entries are as large as all registers, and aligned to one of
            // them, since the table is aligned to 64 bytes. The words and masks are those of a row. There are as many
            // slots as a power of two, and no word that was cut to its bits is greater than the last place. Nothing is
            // written but registers.
            unsafe {
                core::arch::asm!(
                    $instructions!(key "{constant}"),
                    $($($instructions!(begin $block $at),)+)+
                    $(round!($instructions $key $blocks), $(probe!($instructions $number),)*)+
                    "jmp 4f",
                    $($(found!($number),)*)+
                    "4:",
                    size = const size_of::<V>(),
                    state = in(reg) &raw const state.round_keys,
                    constant = inout(reg) constant => _,
                    entries = in(reg) entries,
                    late = in(reg) core::ptr::from_ref(late.pending).cast::<u32>().wrapping_add(first),
                    slots = in(reg) late.slots.as_ptr(),
                    cut = in(reg) $instructions!(cut late.slots),
                    found = inout(reg) 0_u32 => found,
                    key = out($register) _,
                    $($($block = out($register) $block,)+)+
                    options(readonly, nostack),
                );
            }
            late.found |= found != 0;
            [$([$($block),+]),+]
        }
    };
}
pub(super) use rounds_in_turn;

/// The instructions that are the same for registers of any width, where AVX and BMI2 are there.
macro_rules! vex {
    (round $block:ident) => {
        concat!("vaesenc {", stringify!($block), "}, {", stringify!($block), "}, {key}\n")
    };
    (place $number:literal) => {
        concat!("bzhi {constant:e}, dword ptr [{late} + 4 * ", $number, "], {cut:e}\n")
    };
    (cut $slots:expr) => {
        $slots.len().trailing_zeros()
    };
}
pub(super) use vex;

/// One round of each register.
macro_rules! round {
    ($instructions:ident $key:literal [$([$($block:ident $at:literal)+])+]) => {
        concat!($instructions!(key $key), $($($instructions!(round $block),)+)+)
    };
}
pub(super) use round;

/// The probe of one word, in the register of the constant, which is no longer needed.
macro_rules! probe {
    ($instructions:ident $number:literal) => {
        concat!(
            $instructions!(place $number),
            "mov {constant:e}, dword ptr [{slots} + 4 * {constant}]\n",
            "test dword ptr [{late} + 64 + 4 * ", $number, "], {constant:e}\n",
            "jz 2", $number, "f\n",
            "3", $number, ":\n",
        )
    };
}
pub(super) use probe;

/// Where the probe of a word goes when the word may have been heard, and comes back from.
macro_rules! found {
    ($number:literal) => {
        concat!("2", $number, ":\n", "mov {found:e}, 1\n", "jmp 3", $number, "b\n")
    };
}
pub(super) use found;
