//! Sightings of published identifiers that do not count.

use std::io::Write;

use gaen::matching::DropReason;
use gaen::tally::{Reason, Tally};
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
        writeln!(out, "  {:>10}  {}", grouped(count), in_words(reason))?;
    }
    Ok(writeln!(out)?)
}

/// Why a sighting does not count, in words.
fn in_words(reason: DropReason) -> &'static str {
    match reason {
        DropReason::ClockWindow => "heard over two hours before or after its key broadcast it",
        DropReason::Replay => "heard over 20 minutes after it was first heard, so perhaps replayed",
        DropReason::AemLength => "its encrypted metadata is not 4 bytes",
        DropReason::Power => "its transmit power is outside the range of the profile",
        DropReason::ZeroAttenuation => "its attenuation is 0 dB, which Apple's profile does not believe",
        other => other.name(),
    }
}
