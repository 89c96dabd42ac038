//! What the imaginary phone of `demo/` has heard.

use gaen::Sighting;

/// Its sightings: one JSON object a line. An app has its own in a store.
pub(crate) fn sightings() -> Result<Vec<Sighting>, Box<dyn std::error::Error>> {
    let read = |line: &str| {
        let record: serde_json::Value = serde_json::from_str(line)?;
        let text = |name: &str| record[name].as_str().ok_or("a field is missing");
        let aem = base16ct::mixed::decode_vec(text("aem")?)?;
        let rssi = i8::try_from(record["rssi"].as_i64().ok_or("no rssi")?)?;
        let time = record["time"].as_u64().ok_or("no time")?;
        let previous_scan = record["previous_scan"].as_u64();
        Ok(Sighting { previous_scan, ..Sighting::new(text("rpi")?.parse()?, &aem, rssi, time) })
    };
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/sightings.jsonl");
    std::fs::read_to_string(file)?.lines().map(read).collect()
}
