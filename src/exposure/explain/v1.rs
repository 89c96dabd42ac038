//! The explanation of exposures of v1.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::slice;

use super::reason::{Outcome, Reason};
use crate::exposure::configuration::Configuration;
use crate::exposure::encounter::Encounter;
use crate::exposure::risk::{Factor, RiskVerdict, days_range, duration_range};
use crate::exposure::v1::{ExposureInformation, exposures, rules};
use crate::profile::Profile;
use crate::time::UtcDay;

/// An exposure of v1 with the steps to its risk score.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ExposureExplanation {
    /// The start of the exposure, Unix seconds.
    pub start: u64,
    /// The UTC day that the app is told. In Google's rules it is the day of the key's start.
    pub date: UtcDay,
    /// The seconds that the app is told.
    pub duration: u64,
    /// The seconds that choose the duration score. In Apple's rules they are not rounded or cut.
    pub scored_duration: u64,
    /// Days since the exposure, as the rules count them.
    pub days: i64,
    /// The mean attenuation weighted by time, dB.
    pub attenuation: u8,
    /// Seconds near, in the middle and far.
    pub attenuation_durations: [u64; 3],
    /// The thresholds in dB that divide near, middle and far.
    pub attenuation_duration_thresholds: [u8; 2],
    /// The four factors: attenuation, days, duration, transmission.
    pub factors: Vec<FactorExplanation>,
    /// The product of the four factors.
    pub product: f64,
    /// The smallest product that scores: the configuration's minimum, at least 1.
    pub minimum_risk_score: f64,
    /// The risk score.
    pub risk_score: u16,
    /// The risk, not cut to 255.
    pub risk_score_full_range: f64,
    /// `true` if the phone lists the exposure and counts it in its sums. Apple's rules leave out exposures below the
    /// minimum.
    pub listed: bool,
    /// Why the risk score is 0; `None` if it is not.
    pub reason: Option<Reason>,
}

/// A factor of a risk score, with the rule that chose it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct FactorExplanation {
    /// `attenuation`, `days`, `duration` or `transmission`.
    pub name: &'static str,
    /// The value that was looked up, with its unit.
    pub value: String,
    /// The rule that chose the place in the table.
    pub rule: String,
    /// The place in the table, from 0, with its score and weight.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub factor: Factor,
}

pub(super) fn explain(
    encounter: &Encounter,
    configuration: &Configuration,
    profile: Profile,
    now: u64,
) -> Vec<ExposureExplanation> {
    let (mapping, risk) = (&configuration.mapping, &configuration.risk);
    let summary = exposures(slice::from_ref(encounter), mapping, risk, profile, now);
    summary.found().into_iter().map(|exposure| explain_one(exposure, configuration, profile)).collect()
}

fn explain_one(exposure: &ExposureInformation, configuration: &Configuration, profile: Profile) -> ExposureExplanation {
    let (rules, risk) = (rules(profile), &exposure.risk);
    let level = exposure.transmission_risk_level.as_u8();
    let minimum = rules.minimum(&configuration.risk).max(1.0);
    let scored_duration = rules.scored_duration(exposure.exact_duration);
    let range = |factor: &Factor, range: fn(u8) -> String| factor.index.map(range).unwrap_or_default();
    let (attenuation, attenuation_rule) = rules.attenuation_words(exposure);
    let factor = |name, value, rule, factor| FactorExplanation { name, value, rule, factor };
    ExposureExplanation {
        start: exposure.start,
        date: exposure.date,
        duration: exposure.duration,
        scored_duration,
        days: exposure.days,
        attenuation: exposure.attenuation,
        attenuation_durations: exposure.attenuation_durations,
        attenuation_duration_thresholds: configuration.risk.duration_thresholds.as_array(),
        factors: [
            factor("attenuation", attenuation, attenuation_rule, risk.attenuation),
            factor("days", format!("{} days", exposure.days), range(&risk.days, days_range), risk.days),
            factor("duration", minutes(scored_duration), range(&risk.duration, duration_range), risk.duration),
            factor("transmission", format!("level {level}"), rules.transmission_words(level), risk.transmission),
        ]
        .into(),
        product: risk.product,
        minimum_risk_score: minimum,
        risk_score: risk.score,
        risk_score_full_range: risk.score_full_range,
        listed: rules.lists(risk.product, &configuration.risk),
        reason: reason(exposure, scored_duration, minimum),
    }
}

/// Writes seconds as minutes, with the rest in seconds if there is any.
fn minutes(seconds: u64) -> String {
    match (seconds / 60, seconds % 60) {
        (minutes, 0) => format!("{minutes} min"),
        (0, seconds) => format!("{seconds} s"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

/// Why an exposure has no risk score.
fn reason(exposure: &ExposureInformation, scored_duration: u64, minimum: f64) -> Option<Reason> {
    let risk = &exposure.risk;
    Some(match risk.verdict {
        RiskVerdict::Scores => return None,
        RiskVerdict::AttenuationScoreZero => {
            let text = format!("the attenuation score for {} dB is 0", exposure.attenuation);
            Reason::new("attenuation_score_zero", text)
        }
        RiskVerdict::DaysScoreZero => {
            Reason::new("days_score_zero", format!("the days score for {} days is 0", exposure.days))
        }
        RiskVerdict::DurationScoreZero => {
            let duration = minutes(scored_duration);
            Reason::new("duration_score_zero", format!("the duration score for {duration} is 0"))
        }
        RiskVerdict::TransmissionScoreZero => {
            let level = exposure.transmission_risk_level.as_u8();
            Reason::new("transmission_score_zero", format!("the transmission score for level {level} is 0"))
        }
        RiskVerdict::BelowMinimumScore => {
            let text = format!("the product {} is below the minimum risk score {minimum}", risk.product);
            Reason::new("below_minimum_risk_score", text)
        }
    })
}

/// Says whether an exposure has a risk score, or why the one with the largest product has none.
pub(super) fn scored(
    encounter: &Encounter,
    exposures: &[ExposureExplanation],
    configuration: &Configuration,
) -> Outcome {
    if let Some(reason) = encounter.hidden(&configuration.mapping) {
        return Outcome::no(Reason::hidden(reason));
    }
    if exposures.iter().any(|exposure| exposure.reason.is_none()) {
        return Outcome::YES;
    }
    if exposures.is_empty() && encounter.is_silenced() {
        return Outcome::no(Reason::silenced());
    }
    // The first of equals.
    let by_product = |a: &&ExposureExplanation, b: &&ExposureExplanation| {
        a.product.total_cmp(&b.product).then(a.duration.cmp(&b.duration))
    };
    let best = exposures.iter().rev().max_by(by_product);
    let reason = best.and_then(|exposure| exposure.reason.clone());
    Outcome::no(reason.unwrap_or_else(|| Reason::new("no_exposure", "there is no exposure")))
}
