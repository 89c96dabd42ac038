//! Whatever is done in whatever order, what the store says is what follows from the pairs that met.

use std::collections::{BTreeMap, BTreeSet};

use gaen::exposure::{DiagnosisKeysDataMapping, Encounter, StoredKeys};
use gaen::store::{Store, StoreError};
use gaen::{DiagnosisKey, EnIntervalNumber, HeardMetadata, Matcher, Profile, ReportType, Sighting, SightingIndex};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::world::{Folder, MIDNIGHT, heard, key, scan, zip};

const DAY: u64 = 86_400;

#[derive(Clone, Debug)]
enum Step {
    /// Store sightings, by their numbers.
    Insert(Vec<Index>),
    /// Search a file.
    Offer(Index),
    /// Erase, at so many seconds after the retention of the first midnight.
    Purge(u64),
    /// Close and open.
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    let late = select(vec![0, 599, 1199, 1200, 1201, 2400, 7200, 43_200, DAY, DAY + 1201, 2 * DAY]);
    prop_oneof![
        3 => prop::collection::vec(any::<Index>(), 1..12).prop_map(Step::Insert),
        4 => any::<Index>().prop_map(Step::Offer),
        1 => late.prop_map(Step::Purge),
        1 => Just(Step::Reopen),
    ]
}

/// Some bytes with two windows, and some overlapping windows.
pub(crate) fn keys() -> Vec<DiagnosisKey> {
    let windows = [(0, 0, 144), (0, 0, 60), (1, 0, 144), (2, 72, 144), (2, 144, 144), (3, 144, 10), (4, 288, 144)];
    windows.map(|(number, start, period)| key(number, MIDNIGHT + start, period, ReportType::SelfReport)).to_vec()
}

/// A sighting of one of the keys: near the edges of every rule.
pub(crate) fn sighting() -> impl Strategy<Value = Sighting> {
    let late = select(vec![-7201, -7200, 0, 1, 600, 1199, 1200, 1201, 1800, 7799, 7800]);
    let interval = prop_oneof![0..3_u32, 0..144_u32];
    (select(keys()), interval, late, select(vec![-12_i8, 20, 21]), any::<bool>()).prop_map(
        |(key, interval, late, tx_power, wrong)| {
            let interval = key.window.start().as_u32() + interval % key.window.period().as_u32();
            let heard = heard(&key, interval, late, tx_power, -60);
            if wrong { Sighting { aem: HeardMetadata::WrongLength(3), ..heard } } else { heard }
        },
    )
}

/// A file: which keys it has, of which types, and which revised ones.
pub(crate) fn file() -> impl Strategy<Value = (Vec<DiagnosisKey>, Vec<DiagnosisKey>)> {
    use ReportType::{ConfirmedClinicalDiagnosis, ConfirmedTest, Revoked, SelfReport};
    let typed = |types: Vec<ReportType>| {
        (select(keys()), select(types)).prop_map(|(key, report_type)| DiagnosisKey { report_type, ..key })
    };
    let published = typed(vec![SelfReport, ConfirmedClinicalDiagnosis, ConfirmedTest]);
    let revised = typed(vec![ConfirmedTest, Revoked]);
    (prop::collection::vec(published, 1..6), prop::collection::vec(revised, 0..3))
}

/// What has met what.
#[derive(Default)]
struct Model {
    /// All sightings ever stored, by their numbers from 1 on.
    sightings: Vec<Sighting>,
    /// Those that are erased.
    erased: BTreeSet<usize>,
    /// The files in the order in which they were first searched, and how many sightings there were when they last were.
    searched: Vec<(usize, usize)>,
    last_purge: Option<u64>,
}

/// What the store says of a match: file, key, interval, sighting.
type Found = (usize, DiagnosisKey, EnIntervalNumber, usize);

impl Model {
    fn offer(&mut self, file: usize) {
        let now = self.sightings.len();
        match self.searched.iter_mut().find(|(searched, _)| *searched == file) {
            Some((_, until)) => *until = now,
            None => self.searched.push((file, now)),
        }
    }

    fn purge(&mut self, now: u64) {
        let old = |(position, _): &(usize, &Sighting)| self.sightings[*position].time + 14 * DAY <= now;
        let old: Vec<_> = self.sightings.iter().enumerate().filter(old).map(|(position, _)| position + 1).collect();
        self.erased.extend(old);
        self.last_purge = Some(now);
    }

    /// The matches, and how many sightings do not count, by the rules as the specification has them.
    fn expected(&self, files: &[(Vec<DiagnosisKey>, Vec<DiagnosisKey>)]) -> (Vec<Found>, u64) {
        // Each (key, window) where it came first among the files of which something of it was heard, and which sightings it met.
        let mut met: BTreeMap<_, (usize, usize, DiagnosisKey, BTreeSet<usize>)> = BTreeMap::new();
        for (number, (file, until)) in self.searched.iter().enumerate() {
            for (position, key) in sorted(&files[*file].0).iter().enumerate() {
                let hits = (1..=*until).filter(|id| is_hit(key, &self.sightings[id - 1]).is_some());
                let first = || (number + 1, position, *key, BTreeSet::new());
                met.entry((key.key_data, key.window)).or_insert_with(first).3.extend(hits);
            }
        }
        let mut by_place: Vec<_> = met.into_values().collect();
        by_place.sort_by_key(|(file, position, ..)| (*file, *position));

        let (mut matches, mut dropped) = (Vec::new(), 0);
        for (file, _, key, ids) in by_place {
            let mut of_key = Vec::new();
            for interval in key.window.intervals() {
                let heard = ids.iter().map(|id| (self.sightings[id - 1], *id));
                let mut heard: Vec<_> = heard.filter(|(s, _)| is_hit(&key, s) == Some(interval)).collect();
                heard.sort_by_key(|(sighting, id)| (sighting.time, *id));
                let Some(first) = heard.first().map(|(sighting, _)| sighting.time) else { continue };
                for (sighting, id) in heard.into_iter().filter(|(_, id)| !self.erased.contains(id)) {
                    let counts = match sighting.aem {
                        HeardMetadata::Encrypted(aem) => {
                            let tx_power = key.metadata_key().decrypt(&sighting.rpi, aem).tx_power();
                            sighting.time - first <= 1200 && (-50..=20).contains(&tx_power)
                        }
                        HeardMetadata::WrongLength(_) => false,
                    };
                    if counts {
                        of_key.push((sighting.time, interval, id));
                    } else {
                        dropped += 1;
                    }
                }
            }
            of_key.sort_unstable();
            matches.extend(of_key.into_iter().map(|(_, interval, id)| (file, key, interval, id)));
        }
        (matches, dropped)
    }
}

/// The interval of the key whose identifier this is, if it was heard within two hours.
fn is_hit(key: &DiagnosisKey, sighting: &Sighting) -> Option<EnIntervalNumber> {
    let interval = key.identifier_key().interval_of(&sighting.rpi).filter(|interval| key.window.contains(*interval))?;
    let off = (sighting.time / 600).abs_diff(interval.as_u32().into());
    (off <= 12).then_some(interval)
}

/// Files are written sorted by key.
pub(crate) fn sorted(keys: &[DiagnosisKey]) -> Vec<DiagnosisKey> {
    let mut keys = keys.to_vec();
    keys.sort_by_key(|key| key.key_data);
    keys
}

fn found(store: &Store) -> (Vec<Found>, u64) {
    let found = store.matches().unwrap();
    assert_eq!(found.dropped.len() as u64, found.report.dropped.total());
    let matches = found.report.matches.iter().map(|found| (found.source, found.key, found.interval, found.sighting));
    (matches.collect(), found.report.dropped.total())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn the_store_says_what_follows_from_what_met(
        sightings in prop::collection::vec(sighting(), 1..40),
        files in prop::collection::vec(file(), 1..6),
        steps in prop::collection::vec(step(), 1..24),
    ) {
        let folder = Folder::new();
        let mut store = folder.store();
        let zips: Vec<_> = files.iter().map(|(keys, revised)| zip(keys, revised)).collect();
        let start = u64::from(MIDNIGHT) * 600;
        let mut model = Model::default();
        for step in steps {
            match step {
                Step::Insert(chosen) => {
                    let chosen: Vec<_> = chosen.iter().map(|index| *index.get(&sightings)).collect();
                    store.insert(&chosen).unwrap();
                    model.sightings.extend(chosen);
                }
                Step::Offer(index) => {
                    let file = index.index(files.len());
                    scan(&mut store, &zips[file], start).unwrap();
                    model.offer(file);
                }
                Step::Purge(late) => {
                    let now = start + 14 * DAY + late;
                    store.purge_by_this_clock(now).unwrap();
                    model.purge(now);
                }
                Step::Reopen => {
                    drop(store);
                    store = folder.store();
                }
            }
            // A file none of whose keys matched any more goes with the purge; those here are offered later than that.
            prop_assert_eq!(found(&store), model.expected(&files));
            prop_assert_eq!(store.check().unwrap(), Vec::<String>::new());
        }

        // When every file has been offered for all, it is as if all had been searched in one go.
        for zip in &zips {
            scan(&mut store, zip, start).unwrap();
        }
        for file in 0..files.len() {
            model.offer(file);
        }
        prop_assert_eq!(found(&store), model.expected(&files));
        if model.erased.is_empty() {
            let index = SightingIndex::new(model.sightings.clone()).unwrap();
            let mut search = Matcher::new(&index).search();
            for (number, (file, _)) in model.searched.iter().enumerate() {
                search.add(number + 1, &sorted(&files[*file].0));
            }
            let mut report = search.finish();
            for found in &mut report.matches {
                found.sighting += 1;
            }
            prop_assert_eq!(&store.matches().unwrap().report, &report);

            let mapping = DiagnosisKeysDataMapping::default();
            let revised: Vec<_> = model.searched.iter().flat_map(|(file, _)| sorted(&files[*file].1)).collect();
            let expected = StoredKeys::current(Encounter::of(&report.matches), &revised, &mapping);
            prop_assert_eq!(store.encounters(&mapping).unwrap(), expected);
        }
        // And nothing is left to do.
        for zip in &zips {
            let again = scan(&mut store, zip, start).unwrap();
            prop_assert_eq!((again.summary, again.sightings), (None, 0));
        }
    }
}

#[test]
fn a_store_of_another_profile_is_refused() {
    let folder = Folder::new();
    drop(folder.store());
    let error = Store::open(folder.path().join("gaen.db"), Profile::AppleV1).unwrap_err();
    assert_eq!(error, StoreError::OtherProfile { found: Profile::Google, asked: Profile::AppleV1 });
}
