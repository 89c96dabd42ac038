//! Whose signatures count. That is the caller's choice, never the file's.

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
    /// [`KeyError`] when the reader fails, the file is over [`MAX_KEY_FILE_BYTES`](super::MAX_KEY_FILE_BYTES), or it holds anything but one public
    /// key of P-256.
    pub fn read(file: impl Read) -> Result<ReadKey<Self>, KeyError> {
        let ReadKey { key, notes } = key_file::public(file)?;
        Ok(ReadKey { key: Self(key), notes })
    }
}

impl PublicKey {
    /// The key of a point: 65 bytes (`04 || x || y`), 64 bytes (`x || y`) or 33 bytes (compressed).
    ///
    /// # Errors
    /// [`KeyError::NotAPoint`] when the length is another or the point is not on the curve.
    pub fn from_point(point: &[u8]) -> Result<Self, KeyError> {
        der::point(point).map(|(key, _)| Self(key))
    }

    /// The key of a DER-encoded SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// [`KeyError`] when it is malformed, or a key of another kind.
    pub fn from_spki_der(der: &[u8]) -> Result<Self, KeyError> {
        der::spki(der).map(Self)
    }

    /// The point of the key, uncompressed: 65 bytes (`04 || x || y`). Equal keys have equal points.
    #[must_use]
    pub fn point(&self) -> Box<[u8]> {
        self.0.to_sec1_bytes()
    }

    /// The key as PEM SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// [`KeyError::Encoding`], for no key on the curve.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        self.0
            .to_public_key_pem(p256::pkcs8::LineEnding::LF)
            .map_err(|error| KeyError::Encoding { detail: error.to_string() })
    }
}

/// Reads the text of a key as [`PublicKey::read`] does, without its notes: of a certificate the key is taken.
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

/// A public key and the name that signatures give it: `verification_key_id` and `verification_key_version`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedKey {
    id: String,
    version: String,
    pub(crate) key: PublicKey,
}

impl TrustedKey {
    /// A key by the names that signatures give it. An empty version stands for none.
    #[must_use]
    pub fn new(id: impl Into<String>, version: impl Into<String>, key: PublicKey) -> Self {
        Self { id: id.into(), version: version.into(), key }
    }

    /// `id-version`, as in Google's and Apple's configuration.
    #[must_use]
    pub fn name(&self) -> String {
        key_name(&self.id, &self.version)
    }

    /// The key itself.
    #[must_use]
    pub const fn public_key(&self) -> &PublicKey {
        &self.key
    }

    /// Whether a signature by these names is meant to be this key's. An empty id is nobody's name.
    pub(super) fn is_named(&self, id: &str, version: &str) -> bool {
        !id.is_empty() && self.id == id && self.version == version
    }
}

pub(super) fn key_name(id: &str, version: &str) -> String {
    if version.is_empty() { id.to_owned() } else { format!("{id}-{version}") }
}

/// One or more keys that must all have signed (co-signing).
///
/// A set has at least one key: a file without signatures never verifies.
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
    /// This key alone.
    #[must_use]
    pub const fn new(key: TrustedKey) -> Self {
        Self { first: key, others: Vec::new() }
    }

    /// This key too must have signed. One public key under two names is one signer, not two: do not add it twice.
    #[must_use]
    pub fn and(mut self, key: TrustedKey) -> Self {
        self.others.push(key);
        self
    }

    /// The names of all keys of the set.
    pub(super) fn names(&self) -> Vec<String> {
        self.keys().map(TrustedKey::name).collect()
    }

    /// All keys of the set.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &TrustedKey> {
        core::iter::once(&self.first).chain(&self.others)
    }
}

impl From<TrustedKey> for TrustSet {
    fn from(key: TrustedKey) -> Self {
        Self::new(key)
    }
}

/// One or more [`TrustSet`]s, of which one is enough (rotation). For one key: `Trust::new(key)`.
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
    /// This set, or this one key.
    #[must_use]
    pub fn new(set: impl Into<TrustSet>) -> Self {
        Self { first: set.into(), others: Vec::new(), raw_signatures: false }
    }

    /// Accepts files that this set signed, too.
    #[must_use]
    pub fn or(mut self, set: impl Into<TrustSet>) -> Self {
        self.others.push(set.into());
        self
    }

    /// Accepts signatures of 64 raw bytes `r || s` too, which the format forbids and some test servers write.
    #[must_use]
    pub fn accept_raw_signatures(mut self) -> Self {
        self.raw_signatures = true;
        self
    }

    /// The sets, each of which is enough.
    pub(crate) fn sets(&self) -> impl Iterator<Item = &TrustSet> {
        core::iter::once(&self.first).chain(&self.others)
    }
}
