//! Keys, files and sightings to put into a store.

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, process};

use gaen::export::{ExportBuilder, ReadOptions};
use gaen::keys::{BluetoothMetadata, ReportType};
use gaen::store::{SearchedExport, Store, StoreError};
use gaen::time::RollingPeriod;
use gaen::{DiagnosisKey, EnIntervalNumber, Profile, RollingWindow, Sighting};

use crate::signed::{rng, signer, trust};

/// The first interval of 2020-09-26 UTC.
pub(crate) const MIDNIGHT: u32 = 2_668_464;

/// A folder that goes away.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("gaen-store-test-{}-{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn store(&self) -> Store {
        Store::open(self.0.join("gaen.db"), Profile::Google).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

/// The key of this number, from `start` on for `period` intervals.
pub(crate) fn key(number: u32, start: u32, period: u32, report_type: ReportType) -> DiagnosisKey {
    let mut bytes = [0xa5; 16];
    bytes[..4].copy_from_slice(&number.to_le_bytes());
    let window = RollingWindow::new(EnIntervalNumber::new(start), RollingPeriod::new(period).unwrap()).unwrap();
    DiagnosisKey { report_type, ..DiagnosisKey::new(bytes, window) }
}

/// An identifier of this key, heard so many seconds after its interval began.
pub(crate) fn heard(key: &DiagnosisKey, interval: u32, late: i64, tx_power: i8, rssi: i8) -> Sighting {
    let interval = EnIntervalNumber::new(interval);
    let rpi = key.identifier_key().identifier(interval);
    let aem = key.metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(tx_power));
    Sighting::new(rpi, aem.as_bytes(), rssi, interval.unix_seconds().saturating_add_signed(late))
}

/// A signed zip of these keys.
pub(crate) fn zip(keys: &[DiagnosisKey], revised: &[DiagnosisKey]) -> Vec<u8> {
    let start = EnIntervalNumber::new(MIDNIGHT).unix_seconds();
    let builder = ExportBuilder::new("440", start, start + 86_400).keys(keys.to_vec()).revised_keys(revised.to_vec());
    builder.build(&[signer()], &mut rng()).unwrap().remove(0).zip
}

/// Searches one file.
pub(crate) fn offer(store: &mut Store, zip: &[u8], now: u64) -> Result<SearchedExport, StoreError> {
    let trust = trust();
    store.search(&trust, &ReadOptions::default())?.add_export(Cursor::new(zip), now)
}
