//! Random bytes that hide sizes.

use base64ct::{Base64, Encoding};
use rand_core::CryptoRng;

/// Makes random bytes in base64, 1 to 2 KiB, which hide the size of what they stand beside.
pub(super) fn padding<R: CryptoRng + ?Sized>(rng: &mut R) -> String {
    const LEAST: usize = 1024;

    let more = usize::try_from(rng.next_u32()).unwrap_or_default() % LEAST; // 2^32 is a multiple
    let mut bytes = vec![0; LEAST.saturating_add(more)];
    rng.fill_bytes(&mut bytes);
    Base64::encode_string(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_is_one_to_two_kibibytes() {
        use rand::SeedableRng;

        let mut rng = rand::rngs::StdRng::seed_from_u64(1);
        let lengths: Vec<_> = (0..200).map(|_| Base64::decode_vec(&padding(&mut rng)).unwrap().len()).collect();
        assert!(lengths.iter().all(|length| (1024..2048).contains(length)), "{lengths:?}");
        assert!(lengths.iter().any(|length| *length < 1100) && lengths.iter().any(|length| *length > 1950));
    }
}
