//! `gaen lint`.

use std::cmp::Reverse;
use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};

use gaen::Profile;
use gaen::export::ReadOptions;
use gaen::lint::{FileFacts, Lint, LintCode, LintOptions, Place, Severity, lint_configuration, lint_files};
use gaen_report::text::style::{BAD, BOLD, CAUTION, DIM};
use gaen_report::text::{counted, printable};
use serde::Serialize;

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

/// A lint, and the profiles that have it.
#[derive(Serialize)]
struct Found {
    #[serde(flatten)]
    lint: Lint,
    profiles: Vec<Profile>,
}

#[derive(Serialize)]
struct Document {
    profiles: Vec<Profile>,
    lints: Vec<Found>,
    errors: usize,
    warnings: usize,
    notes: usize,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    let mut profiles = Vec::new();
    for profile in args.profile.iter().map(|platform| Profile::from(*platform)) {
        if !profiles.contains(&profile) {
            profiles.push(profile);
        }
    }
    let configurations = profiles.iter().map(|profile| args.configuration.read_given(*profile));
    let configurations: Vec<_> = configurations.collect::<Result<_, _>>()?;
    if args.exports.is_empty() && configurations.iter().all(Option::is_none) {
        return Err(Error::Usage("nothing to lint: give --config, --preset, --rule or export files".to_owned()));
    }

    let files: Vec<_> = files::exports(&args.exports).iter().map(|path| facts(path)).collect();
    let mut lints: Vec<Found> = Vec::new();
    for (profile, configuration) in profiles.iter().zip(&configurations) {
        let options = LintOptions { profile: *profile, fewest_keys: args.fewest_keys, one_day: args.one_day };
        let of_configuration =
            configuration.iter().flat_map(|configuration| lint_configuration(configuration, *profile));
        for lint in of_configuration.chain(lint_files(&files, configuration.as_ref(), &options)) {
            match lints.iter_mut().find(|found| found.lint == lint) {
                Some(found) if found.profiles.contains(profile) => {} // of a file that was given twice
                Some(found) => found.profiles.push(*profile),
                None => lints.push(Found { lint, profiles: vec![*profile] }),
            }
        }
    }
    let position = |place: &Place| match place {
        Place::Field(_) => (0, 0),
        Place::File(name) => (1, files.iter().position(|facts| facts.name == *name).unwrap_or_default()),
        Place::Files(_) | Place::Sightings => (2, 0),
    };
    lints.sort_by_key(|Found { lint, profiles }| {
        (position(&lint.place), lint.severity, lint.code, lint.place.clone(), Reverse(profiles.len()))
    });

    let count = |severity| lints.iter().filter(|found| found.lint.severity == severity).count();
    let (errors, warnings, notes) = (count(Severity::Error), count(Severity::Warning), count(Severity::Note));
    let document = Document { profiles, lints, errors, warnings, notes };
    if args.json {
        output::json(out, &document)?;
    } else {
        print(&document, !files.is_empty(), out)?;
    }
    match errors {
        0 => Ok(()),
        _ => Err(Error::Input(counted(errors, "error"))),
    }
}

/// What is known of a file, even if that is only that it cannot be read.
fn facts(path: &Path) -> FileFacts {
    let options = ReadOptions::default();
    let report = exports::report(&exports::bytes(path, &options), &options);
    FileFacts { name: path.to_string_lossy().into_owned(), report }
}

fn print(document: &Document, has_files: bool, out: &mut dyn Write) -> Result<(), Error> {
    let mut heading = None;
    for Found { lint, profiles } in &document.lints {
        let (place, field) = match &lint.place {
            Place::Field(field) => ("Configuration".to_owned(), format!("  {field}")),
            other => (other.to_string(), String::new()),
        };
        if heading.as_ref() != Some(&place) {
            writeln!(out, "{BOLD}{}{BOLD:#}", printable(&place))?;
            heading = Some(place);
        }
        let style = match lint.severity {
            Severity::Error => BAD,
            Severity::Warning => CAUTION,
            Severity::Note => DIM,
        };
        let names: Vec<_> = profiles.iter().map(|profile| profile.name()).collect();
        let only = if *profiles == document.profiles { String::new() } else { format!("  [{}]", names.join(", ")) };
        writeln!(out, "  {style}{:<8}{style:#} {}{field}{only}", lint.severity.name(), lint.code.name())?;
        writeln!(out, "           {}", printable(&lint.sentence))?;
        writeln!(out, "           {DIM}{}{DIM:#}", lint.advice)?;
    }
    let Document { errors, warnings, notes, .. } = *document;
    let blank = if document.lints.is_empty() { "" } else { "\n" };
    let counts = [counted(errors, "error"), counted(warnings, "warning"), counted(notes, "note")].join(", ");
    let unverified = if has_files { " Nothing was verified." } else { "" };
    writeln!(out, "{blank}{counts}.{unverified}")?;
    Ok(())
}
