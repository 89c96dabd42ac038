//! `gaen log`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::world::World;
use crate::{folder, gaen, gaen_with_input};

/// The entry of the article that started all this.
const ENTRY: &str = r#"{"Hash":"2E363DA3EFBF64A65C5DAAE8A5525FD43F7D53B733923E23A61C715EB2879217","MatchCount":1,
    "KeyCount":7,"AppBundleIdentifier":"jp.go.mhlw.covid19radar","Timestamp":"2020-09-06 00:21:25 +0900"}"#;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Without the ends of its lines.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_puzzle_of_the_article() {
    let folder = folder("log_article");
    let text = gaen_with_input(&folder, &["log", "-"], ENTRY).ok().stdout;
    assert!(flat(&text).contains("2020-09-06 00:21:25 +0900 2020-09-05 15:21 UTC"), "{text}");
    assert!(flat(&text).contains("Matched, scored and notified are three things."), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");

    let world = World::new("log_article_files");
    let text = gaen_with_input(&world.folder, &["log", "-", "--exports", "."], ENTRY).ok().stdout;
    assert!(flat(&text).contains("and it is not among these files (2 searched)."), "{text}");
    assert!(text.contains("440.pem  not_a_zip: "), "{text}");
}

#[test]
fn the_day_of_the_demo_is_found() {
    let text = gaen(&repository(), &["log", "demo/log.json", "--exports", "demo"]).ok().stdout;
    assert!(text.contains("file 2E2E2E2E2E2E2E2E..  not among these files\n"), "{text}");

    let args = ["log", "demo/log.json", "--exports", "demo/day-1.zip", "--utc-offset", "-05:00", "--json"];
    let document = gaen(&repository(), &args).ok().json();
    let range = json!({ "start": "2020-09-25 19:00", "end": "2020-09-26 19:00", "offset": "-05:00" });
    assert_eq!(document["files"][0]["local_range"], range);
    let found: Vec<_> = document["entries"].as_array().unwrap().iter().map(|entry| &entry["found"]).collect();
    assert_eq!(found, ["export_bin", "not_among_these", "not_among_these", "export_bin", "not_among_these"]);
}

/// Programs rely on every name in it.
#[test]
fn the_document_is_a_contract() {
    let world = World::new("log_contract");
    let sha256 = gaen(&world.folder, &["inspect", "--json", "a.zip"]).ok().json();
    let file = &sha256["files"][0];
    let (bin, zip) = (&file["export_bin"]["sha256"], &file["file_sha256"]);
    let log = json!({ "Build": "17H35", "ExportVersion": 2, "ExposureChecks": [
        { "Timestamp": "2020-04-05 09:00:30 +0900", "Files": [{ "Hash": bin, "KeyCount": 3 }, { "Hash": zip, "MatchCount": 2 }] },
    ]});
    let args = ["log", "-", "--exports", "a.zip", "--exports", "gone.zip", "--json"];
    let document = gaen_with_input(&world.folder, &args, log.to_string()).ok().json();
    let checked = json!({ "text": "2020-04-05 09:00:30 +0900", "unix_seconds": 1_586_044_830,
        "local": "2020-04-05 09:00:30", "utc_offset": "+09:00", "local_without_offset": null });
    let entry = |number: u32, keys: Value, matches: Value, hash: &Value, found: &str| {
        json!({ "place": format!("ExposureChecks[0].Files[{number}]"), "checked": checked, "app": null, "keys": keys,
            "matches": matches, "hash": hash, "hash_of": "file", "found": found, "files": [0], "keys_in_files": 3,
            "doubtful": false })
    };
    let range = json!({ "start": "2020-04-02 09:00", "end": "2020-04-03 09:00", "offset": "+09:00" });
    let expected = json!({
        "format": "ios_v2", "build": "17H35", "device": null, "checks": 1, "utc_offset": "+09:00",
        "entries": [entry(0, json!(3), Value::Null, bin, "export_bin"), entry(1, Value::Null, json!(2), zip, "zip")],
        "distinct_matches": { "keys_at_least": 2, "keys_at_most": 2, "unknown": 1,
            "hashes": [{ "entries": [1], "matches": 2 }] },
        "exposure_data": null,
        "files": [
            { "path": "a.zip", "export_sha256": bin, "zip_sha256": zip, "start_timestamp": 1_585_785_600,
                "end_timestamp": 1_585_872_000, "region": "440", "keys": 3, "utc_day": "2020-04-02",
                "local_range": range, "first_day": "2020-04-02", "last_day": "2020-04-02", "deviations": [],
                "error": null, "error_code": null },
            { "path": "gone.zip", "export_sha256": null, "zip_sha256": null, "start_timestamp": null,
                "end_timestamp": null, "region": null, "keys": null, "utc_day": null, "local_range": null,
                "first_day": null, "last_day": null, "deviations": [],
                "error": document["files"][1]["error"], "error_code": "unreadable_file" },
        ],
        "calls_complete": true,
        "conclusion": document["conclusion"],
    });
    assert_eq!(document, expected);
    assert_eq!(document["conclusion"].as_array().unwrap().len(), 3);
}

#[test]
fn the_record_of_the_app() {
    let record = r#"{"platform":"iOS","app_version":"2.0.1","daily_summaries":[
        {"DateMillisSinceEpoch":-1312605184,"DaySummary":{"MaximumScore":1.0,"ScoreSum":2100.0,"WeightedDurationSum":3}},
        {"DateMillisSinceEpoch":7}],
        "exposure_windows":[{"DateMillisSinceEpoch":1626480000000,"ScanInstances":[
            {"MinAttenuationDb":14,"TypicalAttenuationDb":15,"SecondsSinceLastScan":300},
            {"MinAttenuationDb":14,"TypicalAttenuationDb":15,"SecondsSinceLastScan":61}]}]}"#;
    let folder = folder("log_record");
    let document = gaen_with_input(&folder, &["log", "-", "--json"], record).ok().json();
    let data = &document["exposure_data"];
    let day = json!({ "utc_day": "2021-07-17", "date_was_truncated": true, "windows": 1, "seconds": 361,
        "score_sums": [2100.0],
        "local_range": { "start": "2021-07-17 09:00", "end": "2021-07-18 09:00", "offset": "+09:00" } });
    assert_eq!((&data["days"], &data["without_day"]), (&json!([day]), &json!(1)));
    assert_eq!(data["daily_summaries"][0]["DateMillisSinceEpoch"], -1_312_605_184);
    let text = gaen_with_input(&folder, &["log", "-"], record).ok().stdout;
    for part in
        ["2021-07-17 09:00 to 2021-07-18 09:00 (UTC+09:00)", "1 window, 6 min 01 s, score 2100", "1 record cannot"]
    {
        assert!(flat(&text).contains(part), "{part:?} is not in:\n{text}");
    }
}

#[test]
fn what_a_log_leaves_out_is_unknown() {
    let folder = folder("log_unknown");
    let log = r#"{"Files":[{"Hash":"x","KeyCount":1},{"Hash":"y","MatchCount":0}]}"#;
    let text = flat(&gaen_with_input(&folder, &["log", "-"], log).ok().stdout);
    assert!(text.contains("1 key, matches unknown") && text.contains("none matched"), "{text}");
    assert!(text.contains("Whether a key matched is not logged in 1 of 2 entries"), "{text}");
    assert!(!text.contains("Nothing matched"), "{text}");
    let text = flat(&gaen_with_input(&folder, &["log", "-"], "[]").ok().stdout);
    assert!(text.contains("Nothing was checked"), "{text}");
}

#[test]
fn what_several_entries_come_to_is_said() {
    let folder = folder("log_several");
    let (a, b) = ("ab".repeat(32), "cd".repeat(32));
    let file = |hash: &str, matches: u32| json!({ "Hash": hash, "MatchCount": matches });
    let call = |hash: &str, matches: u32| json!({ "hash": hash, "matchesCount": matches, "keyCount": 9 });
    for (log, said) in [
        (json!({ "Files": [file(&a, 1), file(&b, 2)] }), "In all, 3 different keys matched. What was checked again"),
        (json!([call(&a, 1), call(&b, 2)]), "In all, from 2 to 3 different keys matched: the log does not say which"),
        (json!({ "Files": [file(&a, 0), file(&b, 0)] }), "Nothing matched in the 2 entries of this log."),
        (json!({ "Files": [file(&a, 0)] }), "Nothing matched in the one entry of this log."),
        (json!({ "Files": [file("x", 1)] }), "and no file can be found by the hash \"x\"."),
    ] {
        let text = flat(&gaen_with_input(&folder, &["log", "-"], log.to_string()).ok().stdout);
        assert!(text.contains(said), "{said:?} is not in:\n{text}");
    }
}

/// Files that are not COCOA's: of two days, and without a key.
#[test]
fn the_days_of_other_files_are_those_of_their_keys() {
    let vectors = repository().join("test-vectors/exports");
    for (name, says) in [
        ("valid.zip", &["valid.zip, keys of UTC days 2020-11-19 to 2020-11-20", "on a UTC day from 2020-11-19 to"][..]),
        ("valid_no_keys.zip", &["cannot be told from the log without the file: the files found have no keys."]),
    ] {
        let report = gaen(&vectors, &["inspect", "--json", name]).ok().json();
        let log = json!({ "Files": [{ "Hash": report["files"][0]["export_bin"]["sha256"], "MatchCount": 1 }] });
        let text = flat(&gaen_with_input(&vectors, &["log", "-", "--exports", name], log.to_string()).ok().stdout);
        for said in says {
            assert!(text.contains(said), "{said:?} is not in:\n{text}");
        }
    }
}

#[test]
fn what_is_no_log_is_refused() {
    let folder = folder("log_faults");
    for (log, mentions) in [
        ("# a note\n{}", &["-: not_json: not JSON: expected value at line 1"][..]),
        ("{\"a\":1}", &["unknown_shape: none of the known logs: an object with \"a\""]),
        (
            r#"{"Files":[{"Hash":"","MatchCount":"1"}]}"#,
            &["field_unexpected: Files[0].MatchCount is \"1\": expected a"],
        ),
    ] {
        let run = gaen_with_input(&folder, &["log", "-"], log).failed(1, mentions);
        assert_eq!(run.stdout, "");
    }
    gaen(&folder, &["log", "gone.json"]).failed(1, &["gone.json: "]);
    gaen(&folder, &["log", "-", "--utc-offset", "+25:00"]).failed(2, &["an offset from UTC must be -18:00 to +18:00"]);
    gaen(&folder, &["log"]).failed(2, &[]);
}

#[test]
fn text_from_a_log_is_escaped() {
    let folder = folder("log_hostile");
    let log = r#"{"Build":"\u001b[31m","ExposureChecks":[{"Hash":"\u001b]0;x\u0007","MatchCount":1,"DataSource":"\u202e",
        "Timestamp":"\u009b2J"}]}"#;
    for args in [&["log", "-"][..], &["log", "-", "--json"]] {
        let text = gaen_with_input(&folder, args, log).ok().stdout;
        assert!(text.chars().all(|sign| sign == '\n' || !sign.is_control() && sign != '\u{202e}'), "{text:?}");
    }
}

/// A folder within a folder is searched, and a call of Android is found in files that lie in two.
#[test]
fn a_call_of_android_in_two_folders() {
    let folder = folder("log_call");
    let demo = repository().join("demo");
    let mut hasher = Sha256::new();
    for (name, to) in [("day-1.zip", "in/1.zip"), ("day-2.zip", "in/side/2.zip")] {
        let zip = fs::read(demo.join(name)).unwrap();
        hasher.update(gaen::export::UnverifiedExport::from_zip(&zip, &Default::default()).unwrap().export_bin());
        fs::create_dir_all(folder.join("in/side")).unwrap();
        fs::write(folder.join(to), zip).unwrap();
    }
    let hash: String = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let log = json!([{ "timestamp": "2020年9月30日 09:21", "keyCount": 240, "matchesCount": 1,
        "appName": "接触確認アプリ", "hash": hash }]);
    let args = ["log", "-", "--exports", "in"];
    let text = flat(&gaen_with_input(&folder, &args, log.to_string()).ok().stdout);
    let files = Path::new("in").join("side").join("2.zip");
    assert!(text.contains(&format!("in/1.zip to {}", files.display())), "{text}");
    assert!(
        text.contains("the contact was on a UTC day from 2020-09-26 to 2020-09-27, that is 2020-09-26 09:00"),
        "{text}"
    );
    assert!(text.contains("2020-09-30 09:21 where the phone was"), "{text}");
    assert!(text.contains("COCOA notified nobody") && !text.contains("iOS itself"), "{text}");

    // Where a phone with another app was, nobody knows.
    let log = log.to_string().replace("接触確認アプリ", "App");
    let document = gaen_with_input(&folder, &["log", "-", "--exports", "in", "--json"], log.clone()).ok().json();
    assert_eq!((&document["utc_offset"], &document["files"][0]["local_range"]), (&Value::Null, &Value::Null));
    let text = flat(&gaen_with_input(&folder, &args, log.clone()).ok().stdout);
    assert!(text.contains("the contact was on a UTC day from 2020-09-26 to 2020-09-27."), "{text}");
    assert!(!text.contains("COCOA") && !text.contains("iOS"), "{text}");
    let args = ["log", "-", "--exports", "in", "--utc-offset", "+02:00"];
    let text = flat(&gaen_with_input(&folder, &args, log).ok().stdout);
    assert!(text.contains("that is 2020-09-26 02:00 to 2020-09-28 02:00 (UTC+02:00)."), "{text}");
}

/// The same file before and after the end of summer time.
#[test]
fn a_check_is_told_on_its_own_clock() {
    let world = World::new("log_clocks");
    let report = gaen(&world.folder, &["inspect", "--json", "a.zip"]).ok().json();
    let hash = &report["files"][0]["export_bin"]["sha256"];
    let file = |time: &str| json!({ "Hash": hash, "KeyCount": 3, "MatchCount": 1, "Timestamp": time });
    let times = ["2020-11-08 01:10:00 -0500", "2020-10-31 23:10:00 -0400"];
    let log = json!({ "ExportVersion": 2, "ExposureChecks": times.map(|time| json!({ "Files": [file(time)] })) });
    let run = |args: &[&str]| {
        let args = [&["log", "-", "--exports", "a.zip"], args].concat();
        gaen_with_input(&world.folder, &args, log.to_string()).ok()
    };
    let (west, east) =
        ("2020-04-01 20:00 to 2020-04-02 20:00 (UTC-04:00)", "2020-04-01 19:00 to 2020-04-02 19:00 (UTC-05:00)");
    for args in [&[][..], &["--utc-offset", "-05:00"]] {
        let text = flat(&run(args).stdout);
        assert!(text.contains("2020-11-01 03:10 UTC, 2020-10-31 23:10 at UTC-04:00"), "{text}");
        assert!(text.contains("2020-11-08 06:10 UTC, 2020-11-08 01:10 at UTC-05:00"), "{text}");
        assert!(text.contains(&format!("on UTC day 2020-04-02, that is {east} or {west}.")), "{text}");
        assert!(text.contains("iOS itself could") && !text.contains("COCOA"), "{text}");
    }
    // The clock that was asked for stands beside that of the log where the two differ.
    let text = flat(&run(&["--utc-offset", "+01:00"]).stdout);
    assert!(text.contains("2020-10-31 23:10 at UTC-04:00"), "{text}");
    let asked = "2020-04-02 01:00 to 2020-04-03 01:00 (UTC+01:00)";
    assert!(text.contains(&format!("that is {east} or {asked} or {west}.")), "{text}");

    let document = run(&["--json"]).json();
    assert_eq!((&document["utc_offset"], &document["files"][0]["local_range"]), (&Value::Null, &Value::Null));
    let local = |entry: usize| &document["entries"][entry]["checked"]["local"];
    assert_eq!([local(0), local(1)], ["2020-11-08 01:10", "2020-10-31 23:10"]);
    assert_eq!(run(&["--json", "--utc-offset", "-05:00"]).json()["utc_offset"], "-05:00");
}

/// Google's log said 0 keys and 0 matches of full files.
#[test]
fn no_keys_in_the_log_of_android_is_no_answer() {
    let world = World::new("log_zero");
    let report = gaen(&world.folder, &["inspect", "--json", "a.zip"]).ok().json();
    let hash = &report["files"][0]["export_bin"]["sha256"];
    let call = |hash: &Value, keys: u64| json!({ "timestamp": "5. Juli 2020, 08:22", "keyCount": keys, "matchesCount": 0, "appName": "App", "hash": hash });
    let other = json!("ab".repeat(32));
    let run = |calls: &[Value], args: &[&str]| {
        gaen_with_input(&world.folder, &[&["log", "-"], args].concat(), json!(calls).to_string()).ok()
    };
    let text = flat(&run(&[call(&other, 0)], &[]).stdout);
    assert!(text.contains("0 keys, none matched, may be wrong, for App"), "{text}");
    assert!(text.contains("The log says 0 keys in the one entry. That may be wrong"), "{text}");
    assert!(text.contains("Play services 20.21.17 and 20.24.14") && !text.contains("Nothing matched"), "{text}");

    // An entry with keys is believed, and the file in hand is counted.
    let calls = [call(&other, 9), call(hash, 0)];
    let text = flat(&run(&calls, &["--exports", "a.zip"]).stdout);
    assert!(text.contains("Nothing matched in 1 of the 2 entries of this log."), "{text}");
    let said = "The log contradicts the file: it says 0 of a.zip, whose hash it has, and there are 3 keys in it. So its number";
    assert!(text.contains(said), "{text}");
    let document = run(&calls, &["--exports", "a.zip", "--json"]).json();
    let entry = |at: usize| (&document["entries"][at]["keys_in_files"], &document["entries"][at]["doubtful"]);
    assert_eq!([entry(0), entry(1)], [(&Value::Null, &json!(false)), (&json!(3), &json!(true))]);

    // Of iOS no such fault is known, so that only the file speaks against its log.
    let file = |keys: u64| json!({ "Files": [{ "Hash": hash, "KeyCount": keys, "MatchCount": 0 }] }).to_string();
    let run = |log: String, args: &[&str]| {
        flat(&gaen_with_input(&world.folder, &[&["log", "-"], args].concat(), log).ok().stdout)
    };
    let text = run(file(0), &["--exports", "a.zip"]);
    assert!(text.contains(said) && !text.contains("Nothing matched") && !text.contains("Google"), "{text}");
    assert!(run(file(0), &[]).contains("Nothing matched in the one entry"));
    let text = run(file(4), &["--exports", "a.zip"]);
    assert!(text.contains("it says 4 of a.zip, whose hash it has, and there are 3 keys in it."), "{text}");
    assert!(!run(file(3), &["--exports", "a.zip"]).contains("contradicts"));
}

#[test]
fn in_japanese() {
    let folder = folder("log_japanese");
    let run = |log: &str| flat(&gaen_with_input(&folder, &["log", "-", "--language", "ja"], log).ok().stdout);
    let text = gaen_with_input(&folder, &["log", "-", "--language", "ja"], ENTRY).ok().stdout;
    for said in [
        "iOSの接触チェックの記録（1件のみ）",
        "一致したキー1件",
        "このログから分かること",
        "陽性者との接触は確認されませんでした",
        "--exports",
    ] {
        assert!(text.split_whitespace().collect::<String>().contains(said), "{said} is not in:\n{text}");
    }
    for line in text.lines() {
        let columns: usize = line.chars().map(|sign| if sign >= '\u{1100}' { 2 } else { 1 }).sum();
        // A mark may hang over the end.
        assert!(columns <= 84 && !line.trim_start().starts_with(['、', '。', '）', '」']), "{line}");
    }
    let text =
        run(r#"[{"timestamp":"2020年9月30日 09:21","keyCount":0,"matchesCount":0,"appName":"COCOA","hash":"x"}]"#);
    assert!(text.contains("正しくない可能性があります") && !text.contains("一致したキーはありません"), "{text}");
    let text = run(r#"{"exposure_windows":[{"DateMillisSinceEpoch":1626480000000,"ScanInstances":[]}]}"#);
    assert!(text.contains("COCOAの接触の記録") && text.contains("2021-07-17 09:00から"), "{text}");
    let document = gaen_with_input(&folder, &["log", "-", "--language", "ja", "--json"], ENTRY).ok().json();
    assert!(document["conclusion"][1].as_str().unwrap().contains("一致、スコア、通知"), "{document}");
    assert!(
        flat(&gaen_with_input(&folder, &["log", "-", "--language", "ja"], ENTRY).ok().stdout).contains("日本時間で")
    );
    gaen(&folder, &["log", "-", "--language", "fr"]).failed(2, &["fr"]);
}

/// Every shape of a log, with and without its files.
#[test]
fn japanese_has_the_marks_of_japanese() {
    let folder = folder("log_marks");
    let demo = repository().join("demo");
    let call = json!({ "timestamp": "2020年9月30日 09:21", "keyCount": 0, "matchesCount": 1, "appName": "COCOA",
        "hash": "ab".repeat(32) });
    let record = r#"{"platform":"iOS","daily_summaries":[{"DateMillisSinceEpoch":-1312605184}, {"DateMillisSinceEpoch":7}],
        "exposure_windows":[{"DateMillisSinceEpoch":1626480000000,"ScanInstances":[
            {"MinAttenuationDb":14,"TypicalAttenuationDb":15,"SecondsSinceLastScan":3900}]}]}"#;
    let whole = fs::read_to_string(demo.join("log.json")).unwrap();
    for log in [ENTRY, &json!([call]).to_string(), record, "[]", &whole] {
        for offset in ["+09:00", "-05:00"] {
            for exports in [&[][..], &["--exports", demo.to_str().unwrap()]] {
                let args = [&["log", "-", "--language", "ja", "--utc-offset", offset], exports].concat();
                let text = gaen_with_input(&folder, &args, log).ok().stdout;
                assert_eq!(crate::japanese::faults(&text), Vec::<String>::new(), "{text}");
                let said = text.split_once("このログから分かること").unwrap().1.replace(['\n', ' '], "");
                assert_eq!(crate::japanese::faults(&said), Vec::<String>::new(), "{text}");
            }
        }
    }
    let text = gaen_with_input(&folder, &["log", "-", "--language", "ja"], record).ok().stdout;
    assert!(text.contains("まで（日本時間）") && text.contains("1時間5分00秒"), "{text}");
    let text = flat(&gaen_with_input(&folder, &["log", "-", "--language", "ja"], ENTRY).ok().stdout).replace(' ', "");
    assert!(text.contains("診断キー（日次鍵）の信号（接触符号）"), "{text}");
}
