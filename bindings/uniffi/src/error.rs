//! Why a call fails.

use gaen_app::ErrorKind;

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum GaenError {
    /// An argument is at fault, or what it names.
    #[error("{text}")]
    Failed {
        /// The argument that is at fault.
        argument: Argument,
        /// The name of the error for programs. It stays the same from version to version.
        code: String,
        /// A sentence for people, in English.
        text: String,
    },
}

/// The argument of a call that is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Argument {
    /// A row of sightings.
    Sightings,
    /// A column of intervals.
    Intervals,
    /// A file that was searched.
    File,
    /// A configuration.
    Configuration,
    /// The choice of what to explain.
    Choice,
    /// A document that is read or written.
    Document,
    /// A public key, its identifier or its version.
    Trust,
    /// A Bluetooth frame.
    Frame,
    /// A time before 1970, or one that has no interval number.
    Time,
    /// A diagnosis key.
    Key,
    /// A store, or its file.
    Store,
    /// This build, or the system that it runs on.
    Build,
    /// The observer of a search.
    Observer,
    /// Anything else. The code says what.
    Other,
}

impl From<ErrorKind> for Argument {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Sightings => Self::Sightings,
            ErrorKind::Intervals => Self::Intervals,
            ErrorKind::File => Self::File,
            ErrorKind::Configuration => Self::Configuration,
            ErrorKind::Choice => Self::Choice,
            ErrorKind::Document => Self::Document,
            ErrorKind::Trust => Self::Trust,
            ErrorKind::Frame => Self::Frame,
            ErrorKind::Time => Self::Time,
            ErrorKind::Key => Self::Key,
            ErrorKind::Store => Self::Store,
            ErrorKind::Build => Self::Build,
            _ => Self::Other,
        }
    }
}

impl From<gaen_app::Error> for GaenError {
    fn from(error: gaen_app::Error) -> Self {
        Self::Failed { argument: error.kind().into(), code: error.code().to_owned(), text: error.to_string() }
    }
}

impl GaenError {
    pub(crate) fn new(argument: Argument, code: &str, text: String) -> Self {
        Self::Failed { argument, code: code.to_owned(), text }
    }

    pub(crate) fn before_1970(seconds: i64) -> Self {
        Self::new(Argument::Time, "time", format!("the time {seconds} (Unix seconds) is before 1970"))
    }

    pub(crate) fn byte_count(what: &str, expected: usize, found: usize) -> Self {
        Self::new(Argument::Key, "byte_count", format!("{what} has {found} bytes, not {expected}"))
    }

    #[cfg(feature = "store")]
    pub(crate) fn backup_file(path: &str, error: &std::io::Error) -> Self {
        Self::new(Argument::Store, "backup_file", format!("{path}: {error}"))
    }

    pub(crate) fn choice(text: String) -> Self {
        Self::new(Argument::Choice, "choice", text)
    }

    pub(crate) fn observer(text: String) -> Self {
        Self::new(Argument::Observer, "observer", text)
    }
}
