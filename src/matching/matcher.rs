//! Deriving every identifier of every key and looking for it among those that were heard.

use alloc::collections::BTreeMap;
use alloc::collections::btree_map::Entry;
use alloc::vec::Vec;

use super::accept::accept;
use super::index::SightingIndex;
use super::report::MatchReport;
use super::sweep::{Hit, Sweep};
use crate::arch::Tier;
use crate::diagnosis_key::DiagnosisKey;
use crate::profile::Profile;
use crate::tally::Tally;
use crate::time::{EnIntervalNumber, RollingWindow};

/// Finds the sightings of diagnosis keys in a [`SightingIndex`].
///
/// ```
/// use gaen::{DiagnosisKey, EnIntervalNumber, Matcher, RollingPeriod, RollingWindow, Sighting, SightingIndex};
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
    index: &'index SightingIndex,
    profile: Profile,
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
        Search { matcher: *self, sweep: Sweep::new(self.index, self.tier), keys: 0, found: BTreeMap::new(), held: 0 }
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
    matcher: Matcher<'index>,
    sweep: Sweep<'index>,
    /// How many keys were given.
    keys: u64,
    /// Keys of which at least one identifier was heard, each (key, start, period) once.
    found: BTreeMap<([u8; 16], RollingWindow), Found>,
    /// Their intervals in all.
    held: usize,
}

/// Keys whose positions fit a hit.
const LONGEST: usize = 1 << 31;

/// More was found than may be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMany;

/// A key of which at least one identifier was heard.
#[derive(Debug)]
struct Found {
    /// Its number among all keys that were given.
    number: u64,
    source: usize,
    key: DiagnosisKey,
    /// The intervals of the identifiers.
    intervals: Vec<EnIntervalNumber>,
}

impl<'index> Search<'index> {
    /// Looks for every identifier of these keys. `source` is the caller's number for the file they come from; each
    /// [`Match`](crate::Match) carries it.
    ///
    /// Keys are taken in groups of sixteen of one day: give them by the thousand, not one by one.
    pub fn add(&mut self, source: usize, keys: &[DiagnosisKey]) {
        for keys in keys.chunks(LONGEST) {
            let hits = self.sweep.hits(keys, usize::MAX);
            self.hold(source, keys, &hits);
        }
    }

    /// [`add`](Self::add) on all threads of the current `rayon` pool. The result is the same.
    #[cfg(feature = "rayon")]
    pub fn add_parallel(&mut self, source: usize, keys: &[DiagnosisKey]) {
        use rayon::prelude::*;

        /// Keys of one task: enough that few groups are not full, few enough to share.
        const TASK: usize = 1 << 14;

        let Matcher { index, tier, .. } = self.matcher;
        let chunks = keys.par_chunks(TASK);
        let hits: Vec<_> =
            chunks.map_init(|| Sweep::new(index, tier), |sweep, keys| sweep.hits(keys, usize::MAX)).collect();
        for (keys, hits) in keys.chunks(TASK).zip(&hits) {
            self.hold(source, keys, hits);
        }
    }

    /// [`add`](Self::add), unless more than `most` identifiers are held then. Memory does not grow far beyond that, whoever
    /// chose the keys.
    pub(crate) fn add_at_most(&mut self, source: usize, keys: &[DiagnosisKey], most: usize) -> Result<(), TooMany> {
        for keys in keys.chunks(LONGEST) {
            // Of what is found now, some may be held already.
            let hits = self.sweep.hits(keys, most);
            let cut = hits.len() > most;
            self.hold(source, keys, &hits);
            if cut || self.held > most {
                return Err(TooMany);
            }
        }
        Ok(())
    }

    /// Holds the hits of the next keys.
    fn hold(&mut self, source: usize, keys: &[DiagnosisKey], hits: &[Hit]) {
        for hits in hits.chunk_by(|a, b| a.key == b.key) {
            let Some((position, key)) = hits.first().and_then(|hit| Some((hit.key, keys.get(hit.key as usize)?)))
            else {
                continue;
            };
            let intervals = hits.iter().map(|hit| hit.interval).collect();
            self.insert(Found { number: self.keys + u64::from(position), source, key: *key, intervals });
        }
        self.keys += keys.len() as u64;
    }

    /// The first of equal keys stays.
    fn insert(&mut self, found: Found) {
        if let Entry::Vacant(place) = self.found.entry((found.key.key_data, found.key.window)) {
            self.held += found.intervals.len();
            place.insert(found);
        }
    }

    /// An empty search by the same matcher.
    pub(crate) fn sibling(&self) -> Self {
        self.matcher.search()
    }

    /// Takes over what another search by the same matcher has found, as if its keys had been given here.
    pub(crate) fn absorb(&mut self, other: Self) {
        let mut found: Vec<_> = other.found.into_values().collect();
        found.sort_unstable_by_key(|found| found.number);
        for mut found in found {
            found.number += self.keys;
            self.insert(found);
        }
        self.keys += other.keys;
    }

    /// Applies the acceptance rules to all that was found.
    ///
    /// A key that was given several times with the same start and period counts once, where it came first: its source
    /// and the fields of its report are those of that place.
    #[must_use]
    pub fn finish(self) -> MatchReport {
        let Matcher { index, profile, .. } = self.matcher;
        let mut report = MatchReport { matches: Vec::new(), dropped: Tally::new() };
        let mut found: Vec<_> = self.found.into_values().collect();
        found.sort_unstable_by_key(|found| found.number);
        for Found { source, key, intervals, .. } in &found {
            accept(index, profile, *source, key, intervals, &mut report.dropped, &mut report.matches);
        }
        report
    }
}
