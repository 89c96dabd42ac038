//! What a key server takes.

use serde::{Deserialize, Serialize};

use crate::time::SECONDS_PER_DAY;

/// The rules of a key server.
///
/// ```
/// use gaen::publish::{Rules, StillValid};
///
/// // A server that takes no key before its embargo is over.
/// let rules = Rules { still_valid: StillValid::Refused, ..Rules::GOOGLE };
/// assert_eq!(rules.most_keys, 30);
/// ```
///
/// Source: defaults of Google's key server, `internal/publish/config.go`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Keys in one upload.
    pub most_keys: usize,
    /// Keys in one upload with one start.
    pub most_keys_of_one_start: usize,
    /// Seconds since the end of the oldest key.
    pub oldest_seconds: u64,
    /// What becomes of a key that is still valid.
    pub still_valid: StillValid,
    /// Days from the onset of symptoms to a key, either way.
    pub most_days_from_onset: u32,
    /// Days since the onset of symptoms; an earlier onset is passed over.
    pub oldest_onset_days: u64,
    /// The onset of symptoms where the upload has none that counts: days before the upload.
    pub default_onset_days: u64,
    /// Seconds by which times of arrival are cut, so that they do not tell who uploaded together; at least 1.
    pub window_seconds: u64,
}

/// What a server does with a key that is still valid: until its end others could replay its identifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StillValid {
    /// It takes the key, and holds it back until the embargo is over.
    HeldBack,
    /// It leaves the key out.
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
}

impl Default for Rules {
    /// [`Rules::GOOGLE`].
    fn default() -> Self {
        Self::GOOGLE
    }
}
