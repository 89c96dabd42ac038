//! `gaen bench`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::documents::are_documented;
use crate::{Run, folder, gaen};

fn bench(name: &str, args: &[&str]) -> Run {
    let few = ["bench", "--quick", "--keys", "1000", "--sightings", "1000"];
    gaen(&folder(name), &[&few[..], args].concat())
}

/// The document of a run. On a busy machine a warning stands beside it.
fn record(name: &str, args: &[&str]) -> Value {
    let run = bench(name, &[&["--json"], args].concat());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    run.json()
}

/// A record without noise of one machine, in a file: so many nanoseconds a key for each row.
fn kept(folder: &Path, name: &str, ns_per_key: f64) -> PathBuf {
    let row = |name: &str, tier: Option<&str>, sightings: u64| {
        json!({
            "name": name, "tier": tier, "sightings": sightings, "keys": 1000, "ns_per_key": ns_per_key,
            "cycles_per_key": 9.0, "ratio_to_crates": 1.5, "ratio_to_naive": 2.0, "matches": 20,
            "ns_per_key_median": ns_per_key, "cycles_per_key_median": 9.0, "samples": 5,
        })
    };
    let cost = json!({ "ns_per_key": 1.0, "cycles_per_key": 2.0 });
    let record = json!({
        "cpu": "a<b", "cpu_flags": ["aes"], "clock_ghz": 3.0, "tier": "aesni", "tiers": ["aesni", "safe"],
        "version": "0.1.0", "stages": [], "two_threads": null,
        "rows": [
            row("naive", None, 1000), row("gaen", Some("aesni"), 1000), row("gaen_safe", Some("safe"), 1000),
            row("naive", None, 100_000), row("gaen", Some("aesni"), 100_000),
        ],
        "file_stages": {
            "keys": 1000, "zip_bytes": 9, "inflate": cost, "hash": cost, "parse": cost, "signature_us": 1.0,
            "scan_peak_bytes": null,
        },
    });
    let path = folder.join(name);
    fs::write(&path, record.to_string()).unwrap();
    path
}

fn change(path: &Path, change: impl FnOnce(&mut Value)) {
    let mut record: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    change(&mut record);
    fs::write(path, record.to_string()).unwrap();
}

#[test]
fn an_earlier_record_is_compared_row_by_row() {
    let folder = folder("bench_compare");
    kept(&folder, "now.json", 100.0);
    let then = kept(&folder, "then.json", 250.0);
    change(&then, |then| {
        then["rows"][1]["ns_per_key_median"] = json!(500.0);
        then["rows"][4]["keys"] = json!(7);
    });
    let table = gaen(&folder, &["bench", "--read", "now.json", "--compare", "then.json"]).ok().stdout;
    assert!(table.contains("\nCompared  with then.json, version 0.1.0\n"), "{table}");
    let lines: Vec<_> = table.split("Compared").nth(1).unwrap().lines().collect();
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" ");
    assert_eq!(words(lines[2]), "naive 1,000 250.0 100.0 2.50 x 1.50 x 1.50 x");
    assert_eq!(words(lines[3]), "gaen, aesni 1,000 250.0 100.0 2.50 x 1.50 x 1.50 x noisy then");
    assert!(lines.last().unwrap().starts_with("1 row not in both"), "{table}");
    assert!(!table.contains("another CPU") && !table.contains("do not keep"), "{table}");

    change(&then, |then| then["cpu"] = json!("other"));
    let table = gaen(&folder, &["bench", "--read", "now.json", "--compare", "then.json"]).ok().stdout;
    assert!(table.contains("It is of another CPU, other: compare the ratios to `crates` alone.\n"), "{table}");
}

#[test]
fn a_noisy_row_is_marked_and_the_record_is_not_to_be_kept() {
    let folder = folder("bench_noisy");
    let path = kept(&folder, "now.json", 100.0);
    for (median, noisy) in [(130.0, false), (131.0, true)] {
        change(&path, |record| record["rows"][0]["ns_per_key_median"] = json!(median));
        let table = gaen(&folder, &["bench", "--read", "now.json"]).ok().stdout;
        let row = table.lines().find(|line| line.starts_with("naive ")).unwrap();
        assert_eq!(row.ends_with("  noisy"), noisy, "{row}");
        let doubt = "do not keep this: 1 row is noisy, with a median over 1.3 times the 10th percentile";
        assert_eq!(table.contains(doubt), noisy, "{table}");
        let run = gaen(&folder, &["bench", "--read", "now.json", "--json"]);
        assert_eq!((run.code, run.stderr.contains(doubt)), (Some(0), noisy), "{}", run.stderr);
        assert_eq!(run.json(), serde_json::from_slice::<Value>(&fs::read(&path).unwrap()).unwrap());
    }
}

#[test]
fn a_record_is_drawn() {
    let folder = folder("bench_svg");
    let path = kept(&folder, "now.json", 100.0);
    change(&path, |record| record["rows"][4]["ns_per_key"] = json!(12_345.0));
    let draw = ["bench", "--read", "now.json", "--svg", "now.svg"];
    gaen(&folder, &draw).ok();
    let svg = fs::read_to_string(folder.join("now.svg")).unwrap();
    for text in [
        "a&lt;b, 3.0 GHz, one thread",
        "naive: 100 ns at 1,000 sightings, 100 ns at 100,000 sightings.",
        "gaen, aesni: 100 ns at 1,000 sightings, 12,300 ns at 100,000 sightings.",
        "gaen, safe: 100 ns at 1,000 sightings.",
        "stroke-dasharray",
    ] {
        assert!(svg.contains(text), "{text:?} is not in: {svg}");
    }
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    gaen(&folder, &draw).failed(1, &["now.svg"]);
    gaen(&folder, &[&draw[..], &["--force"]].concat()).ok();
    change(&path, |record| record["rows"] = json!([]));
    gaen(&folder, &[&draw[..], &["--force"]].concat()).failed(1, &["no row of matching to draw"]);
}

#[test]
fn several_records_are_drawn_below_one_another_with_the_same_axes() {
    let folder = folder("bench_svg_of_two");
    kept(&folder, "one.json", 100.0);
    let two = kept(&folder, "two.json", 5000.0);
    change(&two, |record| record["cpu"] = json!("another"));
    let read = ["bench", "--read", "one.json", "--read", "two.json"];
    let text = gaen(&folder, &[&read[..], &["--svg", "both.svg"]].concat()).ok().stdout;
    assert!(text.contains("a<b, 3.00 GHz") && text.contains("another, 3.00 GHz"), "{text}");
    let svg = fs::read_to_string(folder.join("both.svg")).unwrap();
    for once in ["a&lt;b, 3.0 GHz", "another, 3.0 GHz", "id=\"title\"", "id=\"title-2\"", "title-2 description-2"] {
        assert_eq!(svg.matches(once).count(), 1, "{once:?} in {svg}");
    }
    assert_eq!(svg.matches("\n5,000\n</text>").count(), 2, "both axes reach 5,000: {svg}");
    gaen(&folder, &[&read[..], &["--json"]].concat()).failed(2, &["--json prints one record"]);
}

/// The picture beside the records is that of the newest record of each CPU and tier.
#[test]
fn the_chart_in_the_repository_is_of_the_newest_records() {
    let records = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../benches/record"));
    let mut paths: Vec<_> = fs::read_dir(records).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    // A name begins with the date, of ten letters.
    let cpu = |path: &Path| path.file_name().unwrap().to_str().unwrap()[11..].to_owned();
    let newest: std::collections::BTreeMap<_, _> = paths.iter().map(|path| (cpu(path), path)).collect();
    let mut newest: Vec<_> = newest.into_values().collect();
    newest.sort();
    let read = newest.iter().flat_map(|path| ["--read", path.to_str().unwrap()]);
    let folder = folder("bench_chart");
    gaen(&folder, &["bench", "--svg", "chart.svg"].into_iter().chain(read).collect::<Vec<_>>()).ok();
    let chart = |folder: &Path| fs::read_to_string(folder.join("chart.svg")).unwrap();
    assert!(chart(&folder) == chart(records), "draw it again: see benches/record/README.md");
}

#[test]
fn what_is_no_record_is_refused() {
    let folder = folder("bench_no_record");
    let path = kept(&folder, "now.json", 100.0);
    change(&path, |record| record["rows"][0]["ns_per_key"] = json!(0.0));
    let refused = "now.json: no record of `gaen bench --json`: 0 ns a key in a row of naive";
    gaen(&folder, &["bench", "--read", "now.json"]).failed(1, &[refused]);
    fs::write(&path, "{}").unwrap();
    gaen(&folder, &["bench", "--compare", "now.json"]).failed(1, &["no record of `gaen bench --json`: missing field"]);
    gaen(&folder, &["bench", "--read", "now.json", "--quick"]).failed(2, &["cannot be used with"]);
}

#[test]
fn the_record_is_as_promised() {
    let record = record("bench_json", &[]);
    are_documented("gaen bench", std::slice::from_ref(&record));
    assert!(record["clock_ghz"].as_f64().unwrap() > 0.0);
    assert!(!record["cpu"].as_str().unwrap().is_empty());
    let tiers: Vec<_> = record["tiers"].as_array().unwrap().iter().map(|tier| tier.as_str().unwrap()).collect();
    assert_eq!(record["tier"], tiers[0]);
    assert_eq!(record["tier_reason"], gaen::matching::Tier::best().reason());
    assert_eq!(tiers[tiers.len() - 2..], ["safe", "portable"]);

    let rows = record["rows"].as_array().unwrap();
    let named = |name: &str| rows.iter().filter(|row| row["name"] == name).collect::<Vec<_>>();
    for row in rows {
        for field in ["ns_per_key", "cycles_per_key", "ns_per_key_median", "cycles_per_key_median"] {
            assert!(row[field].as_f64().unwrap() > 0.0, "{field} of {row}");
        }
        // An archive with fewer keys would not repeat them.
        let is_archive = row["name"].as_str().unwrap().starts_with("archive");
        assert_eq!(row["keys"] == 1000, !is_archive, "{row}");
    }
    for name in ["naive", "crates", "gaen_safe"] {
        let [row] = named(name)[..] else { panic!("{name} in {rows:?}") };
        assert_eq!((&row["sightings"], &row["matches"]), (&1000.into(), &20.into()));
        assert!(row["ratio_to_naive"].is_f64() && row["ratio_to_crates"].is_f64());
    }
    assert_eq!(named("naive")[0]["tier"], Value::Null);
    assert_eq!(named("gaen_safe")[0]["tier"], "safe");
    let with_kernels: Vec<_> = named("gaen").iter().map(|row| row["tier"].as_str().unwrap()).collect();
    let others: Vec<_> = tiers.iter().copied().filter(|tier| *tier != "safe").collect();
    assert_eq!(with_kernels, others);
    let fortnight = named("gaen_fortnight")[0];
    assert_eq!((&fortnight["sightings"], &fortnight["matches"]), (&40_000.into(), &40.into()));
    for (name, matches) in [("scan_zip", 20), ("inflate", 0), ("archive", 20), ("archive_forgetting", 20)] {
        let [row] = named(name)[..] else { panic!("{name} in {rows:?}") };
        assert_eq!((&row["matches"], &row["ratio_to_naive"]), (&matches.into(), &Value::Null));
    }
    assert_eq!(rows.len(), 2 + tiers.len() + 5, "no other rows");
    let archive = &record["archive"];
    assert_eq!(archive["keys"], named("archive")[0]["keys"]);
    assert!(archive["keys"].as_u64() > archive["different_keys"].as_u64().map(|keys| 25 * keys), "{archive}");
    assert_eq!(record["stages"].as_array().unwrap().len(), tiers.len() - 1, "the plain path has no stages");
}

/// The last two tiers, which every CPU has.
fn last_tiers() -> String {
    let names: Vec<_> = gaen::matching::Tier::available().into_iter().map(gaen::matching::Tier::name).collect();
    names[names.len() - 2..].join(", ")
}

#[test]
fn the_table_of_one_tier() {
    let table = bench("bench_table", &["--tier", "safe"]).ok().stdout;
    let tiers = format!(", {};", last_tiers());
    for text in [
        "CPU ",
        "Tiers ",
        &tiers[..],
        "; safe is used below",
        gaen::matching::Tier::SAFE.reason(),
        "naive ",
        "crates ",
        "gaen, safe ",
        "gaen fortnight, safe ",
        "inflate ",
        "Crates aes 0.9.4 with ",
        "An archive ",
        "archive forgetting, safe ",
    ] {
        assert!(table.contains(text), "{text:?} is not in: {table}");
    }
    let other = |line: &&str| line.starts_with("gaen") && !line.contains(", safe ");
    assert_eq!(table.lines().find(other), None, "{table}");
    assert!(table.ends_with("Every row found what was planted, and nothing else.\n"));
}

#[test]
fn wrong_values_end_with_2() {
    let folder = folder("bench_usage");
    gaen(&folder, &["bench", "--tier", "abacus"]).failed(2, &["not a tier of this CPU, which has ", &last_tiers()]);
    gaen(&folder, &["bench", "--keys", "999"]).failed(2, &["not from 1000 to "]);
    gaen(&folder, &["bench", "--sightings", "many"]).failed(2, &["not a whole number"]);
}
