//! Sightings from files, and as they are written to files.

use std::io::BufRead;

use gaen::matching::{HeardMetadata, ImpossibleSighting, possible_rssi};
use gaen::{RollingProximityIdentifier, Sighting};
use serde::Serialize;

use super::ReadError;
use super::rows::{self, Record};
use crate::text::hex;

/// The columns that a sighting needs.
const COLUMNS: &[&str] = &["rpi", "aem", "rssi", "time"];

/// Reads the sightings of a file, in their order there: JSON lines, or CSV with a header.
///
/// `file` is what errors call it; `most` is the largest number of lines that is read. A line has at most 64 KiB.
///
/// ```
/// let csv = "rpi,aem,rssi,time\n00112233445566778899aabbccddeeff,01020304,-60,1601251200\n";
/// let sightings = gaen_report::read::sightings("heard.csv", csv.as_bytes(), 1000)?;
/// assert_eq!(sightings[0].rssi, -60);
///
/// let csv = csv.replace("-60", "loud");
/// let error = gaen_report::read::sightings("heard.csv", csv.as_bytes(), 1000).unwrap_err();
/// assert_eq!(error.to_string(), "heard.csv, line 2: rssi is \"loud\": expected a whole number");
/// # Ok::<(), gaen_report::read::ReadError>(())
/// ```
///
/// # Errors
/// The first line that holds no possible sighting, one line too many, or what `input` answers.
pub fn sightings(file: &str, input: impl BufRead, most: usize) -> Result<Vec<Sighting>, ReadError> {
    rows::read(file, input, COLUMNS, most, sighting)
}

/// The sighting in a row.
fn sighting(record: &Record<'_>) -> Result<Sighting, ReadError> {
    let rpi = record.required("rpi", |cell| hex::decode_exactly(cell.text()?))?;
    let aem = record.required("aem", |cell| hex::decode(cell.text()?))?;
    let rssi = record.required("rssi", rows::whole)?;
    let sighting = Sighting {
        rpi: RollingProximityIdentifier::from_bytes(rpi),
        aem: HeardMetadata::from(aem.as_slice()),
        rssi: possible_rssi(rssi).map_err(|error| record.fault(&ImpossibleSighting::from(error)))?,
        time: record.required("time", |cell| cell.number(0..=u64::MAX))?,
        previous_scan: record.optional("previous_scan", |cell| cell.number(0..=u64::MAX))?,
    };
    sighting.check().map_err(|error| record.fault(&error))?;
    Ok(sighting)
}

/// A sighting in the form that [`sightings`] reads.
#[derive(Debug, Serialize)]
pub struct SightingRow {
    rpi: RollingProximityIdentifier,
    aem: String,
    rssi: i8,
    time: u64,
    previous_scan: Option<u64>,
}

impl SightingRow {
    /// The names of its fields, in their order.
    pub const COLUMNS: &[&str] = &["rpi", "aem", "rssi", "time", "previous_scan"];
}

impl From<&Sighting> for SightingRow {
    fn from(sighting: &Sighting) -> Self {
        /// No advertisement is longer; nothing hangs on by how much another length is not four.
        const LONGEST: usize = 255;

        let aem = match sighting.aem {
            HeardMetadata::Encrypted(aem) => hex::encode(aem.as_bytes()),
            HeardMetadata::WrongLength(length) => hex::encode(&vec![0; length.min(LONGEST)]),
        };
        let &Sighting { rpi, rssi, time, previous_scan, .. } = sighting;
        Self { rpi, aem, rssi, time, previous_scan }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::sightings;

    #[test]
    fn a_scan_before_counts_on_whatever_line_it_first_stands() {
        let mut lines = String::new();
        for time in 1_601_104_200..1_601_134_200 {
            write!(lines, r#"{{"rpi":"{time:032x}","aem":"72033874","rssi":-60,"time":{time}"#).unwrap();
            let last = time == 1_601_134_199;
            writeln!(lines, "{}", if last { r#","previous_scan":1601134000}"# } else { "}" }).unwrap();
        }
        let read = sightings("late.jsonl", lines.as_bytes(), 30_000).unwrap();
        assert_eq!(read.iter().filter_map(|sighting| sighting.previous_scan).collect::<Vec<_>>(), [1_601_134_000]);
    }
}
