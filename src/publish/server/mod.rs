//! A key server without connections: it takes uploads, remembers their keys, and makes signed files.

mod receipt;
#[cfg(test)]
mod tests;

use core::fmt;
use core::num::NonZeroUsize;
use std::collections::{BTreeMap, BTreeSet};

use base64ct::{Base64, Encoding};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::certificate::{Certificate, CertifiedReport, Issuer};
use super::check::check;
use super::hmac::HmacKey;
use super::request::{RevisionToken, Upload};
use super::rules::Rules;
use crate::device::key_ring::SteadyClock;
use crate::export::{ExportBuilder, ExportFile, Signer, WriteError};
use crate::keys::{DiagnosisKey, KeyData, TransmissionRiskLevel};
use crate::time::{CLOCK_SECONDS, RETENTION_SECONDS};

pub use receipt::{Receipt, Refusal};

/// A key server: takes uploads, and makes signed files of them.
///
/// It has no connection and no store. Store it as JSON, by [`secret_json`](super::secret_json): it holds keys within
/// their embargo. Its `Debug` shows no key.
///
/// **Embargo.** A key leaves in a batch when three things agree. By the time of the call, its embargo is over. Its
/// window of arrival ended two hours before. And the server itself has counted the seconds that were left of the
/// embargo when the key came. The count leaves out steps of the clock of over two days. So neither a clock that steps
/// back nor a clock that is set far ahead lets a key out early. The price: longer pauses do not count either, so call
/// [`batch`](Self::batch) at least every other day.
///
/// **Revisions** obey the same rules. If a key is revised before it has left, it leaves once, with its new report. If
/// it is withdrawn before it has left, it never leaves. (Google's server gives out both the key and the revision, which
/// may leave an hour before the key.)
///
/// **Erasing.** Nothing erases old keys by itself: call [`purge`](Self::purge) every day.
///
/// Source: Google's key server, `internal/publish` and `internal/export`.
#[derive(Serialize, Deserialize)]
pub struct KeyServer {
    rules: Rules,
    clock: SteadyClock,
    keys: BTreeMap<KeyData, Stored>,
    /// The keys that a token may revise, by the SHA-256 of the token.
    tokens: BTreeMap<String, BTreeSet<KeyData>>,
    /// The starts of windows of which there are files. Phones take two files of one window for the same file.
    made: BTreeSet<u64>,
    /// The end of the window of each file, by the file's name.
    files: BTreeMap<String, u64>,
}

/// A key that was uploaded.
#[derive(Serialize, Deserialize)]
struct Stored {
    key: DiagnosisKey,
    report: CertifiedReport,
    /// The start of the window in which the key or its revision is to leave. `None` if neither is to leave.
    leaves_from: Option<u64>,
    /// `true` once the key has been in a file.
    is_out: bool,
    is_revised: bool,
    /// The count of the server's steady clock at which the embargo is over, seconds.
    safe_at_count: i64,
}

/// How files are made. The defaults are those of Google's key server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchOptions {
    /// The region that files name.
    pub region: String,
    /// The server fills each file up to this number of keys, with made-up keys.
    pub pad_to: usize,
    /// The server adds 0 to this number of made-up keys to each file that it fills.
    pub pad_random: u32,
    /// The most keys of a file. The server splits a window with more keys into several files.
    pub most_keys: NonZeroUsize,
}

impl BatchOptions {
    /// Options for files of this region, filled up to 1,000 to 1,100 keys, with at most 500,000 keys each.
    #[must_use]
    pub fn new(region: impl Into<String>) -> Self {
        Self { region: region.into(), pad_to: 1000, pad_random: 100, most_keys: ExportBuilder::MAX_KEYS_PER_FILE }
    }
}

/// What an upload does to one key.
enum Change {
    Insert(DiagnosisKey),
    Revise(DiagnosisKey),
    Nothing,
}

impl KeyServer {
    /// Makes a server without keys.
    #[must_use]
    pub const fn new(rules: Rules) -> Self {
        Self {
            rules,
            clock: SteadyClock::new(),
            keys: BTreeMap::new(),
            tokens: BTreeMap::new(),
            made: BTreeSet::new(),
            files: BTreeMap::new(),
        }
    }

    /// Verifies the certificate of an upload at this Unix second, and takes the upload, or nothing of it.
    ///
    /// # Errors
    /// [`Refusal`]. Then the server is as it was.
    pub fn receive<R: CryptoRng + ?Sized>(
        &mut self,
        upload: &Upload,
        issuer: &Issuer,
        now: u64,
        rng: &mut R,
    ) -> Result<Receipt, Refusal> {
        let certificate = issuer.verify(upload.certificate(), now)?;
        self.take(upload, &certificate, now, rng)
    }

    fn take<R: CryptoRng + ?Sized>(
        &mut self,
        upload: &Upload,
        certificate: &Certificate,
        now: u64,
        rng: &mut R,
    ) -> Result<Receipt, Refusal> {
        let secret = HmacKey::from_base64(upload.hmac_key())?;
        if !certificate.covers(upload.keys(), &secret) {
            return Err(Refusal::OtherKeys);
        }
        let claims = certificate.claims();
        let onset = upload.symptom_onset().or(claims.symptom_onset);
        let (keys, violations) = check(upload.keys(), onset, now, &self.rules).into_parts();
        if keys.is_empty() {
            return Err(Refusal::Rules { violations });
        }
        let known = upload.revision_token().map(|token| self.tokens.get(&hash(token)));
        let with_report = |key: &DiagnosisKey| DiagnosisKey {
            report_type: claims.report.report_type(),
            transmission_risk_level: match key.transmission_risk_level {
                TransmissionRiskLevel::UNSET => claims.report.transmission_risk(),
                level => level,
            },
            ..*key
        };
        let keys: Vec<_> = keys.iter().map(|key| with_report(key.key())).collect();
        let change = |key: &DiagnosisKey| self.change(*key, claims.report, known);
        let changes: Vec<_> = keys.iter().map(change).collect::<Result<_, _>>()?;

        // Nothing is refused from here on.
        self.clock.observe(now);
        let mut receipt = Receipt { inserted: 0, revised: 0, unchanged: 0, violations, token: token(rng) };
        let mut revisable = known.flatten().cloned().unwrap_or_default();
        for change in changes {
            let counter = match change {
                // The same key may stand in an upload twice.
                Change::Insert(key) if !self.keys.contains_key(&key.key_data) => {
                    revisable.insert(key.key_data);
                    self.insert(key, claims.report, now);
                    &mut receipt.inserted
                }
                Change::Revise(key) => {
                    self.revise(key, claims.report, now);
                    &mut receipt.revised
                }
                Change::Insert(_) | Change::Nothing => &mut receipt.unchanged,
            };
            *counter = counter.saturating_add(1);
        }
        self.tokens.insert(hash(receipt.token.expose_secret()), revisable);
        Ok(receipt)
    }

    /// What a key does that comes with this report, and with a token for these keys.
    fn change(
        &self,
        key: DiagnosisKey,
        report: CertifiedReport,
        known: Option<Option<&BTreeSet<KeyData>>>,
    ) -> Result<Change, Refusal> {
        let Some(stored) = self.keys.get(&key.key_data) else {
            // Nobody has heard of it: there is nothing to withdraw.
            let is_withdrawn = report == CertifiedReport::Negative;
            return Ok(if is_withdrawn { Change::Nothing } else { Change::Insert(key) });
        };
        match known {
            None => return Err(Refusal::NoToken),
            Some(Some(keys)) if keys.contains(&key.key_data) && stored.key.window == key.window => {}
            Some(_) => return Err(Refusal::InvalidToken),
        }
        if stored.report == report {
            return Ok(Change::Nothing);
        }
        if stored.is_revised {
            return Err(Refusal::AlreadyRevised);
        }
        if !stored.report.may_become(report) {
            return Err(Refusal::Transition { from: stored.report, to: report });
        }
        Ok(Change::Revise(key))
    }

    fn insert(&mut self, key: DiagnosisKey, report: CertifiedReport, now: u64) {
        let end = key.window.end().unix_seconds();
        // A key that is still valid belongs to the window after its end.
        let from = if now < end { end.saturating_add(self.window()) } else { now };
        let left = key.window.safe_to_release_at().saturating_sub(now);
        let stored = Stored {
            key,
            report,
            leaves_from: Some(self.start_of_window(from)),
            is_out: false,
            is_revised: false,
            safe_at_count: self.clock.elapsed.saturating_add_unsigned(left),
        };
        self.keys.insert(key.key_data, stored);
    }

    fn revise(&mut self, key: DiagnosisKey, report: CertifiedReport, now: u64) {
        let from = self.start_of_window(now);
        if let Some(stored) = self.keys.get_mut(&key.key_data) {
            stored.leaves_from = match report {
                CertifiedReport::Negative if !stored.is_out => None,
                _ if !stored.is_out => stored.leaves_from,
                _ => Some(from),
            };
            (stored.key, stored.report, stored.is_revised) = (key, report, true);
        }
    }

    /// Makes the files of all windows that ended two hours before this Unix second. Every signer signs each file.
    ///
    /// A file has the keys of its window that have not left yet. A window without such keys has no file.
    ///
    /// # Errors
    /// [`WriteError`]. Then no key has left, and the next call tries again.
    pub fn batch<'s, R: CryptoRng + ?Sized>(
        &mut self,
        now: u64,
        options: &BatchOptions,
        signers: impl IntoIterator<Item = &'s Signer>,
        rng: &mut R,
    ) -> Result<Vec<ExportFile>, WriteError> {
        self.clock.observe(now);
        let signers: Vec<_> = signers.into_iter().collect();
        let mut files: Vec<(u64, ExportFile)> = Vec::new();
        let windows = self.due(now);
        for (start, due) in &windows {
            let end = start.saturating_add(self.window());
            let list = |is_out| {
                let stored = due.iter().filter_map(|data| self.keys.get(data));
                stored.filter(move |stored| stored.is_out == is_out).map(|stored| stored.key)
            };
            let builder = ExportBuilder::new(options.region.clone(), *start, end)
                .keys(list(false))
                .revised_keys(list(true))
                .pad_to(options.pad_to)
                .pad_random(options.pad_random)
                .max_keys_per_file(options.most_keys);
            let made = builder.build(signers.iter().copied(), rng)?;
            files.extend(made.into_iter().map(|file| (end, file)));
        }

        // Every file is there: nothing fails from here on.
        for (start, due) in windows {
            self.made.insert(start);
            for data in due {
                if let Some(stored) = self.keys.get_mut(&data) {
                    (stored.leaves_from, stored.is_out) = (None, true);
                }
            }
        }
        self.files.extend(files.iter().map(|(end, file)| (file.name.clone(), *end)));
        Ok(files.into_iter().map(|(_, file)| file).collect())
    }

    /// What leaves now, by the start of its window.
    fn due(&self, now: u64) -> BTreeMap<u64, Vec<KeyData>> {
        let mut windows: BTreeMap<u64, Vec<KeyData>> = BTreeMap::new();
        for (data, stored) in &self.keys {
            let is_safe = stored.key.window.safe_to_release_at() <= now && stored.safe_at_count <= self.clock.elapsed;
            let Some(mut start) = stored.leaves_from.filter(|_| is_safe) else { continue };
            // What comes late for its window takes the next of which there is no file.
            while self.made.contains(&start) {
                start = start.saturating_add(self.window());
            }
            let is_over = start.saturating_add(self.window()).saturating_add(CLOCK_SECONDS) <= now;
            if is_over {
                windows.entry(start).or_default().push(*data);
            }
        }
        windows
    }

    /// `index.txt`: the names of all files whose window ended in the last 14 days, in order, one a line.
    #[must_use]
    pub fn index(&self, now: u64) -> String {
        let oldest = now.saturating_sub(RETENTION_SECONDS);
        let names = self.files.iter().filter(|(_, end)| **end >= oldest).map(|(name, _)| name.as_str());
        names.collect::<Vec<_>>().join("\n")
    }

    /// Erases what is outlived at this Unix second, and returns how many keys went.
    ///
    /// A key goes when it has left or was withdrawn, its end is 14 days old, and the rules let nobody upload it again.
    /// Its tokens go with it. A file leaves the index's memory when its window is 14 days old. The clock is believed: a
    /// clock that is weeks ahead erases keys that could still be revised. It erases no key that is still to leave.
    pub fn purge(&mut self, now: u64) -> usize {
        // A moment without an interval number is a fault of the clock.
        let Ok(oldest_end) = self.rules.oldest_end(now) else { return 0 };
        let oldest = now.saturating_sub(RETENTION_SECONDS);
        let before = self.keys.len();
        let is_outlived = |stored: &Stored| {
            let end = stored.key.window.end();
            stored.leaves_from.is_none() && end < oldest_end && end.unix_seconds() <= oldest
        };
        self.keys.retain(|_, stored| !is_outlived(stored));
        self.files.retain(|_, end| *end >= oldest);
        // What is late takes the next window of which there is no file, from its own on.
        let still_needed = self.keys.values().filter_map(|stored| stored.leaves_from).fold(oldest, u64::min);
        self.made.retain(|start| *start >= still_needed);
        let keys = &self.keys;
        self.tokens.retain(|_, known| {
            known.retain(|data| keys.contains_key(data));
            !known.is_empty()
        });
        before.saturating_sub(self.keys.len())
    }

    /// The number of keys that wait to leave.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.keys.values().filter(|stored| stored.leaves_from.is_some()).count()
    }

    fn window(&self) -> u64 {
        self.rules.window_seconds.max(1)
    }

    fn start_of_window(&self, time: u64) -> u64 {
        time.saturating_sub(time.checked_rem(self.window()).unwrap_or_default())
    }
}

impl fmt::Debug for KeyServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyServer({} keys, {} of them waiting, redacted)", self.keys.len(), self.waiting())
    }
}

/// Makes a token of 32 random bytes.
fn token<R: CryptoRng + ?Sized>(rng: &mut R) -> RevisionToken {
    let mut bytes = Zeroizing::new([0; 32]);
    rng.fill_bytes(&mut *bytes);
    RevisionToken::new(Base64::encode_string(&*bytes))
}

/// The name by which a server finds a token again without keeping the token.
fn hash(token: &str) -> String {
    base16ct::lower::encode_string(&Sha256::digest(token.as_bytes()))
}
