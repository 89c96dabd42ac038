//! The command line: the list of commands.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand};
use gaen::exposure::Preset;
use gaen_report::Language;

#[cfg(feature = "full")]
use crate::commands::{bench, publish, simulate, store};
use crate::commands::{
    compare, completions, derive, explain, export, exposures, frame, inspect, judge, keygen, lint, log, matching,
    report, self_test, sweep, verify,
};
use crate::moment::FORMS;

/// Tools for Exposure Notification (GAEN v1.2): match, verify, inspect and write diagnosis-key export files.
#[derive(Debug, Parser)]
#[command(name = "gaen", version, max_term_width = 100)]
#[command(after_help = after_help())]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What all commands have in common.
fn after_help() -> String {
    format!("{FORMS}\n\nExit codes: 0 done, 1 something was wrong with the input, 2 wrong usage.")
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Match(matching::Args),
    Exposures(exposures::Args),
    Explain(explain::Args),
    Compare(compare::Args),
    Report(report::Args),
    #[cfg(feature = "full")]
    Store(store::Args),
    Judge(judge::Args),
    Sweep(sweep::Args),
    Inspect(inspect::Args),
    Log(log::Args),
    Lint(lint::Args),
    Verify(verify::Args),
    Derive(derive::Args),
    Export(export::Args),
    Keygen(keygen::Args),
    #[cfg(feature = "full")]
    Publish(Box<publish::Args>),
    Frame(frame::Args),
    SelfTest(self_test::Args),
    #[cfg(feature = "full")]
    Simulate(simulate::Args),
    #[cfg(feature = "full")]
    Bench(bench::Args),
    Completions(completions::Args),
}

/// Takes the code of a language: `en` or `ja`.
pub(crate) fn language() -> impl TypedValueParser<Value = Language> {
    PossibleValuesParser::new(Language::ALL.map(Language::code)).try_map(|code| code.parse::<Language>())
}

/// Takes the name of a preset.
pub(crate) fn preset() -> impl TypedValueParser<Value = Preset> {
    let value = |preset: Preset| PossibleValue::new(preset.name()).help(preset.about().title());
    PossibleValuesParser::new(Preset::ALL.map(value)).try_map(|name| name.parse::<Preset>())
}
