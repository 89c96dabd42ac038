//! The search of sixteen keys, in registers of one, two or four blocks.
//!
//! The module that invokes [`search_in_rows!`] brings a register `V` of `LANES` blocks, and `QUADS`: how many times four
//! registers are worked on at a time. It also brings what its instructions make of
//!
//! - `load`, `store` and `words`, between a register and memory;
//! - `broadcast`, `xor`, `aesenc` and `aesenclast`, each on all blocks of a register;
//! - `transpose` and `substitute`, of which key schedules are made;
//! - `pack`, four registers of blocks to the one whose last rounds serve all of them, and `order`, the words of that one
//!   in the order of the registers;
//! - `Slots`, a filter, and `probe`, which takes from a set of lanes those whose packed words may be in it.
//!
//! The macro writes the algorithm around them, once for all widths. See the explanation in [`arch`](crate::arch).

macro_rules! search_in_rows {
    ($(#[$attr:meta])*) => {
        use alloc::vec::Vec;
        use core::arch::x86_64::{
            __m128i, _mm_aesenc_si128, _mm_set_epi32, _mm_set1_epi32, _mm_shuffle_epi8, _mm_shuffle_epi32, _mm_xor_si128,
        };

        use $crate::arch::aes::{FIRST_ROUND, double};
        use $crate::arch::x86_64::memory::block;
        use $crate::arch::{Candidate, Filter, Job, TILE};

        /// Registers for a word of each block of a row.
        const PACKED: usize = TILE / (4 * LANES);

        /// The words of a row. Those of four registers of blocks are in one, and those of the first blocks of these four in
        /// its first lane.
        type Words = [V; PACKED];

        /// The round keys of sixteen keys. Aligned, so that no register that is stored here spans two cache lines: the loads
        /// that follow would have to wait.
        #[repr(align(64))]
        struct Schedules([[[u8; 16]; TILE]; 11]);

        impl Schedules {
            /// Those of one key.
            $(#[$attr])*
            #[inline]
            fn of(&self, number: usize) -> [__m128i; 11] {
                let mut key = [_mm_set1_epi32(0); 11];
                for (key, round_keys) in key.iter_mut().zip(&self.0) {
                    *key = block(&round_keys[number]);
                }
                key
            }
        }

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

        /// See [`arch`](crate::arch).
        $(#[$attr])*
        pub(super) fn search<const GATHER: bool>(
            rpiks: &[[u8; 16]; TILE],
            jobs: &[Job],
            filters: [&Filter; 2],
            candidates: &mut Vec<Candidate>,
        ) {
            let mut schedules = Schedules([[[0; 16]; TILE]; 11]);
            write_schedules(rpiks, &mut schedules);
            let filters = [Slots::new(filters[0]), Slots::new(filters[1])];
            for (number, job) in jobs.iter().enumerate().take(TILE) {
                let key_byte = rpiks[number][12];
                if heard_nothing::<GATHER>(&schedules.of(number), key_byte, job, &filters) != u16::MAX {
                    push::<GATHER>(candidates, number, &schedules, key_byte, job, &filters);
                }
            }
        }

        /// The lanes in which no word of any row may have been heard.
        ///
        /// Nothing of a row is stored, not even what was found. A store that waits for the last round of its row would hold
        /// up the loads of the next rows, whenever they agree in the lower twelve bits of their addresses: the CPU compares
        /// no more of them before it lets a load pass a store.
        $(#[$attr])*
        #[inline]
        fn heard_nothing<const GATHER: bool>(key: &[__m128i; 11], key_byte: u8, job: &Job, filters: &[Slots<'_>; 2]) -> u16 {
            let mut nothing = u16::MAX;
            let mut day = Day::new(key, key_byte, job.first_row);
            for (slots, mut rows) in filters.iter().zip(job.rows) {
                let slots = *slots;
                while rows != 0 {
                    let row = job.first_row.wrapping_add(rows.trailing_zeros());
                    rows &= rows - 1;
                    nothing = probe::<GATHER>(nothing, slots, day.row(key, row));
                }
            }
            nothing
        }

        /// What the rows of a key have in common.
        struct Day {
            round_keys: [V; 7],
            packed_9: V,
            packed_10: V,
            key_byte: u8,
            /// The upper bits of a row's number, of which the constant is made.
            high: u32,
            constant: V,
        }

        impl Day {
            $(#[$attr])*
            #[inline]
            fn new(key: &[__m128i; 11], key_byte: u8, first_row: u32) -> Self {
                let mut round_keys = [broadcast(key[2]); 7];
                for (wide, key) in round_keys.iter_mut().zip(&key[2..9]) {
                    *wide = broadcast(*key);
                }
                let high = first_row >> 4;
                Self {
                    round_keys,
                    packed_9: broadcast(_mm_shuffle_epi32::<0>(key[9])),
                    packed_10: broadcast(_mm_shuffle_epi8(key[10], _mm_set1_epi32(0x070a_0d00))),
                    key_byte,
                    high,
                    constant: broadcast(first_state(key, high, key_byte)),
                }
            }

            /// The packed words of a row.
            $(#[$attr])*
            #[inline]
            fn row(&mut self, key: &[__m128i; 11], row: u32) -> Words {
                if row >> 4 != self.high {
                    self.high = row >> 4;
                    self.constant = broadcast(first_state(key, self.high, self.key_byte));
                }
                let zero = broadcast(_mm_set1_epi32(0));
                let entries = &FIRST_ROUND.rows()[usize::from(row.to_le_bytes()[0] & 15 ^ self.key_byte >> 4)];
                let mut packed = [zero; PACKED];
                let entries = entries.as_chunks::<LANES>().0.as_chunks::<4>().0.as_chunks::<QUADS>().0;
                for (packed, entries) in packed.as_chunks_mut::<QUADS>().0.iter_mut().zip(entries) {
                    let mut blocks = [[zero; 4]; QUADS];
                    for (block, entry) in blocks.as_flattened_mut().iter_mut().zip(entries.as_flattened()) {
                        *block = xor(load(entry), self.constant);
                    }
                    for key in self.round_keys {
                        for block in blocks.as_flattened_mut() {
                            *block = aesenc(*block, key);
                        }
                    }
                    for (packed, blocks) in packed.iter_mut().zip(blocks) {
                        *packed = aesenclast(aesenc(pack(blocks), self.packed_9), self.packed_10);
                    }
                }
                packed
            }
        }

        /// The state after the first round but for what byte 12 contributes.
        $(#[$attr])*
        #[inline]
        fn first_state(key: &[__m128i; 11], high: u32, key_byte: u8) -> __m128i {
            let start = _mm_set_epi32((high << 8).cast_signed(), 0, 0x4950, 0x522d_4e45);
            let state = _mm_aesenc_si128(_mm_xor_si128(start, key[0]), key[1]);
            _mm_xor_si128(state, block(&FIRST_ROUND.0[usize::from(key_byte)]))
        }

        /// Searches the rows of a key once more, and writes down what may have been heard.
        #[cold]
        #[inline(never)]
        #[allow(clippy::cast_possible_truncation)] // an entry is less than sixteen
        $(#[$attr])*
        fn push<const GATHER: bool>(
            candidates: &mut Vec<Candidate>,
            number: usize,
            schedules: &Schedules,
            key_byte: u8,
            job: &Job,
            filters: &[Slots<'_>; 2],
        ) {
            let key = &schedules.of(number);
            let mut day = Day::new(key, key_byte, job.first_row);
            for (filter, row) in job.rows() {
                let packed = day.row(key, row);
                let mut hits = !probe::<GATHER>(u16::MAX, filters[filter], packed);
                while hits != 0 {
                    let at = hits.trailing_zeros() as usize;
                    hits &= hits - 1;
                    let (register, block) = (at / 4 / LANES, at % 4);
                    let lane = at / 4 - register * LANES;
                    let entry = (register * 4 + block) * LANES + lane;
                    let interval = row << 4 | (entry as u32 ^ u32::from(key_byte & 15));
                    let word = words(order(packed[register]))[lane * 4 + block];
                    candidates.push(Candidate { job: number, interval, word });
                }
            }
        }
    };
}
pub(super) use search_in_rows;
