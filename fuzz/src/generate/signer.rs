//! Keys that sign, and whoever believes them.

use std::sync::LazyLock;

use gaen::export::{PublicKey, SignatureAlgorithm, Trust, TrustedKey};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use p256::pkcs8::EncodePublicKey;
use prost::Message;

use super::proto;

/// The name of both keys.
pub(crate) const NAME: (&str, &str) = ("440", "v1");

/// A key that the fuzzer may have anything signed with.
pub(crate) static HELD: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::from_slice(&[7; 32]).unwrap());

/// A key that signs other things only.
pub(crate) static STRANGER: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::from_slice(&[9; 32]).unwrap());

/// The key's public half.
pub(crate) fn public(key: &SigningKey) -> PublicKey {
    PublicKey::from_spki_der(key.verifying_key().to_public_key_der().unwrap().as_bytes()).unwrap()
}

/// The key under its name.
pub(crate) fn trusted(key: &SigningKey) -> TrustedKey {
    TrustedKey::new(NAME.0, NAME.1, public(key))
}

/// Belief in the key that the fuzzer holds.
pub(crate) static TRUST: LazyLock<Trust> = LazyLock::new(|| Trust::new(trusted(&HELD)));

/// What is said of a signature by either key.
pub(crate) fn info() -> proto::SignatureInfo {
    proto::SignatureInfo {
        verification_key_id: Some(NAME.0.into()),
        verification_key_version: Some(NAME.1.into()),
        signature_algorithm: Some(SignatureAlgorithm::EcdsaP256Sha256.oid().into()),
        ..proto::SignatureInfo::default()
    }
}

/// A list with one good signature.
pub(crate) fn export_sig(export_bin: &[u8]) -> Vec<u8> {
    let signature: Signature = HELD.sign(export_bin);
    let signature = proto::TekSignature {
        signature_info: Some(info()),
        batch_num: Some(1),
        batch_size: Some(1),
        signature: Some(signature.to_der().as_bytes().to_vec()),
    };
    proto::TekSignatureList { signatures: vec![signature] }.encode_to_vec()
}
