use std::fmt;
use std::io;
use std::path::Path;

/// What is wrong with a file.
#[derive(Debug)]
pub(crate) enum Error {
    Input(String),
}

impl Error {
    pub(crate) fn file(path: &Path, error: &io::Error) -> Self {
        Self::Input(format!("{}: {error}", path.display()))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Input(message) = self;
        f.write_str(message)
    }
}
