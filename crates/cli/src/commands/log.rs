//! `gaen log`.

mod files;

use std::io::Write;
use std::path::PathBuf;

use gaen::cocoa::{ExposureLog, HashOf};
use gaen::time::UtcOffset;
use gaen_report::Language;
use gaen_report::log::{LogDocument, Options};

use crate::error::Error;
use crate::{args, output};

const EXAMPLES: &str = "\
Examples:
  gaen log ExposureChecks-2020-09-06.json
  gaen log all-exposure-checks.json --exports 440/
  gaen log exposure_data.json --utc-offset -05:00
  gaen log ExposureChecks-2020-09-06.json --language ja
  pbpaste | gaen log - --exports 440/ --json

FILE is a log of iOS (both versions) or Android, COCOA's exposure_data.json, or one entry of a log. Its content \
tells which.

Times in a log are those of checks, never of a contact. The day of a contact follows from the file that matched: \
each of COCOA's files holds the keys of one UTC day. --exports finds that file by the hash in the log. iOS hashes \
export.bin. Android hashes all export.bin of a call, one after the other; log tries every run of up to 20 neighbours \
among the files in hand. microG hashes the zip. Signatures are not checked: a file with the logged hash is the file \
that the phone checked.";

/// Say what a log of exposure checks means, and on which day a contact was
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// Search these folders or export files for the files of the log; may be repeated
    #[arg(long, value_name = "PATH")]
    exports: Vec<PathBuf>,

    /// Also show contacts on this clock, an offset from UTC [default: the log's own, Japan's for COCOA]
    #[arg(long, value_name = "OFFSET", allow_hyphen_values = true)]
    utc_offset: Option<UtcOffset>,

    /// The language of the conclusions
    #[arg(long, value_parser = args::language(), default_value_t = Language::English)]
    language: Language,

    /// Print JSON
    #[arg(long)]
    json: bool,

    /// The log, `-` for standard input
    #[arg(value_name = "FILE")]
    log: PathBuf,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    let bytes = crate::files::document(&args.log)?;
    let log = ExposureLog::read(&bytes)
        .map_err(|error| Error::Input(format!("{}: {}: {error}", args.log.display(), error.code())))?;
    let calls = log.entries.iter().any(|entry| entry.hash.of == HashOf::Call);
    let files = (!args.exports.is_empty()).then(|| files::read(&args.exports, calls));
    let options = Options { utc_offset: args.utc_offset, language: args.language };
    let document = LogDocument::new(&log, files.as_ref(), options);
    output::document(out, &document, args.json)
}
