//! `gaen match`.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;

use gaen::{DropReason, Match, MatchReport, Matcher, Reason, RollingWindow, SightingIndex, Tally, Tier};
use serde::Serialize;

use crate::error::Error;
use crate::exports::{self, FileOutcome, Scanner, Status};
use crate::output::{self, BAD, BOLD, CAUTION, DIM, GOOD, counted, grouped, printable};
use crate::read_args::ReadArgs;
use crate::trust::Authenticity;
use crate::{hex, search, sightings, utc};

const EXAMPLES: &str = r#"Examples:
  gaen match --sightings heard.jsonl --trust 440-v1=cocoa.pem 440-*.zip
  gaen match --sightings a.csv b.csv --trust 262-v1=old.pem --trust 262-v2=new.pem *.zip
  gaen match --no-verify --json --sightings - -- export.bin < heard.jsonl

--sightings takes every argument up to the next option: the export files come after another option or after `--`.

Sightings are JSON lines
  {"rpi":"<32 hex digits>","aem":"<hex>","rssi":-60,"time":1601121592,
   "previous_scan":1601121292}
(each object on one line), or CSV with a header of the same names. Times are Unix seconds; previous_scan may be missing.

With --json, `file` of a match is the position of its file in `files`, and `sighting` the position of its sighting among all sightings in the order given, both from 0.

A sighting of a key's identifier that is over two hours off is counted as dropped. With --fast it is not noticed, and keys of days on which nothing was heard cost nothing.

Files are read piece by piece, in little memory. Pipes are read into memory first.

Revised keys are counted and not searched for. A file that is rejected contributes nothing; the others are searched, and the exit code is 1."#;

/// Find which sightings came from the owners of published keys
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// What was heard: JSON lines or CSV, `-` for standard input; may be repeated
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    sightings: Vec<PathBuf>,

    #[command(flatten)]
    authenticity: Authenticity,

    #[command(flatten)]
    read: ReadArgs,

    /// Look only near each sighting's time; sightings outside of the clock window are then not counted
    #[arg(long)]
    fast: bool,

    /// Search on so many threads [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,

    /// Search with these instructions of the CPU, by the name of a tier; it changes the speed alone [default: the fastest]
    #[arg(long)]
    tier: Option<Tier>,

    /// Print JSON
    #[arg(long)]
    json: bool,

    /// Export files: zips, and with --no-verify bare export.bin too
    #[arg(required = true, value_name = "EXPORT")]
    exports: Vec<PathBuf>,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    let trust = args.authenticity.trust()?;
    let sightings = sightings::read(&args.sightings)?;
    let index = if args.fast { SightingIndex::new(sightings) } else { SightingIndex::exhaustive(sightings) };
    let index = index.map_err(|error| Error::Input(error.to_string()))?;
    let matcher = Matcher::new(&index).profile(args.read.profile.into()).tier(args.tier.unwrap_or_else(Tier::best));

    let read = args.read.options_for(index.sightings().len());
    let scanner = Scanner::new(read, trust.as_ref());
    let (files, search) = search::through(matcher, &args.exports, &scanner, args.threads)?;
    let report = search.finish();
    let outcome = Outcome { files, report, sightings: index.sightings().len() };
    if args.json {
        output::json(out, &outcome.document())?;
    } else {
        outcome.print(out)?;
    }
    exports::fail_if_any_rejected(&outcome.files)
}

struct Outcome {
    files: Vec<FileOutcome>,
    report: MatchReport,
    sightings: usize,
}

#[derive(Serialize)]
struct Document<'a> {
    files: &'a [FileOutcome],
    matches: Vec<Row>,
    dropped: &'a Tally<DropReason>,
}

#[derive(Serialize)]
struct Row {
    file: usize,
    tek: String,
    #[serde(flatten)]
    window: RollingWindow,
    interval: u32,
    sighting: usize,
    time: u64,
    rssi: i8,
    tx_power: i8,
    attenuation: u8,
}

impl From<&Match> for Row {
    fn from(found: &Match) -> Self {
        Self {
            file: found.source,
            tek: hex::encode(&found.key.key_data),
            window: found.key.window,
            interval: found.interval.as_u32(),
            sighting: found.sighting,
            time: found.time,
            rssi: found.rssi,
            tx_power: found.metadata.tx_power(),
            attenuation: found.attenuation,
        }
    }
}

impl Outcome {
    fn document(&self) -> Document<'_> {
        let MatchReport { matches, dropped, .. } = &self.report;
        Document { files: &self.files, matches: matches.iter().map(Row::from).collect(), dropped }
    }

    fn print(&self, out: &mut dyn Write) -> Result<(), Error> {
        self.print_files(out)?;
        self.print_matches(out)?;
        self.print_dropped(out)?;
        let keys = self.by_key().count() as u64;
        let matched: BTreeSet<_> = self.report.matches.iter().map(|found| found.sighting).collect();
        let sightings = counted(self.sightings, "sighting");
        if keys == 0 {
            writeln!(out, "{BOLD}No key matched any of {sightings}.{BOLD:#}")?;
        } else {
            writeln!(out, "{BOLD}{} matched {} of {sightings}.{BOLD:#}", counted(keys, "key"), grouped(matched.len()))?;
        }
        Ok(())
    }

    fn by_key(&self) -> impl Iterator<Item = &[Match]> {
        self.report.matches.chunk_by(|a, b| (a.source, a.key) == (b.source, b.key))
    }

    fn print_files(&self, out: &mut dyn Write) -> Result<(), Error> {
        writeln!(out, "{BOLD}Files{BOLD:#}")?;
        for file in &self.files {
            let (style, status) = match file.status {
                Status::Verified => (GOOD, "verified"),
                Status::Unverified => (CAUTION, "unverified"),
                Status::Rejected => (BAD, "rejected"),
            };
            let keys = match file.status {
                Status::Rejected => String::new(),
                _ => counted(file.keys, "key"),
            };
            writeln!(out, "  {style}{status:<10}{style:#}  {keys:>12}  {}", printable(&file.path))?;
            let mut note = |text: &str| writeln!(out, "{:28}{}", "", printable(text));
            if !file.verified_by.is_empty() {
                note(&format!("signed by {}", file.verified_by.join(" and ")))?;
            }
            if file.revised_keys > 0 {
                note(&format!("{} (not searched for)", counted(file.revised_keys, "revised key")))?;
            }
            for (reason, count) in file.skipped_keys.iter() {
                note(&format!("{} skipped: {}", counted(count, "key"), exports::skip_reason(reason)))?;
            }
            if let Some(error) = &file.error {
                note(error)?;
            }
        }
        writeln!(out)?;
        Ok(())
    }

    fn print_matches(&self, out: &mut dyn Write) -> Result<(), Error> {
        for matches in self.by_key() {
            let Some(Match { source, key, .. }) = matches.first() else {
                continue;
            };
            let (start, end) = (key.window.start().unix_seconds(), key.window.end().unix_seconds());
            let tek = hex::encode(&key.key_data);
            writeln!(out, "{BOLD}Key {tek}{BOLD:#}  {} to {}", utc::minute(start), utc::minute(end))?;
            if let Some(file) = self.files.get(*source).filter(|_| self.files.len() > 1) {
                writeln!(out, "  {DIM}in {}{DIM:#}", printable(&file.path))?;
            }
            writeln!(out, "  {DIM}UTC               interval       RSSI  attenuation{DIM:#}")?;
            for found in matches {
                let (time, interval) = (utc::minute(found.time), found.interval.as_u32());
                writeln!(out, "  {time}  {interval:>8}  {:>5} dBm  {:>8} dB", found.rssi, found.attenuation)?;
            }
            writeln!(out)?;
        }
        Ok(())
    }

    fn print_dropped(&self, out: &mut dyn Write) -> Result<(), Error> {
        if self.report.dropped.total() == 0 {
            return Ok(());
        }
        writeln!(out, "{BOLD}Dropped{BOLD:#}  {DIM}the identifier is a key's, but the sighting does not count{DIM:#}")?;
        for (reason, count) in self.report.dropped.iter() {
            writeln!(out, "  {:>10}  {}", grouped(count), drop_reason(reason))?;
        }
        writeln!(out)?;
        Ok(())
    }
}

/// Why a sighting does not count, in words.
fn drop_reason(reason: DropReason) -> &'static str {
    match reason {
        DropReason::ClockWindow => "heard over two hours before or after its key broadcast it",
        DropReason::Replay => "heard over 20 minutes after it was first heard, so perhaps replayed",
        DropReason::AemLength => "its encrypted metadata is not 4 bytes",
        DropReason::Power => "its transmit power is outside the range of the profile",
        DropReason::ZeroAttenuation => "its attenuation is 0 dB, which Apple's profile does not believe",
        other => other.name(),
    }
}
