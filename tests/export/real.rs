//! Real files of real servers, held against what an independent parser and OpenSSL found in them.
//!
//! The files are not ours to copy: `GAEN_REAL_EXPORTS` names the folder with them and their `expected.json`. Without it
//! these tests say so and check nothing.
use std::path::PathBuf;

use gaen::export::{
    ExportError, PublicKey, ReadOptions, SignatureAlgorithm, TekSignature, Trust, TrustedKey, UnverifiedExport, inspect,
};
use serde_json::{Map, Value};

fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("GAEN_REAL_EXPORTS").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("GAEN_REAL_EXPORTS is not set: NO real file is checked");
    }
    folder
}

/// Each expected file with its bytes, and the public key that is said to verify it.
fn files() -> Vec<(String, Value, Vec<u8>, Option<PublicKey>)> {
    let Some(folder) = folder() else { return Vec::new() };
    let expected: Value = serde_json::from_slice(&std::fs::read(folder.join("expected.json")).unwrap()).unwrap();
    let files = expected["files"].as_object().unwrap().clone();
    assert!(files.len() >= 14, "{} files", files.len());
    files
        .into_iter()
        .map(|(name, file)| {
            let bytes = std::fs::read(folder.join(&name)).unwrap();
            let key = file["public_key"].as_str().and_then(|key| expected["public_keys"][key]["spki_b64"].as_str());
            let key = key.map(|spki| spki.parse().unwrap());
            (name, file, bytes, key)
        })
        .collect()
}

/// Everything that is expected must be reported; what is reported beyond it is free.
fn assert_holds(found: &Value, expected: &Value, place: &str) {
    match expected {
        Value::Object(fields) => {
            for (name, value) in fields {
                assert_holds(&found[name], value, &format!("{place}.{name}"));
            }
        }
        Value::Array(items) => {
            assert_eq!(found.as_array().map(Vec::len), Some(items.len()), "{place}");
            for (position, item) in items.iter().enumerate() {
                assert_holds(&found[position], item, &format!("{place}[{position}]"));
            }
        }
        _ => assert_eq!(found, expected, "{place}"),
    }
}

/// Our names for a few things that `expected.json` names otherwise, and what it says beyond the file itself.
fn translate(mut expected: Value) -> Value {
    fn rename(fields: &mut Map<String, Value>, from: &str, to: &str) {
        if let Some(value) = fields.remove(from) {
            fields.insert(to.to_owned(), value);
        }
    }
    fn infos(list: Option<&mut Value>) {
        for info in list.and_then(Value::as_array_mut).into_iter().flatten() {
            let info = info.as_object_mut().unwrap();
            rename(info, "app_bundle_id(1)", "app_bundle_id");
            rename(info, "android_package(2)", "android_package");
        }
    }
    let fields = expected.as_object_mut().unwrap();
    for about in [
        "source",
        "note",
        "zip_sha256",
        "has_export_bin",
        "has_export_sig",
        "bin_entry",
        "sig_entry",
        "strict_google_unzip",
        "public_key",
        "signature_count",
        "signature_checks",
        "signature_verified",
    ] {
        fields.remove(about);
    }
    for entry in fields.get_mut("zip_entries").and_then(Value::as_array_mut).into_iter().flatten() {
        entry.as_object_mut().unwrap().retain(|_, value| !value.is_null()); // not recorded
    }
    if let Some(bin) = fields.get_mut("export_bin").and_then(Value::as_object_mut) {
        bin.remove("ios_log_hash");
        infos(bin.get_mut("signature_infos"));
    }
    if let Some(sig) = fields.get_mut("export_sig").and_then(Value::as_object_mut) {
        sig.remove("note");
        for signature in sig.get_mut("signatures").and_then(Value::as_array_mut).into_iter().flatten() {
            let mut info = Value::Array(vec![signature["signature_info"].take()]);
            infos(Some(&mut info));
            signature["signature_info"] = info[0].take();
        }
    }
    expected
}

#[test]
fn every_file_is_what_it_is_said_to_be() {
    for (name, file, bytes, _) in files() {
        let zip_sha256 = file["zip_sha256"].as_str().map(str::to_owned);
        let ios_log_hash = file["export_bin"]["ios_log_hash"].as_str().map(str::to_lowercase);
        let report = inspect(&bytes, &ReadOptions::default());
        if let Some(sha256) = zip_sha256 {
            assert_eq!(report.file_sha256, sha256, "{name}");
        }
        if let Some(hash) = ios_log_hash {
            assert_eq!(report.export_bin.as_ref().map(|bin| bin.sha256.clone()), Some(hash), "{name}");
        }
        assert_holds(&serde_json::to_value(&report).unwrap(), &translate(file), &name);
    }
}

#[test]
fn every_signature_is_as_openssl_found_it() {
    let mut verified = 0;
    for (name, file, bytes, key) in files() {
        let Ok(export) = UnverifiedExport::from_zip(&bytes, &ReadOptions::default()) else {
            assert_ne!(file["signature_verified"], true, "{name}");
            continue;
        };
        if let Some(count) = file["signature_count"].as_u64() {
            assert_eq!(export.signatures().len() as u64, count, "{name}");
        }
        let Some(key) = key else { continue };
        let [TekSignature { signature_info, signature, .. }] = export.signatures() else { panic!("{name}") };

        // The bare ECDSA check, which is what OpenSSL did.
        let algorithm = SignatureAlgorithm::EcdsaP256Sha256;
        assert_eq!(file["signature_verified"], key.verifies(export.export_bin(), signature, algorithm), "{name}");

        // The rules of the format on top of it: one of the files names its algorithm by a text and not by its OID.
        let name_of = |part: &Option<String>| part.clone().unwrap_or_default();
        let (id, version) =
            (name_of(&signature_info.verification_key_id), name_of(&signature_info.verification_key_version));
        let algorithm = name_of(&signature_info.signature_algorithm);
        let outcome = export.verify(&Trust::new(TrustedKey::new(id, version, key)));
        if SignatureAlgorithm::from_oid(&algorithm).is_some() {
            let export = outcome.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(export.keys().len() as u64, file["export_bin"]["keys"].as_u64().unwrap(), "{name}");
            verified += 1;
        } else {
            assert!(
                matches!(&outcome, Err(ExportError::AlgorithmUnsupported { found, .. })
                if found.contains(&algorithm)),
                "{name}: {outcome:?}"
            );
        }
    }
    assert!(verified >= 7 || folder().is_none(), "{verified} files verified");
}

#[test]
fn each_refused_file_says_why() {
    let expected = [
        ("cwa-android__valueset_default.zip", "header_missing"),
        ("cwa-android__valueset_invalid.zip", "entry_missing"),
        ("google-internals__res-raw-export.bin", "not_a_zip"),
    ];
    for (name, _, bytes, _) in files() {
        let code = expected.iter().find_map(|(file, code)| (*file == name).then_some(*code));
        if let Some(code) = code {
            let error = UnverifiedExport::from_zip(&bytes, &ReadOptions::default()).unwrap_err();
            assert_eq!(error.code(), code, "{name}: {error}");
        }
    }
}
