//! What COCOA was configured with, by version of the app.

use alloc::vec;

use super::apps::summaries;
use crate::exposure::configuration::rule::{Class, Rule, Test, Value, When};
use crate::exposure::configuration::{
    Configuration, DailySummariesConfiguration, DiagnosisKeysDataMapping, DurationThresholds, Infectiousness,
    InfectiousnessMap, RiskConfiguration, RiskScores,
};
use crate::profile::{Profile, RiskRules};

/// A configuration that COCOA had.
///
/// Source: COCOA's public source and server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cocoa {
    /// App 1.0.0 to 1.1.2, from 2020-06-19: every table 1 to 8, minimum 1.
    V1_0_0,
    /// App 1.1.3: attenuation scores 0 above 33 dB, minimum 1.
    V1_1_3,
    /// App 1.1.4 to 1.4.1: durations under 20 minutes count nothing, minimum 21.
    V1_1_4,
    /// The server's file of 2022 for these apps: levels 1 and 2 count nothing.
    V1Server2022,
    /// App 2.0.0 on: exposure windows, and the risk rule.
    V2,
}

const LEVELS: [u8; 8] = [1, 2, 3, 4, 5, 6, 7, 8];
const FROM_THE_FOURTH: [u8; 8] = [0, 0, 0, 0, 1, 1, 1, 1];
const FROM_LEVEL_3: [u8; 8] = [0, 0, 7, 7, 7, 7, 7, 7];

/// The configuration that this profile reads. In v2 the tables of v1 are another for each platform.
pub(super) fn configuration(version: Cocoa, profile: Profile) -> Configuration {
    let risk = |minimum_risk_score, transmission, attenuation, duration, days| RiskConfiguration {
        minimum_risk_score,
        transmission_scores: scores(transmission),
        attenuation_scores: scores(attenuation),
        duration_scores: scores(duration),
        days_scores: scores(days),
        duration_thresholds: DurationThresholds::default(),
        ..RiskConfiguration::apple()
    };
    let (uniform, ones) = ([7; 8], [1; 8]);
    let v1 = |risk| Configuration { risk, rule: Rule::risk_score(), ..Configuration::default() };
    match version {
        Cocoa::V1_0_0 => v1(risk(1, LEVELS, LEVELS, LEVELS, LEVELS)),
        Cocoa::V1_1_3 => v1(risk(1, uniform, FROM_THE_FOURTH, FROM_THE_FOURTH, ones)),
        Cocoa::V1_1_4 => v1(risk(21, uniform, LEVELS, FROM_THE_FOURTH, ones)),
        Cocoa::V1Server2022 => v1(risk(21, FROM_LEVEL_3, LEVELS, FROM_THE_FOURTH, ones)),
        Cocoa::V2 => {
            let transmission = match profile.risk_rules() {
                RiskRules::Google => uniform,
                RiskRules::Apple => FROM_LEVEL_3,
            };
            Configuration {
                mapping: mapping(),
                daily_summaries: daily_summaries(),
                risk: risk(21, transmission, LEVELS, FROM_THE_FOURTH, ones),
                rule: risk_rule(),
            }
        }
    }
}

/// The tables above are within the limits.
fn scores(scores: [u8; 8]) -> RiskScores {
    RiskScores::new(scores).unwrap_or(RiskScores::uniform(0))
}

/// Three days before the onset of symptoms to ten after it are infectious, all other days are not; without an onset all
/// are.
fn mapping() -> DiagnosisKeysDataMapping {
    let infectiousness =
        InfectiousnessMap::from_fn(
            |day| if (-3..=10).contains(&day) { Infectiousness::High } else { Infectiousness::None },
        );
    DiagnosisKeysDataMapping {
        infectiousness_when_missing: Infectiousness::High,
        infectiousness: Some(infectiousness),
        ..DiagnosisKeysDataMapping::default()
    }
}

/// The weights do not fall from near to far. So it was.
fn daily_summaries() -> DailySummariesConfiguration {
    summaries([46, 60, 65], [1.0, 2.5, 1.3, 0.01])
}

/// A day with a score of 1350 or more, and windows of 900 seconds or more.
pub(crate) fn risk_rule() -> Rule {
    let tests = vec![Test::at_least(Value::ScoreSum, 1350.0), Test::at_least(Value::SecondsSinceLastScanSum, 900.0)];
    Rule::of_summaries(Class::notify(When::All(tests)))
}
