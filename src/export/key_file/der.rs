//! From DER, or from a point, to a key. What a structure is goes by the types of its parts.

use p256::AffinePoint;
use p256::ecdsa::{SigningKey, VerifyingKey};
use p256::pkcs8::ObjectIdentifier;
use p256::pkcs8::der::asn1::{AnyRef, BitStringRef, UintRef};
use p256::pkcs8::der::{Decode, Reader, SliceReader, Tag, Tagged};

use super::super::hex;
use super::{FoundKey, Key, KeyError, KeyNote};

pub(super) const PKCS7: &str = "a PKCS#7 bundle of certificates";

const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const PRIME_FIELD: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.1.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");

const CURVES: [(&str, &str); 9] = [
    ("1.3.132.0.10", "secp256k1"),
    ("1.3.132.0.34", "P-384 (secp384r1)"),
    ("1.3.132.0.35", "P-521 (secp521r1)"),
    ("1.3.132.0.33", "P-224 (secp224r1)"),
    ("1.2.840.10045.3.1.1", "P-192 (prime192v1)"),
    ("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1"),
    ("1.3.36.3.3.2.8.1.1.8", "brainpoolP256t1"),
    ("1.2.156.10197.1.301", "SM2"),
    ("1.2.250.1.223.101.256.1", "FRP256v1"),
];

const ALGORITHMS: [(&str, &str); 9] = [
    ("1.2.840.113549.1.1.1", "RSA"),
    ("1.2.840.113549.1.1.10", "RSA-PSS"),
    ("1.2.840.10040.4.1", "DSA"),
    ("1.3.101.112", "Ed25519"),
    ("1.3.101.113", "Ed448"),
    ("1.3.101.110", "X25519"),
    ("1.3.101.111", "X448"),
    ("1.3.132.1.12", "ECDH alone"),
    ("1.3.132.1.13", "ECMQV alone"),
];

const SPKI: KeyError = KeyError::Malformed { what: "public key (SubjectPublicKeyInfo)" };
const PRIVATE: KeyError = KeyError::Malformed { what: "private key" };
const CERTIFICATE: KeyError = KeyError::Malformed { what: "certificate" };

/// The key of bytes that are DER or a point.
pub(super) fn key_or_point(bytes: &[u8]) -> Result<FoundKey, KeyError> {
    const SEQUENCE: u8 = 0x30;
    match (bytes, bytes.len()) {
        ([], _) => Err(KeyError::Empty),
        ([SEQUENCE, ..], _) if AnyRef::from_der(bytes).is_ok() => key(bytes),
        (_, 33 | 64 | 65) => point(bytes).map(|(key, notes)| FoundKey { key: Key::Public(key), notes }),
        ([SEQUENCE, ..], _) => key(bytes),
        ([0xfe, 0xed, 0xfe, 0xed, ..], _) => Err(KeyError::OtherForm {
            form: "a Java key store",
            remedy: "`keytool -exportcert -rfc -keystore FILE -alias NAME` writes a certificate of it",
        }),
        _ => Err(KeyError::Unknown { bytes: bytes.len() }),
    }
}

/// The key of a SubjectPublicKeyInfo, a certificate or a request for one, PKCS#8 or SEC1.
pub(super) fn key(der: &[u8]) -> Result<FoundKey, KeyError> {
    let outer = AnyRef::from_der(der).ok().and_then(|outer| parts(outer));
    let outer = outer.ok_or(KeyError::Malformed { what: "DER" })?;
    let tags: Vec<_> = outer.iter().map(Tagged::tag).collect();
    match (tags.as_slice(), outer.as_slice()) {
        ([Tag::Sequence, Tag::BitString], [algorithm, key]) => public(*algorithm, *key),
        ([Tag::Sequence, Tag::Sequence, Tag::BitString], [body, ..]) => certified(*body),
        ([Tag::Sequence, Tag::OctetString], _) => Err(KeyError::Encrypted),
        ([Tag::Integer, Tag::Sequence, Tag::OctetString, ..], [_, algorithm, key, ..]) => {
            let note = self::algorithm(*algorithm, PRIVATE)?;
            let inner = AnyRef::from_der(key.value()).ok().and_then(|inner| parts(inner)).ok_or(PRIVATE)?;
            private(&inner, note)
        }
        ([Tag::Integer, Tag::OctetString, ..], _) => private(&outer, None),
        ([Tag::Integer, Tag::Sequence, ..], _) => Err(KeyError::OtherForm {
            form: "a PKCS#12 file",
            remedy: "`openssl pkcs12 -in FILE -nodes` writes what it holds as PEM",
        }),
        ([Tag::Integer, Tag::Integer, ..], _) => Err(KeyError::OtherAlgorithm { algorithm: "RSA or DSA".to_owned() }),
        ([Tag::ObjectIdentifier, ..], [kind, ..]) if kind.decode_as() == Ok(SIGNED_DATA) => Err(KeyError::OtherForm {
            form: PKCS7,
            remedy: "`openssl pkcs7 -inform DER -in FILE -print_certs` prints its certificates",
        }),
        _ => Err(KeyError::Malformed { what: "key: DER of something else" }),
    }
}

/// The public key of a SubjectPublicKeyInfo alone.
pub(in super::super) fn spki(der: &[u8]) -> Result<VerifyingKey, KeyError> {
    match AnyRef::from_der(der).ok().and_then(|outer| parts(outer)).as_deref() {
        Some([algorithm, key]) => match public(*algorithm, *key)?.key {
            Key::Public(key) => Ok(key),
            Key::Private(_) => Err(SPKI),
        },
        _ => Err(SPKI),
    }
}

/// `SubjectPublicKeyInfo ::= SEQUENCE { algorithm, BIT STRING }`
fn public(algorithm: AnyRef<'_>, key: AnyRef<'_>) -> Result<FoundKey, KeyError> {
    let note = self::algorithm(algorithm, SPKI)?;
    let bits: BitStringRef<'_> = key.decode_as().map_err(|_| SPKI)?;
    let (key, mut notes) = point(bits.as_bytes().ok_or(SPKI)?)?;
    notes.extend(note);
    Ok(FoundKey { key: Key::Public(key), notes })
}

/// The key of a certificate or of a request for one, from the part of it that is signed.
///
/// `TBSCertificate ::= SEQUENCE { [0] version OPTIONAL, serial, algorithm, issuer, validity, subject, SPKI, .. }`,
/// `CertificationRequestInfo ::= SEQUENCE { version, subject, SPKI, [0] attributes }`
fn certified(body: AnyRef<'_>) -> Result<FoundKey, KeyError> {
    let body = parts(body).ok_or(CERTIFICATE)?;
    let is_version = |part: &AnyRef<'_>| context(part) == Some(0);
    let (note, spki) = match body.as_slice() {
        [_, _, spki, attributes] if is_version(attributes) => (KeyNote::CertificateRequest, spki),
        [version, _, _, _, _, _, spki, ..] if is_version(version) => (KeyNote::Certificate, spki),
        [_, _, _, _, _, spki, ..] => (KeyNote::Certificate, spki),
        _ => return Err(CERTIFICATE),
    };
    let spki = parts(*spki).ok_or(CERTIFICATE)?;
    let [algorithm, key] = spki.as_slice() else {
        return Err(CERTIFICATE);
    };
    let mut found = public(*algorithm, *key)?;
    found.notes.push(note);
    Ok(found)
}

/// `ECPrivateKey ::= SEQUENCE { INTEGER 1, OCTET STRING, [0] parameters OPTIONAL, [1] BIT STRING OPTIONAL }`
fn private(parts: &[AnyRef<'_>], note: Option<KeyNote>) -> Result<FoundKey, KeyError> {
    let (scalar, optional) = match parts {
        [_, scalar, optional @ ..] if scalar.tag() == Tag::OctetString => (scalar.value(), optional),
        _ => return Err(PRIVATE),
    };
    let mut notes: Vec<_> = note.into_iter().collect();
    let mut public = None;
    for part in optional {
        match context(part) {
            Some(0) => notes.extend(parameters(part.value())?.filter(|note| !notes.contains(note))),
            Some(1) => {
                let bits = BitStringRef::from_der(part.value()).map_err(|_| PRIVATE)?;
                public = Some(point(bits.as_bytes().ok_or(PRIVATE)?)?);
            }
            _ => return Err(PRIVATE),
        }
    }
    let key = SigningKey::from_slice(scalar).map_err(|_| PRIVATE)?;
    if let Some((public, of_point)) = public {
        if public != *key.verifying_key() {
            return Err(KeyError::Malformed { what: "private key: the public key in it is another's" });
        }
        notes.extend(of_point);
    }
    Ok(FoundKey { key: Key::Private(key), notes })
}

/// `AlgorithmIdentifier ::= SEQUENCE { OBJECT IDENTIFIER, parameters }`, which has to be ECDSA on P-256.
fn algorithm(algorithm: AnyRef<'_>, malformed: KeyError) -> Result<Option<KeyNote>, KeyError> {
    let parts = parts(algorithm).ok_or(malformed.clone())?;
    let [name, parameters @ ..] = parts.as_slice() else {
        return Err(malformed);
    };
    let name: ObjectIdentifier = name.decode_as().map_err(|_| malformed.clone())?;
    if name != EC_PUBLIC_KEY {
        return Err(KeyError::OtherAlgorithm { algorithm: named(name, &ALGORITHMS) });
    }
    match parameters {
        [parameters] => curve(*parameters),
        _ => Err(malformed),
    }
}

/// The curve of DER parameters has to be P-256.
pub(super) fn parameters(der: &[u8]) -> Result<Option<KeyNote>, KeyError> {
    curve(AnyRef::from_der(der).map_err(|_| KeyError::Malformed { what: "EC PARAMETERS" })?)
}

fn curve(parameters: AnyRef<'_>) -> Result<Option<KeyNote>, KeyError> {
    match parameters.decode_as::<ObjectIdentifier>() {
        Ok(P256) => Ok(None),
        Ok(other) => Err(KeyError::OtherCurve { curve: named(other, &CURVES) }),
        Err(_) if is_p256(parameters) => Ok(Some(KeyNote::ExplicitParameters)),
        Err(_) => Err(KeyError::OtherParameters),
    }
}

/// Whether parameters that are written out are those of P-256, every one of them: with another base point anybody can
/// make a private key to a given public one.
///
/// `SEQUENCE { version, SEQUENCE { prime field, p }, SEQUENCE { a, b, seed OPTIONAL }, G, n, cofactor }`
///
/// Source: SEC 1, C.2; the values of SEC 2, 2.4.2.
fn is_p256(explicit: AnyRef<'_>) -> bool {
    const P: &str = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
    const A: &str = "ffffffff00000001000000000000000000000000fffffffffffffffffffffffc";
    const B: &str = "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b";
    const N: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

    let is_number = |part: &AnyRef<'_>, value: &str| {
        part.decode_as::<UintRef<'_>>().is_ok_and(|number| hex(number.as_bytes()) == value)
    };
    let is_bytes = |part: &AnyRef<'_>, value: &str| part.tag() == Tag::OctetString && hex(part.value()) == value;
    let all = || {
        let explicit = parts(explicit)?;
        let [_, field, curve, base, order, cofactor] = explicit.as_slice() else { return None };
        let (field, curve) = (parts(*field)?, parts(*curve)?);
        let ([kind, p], [a, b, ..]) = (field.as_slice(), curve.as_slice()) else { return None };
        let generator = VerifyingKey::from_affine(AffinePoint::GENERATOR).ok()?;
        let is_generator = base.tag() == Tag::OctetString && point(base.value()).ok()?.0 == generator;
        let is_field = kind.decode_as() == Ok(PRIME_FIELD) && is_number(p, P);
        let is_curve = is_field && is_bytes(a, A) && is_bytes(b, B);
        Some(is_curve && is_generator && is_number(order, N) && is_number(cofactor, "01"))
    };
    all().unwrap_or(false)
}

/// The key of a point: compressed, uncompressed, hybrid, or without its first byte.
pub(in super::super) fn point(bytes: &[u8]) -> Result<(VerifyingKey, Vec<KeyNote>), KeyError> {
    let no_point = || KeyError::NotAPoint { bytes: bytes.len() };
    let (uncompressed, notes) = match bytes {
        [tag @ (6 | 7), coordinates @ ..] if bytes.len() == 65 => {
            // The first byte says a second time whether y is odd.
            if coordinates.last().is_none_or(|y| tag & 1 != y & 1) {
                return Err(no_point());
            }
            (coordinates, vec![KeyNote::HybridPoint])
        }
        _ if bytes.len() == 64 => (bytes, Vec::new()),
        [2 | 3, ..] if bytes.len() == 33 => {
            return Ok((VerifyingKey::from_sec1_bytes(bytes).map_err(|_| no_point())?, Vec::new()));
        }
        [4, coordinates @ ..] if bytes.len() == 65 => (coordinates, Vec::new()),
        _ => return Err(no_point()),
    };
    let key = VerifyingKey::from_sec1_bytes(&[&[4], uncompressed].concat()).map_err(|_| no_point())?;
    Ok((key, notes))
}

/// The parts of a SEQUENCE.
fn parts(sequence: AnyRef<'_>) -> Option<Vec<AnyRef<'_>>> {
    if sequence.tag() != Tag::Sequence {
        return None;
    }
    let mut reader = SliceReader::new(sequence.value()).ok()?;
    let mut parts = Vec::new();
    while !reader.is_finished() {
        parts.push(AnyRef::decode(&mut reader).ok()?);
    }
    Some(parts)
}

/// The number of a context-specific part.
fn context(part: &AnyRef<'_>) -> Option<u32> {
    match part.tag() {
        Tag::ContextSpecific { number, .. } => Some(number.0),
        _ => None,
    }
}

fn named(id: ObjectIdentifier, names: &[(&str, &str)]) -> String {
    let id = id.to_string();
    names.iter().find(|(known, _)| *known == id).map_or(id, |(_, name)| (*name).to_owned())
}
