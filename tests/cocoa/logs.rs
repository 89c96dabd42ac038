//! Real logs of exposure checks, as people published them, and anything that could stand in their place.
//!
//! The logs are not ours to copy: `GAEN_COCOA` names the folder with them, and `GAEN_REAL_EXPORTS` that with the real
//! files. Without it these tests say so and check nothing.
use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::PathBuf;

use gaen::cocoa::{
    Convention, DateReading, DocumentError, ExportList, ExposureLog, FileIndex, FileIndexBuilder, HashOf, LogFormat,
    Resolution, TimeReading,
};
use gaen::export::{ContainerRule, ReadOptions, UnverifiedExport};
use gaen::search::SearchOptions;
use gaen::time::UtcOffset;
use gaen::{Matcher, SightingIndex};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::cases::cases;

fn folder(variable: &str) -> Option<PathBuf> {
    let folder = std::env::var_os(variable).map(PathBuf::from);
    if folder.is_none() {
        eprintln!("{variable} is not set: NO real log is checked");
    }
    folder
}

fn real(name: &str) -> Option<String> {
    folder("GAEN_COCOA").map(|folder| std::fs::read_to_string(folder.join(name)).unwrap())
}

fn read(document: &str) -> ExposureLog {
    ExposureLog::read(document.as_bytes()).unwrap_or_else(|error| panic!("{error}: {document}"))
}

/// The whole JSON objects in an abridged text that have a field of this name, each as it stands there.
fn objects<'t>(text: &'t str, field: &str) -> Vec<&'t str> {
    let starts = text.match_indices('{').map(|(start, _)| start);
    let whole = starts.filter_map(|start| {
        let mut values = serde_json::Deserializer::from_str(&text[start..]).into_iter::<Value>();
        let value = values.next()?.ok()?;
        let object = &text[start..start + values.byte_offset()];
        value.get(field).is_some().then_some(object)
    });
    whole.collect()
}

#[test]
fn the_entry_of_the_article() {
    let Some(text) = real("logs/ios_v2_seed_cocoa_entry.json") else { return };
    let log = read(&text);
    let [entry] = &log.entries[..] else { panic!("{log:?}") };
    assert_eq!((log.format, log.checks, entry.keys, entry.matches), (LogFormat::Entry, 1, Some(7), Some(1)));
    assert_eq!(entry.app.as_deref(), Some("jp.go.mhlw.covid19radar"));
    let checked = entry.checked.as_ref().unwrap();
    assert_eq!((checked.text(), checked.checked_at()), ("2020-09-06 00:21:25 +0900", Some(1_599_319_285)));
    assert_eq!((entry.hash.of, entry.hash.sha256.map(|sha256| sha256[0])), (HashOf::File, Some(0x2e)));
    if let Some(index) = real_files() {
        assert_eq!(index.resolve(&entry.hash).name(), "not_among_these");
    }
}

#[test]
fn logs_of_both_versions_of_ios() {
    let Some(text) = real("logs/ios_v1_cocoa_2022-01__ktansai-issue45.json") else { return };
    let log = read(&text);
    assert_eq!((log.format, log.checks, log.entries.len()), (LogFormat::IosV1, 5, 5));
    assert_eq!((log.build.as_deref(), log.device.as_deref()), (Some("XXXX"), Some("iPhoneXXXX")));
    assert_eq!(log.entries.iter().map(|entry| entry.keys.unwrap()).sum::<u64>(), 18 + 1 + 462 + 906 + 1312);
    assert!(log.entries.iter().all(|entry| entry.hash.sha256.is_none() && entry.matches.is_some()));
    assert_eq!(log.distinct_matches().keys_at_least, 1);

    let Some(text) = real("logs/ios_v1_cwa_excerpts.txt") else { return };
    let entries = objects(&text, "RandomIDCount");
    assert_eq!(entries.len(), 3);
    for entry in entries {
        // One alone, and one in a log without `DeviceProductType`.
        assert_eq!(read(entry).format, LogFormat::Entry);
        let log = read(&format!(r#"{{"Build":"17F80","ExportVersion":1,"ExposureChecks":[{entry}]}}"#));
        assert_eq!((log.format, log.device.as_ref()), (LogFormat::IosV1, None));
        assert!(log.entries[0].hash.sha256.is_some() && log.entries[0].checked.as_ref().unwrap().reading().is_some());
    }

    let Some(text) = real("logs/ios_v2_excerpts.txt") else { return };
    let checks = objects(&text, "Files");
    assert_eq!(checks.len(), 2);
    let log = read(&format!(r#"{{"Build":"18A393","ExportVersion":2,"ExposureChecks":[{}]}}"#, checks.join(",")));
    assert_eq!((log.format, log.checks, log.entries.len()), (LogFormat::IosV2, 2, 2));
    assert_eq!(log.entries[1].place, "ExposureChecks[1].Files[0]");
    for check in checks {
        assert_eq!(read(check).format, LogFormat::IosV2);
    }
    let matched = objects(&text, "MatchCount").into_iter().map(read).find(|log| log.entries[0].matches == Some(1));
    assert_eq!(matched.unwrap().entries[0].keys, Some(14_309));
    // `"Files" : [...]` without braces around it, as a help page shows it.
    let files = text.split_once("GitHub file id").unwrap().1.split_once('\n').unwrap().1;
    assert_eq!((read(files).format, read(files).entries.len()), (LogFormat::IosV2, 1));
    assert_eq!(read(files.trim().strip_prefix("\"Files\" :").unwrap()).entries.len(), 1);
}

#[test]
fn logs_of_android() {
    let Some(text) = real("logs/android_cocoa__ktansai-pr1.json") else { return };
    let log = read(&text);
    assert_eq!((log.format, log.entries.len()), (LogFormat::Android, 5));
    let distinct = log.distinct_matches();
    assert_eq!((distinct.keys_at_least, distinct.keys_at_most), (1, 2), "hashes that were made unreadable");

    let Some(text) = real("logs/android_excerpts.txt") else { return };
    let entries = objects(&text, "matchesCount");
    assert_eq!(entries.len(), 8);
    let logs: Vec<_> = entries.into_iter().map(read).collect();
    for log in &logs {
        let [entry] = &log.entries[..] else { panic!("{log:?}") };
        assert_eq!((log.format, entry.hash.of), (LogFormat::Android, HashOf::Call));
        assert!(entry.hash.sha256.is_some(), "{entry:?}");
        // Local time of a place that is not said: no moment.
        let checked = entry.checked.as_ref().unwrap();
        assert!(
            matches!(checked.reading(), Some(TimeReading::Local(_))) && checked.checked_at().is_none(),
            "{entry:?}"
        );
    }
    let log = read(&format!("[{}]", objects(&text, "matchesCount").join(",")));
    assert_eq!(log.distinct_matches().keys_at_least, 10);
}

#[test]
fn the_record_of_the_app() {
    let Some(text) = real("logs/cocoa2_exposure_data_fragments.txt") else { return };
    let documents = objects(&text, "exposure_windows");
    let log = read(documents[0]);
    assert_eq!((log.format, log.entries.len()), (LogFormat::CocoaExposureData, 0));
    let data = log.exposure_data.unwrap();
    assert_eq!(data.generated_at.as_deref(), Some("2021-08-30T19:25:12.7970660+09:00"));
    let window = &data.exposure_windows[0];
    assert_eq!((window.seconds(), window.report_type, window.infectiousness), (300, Some(2), Some(2)));
    assert!(matches!(window.date.reading(), DateReading::Within(day) if day.to_string() == "2022-06-11"));
}

/// The numbers of the summaries are cut to 32 bits, those of the windows are not. Both are of the same test, so that
/// the days of one are among the days of the other.
#[test]
fn days_that_were_cut_to_32_bits() {
    let Some(summaries) = real("chino_test_daily_summaries.json") else { return };
    let Some(windows) = real("chino_test_exposure_windows.json") else { return };
    let (summaries, windows) = (read(&summaries), read(&windows));
    assert_eq!((summaries.format, windows.format), (LogFormat::CocoaExposureData, LogFormat::CocoaExposureData));
    let windows = windows.exposure_data.unwrap().exposure_windows;
    let summaries = summaries.exposure_data.unwrap().daily_summaries;
    assert_eq!((summaries.len(), windows.len() > 100), (5, true));
    for summary in summaries {
        let DateReading::Truncated(day) = summary.date.reading() else { panic!("{summary:?}") };
        let same_day = |date: gaen::cocoa::DateMillis| matches!(date.reading(), DateReading::Midnight(d) if d == day);
        assert!(windows.iter().any(|window| same_day(window.date)), "{day}");
        assert!(summary.day.is_some_and(|scores| scores.sum > 0.0));
    }
}

/// All real files that are exports.
fn real_files() -> Option<FileIndex> {
    let folder = folder("GAEN_REAL_EXPORTS")?;
    let mut builder = FileIndexBuilder::with_calls();
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap().to_str().unwrap();
        let _ = builder.add(name, &std::fs::read(&path).unwrap(), &ReadOptions::default());
    }
    Some(builder.build())
}

#[test]
fn real_files_are_found_by_their_own_hashes() {
    let Some(index) = real_files() else { return };
    let expected = folder("GAEN_REAL_EXPORTS").unwrap().join("expected.json");
    let expected: Value = serde_json::from_slice(&std::fs::read(expected).unwrap()).unwrap();
    assert!(index.files().len() >= 11, "{} files", index.files().len());
    for file in index.files() {
        let sha256 = expected["files"][&file.name]["export_bin"]["sha256"].as_str().unwrap();
        let log = read(&json!({ "Hash": sha256.to_uppercase(), "KeyCount": file.keys }).to_string());
        let Resolution::File(found) = index.resolve(&log.entries[0].hash) else { panic!("{}", file.name) };
        assert_eq!(found.export_sha256, file.export_sha256);
        if let Some(sha256) = expected["files"][&file.name]["zip_sha256"].as_str() {
            let log = read(&json!({ "Hash": sha256 }).to_string());
            assert_eq!(index.resolve(&log.entries[0].hash).name(), "zip");
        }
    }
    // COCOA's own tell the day; of all others some rule is broken, and the day of a contact stays open.
    for (name, day, keys) in [("cocoa__440-366.zip", "2020-07-24", 1), ("cocoa__440-774.zip", "2020-08-02", 5)] {
        let file = index.files().iter().find(|file| file.name == name).unwrap();
        assert_eq!((file.convention.deviations.len(), file.keys), (0, keys), "{:?}", file.convention);
        assert_eq!(file.convention.day, Some(day.parse().unwrap()));
        let range = file.convention.local_range(UtcOffset::JST).unwrap();
        assert_eq!(range.start.to_string(), format!("{day} 09:00"));
    }
    let others = index.files().iter().filter(|file| !file.name.starts_with("cocoa__"));
    for file in others {
        assert!(!file.convention.deviations.is_empty(), "{}", file.name);
    }
}

/// A file that is scanned is held against the same convention as one that is read.
#[test]
fn a_scanned_file_is_as_conventional_as_a_read_one() {
    let zip = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../demo/day-1.zip")).unwrap();
    let options = ReadOptions::default();
    let contents = UnverifiedExport::from_zip(&zip, &options).unwrap().read_without_verifying().unwrap();
    let nothing = SightingIndex::new(Vec::new()).unwrap();
    let mut search = Matcher::new(&nothing).search();
    let scanned =
        search.add_export_with(0, Cursor::new(&zip), &SearchOptions::unverified(), |_| ControlFlow::Continue(()));
    let convention = Convention::check_summary(&scanned.unwrap(), contents.keys.iter().map(|key| key.window));
    assert_eq!(convention, Convention::check(&contents));
    assert_eq!(convention.day, Some("2020-09-26".parse().unwrap()));
}

#[test]
fn two_real_files_in_one_call_of_android() {
    use base64ct::{Base64, Encoding};
    use sha2::{Digest, Sha256};

    let Some(folder) = folder("GAEN_REAL_EXPORTS") else { return };
    let options = ReadOptions { container: ContainerRule::Strict, ..ReadOptions::default() };
    let mut hasher = Sha256::new();
    let mut builder = FileIndexBuilder::with_calls();
    for name in ["cocoa__440-366.zip", "cocoa__440-774.zip"] {
        let zip = std::fs::read(folder.join(name)).unwrap();
        hasher.update(UnverifiedExport::from_zip(&zip, &options).unwrap().export_bin());
        builder.add(name, &zip, &options).unwrap();
    }
    let hash = Base64::encode_string(&hasher.finalize()).replace('=', "\\u003d").replace('/', "\\/");
    let log = read(&format!(r#"[{{"timestamp":"2020年8月9日 12:29","hash":"{hash}","keyCount":6,"matchesCount":1}}]"#));
    let index = builder.build();
    let Resolution::Call(files) = index.resolve(&log.entries[0].hash) else { panic!() };
    assert_eq!(files.iter().map(|file| file.keys).sum::<u64>(), log.entries[0].keys.unwrap());
}

#[test]
fn absent_and_null_are_unknown() {
    let log = read(r#"{"Files":[{"Hash":"a"},{"Hash":"b","MatchCount":null},{"Hash":"c","MatchCount":0}]}"#);
    let matches: Vec<_> = log.entries.iter().map(|entry| entry.matches).collect();
    assert_eq!(matches, [None, None, Some(0)]);
    assert!(log.entries.iter().all(|entry| entry.checked.is_none() && entry.keys.is_none()));
}

#[test]
fn a_file_has_from_its_check_what_it_does_not_say_itself() {
    let check = r#"[{"Timestamp":"2020-09-06 00:21:25 +0900","AppBundleIdentifier":"a","Files":
        [{"Hash":"x"},{"Hash":"y","Timestamp":"2020-09-06 00:21:26 +0900","AppBundleIdentifier":"b"}]},
        {"Timestamp":"2020-09-07 00:21:25 +0900","Files":[],"Note":{}}]"#;
    let log = read(check);
    assert_eq!((log.format, log.checks, log.entries.len()), (LogFormat::IosV2, 2, 2));
    let seconds: Vec<_> = log.entries.iter().map(|entry| entry.checked.as_ref().unwrap().checked_at()).collect();
    assert_eq!(seconds, [Some(1_599_319_285), Some(1_599_319_286)]);
    assert_eq!(log.entries.iter().map(|entry| entry.app.as_deref().unwrap()).collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn logs_without_an_entry() {
    for (document, format, checks) in [
        ("[]", LogFormat::Android, 0),
        (r#"{"ExportVersion":1,"ExposureChecks":[]}"#, LogFormat::IosV1, 0),
        (r#"{"ExportVersion":2,"ExposureChecks":[]}"#, LogFormat::IosV2, 0),
        (r#"{"exposure_windows":[]}"#, LogFormat::CocoaExposureData, 0),
        (r#"{"exposure_windows":null,"daily_summaries":null}"#, LogFormat::CocoaExposureData, 0),
    ] {
        let log = read(document);
        assert_eq!((log.format, log.checks, log.entries.len()), (format, checks, 0), "{document}");
    }
}

#[test]
fn each_fault_says_where_it_is() {
    for (document, code, message) in [
        ("<html>", "not_json", "not JSON: expected value at line 1 column 1"),
        ("", "not_json", "not JSON: EOF while parsing a value at line 1 column 0"),
        ("{}", "unknown_shape", "none of the known logs: an object with nothing in it"),
        (r#"{"keys":1,"a":2}"#, "unknown_shape", r#"none of the known logs: an object with "a", "keys""#),
        ("[1]", "unknown_shape", "none of the known logs: an array of 1"),
        ("7", "unknown_shape", "none of the known logs: 7"),
        (
            r#"{"ExposureChecks":{}}"#,
            "field_unexpected",
            "ExposureChecks is an object with nothing in it: expected an array",
        ),
        (
            r#"{"ExposureChecks":[{"Files":[{"KeyCount":1}]}]}"#,
            "field_missing",
            "ExposureChecks[0].Files[0] has no Hash",
        ),
        (
            r#"{"ExposureChecks":[{"Files":[{"Hash":"","MatchCount":-1}]}]}"#,
            "field_unexpected",
            "ExposureChecks[0].Files[0].MatchCount is -1: expected a whole number, 0 or more",
        ),
        (r#"[{"hash":"x"},{"hash":7}]"#, "field_unexpected", "[1].hash is 7: expected a text"),
        (
            r#"{"exposure_windows":[{"DateMillisSinceEpoch":"\u001b[2J"}]}"#,
            "field_unexpected",
            "exposure_windows[0].DateMillisSinceEpoch is \"\\u{1b}[2J\": expected a whole number of 64 bits",
        ),
        (r#"{"daily_summaries":[{}]}"#, "field_missing", "daily_summaries[0] has no DateMillisSinceEpoch"),
    ] {
        let error: DocumentError = ExposureLog::read(document.as_bytes()).unwrap_err();
        assert_eq!((error.code(), error.to_string().as_str()), (code, message), "{document}");
    }
}

/// JSON that looks like a log.
fn value() -> impl Strategy<Value = Value> {
    const NAMES: [&str; 22] = [
        "ExposureChecks",
        "ExportVersion",
        "Files",
        "Hash",
        "hash",
        "MatchCount",
        "matchesCount",
        "KeyCount",
        "keyCount",
        "Timestamp",
        "timestamp",
        "AppBundleIdentifier",
        "DataSource",
        "exposure_windows",
        "daily_summaries",
        "DateMillisSinceEpoch",
        "ScanInstances",
        "DaySummary",
        "MaximumScore",
        "ScoreSum",
        "RandomIDCount",
        "Build",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        "[0-9A-F]{64}|2020-09-0[0-9] 00:21:25 \\+0900".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 6, |inner| {
        let field = (prop::sample::select(&NAMES[..]).prop_map(str::to_owned), inner.clone());
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(Value::from),
            prop::collection::vec(field, 0..6).prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn no_json_makes_a_reader_panic(value in value()) {
        let document = value.to_string();
        if let Ok(log) = ExposureLog::read(document.as_bytes()) {
            let distinct = log.distinct_matches();
            prop_assert!(distinct.keys_at_least <= distinct.keys_at_most);
            prop_assert!(distinct.unknown <= log.entries.len());
        }
        let _ = ExportList::read(document.as_bytes());
    }

    #[test]
    fn no_bytes_make_a_reader_panic(document: Vec<u8>) {
        let _ = (ExposureLog::read(&document), ExportList::read(&document));
    }

    /// A log cut off anywhere is an error, or the same log.
    #[test]
    fn no_cut_makes_another_log(at in 0_usize..400) {
        let whole = r#"[{"timestamp":"August 9, 2021, 12:29","keyCount":2985,"matchesCount":0,"appName":"A","hash":"hoge"}]"#;
        let Some(cut) = whole.get(..at.min(whole.len())) else { return Ok(()) };
        if let Ok(log) = ExposureLog::read(cut.as_bytes()) {
            prop_assert_eq!(log, read(whole));
        }
    }
}
