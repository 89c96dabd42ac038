//! Whenever the process is killed, what it had been told is done is there, and the rest goes on.
//!
//! This test runs itself as another process, which does a round of steps and says after each that it is done. It is
//! killed at a random moment. Then the store has to be as after the last step that was told, or as after the next:
//! never in between.

use std::io::{BufRead, BufReader, Cursor, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use gaen::export::ReadOptions;
use gaen::keys::ReportType;
use gaen::matching::HeardMetadata;
use gaen::store::Store;
use gaen::{DiagnosisKey, Matcher, Profile, RollingProximityIdentifier, Sighting, SightingIndex};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::model::{Found, Model, contents, found};
use crate::signed::trust;
use crate::world::{Folder, MIDNIGHT, heard, key, zip};

const DAY: u64 = 86_400;
const START: u64 = MIDNIGHT as u64 * 600;
/// No file is forgotten in this test.
const OFFERED: u64 = START + 3 * DAY;

/// The folder, the number of the round and its kind, for the process that is to be killed.
const ROUND: &str = "GAEN_KILLED_ROUND";

/// What a round is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Sightings are stored and files are searched.
    Search,
    /// The same, and old sightings are erased.
    Purge,
    /// A store of the first version is brought up to date.
    Migration,
    /// The device's own keys change.
    Keys,
}

#[derive(Clone, Debug)]
enum Step {
    Open,
    Insert(Vec<Sighting>),
    Offer(usize),
    Purge(u64),
    Rotate(u64),
}

/// Large files, which are searched in several steps, and small ones: keys of which something may be heard, and others.
const LARGE: usize = 2;
const FILES: usize = 4;

fn real_keys(file: usize) -> Vec<DiagnosisKey> {
    let number = |number: u32| u32::try_from(file).unwrap() % 3 * 100 + number;
    (0..8).map(|n| key(number(n), MIDNIGHT + n % 2 * 72, 144, ReportType::ConfirmedTest)).collect()
}

fn file(file: usize) -> Vec<u8> {
    let others = if file < LARGE { 40_000 } else { 10 };
    let others = (0..others).map(|n: u32| key(n.swap_bytes() | 0x8000, MIDNIGHT, 144, ReportType::ConfirmedTest));
    zip(&others.chain(real_keys(file)).collect::<Vec<_>>(), &[])
}

fn sighting(rng: &mut StdRng) -> Sighting {
    if rng.random_range(0..3) > 0 {
        let rpi = RollingProximityIdentifier::from_bytes(rng.random());
        return Sighting::new(rpi, &[1, 2, 3, 4], -70, START + rng.random_range(0..2 * DAY));
    }
    let keys = real_keys(rng.random_range(0..FILES));
    let key = keys[rng.random_range(0..keys.len())];
    let interval = key.window.start().as_u32() + rng.random_range(0..3);
    let late = [0, 600, 1201, 5000][rng.random_range(0..4)];
    Sighting { previous_scan: Some(START), ..heard(&key, interval, late, -12, -60) }
}

fn steps(kind: Kind, round: u64) -> Vec<Step> {
    let mut rng = StdRng::seed_from_u64(round);
    let mut steps = vec![Step::Open];
    for number in 0..6 {
        let insert = Step::Insert((0..rng.random_range(1..60)).map(|_| sighting(&mut rng)).collect());
        steps.push(match (kind, number % 3) {
            (Kind::Keys, _) => Step::Rotate(START + (round / 4 * 6 + number) * DAY),
            (Kind::Purge, 2) => Step::Purge(START + 14 * DAY + rng.random_range(0..2 * DAY)),
            (_, 0) => insert,
            _ => Step::Offer(rng.random_range(0..FILES)),
        });
    }
    steps
}

fn run(step: &Step, folder: &Path, store: &mut Option<Store>) -> Vec<u8> {
    if matches!(step, Step::Open) {
        *store = Some(Store::open(folder.join("gaen.db"), Profile::Google).unwrap().checkpoint_after(1));
        return Vec::new();
    }
    let store = store.as_mut().unwrap();
    match step {
        Step::Open => {}
        Step::Insert(sightings) => store.insert(sightings).unwrap(),
        Step::Offer(file) => {
            let zip = fs::read(folder.join(format!("{file}.zip"))).unwrap();
            let trust = trust();
            store.search(&trust, &ReadOptions::default()).unwrap().add_export(Cursor::new(zip), OFFERED).unwrap();
        }
        Step::Purge(now) => drop(store.purge_by_this_clock(*now).unwrap()),
        Step::Rotate(now) => {
            let mut rng = StdRng::seed_from_u64(*now);
            let key = store.with_key_ring(|ring| *ring.rotate(*now, &mut rng).unwrap().key().key().expose_secret());
            return key.unwrap().to_vec();
        }
    }
    Vec::new()
}

/// The process that is killed.
#[test]
#[ignore = "is run, and killed, by the test below"]
fn round() {
    let Ok(text) = env::var(ROUND) else { return };
    let mut parts = text.split(';');
    let folder = Path::new(parts.next().unwrap());
    let number = parts.next().unwrap().parse().unwrap();
    let kind = KINDS[parts.next().unwrap().parse::<usize>().unwrap()];
    let mut store = None;
    let mut out = std::io::stdout().lock();
    writeln!(out, "begin").unwrap();
    for step in steps(kind, number) {
        run(&step, folder, &mut store);
        writeln!(out, "done").unwrap();
        out.flush().unwrap();
    }
}

const KINDS: [Kind; 4] = [Kind::Search, Kind::Purge, Kind::Migration, Kind::Keys];

/// A round that runs, and what it says line by line.
fn begin(folder: &Path, kind: usize, round: u64) -> (Child, impl Iterator<Item = String>) {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "killed::round", "--ignored", "--nocapture"])
        .env(ROUND, format!("{};{round};{kind}", folder.display()))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.by_ref().any(|line| line.ends_with("begin")), "the process did not begin");
    (child, lines)
}

/// How long a round takes on this machine, of a migration its first step.
fn length(folder: &Path, kind: usize) -> Duration {
    let (mut child, lines) = begin(folder, kind, 0);
    let begun = Instant::now();
    let steps = if KINDS[kind] == Kind::Migration { 1 } else { usize::MAX };
    assert!(lines.filter(|line| line.ends_with("done")).take(steps).count() > 0);
    let length = begun.elapsed();
    child.wait().unwrap();
    length
}

/// Runs a round and kills it at a random moment: how many of its steps were told to be done.
fn kill(folder: &Path, kind: usize, round: u64, length: Duration, rng: &mut StdRng) -> usize {
    let (mut child, lines) = begin(folder, kind, round);
    thread::sleep(length.mul_f64(rng.random_range(0.0..1.0)));
    child.kill().unwrap();
    child.wait().unwrap();
    // What it said before it was killed.
    lines.filter(|line| line.ends_with("done")).count()
}

/// All that a store says: sightings, how many files were searched, what was found.
type State = (Vec<Sighting>, usize, (Vec<Found>, usize));

fn state(store: &Store) -> State {
    (store.sightings().unwrap(), store.files().unwrap().len(), found(store))
}

impl Model {
    fn run(&mut self, step: &Step, keys: &[Vec<(usize, DiagnosisKey)>]) {
        match step {
            Step::Insert(sightings) => self.sightings.extend(sightings),
            Step::Offer(file) => self.offer(*file, keys[*file].iter().copied()),
            Step::Purge(now) => self.purge(*now),
            Step::Open | Step::Rotate(_) => {}
        }
    }

    fn state(&self) -> State {
        let alive = (1..).zip(&self.sightings).filter(|(id, _)| !self.erased.contains(id)).map(|(_, s)| *s);
        (alive.collect(), self.searched.len(), self.expected())
    }
}

#[test]
fn whenever_it_is_killed_nothing_is_lost_and_nothing_doubled() {
    // `docs/reliability.md` is of 300.
    let kills: u64 = env::var("GAEN_KILLS").map_or(60, |kills| kills.parse().unwrap());
    let (folder, trial) = (Folder::new(), Folder::new());
    let mut keys = Vec::new();
    for number in 0..FILES {
        let zip = file(number);
        for folder in [&folder, &trial] {
            fs::write(folder.path().join(format!("{number}.zip")), &zip).unwrap();
        }
        let real = real_keys(number);
        let places = contents(&zip).0.into_iter().enumerate().filter(|(_, key)| real.contains(key));
        keys.push(places.collect::<Vec<_>>());
    }
    let lengths: Vec<_> = (0..KINDS.len()).map(|kind| length(trial.path(), kind)).collect();
    let mut rng = StdRng::seed_from_u64(kills);
    let mut model = Model::default();
    let mut rotated: Vec<(u64, [u8; 16])> = Vec::new();
    let (mut within, mut unfinished, mut undone, mut halves) = ([0; KINDS.len()], 0, 0, 0);

    for round in 0..kills {
        let kind = usize::try_from(round).unwrap() % KINDS.len();
        let steps = steps(KINDS[kind], round);
        if KINDS[kind] == Kind::Migration {
            migration(round, lengths[kind], &mut rng, &mut within[kind]);
            continue;
        }
        let done = kill(folder.path(), kind, round, lengths[kind], &mut rng);
        within[kind] += u32::from(done < steps.len());

        let mut store = folder.store().checkpoint_after(1);
        assert_eq!(store.check().unwrap(), Vec::<String>::new(), "round {round}");
        if KINDS[kind] == Kind::Keys {
            // A key that is generated from the same numbers is the same key.
            let key = |step: &Step| {
                let Step::Rotate(now) = step else { return None };
                let mut ring = gaen::KeyRing::new();
                let mut rng = StdRng::seed_from_u64(*now);
                Some((*now, *ring.rotate(*now, &mut rng).unwrap().key().key().expose_secret()))
            };
            rotated.extend(steps[..done].iter().filter_map(key));
            let there: Vec<_> =
                store.with_key_ring(|ring| ring.keys().map(|key| *key.key().expose_secret()).collect()).unwrap();
            let last = rotated.last().map_or(0, |(now, _)| *now);
            let kept = |(now, _): &&(u64, _)| now + 14 * DAY > last;
            let lost = rotated.iter().filter(kept).filter(|(_, key)| !there.contains(key)).count();
            assert_eq!(lost, 0, "round {round}: own keys are lost");
            continue;
        }
        for step in &steps[..done] {
            model.run(step, &keys);
        }
        unfinished += store.counts().unwrap().unfinished_searches;
        if state(&store) != model.state() {
            let step = steps.get(done).unwrap_or_else(|| panic!("round {round}: all was done, and is not there"));
            model.run(step, &keys);
            if state(&store) != model.state() {
                // A search that goes on where it was is two: of what it was for, and of what has come since.
                assert!(matches!(step, Step::Offer(_)), "round {round}: neither before nor after {step:?}");
                let mut again = Some(store);
                run(step, folder.path(), &mut again);
                store = again.unwrap();
                halves += 1;
            }
            let (stored, expected) = (state(&store), model.state());
            assert_eq!(stored.0, expected.0, "round {round}: sightings neither before nor after {step:?}");
            assert_eq!(stored.1, expected.1, "round {round}: files neither before nor after {step:?}");
            assert_eq!(stored.2, expected.2, "round {round}: results neither before nor after {step:?}");
            undone += 1;
        }
    }
    println!("killed within a step: {within:?} of {KINDS:?}; {unfinished} times a search was unfinished");
    println!("{undone} steps were done and not told, {halves} of them half a search that had gone on");
    assert!(within.iter().all(|count| *count > 0), "{within:?}: not every kind of step was interrupted");
    assert!(unfinished > 0, "no search was interrupted between two steps");

    // All files once more: it is as if all had been searched in one go.
    let mut store = folder.store();
    for (file, keys) in keys.iter().enumerate() {
        run(&Step::Offer(file), folder.path(), &mut Some(folder.store()));
        model.offer(file, keys.iter().copied());
    }
    assert!(state(&store) == model.state());
    let index = SightingIndex::new(store.sightings().unwrap()).unwrap();
    let mut search = Matcher::new(&index).search();
    for file in &model.searched {
        search.add(0, &keys[*file].iter().map(|(_, key)| *key).collect::<Vec<_>>());
    }
    let pairs = |matches: &[gaen::Match]| {
        let mut pairs: Vec<_> = matches.iter().map(|m| (m.key, m.interval, m.time, m.rssi)).collect();
        pairs.sort_unstable();
        pairs
    };
    let (report, stored) = (search.finish(), store.matches().unwrap());
    assert_eq!(pairs(&stored.matches).len() as u64 + stored.dropped.len() as u64, store.counts().unwrap().hits);
    if model.erased.is_empty() {
        assert_eq!(pairs(&stored.matches), pairs(&report.matches));
    }
    drop(store.search(&trust(), &ReadOptions::default()));
}

/// A store of the first version, killed while it is opened.
fn migration(round: u64, length: Duration, rng: &mut StdRng, within: &mut u32) {
    let folder = Folder::new();
    let path = folder.path().join("gaen.db");
    let mut sightings_rng = StdRng::seed_from_u64(round);
    let sightings: Vec<_> = (0..500).map(|_| sighting(&mut sightings_rng)).collect();
    first_version(&path, &sightings);
    for number in 0..FILES {
        fs::write(folder.path().join(format!("{number}.zip")), zip(&real_keys(number), &[])).unwrap();
    }
    let kind = KINDS.iter().position(|kind| *kind == Kind::Migration).unwrap();
    let done = kill(folder.path(), kind, round, length, rng);
    *within += u32::from(done == 0);
    let store = folder.store();
    assert_eq!(store.sightings().unwrap()[..500], sightings, "round {round}: lost by a migration");
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}

/// Writes a store as the first version of the schema had it.
fn first_version(path: &Path, sightings: &[Sighting]) {
    let mut connection = rusqlite::Connection::open(path).unwrap();
    let transaction = connection.transaction().unwrap();
    transaction.execute_batch(include_str!("../../src/store/schema/1.sql")).unwrap();
    let next = sightings.len() + 1;
    transaction.execute("INSERT INTO store VALUES (1, 'google', ?1, NULL, NULL, 0)", [next]).unwrap();
    for Sighting { rpi, aem, rssi, time, previous_scan } in sightings {
        let HeardMetadata::Encrypted(aem) = aem else { panic!("all are of the right length") };
        let sql = "INSERT INTO sightings (rpi, aem, rssi, time, previous_scan) VALUES (?1, ?2, ?3, ?4, ?5)";
        let values = rusqlite::params![rpi.as_bytes(), aem.as_bytes(), rssi, time, previous_scan];
        transaction.execute(sql, values).unwrap();
    }
    transaction.pragma_update(None, "application_id", 0x4741_454e).unwrap();
    transaction.pragma_update(None, "user_version", 1).unwrap();
    transaction.commit().unwrap();
}
