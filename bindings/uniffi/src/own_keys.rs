//! A device's own keys: they stay inside, and leave by a release alone.

use std::sync::Arc;

use crate::error::GaenError;
use crate::values::{Bytes, Timestamp, number};

/// The keys of a device, in memory. They are wiped when the ring is closed.
///
/// A ring in memory is for trying things out: what it broadcast cannot be published after the process has ended.
#[derive(Debug, uniffi::Object)]
pub struct KeyRing {
    inner: gaen_app::KeyRing,
}

/// What a device broadcasts at a moment.
#[derive(uniffi::Record)]
pub struct Broadcast {
    /// The identifier, 16 bytes.
    pub identifier: Bytes,
    /// The encrypted metadata, 4 bytes.
    pub metadata: Bytes,
    /// The service data of UUID 0xFD6F: the identifier and the encrypted metadata.
    pub service_data: Bytes,
    /// The whole advertisement as Android sends it.
    pub android_frame: Bytes,
    /// The whole advertisement as iOS sends it.
    pub ios_frame: Bytes,
    /// The interval of the identifier.
    pub interval: i64,
    /// When the interval ends. Ask for another broadcast then, and change the radio's address with it.
    pub until: Timestamp,
    /// `true` if this call made the key of the day.
    pub is_new_key: bool,
}

impl From<gaen_app::Broadcast> for Broadcast {
    fn from(sent: gaen_app::Broadcast) -> Self {
        Self {
            identifier: Bytes(sent.identifier().into()),
            metadata: Bytes(sent.metadata().into()),
            service_data: Bytes(sent.service_data().into()),
            android_frame: Bytes(sent.android_frame().into()),
            ios_frame: Bytes(sent.ios_frame().into()),
            interval: sent.interval,
            until: Timestamp(sent.until),
            is_new_key: sent.is_new_key,
        }
    }
}

/// The owner's consent to publish keys. Make one when the owner has agreed.
#[derive(uniffi::Record)]
pub struct Consent {
    /// When the owner agreed to publish every key whose embargo is over.
    pub given_at: Timestamp,
    /// Whether the owner also agreed to end today's key now, and to give it to a server that holds it back.
    pub with_today: bool,
}

impl TryFrom<Consent> for gaen_app::Consent {
    type Error = GaenError;

    fn try_from(consent: Consent) -> Result<Self, GaenError> {
        let given = Self::given(consent.given_at.seconds()?);
        Ok(if consent.with_today { given.with_today() } else { given })
    }
}

#[uniffi::export]
impl KeyRing {
    /// Makes a ring without keys.
    #[allow(clippy::new_without_default, reason = "other languages have no `Default`")]
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::new(Self { inner: gaen_app::KeyRing::new() })
    }

    /// Says what to broadcast at the time `now`, with this transmit power, dBm. Makes the key of the day if there is none, of
    /// the system's randomness.
    ///
    /// Fails with `time` if `now` has no interval number, and with `randomness` if the system has none to give.
    pub fn broadcast(&self, now: Timestamp, tx_power: i8) -> Result<Broadcast, GaenError> {
        Ok(self.inner.broadcast(now.seconds()?, tx_power)?.into())
    }

    /// Releases what may be published at the time `now`. Asking again gives the same keys again.
    ///
    /// Fails with `time` if `now` has no interval number. Then no key is released.
    pub fn release(&self, now: Timestamp, consent: Consent) -> Result<Arc<Release>, GaenError> {
        Ok(Release::of(self.inner.release(now.seconds()?, &consent.try_into()?)?))
    }

    /// Erases the keys whose 14 days are over, and returns how many went. Call it every day.
    pub fn purge(&self, now: Timestamp) -> Result<i64, GaenError> {
        Ok(number(self.inner.purge(now.seconds()?)))
    }

    /// Erases all keys, as when the user asks for it.
    pub fn erase_all(&self) {
        self.inner.clear();
    }

    /// Returns the number of keys.
    pub fn count(&self) -> i64 {
        number(self.inner.len())
    }
}

/// What a key ring let go, and what stays.
#[derive(Debug, uniffi::Object)]
pub struct Release {
    inner: gaen_app::Release,
}

impl Release {
    pub(crate) fn of(inner: gaen_app::Release) -> Arc<Self> {
        Arc::new(Self { inner })
    }
}

/// A key whose embargo is over. Its bytes are for publishing.
#[derive(uniffi::Record)]
pub struct ReleasedKey {
    /// The key, 16 bytes.
    pub key: Bytes,
    /// The first interval in which the key is valid. An interval is ten minutes.
    pub rolling_start_interval_number: i64,
    /// The number of intervals in which the key is valid.
    pub rolling_period: i64,
}

/// A key whose bytes stay inside.
#[derive(uniffi::Record)]
pub struct HeldKey {
    /// The first interval in which the key is valid. An interval is ten minutes.
    pub rolling_start_interval_number: i64,
    /// The number of intervals in which the key is valid.
    pub rolling_period: i64,
    /// The name of the reason, for programs. `embargoed` is a key that was ended early: it goes only to a server that holds it
    /// back.
    pub code: String,
    /// The reason in words.
    pub reason: String,
}

#[uniffi::export]
impl Release {
    /// Returns the keys whose embargo is over.
    pub fn keys(&self) -> Vec<ReleasedKey> {
        let released = self.inner.keys().into_iter().map(|released| {
            let gaen_app::ReleasedKey { key, rolling_start_interval_number, rolling_period } = released;
            ReleasedKey { key: Bytes(key.into()), rolling_start_interval_number, rolling_period }
        });
        released.collect()
    }

    /// Returns the keys whose bytes stay inside, each with the reason.
    pub fn held(&self) -> Vec<HeldKey> {
        let held = self.inner.held().into_iter().map(|held| {
            let gaen_app::HeldKey { rolling_start_interval_number, rolling_period, code, reason } = held;
            HeldKey { rolling_start_interval_number, rolling_period, code: code.to_owned(), reason }
        });
        held.collect()
    }

    /// Writes what a server by Google's rules would say of an upload of these keys at the time `now`: the document of
    /// `gaen publish --check --json`. `onset` is the interval in which symptoms began.
    ///
    /// Fails with `onset` if that is no interval number.
    pub fn check_json(&self, onset: Option<i64>, now: Timestamp) -> Result<String, GaenError> {
        Ok(self.inner.check_json(onset, now.seconds()?)?)
    }
}

/// Writes what a server by Google's rules would say at the time `now` of the body of an upload, or of keys in any form that
/// `gaen export` reads: the document of `gaen publish --check --json`. `name` is what errors call the file.
///
/// Fails with `upload` if the file is none of these, and with `onset` if that is no interval number.
#[uniffi::export]
pub fn check_upload_json(name: String, file: Vec<u8>, onset: Option<i64>, now: Timestamp) -> Result<String, GaenError> {
    Ok(gaen_app::check_upload_json(&name, &file, onset, now.seconds()?)?)
}
