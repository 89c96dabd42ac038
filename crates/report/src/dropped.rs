//! Sightings of published identifiers that do not count.

use std::io::{self, Write};

use gaen::matching::DropReason;
use gaen::tally::Tally;

use crate::text::grouped;
use crate::text::style::{BOLD, DIM};

/// Writes a line for each reason; writes nothing if no sighting was dropped.
pub(crate) fn print(dropped: &Tally<DropReason>, out: &mut dyn Write) -> io::Result<()> {
    if dropped.total() == 0 {
        return Ok(());
    }
    writeln!(out, "{BOLD}Dropped{BOLD:#}  {DIM}the identifier is a key's, but the sighting does not count{DIM:#}")?;
    for (reason, count) in dropped.iter() {
        writeln!(out, "  {:>10}  {}", grouped(count), reason.meaning())?;
    }
    writeln!(out)
}
