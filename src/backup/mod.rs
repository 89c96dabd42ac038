//! Encrypted backups: what they look like, and with the feature `backup` how one is made and opened.
//!
//! ```
//! assert!(gaen::backup::is_backup(b"age-encryption.org/v1\n-> X25519 "));
//! assert!(!gaen::backup::is_backup(b"SQLite format 3\0"));
//! ```
//!
//! A backup is an [age](https://age-encryption.org/v1) file. Its content is the SQLite file of a [store](crate::store)
//! as it was at one moment. A reader also takes the form of an age file that is text, the "armored" one. `age` takes
//! randomness from the system, and asks the system's clock how fast it is; this crate does not use the answer. Nowhere
//! else does this crate leave randomness or time to somebody else.
//!
//! This module knows bytes alone, so whoever only decrypts needs no SQLite.
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used)]

#[cfg(feature = "backup")]
mod age_file;
#[cfg(feature = "backup")]
mod error;

#[cfg(feature = "backup")]
pub use self::age_file::{BackupIdentity, BackupLimits, BackupRecipient};
#[cfg(feature = "backup")]
pub use self::error::BackupError;

/// How an encrypted backup begins: in bytes, and as text.
const BEGINNINGS: [&[u8]; 2] = [b"age-encryption.org/", ARMORED];
const ARMORED: &[u8] = b"-----BEGIN AGE ENCRYPTED FILE-----";

/// `true` if a file begins as a backup does, in bytes or as text.
#[must_use]
pub fn is_backup(file: &[u8]) -> bool {
    BEGINNINGS.iter().any(|beginning| file.starts_with(beginning))
}
