//! What the reader of the page has chosen.

use std::fmt::Display;
use std::str::FromStr;

use gaen::Profile;
use gaen::exposure::Preset;
use gaen::time::{UtcOffset, possible_time};
use gaen_report::Language;
use serde::{Deserialize, Deserializer, de};

use crate::error::Error;

/// What the reader of the page has chosen.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Settings {
    /// The time of the judgement, Unix seconds. `None` is the latest moment of what lies on the desk.
    pub now: Option<u64>,
    /// The clock of local times. `None` is Japan's for reports, and the log's own for logs.
    pub utc_offset: Option<UtcOffset>,
    /// The language of sentences.
    #[serde(deserialize_with = "parsed")]
    pub language: Language,
    /// The profile to follow where the platforms differ. `None` is Google's; a preset that judges windows then has its
    /// own.
    pub profile: Option<Profile>,
    /// What judges: at most two, of which the second serves to compare windows. Without any, the first configuration
    /// and the first rule on the desk judge.
    pub rules: Vec<RuleChoice>,
    /// `false` to read files that **anyone may have written**.
    pub verify: bool,
    /// `true` to show keys, file names and exact times in reports and explanations.
    pub full: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            now: None,
            utc_offset: None,
            language: Language::English,
            profile: None,
            rules: Vec::new(),
            verify: true,
            full: false,
        }
    }
}

/// A configuration and the rule that decides under it. Without `preset` and `item` it is Google's default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RuleChoice {
    /// A built-in configuration.
    #[serde(deserialize_with = "parsed_some")]
    pub preset: Option<Preset>,
    /// The number of a configuration on the desk.
    pub item: Option<u32>,
    /// The number of a rule on the desk, which takes the place of the configuration's.
    pub rule: Option<u32>,
}

/// The most rules that judge side by side.
const MOST_RULES: usize = 2;

impl Settings {
    /// Reads settings from JSON. Each field may be missing.
    ///
    /// ```
    /// use gaen_desk::Settings;
    ///
    /// let settings = Settings::read(r#"{"now": 1601251200, "utcOffset": "+09:00", "language": "ja"}"#)?;
    /// assert!(settings.verify && !settings.full);
    /// assert_eq!(Settings::read(r#"{"nwo": 1601251200}"#).unwrap_err().code(), "settings");
    /// # Ok::<(), gaen_desk::Error>(())
    /// ```
    ///
    /// # Errors
    /// `settings`, with what is wrong.
    pub fn read(json: &str) -> Result<Self, Error> {
        let wrong = |why: &dyn Display| Error::new("settings", format!("settings: {why}"));
        let settings: Self = serde_json::from_str(json).map_err(|error| wrong(&error))?;
        if let Some(now) = settings.now {
            possible_time(now).map_err(|error| wrong(&format!("now: {error}")))?;
        }
        if settings.rules.len() > MOST_RULES {
            return Err(wrong(&format!("{} rules; at most {MOST_RULES} judge side by side", settings.rules.len())));
        }
        if settings.rules.iter().any(|rule| rule.preset.is_some() && rule.item.is_some()) {
            return Err(wrong(&"a rule has both a preset and an item: which of the two?"));
        }
        Ok(settings)
    }
}

fn parsed<'de, D: Deserializer<'de>, T: FromStr<Err: Display>>(deserializer: D) -> Result<T, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
}

fn parsed_some<'de, D: Deserializer<'de>, T: FromStr<Err: Display>>(deserializer: D) -> Result<Option<T>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| text.parse().map_err(de::Error::custom)).transpose()
}
