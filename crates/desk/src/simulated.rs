//! A small made-up world, to look around in.

use gaen_simulation::{Options, PUBLIC_KEY_FILE, World};

use crate::error::Error;

/// People of the made-up world.
const PEOPLE: usize = 24;

/// Makes a small world up, and returns what one person would drop: the public key, the export files, and what the phone of
/// the most exposed person heard. They equal the files of `gaen simulate --seed SEED --people 24`.
///
/// # Errors
/// `simulation`, which no seed is known to cause.
pub fn simulated(seed: u64) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let failed = |error: &dyn std::error::Error| Error::new("simulation", error.to_string());
    let options = Options { people: PEOPLE, ..Options::new(seed) };
    let world = World::simulate_without_server(&options, |_| {}).map_err(|error| failed(&error))?;
    let pem = world.public_key.to_pem().map_err(|error| failed(&error))?;
    let mut files = vec![(PUBLIC_KEY_FILE.to_owned(), pem.into_bytes())];
    if let Some(person) = world.most_exposed().or(Some(0)).and_then(|number| world.people.get(number)) {
        let mut sightings = Vec::new();
        person.write_sightings(&mut sightings).map_err(|error| failed(&error))?;
        files.push(("sightings.jsonl".to_owned(), sightings));
    }
    files.extend(world.exports.into_iter().map(|export| (export.file.name, export.file.zip)));
    Ok(files)
}
