//! `gaen bench`.

use serde_json::Value;

use crate::documents::are_documented;
use crate::{Run, folder, gaen};

fn bench(name: &str, args: &[&str]) -> Run {
    let few = ["bench", "--quick", "--keys", "1000", "--sightings", "1000"];
    gaen(&folder(name), &[&few[..], args].concat())
}

#[test]
fn the_record_is_as_promised() {
    let record = bench("bench_json", &["--json"]).ok().json();
    are_documented("gaen bench", std::slice::from_ref(&record));
    assert!(record["clock_ghz"].as_f64().unwrap() > 0.0);
    assert!(!record["cpu"].as_str().unwrap().is_empty());
    let tiers: Vec<_> = record["tiers"].as_array().unwrap().iter().map(|tier| tier.as_str().unwrap()).collect();
    assert_eq!(record["tier"], tiers[0]);
    assert_eq!(tiers[tiers.len() - 2..], ["safe", "portable"]);

    let rows = record["rows"].as_array().unwrap();
    let named = |name: &str| rows.iter().filter(|row| row["name"] == name).collect::<Vec<_>>();
    for row in rows {
        for field in ["ns_per_key", "cycles_per_key", "ns_per_key_median", "cycles_per_key_median"] {
            assert!(row[field].as_f64().unwrap() > 0.0, "{field} of {row}");
        }
        assert_eq!(row["keys"], 1000);
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
    for (name, matches) in [("scan_zip", 20), ("inflate", 0)] {
        let [row] = named(name)[..] else { panic!("{name} in {rows:?}") };
        assert_eq!((&row["matches"], &row["ratio_to_naive"]), (&matches.into(), &Value::Null));
    }
    assert_eq!(rows.len(), 2 + tiers.len() + 3, "no other rows");
    assert_eq!(record["stages"].as_array().unwrap().len(), tiers.len() - 1, "the plain path has no stages");
}

#[test]
fn one_tier_alone() {
    let record = bench("bench_tier", &["--json", "--tier", "safe"]).ok().json();
    assert_eq!(record["tier"], "safe");
    let rows = record["rows"].as_array().unwrap();
    assert!(rows.iter().all(|row| row["tier"].is_null() || row["tier"] == "safe"), "{rows:?}");
}

/// The last two tiers, which every CPU has.
fn last_tiers() -> String {
    let names: Vec<_> = gaen::matching::Tier::available().into_iter().map(gaen::matching::Tier::name).collect();
    names[names.len() - 2..].join(", ")
}

#[test]
fn the_table_names_what_it_shows() {
    let table = bench("bench_table", &[]).ok().stdout;
    let tiers = format!(", {};", last_tiers());
    for text in ["CPU ", "Tiers ", &tiers[..], "naive ", "crates ", "gaen, safe ", "gaen fortnight, ", "inflate "] {
        assert!(table.contains(text), "{text:?} is not in: {table}");
    }
    assert!(table.ends_with("Every row found what was planted, and nothing else.\n"));
}

#[test]
fn wrong_values_end_with_2() {
    let folder = folder("bench_usage");
    gaen(&folder, &["bench", "--tier", "abacus"]).failed(2, &["not a tier of this CPU, which has ", &last_tiers()]);
    gaen(&folder, &["bench", "--keys", "999"]).failed(2, &["not from 1000 to "]);
    gaen(&folder, &["bench", "--sightings", "many"]).failed(2, &["not a whole number"]);
}
