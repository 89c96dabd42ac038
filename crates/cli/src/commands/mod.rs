//! One file a command: its arguments, what it does, and how it says what it found.

#[cfg(feature = "full")]
pub(crate) mod bench;
pub(crate) mod compare;
pub(crate) mod completions;
pub(crate) mod derive;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod exposures;
pub(crate) mod frame;
pub(crate) mod inspect;
pub(crate) mod judge;
pub(crate) mod keygen;
pub(crate) mod lint;
pub(crate) mod log;
pub(crate) mod matching;
#[cfg(feature = "full")]
pub(crate) mod publish;
pub(crate) mod report;
pub(crate) mod self_test;
#[cfg(feature = "full")]
pub(crate) mod simulate;
#[cfg(feature = "full")]
pub(crate) mod store;
pub(crate) mod sweep;
pub(crate) mod verify;

use std::io::Write;

use crate::args::Command;
use crate::error::Error;

/// What a command has done by the time that it prints anything, if it stays done: then it is told even where nothing
/// can be printed.
pub(crate) fn what_stays(command: &Command) -> Option<&'static str> {
    match command {
        Command::Match(args) => args.search.what_stays(),
        Command::Exposures(args) => args.what_stays(),
        Command::Explain(args) => args.assess.search.what_stays(),
        Command::Compare(args) => args.assess.search.what_stays(),
        Command::Report(args) => args.what_stays(),
        Command::Sweep(args) => args.what_stays(),
        #[cfg(feature = "full")]
        Command::Publish(args) => args.what_stays(),
        Command::Export(_) => Some("the export files are written"),
        Command::Keygen(_) => Some("both key files are written"),
        #[cfg(feature = "full")]
        Command::Simulate(_) => Some("the world is written"),
        #[cfg(feature = "full")]
        Command::Store(args) => args.what_stays(),
        #[cfg(feature = "full")]
        Command::Bench(args) => args.what_stays(),
        Command::Inspect(_)
        | Command::Judge(_)
        | Command::Log(_)
        | Command::Lint(_)
        | Command::Verify(_)
        | Command::Derive(_)
        | Command::Frame(_)
        | Command::SelfTest(_)
        | Command::Completions(_) => None,
    }
}

pub(crate) fn run(command: Command, out: &mut dyn Write) -> Result<(), Error> {
    match command {
        Command::Match(args) => matching::run(&args, out),
        Command::Exposures(args) => exposures::run(&args, out),
        Command::Compare(args) => compare::run(&args, out),
        Command::Explain(args) => explain::run(&args, out),
        Command::Report(args) => report::run(&args, out),
        Command::Inspect(args) => inspect::run(&args, out),
        Command::Judge(args) => judge::run(&args, out),
        Command::Sweep(args) => sweep::run(&args, out),
        Command::Log(args) => log::run(&args, out),
        Command::Lint(args) => lint::run(&args, out),
        Command::Verify(args) => verify::run(&args, out),
        Command::Derive(args) => derive::run(&args, out),
        Command::Export(args) => export::run(&args, out),
        Command::Keygen(args) => keygen::run(&args, out),
        #[cfg(feature = "full")]
        Command::Publish(args) => publish::run(&args, out),
        Command::Frame(args) => frame::run(&args, out),
        Command::SelfTest(args) => self_test::run(&args, out),
        #[cfg(feature = "full")]
        Command::Simulate(args) => simulate::run(&args, out),
        #[cfg(feature = "full")]
        Command::Store(args) => store::run(&args, out),
        #[cfg(feature = "full")]
        Command::Bench(args) => bench::run(&args, out),
        Command::Completions(args) => completions::run(&args, out),
    }
}
