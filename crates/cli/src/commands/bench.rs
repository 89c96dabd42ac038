//! `gaen bench`.

use std::io::Write;
use std::path::{Path, PathBuf};

use gaen::matching::Tier;
use gaen_bench::World;
use gaen_bench::archive::Archive;
use gaen_bench::record::{MeasureError, Plan, Record, chart};

use crate::error::Error;
use crate::files::{self, NewFile, Readers};
use crate::output;
use crate::progress::Steps;

const EXAMPLES: &str = "\
Examples:
  gaen bench --quick
  gaen bench --tier safe --sightings 10000
  taskset -c 1 gaen bench --json > record.json
  gaen bench --compare record.json --svg now.svg
  gaen bench --read record.json --svg then.svg

Everything but the last line runs on one thread. Keys and sightings are made up and their matches known: a wrong \
answer ends the command. A time is the 10th percentile of many short samples, with the median beside it. If the median \
is over 1.3 times that, other work kept the machine busy. The row is then measured again, together with the rows that \
take turns with it: up to eight measurements in all, of which the last counts; --quick measures once. A row that stays \
so is marked as noisy: do not keep the record. Ratios carry over to other machines, times do not.";

/// Measure how fast this machine matches, against two plain programs
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// How many keys to match [default: 100,000, 1,000,000 in a file, and 3,000,000 in an archive; with --quick 10,000,
    /// 100,000 and 200,000]
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

    /// Show this record of an earlier `gaen bench --json` instead of measuring; may be repeated, and --svg then draws
    /// all
    #[arg(long, value_name = "FILE", conflicts_with_all = ["keys", "sightings", "tier", "quick"])]
    read: Vec<PathBuf>,

    /// Compare with this earlier record, row by row
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    compare: Option<PathBuf>,

    /// Draw time against the number of sightings into this file
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,

    /// Overwrite the drawing, if it is a file and there already
    #[arg(long, requires = "svg")]
    force: bool,

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
    if args.json && args.read.len() > 1 {
        return Err(Error::Usage("--json prints one record, and --read is given several times".into()));
    }
    // Before anything takes long.
    let then = args.compare.as_deref().map(|path| read(path).map(|then| (path, then))).transpose()?;
    let records = match &args.read[..] {
        [] => vec![args.measure()?],
        paths => paths.iter().map(|path| read(path)).collect::<Result<_, _>>()?,
    };
    if let Some(path) = &args.svg {
        let svg = chart(&records).ok_or_else(|| Error::Input("there is no row of matching to draw".into()))?;
        let file = NewFile { path: path.clone(), bytes: svg.as_bytes(), readers: Readers::Usual };
        files::write(&[file], args.force)?;
    }
    for record in &records {
        if args.json
            && let Some(doubt) = record.doubt()
        {
            output::warn(&doubt);
        }
        output::document(out, record, args.json)?;
        if let Some((path, then)) = &then {
            record.print_beside(then, &path.to_string_lossy(), out)?;
        }
    }
    Ok(())
}

/// Reads the record in a file.
fn read(path: &Path) -> Result<Record, Error> {
    let record = Record::read(&files::document(path)?);
    record.map_err(|why| Error::Input(format!("{}: no record of `gaen bench --json`: {why}", path.display())))
}

impl Args {
    fn measure(&self) -> Result<Record, Error> {
        let plan = self.plan();
        let mut steps = Steps::of(plan.steps());
        let record = Record::measure(&plan, |step| steps.begin(step));
        steps.finish();
        record.map_err(|error| match error {
            MeasureError::TooManySightings(_) => Error::Usage(error.to_string()),
            error => Error::Input(error.to_string()),
        })
    }

    fn plan(&self) -> Plan {
        let mut plan = if self.quick { Plan::quick() } else { Plan::full() };
        if let Some(tier) = self.tier {
            (plan.tiers, plan.best) = (vec![tier], tier);
        }
        if let Some(keys) = self.keys {
            (plan.keys, plan.file_keys) = (keys, keys);
            plan.archive_keys = keys.max(Archive::FEWEST_KEYS);
            plan.archive_files = (plan.archive_keys / 50_000).clamp(4, plan.archive_files);
        }
        if !self.sightings.is_empty() {
            plan.sightings.clone_from(&self.sightings);
        }
        plan
    }

    /// What the command has done by the time that it prints anything, if it stays done.
    pub(super) fn what_stays(&self) -> Option<&'static str> {
        self.svg.is_some().then_some("the drawing is written")
    }
}
