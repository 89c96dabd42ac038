//! An app in sixty lines: it hears, downloads, verifies, matches, decides and explains.
//!
//! ```text
//! cargo run --example app
//! ```

mod demo;

use std::error::Error;
use std::fs::File;

use gaen::Profile;
use gaen::export::{ReadOptions, Trust, TrustedKey};
use gaen::exposure::{Configuration, Records, Verdict, explain};
use gaen::store::{Store, StoreError};

const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../demo");

fn main() -> Result<(), Box<dyn Error>> {
    // When the app starts: does this build compute what it should? Whom does it trust? Where is its store?
    gaen::self_test()?;
    let public_key = std::fs::read_to_string(format!("{DEMO}/440-v1.pem"))?.parse()?;
    let trust = Trust::new(TrustedKey::new("440", "v1", public_key));
    let folder = tempfile::tempdir()?;
    let mut store = Store::open(folder.path().join("gaen.db"), Profile::Google)?;

    // After each scan of the radio: remember what was heard. It is on the disk when `insert` returns.
    store.insert(&demo::sightings()?)?;

    // Once a day: search all files that the server lists. The store skips what it has searched before.
    let now = 1_601_251_200; // the phone's clock: 2020-09-28 00:00 UTC
    let mut rejected = 0;
    let mut search = store.search(&trust, &ReadOptions::default())?;
    for name in ["day-1.zip", "day-2.zip"] {
        match search.add_export(File::open(format!("{DEMO}/{name}"))?, now) {
            Ok(searched) => println!("{name} was searched for {} sightings", searched.sightings),
            // A damaged file, or one that nobody trusted has signed, contributes nothing. The verdict mentions it.
            Err(StoreError::File(error)) => {
                println!("{name} was rejected: {error}");
                rejected += 1;
            }
            Err(error) => return Err(error.into()),
        }
    }

    // Decide, and say why. The redacted explanation is safe to show: no keys, no exact times.
    let configuration = Configuration::default();
    let (encounters, basis) = (store.encounters(&configuration.mapping)?, store.basis(rejected)?);
    let records = Records { basis: &basis, encounters: &encounters, dropped: &[], files: &[] };
    let explanation = explain(&records, &configuration, store.profile(), now).redacted();
    match explanation.verdict {
        Verdict::Notify => println!("You were near somebody who has tested positive.\n\n{explanation}"),
        Verdict::DoNotNotify => println!("No contact that counts."),
        Verdict::NotJudged(reason) => println!("Nobody can say: {reason}."),
    }

    // Once a day as well: forget what is 14 days old.
    store.purge(now)?;
    Ok(())
}
