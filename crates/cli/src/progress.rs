//! A bar on standard error while something takes long. It is drawn on a terminal only.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use gaen::export::Progress;
use indicatif::{ProgressBar, ProgressStyle};

/// A bar for files that are read, perhaps several at a time. How long their `export.bin` is becomes known one by one,
/// so each file has a share of the bar by its size on disk.
pub(crate) struct Bar {
    bar: ProgressBar,
    shares: Vec<Share>,
}

struct Share {
    whole: u64,
    done: AtomicU64,
}

impl Bar {
    /// None of these files is done.
    pub(crate) fn through(paths: &[PathBuf]) -> Self {
        let shares: Vec<_> = paths.iter().map(|path| Share { whole: size(path), done: AtomicU64::new(0) }).collect();
        Self { bar: bar(shares.iter().map(|share| share.whole).sum()), shares }
    }

    /// So far is the reading of this file.
    pub(crate) fn tell(&self, file: usize, progress: &Progress) {
        let Some(share) = self.shares.get(file) else { return };
        let done = u128::from(share.whole) * u128::from(progress.bytes) / u128::from(progress.total_bytes.max(1));
        let done = u64::try_from(done).unwrap_or(u64::MAX).min(share.whole);
        self.bar.inc(done.saturating_sub(share.done.swap(done, Ordering::Relaxed)));
    }

    /// The bar goes away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Progress through a number of steps of about the same length.
#[cfg(feature = "full")]
pub(crate) struct Steps {
    bar: ProgressBar,
    begun: u64,
}

#[cfg(feature = "full")]
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
