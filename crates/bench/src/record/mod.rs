//! The record of `gaen bench`: what is measured, as a document, as a table and as a picture.
//!
//! ```no_run
//! use gaen_bench::record::{Plan, Record};
//!
//! let record = Record::measure(&Plan::quick(), |step| eprintln!("{step}"))?;
//! println!("{}", record.rows[0].ns_per_key);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod chart;
mod measure;
mod print;
mod race;

use std::io::{self, Write};

use gaen_report::document::Document;
use serde::{Deserialize, Serialize};

pub use measure::{MeasureError, Plan};
pub use race::Patience;

use crate::clock::Spread;

/// All that was measured at one time.
#[derive(Debug, Deserialize, Serialize)]
pub struct Record {
    /// The day, as `benches/record/report.py` writes it into a record that is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The name of the CPU.
    pub cpu: String,
    /// The instruction sets of the CPU that a tier may use.
    pub cpu_flags: Vec<String>,
    /// The clock of the CPU while it measured, as cycles a nanosecond.
    pub clock_ghz: f64,
    /// The tier of the rows about files and the fortnight.
    pub tier: String,
    /// What that tier goes by. Empty in records that were made before `gaen bench` told.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tier_reason: String,
    /// The tiers that this CPU has, the fastest first.
    pub tiers: Vec<String>,
    /// The version of `gaen`.
    pub version: String,
    /// The ways to find matches: first in memory, then in a file.
    pub rows: Vec<Row>,
    /// The steps of a search, by tier.
    pub stages: Vec<TierStages>,
    /// The steps of reading a file.
    pub file_stages: FileStages,
    /// The archive of the rows `archive` and `archive_forgetting`. `None` in records from before there were any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archive: Option<ArchiveFacts>,
    /// The instructions that the crates behind the row `crates` use on this CPU. `None` in older records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crates_use: Option<String>,
    /// The same search on one and on two threads. `None` on a machine with one core.
    pub two_threads: Option<TwoThreads>,
}

/// A way to find the matches of some keys among some sightings.
#[derive(Debug, Deserialize, Serialize)]
pub struct Row {
    /// Which way: `naive` and `crates` are the baselines.
    pub name: String,
    /// The tier. `None` for a baseline.
    pub tier: Option<String>,
    /// How many sightings were searched.
    pub sightings: usize,
    /// How many keys were matched.
    pub keys: usize,
    /// Nanoseconds a key, the 10th percentile of the samples.
    pub ns_per_key: f64,
    /// Cycles a key, the 10th percentile of the samples.
    pub cycles_per_key: f64,
    /// How many times as fast as `crates` it is.
    pub ratio_to_crates: Option<f64>,
    /// How many times as fast as `naive` it is.
    pub ratio_to_naive: Option<f64>,
    /// How many matches were found: the planted ones.
    pub matches: usize,
    /// Nanoseconds a key, the median of the samples.
    pub ns_per_key_median: f64,
    /// Cycles a key, the median of the samples.
    pub cycles_per_key_median: f64,
    /// How many samples were taken.
    pub samples: usize,
    #[serde(skip)]
    gigahertz: f64,
}

/// The steps of a search with one tier, cycles and nanoseconds a key.
#[derive(Debug, Deserialize, Serialize)]
pub struct TierStages {
    /// The tier.
    pub tier: String,
    /// The cost of HKDF.
    pub hash: Cost,
    /// The cost of AES, and of the probe of an empty filter.
    pub search_nothing: Cost,
    /// The cost of AES and of the probe, by number of sightings.
    pub search: Vec<SearchCost>,
}

/// AES and the probe of a filter with some number of sightings.
#[derive(Debug, Deserialize, Serialize)]
pub struct SearchCost {
    /// How many sightings the filter holds.
    pub sightings: usize,
    /// AES, and the probe of this filter.
    #[serde(flatten)]
    pub search: Cost,
    /// What the probe of this filter costs more than the probe of an empty filter.
    pub probe_cycles_per_key: f64,
}

/// The cost of one step.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct Cost {
    /// Nanoseconds a key.
    pub ns_per_key: f64,
    /// Cycles a key.
    pub cycles_per_key: f64,
}

/// The steps of reading a file, nanoseconds a key.
#[derive(Debug, Deserialize, Serialize)]
pub struct FileStages {
    /// How many keys the file has.
    pub keys: usize,
    /// The size of the zip, bytes.
    pub zip_bytes: usize,
    /// The cost of inflating.
    pub inflate: Cost,
    /// The cost of SHA-256 over `export.bin`.
    pub hash: Cost,
    /// The cost of parsing.
    pub parse: Cost,
    /// The cost of ECDSA, microseconds a file.
    pub signature_us: f64,
    /// How many bytes a search of the file holds at most, beside the index.
    pub scan_peak_bytes: Option<u64>,
}

/// An archive whose files repeat keys.
#[derive(Debug, Deserialize, Serialize)]
pub struct ArchiveFacts {
    /// How many files it has.
    pub files: usize,
    /// How many keys the files list together.
    pub keys: usize,
    /// How many different keys they list.
    pub different_keys: usize,
    /// The size of all zips together, bytes.
    pub zip_bytes: u64,
}

/// The same keys on one and on two threads.
#[derive(Debug, Deserialize, Serialize)]
pub struct TwoThreads {
    /// How many sightings were searched.
    pub sightings: usize,
    /// How many keys were matched.
    pub keys: usize,
    /// Nanoseconds a key on one thread.
    pub one_ns_per_key: f64,
    /// Nanoseconds a key on two threads.
    pub two_ns_per_key: f64,
    /// How many times as fast two threads are.
    pub speedup: f64,
}

/// Draws nanoseconds a key against the number of sightings, as SVG: one picture below the other, with the same axes.
/// `None` if no record has a row of matching.
#[must_use]
pub fn chart(records: &[Record]) -> Option<String> {
    chart::svg(records)
}

impl Record {
    /// Reads what `gaen bench --json` printed.
    ///
    /// # Errors
    /// A sentence that says why `json` is no record.
    pub fn read(json: &[u8]) -> Result<Self, String> {
        let record: Self = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        let is_time = |time: f64| (1e-3..1e15).contains(&time);
        match record.rows.iter().find(|row| !is_time(row.ns_per_key) || !is_time(row.ns_per_key_median)) {
            Some(row) => Err(format!("{} ns a key in a row of {}", row.ns_per_key, row.name)),
            None => Ok(record),
        }
    }

    /// Measures by this plan, and calls `begin` with the name of each step before the step begins.
    ///
    /// # Panics
    /// If a search finds anything but what was planted: no wrong answer has a speed.
    ///
    /// # Errors
    /// More sightings than an index takes, or no place for a file to measure with.
    pub fn measure(plan: &Plan, begin: impl FnMut(&str)) -> Result<Self, MeasureError> {
        measure::record(plan, begin)
    }

    /// Writes every row beside the same row of the earlier record `then`, which is called `name`.
    ///
    /// # Errors
    /// What `out` answers.
    pub fn print_beside(&self, then: &Self, name: &str, out: &mut dyn Write) -> io::Result<()> {
        print::compare(self, then, name, out)
    }

    /// Why not to keep the record: other work on the machine disturbed rows. `None` if all rows are fit to keep.
    #[must_use]
    pub fn doubt(&self) -> Option<String> {
        let noisy = self.rows.iter().filter(|row| row.is_noisy()).count();
        let rows = if noisy == 1 { "1 row is".to_owned() } else { format!("{noisy} rows are") };
        (noisy > 0).then(|| {
            format!("do not keep this: {rows} noisy, with a median over {} times the 10th percentile", Spread::MOST)
        })
    }
}

/// The text is a table.
impl Document for Record {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        print::print(self, out)
    }
}

impl Row {
    /// `true` if other work on the machine disturbed so many samples that the row says little.
    #[must_use]
    pub fn is_noisy(&self) -> bool {
        Spread { low: self.ns_per_key, median: self.ns_per_key_median }.is_noisy()
    }

    /// `true` if both did the same work in the same way.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        let work = |row: &Self| (row.sightings, row.keys);
        self.name == other.name && self.tier == other.tier && work(self) == work(other)
    }

    /// The row's name, with the tier if it has one.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.tier {
            Some(tier) => format!("{}, {tier}", self.name.trim_end_matches("_safe").replace('_', " ")),
            None => self.name.clone(),
        }
    }
}
