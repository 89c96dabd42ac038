//! A key as it stands in an upload.

use core::fmt;

use base64ct::{Base64, Encoding};
use serde::{Deserialize, Serialize};

use super::secret::SecretText;
use crate::keys::DiagnosisKey;

/// A key as it stands in an upload, good or bad: the numbers are checked by [`check`](super::check()) alone.
///
/// Its bytes are as secret as an own key's until the embargo is over. So they are never printed, and wiped when dropped.
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
    /// A published key as an upload has it. `None` when the start does not fit the format's `int32`.
    ///
    /// No request can be made of it: those have what a ring let go.
    #[must_use]
    pub fn of(key: &DiagnosisKey) -> Option<Self> {
        Some(Self {
            key: SecretText::new(Base64::encode_string(key.key_data.as_bytes())),
            rolling_start_number: i32::try_from(key.window.start().as_u32()).ok()?,
            rolling_period: i32::try_from(key.window.period().as_u32()).ok()?,
            transmission_risk: key.transmission_risk_level.as_u8().into(),
        })
    }

    /// The first interval, as the upload says.
    #[must_use]
    pub fn rolling_start_number(&self) -> i32 {
        self.rolling_start_number
    }

    /// The number of intervals, as the upload says. Not checked.
    #[must_use]
    pub fn rolling_period(&self) -> i32 {
        self.rolling_period
    }

    /// The transmission risk, as the upload says; 0 where it says nothing. Not checked.
    #[must_use]
    pub fn transmission_risk(&self) -> i32 {
        self.transmission_risk
    }
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
