//! The explanation of one key.

use alloc::string::String;
use alloc::vec::Vec;

use super::reason::{Outcome, Reason};
use super::v1::ExposureExplanation;
use super::v2::WindowExplanation;
use crate::keys::KeyData;
use crate::time::UtcDay;

/// Everything about one key: its sightings, its windows and exposures, and the three results.
///
/// A key may match without a score, and score without a notification. Each result has its own first reason for "no".
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct KeyExplanation {
    /// The number of the key in the explanation, from 1. It names the key where its bytes are not told.
    pub number: usize,
    /// The key's bytes; `None` if the explanation is not to name the key.
    pub tek: Option<KeyData>,
    /// The file of the key; `None` if you did not give it.
    pub file: Option<ExplainedFile>,
    /// The UTC day on which the key became valid.
    pub date: UtcDay,
    /// The start of the key's validity, Unix seconds.
    pub start: Option<u64>,
    /// The end of the key's validity, Unix seconds.
    pub end: Option<u64>,
    /// The key's transmission risk level; 0 for none.
    pub transmission_risk_level: u8,
    /// The name of the key's report type, as its file or a revision says.
    pub report_type: &'static str,
    /// Days from the onset of symptoms to the key's day.
    pub days_since_onset_of_symptoms: Option<i8>,
    /// Every sighting of the key's identifiers that counts. If you gave dropped sightings, they are here too.
    pub hits: Vec<Hit>,
    /// Yes if a sighting of the key counts.
    pub matched: Outcome,
    /// Where Google's phones differ from a safer reading: `Profile::Google` follows them there,
    /// `Profile::GoogleGuarded` does not.
    pub weaknesses: Vec<Reason>,
    /// The exposure windows of the key.
    pub windows: Vec<WindowExplanation>,
    /// Yes if a window of the key has a score.
    pub scored_v2: Outcome,
    /// The exposures of v1 to the key.
    pub exposures: Vec<ExposureExplanation>,
    /// Yes if an exposure of v1 has a risk score.
    pub scored_v1: Outcome,
    /// Yes if the key is on a day that triggered the notification.
    pub notified: Outcome,
    /// The first "no" of matched, scored (in the version that the rule uses) and notified; `None` if all three are
    /// "yes".
    pub first_reason: Option<Reason>,
}

/// The file that a key came from.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ExplainedFile {
    /// The name of the file.
    pub name: Option<String>,
    /// SHA-256 of the file's `export.bin`, as hexadecimal text.
    pub export_sha256: Option<String>,
    /// Start of the file's time window, Unix seconds.
    pub start: Option<u64>,
    /// End of the file's time window, Unix seconds.
    pub end: Option<u64>,
}

/// One sighting of one of the key's identifiers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Hit {
    /// The interval whose identifier was heard.
    pub interval: Option<u32>,
    /// When it was heard, Unix seconds.
    pub time: u64,
    /// Seconds from the nearest end of the interval: 0 inside, negative before, positive after. It shows how far the
    /// two clocks differ, or how long a relay delayed the identifier.
    pub clock_drift: Option<i64>,
    /// The sender's transmit power, dBm.
    pub tx_power: Option<i8>,
    /// Received signal strength, dBm.
    pub rssi: Option<i8>,
    /// `max(tx_power - rssi, 0)`, dB.
    pub attenuation: Option<u8>,
    /// Why the sighting does not count; `None` if it counts.
    pub dropped: Option<Reason>,
}
