//! The secrets of encrypted backups, and the database inside one.

#[cfg(feature = "store")]
use gaen::backup::BackupRecipient;
use gaen::backup::{BackupError, BackupIdentity, BackupLimits};
use zeroize::Zeroizing;

use crate::DATABASE_BYTES;
use crate::error::{Error, ErrorKind};

/// What a backup is encrypted with, or opened with.
pub enum BackupSecret<'a> {
    /// A passphrase, for both. Choose a long one: everything rests on it.
    Passphrase(&'a str),
    /// A key of `age`: the public key `age1...` to encrypt, the secret key `AGE-SECRET-KEY-1...` to open.
    Key(&'a str),
}

impl BackupSecret<'_> {
    /// What a backup is encrypted with.
    #[cfg(feature = "store")]
    pub(crate) fn recipient(&self) -> Result<BackupRecipient, Error> {
        Ok(match self {
            Self::Passphrase(passphrase) => BackupRecipient::passphrase(not_empty(passphrase)?),
            Self::Key(key) => key.parse()?,
        })
    }

    /// What opens a backup.
    pub(crate) fn identity(&self) -> Result<BackupIdentity, Error> {
        Ok(match self {
            Self::Passphrase(passphrase) => BackupIdentity::passphrase(not_empty(passphrase)?),
            Self::Key(key) => key.parse()?,
        })
    }
}

impl From<BackupError> for Error {
    fn from(error: BackupError) -> Self {
        Self::new(ErrorKind::Store, error.code(), error.to_string())
    }
}

fn not_empty(passphrase: &str) -> Result<&str, Error> {
    match passphrase {
        "" => Err(Error::new(ErrorKind::Store, "empty_passphrase", "the passphrase is empty")),
        passphrase => Ok(passphrase),
    }
}

/// Decrypts a backup: the database of a store, which no log lies beside.
///
/// It is wiped when it is dropped.
///
/// # Errors
/// `wrong_key`, `not_a_backup`, `damaged_backup`, `too_large`, `too_much_work`, `not_a_key` and `empty_passphrase`.
pub fn database_of_backup(backup: &[u8], secret: &BackupSecret<'_>) -> Result<Zeroizing<Vec<u8>>, Error> {
    let limits = BackupLimits { database_bytes: DATABASE_BYTES, ..BackupLimits::default() };
    Ok(secret.identity()?.decrypt(backup, &limits)?)
}
