//! The answers of before, from a document of `gaen judge --json`.

use std::fmt;
use std::io::Read;

use gaen::exposure::decision::Kept;
use serde::Deserialize;

use crate::read::{self, ReadError};
use crate::text::{counted, printable};

/// The answers that configurations gave before, to compare the next ones with.
#[derive(Debug)]
pub struct Previous {
    file: String,
    cases: Vec<Case>,
}

#[derive(Debug, Deserialize)]
struct Case {
    answers: Vec<Answer>,
}

#[derive(Debug, Deserialize)]
struct Answer {
    configuration: String,
    kept: Option<Kept>,
}

/// Why an answer cannot be compared with the answer of before.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PreviousError {
    /// The documents have different numbers of cases.
    Cases {
        /// The file with the answers of before.
        file: String,
        /// How many cases the file has.
        found: usize,
        /// How many cases are judged now.
        expected: usize,
    },
    /// The file has no answer of this configuration.
    NoAnswer {
        /// The file with the answers of before.
        file: String,
        /// The name of the configuration.
        configuration: String,
    },
    /// The answer of before rests on days that could not all be judged.
    NotKept {
        /// The file with the answers of before.
        file: String,
        /// The name of the configuration.
        configuration: String,
    },
}

impl fmt::Display for PreviousError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cases { file, found, expected } => {
                write!(out, "{file}: answers for {}, but there are {expected} to judge", counted(*found, "case"))
            }
            Self::NoAnswer { file, configuration } => {
                write!(out, "{file}: no answer of {} to compare with", printable(configuration))
            }
            Self::NotKept { file, configuration } => write!(
                out,
                "{file}: the answer of {} could not judge every day, so an app keeps the answer before it: give that one",
                printable(configuration)
            ),
        }
    }
}

impl std::error::Error for PreviousError {}

impl Previous {
    /// Reads the document that `gaen judge --json` printed. Errors call the input `file`.
    ///
    /// # Errors
    /// What is wrong with the document, or what `input` answers.
    pub fn read(file: &str, input: impl Read) -> Result<Self, ReadError> {
        #[derive(Deserialize)]
        struct Printed {
            cases: Vec<Case>,
        }
        let Printed { cases } = read::document(file, input, "no document of `gaen judge --json`")?;
        Ok(Self { file: file.to_owned(), cases })
    }

    /// Checks that each of these cases has answers here.
    pub(super) fn has_cases(&self, expected: usize) -> Result<(), PreviousError> {
        match self.cases.len() {
            found if found == expected => Ok(()),
            found => Err(PreviousError::Cases { file: self.file.clone(), found, expected }),
        }
    }

    /// Returns what the app of this configuration kept of its answer for the case at this place.
    pub(super) fn kept(&self, place: usize, configuration: &str) -> Result<&Kept, PreviousError> {
        let (file, name) = (|| self.file.clone(), || configuration.to_owned());
        let mut answers = self.cases.get(place).into_iter().flat_map(|case| &case.answers);
        let answer = answers.find(|answer| answer.configuration == configuration);
        let answer = answer.ok_or_else(|| PreviousError::NoAnswer { file: file(), configuration: name() })?;
        answer.kept.as_ref().ok_or_else(|| PreviousError::NotKept { file: file(), configuration: name() })
    }
}
