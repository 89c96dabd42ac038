//! Searches files for the sightings of a store.

use core::ops::ControlFlow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::{Read, Seek, SeekFrom};

use rusqlite::{Connection, TransactionBehavior, params};
use sha2::{Digest, Sha256};

use super::columns::{self, KEY, key_values};
use super::error::StoreError;
use super::ledger::{self, Known, Searched};
use super::unfinished::{self, FoundSighting, Unfinished};
use super::{Store, sightings};
use crate::export::container::Container;
use crate::export::{
    EXPORT_BIN, ExportError, ExportSummary, Passed, Progress, ReadOptions, ReadSeek, Streamed, Trust, TrustSet,
    TrustedKey, export_bin_sha256,
};
use crate::keys::{DaysSinceOnset, DiagnosisKey};
use crate::matching::accept::HeardIdentifier;
use crate::matching::{Matcher, Search, SightingIndex};
use crate::search::{HoldBack, Limit, pass};

/// A search of files for the sightings that are in a store when it begins.
#[derive(Debug)]
pub struct StoreSearch<'a> {
    connection: &'a mut Connection,
    checkpoint_keys: u64,
    trust: &'a Trust,
    options: ReadOptions,
    /// The last sighting to look for.
    until: i64,
    /// The sightings that were looked for so far, by the numbers between which they lie.
    sought: BTreeMap<(i64, i64), Sought>,
}

/// Sightings to look for.
#[derive(Debug)]
struct Sought {
    /// Their numbers in the store, by their positions in the index.
    ids: Vec<i64>,
    index: SightingIndex,
}

/// What a search has done with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SearchedExport {
    /// The number of the file in the store.
    pub file: usize,
    /// What the file says. `None` if the file was not read, because it was searched for everything before.
    pub summary: Option<ExportSummary>,
    /// The number of sightings for which the file was searched now.
    pub sightings: u64,
    /// The number of the key at which this search began. Over 0 if it went on with an interrupted search.
    pub resumed_at: u64,
}

impl Store {
    /// Begins a search for all current sightings, in files that these keys signed. The store's own profile replaces the
    /// profile of the options, and the search may hold back as many candidates as it has sightings to look for.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn search<'a>(&'a mut self, trust: &'a Trust, options: &ReadOptions) -> Result<StoreSearch<'a>, StoreError> {
        let until = sightings::last(&self.connection)?;
        let transaction = self.write()?;
        ledger::pass_over(&transaction, until)?;
        transaction.commit()?;
        let Self { connection, profile, checkpoint_keys, .. } = self;
        let options = ReadOptions { profile: *profile, ..options.clone() };
        let checkpoint_keys = *checkpoint_keys;
        Ok(StoreSearch { connection, checkpoint_keys, trust, options, until, sought: BTreeMap::new() })
    }
}

impl StoreSearch<'_> {
    /// Searches one file for the sightings for which it was not searched yet. `now` is the time in Unix seconds.
    ///
    /// If the file was searched for all sightings, the store only hashes its bytes. After the signature over the whole
    /// file has verified, the store writes down in one transaction what it found and for which sightings it has
    /// searched. A file that fails leaves nothing. The store searches a large file in steps. After an interruption, the
    /// next search of the same file goes on from the last step.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn add_export<R: Read + Seek>(&mut self, reader: R, now: u64) -> Result<SearchedExport, StoreError> {
        self.add_export_with(reader, now, |_| ControlFlow::Continue(()))
    }

    /// [`add_export`](Self::add_export), and tells how far it is. It can be stopped by breaking; what was done remains
    /// for the next time.
    ///
    /// # Errors
    /// The errors of [`add_export`](Self::add_export), and [`Cancelled`](ExportError::Cancelled) if it was stopped.
    pub fn add_export_with<R: Read + Seek>(
        &mut self,
        mut reader: R,
        now: u64,
        mut observe: impl FnMut(&Progress) -> ControlFlow<()>,
    ) -> Result<SearchedExport, StoreError> {
        let zip_sha256 = sha256(&mut reader, self.options.limits.file_bytes)?;
        let mut done = Done::default();
        loop {
            let known = self.identify(&mut reader, &zip_sha256)?;
            let after = known.map_or(0, |known| known.searched_until);
            if let Some(known) = known.filter(|known| after >= self.until && trusts(self.trust, &known.trust)) {
                ledger::offered(self.connection, known.id, now)?;
                return done.searched(known.id);
            }
            match self.pass(&mut reader, zip_sha256, after, now, &mut observe) {
                Ok(pass) => done.add(pass),
                Err(Failure::OtherKeys) => {} // The steps so far are forgotten: the next pass begins with the first key.
                Err(Failure::Store(error)) => return Err(error),
            }
        }
    }

    /// What the ledger knows of a file.
    fn identify<R: Read + Seek>(&mut self, reader: &mut R, zip_sha256: &[u8; 32]) -> Result<Option<Known>, StoreError> {
        if let Some(known) = ledger::by_zip(self.connection, zip_sha256)? {
            return Ok(Some(known));
        }
        // Perhaps it is in another zip than the last time. That takes as long to find out as reading it.
        let Some(bytes) = export_bin_bytes(reader, &self.options) else { return Ok(None) };
        if !ledger::has_size(self.connection, bytes)? {
            return Ok(None);
        }
        let Some(export_sha256) = export_bin_sha256(reader, &self.options) else { return Ok(None) };
        ledger::by_export(self.connection, &export_sha256)
    }

    /// Searches one file for the sightings after `after`, or goes on with that.
    fn pass<R: Read + Seek>(
        &mut self,
        reader: &mut R,
        zip_sha256: [u8; 32],
        after: i64,
        now: u64,
        observe: &mut impl FnMut(&Progress) -> ControlFlow<()>,
    ) -> Result<Pass, Failure> {
        let Self { connection, checkpoint_keys, trust, options, until, sought } = self;
        let unfinished = Unfinished::resume(connection, zip_sha256, after, *until, ledger::storable(now))?;
        let range = (unfinished.after, unfinished.until);
        let sought = match sought.entry(range) {
            Entry::Occupied(place) => place.into_mut(),
            Entry::Vacant(place) => place.insert(Sought::read(connection, range)?),
        };
        // It finds identifiers; by whose rules they count is asked later.
        let matcher = Matcher::new(&sought.index);
        let (resumed_at, kept) = (unfinished.keys, unfinished.count(connection)?);
        let under_way = UnderWay {
            connection,
            ids: &sought.ids,
            matcher,
            search: matcher.search(),
            first: 0,
            kept,
            checkpoint_keys: *checkpoint_keys,
            resumed_at,
            unfinished,
            keys: 0,
            hasher: Sha256::new(),
            revised_keys: Vec::new(),
            span: None,
        };
        let options = options.clone().for_sightings(sought.ids.len());
        let passed = pass(reader, &options, Some(trust), under_way, observe);
        let passed = passed.and_then(|(under_way, good)| match under_way.keys < resumed_at {
            true => Err(Failure::OtherKeys),
            false => Ok((under_way, good)),
        });
        let (under_way, good) = match passed {
            Ok(passed) => passed,
            Err(failure) => {
                if failure.is_final() {
                    unfinished::forget(connection, &zip_sha256)?;
                }
                return Err(failure);
            }
        };
        // Another file may have taken its place while it was read.
        let is_same_zip = sha256(reader, options.limits.file_bytes)? == zip_sha256;
        let sightings = sought.ids.len() as u64;
        let summary = under_way.finish(good, is_same_zip.then_some(&zip_sha256), now)?;
        Ok(Pass { summary, sightings, resumed_at })
    }
}

/// Why a pass came to nothing.
enum Failure {
    /// The file's first keys are not those that were searched when it was interrupted.
    OtherKeys,
    Store(StoreError),
}

impl Failure {
    /// `true` if the same bytes fail again. A pass that was cancelled, or whose reader or store failed, can go on
    /// another time.
    fn is_final(&self) -> bool {
        match self {
            Self::OtherKeys => true,
            Self::Store(StoreError::File(error)) => {
                !matches!(error, ExportError::Cancelled | ExportError::Unreadable { .. })
            }
            Self::Store(_) => false,
        }
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        Self::Store(error.into())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// A file was searched for some sightings.
struct Pass {
    summary: ExportSummary,
    sightings: u64,
    resumed_at: u64,
}

/// What was done with a file by one or more passes.
#[derive(Default)]
struct Done {
    summary: Option<ExportSummary>,
    sightings: u64,
    resumed_at: u64,
}

impl Done {
    fn add(&mut self, pass: Pass) {
        self.summary = Some(pass.summary);
        self.sightings = self.sightings.saturating_add(pass.sightings);
        self.resumed_at = self.resumed_at.max(pass.resumed_at);
    }

    fn searched(self, file: i64) -> Result<SearchedExport, StoreError> {
        let Self { summary, sightings, resumed_at } = self;
        let file = usize::try_from(file).map_err(|error| StoreError::damaged("files", error))?;
        Ok(SearchedExport { file, summary, sightings, resumed_at })
    }
}

impl Sought {
    fn read(connection: &Connection, (after, until): (i64, i64)) -> Result<Self, StoreError> {
        let sightings::Numbered { ids, sightings } = sightings::between(connection, after, until)?;
        let index = SightingIndex::new(sightings);
        Ok(Self { ids, index: index.map_err(|error| StoreError::TooManySightings { found: error.found })? })
    }
}

/// A pass over a file under way.
struct UnderWay<'a> {
    connection: &'a mut Connection,
    ids: &'a [i64],
    matcher: Matcher<'a>,
    /// Over the keys since the last step.
    search: Search<'a>,
    /// The number of the first of them.
    first: u64,
    /// The hits that were written down.
    kept: usize,
    checkpoint_keys: u64,
    /// The keys before this one were searched before.
    resumed_at: u64,
    unfinished: Unfinished,
    /// How many keys were seen.
    keys: u64,
    /// Over all of them.
    hasher: Sha256,
    revised_keys: Vec<DiagnosisKey>,
    span: Option<(u32, u32)>,
}

impl HoldBack for UnderWay<'_> {
    type Error = Failure;

    fn take(&mut self, passed: &mut Passed, limit: Limit) -> Result<(), Failure> {
        let before = self.resumed_at.saturating_sub(self.keys);
        let before = usize::try_from(before).unwrap_or(usize::MAX).min(passed.keys.len());
        let (before, new) = passed.keys.split_at(before);
        if !before.is_empty() {
            self.note(before);
            if self.keys == self.resumed_at && self.keys_sha256() != self.unfinished.keys_sha256 {
                return Err(Failure::OtherKeys);
            }
            self.first = self.keys;
        }
        limit.search(&mut self.search, 0, new, self.kept)?;
        self.note(new);
        self.revised_keys.append(&mut passed.revised_keys);
        if self.revised_keys.len() > limit.most {
            return Err(limit.exceeded().into());
        }
        if self.keys.saturating_sub(self.first) >= self.checkpoint_keys {
            self.checkpoint()?;
        }
        Ok(())
    }
}

impl UnderWay<'_> {
    /// Takes note of keys that were, or will be, searched.
    fn note(&mut self, keys: &[DiagnosisKey]) {
        for key in keys {
            let (first, end) = (key.window.start().as_u32(), key.window.end().as_u32());
            let last = end.saturating_sub(1);
            self.span = Some(self.span.map_or((first, last), |span| (span.0.min(first), span.1.max(last))));
            self.hasher.update(key.key_data);
            self.hasher.update(first.to_le_bytes());
            self.hasher.update(end.to_le_bytes());
            let days = key.days_since_onset_of_symptoms.map_or(i8::MIN, DaysSinceOnset::as_i8);
            let [days] = days.to_le_bytes();
            let (level, variant) = (key.transmission_risk_level.as_u8(), key.variant_of_concern.as_u8());
            self.hasher.update([level, key.report_type as u8, days, variant]);
        }
        self.keys = self.keys.saturating_add(keys.len() as u64);
    }

    fn keys_sha256(&self) -> [u8; 32] {
        self.hasher.clone().finalize().into()
    }

    /// Writes down what was found since the last step.
    fn checkpoint(&mut self) -> Result<(), StoreError> {
        let hits = self.hits();
        let keys_sha256 = self.keys_sha256();
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        self.unfinished.advance(&transaction, self.keys, keys_sha256, &hits)?;
        transaction.commit()?;
        self.kept = self.kept.saturating_add(hits.len());
        self.first = self.keys;
        Ok(())
    }

    /// What was found since the last step; the next begins.
    fn hits(&mut self) -> Vec<FoundSighting> {
        let search = core::mem::replace(&mut self.search, self.matcher.search());
        let mut hits = Vec::new();
        for found in search.findings.in_order() {
            let (number, key) = (self.first.saturating_add(found.number), found.key);
            for HeardIdentifier { interval, sightings, .. } in found.heard(self.matcher.index) {
                let ids = sightings.filter_map(|(position, _)| self.ids.get(position));
                hits.extend(ids.map(|id| FoundSighting { number, key, interval: interval.as_u32(), sighting: *id }));
            }
        }
        hits
    }

    /// Writes down that the file, which has proved good, was searched, and what was found in it.
    fn finish(mut self, good: Streamed, zip_sha256: Option<&[u8; 32]>, now: u64) -> Result<ExportSummary, StoreError> {
        let (summary, signed_by, export_bin_bytes) = good.into_parts();
        let trust = signed_by.map(|set| fingerprint(&set)).unwrap_or_default();
        let hits = self.hits();
        let (after, until) = (self.unfinished.after, self.unfinished.until);
        let searched = Searched { summary: &summary, export_bin_bytes, trust, span: self.span, after, until, now };

        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let file = ledger::record(&transaction, &searched)?;
        keep_hits(&transaction, file, &self.unfinished.hits(&transaction)?)?;
        keep_hits(&transaction, file, &hits)?;
        for (number, key) in (0..).zip(&self.revised_keys) {
            keep_revised_key(&transaction, file, number, key)?;
        }
        if let Some(zip_sha256) = zip_sha256 {
            ledger::remember_zip(&transaction, zip_sha256, file)?;
        }
        unfinished::forget(&transaction, &self.unfinished.zip_sha256)?;
        transaction.commit()?;
        Ok(summary)
    }
}

/// SHA-256 over the points and names of a set's keys, whatever their order: what the ledger remembers of who signed.
fn fingerprint(set: &TrustSet) -> [u8; 32] {
    let describe = |key: &TrustedKey| Sha256::new().chain_update(key.key.point()).chain_update(key.name()).finalize();
    let mut keys: Vec<_> = set.keys().map(describe).collect();
    keys.sort_unstable();
    keys.iter().fold(Sha256::new(), Sha256::chain_update).finalize().into()
}

/// `true` if the signatures of a set with this fingerprint are enough.
fn trusts(trust: &Trust, signed_by: &[u8; 32]) -> bool {
    trust.sets().any(|set| fingerprint(set) == *signed_by)
}

/// The bytes that the `export.bin` in a zip says it has; `None` if there is none.
fn export_bin_bytes(reader: &mut dyn ReadSeek, options: &ReadOptions) -> Option<u64> {
    let mut container = Container::open(reader, options).ok()?;
    Some(container.entry(EXPORT_BIN).ok()??.promised())
}

/// Stores hits of a file, each once, and their keys where they came first.
fn keep_hits(connection: &Connection, file: i64, hits: &[FoundSighting]) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO matched_keys (file, number, {KEY}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (key_data, start, period) DO UPDATE SET
             file = excluded.file, number = excluded.number,
             transmission_risk_level = excluded.transmission_risk_level, report_type = excluded.report_type,
             days_since_onset = excluded.days_since_onset, variant_of_concern = excluded.variant_of_concern
         WHERE (excluded.file, excluded.number) < (matched_keys.file, matched_keys.number)"
    );
    let mut keep_key = connection.prepare_cached(&sql)?;
    let sql = "SELECT id FROM matched_keys WHERE key_data = ?1 AND start = ?2 AND period = ?3";
    let mut find_key = connection.prepare_cached(sql)?;
    let sql =
        format!("SELECT file, number, {KEY} FROM matched_keys WHERE key_data = ?1 AND start = ?2 AND period = ?3");
    let mut find_known = connection.prepare_cached(&sql)?;
    // A sighting may have been erased while the file was searched.
    let sql = "INSERT OR IGNORE INTO hits SELECT ?1, ?2, id FROM sightings WHERE id = ?3";
    let mut keep_hit = connection.prepare_cached(sql)?;
    for of_key in hits.chunk_by(|a, b| a.number == b.number) {
        let Some(FoundSighting { number, key, .. }) = of_key.first() else { continue };
        let [data, start, period, level, report_type, days, variant] = key_values(key);
        let place = params![data, start, period];
        if let Some(row) = find_known.query(place)?.next()? {
            let known = (row.get(0)?, row.get(1)?, columns::key("matched_keys", row, 2)?);
            keep_again(connection, known, (file, *number, *key))?;
        }
        keep_key.execute(params![file, number, data, start, period, level, report_type, days, variant])?;
        let id: i64 = find_key.query_row(place, |row| row.get(0))?;
        for hit in of_key {
            keep_hit.execute(params![id, hit.interval, hit.sighting])?;
        }
    }
    Ok(())
}

/// What is added to the number of a published key that is kept beside the revised ones: an earlier file published it
/// too.
pub(super) const PUBLISHED_AGAIN: u64 = 1 << 40;

/// Keeps what the later of two files says of a key that both published.
fn keep_again(
    connection: &Connection,
    known: (i64, u64, DiagnosisKey),
    found: (i64, u64, DiagnosisKey),
) -> Result<(), StoreError> {
    let (first, (file, number, key)) = if known.0 < found.0 { (known, found) } else { (found, known) };
    // In one file the first counts. Whether the report is another one is asked when all files are known.
    if first.0 == file {
        return Ok(());
    }
    keep_revised_key(connection, file, PUBLISHED_AGAIN.saturating_add(number), &key)
}

/// Stores a revised key of a file, the first of each number.
fn keep_revised_key(connection: &Connection, file: i64, number: u64, key: &DiagnosisKey) -> Result<(), StoreError> {
    let sql = format!("INSERT OR IGNORE INTO revised_keys (file, number, {KEY}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    let [data, start, period, level, report_type, days, variant] = key_values(key);
    let parameters = params![file, number, data, start, period, level, report_type, days, variant];
    connection.prepare_cached(&sql)?.execute(parameters)?;
    Ok(())
}

/// SHA-256 over all bytes of a file, or over the first beyond the limit, with which it will be refused.
fn sha256<R: Read + Seek>(reader: &mut R, limit: u64) -> Result<[u8; 32], StoreError> {
    let unreadable = |error: std::io::Error| ExportError::Unreadable { detail: error.to_string() };
    reader.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    let mut hasher = Sha256::new();
    let mut step = vec![0; 64 << 10];
    let mut rest = reader.take(limit.saturating_add(1));
    loop {
        match rest.read(&mut step) {
            Ok(0) => return Ok(hasher.finalize().into()),
            Ok(count) => hasher.update(step.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(unreadable(error).into()),
        }
    }
}
