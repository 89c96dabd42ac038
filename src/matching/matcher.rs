//! Derives every identifier of every key, and looks for it among the identifiers that were heard.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::findings::Findings;
use super::index::SightingIndex;
use super::part::Part;
#[cfg(feature = "std")]
use super::remembered::Remembered;
use super::report::MatchReport;
use super::sweep::{HeardInterval, Sweep};
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
    /// Makes a matcher over this index. It uses Google's profile and the fastest tier of this CPU.
    #[must_use]
    pub fn new(index: &'index SightingIndex) -> Self {
        Self { index, profile: Profile::Google, tier: Tier::best() }
    }

    /// Sets the profile.
    #[must_use]
    pub const fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Sets the tier. The result is the same with every tier.
    #[must_use]
    pub const fn tier(mut self, tier: Tier) -> Self {
        self.tier = tier;
        self
    }

    /// Matches the keys of one source, as a [`search`](Self::search) of one step does.
    #[must_use]
    pub fn match_keys(&self, keys: &[DiagnosisKey]) -> MatchReport {
        let mut search = self.search();
        search.add(0, keys);
        search.finish()
    }

    /// Begins a search over the keys of one or more sources, given piece by piece.
    #[must_use]
    pub fn search(&self) -> Search<'index> {
        Search {
            matcher: *self,
            sweep: Sweep::new(self.index, self.tier),
            findings: Findings::new(self.profile),
            #[cfg(feature = "std")]
            remembered: None,
        }
    }
}

/// A search under way. It releases nothing before [`finish`](Self::finish), so a search that you drop has found
/// nothing.
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
    /// Shared with the searches that this search begins for its files and threads.
    #[cfg(feature = "std")]
    remembered: Option<Remembered>,
}

/// How many keys are swept together. With so many, few tiles are not full; and they are few enough to hold, and to
/// share among threads.
const PIECE: usize = 1 << 16;

/// The search found more than it may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMany;

/// A piece that is searched elsewhere.
#[cfg(feature = "std")]
#[derive(Debug)]
pub(super) struct Lent {
    /// The number of its first key.
    first: u64,
    keys: Vec<DiagnosisKey>,
    /// The keys that are not remembered, if the search remembers keys.
    unknown: Option<Part>,
}

#[cfg(feature = "std")]
impl Lent {
    /// The keys that must be searched.
    pub(super) fn wanted(&self) -> &[DiagnosisKey] {
        self.unknown.as_ref().map_or(&self.keys, Part::keys)
    }
}

/// Searching elsewhere.
#[cfg(feature = "std")]
impl Search<'_> {
    /// Lends a piece whose keys have the numbers from `first` on.
    pub(super) fn lend(&self, first: u64, keys: &[DiagnosisKey]) -> Lent {
        let remembered = self.remembered.as_ref();
        let unknown = remembered.map(|known| known.unknown(keys, |key| self.matcher.index.job(key.window).is_some()));
        Lent { first, keys: keys.to_vec(), unknown }
    }

    /// Takes a piece back with all hits of its [wanted](Lent::wanted) keys; without them, searches the piece.
    pub(super) fn take_back(
        &mut self,
        source: usize,
        lent: Lent,
        hits: Option<Vec<HeardInterval>>,
        most: usize,
    ) -> Result<(), TooMany> {
        let Lent { first, keys, unknown } = lent;
        let Some(mut hits) = hits else { return self.add_from(first, source, &keys, most) };
        if let (Some(remembered), Some(unknown)) = (&self.remembered, unknown) {
            remembered.keep(unknown.unheard(&hits));
            hits = unknown.among_all(hits);
        }
        self.hold(first, source, &keys, &hits, most)
    }
}

/// Remembering.
#[cfg(feature = "std")]
impl Search<'_> {
    /// The memory that is enough for 2,000,000 keys: 64 MiB.
    pub const MEMORY: usize = 64 << 20;

    /// From now on remembers keys of which nothing was heard, in at most `bytes` of memory, so that a key that is given
    /// again with the same window costs a look-up instead of a search. The result is the same.
    ///
    /// It pays where files repeat keys, as the files of a server do over the days: a real archive lists each key 30
    /// times. A key that comes once costs a look-up more. A remembered key takes at most 32 bytes. When the memory is
    /// full, remembered keys give way to new ones. Less than 64 KiB remembers next to nothing.
    ///
    /// Only what the search computed is remembered, nothing that a file says. Threads and files of the search share it.
    ///
    /// ```no_run
    /// # use std::fs::File;
    /// # fn search(paths: &[&str], index: &gaen::SightingIndex, trust: &gaen::export::Trust) -> std::io::Result<()> {
    /// use gaen::matching::Search;
    /// use gaen::search::SearchOptions;
    ///
    /// let mut search = gaen::Matcher::new(index).search().remembering(Search::MEMORY);
    /// for (source, path) in paths.iter().enumerate() {
    ///     if let Err(error) = search.add_export(source, File::open(path)?, &SearchOptions::verified_by(trust)) {
    ///         eprintln!("{path}: {error}");
    ///     }
    /// }
    /// println!("{} matches", search.finish().matches.len());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn remembering(mut self, bytes: usize) -> Self {
        self.remembered = Some(Remembered::new(bytes));
        self
    }

    /// Another search of the same matcher, for a thread of your own. It has found nothing yet, and shares what this
    /// search remembers. [`append`](Self::append) takes its findings.
    #[must_use]
    pub fn another(&self) -> Self {
        Self { remembered: self.remembered.clone(), ..self.matcher.search() }
    }
}

impl<'index> Search<'index> {
    /// Looks for every identifier of these keys. `source` is your number for the file that the keys come from; each
    /// [`Match`](crate::matching::Match) carries it.
    ///
    /// The search takes keys of one day in groups of sixteen. Give it keys by the thousand, not one by one.
    pub fn add(&mut self, source: usize, keys: &[DiagnosisKey]) {
        // No search can hold more than the largest number.
        let (Ok(()) | Err(TooMany)) = self.add_at_most(source, keys, usize::MAX);
    }

    /// Does what [`add`](Self::add) does, on all threads of the current `rayon` pool. The result is the same.
    #[cfg(feature = "rayon")]
    pub fn add_parallel(&mut self, source: usize, keys: &[DiagnosisKey]) {
        use rayon::prelude::*;

        let pieces = keys.par_chunks(PIECE);
        let hits: Vec<_> = pieces.map_init(|| self.another(), |search, keys| search.hits(keys, usize::MAX)).collect();
        for (keys, hits) in keys.chunks(PIECE).zip(&hits) {
            self.findings.hold(self.findings.next(), source, keys, hits.as_deref().unwrap_or_default());
        }
    }

    /// Does what [`add`](Self::add) does, and fails if the search then holds more than `most` identifiers. Memory does
    /// not grow far beyond that, whoever chose the keys.
    pub(crate) fn add_at_most(&mut self, source: usize, keys: &[DiagnosisKey], most: usize) -> Result<(), TooMany> {
        keys.chunks(PIECE).try_for_each(|keys| self.add_from(self.findings.next(), source, keys, most))
    }

    /// Does what [`add_at_most`](Self::add_at_most) does with one piece, whose keys have the numbers from `first` on.
    pub(super) fn add_from(
        &mut self,
        first: u64,
        source: usize,
        keys: &[DiagnosisKey],
        most: usize,
    ) -> Result<(), TooMany> {
        let hits = self.hits(keys, most)?;
        self.hold(first, source, keys, &hits, most)
    }

    /// Holds the hits of a piece, whose keys have the numbers from `first` on.
    fn hold(
        &mut self,
        first: u64,
        source: usize,
        keys: &[DiagnosisKey],
        hits: &[HeardInterval],
        most: usize,
    ) -> Result<(), TooMany> {
        self.findings.hold(first, source, keys, hits);
        if self.findings.held() > most { Err(TooMany) } else { Ok(()) }
    }

    /// The hits of a piece, of each (key, start, period) at least once, unless they are too many.
    fn hits(&mut self, keys: &[DiagnosisKey], most: usize) -> Result<Vec<HeardInterval>, TooMany> {
        #[cfg(feature = "std")]
        if let Some(remembered) = &self.remembered {
            let unknown = remembered.unknown(keys, |key| self.matcher.index.job(key.window).is_some());
            let hits = self.sweep.hits(unknown.keys(), most);
            // With more, some keys may not have been searched.
            if hits.len() <= most {
                remembered.keep(unknown.unheard(&hits));
                return Ok(unknown.among_all(hits));
            }
            return self.distinct_hits(keys, most);
        }
        let hits = self.sweep.hits(keys, most);
        if hits.len() <= most { Ok(hits) } else { self.distinct_hits(keys, most) }
    }

    /// The hits of a piece that has too many. Perhaps they are those of a few keys that are repeated, which are held
    /// once.
    fn distinct_hits(&mut self, keys: &[DiagnosisKey], most: usize) -> Result<Vec<HeardInterval>, TooMany> {
        let distinct = distinct(keys, self.matcher.profile);
        let hits = self.sweep.hits(distinct.keys(), most);
        if hits.len() > most { Err(TooMany) } else { Ok(distinct.among_all(hits)) }
    }

    /// Adds the findings of another search of the same matcher, as if you had given its keys to this search next. With
    /// `append` you share keys among threads of your own.
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
    ///     let mut other = search.another();
    ///     let other = scope.spawn(|| {
    ///         other.add(0, second);
    ///         other
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

    /// Applies the acceptance rules to all findings, and returns the result.
    ///
    /// A key that you gave several times with the same start and period counts once: the first one counts, with its
    /// source and its report. In a profile that [counts the last of equal keys](Profile::counts_last_of_equal_keys),
    /// the last one counts instead, whatever the starts and periods.
    #[must_use]
    pub fn finish(self) -> MatchReport {
        self.findings.judge(self.matcher.index)
    }
}

/// Of each (key, start, period) the one that counts in this profile. `keys` must be fewer than 2^32.
fn distinct(keys: &[DiagnosisKey], profile: Profile) -> Part {
    let mut places = BTreeMap::new();
    for (position, key) in (0..).zip(keys) {
        let place: &mut u32 = places.entry((key.key_data, key.window)).or_insert(position);
        if profile.counts_last_of_equal_keys() {
            *place = position;
        }
    }
    let mut positions: Vec<_> = places.into_values().collect();
    positions.sort_unstable();
    let mut part = Part::default();
    for position in positions {
        if let Some(key) = keys.get(position as usize) {
            part.push(position as usize, key);
        }
    }
    part
}
