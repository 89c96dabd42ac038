//! Rows with named fields, from JSON lines or CSV. Every error names the file, the line and the field.

use std::fmt::Display;
use std::io::{BufRead, Read};
use std::ops::RangeInclusive;

use csv_core::ReadRecordResult;
use serde_json::{Map, Value};

use super::ReadError;
use crate::text::grouped;

/// The longest line that is read. A row has some hundred bytes.
const LONGEST_LINE: u64 = 64 * 1024;

/// Reads all rows of a file line by line, up to `most` lines. A CSV header must have the given columns, so that other
/// text is not taken for the header of no rows. A row of CSV is one line too: no field contains a line end.
pub(super) fn read<T>(
    file: &str,
    input: impl BufRead,
    columns: &[&str],
    most: usize,
    parse: impl Fn(&Record<'_>) -> Result<T, ReadError>,
) -> Result<Vec<T>, ReadError> {
    let mut lines = Lines { file, input, most, number: 0, line: Vec::new() };
    let Some((place, first)) = lines.next()? else {
        return Ok(Vec::new());
    };
    match first.trim_start().chars().next() {
        Some('{') => {
            let mut rows = vec![json_row(place, first, &parse)?];
            while let Some((place, line)) = lines.next()? {
                rows.push(json_row(place, line, &parse)?);
            }
            Ok(rows)
        }
        Some('[') => Err(place.fault("a JSON array, expected one JSON object a line")),
        _ => {
            let mut reader = csv_core::Reader::new();
            let header = csv_fields(&mut reader, place, first)?;
            if let Some(missing) = columns.iter().find(|column| !header.iter().any(|name| name == *column)) {
                return Err(place.fault(&format!("the CSV header has no {missing}, found {}", names(&header))));
            }
            let mut rows = Vec::new();
            while let Some((place, line)) = lines.next()? {
                let row = csv_fields(&mut reader, place, line)?;
                if row.len() != header.len() {
                    return Err(place.fault(&format!("{} fields, but the header has {}", row.len(), header.len())));
                }
                rows.push(parse(&Record { place, fields: Fields::Csv { header: &header, row: &row } })?);
            }
            Ok(rows)
        }
    }
}

/// The lines of a file, which may be a pipe without an end: no more is held than one of them.
struct Lines<'a, R> {
    file: &'a str,
    input: R,
    most: usize,
    /// The line's number, from 1.
    number: u64,
    line: Vec<u8>,
}

impl<'a, R: BufRead> Lines<'a, R> {
    /// The next line that is not blank, and where it stands.
    fn next(&mut self) -> Result<Option<(Place<'a>, &str)>, ReadError> {
        let place = loop {
            self.line.clear();
            let mut input = (&mut self.input).take(LONGEST_LINE.saturating_add(1));
            let read = input.read_until(b'\n', &mut self.line);
            if read.map_err(|error| ReadError::unreadable(self.file, error))? == 0 {
                return Ok(None);
            }
            self.number = self.number.saturating_add(1);
            let place = Place { file: self.file, line: Some(self.number) };
            if self.line.len() as u64 > LONGEST_LINE {
                return Err(place.fault(&format!("longer than {} bytes", grouped(LONGEST_LINE))));
            }
            if self.number > self.most as u64 {
                let (file, line) = (self.file.to_owned(), self.number);
                return Err(ReadError::TooManyLines { file, line, most: self.most });
            }
            // Editors on Windows begin a file with a mark of its byte order.
            if self.number == 1 && self.line.starts_with("\u{feff}".as_bytes()) {
                self.line.drain(..3);
            }
            if !self.line.trim_ascii().is_empty() {
                break place;
            }
        };
        let line = str::from_utf8(self.line.trim_ascii_end()).map_err(|_| place.fault("not UTF-8 text"))?;
        Ok(Some((place, line)))
    }
}

fn json_row<T>(
    place: Place<'_>,
    line: &str,
    parse: &impl Fn(&Record<'_>) -> Result<T, ReadError>,
) -> Result<T, ReadError> {
    let value = serde_json::from_str(line).map_err(|error: serde_json::Error| {
        let (detail, column) = (error.to_string(), error.column());
        let detail = detail.strip_suffix(&format!(" at line 1 column {column}")).unwrap_or(&detail);
        place.fault(&format!("column {column}: not a JSON object: {detail}"))
    })?;
    match value {
        Value::Object(object) => parse(&Record { place, fields: Fields::Json(&object) }),
        other => Err(place.fault(&format!("not a JSON object: {}", Cell::Json(&other)))),
    }
}

/// The fields of a line of CSV, without the white space around them.
fn csv_fields(reader: &mut csv_core::Reader, place: Place<'_>, line: &str) -> Result<Vec<String>, ReadError> {
    reader.reset();
    // Neither can be more than the line has.
    let (mut text, mut ends) = (vec![0; line.len()], vec![0; line.len().saturating_add(1)]);
    let (result, read, written, ended) = reader.read_record(line.as_bytes(), &mut text, &mut ends);
    let ended = match result {
        ReadRecordResult::InputEmpty => {
            let (text, ends) = (text.get_mut(written..), ends.get_mut(ended..));
            let (.., last) = reader.read_record(&[], text.unwrap_or_default(), ends.unwrap_or_default());
            ended.saturating_add(last)
        }
        _ if read < line.len() => return Err(place.fault("a carriage return in the line: end lines by line feeds")),
        _ => ended,
    };
    let mut start = 0;
    let fields = ends.iter().take(ended).map(|end| {
        let field = text.get(start..*end).unwrap_or_default();
        start = *end;
        str::from_utf8(field).map(|field| field.trim().to_owned()).map_err(|_| place.fault("not UTF-8 text"))
    });
    fields.collect()
}

/// Where a row stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    file: &'a str,
    /// `None` if `file` says all.
    line: Option<u64>,
}

impl Place<'_> {
    fn fault(self, what: &str) -> ReadError {
        match self.line {
            Some(line) => ReadError::wrong(self.file, line, what),
            None => ReadError::Wrong { place: self.file.to_owned(), what: what.to_owned() },
        }
    }
}

/// One row.
pub(super) struct Record<'a> {
    place: Place<'a>,
    fields: Fields<'a>,
}

enum Fields<'a> {
    Json(&'a Map<String, Value>),
    Csv { header: &'a [String], row: &'a [String] },
}

impl<'a> Record<'a> {
    /// The row of a JSON object that begins at this line.
    pub(super) fn of_json(file: &'a str, line: u64, object: &'a Map<String, Value>) -> Self {
        Self { place: Place { file, line: Some(line) }, fields: Fields::Json(object) }
    }

    /// The row of a JSON object at this place, such as `windows.json, exposureWindows[3]`.
    pub(super) fn at(place: &'a str, object: &'a Map<String, Value>) -> Self {
        Self { place: Place { file: place, line: None }, fields: Fields::Json(object) }
    }
}

impl Record<'_> {
    /// The value of a field that has to be there.
    pub(super) fn required<T>(
        &self,
        name: &str,
        parse: impl Fn(Cell<'_>) -> Result<T, String>,
    ) -> Result<T, ReadError> {
        let cell = self.cell(name).ok_or_else(|| {
            let found = names(self.names());
            self.place.fault(&format!("no {name}, found {found}"))
        })?;
        self.parsed(name, cell, parse)
    }

    /// The value of a field that may be missing, `null` or, in CSV, empty. A name that is nearly this one is an error:
    /// passed over, it would change the answer without a word.
    pub(super) fn optional<T>(
        &self,
        name: &str,
        parse: impl Fn(Cell<'_>) -> Result<T, String>,
    ) -> Result<Option<T>, ReadError> {
        match self.cell(name) {
            None => match self.names().find(|found| is_nearly(found, name)) {
                Some(found) => Err(self.place.fault(&format!("no {name}, found {}", names([found])))),
                None => Ok(None),
            },
            Some(Cell::Json(Value::Null) | Cell::Text("")) => Ok(None),
            Some(cell) => self.parsed(name, cell, parse).map(Some),
        }
    }

    /// The name that the record gives a field: the one whose [`letters`] are among these. `None` if there is none.
    pub(super) fn named(&self, names: &[&str]) -> Result<Option<&str>, ReadError> {
        let mut given = self.names().filter(|name| names.contains(&letters(name).as_str()));
        match (given.next(), given.next()) {
            (Some(first), Some(second)) => {
                Err(self.fault(&format!("{first} and {second} are one field: which is it?")))
            }
            (name, _) => Ok(name),
        }
    }

    /// Whether there is a field of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.cell(name).is_some()
    }

    /// The names of its fields.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let (object, header) = match self.fields {
            Fields::Json(object) => (Some(object), None),
            Fields::Csv { header, .. } => (None, Some(header)),
        };
        let keys = object.into_iter().flat_map(Map::keys);
        keys.chain(header.into_iter().flatten()).map(String::as_str)
    }

    /// The value of a field; `None` if there is no such field.
    pub(super) fn cell(&self, name: &str) -> Option<Cell<'_>> {
        match self.fields {
            Fields::Json(object) => object.get(name).map(Cell::Json),
            Fields::Csv { header, row } => {
                let column = header.iter().position(|column| column == name)?;
                row.get(column).map(|text| Cell::Text(text))
            }
        }
    }

    fn parsed<T>(
        &self,
        name: &str,
        cell: Cell<'_>,
        parse: impl Fn(Cell<'_>) -> Result<T, String>,
    ) -> Result<T, ReadError> {
        parse(cell).map_err(|why| self.place.fault(&format!("{name} is {cell}: {why}")))
    }

    /// A fault of the row as a whole.
    pub(super) fn fault(&self, what: &dyn Display) -> ReadError {
        self.place.fault(&what.to_string())
    }
}

/// The value of one field, as it stands in the file.
#[derive(Clone, Copy)]
pub(super) enum Cell<'a> {
    Json(&'a Value),
    Text(&'a str),
}

impl<'a> Cell<'a> {
    pub(super) fn text(self) -> Result<&'a str, String> {
        match self {
            Self::Text(text) => Ok(text),
            Self::Json(Value::String(text)) => Ok(text),
            Self::Json(_) => Err("expected a text".to_owned()),
        }
    }

    /// Whether a flag is set: `true`, or a number other than 0.
    pub(super) fn is_true(self) -> bool {
        match self {
            Self::Json(value) => value.as_bool().unwrap_or_else(|| value.as_f64().is_some_and(|number| number != 0.0)),
            Self::Text(text) => text.eq_ignore_ascii_case("true") || text == "1",
        }
    }

    /// A whole number in this range.
    pub(super) fn number<T: TryFrom<i128> + PartialOrd + Display>(self, range: RangeInclusive<T>) -> Result<T, String> {
        let number = match self {
            Self::Json(Value::Number(number)) => number.as_i128(),
            Self::Json(_) => None,
            Self::Text(text) => text.parse().ok(),
        };
        let number = number.and_then(|number| T::try_from(number).ok()).filter(|number| range.contains(number));
        let (start, end) = (range.start(), range.end());
        number.ok_or_else(|| format!("expected a whole number from {start} to {end}{}", self.but_found()))
    }

    /// What is wrong with a number that looks good to people.
    fn but_found(self) -> &'static str {
        match self {
            Self::Json(Value::String(text)) if text.parse::<f64>().is_ok() => ", not a text",
            Self::Json(Value::Number(number)) if number.is_f64() => ", without a decimal point or exponent",
            Self::Text(text) if text.parse::<f64>().is_ok() && text.contains(['.', 'e', 'E']) => {
                ", without a decimal point or exponent"
            }
            _ => "",
        }
    }
}

/// A whole number.
pub(super) fn whole(cell: Cell<'_>) -> Result<i64, String> {
    cell.number(i64::MIN..=i64::MAX).map_err(|_| format!("expected a whole number{}", cell.but_found()))
}

impl Display for Cell<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Json(value) => f.write_str(&shortened(&value.to_string())),
            Self::Text(text) => write!(f, "\"{}\"", shortened(text)),
        }
    }
}

/// Whether two names differ in case and in what joins their words alone.
fn is_nearly(found: &str, name: &str) -> bool {
    found != name && each_letter(found).eq(each_letter(name))
}

/// A name in lower case, without what joins its words: `minattenuationdb` for `MinAttenuationDb` and
/// `min_attenuation_db`.
pub(super) fn letters(name: &str) -> String {
    each_letter(name).collect()
}

fn each_letter(name: &str) -> impl Iterator<Item = char> {
    let joins = |sign: &char| sign.is_ascii() && !sign.is_ascii_alphanumeric();
    name.chars().filter(move |sign| !joins(sign)).map(|letter| letter.to_ascii_lowercase())
}

/// Names in a row for a message, or the word `nothing`.
pub(super) fn names<N: AsRef<str>>(names: impl IntoIterator<Item = N>) -> String {
    let mut text = String::new();
    for name in names {
        if !text.is_empty() {
            text += ", ";
        }
        text += name.as_ref();
    }
    if text.is_empty() { "nothing".to_owned() } else { shortened(&text) }
}

/// At most 60 characters of a text.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    let head: String = text.chars().take(LONGEST).collect();
    if head.len() == text.len() { head } else { head + "..." }
}
