//! What is told of one key.

use alloc::string::String;
use alloc::vec::Vec;

use super::reason::{Outcome, Reason};
use super::v1::ExposureExplanation;
use super::v2::WindowExplanation;
use crate::keys::KeyData;
use crate::time::UtcDay;

/// Everything about one key: what was heard of it, what became of that, and the three results.
///
/// Matched, scored and notified do not follow from one another: each has its own first reason for "no".
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct KeyExplanation {
    /// Its place in the explanation, from 1: what to call it by where its bytes are not told.
    pub number: usize,
    /// The key's bytes; `None` if the explanation is not to name the key.
    pub tek: Option<KeyData>,
    /// The file it came from, if the caller has told.
    pub file: Option<ExplainedFile>,
    /// The UTC day in which it became valid.
    pub date: UtcDay,
    /// When it became valid, Unix seconds.
    pub start: Option<u64>,
    /// When it ceased to be, Unix seconds.
    pub end: Option<u64>,
    /// Its transmission risk level; 0 for none.
    pub transmission_risk_level: u8,
    /// The name of its report type, as the file or a revision of it says.
    pub report_type: &'static str,
    /// Days from the onset of symptoms to its day.
    pub days_since_onset_of_symptoms: Option<i8>,
    /// Every sighting of one of its identifiers: those that count and, if they were given, those that were dropped.
    pub hits: Vec<Hit>,
    /// Whether a sighting counts.
    pub matched: Outcome,
    /// Where the phones came to something else than a safer reading would: what `Profile::Google` follows, and
    /// `Profile::GoogleGuarded` does not.
    pub weaknesses: Vec<Reason>,
    /// Its exposure windows.
    pub windows: Vec<WindowExplanation>,
    /// Whether a window has a score.
    pub scored_v2: Outcome,
    /// Its exposures of v1.
    pub exposures: Vec<ExposureExplanation>,
    /// Whether an exposure of v1 has a risk score.
    pub scored_v1: Outcome,
    /// Whether it is on a day because of which the user is notified.
    pub notified: Outcome,
    /// The first "no" on the way from matched over scored, by the version that the rule looks at, to notified. Nothing when all
    /// three are "yes".
    pub first_reason: Option<Reason>,
}

/// The file that a key came from.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ExplainedFile {
    /// Its name.
    pub name: Option<String>,
    /// SHA-256 of its `export.bin`, as hexadecimal text.
    pub export_sha256: Option<String>,
    /// Start of its time window, Unix seconds.
    pub start: Option<u64>,
    /// End of its time window, Unix seconds.
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
    /// Seconds from the nearest end of the interval: 0 inside of it, negative before, positive after. So far the two clocks
    /// are apart, or a relay has held it up.
    pub clock_drift: Option<i64>,
    /// The sender's transmit power, dBm.
    pub tx_power: Option<i8>,
    /// Received signal strength, dBm.
    pub rssi: Option<i8>,
    /// `max(tx_power - rssi, 0)`, dB.
    pub attenuation: Option<u8>,
    /// Why it does not count.
    pub dropped: Option<Reason>,
}
