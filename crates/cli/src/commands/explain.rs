//! `gaen explain`.

use std::io::Write;

use gaen::time::UtcDay;
use gaen_report::explain::{Choice, ExplainDocument, KeyName};

use crate::assess::AssessArgs;
use crate::error::Error;
use crate::{exports, output};

const EXAMPLES: &str = "\
Examples:
  gaen explain --sightings heard.jsonl --trust 440-v1=cocoa.pem --preset cocoa-v2 --now 2020-09-28 *.zip
  gaen explain --day 2020-09-20 --key 1 --brief --sightings heard.jsonl --trust 440-v1=cocoa.pem --now 2020-09-28 *.zip
  gaen explain --near --redacted --sightings heard.jsonl --no-verify --now 2020-09-28 export.bin

For every key that matched it shows the file, and each sighting with its clock and attenuation. It shows the windows \
with the rule behind each number, and the products with what they have to reach. Three results follow: matched, \
scored and notified, each with the first reason for \"no\".

--brief prints only the results and the numbers that decided. --key and --day show one key and one day. The decision is \
still the one for everything that was heard.

The full explanation is for developers: it shows keys, intervals and times of contacts. --redacted is safe to show \
and to send.";

/// Explain every key that matched, from the sightings to the verdict
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(super) assess: AssessArgs,

    /// Also explain keys whose sightings were all dropped
    #[arg(long)]
    near: bool,

    /// Explain this key alone: its number in the explanation, or at least 8 digits of its hexadecimal text
    #[arg(long, value_name = "KEY")]
    key: Option<KeyName>,

    /// Explain only what was heard on this UTC day, such as 2020-09-20
    #[arg(long, value_name = "DAY")]
    day: Option<UtcDay>,

    /// Print a few lines for each key: its day, the results, and the numbers that decided
    #[arg(long, conflicts_with = "json")]
    brief: bool,

    /// Leave out keys, identifiers, file names and exact times
    #[arg(long)]
    redacted: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    let (configuration, findings) = args.assess.findings()?;
    let Args { near, day, brief, redacted, .. } = *args;
    let choice = Choice { key: args.key.clone(), day, near, redacted, brief };
    let document = ExplainDocument::new(&findings, &configuration, args.assess.now, &choice);
    let document = document.map_err(|error| Error::Input(error.to_string()))?;
    output::document(out, &document, args.json)?;
    if !args.json {
        args.assess.configuration.print_guesses(out)?;
    }
    exports::fail_if_incomplete(&findings.files, document.verdict())
}
