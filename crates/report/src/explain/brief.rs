//! An explanation in a few lines a key: the results, and the numbers that decided.

use std::io::{self, Write};

use gaen::exposure::{DayExplanation, Explanation, KeyExplanation, Outcome};
use gaen::time::UtcDay;

use crate::text::style::{BOLD, DIM};
use crate::text::{counted, grouped};

/// Prints a few lines for each key, one for each day that it was heard on, and the decision.
pub(super) fn print(explanation: &Explanation, by_v1: bool, out: &mut dyn Write) -> io::Result<()> {
    for key in &explanation.keys {
        self::key(key, by_v1, out)?;
        for day in days(key) {
            heard(explanation, key, day, by_v1, out)?;
            if let Some(judged) = explanation.days.iter().find(|judged| judged.date == day) {
                self::day(judged, out)?;
            }
        }
    }
    writeln!(
        out,
        "{BOLD}Decision: {}{BOLD:#} {DIM}(profile {}){DIM:#}",
        explanation.verdict,
        explanation.profile.name()
    )?;
    explanation.basis.files.shortcomings().try_for_each(|text| writeln!(out, "  {text}"))
}

fn key(key: &KeyExplanation, by_v1: bool, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{BOLD}Key {}{BOLD:#}", key.number)?;
    if let Some(tek) = &key.tek {
        write!(out, " {tek}")?;
    }
    writeln!(out, " of UTC day {}", key.date)?;
    let scored = if by_v1 { &key.scored_v1 } else { &key.scored_v2 };
    for (name, outcome) in [("matched", &key.matched), ("scored", scored), ("notified", &key.notified)] {
        self::outcome(name, outcome, out)?;
    }
    Ok(())
}

fn outcome(name: &str, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    match &outcome.reason {
        None => writeln!(out, "  {name:8}  yes"),
        Some(reason) => writeln!(out, "  {name:8}  no: {} [{}]", reason.text, reason.code),
    }
}

/// What was heard of the key on this day, and the score that it brings.
fn heard(
    explanation: &Explanation,
    key: &KeyExplanation,
    day: UtcDay,
    by_v1: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    write!(out, "  {day}")?;
    if by_v1 {
        let exposures: Vec<_> = key.exposures.iter().filter(|exposure| exposure.date == day).collect();
        let seconds = exposures.iter().fold(0_u64, |sum, exposure| sum.saturating_add(exposure.duration));
        write!(out, "  {}, {} min", counted(exposures.len(), "exposure"), grouped(seconds / 60))?;
        if let Some(best) = exposures.iter().max_by(|one, other| one.product.total_cmp(&other.product)) {
            write!(out, ", largest product {} of at least {}", best.product, best.minimum_risk_score)?;
        }
    } else {
        let windows = || key.windows.iter().filter(|window| window.date == day);
        let scans = || windows().flat_map(|window| &window.scans).map(|scan| scan.scan);
        let seconds = scans().fold(0_i64, |sum, scan| sum.saturating_add(scan.seconds_since_last_scan));
        let sign = if seconds < 0 { "-" } else { "" };
        write!(out, "  {}, {sign}{} min", counted(windows().count(), "window"), grouped(seconds.unsigned_abs() / 60))?;
        let typical = || scans().map(|scan| scan.typical_attenuation);
        if let (Some(nearest), Some(farthest)) = (typical().min(), typical().max()) {
            write!(out, ", {nearest} to {farthest} dB")?;
        }
        // Windows of a rule that adds up whole days have no scores.
        let scores: Vec<_> = windows().filter_map(|window| explanation.score(window)).collect();
        if !scores.is_empty() {
            write!(out, ", score {}", scores.iter().sum::<f64>())?;
        }
    }
    writeln!(out)
}

/// How the day was judged: its text, and each condition with the value found.
fn day(judged: &DayExplanation, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "    the day: {}, {} [{}]", judged.verdict, judged.text, judged.code)?;
    for found in &judged.conditions {
        let holds = found.holds.map_or("not a number", |holds| if holds { "yes" } else { "no" });
        writeln!(out, "      {} {} {}: {holds}", found.name, found.value, found.condition)?;
    }
    Ok(())
}

/// The days on which the key was heard, in order.
fn days(key: &KeyExplanation) -> Vec<UtcDay> {
    let windows = key.windows.iter().map(|window| window.date);
    let mut days: Vec<_> = windows.chain(key.exposures.iter().map(|exposure| exposure.date)).collect();
    days.sort_unstable();
    days.dedup();
    days
}
