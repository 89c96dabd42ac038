//! The clock of a phone, which is not quite right.

use serde::Serialize;

use crate::options::{DAY, Options};
use crate::random::{Purpose, Random};

const MINUTE: u64 = 60;
const HOUR: u64 = 3600;

/// One phone in this many has a clock that jumps.
const JUMPY: usize = 6;

/// By how much the jumps of one phone may be, least and most. The first is what the acceptance rules forgive, the
/// second lies at the edge, the last two are beyond.
const JUMPS: [(u64, u64); 4] =
    [(5 * MINUTE, 40 * MINUTE), (3 * HOUR, 5 * HOUR), (100 * MINUTE, 140 * MINUTE), (DAY, 3 * DAY)];

/// How a phone's clock differs from the true time: a constant, a drift, and jumps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clock {
    /// The true time at which the drift is still nothing, Unix seconds.
    pub since: u64,
    /// Seconds by which it is ahead then.
    pub offset_seconds: i64,
    /// Microseconds a second by which it is too fast.
    pub drift_ppm: i64,
    /// When somebody set it, in the order of time.
    pub jumps: Vec<Jump>,
}

/// A clock is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Jump {
    /// The true time, Unix seconds.
    pub at: u64,
    /// Seconds by which it steps ahead, or back if negative.
    pub seconds: i64,
}

impl Clock {
    /// What the clock shows at this true time, Unix seconds.
    #[must_use]
    pub fn device_time(&self, time: u64) -> u64 {
        let elapsed = time.saturating_sub(self.since).cast_signed();
        let drift = elapsed.saturating_mul(self.drift_ppm).div_euclid(1_000_000);
        let jumps = self.jumps.iter().filter(|jump| jump.at <= time).map(|jump| jump.seconds);
        time.saturating_add_signed(self.offset_seconds + drift + jumps.sum::<i64>())
    }

    /// The clock of this person: off by a few seconds and 40 ppm at most. Every sixth is set wrong once a week, and
    /// right again hours or a day later.
    pub(crate) fn of(person: usize, options: &Options) -> Self {
        let mut random = Random::new(options.seed, Purpose::Clock, person);
        let mut either_way = |most: u64| random.between(0, 2 * most).cast_signed() - most.cast_signed();
        let (offset_seconds, drift_ppm) = (either_way(5), either_way(40));
        let mut jumps = Vec::new();
        if person % JUMPY == JUMPY / 2 {
            let (least, most) = JUMPS[person / JUMPY % JUMPS.len()];
            let (mut begin, end) = (options.start, options.end());
            while begin < end {
                let length = (7 * DAY).min(end - begin);
                let at = begin + random.below(length / 2);
                let by = random.between(least, most).cast_signed();
                let seconds = if random.percent(50) { by } else { -by };
                let corrected = at + random.between(2 * HOUR, 36 * HOUR).min(length / 2);
                jumps.extend([Jump { at, seconds }, Jump { at: corrected, seconds: -seconds }]);
                begin += length;
            }
        }
        Self { since: options.start, offset_seconds, drift_ppm, jumps }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_off_drifts_and_jumps() {
        let jumps = vec![Jump { at: 2_000_000, seconds: -50 }, Jump { at: 3_000_000, seconds: 50 }];
        let clock = Clock { since: 1_000_000, offset_seconds: 3, drift_ppm: -2, jumps };
        for (time, shown) in [
            (1_000_000, 1_000_003),
            (1_000_001, 1_000_003),
            (1_999_999, 2_000_000),
            (2_000_000, 1_999_951),
            (3_000_000, 2_999_999),
        ] {
            assert_eq!(clock.device_time(time), shown, "{time}");
        }
    }

    #[test]
    fn some_clocks_jump_and_are_set_right_again() {
        let options = Options { people: 60, ..Options::new(3) };
        let clocks: Vec<_> = (0..options.people).map(|person| Clock::of(person, &options)).collect();
        let jumpy: Vec<_> = clocks.iter().filter(|clock| !clock.jumps.is_empty()).collect();
        assert_eq!(jumpy.len(), 10);
        for clock in jumpy {
            assert!(clock.jumps.is_sorted_by_key(|jump| jump.at), "{clock:?}");
            assert!(clock.jumps.iter().all(|jump| (options.start..options.end()).contains(&jump.at)));
            assert_eq!(clock.jumps.iter().map(|jump| jump.seconds).sum::<i64>(), 0);
        }
        for (least, most) in JUMPS {
            let large = |jump: &Jump| (least..=most).contains(&jump.seconds.unsigned_abs());
            assert!(clocks.iter().any(|clock| clock.jumps.iter().any(large)), "{least} to {most}");
        }
        assert!(clocks.iter().any(|clock| clock.drift_ppm > 20) && clocks.iter().any(|clock| clock.drift_ppm < -20));
    }
}
