//! Two hundred people for a fortnight: what the matcher finds is what was sent, for everybody, exactly; and how often
//! the decision is right about who was near whom.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use gaen::export::{ReadOptions, Trust, UnverifiedExport, VerifiedExport};
use gaen::exposure::Preset;
use gaen::exposure::{Basis, Configuration, SearchedFiles, assess};
use gaen::keys::KeyData;
use gaen::matching::DropReason;
use gaen::time::{SECONDS_PER_DAY, UtcDay};
use gaen::{Match, MatchReport, Matcher, Profile, SightingIndex};
use gaen_simulation::{BrokenRule, Options, World};

/// A sighting that counts: the key's bytes, the interval, the sighting's position.
type Accepted = (KeyData, u32, usize);

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
                BrokenRule::ClockWindow => DropReason::ClockWindow.name(),
                BrokenRule::Replay => DropReason::Replay.name(),
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
    (accepted, report.drop_reasons().named().collect())
}

/// A world, and what the matcher finds for each of its people.
struct Searched {
    world: World,
    exports: Vec<VerifiedExport>,
    reports: Vec<MatchReport>,
    /// How long the world took to make, and to search.
    took: [Duration; 2],
}

static SEARCHED: LazyLock<Searched> = LazyLock::new(|| {
    let begun = Instant::now();
    let world = World::simulate(&Options { people: 200, days: 14, ..Options::new(440) }, |_| {}).unwrap();
    let simulated = begun.elapsed();
    let exports = verified(&world);
    let report = |person: &gaen_simulation::Person| {
        let index = SightingIndex::exhaustive(person.sightings.clone()).unwrap();
        let mut search = Matcher::new(&index).profile(Profile::Google).search();
        for (source, export) in exports.iter().enumerate() {
            search.add(source, export.keys());
        }
        search.finish()
    };
    let reports = world.people.iter().map(report).collect();
    Searched { reports, exports, took: [simulated, begun.elapsed() - simulated], world }
});

#[test]
fn the_matches_of_two_hundred_people_equal_the_truth() {
    let Searched { world, exports, reports, took: [simulated, searched] } = &*SEARCHED;
    let published: usize = exports.iter().map(|export| export.keys().len()).sum();
    assert_eq!(published, world.truth.keys.len());
    let (mut sightings, mut accepted, mut relayed, mut dropped) = (0, 0, 0, BTreeMap::new());
    for (person, report) in world.people.iter().zip(reports) {
        let expected = expected(world, person.number);
        assert_eq!(found(report), expected, "person {}", person.number);
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
         dropped {dropped:?}; simulated in {simulated:?}, searched in {searched:?}",
        world.people.len(),
        exports.len(),
    );
    // An empty truth would be equal too.
    assert!(accepted > 10_000 && relayed > 100, "{accepted} {relayed}");
    assert!(dropped["clock_window"] > 100 && dropped["replay"] > 10, "{dropped:?}");
}

/// A person on a UTC day.
type PersonDay = (usize, UtcDay);

/// Seconds within two metres from which on somebody should be notified.
const LONG_ENOUGH: u64 = 900;

/// Who should be notified, because of which days.
fn should_be_notified(world: &World) -> BTreeSet<PersonDay> {
    let days = (world.options.start..world.options.end()).step_by(usize::try_from(SECONDS_PER_DAY).unwrap());
    let of = |person| days.clone().map(move |day| (person, day));
    let near = (0..world.people.len()).flat_map(of);
    let near = near.filter(|(person, day)| world.truth.near_seconds(*person, *day) >= LONG_ENOUGH);
    near.map(|(person, day)| (person, UtcDay::from_unix_seconds(day))).collect()
}

/// Those of the matches of a person that the attacker has no part in.
fn without_relays(world: &World, person: usize, matches: &[Match]) -> Vec<Match> {
    let relayed = world.truth.matches[person].iter().flat_map(|heard| {
        let key = world.truth.keys[heard.key].key.key_data;
        let relayed = heard.accepted.iter().filter(|sent| sent.relayed);
        relayed.map(move |sent| (key, sent.interval, sent.sighting))
    });
    let relayed: BTreeSet<Accepted> = relayed.collect();
    let honest = |found: &&Match| !relayed.contains(&(found.key.key_data, found.interval.as_u32(), found.sighting));
    matches.iter().filter(honest).copied().collect()
}

/// How a decision compares with the truth. Person-days, all of them.
#[derive(Debug, PartialEq)]
struct Judged {
    /// Should have been notified.
    near: usize,
    /// Was notified.
    notified: usize,
    /// Was notified and should have been.
    rightly: usize,
    /// Of those notified, those that would not have been without the attacker.
    by_relays: usize,
}

impl Judged {
    fn by(searched: &Searched, configuration: &Configuration) -> Self {
        let Searched { world, reports, .. } = searched;
        let now = world.options.end();
        let (mut notified, mut honestly) = (BTreeSet::new(), BTreeSet::new());
        for (person, report) in reports.iter().enumerate() {
            let files = SearchedFiles::all(searched.exports.len() as u64);
            let basis = Basis::new(files, &world.people[person].sightings);
            let days = |matches: &[Match]| assess(matches, &basis, configuration, Profile::Google, now).decision.days;
            notified.extend(days(&report.matches).into_iter().map(|day| (person, day)));
            honestly.extend(days(&without_relays(world, person, &report.matches)).into_iter().map(|day| (person, day)));
        }
        let near = should_be_notified(world);
        Self {
            near: near.len(),
            notified: notified.len(),
            rightly: notified.intersection(&near).count(),
            by_relays: notified.difference(&honestly).count(),
        }
    }

    /// The share of the notified that were so rightly.
    fn precision(&self) -> f64 {
        self.rightly as f64 / self.notified as f64
    }

    /// The share that was notified of those that should have been.
    fn recall(&self) -> f64 {
        self.rightly as f64 / self.near as f64
    }
}

/// Phones know signal strengths and not distances, clocks are wrong, and an attacker is about: no decision is always
/// right. How often it is changes only with the rules or with the world. Of the real world it says nothing, as its
/// radio is another one.
#[test]
fn precision_and_recall_of_the_decision() {
    let cocoa = |preset: Preset| (preset.name(), preset.configuration(Profile::Google));
    let any_score = ("any score, Google's defaults", Configuration::default());
    let judged = [cocoa(Preset::CocoaV2), cocoa(Preset::CocoaV1_1_4), any_score].map(|(name, configuration)| {
        let judged = Judged::by(&SEARCHED, &configuration);
        let Judged { near, notified, rightly, by_relays } = judged;
        println!(
            "{name}: of {near} person-days near somebody for 15 minutes {rightly} are notified (recall {:.3}), of \
             {notified} notified {rightly} are such (precision {:.3}), {by_relays} are due to relays",
            judged.recall(),
            judged.precision()
        );
        assert!((0.0..=1.0).contains(&judged.precision()) && (0.0..=1.0).contains(&judged.recall()), "{judged:?}");
        judged
    });
    let near = 340;
    let expected = [
        Judged { near, notified: 611, rightly: 325, by_relays: 23 },
        // By Google's code an exposure's day is its key's: of a sender with a wrong clock that is another day.
        Judged { near, notified: 758, rightly: 320, by_relays: 2 },
        Judged { near, notified: 1130, rightly: 337, by_relays: 8 },
    ];
    assert_eq!(judged, expected);
}
