//! JSON values that know where in their document they stand.

use std::fmt::{self, Write};

use serde_json::Value;

use super::error::DocumentError;
use crate::export::error;

/// The largest list or log that is read: 16 MiB. The largest real ones are under one.
pub const MAX_DOCUMENT_BYTES: usize = 16 << 20;

/// Reads a document, or a piece of one as people paste it: `"Files": [...]` without the braces around it, or an object
/// with the comma after it.
pub(super) fn document(bytes: &[u8]) -> Result<Value, DocumentError> {
    if bytes.len() > MAX_DOCUMENT_BYTES {
        return Err(DocumentError::TooLarge { found: bytes.len() as u64, limit: MAX_DOCUMENT_BYTES as u64 });
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes).trim_ascii();
    let bytes = bytes.strip_suffix(b",").unwrap_or(bytes);
    let parsed = if bytes.starts_with(b"\"") {
        serde_json::from_slice(&[b"{", bytes, b"}"].concat())
    } else {
        serde_json::from_slice(bytes)
    };
    parsed.map_err(|error| DocumentError::NotJson { detail: error.to_string() })
}

/// A value and the way to it.
#[derive(Clone, Copy)]
pub(super) struct Node<'n> {
    value: &'n Value,
    parent: Option<&'n Node<'n>>,
    step: Step,
}

#[derive(Clone, Copy)]
enum Step {
    Root,
    Field(&'static str),
    Item(usize),
}

impl<'n> Node<'n> {
    pub(super) fn root(value: &'n Value) -> Self {
        Self { value, parent: None, step: Step::Root }
    }

    /// Returns the field of this name. `None` if it is missing or null.
    pub(super) fn field(&'n self, name: &'static str) -> Option<Self> {
        let value = self.value.get(name).filter(|value| !value.is_null())?;
        Some(Self { value, parent: Some(self), step: Step::Field(name) })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.value.get(name).is_some()
    }

    pub(super) fn needed(&'n self, name: &'static str) -> Result<Self, DocumentError> {
        self.field(name).ok_or_else(|| DocumentError::Missing { path: self.path(), field: name })
    }

    pub(super) fn is_array(&self) -> bool {
        self.value.is_array()
    }

    pub(super) fn items(&'n self) -> Result<impl Iterator<Item = Self>, DocumentError> {
        let items = self.value.as_array().ok_or_else(|| self.unexpected("an array"))?;
        let node = move |(number, value)| Self { value, parent: Some(self), step: Step::Item(number) };
        Ok(items.iter().enumerate().map(node))
    }

    /// Returns the items of a field that is an array. A missing field has no items.
    pub(super) fn list<T>(
        &self,
        name: &'static str,
        read: impl Fn(Node<'_>) -> Result<T, DocumentError>,
    ) -> Result<Vec<T>, DocumentError> {
        self.field(name).map_or_else(|| Ok(Vec::new()), |list| list.items()?.map(&read).collect())
    }

    pub(super) fn text(&self) -> Result<&'n str, DocumentError> {
        self.value.as_str().ok_or_else(|| self.unexpected("a text"))
    }

    /// Reads a text, or a number as it stands in the document.
    pub(super) fn label(&self) -> Result<String, DocumentError> {
        match self.value {
            Value::Number(number) => Ok(number.to_string()),
            _ => self.text().map(str::to_owned),
        }
    }

    pub(super) fn count(&self) -> Result<u64, DocumentError> {
        self.value.as_u64().ok_or_else(|| self.unexpected("a whole number, 0 or more"))
    }

    pub(super) fn integer(&self) -> Result<i64, DocumentError> {
        self.value.as_i64().ok_or_else(|| self.unexpected("a whole number of 64 bits"))
    }

    pub(super) fn number(&self) -> Result<f64, DocumentError> {
        self.value.as_f64().ok_or_else(|| self.unexpected("a number"))
    }

    /// Reads a field that may be missing.
    pub(super) fn optional<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(Node<'_>) -> Result<T, DocumentError>,
    ) -> Result<Option<T>, DocumentError> {
        self.field(name).map(read).transpose()
    }

    pub(super) fn unexpected(&self, expected: &'static str) -> DocumentError {
        DocumentError::Unexpected { path: self.path(), found: shown(self.value), expected }
    }

    /// Returns the place of the value, such as `ExposureChecks[2].Files[0]`.
    pub(super) fn path(&self) -> String {
        let mut path = String::new();
        let _ = self.write_path(&mut path);
        if path.is_empty() { "the document".to_owned() } else { path }
    }

    fn write_path(&self, path: &mut String) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.write_path(path)?;
        }
        match self.step {
            Step::Root => Ok(()),
            Step::Field(name) if path.is_empty() => path.write_str(name),
            Step::Field(name) => write!(path, ".{name}"),
            Step::Item(number) => write!(path, "[{number}]"),
        }
    }
}

/// A value as it may stand in an error: its kind, or its text as [`shown_text`] has it.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("an array of {}", items.len()),
        Value::Object(fields) => {
            let names: Vec<_> = fields.keys().take(6).map(|name| shown_text(name)).collect();
            format!("an object with {}", if names.is_empty() { "nothing in it".to_owned() } else { names.join(", ") })
        }
        Value::String(text) => shown_text(text),
        other => other.to_string(),
    }
}

/// Text of a document, as it may stand in an error: quoted, escaped, and cut off.
pub(super) fn shown_text(text: &str) -> String {
    error::shown(text.as_bytes())
}

/// So many characters of a text that may repeat names from the document, without control characters.
pub(super) fn printable(text: &str, longest: usize) -> String {
    let mut shown = String::new();
    for (number, sign) in text.chars().enumerate() {
        if number == longest {
            shown.push_str("...");
            break;
        }
        if sign.is_control() { shown.extend(sign.escape_default()) } else { shown.push(sign) }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_knows_where_it_stands() {
        let value = document(br#"{"a":[{"b":"x"},{"b":7,"c":null}]}"#).unwrap();
        let root = Node::root(&value);
        let list = root.field("a").unwrap();
        let second = list.items().unwrap().nth(1).unwrap();
        let error = second.needed("b").unwrap().text().unwrap_err();
        assert_eq!(error.to_string(), "a[1].b is 7: expected a text");
        assert_eq!(second.needed("c").map(|_| ()).unwrap_err().to_string(), "a[1] has no c");
        assert_eq!(root.text().unwrap_err().to_string(), "the document is an object with \"a\": expected a text");
    }

    #[test]
    fn pieces_as_people_paste_them() {
        for text in ["\u{feff} {\"a\":[]}\n", "{\"a\":[]},\n", "\"a\": []", " \"a\" : [],"] {
            assert_eq!(document(text.as_bytes()).unwrap(), serde_json::json!({ "a": [] }), "{text}");
        }
        for text in ["", ",", "\"a\"", "{", "[1,2", "nul", "\u{1}"] {
            assert_eq!(document(text.as_bytes()).unwrap_err().code(), "not_json", "{text}");
        }
        assert_eq!(document(&vec![b' '; MAX_DOCUMENT_BYTES + 1]).unwrap_err().code(), "document_too_large");
        assert!(document("[".repeat(1 << 20).as_bytes()).is_err(), "no stack is deep enough");
    }
}
