//! Nanoseconds and cycles of something that runs on a machine that is not quiet.
//!
//! # Cycles
//! A program cannot ask which clock it runs at, and the time-stamp counter ticks at another. So each measurement stands
//! between two short runs of a chain of additions and exclusive-ors of which each needs the result of the one before.
//! With operands in registers either takes one cycle on every x86-64 and aarch64 core, so the chain's time is the
//! clock's. (A chain of multiplications would do as well where its latency is known: 3 cycles on x86-64 since 2008 and
//! on Apple's cores, but 2 to 5 on Arm's. The test below holds one against the other.)
//!
//! # Noise
//! Other programs, other guests of the host and interrupts only ever make things slower. So samples are short and many,
//! and what counts is the 10th percentile of them: what it takes when nothing comes in between. The median is told too:
//! far above, and the machine was busy.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Samples of one piece of work.
#[derive(Clone, Debug, Default)]
pub struct Samples {
    /// Nanoseconds a unit, cycles a unit, and GHz.
    samples: Vec<[f64; 3]>,
    /// All samples together.
    total: Duration,
}

/// What samples amount to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// Nanoseconds a unit.
    pub nanoseconds: Spread,
    /// Cycles a unit.
    pub cycles: Spread,
    /// The clock, median.
    pub gigahertz: f64,
    /// How many samples there are.
    pub samples: usize,
}

/// Two points of a distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The 10th percentile.
    pub low: f64,
    /// The median.
    pub median: f64,
}

impl Spread {
    /// On a quiet machine the median is some 10 % above the 10th percentile.
    pub const MOST: f64 = 1.3;

    /// `true` if other work on the machine disturbed so many samples that the measurement says little.
    #[must_use]
    pub fn is_noisy(self) -> bool {
        self.median > Self::MOST * self.low
    }
}

impl Samples {
    /// No samples yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes one sample: does the work once. It says of how many units it was, and hands on something.
    #[expect(clippy::cast_precision_loss, reason = "numbers of things")]
    pub fn take<T>(&mut self, work: impl FnOnce() -> (usize, T)) -> T {
        let before = gigahertz();
        let begin = Instant::now();
        let (units, result) = work();
        let time = begin.elapsed();
        let clock = f64::midpoint(before, gigahertz());
        let nanoseconds = time.as_secs_f64() * 1e9 / units.max(1) as f64;
        self.samples.push([nanoseconds, nanoseconds * clock, clock]);
        self.total += time;
        result
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.samples.len()
    }

    /// How long all took together.
    #[must_use]
    pub fn total(&self) -> Duration {
        self.total
    }

    /// What they amount to; zeros when there are none.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let [nanoseconds, cycles, clock] = [0, 1, 2].map(|column| {
            let mut values: Vec<f64> = self.samples.iter().map(|sample| sample[column]).collect();
            values.sort_unstable_by(f64::total_cmp);
            let at = |percent: usize| values.get(values.len() * percent / 100).copied().unwrap_or_default();
            Spread { low: at(10), median: at(50) }
        });
        Summary { nanoseconds, cycles, gigahertz: clock.median, samples: self.count() }
    }
}

/// The clock as it is now, GHz. Takes some 40 microseconds.
#[must_use]
pub fn gigahertz() -> f64 {
    const PIECES: usize = 4;
    const STEPS: u32 = 2048;
    /// Eight times an exclusive-or and an addition.
    const CYCLES: f64 = 16.0;

    let mut fastest = f64::INFINITY;
    for _ in 0..PIECES {
        let begin = Instant::now();
        black_box(chain(black_box(1), black_box(0x5555), black_box(0x1234_5678), STEPS));
        fastest = fastest.min(begin.elapsed().as_secs_f64() * 1e9);
    }
    f64::from(STEPS) * CYCLES / fastest
}

/// Nobody can take a shortcut through exclusive-ors and additions in turn.
#[inline(never)]
fn chain(mut value: u64, a: u64, b: u64, steps: u32) -> u64 {
    for _ in 0..steps {
        value = (value ^ a).wrapping_add(b);
        value = (value ^ b).wrapping_add(a);
        value = (value ^ a).wrapping_add(b);
        value = (value ^ b).wrapping_add(a);
        value = (value ^ a).wrapping_add(b);
        value = (value ^ b).wrapping_add(a);
        value = (value ^ a).wrapping_add(b);
        value = (value ^ b).wrapping_add(a);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tenth_percentile_and_the_median() {
        let samples = (1..=100).rev().map(|number| [f64::from(number), f64::from(2 * number), 3.0]);
        let samples = Samples { samples: samples.collect(), total: Duration::ZERO };
        let summary = samples.summary();
        assert_eq!(summary.nanoseconds, Spread { low: 11.0, median: 51.0 });
        assert_eq!(summary.cycles, Spread { low: 22.0, median: 102.0 });
        assert_eq!((summary.gigahertz, summary.samples), (3.0, 100));
        assert_eq!(Samples::new().summary().nanoseconds.low, 0.0);
    }

    /// Three cycles a multiplication. It wants optimised code: `cargo test --release -p gaen-bench -- --ignored`.
    #[test]
    #[ignore = "wants optimised code, a quiet machine, and a CPU that multiplies in three cycles"]
    fn additions_agree_with_multiplications() {
        #[inline(never)]
        fn squares(mut value: u64, steps: u32) -> u64 {
            for _ in 0..steps {
                value = value.wrapping_mul(value);
            }
            value
        }
        let mut ratios: Vec<f64> = (0..200)
            .map(|_| {
                let before = gigahertz();
                let begin = Instant::now();
                black_box(squares(black_box(3), black_box(10_000)));
                let time = begin.elapsed().as_secs_f64() * 1e9;
                time * f64::midpoint(before, gigahertz()) / 10_000.0
            })
            .collect();
        ratios.sort_unstable_by(f64::total_cmp);
        println!("cycles a multiplication: {} to {}, median {}", ratios[0], ratios[199], ratios[100]);
        assert!((ratios[20] - 3.0).abs() < 0.1);
    }
}
