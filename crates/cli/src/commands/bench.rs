//! `gaen bench`.

mod measure;
mod print;
mod race;

use std::io::Write;

use gaen::matching::Tier;
use gaen_bench::World;

use crate::error::Error;
use crate::output;

const EXAMPLES: &str = "\
Examples:
  gaen bench --quick
  gaen bench --tier safe --sightings 10000
  taskset -c 1 gaen bench --json > record.json

Everything but the last line runs on one thread. Keys and sightings are made up and their matches known: a wrong \
answer ends the command. A time is the 10th percentile of many short samples, with the median beside it. If the two \
are far apart, the machine was busy. Ratios carry over to other machines, times do not.";

/// Measure how fast this machine matches, against two plain programs
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// How many keys to match [default: 100,000, and 1,000,000 in a file; with --quick 10,000 and 100,000]
    #[arg(long, value_name = "N", value_parser = at_least::<{ World::FEWEST_KEYS }>)]
    keys: Option<usize>,

    /// How many sightings to search; may be repeated [default: 1,000, 10,000, 100,000 and 1,000,000]
    #[arg(long, value_name = "N", value_parser = at_least::<{ World::FEWEST_SIGHTINGS }>)]
    sightings: Vec<usize>,

    /// Measure only this tier. An unknown name lists the tiers of this CPU
    #[arg(long)]
    tier: Option<Tier>,

    /// Take fewer keys and samples: under 20 seconds
    #[arg(long)]
    quick: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// A number of things that is not too small to measure with, nor larger than an index takes.
fn at_least<const FEWEST: usize>(text: &str) -> Result<usize, String> {
    const MOST: usize = 100_000_000;
    let number: usize = text.parse().map_err(|_| "not a whole number".to_owned())?;
    if (FEWEST..=MOST).contains(&number) { Ok(number) } else { Err(format!("not from {FEWEST} to {MOST}")) }
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    let record = measure::record(args)?;
    if args.json { output::json(out, &record) } else { print::print(&record, out) }
}
