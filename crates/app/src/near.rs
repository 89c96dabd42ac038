//! Which intervals are near one another.

use crate::error::{Error, ErrorKind};

/// Two hours in intervals of ten minutes: how far from its interval an identifier may be heard.
pub const TWO_HOURS: u32 = 12;

/// `|a - b| <= within`, for each pair of two columns of intervals.
///
/// Data frames compare unsigned columns without a sign: there `abs(a - b) <= 12` is never true where `a < b`. This
/// function takes signed columns and cannot overflow.
///
/// ```
/// use gaen_app::{TWO_HOURS, near};
///
/// let (heard, key) = ([2_670_000, 2_670_000], [2_670_012, 2_669_987]);
/// assert_eq!(near(&heard, &key, TWO_HOURS)?, [true, false]);
/// # Ok::<(), gaen_app::Error>(())
/// ```
///
/// # Errors
/// `column_length` if the columns do not have the same number of rows.
pub fn near(a: &[i64], b: &[i64], within: u32) -> Result<Vec<bool>, Error> {
    if a.len() != b.len() {
        let message = format!("the columns have {} and {} rows, not the same number", a.len(), b.len());
        return Err(Error::new(ErrorKind::Intervals, "column_length", message));
    }
    Ok(a.iter().zip(b).map(|(a, b)| a.abs_diff(*b) <= u64::from(within)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_side_counts() {
        let center = vec![2_670_000; 27];
        let around: Vec<i64> = (2_669_987..=2_670_013).collect();
        let found = near(&center, &around, TWO_HOURS).unwrap();
        assert_eq!(found.iter().filter(|found| **found).count(), 25);
        assert_eq!(near(&around, &center, TWO_HOURS).unwrap(), found);
    }

    #[test]
    fn the_largest_numbers_are_far_apart() {
        assert_eq!(near(&[i64::MIN, i64::MAX], &[i64::MAX, i64::MAX], u32::MAX), Ok(vec![false, true]));
        assert_eq!(near(&[1], &[], 1).unwrap_err().code(), "column_length");
    }
}
