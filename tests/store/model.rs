//! Whatever is done in whatever order, what the store says is what follows from the pairs that met.

use std::collections::{BTreeMap, BTreeSet};

use gaen::export::{ReadOptions, UnverifiedExport};
use gaen::exposure::{DiagnosisKeysDataMapping, Encounter, StoredKeys};
use gaen::keys::{KeyData, ReportType};
use gaen::matching::{HeardMetadata, LaterReport};
use gaen::store::{Store, StoreError};
use gaen::{DiagnosisKey, EnIntervalNumber, Matcher, Profile, RollingWindow, Sighting, SightingIndex};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::signed::trust;
use crate::world::{Folder, MIDNIGHT, heard, key, offer, zip};

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
pub(crate) struct Model {
    /// All sightings ever stored, by their numbers from 1 on.
    pub(crate) sightings: Vec<Sighting>,
    /// Those that are erased.
    pub(crate) erased: BTreeSet<usize>,
    /// The files in the order in which they were first searched.
    pub(crate) searched: Vec<usize>,
    /// Keys of which something was heard that is still there.
    met: BTreeMap<(KeyData, RollingWindow), Met>,
}

/// A key, where it came first, and what was heard of it in each interval.
struct Met {
    place: (usize, usize),
    key: DiagnosisKey,
    heard: BTreeMap<EnIntervalNumber, Heard>,
}

#[derive(Default)]
struct Heard {
    /// The earliest of all that were there while some were.
    first: Option<u64>,
    ids: BTreeSet<usize>,
}

/// What the store says of a match: file, key, interval, sighting.
pub(crate) type Found = (usize, DiagnosisKey, EnIntervalNumber, usize);

impl Model {
    /// A file is searched, which has these keys in these places, and others of which nothing was ever heard.
    pub(crate) fn offer(&mut self, file: usize, keys: impl IntoIterator<Item = (usize, DiagnosisKey)>) {
        if !self.searched.contains(&file) {
            self.searched.push(file);
        }
        let number = self.searched.iter().position(|searched| *searched == file).unwrap() + 1;
        for (position, key) in keys {
            for (id, sighting) in (1..).zip(&self.sightings).filter(|(id, _)| !self.erased.contains(id)) {
                let Some(interval) = is_hit(&key, sighting) else { continue };
                let place = (number, position);
                let new = || Met { place, key, heard: BTreeMap::new() };
                let met = self.met.entry((key.key_data, key.window)).or_insert_with(new);
                if place < met.place {
                    (met.place, met.key) = (place, key);
                }
                let heard = met.heard.entry(interval).or_default();
                heard.first = Some(heard.first.map_or(sighting.time, |first| first.min(sighting.time)));
                heard.ids.insert(id);
            }
        }
    }

    /// When an identifier was first heard: the same for all keys with these bytes, whatever their windows.
    fn first_heard(&self) -> BTreeMap<(KeyData, EnIntervalNumber), u64> {
        let mut first = BTreeMap::new();
        for ((bytes, _), met) in &self.met {
            for (interval, heard) in &met.heard {
                let time = heard.first.unwrap();
                first
                    .entry((*bytes, *interval))
                    .and_modify(|first: &mut u64| *first = time.min(*first))
                    .or_insert(time);
            }
        }
        first
    }

    pub(crate) fn purge(&mut self, now: u64) {
        // What goes still counts as what was first heard for what stays.
        let first = self.first_heard();
        for ((bytes, _), met) in &mut self.met {
            met.heard.iter_mut().for_each(|(interval, heard)| heard.first = Some(first[&(*bytes, *interval)]));
        }
        let old = |(_, sighting): &(usize, &Sighting)| sighting.time + 14 * DAY <= now;
        self.erased.extend((1..).zip(&self.sightings).filter(old).map(|(id, _)| id));
        for met in self.met.values_mut() {
            for heard in met.heard.values_mut() {
                heard.ids.retain(|id| !self.erased.contains(id));
            }
            met.heard.retain(|_, heard| !heard.ids.is_empty());
        }
        self.met.retain(|_, met| !met.heard.is_empty());
    }

    /// The matches, and how many sightings do not count, by the rules as the specification has them.
    pub(crate) fn expected(&self) -> (Vec<Found>, usize) {
        let first = self.first_heard();
        let mut met: Vec<_> = self.met.values().collect();
        met.sort_by_key(|met| met.place);
        let (mut matches, mut dropped) = (Vec::new(), 0);
        for Met { place, key, heard } in met {
            let mut of_key = Vec::new();
            for (interval, heard) in heard {
                for id in &heard.ids {
                    let sighting = self.sightings[id - 1];
                    let believed = match sighting.aem {
                        HeardMetadata::Encrypted(aem) => {
                            (-50..=20).contains(&key.metadata_key().decrypt(&sighting.rpi, aem).tx_power())
                        }
                        HeardMetadata::WrongLength(_) => false,
                    };
                    if believed && sighting.time - first[&(key.key_data, *interval)] <= 1200 {
                        of_key.push((sighting.time, *interval, *id));
                    } else {
                        dropped += 1;
                    }
                }
            }
            of_key.sort_unstable();
            matches.extend(of_key.into_iter().map(|(_, interval, id)| (place.0, *key, interval, id)));
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

/// The keys and the revised keys of a file, in its order.
pub(crate) fn contents(zip: &[u8]) -> (Vec<DiagnosisKey>, Vec<DiagnosisKey>) {
    let export = UnverifiedExport::from_zip(zip, &ReadOptions::default()).unwrap();
    let contents = export.verify(&trust()).unwrap().into_contents();
    (contents.keys, contents.revised_keys)
}

pub(crate) fn found(store: &Store) -> (Vec<Found>, usize) {
    let found = store.matches().unwrap();
    // Numbers of files may have gaps.
    let files: Vec<_> = store.files().unwrap().iter().map(|file| file.id).collect();
    let place = |id| files.iter().position(|file| *file == id).unwrap() + 1;
    let matches = found.matches.iter().map(|found| (place(found.source), found.key, found.interval, found.sighting));
    (matches.collect(), found.dropped.len())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn the_store_says_what_follows_from_what_met(
        sightings in prop::collection::vec(sighting(), 1..40),
        files in prop::collection::vec(file(), 1..6),
        steps in prop::collection::vec(step(), 1..24),
    ) {
        let folder = Folder::new();
        let mut store = folder.store();
        // Two files with the same content are one.
        let zips: BTreeSet<_> = files.iter().map(|(keys, revised)| zip(keys, revised)).collect();
        let zips: Vec<_> = zips.into_iter().collect();
        let files: Vec<_> = zips.iter().map(|zip| contents(zip)).collect();
        let start = u64::from(MIDNIGHT) * 600;
        // No file is forgotten in this test.
        let offered = start + 3 * DAY;
        let mut model = Model::default();
        let is_purged = steps.iter().any(|step| matches!(step, Step::Purge(_)));
        for step in steps {
            match step {
                Step::Insert(chosen) => {
                    let chosen: Vec<_> = chosen.iter().map(|index| *index.get(&sightings)).collect();
                    store.insert(&chosen).unwrap();
                    model.sightings.extend(chosen);
                }
                Step::Offer(index) => {
                    let file = index.index(files.len());
                    offer(&mut store, &zips[file], offered).unwrap();
                    model.offer(file, files[file].0.iter().copied().enumerate());
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
            prop_assert_eq!(found(&store), model.expected());
            prop_assert_eq!(store.check().unwrap(), Vec::<String>::new());
        }

        // When every file has been offered for all, it is as if all had been searched in one go.
        for zip in &zips {
            offer(&mut store, zip, offered).unwrap();
        }
        for (file, (keys, _)) in files.iter().enumerate() {
            model.offer(file, keys.iter().copied().enumerate());
        }
        prop_assert_eq!(found(&store), model.expected());
        if model.erased.is_empty() {
            let index = SightingIndex::new(model.sightings.clone()).unwrap();
            let mut search = Matcher::new(&index).search();
            for (number, file) in model.searched.iter().enumerate() {
                search.add(number + 1, &files[*file].0);
            }
            let report = search.finish();
            let expected = report.matches.iter().map(|m| (m.source, m.key, m.interval, m.sighting + 1)).collect();
            prop_assert_eq!(found(&store), (expected, report.dropped.len()));
            prop_assert_eq!(store.matches().unwrap().drop_reasons(), report.drop_reasons());
            let later = |reports: Vec<LaterReport>| reports.into_iter().map(|later| later.key).collect::<Vec<_>>();
            let stored = store.matches().unwrap().later_reports;
            prop_assert_eq!(later(stored), later(report.later_reports.clone()));

            let mapping = DiagnosisKeysDataMapping::default();
            let revised: Vec<_> = model.searched.iter().flat_map(|file| files[*file].1.clone()).collect();
            let expected = StoredKeys::current(Encounter::of(&report.matches), &report.later_reports, &revised, &mapping);
            let without_source = |encounters: Vec<Encounter>| encounters.into_iter().map(|e| (e.key, e.beacons)).collect::<Vec<_>>();
            // Revised keys go by their own age, whatever is stored later.
            if !is_purged {
                prop_assert_eq!(without_source(store.encounters(&mapping).unwrap()), without_source(expected));
            }
        }
        // And nothing is left to do.
        for zip in &zips {
            let again = offer(&mut store, zip, offered).unwrap();
            prop_assert_eq!((again.summary, again.sightings), (None, 0));
        }
    }
}

/// A key that was heard, but of which no sighting counts, keeps no other key with its bytes away.
#[test]
fn a_report_of_a_key_without_a_match_does_not_count() {
    let folder = Folder::new();
    let mut store = folder.store();
    let [unheard, counted] = [72, 144].map(|start| key(2, MIDNIGHT + start, 144, ReportType::SelfReport));
    let bad = heard(&unheard, MIDNIGHT + 72, 0, 21, -60);
    let good = heard(&counted, MIDNIGHT + 216, 0, 20, -60);
    store.insert(&[bad, good]).unwrap();
    let again = DiagnosisKey { report_type: ReportType::ConfirmedClinicalDiagnosis, ..unheard };
    // The order of the files is that in which they come.
    for keys in [[unheard], [again], [counted]] {
        offer(&mut store, &zip(&keys, &[]), u64::from(MIDNIGHT) * 600 + 3 * DAY).unwrap();
    }
    assert_eq!(store.matches().unwrap().later_reports, []);
    let encounters = store.encounters(&DiagnosisKeysDataMapping::default()).unwrap();
    assert_eq!(encounters.iter().map(|encounter| encounter.key).collect::<Vec<_>>(), [counted]);
}

/// A late replay is one for every key with its bytes, although its first sighting was erased before the other was
/// searched.
#[test]
fn what_was_heard_first_counts_for_all_periods_of_a_key() {
    let folder = Folder::new();
    let mut store = folder.store();
    let [long, short] = [144, 60].map(|period| key(0, MIDNIGHT, period, ReportType::SelfReport));
    let [first, replay] = [-6600, 1200].map(|late| heard(&long, MIDNIGHT + 1, late, 20, -60));
    store.insert(&[first, replay]).unwrap();
    let start = u64::from(MIDNIGHT) * 600;
    offer(&mut store, &zip(&[long], &[]), start + 3 * DAY).unwrap();
    assert_eq!(store.purge_by_this_clock(start + 14 * DAY).unwrap().sightings, 1);
    offer(&mut store, &zip(&[short], &[]), start + 3 * DAY).unwrap();
    assert_eq!((store.matches().unwrap().matches, store.matches().unwrap().dropped.len()), (vec![], 2));
}

#[test]
fn a_store_of_another_profile_is_refused() {
    let folder = Folder::new();
    drop(folder.store());
    let error = Store::open(folder.path().join("gaen.db"), Profile::AppleV1).unwrap_err();
    assert_eq!(error, StoreError::OtherProfile { found: Profile::Google, asked: Profile::AppleV1 });
}

/// What was heard before the first counts as first for the other keys with its bytes too, although they were searched
/// earlier.
#[test]
fn what_was_heard_earlier_and_found_later_counts_for_all_keys_with_its_bytes() {
    let folder = Folder::new();
    let mut store = folder.store();
    let [early, late] = [72, 144].map(|start| key(2, MIDNIGHT + start, 144, ReportType::SelfReport));
    let [replay, first] = [1201, -7200].map(|after| heard(&late, MIDNIGHT + 145, after, 20, -60));
    store.insert(&[replay]).unwrap();
    let now = u64::from(MIDNIGHT) * 600 + 3 * DAY;
    offer(&mut store, &zip(&[early], &[]), now).unwrap();
    store.insert(&[first]).unwrap();
    offer(&mut store, &zip(&[late], &[]), now).unwrap();
    let report = store.matches().unwrap();
    let found: Vec<_> = report.matches.iter().map(|found| (found.key, found.sighting)).collect();
    assert_eq!((found, report.dropped.len()), (vec![(late, 2)], 2));
    // Nor does a purge forget it that leaves nothing of the key by which it was found.
    store.purge_by_this_clock(first.time + 14 * DAY).unwrap();
    assert_eq!(store.matches().unwrap().matches, vec![]);
}

/// A sighting whose metadata is not believed is not the first where it does not count before the replay rule, and stays
/// without effect when it is erased.
#[test]
fn what_is_not_believed_is_not_first_after_a_purge_either() {
    for (profile, kept) in [(Profile::AppleV1, 1), (Profile::DocumentedV2, 1), (Profile::Google, 0)] {
        let folder = Folder::new();
        let mut store = Store::open(folder.path().join("gaen.db"), profile).unwrap();
        let key = key(0, MIDNIGHT, 144, ReportType::SelfReport);
        let [first, counted] = [-6600, 1200].map(|late| heard(&key, MIDNIGHT + 1, late, 20, -60));
        let unbelievable = Sighting { aem: HeardMetadata::WrongLength(3), ..first };
        store.insert(&[unbelievable, counted]).unwrap();
        let start = u64::from(MIDNIGHT) * 600;
        offer(&mut store, &zip(&[key], &[]), start + 3 * DAY).unwrap();
        assert_eq!(store.matches().unwrap().matches.len(), kept, "{profile}");
        assert_eq!(store.purge_by_this_clock(start + 14 * DAY).unwrap().sightings, 1);
        assert_eq!(store.matches().unwrap().matches.len(), kept, "{profile}");
    }
}
