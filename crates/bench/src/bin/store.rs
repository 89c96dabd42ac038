//! How long a store takes: to take sightings, and to search files that it knows.
//!
//! ```text
//! cargo run --release -p gaen-bench --bin store
//! ```
//!
//! Every search asserts that what was planted is found, and nothing else.

use std::error::Error;
use std::fs;
use std::io::{BufReader, Cursor};
use std::path::Path;
use std::time::{Duration, Instant};

use gaen::export::{ReadOptions, Trust};
use gaen::store::Store;
use gaen::{DiagnosisKey, Profile};
use gaen_bench::file::Authority;
use gaen_bench::{DAYS, World};

const KEYS: usize = 1_400_000;
const SIGHTINGS: usize = 100_000;
const ROUNDS: usize = 5;

/// Any moment after the world.
const NOW: u64 = 1_700_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    inserts(folder.path())?;
    searches(folder.path())
}

fn inserts(folder: &Path) -> Result<(), Box<dyn Error>> {
    println!("| inserting | |\n|---|---|");
    let million = World::exhaustive(1_000_000, World::FEWEST_KEYS).sightings;
    let mut rates = Vec::new();
    for round in 0..ROUNDS {
        let mut store = Store::open(folder.join(format!("insert-{round}.db")), Profile::Google)?;
        let (time, ()) = timed(|| store.insert(&million))?;
        assert_eq!(store.counts()?.sightings, 1_000_000);
        rates.push(1e6 / time.as_secs_f64());
    }
    rates.sort_by(f64::total_cmp);
    let (least, median) = (rates[0], rates[ROUNDS / 2]);
    println!("| 1,000,000 sightings in one transaction, {ROUNDS} times | {median:.0} a second, at least {least:.0} |");

    let mut store = Store::open(folder.join("single.db"), Profile::Google)?;
    let mut times = Vec::new();
    for sighting in &million[..500] {
        times.push(timed(|| store.insert(core::slice::from_ref(sighting)))?.0);
    }
    times.sort_unstable();
    println!("| one sighting, durable, 500 times | {:.0?}; one in a hundred takes {:.0?} |\n", times[250], times[495]);
    Ok(())
}

fn searches(folder: &Path) -> Result<(), Box<dyn Error>> {
    let world = World::exhaustive(SIGHTINGS, KEYS);
    let authority = Authority::new();
    let mut files = Vec::new();
    let first = world.keys.iter().map(|key| key.window.start().as_u32()).min().unwrap_or_default();
    for day in 0..DAYS {
        let of_day = |key: &DiagnosisKey| (key.window.start().as_u32() - first) / 144 == day;
        let zip = authority.write(world.keys.iter().filter(of_day), Cursor::new(Vec::new()))?;
        let path = folder.join(format!("{day}.zip"));
        fs::write(&path, zip.into_inner())?;
        files.push(path);
    }
    // All but those that come in the last hour of the world.
    let last = world.sightings.iter().map(|sighting| sighting.time).max().unwrap_or_default();
    let (old, new): (Vec<_>, Vec<_>) = world.sightings.iter().partition(|sighting| sighting.time + 3600 < last);
    let trust = authority.trust();
    let mut store = Store::open(folder.join("gaen.db"), Profile::Google)?;
    store.insert(&old)?;

    println!(
        "| {} files of {KEYS} keys in all, {SIGHTINGS} sightings | time | against the first |\n|---|---|---|",
        files.len()
    );
    let (first, ()) = timed(|| search(&mut store, &files, &trust))?;
    println!("| all files for {} sightings | {:.0?} | |", old.len(), first);
    let tell = |what: &str, time: Duration| {
        println!("| {what} | {time:.1?} | {:.2} % |", 100.0 * time.as_secs_f64() / first.as_secs_f64());
    };
    let (second, ()) = timed(|| search(&mut store, &files, &trust))?;
    tell("again, nothing new", second);
    store.insert(&new)?;
    let (third, ()) = timed(|| search(&mut store, &files, &trust))?;
    tell(&format!("{} new sightings of the last hour", new.len()), third);
    let (results, found) = timed(|| store.matches())?;
    tell("the results", results);
    assert_eq!((found.matches.len(), found.dropped.len()), (world.matches(), 0));
    Ok(())
}

fn search(store: &mut Store, files: &[std::path::PathBuf], trust: &Trust) -> Result<(), Box<dyn Error>> {
    let mut search = store.search(trust, &ReadOptions::default())?;
    for path in files {
        search.add_export(BufReader::new(fs::File::open(path)?), NOW)?;
    }
    Ok(())
}

fn timed<T, E>(work: impl FnOnce() -> Result<T, E>) -> Result<(Duration, T), E> {
    let begin = Instant::now();
    let result = work()?;
    Ok((begin.elapsed(), result))
}
