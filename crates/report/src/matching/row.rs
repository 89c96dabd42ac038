//! A match as it is written, to JSON and CSV.

use gaen::Match;
use gaen::keys::KeyData;
use serde::Serialize;

/// A match with what its key and its sighting say. No field is flattened into it: CSV has no such thing.
#[derive(Debug, Serialize)]
pub struct MatchRow {
    file: usize,
    tek: KeyData,
    rolling_start_interval_number: u32,
    rolling_period: u32,
    interval: u32,
    sighting: usize,
    time: u64,
    rssi: i8,
    tx_power: i8,
    attenuation: u8,
}

impl MatchRow {
    /// The names of its fields, in their order.
    pub const COLUMNS: &[&str] = &[
        "file",
        "tek",
        "rolling_start_interval_number",
        "rolling_period",
        "interval",
        "sighting",
        "time",
        "rssi",
        "tx_power",
        "attenuation",
    ];
}

impl From<&Match> for MatchRow {
    fn from(found: &Match) -> Self {
        let window = found.key.window;
        Self {
            file: found.source,
            tek: found.key.key_data,
            rolling_start_interval_number: window.start().as_u32(),
            rolling_period: window.period().as_u32(),
            interval: found.interval.as_u32(),
            sighting: found.sighting,
            time: found.time,
            rssi: found.rssi,
            tx_power: found.metadata.tx_power(),
            attenuation: found.attenuation,
        }
    }
}
