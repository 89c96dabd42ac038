//! The steps of a search one by one, for measuring.
//!
//! Applications have no use for them: a [`Matcher`](crate::matching::Matcher) takes all of them.

use crate::arch::{Candidate, Filter, Job, Kernels, ROW, TILE, word};
use crate::keys::RollingProximityIdentifier;
use crate::matching::Tier;
use crate::time::EnIntervalNumber;

/// Keys in a tile: kernels take sixteen at a time.
pub const KEYS: usize = TILE;

/// The kernels of one tier, and a filter to probe.
#[derive(Debug)]
pub struct Stages {
    kernels: Kernels,
    filter: Filter,
    nothing: Filter,
    jobs: [Job; TILE],
    candidates: Vec<Candidate>,
}

impl Stages {
    /// The kernels of this tier over these identifiers, for keys of a whole day from this interval on (rounded down to a
    /// multiple of 16). `None` for the plain path, which has no stages.
    #[must_use]
    pub fn new(tier: Tier, start: EnIntervalNumber, heard: &[RollingProximityIdentifier]) -> Option<Self> {
        let mut filter = Filter::new(heard.len());
        for identifier in heard {
            filter.insert(word(identifier.as_bytes()));
        }
        let job = Job { first_row: start.as_u32() / ROW, rows: [0x1ff, 0] };
        let nothing = Filter::new(0);
        Some(Self { kernels: tier.kernels()?, filter, nothing, jobs: [job; TILE], candidates: Vec::new() })
    }

    /// HKDF: the identifier keys of sixteen keys.
    #[must_use]
    pub fn hash(&self, keys: &[[u8; 16]; KEYS]) -> [[u8; 16]; KEYS] {
        self.kernels.rpiks(keys, TILE)
    }

    /// AES and probe: how many of the 16 times 144 identifiers may have been heard.
    pub fn search(&mut self, identifier_keys: &[[u8; 16]; KEYS]) -> usize {
        self.candidates.clear();
        self.kernels.search(identifier_keys, &self.jobs, [&self.filter, &self.nothing], &mut self.candidates);
        self.candidates.len()
    }
}
