//! Trust: whose signatures count. You choose that; the file never does.

use core::fmt;
use core::str::FromStr;
use std::io::Read;

use p256::ecdsa::VerifyingKey;
use p256::pkcs8::EncodePublicKey;

use super::key_file::{self, KeyError, ReadKey, der};

/// A P-256 public key.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(pub(super) VerifyingKey);

impl PublicKey {
    /// Reads a public key in any form in which keys are handed out.
    ///
    /// | form | |
    /// |---|---|
    /// | PEM | with text, blank lines or a byte order mark around it, lines of any length or none, `EC PARAMETERS` in front |
    /// | DER | SubjectPublicKeyInfo, or a certificate or a certificate request that holds one |
    /// | a point | 33, 64 or 65 bytes |
    /// | base64, hexadecimal | of each of these |
    ///
    /// ```
    /// use gaen::export::{KeyError, PublicKey};
    ///
    /// let base64 = "3BYTxr2HuJYQG+d7Ezu6KS8GEbFkiEvyJFg0j+C839gTjT6j7Ho0EXXZ/a07ZfvKcC2cmc1SunsrqU9Jov1J5Q==";
    /// let found = PublicKey::read(base64.as_bytes())?;
    /// assert!(found.notes.is_empty());
    /// assert_eq!(PublicKey::read(found.key.to_pem()?.as_bytes())?.key, found.key);
    /// # Ok::<(), KeyError>(())
    /// ```
    ///
    /// # Errors
    /// [`KeyError`] if the reader fails, if the file is over [`MAX_KEY_FILE_BYTES`](super::MAX_KEY_FILE_BYTES), or if
    /// it holds anything but one public key of P-256.
    pub fn read(file: impl Read) -> Result<ReadKey<Self>, KeyError> {
        let ReadKey { key, notes } = key_file::public(file)?;
        Ok(ReadKey { key: Self(key), notes })
    }
}

impl PublicKey {
    /// Makes the key of a point: 65 bytes (`04 || x || y`), 64 bytes (`x || y`) or 33 bytes (compressed).
    ///
    /// # Errors
    /// [`KeyError::NotAPoint`] if the bytes have another length, or the point is not on the curve.
    pub fn from_point(point: &[u8]) -> Result<Self, KeyError> {
        der::point(point).map(|(key, _)| Self(key))
    }

    /// Reads the key of a DER-encoded SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// [`KeyError`] if the bytes are malformed, or hold a key of another kind.
    pub fn from_spki_der(der: &[u8]) -> Result<Self, KeyError> {
        der::spki(der).map(Self)
    }

    /// Returns the uncompressed point of the key: 65 bytes (`04 || x || y`). Equal keys have equal points.
    #[must_use]
    pub fn point(&self) -> Box<[u8]> {
        self.0.to_sec1_bytes()
    }

    /// Writes the key as a SubjectPublicKeyInfo in PEM.
    ///
    /// # Errors
    /// [`KeyError::Encoding`], which no key on the curve causes.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        self.0
            .to_public_key_pem(p256::pkcs8::LineEnding::LF)
            .map_err(|error| KeyError::Encoding { detail: error.to_string() })
    }
}

/// Reads the text of a key as [`PublicKey::read`] does, and leaves out the notes. From a certificate it takes the key.
///
/// ```
/// use gaen::export::PublicKey;
///
/// let point = "3BYTxr2HuJYQG+d7Ezu6KS8GEbFkiEvyJFg0j+C839gTjT6j7Ho0EXXZ/a07ZfvKcC2cmc1SunsrqU9Jov1J5Q==";
/// let spki = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE3BYTxr2HuJYQG+d7Ezu6KS8GEbFkiEvyJFg0j+C839gTjT6j7Ho0EXXZ/a07ZfvKcC2cmc1SunsrqU9Jov1J5Q==";
/// assert!(point.parse::<PublicKey>()? == spki.parse::<PublicKey>()?);
/// # Ok::<(), gaen::export::KeyError>(())
/// ```
impl FromStr for PublicKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        Self::read(text.as_bytes()).map(|found| found.key)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PublicKey(P-256)")
    }
}

/// A public key, and its name in signatures: `verification_key_id` and `verification_key_version`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedKey {
    id: String,
    version: String,
    pub(crate) key: PublicKey,
}

impl TrustedKey {
    /// Makes a trusted key of a public key and its name in signatures. An empty `version` means that there is none.
    #[must_use]
    pub fn new(id: impl Into<String>, version: impl Into<String>, key: PublicKey) -> Self {
        Self { id: id.into(), version: version.into(), key }
    }

    /// Returns the name as `id-version`, as in Google's and Apple's configuration.
    #[must_use]
    pub fn name(&self) -> String {
        key_name(&self.id, &self.version)
    }

    /// Returns the public key.
    #[must_use]
    pub const fn public_key(&self) -> &PublicKey {
        &self.key
    }

    /// `true` if a signature with this name claims to be by this key. An empty id names no key.
    pub(super) fn is_named(&self, id: &str, version: &str) -> bool {
        !id.is_empty() && self.id == id && self.version == version
    }
}

pub(super) fn key_name(id: &str, version: &str) -> String {
    if version.is_empty() { id.to_owned() } else { format!("{id}-{version}") }
}

/// One or more keys that must all have signed (co-signing).
///
/// A set has at least one key, so a file without signatures never verifies.
///
/// ```
/// use gaen::export::{ExportBuilder, ReadOptions, Signer, Trust, TrustSet, UnverifiedExport};
///
/// let mut rng = rand::rng();
/// let signers = [Signer::generate("440", "v1", &mut rng), Signer::generate("441", "v1", &mut rng)];
/// let [ours, theirs] = signers.each_ref().map(Signer::trusted_key);
/// let both = Trust::new(TrustSet::new(ours).and(theirs));
///
/// let export = |signers| ExportBuilder::new("440", 1_595_548_800, 1_595_635_200).build(signers, &mut rng);
/// let [co_signed, alone] = [&signers[..], &signers[..1]].map(export);
/// let open = |zip: &[u8]| UnverifiedExport::from_zip(zip, &ReadOptions::default());
/// assert!(open(&co_signed?[0].zip)?.verify(&both).is_ok());
/// assert!(open(&alone?[0].zip)?.verify(&both).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustSet {
    pub(super) first: TrustedKey,
    pub(super) others: Vec<TrustedKey>,
}

impl TrustSet {
    /// Makes a set of this key alone.
    #[must_use]
    pub const fn new(key: TrustedKey) -> Self {
        Self { first: key, others: Vec::new() }
    }

    /// Adds a key, which must have signed too. Do not add one public key under two names: it is one signer, not two.
    #[must_use]
    pub fn and(mut self, key: TrustedKey) -> Self {
        self.others.push(key);
        self
    }

    /// Returns the names of all keys of the set.
    pub(super) fn names(&self) -> Vec<String> {
        self.keys().map(TrustedKey::name).collect()
    }

    /// Returns all keys of the set.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &TrustedKey> {
        core::iter::once(&self.first).chain(&self.others)
    }
}

impl From<TrustedKey> for TrustSet {
    fn from(key: TrustedKey) -> Self {
        Self::new(key)
    }
}

/// One or more [`TrustSet`]s, of which one is enough (rotation). `Trust::new(key)` trusts one key.
///
/// ```
/// use gaen::export::{PublicKey, Trust, TrustSet, TrustedKey};
///
/// # let (old, new, second): (PublicKey, PublicKey, PublicKey) = {
/// #     let key: PublicKey = "3BYTxr2HuJYQG+d7Ezu6KS8GEbFkiEvyJFg0j+C839gTjT6j7Ho0EXXZ/a07ZfvKcC2cmc1SunsrqU9Jov1J5Q==".parse()?;
/// #     (key.clone(), key.clone(), key)
/// # };
/// // Either the old key, or the new key together with a second one.
/// let trust = Trust::new(TrustedKey::new("440", "v1", old))
///     .or(TrustSet::new(TrustedKey::new("440", "v2", new)).and(TrustedKey::new("441", "v1", second)));
/// # Ok::<(), gaen::export::KeyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trust {
    first: TrustSet,
    others: Vec<TrustSet>,
    pub(super) raw_signatures: bool,
}

impl Trust {
    /// Trusts this set, or this one key.
    #[must_use]
    pub fn new(set: impl Into<TrustSet>) -> Self {
        Self { first: set.into(), others: Vec::new(), raw_signatures: false }
    }

    /// Trusts this set too: a file that it signed is accepted.
    #[must_use]
    pub fn or(mut self, set: impl Into<TrustSet>) -> Self {
        self.others.push(set.into());
        self
    }

    /// Accepts signatures of 64 raw bytes `r || s` too. The format forbids them, but some test servers write them.
    #[must_use]
    pub fn accept_raw_signatures(mut self) -> Self {
        self.raw_signatures = true;
        self
    }

    /// Returns the sets, each of which is enough.
    pub(crate) fn sets(&self) -> impl Iterator<Item = &TrustSet> {
        core::iter::once(&self.first).chain(&self.others)
    }
}
