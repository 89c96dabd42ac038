//! What Google's framework kept, in folders that another implementation of LevelDB has written.

use std::fs;
use std::path::Path;

use gaen::store::{ImportSkip, Imported, StoreError, StoreLimits};
use gaen::{RollingProximityIdentifier, Sighting};
use proptest::prelude::*;
use proptest::sample::Index;
use prost::Message;
use rusty_leveldb::{DB, Options, in_memory};

use crate::world::Folder;

const NOON: u32 = 1_601_121_600;

/// The messages, as spec and Google's source have them.
#[derive(Clone, PartialEq, Message)]
struct Value {
    #[prost(message, repeated, tag = "1")]
    scans: Vec<Scan>,
    #[prost(bytes = "vec", optional, tag = "2")]
    aem: Option<Vec<u8>>,
}

#[derive(Clone, PartialEq, Message)]
struct Scan {
    #[prost(uint32, optional, tag = "1")]
    time: Option<u32>,
    #[prost(bytes = "vec", optional, tag = "2")]
    strengths: Option<Vec<u8>>,
    #[prost(int32, optional, tag = "3")]
    rssi: Option<i32>,
    #[prost(bytes = "vec", optional, tag = "4")]
    old_aem: Option<Vec<u8>>,
    #[prost(uint32, optional, tag = "5")]
    previous: Option<u32>,
    #[prost(bytes = "vec", repeated, tag = "6")]
    aems: Vec<Vec<u8>>,
}

/// Day and identifier.
fn key(rpi: u8) -> Vec<u8> {
    [&u16::try_from(NOON / 86_400).unwrap().to_be_bytes()[..], &[rpi; 16]].concat()
}

fn sighting(rpi: u8, aem: &[u8], rssi: i8, seconds: u32, previous_scan: Option<u32>) -> Sighting {
    let heard = Sighting::new(RollingProximityIdentifier::from_bytes([rpi; 16]), aem, rssi, (NOON + seconds).into());
    Sighting { previous_scan: previous_scan.map(|previous| (NOON + previous).into()), ..heard }
}

/// Writes a database into a folder.
fn write(folder: &Path, options: Options, fill: impl FnOnce(&mut DB)) {
    let env = options.env.clone();
    let mut database = DB::open("db", options).unwrap();
    fill(&mut database);
    database.close().unwrap();
    drop(database);
    fs::create_dir_all(folder).unwrap();
    for name in env.children(Path::new("db")).unwrap() {
        let mut bytes = Vec::new();
        let path = Path::new("db").join(name.file_name().unwrap());
        env.open_sequential_file(&path).unwrap().read_to_end(&mut bytes).unwrap();
        fs::write(folder.join(name.file_name().unwrap()), bytes).unwrap();
    }
}

/// All files of a folder.
fn files(folder: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

/// What is imported into a new store from a folder.
fn import(folder: &Path) -> Result<(Vec<Sighting>, Imported), StoreError> {
    let store_folder = Folder::new();
    let mut store = store_folder.store();
    let imported = store.import_google(folder, &StoreLimits::default())?;
    Ok((store.sightings().unwrap(), imported))
}

#[test]
fn a_record_is_a_sighting_for_each_signal_strength() {
    let folder = Folder::new();
    let path = folder.path().join("app_contact-tracing-contact-record-db");
    let scan = |seconds: u32, strengths: &[i8]| Scan {
        time: Some(NOON + seconds),
        strengths: Some(strengths.iter().map(|rssi| rssi.to_le_bytes()[0]).collect()),
        ..Scan::default()
    };
    let value = Value {
        scans: vec![
            Scan { previous: Some(NOON - 240), ..scan(0, &[-60, -61]) },
            Scan { previous: Some(0), aems: vec![vec![1; 4], vec![2; 4]], ..scan(300, &[-70, -71]) },
            scan(600, &[127, 0, 21, 20]),
            scan(0, &[]),
            Scan { time: None, ..scan(0, &[-60]) },
            Scan { time: Some(7), ..scan(0, &[-60]) },
        ],
        aem: Some(vec![9; 4]),
    };
    // As versions of 2020 wrote it.
    let old = |seconds, rssi| Scan {
        time: Some(NOON + seconds),
        rssi: Some(rssi),
        old_aem: Some(vec![3; 4]),
        previous: Some(NOON),
        ..Scan::default()
    };
    let of_2020 = Value { scans: vec![old(10, -80), old(11, -81), old(12, 127)], aem: None };
    write(&path, in_memory(), |database| {
        database.put(&key(1), &value.encode_to_vec()).unwrap();
        database.put(&key(2), &of_2020.encode_to_vec()).unwrap();
        database.put(&key(3)[..17], &value.encode_to_vec()).unwrap();
        database.put(&[&key(3)[..], &[0]].concat(), &value.encode_to_vec()).unwrap();
        database.put(&key(4), b"no message").unwrap();
        database.put(&key(5), &value.encode_to_vec()).unwrap();
        database.delete(&key(5)).unwrap();
    });
    let before = files(&path);
    let mut store = folder.store();
    let imported = store.import_google(&path, &StoreLimits::default()).unwrap();
    let expected = [
        sighting(1, &[9; 4], -60, 0, Some(0)),
        sighting(1, &[9; 4], -61, 0, Some(0)),
        sighting(1, &[1; 4], -70, 300, None),
        sighting(1, &[2; 4], -71, 300, None),
        sighting(1, &[9; 4], 20, 600, None),
        sighting(2, &[3; 4], -80, 10, Some(0)),
        sighting(2, &[3; 4], -81, 11, Some(0)),
    ]
    .map(|heard| match heard.rpi.as_bytes()[0] {
        1 if heard.previous_scan.is_some() => Sighting { previous_scan: Some(u64::from(NOON) - 240), ..heard },
        _ => heard,
    });
    assert_eq!(store.sightings().unwrap(), expected);
    assert_eq!((imported.stored, imported.already_there), (7, 0));
    let skipped: Vec<_> = imported.skipped.iter().collect();
    let reasons = [(ImportSkip::Identifier, 2), (ImportSkip::Rssi, 5), (ImportSkip::Time, 2), (ImportSkip::Record, 1)];
    assert_eq!(skipped, reasons);
    assert_eq!(store.import_google(&path, &StoreLimits::default()).unwrap().already_there, 7);
    assert_eq!(files(&path), before, "nothing was written");
}

/// One sighting of each of these, a second apart.
fn some(number: u32) -> (Vec<u8>, Vec<u8>, Sighting) {
    let [low, high, ..] = number.to_le_bytes();
    let rpi = [[low, high].repeat(4), vec![7; 8]].concat();
    let scan = Scan { time: Some(NOON + number), strengths: Some(vec![0xc4]), ..Scan::default() };
    let value = Value { scans: vec![scan], aem: Some(vec![low; 4]) };
    let rpi_16 = RollingProximityIdentifier::from_bytes(rpi.clone().try_into().unwrap());
    let heard = Sighting::new(rpi_16, &[low; 4], -60, (NOON + number).into());
    ([&[0x48, 0x64][..], &rpi].concat(), value.encode_to_vec(), heard)
}

/// Logs, tables with and without compression, several of them, and keys that are in more than one.
#[test]
fn whatever_files_it_is_in_each_key_counts_once_as_it_was_last() {
    for (write_buffer_size, compressor) in [(1 << 20, 0), (16 << 10, 0), (16 << 10, 1)] {
        let folder = Folder::new();
        let path = folder.path().join("db");
        let options = Options { write_buffer_size, compressor, max_file_size: 32 << 10, ..in_memory() };
        let mut expected = std::collections::BTreeMap::new();
        write(&path, options, |database| {
            for number in 0..2500 {
                // Some again with another value, some erased, and some once more after that.
                let (key, value, heard) = some(number);
                let (_, other, other_heard) = some(number + 10_000);
                let other_heard = Sighting { rpi: heard.rpi, ..other_heard };
                database.put(&key, &value).unwrap();
                expected.insert(key.clone(), heard);
                if number % 5 == 0 {
                    database.put(&key, &other).unwrap();
                    expected.insert(key.clone(), other_heard);
                }
                if number % 7 == 0 {
                    let (key, ..) = some(number / 2);
                    database.delete(&key).unwrap();
                    expected.remove(&key);
                }
            }
        });
        let tables = files(&path).iter().filter(|(path, _)| path.extension().is_some_and(|kind| kind == "ldb")).count();
        assert!((tables > 2) == (write_buffer_size < 1 << 20), "{tables} tables");
        let (sightings, imported) = import(&path).unwrap();
        assert_eq!(imported.skipped.total(), 0);
        assert!(sightings == expected.values().copied().collect::<Vec<_>>(), "{write_buffer_size} {compressor}");
        // The list of files is not needed.
        for (path, _) in files(&path) {
            if path.extension().is_none_or(|kind| kind != "log" && kind != "ldb") {
                fs::remove_file(path).unwrap();
            }
        }
        assert!(import(&path).unwrap().0 == sightings);
    }
}

#[test]
fn what_is_no_such_folder_is_refused_by_name() {
    let folder = Folder::new();
    let why = |path: &Path| match import(path).unwrap_err() {
        StoreError::NotImportable { detail } => detail,
        error => panic!("{error:?}"),
    };
    let no_files = "the folder has no file of LevelDB, such as 000003.log or 000005.ldb";
    assert_eq!(why(folder.path()), no_files);
    let path = folder.path().join("db");
    fs::create_dir(&path).unwrap();
    fs::write(path.join("CURRENT"), "MANIFEST-000002\n").unwrap();
    fs::write(path.join("LOG"), "2020/09/26").unwrap();
    fs::create_dir(path.join("000001.log")).unwrap();
    assert_eq!(why(&path), no_files);
    fs::write(path.join("000003.log"), "").unwrap();
    assert_eq!(why(&path), "the LevelDB files of the folder have no record");
    fs::write(path.join("000003.log"), [0; 40_000]).unwrap();
    assert_eq!(why(&path), "the LevelDB files of the folder have no record");
    fs::write(path.join("000003.log"), [1; 40_000]).unwrap();
    assert_eq!(why(&path), "the LevelDB files of the folder have no record, and 2 damaged pieces");
    fs::write(path.join("000005.ldb"), [0; 100]).unwrap();
    assert_eq!(why(&path), "000005.ldb is no table of LevelDB");
    assert!(!why(&path.join("000003.log")).is_empty());
    assert!(!why(&path.join("missing")).is_empty());
    // A folder where a database should be.
    let mut store = folder.store();
    for error in
        [store.import_microg(&path, &StoreLimits::default()), store.import_ramble(&path, &StoreLimits::default())]
    {
        assert_eq!(error.unwrap_err(), StoreError::NotImportable { detail: "it is a folder".to_owned() });
    }
    let limits = StoreLimits { database_bytes: 39_999 };
    assert_eq!(store.import_google(&path, &limits).unwrap_err(), StoreError::TooLarge { limit: 39_999 });
}

/// A table that names one block again and again has more in it than anybody wants to read.
#[test]
fn blocks_are_read_within_the_limit() {
    let folder = Folder::new();
    let path = folder.path().join("db");
    write(&path, Options { write_buffer_size: 16 << 10, compressor: 1, ..in_memory() }, |database| {
        for number in 0..2000 {
            let (key, _, _) = some(number);
            let scan = Scan { time: Some(NOON), strengths: Some(vec![0xc4; 200]), ..Scan::default() };
            database.put(&key, &Value { scans: vec![scan], aem: None }.encode_to_vec()).unwrap();
        }
    });
    let bytes: usize = files(&path).iter().map(|(_, bytes)| bytes.len()).sum();
    let mut store = folder.store();
    let mut within = |database_bytes| {
        let limits = StoreLimits { database_bytes };
        store.import_google(&path, &limits).map(|imported| imported.stored > 0)
    };
    // It is there several times over when it is inflated.
    assert_eq!(within(bytes as u64), Err(StoreError::TooLarge { limit: bytes as u64 }));
    assert_eq!(within(100 * bytes as u64), Ok(true));
}

/// The report's folder has a log without any record, if it is there.
#[test]
fn the_folder_of_the_report_is_refused_with_what_it_lacks() {
    let Ok(reports) = std::env::var("GAEN_REPORTS") else { return };
    let folder = Path::new(&reports).join("leveldb-folder/app_contact-tracing-contact-record-db");
    let detail = "the LevelDB files of the folder have no record".to_owned();
    assert_eq!(import(&folder).unwrap_err(), StoreError::NotImportable { detail });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Changed or cut anywhere: sightings that were there, or an error. What is missing is counted.
    #[test]
    fn nothing_that_was_changed_becomes_a_sighting(
        changes in prop::collection::vec((any::<Index>(), any::<Index>(), any::<u8>()), 1..4),
        cut in prop::option::of((any::<Index>(), any::<Index>())),
    ) {
        thread_local!(static WHOLE: (Folder, Vec<Sighting>) = {
            let folder = Folder::new();
            write(folder.path(), Options { write_buffer_size: 8 << 10, compressor: 1, ..in_memory() }, |database| {
                (0..400).for_each(|number| { let (key, value, _) = some(number); database.put(&key, &value).unwrap(); });
            });
            (folder, (0..400).map(|number| some(number).2).collect())
        });
        let (mut whole, there) = WHOLE.with(|(folder, there)| (files(folder.path()), there.clone()));
        whole.retain(|(path, bytes)| path.extension().is_some_and(|kind| kind == "log" || kind == "ldb") && !bytes.is_empty());
        for (file, place, byte) in changes {
            let file = file.index(whole.len());
            let bytes = &mut whole[file].1;
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Some((file, place)) = cut {
            let file = file.index(whole.len());
            let bytes = &mut whole[file].1;
            bytes.truncate(place.index(bytes.len()));
        }
        let folder = Folder::new();
        for (path, bytes) in whole {
            fs::write(folder.path().join(path.file_name().unwrap()), bytes).unwrap();
        }
        match import(folder.path()) {
            Ok((sightings, _)) => prop_assert!(sightings.iter().all(|heard| there.contains(heard))),
            Err(error) => prop_assert_eq!(error.code(), "not_importable"),
        }
    }
}
