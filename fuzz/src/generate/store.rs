//! A store in which there is some of everything.

use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::sync::LazyLock;

use gaen::export::{ExportBuilder, ReadOptions, Signer, Trust};
use gaen::keys::{BluetoothMetadata, ReportType};
use gaen::matching::HeardMetadata;
use gaen::store::Store;
use gaen::time::RollingPeriod;
use gaen::{DiagnosisKey, EnIntervalNumber, Profile, RollingWindow, Sighting};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rusqlite::Connection;

use super::START;

/// The moment at which all of it is done.
pub(crate) const NOW: u64 = START as u64 * 600;

/// The same numbers each time.
pub(crate) fn rng() -> StdRng {
    StdRng::seed_from_u64(20_200_926)
}

/// The store, in a file of this folder.
pub(crate) fn open(folder: &Path) -> Store {
    let path = folder.join("gaen.db");
    fs::write(&path, image()).unwrap();
    Store::open(path, Profile::Google).unwrap()
}

/// The bytes of its file.
pub(crate) fn image() -> &'static [u8] {
    static IMAGE: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gaen.db");
        fill(&mut Store::open(&path, Profile::Google).unwrap());
        // A database in memory has no log.
        let database = Connection::open(&path).unwrap();
        database.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(())).unwrap();
        drop(database);
        fs::read(path).unwrap()
    });
    &IMAGE
}

/// What nobody has searched yet: of both keys something was heard, and both are in the store.
pub(crate) fn search(store: &mut Store) {
    let [first, second] = keys();
    search_file(store, &[second, first], &[]);
}

fn keys() -> [DiagnosisKey; 2] {
    [1, 2].map(|number| {
        let window = RollingWindow::new(EnIntervalNumber::new(START), RollingPeriod::new(144).unwrap()).unwrap();
        DiagnosisKey { report_type: ReportType::ConfirmedTest, ..DiagnosisKey::new([number; 16], window) }
    })
}

fn fill(store: &mut Store) {
    let [first, second] = keys();
    let heard = |key: &DiagnosisKey, after: u32, late: u64| {
        let interval = EnIntervalNumber::new(START + after);
        let rpi = key.identifier_key().identifier(interval);
        let aem = key.metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(-12));
        Sighting::new(rpi, aem.as_bytes(), -60, interval.unix_seconds() + late)
    };
    let start = heard(&first, 0, 0);
    let wrong_length = Sighting { aem: HeardMetadata::WrongLength(300), ..heard(&second, 1, 0) };
    let seconds_later = Sighting { previous_scan: Some(start.time), ..heard(&first, 0, 300) };
    store.insert(&[start, start, wrong_length, seconds_later, heard(&first, 2, 0)]).unwrap();
    let revised = DiagnosisKey { report_type: ReportType::Revoked, ..second };
    search_file(store, &[first], &[]);
    search_file(store, &[second], &[revised]);
    // Of what was heard of the first key at the beginning of its interval, only the time is left.
    store.purge(start.time + 14 * 86_400 + 1).unwrap();
    store.with_key_ring(|ring| drop(ring.rotate(NOW, &mut rng()).unwrap())).unwrap();
}

fn search_file(store: &mut Store, keys: &[DiagnosisKey], revised: &[DiagnosisKey]) {
    static SIGNER: LazyLock<Signer> = LazyLock::new(|| Signer::generate("440", "v1", &mut rng()));
    static TRUST: LazyLock<Trust> = LazyLock::new(|| Trust::new(SIGNER.trusted_key()));
    let builder = ExportBuilder::new("440", NOW, NOW + 86_400).keys(keys.to_vec()).revised_keys(revised.to_vec());
    let zip = builder.build([&*SIGNER], &mut rng()).unwrap().remove(0).zip;
    let mut search = store.search(&TRUST, &ReadOptions::default()).unwrap();
    search.add_export(Cursor::new(zip), NOW).unwrap();
}
