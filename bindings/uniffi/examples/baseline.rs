//! The same calls from Rust, for the ratio of a border: `baseline make FOLDER` writes what is searched, `baseline answer
//! FOLDER` does what each line of stdin asks, and writes how many nanoseconds of the processor it took, and the answer.

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufRead, Write};
use std::path::Path;

use gaen::export::{ExportBuilder, Signer};
use gaen::keys::BluetoothMetadata;
use gaen::time::RollingPeriod;
use gaen::{DiagnosisKey, EnIntervalNumber, RollingWindow, TemporaryExposureKey};
use gaen_app::{ExportFile, Heard, NoObserver, Profile, SearchRules, Sightings, TrustedKeys, search};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

const START: u32 = 2_668_464;
const DAYS: u32 = 14;
const KEYS: u32 = 100_000;
const PLANTED: u32 = 200;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["make", folder] => make(folder.as_ref()),
        ["answer", folder] => answer(folder.as_ref()),
        _ => Err("usage: baseline make|answer FOLDER".into()),
    }
}

/// One signed file with the keys of a fortnight, and rows of which 200 are of such keys.
fn make(folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut rng = StdRng::seed_from_u64(14);
    let keys: Vec<([u8; 16], u32)> = (0..KEYS).map(|number| (rng.random(), START + 144 * (number % DAYS))).collect();
    let published = keys.iter().map(|(key, start)| {
        Ok(DiagnosisKey::new(*key, RollingWindow::new(EnIntervalNumber::new(*start), RollingPeriod::FULL_DAY)?))
    });
    let published = published.collect::<Result<Vec<_>, Box<dyn Error>>>()?;
    let signer = Signer::generate("440", "v1", &mut rng);
    let day = 600 * u64::from(START);
    let file = ExportBuilder::new("440", day, day + u64::from(DAYS) * 86_400).keys(published);
    fs::write(folder.join("keys.zip"), file.build([&signer], &mut rng)?.remove(0).zip)?;
    fs::write(folder.join("key.pem"), signer.public_key().to_pem()?)?;
    for count in [10_000, 1_000_000] {
        let mut rows = Vec::with_capacity(count * gaen_app::ROW_BYTES);
        for number in 0..count {
            let mut heard = Heard { identifier: rng.random(), metadata: rng.random(), metadata_length: 4 };
            let mut time = day + rng.random_range(0..u64::from(DAYS) * 86_400);
            if number % (count / PLANTED as usize) == 0 {
                let (key, start) = keys[rng.random_range(0..keys.len())];
                let interval = EnIntervalNumber::new(start + rng.random_range(0..144));
                let key = TemporaryExposureKey::from_bytes(key);
                let rpi = key.identifier_key().identifier(interval);
                heard.identifier = *rpi.as_bytes();
                heard.metadata = *key.metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(-8)).as_bytes();
                time = interval.unix_seconds() + 60;
            }
            rows.extend(heard.row(-60, time.cast_signed(), (time - 300).cast_signed()));
        }
        fs::write(folder.join(format!("rows-{count}")), rows)?;
    }
    Ok(())
}

fn answer(folder: &Path) -> Result<(), Box<dyn Error>> {
    let keys = TrustedKeys::new(&fs::read(folder.join("key.pem"))?, "440", "v1")?;
    let rules = SearchRules::verified_by(keys, Profile::Google);
    let heard = Sightings::from_rows(&fs::read(folder.join("rows-10000"))?)?;
    let million = fs::read(folder.join("rows-1000000"))?;
    for line in io::stdin().lock().lines() {
        let before = processor()?;
        let answer = match line?.as_str() {
            "search" => {
                let file = ExportFile::new("keys.zip", File::open(folder.join("keys.zip"))?);
                let report = search(vec![file], &heard, &rules, &mut NoObserver)?;
                let spent = processor()? - before;
                (spent, report.matches().len())
            }
            "index" => {
                let index = Sightings::from_rows(&million)?;
                let spent = processor()? - before;
                (spent, index.len())
            }
            other => return Err(format!("no such question: {other}").into()),
        };
        println!("{} {}", answer.0, answer.1);
        io::stdout().flush()?;
    }
    Ok(())
}

/// The time that the processor has spent on this thread, nanoseconds. Others' work does not count.
fn processor() -> Result<u64, Box<dyn Error>> {
    let spent = fs::read_to_string("/proc/thread-self/schedstat")?;
    Ok(spent.split(' ').next().unwrap_or_default().parse()?)
}
