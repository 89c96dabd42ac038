//! The rows of keys, probed from the register by a gather: for CPUs on which gathers are fast.

use core::arch::x86_64::_mm512_mask_test_epi32_mask;

use super::blocks::{LANES, QUADS, V, aesenc, aesenclast, broadcast, masks, order, pack, xor};
use super::memory::{Slots, load, words};
use crate::arch::filter::mask;
use crate::arch::x86_64::rows::{Pending, rows};

rows!(#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,vaes,gfni,aes")]);

/// See [`arch`](crate::arch). Key by key: the round keys of one fill seven of 32 registers, and stay there.
///
/// Nothing of a row is stored, not even what was found. A store that waits for the last round of its row would hold up
/// the loads of the next rows, whenever they agree in the lower twelve bits of their addresses: the CPU compares no
/// more of them before it lets a load pass a store.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,vaes,gfni,aes")]
pub(super) fn search(states: &[State], part: Part<'_>, candidates: &mut Vec<Candidate>) {
    let slots = Slots::new(part.filter);
    for (number, state) in states.iter().enumerate() {
        let (mut nothing, mut rows) = (u16::MAX, state.job.rows & part.rows);
        while rows != 0 {
            let bit = rows.trailing_zeros();
            rows &= rows - 1;
            nothing = probe(nothing, slots, row(state, state.job.first_row.wrapping_add(bit), &mut { Late::NONE }));
        }
        if nothing != u16::MAX {
            push_key(candidates, number, states, part);
        }
    }
}

/// Searches the rows of a key once more, and writes down what may have been heard.
#[cold]
#[inline(never)]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,vaes,gfni,aes")]
fn push_key(candidates: &mut Vec<Candidate>, number: usize, states: &[State], part: Part<'_>) {
    let state = &states[number];
    for row_number in state.job.rows_in(part) {
        let [packed] = row(state, row_number, &mut { Late::NONE });
        let words = words(order(packed));
        let pending = Pending { words, masks: words.map(mask) };
        push::<LANES>(candidates, part.filter, &pending, states, Some((number, row_number)));
    }
}

/// No row is late. The compiler holds the round keys of a key in registers, over all its rows.
#[target_feature(enable = "avx512f,vaes")]
#[inline]
fn rounds(
    state: &State,
    constant: &[u8; 16],
    entries: &[[[[u8; 16]; LANES]; 4]; QUADS],
    _: &mut Late<'_>,
    _: usize,
) -> [[V; 4]; QUADS] {
    let constant = broadcast(block(constant));
    let mut blocks = [[constant; 4]; QUADS];
    for (block, entry) in blocks.as_flattened_mut().iter_mut().zip(entries.as_flattened()) {
        *block = xor(load(entry), *block);
    }
    for key in &state.round_keys {
        let key = broadcast(block(key));
        for block in blocks.as_flattened_mut() {
            *block = aesenc(*block, key);
        }
    }
    blocks
}

/// Those of these lanes whose words were not heard.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
#[inline]
fn probe(lanes: u16, slots: Slots<'_>, [packed]: Words) -> u16 {
    let words = order(packed);
    // No bit in common means heard.
    _mm512_mask_test_epi32_mask(lanes, slots.of(words), masks(words))
}
