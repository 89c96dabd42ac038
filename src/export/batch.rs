//! Files that belong together.

use std::collections::BTreeMap;

use super::read::VerifiedExport;

/// Collects the files of one batch until every number is there once.
///
/// The first file fixes what the others have to be equal in: region, timestamps, batch size, signature infos.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let files: Vec<gaen::export::VerifiedExport> = Vec::new();
/// use gaen::export::BatchSet;
///
/// let mut batch = BatchSet::new();
/// for file in files {
///     batch.add(file)?;
/// }
/// for file in batch.complete()? {
///     println!("{} keys", file.keys().len());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
pub struct BatchSet {
    files: BTreeMap<u32, VerifiedExport>,
}

impl BatchSet {
    /// No files yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { files: BTreeMap::new() }
    }

    /// Adds a file.
    ///
    /// # Errors
    /// [`BatchError::Mismatch`] when it belongs to another batch, [`BatchError::Duplicate`] when its number is there.
    /// The set is as it was before, and the file is dropped.
    pub fn add(&mut self, file: VerifiedExport) -> Result<(), BatchError> {
        let num = file.contents().batch.num();
        if self.files.values().next().is_some_and(|first| !belong_together(first, &file)) {
            return Err(BatchError::Mismatch { num });
        }
        if self.files.contains_key(&num) {
            return Err(BatchError::Duplicate { num });
        }
        self.files.insert(num, file);
        Ok(())
    }

    /// All files in the order of their numbers.
    ///
    /// # Errors
    /// [`BatchError::Incomplete`] names the numbers that are missing, [`BatchError::Empty`] that there is no file.
    pub fn complete(self) -> Result<Vec<VerifiedExport>, BatchError> {
        let Some(first) = self.files.values().next() else {
            return Err(BatchError::Empty);
        };
        let size = first.contents().batch.size();
        if self.files.len() as u64 == u64::from(size) {
            return Ok(self.files.into_values().collect());
        }
        let missing = (1..=size).filter(|num| !self.files.contains_key(num)).collect();
        Err(BatchError::Incomplete { size, missing })
    }
}

/// Whether everything but `batch_num` and the keys is equal.
fn belong_together(a: &VerifiedExport, b: &VerifiedExport) -> bool {
    let (a, b) = (a.contents(), b.contents());
    a.facts == b.facts && a.batch.size() == b.batch.size() && a.signature_infos == b.signature_infos
}

/// Why files do not make a batch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BatchError {
    /// A file differs from the first in region, timestamps, batch size or signature infos.
    #[error("file {num} has other metadata than the first file of the batch")]
    Mismatch {
        /// Its number.
        num: u32,
    },
    /// A number is there twice.
    #[error("file {num} of the batch is there twice")]
    Duplicate {
        /// The number.
        num: u32,
    },
    /// Numbers are missing.
    #[error("the batch of {size} files lacks {} of them: {}", missing.len(), numbers(missing))]
    Incomplete {
        /// How many files there should be.
        size: u32,
        /// The numbers that are missing.
        missing: Vec<u32>,
    },
    /// There is no file at all.
    #[error("the batch has no files")]
    Empty,
}

fn numbers(numbers: &[u32]) -> String {
    const MOST: usize = 10;
    let shown: Vec<_> = numbers.iter().take(MOST).map(u32::to_string).collect();
    let more = if numbers.len() > MOST { ", ..." } else { "" };
    shown.join(", ") + more
}
