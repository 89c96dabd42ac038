//! What a device has heard, from packed rows or from columns.

mod columns;
mod row;
mod rows;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use gaen::{Sighting, SightingIndex};

use crate::error::{Error, ErrorKind};
pub use columns::Columns;
pub use row::NO_PREVIOUS_SCAN;
pub use rows::ROW_BYTES;

/// What a device has heard, ready to be searched for. Clones share it.
///
/// It looks for identifiers at all times, as `gaen match` does: a wrong clock shows in the report.
#[derive(Clone, Debug)]
pub struct Sightings {
    index: Arc<SightingIndex>,
}

/// Rows that were read and checked, and not arranged yet.
///
/// A binding reads while its language may not change the columns, and arranges without its language.
///
/// ```
/// use gaen_app::{Columns, HeardRows, Sightings};
///
/// let mut rows = HeardRows::default();
/// for time in [1_601_121_592, 1_601_121_892] {
///     rows.add_columns(&Columns {
///         identifiers: &[7; 16],
///         metadata: &[1, 2, 3, 4],
///         metadata_lengths: None,
///         rssi: &[-60],
///         times: &[time],
///         previous_scans: None,
///     })?;
/// }
/// assert_eq!(Sightings::from_heard(rows)?.len(), 2);
/// # Ok::<(), gaen_app::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct HeardRows {
    sightings: Vec<Sighting>,
}

impl HeardRows {
    /// Adds packed rows of [`ROW_BYTES`] bytes each: see [`Sightings::from_rows`].
    ///
    /// # Errors
    /// `row_length` if the buffer ends within a row, `row` for the first row that cannot be. Then no row is added.
    pub fn add_rows(&mut self, rows: &[u8]) -> Result<(), Error> {
        self.add(|sightings| rows::read(rows, sightings))
    }

    /// Adds one row for each sighting of the columns. Errors count from the first row that was ever added.
    ///
    /// # Errors
    /// `column_length` if a column has another number of rows than the others, `row` for the first row that cannot be.
    /// Then no row is added.
    pub fn add_columns(&mut self, columns: &Columns<'_>) -> Result<(), Error> {
        self.add(|sightings| columns.read(sightings))
    }

    fn add(&mut self, read: impl FnOnce(&mut Vec<Sighting>) -> Result<(), Error>) -> Result<(), Error> {
        let before = self.sightings.len();
        read(&mut self.sightings).inspect_err(|_| self.sightings.truncate(before))
    }
}

impl Sightings {
    /// Reads packed rows of [`ROW_BYTES`] bytes each. Numbers are little-endian, whatever the machine.
    ///
    /// | bytes | what |
    /// |---|---|
    /// | 0 to 15 | the identifier |
    /// | 16 to 19 | the metadata; if there were fewer bytes, the rest is zero |
    /// | 20 | the true number of bytes of the metadata: a scanner hears what anybody sends |
    /// | 21 | signal strength in dBm, signed |
    /// | 22, 23 | zero |
    /// | 24 to 31 | when it was heard, Unix seconds, signed 64-bit |
    /// | 32 to 39 | when the device had scanned before, Unix seconds, signed 64-bit; -1 if not known |
    ///
    /// ```
    /// let mut row = [0; gaen_app::ROW_BYTES];
    /// row[..16].copy_from_slice(&[7; 16]);
    /// row[20] = 4;
    /// row[21] = (-60_i8).cast_unsigned();
    /// row[24..32].copy_from_slice(&1_601_121_592_i64.to_le_bytes());
    /// row[32..].copy_from_slice(&1_601_121_292_i64.to_le_bytes());
    /// assert_eq!(gaen_app::Sightings::from_rows(&row)?.len(), 1);
    /// # Ok::<(), gaen_app::Error>(())
    /// ```
    ///
    /// # Errors
    /// `no_rows` if the buffer is empty, `row_length` if it ends within a row, `row` for the first row that cannot be,
    /// `too_many_rows`.
    pub fn from_rows(rows: &[u8]) -> Result<Self, Error> {
        let mut heard = HeardRows::default();
        heard.add_rows(rows)?;
        Self::from_heard(heard)
    }

    /// Reads one value for each sighting from each column.
    ///
    /// # Errors
    /// `no_rows` if the columns are empty, `column_length` if one has another number of rows than the others, `row` for
    /// the first row that cannot be, `too_many_rows`.
    pub fn from_columns(columns: &Columns<'_>) -> Result<Self, Error> {
        let mut heard = HeardRows::default();
        heard.add_columns(columns)?;
        Self::from_heard(heard)
    }

    /// Arranges rows that were read before.
    ///
    /// # Errors
    /// `no_rows` if there are none, `too_many_rows`.
    pub fn from_heard(rows: HeardRows) -> Result<Self, Error> {
        if rows.sightings.is_empty() {
            let message = "there are no rows; a device that heard nobody is made by name";
            return Err(Error::new(ErrorKind::Sightings, "no_rows", message));
        }
        Self::of(rows.sightings)
    }

    /// What a device has that heard nobody.
    ///
    /// It has a name of its own, because an empty buffer is nearly always a mistake. A search for it ends in
    /// `not_judged`.
    ///
    /// # Errors
    /// None: this has the form of the other constructors.
    pub fn none() -> Result<Self, Error> {
        Self::of(Vec::new())
    }

    /// Arranges sightings that a reader of files has checked, in their order. There may be none, as in an empty file.
    ///
    /// # Errors
    /// `too_many_rows`.
    pub fn of(sightings: Vec<Sighting>) -> Result<Self, Error> {
        let index = SightingIndex::exhaustive(sightings)
            .map_err(|error| Error::new(ErrorKind::Sightings, "too_many_rows", error.to_string()))?;
        Ok(Self { index: Arc::new(index) })
    }

    pub(crate) fn index(&self) -> &SightingIndex {
        &self.index
    }

    /// The number of sightings.
    #[must_use]
    pub fn len(&self) -> usize {
        self.index.sightings().len()
    }

    /// Whether the device heard nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.index.sightings().is_empty()
    }
}
