//! A device's own keys: they stay inside, and leave by a release alone.

use std::sync::{Mutex, MutexGuard, PoisonError};

use gaen::device::CurrentKey;
use gaen::device::frame::ServiceData;
use gaen::keys::{BluetoothMetadata, TransmissionRiskLevel};
use gaen::publish::{self, Consent, Rules};
use gaen::time::{RollingWindow, TimeError};
use gaen::{DiagnosisKey, EnIntervalNumber};
use gaen_report::publish::{CheckDocument, Input};
use rand::TryRng;
use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;

use crate::error::{Error, ErrorKind};
use crate::frame::Broadcast;
use crate::report::{json, signed};

/// The keys of a device, in memory. They are wiped when the ring is dropped.
///
/// A ring in memory is for trying things out: what it broadcast cannot be published after the process has ended. An app
/// keeps its keys in a store, which broadcasts and releases in the same words.
///
/// ```
/// use gaen_app::{Consent, KeyRing};
///
/// let (ring, noon) = (KeyRing::new(), 1_601_121_600);
/// let sent = ring.broadcast(noon, -8)?;
/// assert_eq!((sent.until, sent.is_new_key), (noon as i64 + 600, true));
/// assert_eq!(ring.broadcast(noon + 599, -8)?.identifier(), sent.identifier());
///
/// // A day later its owner reports a diagnosis, and agrees to publish.
/// let released = ring.release(noon + 86_400, &Consent::given(noon + 86_400))?;
/// assert_eq!((released.keys().len(), released.held().len()), (1, 0));
/// # Ok::<(), gaen_app::Error>(())
/// ```
#[derive(Debug)]
pub struct KeyRing {
    ring: Mutex<gaen::KeyRing>,
}

impl Default for KeyRing {
    fn default() -> Self {
        Self::new()
    }
}

impl KeyRing {
    /// A ring without keys.
    #[must_use]
    pub fn new() -> Self {
        Self { ring: Mutex::new(gaen::KeyRing::new()) }
    }

    /// What to broadcast at the time `now`, Unix seconds, with this transmit power, dBm. Makes the key of the day if
    /// there is none, of the system's randomness.
    ///
    /// # Errors
    /// `time` if `now` has no interval number, `randomness` if the system has none to give.
    pub fn broadcast(&self, now: u64, tx_power: i8) -> Result<Broadcast, Error> {
        broadcast(&mut self.lock(), now, tx_power)
    }

    /// Releases what may be published at the time `now`, Unix seconds. Asking again gives the same keys again.
    ///
    /// # Errors
    /// `time` if `now` has no interval number. Then nothing is released.
    pub fn release(&self, now: u64, consent: &Consent) -> Result<Release, Error> {
        release(&mut self.lock(), now, consent)
    }

    /// Erases the keys whose 14 days are over, and says how many went. Call it every day.
    pub fn purge(&self, now: u64) -> usize {
        self.lock().purge(now)
    }

    /// Erases all keys, as when the user asks for it.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// The number of keys.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().keys().len()
    }

    /// `true` if there is no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// No method leaves a ring half changed.
    fn lock(&self) -> MutexGuard<'_, gaen::KeyRing> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wrong_time(error: TimeError) -> Error {
    Error::new(ErrorKind::Time, "time", error.to_string())
}

pub(crate) fn broadcast(ring: &mut gaen::KeyRing, now: u64, tx_power: i8) -> Result<Broadcast, Error> {
    let interval = EnIntervalNumber::from_unix_seconds(now).map_err(wrong_time)?;
    // A system that has none answers here, before a key is made.
    SysRng.try_next_u32().map_err(|error| Error::new(ErrorKind::Build, "randomness", error.to_string()))?;
    let current = ring.rotate(now, &mut UnwrapErr(SysRng)).map_err(wrong_time)?;
    let key = current.key().key();
    let rpi = key.identifier_key().identifier(interval);
    let aem = key.metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(tx_power));
    Ok(Broadcast {
        data: ServiceData { rpi, aem },
        interval: interval.as_u32().into(),
        until: signed(interval.unix_seconds().saturating_add(600)),
        is_new_key: matches!(current, CurrentKey::Generated(_)),
    })
}

pub(crate) fn release(ring: &mut gaen::KeyRing, now: u64, consent: &Consent) -> Result<Release, Error> {
    Ok(Release { release: publish::release(ring, now, consent).map_err(wrong_time)? })
}

/// What a key ring let go, and what stays.
#[derive(Debug)]
pub struct Release {
    release: publish::Release,
}

/// A key whose embargo is over. Its bytes are for publishing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReleasedKey {
    /// The 16 bytes of the key.
    pub key: [u8; 16],
    /// The first interval in which the key is valid. An interval is ten minutes.
    pub rolling_start_interval_number: i64,
    /// The number of intervals in which the key is valid.
    pub rolling_period: i64,
}

/// A key whose bytes stay inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldKey {
    /// The first interval in which the key is valid. An interval is ten minutes.
    pub rolling_start_interval_number: i64,
    /// The number of intervals in which the key is valid.
    pub rolling_period: i64,
    /// The name of the reason, for programs. `embargoed` is a key that was ended early: it goes only to a server that
    /// holds it back.
    pub code: &'static str,
    /// The reason, in words.
    pub reason: String,
}

impl From<&DiagnosisKey> for ReleasedKey {
    fn from(key: &DiagnosisKey) -> Self {
        let (rolling_start_interval_number, rolling_period) = numbers(key.window);
        Self { key: *key.key_data.as_bytes(), rolling_start_interval_number, rolling_period }
    }
}

fn numbers(window: RollingWindow) -> (i64, i64) {
    (window.start().as_u32().into(), window.period().as_u32().into())
}

impl HeldKey {
    fn new(window: RollingWindow, code: &'static str, reason: String) -> Self {
        let (rolling_start_interval_number, rolling_period) = numbers(window);
        Self { rolling_start_interval_number, rolling_period, code, reason }
    }
}

impl Release {
    /// The keys whose embargo is over.
    #[must_use]
    pub fn keys(&self) -> Vec<ReleasedKey> {
        self.release.keys().iter().map(ReleasedKey::from).collect()
    }

    /// The keys whose bytes stay inside: first those that were ended early, then those that stay in the ring.
    #[must_use]
    pub fn held(&self) -> Vec<HeldKey> {
        let embargoed = self.release.embargoed().iter().map(|key| {
            let reason = format!("its identifiers can be replayed until {} (Unix seconds)", key.safe_to_release_at());
            HeldKey::new(key.window(), "embargoed", reason)
        });
        let held = self.release.held().iter();
        embargoed
            .chain(held.map(|held| HeldKey::new(held.window, held.reason.code(), held.reason.to_string())))
            .collect()
    }

    /// What a server by Google's rules would say of an upload of these keys at the time `now`, Unix seconds: the
    /// document of `gaen publish --check --json`. `onset` is the interval in which symptoms began.
    ///
    /// # Errors
    /// `onset` if it is no interval number, `document` if the document cannot be written.
    pub fn check_json(&self, onset: Option<i64>, now: u64) -> Result<String, Error> {
        let keys = self.release.upload(&Rules::GOOGLE, |_| TransmissionRiskLevel::UNSET);
        json(&CheckDocument::new(keys.as_slice(), interval(onset)?, now, &Rules::GOOGLE, self.release.held()))
    }
}

/// What a server by Google's rules would say at the time `now`, Unix seconds, of the body of an upload, or of keys in
/// any form that `gaen export` reads: the document of `gaen publish --check --json`. `name` is what errors call the
/// file.
///
/// # Errors
/// `upload` if the file is none of these, `onset` if that is no interval number, `document` if the document cannot be
/// written.
pub fn check_upload_json(name: &str, file: &[u8], onset: Option<i64>, now: u64) -> Result<String, Error> {
    let wrong = |why: String| Error::new(ErrorKind::Document, "upload", why);
    let onset = interval(onset)?;
    let check = |keys: &[publish::ExposureKey], onset| json(&CheckDocument::new(keys, onset, now, &Rules::GOOGLE, &[]));
    match Input::read(name, file).map_err(wrong)? {
        Input::Upload(upload) => check(upload.keys(), onset.or(upload.symptom_onset())),
        Input::Keys(keys) => check(&keys, onset),
        Input::Ring(_) => Err(wrong(format!("{name}: a key ring; release its keys instead"))),
    }
}

fn interval(onset: Option<i64>) -> Result<Option<EnIntervalNumber>, Error> {
    let wrong = |onset| Error::new(ErrorKind::Time, "onset", format!("the onset {onset} is no interval number"));
    onset.map(|onset| u32::try_from(onset).map(EnIntervalNumber::new).map_err(|_| wrong(onset))).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::known_answers::{published_identifiers, published_metadata};

    const NOON: u64 = 1_601_121_600;
    const DAY: u64 = 86_400;

    #[test]
    fn a_published_key_tells_what_was_broadcast() {
        let ring = KeyRing::new();
        let sent = ring.broadcast(NOON, -8).unwrap();
        let ReleasedKey { key, rolling_start_interval_number: start, rolling_period: period } =
            ring.release(NOON + DAY, &Consent::given(NOON + DAY)).unwrap().keys()[0];
        let identifiers = published_identifiers(key, start, period).unwrap();
        let offset = usize::try_from(sent.interval - start).unwrap();
        assert_eq!(identifiers[16 * offset..][..16], sent.identifier());
        let power = (-8_i8).cast_unsigned();
        assert_eq!(published_metadata(key, sent.identifier(), sent.metadata()), [0x40, power, 0, 0]);
        assert_eq!(sent.ios_frame()[3..], sent.android_frame());
        assert_eq!(sent.android_frame()[8..], sent.service_data());
    }

    #[test]
    fn a_key_within_its_embargo_shows_no_byte() {
        let ring = KeyRing::new();
        ring.broadcast(NOON, 0).unwrap();
        let codes = |consent| {
            let released = ring.release(NOON + 3600, &consent).unwrap();
            assert!(released.keys().is_empty());
            let codes: Vec<_> = released.held().iter().map(|key| key.code).collect();
            (codes, released)
        };
        assert_eq!(codes(Consent::given(NOON + 3600)).0, ["embargo"]);
        assert_eq!(codes(Consent::given(NOON - DAY)).0, ["after_consent"]);
        let (early, released) = codes(Consent::given(NOON + 3600).with_today());
        assert_eq!(early, ["embargoed"]);
        // The server that holds it back takes it.
        let document: serde_json::Value =
            serde_json::from_str(&released.check_json(None, NOON + 3600).unwrap()).unwrap();
        assert_eq!((&document["taken"], &document["violations"]), (&1.into(), &serde_json::json!([])));
        assert!(document["keys"][0]["safe_to_release_at"].as_u64().unwrap() > NOON + 3600);
        assert_eq!(released.check_json(Some(-1), NOON).unwrap_err().code(), "onset");
    }

    #[test]
    fn times_that_no_clock_shows_are_refused() {
        let ring = KeyRing::new();
        assert_eq!(ring.broadcast(u64::MAX, 0).unwrap_err().code(), "time");
        assert_eq!(ring.release(u64::MAX, &Consent::given(0)).unwrap_err().kind(), ErrorKind::Time);
        assert!(ring.is_empty());
    }

    #[test]
    fn keys_go_when_they_are_old_or_when_the_owner_says_so() {
        let ring = KeyRing::default();
        for day in 0..16 {
            ring.broadcast(NOON + day * DAY, 0).unwrap();
        }
        assert_eq!((ring.purge(NOON + 15 * DAY), ring.len()), (0, 15));
        assert_eq!((ring.purge(NOON + 16 * DAY), ring.len()), (1, 14));
        ring.clear();
        assert!(ring.is_empty());
    }

    #[test]
    fn a_key_ring_is_no_upload() {
        let key = r#"[{"key": "c2hvcnQ=", "rollingStartNumber": 2668464, "rollingPeriod": 144}]"#;
        let document = check_upload_json("keys.json", key.as_bytes(), None, NOON).unwrap();
        assert!(document.contains("\"key_length\""), "{document}");
        let ring = r#"{"keys":[],"clock":{"latest":null,"elapsed":0}}"#;
        for wrong in [ring, "{}"] {
            let error = check_upload_json("keys.json", wrong.as_bytes(), None, NOON).unwrap_err();
            assert_eq!((error.kind(), error.code()), (ErrorKind::Document, "upload"), "{error}");
        }
    }
}
