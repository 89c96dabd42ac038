//! What can go wrong with an encrypted backup.

/// Why a backup was not made, or not opened.
///
/// [`code`](Self::code) is stable and meant for programs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// A text is not a key of `age`.
    #[error("not a key: {detail}")]
    NotAKey {
        /// What is wrong with the text.
        detail: &'static str,
    },
    /// The backup is for another key or passphrase.
    #[error("the backup is not for this key or passphrase")]
    WrongKey,
    /// A backup by passphrase asks for more work than the limit.
    #[error("the backup's passphrase takes 2^{found} units of work; the limit is 2^{limit}")]
    TooMuchWork {
        /// The work that the backup asks for, as a power of two.
        found: u8,
        /// The limit, [`BackupLimits::work_factor`](super::BackupLimits::work_factor).
        limit: u8,
    },
    /// The file is not a backup.
    #[error("not a backup: {detail}")]
    NotABackup {
        /// The fault, in words.
        detail: String,
    },
    /// The backup was changed or cut after it was made, or its store was already damaged.
    #[error("the backup is damaged: {detail}")]
    Damaged {
        /// The fault, in words.
        detail: String,
    },
    /// The decrypted backup has more bytes than the limit.
    #[error("larger than {limit} bytes, the limit")]
    TooLarge {
        /// The limit, [`BackupLimits::database_bytes`](super::BackupLimits::database_bytes).
        limit: u64,
    },
    /// The system could not read or write the backup.
    #[error("the backup cannot be read or written: {detail}")]
    Unreadable {
        /// What the system says.
        detail: String,
    },
}

impl BackupError {
    /// A short name that does not change, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotAKey { .. } => "not_a_key",
            Self::WrongKey => "wrong_key",
            Self::TooMuchWork { .. } => "too_much_work",
            Self::NotABackup { .. } => "not_a_backup",
            Self::Damaged { .. } => "damaged_backup",
            Self::TooLarge { .. } => "too_large",
            Self::Unreadable { .. } => "unreadable",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Programs rely on every name.
    #[test]
    fn codes_are_a_contract() {
        let detail = String::new();
        for (error, code) in [
            (BackupError::NotAKey { detail: "" }, "not_a_key"),
            (BackupError::WrongKey, "wrong_key"),
            (BackupError::TooMuchWork { found: 30, limit: 18 }, "too_much_work"),
            (BackupError::NotABackup { detail: detail.clone() }, "not_a_backup"),
            (BackupError::Damaged { detail: detail.clone() }, "damaged_backup"),
            (BackupError::TooLarge { limit: 1 }, "too_large"),
            (BackupError::Unreadable { detail }, "unreadable"),
        ] {
            assert_eq!(error.code(), code, "{error}");
        }
    }
}
