//! `gaen lint`.

use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};

use gaen::Profile;
use gaen::export::ReadOptions;
use gaen::lint::{InspectedFile, LintCode, LintOptions};
use gaen_report::lint::LintDocument;
use gaen_report::text::counted;

use crate::configuration::ConfigArgs;
use crate::error::Error;
use crate::read_args::Platform;
use crate::{exports, files, output};

const EXAMPLES: &str = "\
Examples:
  gaen lint --config configuration.json
  gaen lint --preset cocoa-v1.1.4 440-*.zip
  gaen lint --config configuration.json --rule rule.json --profile google new/*.zip
  gaen lint --one-day --fewest-keys 100 440-*.zip
  gaen lint --json *.zip | jq -r '.lints[] | [.severity, .code, .sentence] | @tsv'

Give the files of one publication, or of one call of a phone's framework: some lints are about files together. \
Without --config, --preset and --rule, lint looks only at the files. It checks no signature: anyone may have written \
the files.

A lint that not all profiles have names its profiles. The exit code is 1 if there is an error; warnings and notes \
leave it at 0.";

/// Find likely faults in a configuration and in export files
#[derive(Debug, clap::Args)]
#[command(after_long_help = long_help())]
pub(crate) struct Args {
    #[command(flatten)]
    configuration: ConfigArgs,

    /// Whose rules to follow where the platforms differ
    #[arg(long, value_enum, value_delimiter = ',', value_name = "PROFILE")]
    #[arg(default_values_t = [Platform::Google, Platform::AppleV1])]
    profile: Vec<Platform>,

    /// Warn of a file with fewer keys, in which one person may stand out
    #[arg(long, value_name = "N", default_value_t = LintOptions::default().fewest_keys)]
    fewest_keys: u64,

    /// Expect the keys of one UTC day in each file, as in COCOA's
    #[arg(long)]
    one_day: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,

    /// Export files, zips or bare export.bin, or folders of zips
    #[arg(value_name = "EXPORT")]
    exports: Vec<PathBuf>,
}

/// The examples, and every code.
fn long_help() -> String {
    let mut help = format!("{EXAMPLES}\n\nCodes:\n");
    for code in LintCode::ALL {
        let _ = writeln!(help, "  {} ({}): {}", code.name(), code.severity().name(), code.meaning());
    }
    help
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    let mut profiles = Vec::new();
    for profile in args.profile.iter().map(|platform| Profile::from(*platform)) {
        if !profiles.contains(&profile) {
            profiles.push(profile);
        }
    }
    let read = |profile| Ok((profile, args.configuration.read_given(profile)?));
    let configurations: Vec<_> = profiles.into_iter().map(read).collect::<Result<_, Error>>()?;
    if args.exports.is_empty() && configurations.iter().all(|(_, configuration)| configuration.is_none()) {
        return Err(Error::Usage("nothing to lint: give --config, --preset, --rule or export files".to_owned()));
    }

    let files: Vec<_> = files::exports(&args.exports).iter().map(|path| inspected(path)).collect();
    let options = LintOptions { fewest_keys: args.fewest_keys, one_day: args.one_day, ..LintOptions::default() };
    let document = LintDocument::new(&configurations, &files, &options);
    output::document(out, &document, args.json)?;
    match document.errors() {
        0 => Ok(()),
        errors => Err(Error::Input(counted(errors, "error"))),
    }
}

/// What is known of a file, even if that is only that it cannot be read.
fn inspected(path: &Path) -> InspectedFile {
    let options = ReadOptions::default();
    let report = exports::report(&exports::bytes(path, &options), &options);
    InspectedFile { name: exports::name(path), report }
}
