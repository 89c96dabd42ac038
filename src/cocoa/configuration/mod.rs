//! Configurations as files: in the forms of COCOA and of other apps, each with its rule; and COCOA's risk rule.

mod cwa;
mod dp3t;
mod enx;
mod flat;
mod koronavilkku;
mod names;
mod others;
mod strict;

use std::cell::Cell;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::DocumentError;
use super::json;
use crate::exposure::Configuration;
use crate::exposure::decision::{Platform, RiskRuleFile, Rule};
use crate::exposure::platform::{
    AppleExposureConfigV1, AppleExposureConfigV2, GoogleDailySummariesConfig, GoogleDiagnosisKeysDataMappingConfig,
    GoogleExposureConfig, PlatformConfiguration,
};
use crate::exposure::preset::cocoa::risk_rule;
use crate::profile::{Profile, RiskRules};
use names::{LONGEST_SENTENCE, Names};
use strict::Strict;

/// Reads the configuration of an app, in any form that is known, with the rule that decides under it.
///
/// | form | whose | what decides |
/// |---|---|---|
/// | the tables of v1 in one object | COCOA 1.x and most apps of 2020 | v1's risk score |
/// | the blocks `google_...` and `apple_...` | COCOA 2.0 and later | COCOA's risk rule |
/// | daily summaries with `minimumDailyScore` | Koronavilkku | a day's score from there on, as its platform rounded it |
/// | `minutesAtAttenuationWeights` and so on | Corona-Warn-App | risk levels of windows and days |
/// | `classificationName_1` and so on | Exposure Notifications Express | the lowest class |
/// | `lowerThreshold` and so on | DP-3T's apps | the minutes of a day |
///
/// Where the platforms have blocks of their own, or an app decided differently on each, the profile's platform is read.
/// Within the blocks of COCOA and the parameters of Corona-Warn-App the function refuses fields that the form does not
/// have, because most fields are optional and a misspelt one would be lost. The other forms are cut from larger files:
/// of them the function ignores what it does not know, but refuses an unknown threshold of a class and fields that hold
/// an app's own rule.
///
/// # Errors
/// [`DocumentError`] if the document is no JSON; if a value is not within its limits, with the field; or if the form is
/// another one, with the name of its app and how to convert it.
///
/// ```
/// use gaen::Profile;
/// use gaen::cocoa::read_configuration;
///
/// let dp3t = br#"{"lowerThreshold":55,"higherThreshold":63,"factorLow":1,"factorHigh":0.5,"triggerThreshold":15}"#;
/// let configuration = read_configuration(dp3t, Profile::Google)?;
/// assert_eq!(configuration.rule.name.as_deref(), Some("dp3t"));
///
/// let immuni = br#"{"attenuation_bucket_scores":[0,5,5,5,5,5,5,5]}"#;
/// let error = read_configuration(immuni, Profile::Google).unwrap_err();
/// assert!(error.to_string().starts_with("this is the form of Immuni (Italy), which is not read: "));
/// # Ok::<(), gaen::cocoa::DocumentError>(())
/// ```
pub fn read_configuration(document: &[u8], profile: Profile) -> Result<Configuration, DocumentError> {
    let value = json::document(document)?;
    let Some(object) = value.as_object() else {
        let problem = format!("no configuration but {}; {}", json::shown(&value), others::READ);
        return Err(DocumentError::Invalid { problem });
    };
    if BLOCKS.iter().any(|(block, _)| object.contains_key(*block)) {
        return blocks(&value, profile);
    }
    if let Some(parameters) = cwa::parameters(object) {
        return cwa::read(parameters, profile);
    }
    if cwa::has_fields(object) {
        return cwa::read(&value, profile);
    }
    if let Some(parameters) = dp3t::parameters(object, profile)?.and_then(Value::as_object) {
        return dp3t::read(&Names::of(parameters)?, profile);
    }
    // The sample of Google's app has its configuration within.
    let object = object.get("config").and_then(Value::as_object).unwrap_or(object);
    let names = Names::of(object)?;
    if dp3t::is_its_form(&names) {
        return dp3t::read(&names, profile);
    }
    if enx::is_its_form(&names) {
        return enx::read(&names);
    }
    if koronavilkku::is_its_form(&names) {
        return koronavilkku::read(&names, profile);
    }
    if let Some(problem) = others::of(&names) {
        return Err(DocumentError::Invalid { problem });
    }
    if flat::is_flat(&names) {
        return flat::read(&names, profile);
    }
    let problem = format!("no configuration of a known form: it has {}; {}", names.shown(), others::READ);
    Err(DocumentError::Invalid { problem })
}

/// The blocks, each with what reads it.
const BLOCKS: [(&str, Check); 5] = [
    ("google_exposure_config", check::<GoogleExposureConfig>),
    ("google_diagnosis_keys_data_mapping_config", check::<GoogleDiagnosisKeysDataMappingConfig>),
    ("google_daily_summaries_config", check::<GoogleDailySummariesConfig>),
    ("apple_exposure_config_v1", check::<AppleExposureConfigV1>),
    ("apple_exposure_config_v2", check::<AppleExposureConfigV2>),
];

fn blocks(value: &Value, profile: Profile) -> Result<Configuration, DocumentError> {
    // Block by block, so that an error can say in which.
    for (block, check) in BLOCKS {
        if let Some(content) = value.get(block) {
            check(content).map_err(|fault| fault.within(Some(block)))?;
        }
    }
    let invalid = |error: crate::exposure::ConfigurationError| DocumentError::Invalid { problem: error.to_string() };
    typed::<PlatformConfiguration>(value)?.configuration(profile, risk_rule()).map_err(invalid)
}

/// The platform whose app reads so in this profile.
fn platform(profile: Profile) -> Platform {
    match profile.risk_rules() {
        RiskRules::Google => Platform::Android,
        RiskRules::Apple => Platform::Ios,
    }
}

/// Reads a rule: COCOA's risk rule, or a [`Rule`] of any app.
///
/// # Errors
/// [`DocumentError`] if the rule is no JSON, has another format version, or has an unknown operator or field.
pub fn read_rule(document: &[u8]) -> Result<Rule, DocumentError> {
    let value = json::document(document)?;
    if value.get("decides").is_some() {
        return typed(&value);
    }
    let file: RiskRuleFile = typed(&value)?;
    match file.format_version {
        1 => Ok(file.rule()),
        found => Err(DocumentError::Invalid { problem: format!("format_version {found}: only 1 is known") }),
    }
}

fn typed<T: DeserializeOwned>(value: &Value) -> Result<T, DocumentError> {
    read(value).map_err(|fault| fault.within(None))
}

/// Whether a block can be read. What is null is not there.
type Check = fn(&Value) -> Result<(), Fault>;

fn check<T: DeserializeOwned>(block: &Value) -> Result<(), Fault> {
    if block.is_null() { Ok(()) } else { read::<T>(block).map(drop) }
}

/// What is wrong with an object.
struct Fault {
    /// The field in which it is, where `problem` does not name it.
    field: Option<String>,
    problem: String,
}

impl Fault {
    fn within(self, block: Option<&str>) -> DocumentError {
        let Self { field, problem } = self;
        let path: Vec<_> = block.into_iter().chain(field.as_deref()).collect();
        let problem = if path.is_empty() { problem } else { format!("{}: {problem}", path.join(".")) };
        DocumentError::Invalid { problem }
    }
}

/// `serde` does not say in which field a value is of another type: in that which it took last.
fn read<T: DeserializeOwned>(value: &Value) -> Result<T, Fault> {
    let last = Cell::new(None);
    T::deserialize(Strict::new(value, &last)).map_err(|error| {
        let problem = json::printable(&error.to_string(), LONGEST_SENTENCE);
        let field = last.get().filter(|_| !problem.starts_with("missing field")).map(|name| json::printable(name, 60));
        Fault { field, problem }
    })
}
