//! The errors of lists, logs and configurations.

/// The JSON document could not be read. The error says what was found, where, and what was expected there.
///
/// [`code`](Self::code) is stable and meant for programs. Texts from the document are shortened, and their control
/// characters are escaped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// The document is over the limit.
    #[error("the document is {found} bytes, over the limit of {limit}")]
    TooLarge {
        /// The size of the document, in bytes.
        found: u64,
        /// The limit of bytes.
        limit: u64,
    },
    /// The document is no JSON, or only a part of one.
    #[error("not JSON: {detail}")]
    NotJson {
        /// The fault, and its place in the document.
        detail: String,
    },
    /// The document is JSON of an unknown kind.
    #[error("none of the known logs: {found}")]
    UnknownShape {
        /// What the document is, in words.
        found: String,
    },
    /// A value is missing.
    #[error("{path} has no {field}")]
    Missing {
        /// The object, such as `ExposureChecks[2].Files[0]`.
        path: String,
        /// What the object lacks.
        field: &'static str,
    },
    /// A value is of the wrong kind.
    #[error("{path} is {found}: expected {expected}")]
    Unexpected {
        /// The place of the value, such as `ExposureChecks[2].Files[0].KeyCount`.
        path: String,
        /// What the value is, in words.
        found: String,
        /// What the value should be, in words.
        expected: &'static str,
    },
    /// A value of a configuration or of a rule is not within its limits.
    #[error("{problem}")]
    Invalid {
        /// What is wrong, and where.
        problem: String,
    },
}

impl DocumentError {
    /// Returns the stable name of the error.
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
