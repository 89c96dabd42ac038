//! `gaen store`, and `--store` of the commands that search.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use age::secrecy::ExposeSecret;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::documents::are_documented;
use crate::world::World;
use crate::{Run, gaen, gaen_with_input};

const TRUST: &str = "--trust=440-v1=440.pem";

/// Runs a command line whose arguments have no blanks.
fn run(world: &World, line: &str) -> Run {
    gaen(&world.folder, &line.split_whitespace().collect::<Vec<_>>())
}

/// `gaen match` on a store.
fn match_stored(world: &World, more: &str) -> Value {
    run(world, &format!("match --json --store gaen.db {TRUST} {more}")).ok().json()
}

/// `gaen match` on sightings, as a store says it: sightings are numbered from 1.
fn match_heard(world: &World, more: &str) -> Value {
    let mut document = run(world, &format!("match --json --fast --sightings heard.jsonl {TRUST} {more}")).ok().json();
    for found in document["matches"].as_array_mut().unwrap() {
        found["sighting"] = json!(found["sighting"].as_u64().unwrap() + 1);
    }
    document
}

/// A world whose `gaen.db` has what was heard.
fn world(name: &str) -> World {
    let world = World::new(name);
    let imported = run(&world, "store import gaen.db heard.jsonl --json").ok().json();
    let expected = json!({ "stored": 7, "already_there": 0, "repaired": 0, "skipped": {}, "sightings": 7 });
    assert_eq!(imported, expected);
    world
}

fn statuses(document: &Value) -> Vec<(Value, Value)> {
    let files = document["files"].as_array().unwrap();
    files.iter().map(|file| (file["path"].clone(), file["status"].clone())).collect()
}

fn status(path: &str, status: &str) -> (Value, Value) {
    (json!(path), json!(status))
}

#[test]
fn a_store_says_what_its_sightings_say_and_says_it_again() {
    let world = world("store_again");
    let expected = match_heard(&world, "-- a.zip b.zip");
    assert_eq!(expected["matches"].as_array().unwrap().len(), 4);
    assert_eq!(match_stored(&world, "a.zip b.zip"), expected);

    let again = match_stored(&world, "a.zip b.zip");
    assert_eq!(statuses(&again), [status("a.zip", "known"), status("b.zip", "known")]);
    let mut known = expected;
    for file in known["files"].as_array_mut().unwrap() {
        file["status"] = json!("known");
    }
    assert_eq!(again, known, "nothing else has changed");
}

/// The demo has sightings that are dropped for every reason.
#[test]
fn the_demo_gives_the_same_by_way_of_a_store() {
    let world = World::new("store_demo");
    for name in ["sightings.jsonl", "440-v1.pem", "day-1.zip", "day-2.zip"] {
        fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo").join(name), world.folder.join(name)).unwrap();
    }
    run(&world, "store import gaen.db sightings.jsonl").ok();
    for (command, options) in [
        ("exposures --json", ""),
        ("exposures --json", "--explain"),
        ("explain", "--redacted"),
        ("explain --json", ""),
        ("compare --json", "--other-preset=cocoa-v1.1.4"),
    ] {
        let heard = |heard: &str| {
            let options = format!("{options} --trust=440-v1=440-v1.pem --preset=cocoa-v2 --now=1601251200");
            run(&world, &format!("{command} {heard} {options} -- day-1.zip day-2.zip")).ok().stdout
        };
        let (by_store, by_file) = (heard("--store gaen.db"), heard("--sightings sightings.jsonl"));
        // A store looks near each sighting's time alone.
        let too_late = |line: &&str| line.contains("clock_window") || line.contains("heard over two hours");
        let by_file: Vec<_> = by_file.lines().filter(|line| !too_late(line)).collect();
        let by_store = by_store.replace("\"known\"", "\"verified\"");
        assert_eq!(by_store.lines().collect::<Vec<_>>(), by_file, "{command} {options}");
    }
    let match_demo = |heard: &str| {
        run(&world, &format!("match {heard} --trust 440-v1=440-v1.pem -- day-1.zip day-2.zip")).ok().stdout
    };
    let (by_store, by_file) = (match_demo("--store gaen.db"), match_demo("--sightings sightings.jsonl --fast"));
    assert_eq!(by_store.replace("known   ", "verified"), by_file);
    assert!(by_store.contains("2 keys matched 9 of 493 sightings"), "{by_store}");
}

#[test]
fn files_that_are_not_given_count_too() {
    let world = world("store_not_given");
    let first = match_stored(&world, "a.zip");
    let both = match_stored(&world, "b.zip");
    assert_eq!(statuses(&both), [status("b.zip", "verified"), (Value::Null, json!("known"))]);
    let matches = |document: &Value| document["matches"].as_array().unwrap().clone();
    assert_eq!(matches(&both).len(), 4);
    for (found, before) in matches(&both).iter_mut().zip(matches(&first)) {
        assert_eq!(found["file"], 1, "the position of its file");
        found["file"] = json!(0);
        assert_eq!(*found, before);
    }

    // Without files nothing is searched, and nobody needs to be trusted.
    let none = run(&world, "match --json --store gaen.db").ok().json();
    assert_eq!(statuses(&none), [(Value::Null, json!("known")), (Value::Null, json!("known"))]);
    assert_eq!(matches(&none), matches(&first), "a.zip was the first");
    let text = run(&world, "match --store gaen.db").ok().stdout;
    for line in ["  known             4 keys  in 2 files searched before\n", "\n2 keys matched 4 of 7 sightings.\n"] {
        assert!(text.contains(line), "{line:?} is not in:\n{text}");
    }
    let exposures = run(&world, "exposures --json --store gaen.db --now 1585872000").ok().json();
    let given = format!("exposures --json --sightings heard.jsonl --now 1585872000 {TRUST} -- a.zip b.zip");
    let given = run(&world, &given).ok().json();
    assert_eq!(exposures["windows"], given["windows"]);
    assert_ne!(exposures["windows"], json!([]));
    let told = run(&world, "explain --json --store gaen.db --now 1585872000").ok().json();
    let file = &told["keys"][0]["file"];
    assert_eq!((&file["name"], &file["export_sha256"]), (&Value::Null, &none["files"][0]["export_sha256"]));

    let page = run(&world, "report --full --store gaen.db --now 1585872000 -o report.html").ok().stdout;
    assert!(page.contains("4 keys in 2 files; 2 keys matched"), "{page}");
    let page = fs::read_to_string(world.folder.join("report.html")).unwrap();
    assert!(page.contains(none["files"][0]["export_sha256"].as_str().unwrap()));
}

#[test]
fn new_sightings_are_looked_for_in_files_that_were_searched() {
    let world = World::new("store_new_sightings");
    let lines = world.heard_jsonl();
    let (first, second) = lines.split_at(lines.match_indices('\n').nth(2).unwrap().0 + 1);
    world.write("1.jsonl", first.as_bytes());
    run(&world, "store import gaen.db 1.jsonl").ok();
    assert_eq!(match_stored(&world, "a.zip")["matches"].as_array().unwrap().len(), 2);

    let import = ["store", "import", "gaen.db", "-"];
    assert!(gaen_with_input(&world.folder, &import, second).ok().stdout.contains("4 sightings; gaen.db has 7"));
    let look = run(&world, "store look gaen.db --json").ok().json();
    assert_eq!(look["files"][0]["is_up_to_date"], false);
    assert_eq!(match_stored(&world, "a.zip"), match_heard(&world, "a.zip"));

    // Of another year: the keys of the file need not be looked at for them.
    let year =
        second.replace("\"time\":1585", "\"time\":1685").replace("\"previous_scan\":1585", "\"previous_scan\":1685");
    gaen_with_input(&world.folder, &import, &year).ok();
    assert_eq!(statuses(&match_stored(&world, "a.zip")), [status("a.zip", "known")]);
}

#[test]
fn a_rejected_file_leaves_no_trace() {
    let world = world("store_rejected");
    world.write("page.zip", b"<html>not found</html>");
    let line = format!("match --json --store gaen.db {TRUST} page.zip a.zip missing.zip");
    let document = run(&world, &line).failed(1, &["2 of 3 files rejected"]).json();
    let expected = [("page.zip", "rejected"), ("a.zip", "verified"), ("missing.zip", "rejected")];
    assert_eq!(statuses(&document), expected.map(|(path, why)| status(path, why)));
    assert!(document["matches"].as_array().unwrap().iter().all(|found| found["file"] == 1));
    assert_eq!(statuses(&match_stored(&world, "")), [(Value::Null, json!("known"))]);

    // Whoever is not trusted is not believed, whoever was trusted before.
    let line = "match --json --store gaen.db --trust 441-v1=441.pem a.zip";
    let document = run(&world, line).failed(1, &["1 of 1 file rejected"]).json();
    assert_eq!(document["files"][0]["status"], "rejected");
}

#[test]
fn the_profile_is_that_of_the_store() {
    let world = World::new("store_profile");
    let near = world.heard_jsonl().replace("\"rssi\":-", "\"rssi\":19,\"was\":-");
    world.write("heard.jsonl", near.as_bytes());
    run(&world, "store import gaen.db heard.jsonl --profile apple").ok();
    assert_eq!(match_stored(&world, "a.zip")["dropped"], json!({ "zero_attenuation": 4 }));
    assert_eq!(match_stored(&world, "a.zip --profile=apple-v1")["matches"], json!([]));
    let exposures = run(&world, "exposures --json --store gaen.db --now 1585872000").ok().json();
    assert_eq!(exposures["profile"], "apple_v1");
    for line in [
        "match --store gaen.db --profile google",
        "explain --store gaen.db --now 1585872000 --profile google",
        "store import gaen.db heard.jsonl --profile google",
    ] {
        run(&world, line).failed(2, &["the store is of profile AppleV1, not of Google"]);
    }
    assert_eq!(run(&world, "store look --json gaen.db").ok().json()["counts"]["sightings"], 7);
}

#[test]
fn what_cannot_go_together_is_wrong_usage() {
    let world = world("store_usage");
    for line in [
        "match --store gaen.db --sightings heard.jsonl --trust 440-v1=440.pem -- a.zip",
        "match --trust 440-v1=440.pem a.zip",
        "match --store gaen.db --no-verify a.zip",
        "match --store gaen.db a.zip",
        "match --store gaen.db --fast",
        "match --store gaen.db --threads 2",
        "match --store gaen.db --tier safe",
        "match --now 1585872000 --sightings heard.jsonl --trust 440-v1=440.pem -- a.zip",
        "exposures --store gaen.db",
        "exposures --store gaen.db --now 1585872000 --no-verify a.zip",
        "explain --store gaen.db --now 1585872000 a.zip",
        "compare --store gaen.db --now 1585872000 --other-profile apple-v1",
        "report --store gaen.db --sightings heard.jsonl --now 1585872000 --trust 440-v1=440.pem -o r.html -- a.zip",
        "store",
        "store look",
        "store import gaen.db",
        "store import gaen.db heard.jsonl --microg exposure.db",
        "store import gaen.db --ramble ramble.sqlite --microg exposure.db",
        "store export gaen.db keys",
        "store export gaen.db sightings --force",
        "store purge gaen.db",
        "store backup gaen.db -o gaen.age",
        "store backup gaen.db -o gaen.age --recipient age1 --passphrase-file heard.jsonl",
        "store backup gaen.db -o gaen.age --recipient age1",
        "store backup gaen.db -o gaen.age --passphrase-file missing.txt",
        "store backup gaen.db -o gaen.age --passphrase secret",
        "store restore gaen.db gaen.age",
        "store restore gaen.db gaen.age --identity heard.jsonl",
    ] {
        let run = run(&world, line).failed(2, &[]);
        assert_eq!((run.stdout.as_str(), run.stderr.is_empty()), ("", false), "{line}");
    }
    let untouched = run(&world, "match --json --store gaen.db").failed(1, &["no export file was searched"]).json();
    assert_eq!(untouched["files"], json!([]));
}

#[test]
fn a_store_that_is_missing_is_made_only_to_be_filled() {
    let world = World::new("store_missing");
    for line in [
        "match --store gaen.db",
        "exposures --store gaen.db --now 1585872000 --trust 440-v1=440.pem a.zip",
        "explain --store gaen.db --now 1585872000",
        "store look gaen.db",
        "store export gaen.db sightings",
        "store purge gaen.db --now 1585872000",
        "store check gaen.db",
        "store backup gaen.db -o gaen.age --passphrase-file 440.pem",
    ] {
        run(&world, line).failed(1, &["there is no store at gaen.db"]);
        assert!(!world.folder.join("gaen.db").exists(), "{line}");
    }
    world.write("bad.jsonl", b"{}");
    run(&world, "store import gaen.db bad.jsonl").failed(1, &["bad.jsonl, line 1: no rpi"]);
    assert!(!world.folder.join("gaen.db").exists());

    let filled = run(&world, &format!("match --json --store gaen.db {TRUST} --now=1585872000 a.zip"));
    let filled = filled.failed(1, &["could not be judged: there are no sightings"]).json();
    assert_eq!((statuses(&filled), &filled["verdict"]), (vec![status("a.zip", "verified")], &json!("not_judged")));
    let look = run(&world, "store look gaen.db --json").ok().json();
    assert_eq!((&look["counts"]["sightings"], &look["files"][0]["first_offered"]), (&json!(0), &json!(1_585_872_000)));
}

#[test]
fn other_files_and_damaged_ones_are_refused() {
    let world = world("store_damaged");
    let heard = world.heard_jsonl();
    for line in ["match --store heard.jsonl", "store import heard.jsonl a.jsonl", "store check heard.jsonl"] {
        world.write("a.jsonl", heard.as_bytes());
        run(&world, line).failed(1, &["not a store: "]);
        assert_eq!(fs::read_to_string(world.folder.join("heard.jsonl")).unwrap(), heard);
    }

    match_stored(&world, "a.zip");
    let sound = run(&world, "store check gaen.db").ok().stdout;
    assert_eq!(sound, "sound  gaen.db\n");
    assert_eq!(run(&world, "store check gaen.db --json").ok().json(), json!({ "problems": [] }));
    let good = fs::read(world.folder.join("gaen.db")).unwrap();
    // All pages but the first, which says what the file is.
    let bad: Vec<_> = good.iter().enumerate().map(|(at, byte)| if at < 4096 { *byte } else { !byte }).collect();
    world.write("gaen.db", &bad);
    for line in ["match --store gaen.db", "exposures --store gaen.db --now 1585872000", "store look gaen.db"] {
        let run = run(&world, line).failed(1, &["error: the store is damaged: "]);
        assert_eq!(run.stdout, "", "{line}");
    }
    let check = run(&world, "store check gaen.db --json");
    assert_eq!(check.code, Some(1), "{}{}", check.stdout, check.stderr);
}

#[test]
fn what_was_stored_comes_out_as_it_went_in() {
    let world = World::new("store_round_trip");
    let odd = r#"{"rpi":"00112233445566778899aabbccddeeff","aem":"000000","rssi":-127,"time":1546300800,"previous_scan":null}"#;
    let none = odd.replace("000000", "").replace("-127", "20");
    world.write("heard.jsonl", format!("{}{odd}\n{none}\n", world.heard_jsonl()).as_bytes());
    run(&world, "store import gaen.db heard.jsonl").ok();

    let lines = run(&world, "store export gaen.db sightings").ok().stdout;
    let parse = |text: &str| text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>();
    assert_eq!(parse(&lines), parse(&fs::read_to_string(world.folder.join("heard.jsonl")).unwrap()));
    run(&world, "store export gaen.db sightings --format csv -o heard.csv").ok();
    run(&world, "store import other.db heard.csv").ok();
    assert_eq!(run(&world, "store export other.db sightings").ok().stdout, lines);
    assert_eq!(run(&world, "store export other.db matches").ok().stdout, "");
    let header =
        "file,tek,rolling_start_interval_number,rolling_period,interval,sighting,time,rssi,tx_power,attenuation";
    let csv = run(&world, "store export other.db matches --format csv").ok().stdout;
    assert_eq!(csv, format!("{header}\n"), "a header, also above nothing");
    let csv = run(&world, "store export other.db sightings --format csv").ok().stdout;
    let objects = parse(&lines);
    let names: Vec<_> = objects[0].as_object().unwrap().keys().map(String::as_str).collect();
    let header_of_sightings: BTreeSet<_> = csv.lines().next().unwrap().split(',').collect();
    assert_eq!(header_of_sightings, names.into_iter().collect());

    let stored = match_stored(&world, "a.zip");
    let matches = run(&world, "store export gaen.db matches").ok().stdout;
    let rows: Vec<Value> = parse(&matches)
        .into_iter()
        .map(|mut row| {
            row["file"] = json!(0);
            row
        })
        .collect();
    assert_eq!(Value::from(rows), stored["matches"]);
    let csv = run(&world, "store export gaen.db matches --format csv").ok().stdout;
    assert_eq!((csv.lines().next(), csv.lines().count()), (Some(header), 5));

    run(&world, "store export gaen.db matches -o heard.csv").failed(1, &["heard.csv is there already"]);
    let wrote = run(&world, "store export gaen.db matches -o heard.csv --force").ok().stdout;
    assert_eq!(wrote, "wrote heard.csv  4 matches\n");
    assert_eq!(fs::read_to_string(world.folder.join("heard.csv")).unwrap(), matches);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        for name in ["heard.csv", "gaen.db"] {
            let mode = fs::metadata(world.folder.join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name} is its owner's alone");
        }
    }
}

#[test]
fn a_purge_says_what_went_and_does_not_trust_a_clock_that_jumps() {
    let world = world("store_purge");
    match_stored(&world, "--now=1585872000 a.zip");
    let later = 1_585_785_600 + 40 * 86_400;
    run(&world, &format!("store purge gaen.db --now {later}")).failed(1, &["nothing was erased", "--clock-is-right"]);
    // 14 days after key 1 was heard in its fourth interval, and before all else but that was.
    let now = 1_585_785_600 + 4 * 600 + 10 + 14 * 86_400;
    let purged = run(&world, &format!("store purge gaen.db --json --now {now}")).ok().json();
    let expected = json!({
        "sightings": 3, "hits": 1, "matched_keys": 0, "revised_keys": 0, "files": 0, "unfinished_searches": 0,
        "own_keys": 0, "sightings_from_the_future": 0, "is_overwritten": true,
    });
    assert_eq!(purged, expected);
    assert_eq!(match_stored(&world, "")["matches"].as_array().unwrap().len(), 3);

    let text = run(&world, &format!("store purge gaen.db --clock-is-right --now {later}")).ok().stdout;
    for line in ["           4  sightings\n", "           2  published keys", "           1  files of the ledger"] {
        assert!(text.contains(line), "{line:?} is not in:\n{text}");
    }
    let emptied = run(&world, "match --json --store gaen.db").failed(1, &["no export file was searched"]).json();
    assert_eq!([&emptied["files"], &emptied["matches"]], [&json!([]), &json!([])]);

    run(&world, "store import gaen.db heard.jsonl").ok();
    let text = run(&world, "store purge gaen.db --clock-is-right --now 1585785600").ok().stdout;
    assert!(text.ends_with("Kept\n           7  sightings of a later time than --now\n"), "{text}");
}

#[test]
fn a_look_changes_nothing_and_tells_all() {
    let world = world("store_look");
    let sha256 = match_stored(&world, "--now=1585872000 a.zip")["files"][0]["export_sha256"].clone();
    let document = run(&world, "store look gaen.db --json").ok().json();
    let expected = json!({
        "profile": "google",
        "counts": {
            "sightings": 7, "files": 1, "matched_keys": 2, "hits": 4, "revised_keys": 0, "own_keys": 0,
            "unfinished_searches": 0, "awaited_files": 0,
        },
        "awaited_files": [],
        "first_sighting": 1_585_785_700, "last_sighting": 1_585_871_400,
        "days": [{ "date": "2020-04-02", "sightings": 7 }],
        "files": [{
            "id": 1, "export_sha256": sha256, "start_timestamp": 1_585_785_600, "end_timestamp": 1_585_872_000,
            "region": "440", "keys": 3, "revised_keys": 0, "skipped_keys": 0, "verified_by": "440-v1",
            "first_offered": 1_585_872_000, "last_offered": 1_585_872_000, "is_up_to_date": true,
        }],
        "matched": { "keys": 2, "sightings": 4 },
        "dropped": {},
        "basis": {
            "files": { "used": 1, "rejected": 0, "outdated": 0, "awaited": 0 },
            "sightings": 7, "first_sighting": 1_585_785_700, "last_sighting": 1_585_871_400,
        },
    });
    assert_eq!(document, expected);

    let text = run(&world, "store look gaen.db").ok().stdout;
    for line in [
        "7 sightings\n  2020-04-02 00:01 to 2020-04-02 23:50 (UTC)\n",
        "1 file searched, by the profile google\n",
        "     1        3 keys  440     2020-04-02 00:00 to 2020-04-03 00:00  searched for all sightings\n",
        "\n2 keys matched 4 sightings\n",
    ] {
        assert!(text.contains(line), "{line:?} is not in:\n{text}");
    }
    assert_eq!(run(&world, "store look gaen.db --json").ok().json(), expected);

    // One more was heard, for which no file has been searched yet.
    let late = world.heard()[4].to_string();
    gaen_with_input(&world.folder, &["store", "import", "gaen.db", "-"], late).ok();
    let text = run(&world, "store look gaen.db").ok().stdout;
    assert!(text.contains("  new sightings to search for\n"), "{text}");
    assert!(text.contains("  of 1 file 1 not searched for the newest sightings\n"), "{text}");
}

/// A store answers from what was searched before. Where that was nothing, it says so.
#[test]
fn a_store_knows_whether_it_was_searched() {
    let world = World::new("store_judged");
    let judge = |more: &str| run(&world, &format!("exposures --json --store gaen.db --now 1585872000 {more}"));
    let verdict = |run: Run| {
        let document = run.json();
        let of = |field: &str| document["decision"][field].as_str().map(str::to_owned);
        (of("verdict").unwrap(), of("code"), document["basis"]["files"].clone())
    };
    let files = |used: u64, rejected: u64, outdated: u64| json!({ "used": used, "rejected": rejected, "outdated": outdated, "awaited": 0 });
    let not_judged = |code: &str, files| ("not_judged".to_owned(), Some(code.to_owned()), files);
    let stranger = |time: u64| {
        let line = format!(r#"{{"rpi":"{time:032x}","aem":"00000000","rssi":-60,"time":{time}}}"#);
        gaen_with_input(&world.folder, &["store", "import", "gaen.db", "-"], line).ok();
    };

    // A file came before anything was heard: it was not searched for what came then.
    run(&world, &format!("match --store gaen.db {TRUST} --now 1585872000 a.zip")).failed(1, &[]);
    assert_eq!(verdict(judge("").failed(1, &[])), not_judged("no_sightings", files(1, 0, 0)));
    stranger(1_585_790_000);
    assert_eq!(verdict(judge("").failed(1, &[])), not_judged("files_not_searched", files(0, 0, 1)));
    let look = run(&world, "store look gaen.db").ok().stdout;
    assert!(
        look.contains("\nCould not be judged: no file was searched for the sightings that are stored now\n"),
        "{look}"
    );
    // Now it is, and without files it still was.
    let calm = |files| ("do_not_notify".to_owned(), None, files);
    assert_eq!(verdict(judge(&format!("{TRUST} a.zip")).ok()), calm(files(1, 0, 0)));
    assert_eq!(verdict(judge("").ok()), calm(files(1, 0, 0)));
    // What came since is not in the verdict, and that is said.
    stranger(1_585_791_000);
    assert_eq!(verdict(judge("").ok()), calm(files(1, 0, 1)));
    let text = run(&world, "exposures --store gaen.db --now 1585872000").ok().stdout;
    assert!(text.contains("\nDo not notify\n  of 1 file 1 not searched for the newest sightings\n"), "{text}");
    world.write("page.zip", b"<html>");
    assert_eq!(verdict(judge(&format!("{TRUST} page.zip")).failed(1, &["1 of 1 file rejected"])), calm(files(1, 1, 1)));
}

#[test]
fn what_is_damaged_is_told() {
    let world = world("store_check");
    match_stored(&world, "a.zip");
    let database = Connection::open(world.folder.join("gaen.db")).unwrap();
    database.execute_batch("PRAGMA foreign_keys = OFF; DELETE FROM matched_keys WHERE id = 1").unwrap();
    drop(database);
    let text = run(&world, "store check gaen.db").failed(1, &["3 problems in gaen.db"]).stdout;
    assert_eq!(text, "damaged dangling reference in hits\n".repeat(3));

    // By this number the file would be passed over, whatever is heard.
    run(&world, "store import new.db heard.jsonl").ok();
    run(&world, &format!("match --store new.db {TRUST} a.zip")).ok();
    let database = Connection::open(world.folder.join("new.db")).unwrap();
    database.execute_batch("UPDATE files SET searched_until = 9999999999").unwrap();
    drop(database);
    let told = "the store is damaged: table files: searched_until is 9999999999; sightings were numbered up to 7";
    for line in ["store check new.db", "store look new.db", "exposures --store new.db --now 1585872000"] {
        run(&world, line).failed(1, &[told]);
    }
}

#[test]
fn a_backup_opens_with_its_key_and_brings_everything_back() {
    let world = world("store_backup");
    let stored = match_stored(&world, "a.zip");
    let keys = age::x25519::Identity::generate();
    let secret =
        format!("# created: 2020-09-26\n# public key: {0}\n{1}\n", keys.to_public(), keys.to_string().expose_secret());
    world.write("key.txt", secret.as_bytes());
    run(&world, &format!("store backup gaen.db --recipient {} -o gaen.age", keys.to_public())).ok();
    run(&world, &format!("store backup gaen.db --recipient {} -o gaen.age", keys.to_public()))
        .failed(1, &["gaen.age is there already"]);

    let restore = "store restore new.db gaen.age --json --identity key.txt";
    let restored = run(&world, restore).ok().json();
    let added = json!({
        "sightings": 7, "files": 0, "matched_keys": 0, "hits": 0, "revised_keys": 0, "own_keys": 0,
        "unfinished_searches": 0, "awaited_files": 1,
    });
    assert_eq!(restored, json!({ "added": added, "sightings_already_there": 0 }));
    are_documented("gaen store restore", &[restored]);
    let look = |store: &str| run(&world, &format!("store look {store} --json")).ok().json();
    are_documented("gaen store look", &[look("gaen.db"), look("new.db")]);
    // What was found in the file counts when it is offered, and not before.
    let early = run(&world, &format!("match --json --store new.db {TRUST}"));
    assert_eq!(early.json()["matches"], json!([]));
    let warning = "warning: 1 file of a restored backup was not given again: what was found in it does not count. \
                   `gaen store look` lists it\n";
    assert!(early.stderr.contains(warning), "{}", early.stderr);
    let look = run(&world, "store look new.db --json").ok().json();
    assert_eq!(look["awaited_files"][0]["matched_keys"], 2);
    let text = run(&world, "store look new.db").ok().stdout;
    assert!(text.contains("1 file of a restored backup is awaited"), "{text}");
    let line = format!("match --json --store new.db {TRUST} a.zip");
    let again = run(&world, &line).ok().json();
    assert_eq!(statuses(&again), [status("a.zip", "verified")]);
    assert_eq!(again["matches"], stored["matches"]);
    let twice = run(&world, "store restore new.db gaen.age --identity key.txt").ok().stdout;
    for line in ["         0  sightings\n", "         7  sightings that the store had\n"] {
        assert!(twice.contains(line), "{line:?} is not in:\n{twice}");
    }

    let other = age::x25519::Identity::generate().to_string();
    world.write("other.txt", other.expose_secret().as_bytes());
    run(&world, "store restore new.db gaen.age --identity other.txt").failed(1, &["not for this key or passphrase"]);
    run(&world, "store restore new.db heard.jsonl --identity key.txt").failed(1, &["not a backup: "]);
    run(&world, "store restore new.db missing.age --identity key.txt").failed(1, &["missing.age: "]);
    world.write("two.txt", secret.repeat(2).as_bytes());
    run(&world, "store restore new.db gaen.age --identity two.txt").failed(2, &["--identity two.txt: more than one"]);
    run(&world, "store import apple.db heard.jsonl --profile apple-v1").ok();
    run(&world, "store restore apple.db gaen.age --identity key.txt").failed(2, &["of profile Google, not of AppleV1"]);
}

/// The one file in which something was found does not come back: that is no "no".
#[test]
fn a_restored_store_is_not_calm_while_files_are_awaited() {
    let world = world("store_awaited");
    world.write("passphrase.txt", b"a long one");
    match_stored(&world, "--now 1585872000 a.zip");
    run(&world, "store backup gaen.db --passphrase-file passphrase.txt -o gaen.age").ok();
    run(&world, "store restore new.db gaen.age --passphrase-file passphrase.txt").ok();
    // Of the keys of this file none counts.
    let line = format!("match --json --store new.db {TRUST} --now 1585872000 b.zip");
    let matched =
        run(&world, &line).failed(1, &["could not be judged: files of a restored backup were not given again"]);
    assert_eq!((&matched.json()["verdict"], &matched.json()["code"]), (&json!("not_judged"), &json!("files_awaited")));

    let reason = "files of a restored backup were not given again";
    let line = "exposures --store new.db --preset cocoa-v2 --now 1585872000";
    let text = run(&world, line).failed(1, &[reason]).stdout;
    let verdict = format!("Could not be judged: {reason}\n  1 file of a restored backup not given again\n");
    assert!(text.contains(&verdict) && !text.contains("o not notify") && !text.contains("0 keys matched"), "{text}");
    let judged = run(&world, &format!("{line} --json")).failed(1, &[reason]).json();
    assert_eq!(judged["basis"]["files"], json!({ "used": 1, "rejected": 0, "outdated": 0, "awaited": 1 }));
    let decision = &judged["decision"];
    assert_eq!((&decision["verdict"], &decision["code"]), (&json!("not_judged"), &json!("files_awaited")));
    for (language, told) in [
        ("en", ["does not count yet.", "1 file of a restored backup was not given again"]),
        ("ja", ["まだ渡されていないため", "ファイル1件がまだ渡されていません"]),
    ] {
        let page = format!("report.{language}.html");
        let report = "report --full --store new.db --preset cocoa-v2 --now 1585872000";
        run(&world, &format!("{report} --language {language} -o {page}")).failed(1, &[reason]);
        let page = fs::read_to_string(world.folder.join(page)).unwrap();
        assert_eq!(told.map(|told| page.contains(told)), [true; 2], "{page}");
    }

    // It is given again, and there is an answer.
    run(&world, &format!("match --store new.db {TRUST} --now 1585872000 a.zip")).ok();
    let judged = run(&world, &format!("{line} --json")).ok().json();
    assert_eq!(judged["basis"]["files"], json!({ "used": 2, "rejected": 0, "outdated": 0, "awaited": 0 }));
}

#[test]
fn a_passphrase_comes_from_a_file_or_a_pipe() {
    let world = world("store_passphrase");
    world.write("empty.txt", b"\nsecond line\n");
    let empty = run(&world, "store backup gaen.db --passphrase-file empty.txt -o gaen.age");
    empty.failed(2, &["--passphrase-file empty.txt: its first line is empty"]);

    let backup = ["store", "backup", "gaen.db", "--passphrase-file", "-", "-o", "gaen.age"];
    gaen_with_input(&world.folder, &backup, "correct horse battery staple\r\n").ok();
    world.write("passphrase.txt", b"correct horse battery staple\nsecond line");
    let restored = run(&world, "store restore new.db gaen.age --json --passphrase-file passphrase.txt").ok().json();
    assert_eq!(restored["added"]["sightings"], 7);
}

#[test]
fn databases_of_other_programs_are_imported_once() {
    let world = World::new("store_other_programs");
    let heard = |number: usize| world.heard()[number].clone();
    let bytes = |text: &Value| base16ct::lower::decode_vec(text.as_str().unwrap()).unwrap();
    let milliseconds = |sighting: &Value| sighting["time"].as_i64().unwrap() * 1000;
    let microg = Connection::open(world.folder.join("exposure.db")).unwrap();
    microg
        .execute_batch(
            "CREATE TABLE advertisements(rpi BLOB, aem BLOB, timestamp INTEGER, rssi INTEGER, duration INTEGER)",
        )
        .unwrap();
    let mut insert = microg.prepare("INSERT INTO advertisements VALUES (?, ?, ?, ?, ?)").unwrap();
    let first = heard(1);
    let row = (bytes(&first["rpi"]), bytes(&first["aem"]), milliseconds(&first), -60, 70_000);
    insert.execute(row).unwrap();
    insert.execute((b"short".as_slice(), b"", 1, 1, 1)).unwrap();

    let line = "store import gaen.db --json --microg exposure.db";
    let imported = |stored: u64, already_there: u64, skipped: u64| {
        let skipped = json!({ "identifier": skipped });
        json!({ "stored": stored, "already_there": already_there, "repaired": 0, "skipped": skipped, "sightings": 2 })
    };
    assert_eq!(run(&world, line).ok().json(), imported(2, 0, 1));
    assert_eq!(run(&world, line).ok().json(), imported(0, 2, 1));
    let matches = match_stored(&world, "a.zip")["matches"].clone();
    assert_eq!(matches.as_array().unwrap().len(), 2);
    let text = run(&world, "store import gaen.db --microg exposure.db").ok().stdout;
    for line in
        ["imported 0 sightings; gaen.db has 2 sightings\n", "2 sightings that it had\n", "1 row skipped: no identifier"]
    {
        assert!(text.contains(line), "{line:?} is not in:\n{text}");
    }

    let ramble = Connection::open(world.folder.join("ramble.sqlite")).unwrap();
    ramble
        .execute_batch(
            "CREATE TABLE devices(id INTEGER PRIMARY KEY, service_uuids TEXT, service_data TEXT, last_seen INTEGER);
             CREATE TABLE locations(device_id INTEGER, timestamp INTEGER, rssi INTEGER);",
        )
        .unwrap();
    run(&world, "store import gaen.db --ramble ramble.sqlite").ok();
    let second = heard(2);
    let [time, rpi, aem] = [&second["time"], &second["rpi"], &second["aem"]];
    ramble
        .execute_batch(&format!(
            "INSERT INTO devices VALUES (1, '[\"fd6f\"]', 'fd6f:{}{}', {time}), (2, '[\"fd6f\"]', 'fd6f:00', {time});
             INSERT INTO locations VALUES (1, {time}, -70), (1, {time} - 7200, -70), (1, {time}, 200), (1, 'noon', -70),
                 (2, {time}, -70);",
            rpi.as_str().unwrap(),
            aem.as_str().unwrap(),
        ))
        .unwrap();
    let text = run(&world, "store import gaen.db --ramble ramble.sqlite").ok().stdout;
    for line in [
        "imported 1 sighting; gaen.db has 3 sightings\n",
        "1 row skipped: no identifier of 16 bytes\n",
        "1 row skipped: no signal strength (one is from -127 to 20 dBm, and not 0)\n",
        "1 row skipped: no time from 2019 to 2099\n",
        "1 row skipped: heard before the identifier that was kept, so another one\n",
    ] {
        assert!(text.contains(line), "{line:?} is not in:\n{text}");
    }
    let document = run(&world, "store import gaen.db --json --ramble ramble.sqlite").ok().json();
    assert_eq!(document["skipped"], json!({ "identifier": 1, "rssi": 1, "time": 1, "other_identifier": 1 }));
    run(&world, "store import gaen.db --ramble exposure.db").failed(1, &["nothing was imported: "]);
    run(&world, "store import gaen.db --microg heard.jsonl").failed(1, &["nothing was imported: "]);
}

/// A log of LevelDB with one record: of identifier abab..., on day 18531, two advertisements in one scan. Written by
/// the documents of the format.
const LOG: &str = concat!(
    "b80e655b39000101000000000000000100000001124863abababababababababababababababab180a1008a4dbbcfb05",
    "1202c4c028f8d8bcfb05120401020304",
);

#[test]
fn the_folder_of_googles_framework_is_imported() {
    let world = World::new("store_google");
    fs::create_dir(world.folder.join("heard")).unwrap();
    world.write("heard/CURRENT", b"MANIFEST-000002\n");
    for line in
        ["store import gaen.db --microg heard", "store import gaen.db --ramble heard", "store import gaen.db heard"]
    {
        let why = "heard is a folder: what Google's framework has heard is imported by --google heard";
        run(&world, line).failed(1, &[why]);
    }
    assert!(!world.folder.join("gaen.db").exists());
    run(&world, "store import gaen.db --google heard").failed(1, &["the folder has no file of LevelDB"]);
    world.write("heard/000003.log", b"");
    run(&world, "store import gaen.db --google heard").failed(1, &["the LevelDB files of the folder have no record"]);

    let mut log = base16ct::lower::decode_vec(LOG).unwrap();
    world.write("heard/000003.log", &log);
    let imported = run(&world, "store import gaen.db --json --google heard").ok().json();
    let expected = json!({ "stored": 2, "already_there": 0, "repaired": 0, "skipped": {}, "sightings": 2 });
    assert_eq!(imported, expected);
    let sightings = run(&world, "store export gaen.db sightings").ok().stdout;
    let sightings: Vec<Value> = sightings.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let heard = |rssi: i8| {
        let rpi = "ab".repeat(16);
        json!({ "rpi": rpi, "aem": "01020304", "rssi": rssi, "time": 1_601_121_700, "previous_scan": 1_601_121_400 })
    };
    assert_eq!(sightings, [heard(-60), heard(-64)]);

    // Behind it is one that was changed after it was written.
    let mut changed = log.clone();
    *changed.last_mut().unwrap() ^= 1;
    log.extend_from_slice(&changed);
    world.write("heard/000003.log", &log);
    let text = run(&world, "store import gaen.db --google heard").ok().stdout;
    for line in ["2 sightings that it had\n", "1 row skipped: its place in the file is damaged\n"] {
        assert!(text.contains(line), "{line:?} is not in:\n{text}");
    }
}

/// SQLite by itself takes some names for something else than files.
#[test]
fn a_store_is_a_file_whatever_its_name() {
    let world = World::new("store_names");
    for name in [":memory:", "file:gaen.db?mode=memory", "file::memory:", "gaen.db?mode=ro", "a b%20c#d.db"] {
        fs::rename(world.folder.join("heard.jsonl"), world.folder.join("h")).unwrap();
        gaen(&world.folder, &["store", "import", name, "h"]).ok();
        let look = gaen(&world.folder, &["store", "look", "--json", name]).ok().json();
        assert_eq!(look["counts"]["sightings"], 7, "{name}");
        let size = fs::metadata(world.folder.join(name)).unwrap().len();
        assert!(size > 4096, "{name} has {size} bytes");
        fs::rename(world.folder.join("h"), world.folder.join("heard.jsonl")).unwrap();
    }
    assert!(!world.folder.join("gaen.db").exists());
}

#[cfg(unix)]
#[test]
fn a_store_that_others_may_write_to_is_warned_of() {
    use std::os::unix::fs::PermissionsExt;

    let world = world("store_others");
    let warning = "warning: other users may write to gaen.db and decide what it says\n";
    for (mode, expected) in [(0o600, ""), (0o644, ""), (0o620, warning), (0o602, warning)] {
        fs::set_permissions(world.folder.join("gaen.db"), fs::Permissions::from_mode(mode)).unwrap();
        for line in ["store look gaen.db", "store check gaen.db", "match --store gaen.db --trust 440-v1=440.pem a.zip"]
        {
            let run = run(&world, line);
            assert_eq!((run.code, run.stderr.as_str()), (Some(0), expected), "{mode:o}: {line}");
        }
    }
}

#[test]
fn what_is_no_part_of_a_store_is_refused_by_name() {
    let world = world("store_foreign");
    let trigger = "CREATE TRIGGER t AFTER INSERT ON hits BEGIN DELETE FROM hits; END";
    Connection::open(world.folder.join("gaen.db")).unwrap().execute_batch(trigger).unwrap();
    for line in ["store check gaen.db", "store look gaen.db", "match --store gaen.db --trust 440-v1=440.pem a.zip"] {
        run(&world, line).failed(1, &["not a store: it has another trigger \"t\""]);
    }
}

#[test]
fn a_purge_that_could_not_overwrite_says_so() {
    let world = world("store_purge_blocked");
    let reader = Connection::open(world.folder.join("gaen.db")).unwrap();
    reader.execute_batch("BEGIN; SELECT * FROM sightings").unwrap();
    let later = 1_585_785_600 + 15 * 86_400;
    let text = run(&world, &format!("store purge gaen.db --now {later}")).ok().stdout;
    assert!(text.contains("Not overwritten yet: another process is reading the store"), "{text}");
    reader.execute_batch("ROLLBACK").unwrap();
    run(&world, "store look gaen.db").ok();
    assert_eq!(fs::metadata(world.folder.join("gaen.db-wal")).map_or(0, |log| log.len()), 0);
}

/// Of a run that was killed a temporary file stays; of one that is still at it, it is not to be taken away.
#[test]
fn temporary_files_that_were_left_are_removed() {
    let world = world("store_temporary");
    let names = [".gaen-a1B2c3", ".gaen-00zzZZ", ".gaen-short", ".gaen-longer7", ".gaen-no:let", "gaen-a1B2c3"];
    names.iter().for_each(|name| world.write(name, b"left"));
    fs::create_dir(world.folder.join(".gaen-folder")).unwrap();
    let at_work = fs::File::open(world.folder.join(".gaen-00zzZZ")).unwrap();
    at_work.lock().unwrap();
    run(&world, "store export gaen.db sightings -o out.jsonl").ok();
    let there: Vec<_> = names.iter().filter(|name| world.folder.join(name).exists()).collect();
    assert_eq!(there, [&names[1], &names[2], &names[3], &names[4], &names[5]]);
    assert!(world.folder.join(".gaen-folder").is_dir());
    at_work.unlock().unwrap();
    run(&world, "store export gaen.db sightings -o out.jsonl --force").ok();
    assert!(!world.folder.join(names[1]).exists());
}

#[test]
fn every_subcommand_has_help_with_examples() {
    let world = World::new("store_help");
    for name in ["look", "import", "export", "purge", "check", "backup", "restore"] {
        let help = run(&world, &format!("store {name} --help")).ok().stdout;
        assert!(help.contains(&format!("Examples:\n  gaen store {name} gaen.db")), "{help}");
    }
}
