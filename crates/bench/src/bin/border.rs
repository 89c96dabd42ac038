//! The Rust side of the benchmarks of other languages: the same work without a border.
//!
//! ```text
//! border make FOLDER      writes the files of the benchmark
//! border answer FOLDER    reads a name a line, does that work, and prints its answer
//! ```
//!
//! `bindings/c/bench/run.py` runs it in turns with a program in C, compares the answers, and measures both from
//! outside.

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufRead, Write};
use std::path::Path;

use gaen::matching::HeardMetadata;
use gaen::search::SearchOptions;
use gaen::{Matcher, RollingProximityIdentifier, Sighting, SightingIndex};
use gaen_bench::World;
use gaen_bench::file::Authority;

const KEYS: usize = 100_000;
const FEW: usize = 10_000;
const MANY: usize = 1_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<_> = std::env::args().skip(1).collect();
    match &args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["make", folder] => make(folder.as_ref()),
        ["answer", folder] => answer(folder.as_ref()),
        _ => Err("border make|answer FOLDER".into()),
    }
}

fn make(folder: &Path) -> Result<(), Box<dyn Error>> {
    let authority = Authority::new();
    let world = World::exhaustive(FEW, KEYS);
    authority.write(world.keys.iter(), File::create(folder.join("keys.zip"))?)?;
    fs::write(folder.join("key.pem"), authority.public_key().to_pem()?)?;
    fs::write(folder.join(format!("rows-{FEW}.bin")), rows(&world.sightings))?;
    let many = World::exhaustive(MANY, World::FEWEST_KEYS).sightings;
    Ok(fs::write(folder.join(format!("rows-{MANY}.bin")), rows(&many))?)
}

/// Packed rows of 40 bytes, as other languages hand them in.
fn rows(sightings: &[Sighting]) -> Vec<u8> {
    let row = |sighting: &Sighting| {
        let HeardMetadata::Encrypted(metadata) = sighting.aem else { panic!("a world has whole metadata") };
        let mut row =
            [sighting.rpi.as_bytes(), &metadata.as_bytes()[..], &[4, sighting.rssi.cast_unsigned(), 0, 0]].concat();
        row.extend(sighting.time.to_le_bytes());
        row.extend((-1_i64).to_le_bytes());
        row
    };
    sightings.iter().flat_map(row).collect()
}

/// A number of a row, or a part of it.
fn part<const N: usize>(row: &[u8; 40], first: usize) -> [u8; N] {
    *row[first..].first_chunk().expect("a row is longer")
}

/// What a program in Rust makes of rows.
fn index(rows: &[u8]) -> Result<SightingIndex, Box<dyn Error>> {
    let sighting = |row: &[u8; 40]| Sighting {
        rpi: RollingProximityIdentifier::from_bytes(part(row, 0)),
        aem: HeardMetadata::from(&row[16..16 + usize::from(row[20])]),
        rssi: row[21].cast_signed(),
        time: u64::from_le_bytes(part(row, 24)),
        previous_scan: u64::try_from(i64::from_le_bytes(part(row, 32))).ok(),
    };
    Ok(SightingIndex::exhaustive(rows.as_chunks::<40>().0.iter().map(sighting).collect::<Vec<_>>())?)
}

fn answer(folder: &Path) -> Result<(), Box<dyn Error>> {
    let trust = Authority::new().trust();
    let heard = index(&fs::read(folder.join(format!("rows-{FEW}.bin")))?)?;
    let rows = fs::read(folder.join(format!("rows-{MANY}.bin")))?;
    let mut out = io::stdout().lock();
    for work in io::stdin().lock().lines() {
        let answer = match work?.as_str() {
            "search" => {
                let mut search = Matcher::new(&heard).search();
                let file = File::open(folder.join("keys.zip"))?;
                let summary = search.add_export(0, file, &SearchOptions::verified_by(&trust))?;
                assert_eq!(summary.keys, KEYS as u64);
                search.finish().matches.len()
            }
            "index" => index(&rows)?.sightings().len(),
            other => return Err(format!("{other} is no work").into()),
        };
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}
