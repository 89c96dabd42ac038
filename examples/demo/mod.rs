//! What the imaginary phone of `demo/` has heard.

use gaen::Sighting;

/// Its sightings: one JSON object a line. An app has its own in a store.
pub(crate) fn sightings() -> Result<Vec<Sighting>, Box<dyn std::error::Error>> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../demo/sightings.jsonl");
    std::fs::read_to_string(file)?.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}
