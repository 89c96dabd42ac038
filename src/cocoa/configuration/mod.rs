//! Configurations as files: in the forms of COCOA and of other apps, each with its rule; and COCOA's risk rule.

mod flat;
mod koronavilkku;
mod names;
mod others;

use std::cell::Cell;

use serde::de::DeserializeOwned;
use serde::de::value::MapDeserializer;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::DocumentError;
use super::json;
use crate::exposure::platform::{
    AppleExposureConfigV1, AppleExposureConfigV2, GoogleDailySummariesConfig, GoogleDiagnosisKeysDataMappingConfig,
    GoogleExposureConfig, PlatformConfiguration,
};
use crate::exposure::{Configuration, DailyRule};
use crate::profile::Profile;
use names::Names;

/// The risk rule of apps from 2.0 on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RiskRuleFile {
    /// 1, also where it is not said.
    #[serde(default = "first")]
    pub format_version: u32,
    /// Its conditions.
    #[serde(flatten)]
    pub rule: DailyRule,
}

const fn first() -> u32 {
    1
}

/// Reads the configuration of an app, in any form that is known, with the rule that decides under it.
///
/// | form | whose | what decides |
/// |---|---|---|
/// | the tables of v1 in one object | COCOA 1.x and most apps of 2020 | v1's risk score |
/// | the blocks `google_...` and `apple_...` | COCOA 2.0 and later | COCOA's risk rule |
/// | daily summaries with `minimumDailyScore` | Koronavilkku | a day's score from there on |
///
/// Of the blocks this profile reads those of its platform. Fields that no form has are passed over, but for those that hold
/// an app's own rule.
///
/// # Errors
/// [`DocumentError`]: no JSON; a value that is not within its limits, with its field; or another form, with whose it is and
/// how to bring it into one that is read.
///
/// ```
/// use gaen::Profile;
/// use gaen::cocoa::read_configuration;
///
/// let dp3t = br#"{"lowerThreshold":55,"higherThreshold":63,"factorLow":1,"factorHigh":0.5,"triggerThreshold":15}"#;
/// let error = read_configuration(dp3t, Profile::Google).unwrap_err();
/// assert!(error.to_string().starts_with("this is the form of DP-3T's apps (SwissCovid and others), which is not read: "));
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
    let names = Names::of(object)?;
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
    typed::<PlatformConfiguration>(value)?.configuration(profile, super::preset::risk_rule()).map_err(invalid)
}

/// Reads a risk rule.
///
/// # Errors
/// [`DocumentError`]: no JSON, another format version, an operator that is not known.
pub fn read_risk_rule(document: &[u8]) -> Result<DailyRule, DocumentError> {
    let value = json::document(document)?;
    // By itself, so that an error can say in which condition.
    let rule: DailyRule = typed(&value)?;
    let file: RiskRuleFile = typed(&value)?;
    match file.format_version {
        1 => Ok(rule),
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
    let read = match value {
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| (name.as_str(), value));
            T::deserialize(MapDeserializer::new(fields.inspect(|(name, _)| last.set(Some(*name)))))
        }
        other => T::deserialize(other),
    };
    read.map_err(|error: serde_json::Error| {
        let problem = error.to_string();
        let field = last.get().filter(|_| !problem.starts_with("missing field")).map(str::to_owned);
        Fault { field, problem }
    })
}
