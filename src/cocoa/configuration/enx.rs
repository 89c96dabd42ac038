//! The configuration of Exposure Notifications Express, Google's app for health authorities.
//!
//! Source: google/exposure-notifications-android e44603b3, `riskcalculation` and `app/configs/sample.json`.

use serde_json::Value;

use super::names::{Names, plain, said, typed};
use crate::cocoa::error::DocumentError;
use crate::cocoa::json::{shown, shown_text};
use crate::exposure::decision::{Class, Test, Value as DayValue};
use crate::exposure::preset::enx;
use crate::exposure::{
    AttenuationThresholds, Configuration, DailySummariesConfiguration, DiagnosisKeysDataMapping, InfectiousnessWeights,
    ReportTypeWeights, Weight,
};
use crate::keys::ReportType;

/// The thresholds of a class, each with the value of the day that it is for. The number of the class follows.
const THRESHOLDS: [(&str, DayValue); 7] = [
    ("confirmedTestPerDaySumERVThreshold", DayValue::ConfirmedTestSum),
    ("clinicalDiagnosisPerDaySumERVThreshold", DayValue::ConfirmedClinicalDiagnosisSum),
    ("selfReportPerDaySumERVThreshold", DayValue::SelfReportSum),
    ("recursivePerDaySumERVThreshold", DayValue::RecursiveSum),
    ("perDaySumERVThreshold", DayValue::ScoreSum),
    ("perDayMaxERVThreshold", DayValue::MaximumScore),
    ("weightedDurationAtAttenuationThreshold", DayValue::WeightedDurationSum),
];

/// The numbers of the classes.
const CLASSES: core::ops::RangeInclusive<u8> = 1..=4;

/// `true` if this object has its form.
pub(super) fn is_its_form(names: &Names<'_>) -> bool {
    let of_a_class = |number: u8| {
        names.has(&format!("classificationName_{number}"))
            || THRESHOLDS.iter().any(|(name, _)| names.has(&format!("{name}_{number}")))
    };
    names.has("symptomOnsetToInfectiousnessMap") || CLASSES.into_iter().any(of_a_class)
}

/// What both platforms read of it.
pub(super) fn read(names: &Names<'_>) -> Result<Configuration, DocumentError> {
    let weight = |name| names.needed(name, percent);
    let optional_weight = |name| Ok::<_, DocumentError>(names.optional(name, percent)?.unwrap_or_default());
    let threshold = |name| names.needed(name, typed::<u8>);
    let thresholds = [
        threshold("attenuationImmediateNearThreshold")?,
        threshold("attenuationNearMedThreshold")?,
        threshold("attenuationMedFarThreshold")?,
    ];
    let thresholds = AttenuationThresholds::new(thresholds)
        .map_err(|error| DocumentError::Invalid { problem: format!("attenuation...Threshold: {error}") })?;
    let days = names.optional("daysSinceExposureThreshold", typed::<u32>)?.unwrap_or_default();
    let (map, missing) = names.needed("symptomOnsetToInfectiousnessMap", infectiousness)?;
    let mapping = DiagnosisKeysDataMapping {
        infectiousness: Some(map),
        infectiousness_when_missing: missing,
        report_type_when_missing: names
            .optional("reportTypeNoneMap", report_type)?
            .unwrap_or(ReportType::ConfirmedTest),
        recursive_enabled: false,
    };
    let daily_summaries = DailySummariesConfiguration {
        thresholds,
        bucket_weights: [
            weight("attenuationImmediateWeight")?,
            weight("attenuationNearWeight")?,
            weight("attenuationMedWeight")?,
            weight("attenuationOtherWeight")?,
        ],
        infectiousness_weights: InfectiousnessWeights {
            standard: weight("infectiousnessStandardWeight")?,
            high: weight("infectiousnessHighWeight")?,
        },
        report_type_weights: ReportTypeWeights {
            confirmed_test: weight("reportTypeConfirmedTestWeight")?,
            confirmed_clinical_diagnosis: weight("reportTypeConfirmedClinicalDiagnosisWeight")?,
            self_report: weight("reportTypeSelfReportWeight")?,
            recursive: optional_weight("reportTypeRecursiveWeight")?,
        },
        days_since_exposure_threshold: days,
        ..DailySummariesConfiguration::default()
    };
    if let Some(unknown) = names.written_names().find(|name| is_unknown_threshold(name)) {
        let known = THRESHOLDS.map(|(name, _)| name).join(", ");
        let problem =
            format!("{} is no threshold of a class: there are {known}, each with _1 to _4", shown_text(unknown));
        return Err(DocumentError::Invalid { problem });
    }
    let classes = CLASSES.filter_map(|number| class(names, number).transpose());
    let rule = enx::rule(classes.collect::<Result<_, _>>()?, days);
    Ok(Configuration { mapping, daily_summaries, rule, ..Configuration::default() })
}

/// `true` if the name ends in a number, as the name of a class's threshold does, and speaks of a threshold that no
/// class has.
fn is_unknown_threshold(name: &str) -> bool {
    let name = plain(name);
    let field = name.trim_end_matches(|sign: char| !sign.is_alphabetic());
    let speaks_of_one = ["threshold", "erv", "weightedduration"].iter().any(|word| field.contains(word));
    // A number in another spelling, such as 01, is in the name of no field that is read.
    let mut known = CLASSES.flat_map(|number| THRESHOLDS.map(|(field, _)| plain(&format!("{field}_{number}"))));
    field.len() < name.len() && speaks_of_one && !known.any(|known| known == name)
}

/// The class of this number; `None` if nothing names it.
fn class(names: &Names<'_>, number: u8) -> Result<Option<Class>, DocumentError> {
    let name: Option<String> = names.optional(&format!("classificationName_{number}"), typed)?;
    let (mut tests, mut has_thresholds) = (Vec::new(), false);
    for (field, value) in THRESHOLDS {
        let threshold: Option<u32> = names.optional(&format!("{field}_{number}"), typed)?;
        has_thresholds |= threshold.is_some();
        // 0 asks nothing.
        if let Some(threshold @ 1..) = threshold {
            tests.push(Test::at_least(value, threshold.into()));
        }
    }
    if name.is_none() && tests.is_empty() {
        return Ok(None);
    }
    if !has_thresholds {
        let problem =
            format!("classificationName_{number} names a class without any threshold, which no day would have");
        return Err(DocumentError::Invalid { problem });
    }
    let name = name.unwrap_or_else(|| format!("class {number}"));
    Ok(Some(enx::class(name, number, tests)))
}

/// A weight in percent.
fn percent(value: &Value) -> Result<Weight, String> {
    said(Weight::new(typed::<f64>(value)? / 100.0))
}

/// The type of a key without one.
fn report_type(value: &Value) -> Result<ReportType, String> {
    match typed::<i32>(value)? {
        number @ 0..=4 => Ok(ReportType::from_number(number)),
        found => Err(format!("{found} is not in 0..=4")),
    }
}

/// Hexadecimal digits, such as `0x0555555555555555`.
fn infectiousness(
    value: &Value,
) -> Result<(crate::exposure::InfectiousnessMap, crate::exposure::Infectiousness), String> {
    let digits = value.as_str().and_then(|text| text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")));
    let map = digits.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
    let map = map.and_then(|digits| u64::from_str_radix(digits, 16).ok());
    let map = map.ok_or_else(|| format!("{} is no hexadecimal number of at most 16 digits after 0x", shown(value)))?;
    enx::infectiousness(map).ok_or_else(|| format!("{} has a day that is neither 0 nor 1 nor 2", shown(value)))
}
