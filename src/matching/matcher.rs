//! Deriving every identifier of every key and looking for it among those that were heard.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::findings::Findings;
use super::index::SightingIndex;
use super::report::MatchReport;
use super::sweep::Sweep;
use crate::arch::Tier;
use crate::keys::DiagnosisKey;
use crate::profile::Profile;

/// Finds the sightings of diagnosis keys in a [`SightingIndex`].
///
/// ```
/// use gaen::time::RollingPeriod;
/// use gaen::{DiagnosisKey, EnIntervalNumber, Matcher, RollingWindow, Sighting, SightingIndex};
///
/// // A phone was heard at -60 dBm in the first interval of its key.
/// let rpi = "8be6cd371c5c891604bfbe49df845096".parse()?;
/// let index = SightingIndex::new(vec![Sighting::new(rpi, &[0x72, 0x03, 0x38, 0x74], -60, 1_585_785_700)])?;
///
/// // Its owner has published the key.
/// let tek = 0x75c7_34c6_dd1a_782d_e7a9_65da_5eb9_3125_u128.to_be_bytes();
/// let window = RollingWindow::new(EnIntervalNumber::new(2_642_976), RollingPeriod::FULL_DAY)?;
///
/// let report = Matcher::new(&index).match_keys(&[DiagnosisKey::new(tek, window)]);
/// assert_eq!(report.matches.len(), 1);
/// assert_eq!(report.matches[0].metadata.tx_power(), 8);
/// assert_eq!(report.matches[0].attenuation, 68);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Matcher<'index> {
    pub(crate) index: &'index SightingIndex,
    pub(crate) profile: Profile,
    tier: Tier,
}

impl<'index> Matcher<'index> {
    /// A matcher over this index, in Google's profile, with the fastest tier of this CPU.
    #[must_use]
    pub fn new(index: &'index SightingIndex) -> Self {
        Self { index, profile: Profile::Google, tier: Tier::best() }
    }

    /// Another profile.
    #[must_use]
    pub const fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Another tier. The result is the same.
    #[must_use]
    pub const fn tier(mut self, tier: Tier) -> Self {
        self.tier = tier;
        self
    }

    /// Matches the keys of one source: a [`search`](Self::search) of one step.
    #[must_use]
    pub fn match_keys(&self, keys: &[DiagnosisKey]) -> MatchReport {
        let mut search = self.search();
        search.add(0, keys);
        search.finish()
    }

    /// Begins a search over the keys of one or more sources, given piece by piece.
    #[must_use]
    pub fn search(&self) -> Search<'index> {
        Search { matcher: *self, sweep: self.sweep(), findings: Findings::new(self.profile) }
    }

    fn sweep(&self) -> Sweep<'index> {
        Sweep::new(self.index, self.tier)
    }
}

/// A search under way. Nothing is released before [`finish`](Self::finish); a search that is dropped has found nothing.
///
/// ```no_run
/// # fn search(files: &[gaen::export::VerifiedExport], index: &gaen::SightingIndex) -> gaen::MatchReport {
/// let mut search = gaen::Matcher::new(index).search();
/// for (source, file) in files.iter().enumerate() {
///     search.add(source, file.keys());
/// }
/// search.finish()
/// # }
/// ```
#[derive(Debug)]
pub struct Search<'index> {
    pub(crate) matcher: Matcher<'index>,
    sweep: Sweep<'index>,
    pub(crate) findings: Findings,
}

/// Keys that are swept together: enough that few tiles are not full, few enough to share among threads and to hold.
const PIECE: usize = 1 << 16;

/// More was found than may be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMany;

impl<'index> Search<'index> {
    /// Looks for every identifier of these keys. `source` is the caller's number for the file they come from; each
    /// [`Match`](crate::matching::Match) carries it.
    ///
    /// Keys are taken in groups of sixteen of one day: give them by the thousand, not one by one.
    pub fn add(&mut self, source: usize, keys: &[DiagnosisKey]) {
        // No search can hold more than the largest number.
        let (Ok(()) | Err(TooMany)) = self.add_at_most(source, keys, usize::MAX);
    }

    /// [`add`](Self::add) on all threads of the current `rayon` pool. The result is the same.
    #[cfg(feature = "rayon")]
    pub fn add_parallel(&mut self, source: usize, keys: &[DiagnosisKey]) {
        use rayon::prelude::*;

        let matcher = self.matcher;
        let pieces = keys.par_chunks(PIECE);
        let hits: alloc::vec::Vec<_> =
            pieces.map_init(|| matcher.sweep(), |sweep, keys| sweep.hits(keys, usize::MAX)).collect();
        for (keys, hits) in keys.chunks(PIECE).zip(&hits) {
            self.findings.hold(source, keys, hits);
        }
    }

    /// [`add`](Self::add), which fails when the search then holds more than `most` identifiers. Whoever chose the keys,
    /// memory does not grow far beyond that.
    pub(crate) fn add_at_most(&mut self, source: usize, keys: &[DiagnosisKey], most: usize) -> Result<(), TooMany> {
        for keys in keys.chunks(PIECE) {
            let mut hits = self.sweep.hits(keys, most);
            if hits.len() > most {
                // Perhaps they are those of a few keys that are repeated, which are held once.
                let (positions, distinct) = distinct(keys, self.matcher.profile);
                hits = self.sweep.hits(&distinct, most);
                if hits.len() > most {
                    return Err(TooMany);
                }
                for hit in &mut hits {
                    hit.key = positions.get(hit.key as usize).copied().unwrap_or(hit.key);
                }
            }
            self.findings.hold(source, keys, &hits);
            if self.findings.held() > most {
                return Err(TooMany);
            }
        }
        Ok(())
    }

    /// Adds what another search of the same matcher found, as if its keys had been given to this search next. With it
    /// you share keys among threads of your own.
    ///
    /// ```
    /// # let sightings = vec![];
    /// # let keys: [gaen::DiagnosisKey; 0] = [];
    /// let index = gaen::SightingIndex::new(sightings)?;
    /// let matcher = gaen::Matcher::new(&index);
    /// let (first, second) = keys.split_at(keys.len() / 2);
    ///
    /// let mut search = matcher.search();
    /// std::thread::scope(|scope| {
    ///     let other = scope.spawn(|| {
    ///         let mut search = matcher.search();
    ///         search.add(0, second);
    ///         search
    ///     });
    ///     search.add(0, first);
    ///     search.append(other.join().expect("the thread did not panic"));
    /// });
    /// assert_eq!(search.finish(), matcher.match_keys(&keys));
    /// # Ok::<(), gaen::matching::TooManySightings>(())
    /// ```
    pub fn append(&mut self, next: Search<'_>) {
        self.findings.append(next.findings);
    }

    /// Applies the acceptance rules to all that was found.
    ///
    /// A key that was given several times with the same start and period counts once, where it came first: its source
    /// and the fields of its report are those of that place. Where the profile
    /// [says so](Profile::counts_last_of_equal_keys), a key counts once, with whatever start and period, where it came last.
    #[must_use]
    pub fn finish(self) -> MatchReport {
        self.findings.judge(self.matcher.index)
    }
}

/// Of each (key, start, period) the one that counts in this profile, and where they stand. `keys` must be fewer than 2^32.
fn distinct(keys: &[DiagnosisKey], profile: Profile) -> (Vec<u32>, Vec<DiagnosisKey>) {
    let mut places = BTreeMap::new();
    for (position, key) in (0..).zip(keys) {
        let place: &mut u32 = places.entry((key.key_data, key.window)).or_insert(position);
        if profile.counts_last_of_equal_keys() {
            *place = position;
        }
    }
    let mut positions: Vec<_> = places.into_values().collect();
    positions.sort_unstable();
    let distinct = positions.iter().filter_map(|position| keys.get(*position as usize)).copied().collect();
    (positions, distinct)
}
