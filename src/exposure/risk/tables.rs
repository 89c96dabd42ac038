//! The bounds of v1's tables: which place an attenuation, a number of days or a duration has.

use alloc::format;
use alloc::string::String;

/// Attenuations in dB above which an exposure is that far away, from far to near; what is above none is nearest.
pub(crate) const ATTENUATION_ABOVE: [u8; 7] = [73, 63, 51, 33, 27, 15, 10];

/// Days since the exposure from which on it is that long ago.
pub(crate) const DAYS_FROM: [i64; 7] = [14, 12, 10, 8, 6, 4, 2];

/// Minutes up to which an exposure is that short.
pub(crate) const MINUTES_UP_TO: [u64; 7] = [0, 5, 10, 15, 20, 25, 30];

/// Which attenuations have this place in the table, in words.
pub(in crate::exposure) fn attenuation_range(index: u8) -> String {
    let bound = |place: u8| ATTENUATION_ABOVE.get(usize::from(place));
    match (bound(index), index.checked_sub(1).and_then(bound)) {
        (Some(above), None) => format!("over {above} dB"),
        (Some(above), Some(up_to)) => format!("over {above} up to {up_to} dB"),
        (None, _) => "up to 10 dB".into(),
    }
}

/// Which days have this place in the table, in words.
pub(in crate::exposure) fn days_range(index: u8) -> String {
    let bound = |place: u8| DAYS_FROM.get(usize::from(place));
    match (bound(index), index.checked_sub(1).and_then(bound)) {
        (Some(from), None) => format!("{from} days or more ago"),
        (Some(from), Some(below)) => format!("{from} days ago or more, less than {below}"),
        (None, _) => "less than 2 days ago".into(),
    }
}

/// Which durations have this place in the table, in words.
pub(in crate::exposure) fn duration_range(index: u8) -> String {
    let bound = |place: u8| MINUTES_UP_TO.get(usize::from(place));
    match (bound(index), index.checked_sub(1).and_then(bound)) {
        (Some(_), None) => "under a minute".into(),
        (Some(up_to), Some(over)) => format!("over {over} up to {up_to} minutes"),
        (None, _) => "over 30 minutes".into(),
    }
}

/// The place of this attenuation in the tables: 0 above 73 dB, 7 up to 10 dB.
pub(in crate::exposure) fn attenuation_index(attenuation: u8) -> u8 {
    first(&ATTENUATION_ABOVE, |above| attenuation > *above)
}

/// The place of the first bound that holds, or 7.
pub(super) fn first<T>(bounds: &[T; 7], holds: impl Fn(&T) -> bool) -> u8 {
    bounds.iter().position(holds).and_then(|place| u8::try_from(place).ok()).unwrap_or(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bound_has_two_sides() {
        for (place, bound) in (0..).zip(ATTENUATION_ABOVE) {
            assert_eq!((attenuation_index(bound + 1), attenuation_index(bound)), (place, place + 1));
        }
        assert_eq!((attenuation_index(255), attenuation_index(0)), (0, 7));
        for (place, bound) in (0..).zip(DAYS_FROM) {
            let index = |days| first(&DAYS_FROM, |from| days >= *from);
            assert_eq!((index(bound), index(bound - 1)), (place, place + 1));
        }
    }
}
