//! Two hundred people for a fortnight: what the matcher finds is what was sent, for everybody, exactly.

use std::collections::BTreeMap;
use std::time::Instant;

use gaen::export::{ReadOptions, Trust, UnverifiedExport, VerifiedExport};
use gaen::{DropReason, MatchReport, Matcher, Profile, Reason as _, SightingIndex};
use gaen_simulation::{Options, Reason, World};

/// A sighting that counts: the key's bytes, the interval, the sighting's position.
type Accepted = ([u8; 16], u32, usize);

fn verified(world: &World) -> Vec<VerifiedExport> {
    let trust = Trust::new(world.trusted_key());
    let verify = |zip: &[u8]| UnverifiedExport::from_zip(zip, &ReadOptions::default()).unwrap().verify(&trust).unwrap();
    world.exports.iter().map(|export| verify(&export.file.zip)).collect()
}

/// What the truth says about one person: what counts, and how much is dropped for which reason.
fn expected(world: &World, person: usize) -> (Vec<Accepted>, BTreeMap<&'static str, u64>) {
    let (mut accepted, mut dropped) = (Vec::new(), BTreeMap::new());
    for heard in &world.truth.matches[person] {
        let key = world.truth.keys[heard.key].key.key_data;
        accepted.extend(heard.accepted.iter().map(|sent| (key, sent.interval, sent.sighting)));
        for one in &heard.dropped {
            let name = match one.reason {
                Reason::ClockWindow => DropReason::ClockWindow.name(),
                Reason::Replay => DropReason::Replay.name(),
            };
            *dropped.entry(name).or_default() += 1;
        }
    }
    accepted.sort_unstable();
    (accepted, dropped)
}

fn found(report: &MatchReport) -> (Vec<Accepted>, BTreeMap<&'static str, u64>) {
    let matches = report.matches.iter();
    let mut accepted: Vec<_> =
        matches.map(|found| (found.key.key_data, found.interval.as_u32(), found.sighting)).collect();
    accepted.sort_unstable();
    (accepted, report.dropped.iter().map(|(reason, count)| (reason.name(), count)).collect())
}

#[test]
fn the_matches_of_two_hundred_people_equal_the_truth() {
    let begun = Instant::now();
    let world = World::simulate(&Options { people: 200, days: 14, ..Options::new(440) }, |_| {}).unwrap();
    let simulated = begun.elapsed();

    let exports = verified(&world);
    let published: usize = exports.iter().map(|export| export.keys().len()).sum();
    assert_eq!(published, world.truth.keys.len());
    let (mut sightings, mut accepted, mut relayed, mut dropped) = (0, 0, 0, BTreeMap::new());
    for person in &world.people {
        let index = SightingIndex::exhaustive(person.sightings.clone()).unwrap();
        let mut search = Matcher::new(&index).profile(Profile::Google).search();
        for (source, export) in exports.iter().enumerate() {
            search.add(source, export.keys());
        }
        let expected = expected(&world, person.number);
        assert_eq!(found(&search.finish()), expected, "person {}", person.number);
        sightings += person.sightings.len();
        accepted += expected.0.len();
        for (reason, count) in expected.1 {
            *dropped.entry(reason).or_insert(0) += count;
        }
        let sent = world.truth.matches[person.number].iter().flat_map(|key| &key.accepted);
        relayed += sent.filter(|sent| sent.relayed).count();
    }
    println!(
        "{} people, {sightings} sightings, {published} keys in {} exports: {accepted} matches, {relayed} of them relayed, \
         dropped {dropped:?}; simulated in {simulated:?}, all in {:?}",
        world.people.len(),
        exports.len(),
        begun.elapsed()
    );
    // An empty truth would be equal too.
    assert!(accepted > 10_000 && relayed > 100, "{accepted} {relayed}");
    assert!(dropped["clock_window"] > 100 && dropped["replay"] > 10, "{dropped:?}");
}
