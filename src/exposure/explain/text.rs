//! An explanation as text: a tree, one line a fact.

use core::fmt::{self, Display, Formatter};

use super::key::Hit;
use super::reason::Outcome;
use super::v1::ExposureExplanation;
use super::v2::{ScanExplanation, ScanWeight, WindowExplanation};
use super::{DayExplanation, Explanation, KeyExplanation, View};
use crate::exposure::window::ScanInstance;
use crate::time::UtcOffset;

impl Display for Explanation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for key in &self.keys {
            write_key(f, key, self.view)?;
            writeln!(f)?;
        }
        for day in &self.days {
            write_day(f, day)?;
        }
        if let Some(judgement) = &self.judgement {
            write!(f, "{judgement}")?;
        }
        writeln!(f, "Decision: {} (profile {})", self.verdict, self.profile.name())?;
        self.basis.files.shortcomings().try_for_each(|text| writeln!(f, "└ {text}"))
    }
}

/// A time in UTC; where times are cut, the hour in which it lies.
struct Time(u64, View);

impl Display for Time {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.1 {
            View::Full => write!(f, "{}", UtcOffset::UTC.local(self.0)),
            View::Redacted => {
                let time = UtcOffset::UTC.local(self.0);
                write!(f, "{} {:02}h", time.date(), time.second_of_day() / 3600)
            }
        }
    }
}

fn write_key(f: &mut Formatter<'_>, key: &KeyExplanation, view: View) -> fmt::Result {
    write!(f, "Key {}", key.number)?;
    if let Some(tek) = &key.tek {
        write!(f, " {tek}")?;
    }
    writeln!(f, " of {}", key.date)?;
    if let Some(file) = &key.file {
        write!(f, "├ file")?;
        if let Some(name) = &file.name {
            write!(f, " {name}")?;
        }
        if let (Some(start), Some(end)) = (file.start, file.end) {
            write!(f, ", {} to {}", Time(start, view), Time(end, view))?;
        }
        writeln!(f)?;
        if let Some(sha256) = &file.export_sha256 {
            writeln!(f, "│   SHA-256 of export.bin {sha256}")?;
        }
    }
    if let (Some(start), Some(end)) = (key.start, key.end) {
        writeln!(f, "├ valid {} to {}", Time(start, view), Time(end, view))?;
    }
    write!(f, "├ report: {}, transmission risk level {}", key.report_type, key.transmission_risk_level)?;
    match key.days_since_onset_of_symptoms {
        Some(days) => writeln!(f, ", {days} days since the onset of symptoms")?,
        None => writeln!(f, ", days since the onset of symptoms not given")?,
    }
    write_outcome(f, "matched", &key.matched)?;
    for hit in &key.hits {
        write_hit(f, hit, view)?;
    }
    for weakness in &key.weaknesses {
        writeln!(f, "├ as Google's phones, and not guarded: {} [{}]", weakness.text, weakness.code)?;
    }
    write_outcome(f, "scored, exposure windows", &key.scored_v2)?;
    for window in &key.windows {
        write_window(f, window, view)?;
    }
    write_outcome(f, "scored, v1", &key.scored_v1)?;
    for exposure in &key.exposures {
        write_exposure(f, exposure, view)?;
    }
    write_outcome(f, "notified", &key.notified)?;
    match &key.first_reason {
        Some(reason) => writeln!(f, "└ first reason for \"no\": {} [{}]", reason.text, reason.code),
        None => writeln!(f, "└ it is a reason to notify"),
    }
}

fn write_outcome(f: &mut Formatter<'_>, name: &str, outcome: &Outcome) -> fmt::Result {
    match &outcome.reason {
        None => writeln!(f, "├ {name}: yes"),
        Some(reason) => writeln!(f, "├ {name}: no, {} [{}]", reason.text, reason.code),
    }
}

fn write_hit(f: &mut Formatter<'_>, hit: &Hit, view: View) -> fmt::Result {
    write!(f, "│   {}", Time(hit.time, view))?;
    if let Some(interval) = hit.interval {
        write!(f, "  interval {interval}")?;
    }
    if let Some(drift) = hit.clock_drift.filter(|drift| *drift != 0) {
        write!(f, "  clock {drift:+} s")?;
    }
    if let (Some(tx_power), Some(rssi)) = (hit.tx_power, hit.rssi) {
        write!(f, "  {tx_power} - {rssi} dBm =")?;
    }
    if let Some(attenuation) = hit.attenuation {
        write!(f, " {attenuation} dB")?;
    }
    match &hit.dropped {
        Some(reason) => writeln!(f, "  dropped: {} [{}]", reason.text, reason.code),
        None => writeln!(f),
    }
}

fn write_window(f: &mut Formatter<'_>, window: &WindowExplanation, view: View) -> fmt::Result {
    writeln!(f, "│   window from {}", Time(window.start, view))?;
    writeln!(f, "│   ├ report type {}: {}", window.report_type, window.report_type_rule)?;
    writeln!(f, "│   ├ infectiousness {}: {}", window.infectiousness.name(), window.infectiousness_rule)?;
    for scan in &window.scans {
        write_scan(f, scan)?;
    }
    match (&window.score, window.number) {
        (Some(score), _) => writeln!(
            f,
            "│   └ {} weighted seconds x {} (report type) x {} (infectiousness) = {}",
            score.weighted_duration, score.report_type_weight, score.infectiousness_weight, score.score
        )?,
        (None, Some(number)) => writeln!(f, "│   └ the app's own arithmetic: window {number} below")?,
        (None, None) => writeln!(f, "│   └ the app's own arithmetic did not judge it")?,
    }
    match &window.reason {
        Some(reason) => writeln!(f, "│     no score: {} [{}]", reason.text, reason.code),
        None => Ok(()),
    }
}

fn write_scan(f: &mut Formatter<'_>, scan: &ScanExplanation) -> fmt::Result {
    let ScanExplanation { offset, beacons, seconds_rule, scan, weight } = scan;
    let seconds = scan.seconds_since_last_scan;
    let (minutes, rest) = (offset / 60, offset % 60);
    write!(f, "│   ├ +{minutes}:{rest:02}  {beacons} heard, ")?;
    match weight {
        Some(ScanWeight { bucket, bucket_rule, weight, weighted_duration }) => {
            writeln!(f, "{bucket} ({bucket_rule}); {seconds_rule}; {seconds} s x {weight} = {weighted_duration}")
        }
        None => {
            let ScanInstance { typical_attenuation, min_attenuation, .. } = scan;
            writeln!(f, "{typical_attenuation} dB, smallest {min_attenuation} dB; {seconds_rule}; {seconds} s")
        }
    }
}

fn write_exposure(f: &mut Formatter<'_>, exposure: &ExposureExplanation, view: View) -> fmt::Result {
    let [low, high] = exposure.attenuation_duration_thresholds;
    let [near, middle, far] = exposure.attenuation_durations;
    writeln!(f, "│   exposure from {}", Time(exposure.start, view))?;
    writeln!(
        f,
        "│   ├ {} s; near {near} s, middle {middle} s, far {far} s (thresholds {low} and {high} dB)",
        exposure.duration
    )?;
    for factor in &exposure.factors {
        write!(f, "│   ├ {} {}: score {}", factor.name, factor.value, factor.factor.score)?;
        if factor.factor.weight.to_bits() != 1.0_f64.to_bits() {
            write!(f, " x weight {}", factor.factor.weight)?;
        }
        writeln!(f, " ({})", factor.rule)?;
    }
    write!(f, "│   └ product {}, minimum {}: ", exposure.product, exposure.minimum_risk_score)?;
    match &exposure.reason {
        Some(reason) if exposure.listed => writeln!(f, "no score, {} [{}]", reason.text, reason.code),
        Some(reason) => writeln!(f, "left out of the list and its sums, {} [{}]", reason.text, reason.code),
        None if exposure.risk_score_full_range > exposure.risk_score.into() => {
            writeln!(f, "risk score {}, full range {}", exposure.risk_score, exposure.risk_score_full_range)
        }
        None => writeln!(f, "risk score {}", exposure.risk_score),
    }
}

fn write_day(f: &mut Formatter<'_>, day: &DayExplanation) -> fmt::Result {
    writeln!(f, "Day {}: {}, {} [{}]", day.date, day.verdict, day.text, day.code)?;
    if let Some(totals) = &day.totals {
        writeln!(f, "├ {totals}")?;
    }
    for found in &day.conditions {
        let holds = found.holds.map_or("not a number", |holds| if holds { "yes" } else { "no" });
        writeln!(f, "├ {} {} {}: {holds}", found.name, found.value, found.condition)?;
    }
    Ok(())
}
