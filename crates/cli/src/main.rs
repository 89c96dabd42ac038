//! `gaen`: match, verify, inspect and write Exposure Notification files.

mod args;
mod assess;
mod commands;
mod configuration;
mod error;
mod exports;
mod files;
mod inputs;
mod judged_by;
mod output;
mod progress;
mod read_args;
mod search;
mod search_args;
mod store_search;
#[cfg(feature = "full")]
mod stored;
#[cfg(not(feature = "full"))]
#[path = "no_store.rs"]
mod stored;
mod trust;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use gaen_report::text::moment;

use crate::error::Error;

fn main() -> ExitCode {
    let args = args::Args::parse();
    let done = commands::what_stays(&args.command);
    let mut out = output::stdout();
    let outcome = commands::run(args.command, &mut out);
    // What was written before a failure still belongs to the reader.
    let printed = out.flush().map_err(Error::from);
    match outcome.and(printed) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Error::Output(error, told)) => unprinted(&error, told.or(done)),
        Err(error) => {
            output::complain(&error.to_string());
            error.exit_code()
        }
    }
}

/// Whoever closes standard output has seen enough, as `head` has: that is no fault. What was `done` before is told all
/// the same, as nothing else tells of it any more.
fn unprinted(error: &io::Error, done: Option<&str>) -> ExitCode {
    let closed = error.kind() == io::ErrorKind::BrokenPipe;
    match (closed, done) {
        (true, None) => {}
        (true, Some(done)) => output::warn(&format!("standard output was closed early, but {done}")),
        (false, None) => output::complain(&format!("standard output: {error}")),
        (false, Some(done)) => output::complain(&format!("standard output: {error}; but {done}")),
    }
    if closed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
