//! `gaen inspect`.

mod print;

use std::io::Write;
use std::path::{Path, PathBuf};

use gaen::export::{FileReport, ReadOptions};
use gaen::keys::{DaysSinceOnset, KeyData, ReportType, TransmissionRiskLevel, VariantOfConcern};
use gaen::{DiagnosisKey, RollingWindow};
use gaen_report::text::counted;
use serde::Serialize;

use crate::error::Error;
use crate::output::Files;
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

/// What is known of a file.
#[derive(Serialize)]
struct Inspection {
    path: String,
    #[serde(flatten)]
    report: FileReport,
    #[serde(flatten)]
    lists: Option<KeyLists>,
}

#[derive(Default, Serialize)]
struct KeyLists {
    keys_list: Vec<Key>,
    revised_keys_list: Vec<Key>,
}

/// A key in the form in which `gaen export` reads it.
#[derive(Serialize)]
struct Key {
    tek: KeyData,
    #[serde(flatten)]
    window: RollingWindow,
    transmission_risk_level: TransmissionRiskLevel,
    report_type: ReportType,
    days_since_onset_of_symptoms: Option<DaysSinceOnset>,
    variant_of_concern: VariantOfConcern,
}

impl From<DiagnosisKey> for Key {
    fn from(key: DiagnosisKey) -> Self {
        Self {
            tek: key.key_data,
            window: key.window,
            transmission_risk_level: key.transmission_risk_level,
            report_type: key.report_type,
            days_since_onset_of_symptoms: key.days_since_onset_of_symptoms,
            variant_of_concern: key.variant_of_concern,
        }
    }
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    let options = args.read.options();
    let files = files::exports(&args.files);
    let inspections = files.iter().map(|path| Inspection::of(path, &options, args.keys));
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
            print::inspection(&inspection, out)?;
            problems += usize::from(inspection.report.problem.is_some());
        }
    }
    match problems {
        0 => Ok(()),
        _ => Err(Error::Input(format!("{problems} of {} with a problem", counted(files.len(), "file")))),
    }
}

impl Inspection {
    fn of(path: &Path, options: &ReadOptions, list_keys: bool) -> Self {
        let file = exports::bytes(path, options);
        let report = exports::report(&file, options);
        let lists = list_keys.then(|| file.map_or_else(|_| KeyLists::default(), |file| KeyLists::of(&file, options)));
        Self { path: path.to_string_lossy().into_owned(), report, lists }
    }
}

impl KeyLists {
    /// The keys that a reader accepts. Why there are none stands in the report already.
    fn of(file: &[u8], options: &ReadOptions) -> Self {
        let contents = exports::open_any(file, options).and_then(|export| export.read_without_verifying());
        let Ok(contents) = contents else {
            return Self::default();
        };
        let list = |keys: Vec<DiagnosisKey>| keys.into_iter().map(Key::from).collect();
        Self { keys_list: list(contents.keys), revised_keys_list: list(contents.revised_keys) }
    }
}
