//! `gaen`: match, verify, inspect and write Exposure Notification files.

mod args;
mod assess;
mod commands;
mod configuration;
mod diagnosis_keys;
mod error;
mod exports;
mod files;
mod hex;
mod match_row;
mod moment;
mod output;
mod progress;
mod read_args;
mod records;
mod report;
mod search;
mod search_args;
mod sightings;
mod stored;
mod trust;
mod utc;
mod verdict;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use crate::error::Error;

fn main() -> ExitCode {
    let args = args::Args::parse();
    let mut out = output::stdout();
    let outcome = commands::run(args.command, &mut out);
    // What was written before a failure still belongs to the reader.
    let outcome = match out.flush() {
        Err(error) => Err(Error::from(error)),
        Ok(()) => outcome,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&error);
            error.exit_code()
        }
    }
}
