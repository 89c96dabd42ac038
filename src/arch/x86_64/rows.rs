//! The search of sixteen keys, in registers of one, two or four blocks.
//!
//! The module that invokes [`search_in_rows!`] brings a register `V` of `LANES` blocks, the number `QUADS` of times four
//! registers to work on at a time, and what its instructions make of `broadcast`, `xor`, `aesenc`, `aesenclast`,
//! `transpose`, `substitute`, `pack` and `probe`; the macro writes the algorithm around them, once for all widths. See the
//! explanation in [`arch`](crate::arch).

macro_rules! search_in_rows {
    ($(#[$attr:meta])*) => {
        use alloc::vec::Vec;
        use core::arch::x86_64::{
            __m128i, _mm_aesenc_si128, _mm_set_epi32, _mm_set1_epi32, _mm_shuffle_epi8, _mm_shuffle_epi32, _mm_xor_si128,
        };

        use $crate::arch::aes::{FIRST_ROUND, double};
        use $crate::arch::x86_64::memory::block;
        use $crate::arch::{Candidate, Filter, Job, ROWS, TILE};

        /// Registers for a word of each block of a row.
        const PACKED: usize = TILE / (4 * LANES);

        /// The words of a row. Those of four registers of blocks are in one, and those of the first blocks of these four in
        /// its first lane.
        type Words = [V; PACKED];

        /// The schedules of sixteen keys, as many at once as there are words in a register.
        $(#[$attr])*
        #[inline]
        fn write_schedules(rpiks: &[[u8; 16]; TILE], schedules: &mut [[[u8; 16]; TILE]; 11]) {
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
            let mut schedules = [[[0; 16]; TILE]; 11];
            write_schedules(rpiks, &mut schedules);
            let filters = [Slots::new(filters[0]), Slots::new(filters[1])];
            let mut packed = [[broadcast(_mm_set1_epi32(0)); PACKED]; ROWS];
            for (number, job) in jobs.iter().enumerate().take(TILE) {
                let mut key = [_mm_set1_epi32(0); 11];
                for (key, round_keys) in key.iter_mut().zip(&schedules) {
                    *key = block(&round_keys[number]);
                }
                let key_byte = rpiks[number][12];
                let hits = search_key::<GATHER>(key_byte, &key, job, &filters, &mut packed);
                if hits != [0; ROWS] {
                    push(candidates, number, job, key_byte, &hits, &packed);
                }
            }
        }

        /// The hits of each row of a key, whose words are left where the caller wants them.
        $(#[$attr])*
        #[inline]
        fn search_key<const GATHER: bool>(
            key_byte: u8,
            key: &[__m128i; 11],
            job: &Job,
            filters: &[Slots<'_>; 2],
            all_packed: &mut [Words; ROWS],
        ) -> [u16; ROWS] {
            let zero = broadcast(_mm_set1_epi32(0));
            let mut round_keys = [zero; 7];
            for (wide, key) in round_keys.iter_mut().zip(&key[2..9]) {
                *wide = broadcast(*key);
            }
            let packed_9 = broadcast(_mm_shuffle_epi32::<0>(key[9]));
            let packed_10 = broadcast(_mm_shuffle_epi8(key[10], _mm_set1_epi32(0x070a_0d00)));

            let (mut all_hits, mut done) = ([0_u16; ROWS], 0);
            let mut high = job.first_row >> 4;
            let mut constant = broadcast(first_state(key, high, key_byte));
            for (slots, mut rows) in filters.iter().zip(job.rows) {
                let slots = *slots;
                while rows != 0 {
                    let row = job.first_row.wrapping_add(rows.trailing_zeros());
                    rows &= rows - 1;
                    if row >> 4 != high {
                        high = row >> 4;
                        constant = broadcast(first_state(key, high, key_byte));
                    }
                    let entries = &FIRST_ROUND.rows()[usize::from(row.to_le_bytes()[0] & 15 ^ key_byte >> 4)];
                    let mut packed = [zero; PACKED];
                    let entries = entries.as_chunks::<LANES>().0.as_chunks::<4>().0.as_chunks::<QUADS>().0;
                    for (packed, entries) in packed.as_chunks_mut::<QUADS>().0.iter_mut().zip(entries) {
                        let mut blocks = [[zero; 4]; QUADS];
                        for (block, entry) in blocks.as_flattened_mut().iter_mut().zip(entries.as_flattened()) {
                            *block = xor(load(entry), constant);
                        }
                        for key in round_keys {
                            for block in blocks.as_flattened_mut() {
                                *block = aesenc(*block, key);
                            }
                        }
                        for (packed, blocks) in packed.iter_mut().zip(blocks) {
                            *packed = aesenclast(aesenc(pack(blocks), packed_9), packed_10);
                        }
                    }
                    all_packed[done] = packed;
                    all_hits[done] = probe::<GATHER>(slots, packed);
                    done = (done + 1) % ROWS;
                }
            }
            all_hits
        }

        /// The state after the first round but for what byte 12 contributes.
        $(#[$attr])*
        #[inline]
        fn first_state(key: &[__m128i; 11], high: u32, key_byte: u8) -> __m128i {
            let start = _mm_set_epi32((high << 8).cast_signed(), 0, 0x4950, 0x522d_4e45);
            let state = _mm_aesenc_si128(_mm_xor_si128(start, key[0]), key[1]);
            _mm_xor_si128(state, block(&FIRST_ROUND.0[usize::from(key_byte)]))
        }

        #[cold]
        #[allow(clippy::cast_possible_truncation)] // an entry is less than sixteen
        $(#[$attr])*
        fn push(
            candidates: &mut Vec<Candidate>,
            number: usize,
            job: &Job,
            key_byte: u8,
            hits: &[u16; ROWS],
            packed: &[Words; ROWS],
        ) {
            for ((row, mut hits), packed) in job.rows().zip(*hits).zip(packed) {
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
