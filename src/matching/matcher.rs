//! Deriving every identifier of every key and looking for it among those that were heard.

#[cfg(feature = "export")]
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::findings::Findings;
use super::index::SightingIndex;
use super::report::{DroppedSighting, MatchReport};
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

    /// The profile.
    #[cfg(feature = "export")]
    pub(crate) const fn chosen_profile(&self) -> Profile {
        self.profile
    }

    /// The index.
    #[cfg(feature = "store")]
    pub(crate) const fn index(&self) -> &'index SightingIndex {
        self.index
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
    matcher: Matcher<'index>,
    sweep: Sweep<'index>,
    findings: Findings,
}

/// Keys that are swept together: enough that few tiles are not full, few enough to share among threads and to hold.
const PIECE: usize = 1 << 16;

/// More was found than may be held.
#[cfg(feature = "export")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMany;

impl<'index> Search<'index> {
    /// Looks for every identifier of these keys. `source` is the caller's number for the file they come from; each
    /// [`Match`](crate::matching::Match) carries it.
    ///
    /// Keys are taken in groups of sixteen of one day: give them by the thousand, not one by one.
    pub fn add(&mut self, source: usize, keys: &[DiagnosisKey]) {
        for keys in keys.chunks(PIECE) {
            let hits = self.sweep.hits(keys, usize::MAX);
            self.findings.hold(source, keys, &hits);
        }
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

    /// [`add`](Self::add), unless more than `most` identifiers are held then. Whoever chose the keys, memory does not grow
    /// far beyond that.
    #[cfg(feature = "export")]
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

    /// The matcher whose search this is.
    #[cfg(feature = "export")]
    pub(crate) fn matcher(&self) -> Matcher<'index> {
        self.matcher
    }

    /// What was found so far.
    #[cfg(feature = "export")]
    pub(crate) fn into_findings(self) -> Findings {
        self.findings
    }

    /// Adds what was found elsewhere, as if its keys had been given here.
    #[cfg(feature = "export")]
    pub(crate) fn absorb(&mut self, findings: Findings) {
        self.findings.absorb(findings);
    }

    /// Applies the acceptance rules to all that was found.
    ///
    /// A key that was given several times with the same start and period counts once, where it came first: its source
    /// and the fields of its report are those of that place. Where the profile
    /// [says so](Profile::counts_last_of_equal_keys), a key counts once, with whatever start and period, where it came last.
    #[must_use]
    pub fn finish(self) -> MatchReport {
        self.findings.judge(self.matcher.index, |_| ())
    }

    /// [`finish`](Self::finish), and each sighting that was dropped, for explanations. Those outside of the clock window
    /// are found by an [exhaustive](SightingIndex::exhaustive) index alone.
    #[must_use]
    pub fn finish_with_dropped(self) -> (MatchReport, Vec<DroppedSighting>) {
        let mut dropped = Vec::new();
        let report = self.findings.judge(self.matcher.index, |sighting| dropped.push(sighting));
        (report, dropped)
    }
}

/// Of each (key, start, period) the one that counts in this profile, and where they stand. `keys` must be fewer than 2^32.
#[cfg(feature = "export")]
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
