//! Diagnosis keys to be exported, from files in the forms in which servers, apps and protobuf's tools write them.

use std::io::BufRead;

use gaen::keys::{DaysSinceOnset, ReportType, TransmissionRiskLevel, VariantOfConcern};
use gaen::time::{INTERVALS_PER_DAY, POSSIBLE_TIMES, RollingPeriod};
use gaen::{DiagnosisKey, EnIntervalNumber, RollingWindow};
use serde_json::Value;

use super::rows::{self, Cell, Record};
use super::{ReadError, json, key_data};

/// Lines of CSV: more keys than any server publishes, in memory some hundred megabytes.
const MOST_LINES: usize = 2_500_000;

/// The longest JSON that is read: as many keys.
const MOST_BYTES: u64 = 512 << 20;

const SECONDS_PER_INTERVAL: u64 = 600;

/// Names of one field: ours, protobuf's in JSON, those of servers and of apps' debug output.
const KEY_DATA: &[&str] = &["tek", "key_data", "keyData", "key"];
const START: &[&str] =
    &["rolling_start_interval_number", "rollingStartIntervalNumber", "rollingStartNumber", "rolling_start_number"];
const PERIOD: &[&str] = &["rolling_period", "rollingPeriod"];
const LEVEL: &[&str] = &["transmission_risk_level", "transmissionRiskLevel", "transmissionRisk", "transmission_risk"];
const REPORT_TYPE: &[&str] = &["report_type", "reportType"];
const DAYS: &[&str] = &["days_since_onset_of_symptoms", "daysSinceOnsetOfSymptoms"];
const VARIANT: &[&str] = &["variant_of_concern", "variantOfConcern"];

/// The list of keys to read from a document that has two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyList {
    /// Keys that are published for the first time.
    Keys,
    /// Keys whose report changes.
    RevisedKeys,
}

impl KeyList {
    /// The names that documents give such a list.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Keys => &["keys", "temporaryExposureKeys", "temporary_exposure_keys", "gaenKeys", "teks"],
            Self::RevisedKeys => &["revisedKeys", "revised_keys"],
        }
    }
}

/// The keys of a file.
#[derive(Debug)]
pub struct DiagnosisKeys {
    /// The keys of the list that was asked for, in their order.
    pub keys: Vec<DiagnosisKey>,
    /// The lists of revised keys beside it, which were not read: each by its name and its number of keys.
    pub left: Vec<(&'static str, usize)>,
}

/// Reads the keys of a file: CSV, or JSON.
///
/// JSON may be one object a line, objects over several lines, an array of objects, or a document with a list of them.
/// Fields have the names of this library, of protobuf, of servers or of apps. `file` is what errors call the file.
///
/// ```
/// use gaen_report::read::{KeyList, diagnosis_keys};
///
/// let json = r#"{"keyData": "ABEiM0RVZneImaq7zN3u/w==", "rollingStartNumber": 2666736}"#;
/// let read = diagnosis_keys("keys.json", json.as_bytes(), KeyList::Keys)?;
/// assert_eq!(read.keys[0].window.start().as_u32(), 2_666_736);
/// # Ok::<(), gaen_report::read::ReadError>(())
/// ```
///
/// # Errors
/// The first row or object that is no key, a document without the list, a file that is too large, or what `input`
/// answers.
pub fn diagnosis_keys(file: &str, mut input: impl BufRead, list: KeyList) -> Result<DiagnosisKeys, ReadError> {
    let unreadable = |error| ReadError::unreadable(file, error);
    let start = input.fill_buf().map_err(unreadable)?;
    let start = start.strip_prefix(json::BYTE_ORDER_MARK).unwrap_or(start).trim_ascii_start();
    if !matches!(start.first(), Some(b'{' | b'[')) {
        // The header has to name the start of a key, by whichever name.
        let header = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let is_named = |name: &&&str| header.windows(name.len()).any(|window| window == name.as_bytes());
        let column = START.iter().find(is_named).or(START.first()).copied().unwrap_or_default();
        let keys = rows::read(file, input, &[column], MOST_LINES, diagnosis_key)?;
        return Ok(DiagnosisKeys { keys, left: Vec::new() });
    }
    let text = json::text(file, input, MOST_BYTES)?;
    let mut read = DiagnosisKeys { keys: Vec::new(), left: Vec::new() };
    json::documents(file, &text, |line, value| document(file, line, value, list, &mut read))?;
    Ok(read)
}

/// The keys of one document: a key, an array of keys, or an object with a list of them.
fn document(file: &str, line: u64, value: &Value, list: KeyList, read: &mut DiagnosisKeys) -> Result<(), ReadError> {
    match value {
        Value::Array(elements) => elements_of(file, line, "", elements, &mut read.keys),
        Value::Object(object) => {
            let found =
                |list: KeyList| list.names().iter().find_map(|name| Some((*name, object.get(*name)?.as_array()?)));
            match (list, found(KeyList::Keys), found(KeyList::RevisedKeys)) {
                (KeyList::Keys, Some((name, elements)), revised) => {
                    if let Some((name, revised)) = revised.filter(|(_, revised)| !revised.is_empty()) {
                        read.left.push((name, revised.len()));
                    }
                    elements_of(file, line, name, elements, &mut read.keys)
                }
                (KeyList::RevisedKeys, _, Some((name, elements))) => {
                    elements_of(file, line, name, elements, &mut read.keys)
                }
                (wanted, Some((found, _)), None) | (wanted, None, Some((found, _))) => {
                    Err(ReadError::OtherList { file: file.to_owned(), line, found, wanted })
                }
                (_, None, None) => {
                    read.keys.push(diagnosis_key(&Record::of_json(file, line, object))?);
                    Ok(())
                }
            }
        }
        other => Err(ReadError::wrong(file, line, &format!("not a JSON object: {}", Cell::Json(other)))),
    }
}

fn elements_of(
    file: &str,
    line: u64,
    name: &str,
    elements: &[Value],
    keys: &mut Vec<DiagnosisKey>,
) -> Result<(), ReadError> {
    for (position, element) in elements.iter().enumerate() {
        let place = format!("{file}, {name}[{position}]");
        let Value::Object(object) = element else {
            let what = format!("not a JSON object: {}", Cell::Json(element));
            return Err(ReadError::Wrong { place, what });
        };
        keys.push(diagnosis_key(&Record::of_json(&place, line, object))?);
    }
    Ok(())
}

fn diagnosis_key(record: &Record<'_>) -> Result<DiagnosisKey, ReadError> {
    const LAST_START: u32 = i32::MAX.cast_unsigned(); // the format has an int32

    if record.optional("fake", |cell| Ok(cell.is_true()))?.unwrap_or_default() {
        return Err(record.fault(&"fake is set: a key that an app made up to hide how many there are"));
    }
    let key_data = record.required(name(record, KEY_DATA)?, key_data::key_data)?;
    let start = record.required(name(record, START)?, |cell| possible_start(cell.number(0..=LAST_START)?))?;
    let period = record.optional(name(record, PERIOD)?, |cell| {
        let period = cell.number(1..=INTERVALS_PER_DAY);
        let zero = |why| if cell.number(0..=0) == Ok(0) { format!("{why}; leave it out for a whole day") } else { why };
        RollingPeriod::new(period.map_err(zero)?).map_err(|error| error.to_string())
    })?;
    let window = RollingWindow::new(EnIntervalNumber::new(start), period.unwrap_or(RollingPeriod::FULL_DAY))
        .map_err(|error| record.fault(&error))?;

    let mut key = DiagnosisKey::new(key_data, window);
    if let Some(level) = record.optional(name(record, LEVEL)?, |cell| cell.number(0..=8))? {
        key.transmission_risk_level = TransmissionRiskLevel::new(level).unwrap_or(TransmissionRiskLevel::UNSET);
    }
    if let Some(report_type) = record.optional(name(record, REPORT_TYPE)?, report_type)? {
        key.report_type = report_type;
    }
    let days = record.optional(name(record, DAYS)?, |cell| cell.number(DaysSinceOnset::RANGE))?;
    key.days_since_onset_of_symptoms = days.and_then(DaysSinceOnset::new);
    if let Some(variant) = record.optional(name(record, VARIANT)?, variant)? {
        key.variant_of_concern = VariantOfConcern::new(variant).unwrap_or(VariantOfConcern::NONE);
    }
    Ok(key)
}

/// A start counts intervals of ten minutes: who gives seconds means a day in the distant future.
fn possible_start(start: u32) -> Result<u32, String> {
    let seconds = u64::from(start).saturating_mul(SECONDS_PER_INTERVAL);
    match seconds < POSSIBLE_TIMES.end {
        true => Ok(start),
        false if POSSIBLE_TIMES.contains(&start.into()) => {
            Err("an interval number of ten minutes is expected: Unix seconds?".to_owned())
        }
        false => Err("an interval number of ten minutes is expected, and this one is after the year 2099".to_owned()),
    }
}

/// The name that a record gives a field; ours where it gives none.
fn name(record: &Record<'_>, names: &[&'static str]) -> Result<&'static str, ReadError> {
    let mut given = names.iter().copied().filter(|name| record.has(name));
    match (given.next(), given.next()) {
        (Some(first), Some(second)) => Err(record.fault(&format!("{first} and {second} are one field: which is it?"))),
        (Some(name), None) => Ok(name),
        (None, _) => Ok(names.first().copied().unwrap_or_default()),
    }
}

/// A report type by its number in the format or by its name, ours or protobuf's.
fn report_type(cell: Cell<'_>) -> Result<ReportType, String> {
    if let Ok(number) = cell.number(0..=5) {
        return Ok(ReportType::from_number(number));
    }
    let text = cell.text().unwrap_or_default();
    let expected =
        || format!("expected one of {}, or a number from 0 to 5", ReportType::ALL.map(ReportType::name).join(", "));
    text.to_ascii_lowercase().parse().map_err(|_| expected())
}

/// A variant of concern by its number, or by protobuf's name of it.
fn variant(cell: Cell<'_>) -> Result<i32, String> {
    let numbered = cell.text().ok().and_then(|text| text.strip_prefix("VARIANT_TYPE_"));
    match numbered {
        Some("UNKNOWN") => Ok(0),
        Some(number) => Cell::Text(number).number(1..=4),
        None => cell.number(0..=4),
    }
}
