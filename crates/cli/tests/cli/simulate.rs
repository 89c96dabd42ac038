//! `gaen simulate`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::{Run, folder, gaen};

const FEW: &[&str] = &["simulate", "--seed", "7", "--people", "12", "--days", "3", "--diagnosed", "3"];

fn simulate(folder: &Path, args: &[&str]) -> Run {
    gaen(folder, &[FEW, args].concat())
}

fn read(path: impl AsRef<Path>) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap()
}

/// What `gaen match` has to print of one person, from what `gaen simulate` wrote down.
fn expected(world: &Path, person: usize) -> (Vec<Value>, Value) {
    let keys = read(world.join("truth.json"))["keys"].take();
    let truth = read(world.join(format!("people/{person:03}/truth.json")));
    assert_eq!(truth["person"], person);
    let (mut accepted, mut dropped) = (Vec::new(), BTreeMap::<_, u64>::new());
    for heard in list(&truth["matches"]) {
        let key = &keys[usize::try_from(heard["key"].as_u64().unwrap()).unwrap()];
        let row = |sent: &Value| json!([key["key_data"], sent["interval"], sent["sighting"]]);
        accepted.extend(list(&heard["accepted"]).iter().map(row));
        for one in list(&heard["dropped"]) {
            *dropped.entry(one["reason"].as_str().unwrap().to_owned()).or_default() += 1;
        }
    }
    (sorted(accepted), json!(dropped))
}

fn sorted(mut rows: Vec<Value>) -> Vec<Value> {
    rows.sort_by_key(Value::to_string);
    rows
}

#[test]
fn every_person_matches_as_the_truth_says() {
    let folder = folder("simulate");
    let summary = simulate(&folder, &["--json", "-o", "world"]).ok().json();
    let exports: Vec<_> = list(&summary["exports"]).iter().map(|export| export["path"].as_str().unwrap()).collect();
    assert!(!exports.is_empty());
    let (mut matches, mut drops) = (0, 0);
    for person in 0..12 {
        let sightings = format!("world/people/{person:03}/sightings.jsonl");
        let trust = summary["trust"].as_str().unwrap();
        let args = [&["match", "--json", "--sightings", &sightings, "--trust", trust, "--"], &exports[..]].concat();
        let run = gaen(&folder, &args);
        // Who heard nobody cannot be told that no key matched.
        let is_deaf = fs::read(folder.join(&sightings)).unwrap().is_empty();
        let run = if is_deaf { run.failed(1, &["there are no sightings"]) } else { run.ok() };
        let found = run.json();
        assert!(list(&found["files"]).iter().all(|file| file["status"] == "verified"));
        let row = |found: &Value| json!([found["tek"], found["interval"], found["sighting"]]);
        let rows = sorted(list(&found["matches"]).iter().map(row).collect());
        assert_eq!((rows, found["dropped"].clone()), expected(&folder.join("world"), person), "person {person}");
        matches += list(&found["matches"]).len();
        drops += found["dropped"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum::<u64>();
    }
    assert!(matches > 0);
    assert_eq!((&summary["matches"], &summary["dropped"]), (&json!(matches), &json!(drops)));
}

#[test]
fn the_summary_says_what_to_do_next() {
    let folder = folder("simulate_text");
    let text = simulate(&folder, &["-o", "world"]).ok().stdout;
    assert!(text.starts_with("wrote world\n      12 people for 3 days, "), "{text}");
    let command = text.lines().find_map(|line| line.strip_prefix("match       gaen ")).unwrap();
    let args: Vec<_> = command.split(' ').collect();
    assert_eq!(args.last(), Some(&"world/exports"));
    let matched = gaen(&folder, &args).ok().stdout;
    assert!(matched.contains(" matched "), "{matched}");
    let truth = text.lines().find_map(|line| line.strip_prefix("compare to  ")).unwrap();
    assert!(folder.join(truth).exists());

    let command = text.lines().find_map(|line| line.strip_prefix("report      gaen ")).unwrap();
    let now = &command[command.find("--now ").unwrap()..];
    assert!(now.starts_with("--now 2022-07-07 -o report.html "), "three days after 2022-07-04: {now}");
    let reported = gaen(&folder, &command.split(' ').collect::<Vec<_>>()).ok().stdout;
    assert!(reported.starts_with("wrote report.html"), "{reported}");
}

#[test]
fn equal_seeds_give_equal_files() {
    let folder = folder("simulate_seed");
    let run = |seed, output| {
        let args =
            ["simulate", "--seed", seed, "--people", "4", "--days", "2", "--pad-to", "9", "-o", output, "--json"];
        let mut summary = gaen(&folder, &args).ok().json();
        let exports = summary["exports"].take();
        let hashes: Vec<_> = list(&exports).iter().map(|export| export["export_sha256"].to_string()).collect();
        assert!(
            list(&exports)
                .iter()
                .all(|export| export["keys"].as_u64().unwrap() + export["padding"].as_u64().unwrap() == 9)
        );
        (hashes, fs::read(folder.join(output).join("people/000/sightings.jsonl")).unwrap())
    };
    let first = run("1", "a");
    assert!(!first.0.is_empty() && !first.1.is_empty());
    assert_eq!(run("1", "b"), first);
    let other = run("2", "c");
    assert!(other.0 != first.0 && other.1 != first.1);
}

#[test]
fn a_folder_that_is_in_use_is_left_alone() {
    let folder = folder("simulate_in_use");
    fs::create_dir(folder.join("world")).unwrap();
    fs::write(folder.join("world/precious"), "x").unwrap();
    simulate(&folder, &["-o", "world"]).failed(1, &["world is not empty: give --output a folder of its own"]);
    assert_eq!(fs::read_dir(folder.join("world")).unwrap().count(), 1);
}

#[test]
fn an_impossible_world_is_wrong_usage() {
    let folder = folder("simulate_usage");
    for (args, text) in [
        (&["--people", "1"][..], "people is 1, not from 2 to 2000"),
        (&["--days", "29"], "days is 29, not from 1 to 28"),
        (&["--start", "1656892801"], "no UTC midnight"),
        (&["--people", "5", "--diagnosed", "6"], "diagnosed is 6, not from 0 to 5"),
    ] {
        let run = gaen(&folder, &[&["simulate", "--seed", "1", "-o", "world"], args].concat());
        run.failed(2, &[text]);
        assert!(!folder.join("world").exists());
    }
}

/// `.ci/python` builds the command with Parquet, and holds its tables against the package for Python.
#[cfg(not(feature = "parquet"))]
#[test]
fn a_command_without_parquet_says_which_feature_adds_it() {
    let folder = folder("simulate_parquet");
    simulate(&folder, &["--parquet", "-o", "world"]).failed(2, &["--parquet", "`--features parquet` adds it"]);
    assert!(!folder.join("world").exists());
}
