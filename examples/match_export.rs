//! Matches a signed export against stored sightings, with the library alone.
//!
//! ```text
//! cargo run --release --example match_export
//! ```

use gaen::export::{ReadOptions, Trust, TrustedKey, UnverifiedExport};
use gaen::{Matcher, Sighting, SightingIndex};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/demo");

    // Whom to trust is the caller's choice, never the file's.
    let public_key = std::fs::read_to_string(format!("{demo}/440-v1.pem"))?.parse()?;
    let trust = Trust::new(TrustedKey::new("440", "v1", public_key));

    // An app has its sightings in a store of its own; here they stand in a file, one JSON object a line.
    let mut sightings = Vec::new();
    for line in std::fs::read_to_string(format!("{demo}/sightings.jsonl"))?.lines() {
        let record: serde_json::Value = serde_json::from_str(line)?;
        let field = |name: &str| record[name].as_str().ok_or("a field is missing");
        let aem = base16ct::mixed::decode_vec(field("aem")?)?;
        let rssi = i8::try_from(record["rssi"].as_i64().ok_or("no rssi")?)?;
        let time = record["time"].as_u64().ok_or("no time")?;
        sightings.push(Sighting::new(field("rpi")?.parse()?, &aem, rssi, time));
    }
    let index = SightingIndex::new(sightings)?;

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
    for (reason, count) in report.dropped.iter() {
        println!("{count} sightings do not count: {reason:?}");
    }
    Ok(())
}
