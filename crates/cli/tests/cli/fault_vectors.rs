//! `gaen verify` on one export for each thing that can be right or wrong in one.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::gaen;

/// The command's options for a reading of the manifest; `None` for what it has no options for.
fn options(reading: &Value, trust: &Value) -> Option<Vec<String>> {
    let sets: Vec<Vec<&str>> = match reading.get("trust") {
        Some(sets) => serde_json::from_value(sets.clone()).ok().map(|sets: Vec<Vec<String>>| {
            sets.into_iter().map(|set| set.into_iter().map(|name| &*name.leak()).collect()).collect()
        })?,
        None => vec![vec!["gaen-test-a-v1"]],
    };
    let co_signed = sets.len() == 1 && sets[0].len() > 1;
    if reading.get("raw_signatures").is_some() || (sets.len() > 1 && sets.iter().any(|set| set.len() > 1)) {
        return None;
    }
    let mut options = vec!["verify".to_owned(), "--json".to_owned()];
    options.extend(sets.concat().iter().map(|name| format!("--trust={name}={}", trust[name].as_str().unwrap())));
    options.extend(co_signed.then(|| "--require-all".to_owned()));
    options.extend((reading["container"] == "tolerant").then(|| "--tolerant".to_owned()));
    options.extend(reading["profile"].as_str().map(|profile| format!("--profile={profile}")));
    Some(options)
}

#[test]
fn every_file_reads_as_it_must() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../test-vectors/exports");
    let manifest: Value = serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    let mut readings = 0;
    for (name, file) in manifest["files"].as_object().unwrap() {
        for reading in file["readings"].as_array().unwrap() {
            let Some(options) = options(reading, &manifest["trust"]) else {
                continue;
            };
            readings += 1;
            let run = gaen(&folder, &[&options[..], std::slice::from_ref(name)].concat());
            let outcome = &run.json()["files"][0];
            assert_eq!(outcome["error_code"], reading["error"], "{name}: {outcome}");
            if reading["error"].is_null() {
                for field in ["keys", "revised_keys", "skipped_keys"] {
                    assert_eq!(outcome[field], reading[field], "{name}: {field}");
                }
                assert_eq!((run.code, &outcome["status"]), (Some(0), &json!("verified")), "{name}");
            } else {
                assert_eq!((run.code, &outcome["status"]), (Some(1), &json!("rejected")), "{name}");
            }
        }
    }
    assert!(readings > 100, "{readings}");
}
