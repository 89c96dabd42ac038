//! Sightings from files, and as they are written to files.

use std::path::PathBuf;

use clap::Args;
use gaen::matching::{HeardMetadata, ImpossibleSighting, possible_rssi};
use gaen::{RollingProximityIdentifier, Sighting};
use serde::Serialize;

use crate::error::Error;
use crate::hex;
use crate::records::{self, MostLines, Record};

/// What a sighting cannot do without.
pub(crate) const COLUMNS: &[&str] = &["rpi", "aem", "rssi", "time"];

/// How many sightings are read.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct MostSightings {
    /// Read files of sightings of up to so many lines, of 64 KiB at most
    #[arg(long, value_name = "N", default_value_t = 500_000)]
    max_sightings: u32,
}

/// All sightings of these files, in the order in which they stand there.
pub(crate) fn read(paths: &[PathBuf], most: MostSightings) -> Result<Vec<Sighting>, Error> {
    let lines = usize::try_from(most.max_sightings).unwrap_or(usize::MAX);
    let most = MostLines { lines, hint: "; --max-sightings accepts more" };
    let mut sightings = Vec::new();
    for path in paths {
        sightings.extend(records::read(path, COLUMNS, most, sighting)?);
    }
    Ok(sightings)
}

/// The sighting in a row.
pub(crate) fn sighting(record: &Record<'_>) -> Result<Sighting, Error> {
    let rpi = record.required("rpi", |cell| hex::decode_exactly(cell.text()?))?;
    let aem = record.required("aem", |cell| hex::decode(cell.text()?))?;
    let rssi = record.required("rssi", records::whole)?;
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

/// A sighting in the form in which it is [read].
#[derive(Serialize)]
pub(crate) struct SightingRow {
    rpi: RollingProximityIdentifier,
    aem: String,
    rssi: i8,
    time: u64,
    previous_scan: Option<u64>,
}

impl SightingRow {
    /// The names of its fields, in their order.
    pub(crate) const COLUMNS: &[&str] = &["rpi", "aem", "rssi", "time", "previous_scan"];
}

impl From<&Sighting> for SightingRow {
    fn from(sighting: &Sighting) -> Self {
        /// No advertisement is longer; nothing hangs on by how much another length is not four.
        const LONGEST: usize = 255;

        let aem = match sighting.aem {
            HeardMetadata::Encrypted(aem) => hex::encode(aem.as_bytes()),
            HeardMetadata::WrongLength(length) => hex::encode(&[0; LONGEST][..length.min(LONGEST)]),
        };
        let &Sighting { rpi, rssi, time, previous_scan, .. } = sighting;
        Self { rpi, aem, rssi, time, previous_scan }
    }
}
