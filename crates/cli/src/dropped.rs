//! Sightings of published identifiers that do not count.

use std::io::Write;

use gaen::matching::{DropReason, DroppedSighting};
use gaen::tally::Tally;
use gaen_report::text::grouped;
use gaen_report::text::style::{BOLD, DIM};

use crate::error::Error;

/// How many sightings were dropped, by reason.
pub(crate) fn by_reason(dropped: &[DroppedSighting]) -> Tally<DropReason> {
    dropped.iter().map(|sighting| sighting.reason).collect()
}

/// Prints a line for each reason; prints nothing if no sighting was dropped.
pub(crate) fn print(dropped: &[DroppedSighting], out: &mut dyn Write) -> Result<(), Error> {
    if dropped.is_empty() {
        return Ok(());
    }
    writeln!(out, "{BOLD}Dropped{BOLD:#}  {DIM}the identifier is a key's, but the sighting does not count{DIM:#}")?;
    for (reason, count) in by_reason(dropped).iter() {
        writeln!(out, "  {:>10}  {}", grouped(count), reason.meaning())?;
    }
    Ok(writeln!(out)?)
}
