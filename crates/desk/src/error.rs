//! Why the desk answers nothing.

use std::fmt;

use gaen_report::Language;

use crate::words;

/// Why a call failed: a stable code for programs, and a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    code: &'static str,
    message: String,
}

impl Error {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// The same error, said in this language.
    pub(crate) fn told_in(self, language: Language) -> Self {
        Self { message: words::problem(language, self.code, &self.message), ..self }
    }

    /// The name of the error, which stays the same from version to version.
    ///
    /// | code | |
    /// |---|---|
    /// | `desk_full` | the files together are over [`MOST_BYTES`](crate::MOST_BYTES) |
    /// | `settings` | the settings cannot be read |
    /// | `no_such_item` | no file on the desk has this number, or it is of another kind |
    /// | `unknown_document` | no document has this name |
    /// | `missing` | something that the answer needs is not on the desk; the sentence says what |
    /// | `cancelled` | the observer stopped the search |
    ///
    /// Other codes are those of the library.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<gaen_app::Error> for Error {
    fn from(error: gaen_app::Error) -> Self {
        Self::new(error.code(), error.to_string())
    }
}
