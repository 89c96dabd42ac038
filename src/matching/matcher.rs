//! Deriving every identifier of every key and looking for it among those that were heard.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use aes::cipher::{BlockCipherEncrypt, KeyInit};
use aes::{Aes128Enc, Block};

use super::accept::accept;
use super::index::SightingIndex;
use super::report::MatchReport;
use crate::crypto::derivation::{RPIK_INFO, expand_published, padded_data};
use crate::diagnosis_key::DiagnosisKey;
use crate::profile::Profile;
use crate::tally::Tally;
use crate::time::{EnIntervalNumber, INTERVALS_PER_DAY};

/// Intervals of a whole day.
const DAY: usize = INTERVALS_PER_DAY as usize;

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
}

impl<'index> Matcher<'index> {
    /// A matcher over this index, in Google's profile.
    #[must_use]
    pub const fn new(index: &'index SightingIndex) -> Self {
        Self { index, profile: Profile::Google }
    }

    /// Another profile.
    #[must_use]
    pub const fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
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
        Search { matcher: *self, day: Day::new(), hits: Vec::new(), held: 0 }
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
    day: Day,
    hits: Vec<KeyHits>,
    /// Identifiers in `hits`.
    #[cfg_attr(not(feature = "export"), allow(dead_code))] // only a scan asks
    held: usize,
}

/// A key of which at least one identifier was heard.
#[derive(Debug)]
struct KeyHits {
    source: usize,
    key: DiagnosisKey,
    /// Intervals and the groups of sightings of their identifiers.
    hits: Vec<(EnIntervalNumber, u32)>,
}

impl Search<'_> {
    /// Looks for every identifier of these keys. `source` is the caller's number for the file they come from; each
    /// [`Match`](crate::Match) carries it.
    pub fn add(&mut self, source: usize, keys: &[DiagnosisKey]) {
        for key in keys {
            let hits = self.look_up(key);
            if !hits.is_empty() {
                self.held += hits.len();
                self.hits.push(KeyHits { source, key: *key, hits });
            }
        }
    }

    /// A search over the same index that has found nothing yet.
    #[cfg(feature = "export")]
    pub(crate) fn sibling(&self) -> Self {
        self.matcher.search()
    }

    /// Takes over what another search over the same index has found, after what is there.
    #[cfg(feature = "export")]
    pub(crate) fn absorb(&mut self, other: Self) {
        self.held += other.held;
        self.hits.extend(other.hits);
    }

    /// How many identifiers that were heard are held until the end.
    #[cfg(feature = "export")]
    pub(crate) fn held(&self) -> usize {
        self.held
    }

    /// The intervals of a key in which its identifier was heard, at whatever time.
    fn look_up(&mut self, key: &DiagnosisKey) -> Vec<(EnIntervalNumber, u32)> {
        let index = self.matcher.index;
        let identifiers = self.day.identifiers(key);

        // Candidates are written down without a branch for each of the 144; few of them are left to look up.
        let filter = index.filter();
        let mut candidates = [0_u8; DAY];
        let mut count = 0;
        for (offset, identifier) in (0..u8::MAX).zip(identifiers) {
            candidates[count] = offset;
            count += usize::from(filter.may_contain(identifier.as_ref()));
        }
        let found = |offset: &u8| {
            let identifier = identifiers.get(usize::from(*offset))?;
            let interval = key.window.start().checked_add(u32::from(*offset))?;
            Some((interval, index.find(identifier.as_ref())?))
        };
        candidates[..count].iter().filter_map(found).collect()
    }

    /// Applies the acceptance rules to all that was found.
    ///
    /// A key that was given several times with the same start and period counts once, where it came first: its source
    /// and the fields of its report are those of that place.
    #[must_use]
    pub fn finish(self) -> MatchReport {
        let Matcher { index, profile } = self.matcher;
        let mut report = MatchReport { matches: Vec::new(), dropped: Tally::new() };
        let mut seen = BTreeSet::new();
        for KeyHits { source, key, hits } in &self.hits {
            if seen.insert((key.key_data, key.window)) {
                accept(index, profile, *source, key, hits, &mut report.dropped, &mut report.matches);
            }
        }
        report
    }
}

/// The blocks of up to a day, plain and encrypted. Kept from one key to the next: keys of one day share the plain ones.
struct Day {
    start: EnIntervalNumber,
    plain: [Block; DAY],
    encrypted: [Block; DAY],
}

impl Day {
    fn new() -> Self {
        let blocks = [Block::default(); DAY];
        let mut day = Self { start: EnIntervalNumber::new(0), plain: blocks, encrypted: blocks };
        day.fill();
        day
    }

    fn fill(&mut self) {
        for (offset, block) in (0..).zip(&mut self.plain) {
            *block = padded_data(self.start.as_u32().wrapping_add(offset)).into();
        }
    }

    /// The identifiers of a key, one for each interval of its period.
    fn identifiers(&mut self, key: &DiagnosisKey) -> &[Block] {
        if self.start != key.window.start() {
            self.start = key.window.start();
            self.fill();
        }
        let cipher = Aes128Enc::new(&expand_published(&key.key_data, RPIK_INFO).into());
        let count = key.window.period().as_usize();
        if cipher.encrypt_blocks_b2b(&self.plain[..count], &mut self.encrypted[..count]).is_err() {
            unreachable!("both have the same length");
        }
        &self.encrypted[..count]
    }
}

impl core::fmt::Debug for Day {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Day({})", self.start)
    }
}
