//! Which keys a server would take, and why not the others.

use std::io::{self, Write};

use gaen::EnIntervalNumber;
use gaen::keys::DaysSinceOnset;
use gaen::publish::{Checked, CheckedKey, Consequence, ExposureKey, HeldKey, Rules, Violation, check};
use gaen::time::RollingWindow;
use serde::Serialize;

use crate::document::Document;
use crate::text::style::{BAD, CAUTION, GOOD};
use crate::text::{counted, utc};

/// Which keys a server would take, and why not the others.
#[derive(Debug, Serialize)]
pub struct CheckDocument {
    now: u64,
    taken: usize,
    keys: Vec<KeyRow>,
    held: Vec<HeldRow>,
    violations: Vec<ViolationRow>,
}

#[derive(Debug, Serialize)]
struct KeyRow {
    position: usize,
    rolling_start_interval_number: i32,
    rolling_period: i32,
    transmission_risk_level: i32,
    taken: bool,
    safe_to_release_at: Option<u64>,
    days_since_onset_of_symptoms: Option<i8>,
}

/// A key that a ring does not let go.
#[derive(Debug, Serialize)]
pub struct HeldRow {
    #[serde(flatten)]
    window: RollingWindow,
    code: &'static str,
    reason: String,
}

#[derive(Debug, Serialize)]
pub(super) struct ViolationRow {
    key: Option<usize>,
    code: &'static str,
    reason: String,
    consequence: &'static str,
}

impl From<&HeldKey> for HeldRow {
    fn from(held: &HeldKey) -> Self {
        Self { window: held.window, code: held.reason.code(), reason: held.reason.to_string() }
    }
}

impl From<&Violation> for ViolationRow {
    fn from(violation: &Violation) -> Self {
        let rule = &violation.rule;
        let consequence = rule.consequence().name();
        Self { key: violation.key, code: rule.code(), reason: rule.to_string(), consequence }
    }
}

impl HeldRow {
    /// Writes the line of a key that stays.
    ///
    /// # Errors
    /// What `out` answers.
    pub fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{CAUTION}stays{CAUTION:#}     {}: {}", span(self.window), self.reason)
    }
}

/// From when to when a key is for.
fn span(window: RollingWindow) -> String {
    let [start, end] = [window.start(), window.end()].map(|interval| utc::minute(interval.unix_seconds()));
    format!("{start} to {end} UTC")
}

impl CheckDocument {
    /// Asks the rules about these keys at this Unix second. `held` are the keys that a ring does not let go.
    #[must_use]
    pub fn new(
        keys: &[ExposureKey],
        onset: Option<EnIntervalNumber>,
        now: u64,
        rules: &Rules,
        held: &[HeldKey],
    ) -> Self {
        let checked = check(keys, onset, now, rules);
        Self {
            now,
            taken: checked.keys().len(),
            keys: keys.iter().enumerate().map(|(position, key)| row(position, key, &checked)).collect(),
            held: held.iter().map(HeldRow::from).collect(),
            violations: checked.violations().iter().map(ViolationRow::from).collect(),
        }
    }

    /// `true` if the server takes every key.
    #[must_use]
    pub fn all_go(&self) -> bool {
        self.taken > 0 && self.taken == self.keys.len()
    }

    /// What is wrong, in a few words.
    #[must_use]
    pub fn fault(&self) -> String {
        format!("{} of {} would be taken", self.taken, counted(self.keys.len(), "key"))
    }
}

impl Document for CheckDocument {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        for key in self.keys.iter().filter(|key| key.taken) {
            let (position, start, period) = (key.position, key.rolling_start_interval_number, key.rolling_period);
            let until = key.safe_to_release_at.filter(|safe| *safe > self.now);
            let until = until.map(|safe| format!(", to be held back until {} UTC", utc::minute(safe)));
            let until = until.unwrap_or_default();
            writeln!(out, "{GOOD}taken{GOOD:#}     key {position}: {start} + {period}{until}")?;
        }
        for ViolationRow { key, reason, consequence, .. } in &self.violations {
            let key = key.map(|key| format!("key {key}: ")).unwrap_or_default();
            let said = match Consequence::ALL.iter().find(|known| known.name() == *consequence) {
                Some(Consequence::OnsetReplaced) => format!("{CAUTION}replaced{CAUTION:#}  "),
                Some(Consequence::NothingTaken) => format!("{BAD}nothing{BAD:#}   "),
                _ => format!("{BAD}left out{BAD:#}  "),
            };
            writeln!(out, "{said}{key}{reason}")?;
        }
        self.held.iter().try_for_each(|held| held.print(out))?;
        writeln!(out, "\n{}.", self.fault())
    }
}

fn row(position: usize, key: &ExposureKey, checked: &Checked) -> KeyRow {
    let taken = checked.keys().find(|taken| taken.position() == position);
    KeyRow {
        position,
        rolling_start_interval_number: key.rolling_start_number(),
        rolling_period: key.rolling_period(),
        transmission_risk_level: key.transmission_risk(),
        taken: taken.is_some(),
        safe_to_release_at: taken.map(CheckedKey::safe_to_release_at),
        days_since_onset_of_symptoms: taken.and_then(CheckedKey::days_since_onset).map(DaysSinceOnset::as_i8),
    }
}
