//! Rows with named fields, from JSON lines or CSV. Every fault is told by file, line and field.
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::indexing_slicing))]

use std::fmt::Display;
use std::fs;
use std::io::{self, Read};
use std::ops::RangeInclusive;
use std::path::Path;

use csv::StringRecord;
use serde_json::{Map, Value};

use crate::error::Error;

/// Reads all rows of a file, or of standard input for `-`. A CSV header must have the given columns, so that other text
/// is not taken for the header of no rows.
pub(crate) fn read<T>(
    path: &Path,
    columns: &[&str],
    parse: impl Fn(&Record<'_>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let (name, bytes) = if path == Path::new("-") {
        let mut bytes = Vec::new();
        ("standard input".to_owned(), io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes))
    } else {
        (path.display().to_string(), fs::read(path))
    };
    let bytes = bytes.map_err(|error| Error::file(Path::new(&name), &error))?;
    rows(&name, &bytes, columns, parse)
}

/// Reads all rows of the bytes of a file of this name.
pub(crate) fn rows<T>(
    name: &str,
    bytes: &[u8],
    columns: &[&str],
    parse: impl Fn(&Record<'_>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let text = str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = (before.iter().filter(|byte| **byte == b'\n').count() as u64).saturating_add(1);
        Place { file: name, line }.fault("not UTF-8 text")
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match text.trim_start().chars().next() {
        None => Ok(Vec::new()),
        Some('{') => json_lines(name, text, parse),
        Some('[') => Err(Place { file: name, line: 1 }.fault("a JSON array, expected one JSON object a line")),
        Some(_) => csv_rows(name, text, columns, parse),
    }
}

fn json_lines<T>(file: &str, text: &str, parse: impl Fn(&Record<'_>) -> Result<T, Error>) -> Result<Vec<T>, Error> {
    let lines = (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty());
    let row = |(line, text)| {
        let place = Place { file, line };
        let value = serde_json::from_str(text).map_err(|error: serde_json::Error| {
            let (detail, column) = (error.to_string(), error.column());
            let detail = detail.strip_suffix(&format!(" at line 1 column {column}")).unwrap_or(&detail);
            place.fault(&format!("column {column}: not a JSON object: {detail}"))
        })?;
        match value {
            Value::Object(object) => parse(&Record { place, fields: Fields::Json(&object) }),
            other => Err(place.fault(&format!("not a JSON object: {}", Cell::Json(&other)))),
        }
    };
    lines.map(row).collect()
}

fn csv_rows<T>(
    file: &str,
    text: &str,
    columns: &[&str],
    parse: impl Fn(&Record<'_>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let rows = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes())
        .into_records()
        .map(|row| {
            let row = row.map_err(|error| Error::Input(format!("{file}: {error}")))?;
            Ok::<_, Error>((Place { file, line: line_of(&row, text) }, row))
        });
    let mut rows = rows.filter(|row| !row.as_ref().is_ok_and(|(_, row)| row.iter().all(str::is_empty)));
    let Some((place, header)) = rows.next().transpose()? else {
        return Ok(Vec::new());
    };
    if let Some(missing) = columns.iter().find(|column| !header.iter().any(|name| name == **column)) {
        return Err(place.fault(&format!("the CSV header has no {missing}, found {}", names(&header))));
    }
    rows.map(|row| {
        let (place, row) = row?;
        if row.len() != header.len() {
            return Err(place.fault(&format!("{} fields, but the header has {}", row.len(), header.len())));
        }
        parse(&Record { place, fields: Fields::Csv { header: &header, row: &row } })
    })
    .collect()
}

/// A row's position is where its reading began, which may be blank lines before it.
fn line_of(row: &StringRecord, text: &str) -> u64 {
    let Some(position) = row.position() else {
        return 1;
    };
    let rest = usize::try_from(position.byte()).ok().and_then(|start| text.get(start..)).unwrap_or_default();
    let blank = rest.bytes().take_while(u8::is_ascii_whitespace);
    position.line().saturating_add(blank.filter(|byte| *byte == b'\n').count() as u64)
}

/// Where a row stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    file: &'a str,
    line: u64,
}

impl Place<'_> {
    fn fault(self, what: &str) -> Error {
        Error::Input(format!("{}, line {}: {what}", self.file, self.line))
    }
}

/// One row.
pub(crate) struct Record<'a> {
    place: Place<'a>,
    fields: Fields<'a>,
}

enum Fields<'a> {
    Json(&'a Map<String, Value>),
    Csv { header: &'a StringRecord, row: &'a StringRecord },
}

impl Record<'_> {
    /// The value of a field that has to be there.
    pub(crate) fn required<T>(&self, name: &str, parse: impl Fn(Cell<'_>) -> Result<T, String>) -> Result<T, Error> {
        let cell = self.cell(name).ok_or_else(|| {
            let found = match self.fields {
                Fields::Json(object) => names(object.keys()),
                Fields::Csv { header, .. } => names(header),
            };
            self.place.fault(&format!("no {name}, found {found}"))
        })?;
        self.parsed(name, cell, parse)
    }

    /// The value of a field that may be missing, `null` or, in CSV, empty.
    pub(crate) fn optional<T>(
        &self,
        name: &str,
        parse: impl Fn(Cell<'_>) -> Result<T, String>,
    ) -> Result<Option<T>, Error> {
        match self.cell(name) {
            None | Some(Cell::Json(Value::Null) | Cell::Text("")) => Ok(None),
            Some(cell) => self.parsed(name, cell, parse).map(Some),
        }
    }

    /// Whether there is a field of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.cell(name).is_some()
    }

    fn cell(&self, name: &str) -> Option<Cell<'_>> {
        match self.fields {
            Fields::Json(object) => object.get(name).map(Cell::Json),
            Fields::Csv { header, row } => {
                let column = header.iter().position(|column| column == name)?;
                row.get(column).map(Cell::Text)
            }
        }
    }

    fn parsed<T>(&self, name: &str, cell: Cell<'_>, parse: impl Fn(Cell<'_>) -> Result<T, String>) -> Result<T, Error> {
        parse(cell).map_err(|why| self.place.fault(&format!("{name} is {cell}: {why}")))
    }

    /// A fault of the row as a whole.
    pub(crate) fn fault(&self, what: &dyn Display) -> Error {
        self.place.fault(&what.to_string())
    }
}

/// The value of one field, as it stands in the file.
#[derive(Clone, Copy)]
pub(crate) enum Cell<'a> {
    Json(&'a Value),
    Text(&'a str),
}

impl<'a> Cell<'a> {
    pub(crate) fn text(self) -> Result<&'a str, String> {
        match self {
            Self::Text(text) => Ok(text),
            Self::Json(Value::String(text)) => Ok(text),
            Self::Json(_) => Err("expected a text".to_owned()),
        }
    }

    /// A whole number in this range.
    pub(crate) fn number<T: TryFrom<i128> + PartialOrd + Display>(self, range: RangeInclusive<T>) -> Result<T, String> {
        let number = match self {
            Self::Json(Value::Number(number)) => number.as_i128(),
            Self::Json(_) => None,
            Self::Text(text) => text.parse().ok(),
        };
        let number = number.and_then(|number| T::try_from(number).ok()).filter(|number| range.contains(number));
        number.ok_or_else(|| format!("expected a whole number from {} to {}", range.start(), range.end()))
    }
}

impl Display for Cell<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Json(value) => f.write_str(&shortened(&value.to_string())),
            Self::Text(text) => write!(f, "\"{}\"", shortened(text)),
        }
    }
}

fn names<N: AsRef<str>>(names: impl IntoIterator<Item = N>) -> String {
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
