//! What matches mean, as text.

use std::io::{self, Write};

use gaen::exposure::{Assessment, AssumedScans, DailySummary, ExposureInformation, ExposureWindow, Verdict};

use super::ExposuresDocument;
use crate::document::FileStatus;
use crate::text::style::{BAD, BOLD, CAUTION, DIM};
use crate::text::{counted, grouped, printable, utc};
use crate::{dropped, verdict};

pub(super) fn assessment(document: &ExposuresDocument<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (assessment, configuration) = (&document.assessment, printable(&document.configuration));
    writeln!(out, "{BOLD}{}{BOLD:#}", document.summary)?;
    writeln!(out, "{DIM}profile {}, configuration {configuration}{DIM:#}", assessment.profile.name())?;
    for file in document.files.iter().filter(|file| file.status == FileStatus::Rejected) {
        let error = file.error.as_deref().unwrap_or_default();
        writeln!(out, "  {BAD}rejected{BAD:#}  {}: {}", printable(file.name()), printable(error))?;
    }
    writeln!(out)?;
    dropped::print(&document.dropped, out)?;
    windows(&assessment.windows, assessment.assumed_scans, out)?;
    days(&assessment.daily_summaries, out)?;
    v1(assessment, out)?;
    decision(assessment, out)
}

fn windows(windows: &[ExposureWindow], scans: AssumedScans, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{BOLD}{}{BOLD:#}", counted(windows.len(), "exposure window"))?;
    if windows.is_empty() {
        return writeln!(out);
    }
    writeln!(
        out,
        "  {DIM}from (UTC)        minutes  typical dB  infectious  report type                   key{DIM:#}"
    )?;
    for window in windows {
        let typical = || window.scan_instances.iter().map(|scan| scan.typical_attenuation);
        let (near, far) = (typical().min().unwrap_or_default(), typical().max().unwrap_or_default());
        writeln!(
            out,
            "  {}  {:>7}  {near:>4} to {far:<3}  {:<10}  {:<28}  {:.8}",
            utc::minute(window.start),
            signed_minutes(window.seconds()),
            window.infectiousness.name(),
            window.report_type.name(),
            window.key.key_data,
        )?;
    }
    if let AssumedScans { assumed: assumed @ 1.., scans } = scans {
        let scans = counted(scans, "scan");
        writeln!(
            out,
            "  {CAUTION}{} of {scans} count 120 s each: previous_scan is not known{CAUTION:#}",
            grouped(assumed)
        )?;
    }
    writeln!(out)
}

fn days(days: &[DailySummary], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{BOLD}{}{BOLD:#}", counted(days.len(), "day"))?;
    if days.is_empty() {
        return writeln!(out);
    }
    writeln!(out, "  {DIM}UTC day          score     largest  weighted seconds{DIM:#}")?;
    for day in days {
        let totals = &day.day_total;
        writeln!(
            out,
            "  {}  {:>10}  {:>10}  {:>16}",
            day.date,
            rounded(totals.score_sum),
            rounded(totals.maximum_score),
            rounded(totals.weighted_duration_sum)
        )?;
    }
    writeln!(out)
}

fn v1(assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
    let v1 = &assessment.v1;
    writeln!(out, "{BOLD}{} by v1{BOLD:#}", counted(v1.exposures.len(), "exposure"))?;
    if !v1.below_minimum.is_empty() {
        let left_out = counted(v1.below_minimum.len(), "exposure");
        writeln!(out, "  {left_out} below the minimum risk score, which iPhones leave out")?;
    }
    if v1.exposures.is_empty() {
        return writeln!(out);
    }
    writeln!(out, "  {DIM}from (UTC)        minutes  attenuation  near/middle/far s  level  risk  key{DIM:#}")?;
    for exposure in &v1.exposures {
        let ExposureInformation { start, duration, attenuation, attenuation_durations: [near, middle, far], .. } =
            exposure;
        writeln!(
            out,
            "  {}  {:>7}  {attenuation:>8} dB  {:>17}  {:>5}  {:>4}  {:.8}",
            utc::minute(*start),
            minutes(*duration),
            format!("{near}/{middle}/{far}"),
            exposure.transmission_risk_level.as_u8(),
            exposure.risk.score,
            exposure.key.key_data,
        )?;
    }
    let (largest, sum) = (v1.maximum_risk_score, v1.summation_risk_score);
    write!(out, "  {} matched; largest risk {largest}, sum {sum}", counted(v1.matched_key_count, "key"))?;
    if v1.exposures.iter().any(|exposure| exposure.risk.score_full_range > exposure.risk.score.into()) {
        let (largest, sum) = (v1.maximum_risk_score_full_range, v1.summation_risk_score_full_range);
        write!(out, "; in full range {largest}, sum {sum}")?;
    }
    writeln!(out, "\n")
}

fn decision(assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
    let decision = &assessment.decision;
    verdict::print(decision.verdict, assessment.basis.files, out)?;
    if let Some(rule) = &decision.rule {
        let platform = decision.platform.map(|platform| format!(" on {platform}")).unwrap_or_default();
        // The class of a rule that has only one is the verdict.
        let class = decision.class.as_ref().filter(|class| class.name != "notify");
        let class = class.map(|class| format!(": {}", printable(&class.name))).unwrap_or_default();
        writeln!(out, "  {DIM}by the rule of {}{platform}{class}{DIM:#}", printable(rule))?;
    }
    for reason in &decision.reasons {
        match (reason.date, reason.verdict) {
            (Some(date), _) => writeln!(out, "  {date}  {}", reason.text)?,
            (None, Verdict::NotJudged(_)) => {} // the verdict says it
            (None, _) => writeln!(out, "  {}", reason.text)?,
        }
    }
    Ok(())
}

/// Half minutes and less to one decimal.
fn minutes(seconds: u64) -> String {
    if seconds.is_multiple_of(60) {
        (seconds / 60).to_string()
    } else {
        format!("{}.{}", seconds / 60, seconds % 60 / 6)
    }
}

/// The same, where a clock may have stepped back.
fn signed_minutes(seconds: i64) -> String {
    format!("{}{}", if seconds < 0 { "-" } else { "" }, minutes(seconds.unsigned_abs()))
}

/// To the hundredth, without zeros that say nothing.
fn rounded(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
