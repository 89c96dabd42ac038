//! `gaen judge`, `gaen sweep`, and what writes windows for them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::{Run, folder, gaen, gaen_with_input};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// `gaen judge` of this document, in no folder in particular.
fn judge(document: &Value, options: &[&str]) -> Run {
    gaen_with_input(&repository(), &[&["judge", "-"], options].concat(), document.to_string())
}

fn answers(document: &Value) -> Vec<(&str, &str)> {
    let answers = document["cases"][0]["answers"].as_array().unwrap();
    answers
        .iter()
        .map(|answer| (answer["configuration"].as_str().unwrap(), answer["verdict"].as_str().unwrap()))
        .collect()
}

/// A window of 2021-03-01 with these scans: attenuation and seconds.
fn window(scans: &[(u8, i64)]) -> Value {
    let scan = |(attenuation, seconds): &(u8, i64)| json!({ "minAttenuationDb": attenuation, "typicalAttenuationDb": attenuation, "secondsSinceLastScan": seconds });
    json!({ "dateMillisSinceEpoch": 1_614_556_800_000_u64, "reportType": 1, "infectiousness": 2,
        "calibrationConfidence": 3, "scanInstances": scans.iter().map(scan).collect::<Vec<_>>() })
}

const TWO: [&str; 4] = ["--preset", "cwa-android", "--preset", "cocoa-v2"];

/// Ten minutes at 65 dB: 10 minutes times 1 times 1.6 are 16, of which Corona-Warn-App asks 9. COCOA weighs 600 s by
/// 1.3, and asks 1350. Twenty minutes at 58 dB are 1200 s times 2.5.
#[test]
fn two_countries_disagree_side_by_side() {
    let near_for_long = judge(&json!([window(&[(58, 300); 4])]), &[&TWO[..], &["--json"]].concat()).ok().json();
    assert_eq!(answers(&near_for_long), [("cwa-android", "notify"), ("cocoa-v2", "notify")]);

    let document = json!([window(&[(65, 300); 2])]);
    let found = judge(&document, &[&TWO[..], &["--json"]].concat()).ok().json();
    assert_eq!(answers(&found), [("cwa-android", "notify"), ("cocoa-v2", "do_not_notify")]);
    assert_eq!((&found["form"], &found["today"]), (&json!("test_menu"), &json!("2021-03-01")));
    let [cwa, cocoa] = &found["cases"][0]["answers"].as_array().unwrap()[..] else { panic!("{found}") };
    assert_eq!((&cwa["class"]["name"], &cwa["class"]["date"]), (&json!("high"), &json!("2021-03-01")));
    assert_eq!((&cwa["days"][0]["totals"]["score_sum"], &cwa["platform"]), (&json!(16.0), &json!("android")));
    assert_eq!(
        (&cocoa["days"][0]["totals"]["score_sum"], &cocoa["windows"][0]["score"]),
        (&json!(780.0), &json!(780.0))
    );

    let text = judge(&document, &TWO).ok().stdout;
    assert!(text.contains("1 exposure window on 1 UTC day"), "{text}");
    let row = text.lines().find(|line| line.starts_with("  2021-03-01")).unwrap();
    assert_eq!(row.split_whitespace().collect::<Vec<_>>(), ["2021-03-01", "high", "16", "-", "780"], "{text}");
    assert!(text.contains("(cwa-android): notify, high on 2021-03-01\n"), "{text}");
    assert!(text.contains("(cocoa-v2): do not notify\n"), "{text}");
    let explained = judge(&document, &[&TWO[..], &["--explain"]].concat()).ok().stdout;
    assert!(explained.starts_with(text.trim_end()) && explained.contains("65 dB"), "{explained}");
    let japanese = judge(&document, &[&TWO[..], &["--language", "ja"]].concat()).ok().stdout;
    assert!(japanese.contains("通知しない") && japanese.contains("high 16"), "{japanese}");
}

/// A rule that needs what the windows lack does not say "no".
#[test]
fn a_rule_says_what_it_lacks() {
    let scan = json!({ "minimumAttenuation": 50, "typicalAttenuation": 55, "secondsSinceLastScan": 300 });
    let payload = json!({ "date": "2021-03-01T00:00:00Z", "infectiousness": "high", "riskScore": 131.4, "scanInstances": [scan, scan, scan, scan] });
    let event = json!({ "events": [{ "type": "exposureWindow", "version": 1, "payload": payload }] });
    let run = judge(&event, &[&TWO[..], &["--json"]].concat());
    let found = run.json();
    run.failed(1, &["could not be judged: "]);
    assert_eq!(answers(&found), [("cwa-android", "not_judged"), ("cocoa-v2", "not_judged")]);
    assert_eq!(found["cases"][0]["answers"][1]["code"], "no_report_type");
    assert_eq!(found["passed_over"], json!(["riskScore"]));
    let missing =
        json!([{ "field": "report_type", "windows": 1 }, { "field": "calibration_confidence", "windows": 1 }]);
    assert_eq!(found["cases"][0]["missing"], missing);
    let judged = judge(&event, &["--preset", "nhs-android", "--json"]).ok().json();
    assert_eq!(answers(&judged), [("nhs-android", "notify")]);
    let text = judge(&event, &TWO).stdout;
    assert!(
        text.contains("no window says report_type\n") && text.contains("fields passed over: riskScore\n"),
        "{text}"
    );
}

#[test]
fn what_cannot_be_judged_says_why() {
    let empty = json!([]);
    judge(&empty, &[]).failed(2, &["by which rule? Give --preset or --config"]);
    judge(&empty, &TWO).failed(1, &["standard input: no window has a day: give --now"]);
    let text = judge(&empty, &[&TWO[..], &["--now", "2021-03-02"]].concat()).ok().stdout;
    assert!(text.contains("no exposure windows: whether anything was searched, the file does not say"), "{text}");
    let ago = json!([{ "ageInDays": 1, "scanInstances": [] }]);
    judge(&ago, &TWO)
        .failed(1, &["standard input, [0]: ageInDays counts back from a day that is not given: give --now"]);
    judge(&json!({}), &TWO).failed(1, &["no exposure window: no scanInstances, found nothing", "Chino and COCOA"]);
    judge(&json!([window(&[(50, 100_000)])]), &TWO).failed(
        1,
        &["[0].scanInstances[0]: secondsSinceLastScan is 100000: expected a whole number from -86400 to 86400"],
    );
    let risk_scores = judge(&json!([window(&[(50, 300)])]), &["--preset", "cocoa-v1.1.4", "--json"]);
    assert_eq!(answers(&risk_scores.json()), [("cocoa-v1.1.4", "not_judged")]);
    risk_scores.failed(1, &["could not be judged: "]);
}

/// What `gaen exposures` says of sightings, `gaen judge` says of the windows that it wrote.
#[test]
fn windows_that_were_written_get_the_same_answer() {
    let folder = folder("windows_round_trip");
    let path = folder.join("windows.json");
    let demo = "exposures --json --sightings demo/sightings.jsonl --trust 440-v1=demo/440-v1.pem --now 2020-09-28";
    for (preset, force) in [("google", &[][..]), ("cocoa-v2", &["--force"])] {
        let mut words: Vec<_> = demo.split(' ').collect();
        words.extend(["--preset", preset, "--windows-out", path.to_str().unwrap(), "demo"]);
        if !force.is_empty() {
            gaen(&repository(), &words).failed(1, &["windows.json is there already and is not overwritten"]);
        }
        let assessed = gaen(&repository(), &[&words[..], force].concat()).ok().json();
        let written: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        assert_eq!((&written["profile"], &written["now"]), (&assessed["profile"], &assessed["now"]));
        assert_eq!(written["windows"].as_array().unwrap().len(), assessed["windows"].as_array().unwrap().len());
        assert!(written["windows"][0].get("tek").is_none() && written["windows"][0].get("start").is_none());
        // The document of `gaen exposures --json` has the same windows, with their keys.
        for document in [&written, &assessed] {
            let judged = judge(document, &["--preset", preset, "--json"]).ok().json();
            assert_eq!(judged["form"], "gaen");
            let judged = &judged["cases"][0]["answers"][0];
            assert_eq!(judged["verdict"], assessed["decision"]["verdict"]);
            let days = |days: &Value, totals: &str| {
                let of = |day: &Value| (day["date"].clone(), day.pointer(totals).unwrap()["score_sum"].clone());
                days.as_array().unwrap().iter().map(of).collect::<Vec<_>>()
            };
            assert_eq!(days(&judged["days"], "/totals"), days(&assessed["daily_summaries"], ""));
            let texts = |reasons: &Value| {
                let of = |reason: &Value| (reason["date"].clone(), reason["code"].clone(), reason["text"].clone());
                reasons.as_array().unwrap().iter().map(of).collect::<Vec<_>>()
            };
            assert_eq!(texts(&judged["days"]), texts(&assessed["decision"]["reasons"]));
        }
    }
}

/// Google's app tells its user of an answer that went away, if a day that it kept lost its score.
#[test]
fn an_answer_is_compared_with_the_one_before() {
    let folder = folder("windows_previous");
    let (before, other) = (folder.join("before.json"), folder.join("other.json"));
    let enx = ["--preset", "enx", "--now", "2021-03-03"];
    let met = json!([window(&[(20, 300); 12])]);
    let first = judge(&met, &[&enx[..], &["--json"]].concat()).ok();
    let answer = first.json()["cases"][0]["answers"][0].take();
    let days = json!([{ "date": "2021-03-01", "score_sum": 5400.0, "notifies": true }]);
    assert_eq!((&answer["change"], &answer["kept"]["days"]), (&Value::Null, &days));
    fs::write(&before, &first.stdout).unwrap();

    let since = ["--previous", before.to_str().unwrap()];
    let compared = |windows: &Value| judge(windows, &[&enx[..], &since].concat()).ok().stdout;
    let revoked = "  compared with the answer of before: revoked (2021-03-01 lost score); the app tells its user\n";
    assert!(compared(&json!([])).ends_with(revoked), "{}", compared(&json!([])));
    let same = "  compared with the answer of before: the same; the app tells its user nothing\n";
    assert!(compared(&met).ends_with(same), "{}", compared(&met));
    let change = judge(&json!([]), &[&enx[..], &since, &["--json"]].concat()).ok().json();
    let change = &change["cases"][0]["answers"][0]["change"];
    assert_eq!(change, &json!({ "kind": "revoked", "tells": true, "missed": "2021-03-01" }));
    let japanese = judge(&json!([]), &[&enx[..], &since, &["--language", "ja"]].concat()).ok().stdout;
    assert!(japanese.contains("前回の判定との比較：取り消し（2021-03-01のスコアが減少）"), "{japanese}");

    // Each case is compared with the answer to its own place, not with the first.
    let cases = |first: Value, second: Value| json!({ "testCases": [{ "description": "one", "exposureWindows": first }, { "exposureWindows": second }] });
    let two = folder.join("two.json");
    fs::write(&two, judge(&cases(json!([]), met.clone()), &[&enx[..], &["--json"]].concat()).ok().stdout).unwrap();
    let options = [&enx[..], &["--previous", two.to_str().unwrap(), "--json"]].concat();
    let kinds = |document: Value| {
        let cases = judge(&document, &options).ok().json()["cases"].take();
        let kind = |case: &Value| case["answers"][0]["change"]["kind"].as_str().unwrap().to_owned();
        cases.as_array().unwrap().iter().map(kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds(cases(json!([]), json!([]))), ["same", "revoked"]);
    assert_eq!(kinds(cases(json!([]), met.clone())), ["same", "same"]);

    // An answer that could not be given is not kept, and not compared.
    let mut lacking = met.clone();
    lacking[0].as_object_mut().unwrap().remove("reportType");
    let run = judge(&lacking, &[&enx[..], &since].concat());
    let text = "  not compared with the answer of before: a day could not be judged\n";
    assert!(run.stdout.ends_with(text), "{}", run.stdout);
    let unknown = judge(&lacking, &[&enx[..], &["--json"]].concat());
    assert_eq!(unknown.json()["cases"][0]["answers"][0]["kept"], Value::Null);
    fs::write(&other, &unknown.stdout).unwrap();
    let other = ["--previous", other.to_str().unwrap()];
    judge(&met, &[&enx[..], &other].concat()).failed(1, &["the answer of enx could not judge every day"]);
    judge(&met, &[&["--preset", "cocoa-v2"], &since[..]].concat())
        .failed(1, &["before.json: no answer of cocoa-v2 to compare with"]);
    fs::write(folder.join("other.json"), r#"{"cases":[]}"#).unwrap();
    judge(&met, &[&enx[..], &other].concat()).failed(1, &["answers for 0 cases, but there are 1 to judge"]);
    fs::write(folder.join("other.json"), "[]").unwrap();
    judge(&met, &[&enx[..], &other].concat()).failed(1, &["other.json: no document of `gaen judge --json`: "]);
}

/// A phone's windows add up to what the phone said of its days, of which only the lower 32 bits were kept.
#[test]
fn real_windows_add_up_to_what_the_phone_said() {
    let Some(real) = std::env::var_os("GAEN_COCOA").map(PathBuf::from) else {
        eprintln!("GAEN_COCOA is not set: NO real window is judged");
        return;
    };
    let args = ["judge", "chino_test_exposure_windows.json", "--preset", "google", "--json"];
    let judged = gaen(&real, &args).ok().json();
    assert_eq!((&judged["form"], &judged["cases"][0]["windows"]), (&json!("chino"), &json!(345)));
    let judged = judged["cases"][0]["answers"][0]["days"].as_array().unwrap();
    let said = fs::read(real.join("chino_test_daily_summaries.json")).unwrap();
    let said: Vec<Value> = serde_json::from_slice(&said).unwrap();
    assert_eq!((judged.len(), said.len()), (5, 5));
    for day in said {
        let date = gaen::cocoa::DateMillis(day["DateMillisSinceEpoch"].as_i64().unwrap()).day().unwrap();
        let found = judged.iter().find(|judged| judged["date"] == date.to_string()).unwrap();
        let names = ["MaximumScore", "ScoreSum", "WeightedDurationSum"].map(|name| &day["DaySummary"][name]);
        let ours = ["maximum_score", "score_sum", "weighted_duration_sum"].map(|name| &found["totals"][name]);
        assert_eq!(ours, names, "{date}");
    }
}

/// What each app is known to have said, it says through the command.
#[test]
fn every_known_answer_is_that_of_the_command() {
    let folder = folder("known_answers");
    let known = fs::read(repository().join("test-vectors/decisions/answers.json")).unwrap();
    let known: Value = serde_json::from_slice(&known).unwrap();
    let known = known["answers"].as_array().unwrap();
    // One run for each app and day: the windows of each answer are those of a person.
    for answer in known.iter().filter(|answer| answer["windows"] != json!([])) {
        fs::write(folder.join("windows.json"), json!({ "windows": answer["windows"] }).to_string()).unwrap();
        fs::write(folder.join("config.json"), answer["config"].to_string()).unwrap();
        let rule = match answer["preset"].as_str() {
            Some(preset) => ["--preset", preset],
            None => ["--config", "config.json"],
        };
        let today = answer["today"].as_str().unwrap();
        let args = [&["judge", "windows.json", "--now", today, "--json"], &rule[..]].concat();
        let judged = gaen(&folder, &args).json();
        let (judged, expected) = (&judged["cases"][0]["answers"][0], &answer["expected"]);
        for field in ["verdict", "code"] {
            assert_eq!(judged[field], expected.get(field).cloned().unwrap_or_default(), "{answer}: {judged}");
        }
        if let Some(class) = expected.get("class") {
            assert_eq!(judged["class"]["name"], *class, "{answer}: {judged}");
        }
        if let Some(date) = expected.get("date") {
            assert_eq!(judged["class"]["date"], *date, "{answer}: {judged}");
        }
    }
}

/// Published test cases: each is judged by itself, and the risk levels are those that the app's authors expected.
#[test]
fn published_cases_are_judged_as_expected() {
    let Some(decisions) = std::env::var_os("GAEN_DECISIONS").map(PathBuf::from) else {
        eprintln!("GAEN_DECISIONS is not set: NO published case is judged");
        return;
    };
    let file = "cwa-android-29-cases.json";
    let judged =
        gaen(&decisions, &["judge", file, "--preset", "cwa-android", "--now", "2021-03-02", "--json"]).ok().json();
    let published: Value = serde_json::from_slice(&fs::read(decisions.join(file)).unwrap()).unwrap();
    let (judged, published) = (judged["cases"].as_array().unwrap(), published["testCases"].as_array().unwrap());
    assert_eq!((judged.len(), published.len()), (29, 29));
    for (judged, published) in judged.iter().zip(published) {
        let answer = &judged["answers"][0];
        let level = if answer["class"]["name"] == "high" { 2 } else { 1 };
        assert_eq!(published["expTotalRiskLevel"], level, "{published}");
        assert_eq!(judged["name"], published["description"]);
    }
}

#[test]
fn a_sweep_says_what_judge_says() {
    let folder = folder("windows_sweep");
    fs::write(folder.join("w.json"), json!([window(&[(58, 300); 4]), window(&[(40, 300); 2])]).to_string()).unwrap();
    let args =
        ["sweep", "w.json", "--preset", "cocoa-v2", "--vary", "score_sum=3000..3800:200", "--vary", "weight.2=2,2.5"];
    let csv = gaen(&folder, &args).ok().stdout;
    // 1200 s times the weight, and 600 s.
    let expected: Vec<_> = [
        "3000,2,1",
        "3000,2.5,1",
        "3200,2,0",
        "3200,2.5,1",
        "3400,2,0",
        "3400,2.5,1",
        "3600,2,0",
        "3600,2.5,1",
        "3800,2,0",
        "3800,2.5,0",
    ]
    .iter()
    .map(|row| format!("{row},{},0", &row[row.len() - 1..]))
    .collect();
    let rows: Vec<_> = csv.lines().collect();
    assert_eq!(rows[0], "score_sum,weight.2,notified_days,notified_people,not_judged_days");
    assert_eq!(rows[1..], expected[..]);

    let document = gaen(&folder, &[&args[..], &["--json", "--svg", "days.svg"]].concat()).ok().json();
    assert_eq!((document["rows"].as_array().unwrap().len(), &document["windows"]), (10, &json!(2)));
    assert_eq!((&document["rows"][1]["values"], &document["rows"][1]["right"]), (&json!([3000.0, 2.5]), &Value::Null));
    let svg = fs::read_to_string(folder.join("days.svg")).unwrap();
    assert!(svg.starts_with("<svg xmlns=") && svg.contains("Days notified by cocoa-v2"), "{svg}");
    // The background, and a cell for each configuration.
    assert_eq!(svg.matches("<rect ").count(), 11, "{svg}");
    assert!(
        svg.contains("weight.2 2.5, score_sum 3600: 1 day") && svg.contains("weight.2 2, score_sum 3600: 0 days"),
        "{svg}"
    );

    let sweep = |options: &[&str]| gaen(&folder, &[&["sweep", "w.json"], options].concat());
    let cocoa = |vary: &str| sweep(&["--preset", "cocoa-v2", "--vary", vary]);
    cocoa("weight.9=1").failed(1, &["cocoa-v2: weight.9 cannot be varied: daily summaries have the weights 1 to 4"]);
    cocoa("weight.1=2.6").failed(1, &["cocoa-v2: weight.1=2.6: weight 2.6 is not in 0..=2.5"]);
    cocoa("threshold.1=60")
        .failed(1, &["cocoa-v2: threshold.1=60: attenuation thresholds [60, 60, 65] are not strictly increasing"]);
    cocoa("maximum_score=1")
        .failed(1, &["maximum_score cannot be varied: no class that notifies compares maximum_score"]);
    cocoa("wieght.1=1").failed(2, &["no parameter \"wieght.1\": there are threshold.N"]);
    cocoa("weight.1=1..2").failed(2, &["\"1..2\" are no values"]);
    let twice = ["--preset", "cocoa-v2", "--vary", "weight.1=1", "--vary", "weight.1=2"];
    sweep(&twice).failed(1, &["weight.1 is varied twice"]);
    sweep(&["--preset", "cocoa-v1.1.4", "--vary", "weight.1=1"]).failed(1, &["risk scores of version 1"]);
    sweep(&[&TWO[..], &["--vary", "weight.1=1"]].concat()).failed(2, &["a sweep varies one configuration"]);
}

/// In a world the truth is known: every day that notifies is right or wrong, and every contact is found or missed.
#[test]
fn a_world_has_precision_and_recall() {
    let folder = folder("windows_world");
    gaen(&folder, &["simulate", "--seed", "7", "--people", "8", "--days", "3", "--diagnosed", "2", "-o", "world"]).ok();
    let args = ["sweep", "--world", "world", "--preset", "cocoa-v2", "--vary", "score_sum=1,1350,100000", "--json"];
    let document = gaen(&folder, &args).ok().json();
    assert_eq!((&document["people"], &document["today"]), (&json!(8), &json!("2022-07-07")));
    let rows = document["rows"].as_array().unwrap();
    let count = |row: &Value, name: &str| row[name].as_u64().unwrap();
    let contacts = count(&rows[0], "right") + count(&rows[0], "missed");
    assert!(contacts > 0, "{document}");
    for row in rows {
        assert_eq!(count(row, "right") + count(row, "false_alarms"), count(row, "notified_days"));
        assert_eq!(count(row, "right") + count(row, "missed"), contacts, "the truth is the same in each row");
    }
    let last = &rows[2];
    assert_eq!((count(last, "notified_days"), &last["precision"], &last["recall"]), (0, &Value::Null, &json!(0.0)));
    let notified: Vec<_> = rows.iter().map(|row| count(row, "notified_days")).collect();
    assert!(notified[0] > 0 && notified.is_sorted_by(|a, b| a >= b), "{notified:?}");
    gaen(&folder, &["sweep", "--world", ".", "--preset", "cocoa-v2", "--vary", "score_sum=1"])
        .failed(1, &["truth.json"]);
}

/// COCOA's record under another app's rule.
#[test]
fn a_log_judges_the_windows_on_record() {
    let scan = |attenuation: u8| json!({ "MinAttenuationDb": attenuation, "TypicalAttenuationDb": attenuation, "SecondsSinceLastScan": 300 });
    let record = json!({ "platform": "iOS", "daily_summaries": [], "exposure_windows": [{ "CalibrationConfidence": 3,
        "DateMillisSinceEpoch": -1_312_605_184, "Infectiousness": 2, "ReportType": 1, "ScanInstances": [scan(65), scan(65)] }] });
    let log = |options: &[&str]| gaen_with_input(&repository(), &[&["log", "-"], options].concat(), record.to_string());
    assert!(log(&["--json"]).ok().json().get("judged").is_none());
    let judged = log(&[&TWO[..], &["--json"]].concat()).ok().json()["judged"].take();
    assert_eq!(answers(&judged), [("cwa-android", "notify"), ("cocoa-v2", "do_not_notify")]);
    assert_eq!((&judged["form"], &judged["today"]), (&json!("chino"), &json!("2021-07-17")));
    assert_eq!(judged["cases"][0]["repaired_dates"], json!([0]));
    let text = log(&TWO).ok().stdout;
    assert!(text.contains("What configurations say of these contacts\n"), "{text}");
    assert!(text.contains("1 date had lost all but the lower 32 bits"), "{text}");
    let japanese = log(&[&TWO[..], &["--language", "ja"]].concat()).ok().stdout;
    assert!(japanese.contains("ほかの設定ではどう判定されるか\n"), "{japanese}");
    let check = r#"{"Hash":"2E","MatchCount":1,"KeyCount":7,"Timestamp":"2020-09-06 00:21:25 +0900"}"#;
    gaen_with_input(&repository(), &[&["log", "-"], &TWO[..]].concat(), check)
        .failed(1, &["entry has no exposure windows to judge, exposure_data.json has"]);
}
