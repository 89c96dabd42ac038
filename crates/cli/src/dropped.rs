//! Sightings of published identifiers that do not count.

use std::io::Write;

use gaen::matching::DropReason;
use gaen::tally::Tally;
use gaen_report::text::grouped;

use crate::error::Error;
use crate::output::{BOLD, DIM};

/// A line for each reason, nothing if there is none.
pub(crate) fn print(dropped: &Tally<DropReason>, out: &mut dyn Write) -> Result<(), Error> {
    if dropped.total() == 0 {
        return Ok(());
    }
    writeln!(out, "{BOLD}Dropped{BOLD:#}  {DIM}the identifier is a key's, but the sighting does not count{DIM:#}")?;
    for (reason, count) in dropped.iter() {
        writeln!(out, "  {:>10}  {}", grouped(count), reason.meaning())?;
    }
    Ok(writeln!(out)?)
}
