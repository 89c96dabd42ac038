//! Identifier keys of four keys at once: they fill each other's waiting times.

use core::arch::asm;
use core::arch::x86_64::{
    __m128i, _mm_add_epi32, _mm_alignr_epi8, _mm_blend_epi16, _mm_set_epi32, _mm_set1_epi32, _mm_setzero_si128,
    _mm_shuffle_epi8, _mm_shuffle_epi32, _mm_xor_si128,
};

use crate::arch::TILE;
use crate::arch::x86_64::memory::{block as load, store_block as store};
use crate::keys::sha256::{END_MARK, EXTRACT_INNER, EXTRACT_OUTER, INFO_SCHEDULE, INITIAL, K};

/// Keys at once.
const KEYS: usize = 4;

/// Four words, the first in the lowest lane.
type V = __m128i;

/// The state as the instructions take it: words 5, 4, 1 and 0, then 7, 6, 3 and 2, each from the lowest lane.
#[derive(Clone, Copy)]
struct State {
    abef: V,
    cdgh: V,
}

impl State {
    #[target_feature(enable = "sse2")]
    #[inline]
    fn new([a, b, c, d, e, f, g, h]: [u32; 8]) -> Self {
        Self { abef: words([f, e, b, a]), cdgh: words([h, g, d, c]) }
    }

    /// The words of a digest in order.
    #[target_feature(enable = "sse4.1,ssse3")]
    #[inline]
    fn digest(self) -> [V; 2] {
        let abef = _mm_shuffle_epi32::<0b00_01_10_11>(self.abef);
        let ghcd = _mm_shuffle_epi32::<0b10_11_00_01>(self.cdgh);
        [_mm_blend_epi16::<0b1111_0000>(abef, ghcd), _mm_alignr_epi8::<8>(ghcd, abef)]
    }
}

#[target_feature(enable = "sse2")]
#[inline]
fn words([a, b, c, d]: [u32; 4]) -> V {
    _mm_set_epi32(d.cast_signed(), c.cast_signed(), b.cast_signed(), a.cast_signed())
}

/// Four words of each key, where the block of assembly finds them.
type Words = [V; KEYS];

/// Four rounds of a key, with words and constants that are in `xmm0`.
macro_rules! known_rounds {
    ($key:literal) => {
        concat!(
            "sha256rnds2 {c",
            $key,
            "}, {a",
            $key,
            "}\n",
            "pshufd xmm0, xmm0, 0x0e\n",
            "sha256rnds2 {a",
            $key,
            "}, {c",
            $key,
            "}\n",
        )
    };
}

/// Four rounds of a key. Its words stand so many bytes after `w`, and the constants after `k`.
macro_rules! last_rounds {
    ($key:literal, $words:literal, $constants:literal) => {
        concat!("movdqa xmm0, [{k} + ", $constants, "]\n", "paddd xmm0, [{w} + ", $words, "]\n", known_rounds!($key),)
    };
}

/// Four rounds of a key, and the words that come sixteen after theirs. The last words are in one register, and the new
/// ones come into another: on Zen 3 even a copy takes its turn, of which there are four a cycle.
///
/// As blocks of assembly: eight registers of states, seven of words, and `xmm0`, which the instructions take for
/// granted, are all that there are. The compiler keeps other things in registers too, spills states, and loses what
/// four keys at once gain.
macro_rules! four_rounds {
    ($key:literal, $last:literal => $next:literal, $words:literal, $constants:literal) => {
        concat!(
            "movdqa ",
            $next,
            ", [{w} + ",
            $words,
            "]\n",
            "sha256msg1 ",
            $next,
            ", [{w} + 64 + ",
            $words,
            "]\n",
            "movdqa xmm0, ",
            $last,
            "\n",
            "palignr xmm0, [{w} + 128 + ",
            $words,
            "], 4\n",
            "paddd ",
            $next,
            ", xmm0\n",
            "sha256msg2 ",
            $next,
            ", ",
            $last,
            "\n",
            "movdqa [{w} + 256 + ",
            $words,
            "], ",
            $next,
            "\n",
            last_rounds!($key, $words, $constants),
        )
    };
}

/// One compression of a block of each key, which stands at the beginning of the schedule.
#[target_feature(enable = "sha,ssse3,sse4.1")]
#[inline]
fn compress(initial: [State; KEYS], schedule: &mut Schedule) -> [State; KEYS] {
    let mut states = initial;
    let [s0, s1, s2, s3] = &mut states;
    // SAFETY: six times, the first loop reads the four groups of words from `w` on and writes the two after them, and
    // moves on by two; the second reads the last four of the sixteen groups of the schedule. Both loops read a quarter
    // of a line of the constants for each group, sixteen in all. Schedule and constants are aligned.
    unsafe {
        asm!(
            "2:",
            // After twice four rounds, the last words of each key are back in their register.
            four_rounds!("0", "{d0}" => "{e0}", "0", "0"),
            four_rounds!("1", "{d1}" => "{e1}", "16", "0"),
            four_rounds!("2", "{d2}" => "{e2}", "32", "0"),
            four_rounds!("3", "{d3}" => "{d2}", "48", "0"),
            four_rounds!("0", "{e0}" => "{d0}", "64", "16"),
            four_rounds!("1", "{e1}" => "{d1}", "80", "16"),
            four_rounds!("3", "{d2}" => "{d3}", "112", "16"),
            four_rounds!("2", "{e2}" => "{d2}", "96", "16"),
            "add {w}, 128",
            "add {k}, 32",
            "cmp {w}, {middle}",
            "jne 2b",
            "3:",
            last_rounds!("0", "0", "0"),
            last_rounds!("1", "16", "0"),
            last_rounds!("2", "32", "0"),
            last_rounds!("3", "48", "0"),
            "add {w}, 64",
            "add {k}, 16",
            "cmp {w}, {end}",
            "jne 3b",
            w = inout(reg) &raw mut schedule.0 => _,
            middle = in(reg) &raw const schedule.0[12],
            end = in(reg) (&raw const schedule.0).add(1),
            k = inout(reg) &raw const CONSTANTS => _,
            e0 = out(xmm_reg) _,
            e1 = out(xmm_reg) _,
            e2 = out(xmm_reg) _,
            d0 = inout(xmm_reg) schedule.0[3][0] => _,
            d1 = inout(xmm_reg) schedule.0[3][1] => _,
            d2 = inout(xmm_reg) schedule.0[3][2] => _,
            d3 = inout(xmm_reg) schedule.0[3][3] => _,
            a0 = inout(xmm_reg) s0.abef,
            a1 = inout(xmm_reg) s1.abef,
            a2 = inout(xmm_reg) s2.abef,
            a3 = inout(xmm_reg) s3.abef,
            c0 = inout(xmm_reg) s0.cdgh,
            c1 = inout(xmm_reg) s1.cdgh,
            c2 = inout(xmm_reg) s2.cdgh,
            c3 = inout(xmm_reg) s3.cdgh,
            out("xmm0") _,
            options(nostack),
        );
    }
    sum(states, initial)
}

/// The compression of the block with `info`: all its words are known.
#[target_feature(enable = "sha,ssse3,sse4.1")]
#[inline]
fn compress_info(initial: [State; KEYS]) -> [State; KEYS] {
    let mut states = initial;
    let [s0, s1, s2, s3] = &mut states;
    // SAFETY: sixteen times, the loop reads a quarter of a line of the known words, which are as long and aligned.
    unsafe {
        asm!(
            "2:",
            "movdqa {wk}, [{k}]",
            "movdqa xmm0, {wk}",
            known_rounds!("0"),
            "movdqa xmm0, {wk}",
            known_rounds!("1"),
            "movdqa xmm0, {wk}",
            known_rounds!("2"),
            "movdqa xmm0, {wk}",
            known_rounds!("3"),
            "add {k}, 16",
            "cmp {k}, {end}",
            "jne 2b",
            k = inout(reg) &raw const INFO => _,
            end = in(reg) (&raw const INFO).add(1),
            wk = out(xmm_reg) _,
            a0 = inout(xmm_reg) s0.abef,
            a1 = inout(xmm_reg) s1.abef,
            a2 = inout(xmm_reg) s2.abef,
            a3 = inout(xmm_reg) s3.abef,
            c0 = inout(xmm_reg) s0.cdgh,
            c1 = inout(xmm_reg) s1.cdgh,
            c2 = inout(xmm_reg) s2.cdgh,
            c3 = inout(xmm_reg) s3.cdgh,
            out("xmm0") _,
            options(readonly, nostack),
        );
    }
    sum(states, initial)
}

#[target_feature(enable = "sse2")]
#[inline]
fn sum(mut states: [State; KEYS], initial: [State; KEYS]) -> [State; KEYS] {
    for (state, initial) in states.iter_mut().zip(initial) {
        state.abef = _mm_add_epi32(state.abef, initial.abef);
        state.cdgh = _mm_add_epi32(state.cdgh, initial.cdgh);
    }
    states
}

/// A digest of 32 bytes as the last block of a message of 96: the outer hash of an HMAC.
#[target_feature(enable = "ssse3,sse4.1")]
#[inline]
fn digest_block(digest: State) -> [V; 4] {
    let [a, b] = digest.digest();
    [a, b, words([END_MARK, 0, 0, 0]), words([0, 0, 0, (64 + 32) * 8])]
}

/// A key of 32 bytes under one of HMAC's pads.
#[target_feature(enable = "ssse3,sse4.1")]
#[inline]
fn pad_block(key: State, pad: u32) -> [V; 4] {
    let [a, b] = key.digest();
    let pad = _mm_set1_epi32(pad.cast_signed());
    [_mm_xor_si128(a, pad), _mm_xor_si128(b, pad), pad, pad]
}

/// The bytes of each word in the other order.
#[target_feature(enable = "ssse3")]
#[inline]
fn swap_bytes(a: V) -> V {
    _mm_shuffle_epi8(a, words([0x0001_0203, 0x0405_0607, 0x0809_0a0b, 0x0c0d_0e0f]))
}

#[target_feature(enable = "ssse3")]
#[inline]
fn key_block(key: &[u8; 16]) -> [V; 4] {
    [swap_bytes(load(key)), words([END_MARK, 0, 0, 0]), _mm_setzero_si128(), words([0, 0, 0, (64 + 16) * 8])]
}

/// The words of all rounds, four rounds of each key after the other.
#[repr(C, align(64))]
struct Schedule([Words; 16]);

impl Schedule {
    /// Puts in the block of a key.
    #[inline(always)]
    fn begin(&mut self, number: usize, block: [V; 4]) {
        for (words, four) in self.0.iter_mut().zip(block) {
            words[number] = four;
        }
    }
}

/// Constants, aligned for the instructions that read them.
#[repr(C, align(64))]
struct Constants([u32; 64]);

static CONSTANTS: Constants = Constants(K);
static INFO: Constants = Constants(INFO_SCHEDULE);

/// See [`arch`](crate::arch).
#[target_feature(enable = "sha,ssse3,sse4.1")]
pub(super) fn rpiks(keys: &[[u8; 16]; TILE], count: usize) -> [[u8; 16]; TILE] {
    let mut rpiks = [[0; 16]; TILE];
    let mut schedule = Schedule([[_mm_setzero_si128(); KEYS]; 16]);
    let groups = keys.as_chunks::<KEYS>().0.iter().zip(rpiks.as_chunks_mut::<KEYS>().0);
    for (keys, rpiks) in groups.take(count.div_ceil(KEYS)) {
        for (number, key) in keys.iter().enumerate() {
            schedule.begin(number, key_block(key));
        }
        let inner = compress([State::new(EXTRACT_INNER); KEYS], &mut schedule);
        for (number, digest) in inner.into_iter().enumerate() {
            schedule.begin(number, digest_block(digest));
        }
        let pseudorandom = compress([State::new(EXTRACT_OUTER); KEYS], &mut schedule);
        for (number, key) in pseudorandom.into_iter().enumerate() {
            schedule.begin(number, pad_block(key, 0x3636_3636));
        }
        let inner = compress_info(compress([State::new(INITIAL); KEYS], &mut schedule));
        for (number, key) in pseudorandom.into_iter().enumerate() {
            schedule.begin(number, pad_block(key, 0x5c5c_5c5c));
        }
        let outer = compress([State::new(INITIAL); KEYS], &mut schedule);
        for (number, digest) in inner.into_iter().enumerate() {
            schedule.begin(number, digest_block(digest));
        }
        for (rpik, state) in rpiks.iter_mut().zip(compress(outer, &mut schedule)) {
            store(rpik, swap_bytes(state.digest()[0]));
        }
    }
    rpiks
}
