//! `docs/json.md` lists the fields of each document, and the command prints those and no others.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::{folder, gaen, gaen_with_input};

/// The fields that a section of the page lists, with `true` for those that a document may lack.
type Fields = BTreeMap<String, bool>;

struct Page(BTreeMap<String, String>);

impl Page {
    fn read() -> Self {
        let page = fs::read_to_string(repository().join("docs/json.md")).unwrap();
        let sections = page.split("\n##").skip(1).map(|section| {
            let (heading, text) = section.split_once('\n').unwrap();
            (heading.trim_start_matches('#').trim().to_owned(), text.to_owned())
        });
        Self(sections.collect())
    }

    /// The fields under this heading. A link to a part puts the fields of that part below the field.
    fn fields(&self, heading: &str) -> Fields {
        let section = self.0.get(heading).unwrap_or_else(|| panic!("docs/json.md has no section {heading}"));
        let mut fields = Fields::new();
        for line in section.lines().filter_map(|line| line.strip_prefix("- `")) {
            let (name, text) = line.split_once("`:").unwrap_or_else(|| panic!("no field in {line}"));
            let optional = text.contains("optional");
            if let Some((_, link)) = text.split_once("](#") {
                let anchor = link.split(')').next().unwrap();
                let part = self.0.keys().find(|heading| heading.to_lowercase().replace(' ', "-") == anchor);
                let part = self.fields(part.unwrap_or_else(|| panic!("docs/json.md has no part {anchor}")));
                fields.extend(part.into_iter().map(|(below, lacks)| (format!("{name}.{below}"), lacks || optional)));
            }
            fields.insert(name.to_owned(), optional);
        }
        fields
    }
}

fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Writes down the name of each field of a document, as the page has it where it is listed by a name that varies.
fn names(value: &Value, path: &str, listed: &Fields, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
                let is_listed = |name: String| listed.contains_key(&name) || listed.contains_key(&format!("{name}[]"));
                let varies = !is_listed(below(name)) && is_listed(below("*"));
                let below = below(if varies { "*" } else { name });
                // A field of a document that stands there as it is may be anything.
                if varies && !value.is_number() && !value.is_object() {
                    found.insert(below);
                } else {
                    names(value, &below, listed, found);
                }
            }
        }
        Value::Array(values) => {
            found.insert(format!("{path}[]"));
            values.iter().for_each(|value| names(value, &format!("{path}[]"), listed, found));
            return;
        }
        _ => {}
    }
    if !path.is_empty() {
        found.insert(path.to_owned());
    }
}

/// All fields of these documents are listed under this heading, and all that is listed is in one of them.
#[track_caller]
pub(crate) fn are_documented(heading: &str, documents: &[Value]) {
    let listed = Page::read().fields(heading);
    let mut found = BTreeSet::new();
    documents.iter().for_each(|document| names(document, "", &listed, &mut found));
    let missing: Vec<_> = found.iter().filter(|name| !listed.contains_key(*name)).collect();
    assert!(missing.is_empty(), "{heading} prints what docs/json.md does not list: {missing:#?}");
    let unknown: Vec<_> = listed.iter().filter(|(name, optional)| !**optional && !found.contains(*name)).collect();
    assert!(unknown.is_empty(), "docs/json.md lists what {heading} does not print: {unknown:#?}");
}

/// What these words print about the repository's own files.
fn printed(words: &str) -> Value {
    gaen(repository(), &words.split(' ').collect::<Vec<_>>()).json()
}

const SEARCH: &str = "--json --sightings demo/sightings.jsonl --trust 440-v1=demo/440-v1.pem";
const ASSESS: &str = "--preset cocoa-v2 --now 2020-09-28 demo/day-1.zip demo/day-2.zip";

#[test]
fn what_was_found_in_files() {
    are_documented("gaen match", &[printed(&format!("match {SEARCH} demo/day-1.zip demo/440-v1.pem"))]);
    are_documented("gaen exposures", &[printed(&format!("exposures {SEARCH} --explain {ASSESS}"))]);
    are_documented("gaen explain", &[printed(&format!("explain {SEARCH} {ASSESS}"))]);
    are_documented("gaen compare", &[printed(&format!("compare {SEARCH} --other-profile apple-v1 {ASSESS}"))]);
}

#[test]
fn what_files_are() {
    are_documented(
        "gaen verify",
        &[printed("verify --json --trust 440-v1=demo/440-v1.pem demo/day-1.zip demo/none.zip")],
    );
    let [revised, unknown] =
        ["revised_keys", "unknown_fields"].map(|name| format!("test-vectors/exports/valid_{name}.zip"));
    are_documented("gaen inspect", &[printed(&format!("inspect --json --keys demo/day-1.zip {revised} {unknown}"))]);
    are_documented("gaen lint", &[printed("lint --json --preset cocoa-v1.1.4 demo/day-1.zip demo/day-1.zip")]);
    let record = r#"{"platform":"iOS","exposure_windows":[{"DateMillisSinceEpoch":1626480000000,"ScanInstances":[]}],
        "daily_summaries":[{"DateMillisSinceEpoch":1626480000000,"DaySummary":{"MaximumScore":1,"ScoreSum":1,"WeightedDurationSum":3}}]}"#;
    let record = gaen_with_input(repository(), &["log", "-", "--json"], record).json();
    are_documented("gaen log", &[printed("log demo/log.json --exports demo --json"), record]);
}

#[test]
fn what_is_made_and_kept() {
    let folder = folder("documents");
    let run = |words: &str| gaen(&folder, &words.split(' ').collect::<Vec<_>>());
    let json = |words: &str| run(&format!("{words} --json")).json();
    let world = json("simulate --seed 1 --people 12 --days 3 -o world");
    let by_server = json("simulate --seed 1 --people 12 --days 3 --revised 50 -o by_server");
    are_documented("gaen simulate", &[world, by_server]);
    run("store import gaen.db world/people/000/sightings.jsonl").ok();
    are_documented("gaen store import", &[json("store import gaen.db world/people/001/sightings.jsonl")]);
    are_documented("gaen store purge", &[json("store purge gaen.db --now 2099-01-01 --clock-is-right")]);
    are_documented("gaen store check", &[json("store check gaen.db")]);

    let tek = "75c734c6dd1a782de7a965da5eb93125";
    are_documented("gaen derive", &[json(&format!("derive --tek {tek} --start 2642976"))]);
    run("keygen --id 440 --version v1 -o test").ok();
    fs::write(folder.join("keys.jsonl"), format!("{{\"tek\":\"{tek}\",\"rolling_start_interval_number\":2642976}}"))
        .unwrap();
    let export =
        "export --keys keys.jsonl --region 440 --start 2020-04-02 --end 2020-04-03 --sign 440-v1=test.private.pem";
    are_documented("gaen export", &[json(&format!("{export} -o 1.zip"))]);
    let encoded = json("frame encode --rpi 8be6cd371c5c891604bfbe49df845096 --aem 72033874");
    let decoded = json(&format!("frame decode {}", encoded["frame"].as_str().unwrap()));
    are_documented("gaen frame encode", &[encoded]);
    are_documented("gaen frame decode", &[decoded]);
}

#[test]
fn what_apps_make_of_windows() {
    let folder = folder("documents_windows");
    let scan = |attenuation: u8| {
        format!(
            r#"{{"typical_attenuation":{attenuation},"min_attenuation":{attenuation},"seconds_since_last_scan":900}}"#
        )
    };
    let window = |rest: &str| format!(r#"{{{rest}"infectiousness":"high","mood":1,"scan_instances":[{}]}}"#, scan(50));
    let windows = [
        window(r#""date":"2021-03-01","report_type":1,"calibration_confidence":3,"#),
        window(r#""date":-1312605184,"#).replace("\"date\"", "\"DateMillisSinceEpoch\""),
    ];
    fs::write(folder.join("w.json"), format!("[{}]", windows.join(","))).unwrap();
    let run = |words: &str| gaen(&folder, &words.split(' ').collect::<Vec<_>>()).json();
    let presets = "--preset cwa-android --preset cocoa-v2 --preset swisscovid-android --preset nhs-android";
    are_documented("gaen judge", &[run(&format!("judge w.json {presets} --now 2021-03-02 --json"))]);
    are_documented("gaen sweep", &[run("sweep w.json --preset cocoa-v2 --vary score_sum=1,2 --json")]);
}
