//! What dropped files are, and what is missing: without the command.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{AnswerKind, Desk, DocumentKind, ItemView, MOST_BYTES, NoObserver, Overview, Settings};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

fn file(path: &str) -> Vec<u8> {
    fs::read(Path::new(ROOT).join(path)).unwrap()
}

fn settings(json: &str) -> Settings {
    Settings::read(json).unwrap()
}

/// What the desk says of one file alone.
fn alone(file: impl Into<Vec<u8>>, language: &str) -> ItemView {
    let mut desk = Desk::new();
    desk.add("dropped", file.into()).unwrap();
    desk.overview(&settings(&format!(r#"{{"language": "{language}"}}"#))).items.remove(0)
}

#[track_caller]
fn is(file: impl Into<Vec<u8>>, kind: &str, says: &str) {
    let file = file.into();
    let english = alone(file.clone(), "en");
    let error = english.error.as_ref().map(|error| format!("{}: {}", error.code, error.message));
    let said: Vec<_> = english.says.iter().cloned().chain(error).collect();
    assert_eq!(english.kind, kind, "{said:?}");
    assert!(said.iter().any(|line| line.contains(says)), "{says:?} is not in {said:?}");
    // Each sentence has another one in Japanese.
    let japanese = alone(file, "ja");
    assert_eq!((japanese.kind, japanese.says.len()), (kind, english.says.len()));
    for (japanese, english) in japanese.says.iter().zip(&english.says) {
        assert!(japanese != english && !japanese.is_ascii(), "{japanese}");
    }
    assert!(!japanese.label.is_ascii());
    assert!(japanese.error.is_none_or(|error| !error.message.is_ascii()), "{said:?}");
}

const SIGHTING: &str = r#"{"rpi":"00112233445566778899aabbccddeeff","aem":"01020304","rssi":-60,"time":1601251200}"#;
const DP3T: &str = r#"{"lowerThreshold":55,"higherThreshold":63,"factorLow":1,"factorHigh":0.5,"triggerThreshold":15}"#;

#[test]
fn files_are_recognised_by_their_content() {
    is(file("demo/day-1.zip"), "export_zip", "120 keys, in a file of 2020-09-26");
    is(file("demo/sightings.jsonl"), "sightings", "493 sightings of 2020-09-26 to 2020-09-27");
    is(file("demo/log.json"), "exposure_log", "of an iPhone, version 2");
    is(file("demo/440-v1.pem"), "public_key", "no file that it could have signed");
    is(SIGHTING, "sightings", "1 sighting of 2020-09-28");
    is(format!("\u{feff}\r\n{SIGHTING}\r\n"), "sightings", "1 sighting");
    is("time, rpi ,aem,rssi\n1601251200,00112233445566778899aabbccddeeff,01020304,-60\n", "sightings", "1 sighting");
    is(
        r#"[{"hash":"","timestamp":"28 September 2020, 09:00","keyCount":3,"matchesCount":0}]"#,
        "exposure_log",
        "1 check",
    );
    is("[]", "exposure_log", "0 checks");
    is(r#"{"daily_summaries":[],"exposure_windows":[]}"#, "exposure_log", "COCOA's record");
    let window = r#""scanInstances":[{"typicalAttenuation":50,"minAttenuation":40,"secondsSinceLastScan":300}]"#;
    is(format!(r#"[{{"day":1601078400000,{window}}}]"#), "windows", "1 exposure window of 2020-09-26");
    is(
        format!(r#"{{"testCases":[{{"exposureWindows":[{{"ageInDays":1,{window}}}]}}]}}"#),
        "windows",
        "count their days back",
    );
    is(DP3T, "configuration", "decides by the rule dp3t");
    let rule = r#"{"format_version":1,"DailySummary_DaySummary_ScoreSum":{"op":">=","value":1.0}}"#;
    is(rule, "rule", "takes the place");
    is([b"SQLite format 3\0".to_vec(), vec![0; 84]].concat(), "database", "none of the known programs");
    is("age-encryption.org/v1\n-> scrypt", "backup", "encrypted by age");
    let zip = gaen::export::UnverifiedExport::from_zip(&file("demo/day-1.zip"), &Default::default()).unwrap();
    is(zip.export_bin(), "export_bin", "its export.sig");
}

/// The head of a database says whose it is, and whether something is missing beside it.
#[test]
fn databases_say_whose_they_are() {
    let head = |write_version: u8, application: &[u8; 4], tables: &str| {
        let mut head = b"SQLite format 3\0".to_vec();
        head.resize(100, 0);
        head[18] = write_version;
        head[68..72].copy_from_slice(application);
        [head, tables.as_bytes().to_vec()].concat()
    };
    is(head(1, b"GAEN", ""), "database", "a store of gaen");
    is(head(2, &[0; 4], "CREATE TABLE advertisements(rpi"), "database", "ends in -wal");
    is(head(1, &[0; 4], "CREATE TABLE devices(service_data) CREATE TABLE locations("), "database", "RaMBLE");
    is([b"\x37\x7f\x06\x82".to_vec(), vec![0; 28]].concat(), "unknown", "without the database itself");
}

#[test]
fn what_cannot_be_read_says_why() {
    is("", "unknown", "empty");
    is(" \r\n", "unknown", "empty");
    is("<!DOCTYPE html><html><body>404", "unknown", "a web page");
    is(b"\xff\xfe{\0}\0".to_vec(), "unknown", "UTF-16");
    is(b"\x89PNG\r\n".to_vec(), "unknown", "a picture");
    is("Dear Sir or Madam", "unknown", "text of a kind");
    is(vec![7, 8, 9, 0, 200], "unknown", "data of a kind");
    is("{}", "unknown", "JSON of a kind");
    is(r#"{"ExposureChecks": [{"#, "unknown", "was cut off");
    is("[".repeat(1 << 20), "unknown", "was cut off");
    is(format!("[{}0]", "0,".repeat(2_000_000)), "unknown", "more values");
    is(r#"{"ExposureChecks": [{"Files": [{"KeyCount": 1}]}]}"#, "exposure_log", "field_missing: ");
    is(r#"[{"day": 1601078400000, "scanInstances": [{}]}]"#, "windows", "no secondsSinceLastScan");
    is(r#"{"attenuation_bucket_scores":[0,5,5,5,5,5,5,5]}"#, "configuration", "Immuni");
    is(DP3T.replace("55", "-1"), "configuration", "lowerThreshold");
    is(SIGHTING.replace("-60", "0"), "sightings", "line 1: ");
    is(format!("[{SIGHTING}]"), "sightings", "one JSON object a line");
    is("rpi,aem,rssi\n", "sightings", "no time");
    is(&file("demo/day-1.zip")[..100], "export_zip", "zip_damaged: ");
    is("EK Export v2    ", "export_bin", "header_missing: ");
    is("-----BEGIN PUBLIC KEY-----\nAAAA\n", "public_key", "has no line -----END");
    is(file("test-vectors/exports/zip_bomb.zip"), "export_zip", "entry_too_large: ");
    is(file("test-vectors/exports/file_zip_of_zips.zip"), "export_zip", "entry_unexpected: ");
}

/// A private key is recognised, and its bytes are let go.
#[test]
fn a_private_key_is_not_kept() {
    let mut desk = Desk::new();
    let id = desk.add("440-v1.pem", file("test-vectors/exports/private-a.pem")).unwrap();
    assert!(desk.item(id).unwrap().file.is_empty());
    is(file("test-vectors/exports/private-a.pem"), "public_key", "private_key: ");
    assert!(desk.overview(&Settings::default()).answers.iter().all(|answer| !answer.ready));
}

fn missing(overview: &Overview, kind: AnswerKind) -> &[String] {
    &overview.answers.iter().find(|answer| answer.answer == kind).unwrap().missing
}

/// One thing after the other comes, and each time the desk says what is still missing.
#[test]
fn what_is_missing_is_said_until_nothing_is() {
    let mut desk = Desk::new();
    let lacking = |desk: &mut Desk, settings: &Settings| missing(&desk.overview(settings), AnswerKind::Report).to_vec();
    let (english, japanese) = (settings("{}"), settings(r#"{"language": "ja"}"#));
    assert_eq!(lacking(&mut desk, &english).len(), 3);
    assert!(lacking(&mut desk, &japanese).iter().all(|sentence| sentence.ends_with("が必要です。")));
    let error = desk.document(DocumentKind::Match, &english, None, &mut NoObserver).unwrap_err();
    assert_eq!(error.code(), "missing");
    desk.add("a", file("demo/sightings.jsonl")).unwrap();
    desk.add("b", file("demo/day-1.zip")).unwrap();
    assert_eq!(lacking(&mut desk, &english), ["The public key that the export files are signed with (PEM): 440-v1."]);
    assert!(lacking(&mut desk, &settings(r#"{"verify": false}"#)).is_empty());
    let key = desk.add("c", file("demo/440-v1.pem")).unwrap();
    assert!(lacking(&mut desk, &english).is_empty());
    let overview = desk.overview(&english);
    assert_eq!(overview.items[1].says[1], "signed as 440-v1, by a key that is here");
    assert_eq!(overview.items[2].says, ["trusted as 440-v1"]);
    assert_eq!((overview.earliest_now, overview.suggested_now), (Some(1_601_078_400), Some(1_601_251_048)));

    // A file of sightings that is broken would be missing from the answer.
    let broken = desk.add("broken.jsonl", SIGHTING.replace("-60", "\"loud\"").into()).unwrap();
    assert_eq!(
        lacking(&mut desk, &english),
        ["The sightings in broken.jsonl cannot be read. Mend the file, or take it off."]
    );
    assert!(desk.remove(broken) && lacking(&mut desk, &english).is_empty());

    // A stranger's key.
    desk.remove(key);
    desk.add("440-v1.pem", file("test-vectors/exports/untrusted.pem")).unwrap();
    let says = &desk.overview(&english).items[1].says[1];
    assert!(says.starts_with("signed as 440-v1, but by no key that is here: "), "{says}");
    let found = desk.document(DocumentKind::Match, &english, None, &mut NoObserver).unwrap();
    assert!(found.contains("\"not_judged\"") && found.contains("signature_invalid"), "{found}");
}

fn is_japanese(text: &str) -> bool {
    text.contains(|sign| matches!(sign, '\u{3041}'..='\u{9fff}'))
}

/// The texts under this name, wherever they stand in the document.
fn texts(document: &Value, name: &str) -> Vec<String> {
    let inside = |values: &mut dyn Iterator<Item = &Value>| values.flat_map(|value| texts(value, name)).collect();
    match document {
        Value::Array(values) => inside(&mut values.iter()),
        Value::Object(fields) => {
            let mut found: Vec<String> = inside(&mut fields.values());
            found.extend(fields.get(name).and_then(Value::as_str).map(str::to_owned));
            found
        }
        _ => Vec::new(),
    }
}

/// What a page shows has sentences in its language; what a program reads stays English, to the byte.
#[test]
fn what_is_shown_is_in_the_language_of_the_page() {
    let mut desk = Desk::new();
    let broken = "test-vectors/exports/export_bin_one_bit_flipped.zip";
    let cut = file(broken)[..100].to_vec();
    for (name, content) in [
        ("440-v1.pem", file("demo/440-v1.pem")),
        ("day-1.zip", file("demo/day-1.zip")),
        ("flipped.zip", file(broken)),
        ("cut.zip", cut),
        ("sightings.jsonl", file("demo/sightings.jsonl")),
    ] {
        desk.add(name, content).unwrap();
    }
    let given = |preset: &str| {
        let rules = format!(r#"[{{"preset": "{preset}"}}]"#);
        ["en", "ja"].map(|name| settings(&format!(r#"{{"language": "{name}", "now": 1601251200, "rules": {rules}}}"#)))
    };
    for (kind, preset, names) in [
        (DocumentKind::Lint, "cocoa-v1.1.4", &["sentence", "advice"][..]),
        (DocumentKind::Inspect, "cocoa-v2", &["problem"]),
        (DocumentKind::Match, "cocoa-v2", &["error"]),
        (DocumentKind::Judge, "cocoa-v2", &["text"]),
    ] {
        let [english, japanese] = given(preset);
        let written = desk.document(kind, &english, None, &mut NoObserver).unwrap();
        assert_eq!(desk.document(kind, &japanese, None, &mut NoObserver).unwrap(), written);
        let shown = |desk: &mut Desk, settings| desk.shown(kind, settings, None, &mut NoObserver).unwrap();
        assert!(kind == DocumentKind::Judge || shown(&mut desk, &english) == written);
        let [shown, written] = [shown(&mut desk, &japanese), written].map(|text| serde_json::from_str(&text).unwrap());
        for name in names {
            let (shown, written) = (texts(&shown, name), texts(&written, name));
            assert!(!written.is_empty() && shown.len() == written.len(), "{kind:?}: {written:?}");
            for (shown, written) in shown.iter().zip(&written) {
                assert!(is_japanese(shown) && !shown.contains("。 "), "{shown}");
                // Advice has no facts, and days have theirs in the sentence.
                assert!(["advice", "text"].contains(name) || shown.contains(written.as_str()), "{shown}: {written}");
            }
        }
    }
    // Why nothing can be said.
    desk.remove(2);
    desk.remove(3);
    let [english, japanese] = given("cocoa-v2");
    let reason = |desk: &mut Desk, settings| {
        let shown = desk.shown(DocumentKind::Match, settings, None, &mut NoObserver).unwrap();
        texts(&serde_json::from_str(&shown).unwrap(), "reason").remove(0)
    };
    assert_eq!(reason(&mut desk, &japanese), "使用できるファイルが一つもなかったため、照合できませんでした。");
    assert!(!is_japanese(&reason(&mut desk, &english)));
}

/// The days of every app's rule, in each language, with the numbers that decided.
#[test]
fn each_day_says_why_in_both_languages() {
    let windows = r#"[{"date": "2022-01-16", "report_type": "confirmed_test", "infectiousness": "high", "calibration_confidence": "high",
        "scan_instances": [{"typical_attenuation": 58, "min_attenuation": 55, "seconds_since_last_scan": 1200}]}]"#;
    let mut desk = Desk::new();
    desk.add("windows.json", windows.into()).unwrap();
    let mut told = 0;
    for preset in gaen::exposure::Preset::ALL {
        for language in ["en", "ja"] {
            let given = settings(&format!(r#"{{"language": "{language}", "rules": [{{"preset": "{preset}"}}]}}"#));
            let shown = desk.shown(DocumentKind::Judge, &given, None, &mut NoObserver).unwrap();
            let shown: Value = serde_json::from_str(&shown).unwrap();
            let answer = &shown["cases"][0]["answers"][0];
            for day in answer["days"].as_array().unwrap() {
                let text = day["text"].as_str().unwrap();
                assert!(is_japanese(text) == (language == "ja") && !text.contains('_'), "{preset}: {text}");
                let has_conditions = ["conditions_met", "condition_not_met"].contains(&day["code"].as_str().unwrap());
                assert!(!has_conditions || text.contains(|sign: char| sign.is_ascii_digit()), "{preset}: {text}");
                told += 1;
            }
            let verdict = answer["verdict"].as_str().unwrap();
            let why = answer["told"].as_str();
            assert_eq!(why.is_some(), verdict == "not_judged", "{preset}: {answer}");
            assert!(why.is_none_or(|why| is_japanese(why) == (language == "ja")), "{why:?}");
        }
    }
    assert!(told > 30, "{told}");
}

/// Nobody at a page can give an option of the command.
#[test]
fn a_log_on_a_page_asks_for_files_to_be_dropped() {
    let mut desk = Desk::new();
    desk.add("log.json", file("demo/log.json")).unwrap();
    let said = |desk: &mut Desk, language: &str| {
        let given = settings(&format!(r#"{{"language": "{language}"}}"#));
        let [shown, written] = [
            desk.shown(DocumentKind::Log, &given, None, &mut NoObserver).unwrap(),
            desk.document(DocumentKind::Log, &given, None, &mut NoObserver).unwrap(),
        ];
        assert!(!shown.contains("--"), "{shown}");
        (shown, written)
    };
    for (language, asks) in
        [("en", "drop the export files (zip)"), ("ja", "診断キーのファイル（zip）も追加してください。")]
    {
        let (shown, written) = said(&mut desk, language);
        assert!(shown.contains(asks), "{shown}");
        assert!(written.contains("--exports") && !written.contains(asks), "{written}");
    }
    desk.add("day-1.zip", file("demo/day-1.zip")).unwrap();
    let (shown, written) = said(&mut desk, "en");
    assert!([&shown, &written].iter().all(|said| said.contains("the contact was on UTC day 2020-09-26")), "{shown}");
    assert!(!shown.contains("drop the export files"), "{shown}");
    // What a match is comes first, for readers who do not know it.
    let first = "The phone heard a phone whose owner reported an infection: 1 key of a file of 120 keys matched.";
    assert!(shown.contains(first) && !written.contains(first), "{shown}");
}

/// A configuration for iPhones alone judges as an iPhone does, and the desk says so before it fails.
#[test]
fn a_rule_that_cannot_judge_is_said_before() {
    let mut desk = Desk::new();
    for name in ["440-v1.pem", "day-1.zip", "sightings.jsonl"] {
        desk.add(name, file(&format!("demo/{name}"))).unwrap();
    }
    let id = desk.add("ios.json", format!(r#"{{"iOSGaenSdkConfig":{DP3T}}}"#).into()).unwrap();
    let [google, apple] = ["google", "apple_v1"].map(|profile| settings(&format!(r#"{{"profile": "{profile}"}}"#)));
    let overview = desk.overview(&google);
    assert_eq!(overview.items[3].says, ["decides by the rule dp3t", "for iPhones only"]);
    let why = missing(&overview, AnswerKind::Report);
    assert!(why.len() == 1 && why[0].contains("androidGaenSdkConfig"), "{why:?}");
    let failed = desk.document(DocumentKind::Exposures, &google, None, &mut NoObserver).unwrap_err();
    assert_eq!(failed.to_string(), why[0]);
    assert!(missing(&desk.overview(&apple), AnswerKind::Report).is_empty());
    assert!(desk.document(DocumentKind::Exposures, &apple, None, &mut NoObserver).unwrap().contains("ios.json"));
    let lints = desk.document(DocumentKind::Lint, &google, Some(id), &mut NoObserver).unwrap();
    assert!(lints.contains("\"profiles\": [\n    \"apple_v1\"\n  ]"), "{lints}");
}

/// The phone did not hear twice what its owner dropped twice.
#[test]
fn a_file_that_is_dropped_twice_counts_once() {
    let mut desk = Desk::new();
    for name in ["440-v1.pem", "day-1.zip", "day-2.zip", "sightings.jsonl"] {
        desk.add(name, file(&format!("demo/{name}"))).unwrap();
    }
    let given = Settings::default();
    let once = desk.document(DocumentKind::Match, &given, None, &mut NoObserver).unwrap();
    desk.add("again.jsonl", file("demo/sightings.jsonl")).unwrap();
    assert_eq!(desk.document(DocumentKind::Match, &given, None, &mut NoObserver).unwrap(), once);
    assert_eq!(desk.overview(&given).items[4].says[1], "the same as sightings.jsonl, and counts once");
    desk.remove(4);
    assert_eq!(desk.overview(&given).items[3].says.len(), 1);
    assert_eq!(desk.document(DocumentKind::Match, &given, None, &mut NoObserver).unwrap(), once);
}

/// A search that the page stops has no answer, and the next one begins anew.
#[test]
fn a_stopped_search_has_no_answer() {
    let mut desk = Desk::new();
    for name in ["sightings.jsonl", "day-1.zip", "440-v1.pem"] {
        desk.add(name, file(&format!("demo/{name}"))).unwrap();
    }
    let given = Settings::default();
    let stopped = desk.document(DocumentKind::Match, &given, None, &mut |_: crate::Progress| crate::Next::Stop);
    assert_eq!(stopped.unwrap_err().code(), "cancelled");
    let mut told = 0;
    let mut count = |_: crate::Progress| {
        told += 1;
        crate::Next::Continue
    };
    let found = desk.document(DocumentKind::Match, &given, None, &mut count).unwrap();
    assert!(found.contains("\"matched\""));
    desk.report(&given, &mut |_: crate::Progress| panic!("it was searched before")).unwrap();
    assert!(told > 0);
}

#[test]
fn the_desk_has_an_end() {
    let mut desk = Desk::new();
    // Nobody looks at the bytes.
    assert_eq!(desk.add("huge", vec![0; MOST_BYTES + 1]).unwrap_err().code(), "desk_full");
    let id = desk.add("small", vec![1]).unwrap();
    assert_eq!((id, desk.overview(&Settings::default()).bytes), (1, 1));
    assert_eq!(
        desk.document(DocumentKind::Inspect, &Settings::default(), Some(7), &mut NoObserver).unwrap_err().code(),
        "no_such_item"
    );
    assert_eq!(
        desk.document(DocumentKind::Log, &Settings::default(), Some(1), &mut NoObserver).unwrap_err().code(),
        "no_such_item"
    );
}

#[test]
fn settings_are_read_strictly() {
    for (json, why) in [
        ("{", "EOF"),
        (r#"{"now": -1}"#, "invalid value"),
        (r#"{"now": 1601251200000}"#, "milliseconds?"),
        (r#"{"utcOffset": "Tokyo"}"#, "offset"),
        (r#"{"language": "de"}"#, "en and ja"),
        (r#"{"profile": "nokia"}"#, "unknown variant"),
        (r#"{"rules": [{}, {}, {}]}"#, "at most 2"),
        (r#"{"rules": [{"preset": "x"}]}"#, "preset"),
        (r#"{"rules": [{"preset": "google", "item": 1}]}"#, "which of the two?"),
        (r#"{"rules": [{"name": "google"}]}"#, "unknown field"),
    ] {
        let error = Settings::read(json).unwrap_err();
        assert!(error.code() == "settings" && error.to_string().contains(why), "{json}: {error}");
    }
    let all = r#"{"now": null, "utcOffset": null, "language": "ja", "profile": null, "rules": [], "verify": false, "full": true}"#;
    assert!(settings(all).full);
    let error = "matches".parse::<DocumentKind>().unwrap_err().to_string();
    assert!(error.ends_with("there are match, exposures, explain, log, judge, inspect, lint"), "{error}");
}

/// The page reads these names.
#[test]
fn an_overview_is_written_with_the_names_of_the_page() {
    let mut desk = Desk::new();
    desk.add("a\u{1b}[31m", "x".into()).unwrap();
    let overview: Value = serde_json::to_value(desk.overview(&Settings::default())).unwrap();
    let names: Vec<_> = overview.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["answers", "bytes", "earliestNow", "items", "mostBytes", "presets", "rules", "suggestedNow"]);
    assert_eq!(overview["items"][0]["name"], "a\\u{1b}[31m");
    assert_eq!(overview["answers"][1]["answer"], "matches");
    assert_eq!(overview["rules"][0]["name"], "google");
    assert!(overview["presets"].as_array().unwrap().iter().any(|preset| preset["name"] == "cocoa-v2"));
}

/// What each file says or why it cannot be read, by its name.
fn said(overview: &Overview) -> BTreeMap<String, (Vec<String>, Option<String>)> {
    let told = |item: &ItemView| (item.says.clone(), item.error.as_ref().map(|error| error.message.clone()));
    overview.items.iter().map(|item| (item.name.clone(), told(item))).collect()
}

/// A file is read when somebody asks, by one way or another. When that is changes no word.
#[test]
fn what_is_said_depends_on_neither_order_nor_how_often_it_is_asked() {
    let given = Settings::default();
    let key = || ("key.pem".to_owned(), file("test-vectors/exports/trusted-a.pem"));
    let valid = file("test-vectors/exports/valid.zip");
    let export = gaen::export::UnverifiedExport::from_zip(&valid, &Default::default()).unwrap();
    let bare = vec![
        ("export.bin".to_owned(), export.export_bin().to_vec()),
        ("export.sig".to_owned(), entry(&valid, "export.sig")),
    ];
    let mut sets = vec![bare];
    for path in fs::read_dir(Path::new(ROOT).join("test-vectors/exports")).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.ends_with(".zip") {
            sets.push(vec![(name, fs::read(path).unwrap())]);
        }
    }
    assert!(sets.len() > 80, "{}", sets.len());
    for files in sets {
        let mut desk = Desk::new();
        for (name, file) in [key()].into_iter().chain(files.clone()) {
            desk.add(name, file).unwrap();
        }
        let with_key = said(&desk.overview(&given));
        assert_eq!(said(&desk.overview(&given)), with_key);

        let mut desk = Desk::new();
        for (name, file) in files.into_iter().rev() {
            desk.add(name, file).unwrap();
            desk.overview(&given);
        }
        let without = said(&desk.overview(&given));
        for _ in 0..2 {
            let (name, file) = key();
            let id = desk.add(name, file).unwrap();
            assert_eq!(said(&desk.overview(&given)), with_key);
            desk.remove(id);
            assert_eq!(said(&desk.overview(&given)), without);
        }
    }
}

/// What a zip holds under this name, where it is not compressed.
fn entry(zip: &[u8], name: &str) -> Vec<u8> {
    let header = zip.windows(name.len()).position(|found| found == name.as_bytes()).unwrap() - 30;
    let length = usize::from(zip[header + 22]);
    zip[header + 30 + name.len()..][..length].to_vec()
}

/// A broken export.bin leaves the signers known, so its fault is told, and not that of a key without its name.
#[test]
fn a_broken_file_names_its_signer() {
    let mut desk = Desk::new();
    desk.add("sightings.jsonl", file("demo/sightings.jsonl")).unwrap();
    desk.add("broken.zip", file("test-vectors/exports/protobuf_truncated_key.zip")).unwrap();
    let given = Settings::default();
    let overview = desk.overview(&given);
    assert_eq!(
        missing(&overview, AnswerKind::Matches),
        ["The public key that the export files are signed with (PEM): gaen-test-a-v1."]
    );
    assert_eq!(overview.items[1].error.as_ref().map(|error| error.code), Some("protobuf_malformed"));
    desk.add("key.pem", file("test-vectors/exports/trusted-a.pem")).unwrap();
    assert_eq!(desk.overview(&given).items[2].says, ["trusted as gaen-test-a-v1"]);
    let found = desk.document(DocumentKind::Match, &given, None, &mut NoObserver).unwrap();
    assert!(found.contains("protobuf_malformed"), "{found}");
}

/// A page asks for an overview after every change, and files may be large.
#[test]
fn what_is_known_is_not_read_again() {
    let mut desk = Desk::new();
    for (name, path) in [
        ("440-v1.pem", "demo/440-v1.pem"),
        ("sound.zip", "demo/day-1.zip"),
        ("flipped.zip", "test-vectors/exports/export_bin_one_bit_flipped.zip"),
        ("broken.zip", "test-vectors/exports/protobuf_truncated_key.zip"),
    ] {
        desk.add(name, file(path)).unwrap();
    }
    desk.add("export.bin", b"EK Export v1    \xff".to_vec()).unwrap();
    let given = Settings::default();
    let first = said(&desk.overview(&given));
    // Whoever read these would find that no key here signed the first two, and that the others are sound.
    const STRANGE: &str = "test-vectors/exports/valid.zip";
    const SOUND: &str = "demo/day-2.zip";
    for (item, path) in desk.items[1..].iter_mut().zip([STRANGE, STRANGE, SOUND, SOUND]) {
        item.file = file(path).into();
    }
    assert_eq!(said(&desk.overview(&given)), first);
    assert!(desk.items[3..].iter().all(|item| item.checked.is_none() && item.content.export().is_none()));
}

/// The desk answers for files that are cut off or altered, or says why it does not.
#[test]
fn no_damage_stops_the_desk() {
    let mut seeds: Vec<Vec<u8>> =
        ["demo/day-1.zip", "demo/440-v1.pem", "demo/log.json", "test-vectors/exports/valid_revised_keys.zip"]
            .map(file)
            .into();
    let sightings = file("demo/sightings.jsonl");
    seeds.push(sightings[..2000].to_vec());
    seeds.push(DP3T.into());
    let export = gaen::export::UnverifiedExport::from_zip(&seeds[0], &Default::default()).unwrap();
    seeds.push(export.export_bin().to_vec());
    // The same numbers on every run: xorshift64.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut below = |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % bound as u64).unwrap()
    };
    let given = settings(r#"{"now": 1601251200, "verify": false}"#);
    let mut errors = 0;
    for round in 0..12 {
        let mut desk = Desk::new();
        desk.add("sound.jsonl", sightings.clone()).unwrap();
        for seed in &seeds {
            let mut damaged = seed.clone();
            if round % 3 == 0 {
                damaged.truncate(below(seed.len()));
            }
            for _ in 0..below(4) {
                let at = below(damaged.len().max(1));
                if let Some(byte) = damaged.get_mut(at) {
                    *byte = u8::try_from(below(256)).unwrap();
                }
            }
            desk.add("damaged", damaged).unwrap();
        }
        errors += desk.overview(&given).items.iter().filter(|item| item.error.is_some()).count();
        for kind in DocumentKind::ALL {
            if let Err(error) = desk.document(kind, &given, None, &mut NoObserver) {
                assert!(!error.to_string().is_empty() && !error.code().is_empty());
            }
        }
    }
    assert!(errors > 10, "{errors}");
}

/// Real files, where somebody has them: each is recognised as what its folder holds.
#[test]
fn real_files_are_recognised() {
    let folder = |name: &str, inner: &str, kinds: &[&str], least: usize| {
        let Some(folder) = std::env::var_os(name).map(|folder| PathBuf::from(folder).join(inner)) else {
            eprintln!("{name} is not set: NO real file is recognised");
            return;
        };
        let mut recognised = 0;
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()) {
            let name = entry.file_name().into_string().unwrap();
            let extension = name.rsplit('.').next().unwrap();
            if !["json", "zip", "bin"].contains(&extension) || name == "expected.json" {
                continue;
            }
            let item = alone(fs::read(entry.path()).unwrap(), "en");
            assert!(kinds.contains(&item.kind), "{name}: {item:?}");
            recognised += 1;
        }
        assert!(recognised >= least, "{name}: {recognised}");
    };
    folder("GAEN_COCOA", "", &["configuration", "rule", "exposure_log"], 5);
    folder("GAEN_COCOA", "logs", &["exposure_log"], 3);
    folder("GAEN_REAL_EXPORTS", "", &["export_zip", "export_bin"], 10);
    folder("GAEN_DECISIONS", "", &["windows", "configuration"], 2);
}
