//! Every file of `test-vectors/exports` reads as its manifest says: the good ones give their keys, and each fault gives
//! its own error, which says what was found.
use std::collections::{BTreeMap, BTreeSet};

use gaen::DiagnosisKey;
use gaen::export::{ExportError, ReadOptions, Trust, UnverifiedExport, VerifiedExport};
use gaen::keys::{DaysSinceOnset, ReportType, TransmissionRiskLevel, VariantOfConcern};
use serde_json::{Value, json};

use crate::vectors::{folder, manifest, options, trust};

fn read(zip: &[u8], options: &ReadOptions, trust: &Trust) -> Result<VerifiedExport, ExportError> {
    UnverifiedExport::from_zip(zip, options)?.verify(trust)
}

#[test]
fn every_file_reads_as_the_manifest_says() {
    let manifest = manifest();
    let mut codes = BTreeSet::new();
    let mut readings = 0;
    for (name, file) in manifest["files"].as_object().unwrap() {
        let zip = std::fs::read(format!("{}/{name}", folder())).unwrap();
        for reading in file["readings"].as_array().unwrap() {
            readings += 1;
            let outcome = read(&zip, &options(&manifest, reading), &trust(&manifest, reading));
            match (outcome, reading["error"].as_str()) {
                (Ok(export), None) => {
                    let contents = export.contents();
                    let skipped: BTreeMap<_, _> =
                        contents.skipped.iter().map(|(reason, count)| (reason.name(), count)).collect();
                    let expected = &reading["skipped_keys"];
                    assert_eq!(serde_json::to_value(skipped).unwrap(), *expected, "{name}: {reading}");
                    let ignored: BTreeMap<_, _> =
                        contents.ignored.iter().map(|(value, count)| (value.name(), count)).collect();
                    let expected = reading.get("ignored_values").cloned().unwrap_or_else(|| json!({}));
                    assert_eq!(serde_json::to_value(ignored).unwrap(), expected, "{name}: {reading}");
                    let counts = (contents.keys.len() as u64, contents.revised_keys.len() as u64);
                    let expected = (reading["keys"].as_u64(), reading["revised_keys"].as_u64());
                    assert_eq!((Some(counts.0), Some(counts.1)), expected, "{name}: {reading}");
                }
                (Err(error), Some(code)) => {
                    assert_eq!(error.code(), code, "{name}: {reading}: {error}");
                    let message = error.to_string();
                    for mention in reading["mentions"].as_array().into_iter().flatten() {
                        assert!(message.contains(mention.as_str().unwrap()), "{name}: {message:?} lacks {mention}");
                    }
                    assert!(!message.contains(char::is_control), "{name}: {message:?}");
                    codes.insert(error.code());
                }
                (outcome, _) => panic!("{name}: {reading}: {outcome:?}"),
            }
        }
    }
    assert!(readings >= 160, "{readings} readings");
    assert!(codes.len() >= 24, "{} different errors: {codes:?}", codes.len());
}

/// The keys of a file that verifies under the default settings.
fn keys_of(name: &str) -> Vec<DiagnosisKey> {
    let zip = std::fs::read(format!("{}/{name}.zip", folder())).unwrap();
    let manifest = manifest();
    let export = read(&zip, &ReadOptions::default(), &trust(&manifest, &Value::Null)).unwrap();
    export.into_contents().keys
}

#[test]
fn an_enum_keeps_the_value_before_one_that_it_does_not_have() {
    let mut values: Vec<_> = keys_of("valid_enum_value_before")
        .iter()
        .map(|key| (key.report_type, key.variant_of_concern.as_u8()))
        .collect();
    values.sort_unstable();
    assert_eq!(values, [(ReportType::ConfirmedTest, 2), (ReportType::SelfReport, 0)]);
}

/// What a key says beside its bytes and its window.
fn report(key: &DiagnosisKey) -> (u8, ReportType, Option<i8>, u8) {
    let days = key.days_since_onset_of_symptoms.map(DaysSinceOnset::as_i8);
    (key.transmission_risk_level.as_u8(), key.report_type, days, key.variant_of_concern.as_u8())
}

#[test]
fn values_out_of_range_read_as_missing() {
    let every = |name, holds: fn(&DiagnosisKey) -> bool| assert!(keys_of(name).iter().all(holds), "{name}");
    every("valid_level_out_of_range", |key| key.transmission_risk_level == TransmissionRiskLevel::UNSET);
    every("valid_negative_int32", |key| key.transmission_risk_level == TransmissionRiskLevel::UNSET);
    every("valid_report_type_out_of_range", |key| key.report_type == ReportType::Unknown);
    every("valid_days_out_of_range", |key| key.days_since_onset_of_symptoms.is_none());
    every("valid_variant_out_of_range", |key| key.variant_of_concern == VariantOfConcern::NONE);
}

#[test]
fn values_at_their_limits_are_read_as_they_are() {
    let reports: Vec<_> = keys_of("valid_values_at_their_limits").iter().map(report).collect();
    assert_eq!(reports, [(0, ReportType::Unknown, Some(-14), 0), (8, ReportType::Revoked, Some(14), 4)]);
}

#[test]
fn the_folder_holds_nothing_that_the_manifest_does_not_name() {
    let manifest = manifest();
    let files = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    for name in files.filter(|name| name.ends_with(".zip")) {
        assert!(manifest["files"].get(&name).is_some(), "{name}");
    }
}
