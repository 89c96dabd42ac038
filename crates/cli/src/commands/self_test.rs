//! `gaen self-test`.

use std::io::{self, BufRead, Read, Write};

use gaen::self_test::KnownAnswers;
use gaen_report::kit;
use gaen_report::text::style::{DIM, GOOD};

use crate::error::Error;

const EXAMPLES: &str = "\
Examples:
  gaen self-test -v
  python3 test-vectors/exposures/run.py --command 'gaen self-test --answer'";

/// Check that this build gives the known answers
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// List how many answers were right, and who vouches for each
    #[arg(long, short)]
    verbose: bool,

    /// Answer requests of the conformance kit: one request a line on standard input, one answer a line on standard
    /// output
    #[arg(long, conflicts_with = "verbose")]
    answer: bool,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    if args.answer {
        return answer(io::stdin().lock(), out);
    }
    let answers = gaen::self_test().map_err(|error| Error::Input(error.to_string()))?;
    writeln!(out, "gaen {}  {GOOD}ok{GOOD:#}", env!("CARGO_PKG_VERSION"))?;
    if args.verbose {
        for (source, count, about) in rows(answers) {
            writeln!(out, "  {source:<16}  {count:>3}  {DIM}{about}{DIM:#}")?;
        }
    }
    Ok(())
}

/// The name of a source, its number of answers, and what it is.
fn rows(answers: KnownAnswers) -> [(&'static str, u32, &'static str); 6] {
    [
        ("official_vectors", answers.official_vectors, "GAEN v1.2's test vectors: keys, identifiers, metadata"),
        ("another_tool", answers.another_tool, "a signature that was made elsewhere"),
        ("google_code", answers.google_code, "Google's published snapshot of 2021-03-18"),
        ("apple_code", answers.apple_code, "Apple's published snippets of 2020-07-23"),
        ("documents", answers.documents, "the vendors' API documents"),
        ("ours", answers.ours, "what google_guarded does on purpose"),
    ]
}

/// The longest request that is read, in bytes: many times one of the kit.
const LONGEST_REQUEST: u64 = 16 << 20;

/// Each answer is flushed, as whoever asks waits for it.
fn answer(mut requests: impl BufRead, out: &mut dyn Write) -> Result<(), Error> {
    for number in 1_u64.. {
        let wrong = |why: &str| Error::Input(format!("standard input, line {number}: {why}"));
        let mut line = Vec::new();
        let read = (&mut requests).take(LONGEST_REQUEST).read_until(b'\n', &mut line);
        match read.map_err(|error| wrong(&error.to_string()))? as u64 {
            0 => break,
            LONGEST_REQUEST.. if !line.ends_with(b"\n") => {
                return Err(wrong(&format!("longer than {LONGEST_REQUEST} bytes")));
            }
            _ => {}
        }
        let request = serde_json::from_slice(&line).map_err(|error| wrong(&error.to_string()))?;
        let answer = kit::answer(&request).map_err(|why| wrong(&why))?;
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}
