//! Corona-Warn-App's risk calculation parameters (Germany), by the JSON names of their protobuf fields.
//!
//! Source: corona-warn-app/cwa-server c61d55f6, `risk_calculation_parameters.proto`.

use core::ops::Bound;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Fault, platform};
use crate::cocoa::error::DocumentError;
use crate::exposure::decision::{LevelValue, MinutesFilter, Range, WeightedRange, WeightedRanges};
use crate::exposure::preset::cwa::{self, Offsets, Parameters, RiskLevel, multiplied};
use crate::exposure::{Configuration, Score};
use crate::profile::Profile;

/// Objects in which the parameters stand: in the app's whole configuration, and in its published test cases.
const AROUND: [&str; 2] = ["riskCalculationParameters", "defaultRiskCalculationConfiguration"];

/// Fields that no other form has.
const FIELDS: [&str; 5] = [
    "minutesAtAttenuationWeights",
    "minutesAtAttenuationFilters",
    "normalizedTimePerDayToRiskLevelMapping",
    "normalizedTimePerEWToRiskLevelMapping",
    "trlEncoding",
];

/// The parameters in this object, if it has any.
pub(super) fn parameters(object: &Map<String, Value>) -> Option<&Value> {
    let around = AROUND.iter().find_map(|name| object.get(*name));
    around.filter(|inner| inner.as_object().is_some_and(has_fields))
}

/// `true` if this object holds parameters.
pub(super) fn has_fields(object: &Map<String, Value>) -> bool {
    FIELDS.iter().any(|field| object.contains_key(*field))
}

/// The parameters as they are served, without any other field. Most of these are optional, and a misspelt one would be
/// lost.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ServedParameters {
    #[serde(default)]
    minutes_at_attenuation_filters: Vec<Minutes>,
    #[serde(default)]
    trl_filters: Vec<Trl>,
    minutes_at_attenuation_weights: Vec<WeightAt>,
    #[serde(rename = "normalizedTimePerEWToRiskLevelMapping")]
    window_levels: Vec<Mapped>,
    #[serde(rename = "normalizedTimePerDayToRiskLevelMapping")]
    day_levels: Vec<Mapped>,
    trl_encoding: Encoding,
    /// The values of the transmission risk, in the parameters from 1.15 on.
    transmission_risk_value_mapping: Option<Vec<ValueOf>>,
    /// The factor of the transmission risk, in the parameters before 1.15.
    transmission_risk_level_multiplier: Option<f64>,
    #[serde(default)]
    max_encounter_age_in_days: u32,
}

/// A range as it was served. What is absent is 0, and an end belongs to the range unless it is exclusive.
#[derive(Clone, Copy, Deserialize, Default)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct Served {
    min: f64,
    max: f64,
    min_exclusive: bool,
    max_exclusive: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Minutes {
    attenuation_range: Served,
    drop_if_minutes_in_range: Served,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Trl {
    drop_if_trl_in_range: Served,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WeightAt {
    attenuation_range: Served,
    #[serde(default)]
    weight: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Mapped {
    normalized_time_range: Served,
    risk_level: Value,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct Encoding {
    infectiousness_offset_standard: u32,
    infectiousness_offset_high: u32,
    report_type_offset_recursive: u32,
    report_type_offset_self_report: u32,
    report_type_offset_confirmed_clinical_diagnosis: u32,
    report_type_offset_confirmed_test: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ValueOf {
    transmission_risk_level: u32,
    #[serde(default)]
    transmission_risk_value: f64,
}

/// What the app of this profile's platform reads of it.
pub(super) fn read(value: &Value, profile: Profile) -> Result<Configuration, DocumentError> {
    let document: ServedParameters = super::typed(value)?;
    let missing = |field| Err(DocumentError::Missing { path: "the configuration".to_owned(), field });
    // An empty list and a 0 are what was never served. Taken as they are, every window would count nothing.
    let mapping = document.transmission_risk_value_mapping.unwrap_or_default();
    let multiplier = document.transmission_risk_level_multiplier.filter(|multiplier| *multiplier != 0.0);
    let values = match multiplier {
        _ if !mapping.is_empty() => all("transmissionRiskValueMapping", mapping, |entry| {
            let value = Score::new(entry.transmission_risk_value).map_err(|error| error.to_string())?;
            Ok(LevelValue { level: entry.transmission_risk_level, value })
        })?,
        Some(multiplier) => {
            in_field("transmissionRiskLevelMultiplier", Score::new(multiplier).map_err(|error| error.to_string()))?;
            multiplied(multiplier)
        }
        None => return missing("transmissionRiskValueMapping"),
    };
    for (field, is_empty) in [
        ("minutesAtAttenuationWeights", document.minutes_at_attenuation_weights.is_empty()),
        ("normalizedTimePerEWToRiskLevelMapping", document.window_levels.is_empty()),
        ("normalizedTimePerDayToRiskLevelMapping", document.day_levels.is_empty()),
    ] {
        if is_empty {
            return missing(field);
        }
    }
    let weights = all("minutesAtAttenuationWeights", document.minutes_at_attenuation_weights, |entry| {
        let weight = Score::new(entry.weight).map_err(|error| error.to_string())?;
        Ok(WeightedRange { range: entry.attenuation_range.range()?, weight })
    })?;
    let weights = WeightedRanges::new(weights).map_err(|error| error.to_string());
    let levels = |field, mapped| {
        all(field, mapped, |entry: Mapped| Ok((entry.normalized_time_range.range()?, level(&entry.risk_level)?)))
    };
    let encoding = document.trl_encoding;
    let parameters = Parameters {
        minutes_filters: all("minutesAtAttenuationFilters", document.minutes_at_attenuation_filters, |entry| {
            let (attenuation, minutes) = (entry.attenuation_range.range()?, entry.drop_if_minutes_in_range.range()?);
            Ok(MinutesFilter { attenuation, minutes })
        })?,
        level_filters: all("trlFilters", document.trl_filters, |entry| entry.drop_if_trl_in_range.range())?,
        weights: in_field("minutesAtAttenuationWeights", weights)?,
        window_levels: levels("normalizedTimePerEWToRiskLevelMapping", document.window_levels)?,
        day_levels: levels("normalizedTimePerDayToRiskLevelMapping", document.day_levels)?,
        offsets: Offsets {
            standard: encoding.infectiousness_offset_standard,
            high: encoding.infectiousness_offset_high,
            recursive: encoding.report_type_offset_recursive,
            self_report: encoding.report_type_offset_self_report,
            clinical_diagnosis: encoding.report_type_offset_confirmed_clinical_diagnosis,
            confirmed_test: encoding.report_type_offset_confirmed_test,
        },
        values,
        max_age_days: document.max_encounter_age_in_days,
    };
    Ok(cwa::configuration(platform(profile), parameters))
}

impl Served {
    fn range(self) -> Result<Range, String> {
        let bound = |exclusive, end| if exclusive { Bound::Excluded(end) } else { Bound::Included(end) };
        let range = Range::new(bound(self.min_exclusive, self.min), bound(self.max_exclusive, self.max));
        range.map_err(|error| error.to_string())
    }
}

fn level(value: &Value) -> Result<RiskLevel, String> {
    match (value.as_u64(), value.as_str()) {
        (Some(1), _) | (_, Some("LOW")) => Ok(RiskLevel::Low),
        (Some(2), _) | (_, Some("HIGH")) => Ok(RiskLevel::High),
        _ => Err(format!("riskLevel {value} is neither 1 (low) nor 2 (high)")),
    }
}

/// What is read of each entry of a list, or which entry is wrong.
fn all<T, U>(field: &str, entries: Vec<T>, read: impl Fn(T) -> Result<U, String>) -> Result<Vec<U>, DocumentError> {
    let read = entries.into_iter().enumerate().map(|(number, entry)| {
        let problem = |problem| Fault { field: Some(format!("{field}[{number}]")), problem }.within(None);
        read(entry).map_err(problem)
    });
    read.collect()
}

fn in_field<T>(field: &str, read: Result<T, String>) -> Result<T, DocumentError> {
    read.map_err(|problem| Fault { field: Some(field.to_owned()), problem }.within(None))
}
