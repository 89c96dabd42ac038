//! From a device's own keys to a signed export file, as a test server makes it: without uploads, and with a clock that
//! is right.
//!
//! An app takes `gaen::publish::release` instead of `KeyRing::release`: it asks for the owner's consent, does not
//! believe the clock alone, and gives today's key only to a server that holds the key back. The guide's chapter
//! "Publish" shows it.
//!
//! ```text
//! cargo run --example publish_export -- .
//! ```

use gaen::KeyRing;
use gaen::export::{ExportBuilder, ReadOptions, Signer, Trust, UnverifiedExport};
use gaen::keys::{ReportType, TransmissionRiskLevel};

const DAY: u64 = 86_400;
const FIRST_DAY: u64 = 1_601_078_400;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut rng = rand::rng();

    // A device lives through three days.
    let mut ring = KeyRing::new();
    for day in 0..3 {
        let current = ring.rotate(FIRST_DAY + day * DAY, &mut rng)?;
        println!("day {day}: key for intervals from {}", current.key().window().start());
    }

    // Its owner reports a diagnosis on the third day at noon: the keys whose embargo is over, then today's, cut short.
    // Nobody may have today's before its embargo is over.
    let now = FIRST_DAY + 2 * DAY + DAY / 2;
    let mut keys = ring.release(now);
    keys.extend(ring.release_today(now));
    for key in &mut keys {
        key.report_type = ReportType::ConfirmedTest;
        key.transmission_risk_level = TransmissionRiskLevel::new(4).unwrap_or(TransmissionRiskLevel::UNSET);
    }
    println!("{} keys to publish, the last one for {} intervals", keys.len(), keys[keys.len() - 1].window.period());

    // The server pads, sorts, signs. A real one keeps its signer in a file: Signer::read.
    let signer = Signer::generate("440", "v1", &mut rng);
    let trust = Trust::new(signer.trusted_key());
    let files = ExportBuilder::new("440", FIRST_DAY, FIRST_DAY + 3 * DAY)
        .keys(keys)
        .pad_to(1000)
        .pad_random(100)
        .build([&signer], &mut rng)?;
    for file in files {
        let export = UnverifiedExport::from_zip(&file.zip, &ReadOptions::default())?.verify(&trust)?;
        println!("{}: {} keys, of which {} are padding", file.name, export.keys().len(), file.padding);
        if let Some(folder) = std::env::args().nth(1) {
            std::fs::write(std::path::Path::new(&folder).join(&file.name), &file.zip)?;
        }
    }
    Ok(())
}
