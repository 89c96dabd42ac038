//! What holds in every world.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use gaen::EnIntervalNumber;
use gaen::time::RollingPeriod;
use gaen_simulation::{Contact, FilesError, Options, PlaceKind, SimulationError, World};

fn world(options: &Options) -> World {
    World::simulate(options, |_| {}).unwrap()
}

fn small(seed: u64) -> Options {
    Options { people: 20, days: 4, diagnosed: Some(4), ..Options::new(seed) }
}

/// Every file below a folder.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            files.extend(self::files(&path).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else {
            files.insert(name, fs::read(&path).unwrap());
        }
    }
    files
}

fn written(options: &Options) -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    world(options).write(folder.path()).unwrap();
    files(folder.path())
}

#[test]
fn equal_options_give_equal_bytes() {
    let first = written(&small(1));
    assert_eq!(first, written(&small(1)));
    let other = written(&small(2));
    let zips = |files: &BTreeMap<String, Vec<u8>>| -> BTreeSet<Vec<u8>> {
        files.iter().filter(|(name, _)| name.ends_with(".zip")).map(|(_, zip)| zip.clone()).collect()
    };
    assert!(zips(&first).len() >= 3);
    assert!(zips(&first).is_disjoint(&zips(&other)));
    assert_ne!(first["440-v1.pem"], other["440-v1.pem"]);
    for person in 0..20 {
        for file in ["sightings.jsonl", "truth.json"] {
            let name = format!("people/{person:03}/{file}");
            assert!(file == "truth.json" || first[&name] != other[&name], "{name}");
        }
    }
    assert!(first.contains_key("truth.json") && first.contains_key("encounters.jsonl"));
}

/// On every machine, with every version of the dependencies. Whoever changes the world on purpose changes the numbers.
#[test]
fn the_world_of_a_seed_stays_as_it_is() {
    let world = world(&small(1));
    let sightings: Vec<_> = world.people.iter().flat_map(|person| &person.sightings).collect();
    let times = sightings.iter().fold(0_u64, |sum, sighting| sum.wrapping_mul(31).wrapping_add(sighting.time));
    let strengths: i64 = sightings.iter().map(|sighting| i64::from(sighting.rssi)).sum();
    assert_eq!((sightings.len(), times, strengths), (59_649, 14_764_085_853_801_091_791, -4_783_512));
    let [a, b, c, d, ..] = world.exports[0].file.export_sha256;
    assert_eq!([a, b, c, d], [158, 49, 189, 121]);
}

/// The attacker changes what is heard, and nothing else.
#[test]
fn without_an_attacker_nothing_is_relayed() {
    let with = world(&Options { people: 30, ..small(3) });
    let without = world(&Options { people: 30, attacker: false, ..small(3) });
    let relayed = |world: &World| {
        let accepted = world.truth.matches.iter().flatten().flat_map(|key| &key.accepted);
        accepted.filter(|sent| sent.relayed).count()
    };
    assert!(with.truth.attacker.is_some() && without.truth.attacker.is_none());
    assert!(relayed(&with) > 0);
    assert_eq!(relayed(&without), 0);
    assert_eq!(with.truth.keys, without.truth.keys);
    assert_eq!(with.truth.encounters, without.truth.encounters);
    assert_eq!(with.truth.contacts, without.truth.contacts);
}

/// The other way round than the books are kept: every identifier that was heard is decrypted with every published key.
#[test]
fn the_truth_names_every_sighting_of_a_published_key() {
    let world = world(&small(4));
    assert!(!world.truth.keys.is_empty());
    for (person, matches) in world.people.iter().zip(&world.truth.matches) {
        let mut named = BTreeSet::new();
        for heard in matches {
            let dropped = heard.dropped.iter().map(|dropped| dropped.sent);
            for sent in heard.accepted.iter().copied().chain(dropped) {
                assert!(named.insert((heard.key, sent.sighting, sent.interval)), "named twice: {sent:?}");
            }
        }
        let mut decrypted = BTreeSet::new();
        for (position, published) in world.truth.keys.iter().enumerate() {
            let identifier_key = published.key.identifier_key();
            for (number, sighting) in person.sightings.iter().enumerate() {
                let interval = identifier_key.interval_of(&sighting.rpi);
                let covered = |interval: &EnIntervalNumber| published.key.window.contains(*interval);
                decrypted.extend(interval.filter(covered).map(|interval| (position, number, interval.as_u32())));
            }
        }
        assert_eq!(named, decrypted, "person {}", person.number);
    }
}

#[test]
fn what_was_heard_was_heard_in_company_or_from_the_attacker() {
    let world = world(&small(5));
    for (person, matches) in world.people.iter().zip(&world.truth.matches) {
        for heard in matches {
            let sender = world.truth.keys[heard.key].person;
            for sent in heard.accepted.iter().filter(|sent| !sent.relayed) {
                let shown = person.sightings[sent.sighting].time;
                let pair = (person.number.min(sender), person.number.max(sender));
                let met = world.truth.encounters.iter().any(|encounter| {
                    let time = person.clock.device_time(encounter.from)..person.clock.device_time(encounter.to) + 4;
                    (encounter.person, encounter.other) == pair && time.contains(&shown)
                });
                assert!(met || !person.clock.jumps.is_empty(), "{} heard {sender} at {shown}", person.number);
            }
        }
    }
}

#[test]
fn scans_are_as_often_and_as_long_as_phones_scan() {
    let world = world(&small(6));
    for person in world.people.iter().filter(|person| person.clock.jumps.is_empty()) {
        assert!(person.sightings.is_sorted_by_key(|sighting| sighting.time));
        let mut unknown = 0;
        for sighting in &person.sightings {
            match sighting.previous_scan {
                // From 150 s to 300 s and the length of a scan; a clock that drifts is a second more or less.
                Some(previous) => assert!((149..=304).contains(&(sighting.time - previous)), "{sighting:?}"),
                None => unknown += 1,
            }
            assert!((-96..=-10).contains(&sighting.rssi), "{sighting:?}");
        }
        assert!(unknown < person.sightings.len() / 4);
    }
}

#[test]
fn clocks_jump_while_phones_listen() {
    let world = world(&Options { people: 60, days: 7, ..small(11) });
    let back =
        |person: &&gaen_simulation::Person| person.sightings.windows(2).any(|pair| pair[1].time + 60 < pair[0].time);
    let stepped_back: Vec<_> = world.people.iter().filter(back).collect();
    assert!(stepped_back.len() >= 5, "{}", stepped_back.len());
    assert!(stepped_back.iter().all(|person| person.clock.jumps.len() == 2));
}

#[test]
fn exports_are_as_cocoa_made_them() {
    let options = Options { pad_to: 30, ..small(7) };
    let world = world(&options);
    for export in &world.exports {
        let trust = gaen::export::Trust::new(world.trusted_key());
        let read = gaen::export::UnverifiedExport::from_zip(&export.file.zip, &Default::default()).unwrap();
        let read = read.verify(&trust).unwrap();
        assert_eq!(read.verified_by(), ["440-v1"]);
        let contents = read.contents();
        assert_eq!(
            (contents.facts.start_timestamp, contents.facts.end_timestamp),
            (Some(export.day), Some(export.day + 86_400))
        );
        assert_eq!(contents.facts.region.as_deref(), Some("440"));
        assert_eq!((contents.batch.num(), contents.batch.size()), (1, 1));
        assert_eq!(contents.keys.len(), 30);
        assert!(contents.keys.iter().all(|key| key.window.start().unix_seconds() == export.day));
    }
    let real: usize = world.exports.iter().map(|export| export.file.keys).sum();
    assert_eq!(real, world.truth.keys.len());
}

#[test]
fn who_publishes_has_been_diagnosed_and_some_publish_a_part_of_a_day() {
    let world = world(&Options { people: 40, diagnosed: Some(20), ..small(8) });
    let diagnosed: BTreeMap<_, _> = world.truth.diagnoses.iter().map(|one| (one.person, one)).collect();
    assert_eq!(diagnosed.len(), 20);
    assert_eq!(diagnosed.values().filter(|one| one.publishes).count(), 16);
    let cut = |key: &gaen_simulation::PublishedKey| key.key.window.period() != RollingPeriod::FULL_DAY;
    for published in &world.truth.keys {
        let diagnosis = diagnosed[&published.person];
        assert!(diagnosis.publishes && (diagnosis.same_day || !cut(published)));
        let days = published.key.days_since_onset_of_symptoms;
        assert!(diagnosis.reports_onset || days.is_none());
        assert_eq!(published.key.report_type, diagnosis.report_type);
    }
    assert!(world.truth.keys.iter().any(cut));
    let levels: BTreeSet<_> = world.truth.keys.iter().map(|one| one.key.transmission_risk_level.as_u8()).collect();
    assert!(levels.is_subset(&BTreeSet::from([1, 4])), "{levels:?}");
}

#[test]
fn contacts_are_the_encounters_with_those_who_were_infectious_and_published() {
    let world = world(&Options { people: 40, days: 7, diagnosed: Some(10), ..small(9) });
    let truth = &world.truth;
    assert!(truth.contacts.iter().any(|contact| contact.near_seconds >= 900), "nobody is to be notified");
    for contact in &truth.contacts {
        let Contact { person, day, infectious, .. } = *contact;
        let diagnosis = truth.diagnoses.iter().find(|one| one.person == infectious).unwrap();
        assert!(diagnosis.publishes && diagnosis.is_infectious(day));
        let pair = (person.min(infectious), person.max(infectious));
        let together: Vec<_> = truth.encounters.iter().filter(|one| (one.person, one.other) == pair).collect();
        let overlap = |from: u64, to: u64| to.min(day + 86_400).saturating_sub(from.max(day));
        let seconds: u64 = together.iter().map(|one| overlap(one.from, one.to)).sum();
        assert!(0 < contact.seconds && contact.seconds <= seconds, "{contact:?} of {seconds}");
        assert!(contact.near_seconds <= contact.seconds);
        assert_eq!(contact.near_seconds > 0, contact.closest_cm <= Contact::NEAR_CM);
        assert!(together.iter().any(|one| one.closest_cm <= contact.closest_cm));
        assert!(truth.near_seconds(person, day) >= contact.near_seconds);
    }
    assert!(truth.encounters.iter().any(|one| one.place.kind == PlaceKind::Train));
}

/// People report by a processing number, and some reports change. The books and the files are kept apart; they agree.
#[test]
fn what_a_key_server_gives_out_is_what_was_reported() {
    let options = Options { people: 40, days: 6, diagnosed: Some(35), revised: Some(80), ..Options::new(20) };
    let world = world(&options);
    let trust = gaen::export::Trust::new(world.trusted_key());
    let (mut first, mut revised) = (BTreeMap::new(), BTreeMap::new());
    for export in &world.exports {
        let read = gaen::export::UnverifiedExport::from_zip(&export.file.zip, &Default::default()).unwrap();
        let contents = read.verify(&trust).unwrap().into_contents();
        let window_ends = contents.facts.end_timestamp.unwrap();
        for key in contents.keys {
            assert!(key.window.end().unix_seconds() <= window_ends, "and a window leaves two hours after its end");
            assert!(first.insert(key.key_data, key).is_none(), "once");
        }
        for key in contents.revised_keys {
            assert!(first.contains_key(&key.key_data) && revised.insert(key.key_data, key).is_none());
        }
    }
    let books: BTreeMap<_, _> = world.truth.keys.iter().map(|one| (one.key.key_data, one.key)).collect();
    assert_eq!(first, books);

    // A revision leaves in a file of its own, unless it came before its key had left.
    let reports: BTreeMap<_, _> = world.truth.reports.iter().map(|report| (report.person, report)).collect();
    let (mut types, mut in_time) = (BTreeSet::new(), 0);
    for published in &world.truth.keys {
        let report = reports[&published.person];
        let Some(revision) = report.revised else {
            assert_eq!(published.key.report_type, report.report.report_type());
            continue;
        };
        match revised.get(&published.key.key_data) {
            Some(key) => {
                assert_eq!(published.key.report_type, report.report.report_type());
                assert_eq!(key.report_type, revision.report.report_type());
                types.insert(key.report_type);
            }
            None => {
                assert_eq!(published.key.report_type, revision.report.report_type());
                in_time += 1;
            }
        }
    }
    assert_eq!(types.len(), 2, "{types:?}: some became positive tests, others were withdrawn");
    assert!(in_time > 0, "no report changed while its key was held back");
    assert_eq!(reports.len(), 28, "of 35, every fifth publishes nothing");
    let cut = world.truth.keys.iter().filter(|one| one.key.window.period() != RollingPeriod::FULL_DAY);
    assert!(cut.count() > 0, "no key of the same day");

    // The matcher finds what the books say.
    let keys: Vec<_> = first.values().copied().collect();
    for (person, matches) in world.people.iter().zip(&world.truth.matches) {
        let index = gaen::SightingIndex::exhaustive(person.sightings.clone()).unwrap();
        let expected: usize = matches.iter().map(|key| key.accepted.len()).sum();
        assert_eq!(gaen::Matcher::new(&index).match_keys(&keys).matches.len(), expected, "person {}", person.number);
    }
    // Only publishing goes another way.
    assert_eq!(world.truth.encounters, self::world(&Options { revised: None, ..options }).truth.encounters);
}

#[test]
fn nobody_needs_to_be_ill_and_the_smallest_world_is_a_world() {
    let healthy = world(&Options { diagnosed: Some(0), ..small(10) });
    assert!(healthy.exports.is_empty() && healthy.truth.contacts.is_empty());
    assert!(healthy.truth.matches.iter().all(Vec::is_empty));
    for seed in 0..20 {
        let smallest = world(&Options { people: 2, days: 1, ..Options::new(seed) });
        assert_eq!(smallest.people.len(), 2);
    }
}

#[test]
fn impossible_worlds_are_refused() {
    let refused = World::simulate(&Options { people: 0, ..Options::new(1) }, |_| {});
    assert!(matches!(refused, Err(SimulationError::Options(_))));
}

#[test]
fn a_folder_with_anything_in_it_is_left_alone() {
    let world = world(&Options { people: 2, days: 1, ..Options::new(1) });
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("precious"), "x").unwrap();
    assert!(matches!(world.write(folder.path()), Err(FilesError::NotEmpty { .. })));
    assert_eq!(files(folder.path()).into_keys().collect::<Vec<_>>(), ["precious"]);
    let file = folder.path().join("precious");
    assert!(matches!(world.write(&file), Err(FilesError::File { .. })));
}
