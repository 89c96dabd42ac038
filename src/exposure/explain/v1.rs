//! What is told of exposures of v1.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::slice;

use super::key::{Outcome, Reason};
use super::v2::hidden;
use crate::day::UtcDay;
use crate::exposure::configuration::Configuration;
use crate::exposure::encounter::Encounter;
use crate::exposure::risk::{Factor, RiskVerdict, attenuation_range, days_range, duration_range};
use crate::exposure::v1::{ExposureInformation, exposures};
use crate::profile::{Profile, RiskRules};

/// How an exposure of v1 came to its risk score.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ExposureExplanation {
    /// When it starts, Unix seconds.
    pub start: u64,
    /// The UTC day in which it starts.
    pub date: UtcDay,
    /// Seconds.
    pub duration: u64,
    /// Days since the exposure, as the rules count them.
    pub days: i64,
    /// The mean attenuation weighted by time, dB.
    pub attenuation: u8,
    /// Seconds near, in the middle and far.
    pub attenuation_durations: [u64; 3],
    /// The thresholds in dB that divide them.
    pub attenuation_duration_thresholds: [u8; 2],
    /// The four factors: attenuation, days, duration, transmission.
    pub factors: Vec<FactorExplanation>,
    /// Their product.
    pub product: f64,
    /// What the product has to reach: the configuration's minimum, at least 1.
    pub minimum_risk_score: f64,
    /// The risk score.
    pub risk_score: u16,
    /// Why it is 0.
    pub reason: Option<Reason>,
}

/// How a factor of a risk score was chosen.
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
    /// The place in the table, from 0, the score there, and its weight.
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
    summary.exposures.iter().map(|exposure| explain_one(exposure, configuration, profile.risk_rules())).collect()
}

fn explain_one(exposure: &ExposureInformation, configuration: &Configuration, rules: RiskRules) -> ExposureExplanation {
    let risk = &exposure.risk;
    let (level, minutes) = (exposure.transmission_risk_level.as_u8(), exposure.duration / 60);
    let range = |factor: &Factor, range: fn(u8) -> String| factor.index.map(range).unwrap_or_default();
    let transmission_rule = match (rules, level) {
        (RiskRules::Google, 0) => "a key without a level has the factor 1 in Google's rules".to_string(),
        (RiskRules::Google, level) => format!("Google's rules take the value for level {level}: the {}", nth(level)),
        (RiskRules::Apple, 0) => "Apple's rules have a value for keys without a level: the 1st".to_string(),
        (RiskRules::Apple, level) => {
            let place = level.min(7).saturating_add(1);
            format!("Apple's rules count from level 0, so level {level} has the {} value", nth(place))
        }
    };
    let factor = |name, value, rule, factor| FactorExplanation { name, value, rule, factor };
    ExposureExplanation {
        start: exposure.start,
        date: exposure.date(),
        duration: exposure.duration,
        days: exposure.days,
        attenuation: exposure.attenuation,
        attenuation_durations: exposure.attenuation_durations,
        attenuation_duration_thresholds: configuration.risk.duration_thresholds.as_array(),
        factors: [
            factor(
                "attenuation",
                format!("{} dB", exposure.attenuation),
                range(&risk.attenuation, attenuation_range),
                risk.attenuation,
            ),
            factor("days", format!("{} days", exposure.days), range(&risk.days, days_range), risk.days),
            factor("duration", format!("{minutes} min"), range(&risk.duration, duration_range), risk.duration),
            factor("transmission", format!("level {level}"), transmission_rule, risk.transmission),
        ]
        .into(),
        product: risk.product,
        minimum_risk_score: configuration.risk.least_product(rules),
        risk_score: risk.score,
        reason: reason(exposure, configuration.risk.least_product(rules)),
    }
}

/// 1st, 2nd, 3rd, 4th.
fn nth(number: u8) -> String {
    match number {
        1 => "1st".into(),
        2 => "2nd".into(),
        3 => "3rd".into(),
        number => format!("{number}th"),
    }
}

/// Why an exposure has no risk score.
fn reason(exposure: &ExposureInformation, minimum: f64) -> Option<Reason> {
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
            let minutes = exposure.duration / 60;
            Reason::new("duration_score_zero", format!("the duration score for {minutes} minutes is 0"))
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

/// Whether one of these exposures has a risk score; if not, why that with the largest product has none.
pub(super) fn scored(
    encounter: &Encounter,
    exposures: &[ExposureExplanation],
    configuration: &Configuration,
) -> Outcome {
    if let Some(reason) = encounter.hidden(&configuration.mapping) {
        return Outcome::no(hidden(reason));
    }
    if exposures.iter().any(|exposure| exposure.reason.is_none()) {
        return Outcome::YES;
    }
    // The first of equals.
    let by_product = |a: &&ExposureExplanation, b: &&ExposureExplanation| {
        a.product.total_cmp(&b.product).then(a.duration.cmp(&b.duration))
    };
    let best = exposures.iter().rev().max_by(by_product);
    let reason = best.and_then(|exposure| exposure.reason.clone());
    Outcome::no(reason.unwrap_or_else(|| Reason::new("no_exposure", "there is no exposure")))
}
