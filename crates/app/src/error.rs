//! Why a call of another language fails.

/// Why a call failed: a stable code for programs, and a sentence for people.
///
/// Where the library has a code for a fault, this is it, and the sentence is the library's too. Other codes stand with
/// the functions that answer them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    kind: ErrorKind,
    code: &'static str,
    message: String,
}

/// The argument of a call that is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A column or a packed row of sightings.
    Sightings,
    /// A column of intervals.
    Intervals,
    /// A file that was searched.
    File,
    /// A configuration that was read.
    Configuration,
    /// The choice of what to explain.
    Choice,
    /// A document that is read or written.
    Document,
    /// A public key, its identifier or its version.
    Trust,
    /// A Bluetooth frame.
    Frame,
    /// A time that has no interval number.
    Time,
    /// A diagnosis key.
    Key,
    /// A store, or what it imports, backs up or restores.
    Store,
    /// This build, or the system that it runs on. No argument is at fault.
    Build,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, code: &'static str, message: impl Into<String>) -> Self {
        Self { kind, code, message: message.into() }
    }

    /// The argument that is at fault.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The name of the error, which stays the same from version to version.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }
}
