//! A batch: files that belong together.

use std::collections::BTreeMap;

use super::read::VerifiedExport;

/// Collects the files of one batch until every number is there once.
///
/// Every file has to have the region, timestamps, batch size and signature infos of the first file.
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
    /// Starts a batch without files.
    #[must_use]
    pub const fn new() -> Self {
        Self { files: BTreeMap::new() }
    }

    /// Adds a file to the batch.
    ///
    /// # Errors
    /// [`BatchError::Mismatch`] if the file belongs to another batch, [`BatchError::Duplicate`] if the batch has its
    /// number already. Then the batch stays as it was, and the file is dropped.
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

    /// Returns all files, in the order of their numbers.
    ///
    /// # Errors
    /// [`BatchError::Incomplete`] with the missing numbers, or [`BatchError::Empty`] if there is no file.
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

/// `true` if everything but `batch_num` and the keys is equal.
fn belong_together(a: &VerifiedExport, b: &VerifiedExport) -> bool {
    let (a, b) = (a.contents(), b.contents());
    a.facts == b.facts && a.batch.size() == b.batch.size() && a.signature_infos == b.signature_infos
}

/// The files do not make a batch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BatchError {
    /// A file differs from the first in region, timestamps, batch size or signature infos.
    #[error("file {num} has other metadata than the first file of the batch")]
    Mismatch {
        /// The number of the file.
        num: u32,
    },
    /// Two files have the same number.
    #[error("file {num} of the batch is there twice")]
    Duplicate {
        /// The number that both files have.
        num: u32,
    },
    /// Some numbers are missing.
    #[error("the batch of {size} files lacks {} of them: {}", missing.len(), numbers(missing))]
    Incomplete {
        /// How many files the batch should have.
        size: u32,
        /// The numbers that are missing.
        missing: Vec<u32>,
    },
    /// The batch has no file.
    #[error("the batch has no files")]
    Empty,
}

fn numbers(numbers: &[u32]) -> String {
    const MOST: usize = 10;
    let shown: Vec<_> = numbers.iter().take(MOST).map(u32::to_string).collect();
    let more = if numbers.len() > MOST { ", ..." } else { "" };
    shown.join(", ") + more
}
