//! What a key server takes.

use serde::{Deserialize, Serialize};

use crate::time::{EnIntervalNumber, SECONDS_PER_DAY, TimeError};

/// The rules of a key server: how many keys an upload may have, how old they may be, and what happens to young ones.
///
/// ```
/// use gaen::publish::{Rules, StillValid};
///
/// // A server that takes no key before the key has ended.
/// let rules = Rules { still_valid: StillValid::Refused, ..Rules::GOOGLE };
/// assert_eq!(rules.most_keys, 30);
/// ```
///
/// Source: defaults of Google's key server, `internal/publish/config.go`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// The most keys that an upload may have.
    pub most_keys: usize,
    /// The most keys of an upload that may start in the same interval.
    pub most_keys_of_one_start: usize,
    /// How long ago a key may have ended, seconds.
    pub oldest_seconds: u64,
    /// What the server does with a key that is still valid.
    pub still_valid: StillValid,
    /// The most days from the onset of symptoms to the day of a key, before the onset or after it.
    pub most_days_from_onset: u32,
    /// How many days ago the onset of symptoms may be. The server replaces an earlier onset.
    pub oldest_onset_days: u64,
    /// The onset of symptoms that the server takes where the upload has none that counts: days before the upload.
    pub default_onset_days: u64,
    /// The length of a window of arrival, seconds, at least 1. Keys that came in one window leave together, so that a
    /// file does not tell who uploaded together.
    pub window_seconds: u64,
}

/// What a server does with a key that is still valid. Until its end, others could replay its identifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StillValid {
    /// The server takes the key, and holds it back until the embargo is over.
    HeldBack,
    /// The server leaves the key out.
    Refused,
}

impl Rules {
    /// The defaults of Google's key server.
    pub const GOOGLE: Self = Self {
        most_keys: 30,
        most_keys_of_one_start: 3,
        oldest_seconds: 15 * SECONDS_PER_DAY,
        still_valid: StillValid::HeldBack,
        most_days_from_onset: 14,
        oldest_onset_days: 28,
        default_onset_days: 4,
        window_seconds: 3600,
    };

    /// The earliest end of a key that the server takes at this Unix second.
    pub(super) fn oldest_end(&self, now: u64) -> Result<EnIntervalNumber, TimeError> {
        EnIntervalNumber::from_unix_seconds(now.saturating_sub(self.oldest_seconds))
    }
}

impl Default for Rules {
    /// Returns [`Rules::GOOGLE`].
    fn default() -> Self {
        Self::GOOGLE
    }
}
