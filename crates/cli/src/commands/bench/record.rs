//! What was measured, as `--json` prints it and `--read` and `--compare` read it.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::files;

/// All that was measured at one time.
#[derive(Deserialize, Serialize)]
pub(super) struct Record {
    /// The day, as `benches/record/report.py` writes it into a record that is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) date: Option<String>,
    pub(super) cpu: String,
    pub(super) cpu_flags: Vec<String>,
    pub(super) clock_ghz: f64,
    /// The tier of the rows about files and the fortnight.
    pub(super) tier: String,
    pub(super) tiers: Vec<String>,
    pub(super) version: String,
    pub(super) rows: Vec<Row>,
    pub(super) stages: Vec<TierStages>,
    pub(super) file_stages: FileStages,
    pub(super) two_threads: Option<TwoThreads>,
}

/// A way to find the matches of some keys among some sightings.
#[derive(Deserialize, Serialize)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) tier: Option<String>,
    pub(super) sightings: usize,
    pub(super) keys: usize,
    pub(super) ns_per_key: f64,
    pub(super) cycles_per_key: f64,
    pub(super) ratio_to_crates: Option<f64>,
    pub(super) ratio_to_naive: Option<f64>,
    pub(super) matches: usize,
    pub(super) ns_per_key_median: f64,
    pub(super) cycles_per_key_median: f64,
    pub(super) samples: usize,
    #[serde(skip)]
    pub(super) gigahertz: f64,
}

/// The steps of a search with one tier, cycles and nanoseconds a key.
#[derive(Deserialize, Serialize)]
pub(super) struct TierStages {
    pub(super) tier: String,
    /// HKDF.
    pub(super) hash: Cost,
    /// AES, and the probe of a filter in which nothing is.
    pub(super) search_nothing: Cost,
    /// AES and probe, by number of sightings.
    pub(super) search: Vec<Search>,
}

#[derive(Deserialize, Serialize)]
pub(super) struct Search {
    pub(super) sightings: usize,
    #[serde(flatten)]
    pub(super) search: Cost,
    /// What the probe of this filter takes more than that of one in which nothing is.
    pub(super) probe_cycles_per_key: f64,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
pub(super) struct Cost {
    pub(super) ns_per_key: f64,
    pub(super) cycles_per_key: f64,
}

/// The steps of reading a file, nanoseconds a key.
#[derive(Deserialize, Serialize)]
pub(super) struct FileStages {
    pub(super) keys: usize,
    pub(super) zip_bytes: usize,
    pub(super) inflate: Cost,
    /// SHA-256 of `export.bin`.
    pub(super) hash: Cost,
    pub(super) parse: Cost,
    /// ECDSA, microseconds a file.
    pub(super) signature_us: f64,
    /// What a search of a file holds at most beside the index, bytes.
    pub(super) scan_peak_bytes: Option<u64>,
}

/// The same keys on one and on two threads.
#[derive(Deserialize, Serialize)]
pub(super) struct TwoThreads {
    pub(super) sightings: usize,
    pub(super) keys: usize,
    pub(super) one_ns_per_key: f64,
    pub(super) two_ns_per_key: f64,
    pub(super) speedup: f64,
}

impl Record {
    /// Reads what `gaen bench --json` printed.
    pub(super) fn read(path: &Path) -> Result<Self, Error> {
        let refused =
            |why: String| Error::Input(format!("{}: no record of `gaen bench --json`: {why}", path.display()));
        let record: Self =
            serde_json::from_slice(&files::document(path)?).map_err(|error| refused(error.to_string()))?;
        let is_time = |time: f64| (1e-3..1e15).contains(&time);
        match record.rows.iter().find(|row| !is_time(row.ns_per_key) || !is_time(row.ns_per_key_median)) {
            Some(row) => Err(refused(format!("{} ns a key in a row of {}", row.ns_per_key, row.name))),
            None => Ok(record),
        }
    }

    /// What to tell of the rows that something else on the machine disturbed. `None` if all are fit to keep.
    pub(super) fn doubt(&self) -> Option<String> {
        let noisy = self.rows.iter().filter(|row| row.is_noisy()).count();
        let rows = if noisy == 1 { "1 row is".to_owned() } else { format!("{noisy} rows are") };
        (noisy > 0).then(|| {
            format!("do not keep this: {rows} noisy, with a median over {} times the 10th percentile", Row::MOST_SPREAD)
        })
    }
}

impl Row {
    /// Of a quiet machine's rows the median is some 10 % above the 10th percentile.
    const MOST_SPREAD: f64 = 1.3;

    /// `true` if other work on the machine disturbed so many samples that the row says little.
    pub(super) fn is_noisy(&self) -> bool {
        self.ns_per_key_median > Self::MOST_SPREAD * self.ns_per_key
    }

    /// `true` if both did the same work in the same way.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let work = |row: &Self| (row.sightings, row.keys);
        self.name == other.name && self.tier == other.tier && work(self) == work(other)
    }

    /// Its name, with the tier if it has one.
    pub(super) fn label(&self) -> String {
        match &self.tier {
            Some(tier) => format!("{}, {tier}", self.name.trim_end_matches("_safe").replace('_', " ")),
            None => self.name.clone(),
        }
    }
}
