//! Why a call of another language fails.

use std::borrow::Cow;

/// Why a call failed: a stable code for programs, and a sentence for people.
///
/// The codes of files, configurations and stores are those of the library, and so is the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    kind: ErrorKind,
    code: Cow<'static, str>,
    message: String,
}

/// Which argument of a call is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A column or a packed row of sightings.
    Sightings,
    /// A column of intervals.
    Intervals,
    /// A file that was searched.
    File,
    /// A configuration.
    Configuration,
    /// The choice of what to explain.
    Choice,
    /// A document that is written.
    Document,
    /// A public key, its identifier or its version.
    Trust,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, code: &'static str, message: impl Into<String>) -> Self {
        Self { kind, code: Cow::Borrowed(code), message: message.into() }
    }

    /// Which argument is at fault.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The name of the error, which stays the same from version to version.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }
}
