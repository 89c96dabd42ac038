//! What to compare with. Both look for every identifier of every key, and leave out what the matcher does with those
//! that it finds: neither knows of time, metadata or replays.

use std::collections::HashSet;

use aes::cipher::{BlockCipherEncrypt, KeyInit};
use aes::{Aes128, Aes128Enc, Block};
use gaen::DiagnosisKey;
use hkdf::Hkdf;
use sha2::Sha256;

use crate::world::World;

/// What a first version looks like: `hkdf`, one AES block at a time built in place, a `HashSet` of the standard library.
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
