//! Several ways to do the same, measured side by side.

use std::time::Duration;

use crate::clock::{Samples, Summary};

/// One way, which does its work in pieces of a few milliseconds.
pub(super) struct Runner<'a> {
    /// Pieces that make a whole, after which what was found has been checked.
    pieces: usize,
    /// Does the piece of this number, and says of how many units it was.
    run: Box<dyn FnMut(usize) -> usize + 'a>,
    samples: Samples,
}

impl<'a> Runner<'a> {
    pub(super) fn new(pieces: usize, run: impl FnMut(usize) -> usize + 'a) -> Self {
        Self { pieces: pieces.max(1), run: Box::new(run), samples: Samples::new() }
    }

    fn step(&mut self) {
        let piece = self.samples.count() % self.pieces;
        self.samples.take(|| ((self.run)(piece), ()));
    }

    fn is_done(&self, time: Duration) -> bool {
        const FEWEST_SAMPLES: usize = 5;
        let count = self.samples.count();
        count >= FEWEST_SAMPLES && count.is_multiple_of(self.pieces) && self.samples.total() >= time
    }
}

/// How long a race is, and how often it is run at most.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// How long each runner is measured, at least.
    pub time: Duration,
    /// How many races there are at most, if other work on the machine disturbs them.
    pub races: usize,
}

impl Patience {
    /// For runners that need less time.
    pub(super) fn a_quarter(self) -> Self {
        Self { time: self.time / 4, ..self }
    }
}

/// Runs all of them for at least this long each, and each whole at least once. They take turns, piece by piece, so that
/// whatever slows the machine for a while slows all of them. A race in which other work disturbed a runner is run again
/// as a whole, and only the last race counts.
pub(super) fn race(mut runners: Vec<Runner<'_>>, patience: Patience) -> Vec<Summary> {
    // The first turn pays for cold caches and pages.
    for runner in &mut runners {
        for piece in 0..runner.pieces.min(2) {
            (runner.run)(piece);
        }
    }
    let mut summaries = Vec::new();
    for _ in 0..patience.races.max(1) {
        summaries = once(&mut runners, patience.time);
        if !summaries.iter().any(|summary| summary.nanoseconds.is_noisy()) {
            break;
        }
    }
    summaries
}

fn once(runners: &mut [Runner<'_>], time: Duration) -> Vec<Summary> {
    for runner in &mut *runners {
        runner.samples = Samples::new();
    }
    while let Some(next) =
        runners.iter_mut().filter(|runner| !runner.is_done(time)).min_by_key(|runner| runner.samples.total())
    {
        next.step();
    }
    runners.iter().map(|runner| runner.samples.summary()).collect()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::hint::spin_loop;
    use std::time::Instant;

    use super::*;

    fn work(time: Duration) -> usize {
        let begin = Instant::now();
        while begin.elapsed() < time {
            spin_loop();
        }
        1
    }

    #[test]
    fn a_disturbed_race_is_run_again_and_does_not_count() {
        let patience = Patience { time: Duration::from_millis(50), races: 4 };
        let samples = Cell::new(0);
        // All samples take equally long, at most nine a race: the number of their units tells a race, on a busy machine
        // too.
        let runner = Runner::new(1, |_| {
            samples.set(samples.get() + 1);
            work(Duration::from_millis(6));
            match samples.get() {
                21.. => 1_000_000,
                disturbed if disturbed % 4 != 0 => 1,
                _ => 1_000,
            }
        });
        let counted = race(vec![runner], patience)[0].nanoseconds.low;
        assert!(samples.get() > 20, "{} samples: the first race counted", samples.get());
        assert!(counted < 1_000.0, "{counted} ns a unit: those of a disturbed race");
    }

    #[test]
    fn no_race_is_run_for_ever() {
        let samples = Cell::new(0);
        let runner = Runner::new(1, |_| {
            samples.set(samples.get() + 1);
            work(Duration::from_millis(if samples.get() % 4 == 0 { 1 } else { 4 }))
        });
        let patience = Patience { time: Duration::from_millis(20), races: 3 };
        assert!(race(vec![runner], patience)[0].nanoseconds.is_noisy());
    }
}
