//! Daily summaries in one object, as Koronavilkku (Finland) served them.
//!
//! Its app added up the scores of a day and notified from `minimumDailyScore` on: rounded on Android, cut off on
//! iPhones.
//!
//! Source: Koronavilkku's app for iOS, `ExposureConfiguration`; for Android, `ExposureUpdateWorker`.

use serde_json::Value;

use super::names::{Names, said, typed};
use super::platform;
use crate::cocoa::error::DocumentError;
use crate::cocoa::json::{shown, shown_text};
use crate::exposure::preset::apps::koronavilkku_rule;
use crate::exposure::{
    AttenuationThresholds, Configuration, DailySummariesConfiguration, DiagnosisKeysDataMapping, Infectiousness,
    InfectiousnessMap, InfectiousnessWeights, ReportTypeWeights, Score, Weight,
};
use crate::profile::Profile;

/// `true` if this object has Koronavilkku's form.
pub(super) fn is_its_form(names: &Names<'_>) -> bool {
    names.has("minimumDailyScore")
        || (names.has("attenuationBucketWeights") && names.has("reportTypeWeightConfirmedTest"))
}

/// What this profile reads of it.
pub(super) fn read(names: &Names<'_>, profile: Profile) -> Result<Configuration, DocumentError> {
    let optional_weight = |name| Ok::<_, DocumentError>(names.optional(name, weight)?.unwrap_or_default());
    let mapping = DiagnosisKeysDataMapping {
        infectiousness_when_missing: names.needed("infectiousnessWhenDaysSinceOnsetMissing", infectiousness)?,
        infectiousness: Some(names.needed("daysSinceOnsetToInfectiousness", days)?),
        ..DiagnosisKeysDataMapping::default()
    };
    let daily_summaries = DailySummariesConfiguration {
        thresholds: names
            .needed("attenuationBucketThresholdDb", |value| said(AttenuationThresholds::new(typed(value)?)))?,
        bucket_weights: names.needed("attenuationBucketWeights", four_weights)?,
        infectiousness_weights: InfectiousnessWeights {
            standard: names.needed("infectiousnessWeightStandard", weight)?,
            high: names.needed("infectiousnessWeightHigh", weight)?,
        },
        // It served all four; one that is missing counts in full, as the vendors' defaults do.
        report_type_weights: ReportTypeWeights {
            confirmed_test: optional_weight("reportTypeWeightConfirmedTest")?,
            confirmed_clinical_diagnosis: optional_weight("reportTypeWeightConfirmedClinicalDiagnosis")?,
            self_report: optional_weight("reportTypeWeightSelfReport")?,
            recursive: optional_weight("reportTypeWeightRecursive")?,
        },
        days_since_exposure_threshold: names.needed("daysSinceExposureThreshold", typed)?,
        minimum_window_score: names.needed("minimumWindowScore", |value| said(Score::new(typed(value)?)))?,
    };
    let minimum: u32 = names.needed("minimumDailyScore", typed)?;
    let rule = koronavilkku_rule(platform(profile), f64::from(minimum));
    Ok(Configuration { mapping, daily_summaries, rule, ..Configuration::default() })
}

fn weight(value: &Value) -> Result<Weight, String> {
    said(Weight::new(typed(value)?))
}

fn four_weights(value: &Value) -> Result<[Weight; 4], String> {
    let factors: [f64; 4] = typed(value)?;
    let mut weights = [Weight::ONE; 4];
    for (weight, factor) in weights.iter_mut().zip(factors) {
        *weight = said(Weight::new(factor))?;
    }
    Ok(weights)
}

fn infectiousness(value: &Value) -> Result<Infectiousness, String> {
    match value.as_str() {
        Some("NONE") => Ok(Infectiousness::None),
        Some("STANDARD") => Ok(Infectiousness::Standard),
        Some("HIGH") => Ok(Infectiousness::High),
        _ => Err(format!("{} is none of \"NONE\", \"STANDARD\", \"HIGH\"", shown(value))),
    }
}

/// A day that is not there is not infectious, as on both platforms.
fn days(value: &Value) -> Result<InfectiousnessMap, String> {
    let days = value.as_object().ok_or_else(|| format!("{} is no object of days", shown(value)))?;
    let mut map = [Infectiousness::None; 29];
    for (day, value) in days {
        let place = day.parse::<i8>().ok().and_then(|day| usize::try_from(i16::from(day).saturating_add(14)).ok());
        let place = place.and_then(|place| map.get_mut(place));
        let name = shown_text(day);
        let place = place.ok_or_else(|| format!("{name} is no day from \"-14\" to \"14\""))?;
        *place = infectiousness(value).map_err(|problem| format!("{name}: {problem}"))?;
    }
    Ok(InfectiousnessMap::new(map))
}
