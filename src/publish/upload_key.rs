//! A key as it stands in an upload.

use core::fmt;

use base64ct::{Base64, Encoding};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::secret::SecretText;
use crate::keys::DiagnosisKey;

/// A key as it stands in an upload, good or bad. Only [`check`](super::check()) checks its bytes and numbers.
///
/// Until the embargo is over, the bytes are as secret as those of a device's own key. They are never printed, and wiped
/// when dropped.
///
/// Source: Google's key server, `ExposureKey` of the API v1.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExposureKey {
    pub(super) key: SecretText,
    #[serde(default)]
    pub(super) rolling_start_number: i32,
    #[serde(default)]
    pub(super) rolling_period: i32,
    #[serde(default, skip_serializing_if = "is_unset")]
    pub(super) transmission_risk: i32,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde hands in a reference
fn is_unset(risk: &i32) -> bool {
    *risk == 0
}

impl ExposureKey {
    /// Makes the form of an upload of a published key. `None` if the start does not fit the format's `int32`.
    ///
    /// You cannot make a request of it. A request holds only keys that a ring let go.
    #[must_use]
    pub fn of(key: &DiagnosisKey) -> Option<Self> {
        Some(Self {
            key: SecretText::new(Base64::encode_string(key.key_data.as_bytes())),
            rolling_start_number: i32::try_from(key.window.start().as_u32()).ok()?,
            rolling_period: i32::try_from(key.window.period().as_u32()).ok()?,
            transmission_risk: key.transmission_risk_level.as_u8().into(),
        })
    }

    /// The first interval, as the upload says. Not checked.
    #[must_use]
    pub fn rolling_start_number(&self) -> i32 {
        self.rolling_start_number
    }

    /// The number of intervals, as the upload says. Not checked.
    #[must_use]
    pub fn rolling_period(&self) -> i32 {
        self.rolling_period
    }

    /// The transmission risk, as the upload says, or 0 if it gives none. Not checked.
    #[must_use]
    pub fn transmission_risk(&self) -> i32 {
        self.transmission_risk
    }
}

/// `key.start.period` or `key.start.period.last` of each key, joined by `,`: what HMACs and nonces are made over.
///
/// The keys stand in the order of their base64 texts. The text is wiped when dropped.
pub(super) fn joined(keys: &[ExposureKey], last: impl Fn(&ExposureKey) -> Option<i32>) -> Zeroizing<String> {
    let mut sorted: Vec<_> = keys.iter().collect();
    sorted.sort_by_key(|key| key.key.expose());
    // With room for all, so that no copy stays behind where the text grew. A number has at most 11 characters.
    let room = sorted.iter().map(|key| key.key.expose().len().saturating_add(48)).sum();
    let mut text = Zeroizing::new(String::with_capacity(room));
    for key in sorted {
        let comma = if text.is_empty() { "" } else { "," };
        let (start, period) = (key.rolling_start_number.to_string(), key.rolling_period.to_string());
        text.extend([comma, key.key.expose(), ".", &start, ".", &period]);
        if let Some(last) = last(key) {
            text.extend([".", &last.to_string()]);
        }
    }
    text
}

impl fmt::Debug for ExposureKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExposureKey")
            .field("key", &self.key)
            .field("rolling_start_number", &self.rolling_start_number)
            .field("rolling_period", &self.rolling_period)
            .field("transmission_risk", &self.transmission_risk)
            .finish()
    }
}
