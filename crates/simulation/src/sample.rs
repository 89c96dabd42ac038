//! A small world, to look around in.

use std::error::Error;

use crate::exports::PUBLIC_KEY_FILE;
use crate::options::Options;
use crate::world::World;

/// People of the small world.
const PEOPLE: usize = 24;

/// Files, each with its name.
pub type NamedFiles = Vec<(String, Vec<u8>)>;

/// Makes a small world up, and returns what one person would drop on a page: the public key, the export files, and what
/// the phone of the most exposed person heard. They equal the files of `gaen simulate --seed SEED --people 24`.
///
/// # Errors
/// Those of [`World::simulate_without_server`]. No seed is known to cause one.
pub fn sample(seed: u64) -> Result<NamedFiles, Box<dyn Error>> {
    let options = Options { people: PEOPLE, ..Options::new(seed) };
    let world = World::simulate_without_server(&options, |_| {})?;
    let mut files = vec![(PUBLIC_KEY_FILE.to_owned(), world.public_key.to_pem()?.into_bytes())];
    if let Some(person) = world.most_exposed().or(Some(0)).and_then(|number| world.people.get(number)) {
        let mut sightings = Vec::new();
        person.write_sightings(&mut sightings)?;
        files.push(("sightings.jsonl".to_owned(), sightings));
    }
    files.extend(world.exports.into_iter().map(|export| (export.file.name, export.file.zip)));
    Ok(files)
}
