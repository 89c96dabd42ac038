//! `gaen exposures`.

pub(crate) mod print;

use std::io::Write;

use gaen::exposure::{Assessment, AssumedScans, DayExplanation, KeyExplanation};
use gaen::lint::Lint;
use gaen::matching::DropReason;
use gaen::tally::Tally;
use gaen_report::document::FileOutcome;
use gaen_report::text::printable_lines;
use serde::Serialize;

use crate::assess::AssessArgs;
use crate::error::Error;
use crate::{dropped, output};

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
- daily summaries as in Koronavilkku, with their minimumDailyScore.
For another app's file, the error names the app and how to convert the file. With the presets google and apple any \
score notifies. --rule sets another rule.

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

    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Document<'a> {
    configuration: String,
    assumed_scans: AssumedScans,
    files: &'a [FileOutcome],
    dropped: Tally<DropReason>,
    #[serde(flatten)]
    assessment: &'a Assessment,
    explanations: &'a [KeyExplanation],
    day_explanations: &'a [DayExplanation],
    lints: &'a [Lint],
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    let (configuration, found) = args.assess.found()?;
    let assessment = found.assess(&configuration);
    let explanation = args.explain.then(|| {
        let explanation = found.explain(&configuration, args.near);
        if args.redacted { explanation.redacted() } else { explanation }
    });
    let lints = found.lints(&configuration);
    if args.json {
        let (explanations, day_explanations) = match &explanation {
            Some(explanation) => (explanation.keys.as_slice(), explanation.days.as_slice()),
            None => (&[][..], &[][..]),
        };
        let (configuration, files) = (args.assess.configuration.name(), found.files.as_slice());
        let assumed_scans = assessment.assumed_scans;
        let assessment = &assessment;
        let (lints, dropped) = (lints.as_slice(), dropped::by_reason(&found.dropped));
        let document = Document {
            configuration,
            assumed_scans,
            files,
            dropped,
            assessment,
            explanations,
            day_explanations,
            lints,
        };
        output::json(out, &document)?;
    } else {
        print::assessment(&found, &args.assess.configuration.name(), &assessment, out)?;
        if let Some(explanation) = &explanation {
            write!(out, "\n{}", printable_lines(&explanation.to_string()))?;
        }
        print::lints(&lints, out)?;
    }
    found.fail_if_incomplete(assessment.decision.verdict)
}
