//! Matches a signed export against stored sightings, with the library alone.
//!
//! ```text
//! cargo run --release --example match_export
//! ```

mod demo;

use gaen::export::{ReadOptions, Trust, TrustedKey, UnverifiedExport};
use gaen::{Matcher, SightingIndex};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/../demo");

    // Whom to trust is the caller's choice, never the file's.
    let public_key = std::fs::read_to_string(format!("{demo}/440-v1.pem"))?.parse()?;
    let trust = Trust::new(TrustedKey::new("440", "v1", public_key));

    let index = SightingIndex::new(demo::sightings()?)?;

    // Every day's files are matched against the same index.
    let mut search = Matcher::new(&index).search();
    for (source, name) in ["day-1.zip", "day-2.zip"].iter().enumerate() {
        let zip = std::fs::read(format!("{demo}/{name}"))?;
        let export = UnverifiedExport::from_zip(&zip, &ReadOptions::default())?.verify(&trust)?;
        println!("{name}: {} keys, verified by {}", export.keys().len(), export.verified_by().join(", "));
        search.add(source, export.keys());
    }

    let report = search.finish();
    for found in &report.matches {
        println!(
            "a key of file {} was near at unix time {}: {} dB of attenuation",
            found.source, found.time, found.attenuation
        );
    }
    for (reason, count) in report.drop_reasons().iter() {
        println!("{count} sightings do not count: {reason:?}");
    }
    Ok(())
}
