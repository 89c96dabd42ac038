//! Why a command ends without having done what it was asked to do.

use std::path::Path;
use std::process::ExitCode;
use std::{fmt, io};

use gaen_report::read::ReadError;

/// The end of a command, by whose fault it is.
#[derive(Debug)]
pub(crate) enum Error {
    /// The command line: exit code 2.
    Usage(String),
    /// A file that was read, or the place where one was to be written: exit code 1.
    Input(String),
    /// Standard output could not be written: exit code 1. With what the command had done before, if only it knows.
    Output(io::Error, Option<&'static str>),
}

impl Error {
    /// A file could not be read or written.
    pub(crate) fn file(path: &Path, error: &io::Error) -> Self {
        Self::Input(format!("{}: {error}", path.display()))
    }

    /// If standard output could not be written, the error after this was done.
    #[cfg(feature = "full")]
    pub(crate) fn after(self, done: &'static str) -> Self {
        match self {
            Self::Output(error, _) => Self::Output(error, Some(done)),
            other => other,
        }
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Input(_) | Self::Output(..) => ExitCode::FAILURE,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) | Self::Input(message) => f.write_str(message),
            Self::Output(error, _) => write!(f, "standard output: {error}"),
        }
    }
}

impl From<ReadError> for Error {
    fn from(error: ReadError) -> Self {
        Self::Input(error.to_string())
    }
}

/// Only writing to standard output is passed on with `?`; errors of files are given the file's name.
impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Output(error, None)
    }
}
