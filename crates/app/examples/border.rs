//! The work that benchmarks of other languages compare themselves with, through the same facade.
//!
//! ```text
//! border make FOLDER        writes what is measured: a signed file of 100,000 keys, sightings, and a small file
//! border answer FOLDER      reads a name a line, does that work, and prints its answer
//! ```
//!
//! Who asks measures the processor time of this process between its question and the answer.

use std::error::Error;
use std::fs;
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};

use gaen::export::{ExportBuilder, Signer};
use gaen::keys::BluetoothMetadata;
use gaen::time::RollingPeriod;
use gaen::{DiagnosisKey, EnIntervalNumber, RollingWindow};
use gaen_app::{
    Columns, ExportFile, NO_PREVIOUS_SCAN, NoObserver, Profile, ROW_BYTES, SearchRules, Sightings, TrustedKeys, search,
};
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};

const DAY: u64 = 86_400;
const FIRST_DAY: u64 = 1_601_078_400; // 2020-09-26 00:00 UTC
const DAYS: u64 = 14;
const KEYS: usize = 100_000;
/// Sightings of published keys among the others.
const PLANTED: usize = 200;
/// Sightings of the small file's keys, all of which match.
const ALL_MATCH: usize = 10_000;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["make", folder] => make(folder.as_ref()),
        ["answer", folder] => answer(folder.as_ref()),
        _ => Err("border make|answer FOLDER".into()),
    }
}

fn make(folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut rng = StdRng::seed_from_u64(17);
    let signer = Signer::generate("440", "v1", &mut rng);
    fs::create_dir_all(folder)?;
    fs::write(folder.join("key.pem"), signer.public_key().to_pem()?)?;
    for (name, count) in [("many", KEYS), ("few", 100)] {
        let keys = (0..count).map(|number| key(FIRST_DAY + number as u64 % DAYS * DAY, &mut rng));
        let keys: Vec<_> = keys.collect::<Result<_, _>>()?;
        let builder = ExportBuilder::new("440", FIRST_DAY, FIRST_DAY + DAYS * DAY).keys(keys.iter().copied());
        let [file] = builder.build([&signer], &mut rng)?.try_into().map_err(|_| "more than one file")?;
        fs::write(folder.join(format!("{name}.zip")), file.zip)?;
        let heard: &[(usize, usize)] =
            if name == "many" { &[(10_000, PLANTED), (1_000_000, PLANTED)] } else { &[(ALL_MATCH, ALL_MATCH)] };
        for (sightings, planted) in heard {
            let mut rows = Vec::with_capacity(sightings * ROW_BYTES);
            for number in 0..*sightings {
                let key = (number < *planted).then(|| &keys[number * 37 % keys.len()]);
                rows.extend(row(key, number as u64, &mut rng));
            }
            fs::write(folder.join(format!("{name}-{sightings}.rows")), rows)?;
        }
    }
    Ok(())
}

fn key(start: u64, rng: &mut StdRng) -> Result<DiagnosisKey, Box<dyn Error>> {
    let window = RollingWindow::new(EnIntervalNumber::from_unix_seconds(start)?, RollingPeriod::FULL_DAY)?;
    Ok(DiagnosisKey::new(rng.random::<[u8; 16]>(), window))
}

/// A sighting of this key, or of somebody who is well.
fn row(key: Option<&DiagnosisKey>, number: u64, rng: &mut StdRng) -> [u8; ROW_BYTES] {
    let mut row = [0; ROW_BYTES];
    let time = match key {
        Some(key) => {
            let interval = key.window.start().as_u32() + (number % 144) as u32;
            let interval = EnIntervalNumber::new(interval);
            let identifier = key.identifier_key().identifier(interval);
            let metadata = key.metadata_key().encrypt(&identifier, BluetoothMetadata::v1_0(-12));
            row[..16].copy_from_slice(identifier.as_bytes());
            row[16..20].copy_from_slice(metadata.as_bytes());
            interval.unix_seconds() + number % 600
        }
        None => {
            rng.fill_bytes(&mut row[..20]);
            FIRST_DAY + rng.random_range(0..DAYS * DAY)
        }
    };
    row[20] = 4;
    row[21] = (-60_i8).cast_unsigned();
    row[24..32].copy_from_slice(&time.to_le_bytes());
    row[32..].copy_from_slice(&NO_PREVIOUS_SCAN.to_le_bytes());
    row
}

/// The columns of packed rows.
struct Owned {
    identifiers: Vec<u8>,
    metadata: Vec<u8>,
    lengths: Vec<u8>,
    rssi: Vec<i8>,
    times: Vec<i64>,
    scans: Vec<i64>,
}

impl Owned {
    fn of(rows: &[u8]) -> Self {
        let rows = rows.as_chunks::<ROW_BYTES>().0;
        let number = |row: &[u8; ROW_BYTES], at: usize| i64::from_le_bytes(std::array::from_fn(|byte| row[at + byte]));
        Self {
            identifiers: rows.iter().flat_map(|row| row[..16].iter().copied()).collect(),
            metadata: rows.iter().flat_map(|row| row[16..20].iter().copied()).collect(),
            lengths: rows.iter().map(|row| row[20]).collect(),
            rssi: rows.iter().map(|row| row[21].cast_signed()).collect(),
            times: rows.iter().map(|row| number(row, 24)).collect(),
            scans: rows.iter().map(|row| number(row, 32)).collect(),
        }
    }

    fn borrowed(&self) -> Columns<'_> {
        Columns {
            identifiers: &self.identifiers,
            metadata: &self.metadata,
            metadata_lengths: Some(&self.lengths),
            rssi: &self.rssi,
            times: &self.times,
            previous_scans: Some(&self.scans),
        }
    }
}

fn answer(folder: &Path) -> Result<(), Box<dyn Error>> {
    let rows = |name: &str| fs::read(folder.join(name));
    let trusted = TrustedKeys::new(&fs::read(folder.join("key.pem"))?, "440", "v1")?;
    let rules = SearchRules::verified_by(trusted, Profile::Google);
    let heard = Sightings::from_rows(&rows("many-10000.rows")?)?;
    let many = rows("many-1000000.rows")?;
    let columns = Owned::of(&many);
    let zip: PathBuf = folder.join("many.zip");
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let answer = match line?.as_str() {
            "search" => {
                let file = ExportFile::new("many.zip", fs::File::open(&zip)?);
                search(vec![file], &heard, &rules, &mut NoObserver)?.matches().len()
            }
            "columns" => Sightings::from_columns(&columns.borrowed())?.len(),
            "rows" => Sightings::from_rows(&many)?.len(),
            other => return Err(format!("{other} is no work").into()),
        };
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}
