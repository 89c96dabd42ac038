//! Counting what was left out, by reason.

use alloc::collections::BTreeMap;

use crate::names::Named;

/// How many times each reason applied. Reasons that never applied are not listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally<R>(BTreeMap<R, u64>);

impl<R: Named + Ord> Tally<R> {
    /// Makes a tally in which nothing is counted yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Counts one.
    pub(crate) fn add(&mut self, reason: R) {
        let count = self.0.entry(reason).or_default();
        *count = count.saturating_add(1);
    }

    /// Returns how many times this reason applied.
    #[must_use]
    pub fn count(&self, reason: R) -> u64 {
        self.0.get(&reason).copied().unwrap_or_default()
    }

    /// Returns the sum of all counts.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.values().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// Each reason that applied, with its count, in the order in which the reasons are declared.
    pub fn iter(&self) -> impl Iterator<Item = (R, u64)> {
        self.0.iter().map(|(reason, count)| (*reason, *count))
    }

    /// The name of each reason that applied, with its count, in the same order.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.iter().map(|(reason, count)| (reason.name(), count))
    }
}

impl<R: Named + Ord> FromIterator<R> for Tally<R> {
    fn from_iter<I: IntoIterator<Item = R>>(reasons: I) -> Self {
        let mut tally = Self::new();
        reasons.into_iter().for_each(|reason| tally.add(reason));
        tally
    }
}

impl<R: Named + Ord> Default for Tally<R> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(feature = "serde")]
impl<R: Named + Ord> serde::Serialize for Tally<R> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.named())
    }
}
