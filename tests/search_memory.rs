//! A search's memory does not grow with what an unverified file says, however much that is: measured, by the peak of
//! this process's resident memory, which the kernel counts.
#![cfg(all(feature = "export", target_os = "linux"))]

use std::fs;
use std::io::Cursor;

use gaen::export::{ExportSummary, HEADER, ReadOptions, UnverifiedExport};
use gaen::matching::Search;
use gaen::search::SearchOptions;
use gaen::time::RollingPeriod;
use gaen::{DiagnosisKey, EnIntervalNumber, Matcher, RollingWindow, Sighting, SightingIndex};

const INTERVAL: u32 = 2_659_300;

/// Kilobytes from the status of this process.
fn status(field: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap();
    line.trim_matches(|sign: char| !sign.is_ascii_digit()).parse().unwrap()
}

/// By how many MiB the peak of resident memory rises meanwhile.
fn growth<T>(work: impl FnOnce() -> T) -> (u64, T) {
    fs::write("/proc/self/clear_refs", "5").unwrap(); // the peak is what there is now
    let before = status("VmRSS:");
    let done = work();
    (status("VmHWM:").saturating_sub(before) >> 10, done)
}

/// A key field, by its tag, as the format has it.
fn field(tag: u8, key: &DiagnosisKey) -> [u8; 29] {
    let varint = |value: u32| {
        let group = |shift: u32| (value >> shift & 0x7f) as u8 | 0x80;
        [group(0), group(7), group(14), group(21), (value >> 28) as u8]
    };
    let mut field = [0; 29];
    field[..4].copy_from_slice(&[tag, 27, 0x0a, 16]);
    field[4..20].copy_from_slice(key.key_data.as_bytes());
    field[20] = 0x18;
    field[21..26].copy_from_slice(&varint(key.window.start().as_u32()));
    let [low, high, ..] = varint(key.window.period().as_u32());
    field[26..].copy_from_slice(&[0x20, low, high & 0x7f]);
    field
}

const KEY: u8 = 0x3a;
const REVISED_KEY: u8 = 0x42;

fn bare(tag: u8, keys: impl Iterator<Item = DiagnosisKey>) -> Vec<u8> {
    let mut file = Vec::with_capacity(64 << 20);
    file.extend(HEADER);
    keys.for_each(|key| file.extend(field(tag, &key)));
    file
}

/// Each of these keys in every window that holds the interval: 10,440 of them.
fn windows(keys: u8) -> impl Iterator<Item = DiagnosisKey> {
    let of_key = |key: u8| (1..=144).flat_map(move |period| (0..period).map(move |before| (key, period, before)));
    (0..keys).flat_map(of_key).map(|(key, period, before)| {
        let (start, period) = (EnIntervalNumber::new(INTERVAL - before), RollingPeriod::new(period).unwrap());
        DiagnosisKey::new([key; 16], RollingWindow::new(start, period).unwrap())
    })
}

/// A way to search, and its name.
type Way = (&'static str, fn(&mut Search<'_>, &[u8]) -> Result<ExportSummary, &'static str>);

fn options() -> SearchOptions<'static> {
    SearchOptions::unverified().reading(ReadOptions::default())
}

const WAYS: &[Way] = &[
    ("add_export", |search, file| search.add_export(0, Cursor::new(file), &options()).map_err(|error| error.code())),
    #[cfg(feature = "rayon")]
    ("add_export_parallel", |search, file| {
        let go_on = |_: &_| std::ops::ControlFlow::Continue(());
        search.add_export_parallel(0, Cursor::new(file), &options(), go_on).map_err(|error| error.code())
    }),
];

/// One test, since whatever else ran would be counted too.
#[test]
fn no_file_makes_memory_grow() {
    #[cfg(feature = "rayon")]
    rayon::ThreadPoolBuilder::new().num_threads(4).build_global().unwrap();

    // Every key of `windows` was heard.
    let sightings = (0..=u8::MAX).map(|key| {
        let (key, interval) = (gaen::TemporaryExposureKey::from_bytes([key; 16]), EnIntervalNumber::new(INTERVAL));
        Sighting::new(key.identifier_key().identifier(interval), &[0; 4], -60, interval.unix_seconds())
    });
    let index = SightingIndex::new(sightings.collect()).unwrap();
    let one = windows(1).last().unwrap();
    let million = 1_000_000;
    let unknown = [&HEADER[..], &[0x4a, 1, 0, 0x50, 1].repeat(12 * million)].concat();
    for (what, file, expected, keys, revised_keys) in [
        ("all keys match", bare(KEY, windows(200)), Err("too_many_candidates"), 0, 0),
        ("one key", bare(KEY, std::iter::repeat_n(one, million)), Ok(()), million, 0),
        ("revised keys", bare(REVISED_KEY, windows(200)), Ok(()), 0, 200 * 10_440),
        ("unknown fields", unknown, Ok(()), 0, 0),
    ] {
        for (name, add) in WAYS {
            let mut search = Matcher::new(&index).search();
            let (grown, searched) = growth(|| add(&mut search, &file));
            if let Ok(summary) = &searched {
                assert_eq!((summary.keys, summary.revised_keys), (keys as u64, revised_keys), "{name}: {what}");
            }
            assert_eq!(searched.map(|_| ()), expected, "{name}: {what}");
            // Held as a whole, each would be over 100 MiB.
            assert!(grown < 48, "{name}: {what}: {grown} MiB");
        }
    }

    // Of a file that is read for its revised keys, nothing else is held.
    let file = bare(KEY, windows(200));
    let (grown, revised_keys) = growth(|| options().revised_keys(Cursor::new(&file)));
    assert_eq!(revised_keys, Ok(vec![]));
    assert!(grown < 48, "revised keys of a file without any: {grown} MiB");

    // What is held is seen.
    let file = bare(REVISED_KEY, windows(200));
    let (grown, _) = growth(|| {
        UnverifiedExport::from_parts(file, vec![], &ReadOptions::default()).map(|e| e.read_without_verifying())
    });
    assert!(grown > 48, "{grown} MiB");
}
