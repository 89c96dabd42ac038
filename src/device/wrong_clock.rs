//! Clocks of tests that are wrong for a while.

use alloc::vec::Vec;
use core::iter::{once, repeat_n};

use proptest::prelude::*;

/// How a clock is wrong for a while. The steady count believes a wrong step ahead of up to two days, so no clock makes
/// one.
#[derive(Clone, Copy, Debug)]
pub(crate) enum WrongClock {
    /// The clock is off by this number of months of 30 days. 0 is a clock that is right.
    Months(i64),
    /// The clock goes back by these hours in one step or two, and is put right at the end.
    Back(i64, i64),
}

/// Makes a clock that is right, goes back by hours, or is up to `most_months` slow or fewer months fast.
pub(crate) fn wrong_clock(most_months: i64) -> impl Strategy<Value = WrongClock> {
    prop_oneof![
        2 => Just(WrongClock::Months(0)),
        1 => (-most_months..most_months).prop_map(WrongClock::Months),
        1 => (1..24_i64, 0..24_i64).prop_map(|(first, second)| WrongClock::Back(first, second)),
    ]
}

impl WrongClock {
    /// By how many seconds the clock is off in each of these hours. A clock that goes back is right for an hour more at
    /// either end.
    pub(crate) fn offsets(self, hours: u64) -> Vec<i64> {
        let hours = usize::try_from(hours).unwrap();
        match self {
            Self::Months(months) => repeat_n(months * 30 * 86_400, hours).collect(),
            Self::Back(first, second) => {
                let first_step = repeat_n(-first * 3600, hours / 2);
                let second_step = repeat_n((-first - second) * 3600, hours.div_ceil(2));
                once(0).chain(first_step).chain(second_step).chain(once(0)).collect()
            }
        }
    }
}
