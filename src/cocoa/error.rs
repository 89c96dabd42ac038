//! What can be wrong with a list or a log.

/// Why a JSON document could not be read. Each says what was found, where, and what was expected there.
///
/// [`code`](Self::code) is stable and meant for programs. Texts that came from the document are shortened and their
/// control characters escaped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// The document is over the limit.
    #[error("the document is {found} bytes, over the limit of {limit}")]
    TooLarge {
        /// Its size.
        found: u64,
        /// The limit.
        limit: u64,
    },
    /// It is no JSON, or only part of one.
    #[error("not JSON: {detail}")]
    NotJson {
        /// What was found, and where.
        detail: String,
    },
    /// It is JSON, but none of the documents that are known.
    #[error("none of the known logs: {found}")]
    UnknownShape {
        /// What it is.
        found: String,
    },
    /// Something is not there that must be.
    #[error("{path} has no {field}")]
    Missing {
        /// The object, such as `ExposureChecks[2].Files[0]`.
        path: String,
        /// What it lacks.
        field: &'static str,
    },
    /// Something is there that is of another kind.
    #[error("{path} is {found}: expected {expected}")]
    Unexpected {
        /// Where it is, such as `ExposureChecks[2].Files[0].KeyCount`.
        path: String,
        /// What it is.
        found: String,
        /// What it should be.
        expected: &'static str,
    },
    /// A configuration or a rule with a value that is not within its limits.
    #[error("{problem}")]
    Invalid {
        /// What is wrong, and where.
        problem: String,
    },
}

impl DocumentError {
    /// The stable name of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "document_too_large",
            Self::NotJson { .. } => "not_json",
            Self::UnknownShape { .. } => "unknown_shape",
            Self::Missing { .. } => "field_missing",
            Self::Unexpected { .. } => "field_unexpected",
            Self::Invalid { .. } => "invalid_configuration",
        }
    }
}
