//! `gaen report`.

use std::io::Write;
use std::path::{Path, PathBuf};

use gaen::time::UtcOffset;
use gaen_report::Language;
use gaen_report::page::{ReportInput, render};
use gaen_report::text::style::GOOD;
use gaen_report::text::{counted, printable};
use gaen_report::verdict;

use crate::assess::AssessArgs;
use crate::error::Error;
use crate::files::{self, NewFile, Readers};
use crate::{args, exports, output};

const EXAMPLES: &str = "\
Examples:
  gaen report --sightings heard.jsonl --trust 440-v1=cocoa.pem --preset cocoa-v2 --now 2020-09-28 -o report.html *.zip
  gaen report --sightings heard.jsonl --trust 440-v1=cocoa.pem --now 2020-09-28T21:00+09:00 -o - exports/ > report.html
  gaen report --sightings heard.jsonl --no-verify --now 2020-09-28 --language ja --utc-offset +09:00 -o report.html a.zip

The page needs no network and no script. It shows each day with its local time, and each exposure as attenuation \
against time. It compares the day's values with the rule, and says why the day counts or not. It opens in the first \
language; a button shows the other. It suits phones and paper, light and dark.

Without --full the page has no keys and no file names, and times to the hour: it is safe to show and to send. Only \
you can read the file that is written. For standard output (-o -) your shell decides.";

/// Write the results of `exposures` as a page to read and print
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    assess: AssessArgs,

    /// The page to write, `-` for standard output
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,

    /// Overwrite the page if it is a file that exists
    #[arg(long)]
    force: bool,

    /// Languages of the page; it opens in the first
    #[arg(long, value_parser = args::language(), value_delimiter = ',', default_values_t = [Language::English, Language::Japanese])]
    language: Vec<Language>,

    /// The clock of local times, as an offset from UTC
    #[arg(long, value_name = "OFFSET", default_value_t = UtcOffset::JST, allow_hyphen_values = true)]
    utc_offset: UtcOffset,

    /// The heading of the page
    #[arg(long)]
    title: Option<String>,

    /// Show keys, file names and exact times: for developers, not to pass on
    #[arg(long)]
    full: bool,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    let mut heard = args.assess.heard()?;
    let heard_on = heard.days()?;
    let (configuration, findings) = args.assess.findings_of(&mut heard)?;
    let explanation = findings.explain(&configuration, args.assess.now, true);
    let (explanation, configuration_name) = if args.full {
        (explanation, Some(args.assess.configuration.name()))
    } else {
        // A file's name says more than its reader may want to tell.
        (explanation.redacted(), args.assess.configuration.built_in())
    };
    let page = render(&ReportInput {
        title: args.title.as_deref(),
        explanation: &explanation,
        configuration: &configuration,
        configuration_name: configuration_name.as_deref(),
        now: args.assess.now,
        offset: args.utc_offset,
        files: &findings.files,
        heard_on: &heard_on,
        languages: &args.languages(),
    });
    if args.to_standard_output() {
        output::bytes(page.as_bytes())?;
        return exports::fail_if_incomplete(&findings.files, explanation.verdict);
    }
    let file = NewFile { path: args.output.clone(), bytes: page.as_bytes(), readers: Readers::Owner };
    files::write(&[file], args.force)?;

    let path = args.output.to_string_lossy();
    writeln!(out, "{GOOD}wrote{GOOD:#} {}  {}", printable(&path), counted(page.len(), "byte"))?;
    writeln!(out, "      {}", findings.summary())?;
    verdict::print(explanation.verdict, explanation.basis.files, out)?;
    exports::fail_if_incomplete(&findings.files, explanation.verdict)
}

impl Args {
    fn to_standard_output(&self) -> bool {
        self.output == Path::new("-")
    }

    /// What the command has done by the time that it prints anything, if it stays done.
    pub(super) fn what_stays(&self) -> Option<&'static str> {
        if self.to_standard_output() { self.assess.search.what_stays() } else { Some("the page is written") }
    }

    /// Each language once.
    fn languages(&self) -> Vec<Language> {
        let mut languages = Vec::new();
        for language in &self.language {
            if !languages.contains(language) {
                languages.push(*language);
            }
        }
        languages
    }
}
