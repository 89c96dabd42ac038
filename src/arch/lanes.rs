//! HKDF of many keys at once, each in a lane of its own.
//!
//! The module that invokes [`rpiks_in_lanes!`] brings a vector `V` of 32-bit lanes, its operations, and a macro
//! `compress!`: that of this file, or its own. [`rpiks_in_lanes!`] writes the algorithm around them, once for all
//! instruction sets. See the explanation in [`arch`](crate::arch).

/// Repeats a block with `$i` a constant from 0 to 15: a loop over registers has to be written out.
macro_rules! unroll16 {
    ($i:ident => $body:block) => {
        unroll16!(@ $i $body 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15)
    };
    (@ $i:ident $body:block $($n:literal)*) => {
        $({
            const $i: usize = $n;
            $body
        })*
    };
}
pub(super) use unroll16;

/// One compression of a block. The first 32 rounds are written out where it stands: there the compiler knows which
/// words and which initial states are constants, and computes what follows from them. The others are a function.
#[cfg(target_arch = "x86_64")]
macro_rules! compress {
    ($initial:expr, $block:expr) => {{
        let (initial, mut w) = ($initial, $block);
        let mut s = initial;
        unroll16!(I => { round::<I>(&mut s, add(w[I], splat(K[I]))); });
        unroll16!(I => { let word = next_word::<I>(&mut w); round::<I>(&mut s, add(word, splat(K[16 + I]))); });
        last_rounds::<32>(&mut s, &mut w);
        sum(s, initial)
    }};
}
#[cfg(target_arch = "x86_64")]
pub(super) use compress;

#[cfg(not(target_arch = "aarch64"))]
macro_rules! rpiks_in_lanes {
    ($inline:meta $(, #[$attr:meta])*) => {
        use $crate::arch::lanes::unroll16;
        use $crate::keys::sha256::{END_MARK, EXTRACT_INNER, EXTRACT_OUTER, INFO_SCHEDULE, INITIAL, K};

        type State = [V; 8];

        /// One round. The values stay in their registers and the names move: in round `I`, `a` is `s[-I mod 8]`.
        $(#[$attr])*
        #[$inline]
        fn round<const I: usize>(s: &mut State, wk: V) {
            let (a, b, c, d) = const { ((8 - I % 8) % 8, (9 - I % 8) % 8, (10 - I % 8) % 8, (11 - I % 8) % 8) };
            let (e, f, g, h) = const { ((12 - I % 8) % 8, (13 - I % 8) % 8, (14 - I % 8) % 8, (15 - I % 8) % 8) };
            let sum1 = xor3(rotr::<6>(s[e]), rotr::<11>(s[e]), rotr::<25>(s[e]));
            let t1 = add(add(add(s[h], wk), choose(s[e], s[f], s[g])), sum1);
            let sum0 = xor3(rotr::<2>(s[a]), rotr::<13>(s[a]), rotr::<22>(s[a]));
            s[d] = add(s[d], t1);
            s[h] = add(add(t1, majority(s[a], s[b], s[c])), sum0);
        }

        /// `W[i] = W[i-16] + sigma0(W[i-15]) + W[i-7] + sigma1(W[i-2])`, in place of `W[i-16]`.
        $(#[$attr])*
        #[$inline]
        fn next_word<const I: usize>(w: &mut [V; 16]) -> V {
            let (w15, w7, w2) = const { ((I + 1) % 16, (I + 9) % 16, (I + 14) % 16) };
            let sigma0 = xor3(rotr::<7>(w[w15]), rotr::<18>(w[w15]), shr::<3>(w[w15]));
            let sigma1 = xor3(rotr::<17>(w[w2]), rotr::<19>(w[w2]), shr::<10>(w[w2]));
            w[I] = add(add(w[I], sigma0), add(w[w7], sigma1));
            w[I]
        }

        /// The rounds from this one on, a multiple of 16. Code of its own, called by all: there are five blocks, and
        /// the first-level instruction cache is small.
        $(#[$attr])*
        #[inline(never)]
        fn last_rounds<const FIRST: usize>(state: &mut State, words: &mut [V; 16]) {
            let (mut s, mut w) = (*state, *words);
            for k in &K.as_chunks::<16>().0[FIRST / 16..] {
                unroll16!(I => { let word = next_word::<I>(&mut w); round::<I>(&mut s, add(word, splat(k[I]))); });
            }
            *state = s;
        }

        /// The compression of the block with `info`: all its words are known.
        $(#[$attr])*
        #[$inline]
        fn compress_info(initial: State) -> State {
            let mut s = initial;
            for quarter in INFO_SCHEDULE.as_chunks::<16>().0 {
                unroll16!(I => { round::<I>(&mut s, splat(quarter[I])); });
            }
            sum(s, initial)
        }

        $(#[$attr])*
        #[$inline]
        fn sum(s: State, t: State) -> State {
            [
                add(s[0], t[0]), add(s[1], t[1]), add(s[2], t[2]), add(s[3], t[3]),
                add(s[4], t[4]), add(s[5], t[5]), add(s[6], t[6]), add(s[7], t[7]),
            ]
        }

        $(#[$attr])*
        #[$inline]
        fn constant(words: [u32; 8]) -> State {
            let [a, b, c, d, e, f, g, h] = words;
            [splat(a), splat(b), splat(c), splat(d), splat(e), splat(f), splat(g), splat(h)]
        }

        /// A digest of 32 bytes as the last block of a message of 96: the outer hash of an HMAC.
        $(#[$attr])*
        #[$inline]
        fn digest_block([a, b, c, d, e, f, g, h]: State) -> [V; 16] {
            let (mark, zero, bits) = (splat(END_MARK), splat(0), splat((64 + 32) * 8));
            [a, b, c, d, e, f, g, h, mark, zero, zero, zero, zero, zero, zero, bits]
        }

        /// A key of 32 bytes under one of HMAC's pads.
        $(#[$attr])*
        #[$inline]
        fn pad_block([a, b, c, d, e, f, g, h]: State, pad: u32) -> [V; 16] {
            let p = splat(pad);
            [
                xor(a, p), xor(b, p), xor(c, p), xor(d, p), xor(e, p), xor(f, p), xor(g, p), xor(h, p),
                p, p, p, p, p, p, p, p,
            ]
        }

        /// The compression of a key under one of HMAC's pads. Code of its own, since there are two.
        $(#[$attr])*
        #[inline(never)]
        fn compress_pad(key: State, pad: u32) -> State {
            compress!(constant(INITIAL), pad_block(key, pad))
        }

        /// The words of the keys to the words of their identifier keys.
        $(#[$attr])*
        #[$inline]
        fn expand([a, b, c, d]: [V; 4]) -> [V; 4] {
            let (mark, zero, bits) = (splat(END_MARK), splat(0), splat((64 + 16) * 8));
            let key_block = [a, b, c, d, mark, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, bits];
            let inner = compress!(constant(EXTRACT_INNER), key_block);
            let pseudorandom_key = compress!(constant(EXTRACT_OUTER), digest_block(inner));
            let inner = compress_info(compress_pad(pseudorandom_key, 0x3636_3636));
            let outer = compress_pad(pseudorandom_key, 0x5c5c_5c5c);
            let [a, b, c, d, ..] = compress!(outer, digest_block(inner));
            [a, b, c, d]
        }
    };
}
#[cfg(not(target_arch = "aarch64"))]
pub(super) use rpiks_in_lanes;
