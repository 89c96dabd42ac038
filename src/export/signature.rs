//! Verifying the signatures of `export.sig` over the bytes of `export.bin`.

use core::fmt;

use bytes::Bytes;
use p256::ecdsa::Signature;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use prost::Message;
use prost::encoding::WireType;
use sha2::{Digest, Sha256, Sha512};

use super::EXPORT_SIG;
use super::error::{ExportError, shown};
use super::fields::{detail, field_keys};
use super::message::SignatureInfo;
use super::options::Limits;
use super::proto::{self, Lenient};
use super::trust::{PublicKey, Trust, TrustSet, TrustedKey, key_name};
use crate::profile::Profile;

/// The algorithms that the format allows: ECDSA on P-256 over a hash of the whole `export.bin`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SignatureAlgorithm {
    /// ECDSA over SHA-256.
    EcdsaP256Sha256,
    /// ECDSA over SHA-512, which Google's verifier allows too.
    EcdsaP256Sha512,
}

impl SignatureAlgorithm {
    /// Returns the object identifier by which files name the algorithm.
    #[must_use]
    pub const fn oid(self) -> &'static str {
        match self {
            Self::EcdsaP256Sha256 => "1.2.840.10045.4.3.2",
            Self::EcdsaP256Sha512 => "1.2.840.10045.4.3.4",
        }
    }

    /// Returns the algorithm of this object identifier.
    #[must_use]
    pub fn from_oid(oid: &str) -> Option<Self> {
        [Self::EcdsaP256Sha256, Self::EcdsaP256Sha512].into_iter().find(|algorithm| algorithm.oid() == oid)
    }

    fn hash(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::EcdsaP256Sha256 => Sha256::digest(message).to_vec(),
            Self::EcdsaP256Sha512 => Sha512::digest(message).to_vec(),
        }
    }
}

/// What signatures are made over: the hashes of one `export.bin`, each computed once however many signatures there are.
#[derive(Clone, Debug)]
pub(super) struct Hashes {
    pub(super) sha256: [u8; 32],
    sha512: Option<[u8; 64]>,
}

impl Hashes {
    /// The hashes that these signatures may need of an `export.bin` that is in memory.
    pub(super) fn of(export_bin: &[u8], signatures: &[TekSignature]) -> Self {
        let mut hasher = Hasher::new(signatures);
        hasher.update(export_bin);
        hasher.finish()
    }

    /// Whether these signatures need no other hash.
    pub(super) fn are_enough_for(&self, signatures: &[TekSignature]) -> bool {
        self.sha512.is_some() || !Hasher::needs_sha512(signatures)
    }

    fn get(&self, algorithm: SignatureAlgorithm) -> Option<&[u8]> {
        match algorithm {
            SignatureAlgorithm::EcdsaP256Sha256 => Some(&self.sha256),
            SignatureAlgorithm::EcdsaP256Sha512 => self.sha512.as_ref().map(<[u8; 64]>::as_slice),
        }
    }
}

/// Computes [`Hashes`] piece by piece.
pub(super) struct Hasher {
    sha256: Sha256,
    sha512: Option<Sha512>,
}

impl Hasher {
    /// SHA-256 identifies every file; SHA-512 is computed when one of the signatures names it.
    pub(super) fn new(signatures: &[TekSignature]) -> Self {
        Self { sha256: Sha256::new(), sha512: Self::needs_sha512(signatures).then(Sha512::new) }
    }

    fn needs_sha512(signatures: &[TekSignature]) -> bool {
        let oid = SignatureAlgorithm::EcdsaP256Sha512.oid();
        signatures.iter().any(|signature| signature.signature_info.signature_algorithm.as_deref() == Some(oid))
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.sha256.update(bytes);
        if let Some(sha512) = &mut self.sha512 {
            sha512.update(bytes);
        }
    }

    pub(super) fn finish(self) -> Hashes {
        Hashes { sha256: self.sha256.finalize().into(), sha512: self.sha512.map(|sha512| sha512.finalize().into()) }
    }
}

/// One signature of `export.sig`.
///
/// Source: "Exposure Key export file format", message `TEKSignature`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TekSignature {
    /// The key that made the signature, and the algorithm.
    pub signature_info: SignatureInfo,
    /// The number of the signed file in its batch.
    pub batch_num: Option<i32>,
    /// How many files the batch has.
    pub batch_size: Option<i32>,
    /// The bytes of the signature, in X9.62 DER.
    pub signature: Vec<u8>,
}

impl TekSignature {
    fn id(&self) -> &str {
        self.signature_info.verification_key_id.as_deref().unwrap_or_default()
    }

    fn version(&self) -> &str {
        self.signature_info.verification_key_version.as_deref().unwrap_or_default()
    }

    /// The name of its key as it may stand in an error.
    fn signer(&self) -> String {
        match self.id() {
            "" => "a key without verification_key_id".to_owned(),
            id => shown(key_name(id, self.version()).as_bytes()),
        }
    }
}

/// The field of `TEKSignatureList`.
const SIGNATURES: (u32, WireType) = (1, WireType::LengthDelimited);

/// Reads a bare `export.sig`, which somebody took out of its zip. Nothing in it is verified.
///
/// # Errors
/// [`ExportError`] if it is over a limit, or is no list of signatures: a list has one signature at least.
pub fn read_signatures(export_sig: &[u8], limits: &Limits) -> Result<Vec<TekSignature>, ExportError> {
    let (found, limit) = (export_sig.len() as u64, limits.export_sig_bytes);
    if found > limit {
        return Err(ExportError::EntryTooLarge { name: EXPORT_SIG, found, limit });
    }
    let signatures = parse_list(export_sig.to_vec(), limits)?;
    match signatures.iter().any(|signature| !signature.signature.is_empty()) {
        true => Ok(signatures),
        false => Err(ExportError::Unsigned),
    }
}

/// Parses `export.sig`. No bytes at all are a valid list, of no signatures.
pub(super) fn parse_list(export_sig: Vec<u8>, limits: &Limits) -> Result<Vec<TekSignature>, ExportError> {
    // Counted first: a signature of two bytes takes a hundred times as many when it is parsed.
    let found = field_keys(&export_sig).filter(|key| *key == SIGNATURES).count();
    let limit = limits.signatures;
    if found > limit {
        return Err(ExportError::TooManySignatures { found, limit });
    }
    let Lenient(list) = Lenient::<proto::TekSignatureList>::decode(Bytes::from(export_sig))
        .map_err(|error| ExportError::SignatureListMalformed { detail: detail(&error) })?;
    Ok(list
        .signatures
        .into_iter()
        .map(|Lenient(raw)| TekSignature {
            signature_info: raw.signature_info.unwrap_or_default().0.into(),
            batch_num: raw.batch_num,
            batch_size: raw.batch_size,
            signature: raw.signature.unwrap_or_default().into(),
        })
        .collect())
}

/// Some profiles demand as many signatures as `export.bin` says there are.
pub(super) fn check_count(signatures: usize, infos: usize, profile: Profile) -> Result<(), ExportError> {
    if profile.counts_signatures() && signatures != infos {
        return Err(ExportError::SignatureCount { signatures, infos });
    }
    Ok(())
}

/// The first set of which every key has signed these bytes.
///
/// With none: the error of the first set for which there was a signature to check, or that there was none.
pub(super) fn verify<'t>(
    hashes: &Hashes,
    signatures: &[TekSignature],
    trust: &'t Trust,
) -> Result<&'t TrustSet, ExportError> {
    if signatures.is_empty() {
        return Err(ExportError::Unsigned);
    }
    let mut failure = None;
    let mut wanted = Vec::new();
    for set in trust.sets() {
        match verify_set(hashes, signatures, set, trust.raw_signatures) {
            Ok(()) => return Ok(set),
            Err(ExportError::UnknownKey { wanted: names, .. }) => wanted.extend(names),
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    let present = signatures.iter().map(TekSignature::signer).collect();
    Err(failure.unwrap_or(ExportError::UnknownKey { wanted, present }))
}

/// Checks that every key of the set has signed. It ignores signatures by other keys, and never counts them.
fn verify_set(
    hashes: &Hashes,
    signatures: &[TekSignature],
    set: &TrustSet,
    raw_signatures: bool,
) -> Result<(), ExportError> {
    for key in set.keys() {
        let named: Vec<_> = signatures.iter().filter(|s| key.is_named(s.id(), s.version())).collect();
        let candidates = match (named.as_slice(), signatures) {
            ([], [only]) if only.id().is_empty() && set.others.is_empty() => vec![only],
            ([], _) if signatures.iter().any(|s| s.id().is_empty()) => {
                let keys = set.keys().count();
                return Err(ExportError::SignatureAnonymous { signatures: signatures.len(), keys });
            }
            ([], _) => {
                let wanted = vec![shown(key.name().as_bytes())];
                return Err(ExportError::UnknownKey { wanted, present: Vec::new() });
            }
            _ => named,
        };
        let mut outcome = Ok(());
        for candidate in candidates {
            outcome = verify_one(hashes, candidate, key, raw_signatures);
            if outcome.is_ok() {
                break;
            }
        }
        outcome?;
    }
    Ok(())
}

fn verify_one(
    hashes: &Hashes,
    signature: &TekSignature,
    key: &TrustedKey,
    raw_signatures: bool,
) -> Result<(), ExportError> {
    let signer = || signature.signer();
    let algorithm = match signature.signature_info.signature_algorithm.as_deref() {
        Some(oid) => SignatureAlgorithm::from_oid(oid).ok_or_else(|| shown(oid.as_bytes())),
        None => Err("missing".to_owned()),
    }
    .map_err(|found| ExportError::AlgorithmUnsupported { key: signer(), found })?;

    let bytes = signature.signature.as_slice();
    let parsed = match Signature::from_der(bytes) {
        Ok(parsed) => parsed,
        Err(_) if bytes.len() == 64 && raw_signatures => {
            Signature::from_slice(bytes).map_err(|_| ExportError::SignatureMalformed { key: signer(), length: 64 })?
        }
        Err(_) if bytes.len() == 64 => return Err(ExportError::SignatureRaw { key: signer() }),
        Err(_) => return Err(ExportError::SignatureMalformed { key: signer(), length: bytes.len() }),
    };
    if !hashes.get(algorithm).is_some_and(|hash: &[u8]| key.key.made(&parsed, hash)) {
        return Err(ExportError::SignatureInvalid { key: signer() });
    }
    Ok(())
}

impl PublicKey {
    /// `true` if this key made the DER signature over these bytes. This is one ECDSA check, without any rule of the
    /// file format.
    ///
    /// For tools. Files are verified by [`UnverifiedExport::verify`](super::UnverifiedExport::verify).
    #[must_use]
    pub fn verifies(&self, message: &[u8], der_signature: &[u8], algorithm: SignatureAlgorithm) -> bool {
        Signature::from_der(der_signature).is_ok_and(|signature| self.made(&signature, &algorithm.hash(message)))
    }

    /// `true` if this key made the signature `r || s` over the SHA-256 of these bytes: ES256, as certificates have it.
    ///
    /// For tools. Files are verified by [`UnverifiedExport::verify`](super::UnverifiedExport::verify).
    #[must_use]
    pub fn verifies_raw(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.made(&signature, &Sha256::digest(message)))
    }

    /// Whether this key made the signature over the message of this hash.
    fn made(&self, signature: &Signature, hash: &[u8]) -> bool {
        self.0.verify_prehash(hash, signature).is_ok()
    }
}

impl fmt::Display for SignatureAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.oid())
    }
}

/// Whether a signature made elsewhere verifies over its message, and not over another.
pub(crate) fn known_answer() -> bool {
    const POINT: &str = "BCCcMXtjeTXdPaHFT2NJXfsx+X0pPfCFcQMgWVyarLg/3eTGn8F6DHTCDMaSZi8EmJK6N6S6R9LHDNipmYY5H5s=";
    const SIGNATURE: &[u8] = b"\x30\x44\x02\x20\x0c\x66\x76\xa6\xf7\x62\x2d\x63\xe0\x4f\xc0\xc7\xc4\x0f\x50\x1f\xa6\xc1\x7b\x54\xbf\x6d\x87\x2c\x7c\xd7\x15\x76\xa1\x51\x7a\x06\x02\x20\x26\x12\x0a\x69\x05\x20\x5c\x70\xf9\x8d\x88\x29\xf0\x90\x97\x67\x8d\xa5\xf9\x5b\xf9\x1f\x94\x3c\xf7\x38\xe2\xe1\x18\x40\x11\x6e";
    let Ok(key) = POINT.parse::<PublicKey>() else {
        return false;
    };
    let verifies = |message: &[u8]| key.verifies(message, SIGNATURE, SignatureAlgorithm::EcdsaP256Sha256);
    verifies(b"gaen self-test") && !verifies(b"gaen self-tesT")
}
