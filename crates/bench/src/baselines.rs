//! What to compare with. Both look for every identifier of every key, and leave out what the matcher does with those
//! that it finds: neither knows of time, metadata or replays.

use std::collections::HashSet;

use aes::cipher::{BlockCipherEncrypt, KeyInit};
use aes::{Aes128, Aes128Enc, Block};
use gaen::DiagnosisKey;
use hkdf::Hkdf;
use sha2::Sha256;

use crate::world::World;

/// What a first version looks like: `hkdf`, one AES block at a time built in place, a `HashSet` of the standard
/// library.
#[derive(Clone, Debug)]
pub struct Naive {
    heard: HashSet<[u8; 16]>,
}

impl Naive {
    /// Over what was heard in this world.
    #[must_use]
    pub fn new(world: &World) -> Self {
        Self { heard: world.identifiers().collect() }
    }

    /// How many identifiers of these keys were heard.
    #[must_use]
    pub fn search(&self, keys: &[DiagnosisKey]) -> usize {
        let mut found = 0;
        for key in keys {
            let cipher = Aes128::new(&rpik(key).into());
            for interval in key.window.intervals() {
                let mut block = Block::default();
                block[..6].copy_from_slice(b"EN-RPI");
                block[12..].copy_from_slice(&interval.as_u32().to_le_bytes());
                cipher.encrypt_block(&mut block);
                found += usize::from(self.heard.contains(block.as_slice()));
            }
        }
        found
    }
}

/// The instructions that the crates behind [`Crates`] use on a CPU with these flags, in words.
///
/// `aes` 0.9.4 has code for VAES on registers of 256 bits. It asks for the flag `vaes` in a way that is answered with
/// no unless the CPU has AVX-512 too. So on AMD's Zen 3 it takes AES-NI.
#[must_use]
pub fn instructions(flags: &[&str]) -> String {
    let has = |flag: &str| flags.contains(&flag);
    let aes = match () {
        () if cfg!(aes_backend = "soft") || !has("aes") => "no AES instructions",
        () if has("asimd") => "the AES instructions of ARMv8",
        () if has("vaes") && has("avx512f") => "VAES on AVX-512, 64 blocks at a time",
        () if has("vaes") => "AES-NI, 8 blocks at a time (VAES only where there is AVX-512 too)",
        () => "AES-NI, 8 blocks at a time",
    };
    let sha = if cfg!(sha2_backend = "soft") || !(has("sha_ni") || has("sha2")) {
        "no SHA instructions"
    } else {
        "SHA instructions"
    };
    format!("aes {AES_VERSION} with {aes}; sha2 with {sha}")
}

/// The version whose choice [`instructions`] describes.
const AES_VERSION: &str = "0.9.4";

/// The best to be had from crates: `hkdf`, all 144 blocks in one call from a template, `hashbrown`.
#[derive(Clone, Debug)]
pub struct Crates {
    heard: hashbrown::HashSet<[u8; 16]>,
    /// The plain blocks of a day, by its start. A few weeks of them stay in the cache.
    templates: hashbrown::HashMap<u32, Box<[Block]>>,
    blocks: Box<[Block]>,
}

impl Crates {
    /// Over what was heard in this world.
    #[must_use]
    pub fn new(world: &World) -> Self {
        let blocks = vec![Block::default(); 144].into();
        Self { heard: world.identifiers().collect(), templates: hashbrown::HashMap::new(), blocks }
    }

    /// How many identifiers of these keys, each of a whole day, were heard.
    ///
    /// # Panics
    /// When a key is not of a whole day.
    #[must_use]
    pub fn search(&mut self, keys: &[DiagnosisKey]) -> usize {
        let mut found = 0;
        for key in keys {
            let start = key.window.start().as_u32();
            let template = self.templates.entry(start).or_insert_with(|| template(key));
            let cipher = Aes128Enc::new(&rpik(key).into());
            cipher.encrypt_blocks_b2b(template, &mut self.blocks).expect("keys of whole days");
            found += self.blocks.iter().filter(|block| self.heard.contains(block.as_slice())).count();
        }
        found
    }
}

/// The identifier key.
fn rpik(key: &DiagnosisKey) -> [u8; 16] {
    let mut rpik = [0; 16];
    Hkdf::<Sha256>::new(None, key.key_data.as_bytes()).expand(b"EN-RPIK", &mut rpik).expect("16 bytes are few");
    rpik
}

fn template(key: &DiagnosisKey) -> Box<[Block]> {
    let block = |interval: gaen::EnIntervalNumber| {
        let mut block = Block::default();
        block[..6].copy_from_slice(b"EN-RPI");
        block[12..].copy_from_slice(&interval.as_u32().to_le_bytes());
        block
    };
    key.window.intervals().map(block).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_crates_use_is_said_of_the_version_that_is_used() {
        let lock = include_str!("../../../Cargo.lock");
        assert!(lock.contains(&format!("name = \"aes\"\nversion = \"{AES_VERSION}\"")), "does it choose as before?");
        let zen3 = instructions(&["aes", "vaes", "sha_ni", "avx2"]);
        assert!(zen3.contains("AES-NI, 8 blocks") && zen3.contains("sha2 with SHA instructions"), "{zen3}");
        assert!(instructions(&["aes", "vaes", "avx512f"]).contains("64 blocks at a time; sha2 with no SHA"));
        assert!(instructions(&["asimd", "aes", "sha2"]).contains("ARMv8"));
        assert!(instructions(&["avx2"]).contains("no AES instructions"));
    }
}
