//! A bar on standard error while files are worked through. It is drawn on a terminal only.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use gaen::export::Progress;
use indicatif::{ProgressBar, ProgressStyle};

/// A bar for files that are read, perhaps several at a time. How long their `export.bin` is becomes known one by one, so
/// each file has a share of the bar by its size on disk.
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
        let bar = ProgressBar::new(shares.iter().map(|share| share.whole).sum());
        // `Err` is a malformed template: then the bar looks plain.
        if let Ok(style) = ProgressStyle::with_template("{wide_bar} {percent:>3}%  {elapsed}") {
            bar.set_style(style);
        }
        Self { bar, shares }
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

fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}
