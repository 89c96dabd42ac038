//! `gaen judge`.

use std::io::Write;
use std::path::PathBuf;

use gaen_report::Language;
use gaen_report::judge::{JudgeDocument, Previous};
use gaen_report::text::moment;

use crate::error::Error;
use crate::judged_by::JudgedBy;
use crate::{args, exports, inputs, output};

const EXAMPLES: &str = "\
Examples:
  gaen judge windows.json --preset cwa-android --preset cocoa-v2
  gaen judge exposure_data.json --preset cocoa-v2 --explain
  gaen judge cases.json --config parameters.json --now 2021-03-02 --json
  gaen judge tuesday.json --preset enx --previous monday-answer.json

WINDOWS has the exposure windows that an app had, in the form in which the app exported them: Corona-Warn-App (test \
cases, test menu, donated data), DP-3T's calibration app, Chino and COCOA, COVID Alert, NHS COVID-19, or what `gaen \
exposures --windows-out` and `gaen exposures --json` write. The content tells which.

Each configuration judges the same windows. A field that the file lacks stays missing: a rule that needs the field says \
that it cannot judge, and the exit code is 1. Dates that lost their upper 32 bits are found again and marked. Each test \
case is judged by itself.

Some apps compare an answer with the one before, and tell their user only of what is new or was withdrawn. --previous takes \
what `--json` printed for the windows of the time before, with the same configurations.

Windows tell nothing of version 1: a rule of risk scores cannot judge them.";

/// Say what apps would have decided of exposure windows
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    judged_by: JudgedBy,

    /// The time of the judgement, Unix seconds or ISO 8601 [default: when the file was made, else the latest day of a
    /// window]
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    now: Option<u64>,

    /// Explain why, from each scan to the verdict
    #[arg(long)]
    explain: bool,

    /// Compare with the answers of before, as `gaen judge --json` printed them
    #[arg(long, value_name = "FILE")]
    previous: Option<PathBuf>,

    /// The language of the summary
    #[arg(long, value_parser = args::language(), default_value_t = Language::English)]
    language: Language,

    /// Print JSON
    #[arg(long)]
    json: bool,

    /// The exposure windows, `-` for standard input
    #[arg(value_name = "WINDOWS")]
    windows: PathBuf,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    let configurations = args.judged_by.read_some()?;
    let (file, today) = inputs::windows(&args.windows, args.now)?;
    let document = match &args.previous {
        None => JudgeDocument::new(&file, &configurations, today),
        Some(path) => {
            let (name, input) = inputs::open(path)?;
            let compared = JudgeDocument::compared(&file, &configurations, today, &Previous::read(&name, input)?);
            compared.map_err(|error| Error::Input(error.to_string()))?
        }
    };
    let document = document.in_language(args.language);
    let document = if args.explain { document.explained() } else { document };
    output::document(out, &document, args.json)?;
    exports::fail_if_not_judged(document.not_judged())
}
