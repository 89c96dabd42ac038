//! The kernels alone: what a search over a file is measured against. `GAEN_WASM=kernels ../build` builds it.
#![allow(missing_docs, reason = "the macro of wasm-bindgen adds items without documents")]

use gaen::matching::Tier;
use gaen::stages::{KEYS, Stages};
use gaen::{EnIntervalNumber, RollingProximityIdentifier, TemporaryExposureKey};
use wasm_bindgen::prelude::*;

/// As many as the matcher hashes and searches at once.
const TILES: usize = 64;

/// A batch of keys, and kernels that look for identifiers of them.
#[wasm_bindgen]
pub struct Kernels {
    tiles: Vec<[[u8; 16]; KEYS]>,
    stages: Stages,
}

#[wasm_bindgen]
impl Kernels {
    /// Makes kernels of the best tier over so many identifiers. One identifier belongs to the first key of each tile.
    pub fn over(heard: u32) -> Option<Self> {
        let mut state = 1_u64;
        let mut number = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        let mut bytes = || ((u128::from(number()) << 64) | u128::from(number())).to_le_bytes();
        let tiles: Vec<[_; KEYS]> = (0..TILES).map(|_| std::array::from_fn(|_| bytes())).collect();
        let start = EnIntervalNumber::new(2_668_464);
        let first =
            |[key, ..]: &[[u8; 16]; KEYS]| TemporaryExposureKey::from_bytes(*key).identifier_key().identifier(start);
        let mut identifiers: Vec<_> = tiles.iter().map(first).collect();
        identifiers.extend((TILES..heard as usize).map(|_| RollingProximityIdentifier::from_bytes(bytes())));
        let stages = Stages::new(Tier::best(), start, &identifiers)?;
        Some(Self { tiles, stages })
    }

    /// The keys of a batch.
    #[wasm_bindgen(getter)]
    pub fn keys(&self) -> usize {
        TILES * KEYS
    }

    /// The tiles of a batch.
    #[wasm_bindgen(getter)]
    pub fn tiles(&self) -> usize {
        TILES
    }

    /// Derives the day of each key in the batch, and returns how many identifiers may have been heard.
    pub fn search(&mut self) -> usize {
        let identifier_keys: Vec<_> = self.tiles.iter().map(|tile| self.stages.hash(tile)).collect();
        self.stages.search(&identifier_keys)
    }
}
