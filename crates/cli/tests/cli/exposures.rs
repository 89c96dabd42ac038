//! `gaen exposures`, `gaen explain` and `gaen compare`.

use std::fs;
use std::path::{Path, PathBuf};

use gaen::export::{ExportBuilder, Signer};
use gaen::exposure::Preset;
use gaen::exposure::{Configuration, PlatformConfiguration};
use gaen::keys::{BluetoothMetadata, CalibrationConfidence, DaysSinceOnset, ReportType, TransmissionRiskLevel};
use gaen::time::RollingPeriod;
use gaen::{DiagnosisKey, EnIntervalNumber, Profile, RollingWindow};
use serde_json::{Value, json};

use crate::{Run, gaen};

/// 2020-10-01, the first interval of the keys' day, and its first second.
const INTERVAL: u32 = 2_669_184;
const DAY: u64 = 1_601_510_400;
/// 19:00 in Japan on that day.
const EVENING: u64 = DAY + 36_000;
/// An hour into the day after.
const NOW: u64 = DAY + 90_000;

/// The attenuations of four scans, one every five minutes: twenty minutes.
const NEAR: [i8; 4] = [30; 4];
const NEAR_AND_FAR: [i8; 4] = [30, 30, 55, 55];

/// A folder with `440.pem`, the exports that it signs, and `heard.jsonl`.
struct World {
    folder: PathBuf,
    signer: Signer,
}

/// A key of a confirmed test with level 4, on the day of onset.
fn key(number: u8) -> DiagnosisKey {
    let window = RollingWindow::new(EnIntervalNumber::new(INTERVAL), RollingPeriod::FULL_DAY).unwrap();
    DiagnosisKey {
        transmission_risk_level: TransmissionRiskLevel::new(4).unwrap(),
        report_type: ReportType::ConfirmedTest,
        days_since_onset_of_symptoms: DaysSinceOnset::new(0),
        ..DiagnosisKey::new([number; 16], window)
    }
}

fn of_type(number: u8, report_type: ReportType) -> DiagnosisKey {
    DiagnosisKey { report_type, ..key(number) }
}

/// A key's identifier of one time, heard at another.
fn heard(key: &DiagnosisKey, sent: u64, time: u64, attenuation: i8) -> Value {
    let rpi = key.identifier_key().identifier(EnIntervalNumber::from_unix_seconds(sent).unwrap());
    let metadata = BluetoothMetadata::v1_1(-20, CalibrationConfidence::Medium);
    let aem = key.metadata_key().encrypt(&rpi, metadata);
    json!({ "rpi": rpi, "aem": aem, "rssi": -20 - attenuation, "time": time, "previous_scan": time - 300 })
}

impl World {
    fn new(name: &str) -> Self {
        let world = Self { folder: crate::folder(name), signer: Signer::generate("440", "v1", &mut rand::rng()) };
        world.write("440.pem", world.signer.public_key().to_pem().unwrap());
        world.write("heard.jsonl", "");
        world
    }

    /// One whose first key was near for twenty minutes, in `a.zip`.
    fn with(name: &str, key: DiagnosisKey, attenuations: [i8; 4]) -> Self {
        let world = Self::new(name);
        world.meets(&key, EVENING, attenuations);
        world.export("a.zip", &[key], &[]);
        world
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.folder.join(name), text).unwrap();
    }

    /// Twenty minutes near the key's owner.
    fn meets(&self, key: &DiagnosisKey, start: u64, attenuations: [i8; 4]) {
        let times = (0..4).map(|scan| start + 300 * scan);
        let lines = times.zip(attenuations).map(|(time, attenuation)| heard(key, time, time, attenuation));
        self.hears(lines);
    }

    fn hears(&self, sightings: impl IntoIterator<Item = Value>) {
        let before = fs::read_to_string(self.folder.join("heard.jsonl")).unwrap();
        let lines: String = sightings.into_iter().map(|sighting| format!("{sighting}\n")).collect();
        self.write("heard.jsonl", before + &lines);
    }

    fn export(&self, name: &str, keys: &[DiagnosisKey], revised: &[DiagnosisKey]) {
        let builder = ExportBuilder::new("440", DAY, DAY + 86_400).keys(keys.to_vec()).revised_keys(revised.to_vec());
        let files = builder.build([&self.signer], &mut rand::rng()).unwrap();
        self.write(name, &files[0].zip);
    }

    /// Runs a command on these files, verified.
    fn run_on(&self, command: &str, options: &[&str], files: &[&str]) -> Run {
        let now = NOW.to_string();
        let common = [command, "--sightings", "heard.jsonl", "--trust", "440-v1=440.pem", "--now", &now];
        gaen(&self.folder, &[&common[..], options, &["--"], files].concat())
    }

    /// `gaen exposures` on `a.zip`.
    fn exposures(&self, options: &[&str]) -> Run {
        self.run_on("exposures", options, &["a.zip"])
    }

    /// Its document.
    fn document(&self, options: &[&str]) -> Value {
        self.exposures(&[options, &["--json"]].concat()).ok().json()
    }

    /// `gaen explain` on `a.zip`.
    fn explain(&self, options: &[&str]) -> Run {
        self.run_on("explain", options, &["a.zip"])
    }

    /// A configuration as COCOA's apps from 2.0 on read it.
    fn configuration(&self, name: &str, configuration: &Configuration) {
        self.write(name, serde_json::to_vec(&PlatformConfiguration::new(configuration)).unwrap());
    }
}

fn yes() -> Value {
    json!({ "yes": true, "reason": null })
}

/// One file, and the four scans.
fn basis() -> Value {
    json!({
        "files": { "used": 1, "rejected": 0, "outdated": 0, "awaited": 0 },
        "sightings": 4, "first_sighting": EVENING, "last_sighting": EVENING + 900,
    })
}

fn totals(seconds: f64) -> Value {
    json!({ "score_sum": seconds, "maximum_score": seconds, "weighted_duration_sum": seconds })
}

#[test]
fn the_document_is_as_promised() {
    let world = World::with("exposures_document", key(7), NEAR_AND_FAR);
    let document = world.document(&["--preset", "cocoa-v2"]);
    let sha256 = &document["files"][0]["export_sha256"];
    assert_eq!(sha256.as_str().unwrap().len(), 64);
    let (tek, date) = ("07".repeat(16), "2020-10-01");
    let scan = |attenuation: i8| json!({ "typical_attenuation": attenuation, "min_attenuation": attenuation, "seconds_since_last_scan": 300 });
    // Two scans of 300 s weigh 1.0 and two 2.5.
    let mut summary = totals(2100.0);
    summary["date"] = json!(date);
    summary["by_report_type"] = json!({ "confirmed_test": totals(2100.0) });
    let expected = json!({
        "configuration": "cocoa-v2",
        "assumed_scans": { "assumed": 0, "scans": 4 },
        "files": [{
            "path": "a.zip", "export_sha256": sha256, "status": "verified", "verified_by": ["440-v1"],
            "keys": 1, "revised_keys": 0, "skipped_keys": {}, "error": null, "error_code": null,
        }],
        "profile": "google",
        "now": NOW,
        "basis": basis(),
        "windows": [{
            "tek": tek, "start": EVENING, "date": date, "report_type": "confirmed_test", "infectiousness": "high",
            "calibration_confidence": "medium", "scan_instances": NEAR_AND_FAR.map(scan),
        }],
        "daily_summaries": [summary],
        "v1": {
            "exposures": [{
                // From 150 s before the first scan to 150 s after the last: 750 s at 30 dB, 450 s at 55 dB.
                "tek": tek, "start": EVENING, "duration": 1200, "attenuation_value": 39,
                "attenuation_durations": [750, 450, 0], "transmission_risk_level": 4, "risk_score": 28,
                "risk_score_full_range": 28.0,
            }],
            "maximum_risk_score": 28, "maximum_risk_score_full_range": 28.0,
            "summation_risk_score": 28, "summation_risk_score_full_range": 28.0, "matched_key_count": 1,
            "days_since_last_exposure": 1, "attenuation_durations": [750, 450, 0],
        },
        "decision": {
            "verdict": "notify", "code": null, "reason": null,
            "days": [date],
            "reasons": [{
                "date": date, "verdict": "notify", "code": "conditions_met",
                "text": "score_sum 2100 is >= 1350, seconds_since_last_scan_sum 1200 is >= 900",
            }],
        },
        "explanations": [],
        "day_explanations": [],
        "dropped": {},
        "lints": [],
    });
    assert_eq!(document, expected);
}

#[test]
fn an_explanation_is_as_promised() {
    let world = World::with("explain_document", key(7), NEAR_AND_FAR);
    let explanation = world.explain(&["--preset", "cocoa-v2", "--json"]).ok().json();
    let sha256 = &explanation["keys"][0]["file"]["export_sha256"];
    let date = "2020-10-01";
    let hit = |scan: u32| {
        let attenuation = NEAR_AND_FAR[scan as usize];
        json!({
            "interval": INTERVAL + 60 + scan / 2, "time": EVENING + 300 * u64::from(scan), "clock_drift": 0,
            "tx_power": -20, "rssi": -20 - attenuation, "attenuation": attenuation, "dropped": null,
        })
    };
    let scan = |scan: u32| {
        let attenuation = NEAR_AND_FAR[scan as usize];
        let (bucket, rule, weight) = match attenuation {
            30 => ("immediate", "30 dB <= 46 dB", 1.0),
            _ => ("near", "46 dB < 55 dB <= 60 dB", 2.5),
        };
        json!({
            "offset": 300 * scan, "beacons": 1, "typical_attenuation": attenuation, "min_attenuation": attenuation,
            "seconds_since_last_scan": 300, "seconds_rule": "5 min since the scan before",
            "bucket": bucket, "bucket_rule": rule, "weight": weight, "weighted_duration": 300.0 * weight,
        })
    };
    let factor = |name: &str, value: &str, rule: &str, index: u8, score: u8| json!({ "name": name, "value": value, "rule": rule, "index": index, "score": score, "weight": 1.0 });
    let condition = |name: &str, value: f64, least: f64| json!({ "name": name, "value": value, "condition": { "op": ">=", "value": least }, "holds": true });
    let expected = json!({
        "profile": "google",
        "view": "full",
        "keys": [{
            "number": 1,
            "tek": "07".repeat(16),
            "file": { "name": "a.zip", "export_sha256": sha256, "start": DAY, "end": DAY + 86_400 },
            "date": date, "start": DAY, "end": DAY + 86_400,
            "transmission_risk_level": 4, "report_type": "confirmed_test", "days_since_onset_of_symptoms": 0,
            "hits": [hit(0), hit(1), hit(2), hit(3)],
            "matched": yes(),
            "weaknesses": [],
            "windows": [{
                "start": EVENING, "date": date,
                "report_type": "confirmed_test", "report_type_rule": "the key says so",
                "infectiousness": "high",
                "infectiousness_rule": "the configuration's value for 0 days since the onset of symptoms",
                "calibration_confidence": "medium",
                "scans": [scan(0), scan(1), scan(2), scan(3)],
                "weighted_duration": 2100.0, "report_type_weight": 1.0, "infectiousness_weight": 1.0,
                "score": 2100.0, "verdict": "counts", "reason": null,
            }],
            "scored_v2": yes(),
            "exposures": [{
                "start": EVENING, "date": date, "duration": 1200, "scored_duration": 1200, "attenuation": 39, "days": 1,
                "attenuation_durations": [750, 450, 0], "attenuation_duration_thresholds": [50, 70],
                "factors": [
                    factor("attenuation", "39 dB", "over 33 up to 51 dB", 3, 4),
                    factor("days", "1 days", "less than 2 days ago", 7, 1),
                    factor("duration", "20 min", "over 15 up to 20 minutes", 4, 1),
                    factor("transmission", "level 4", "Google's rules take the value for level 4: the 4th", 3, 7),
                ],
                "product": 28.0, "minimum_risk_score": 21.0, "risk_score": 28, "risk_score_full_range": 28.0, "listed": true,
                "reason": null,
            }],
            "scored_v1": yes(),
            "notified": yes(),
            "first_reason": null,
        }],
        "days": [{
            "date": date, "totals": totals(2100.0),
            "conditions": [
                condition("score_sum", 2100.0, 1350.0),
                condition("seconds_since_last_scan_sum", 1200.0, 900.0),
            ],
            "verdict": "notify", "code": "conditions_met",
            "text": "score_sum 2100 is >= 1350, seconds_since_last_scan_sum 1200 is >= 900",
        }],
        "assumed_scans": { "assumed": 0, "scans": 4 },
        "basis": basis(),
        "verdict": "notify", "code": null, "reason": null,
        "dropped": {},
        "lints": [],
    });
    assert_eq!(explanation, expected);

    // The other command tells the same beside its results.
    let document = world.document(&["--preset", "cocoa-v2", "--explain"]);
    assert_eq!((&document["explanations"], &document["day_explanations"]), (&expected["keys"], &expected["days"]));
}

/// Everything that is a key, an identifier, a file, a radio value or an exact time is gone, from the JSON and from the
/// text.
#[test]
fn a_redacted_explanation_is_safe_to_show() {
    let world = World::new("explain_redacted");
    world.meets(&key(7), EVENING + 1234, NEAR_AND_FAR);
    world.export("somebodys-file.zip", &[key(7)], &[]);
    let run = |command, options: &[&str]| world.run_on(command, options, &["somebodys-file.zip"]).ok();
    let secrets = |run: &Run, sha256: &Value| {
        let rpi = key(7).identifier_key().identifier(EnIntervalNumber::new(INTERVAL + 62)).to_string();
        let times = [EVENING + 1234, EVENING + 1534].map(|time| time.to_string());
        let texts = [
            "07070707".into(),
            rpi,
            "somebodys".into(),
            sha256.as_str().unwrap().into(),
            (INTERVAL + 62).to_string(),
            "10:20".into(),
            "-50".into(),
            "dBm".into(),
        ];
        [&texts[..], &times].concat().into_iter().filter(|secret| run.stdout.contains(secret)).count()
    };
    let full = run("explain", &["--json"]);
    let sha256 = &full.json()["keys"][0]["file"]["export_sha256"];
    assert!(secrets(&full, sha256) >= 5 && secrets(&run("explain", &[]), sha256) >= 3, "they are where all is told");

    for options in [&["--redacted"][..], &["--redacted", "--near"]] {
        let json = run("explain", &[options, &["--json"]].concat());
        assert_eq!(secrets(&json, sha256), 0, "{}", json.stdout);
        assert_eq!(json.json()["view"], "redacted");
        let key = &json.json()["keys"][0];
        assert_eq!((&key["tek"], &key["start"], &key["end"]), (&Value::Null, &Value::Null, &Value::Null));
        assert_eq!(key["file"], json!({ "name": null, "export_sha256": null, "start": DAY, "end": DAY + 86_400 }));
        let hit = json!({
            "interval": null, "time": EVENING, "clock_drift": null, "tx_power": null, "rssi": null, "attenuation": 30,
            "dropped": null,
        });
        assert_eq!(key["hits"][0], hit);
        assert_eq!((&key["windows"][0]["start"], &key["exposures"][0]["start"]), (&json!(EVENING), &json!(EVENING)));
        let text = run("explain", options);
        assert_eq!(secrets(&text, sha256), 0, "{}", text.stdout);
        assert!(text.stdout.contains("2020-10-01 10h"), "{}", text.stdout);
    }
    // Beside its results, which are for whoever asked, `exposures` explains with or without.
    let document = run("exposures", &["--explain", "--redacted", "--json"]).json();
    assert_eq!(document["explanations"], run("explain", &["--redacted", "--json"]).json()["keys"]);
}

#[test]
fn near_misses_are_explained_when_asked_for() {
    let world = World::new("explain_near");
    let [matched, late] = [key(7), key(8)];
    world.meets(&matched, EVENING, NEAR);
    world.hears([heard(&late, EVENING, EVENING + 3 * 3600, 30)]);
    world.export("a.zip", &[matched, late, key(9)], &[]);

    let near = world.explain(&["--near", "--json"]).ok().json();
    let keys = near["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 2, "of the third nothing was heard");
    assert_eq!(world.explain(&["--json"]).ok().json()["keys"], json!([keys[0]]));
    let reason = json!({
        "code": "clock_window",
        "text": "heard over two hours before or after its key broadcast it",
    });
    let late = &keys[1];
    assert_eq!(late["matched"], json!({ "yes": false, "reason": reason }));
    assert_eq!((&late["first_reason"], &late["hits"][0]["dropped"]), (&reason, &reason));
    assert_eq!(late["hits"][0]["clock_drift"], 3 * 3600 - 599);
    for result in ["scored_v2", "scored_v1", "notified"] {
        assert_eq!(late[result]["reason"]["code"], "not_matched", "{result}");
    }
    let document = world.document(&["--explain", "--near"]);
    assert_eq!((&document["explanations"], document["windows"].as_array().unwrap().len()), (&near["keys"], 1));
}

#[test]
fn where_nothing_that_was_heard_counts_it_says_why() {
    let world = World::new("exposures_dropped");
    let late = key(8);
    world.hears([heard(&late, EVENING, EVENING + 3 * 3600, 30)]);
    world.export("a.zip", &[late], &[]);

    let why = "1  heard over two hours before or after its key broadcast it";
    for command in ["exposures", "explain"] {
        let shown = world.run_on(command, &[], &["a.zip"]).ok();
        assert!(shown.stdout.contains(why), "{command}: {}", shown.stdout);
        let document = world.run_on(command, &["--json"], &["a.zip"]).ok().json();
        assert_eq!(document["dropped"], json!({ "clock_window": 1 }), "{command}");
    }
}

/// The zero that cost Android's users five months, as a user of the command would see it.
#[test]
fn without_a_level_android_and_ios_come_to_another_decision() {
    let without = DiagnosisKey { transmission_risk_level: TransmissionRiskLevel::UNSET, ..key(7) };
    for (name, key, on_android) in [("exposures_level_0", without, 0), ("exposures_level_4", key(7), 35)] {
        let world = World::with(name, key, NEAR);
        for (profile, score) in [("google", on_android), ("apple-v1", 35)] {
            let options = ["--preset", "cocoa-v1.1.4", "--profile", profile];
            let document = world.document(&options);
            assert_eq!(document["v1"]["matched_key_count"], 1);
            assert_eq!(document["v1"]["maximum_risk_score"], score, "{name} {profile}");
            let verdict = if score > 0 { "notify" } else { "do_not_notify" };
            assert_eq!(document["decision"]["verdict"], verdict, "{name} {profile}");
            let reason = &world.explain(&[&options[..], &["--json"]].concat()).ok().json()["keys"][0]["first_reason"];
            match score {
                0 => assert_eq!(reason["text"], "the product 5 is below the minimum risk score 21"),
                _ => assert_eq!(reason, &Value::Null),
            }
        }
    }
}

/// Of four scans one has the scan before, one has none, one has Google's "unknown", and one has a null.
#[test]
fn scans_without_the_one_before_are_counted() {
    let world = World::with("exposures_assumed", key(7), NEAR);
    assert!(!world.exposures(&[]).ok().stdout.contains("120 s each"));
    let lines: Vec<_> =
        fs::read_to_string(world.folder.join("heard.jsonl")).unwrap().lines().map(str::to_owned).collect();
    let with = |line: &str, previous: Option<Value>| {
        let mut sighting: Value = serde_json::from_str(line).unwrap();
        let fields = sighting.as_object_mut().unwrap();
        fields.remove("previous_scan");
        fields.extend(previous.map(|previous| ("previous_scan".to_owned(), previous)));
        format!("{sighting}\n")
    };
    let changed = [
        lines[0].clone() + "\n",
        with(&lines[1], None),
        with(&lines[2], Some(json!(0))),
        with(&lines[3], Some(json!(null))),
    ];
    world.write("heard.jsonl", changed.concat());
    let text = world.exposures(&[]).ok().stdout;
    assert!(text.contains("\n  3 of 4 scans count 120 s each: previous_scan is not known\n"), "{text}");
    let document = world.document(&[]);
    assert_eq!(document["assumed_scans"], json!({ "assumed": 3, "scans": 4 }));
    let seconds = |scan: &Value| scan["seconds_since_last_scan"].clone();
    let scans = document["windows"][0]["scan_instances"].as_array().unwrap();
    assert_eq!(scans.iter().map(seconds).collect::<Vec<_>>(), [300, 120, 120, 120]);
    let explanation = world.explain(&["--json"]).ok().json();
    assert_eq!(explanation["assumed_scans"], document["assumed_scans"]);

    let page = world.run_on("report", &["--language", "en,ja", "-o", "-"], &["a.zip"]).ok().stdout;
    assert!(page.contains("Of 4 scans 3 count as 120 seconds each, because"), "{page}");
    assert!(page.contains("スキャン4回のうち3回は、直前のスキャンの時刻が記録にないため"), "{page}");
}

/// A store that another program has filled is searched all the same; that an answer is doubtful is told.
#[test]
fn impossible_sightings_of_a_store_are_told() {
    let world = World::with("exposures_impossible", key(7), NEAR);
    gaen(&world.folder, &["store", "import", "gaen.db", "heard.jsonl"]).ok();
    let mut store = gaen::store::Store::open_existing(world.folder.join("gaen.db")).unwrap();
    let rpi = gaen::RollingProximityIdentifier::from_bytes([1; 16]);
    store.insert(&[gaen::Sighting::new(rpi, &[0; 4], 127, EVENING), gaen::Sighting::new(rpi, &[], -60, 0)]).unwrap();
    drop(store);
    let args = ["exposures", "--store", "gaen.db", "--now", "2020-10-02", "--trust", "440-v1=440.pem", "a.zip"];
    let run = gaen(&world.folder, &args);
    let warned =
        "warning: 2 of 6 sightings in the store are impossible and make every answer doubtful; first: rssi 127 is";
    assert!(run.stderr.starts_with(warned), "{}", run.stderr);
}

/// The same in one command.
#[test]
fn two_platforms_are_compared() {
    let without = DiagnosisKey { transmission_risk_level: TransmissionRiskLevel::UNSET, ..key(7) };
    let world = World::with("compare", without, NEAR);
    let compare =
        |options: &[&str]| world.run_on("compare", &[&["--preset", "cocoa-v1.1.4"], options].concat(), &["a.zip"]);
    let document = compare(&["--other-profile", "apple-v1", "--json"]).ok().json();
    for (side, profile) in [("left", "google"), ("right", "apple-v1")] {
        let mut alone = world.document(&["--preset", "cocoa-v1.1.4", "--profile", profile]);
        for field in ["files", "explanations", "day_explanations", "assumed_scans", "dropped", "lints"] {
            alone.as_object_mut().unwrap().remove(field);
        }
        assert_eq!(document[side], alone);
    }
    assert_eq!(document["same"], false);
    let changes = document["changes"].as_array().unwrap();
    let change = |code: &str| changes.iter().find(|change| change["code"] == code).unwrap();
    let verdict = json!({
        "code": "verdict", "path": "decision.verdict", "left": "do_not_notify", "right": "notify", "difference": null,
    });
    assert_eq!(change("verdict"), &verdict);
    let score = changes.iter().find(|change| change["path"] == "v1.maximum_risk_score").unwrap();
    assert_eq!((&score["left"], &score["right"], &score["difference"]), (&json!(0), &json!(35), &json!(35.0)));
    let text = compare(&["--other-profile", "apple-v1"]).ok().stdout;
    assert!(text.starts_with("The decision differs: do not notify -> notify.\n"), "{text}");
    assert!(text.contains("\ngoogle, cocoa-v1.1.4 -> apple_v1, cocoa-v1.1.4\n"), "{text}");
    assert!(text.ends_with(&format!("\n{} differences\n", changes.len())), "{text}");

    let same = compare(&["--other-preset", "cocoa-v1.1.4", "--json"]).ok().json();
    assert_eq!((&same["same"], &same["changes"]), (&json!(true), &json!([])));
    let text = compare(&["--other-preset", "cocoa-v1.1.4"]).ok().stdout;
    assert!(text.starts_with("The decision is the same: do not notify.\n"), "{text}");
    compare(&[]).failed(2, &["--other-profile"]);
}

#[test]
fn a_key_and_a_day_are_explained_in_a_few_lines() {
    let world = World::with("explain_brief", key(7), NEAR_AND_FAR);
    world.export("a.zip", &[key(7), key(8)], &[]);
    let brief = |options: &[&str]| {
        let options = [&["--preset", "cocoa-v2", "--brief"], options].concat();
        world.explain(&options)
    };
    let text = brief(&["--day", "2020-10-01", "--key", "1"]).ok().stdout;
    let tek = "07".repeat(16);
    let document = world.explain(&["--preset", "cocoa-v2", "--json"]).ok().json();
    let (day, key) = (&document["days"][0], &document["keys"][0]);
    let mut expected = format!("Key 1 {tek} of UTC day 2020-10-01\n  matched   yes\n  scored    yes\n");
    match &key["notified"]["reason"] {
        Value::Null => expected += "  notified  yes\n",
        no => {
            expected +=
                &format!("  notified  no: {} [{}]\n", no["text"].as_str().unwrap(), no["code"].as_str().unwrap());
        }
    }
    assert!(text.starts_with(&expected), "{text}");
    let judged = format!(
        "    the day: {}, {}",
        day["verdict"].as_str().unwrap().replace('_', " "),
        day["text"].as_str().unwrap()
    );
    assert!(text.contains(&judged) && text.contains("      score_sum "), "{text}");
    assert!(text.contains("  2020-10-01  1 window, ") && text.contains(" dB, score "), "{text}");
    assert!(text.lines().count() <= 9 && text.lines().last().unwrap().starts_with("Decision: "), "{text}");
    // By its digits, without a day, and by version 1.
    for narrowed in [&["--key", &tek[..8]][..], &["--day", "2020-10-01"], &[]] {
        assert_eq!(brief(narrowed).ok().stdout, text);
    }
    let v1 = world.explain(&["--preset", "cocoa-v1.1.4", "--brief", "--redacted"]).ok().stdout;
    assert!(v1.contains("largest product ") && !v1.contains(&tek), "{v1}");
    // The long explanation and the document are narrowed too, and the verdict stays.
    let narrowed = world.explain(&["--preset", "cocoa-v2", "--key", "1", "--day", "2020-10-01", "--json"]).ok().json();
    assert_eq!(narrowed, document);
    brief(&["--key", "2"]).failed(1, &["nothing to explain of this key among 1 key"]);
    brief(&["--day", "2020-10-02"]).failed(1, &["nothing to explain of UTC day 2020-10-02"]);
    brief(&["--key", "0"]).failed(2, &["a key is its number in the explanation"]);
    brief(&["--day", "today"]).failed(2, &["--day"]);
    brief(&["--json"]).failed(2, &["--brief"]);
}

/// The steps of an app's own arithmetic are narrowed with the rest, and the words are those of its own scores.
#[test]
fn the_steps_of_an_app_are_those_of_the_key_and_the_day() {
    let world = World::with("explain_own", key(7), NEAR);
    world.meets(&key(8), EVENING + 7200, [55; 4]);
    world.export("a.zip", &[key(7), key(8)], &[]);
    let explain = |options: &[&str]| world.explain(&[&["--preset", "nhs-android"], options].concat());
    let whole = explain(&["--json"]).ok().json();
    let numbers = |document: &Value, list: &str, field: &str| {
        document["judgement"][list].as_array().unwrap().iter().map(|one| one[field].clone()).collect::<Vec<_>>()
    };
    assert_eq!(numbers(&whole, "windows", "number"), [0, 1]);
    for place in [0, 1] {
        let number = (place + 1).to_string();
        let narrowed = explain(&["--key", &number, "--json"]).ok().json();
        let window = &whole["keys"][place]["windows"][0];
        assert_eq!(numbers(&narrowed, "windows", "number"), [window["number"].clone()]);
        assert_eq!(numbers(&narrowed, "days", "window"), [window["number"].clone()]);
        assert_eq!(narrowed["verdict"], whole["verdict"]);
        assert!(window.get("score").is_none() && window["scans"][0].get("bucket").is_none(), "{window}");
        let number = usize::try_from(window["number"].as_u64().unwrap()).unwrap();
        let score = &whole["judgement"]["windows"][number]["score"];
        let brief = explain(&["--key", &(place + 1).to_string(), "--brief"]).ok().stdout;
        assert!(brief.contains(&format!(" dB, score {score}\n")), "{brief}\n{score}");
        assert_eq!(brief.matches("    the day: ").count(), 1, "{brief}");
    }
    let day = explain(&["--day", "2020-10-01", "--json"]).ok().json();
    assert_eq!(numbers(&day, "windows", "number"), [0, 1]);
    let page = world.run_on("report", &["--preset", "cwa-android", "-o", "-"], &["a.zip"]).ok().stdout;
    assert!(page.contains("62, 72, 78\u{a0}dB of attenuation"), "{page}");
}

/// The demo's phone was near a key on each of two days.
#[test]
fn a_day_has_only_its_own_steps() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let explain = |options: &[&str]| {
        let words = "explain --sightings demo/sightings.jsonl --trust 440-v1=demo/440-v1.pem --preset cwa-android \
                     --now 2020-09-28 --json demo/day-1.zip demo/day-2.zip";
        gaen(
            &repository,
            &[&words.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>()[..], options].concat(),
        )
    };
    let steps = |document: &Value| {
        let list = |list: &str, field: &str| {
            let list = document["judgement"][list].as_array().unwrap().iter();
            list.map(|step| step[field].clone()).collect::<Vec<_>>()
        };
        (list("windows", "number"), list("days", "date"))
    };
    let whole = explain(&[]).ok().json();
    assert_eq!(steps(&whole), (vec![json!(0), json!(1), json!(2)], vec![json!("2020-09-26"), json!("2020-09-27")]));
    let first = explain(&["--day", "2020-09-26"]).ok().json();
    assert_eq!(steps(&first), (vec![json!(0)], vec![json!("2020-09-26")]));
    let second = explain(&["--day", "2020-09-27"]).ok().json();
    assert_eq!(steps(&second), (vec![json!(1), json!(2)], vec![json!("2020-09-27")]));
    assert_eq!(first["verdict"], whole["verdict"]);
}

/// The presets of the vendors and of COCOA by their names on the command line. COCOA's can be written as blocks.
fn presets() -> impl Iterator<Item = (&'static str, Option<Preset>)> {
    let cocoa = Preset::ALL.into_iter().filter(|preset| preset.name().starts_with("cocoa-"));
    [("google", None), ("apple", None)].into_iter().chain(cocoa.map(|preset| (preset.name(), Some(preset))))
}

#[test]
fn an_answer_names_the_rule_of_its_app_and_the_platform() {
    let world = World::with("exposures_apps", key(7), NEAR_AND_FAR);
    let mut apps = 0;
    for preset in Preset::ALL {
        let rule = preset.configuration(preset.profile()).rule;
        let profile = preset.profile().name().replace('_', "-");
        let document = world.document(&["--preset", preset.name(), "--profile", &profile, "--explain"]);
        let decision = document["decision"].as_object().unwrap();
        let Some(name) = rule.name else {
            assert!(!decision.contains_key("rule") && !decision.contains_key("platform"), "{preset}");
            continue;
        };
        assert_eq!((&decision["rule"], &decision["platform"]), (&json!(name), &json!(rule.platform)), "{preset}");
        // What the app added up itself is told step by step, and comes to the same.
        if let Some(judgement) = document.get("judgement") {
            assert_eq!(judgement["verdict"], decision["verdict"], "{preset}");
            assert_eq!(judgement["class"], decision["class"], "{preset}");
        }
        apps += 1;
    }
    assert!(apps >= 19, "{apps} apps");
}

#[test]
fn every_preset_in_every_profile_is_the_same_as_its_configuration_in_a_file() {
    let world = World::with("exposures_presets", key(7), NEAR_AND_FAR);
    for profile in Profile::ALL {
        let option = profile.name().replace('_', "-");
        for (name, preset) in presets() {
            let built_in = world.document(&["--preset", name, "--profile", &option]);
            assert_eq!((&built_in["profile"], &built_in["configuration"]), (&json!(profile.name()), &json!(name)));
            let Some(preset) = preset else {
                assert_eq!(built_in["decision"]["reasons"][0]["code"], "score", "{name}");
                continue;
            };
            world.configuration("configuration.json", &preset.configuration(profile));
            let mut read = world.document(&["--config", "configuration.json", "--profile", &option]);
            assert_eq!(read["configuration"], "configuration.json");
            read["configuration"] = json!(name);
            // The blocks of the vendors have no rule; COCOA's is taken, which is not that of its first version.
            let met = if preset == Preset::CocoaV2 { "conditions_met" } else { "condition_not_met" };
            assert_eq!(read["decision"]["reasons"][0]["code"], met);
            if preset != Preset::CocoaV2 {
                let code = built_in["decision"]["reasons"][0]["code"].as_str().unwrap();
                assert!(code.starts_with("risk_score"), "{code}");
                read["decision"] = built_in["decision"].clone();
            }
            assert_eq!(read, built_in, "{name} {option}");
        }
    }
    // Without either it is Google's defaults.
    assert_eq!(world.document(&[]), world.document(&["--preset", "google"]));
}

#[test]
fn a_configuration_of_the_first_version_brings_the_first_versions_rule() {
    let world = World::with("exposures_config_v1", key(7), NEAR);
    let (one, eight) = ([1; 8], [1, 2, 3, 4, 5, 6, 7, 8]);
    let configuration = json!({
        "MinimumRiskScore": 21, "AttenuationWeight": 50, "TransmissionWeight": 50, "DurationWeight": 50,
        "DaysSinceLastExposureWeight": 50, "TransmissionRiskScores": [0, 0, 7, 7, 7, 7, 7, 7],
        "AttenuationScores": eight, "DurationScores": [0, 0, 0, 0, 1, 1, 1, 1],
        "DaysSinceLastExposureScores": one, "DurationAtAttenuationThresholds": [50, 70],
    });
    world.write("v1.json", configuration.to_string());
    for profile in ["google", "apple-v1", "documented-v2", "google-guarded"] {
        let mut read = world.document(&["--config", "v1.json", "--profile", profile]);
        read["configuration"] = json!("cocoa-v1-2022");
        assert_eq!(read, world.document(&["--preset", "cocoa-v1-2022", "--profile", profile]));
        assert_eq!(read["decision"]["reasons"][0]["code"], "risk_score");
    }
}

/// A louder copy whose metadata is bent takes the scan with it on Google's phones, and not in the guarded profile.
#[test]
fn where_the_phones_were_weaker_a_lint_says_so() {
    let world = World::with("exposures_weaknesses", key(7), NEAR_AND_FAR);
    let bent = |scan: u64| {
        let time = EVENING + 300 * scan;
        let rpi = key(7).identifier_key().identifier(EnIntervalNumber::from_unix_seconds(time).unwrap());
        let aem = key(7).metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(21));
        json!({ "rpi": rpi, "aem": aem, "rssi": -30, "time": time + 1 })
    };
    world.hears((0..4).map(bent));
    let run = |command, profile| {
        world.run_on(command, &["--preset", "cocoa-v2", "--profile", profile, "--json"], &["a.zip"]).ok().json()
    };
    let guarded = run("exposures", "google-guarded");
    assert_eq!((&guarded["lints"], guarded["windows"].as_array().unwrap().len()), (&json!([]), 1));
    assert_eq!(guarded["profile"], "google_guarded");
    for command in ["exposures", "explain"] {
        let document = run(command, "google");
        assert_eq!(document["lints"][0]["code"], "key_silenced", "{command}");
        assert_eq!(document["lints"][0]["where"], "sightings", "{command}");
        let text = world.run_on(command, &["--preset", "cocoa-v2"], &["a.zip"]).ok().stdout;
        assert!(text.contains("(key_silenced)\n  Assess with the profile google-guarded too"), "{text}");
        assert!(
            !world.run_on(command, &["--profile", "google-guarded"], &["a.zip"]).ok().stdout.contains("key_silenced")
        );
    }
    assert_eq!(run("exposures", "google")["windows"], json!([]));
    assert_eq!(run("explain", "google")["keys"][0]["first_reason"]["code"], "key_silenced");
}

#[test]
fn a_rule_of_ones_own_decides() {
    let world = World::with("exposures_rule", key(7), NEAR_AND_FAR);
    let rule = |attenuation: u8| {
        let condition = json!({ "op": "<", "value": attenuation });
        json!({ "format_version": 1, "ExposureWindow_ScanInstance_TypicalAttenuationDb_Max": condition }).to_string()
    };
    world.write("near.json", rule(50));
    world.write("far.json", rule(60));
    for preset in ["cocoa-v1.1.4", "cocoa-v2", "google"] {
        let by = |file| world.document(&["--preset", preset, "--rule", file]);
        let (near, far) = (by("near.json"), by("far.json"));
        let reason = |text: &str, code: &str, verdict: &str| json!([{ "date": "2020-10-01", "verdict": verdict, "code": code, "text": text }]);
        assert_eq!(
            near["decision"]["reasons"],
            reason("typical_attenuation_max 55 is not < 50", "condition_not_met", "do_not_notify")
        );
        assert_eq!(
            far["decision"]["reasons"],
            reason("typical_attenuation_max 55 is < 60", "conditions_met", "notify")
        );
        assert_eq!((&near["decision"]["days"], &far["decision"]["days"]), (&json!([]), &json!(["2020-10-01"])));
        assert_eq!(near["daily_summaries"], far["daily_summaries"]);
    }
    let refused = |options: &[&str], mentions: &[&str]| world.exposures(options).failed(1, mentions).stdout;
    assert_eq!(refused(&["--rule", "missing.json"], &["missing.json"]), "");
    world.write("operator.json", r#"{"format_version":1,"DailySummary_DaySummary_ScoreSum":{"op":"==","value":1}}"#);
    assert_eq!(refused(&["--rule", "operator.json"], &["operator.json: ", "unknown variant `==`"]), "");
}

#[test]
fn the_configuration_comes_from_one_place_and_the_time_from_the_user() {
    let world = World::with("exposures_usage", key(7), NEAR);
    world.configuration("configuration.json", &Configuration::default());
    for command in ["exposures", "explain"] {
        let refused = |options: &[&str], mentions: &[&str]| {
            assert_eq!(world.run_on(command, options, &["a.zip"]).failed(2, mentions).stdout, "");
        };
        refused(&["--preset", "cocoa-v3"], &["cocoa-v3", "cocoa-v1.1.4"]);
        refused(&["--preset", "google", "--config", "configuration.json"], &["--preset", "--config"]);
        refused(&["--profile", "symbian"], &["symbian", "documented-v2"]);
        let common = [command, "--sightings", "heard.jsonl", "--no-verify"];
        gaen(&world.folder, &[&common[..], &["--", "a.zip"]].concat()).failed(2, &["--now"]);
        gaen(&world.folder, &[&common[..], &["--now", "yesterday", "--", "a.zip"]].concat()).failed(2, &["yesterday"]);
        gaen(&world.folder, &[command, "--sightings", "heard.jsonl", "--now", "1585872000", "--", "a.zip"])
            .failed(2, &["--trust", "--no-verify"]);
    }
    for option in ["--near", "--redacted"] {
        world.exposures(&[option]).failed(2, &["--explain"]);
    }
}

#[test]
fn a_configuration_that_is_wrong_is_refused_by_file_and_field() {
    let world = World::with("exposures_bad_config", key(7), NEAR);
    let good =
        serde_json::to_value(PlatformConfiguration::new(&Preset::CocoaV2.configuration(Profile::Google))).unwrap();
    let refused = |text: &str, mentions: &[&str]| {
        world.write("bad.json", text);
        for command in ["exposures", "explain"] {
            let run = world.run_on(command, &["--config", "bad.json"], &["a.zip"]).failed(1, mentions);
            assert!(run.stdout.is_empty() && run.stderr.starts_with("error: bad.json: "), "{}", run.stderr);
        }
    };
    let with = |block: &str, field: &str, value: Value| {
        let mut bad = good.clone();
        bad[block][field] = value;
        bad.to_string()
    };
    let daily = "google_daily_summaries_config";
    refused(
        &with(daily, "attenuation_bucket_weights", json!([1.0, 2.6, 1.0, 0.0])),
        &["google_daily_summaries_config.attenuation_bucket_weights: weight 2.6 is not in 0..=2.5"],
    );
    refused(
        &with("google_exposure_config", "attenuation_scores", json!([1])),
        &["google_exposure_config.attenuation_scores: invalid length 1"],
    );
    let mut without = good.clone();
    without.as_object_mut().unwrap().remove(daily);
    refused(&without.to_string(), &["there is no google_daily_summaries_config, which the profile google reads"]);
    // The other vendor's blocks are whole.
    world.document(&["--config", "bad.json", "--profile", "apple-v1"]);
    refused("{}", &["no configuration of a known form: it has nothing; read are: the tables of v1 in one object"]);
    refused("[", &["not JSON"]);
    world.exposures(&["--config", "missing.json"]).failed(1, &["missing.json"]);
}

#[test]
fn a_rejected_file_contributes_nothing_and_the_others_count() {
    let world = World::with("exposures_rejected", key(7), NEAR);
    world.meets(&key(8), EVENING + 7200, NEAR);
    let stranger = Signer::generate("440", "v1", &mut rand::rng());
    let other =
        ExportBuilder::new("440", DAY, DAY + 86_400).keys([key(8)]).build([&stranger], &mut rand::rng()).unwrap();
    world.write("forged.zip", &other[0].zip);
    world.write("page.zip", "<html>");
    let files = ["page.zip", "forged.zip", "a.zip"];
    let alone = world.document(&[]);

    let document = world.run_on("exposures", &["--json"], &files).failed(1, &["2 of 3 files rejected"]).json();
    let field = |name: &str| [0, 1, 2].map(|file| document["files"][file][name].clone());
    assert_eq!(field("status"), ["rejected", "rejected", "verified"]);
    assert_eq!(field("error_code"), [json!("not_a_zip"), json!("signature_invalid"), Value::Null]);
    for part in ["windows", "daily_summaries", "v1", "decision"] {
        assert_eq!(document[part], alone[part], "{part}");
    }
    let text = world.run_on("exposures", &[], &files).failed(1, &["2 of 3 files rejected"]).stdout;
    assert!(text.contains("\n  rejected  forged.zip: ") && text.contains("\nNotify\n"), "{text}");

    let explanation = world.run_on("explain", &["--json"], &files).failed(1, &["2 of 3 files rejected"]).json();
    assert_eq!(explanation["keys"][0]["file"]["name"], "a.zip");
    assert_eq!(explanation["keys"].as_array().unwrap().len(), 1);
}

#[test]
fn without_verifying_there_is_a_warning() {
    let world = World::with("exposures_no_verify", key(7), NEAR);
    let zip = fs::read(world.folder.join("a.zip")).unwrap();
    let export = gaen::export::UnverifiedExport::from_zip(&zip, &Default::default()).unwrap();
    world.write("a.bin", export.export_bin());
    let now = NOW.to_string();
    for command in ["exposures", "explain"] {
        let arguments = [command, "--sightings", "heard.jsonl", "--no-verify", "--now", &now, "--json", "--", "a.bin"];
        let run = gaen(&world.folder, &arguments);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        assert!(run.stderr.starts_with("warning: signatures are not checked"), "{}", run.stderr);
        if command == "exposures" {
            assert_eq!(run.json()["files"][0]["status"], "unverified");
            assert_eq!(run.json()["windows"], world.document(&[])["windows"]);
        }
    }
}

/// The names of the report types that a document's only day has.
fn types(document: &Value) -> Vec<&String> {
    let days = document["daily_summaries"].as_array().unwrap();
    days.iter().flat_map(|day| day["by_report_type"].as_object().unwrap().keys()).collect()
}

#[test]
fn a_key_of_two_periods_counts_once_and_says_why() {
    let world = World::with("exposures_two_periods", key(7), NEAR);
    let window = RollingWindow::new(EnIntervalNumber::new(INTERVAL), RollingPeriod::new(143).unwrap()).unwrap();
    world.export("shorter.zip", &[DiagnosisKey { window, ..key(7) }], &[]);
    for files in [["a.zip", "shorter.zip"], ["shorter.zip", "a.zip"]] {
        let alone = world.run_on("exposures", &["--json"], &files[..1]).ok().json();
        let both = world.run_on("exposures", &["--json"], &files).ok().json();
        for part in ["windows", "daily_summaries", "v1", "decision"] {
            assert_eq!(both[part], alone[part], "{part} of {files:?}");
        }
        let explained = world.run_on("explain", &["--json"], &files).ok().json();
        let keys = explained["keys"].as_array().unwrap();
        let of = |file: &str| keys.iter().find(|key| key["file"]["name"].as_str().unwrap().ends_with(file)).unwrap();
        let [first, second] = files.map(of);
        assert_eq!((&first["scored_v2"], &second["matched"]), (&yes(), &yes()), "{files:?}");
        for result in ["scored_v2", "scored_v1"] {
            assert_eq!(second[result]["reason"]["code"], "other_period", "{result} of {files:?}");
        }
        assert_eq!(second["first_reason"]["code"], "other_period", "{files:?}");
        let page = world.run_on("report", &["-o", "-"], &files).ok().stdout;
        assert!(page.contains("the same key matched before, valid at another time"), "{files:?}");
    }
}

#[test]
fn revised_keys_change_the_report() {
    use ReportType::{ConfirmedClinicalDiagnosis, ConfirmedTest, Revoked, SelfReport};

    let world = World::with("exposures_revised", of_type(7, SelfReport), NEAR);
    let (document, before) =
        (|files: &[&str]| world.run_on("exposures", &["--json"], files).ok().json(), world.document(&[]));
    assert_eq!(types(&before), ["self_report"]);
    for (report_type, name) in
        [(ConfirmedTest, "confirmed_test"), (ConfirmedClinicalDiagnosis, "confirmed_clinical_diagnosis")]
    {
        world.export("revised.zip", &[], &[of_type(7, report_type)]);
        let after = document(&["a.zip", "revised.zip"]);
        assert_eq!(after["files"][1]["revised_keys"], 1);
        assert_eq!((types(&after), &after["windows"][0]["report_type"]), (vec![&name.to_owned()], &json!(name)));
        assert_eq!(after["v1"], before["v1"]);
        // Revisions count whatever comes first.
        assert_eq!(document(&["revised.zip", "a.zip"])["windows"], after["windows"]);
    }

    // At most once a key: the files are taken up in their order.
    world.export("again.zip", &[], &[of_type(7, Revoked)]);
    assert_eq!(types(&document(&["a.zip", "revised.zip", "again.zip"])), ["confirmed_clinical_diagnosis"]);

    let revoked = document(&["a.zip", "again.zip", "revised.zip"]);
    assert_eq!((&revoked["windows"], &revoked["daily_summaries"]), (&json!([]), &json!([])));
    assert_eq!((&revoked["v1"]["exposures"], &revoked["v1"]["matched_key_count"]), (&json!([]), &json!(0)));
    assert_eq!(revoked["decision"]["reasons"][0]["code"], "no_exposure");
    let explained = world.run_on("explain", &["--json"], &["a.zip", "again.zip"]).ok().json();
    assert_eq!(explained["keys"][0]["matched"], yes());
    assert_eq!(explained["keys"][0]["first_reason"]["code"], "revoked");
    let text = world.run_on("exposures", &[], &["a.zip", "again.zip"]).ok().stdout;
    assert!(text.starts_with("1 key in 2 files; 1 key matched, 1 key with a revised report\n"), "{text}");

    // A confirmed test stays one, and a stranger's key is none of ours.
    world.export("a.zip", &[key(7)], &[of_type(9, Revoked)]);
    assert_eq!(types(&document(&["a.zip", "again.zip"])), ["confirmed_test"]);
    assert!(world.exposures(&[]).ok().stdout.starts_with("1 key in 1 file; 1 key matched\n"));
}

/// What a key without a report type is, the configuration says, whatever else is done with reports.
#[test]
fn a_key_without_a_report_type_is_what_the_configuration_says() {
    let world = World::with("exposures_type_missing", of_type(7, ReportType::Unknown), NEAR);
    let mut configuration = Preset::CocoaV2.configuration(Profile::Google);
    for (missing, name) in [(ReportType::ConfirmedTest, "confirmed_test"), (ReportType::SelfReport, "self_report")] {
        configuration.mapping.report_type_when_missing = missing;
        world.configuration("configuration.json", &configuration);
        assert_eq!(types(&world.document(&["--config", "configuration.json"])), [name]);
        let key = &world.explain(&["--config", "configuration.json", "--json"]).ok().json()["keys"][0];
        assert_eq!((&key["report_type"], &key["windows"][0]["report_type"]), (&json!("unknown"), &json!(name)));
        let rule = "the key has none, and the configuration says this for such keys";
        assert_eq!(key["windows"][0]["report_type_rule"], rule);
    }
    // Taken as a self report it may be withdrawn, taken as a test it may not: each configuration for itself.
    world.export("revised.zip", &[], &[of_type(7, ReportType::Revoked)]);
    let options = ["--config", "configuration.json", "--other-preset", "cocoa-v2", "--json"];
    let both = world.run_on("compare", &options, &["a.zip", "revised.zip"]).ok().json();
    assert_eq!(types(&both["left"]), Vec::<&str>::new());
    assert_eq!(types(&both["right"]), ["confirmed_test"]);
}

#[test]
fn people_are_told_what_it_means() {
    let world = World::with("exposures_text", key(7), NEAR_AND_FAR);
    world.meets(&of_type(8, ReportType::SelfReport), EVENING + 7230, [70; 4]);
    world.export("a.zip", &[key(7), of_type(8, ReportType::SelfReport)], &[]);
    let text = world.exposures(&["--preset", "cocoa-v2"]).ok().stdout;
    let expected = "\
2 keys in 1 file; 2 keys matched
profile google, configuration cocoa-v2

2 exposure windows
  from (UTC)        minutes  typical dB  infectious  report type                   key
  2020-10-01 10:00       20    30 to 55   high        confirmed_test                07070707
  2020-10-01 12:00       20    70 to 70   high        self_report                   08080808

1 day
  UTC day          score     largest  weighted seconds
  2020-10-01        2112        2100              2112

2 exposures by v1
  from (UTC)        minutes  attenuation  near/middle/far s  level  risk  key
  2020-10-01 10:00       20        39 dB          750/450/0      4    28  07070707
  2020-10-01 12:00       20        70 dB           0/0/1200      4     0  08080808
  2 keys matched; largest risk 28, sum 28

Notify
  2020-10-01  score_sum 2112 is >= 1350, seconds_since_last_scan_sum 2400 is >= 900
";
    assert_eq!(text, expected);

    let explained = world.exposures(&["--preset", "cocoa-v2", "--explain"]).ok().stdout;
    let explanation = world.explain(&["--preset", "cocoa-v2"]).ok().stdout;
    assert_eq!(explained, format!("{expected}\n{explanation}"));
    for line in [
        "Key 1 07070707070707070707070707070707 of 2020-10-01\n├ file a.zip, 2020-10-01 00:00 to 2020-10-02 00:00\n",
        "├ report: confirmed_test, transmission risk level 4, 0 days since the onset of symptoms\n├ matched: yes\n",
        "│   2020-10-01 10:10  interval 2669245  -20 - -75 dBm = 55 dB\n",
        "│   ├ +10:00  1 heard, near (46 dB < 55 dB <= 60 dB); 5 min since the scan before; 300 s x 2.5 = 750\n",
        "│   └ 2100 weighted seconds x 1 (report type) x 1 (infectiousness) = 2100\n",
        "│   └ product 14, minimum 21: no score, the product 14 is below the minimum risk score 21 [below_minimum_risk_score]\n",
        "└ it is a reason to notify\n",
        "Day 2020-10-01: notify, score_sum 2112 is >= 1350, seconds_since_last_scan_sum 2400 is >= 900 [conditions_met]\n",
        "├ score_sum 2112 >= 1350: yes\n",
        "Decision: notify (profile google)\n",
    ] {
        assert!(explanation.contains(line), "{line:?} is not in:\n{explanation}");
    }

    world.write("heard.jsonl", "");
    world.hears([heard(&key(9), EVENING, EVENING, 30)]);
    let nothing = world.exposures(&["--preset", "cocoa-v2"]).ok().stdout;
    assert!(nothing.starts_with("2 keys in 1 file; 0 keys matched\n"), "{nothing}");
    assert!(nothing.ends_with("\nDo not notify\n  there is no exposure to judge\n"), "{nothing}");
    assert_eq!(world.explain(&[]).ok().stdout, "Decision: do not notify (profile google)\n");
}

/// Each way in which there is nothing to judge, in every command that concludes.
#[test]
fn where_nobody_can_say_nobody_is_told_no() {
    let world = World::with("exposures_not_judged", key(7), NEAR);
    world.write("page.zip", "<html>not found</html>");
    world.write("stranger.jsonl", heard(&key(9), EVENING, EVENING, 30).to_string());
    world.write("nothing.jsonl", "\n");
    let (now, before) = (NOW.to_string(), (EVENING - 1).to_string());
    let run = |command: &[&str], sightings: &str, file: &str, now: &str, options: &[&str]| {
        let common = ["--sightings", sightings, "--trust", "440-v1=440.pem", "--now", now];
        gaen(&world.folder, &[command, &common[..], options, &["--", file]].concat())
    };
    for (sightings, file, now, code, reason) in [
        ("stranger.jsonl", "page.zip", &now, "no_usable_file", "none of the files could be used"),
        ("stranger.jsonl", "missing.zip", &now, "no_usable_file", "none of the files could be used"),
        ("nothing.jsonl", "a.zip", &now, "no_sightings", "there are no sightings"),
        ("stranger.jsonl", "a.zip", &before, "now_before_sightings", "the time to judge at is before every sighting"),
    ] {
        let judge = |command: &[&str], options: &[&str]| {
            let run = run(command, sightings, file, now, options).failed(1, &[]);
            let text = run.stdout.to_lowercase();
            assert!(!text.contains("do not notify") && !text.contains("do_not_notify"), "{text}");
            assert!(!text.contains("0 keys matched") || code == "now_before_sightings", "{text}");
            run
        };
        let text = judge(&["exposures"], &["--preset", "cocoa-v2"]).stdout;
        assert!(text.contains(&format!("\nCould not be judged: {reason}\n")), "{text}");
        let decision = &judge(&["exposures", "--json"], &["--preset", "cocoa-v2"]).json()["decision"];
        let expected = json!({
            "verdict": "not_judged", "code": code, "reason": reason, "days": [],
            "reasons": [{ "date": null, "verdict": "not_judged", "code": code, "text": reason }],
        });
        assert_eq!(decision, &expected);
        let text = judge(&["explain"], &[]).stdout;
        assert!(text.starts_with(&format!("Decision: not judged, {reason} [{code}] (profile google)\n")), "{text}");
        let document = judge(&["explain", "--json"], &[]).json();
        assert_eq!([&document["verdict"], &document["code"], &document["reason"]], ["not_judged", code, reason]);
        let text = judge(&["compare"], &["--other-preset", "cocoa-v2"]).stdout;
        assert!(text.contains(&format!("\nCould not be judged: {reason}\n")), "{text}");
    }
}

/// A day that meets the rule notifies, whatever else could not be used; a day that does not is no "no" where nobody can
/// say one.
#[test]
fn what_could_not_be_used_stands_beside_the_verdict() {
    let world = World::with("exposures_partly", key(7), NEAR_AND_FAR);
    world.write("page.zip", "<html>not found</html>");
    let on_both = |options: &[&str]| {
        let run = world.run_on("exposures", options, &["page.zip", "a.zip"]).failed(1, &["1 of 2 files rejected"]);
        run.stdout
    };
    let text = on_both(&["--preset", "cocoa-v2"]);
    assert!(text.contains("\nNotify\n  of 2 files 1 could not be used\n"), "{text}");
    let text = on_both(&["--preset", "cocoa-v1.1.3"]);
    assert!(text.contains("\n  of 2 files 1 could not be used\n"), "{text}");
    let explained = world.run_on("explain", &["--preset", "cocoa-v2"], &["page.zip", "a.zip"]).failed(1, &[]).stdout;
    assert!(
        explained.ends_with("Decision: notify (profile google)\n└ of 2 files 1 could not be used\n"),
        "{explained}"
    );

    let before = (EVENING - 1).to_string();
    let judged = |options: &[&str]| {
        let common =
            ["exposures", "--json", "--sightings", "heard.jsonl", "--trust", "440-v1=440.pem", "--now", &before];
        gaen(&world.folder, &[&common[..], options, &["--", "a.zip"]].concat())
    };
    let met = judged(&["--preset", "cocoa-v2"]).ok().json();
    assert_eq!(met["decision"]["verdict"], "notify");
    world.write("never.json", r#"{"DailySummary_DaySummary_ScoreSum":{"op":">","value":1e9}}"#);
    let not_met = &judged(&["--rule", "never.json"]).failed(1, &["could not be judged"]).json()["decision"];
    assert_eq!([&not_met["verdict"], &not_met["code"]], ["not_judged", "now_before_sightings"]);
    assert_eq!(
        [&not_met["reasons"][0]["verdict"], &not_met["reasons"][0]["code"]],
        ["not_judged", "condition_not_met"]
    );
}

/// The files are read twice, by either profile; what is to be said of trust is said once.
#[test]
fn a_comparison_warns_once() {
    let world = World::with("compare_warning", key(7), NEAR);
    let args = ["compare", "--sightings", "heard.jsonl", "--no-verify", "--other-profile", "apple-v1"];
    let now = NOW.to_string();
    let run = gaen(&world.folder, &[&args[..], &["--now", &now, "--", "a.zip"]].concat());
    assert_eq!(run.stderr.matches("signatures are not checked").count(), 1, "{}", run.stderr);
}

/// Three decisions of iPhones with COCOA 1.1.4, and one contact that their list leaves out. RSSI and transmit power are
/// 40 dB apart; each scan with the seconds to the one before, if it knows them.
#[test]
fn an_iphone_decides_by_all_seconds_near_a_key_and_counts_none_twice() {
    let ten_seconds_apart: Vec<_> = (0..8).map(|scan| (10 * scan, None)).collect();
    let rotation = vec![(0, Some(300)), (299, Some(299)), (599, Some(300)), (601, Some(302))];
    let hours_apart = [0, 300, 10_800, 11_100].map(|offset| (offset, Some(300))).to_vec();
    for (name, scans, exposures, durations, score) in [
        ("iphone_hours_apart", hours_apart, 1, [1200, 0, 0], 28),
        ("iphone_ten_seconds", ten_seconds_apart, 0, [0, 0, 0], 0),
        ("iphone_rotation", rotation, 0, [0, 0, 0], 0),
        ("iphone_one_scan", vec![(0, Some(300))], 0, [0, 0, 0], 0),
    ] {
        let world = World::new(name);
        world.hears(scans.into_iter().map(|(offset, previous): (u64, Option<u64>)| {
            let mut line = heard(&key(7), EVENING + offset, EVENING + offset, 40);
            line["previous_scan"] = json!(previous.map(|seconds| EVENING + offset - seconds));
            line
        }));
        world.export("a.zip", &[key(7)], &[]);
        let document = world.document(&["--preset", "cocoa-v1.1.4", "--profile", "apple-v1"]);
        let v1 = &document["v1"];
        assert_eq!(v1["exposures"].as_array().unwrap().len(), exposures, "{name}");
        assert_eq!((&v1["matched_key_count"], &v1["attenuation_durations"]), (&json!(1), &json!(durations)), "{name}");
        assert_eq!(v1["summation_risk_score_full_range"], json!(f64::from(score)), "{name}");
        let verdict = if score > 0 { "notify" } else { "do_not_notify" };
        assert_eq!(document["decision"]["verdict"], verdict, "{name}");

        let options = ["--preset", "cocoa-v1.1.4", "--profile", "apple-v1"];
        let text = world.run_on("exposures", &options, &["a.zip"]).ok().stdout;
        let left_out = "0 exposures by v1\n  1 exposure below the minimum risk score, which iPhones leave out\n";
        assert_eq!(text.contains(left_out), score == 0, "{text}");
    }
}

/// 40 dB is 4, yesterday 8, twenty minutes 5, and level 4 has the 5th value: 800.
#[test]
fn a_risk_over_255_is_told_in_full_range_too() {
    let world = World::with("full_range", key(7), [40; 4]);
    let options = ["--preset", "cocoa-v1.0.0", "--profile", "apple-v1"];
    let document = world.document(&options);
    let exposure = &document["v1"]["exposures"][0];
    assert_eq!((&exposure["risk_score"], &exposure["risk_score_full_range"]), (&json!(255), &json!(800.0)));
    let text = world.run_on("exposures", &options, &["a.zip"]).ok().stdout;
    assert!(text.contains("  1 key matched; largest risk 255, sum 255; in full range 800, sum 800\n"), "{text}");
}
