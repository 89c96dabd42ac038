use std::sync::LazyLock;

use arbitrary::Arbitrary;
use gaen::Profile;
use gaen::export::{ExportError, HEADER, SignatureAlgorithm, TekSignature, Trust, TrustSet, UnverifiedExport};
use p256::ecdsa::Signature;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use prost::Message;
use sha2::{Digest, Sha256, Sha512};

use super::reading::{check_error, readings};
use crate::generate::signer::{HELD, NAME, STRANGER, TRUST, export_sig, info, public, trusted};
use crate::generate::{Field, encode, from_bytes, proto};

/// An `export.sig` beside an `export.bin` that never changes: nothing verifies under a key that never signed it,
/// whatever that key has signed elsewhere; and under the key that did, only what a plain check of each signature finds.
pub fn signature_list(data: &[u8]) {
    let Some(list) = list(data) else { return };
    for options in readings() {
        let export = match UnverifiedExport::from_parts(EXPORT_BIN.clone(), list.clone(), &options) {
            Ok(export) => export,
            Err(error) => {
                check_error(&error);
                continue;
            }
        };
        for trust in &*HOPELESS {
            check_error(&export.verify(trust).unwrap_err());
        }
        for (trust, raw) in [(&*TRUST, false), (&*RAW_TRUST, true)] {
            check_held(&export, export.verify(trust).map(drop), raw, options.profile);
        }
    }
}

/// The signed file: without keys.
static EXPORT_BIN: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let export = proto::TemporaryExposureKeyExport { signature_infos: vec![info()], ..Default::default() };
    [HEADER, export.encode_to_vec().as_slice()].concat()
});

/// Whoever believes these is never satisfied: the stranger has to have signed.
static HOPELESS: LazyLock<Vec<Trust>> = LazyLock::new(|| {
    let (held, stranger) = (trusted(&HELD), trusted(&STRANGER));
    vec![
        Trust::new(stranger.clone()),
        Trust::new(stranger.clone()).accept_raw_signatures(),
        Trust::new(TrustSet::new(held.clone()).and(stranger.clone())),
        Trust::new(TrustSet::new(stranger).and(held)).accept_raw_signatures(),
    ]
});

static RAW_TRUST: LazyLock<Trust> = LazyLock::new(|| TRUST.clone().accept_raw_signatures());

/// A file is good if one of its signatures by the key's name is, or its only one if that has no name.
fn check_held(export: &UnverifiedExport, verified: Result<(), ExportError>, raw: bool, profile: Profile) {
    let public = public(&HELD);
    let is_good = |signature: &TekSignature| {
        let bytes = signature.signature.as_slice();
        let der = match Signature::from_slice(bytes) {
            Ok(signature) if raw && Signature::from_der(bytes).is_err() => signature.to_der().as_bytes().to_vec(),
            _ => bytes.to_vec(),
        };
        let oid = signature.signature_info.signature_algorithm.as_deref().unwrap_or_default();
        SignatureAlgorithm::from_oid(oid).is_some_and(|algorithm| public.verifies(&EXPORT_BIN, &der, algorithm))
    };
    let id = |signature: &TekSignature| signature.signature_info.verification_key_id.clone().unwrap_or_default();
    let version =
        |signature: &TekSignature| signature.signature_info.verification_key_version.clone().unwrap_or_default();
    let signatures = export.signatures();
    let mut named = signatures.iter().filter(|signature| id(signature) == NAME.0 && version(signature) == NAME.1);
    let expected = named.any(is_good) || matches!(signatures, [only] if id(only).is_empty() && is_good(only));
    match verified {
        Ok(()) => assert!(expected),
        // Google wants as many signatures as the one that the file announces.
        Err(ExportError::SignatureCount { .. }) => {
            assert!(expected && profile == Profile::Google && signatures.len() != 1)
        }
        Err(error) => {
            assert!(!expected, "{error}");
            check_error(&error);
        }
    }
}

/// One signature of a list that is made.
#[derive(Arbitrary, Debug)]
struct Entry {
    source: Source,
    damages: Vec<(u8, u8)>,
    length: Option<u8>,
    id: Text,
    version: Text,
    algorithm: Algorithm,
    more: Vec<Field>,
}

/// Where the bytes of a signature are from.
#[derive(Arbitrary, Debug)]
enum Source {
    /// The key that is held signed the file.
    Held {
        sha512: bool,
        raw: bool,
    },
    /// The stranger signed something else.
    Stranger {
        what: u8,
        raw: bool,
    },
    Bytes(Vec<u8>),
}

#[derive(Arbitrary, Debug)]
enum Text {
    Expected,
    Missing,
    Other(String),
}

#[derive(Arbitrary, Debug)]
enum Algorithm {
    Sha256,
    Sha512,
    Missing,
    Other(String),
}

/// The list that an input is, after a first byte that is 0, or is the recipe of.
fn list(data: &[u8]) -> Option<Vec<u8>> {
    match data.strip_prefix(&[0]) {
        Some(list) => Some(list.to_vec()),
        None => from_bytes::<Vec<Entry>>(data).map(|entries| entries.iter().flat_map(Entry::encode).collect()),
    }
}

impl Entry {
    fn encode(&self) -> Vec<u8> {
        let mut signature = self.source.signature();
        for (at, byte) in &self.damages {
            signature.get_mut(usize::from(*at)).into_iter().for_each(|found| *found = *byte);
        }
        if let Some(length) = self.length {
            signature.resize(length.into(), 0);
        }
        let info = proto::SignatureInfo {
            verification_key_id: self.id.text(NAME.0),
            verification_key_version: self.version.text(NAME.1),
            signature_algorithm: match &self.algorithm {
                Algorithm::Sha256 => Some(SignatureAlgorithm::EcdsaP256Sha256.oid().into()),
                Algorithm::Sha512 => Some(SignatureAlgorithm::EcdsaP256Sha512.oid().into()),
                Algorithm::Missing => None,
                Algorithm::Other(text) => Some(text.clone().into()),
            },
            ..proto::SignatureInfo::default()
        };
        let signature =
            proto::TekSignature { signature_info: Some(info), signature: Some(signature), ..Default::default() };
        let message = [signature.encode_to_vec(), encode(&self.more)].concat();
        let list = proto::EncodedSignatures { signatures: vec![message] };
        list.encode_to_vec()
    }
}

impl Text {
    fn text(&self, expected: &str) -> Option<Vec<u8>> {
        match self {
            Self::Expected => Some(expected.into()),
            Self::Missing => None,
            Self::Other(text) => Some(text.clone().into()),
        }
    }
}

impl Source {
    fn signature(&self) -> Vec<u8> {
        let form = |signature: &Signature, raw: bool| match raw {
            true => signature.to_bytes().to_vec(),
            false => signature.to_der().as_bytes().to_vec(),
        };
        match self {
            Self::Held { sha512, raw } => form(&BY_HELD[usize::from(*sha512)], *raw),
            Self::Stranger { what, raw } => form(&BY_STRANGER[usize::from(*what) % BY_STRANGER.len()], *raw),
            Self::Bytes(bytes) => bytes.clone(),
        }
    }
}

/// The signatures of the file by the key that is held, over its SHA-256 and its SHA-512.
static BY_HELD: LazyLock<[Signature; 2]> =
    LazyLock::new(|| [HELD.sign(&EXPORT_BIN), HELD.sign_prehash(&Sha512::digest(&*EXPORT_BIN)).unwrap()]);

/// Signatures by the stranger: of nothing, of the header, of the message without it, of the file with one bit changed,
/// of the file's hash, and of a file and its signature.
static BY_STRANGER: LazyLock<Vec<Signature>> = LazyLock::new(|| {
    let mut bent = EXPORT_BIN.clone();
    bent[HEADER.len()] ^= 1;
    let joined = [EXPORT_BIN.clone(), export_sig(&EXPORT_BIN)].concat();
    let hash = Sha256::digest(&*EXPORT_BIN);
    [&[], &HEADER[..], &EXPORT_BIN[HEADER.len()..], &bent, &hash, &joined].map(|signed| STRANGER.sign(signed)).to_vec()
});
