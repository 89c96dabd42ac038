//! Removes what is not safe to show or to send.

use super::{ExplainedFile, Explanation, View};

const HOUR: u64 = 3600;

impl Explanation {
    /// Returns the explanation without keys, identifiers, file names, hashes, and radio values that could tell a
    /// phone's model. Times are cut to the hour.
    #[must_use]
    pub fn redacted(mut self) -> Self {
        self.view = View::Redacted;
        self.basis.first_sighting = self.basis.first_sighting.map(to_the_hour);
        self.basis.last_sighting = self.basis.last_sighting.map(to_the_hour);
        for key in &mut self.keys {
            key.tek = None;
            key.start = None;
            key.end = None;
            if let Some(file) = &mut key.file {
                let cut = |time: Option<u64>| time.map(to_the_hour);
                *file = ExplainedFile { start: cut(file.start), end: cut(file.end), ..ExplainedFile::default() };
            }
            for hit in &mut key.hits {
                hit.interval = None;
                hit.tx_power = None;
                hit.rssi = None;
                hit.time = to_the_hour(hit.time);
                hit.clock_drift = None;
            }
            for window in &mut key.windows {
                window.start = to_the_hour(window.start);
            }
            for exposure in &mut key.exposures {
                exposure.start = to_the_hour(exposure.start);
            }
        }
        self
    }
}

fn to_the_hour(time: u64) -> u64 {
    time.saturating_sub(time % HOUR)
}
