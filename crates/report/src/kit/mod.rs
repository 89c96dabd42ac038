//! Requests of the conformance kit, and what `gaen` answers: `test-vectors/exposures/README.md` has their form.
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used)]

#[cfg(test)]
mod tests;

use gaen::exposure::decision::{RiskRuleFile, Rule};
use gaen::exposure::{
    Basis, Configuration, Decision, DiagnosisKeysDataMapping, PlatformConfiguration, SearchedFiles, StoredKey,
    StoredKeys, Verdict, assess,
};
use gaen::keys::{DaysSinceOnset, ReportType, TransmissionRiskLevel};
use gaen::matching::HeardMetadata;
use gaen::time::RollingPeriod;
use gaen::{
    DiagnosisKey, EnIntervalNumber, MatchReport, Matcher, Profile, RollingProximityIdentifier, RollingWindow, Sighting,
    SightingIndex,
};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

/// The form of requests that is known.
pub const FORMAT: u64 = 2;

/// What the library answers to a request.
///
/// # Errors
/// A sentence that says what is wrong with the request.
pub fn answer(request: &Value) -> Result<Value, String> {
    if request["format"] != FORMAT {
        return Err(format!("format {}: only format {FORMAT} is known", request["format"]));
    }
    if request.get("steps").is_some() {
        return Revisions::read(request)?.answer();
    }
    let case = Case::read(request)?;
    case.answer(&case.search()?)
}

/// Keys and sightings, ready to be judged.
struct Case {
    profile: Profile,
    configuration: Configuration,
    now: u64,
    keys: Vec<DiagnosisKey>,
    /// The place in the request of each key.
    places: Vec<usize>,
    sightings: Vec<Sighting>,
}

impl Case {
    fn read(request: &Value) -> Result<Self, String> {
        let Request { profile, configuration, rule, now, keys, sightings } = read(request)?;
        let rule = match rule {
            Value::String(v1) if v1 == "v1" => Rule::risk_score(),
            rule => read::<RiskRuleFile>(&rule).map_err(|error| format!("rule: {error}"))?.rule(),
        };
        let configuration = configuration.configuration(profile, rule).map_err(|error| error.to_string())?;
        let keys = keys.iter().map(|key| key.for_profile(profile)).enumerate();
        let keys: Vec<_> = keys.filter_map(|(place, key)| Some((place, key?))).collect();
        // A search remembers no key that was not heard; who has the whole list sees that the last is another one.
        let last = |key: &DiagnosisKey| keys.iter().rev().find(|(_, other)| other.key_data == key.key_data);
        let stays = |key: &DiagnosisKey| last(key).is_some_and(|(_, last)| last.window == key.window);
        let all_stay = !profile.counts_last_of_equal_keys();
        let (places, keys) = keys.iter().copied().filter(|(_, key)| all_stay || stays(key)).unzip();
        let sightings = sightings.into_iter().map(Sighting::from).collect();
        Ok(Self { profile, configuration, now, keys, places, sightings })
    }

    fn index(&self) -> Result<SightingIndex, String> {
        SightingIndex::exhaustive(self.sightings.clone()).map_err(|error| error.to_string())
    }

    fn search(&self) -> Result<MatchReport, String> {
        Ok(Matcher::new(&self.index()?).profile(self.profile).match_keys(&self.keys))
    }

    /// The keys are those of one file.
    fn basis(&self) -> Basis {
        Basis::new(SearchedFiles::all(1), &self.sightings)
    }

    /// The place in the request of the key that counts of those equal to this one.
    fn place(&self, key: &DiagnosisKey) -> Option<usize> {
        let is_it = |(other, _): &(&DiagnosisKey, _)| *other == key;
        let mut both = self.keys.iter().zip(&self.places);
        let found = if self.profile.counts_last_of_equal_keys() { both.rfind(is_it) } else { both.find(is_it) };
        found.map(|(_, place)| *place)
    }

    /// What is to be told of what was found.
    fn answer(&self, report: &MatchReport) -> Result<Value, String> {
        let matches = report.matches.iter().map(|found| {
            json!({
                "key": self.place(&found.key),
                "interval": found.interval.as_u32(),
                "sighting": found.sighting,
                "attenuation": found.attenuation,
            })
        });
        let assessment = assess(&report.matches, &self.basis(), &self.configuration, self.profile, self.now);
        let assessed = written(&assessment)?;
        let field = |name| assessed.get(name).cloned().unwrap_or_default();
        // The kit asks only whether a day meets the rule; it has moments before 2019 too.
        let Decision { verdict, days, .. } = &assessment.decision;
        Ok(json!({
            "matches": matches.collect::<Vec<_>>(),
            "dropped": written(&report.drop_reasons())?,
            "windows": field("windows"),
            "daily_summaries": field("daily_summaries"),
            "v1": field("v1"),
            "decision": { "notify": *verdict == Verdict::Notify, "days": written(days)? },
        }))
    }
}

/// Keys that are published and revised in this order.
#[derive(Deserialize)]
struct Revisions {
    recursive_enabled: bool,
    report_type_when_missing: i32,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    list: List,
    key: Key,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum List {
    Keys,
    RevisedKeys,
}

impl Revisions {
    fn read(request: &Value) -> Result<Self, String> {
        read(request)
    }

    /// What each step comes to.
    fn answer(&self) -> Result<Value, String> {
        let mut stored = StoredKeys::new(DiagnosisKeysDataMapping {
            recursive_enabled: self.recursive_enabled,
            report_type_when_missing: ReportType::from_number(self.report_type_when_missing),
            ..DiagnosisKeysDataMapping::default()
        });
        let steps = self.steps.iter().enumerate().map(|(number, step)| {
            let key = step.key.for_profile(Profile::Google);
            let key = key.ok_or_else(|| format!("steps[{number}].key has no possible rolling period"))?;
            let outcome = match step.list {
                List::Keys => stored.publish(&key),
                List::RevisedKeys => stored.revise(&key),
            };
            let kept = stored.get(&key.key_data);
            Ok(json!({
                "outcome": outcome.name(),
                "report_type": kept.map(|kept| kept.key().report_type.name()),
                "visible": kept.is_some_and(StoredKey::is_shown),
            }))
        });
        steps.collect()
    }
}

#[derive(Deserialize)]
struct Request {
    profile: Profile,
    configuration: PlatformConfiguration,
    rule: Value,
    now: u64,
    keys: Vec<Key>,
    sightings: Vec<Heard>,
}

/// A key as it stands in an export, whose numbers may be out of range.
#[derive(Deserialize)]
struct Key {
    #[serde(deserialize_with = "sixteen")]
    tek: [u8; 16],
    rolling_start_interval_number: u32,
    rolling_period: u32,
    transmission_risk_level: Option<i64>,
    report_type: Option<i64>,
    days_since_onset_of_symptoms: Option<i64>,
}

impl Key {
    /// `None` if this profile passes it over. What is out of range is read as missing.
    fn for_profile(&self, profile: Profile) -> Option<DiagnosisKey> {
        let start = EnIntervalNumber::new(self.rolling_start_interval_number);
        let period = match self.rolling_period {
            0 if profile.reads_period_zero_as_a_day() => RollingPeriod::FULL_DAY,
            period => RollingPeriod::new(period).ok()?,
        };
        let number = |number: Option<i64>| i32::try_from(number?).ok();
        let level = number(self.transmission_risk_level).and_then(TransmissionRiskLevel::new);
        Some(DiagnosisKey {
            transmission_risk_level: level.unwrap_or(TransmissionRiskLevel::UNSET),
            report_type: ReportType::from_number(number(self.report_type).unwrap_or_default()),
            days_since_onset_of_symptoms: number(self.days_since_onset_of_symptoms).and_then(DaysSinceOnset::new),
            ..DiagnosisKey::new(self.tek, RollingWindow::new(start, period).ok()?)
        })
    }
}

#[derive(Deserialize)]
struct Heard {
    #[serde(deserialize_with = "sixteen")]
    rpi: [u8; 16],
    #[serde(deserialize_with = "hex")]
    aem: Vec<u8>,
    rssi: i8,
    time: u64,
    previous_scan: Option<u64>,
}

impl From<Heard> for Sighting {
    fn from(heard: Heard) -> Self {
        Self {
            rpi: RollingProximityIdentifier::from_bytes(heard.rpi),
            aem: HeardMetadata::from(heard.aem.as_slice()),
            rssi: heard.rssi,
            time: heard.time,
            previous_scan: heard.previous_scan,
        }
    }
}

fn hex<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    base16ct::mixed::decode_vec(&text).map_err(|_| serde::de::Error::custom(format!("{text:?} is no hex")))
}

fn sixteen<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 16], D::Error> {
    let bytes = hex(deserializer)?;
    bytes.try_into().map_err(|bytes: Vec<u8>| serde::de::Error::invalid_length(bytes.len(), &"16 bytes in hex"))
}

fn read<'v, T: Deserialize<'v>>(value: &'v Value) -> Result<T, String> {
    T::deserialize(value).map_err(|error| error.to_string())
}

fn written(value: &impl serde::Serialize) -> Result<Value, String> {
    serde_json::to_value(value).map_err(|error| error.to_string())
}
