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

/// Runs all of them for at least this long each, and each whole at least once. They take turns, piece by piece, so that
/// whatever slows the machine for a while slows all of them.
pub(super) fn race(mut runners: Vec<Runner<'_>>, time: Duration) -> Vec<Summary> {
    // The first turn pays for cold caches and pages.
    for runner in &mut runners {
        for piece in 0..runner.pieces.min(2) {
            (runner.run)(piece);
        }
    }
    while let Some(next) =
        runners.iter_mut().filter(|runner| !runner.is_done(time)).min_by_key(|runner| runner.samples.total())
    {
        next.step();
    }
    runners.iter().map(|runner| runner.samples.summary()).collect()
}
