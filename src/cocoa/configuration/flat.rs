//! The tables of v1 in one object, as most apps served them in 2020.
//!
//! The names are Google's (`attenuationScores`) or Apple's (`attenuationLevelValues`), in any spelling of case:
//! `MinimumRiskScore` (COCOA), `minimumRiskScore` (COVID Alert, `CoronaMelder`), `minimum_risk_score` (a block by
//! itself). v1's risk score decides. An app whose rule stands beside the tables is refused, as its rule would be lost.

use serde_json::Value;

use super::names::{Names, said, typed};
use crate::cocoa::error::DocumentError;
use crate::exposure::decision::Rule;
use crate::exposure::{Configuration, DurationThresholds, RiskConfiguration, RiskScores, RiskWeights, Score};
use crate::profile::{Profile, RiskRules};

/// The four tables, by Google's name and Apple's, and the name of the weight.
const TABLES: [[&str; 3]; 4] = [
    ["attenuationScores", "attenuationLevelValues", "attenuationWeight"],
    ["daysSinceLastExposureScores", "daysSinceLastExposureLevelValues", "daysSinceLastExposureWeight"],
    ["durationScores", "durationLevelValues", "durationWeight"],
    ["transmissionRiskScores", "transmissionRiskLevelValues", "transmissionRiskWeight"],
];

/// COCOA's name of the last weight.
const TRANSMISSION_WEIGHT: &str = "transmissionWeight";

/// Fields beside the tables that hold an app's own rule, and whose they are.
const RULES: [(&str, &str); 6] = [
    ("thresholdWeightings", "COVID Green's apps (Ireland, Northern Ireland, New York)"),
    ("timeThreshold", "COVID Green's apps (Ireland, Northern Ireland, New York)"),
    ("durationAtAttenuationWeights", "Koronavilkku of 2020 (Finland)"),
    ("exposureRiskDuration", "Koronavilkku of 2020 (Finland)"),
    ("dailyRiskThreshold", "Stopp Corona (Austria)"),
    ("triggerThreshold", "DP-3T's apps"),
];

/// `true` if this object has tables of v1.
pub(super) fn is_flat(names: &Names<'_>) -> bool {
    names.has("minimumRiskScore") || TABLES.iter().any(|[google, apple, _]| names.has(google) || names.has(apple))
}

/// What this profile reads of it.
pub(super) fn read(names: &Names<'_>, profile: Profile) -> Result<Configuration, DocumentError> {
    if let Some((name, whose)) = RULES.iter().find_map(|(name, whose)| Some((names.written(name)?, whose))) {
        let problem = format!(
            "{name} belongs to the rule of {whose}, which is not read; without the fields of that rule the tables of v1 \
             are, and v1's risk score decides"
        );
        return Err(DocumentError::Invalid { problem });
    }
    let is_google = TABLES.iter().find_map(|[google, _, _]| names.written(google));
    let is_apple = TABLES.iter().find_map(|[_, apple, _]| names.written(apple));
    if let (Some(google), Some(apple)) = (is_google, is_apple) {
        let problem = format!("{google} is Google's name of a table and {apple} is Apple's: whose are they?");
        return Err(DocumentError::Invalid { problem });
    }
    let defaults = match profile.risk_rules() {
        RiskRules::Google => RiskConfiguration::default(),
        RiskRules::Apple => RiskConfiguration::apple(),
    };
    let mut tables = [RiskScores::uniform(0); 4];
    for (table, [google, apple, _]) in tables.iter_mut().zip(TABLES) {
        let name = if is_apple.is_some() { apple } else { google };
        *table = names.needed(name, |scores| typed(scores).and_then(|scores| said(RiskScores::new(scores))))?;
    }
    let [attenuation_scores, days_scores, duration_scores, transmission_scores] = tables;

    // Google's are reserved. Apple's count on iPhones, but an app of both that has Google's names had none of effect.
    let count = is_apple.is_some() && profile.risk_rules() == RiskRules::Apple;
    let mut weights = [1.0; 4];
    for (weight, [_, _, name]) in weights.iter_mut().zip(TABLES) {
        let name =
            if name == "transmissionRiskWeight" && names.has(TRANSMISSION_WEIGHT) { TRANSMISSION_WEIGHT } else { name };
        let found: Option<f64> = names.optional(name, |value| {
            let found: f64 = typed(value)?;
            if count { said(RiskWeights::new([found; 4])).map(|_| found) } else { Ok(found) }
        })?;
        *weight = found.filter(|_| count).unwrap_or(1.0);
    }
    let thresholds = |value: &Value| typed(value).and_then(|pair| said(DurationThresholds::new(pair)));
    let duration_thresholds =
        match (names.written("durationAtAttenuationThresholds"), names.written("attenuationDurationThresholds")) {
            (Some(google), Some(apple)) => {
                let problem = format!("{google} and {apple} are the same thresholds twice");
                return Err(DocumentError::Invalid { problem });
            }
            (Some(_), None) => names.optional("durationAtAttenuationThresholds", thresholds)?,
            (None, _) => names.optional("attenuationDurationThresholds", thresholds)?,
        };
    let full_range =
        names.optional("minimumRiskScoreFullRange", |value| typed(value).and_then(|score| said(Score::new(score))))?;
    let risk = RiskConfiguration {
        attenuation_scores,
        days_scores,
        duration_scores,
        transmission_scores,
        weights: RiskWeights::new(weights).unwrap_or(defaults.weights),
        minimum_risk_score: names.needed("minimumRiskScore", |value| minimum(typed(value)?, profile))?,
        minimum_risk_score_full_range: full_range.unwrap_or(defaults.minimum_risk_score_full_range),
        duration_thresholds: duration_thresholds.unwrap_or(defaults.duration_thresholds),
    };
    Ok(Configuration { risk, rule: Rule::risk_score(), ..Configuration::default() })
}

/// Within the limits of the platform.
fn minimum(found: u32, profile: Profile) -> Result<u16, String> {
    let range = match profile.risk_rules() {
        RiskRules::Google => 1..=4096,
        RiskRules::Apple => 0..=255,
    };
    match u16::try_from(found) {
        Ok(minimum) if range.contains(&minimum) => Ok(minimum),
        _ => Err(format!("{found} is not in {}..={} ({})", range.start(), range.end(), profile.name())),
    }
}
