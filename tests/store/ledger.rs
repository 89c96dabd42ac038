//! What the ledger spares: no file is searched twice for the same, and none is opened without a reason.

use std::io::{Cursor, Read, Seek, SeekFrom};
use std::ops::ControlFlow;

use gaen::export::{ExportBuilder, ExportError, ReadOptions, Signer, Trust};
use gaen::exposure::DiagnosisKeysDataMapping;
use gaen::keys::ReportType;
use gaen::store::{SearchedExport, Store, StoreError};
use gaen::{DiagnosisKey, Profile, RollingProximityIdentifier, Sighting};
use zip::CompressionMethod;

use crate::signed::{rng, signer, trust};
use crate::world::{Folder, MIDNIGHT, heard, key, offer, zip};
use crate::zips;

const NOW: u64 = MIDNIGHT as u64 * 600;

fn keys(numbers: core::ops::Range<u32>) -> Vec<DiagnosisKey> {
    numbers.map(|number| key(number, MIDNIGHT, 144, ReportType::ConfirmedTest)).collect()
}

/// A reader that counts what is read of a file, in files.
struct Counting {
    zip: Cursor<Vec<u8>>,
    read: usize,
}

impl Read for Counting {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let count = self.zip.read(buf)?;
        self.read += count;
        Ok(count)
    }
}

impl Seek for Counting {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.zip.seek(to)
    }
}

/// Searches a file, and says how many bytes of it were read.
fn read(store: &mut Store, zip: &[u8]) -> (SearchedExport, usize) {
    let mut counting = Counting { zip: Cursor::new(zip.to_vec()), read: 0 };
    let searched = store.search(&trust(), &ReadOptions::default()).unwrap().add_export(&mut counting, NOW).unwrap();
    (searched, counting.read)
}

#[test]
fn of_a_file_that_is_done_the_bytes_are_read_once_and_no_file_is_inflated_twice_without_a_reason() {
    let folder = Folder::new();
    let mut store = folder.store();
    let [first, second] = [0..4000, 4000..8000].map(|numbers| zip(&keys(numbers), &[]));
    // The second is as long inside as the first, so it is hashed before it is searched.
    let (new, same_size) = (read(&mut store, &first).1, read(&mut store, &second).1);
    assert!(new + first.len() / 2 < same_size, "{new} and {same_size} bytes of {}", first.len());
    for zip in [&first, &second] {
        let (searched, bytes) = read(&mut store, zip);
        assert_eq!((searched.summary, bytes), (None, zip.len()));
    }
}

/// Two hours before its first interval and after its last, to the second.
#[test]
fn a_file_is_searched_again_for_what_was_heard_near_its_keys_and_passed_over_for_the_rest() {
    let (first, last) = (u64::from(MIDNIGHT), u64::from(MIDNIGHT) + 287);
    let days =
        [key(1, MIDNIGHT + 144, 144, ReportType::ConfirmedTest), key(2, MIDNIGHT, 144, ReportType::ConfirmedTest)];
    let zip = zip(&days, &[]);
    let at = |time| Sighting::new(RollingProximityIdentifier::from_bytes([7; 16]), &[0; 4], -60, time);
    let far = at(NOW - 14 * 86_400);
    for (times, sought) in [
        (vec![(first - 12) * 600 - 1], 0),
        (vec![(first - 12) * 600], 1),
        (vec![(last + 13) * 600 - 1], 1),
        (vec![(last + 13) * 600], 0),
        (vec![0], 0),
        (vec![(last + 12) * 600, i64::MAX.unsigned_abs()], 2),
        (vec![], 0),
    ] {
        let folder = Folder::new();
        let mut store = folder.store();
        // The file was searched for some, of which the last is near.
        store.insert(&[far, at(NOW)]).unwrap();
        assert_eq!(offer(&mut store, &zip, NOW).unwrap().sightings, 2);
        store.insert(&times.iter().map(|time| at(*time)).collect::<Vec<_>>()).unwrap();
        assert_eq!(store.files().unwrap()[0].is_up_to_date, times.is_empty());
        let searched = offer(&mut store, &zip, NOW).unwrap();
        assert_eq!((searched.sightings, searched.summary.is_some()), (sought, sought > 0), "{times:?}");
        assert!(store.files().unwrap()[0].is_up_to_date);
    }
}

#[test]
fn a_file_without_keys_is_searched_once_and_no_file_for_what_is_gone() {
    let folder = Folder::new();
    let mut store = folder.store();
    let near = Sighting::new(RollingProximityIdentifier::from_bytes([7; 16]), &[0; 4], -60, NOW);
    for zip in [zip(&[], &keys(0..1)), zip(&keys(1..2), &[])] {
        assert!(offer(&mut store, &zip, NOW + 86_400).unwrap().summary.is_some());
        store.insert(&[near]).unwrap();
        let is_without_keys = store.files().unwrap().len() == 1;
        if !is_without_keys {
            store.purge_by_this_clock(NOW + 14 * 86_400).unwrap();
        }
        assert_eq!(offer(&mut store, &zip, NOW + 86_400).unwrap().summary, None, "{is_without_keys}");
    }
}

/// Two files that were searched for different sightings: what one is passed over for, the other may not be.
#[test]
fn each_file_is_passed_over_for_what_is_new_to_it() {
    let folder = Folder::new();
    let mut store = folder.store();
    let [here, gone] = [1, 2].map(|number| key(number, MIDNIGHT, 144, ReportType::ConfirmedTest));
    let [first, second] = [here, gone].map(|key| zip(&[key], &[]));
    offer(&mut store, &first, NOW).unwrap();
    store.insert(&[heard(&here, MIDNIGHT, 0, -12, -60)]).unwrap();
    offer(&mut store, &second, NOW).unwrap();
    let far = Sighting { time: NOW + 10 * 86_400, ..heard(&here, MIDNIGHT, 0, -12, -60) };
    store.insert(&[far]).unwrap();
    assert_eq!(offer(&mut store, &second, NOW).unwrap().sightings, 0);
    assert_eq!(offer(&mut store, &first, NOW).unwrap().sightings, 2);
    assert_eq!(store.matches().unwrap().matches.len(), 1);
}

#[test]
fn a_store_goes_by_its_own_profile() {
    let folder = Folder::new();
    let keys = keys(0..2);
    let zip = zip(&keys, &[]);
    // -55 dBm is a power that Apple believes and Google does not; 0 dB is an attenuation that Google believes.
    let sightings = [heard(&keys[0], MIDNIGHT, 0, -55, -70), heard(&keys[1], MIDNIGHT, 0, -12, 127)];
    for (profile, power) in [(Profile::Google, -12), (Profile::AppleV1, -55)] {
        let mut store = Store::open(folder.path().join(profile.name()), profile).unwrap();
        store.insert(&sightings).unwrap();
        offer(&mut store, &zip, NOW).unwrap();
        let matches = store.matches().unwrap().matches;
        assert_eq!(matches.iter().map(|found| found.metadata.tx_power()).collect::<Vec<_>>(), [power], "{profile:?}");
    }
}

/// While one searches a file, another does it for more: the file has then been searched for all of it.
#[test]
fn a_search_that_was_overtaken_does_not_set_the_ledger_back() {
    let folder = Folder::new();
    let (mut store, mut other) = (folder.store(), folder.store());
    let keys = keys(0..2);
    let zip = zip(&keys, &[]);
    store.insert(&[heard(&keys[0], MIDNIGHT, 0, -12, -60)]).unwrap();
    let trust = trust();
    let mut search = store.search(&trust, &ReadOptions::default()).unwrap();
    let searched = search.add_export_with(Cursor::new(&zip), NOW, |_| {
        other.insert(&[heard(&keys[1], MIDNIGHT, 0, -12, -60)]).unwrap();
        assert_eq!(offer(&mut other, &zip, NOW).unwrap().sightings, 2);
        ControlFlow::Continue(())
    });
    assert_eq!(searched.unwrap().sightings, 1);
    assert!(store.files().unwrap()[0].is_up_to_date);
    assert_eq!(store.matches().unwrap().matches.len(), 2);
}

/// Not every time, as that costs a write.
#[test]
fn when_a_file_was_last_offered_is_kept_to_the_day_whichever_way_the_clock_goes() {
    let folder = Folder::new();
    let mut store = folder.store();
    let zip = zip(&keys(0..1), &[]);
    let latest = i64::MAX.unsigned_abs();
    for (now, offered) in [
        (NOW, NOW),
        (NOW + 86_399, NOW),
        (NOW + 86_400, NOW + 86_400),
        (NOW + 1, NOW + 86_400),
        (NOW, NOW),
        (u64::MAX, latest),
        (NOW, NOW),
    ] {
        offer(&mut store, &zip, now).unwrap();
        let file = &store.files().unwrap()[0];
        assert_eq!((file.first_offered, file.last_offered), (NOW, offered), "at {now}");
    }
    let folder = Folder::new();
    store = folder.store();
    offer(&mut store, &zip, u64::MAX).unwrap();
    assert_eq!(store.files().unwrap()[0].first_offered, latest);
}

/// A file that is verified anew, as its signers are others now, counts as offered and is theirs.
#[test]
fn a_file_that_is_verified_anew_is_offered_and_trusted_as_it_is_now() {
    let folder = Folder::new();
    let mut store = folder.store();
    let start = u64::from(MIDNIGHT) * 600;
    let second = || Signer::generate("440", "v2", &mut rng());
    let builder = ExportBuilder::new("440", start, start + 86_400).keys(keys(0..1));
    let zip = builder.build(&[signer(), second()], &mut rng()).unwrap().remove(0).zip;
    let mut offer = |trust: &Trust, now| {
        let searched =
            store.search(trust, &ReadOptions::default()).unwrap().add_export(Cursor::new(&zip), now).unwrap();
        let file = store.files().unwrap().remove(0);
        (searched.summary.is_some(), file.verified_by, file.last_offered)
    };
    assert_eq!(offer(&trust(), NOW), (true, "440-v1".to_owned(), NOW));
    // An hour later: no day has passed, but it was read.
    let other = Trust::new(second().trusted_key());
    assert_eq!(offer(&other, NOW + 3600), (true, "440-v2".to_owned(), NOW + 3600));
    assert_eq!(offer(&other, NOW + 3600), (false, "440-v2".to_owned(), NOW + 3600));
}

/// Whatever profile the options have. Apple does not count signatures.
#[test]
fn files_are_read_by_the_profile_of_the_store() {
    let folder = Folder::new();
    let second = Signer::generate("440", "v2", &mut rng());
    let builder = ExportBuilder::new("440", NOW, NOW + 86_400).keys(keys(0..1));
    let zip = builder.build(&[signer(), second], &mut rng()).unwrap().remove(0).zip;
    // Without the second signature. The first is a field of fewer than 128 bytes.
    let (export_bin, export_sig) = zips::entries(&zip);
    let first = &export_sig[..2 + usize::from(export_sig[1])];
    let zip = zips::zip(&export_bin, first, true, CompressionMethod::Stored);
    let trust = trust();
    for (profile, other) in [(Profile::Google, Profile::AppleV1), (Profile::AppleV1, Profile::Google)] {
        let mut store = Store::open(folder.path().join(profile.name()), profile).unwrap();
        let options = ReadOptions { profile: other, ..ReadOptions::default() };
        let searched = store.search(&trust, &options).unwrap().add_export(Cursor::new(&zip), NOW);
        let is_refused = matches!(searched, Err(StoreError::File(ExportError::SignatureCount { .. })));
        assert_eq!((searched.is_ok(), is_refused), (profile == Profile::AppleV1, profile == Profile::Google));
    }
}

/// What took the number of one that is erased would count as looked for.
#[test]
fn the_number_of_a_sighting_that_is_erased_is_not_given_again() {
    let folder = Folder::new();
    let mut store = folder.store();
    let keys = keys(0..1);
    let zip = zip(&keys, &[]);
    let sighting = heard(&keys[0], MIDNIGHT, 0, -12, -60);
    for _ in 0..2 {
        store.insert(&[sighting]).unwrap();
        assert_eq!(offer(&mut store, &zip, NOW + 86_400).unwrap().sightings, 1);
        assert_eq!(store.purge_by_this_clock(NOW + 14 * 86_400).unwrap().hits, 1);
        // Nothing was heard; there is none now whose number could be the last.
        store.insert(&[]).unwrap();
    }
}

#[test]
fn a_search_is_for_the_sightings_that_were_there_when_it_began() {
    let folder = Folder::new();
    let (mut store, mut other) = (folder.store(), folder.store());
    let keys = keys(0..2);
    let zip = zip(&keys, &[]);
    store.insert(&[heard(&keys[0], MIDNIGHT, 0, -12, -60)]).unwrap();
    let trust = trust();
    let mut search = store.search(&trust, &ReadOptions::default()).unwrap();
    other.insert(&[heard(&keys[1], MIDNIGHT, 0, -12, -60)]).unwrap();
    assert_eq!(search.add_export(Cursor::new(&zip), NOW).unwrap().sightings, 1);
    assert!(!store.files().unwrap()[0].is_up_to_date);
    assert_eq!(offer(&mut store, &zip, NOW).unwrap().sightings, 1);
}

#[test]
fn revised_keys_are_those_of_keys_that_matched_in_the_order_of_their_files() {
    let folder = Folder::new();
    let mut store = folder.store();
    let [unheard, key] = [1, 2].map(|number| key(number, MIDNIGHT, 144, ReportType::ConfirmedTest));
    let [revoked, confirmed] =
        [ReportType::Revoked, ReportType::ConfirmedTest].map(|report_type| DiagnosisKey { report_type, ..key });
    store.insert(&[heard(&key, MIDNIGHT, 0, -12, -60)]).unwrap();
    for zip in [zip(&[key], &[unheard, revoked]), zip(&[], &[confirmed])] {
        offer(&mut store, &zip, NOW).unwrap();
    }
    assert_eq!(store.counts().unwrap().revised_keys, 3);
    assert_eq!(store.revised_keys().unwrap(), [revoked, confirmed]);
}

#[test]
fn a_key_that_a_later_file_publishes_with_another_report_takes_it_up() {
    use ReportType::{ConfirmedTest, Recursive, SelfReport};

    let mapping = DiagnosisKeysDataMapping::default();
    let [recursive, own] =
        [Recursive, SelfReport].map(|report_type| key(report_type as u32, MIDNIGHT, 144, report_type));
    let [confirmed, tested] = [recursive, own].map(|key| DiagnosisKey { report_type: ConfirmedTest, ..key });
    let sightings = [recursive, own].map(|key| heard(&key, MIDNIGHT, 0, -12, -60));
    let first = zip(&[recursive, own], &[]);
    let second = zip(&[confirmed, tested], &[]);
    let types = |store: &Store| {
        let found = store.encounters(&mapping).unwrap();
        found.iter().map(|found| (found.key.report_type, found.hidden(&mapping).is_some())).collect::<Vec<_>>()
    };

    let folder = Folder::new();
    let mut store = folder.store();
    store.insert(&sightings).unwrap();
    offer(&mut store, &first, NOW).unwrap();
    assert_eq!(types(&store), [(SelfReport, false), (Recursive, true)]);
    offer(&mut store, &second, NOW).unwrap();
    assert_eq!(types(&store), [(ConfirmedTest, false), (ConfirmedTest, false)]);
    assert_eq!(store.revised_keys().unwrap(), [], "nobody revised them");

    // Heard after both files were searched for others, and found in the second first.
    let folder = Folder::new();
    let mut store = folder.store();
    store.insert(&[heard(&key(9, MIDNIGHT, 144, ConfirmedTest), MIDNIGHT, 0, -12, -60)]).unwrap();
    for zip in [&first, &second] {
        offer(&mut store, zip, NOW).unwrap();
    }
    store.insert(&sightings).unwrap();
    for zip in [&second, &first] {
        offer(&mut store, zip, NOW).unwrap();
    }
    assert_eq!(types(&store), [(ConfirmedTest, false), (ConfirmedTest, false)]);
}

/// A byte more than is read, after a file that is known.
#[test]
fn a_file_that_is_too_long_is_not_taken_for_its_beginning() {
    let folder = Folder::new();
    let mut store = folder.store();
    let zip = zip(&keys(0..1), &[]);
    let mut options = ReadOptions::default();
    options.limits.file_bytes = zip.len() as u64;
    let trust = trust();
    let mut search = store.search(&trust, &options).unwrap();
    assert!(search.add_export(Cursor::new(&zip), NOW).unwrap().summary.is_some());
    assert!(search.add_export(Cursor::new(&zip), NOW).unwrap().summary.is_none());
    let refused = search.add_export(Cursor::new([&zip[..], b"!"].concat()), NOW).unwrap_err();
    assert!(matches!(refused, StoreError::File(ExportError::FileTooLarge { .. })), "{refused}");
}

/// Another erases what is known of it, and it is as if it had never been searched.
#[test]
fn a_file_that_is_forgotten_while_it_is_searched_is_searched_for_everything() {
    const DAY: u64 = 86_400;
    let folder = Folder::new();
    let (mut store, mut other) = (folder.store(), folder.store());
    let zip = zip(&keys(0..1), &[]);
    let near = Sighting::new(RollingProximityIdentifier::from_bytes([7; 16]), &[0; 4], -60, NOW);
    store.insert(&[near]).unwrap();
    offer(&mut store, &zip, NOW - DAY).unwrap();
    store.insert(&[near]).unwrap();
    let trust = trust();
    let mut search = store.search(&trust, &ReadOptions::default()).unwrap();
    let searched = search.add_export_with(Cursor::new(&zip), NOW, |_| {
        other.purge_by_this_clock(NOW + 13 * DAY).unwrap();
        ControlFlow::Continue(())
    });
    assert_eq!(searched.unwrap().sightings, 1 + 2);
}
