//! `gaen log`.

mod files;

use std::io::Write;
use std::path::PathBuf;

use gaen::cocoa::ExposureLog;
use gaen::time::UtcOffset;
use gaen_report::Language;
use gaen_report::judge::JudgeDocument;
use gaen_report::log::{LogDocument, Options};
use gaen_report::text::moment;

use crate::error::Error;
use crate::judged_by::JudgedBy;
use crate::{args, inputs, output};

const EXAMPLES: &str = "\
Examples:
  gaen log ExposureChecks-2020-09-06.json
  gaen log all-exposure-checks.json --exports 440/
  gaen log exposure_data.json --utc-offset -05:00
  gaen log ExposureChecks-2020-09-06.json --language ja
  gaen log exposure_data.json --preset cwa-android --preset cocoa-v2
  pbpaste | gaen log - --exports 440/ --json

FILE is a log of iOS (both versions) or Android, COCOA's exposure_data.json, or one entry of a log. Its content \
tells which.

Times in a log are those of checks, never of a contact. The day of a contact follows from the file that matched: \
each of COCOA's files holds the keys of one UTC day. --exports finds that file by the hash in the log. iOS hashes \
export.bin. Android hashes all export.bin of a call, one after the other; log tries every run of up to 20 neighbours \
among the files in hand. microG hashes the zip. Signatures are not checked: a file with the logged hash is the file \
that the phone checked.

--preset and --config judge the exposure windows of exposure_data.json as another app would have: see `gaen judge`.";

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

    #[command(flatten)]
    judged_by: JudgedBy,

    /// The time at which --preset and --config judge, Unix seconds or ISO 8601 [default: the latest day of a window]
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    now: Option<u64>,

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
    let files = (!args.exports.is_empty()).then(|| files::read(&args.exports, log.has_calls()));
    let options = Options { utc_offset: args.utc_offset, language: args.language, on_a_page: false };
    let mut document = LogDocument::new(&log, files.as_ref(), options);
    let configurations = args.judged_by.read()?;
    if !configurations.is_empty() {
        let name = args.log.display().to_string();
        if log.exposure_data.is_none() {
            let format = log.format.name();
            return Err(Error::Input(format!(
                "{name}: {format} has no exposure windows to judge, exposure_data.json has"
            )));
        }
        let (windows, today) = inputs::windows_in(&name, bytes.as_slice(), args.now)?;
        document = document.judged(JudgeDocument::new(&windows, &configurations, today).in_language(args.language));
    }
    output::document(out, &document, args.json)
}
