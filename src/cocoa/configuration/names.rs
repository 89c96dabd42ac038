//! The fields of an object by name, in whatever spelling of case.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::cocoa::error::DocumentError;
use crate::cocoa::json::{printable, shown_text};

/// The most characters of the sentence of an error, which may repeat names from the document.
pub(super) const LONGEST_SENTENCE: usize = 800;

/// The fields of an object. What is null is not there.
pub(super) struct Names<'v>(BTreeMap<String, (&'v str, &'v Value)>);

impl<'v> Names<'v> {
    /// Fails where two fields differ in their spelling alone.
    pub(super) fn of(object: &'v Map<String, Value>) -> Result<Self, DocumentError> {
        let mut names = BTreeMap::new();
        for (name, value) in object.iter().filter(|(_, value)| !value.is_null()) {
            if let Some((other, _)) = names.insert(plain(name), (name.as_str(), value)) {
                let problem = format!("{} and {} are one field twice", shown_text(other), shown_text(name));
                return Err(DocumentError::Invalid { problem });
            }
        }
        Ok(Self(names))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(&plain(name))
    }

    pub(super) fn get(&self, name: &str) -> Option<&'v Value> {
        self.0.get(&plain(name)).map(|(_, value)| *value)
    }

    /// The name as it stands in the document.
    pub(super) fn written(&self, name: &str) -> Option<&'v str> {
        self.0.get(&plain(name)).map(|(written, _)| *written)
    }

    /// All names as they stand in the document.
    pub(super) fn written_names(&self) -> impl Iterator<Item = &'v str> {
        self.0.values().map(|(written, _)| *written)
    }

    /// What is read of this field, if it is there.
    pub(super) fn optional<T>(
        &self,
        name: &str,
        read: impl FnOnce(&'v Value) -> Result<T, String>,
    ) -> Result<Option<T>, DocumentError> {
        let Some((written, value)) = self.0.get(&plain(name)) else { return Ok(None) };
        let invalid = |problem| DocumentError::Invalid { problem: format!("{written}: {problem}") };
        read(value).map(Some).map_err(invalid)
    }

    /// What is read of this field.
    pub(super) fn needed<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(&'v Value) -> Result<T, String>,
    ) -> Result<T, DocumentError> {
        let missing = || DocumentError::Missing { path: "the configuration".to_owned(), field: name };
        self.optional(name, read)?.ok_or_else(missing)
    }

    /// The first few names, as they may stand in an error.
    pub(super) fn shown(&self) -> String {
        let mut names: Vec<_> = self.0.values().map(|(name, _)| shown_text(name)).take(6).collect();
        if self.0.len() > names.len() {
            names.push("...".to_owned());
        }
        if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
    }
}

/// A name without its spelling: `MinimumRiskScore`, `minimumRiskScore` and `minimum_risk_score` are one.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|sign| *sign != '_').flat_map(char::to_lowercase).collect()
}

/// A value of this type, or what it is instead.
pub(super) fn typed<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    said(T::deserialize(value))
}

/// The error as a sentence.
pub(super) fn said<T, E: ToString>(result: Result<T, E>) -> Result<T, String> {
    result.map_err(|error| printable(&error.to_string(), LONGEST_SENTENCE))
}
