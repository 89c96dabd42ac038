//! `gaen exposures`.

use std::io::Write;
use std::path::PathBuf;

use gaen_report::exposures::ExposuresDocument;

use crate::assess::AssessArgs;
use crate::error::Error;
use crate::files::{self, NewFile, Readers};
use crate::{exports, output};

const EXAMPLES: &str = "\
Examples:
  gaen exposures --sightings heard.jsonl --trust 440-v1=cocoa.pem --preset cocoa-v2 --now 2020-09-28 *.zip
  gaen exposures --sightings heard.jsonl --no-verify --config configuration.json --profile apple-v1 --now 2020-09-28 \\
    --explain export.bin
  gaen exposures --sightings heard.jsonl --trust 440-v1=cocoa.pem --preset cocoa-v1.1.4 --now 2020-09-28 --json *.zip

A key that matched, an exposure that scored and a user to be notified are three results. --explain tells how each \
came about, with the first reason for \"no\".

--config reads the configuration of an app, and the rule that decides:
- blocks google_ (for Google's profiles) or apple_ (for the others), with COCOA's risk rule;
- the tables of v1 in one object, as in COCOA 1.x and most apps of 2020, with the risk score of v1;
- daily summaries as in Koronavilkku, with their minimumDailyScore;
- the risk calculation parameters of Corona-Warn-App;
- the classes of Exposure Notifications Express;
- the thresholds of DP-3T's apps, such as SwissCovid.
Where an app decided differently on each platform, --profile chooses. For another app's file, the error names the app \
and how to convert the file. With the presets google and apple any score notifies. --rule sets another rule: COCOA's \
risk rule, or a rule in the library's own form.

If nothing was searched or heard, or times are impossible, the verdict is `not_judged` and the exit code is 1.

Revised keys change the report of keys that matched. A rejected file contributes nothing: the other files count, and \
the exit code is 1.";

/// Say what matches mean: exposure windows, daily summaries, risk scores, and whether to notify
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(super) assess: AssessArgs,

    /// Explain why, from each sighting to the verdict
    #[arg(long)]
    explain: bool,

    /// Also explain keys whose sightings were all dropped
    #[arg(long, requires = "explain")]
    near: bool,

    /// Leave keys, identifiers, file names and exact times out of the explanation
    #[arg(long, requires = "explain")]
    redacted: bool,

    /// Also write the exposure windows as an app has them, without keys, for `gaen judge` and `gaen sweep`
    #[arg(long, value_name = "FILE")]
    windows_out: Option<PathBuf>,

    /// Overwrite the file of --windows-out
    #[arg(long, requires = "windows_out")]
    force: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Args {
    /// What the command has done by the time that it prints anything, if it stays done.
    pub(super) fn what_stays(&self) -> Option<&'static str> {
        match (self.assess.search.what_stays(), &self.windows_out) {
            (stored, None) => stored,
            (None, Some(_)) => Some("the windows are written"),
            (Some(_), Some(_)) => {
                Some("the files are searched, what was found is in the store, and the windows are written")
            }
        }
    }
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    let (configuration, findings) = args.assess.findings()?;
    let explanation = args.explain.then(|| {
        let explanation = findings.explain(&configuration, args.assess.now, args.near);
        if args.redacted { explanation.redacted() } else { explanation }
    });
    let name = args.assess.configuration.name();
    let document = ExposuresDocument::new(&findings, &configuration, name, args.assess.now, explanation.as_ref());
    if let Some(path) = &args.windows_out {
        let windows = output::json_bytes(&document.windows())?;
        files::write(&[NewFile { path: path.clone(), bytes: &windows, readers: Readers::Owner }], args.force)?;
    }
    output::document(out, &document, args.json)?;
    if !args.json {
        args.assess.configuration.print_guesses(out)?;
    }
    exports::fail_if_incomplete(&findings.files, document.verdict())
}
