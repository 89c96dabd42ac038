//! Forms in which other apps served their configurations, and that are not read: whose each is, and how to bring it
//! into one that is.

use serde_json::Value;

use super::names::Names;

/// A form, by fields that no other has.
struct Form {
    /// One of these is there ...
    any: &'static [&'static str],
    /// ... and all of these.
    all: &'static [&'static str],
    whose: &'static str,
    how: &'static str,
}

/// The forms that are read, in a sentence.
pub(super) const READ: &str = "read are: the tables of v1 in one object (minimumRiskScore, attenuationScores or \
                               attenuationLevelValues and so on, in any spelling); the blocks google_... and apple_... of \
                               COCOA; daily summaries as Koronavilkku served them (minimumDailyScore); the risk calculation \
                               parameters of Corona-Warn-App (minutesAtAttenuationWeights, trlEncoding); the classes of \
                               Exposure Notifications Express (symptomOnsetToInfectiousnessMap, classificationName_1); and \
                               the thresholds of DP-3T's apps (lowerThreshold, factorLow)";

const DAILY: &str = "bring its thresholds and weights into google_daily_summaries_config, its days into \
                     google_diagnosis_keys_data_mapping_config, and its threshold into a risk rule";

const FORMS: [Form; 11] = [
    Form {
        any: &["riskCalculation", "v2RiskCalculation"],
        all: &["exposureNotification"],
        whose: "NHS COVID-19 (England and Wales)",
        how: "its object exposureNotification is read by itself; its model of distances has no counterpart",
    },
    Form {
        any: &["attenuationBucketScores", "durationBucketScores"],
        all: &[],
        whose: "Immuni (Italy)",
        how: "rename ..._bucket_scores to ..._level_values and attenuation_thresholds to attenuation_duration_thresholds; the \
              app notified from a risk score of 20 on",
    },
    Form {
        any: &["minRiskScore", "attenuationFactor", "riskScoreClassification"],
        all: &[],
        whose: "Radar COVID (Spain)",
        how: "bring riskLevelValue1 to riskLevelValue8 of each group into a list of its table, and minRiskScore into \
              minimumRiskScore",
    },
    Form {
        any: &["exposureConfiguration", "exposureConfig"],
        all: &[],
        whose: "the settings of an app around its configuration, as Stopp Corona, Immuni, Radar COVID and COVID Green's apps \
                served them",
        how: "give the object in it by itself, or as an object if it is text",
    },
    Form { any: &["triggerThresholdWeightedDuration"], all: &[], whose: "PathCheck's apps", how: DAILY },
    Form {
        any: &["infectiousnessToDaysSinceOnset"],
        all: &[],
        whose: "Koronavilkku's server before its app read daily summaries",
        how: "bring the weights and days into the names of its app: reportTypeWeightConfirmedTest, \
              daysSinceOnsetToInfectiousness and so on, with minimumDailyScore",
    },
    Form {
        any: &["immediateDurationWeight", "infectiousnessHighWeight"],
        all: &[],
        whose: "the content of apple_exposure_config_v2 by itself",
        how: "put it under this name, beside apple_exposure_config_v1",
    },
    Form {
        any: &["reportTypeWhenMissing", "infectiousnessForDaysSinceOnsetOfSymptoms"],
        all: &["infectiousnessWhenDaysSinceOnsetMissing"],
        whose: "the content of google_diagnosis_keys_data_mapping_config by itself",
        how: "put it under this name, beside google_exposure_config and google_daily_summaries_config",
    },
    Form {
        any: &["GoogleExposureConfig", "GoogleDailySummariesConfig", "AppleExposureConfigV1", "AppleExposureConfigV2"],
        all: &[],
        whose: "chino's samples, with COCOA's blocks in another spelling",
        how: "write the names of the blocks and of their fields in small letters, with _ between the words",
    },
    Form {
        any: &["DailySummary_DaySummary_ScoreSum", "ExposureWindow_ScanInstance_SecondsSinceLastScanSum"],
        all: &[],
        whose: "COCOA's risk rule, which is no configuration",
        how: "give it as the rule",
    },
    Form {
        any: &["attenuationBucketWeights", "attenuationBucketThresholdDb", "attenuationBucketThresholds"],
        all: &[],
        whose: "daily summaries without a rule",
        how: "put them under google_daily_summaries_config, beside google_exposure_config and \
              google_diagnosis_keys_data_mapping_config, with infectiousness_weights and report_type_weights by name",
    },
];

/// CoronaMelder's lists have the weights by number, which no name tells.
const CORONAMELDER: (&str, &str) = ("CoronaMelder (Netherlands)", DAILY);

/// Names the app whose form this is, and says how to convert it. `None` if the form is unknown.
pub(super) fn of(names: &Names<'_>) -> Option<String> {
    let has = |name: &&str| names.has(name);
    let by_number = ["reportTypeWeights", "infectiousnessWeights"];
    let (whose, how) = if by_number.iter().any(|name| names.get(name).is_some_and(Value::is_array))
        && names.has("attenuationBucketWeights")
        && !names.has("triggerThresholdWeightedDuration")
    {
        CORONAMELDER
    } else {
        let form = FORMS.iter().find(|form| form.any.iter().any(has) && form.all.iter().all(has))?;
        (form.whose, form.how)
    };
    Some(format!("this is the form of {whose}, which is not read: {how}"))
}
