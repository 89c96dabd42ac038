//! Writing signed export files.

use core::fmt;
use core::num::NonZeroUsize;
use std::io::Read;

use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::Generate;
use p256::pkcs8::{EncodePrivateKey, LineEnding};
use prost::Message;
use rand_core::{CryptoRng, Rng};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::key_file::{self, KeyError, ReadKey};
use super::proto::{self, Lenient};
use super::signature::SignatureAlgorithm;
use super::trust::{PublicKey, TrustedKey};
use super::{HEADER, hex, keys, pack};
use crate::keys::DiagnosisKey;

/// The format's limit on signature infos.
const MOST_SIGNERS: usize = 10;

/// A private key that signs export files, and the names that the signatures give it.
///
/// A signer is secret: nothing prints the key, and dropping the signer wipes it.
///
/// ```
/// use gaen::export::{ExportBuilder, Signer, Trust};
///
/// let mut rng = rand::rng();
/// let signer = Signer::generate("440", "v1", &mut rng);
/// let files = ExportBuilder::new("440", 1_595_548_800, 1_595_635_200).build([&signer], &mut rng)?;
/// // Whoever trusts this can verify the files, and make none.
/// let trust = Trust::new(signer.trusted_key());
/// # let export = gaen::export::UnverifiedExport::from_zip(&files[0].zip, &Default::default())?;
/// # assert_eq!(export.verify(&trust)?.verified_by(), ["440-v1"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Signer {
    id: String,
    version: String,
    key: SigningKey,
}

impl Signer {
    /// Reads a private key from a file. Its signatures get this id and version.
    ///
    /// It reads PKCS#8 and SEC1, in the forms of [`PublicKey::read`]. The public key or the certificate of the same key
    /// may stand beside it.
    ///
    /// # Errors
    /// [`KeyError`] if the reader fails, if the file is over [`MAX_KEY_FILE_BYTES`](super::MAX_KEY_FILE_BYTES), or if
    /// it holds anything but one private key of P-256.
    pub fn read(id: impl Into<String>, version: impl Into<String>, file: impl Read) -> Result<ReadKey<Self>, KeyError> {
        let ReadKey { key, notes } = key_file::private(file)?;
        Ok(ReadKey { key: Self::new(id.into(), version.into(), key), notes })
    }
}

impl Signer {
    pub(super) fn new(id: String, version: String, key: SigningKey) -> Self {
        Self { id, version, key }
    }

    /// Makes a new key with your generator.
    pub fn generate<R: CryptoRng + ?Sized>(id: impl Into<String>, version: impl Into<String>, rng: &mut R) -> Self {
        Self { id: id.into(), version: version.into(), key: SigningKey::generate_from_rng(rng) }
    }

    /// Writes the private key as PKCS#8 in PEM. The text is as secret as the key; dropping it wipes it.
    ///
    /// # Errors
    /// [`KeyError::Encoding`] if encoding fails.
    pub fn to_pkcs8_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        self.key.to_pkcs8_pem(LineEnding::LF).map_err(|error| KeyError::Encoding { detail: error.to_string() })
    }

    /// Returns the key that a reader has to trust to verify files by this signer.
    #[must_use]
    pub fn trusted_key(&self) -> TrustedKey {
        TrustedKey::new(self.id.clone(), self.version.clone(), PublicKey(*self.key.verifying_key()))
    }

    /// Returns the public key.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        PublicKey(*self.key.verifying_key())
    }

    fn info(&self) -> proto::SignatureInfo {
        proto::SignatureInfo {
            app_bundle_id: None,
            android_package: None,
            verification_key_version: (!self.version.is_empty()).then(|| self.version.clone().into()),
            verification_key_id: Some(self.id.clone().into()),
            signature_algorithm: Some(SignatureAlgorithm::EcdsaP256Sha256.oid().into()),
        }
    }

    /// Signs the SHA-256 of these bytes by RFC 6979, as `r || s`: ES256, as certificates have it.
    ///
    /// # Errors
    /// [`WriteError::Signing`] if the key does not sign.
    pub fn sign_raw(&self, message: &[u8]) -> Result<[u8; 64], WriteError> {
        Ok(self.signature(message)?.to_bytes().into())
    }

    /// Signs by RFC 6979, in DER. The same file gives the same bytes.
    fn sign(&self, export_bin: &[u8]) -> Result<Vec<u8>, WriteError> {
        Ok(self.signature(export_bin)?.to_der().as_bytes().to_vec())
    }

    fn signature(&self, message: &[u8]) -> Result<Signature, WriteError> {
        self.key.sign_prehash(&Sha256::digest(message)).map_err(|_| WriteError::Signing)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({}, redacted)", self.trusted_key().name())
    }
}

/// Makes the export files of one time window, as Google's key server makes them.
///
/// The builder sorts keys by their bytes, so that their order tells nothing. Padding hides how few keys there are. Keys
/// that do not fit one file are spread evenly over several files. Each file is a batch of its own (1 of 1), and its
/// `end_timestamp` is one second after the one before: Android takes files of equal times and batch for duplicates.
///
/// ```
/// use gaen::export::{ExportBuilder, ReadOptions, Signer, Trust, UnverifiedExport};
/// use gaen::time::RollingPeriod;
/// use gaen::{DiagnosisKey, EnIntervalNumber, RollingWindow};
///
/// let mut rng = rand::rng();
/// let signer = Signer::generate("440", "v1", &mut rng);
/// let window = RollingWindow::new(EnIntervalNumber::new(2_659_248), RollingPeriod::FULL_DAY)?;
/// let files = ExportBuilder::new("440", 1_595_548_800, 1_595_635_200)
///     .keys([DiagnosisKey::new([7; 16], window)])
///     .pad_to(1000)
///     .build([&signer], &mut rng)?;
/// assert_eq!((files[0].keys, files[0].padding), (1, 999));
///
/// let export = UnverifiedExport::from_zip(&files[0].zip, &ReadOptions::default())?;
/// let export = export.verify(&Trust::new(signer.trusted_key()))?;
/// assert_eq!(export.keys().len(), 1000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ExportBuilder {
    region: String,
    start_timestamp: u64,
    end_timestamp: u64,
    keys: Vec<DiagnosisKey>,
    revised_keys: Vec<DiagnosisKey>,
    pad_to: usize,
    pad_random: u32,
    max_keys_per_file: NonZeroUsize,
}

/// One export file, ready to be served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportFile {
    /// The name of the file: `start-end-batch-<first 6 hexadecimal digits of SHA-256(export.bin)>.zip`.
    pub name: String,
    /// The bytes of the file.
    pub zip: Vec<u8>,
    /// SHA-256 of `export.bin` with its header.
    pub export_sha256: [u8; 32],
    /// How many keys of the file came from you.
    pub keys: usize,
    /// How many keys of the file are made up.
    pub padding: usize,
    /// How many revised keys the file has.
    pub revised_keys: usize,
}

impl ExportBuilder {
    /// Google's server puts no more keys than this into a file.
    pub const MAX_KEYS_PER_FILE: NonZeroUsize = NonZeroUsize::MIN.saturating_add(499_999);

    /// Starts an export of this region and time window (Unix seconds), without keys, padding or a random surplus.
    #[must_use]
    pub fn new(region: impl Into<String>, start_timestamp: u64, end_timestamp: u64) -> Self {
        Self {
            region: region.into(),
            start_timestamp,
            end_timestamp,
            keys: Vec::new(),
            revised_keys: Vec::new(),
            pad_to: 0,
            pad_random: 0,
            max_keys_per_file: Self::MAX_KEYS_PER_FILE,
        }
    }

    /// Adds keys to the export.
    #[must_use]
    pub fn keys(mut self, keys: impl IntoIterator<Item = DiagnosisKey>) -> Self {
        self.keys.extend(keys);
        self
    }

    /// Adds keys whose report has changed since they were published. Revised keys are never padded.
    #[must_use]
    pub fn revised_keys(mut self, keys: impl IntoIterator<Item = DiagnosisKey>) -> Self {
        self.revised_keys.extend(keys);
        self
    }

    /// Fills each file that has keys up to this number of keys. Made-up keys have random bytes, and the other fields of
    /// keys in the file.
    #[must_use]
    pub fn pad_to(mut self, keys: usize) -> Self {
        self.pad_to = keys;
        self
    }

    /// Adds 0 to `most` more keys to each padded file, so that its size does not tell how many keys are real.
    #[must_use]
    pub fn pad_random(mut self, most: u32) -> Self {
        self.pad_random = most;
        self
    }

    /// Splits the keys so that no file has more keys than this, without the padding.
    #[must_use]
    pub fn max_keys_per_file(mut self, keys: NonZeroUsize) -> Self {
        self.max_keys_per_file = keys;
        self
    }

    /// Makes the files. Without keys it makes one empty file. Every signer signs each file: give `[&signer]` or
    /// `&signers`.
    ///
    /// # Errors
    /// [`WriteError`]. Then no file is made.
    pub fn build<'s, R: CryptoRng + ?Sized>(
        mut self,
        signers: impl IntoIterator<Item = &'s Signer>,
        rng: &mut R,
    ) -> Result<Vec<ExportFile>, WriteError> {
        let signers: Vec<_> = signers.into_iter().collect();
        if signers.is_empty() {
            return Err(WriteError::NoSigner);
        }
        if signers.len() > MOST_SIGNERS {
            return Err(WriteError::TooManySigners { found: signers.len() });
        }
        if signers.iter().any(|signer| signer.id.is_empty()) {
            return Err(WriteError::SignerWithoutId);
        }
        let (start, end) = (self.start_timestamp, self.end_timestamp);
        if end < start {
            return Err(WriteError::EndBeforeStart { start, end });
        }
        self.keys.sort_unstable();
        self.revised_keys.sort_unstable();

        // Each file takes the same share of what is left, first of the keys, then of the revised keys.
        let (mut keys, mut revised_keys) = (self.keys.as_slice(), self.revised_keys.as_slice());
        let total = keys.len().saturating_add(revised_keys.len());
        let count = total.div_ceil(self.max_keys_per_file.get()).max(1);
        let mut files = Vec::with_capacity(count);
        for (number, files_left) in (0_u64..).zip((1..=count).rev()) {
            let share = keys.len().saturating_add(revised_keys.len()).div_ceil(files_left);
            let of_keys = take(&mut keys, share);
            let of_revised_keys = take(&mut revised_keys, share.saturating_sub(of_keys.len()));
            let end = end.checked_add(number).ok_or(WriteError::EndOverflow { end })?;
            files.push(self.file(end, of_keys, of_revised_keys, &signers, rng)?);
        }
        Ok(files)
    }

    fn file<R: CryptoRng + ?Sized>(
        &self,
        end_timestamp: u64,
        keys: &[DiagnosisKey],
        revised_keys: &[DiagnosisKey],
        signers: &[&Signer],
        rng: &mut R,
    ) -> Result<ExportFile, WriteError> {
        let padded = self.pad(keys, rng);
        let export_bin = encode(&proto::TemporaryExposureKeyExport {
            start_timestamp: Some(self.start_timestamp),
            end_timestamp: Some(end_timestamp),
            region: Some(self.region.clone()),
            batch_num: Some(1),
            batch_size: Some(1),
            signature_infos: signers.iter().map(|signer| signer.info()).collect(),
            keys: messages(&padded)?,
            revised_keys: messages(revised_keys)?,
        });
        let signatures = signers.iter().map(|signer| {
            Ok(Lenient(proto::TekSignature {
                signature_info: Some(Lenient(signer.info())),
                batch_num: Some(1),
                batch_size: Some(1),
                signature: Some(signer.sign(&export_bin)?.into()),
            }))
        });
        let export_sig = proto::TekSignatureList { signatures: signatures.collect::<Result<_, _>>()? };

        let export_sha256: [u8; 32] = Sha256::digest(&export_bin).into();
        let [a, b, c, ..] = export_sha256;
        Ok(ExportFile {
            name: format!("{}-{end_timestamp}-0001-{}.zip", self.start_timestamp, hex(&[a, b, c])),
            zip: zip_of(&export_bin, &export_sig.encode_to_vec())?,
            export_sha256,
            keys: keys.len(),
            padding: padded.len().saturating_sub(keys.len()),
            revised_keys: revised_keys.len(),
        })
    }

    /// The keys with as many made-up ones as are wanted, sorted again. An empty export stays empty.
    fn pad<R: CryptoRng + ?Sized>(&self, keys: &[DiagnosisKey], rng: &mut R) -> Vec<DiagnosisKey> {
        let mut padded = keys.to_vec();
        let missing = self.pad_to.saturating_sub(keys.len());
        if keys.is_empty() || missing == 0 {
            return padded;
        }
        let surplus = usize::try_from(below(self.pad_random.saturating_add(1), rng)).unwrap_or_default();
        for _ in 0..missing.saturating_add(surplus) {
            let model = usize::try_from(below(u32::try_from(keys.len()).unwrap_or(u32::MAX), rng)).unwrap_or_default();
            // With the fields of a real key, so that nothing but chance tells the two apart.
            padded.extend(keys.get(model).map(|model| {
                let mut made_up = *model;
                let mut bytes = [0; 16];
                rng.fill_bytes(&mut bytes);
                made_up.key_data = bytes.into();
                made_up
            }));
        }
        padded.sort_unstable();
        padded
    }
}

/// A number under `bound`, each as likely as the next to within 2^-32.
fn below<R: Rng + ?Sized>(bound: u32, rng: &mut R) -> u32 {
    let scaled = u128::from(rng.next_u64()).saturating_mul(bound.into()) >> 64;
    u32::try_from(scaled).unwrap_or_default()
}

/// Up to `most` items from the front of a slice, which keeps the others.
fn take<'a, T>(rest: &mut &'a [T], most: usize) -> &'a [T] {
    let (head, tail) = rest.split_at(most.min(rest.len()));
    *rest = tail;
    head
}

fn messages(keys: &[DiagnosisKey]) -> Result<Vec<proto::TemporaryExposureKey>, WriteError> {
    let message = |key| keys::message(key).ok_or(WriteError::RollingStart { start: key.window.start().as_u32() });
    keys.iter().map(message).collect()
}

fn encode(export: &proto::TemporaryExposureKeyExport) -> Vec<u8> {
    let mut export_bin = HEADER.to_vec();
    export_bin.extend(export.encode_to_vec());
    export_bin
}

/// Puts an `export.bin` and its `export.sig` into a zip. Their bytes stay as they are.
///
/// # Errors
/// [`WriteError::Zip`] if an entry is too large for a zip.
pub fn zip_of(export_bin: &[u8], export_sig: &[u8]) -> Result<Vec<u8>, WriteError> {
    pack::deflated(export_bin, export_sig).map_err(|detail| WriteError::Zip { detail })
}

/// Puts an `export.bin` and its `export.sig` into a zip, as [`zip_of`] does, without compression.
///
/// # Errors
/// Those of [`zip_of`].
pub fn stored_zip_of(export_bin: &[u8], export_sig: &[u8]) -> Result<Vec<u8>, WriteError> {
    pack::stored(export_bin, export_sig).map_err(|detail| WriteError::Zip { detail })
}

/// No file was made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// No reader would accept such a file.
    #[error("an export needs at least one signer")]
    NoSigner,
    /// The format allows no more.
    #[error("{found} signers; an export has at most 10")]
    TooManySigners {
        /// The number of signers.
        found: usize,
    },
    /// Readers choose signatures by the id.
    #[error("a signer has an empty id")]
    SignerWithoutId,
    /// The end timestamps of the files would pass the last one there is.
    #[error("the end of the export ({end}) leaves no room for the end of each of its files")]
    EndOverflow {
        /// The end of the export, Unix seconds.
        end: u64,
    },
    /// The time window ends before it begins.
    #[error("the end of the export ({end}) is before its start ({start})")]
    EndBeforeStart {
        /// The start of the time window, Unix seconds.
        start: u64,
        /// The end of the time window, Unix seconds.
        end: u64,
    },
    /// A key's start does not fit the format.
    #[error("rolling start {start} does not fit the format's int32")]
    RollingStart {
        /// The first interval of the key.
        start: u32,
    },
    /// The private key did not sign.
    #[error("signing failed")]
    Signing,
    /// The zip could not be written.
    #[error("writing the zip failed: {detail}")]
    Zip {
        /// The fault, in words.
        detail: String,
    },
}
