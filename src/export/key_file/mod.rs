//! A key as files hold it: one reader for every form in which key services and tools hand out keys.
//!
//! ```text
//! bytes -> text (PEM, base64, hexadecimal) -> DER or a point -> keys -> the one that is wanted
//! ```
//!
//! What a file is goes by its contents, never by its name. No error holds a byte of the file: it may be a private key.

pub(super) mod der;
#[cfg(test)]
mod tests;
mod text;

use core::fmt;
use std::io::Read;

use p256::ecdsa::{SigningKey, VerifyingKey};
use zeroize::Zeroizing;

/// The longest key file that is read, in bytes. A key with its certificates takes a few thousand.
pub const MAX_KEY_FILE_BYTES: usize = 64 << 10;

/// A key that was read, and what its reader should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadKey<K> {
    /// The key that was read.
    pub key: K,
    /// What is worth a warning.
    pub notes: Vec<KeyNote>,
}

/// What a reader of a key file should know, though the key was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyNote {
    /// The key stands in a certificate.
    Certificate,
    /// The key stands in a certificate request.
    CertificateRequest,
    /// The curve is given by its parameters.
    ExplicitParameters,
    /// The point has the hybrid form.
    HybridPoint,
}

impl fmt::Display for KeyNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Certificate => {
                "a certificate: its key was taken; who issued it and whether it has expired is not checked"
            }
            Self::CertificateRequest => "a certificate request: its key was taken; nobody has certified it",
            Self::ExplicitParameters => {
                "the curve is written out as parameters, which are those of P-256; `openssl pkey -ec_param_enc \
                 named_curve` writes its name"
            }
            Self::HybridPoint => {
                "the point has the hybrid form, which few readers know; `openssl pkey -ec_conv_form uncompressed` \
                 writes the usual one"
            }
        })
    }
}

/// The public key of a file that holds no private one.
pub(super) fn public(file: impl Read) -> Result<ReadKey<VerifyingKey>, KeyError> {
    let found = keys(file)?;
    if found.iter().any(|found| matches!(found.key, Key::Private(_))) {
        return Err(KeyError::Private);
    }
    Ok(ReadKey { key: one_key(&found)?, notes: notes(&found) })
}

/// The private key of a file; the public one may stand beside it.
pub(super) fn private(file: impl Read) -> Result<ReadKey<SigningKey>, KeyError> {
    let found = keys(file)?;
    one_key(&found)?;
    let notes = notes(&found);
    let private = found.into_iter().find_map(|found| match found.key {
        Key::Private(key) => Some(key),
        Key::Public(_) => None,
    });
    Ok(ReadKey { key: private.ok_or(KeyError::Public)?, notes })
}

/// A key of a file, and what its reader should know.
struct FoundKey {
    key: Key,
    notes: Vec<KeyNote>,
}

enum Key {
    Public(VerifyingKey),
    Private(SigningKey),
}

impl Key {
    fn public(&self) -> &VerifyingKey {
        match self {
            Self::Public(key) => key,
            Self::Private(key) => key.verifying_key(),
        }
    }
}

/// All keys of a file, public and private.
fn keys(file: impl Read) -> Result<Vec<FoundKey>, KeyError> {
    // Enough room from the start: a buffer that grows would leave copies of a private key behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_KEY_FILE_BYTES.saturating_add(2)));
    let most = (MAX_KEY_FILE_BYTES as u64).saturating_add(1);
    let read = file.take(most).read_to_end(&mut bytes);
    read.map_err(|error| KeyError::Unreadable { detail: error.to_string() })?;
    if bytes.len() > MAX_KEY_FILE_BYTES {
        return Err(KeyError::TooLong);
    }
    text::keys(&bytes)
}

/// The public key of all that was found, if it is the same.
fn one_key(found: &[FoundKey]) -> Result<VerifyingKey, KeyError> {
    let mut different: Vec<&VerifyingKey> = Vec::new();
    for key in found.iter().map(|found| found.key.public()) {
        if !different.contains(&key) {
            different.push(key);
        }
    }
    match different.as_slice() {
        [] => Err(KeyError::NoKey),
        [key] => Ok(**key),
        several => Err(KeyError::Several { keys: several.len() }),
    }
}

fn notes(found: &[FoundKey]) -> Vec<KeyNote> {
    let mut notes: Vec<KeyNote> = Vec::new();
    for note in found.iter().flat_map(|found| &found.notes) {
        if !notes.contains(note) {
            notes.push(*note);
        }
    }
    notes
}

/// Why a key file, or a text or bytes of a key, give no key. No error holds anything of a private key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// There are no bytes.
    #[error("it is empty")]
    Empty,
    /// The caller's reader failed.
    #[error("{detail}")]
    Unreadable {
        /// What the reader said.
        detail: String,
    },
    /// It is longer than [`MAX_KEY_FILE_BYTES`].
    #[error("over {MAX_KEY_FILE_BYTES} bytes, the limit for a key file")]
    TooLong,
    /// It has none of the forms of a key.
    #[error(
        "{bytes} bytes that are no key: neither PEM nor DER, nor a point of 33, 64 or 65 bytes, nor one of these in base64 \
         or hexadecimal"
    )]
    Unknown {
        /// How many bytes there are.
        bytes: usize,
    },
    /// A PEM block does not end.
    #[error("the PEM block {label} has no line -----END ...-----")]
    PemUnfinished {
        /// What it says it is. A label that may run into the key is not told.
        label: String,
    },
    /// A PEM block holds something else than base64.
    #[error("the PEM block {label} holds something else than base64")]
    PemNotBase64 {
        /// What it says it is. A label that may run into the key is not told.
        label: String,
    },
    /// DER, but cut off, changed, or of something that is no key.
    #[error("not a well-formed {what}")]
    Malformed {
        /// What it should be.
        what: &'static str,
    },
    /// Not a point of the curve.
    #[error("{bytes} bytes that are not a point of P-256 (33, 64 or 65 bytes are expected)")]
    NotAPoint {
        /// How many bytes there are.
        bytes: usize,
    },
    /// A key of another curve.
    #[error("a key of the curve {curve}; export files are signed on P-256 (prime256v1, secp256r1)")]
    OtherCurve {
        /// The name of the curve, or its object identifier.
        curve: String,
    },
    /// The curve is given by parameters that are not those of P-256.
    #[error("a key of a curve that is written out as parameters, and they are not those of P-256")]
    OtherParameters,
    /// A key that is not for ECDSA.
    #[error("a key for {algorithm}; export files are signed by ECDSA on P-256")]
    OtherAlgorithm {
        /// The name of the algorithm, or its object identifier.
        algorithm: String,
    },
    /// The file needs a passphrase.
    #[error("a private key that a passphrase encrypts; `openssl pkey -in FILE -out PLAIN.pem` decrypts it")]
    Encrypted,
    /// A private key was given as a public one.
    #[error("a private key, where a public one is wanted; `openssl pkey -in FILE -pubout` writes the public one")]
    Private,
    /// A public key was given as a private one.
    #[error("a public key or a certificate, where a private key is wanted")]
    Public,
    /// The file has several different keys.
    #[error("{keys} different keys in one file; give each key a file of its own")]
    Several {
        /// The number of different keys.
        keys: usize,
    },
    /// The file names a curve, and has no key.
    #[error("EC PARAMETERS alone: they name a curve and are no key")]
    NoKey,
    /// A form that is known and not read.
    #[error("{form}, which is not read; {remedy}")]
    OtherForm {
        /// The name of the form.
        form: &'static str,
        /// What to do, with the command that converts it if there is one.
        remedy: &'static str,
    },
    /// A key could not be written.
    #[error("the key cannot be encoded: {detail}")]
    Encoding {
        /// The fault, in words.
        detail: String,
    },
}
