//! A bar on standard error while something takes long. It is drawn on a terminal only.

use std::fs;
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};

/// Progress through files, measured by their bytes, since how many keys a file has is not known before it is read.
pub(crate) struct Progress {
    bar: ProgressBar,
    done: u64,
    current: u64,
}

impl Progress {
    /// None of these files is done.
    pub(crate) fn through(paths: &[PathBuf]) -> Self {
        Self { bar: bar(paths.iter().map(|path| size(path)).sum()), done: 0, current: 0 }
    }

    /// Work on this file begins; the one before it is done.
    pub(crate) fn begin(&mut self, path: &Path, number: usize, files: usize) {
        self.done = self.done.saturating_add(self.current);
        self.current = size(path);
        self.bar.set_position(self.done);
        self.bar.set_message(format!("file {number} of {files}"));
    }

    /// So many of the current file's keys are done.
    pub(crate) fn keys(&self, done: usize, keys: usize) {
        let share = u128::from(self.current) * done as u128 / keys.max(1) as u128;
        self.bar.set_position(self.done.saturating_add(u64::try_from(share).unwrap_or(u64::MAX)));
    }

    /// The bar goes away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Progress through a number of steps of about the same length.
pub(crate) struct Steps {
    bar: ProgressBar,
    begun: u64,
}

impl Steps {
    /// None of so many steps is done.
    pub(crate) fn of(steps: usize) -> Self {
        Self { bar: bar(steps as u64), begun: 0 }
    }

    /// The next step begins; the one before it is done.
    pub(crate) fn begin(&mut self, name: &str) {
        self.bar.set_message(name.to_owned());
        self.bar.set_position(self.begun);
        self.begun += 1;
    }

    /// The bar goes away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// A bar of this length. It is drawn when it is moved, and not by a thread of its own, which would disturb.
fn bar(length: u64) -> ProgressBar {
    let bar = ProgressBar::new(length);
    // `Err` is a malformed template: then the bar looks plain.
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {percent:>3}%  {elapsed}  {msg}") {
        bar.set_style(style);
    }
    bar
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}
