//! The steps of a search one by one, for measuring.
//!
//! Applications have no use for them: a [`Matcher`](crate::matching::Matcher) takes all of them.

use crate::arch::{Candidate, Filter, Job, Kernels, Part, ROW, Space, TILE, word};
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
    job: Job,
    jobs: Vec<Job>,
    space: Space,
    candidates: Vec<Candidate>,
}

impl Stages {
    /// The kernels of this tier over these identifiers, for keys of a whole day from this interval on (rounded down to
    /// a multiple of 16). `None` for the plain path, which has no stages.
    #[must_use]
    pub fn new(tier: Tier, start: EnIntervalNumber, heard: &[RollingProximityIdentifier]) -> Option<Self> {
        let mut filter = Filter::new(heard.len());
        for identifier in heard {
            filter.insert(word(identifier.as_bytes()));
        }
        let job = Job { first_row: start.as_u32() / ROW, rows: 0x1ff };
        let kernels = tier.kernels()?;
        Some(Self { kernels, filter, job, jobs: Vec::new(), space: Space::default(), candidates: Vec::new() })
    }

    /// HKDF: the identifier keys of sixteen keys.
    #[must_use]
    pub fn hash(&self, keys: &[[u8; 16]; KEYS]) -> [[u8; 16]; KEYS] {
        self.kernels.rpiks(keys, TILE)
    }

    /// AES and probe: how many of the 144 identifiers of each key may have been heard.
    pub fn search(&mut self, identifier_keys: &[[[u8; 16]; KEYS]]) -> usize {
        self.candidates.clear();
        self.jobs.resize(identifier_keys.as_flattened().len(), self.job);
        let part = Part { filter: &self.filter, rows: u32::MAX };
        self.kernels.search(&mut self.space, identifier_keys, &self.jobs, &[part], &mut self.candidates);
        self.candidates.len()
    }
}
