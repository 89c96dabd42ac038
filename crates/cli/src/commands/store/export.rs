//! `gaen store export`.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::ValueEnum;
use gaen_report::matching::MatchRow;
use gaen_report::read::SightingRow;
use gaen_report::text::style::GOOD;
use gaen_report::text::{counted, grouped, printable};
use serde::Serialize;

use crate::error::Error;
use crate::files::{self, NewFile, Readers};
use crate::stored;

const EXAMPLES: &str = "\
Examples:
  gaen store export gaen.db sightings -o heard.jsonl
  gaen store export gaen.db sightings | gaen match --sightings - --trust 440-v1=cocoa.pem 440-*.zip
  gaen store export gaen.db matches --format csv

Sightings are written in the form that --sightings reads. If encrypted metadata was not four bytes long, a store \
remembers only its length: zeros stand for it.

Matches have the fields of `matches` of `gaen match --json`. `file` is the number of the file in the store, which \
`gaen store look` shows.";

/// Write sightings or matches, as JSON lines or CSV
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Args {
    /// The store
    store: PathBuf,

    /// What to write
    #[arg(value_enum)]
    what: What,

    /// One JSON object a line, or comma-separated values
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    format: Format,

    /// The file to write, which only you can read [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Overwrite the file
    #[arg(long, requires = "output")]
    force: bool,
}

impl Args {
    pub(super) fn what_stays(&self) -> Option<&'static str> {
        self.output.is_some().then_some("the file is written")
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    Sightings,
    Matches,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Jsonl,
    Csv,
}

pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    let store = stored::open_existing(&args.store)?;
    let (rows, bytes) = match args.what {
        What::Sightings => args.format.rows(SightingRow::COLUMNS, store.sightings()?.iter().map(SightingRow::from)),
        What::Matches => args.format.rows(MatchRow::COLUMNS, store.matches()?.matches.iter().map(MatchRow::from)),
    }?;
    let Some(path) = &args.output else {
        out.write_all(&bytes)?;
        return Ok(());
    };
    files::write(&[NewFile { path: path.clone(), bytes: &bytes, readers: Readers::Owner }], args.force)?;
    let noun = match args.what {
        What::Sightings => counted(rows, "sighting"),
        What::Matches if rows == 1 => "1 match".to_owned(),
        What::Matches => format!("{} matches", grouped(rows)),
    };
    writeln!(out, "{GOOD}wrote{GOOD:#} {}  {noun}", printable(&path.to_string_lossy()))?;
    Ok(())
}

impl Format {
    /// How many rows there are, and how they are written.
    fn rows(self, columns: &[&str], rows: impl Iterator<Item = impl Serialize>) -> io::Result<(usize, Vec<u8>)> {
        let (mut count, mut bytes) = (0, Vec::new());
        match self {
            Self::Jsonl => {
                for row in rows {
                    serde_json::to_writer(&mut bytes, &row)?;
                    bytes.push(b'\n');
                    count += 1;
                }
            }
            Self::Csv => {
                let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(&mut bytes);
                // Also above no rows at all.
                writer.write_record(columns)?;
                for row in rows {
                    writer.serialize(row)?;
                    count += 1;
                }
                writer.flush()?;
            }
        }
        Ok((count, bytes))
    }
}
