//! What an app does with a store: insert what was heard, search the files of the day, assess, erase what is old.
//!
//! ```text
//! cargo run --release --example keep_a_store
//! ```

mod demo;

use std::fs::File;
use std::io::BufReader;

use gaen::export::{ReadOptions, Trust, TrustedKey};
use gaen::exposure::{Configuration, assess_encounters};
use gaen::store::Store;
use gaen::time::TimeError;
use gaen::{EnIntervalNumber, Profile};

/// The app's clock: the library has none.
const NOON: u64 = 1_601_208_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/../demo");
    let public_key = std::fs::read_to_string(format!("{demo}/440-v1.pem"))?.parse()?;
    let trust = Trust::new(TrustedKey::new("440", "v1", public_key));
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("gaen.db");

    // A scan of the radio, every few minutes: on the disk when `insert` returns.
    let mut store = Store::open(&path, Profile::Google)?;
    store.insert(&demo::sightings()?)?;

    // The key to broadcast with. It is on the disk before its identifiers are on the air.
    let rpi = store.with_key_ring(|ring| -> Result<_, TimeError> {
        let interval = EnIntervalNumber::from_unix_seconds(NOON)?;
        Ok(ring.rotate(NOON, &mut rand::rng())?.key().key().identifier_key().identifier(interval))
    })??;
    println!("on the air: {rpi}");

    // Once a day, all files that the server lists. What was searched before is not searched again.
    for day in 1..=2 {
        let mut search = store.search(&trust, &ReadOptions::default())?;
        for name in ["day-1.zip", "day-2.zip"] {
            let searched = search.add_export(BufReader::new(File::open(format!("{demo}/{name}"))?), NOON)?;
            println!("run {day}: {name} was searched for {} sightings", searched.sightings);
        }
    }

    let configuration = Configuration::default();
    let encounters = store.encounters(&configuration.mapping)?;
    let assessment = assess_encounters(&encounters, &store.basis(0)?, &configuration, store.profile(), NOON);
    println!("{} keys were met, in {} exposure windows", encounters.len(), assessment.windows.len());
    println!("verdict: {}", assessment.decision.verdict);
    assert_eq!((encounters.len(), assessment.windows.len()), (2, 3));

    // Every day as well. Two weeks later nothing is left.
    let mut today = NOON;
    while store.counts()?.sightings > 0 {
        today += 86_400;
        let purged = store.purge(today)?;
        if purged.sightings > 0 {
            println!(
                "{} days later: {} sightings and {} hits erased",
                (today - NOON) / 86_400,
                purged.sightings,
                purged.hits
            );
        }
    }
    Ok(())
}
