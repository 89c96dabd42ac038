//! `gaen store look`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::PathBuf;

use gaen::Profile;
use gaen::exposure::Basis;
use gaen::matching::DropReason;
use gaen::store::{AwaitedFile, Counts, FileRecord, Store};
use gaen::tally::Tally;
use gaen::time::UtcDay;
use gaen_report::document::Document;
use gaen_report::text::style::{BOLD, CAUTION, DIM, GOOD};
use gaen_report::text::{chart, counted, grouped, hex, printable, utc};
use gaen_report::verdict;
use serde::Serialize;

use crate::error::Error;
use crate::{output, stored};

const EXAMPLES: &str = "\
Examples:
  gaen store look gaen.db
  gaen store look gaen.db --json | jq -r '.files[] | [.id, .region, .export_sha256] | @tsv'

look changes nothing.";

/// Show what is in a store
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Args {
    /// The store
    store: PathBuf,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct LookDocument {
    profile: Profile,
    counts: Counts,
    first_sighting: Option<u64>,
    last_sighting: Option<u64>,
    days: Vec<Day>,
    files: Vec<FileRecord>,
    awaited_files: Vec<AwaitedFile>,
    matched: Matched,
    dropped: Tally<DropReason>,
    basis: Basis,
}

#[derive(Serialize)]
struct Day {
    date: UtcDay,
    sightings: u64,
}

/// What counts.
#[derive(Serialize)]
struct Matched {
    keys: usize,
    sightings: usize,
}

pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    output::document(out, &LookDocument::of(&stored::open_existing(&args.store)?)?, args.json)
}

impl LookDocument {
    fn of(store: &Store) -> Result<Self, Error> {
        let sightings = store.sightings()?;
        let times = || sightings.iter().map(|sighting| sighting.time);
        let mut days: BTreeMap<_, u64> = BTreeMap::new();
        for time in times() {
            *days.entry(UtcDay::from_unix_seconds(time)).or_default() += 1;
        }
        let report = store.matches()?;
        let keys: BTreeSet<_> = report.matches.iter().map(|found| (found.key.key_data, found.key.window)).collect();
        let heard: BTreeSet<_> = report.matches.iter().map(|found| found.sighting).collect();
        Ok(Self {
            profile: store.profile(),
            counts: store.counts()?,
            first_sighting: times().min(),
            last_sighting: times().max(),
            days: days.into_iter().map(|(date, sightings)| Day { date, sightings }).collect(),
            files: store.files()?,
            awaited_files: store.awaited_files()?,
            matched: Matched { keys: keys.len(), sightings: heard.len() },
            dropped: report.drop_reasons(),
            basis: store.basis(0)?,
        })
    }

    /// Files of a backup that were not given again.
    fn print_awaited(&self, out: &mut dyn Write) -> io::Result<()> {
        let files = &self.awaited_files;
        if files.is_empty() {
            return Ok(());
        }
        let (is, count) = (if files.len() == 1 { "is" } else { "are" }, counted(files.len(), "file"));
        writeln!(out, "\n{CAUTION}{count} of a restored backup {is} awaited{CAUTION:#}")?;
        writeln!(out, "  {DIM}What was found in them counts when they are given again, and verified.{DIM:#}")?;
        for file in files {
            let (keys, region) = (counted(file.matched_keys, "key"), file.facts.region.as_deref().unwrap_or_default());
            write!(out, "        {keys:>12}  {:<6}", printable(region))?;
            if let (Some(start), Some(end)) = (file.facts.start_timestamp, file.facts.end_timestamp) {
                write!(out, "  {} to {}", utc::minute(start), utc::minute(end))?;
            }
            writeln!(out, "  heard there, by what the backup says")?;
            writeln!(out, "        {DIM}{}{DIM:#}", hex::encode(&file.export_sha256))?;
        }
        Ok(())
    }
}

impl Document for LookDocument {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { counts, matched, .. } = self;
        writeln!(out, "{BOLD}{}{BOLD:#}", counted(counts.sightings, "sighting"))?;
        if let (Some(first), Some(last)) = (self.first_sighting, self.last_sighting) {
            writeln!(out, "  {DIM}{} to {} (UTC){DIM:#}", utc::minute(first), utc::minute(last))?;
        }
        let days: Vec<_> = self.days.iter().map(|day| (day.date, day.sightings)).collect();
        chart(out, &days)?;

        writeln!(
            out,
            "\n{BOLD}{} searched, by the profile {}{BOLD:#}",
            counted(counts.files, "file"),
            self.profile.name()
        )?;
        for file in &self.files {
            print_file(file, out)?;
        }

        self.print_awaited(out)?;
        let (keys, sightings) = (counted(matched.keys, "key"), counted(matched.sightings, "sighting"));
        writeln!(out)?;
        match self.basis.not_searched().filter(|_| matched.keys == 0) {
            Some(reason) => verdict::print_not_judged(reason, out)?,
            None => writeln!(out, "{BOLD}{keys} matched {sightings}{BOLD:#}")?,
        }
        verdict::print_shortcomings(self.basis.files, out)?;
        for (count, what) in [
            (self.dropped.total(), "sightings of a key's identifier do not count"),
            (counts.revised_keys, "revised keys"),
            (counts.unfinished_searches, "interrupted searches"),
            (counts.own_keys, "own keys"),
        ] {
            if count > 0 {
                writeln!(out, "  {:>10}  {what}", grouped(count))?;
            }
        }
        Ok(())
    }
}

fn print_file(file: &FileRecord, out: &mut dyn Write) -> io::Result<()> {
    let (style, state) = match file.is_up_to_date {
        true => (GOOD, "searched for all sightings"),
        false => (CAUTION, "new sightings to search for"),
    };
    let region = file.facts.region.as_deref().unwrap_or_default();
    let keys = counted(file.keys, "key");
    write!(out, "  {:>4}  {keys:>12}  {:<6}", file.id, printable(region))?;
    if let (Some(start), Some(end)) = (file.facts.start_timestamp, file.facts.end_timestamp) {
        write!(out, "  {} to {}", utc::minute(start), utc::minute(end))?;
    }
    writeln!(out, "  {style}{state}{style:#}")?;
    let by = printable(&file.verified_by);
    let last = utc::date(file.last_offered);
    writeln!(out, "        {DIM}{}  signed by {by}, last given {last}{DIM:#}", hex::encode(&file.export_sha256))?;
    Ok(())
}
