//! Exposure windows, from files in the forms in which apps export them.

use std::collections::BTreeSet;
use std::fmt;
use std::io::Read;

use gaen::Profile;
use gaen::cocoa::{DateMillis, DateReading};
use gaen::exposure::decision::{Scan, Window};
use gaen::exposure::{Assessment, Infectiousness};
use gaen::keys::{CalibrationConfidence, ReportType};
use gaen::names::Named;
use gaen::time::{CivilDate, POSSIBLE_TIMES, UtcDay, possible_time};
use serde::Serialize;
use serde_json::{Map, Value};

use super::rows::{self, Cell, Record, letters};
use super::{ReadError, json};
use crate::text::moment;

/// The longest JSON that is read. 10,000 windows have some ten megabytes.
const MOST_BYTES: u64 = 64 << 20;

/// The most seconds that a scan can count, forward or back: a day. Phones counted at most 300, but a clock can step
/// back.
const MOST_SECONDS: i64 = 86_400;

/// The most days ago that a window can be.
const MOST_DAYS_AGO: u64 = 36_500;

/// Names of one field, as [`letters`]: `minattenuationdb` stands for `MinAttenuationDb` too.
const DATE: &[&str] = &["ageindays", "datemillissinceepoch", "datemillis", "day", "date"];
const REPORT_TYPE: &[&str] = &["reporttype"];
const INFECTIOUSNESS: &[&str] = &["infectiousness"];
const CONFIDENCE: &[&str] = &["calibrationconfidence"];
const SCANS: &[&str] = &["scaninstances", "analyticsscaninstances"];
const TYPICAL: &[&str] = &["typicalattenuation", "typicalattenuationdb"];
const MINIMUM: &[&str] = &["minattenuation", "minattenuationdb", "minimumattenuation", "minimumattenuationdb"];
const SECONDS: &[&str] = &["secondssincelastscan"];
/// What our own documents say of a window besides.
const OF_THE_KEY: &[&str] = &["tek", "start"];

/// Lists in documents.
const WINDOWS: &[&str] = &["exposurewindows", "exposurewindowsinfo", "windows"];
const CASES: &[&str] = &["testcases"];
const EVENTS: &[&str] = &["events"];
const PAYLOAD: &[&str] = &["payload"];

/// Whose form a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WindowForm {
    /// Corona-Warn-App's test cases: `ageInDays`.
    CwaCases,
    /// The test menu of Corona-Warn-App and the calibration app of DP-3T: `dateMillisSinceEpoch`.
    TestMenu,
    /// Corona-Warn-App's donated data: `dateMillis`.
    CwaAnalytics,
    /// The library Chino, and with it COCOA's `exposure_data.json`: `DateMillisSinceEpoch`.
    Chino,
    /// COVID Alert: `day`.
    CovidAlert,
    /// An event or the store of NHS COVID-19.
    Nhs,
    /// The form of this project.
    Gaen,
}

/// The windows of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WindowFile {
    /// Whose form it has; `None` if there is no window.
    pub form: Option<WindowForm>,
    /// The windows of one person, or those of each test case.
    pub cases: Vec<WindowCase>,
    /// The time at which the document was made, Unix seconds. Only this project's form has it.
    pub now: Option<u64>,
    /// The profile by which the windows were made. Only this project's form has it.
    pub profile: Option<Profile>,
    /// The names of fields of windows and scans that were passed over.
    pub passed_over: BTreeSet<String>,
}

/// Windows that one person had.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WindowCase {
    /// The description of a test case.
    pub name: Option<String>,
    /// The windows, in the order of the file.
    pub windows: Vec<Window>,
    /// Positions of windows whose date had lost all but its lower 32 bits, and was found again.
    pub repaired_dates: Vec<usize>,
}

impl WindowFile {
    /// Returns the day on which the file was made, if it says so, else the latest day of a window. `None` if there is
    /// neither.
    #[must_use]
    pub fn today(&self) -> Option<UtcDay> {
        let days = self.cases.iter().flat_map(|case| &case.windows).filter_map(|window| window.date);
        self.now.map(UtcDay::from_unix_seconds).or(days.max())
    }
}

/// A field that windows lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MissingField {
    /// The name of the field in the form of this project.
    pub field: &'static str,
    /// How many windows lack the field, in one of their scans at least.
    pub windows: usize,
}

impl WindowCase {
    /// Counts the windows that lack a field, for each field that one of them lacks.
    #[must_use]
    pub fn missing(&self) -> Vec<MissingField> {
        let count = |field, lacks: fn(&Window) -> bool| MissingField {
            field,
            windows: self.windows.iter().filter(|window| lacks(window)).count(),
        };
        let fields = [
            count("date", |window| window.date.is_none()),
            count("report_type", |window| window.report_type.is_none()),
            count("infectiousness", |window| window.infectiousness.is_none()),
            count("calibration_confidence", |window| window.calibration_confidence.is_none()),
            count("typical_attenuation", |window| window.scans.iter().any(|scan| scan.typical_attenuation.is_none())),
            count("min_attenuation", |window| window.scans.iter().any(|scan| scan.min_attenuation.is_none())),
        ];
        fields.into_iter().filter(|missing| missing.windows > 0).collect()
    }
}

/// Windows in the form of this project, as [`windows`] reads them.
#[derive(Debug, Serialize)]
pub struct WindowDocument {
    /// The profile by which the windows were made.
    pub profile: Profile,
    /// The time at which they were made, Unix seconds.
    pub now: u64,
    /// The windows: sums of doubles depend on their order.
    pub windows: Vec<Window>,
}

/// Keeps what the framework told an app of its windows: no key, and no time.
impl From<&Assessment> for WindowDocument {
    fn from(assessment: &Assessment) -> Self {
        let windows = assessment.windows.iter().map(Window::from).collect();
        Self { profile: assessment.profile, now: assessment.now, windows }
    }
}

/// Reads exposure windows in the form of any app that is known. The content tells which.
///
/// `file` is what errors call the file. `today` is the day from which `ageInDays` counts back: files without this field
/// need none.
///
/// ```
/// use gaen_report::read::{WindowForm, windows};
///
/// let json = r#"[{"day": 1601078400000, "scanInstances": [{"typicalAttenuation": 50, "secondsSinceLastScan": 300}]}]"#;
/// let file = windows("windows.json", json.as_bytes(), None)?;
/// assert_eq!(file.form, Some(WindowForm::CovidAlert));
/// assert_eq!(file.cases[0].windows[0].date, Some("2020-09-26".parse()?));
/// assert_eq!(file.cases[0].missing()[0].field, "report_type");
///
/// let error = windows("windows.json", json.replace("50", "-5").as_bytes(), None).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "windows.json, [0].scanInstances[0]: typicalAttenuation is -5: expected a whole number from 0 to 255"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The first document, window or field that breaks a rule, a file that is too large, or what `input` answers.
pub fn windows(file: &str, input: impl Read, today: Option<UtcDay>) -> Result<WindowFile, ReadError> {
    let text = json::text(file, input, MOST_BYTES)?;
    let read = WindowFile { form: None, cases: Vec::new(), now: None, profile: None, passed_over: BTreeSet::default() };
    let mut reader = Reader { today, no_case: WindowCase::default(), read };
    json::documents(file, &text, |line, value| {
        let root = if line > 1 { format!("{file}, line {line}") } else { file.to_owned() };
        reader.document(&Place { root: &root, path: String::new() }, value)
    })?;
    let Reader { no_case, mut read, .. } = reader;
    if read.cases.is_empty() || !no_case.windows.is_empty() {
        read.cases.insert(0, no_case);
    }
    Ok(read)
}

/// Where a value stands, such as `windows.json, exposureWindows[2].scanInstances`.
struct Place<'a> {
    /// The file, with the line of the document if it is not the first.
    root: &'a str,
    path: String,
}

impl Place<'_> {
    fn field(&self, name: &str) -> Self {
        let dot = if self.path.is_empty() { "" } else { "." };
        Self { path: format!("{}{dot}{name}", self.path), ..*self }
    }

    fn item(&self, position: usize) -> Self {
        Self { path: format!("{}[{position}]", self.path), ..*self }
    }

    fn fault(&self, what: String) -> ReadError {
        ReadError::Wrong { place: self.to_string(), what }
    }

    fn object<'v>(&self, value: &'v Value) -> Result<&'v Map<String, Value>, ReadError> {
        value.as_object().ok_or_else(|| self.fault(format!("not a JSON object: {}", Cell::Json(value))))
    }

    /// The elements of a list, each with its place.
    fn elements<'v>(&self, value: &'v Value) -> Result<impl Iterator<Item = (Self, &'v Value)>, ReadError> {
        let list = value.as_array();
        let list = list.ok_or_else(|| self.fault(format!("expected a list, found {}", Cell::Json(value))))?;
        Ok(list.iter().enumerate().map(|(position, element)| (self.item(position), element)))
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let comma = if self.path.is_empty() { "" } else { ", " };
        write!(f, "{}{comma}{}", self.root, self.path)
    }
}

/// The one field of an object whose name is one of these, as [`letters`]. Of two, one would be lost.
fn find<'v>(
    place: &Place<'_>,
    object: &'v Map<String, Value>,
    names: &[&str],
) -> Result<Option<(&'v str, &'v Value)>, ReadError> {
    let mut found = object.iter().filter(|(name, _)| names.contains(&letters(name).as_str()));
    match (found.next(), found.next()) {
        (Some((one, _)), Some((other, _))) => {
            Err(place.fault(format!("{one} and {other} are one field: which is it?")))
        }
        (found, _) => Ok(found.map(|(name, value)| (name.as_str(), value))),
    }
}

struct Reader {
    today: Option<UtcDay>,
    /// The windows that stand in no test case.
    no_case: WindowCase,
    read: WindowFile,
}

impl Reader {
    /// Reads a list of windows, an object with such a list or with test cases, or one window.
    fn document(&mut self, place: &Place<'_>, value: &Value) -> Result<(), ReadError> {
        if value.is_array() {
            let case = self.list(place, value)?;
            self.join(case);
            return Ok(());
        }
        let object = place.object(value)?;
        let case = match find(place, object, &[CASES, WINDOWS, EVENTS].concat())? {
            Some((name, cases)) if CASES.contains(&letters(name).as_str()) => {
                return self.cases(&place.field(name), cases);
            }
            Some((name, windows)) => {
                self.facts(place, object)?;
                self.list(&place.field(name), windows)?
            }
            None => {
                let mut case = WindowCase::default();
                self.element(place, value, &mut case)?;
                case
            }
        };
        self.join(case);
        Ok(())
    }

    /// Adds windows that stand in no test case.
    fn join(&mut self, case: WindowCase) {
        let before = self.no_case.windows.len();
        let moved = case.repaired_dates.into_iter().map(|position| position.saturating_add(before));
        self.no_case.repaired_dates.extend(moved);
        self.no_case.windows.extend(case.windows);
    }

    /// What a document of this project says besides its windows.
    fn facts(&mut self, place: &Place<'_>, object: &Map<String, Value>) -> Result<(), ReadError> {
        let place = place.to_string();
        let record = Record::at(&place, object);
        let now = |cell: Cell<'_>| possible_time(cell.number(0..=u64::MAX)?).map_err(|error| error.to_string());
        let profile = |cell: Cell<'_>| cell.text()?.parse::<Profile>().map_err(|error| error.to_string());
        self.read.now = record.optional("now", now)?;
        self.read.profile = record.optional("profile", profile)?;
        Ok(())
    }

    fn cases(&mut self, place: &Place<'_>, cases: &Value) -> Result<(), ReadError> {
        for (place, case) in place.elements(cases)? {
            let object = place.object(case)?;
            let Some((name, windows)) = find(&place, object, WINDOWS)? else {
                return Err(place.fault("a test case without exposureWindows".to_owned()));
            };
            let windows = self.list(&place.field(name), windows)?;
            let description = object.get("description").and_then(Value::as_str).map(str::to_owned);
            self.read.cases.push(WindowCase { name: Some(description.unwrap_or(place.path)), ..windows });
        }
        Ok(())
    }

    fn list(&mut self, place: &Place<'_>, windows: &Value) -> Result<WindowCase, ReadError> {
        let mut case = WindowCase::default();
        place.elements(windows)?.try_for_each(|(place, element)| self.element(&place, element, &mut case))?;
        Ok(case)
    }

    /// Reads a window, or an event with one.
    fn element(&mut self, place: &Place<'_>, element: &Value, case: &mut WindowCase) -> Result<(), ReadError> {
        let object = place.object(element)?;
        match find(place, object, PAYLOAD)? {
            Some((name, payload)) => {
                let place = place.field(name);
                self.window(&place, place.object(payload)?, WindowForm::Nhs, case)
            }
            None => self.window(place, object, WindowForm::Gaen, case),
        }
    }

    /// Reads a window. `form` is whose it is if the name of its date does not tell.
    fn window(
        &mut self,
        place: &Place<'_>,
        object: &Map<String, Value>,
        form: WindowForm,
        case: &mut WindowCase,
    ) -> Result<(), ReadError> {
        let whole = place.to_string();
        let record = Record::at(&whole, object);
        let Some((name, list)) = find(place, object, SCANS)? else {
            return Err(record.fault(&format!(
                "no exposure window: no scanInstances, found {}. Known are the forms of Corona-Warn-App (test cases, test \
                 menu, donated data), DP-3T, Chino and COCOA, COVID Alert, NHS COVID-19, and gaen",
                rows::names(record.names())
            )));
        };
        let (date, repaired, form) = self.date(&record, &whole, form)?;
        let window = Window {
            date,
            report_type: field(&record, REPORT_TYPE, |cell| numbered(cell, &ReportType::ALL))?,
            infectiousness: field(&record, INFECTIOUSNESS, |cell| numbered(cell, &Infectiousness::ALL))?,
            calibration_confidence: field(&record, CONFIDENCE, |cell| numbered(cell, &CalibrationConfidence::ALL))?,
            scans: {
                let scans = place.field(name);
                let scans = scans.elements(list)?.map(|(place, scan)| self.scan(&place, scan));
                scans.collect::<Result<_, _>>()?
            },
        };
        self.pass_over(&record, &[DATE, REPORT_TYPE, INFECTIOUSNESS, CONFIDENCE, SCANS, OF_THE_KEY]);
        if repaired {
            case.repaired_dates.push(case.windows.len());
        }
        self.read.form.get_or_insert(form);
        case.windows.push(window);
        Ok(())
    }

    fn scan(&mut self, place: &Place<'_>, scan: &Value) -> Result<Scan, ReadError> {
        let (whole, object) = (place.to_string(), place.object(scan)?);
        let record = Record::at(&whole, object);
        let decibels = |cell: Cell<'_>| cell.number(0..=u8::MAX);
        let seconds = record.named(SECONDS)?.unwrap_or("secondsSinceLastScan");
        let scan = Scan {
            typical_attenuation: field(&record, TYPICAL, decibels)?,
            min_attenuation: field(&record, MINIMUM, decibels)?,
            seconds: record.required(seconds, |cell| cell.number(-MOST_SECONDS..=MOST_SECONDS))?,
        };
        self.pass_over(&record, &[TYPICAL, MINIMUM, SECONDS]);
        Ok(scan)
    }

    fn pass_over(&mut self, record: &Record<'_>, known: &[&[&str]]) {
        /// The most names that are kept: a file can have any.
        const MOST: usize = 64;

        let is_known = |name: &str| known.iter().any(|names| names.contains(&letters(name).as_str()));
        for name in record.names().filter(|name| !is_known(name)) {
            if self.read.passed_over.len() < MOST && !self.read.passed_over.contains(name) {
                self.read.passed_over.insert(name.to_owned());
            }
        }
    }

    /// The day of a window, if it has one, whether the day was repaired, and whose form it is. A day has one of four
    /// forms: days ago, milliseconds, ISO 8601, or year, month and day.
    fn date(
        &self,
        record: &Record<'_>,
        place: &str,
        form: WindowForm,
    ) -> Result<(Option<UtcDay>, bool, WindowForm), ReadError> {
        let Some(name) = record.named(DATE)? else { return Ok((None, false, form)) };
        let millis = |form| {
            let (day, repaired) = record.required(name, milliseconds)?;
            Ok((Some(day), repaired, form))
        };
        match letters(name).as_str() {
            "ageindays" => {
                let Some(today) = self.today else { return Err(ReadError::NoToday { place: place.to_owned() }) };
                let day = record.required(name, |cell| {
                    let days = cell.number(0..=MOST_DAYS_AGO)?;
                    possible_day(today.checked_sub(days).unwrap_or(UtcDay::EPOCH))
                })?;
                Ok((Some(day), false, WindowForm::CwaCases))
            }
            "date" => {
                let is_civil = matches!(record.cell(name), Some(Cell::Json(Value::Object(_))));
                let form = if is_civil { WindowForm::Nhs } else { form };
                Ok((Some(record.required(name, iso_or_civil)?), false, form))
            }
            "day" => millis(WindowForm::CovidAlert),
            "datemillis" => millis(WindowForm::CwaAnalytics),
            _ if name.starts_with(char::is_uppercase) => millis(WindowForm::Chino),
            _ => millis(WindowForm::TestMenu),
        }
    }
}

/// A field that may be missing.
fn field<T>(
    record: &Record<'_>,
    names: &[&str],
    parse: impl Fn(Cell<'_>) -> Result<T, String>,
) -> Result<Option<T>, ReadError> {
    record.named(names)?.map_or(Ok(None), |name| record.optional(name, parse))
}

/// A value by its number, which is its position among all values, or by its name in whatever case.
fn numbered<T: Named>(cell: Cell<'_>, values: &[T]) -> Result<T, String> {
    let named = cell.text().ok().map(letters);
    let by_name = named.and_then(|text| values.iter().find(|value| letters(value.name()) == text));
    let number = || cell.number(0..=values.len().saturating_sub(1)).ok();
    let found = by_name.or_else(|| values.get(number()?)).copied();
    found.ok_or_else(|| {
        let names: Vec<_> = values.iter().map(|value| value.name()).collect();
        format!("expected a number from 0 to {}, or one of {}", values.len().saturating_sub(1), names.join(", "))
    })
}

fn possible_day(day: UtcDay) -> Result<UtcDay, String> {
    if POSSIBLE_TIMES.contains(&day.start()) {
        Ok(day)
    } else {
        Err(format!("a day from 2019 to 2099 is expected, and this one is in {}", day.date().year()))
    }
}

/// Milliseconds since 1970, or what 32 bits kept of them; with `true` in the second case.
fn milliseconds(cell: Cell<'_>) -> Result<(UtcDay, bool), String> {
    let millis = rows::whole(cell)?;
    match DateMillis(millis).reading() {
        DateReading::Midnight(day) | DateReading::Within(day) => Ok((possible_day(day)?, false)),
        DateReading::Truncated(day) => Ok((day, true)),
        _ if u64::try_from(millis).is_ok_and(|seconds| POSSIBLE_TIMES.contains(&seconds)) => {
            Err("milliseconds since 1970 are expected: Unix seconds?".to_owned())
        }
        _ => {
            Err("milliseconds since 1970 are expected, or the lower 32 bits of a midnight from 2020 to 2099".to_owned())
        }
    }
}

/// A date or a moment of ISO 8601, or an object with `year`, `month` and `day`.
fn iso_or_civil(cell: Cell<'_>) -> Result<UtcDay, String> {
    let Cell::Json(Value::Object(parts)) = cell else {
        let text = cell.text().map_err(|_| "expected a date such as 2020-11-18 or 2020-11-18T00:00:00Z".to_owned())?;
        if let Ok(day) = text.parse() {
            return possible_day(day);
        }
        return moment::parse(text).map(UtcDay::from_unix_seconds);
    };
    let part = |name| parts.get(name).and_then(Value::as_u64);
    let small = |name| part(name).and_then(|number| u8::try_from(number).ok());
    // Of a second day in another spelling, one would be lost.
    let (Some(year), Some(month), Some(day), 3) = (part("year"), small("month"), small("day"), parts.len()) else {
        return Err("expected year, month and day, and no other field".to_owned());
    };
    let date = CivilDate::new(year, month, day).map_err(|error| error.to_string())?;
    let day: UtcDay = date.to_string().parse().map_err(|error| format!("{error}"))?;
    possible_day(day)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(document: &Value) -> Result<WindowFile, ReadError> {
        windows("w.json", document.to_string().as_bytes(), Some("2020-11-20".parse().unwrap()))
    }

    /// What every form below says.
    fn expected() -> Window {
        let scan = Scan { typical_attenuation: Some(60), min_attenuation: Some(55), seconds: 240 };
        Window {
            date: "2020-11-18".parse().ok(),
            report_type: Some(ReportType::ConfirmedTest),
            infectiousness: Some(Infectiousness::High),
            calibration_confidence: Some(CalibrationConfidence::Medium),
            scans: vec![scan],
        }
    }

    #[test]
    fn every_form_of_one_window() {
        const MILLIS: u64 = 1_605_657_600_000;
        let window = |date: &str, day: Value, minimum: &str, typical: &str| {
            json!({ date: day, "reportType": 1, "infectiousness": 2, "calibrationConfidence": 2,
                "scanInstances": [{ minimum: 55, typical: 60, "secondsSinceLastScan": 240 }] })
        };
        let cwa = window("ageInDays", json!(2), "minAttenuation", "typicalAttenuation");
        let menu = window("dateMillisSinceEpoch", json!(MILLIS), "minAttenuationDb", "typicalAttenuationDb");
        let sample = window("dateMillisSinceEpoch", json!(MILLIS), "minAttenuationDB", "typicalAttenuationDB");
        let alert = window("day", json!(MILLIS), "minAttenuation", "typicalAttenuation");
        let chino = json!({ "DateMillisSinceEpoch": MILLIS, "ReportType": 1, "Infectiousness": 2, "CalibrationConfidence": 2,
            "ScanInstances": [{ "MinAttenuationDb": 55, "TypicalAttenuationDb": 60, "SecondsSinceLastScan": 240 }] });
        let donated = json!({ "dateMillis": MILLIS, "reportType": 1, "infectiousness": 2, "calibrationConfidence": 2,
            "analyticsScanInstances": [{ "minAttenuation": 55, "typicalAttenuation": 60, "secondsSinceLastScan": 240 }] });
        let own = serde_json::to_value(expected()).unwrap();
        for (form, document) in [
            (WindowForm::CwaCases, json!([cwa])),
            (WindowForm::CwaCases, json!({ "testCases": [{ "description": "one", "exposureWindows": [cwa] }] })),
            (WindowForm::TestMenu, json!([menu])),
            (WindowForm::TestMenu, json!([sample])),
            (WindowForm::TestMenu, menu),
            (WindowForm::CovidAlert, json!([alert])),
            (WindowForm::Chino, json!([chino])),
            (WindowForm::Chino, json!({ "platform": "iOS", "exposure_windows": [chino] })),
            (WindowForm::CwaAnalytics, json!([donated])),
            (WindowForm::Gaen, json!({ "profile": "google", "now": 1_605_700_000, "windows": [own] })),
            (WindowForm::Gaen, own),
        ] {
            let file = read(&document).unwrap();
            assert_eq!(file.form, Some(form), "{document}");
            assert_eq!(file.cases.len(), 1);
            assert_eq!(file.cases[0].windows, [expected()], "{document}");
            assert!(file.passed_over.is_empty() && file.cases[0].repaired_dates.is_empty());
        }
    }

    /// The windows of NHS COVID-19 have no report type and no confidence; the event has more besides.
    #[test]
    fn what_a_form_lacks_stays_missing() {
        let scans = json!([{ "minimumAttenuation": 55, "typicalAttenuation": 60, "secondsSinceLastScan": 240 }]);
        let payload = json!({ "date": "2020-11-18T13:20:36.875Z", "infectiousness": "high", "riskScore": 131.4,
            "riskCalculationVersion": 2, "scanInstances": scans });
        let event = json!({ "type": "exposureWindow", "version": 1, "payload": payload });
        let stored = json!({ "date": { "day": 18, "month": 11, "year": 2020 }, "infectiousness": "high",
            "riskScore": 131.4, "riskCalculationVersion": 2, "scanInstances": scans });
        for document in
            [json!({ "metadata": {}, "events": [event] }), event, json!({ "exposureWindowsInfo": [stored] })]
        {
            let file = read(&document).unwrap();
            assert_eq!(file.form, Some(WindowForm::Nhs), "{document}");
            let [window] = &file.cases[0].windows[..] else { panic!("{file:?}") };
            assert_eq!(*window, Window { report_type: None, calibration_confidence: None, ..expected() });
            assert_eq!(file.passed_over.iter().collect::<Vec<_>>(), ["riskCalculationVersion", "riskScore"]);
            let missing = ["report_type", "calibration_confidence"].map(|field| MissingField { field, windows: 1 });
            assert_eq!(file.cases[0].missing(), missing);
        }
    }

    #[test]
    fn lines_of_events_are_one_set_and_cases_are_several() {
        let window = |days: u64| json!({ "ageInDays": days, "scanInstances": [] });
        let lines = format!("{}\n{}\n", window(1), json!([window(2), window(3)]));
        let file = windows("w.json", lines.as_bytes(), Some("2020-11-20".parse().unwrap())).unwrap();
        let days: Vec<_> = file.cases[0].windows.iter().map(|window| window.date.unwrap().to_string()).collect();
        assert_eq!(
            (file.cases.len(), &days[..]),
            (1, &["2020-11-19", "2020-11-18", "2020-11-17"].map(String::from)[..])
        );

        let cases = json!({ "testCases": [{ "description": "none", "exposureWindows": [] },
            { "exposureWindows": [window(1)] }] });
        let file = read(&cases).unwrap();
        let names: Vec<_> = file.cases.iter().map(|set| (set.name.as_deref().unwrap(), set.windows.len())).collect();
        assert_eq!(names, [("none", 0), ("testCases[1]", 1)]);
        let empty = read(&json!([])).unwrap();
        assert_eq!((empty.form, &empty.cases[..]), (None, &[WindowCase::default()][..]));
    }

    /// -1312605184 is all that 32 bits hold of 2021-07-17.
    #[test]
    fn dates_that_lost_their_upper_bits_are_found_and_marked() {
        let window = |millis: i64| json!({ "DateMillisSinceEpoch": millis, "ScanInstances": [] });
        let file = read(&json!([window(1_626_480_000_000), window(-1_312_605_184)])).unwrap();
        let days: Vec<_> = file.cases[0].windows.iter().map(|window| window.date.unwrap().to_string()).collect();
        assert_eq!(
            (&days[..], &file.cases[0].repaired_dates[..]),
            (&["2021-07-17"; 2].map(String::from)[..], &[1][..])
        );
    }

    #[test]
    fn what_is_no_window_says_where_and_why() {
        let scan = json!({ "typicalAttenuation": 60, "secondsSinceLastScan": 240 });
        let window = json!({ "day": 1_605_657_600_000_u64, "reportType": 1, "scanInstances": [scan, scan] });
        let bent = |pointer: &str, value: Value| {
            let mut document = json!({ "exposureWindows": [window, window] });
            *document.pointer_mut(pointer).unwrap() = value;
            document
        };
        let in_scan = "/exposureWindows/1/scanInstances/1/";
        for (document, said) in [
            (
                bent(&format!("{in_scan}typicalAttenuation"), json!(256)),
                "w.json, exposureWindows[1].scanInstances[1]: typicalAttenuation is 256: expected a whole number from 0 to 255",
            ),
            (
                bent(&format!("{in_scan}secondsSinceLastScan"), json!(1e300)),
                "w.json, exposureWindows[1].scanInstances[1]: secondsSinceLastScan is 1e+300: expected a whole number from -86400 to \
              86400, without a decimal point or exponent",
            ),
            (
                bent(&format!("{in_scan}secondsSinceLastScan"), json!(null)),
                "w.json, exposureWindows[1].scanInstances[1]: secondsSinceLastScan is null: expected a whole number from -86400 to \
              86400",
            ),
            (
                bent("/exposureWindows/1/reportType", json!(6)),
                "w.json, exposureWindows[1]: reportType is 6: expected a number from 0 to 5, or one of unknown, confirmed_test, \
              confirmed_clinical_diagnosis, self_report, recursive, revoked",
            ),
            (
                bent("/exposureWindows/0/day", json!(1_605_657_600)),
                "w.json, exposureWindows[0]: day is 1605657600: milliseconds since 1970 are expected: Unix seconds?",
            ),
            (
                bent("/exposureWindows/0/day", json!(1_605_657_600_000_000_u64)),
                "w.json, exposureWindows[0]: day is 1605657600000000: a day from 2019 to 2099 is expected, and this one is in 52851",
            ),
            (
                bent("/exposureWindows/0/scanInstances", json!(null)),
                "w.json, exposureWindows[0].scanInstances: expected a list, found null",
            ),
            (bent("/exposureWindows/0", json!(7)), "w.json, exposureWindows[0]: not a JSON object: 7"),
            (bent("/exposureWindows", json!("x")), "w.json, exposureWindows: expected a list, found \"x\""),
            (
                json!([{ "date": "soon", "scanInstances": [] }]),
                "w.json, [0]: date is \"soon\": expected Unix seconds, 2020-09-28 or 2020-09-28T12:00Z",
            ),
            (
                json!([{ "day": 1, "date": 2, "scanInstances": [] }]),
                "w.json, [0]: date and day are one field: which is it?",
            ),
            (
                json!([{ "date": { "day": 18, "Day": 19, "month": 11, "year": 2020 }, "scanInstances": [] }]),
                "w.json, [0]: date is {\"Day\":19,\"day\":18,\"month\":11,\"year\":2020}: expected year, month and day, and no \
              other field",
            ),
            (json!({ "testCases": [{}] }), "w.json, testCases[0]: a test case without exposureWindows"),
            (
                json!({ "exposureWindows": [window], "windows": [] }),
                "w.json: exposureWindows and windows are one field: which is it?",
            ),
            (
                json!({ "testCases": [], "windows": [window] }),
                "w.json: testCases and windows are one field: which is it?",
            ),
            (
                json!([{ "day": 1_605_657_600_000_u64, "analyticsScanInstances": [], "scanInstances": [scan] }]),
                "w.json, [0]: analyticsScanInstances and scanInstances are one field: which is it?",
            ),
            (json!(7), "w.json: not a JSON object: 7"),
        ] {
            assert_eq!(read(&document).unwrap_err().to_string(), said);
        }
        let unknown = read(&json!({ "Hash": 1 })).unwrap_err().to_string();
        assert!(
            unknown.starts_with("w.json: no exposure window: no scanInstances, found Hash. Known are "),
            "{unknown}"
        );
        let nan = windows("w.json", &b"[\n{\"day\": NaN}]"[..], None).unwrap_err().to_string();
        assert_eq!(nan, "w.json, line 2: column 9: not JSON: expected value");
        let ago = json!([{ "ageInDays": 1, "scanInstances": [] }]).to_string();
        let error = windows("w.json", ago.as_bytes(), None).unwrap_err();
        assert_eq!(error.to_string(), "w.json, [0]: ageInDays counts back from a day that is not given");
    }

    /// Whatever stands in the place of a byte: an error or windows, never a panic.
    #[test]
    fn bent_documents_are_read_or_refused() {
        let window = json!({ "dateMillisSinceEpoch": 1_605_657_600_000_u64, "reportType": 1, "infectiousness": "high",
            "scanInstances": [{ "minAttenuation": 55, "typicalAttenuation": 60, "secondsSinceLastScan": 240 }] });
        let text = json!({ "testCases": [{ "description": "a", "exposureWindows": [window] }] }).to_string();
        let (mut read, mut refused) = (0, 0);
        for place in 0..text.len() {
            for byte in *b"0-9\"{}[],:.eE\\n\xff" {
                let mut bent = text.clone().into_bytes();
                bent[place] = byte;
                match windows("w.json", bent.as_slice(), None) {
                    Ok(_) => read += 1,
                    Err(error) => {
                        assert!(error.to_string().starts_with("w.json"), "{error}");
                        refused += 1;
                    }
                }
            }
            assert!(windows("w.json", &text.as_bytes()[..place], None).is_err() || place == 0);
        }
        assert!(read > 100 && refused > 1000, "{read} read, {refused} refused");
    }
}
