//! `gaen compare`.

use std::io::Write;
use std::path::PathBuf;

use gaen::Profile;
use gaen::exposure::Preset;
use gaen_report::compare::{CompareDocument, Side};

use crate::assess::AssessArgs;
use crate::error::Error;
use crate::read_args::Platform;
use crate::{args, exports, output};

const EXAMPLES: &str = "\
Examples:
  The zero that kept COCOA on Android silent for five months: the same contact on both platforms
  gaen compare --sightings heard.jsonl --trust 440-v1=cocoa.pem --preset cocoa-v1.1.4 --other-profile apple-v1 \\
    --now 2020-09-28 *.zip

  One configuration after another
  gaen compare --sightings heard.jsonl --trust 440-v1=cocoa.pem --preset cocoa-v1.1.3 --other-preset cocoa-v1.1.4 \\
    --now 2020-09-28 *.zip

The other side is like the first, except for what the --other- options set. Each side reads and matches by its own \
profile. Keys are named by their bytes: the output is for developers.";

/// Assess the same records under two profiles or two configurations, and say what differs
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(super) assess: AssessArgs,

    #[command(flatten)]
    other: Other,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What is different on the other side.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = true)]
struct Other {
    /// The other side's profile; a store has only one
    #[arg(long, value_enum, conflicts_with = "store")]
    other_profile: Option<Platform>,

    /// The other side's configuration in JSON
    #[arg(long, value_name = "FILE")]
    other_config: Option<PathBuf>,

    /// The other side's built-in configuration
    #[arg(long, value_parser = args::preset(), conflicts_with = "other_config")]
    other_preset: Option<Preset>,

    /// The other side's rule in JSON
    #[arg(long, value_name = "FILE")]
    other_rule: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    let mut heard = args.assess.heard()?;
    let profile = args.assess.search.profile(&heard);
    let other_profile = args.other.other_profile.map_or(profile, Profile::from);
    let other = &args.other;
    let others =
        args.assess.configuration.with(other.other_config.clone(), other.other_preset, other.other_rule.clone());
    let (configuration, other_configuration) = (args.assess.configuration.read(profile)?, others.read(other_profile)?);

    let trust = args.assess.search.trust()?;
    let findings = args.assess.find(&mut heard, trust.as_ref(), profile)?;
    // What counts as heard depends on the profile alone.
    let other_findings = match other_profile == profile {
        true => None,
        false => Some(args.assess.find(&mut heard, trust.as_ref(), other_profile)?),
    };
    let other_findings = other_findings.as_ref().unwrap_or(&findings);
    let left = Side {
        configuration: args.assess.configuration.name(),
        assessment: findings.assess(&configuration, args.assess.now),
    };
    let right =
        Side { configuration: others.name(), assessment: other_findings.assess(&other_configuration, args.assess.now) };
    let document = CompareDocument::new(left, right, findings.summary());
    output::document(out, &document, args.json)?;
    let [verdict, other_verdict] = document.verdicts();
    exports::fail_if_incomplete(&findings.files, verdict)?;
    exports::fail_if_incomplete(&other_findings.files, other_verdict)
}
