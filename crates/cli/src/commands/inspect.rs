//! `gaen inspect`.

use std::io::Write;
use std::path::{Path, PathBuf};

use gaen::export::{ReadOptions, UnverifiedExport};
use gaen_report::document::{Document, Files};
use gaen_report::inspect::{Inspection, KeyLists};
use gaen_report::text::counted;

use crate::error::Error;
use crate::read_args::ReadArgs;
use crate::{exports, files, output};

const EXAMPLES: &str = "\
Examples:
  gaen inspect 440-366.zip
  gaen inspect --keys export.bin
  gaen inspect --json *.zip | jq '.files[] | [.path, .export_bin.region, .export_bin.keys]'

  The keys as gaen export reads them:
  gaen inspect --keys --json 1.zip | jq -c '.files[].keys_list[]' > keys.jsonl

inspect checks no signature. Fields and statistics show what is in the file, good or bad. --keys lists only keys \
that a reader accepts.";

/// Show what export files are made of
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// Also list the keys
    #[arg(long)]
    keys: bool,

    #[command(flatten)]
    read: ReadArgs,

    /// Print JSON
    #[arg(long)]
    json: bool,

    /// Export files, zips or bare export.bin, or folders of zips
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    let options = args.read.options();
    let files = files::exports(&args.files);
    let inspections = files.iter().map(|path| inspection(path, &options, args.keys));
    let mut problems = 0;
    if args.json {
        let inspections = Files { files: inspections.collect() };
        problems = inspections.files.iter().filter(|inspection| inspection.report.problem.is_some()).count();
        output::json(out, &inspections)?;
    } else {
        for (position, inspection) in inspections.enumerate() {
            if position > 0 {
                writeln!(out)?;
            }
            inspection.print(out)?;
            problems += usize::from(inspection.report.problem.is_some());
        }
    }
    match problems {
        0 => Ok(()),
        _ => Err(Error::Input(format!("{problems} of {} with a problem", counted(files.len(), "file")))),
    }
}

fn inspection(path: &Path, options: &ReadOptions, list_keys: bool) -> Inspection {
    let file = exports::bytes(path, options);
    let report = exports::report(&file, options);
    let lists = list_keys.then(|| file.map_or_else(|_| KeyLists::default(), |file| key_lists(&file, options)));
    Inspection { path: exports::name(path), report, lists }
}

/// The keys that a reader accepts. Why there are none stands in the report already.
fn key_lists(file: &[u8], options: &ReadOptions) -> KeyLists {
    let contents = UnverifiedExport::from_file(file, options).and_then(|export| export.read_without_verifying());
    contents.map_or_else(|_| KeyLists::default(), KeyLists::from)
}
