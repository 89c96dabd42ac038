//! `gaen export`.

use std::fs;
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use gaen::export::{ExportBuilder, ExportFile, WriteError};
use gaen_report::document::{Files, WrittenExport};
use gaen_report::read::KeyList;
use gaen_report::text::grouped;

use crate::error::Error;
use crate::files::{self, NewFile, Readers};
use crate::trust::NamedKeyFile;
use crate::{inputs, moment, output};

const EXAMPLES: &str = r#"Examples:
  gaen export --keys keys.jsonl --region 440 --start 2020-07-24 --end 2020-07-25 \
      --sign 440-v1=test-440.private.pem -o 1.zip

  Signed by two keys, padded as Google's server does, under conventional names:
  gaen export --keys keys.csv --region DE --start 2020-07-24 --end 2020-07-25 \
      --sign 262-v1=a.pem --sign 262-v2=b.pem --pad-to 1000 --pad-random 100 -o out/

Keys are JSON objects, or CSV with a header of the same names. The first two fields have to be there; `key_data` will do for `tek`:
  {
    "tek": "75c734c6dd1a782de7a965da5eb93125",
    "rolling_start_interval_number": 2642976,
    "rolling_period": 1 to 144 (default 144),
    "transmission_risk_level": 0 to 8,
    "report_type": "unknown", "confirmed_test", "confirmed_clinical_diagnosis",
                   "self_report", "recursive" or "revoked", or its number, 0 to 5,
    "days_since_onset_of_symptoms": -14 to 14,
    "variant_of_concern": 0 to 4
  }
A key may also be base64 or an array of 16 numbers. The JSON of protobuf (keyData, rollingStartIntervalNumber, .., in a list
keys; --revised-keys takes its revisedKeys), of key servers (temporaryExposureKeys of key, rollingStartNumber, ..) and
arrays of such objects are read too, over any number of lines."#;

/// Write signed export files
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The keys: JSON or CSV, `-` for standard input
    #[arg(long, value_name = "FILE")]
    keys: PathBuf,

    /// Keys whose report changed after publication, in the same form
    #[arg(long, value_name = "FILE")]
    revised_keys: Option<PathBuf>,

    /// The region that the keys come from
    #[arg(long)]
    region: String,

    /// Start of the time window, Unix seconds or ISO 8601
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    start: u64,

    /// End of the time window, Unix seconds or ISO 8601
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    end: u64,

    /// Sign with this private key (PKCS#8 or SEC1, PEM or DER); may be repeated, and then every key signs
    #[arg(long, required = true, value_name = "ID-VERSION=FILE")]
    sign: Vec<NamedKeyFile>,

    /// Fill each file that has keys up to N keys, with made-up keys
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(..=500_000))]
    pad_to: Option<u32>,

    /// Add 0 to N more made-up keys to each file that is filled
    #[arg(long, value_name = "N", requires = "pad_to", value_parser = clap::value_parser!(u32).range(..=500_000))]
    pad_random: Option<u32>,

    /// Split the keys into files of at most N keys, without padding
    #[arg(long, value_name = "N", default_value_t = ExportBuilder::MAX_KEYS_PER_FILE)]
    max_keys: NonZeroUsize,

    /// The zip to write; in a folder, or a path that ends with /, files get conventional names
    #[arg(short, long, value_name = "PATH")]
    output: PathBuf,

    /// Overwrite files
    #[arg(long)]
    force: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    let exports = build(args)?;
    let paths = paths(&args.output, &exports)?;
    let files: Vec<_> = exports
        .iter()
        .zip(&paths)
        .map(|(export, path)| NewFile { path: path.clone(), bytes: &export.zip, readers: Readers::Usual })
        .collect();
    files::write(&files, args.force)?;

    let named = exports.iter().zip(&paths);
    let written = named.map(|(export, path)| WrittenExport::new(path.to_string_lossy().into_owned(), export));
    let written = Files { files: written.collect() };
    output::document(out, &written, args.json)
}

fn build(args: &Args) -> Result<Vec<ExportFile>, Error> {
    let signers: Vec<_> = args.sign.iter().map(NamedKeyFile::signer).collect::<Result<_, _>>()?;
    let revised_keys =
        args.revised_keys.as_deref().map(|path| inputs::diagnosis_keys(path, KeyList::RevisedKeys)).transpose()?;
    let pad_to = args.pad_to.and_then(|keys| usize::try_from(keys).ok());
    ExportBuilder::new(&args.region, args.start, args.end)
        .keys(inputs::diagnosis_keys(&args.keys, KeyList::Keys)?)
        .revised_keys(revised_keys.unwrap_or_default())
        .pad_to(pad_to.unwrap_or_default())
        .pad_random(args.pad_random.unwrap_or_default())
        .max_keys_per_file(args.max_keys)
        .build(&signers, &mut rand::rng())
        .map_err(|error| match error {
            WriteError::EndBeforeStart { .. } => Error::Usage(format!("--start and --end: {error}")),
            _ => Error::Input(error.to_string()),
        })
}

/// Where each file goes.
fn paths(output: &Path, exports: &[ExportFile]) -> Result<Vec<PathBuf>, Error> {
    let ends_as_a_folder = output.to_string_lossy().ends_with(std::path::is_separator);
    if ends_as_a_folder {
        fs::create_dir_all(output).map_err(|error| Error::file(output, &error))?;
    }
    if ends_as_a_folder || output.is_dir() {
        return Ok(exports.iter().map(|export| output.join(&export.name)).collect());
    }
    match exports {
        [_] => Ok(vec![output.to_owned()]),
        _ => Err(Error::Usage(format!(
            "the keys make {} files: give --output a folder (a path that ends with /)",
            grouped(exports.len())
        ))),
    }
}
