//! The desk behind a browser's page writes the documents that the command prints.

use std::fs;
use std::path::{Path, PathBuf};

use gaen::export::{ExportBuilder, Signer, UnverifiedExport};
use gaen_desk::{Desk, DocumentKind, NoObserver, Settings};
use gaen_report::read::{KeyList, diagnosis_keys};
use gaen_simulation::sample;
use serde_json::{Value, json};

use crate::{Run, folder, gaen};

const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo");
const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../test-vectors");

/// A desk with these files of a folder, by their names in it.
fn desk(folder: &Path, names: &[&str]) -> Desk {
    let mut desk = Desk::new();
    for name in names {
        desk.add(*name, fs::read(folder.join(name)).unwrap()).unwrap();
    }
    desk
}

fn settings(settings: &Value) -> Settings {
    Settings::read(&settings.to_string()).unwrap()
}

#[track_caller]
fn document(desk: &mut Desk, kind: DocumentKind, given: &Value) -> String {
    desk.document(kind, &settings(given), None, &mut NoObserver).unwrap_or_else(|error| panic!("{error}"))
}

/// The first line in which two documents differ says more than both of them.
#[track_caller]
fn assert_same(desk: &str, command: &str) {
    let differ = desk.lines().zip(command.lines()).find(|(desk, command)| desk != command);
    assert!(desk == command, "the desk and the command: {differ:?}, {} and {} bytes", desk.len(), command.len());
}

/// What the command prints in this folder, whatever it says of it on standard error.
fn printed(folder: &Path, args: &[&str]) -> String {
    let Run { code, stdout, stderr } = gaen(folder, args);
    assert!(!stdout.is_empty(), "{code:?} {stderr}");
    stdout
}

#[test]
fn documents_are_those_of_the_command() {
    let demo = Path::new(DEMO);
    let mut desk = desk(demo, &["log.json", "440-v1.pem", "day-1.zip", "day-2.zip", "sightings.jsonl"]);
    let searched = ["--sightings", "sightings.jsonl", "--trust", "440-v1=440-v1.pem", "day-1.zip", "day-2.zip"];
    let printed = |command: &str, more: &[&str]| printed(demo, &[&[command], &searched[..], more].concat());
    let given = json!({ "now": 1_601_251_200, "rules": [{ "preset": "cocoa-v2" }] });
    assert_same(&document(&mut desk, DocumentKind::Match, &given), &printed("match", &["--json"]));
    for (name, profile, command_profile) in [
        ("cocoa-v2", "google", "google"),
        ("cocoa-v1.1.4", "apple_v1", "apple-v1"),
        ("google", "google_guarded", "google-guarded"),
    ] {
        let given = json!({ "now": 1_601_251_200, "rules": [{ "preset": name }], "profile": profile, "full": true });
        let asked = ["--json", "--now", "1601251200", "--preset", name, "--profile", command_profile];
        assert_same(&document(&mut desk, DocumentKind::Exposures, &given), &printed("exposures", &asked));
        assert_same(&document(&mut desk, DocumentKind::Explain, &given), &printed("explain", &asked));
    }
    let now = ["--now", "1601251200"];
    let redacted = [&now[..], &["--preset", "cocoa-v2", "--json", "--redacted"]].concat();
    assert_same(&document(&mut desk, DocumentKind::Explain, &given), &printed("explain", &redacted));
    // Without a rule it is the command's default.
    let plain = json!({ "now": 1_601_251_200 });
    let asked = [&now[..], &["--json"]].concat();
    assert_same(&document(&mut desk, DocumentKind::Exposures, &plain), &printed("exposures", &asked));

    let unverified = json!({ "verify": false });
    let args = ["match", "--json", "--sightings", "sightings.jsonl", "--no-verify", "day-1.zip", "day-2.zip"];
    assert_same(&document(&mut desk, DocumentKind::Match, &unverified), &gaen(demo, &args).stdout);
}

#[test]
fn reports_are_those_of_the_command() {
    let demo = Path::new(DEMO);
    let mut desk = desk(demo, &["440-v1.pem", "day-1.zip", "day-2.zip", "sightings.jsonl"]);
    let args = ["report", "--sightings", "sightings.jsonl", "--trust", "440-v1=440-v1.pem", "day-1.zip", "day-2.zip"];
    let args = [&args[..], &["--now", "1601251200", "--preset", "cocoa-v2", "-o", "-"]].concat();
    let mut report = |more: Value| {
        let mut given = json!({ "now": 1_601_251_200, "rules": [{ "preset": "cocoa-v2" }] });
        given.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        desk.report(&settings(&given), &mut NoObserver).unwrap()
    };
    assert_eq!(report(json!({})), printed(demo, &args));
    let all = json!({ "language": "ja", "utcOffset": "-03:30", "full": true });
    let asked = ["--language", "ja,en", "--utc-offset", "-03:30", "--full"];
    assert_eq!(report(all), printed(demo, &[&args[..], &asked].concat()));
}

/// The log, with the files in hand and without; the lints; what the files are made of; the windows of the matches.
#[test]
fn other_documents_are_those_of_the_command() {
    let folder = folder("desk_others");
    for name in ["log.json", "440-v1.pem", "day-1.zip", "day-2.zip", "sightings.jsonl"] {
        fs::copy(Path::new(DEMO).join(name), folder.join(name)).unwrap();
    }
    let dp3t = r#"{"lowerThreshold":55,"higherThreshold":63,"factorLow":1,"factorHigh":0.5,"triggerThreshold":15}"#;
    fs::write(folder.join("dp3t.json"), dp3t).unwrap();
    let names = ["log.json", "day-1.zip", "day-2.zip", "440-v1.pem", "sightings.jsonl"];
    let mut desk = desk(&folder, &names);
    let english = json!({});
    let with_files = ["log", "log.json", "--json", "--exports", "day-1.zip", "--exports", "day-2.zip"];
    assert_same(&document(&mut desk, DocumentKind::Log, &english), &printed(&folder, &with_files));
    let japanese = json!({ "language": "ja", "utcOffset": "+02:00" });
    let asked = [&with_files[..], &["--language", "ja", "--utc-offset", "+02:00"]].concat();
    assert_same(&document(&mut desk, DocumentKind::Log, &japanese), &printed(&folder, &asked));
    let inspected = printed(&folder, &["inspect", "--json", "day-1.zip", "day-2.zip"]);
    assert_same(&document(&mut desk, DocumentKind::Inspect, &english), &inspected);
    let one = desk.document(DocumentKind::Inspect, &settings(&english), Some(3), &mut NoObserver).unwrap();
    assert_eq!(one, printed(&folder, &["inspect", "--json", "day-2.zip"]));
    let lints = printed(&folder, &["lint", "--json", "day-1.zip", "day-2.zip"]);
    assert_same(&document(&mut desk, DocumentKind::Lint, &english), &lints);

    // A configuration on the desk judges where nothing else was chosen.
    let configuration = desk.add("dp3t.json", dp3t.into()).unwrap();
    let lints = printed(&folder, &["lint", "--json", "--config", "dp3t.json", "day-1.zip", "day-2.zip"]);
    assert_same(&document(&mut desk, DocumentKind::Lint, &english), &lints);
    let searched = ["--sightings", "sightings.jsonl", "--trust", "440-v1=440-v1.pem", "day-1.zip", "day-2.zip"];
    let now = ["--now", "1601251200", "--config", "dp3t.json"];
    let made = [&["exposures", "--json", "--windows-out", "windows.json"], &searched[..], &now[..]].concat();
    let given = json!({ "now": 1_601_251_200 });
    assert_same(&document(&mut desk, DocumentKind::Exposures, &given), &printed(&folder, &made));
    let rules = json!({ "now": 1_601_251_200, "rules": [{ "item": configuration }, { "preset": "cwa-ios" }] });
    let judged = printed(
        &folder,
        &["judge", "windows.json", "--json", "--preset", "cwa-ios", "--config", "dp3t.json", "--now", "1601251200"],
    );
    // The command names presets first.
    let swapped = json!({ "now": 1_601_251_200, "rules": [{ "item": configuration }] });
    let alone = printed(&folder, &["judge", "windows.json", "--json", "--config", "dp3t.json", "--now", "1601251200"]);
    assert_same(&document(&mut desk, DocumentKind::Judge, &swapped), &alone);
    let both: Value = serde_json::from_str(&document(&mut desk, DocumentKind::Judge, &rules)).unwrap();
    let judged: Value = serde_json::from_str(&judged).unwrap();
    let answers = |document: &Value, at: usize| document["cases"][0]["answers"][at].clone();
    assert_eq!((answers(&both, 0), answers(&both, 1)), (answers(&judged, 1), answers(&judged, 0)));

    // The windows as a file of their own.
    let windows = desk.add("windows.json", fs::read(folder.join("windows.json")).unwrap()).unwrap();
    let given = json!({ "rules": [{ "preset": "cwa-ios" }, { "preset": "cocoa-v2" }] });
    let asked = ["judge", "windows.json", "--json", "--preset", "cwa-ios", "--preset", "cocoa-v2"];
    assert_same(&document(&mut desk, DocumentKind::Judge, &given), &printed(&folder, &asked));
    assert!(desk.remove(windows) && !desk.remove(windows));
}

/// Every file with a fault of its own takes part in a search as in the command. What is neither a zip nor an export.bin
/// takes no part: the desk says what it is instead.
#[test]
fn faulty_files_are_rejected_as_by_the_command() {
    let vectors = Path::new(VECTORS).join("exports");
    let folder = folder("desk_faults");
    let mut names: Vec<String> =
        fs::read_dir(&vectors).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| name.ends_with(".zip"));
    names.sort();
    fs::copy(vectors.join("trusted-a.pem"), folder.join("gaen-test-a-v1.pem")).unwrap();
    fs::copy(Path::new(DEMO).join("sightings.jsonl"), folder.join("sightings.jsonl")).unwrap();
    let mut desk = desk(&folder, &["gaen-test-a-v1.pem", "sightings.jsonl"]);
    for name in &names {
        desk.add(name, fs::read(vectors.join(name)).unwrap()).unwrap();
        fs::copy(vectors.join(name), folder.join(name)).unwrap();
    }
    let overview = desk.overview(&Settings::default());
    let of_kind = |kinds: &[&str]| -> Vec<&str> {
        let items = overview.items.iter().filter(|item| kinds.contains(&item.kind));
        items.map(|item| item.name.as_str()).collect()
    };
    assert_eq!(of_kind(&["unknown"]), ["file_empty.zip", "file_html.zip", "file_json.zip", "file_random.zip"]);
    let searched = of_kind(&["export_zip", "export_bin"]);
    assert!(searched.len() > 80 && searched.len() + 4 == names.len(), "{}", searched.len());
    for item in &overview.items {
        let is_rejected = item.error.is_some();
        assert!(!is_rejected || item.says.is_empty(), "{item:?}");
    }
    let args = ["match", "--json", "--sightings", "sightings.jsonl", "--trust", "gaen-test-a-v1=gaen-test-a-v1.pem"];
    let args = [&args[..], &searched[..]].concat();
    // Nothing on a page is called so.
    let of_the_command = printed(&folder, &args).replace("; --max-keys accepts more", "");
    assert_same(&document(&mut desk, DocumentKind::Match, &json!({})), &of_the_command);
    let args = [&["inspect", "--json"], &searched[..]].concat();
    assert_same(&document(&mut desk, DocumentKind::Inspect, &json!({})), &printed(&folder, &args));
}

/// One case of each topic of the conformance kit, as files.
#[test]
fn cases_of_the_kit_are_judged_as_by_the_command() {
    let folder = folder("desk_kit");
    let mut cases = 0;
    for file in fs::read_dir(Path::new(VECTORS).join("exposures/cases")).unwrap() {
        let topic: Value = serde_json::from_slice(&fs::read(file.unwrap().path()).unwrap()).unwrap();
        let list = topic["cases"].as_array().unwrap();
        for case in [&list[0], &list[list.len() / 2]] {
            let Some(case) = Case::write(&folder, &topic, case) else { continue };
            let mut desk = desk(&folder, &["configuration.json", "440-v1.pem", "heard.jsonl", "keys.zip"]);
            if case.has_rule {
                desk.add("rule.json", fs::read(folder.join("rule.json")).unwrap()).unwrap();
            }
            let given = json!({ "now": case.now, "profile": case.profile, "full": true });
            let args = ["--sightings", "heard.jsonl", "--trust", "440-v1=440-v1.pem", "keys.zip", "--json"];
            let (now, profile) = (case.now.to_string(), case.profile.replace('_', "-"));
            let asked = ["--now", &now, "--profile", &profile, "--config", "configuration.json"];
            let asked = [&asked[..], if case.has_rule { &["--rule", "rule.json"] } else { &[] }].concat();
            let command = |name: &str| printed(&folder, &[&[name], &args[..], &asked[..]].concat());
            assert_same(&document(&mut desk, DocumentKind::Exposures, &given), &command("exposures"));
            assert_same(&document(&mut desk, DocumentKind::Explain, &given), &command("explain"));
            cases += 1;
        }
    }
    assert!(cases >= 10, "{cases}");
}

struct Case {
    now: u64,
    profile: String,
    has_rule: bool,
}

impl Case {
    /// Writes the files of a case. `None` for one that no file can say, as its keys or times are impossible. Where a
    /// word names the rule, the configuration's own judges here.
    fn write(folder: &Path, topic: &Value, case: &Value) -> Option<Self> {
        let name = |field: &str| case[field].as_str();
        let rule = topic["rules"].get(name("rule")?).filter(|rule| rule.is_object());
        let lines: String = case["sightings"].as_array()?.iter().map(|sighting| format!("{sighting}\n")).collect();
        gaen_report::read::sightings("heard.jsonl", lines.as_bytes(), 10_000).ok()?;
        let keys = diagnosis_keys("keys.json", case["keys"].to_string().as_bytes(), KeyList::Keys).ok()?.keys;
        let mut rng = rand::rng();
        let signer = Signer::generate("440", "v1", &mut rng);
        let export = ExportBuilder::new("440", 1_600_000_000, 1_700_000_000).keys(keys);
        let zip = export.build([&signer], &mut rng).ok()?.remove(0).zip;
        let write = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).unwrap();
        write("keys.zip", &zip);
        write("440-v1.pem", signer.public_key().to_pem().unwrap().as_bytes());
        write("heard.jsonl", lines.as_bytes());
        rule.into_iter().for_each(|rule| write("rule.json", rule.to_string().as_bytes()));
        write("configuration.json", topic["configurations"].get(name("configuration")?)?.to_string().as_bytes());
        Some(Self { now: case["now"].as_u64()?, profile: name("profile")?.to_owned(), has_rule: rule.is_some() })
    }
}

/// Bare files are joined by the signature, whatever their order and their names.
#[test]
fn a_bare_pair_is_the_zip_that_it_came_from() {
    let demo = Path::new(DEMO);
    let mut desk = desk(demo, &["440-v1.pem", "sightings.jsonl"]);
    let mut signatures = Vec::new();
    for name in ["day-1.zip", "day-2.zip"] {
        let zip = fs::read(demo.join(name)).unwrap();
        let export = UnverifiedExport::from_zip(&zip, &Default::default()).unwrap();
        desk.add(name, export.export_bin().to_vec()).unwrap();
        signatures.push(export_sig(&export));
    }
    let lacking = desk.overview(&Settings::default());
    assert!(lacking.items[2].says[1].contains("export.sig"), "{:?}", lacking.items[2]);
    for signature in signatures.into_iter().rev() {
        desk.add("export.sig", signature).unwrap();
    }
    let args = ["match", "--json", "--sightings", "sightings.jsonl", "--trust", "440-v1=440-v1.pem"];
    let args = [&args[..], &["day-1.zip", "day-2.zip"]].concat();
    assert_same(&document(&mut desk, DocumentKind::Match, &json!({})), &printed(demo, &args));
    let overview = desk.overview(&Settings::default());
    assert_eq!(overview.items[2].says[1], "signed as 440-v1, by a key that is here");
}

/// The `export.sig` of an export, written field by field.
fn export_sig(export: &UnverifiedExport) -> Vec<u8> {
    let field = |number: u8, bytes: &[u8]| {
        let length = u8::try_from(bytes.len()).unwrap();
        let length = if length < 128 { vec![length] } else { vec![length, 1] };
        [&[number << 3 | 2][..], &length, bytes].concat()
    };
    let number = |number: u8, value: Option<i32>| [number << 3, u8::try_from(value.unwrap()).unwrap()];
    let [signature] = export.signatures() else { panic!("one signature") };
    let info = &signature.signature_info;
    let texts = [(3, &info.verification_key_version), (4, &info.verification_key_id), (5, &info.signature_algorithm)];
    let info: Vec<u8> = texts.iter().flat_map(|(at, text)| field(*at, text.as_ref().unwrap().as_bytes())).collect();
    let message = [
        field(1, &info),
        number(2, signature.batch_num).to_vec(),
        number(3, signature.batch_size).to_vec(),
        field(4, &signature.signature),
    ];
    field(1, &message.concat())
}

#[test]
fn a_made_up_world_is_the_one_of_the_command() {
    let folder = folder("desk_world");
    let written = gaen(&folder, &["simulate", "--seed", "5", "--people", "24", "-o", "world", "--json"]).ok().json();
    let person = PathBuf::from(written["most_exposed"]["sightings"].as_str().unwrap());
    let mut desk = Desk::new();
    let mut args = vec!["match".to_owned(), "--json".to_owned()];
    let there = folder.join("there");
    fs::create_dir_all(&there).unwrap();
    for (name, file) in sample(5).unwrap() {
        let of_the_command = match name.as_str() {
            "440-v1.pem" => folder.join("world/440-v1.pem"),
            "sightings.jsonl" => folder.join(&person),
            zip => folder.join("world/exports").join(zip),
        };
        assert!(fs::read(of_the_command).unwrap() == file, "{name}");
        match name.as_str() {
            "440-v1.pem" => args.push("--trust=440-v1=440-v1.pem".to_owned()),
            "sightings.jsonl" => args.push("--sightings=sightings.jsonl".to_owned()),
            zip => args.push(zip.to_owned()),
        }
        fs::write(there.join(&name), &file).unwrap();
        desk.add(name, file).unwrap();
    }
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    assert_same(&document(&mut desk, DocumentKind::Match, &json!({})), &printed(&there, &args));
    assert!(desk.overview(&Settings::default()).answers.iter().filter(|answer| answer.ready).count() >= 3);
}
