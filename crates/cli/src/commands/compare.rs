//! `gaen compare`.

use std::io::Write;
use std::path::PathBuf;

use gaen::Profile;
use gaen::exposure::{Assessment, Comparison, Verdict, compare};
use gaen_report::text::style::{BOLD, DIM};
use gaen_report::text::{counted, printable, printable_lines};
use serde::Serialize;

use crate::assess::AssessArgs;
use crate::configuration::PresetName;
use crate::error::Error;
use crate::read_args::Platform;
use crate::{output, verdict};

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

    /// The other side's configuration in COCOA's JSON
    #[arg(long, value_name = "FILE")]
    other_config: Option<PathBuf>,

    /// The other side's built-in configuration
    #[arg(long, conflicts_with = "other_config")]
    other_preset: Option<PresetName>,

    /// The other side's rule in COCOA's JSON
    #[arg(long, value_name = "FILE")]
    other_rule: Option<PathBuf>,
}

#[derive(Serialize)]
struct Document<'a> {
    left: Side<'a>,
    right: Side<'a>,
    same: bool,
    #[serde(flatten)]
    comparison: &'a Comparison,
}

#[derive(Serialize)]
struct Side<'a> {
    configuration: String,
    #[serde(flatten)]
    assessment: &'a Assessment,
}

/// Whether both sides decide the same, in a sentence.
fn decision([left, right]: [Verdict; 2]) -> String {
    if left == right {
        format!("The decision is the same: {left}.")
    } else {
        format!("The decision differs: {left} -> {right}.")
    }
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
    let found = args.assess.find(&mut heard, trust.as_ref(), profile)?;
    let left = found.assess(&configuration);
    // What counts as heard depends on the profile alone.
    let other_found = match other_profile == profile {
        true => None,
        false => Some(args.assess.find(&mut heard, trust.as_ref(), other_profile)?),
    };
    let other_found = other_found.as_ref().unwrap_or(&found);
    let right = other_found.assess(&other_configuration);
    let comparison = compare(&left, &right);
    let not_judged = [&left, &right].into_iter().find_map(|side| side.decision.verdict.not_judged());
    let files = left.basis.files;
    let verdicts = [left.decision.verdict, right.decision.verdict];
    let (left_name, right_name) = (args.assess.configuration.name(), others.name());
    if args.json {
        let left = Side { configuration: left_name, assessment: &left };
        let right = Side { configuration: right_name, assessment: &right };
        output::json(out, &Document { left, right, same: comparison.is_same(), comparison: &comparison })?;
    } else {
        let (left, right) = (profile.name(), other_profile.name());
        let (left_name, right_name) = (printable(&left_name), printable(&right_name));
        writeln!(out, "{BOLD}{}{BOLD:#}", decision(verdicts))?;
        writeln!(out, "{}", found.summary())?;
        writeln!(out, "{DIM}{left}, {left_name} -> {right}, {right_name}{DIM:#}")?;
        if let Some(reason) = not_judged {
            verdict::print_not_judged(reason, out)?;
        }
        verdict::print_shortcomings(files, out)?;
        for change in &comparison.changes {
            write!(out, "  {}", printable_lines(&format!("{change}\n")))?;
        }
        writeln!(out, "{BOLD}{}{BOLD:#}", counted(comparison.changes.len(), "difference"))?;
    }
    found.fail_if_incomplete(verdicts[0]).and_then(|()| other_found.fail_if_incomplete(verdicts[1]))
}
