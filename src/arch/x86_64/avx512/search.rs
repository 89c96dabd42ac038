//! The rows of keys, four blocks in a register.

use core::arch::x86_64::{
    __m512i, _mm512_aesenc_epi128, _mm512_aesenclast_epi128, _mm512_broadcast_i32x4, _mm512_gf2p8affineinv_epi64_epi8,
    _mm512_mask_test_epi32_mask, _mm512_multishift_epi64_epi8, _mm512_permutexvar_epi8, _mm512_ror_epi32,
    _mm512_set1_epi32, _mm512_set1_epi64, _mm512_set4_epi32, _mm512_shuffle_epi8, _mm512_shuffle_epi32,
    _mm512_ternarylogic_epi32, _mm512_xor_si512,
};

use super::hash::transpose;
use super::memory::{Slots, load, store, words};
use crate::arch::filter::mask;
use crate::arch::x86_64::rows::{Pending, rows};

type V = __m512i;
const LANES: usize = 4;
const QUADS: usize = 1;

rows!(#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,vaes,gfni,aes")]);

/// See [`arch`](crate::arch). Key by key: the round keys of one fill seven of 32 registers, and stay there.
///
/// Nothing of a row is stored, not even what was found. A store that waits for the last round of its row would hold up the
/// loads of the next rows, whenever they agree in the lower twelve bits of their addresses: the CPU compares no more of them
/// before it lets a load pass a store.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,vaes,gfni,aes")]
pub(super) fn search<const GATHER: bool>(states: &[State], part: Part<'_>, candidates: &mut Vec<Candidate>) {
    let slots = Slots::new(part.filter);
    for (number, state) in states.iter().enumerate() {
        let (mut nothing, mut rows) = (u16::MAX, state.job.rows & part.rows);
        while rows != 0 {
            let bit = rows.trailing_zeros();
            rows &= rows - 1;
            nothing =
                probe::<GATHER>(nothing, slots, row(state, state.job.first_row.wrapping_add(bit), &mut { Late::NONE }));
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

#[target_feature(enable = "avx512f")]
#[inline]
fn broadcast(block: __m128i) -> V {
    _mm512_broadcast_i32x4(block)
}

#[target_feature(enable = "avx512f")]
#[inline]
fn xor(a: V, b: V) -> V {
    _mm512_xor_si512(a, b)
}

#[target_feature(enable = "avx512f,vaes")]
#[inline]
fn aesenc(blocks: V, key: V) -> V {
    _mm512_aesenc_epi128(blocks, key)
}

#[target_feature(enable = "avx512f,vaes")]
#[inline]
fn aesenclast(blocks: V, key: V) -> V {
    _mm512_aesenclast_epi128(blocks, key)
}

/// What the last words of keys give their next first words.
#[target_feature(enable = "avx512f,gfni")]
#[inline]
fn substitute(words: V, constant: u8) -> V {
    // The S-box is the inverse and an affine map, and this instruction both.
    let substituted =
        _mm512_gf2p8affineinv_epi64_epi8::<0x63>(words, _mm512_set1_epi64(0xf1e3_c78f_1f3e_7cf8_u64.cast_signed()));
    _mm512_xor_si512(_mm512_ror_epi32::<8>(substituted), _mm512_set1_epi32(constant.into()))
}

/// The diagonals of each four blocks in one.
#[target_feature(enable = "avx512f")]
#[inline]
fn pack([a, b, c, d]: [V; 4]) -> V {
    let b = _mm512_shuffle_epi32::<0b10_01_00_11>(b);
    let c = _mm512_shuffle_epi32::<0b01_00_11_10>(c);
    let d = _mm512_shuffle_epi32::<0b00_11_10_01>(d);
    let [odd, even] = [0xff00_ff00_u32.cast_signed(), 0x00ff_00ff];
    let even = _mm512_set4_epi32(odd, even, odd, even);
    let low = _mm512_set4_epi32(0xffff_0000_u32.cast_signed(), 0x00ff_ff00, 0x0000_ffff, 0xff00_00ff_u32.cast_signed());
    let ab = _mm512_ternarylogic_epi32::<0xca>(even, a, b);
    let cd = _mm512_ternarylogic_epi32::<0xca>(even, c, d);
    _mm512_ternarylogic_epi32::<0xca>(low, ab, cd)
}

/// Packed words in order.
#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn order(packed: V) -> V {
    _mm512_shuffle_epi8(packed, _mm512_set4_epi32(0x0306_090c, 0x0f02_0508, 0x0b0e_0104, 0x070a_0d00))
}

/// Those of these lanes whose words were not heard.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
#[inline]
fn probe<const GATHER: bool>(lanes: u16, slots: Slots<'_>, [packed]: Words) -> u16 {
    let words = order(packed);
    // The upper nibbles of each word are bytes of an index, and the table `1 << (index % 16 / 2)`.
    let nibbles = _mm512_multishift_epi64_epi8(_mm512_set1_epi64(0x3c38_3430_1c18_1410), words);
    let bits = _mm512_set4_epi32(0x8080_4040_u32.cast_signed(), 0x2020_1010, 0x0808_0404, 0x0202_0101);
    let masks = _mm512_permutexvar_epi8(nibbles, bits);
    // No bit in common means heard.
    _mm512_mask_test_epi32_mask(lanes, slots.of::<GATHER>(words), masks)
}
