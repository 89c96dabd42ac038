//! How strong a phone is heard. Synthetic: the shape is that of a path-loss model, its numbers are made up.
//!
//! ```text
//! RSSI = transmit power - path loss(distance) - bodies + receiver's error + noise
//! path loss(d) = 44 dB + 7.5 dB * log2(d / 1 m), noise: normal, 4 dB
//! ```
//!
//! All in whole numbers, so that every machine hears the same.

use crate::random::Random;

/// What is weaker than this is not heard, dBm.
const SENSITIVITY: i32 = -90;

/// Path loss at one metre, dB.
const LOSS_AT_A_METRE: i32 = 44;

/// Path loss for each doubling of the distance, tenths of a dB.
const LOSS_A_DOUBLING: i32 = 75;

/// What stands between two phones.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Path {
    /// The distance, centimetres.
    pub(crate) distance: u64,
    /// What bodies and bags take away, dB.
    pub(crate) bodies: i32,
}

impl Path {
    /// What arrives of an advertisement, calibrated, dBm; `None` when it is too weak.
    pub(crate) fn receive(self, tx_power: i8, receiver_error: i8, random: &mut Random) -> Option<i8> {
        let sent = i32::from(tx_power) - loss(self.distance) - self.bodies;
        let heard = sent + random.noise();
        let reported = i8::try_from(heard + i32::from(receiver_error)).ok()?;
        (heard >= SENSITIVITY).then_some(reported)
    }
}

/// Path loss over so many centimetres, dB.
fn loss(distance: u64) -> i32 {
    LOSS_AT_A_METRE + (LOSS_A_DOUBLING * (doublings(distance) - doublings(100))).div_euclid(10 * DOUBLING)
}

/// The unit of [`doublings`].
const DOUBLING: i32 = 256;

/// `256 * log2(number)`, straight between powers of two.
fn doublings(number: u64) -> i32 {
    let number = u32::try_from(number.max(1)).unwrap_or(u32::MAX);
    let whole = number.ilog2();
    let rest = (u64::from(number) << 8 >> whole) & 0xff;
    whole.cast_signed() * DOUBLING + i32::try_from(rest).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Purpose;

    #[test]
    fn loss_grows_with_distance() {
        assert_eq!([50, 100, 200, 400].map(loss), [36, 44, 51, 59]);
        assert!((40..3000).collect::<Vec<_>>().is_sorted_by_key(|distance| loss(*distance)));
    }

    #[test]
    fn what_is_far_is_not_heard() {
        let mut random = Random::new(1, Purpose::Scans, 0);
        let mut heard = |distance| {
            let path = Path { distance, bodies: 6 };
            (0..1000).filter(|_| path.receive(-24, 0, &mut random).is_some()).count()
        };
        assert_eq!(heard(100), 1000);
        assert!((1..900).contains(&heard(600)));
        assert_eq!(heard(3000), 0);
    }
}
