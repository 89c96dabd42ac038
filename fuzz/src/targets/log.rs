use std::sync::LazyLock;

use gaen::cocoa::{
    CheckTime, ExportList, ExposureData, ExposureLog, FileIndex, FileIndexBuilder, HashOf, LoggedHash, Resolution,
};
use gaen::export::{ContainerRule, ReadOptions};
use gaen::time::UtcDay;

/// A document of a phone or of COCOA's server: counts of a log are within each other's bounds, its entries are where it
/// says, its hashes lead only to files that have them. Days and hashes in words are read as they are written.
pub fn log(data: &[u8]) {
    match ExposureLog::read(data) {
        Ok(log) => check_log(&log),
        Err(error) => check_text(&error.to_string()),
    }
    match ExportList::read(data) {
        Ok(list) => assert!(list.newer_than(0).count() <= list.entries.len()),
        Err(error) => check_text(&error.to_string()),
    }
    if let Ok(text) = str::from_utf8(data) {
        check_time(&CheckTime::new(text));
        check_hash(&LoggedHash::new(text, HashOf::File));
        if let Ok(day) = text.parse::<UtcDay>() {
            assert_eq!(day.to_string().parse(), Ok(day));
        }
    }
}

/// The demonstration's files.
static FILES: LazyLock<FileIndex> = LazyLock::new(|| {
    let options = ReadOptions { container: ContainerRule::Tolerant, ..ReadOptions::default() };
    let mut files = FileIndexBuilder::with_calls();
    for (name, file) in
        [("1", &include_bytes!("../../../demo/day-1.zip")[..]), ("2", include_bytes!("../../../demo/day-2.zip"))]
    {
        files.add(name, file, &options).unwrap();
    }
    files.build()
});

fn check_log(log: &ExposureLog) {
    let distinct = log.distinct_matches();
    assert!(distinct.keys_at_least <= distinct.keys_at_most);
    let unknown = log.entries.iter().filter(|entry| entry.matches.is_none()).count();
    assert_eq!(distinct.unknown, unknown);
    for hash in &distinct.hashes {
        assert!(
            hash.entries.iter().all(|entry| log.entries[*entry].matches.is_some_and(|found| found <= hash.matches))
        );
    }
    for entry in &log.entries {
        check_text(&entry.place);
        check_hash(&entry.hash);
        entry.checked.iter().for_each(check_time);
    }
    log.exposure_data.iter().for_each(check_data);
}

fn check_time(time: &CheckTime) {
    if let Some(moment) = time.checked_at() {
        assert!(time.reading().is_some(), "{moment}");
    }
}

fn check_hash(hash: &LoggedHash) {
    if let Resolution::File(file) = FILES.resolve(hash) {
        assert_eq!(hash.sha256, Some(file.export_sha256));
    }
}

/// Its days are in order of their numbers, where these are days at all, and it can be written.
fn check_data(data: &ExposureData) {
    for window in &data.exposure_windows {
        let counted = window.scans.iter().filter(|scan| scan.seconds_since_last_scan > 0).count();
        assert!(window.seconds() >= counted as u64);
        if let Some(day) = window.date.day() {
            assert_eq!(day.to_string().parse(), Ok(day));
        }
    }
    serde_json::to_string(data).unwrap();
}

fn check_text(text: &str) {
    assert!(!text.chars().any(char::is_control), "{text:?}");
}
