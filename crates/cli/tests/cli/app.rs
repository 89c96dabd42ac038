//! The facade for other languages writes the documents that the command prints.

use std::fs::{self, File};

use gaen_app::{
    AppConfiguration, Choice, ContainerRule, ExportFile, NoObserver, Profile, Report, SearchRules, Sightings, Store,
    TrustedKeys, search,
};

use crate::gaen;

const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo");
const NOW: u64 = 1_601_251_200;

/// The sightings of the demo as packed rows.
fn rows() -> Vec<u8> {
    let lines = fs::read_to_string(format!("{DEMO}/sightings.jsonl")).unwrap();
    let mut rows = Vec::new();
    for line in lines.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let hex = |field: &str| base16ct::lower::decode_vec(line[field].as_str().unwrap()).unwrap();
        let (rpi, aem) = (hex("rpi"), hex("aem"));
        let mut metadata = [0; 4];
        metadata[..aem.len()].copy_from_slice(&aem);
        rows.extend(rpi);
        rows.extend(metadata);
        rows.push(aem.len().try_into().unwrap());
        rows.push(i8::try_from(line["rssi"].as_i64().unwrap()).unwrap().cast_unsigned());
        rows.extend([0; 2]);
        rows.extend(line["time"].as_i64().unwrap().to_le_bytes());
        rows.extend(line["previous_scan"].as_i64().unwrap_or(gaen_app::NO_PREVIOUS_SCAN).to_le_bytes());
    }
    rows
}

fn files() -> Vec<ExportFile> {
    let open = |name| ExportFile::new(name, File::open(format!("{DEMO}/{name}")).unwrap());
    ["day-1.zip", "day-2.zip"].map(open).into()
}

fn trusted() -> TrustedKeys {
    TrustedKeys::new(&fs::read(format!("{DEMO}/440-v1.pem")).unwrap(), "440", "v1").unwrap()
}

fn report(trusted: TrustedKeys) -> Report {
    let heard = Sightings::from_rows(&rows()).unwrap();
    search(files(), &heard, &SearchRules::verified_by(trusted, Profile::Google), &mut NoObserver).unwrap()
}

fn printed(command: &str, more: &[&str]) -> String {
    let args =
        [command, "--json", "--sightings", "sightings.jsonl", "--trust", "440-v1=440-v1.pem", "day-1.zip", "day-2.zip"];
    let args: Vec<_> = args.into_iter().chain(more.iter().copied()).collect();
    gaen(DEMO.as_ref(), &args).ok().stdout
}

#[test]
fn documents_are_those_of_the_command() {
    let report = report(trusted());
    assert_eq!(report.matches_json().unwrap(), printed("match", &[]));
    for preset in ["cocoa-v2", "cocoa-v1.1.4", "cwa-android", "google"] {
        let configuration = AppConfiguration::preset(preset, Profile::Google).unwrap();
        let asked = ["--preset", preset, "--now", "1601251200"];
        assert_eq!(report.exposures_json(&configuration, NOW, false).unwrap(), printed("exposures", &asked));
        let explained = [asked.as_slice(), &["--explain"]].concat();
        assert_eq!(report.exposures_json(&configuration, NOW, true).unwrap(), printed("exposures", &explained));
        let explanation = report.explanation_json(&configuration, NOW, &Choice::default()).unwrap();
        assert_eq!(explanation, printed("explain", &asked));
    }
}

/// Every file was searched for everything before, so that both tell of files that are known.
#[test]
fn documents_of_a_store_are_those_of_the_command() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gaen.db");
    let store = Store::open(&path, Profile::Google).unwrap();
    store.insert(&Sightings::from_rows(&rows()).unwrap()).unwrap();
    let search = || store.search(files(), &trusted(), ContainerRule::Strict, NOW, &mut NoObserver).unwrap();
    let first = search();
    assert!(first.files().iter().all(|file| file.keys == 120));
    let report = search();
    let configuration = AppConfiguration::preset("cocoa-v2", Profile::Google).unwrap();
    let printed = |command: &str, more: &[&str]| {
        let given = ["--trust", "440-v1=440-v1.pem", "day-1.zip", "day-2.zip", "--now", "1601251200"];
        let args = [&[command, "--json", "--store", path.to_str().unwrap()], &given[..], more].concat();
        gaen(DEMO.as_ref(), &args).ok().stdout
    };
    assert_eq!(report.matches_json().unwrap(), printed("match", &[]));
    let asked = ["--preset", "cocoa-v2"];
    assert_eq!(report.exposures_json(&configuration, NOW, false).unwrap(), printed("exposures", &asked));
    let explanation = report.explanation_json(&configuration, NOW, &Choice::default()).unwrap();
    assert_eq!(explanation, printed("explain", &asked));
}
