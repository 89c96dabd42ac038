//! A simulated town's phones with their stores, day after day on two threads, and the memory that the process holds.
//!
//! ```text
//! cargo run --release -p gaen-bench --bin soak -- 1800
//! ```
//!
//! Each thread lives through one world after the other: every phone's day is stored, all files of the day are searched,
//! own keys are rotated, what is 14 days old goes. At the end of each world every phone's store has to know of the days
//! that it keeps what the truth of the world says. The argument is for how many seconds.

use std::collections::BTreeSet;
use std::error::Error;
use std::io::Cursor;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use gaen::Profile;
use gaen::export::{ReadOptions, Trust};
use gaen::store::Store;
use gaen_bench::memory;
use gaen_simulation::{Options, World};
use rand::SeedableRng;
use rand::rngs::StdRng;

const DAY: u64 = 86_400;
const PEOPLE: usize = 20;
const DAYS: u64 = 21;
const THREADS: u64 = 2;

fn main() -> Result<(), Box<dyn Error>> {
    let seconds = std::env::args().nth(1).map_or(Ok(60), |seconds| seconds.parse())?;
    let (begin, length) = (Instant::now(), Duration::from_secs(seconds));
    let (worlds, phone_days, matches) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
    let live = |thread: u64| -> Result<(), String> {
        let mut seed = thread;
        while begin.elapsed() < length {
            let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
            let found = live_through(seed, folder.path()).map_err(|error| format!("world {seed}: {error}"))?;
            worlds.fetch_add(1, Ordering::Relaxed);
            phone_days.fetch_add(PEOPLE as u64 * DAYS, Ordering::Relaxed);
            matches.fetch_add(found, Ordering::Relaxed);
            seed += THREADS;
        }
        Ok(())
    };
    println!("| seconds | worlds | phone days | matches | resident MiB |\n|---|---|---|---|---|");
    let tell = || {
        let count = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let resident = memory::resident().map_or(0.0, |bytes| bytes as f64 / (1 << 20) as f64);
        let (seconds, worlds, days, found) =
            (begin.elapsed().as_secs(), count(&worlds), count(&phone_days), count(&matches));
        println!("| {seconds} | {worlds} | {days} | {found} | {resident:.1} |");
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|number| scope.spawn(move || live(number))).collect();
        let mut next = length / 12;
        while !threads.iter().all(thread::ScopedJoinHandle::is_finished) {
            if begin.elapsed() >= next {
                tell();
                next += length / 12;
            }
            thread::sleep(Duration::from_millis(100));
        }
        tell();
        threads.into_iter().try_for_each(|thread| thread.join().map_err(|_| "a thread panicked".to_owned())?)
    })?;
    Ok(())
}

/// Lives through one world, and gives how many matches its phones know of in the end.
fn live_through(seed: u64, folder: &Path) -> Result<u64, Box<dyn Error>> {
    let options = Options { people: PEOPLE, days: DAYS, pad_to: 2000, ..Options::new(seed) };
    let world = World::simulate(&options, |_| {})?;
    let trust = Trust::new(world.trusted_key());
    let mut found = 0;
    for person in &world.people {
        let path = folder.join(format!("{}.db", person.number));
        let mut rng = StdRng::seed_from_u64(seed);
        for day in 0..DAYS {
            let (midnight, tomorrow) = (options.start + day * DAY, options.start + (day + 1) * DAY);
            // As an app does that is started anew every day.
            let mut store = Store::open(&path, Profile::Google)?;
            let last = day + 1 == DAYS;
            // By the order in which they were heard, whatever the phone's clock said.
            let count = person.sightings.len() as u64;
            let part = |day: u64| usize::try_from(count * day / DAYS).unwrap_or(usize::MAX);
            store.insert(person.sightings.get(part(day)..part(day + 1)).unwrap_or_default())?;
            store.with_key_ring(|ring| ring.rotate(midnight, &mut rng).map(|_| ()))??;
            let mut search = store.search(&trust, &ReadOptions::default())?;
            // Those of the last 14 days; in the end all that there are.
            for export in world.exports.iter().filter(|export| last || (export.day < day && export.day + 14 >= day)) {
                search.add_export(Cursor::new(&export.file.zip), tomorrow)?;
            }
            store.purge_by_this_clock(tomorrow)?;
        }
        let store = Store::open_existing(&path)?;
        let kept = |time: u64| time + 14 * DAY > options.end();
        let accepted = world.truth.matches[person.number].iter().flat_map(|key| &key.accepted);
        let expected: BTreeSet<_> =
            accepted.map(|sent| sent.sighting).filter(|s| kept(person.sightings[*s].time)).collect();
        // Sightings are numbered from 1 on, in their order.
        let stored: BTreeSet<_> = store.matches()?.matches.iter().map(|found| found.sighting - 1).collect();
        if expected != stored {
            let (missed, made_up) = (expected.difference(&stored).count(), stored.difference(&expected).count());
            return Err(format!("person {}: {missed} matches missed, {made_up} made up", person.number).into());
        }
        found += stored.len() as u64;
    }
    Ok(found)
}
