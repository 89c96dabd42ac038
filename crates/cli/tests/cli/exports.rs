//! `gaen keygen`, `gaen export`, `gaen verify` and `gaen inspect`.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::world::World;
use crate::{folder, gaen, gaen_with_input};

const KEYS: &str = r#"
{"tek":"01010101010101010101010101010101","rolling_start_interval_number":2642976,"transmission_risk_level":3,"report_type":"confirmed_test","days_since_onset_of_symptoms":-2}
{"key_data":"02020202020202020202020202020202","rolling_start_interval_number":2642976,"rolling_period":144,"report_type":5,"note":1}
"#;
const EXPORT: &[&str] =
    &["export", "--region", "440", "--start", "1585785600", "--end", "1585872000", "--sign", "440-v1=k.private.pem"];

/// A folder with a key pair and a file of keys.
fn authority(name: &str) -> std::path::PathBuf {
    let folder = folder(name);
    gaen(&folder, &["keygen", "--id", "440", "--version", "v1", "-o", "k"]).ok();
    fs::write(folder.join("keys.jsonl"), KEYS).unwrap();
    folder
}

fn export(folder: &Path, args: &[&str]) -> crate::Run {
    gaen(folder, &[EXPORT, args].concat())
}

#[test]
fn from_key_generation_to_a_match() {
    let world = World::new("end_to_end");
    let folder = &world.folder;
    gaen(folder, &["keygen", "--id", "org.example-app", "--version", "v2", "-o", "k"]).ok();
    fs::write(folder.join("keys.jsonl"), KEYS).unwrap();
    let sign = "--sign=org.example-app-v2=k.private.pem";
    let arguments = ["--region=440", "--start=1585785600", "--end=1585872000", sign, "--keys=keys.jsonl"];
    let written = gaen(folder, &[&["export", "--json", "-o", "out.zip"], &arguments[..]].concat()).ok().json();

    let trust = "--trust=org.example-app-v2=k.public.pem";
    let verified = gaen(folder, &["verify", trust, "--json", "out.zip"]).ok().json();
    let sha256 = &written["files"][0]["export_sha256"];
    let expected = json!({
        "path": "out.zip", "status": "verified", "verified_by": ["org.example-app-v2"], "export_sha256": sha256,
        "keys": 2, "revised_keys": 0, "skipped_keys": {}, "error": null, "error_code": null,
    });
    assert_eq!(verified, json!({ "files": [expected] }));
    let line = format!("ok   out.zip  verified by org.example-app-v2  2 keys  {}\n", sha256.as_str().unwrap());
    assert_eq!(gaen(folder, &["verify", trust, "out.zip"]).ok().stdout, line);

    let matched = gaen(folder, &["match", "--sightings=heard.jsonl", trust, "--json", "out.zip"]).ok().json();
    assert_eq!(matched["matches"].as_array().unwrap().len(), 4);
}

#[test]
fn people_are_told_which_keys_count() {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../test-vectors/exports");
    let files = ["keys_several_faults.zip", "valid_revised_keys.zip"];
    let trust = "--trust=gaen-test-a-v1=trusted-a.pem";
    let text = gaen(&vectors, &[&["verify", trust][..], &files].concat()).ok().stdout;
    for line in [
        "ok   keys_several_faults.zip  verified by gaen-test-a-v1  1 key, 3 skipped  bd7d796e",
        "ok   valid_revised_keys.zip  verified by gaen-test-a-v1  2 keys, 3 revised  ec959f13",
    ] {
        assert!(text.contains(line), "{line:?} is not in:\n{text}");
    }

    let folder = folder("match_notes");
    fs::write(folder.join("nothing.jsonl"), "").unwrap();
    let page = vectors.join("file_html.zip");
    let paths = files.map(|file| vectors.join(file).to_string_lossy().into_owned());
    let trust = format!("--trust=gaen-test-a-v1={}", vectors.join("trusted-a.pem").display());
    let args = ["match", "--sightings=nothing.jsonl", &trust, &paths[0], &paths[1], &page.to_string_lossy()];
    let text = gaen(&folder, &args).failed(1, &["1 of 3 files rejected"]).stdout;
    let note = " ".repeat(28);
    for line in [
        format!("{note}1 key skipped: no rolling_start_interval_number\n"),
        format!("{note}3 revised keys (not searched for)\n"),
        format!("{note}signed by gaen-test-a-v1\n"),
        format!("{note}not a zip: the file starts with \"<!DOCTYPE"),
    ] {
        assert!(text.contains(&line), "{line:?} is not in:\n{text}");
    }
}

#[test]
fn a_wrong_key_verifies_nothing() {
    let world = World::new("wrong_trust");
    let run = gaen(&world.folder, &["verify", "--trust=440-v1=441.pem", "a.zip"]).failed(1, &["1 of 1 file rejected"]);
    let line = "FAIL a.zip  signature_invalid: signature by \"440-v1\" does not verify over export.bin\n";
    assert_eq!(run.stdout, line);
    let run = gaen(&world.folder, &["verify", "--trust=440-v2=440.pem", "--json", "a.zip"]).failed(1, &[]);
    assert_eq!(run.json()["files"][0]["error_code"], "unknown_key");
}

#[test]
fn a_private_key_is_its_owners_alone_and_never_overwritten() {
    let folder = authority("keygen");
    let private = fs::read_to_string(folder.join("k.private.pem")).unwrap();
    assert!(private.starts_with("-----BEGIN PRIVATE KEY-----\n"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |name: &str| fs::metadata(folder.join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode("k.private.pem"), 0o600);
        assert_eq!(mode("k.public.pem") & 0o600, 0o600);
    }
    let again = ["keygen", "--id", "440", "--version", "v1", "-o", "k"];
    gaen(&folder, &again).failed(1, &["k.private.pem is there already"]);
    fs::remove_file(folder.join("k.private.pem")).unwrap();
    gaen(&folder, &again).failed(1, &["k.public.pem is there already"]);
    assert!(!folder.join("k.private.pem").exists(), "nothing half done");
}

#[test]
fn the_keys_of_an_export_can_be_exported_again() {
    let folder = authority("round_trip");
    export(&folder, &["--keys", "keys.jsonl", "--revised-keys", "keys.jsonl", "-o", "1.zip"]).ok();
    let inspection = gaen(&folder, &["inspect", "--keys", "--json", "1.zip"]).ok().json();
    let first = json!({
        "tek": "01".repeat(16), "rolling_start_interval_number": 2_642_976, "rolling_period": 144,
        "transmission_risk_level": 3, "report_type": "confirmed_test", "days_since_onset_of_symptoms": -2,
        "variant_of_concern": 0,
    });
    let file = &inspection["files"][0];
    assert_eq!(file["keys_list"][0], first);
    assert_eq!(file["keys_list"], file["revised_keys_list"]);

    let lines: String = file["keys_list"].as_array().unwrap().iter().map(|key| format!("{key}\n")).collect();
    let args = [EXPORT, &["--keys", "-", "--revised-keys", "keys.jsonl", "-o", "2.zip"]].concat();
    gaen_with_input(&folder, &args, &lines).ok();
    let bytes = |name| fs::read(folder.join(name)).unwrap();
    assert_eq!(bytes("1.zip"), bytes("2.zip"), "signatures are deterministic");
}

#[test]
fn keys_may_be_csv() {
    let folder = authority("export_csv");
    let csv = "report_type,tek,rolling_start_interval_number,days_since_onset_of_symptoms,transmission_risk_level\n\
               confirmed_test,01010101010101010101010101010101,2642976,-2,3\n\
               5,02020202020202020202020202020202,2642976,,\n";
    fs::write(folder.join("keys.csv"), csv).unwrap();
    export(&folder, &["--keys", "keys.jsonl", "-o", "1.zip"]).ok();
    export(&folder, &["--keys", "keys.csv", "-o", "2.zip"]).ok();
    let bytes = |name| fs::read(folder.join(name)).unwrap();
    assert_eq!(bytes("1.zip"), bytes("2.zip"));
}

#[test]
fn malformed_keys_are_refused_by_line() {
    let folder = authority("export_malformed");
    for (field, mentions) in [
        (r#""rolling_period":0"#, "rolling_period is 0: expected a whole number from 1 to 144"),
        (r#""transmission_risk_level":9"#, "transmission_risk_level is 9: expected a whole number from 0 to 8"),
        (r#""days_since_onset_of_symptoms":15"#, "days_since_onset_of_symptoms is 15: expected"),
        (r#""report_type":"rumour""#, "report_type is \"rumour\": expected one of unknown, confirmed_test, "),
        (r#""report_type":6"#, "report_type is 6: expected one of unknown, confirmed_test, "),
        (r#""rolling_start_interval_number":2147483648"#, "expected a whole number from 0 to 2147483647"),
    ] {
        let key = r#"{"tek":"01010101010101010101010101010101","rolling_start_interval_number":1}"#;
        let bad = key.replace("\"rolling_start_interval_number\":1", field);
        let bad = if field.contains("start") { bad } else { bad.replace('}', ",\"rolling_start_interval_number\":1}") };
        fs::write(folder.join("bad.jsonl"), format!("{key}\n{bad}\n")).unwrap();
        export(&folder, &["--keys", "bad.jsonl", "-o", "bad.zip"]).failed(1, &["bad.jsonl, line 2: ", mentions]);
    }
    assert!(!folder.join("bad.zip").exists());
}

#[test]
fn a_window_that_ends_before_it_starts_is_wrong_usage() {
    let folder = authority("export_window");
    let args = [
        "export",
        "--region=440",
        "--start=2020-04-02",
        "--end=2020-04-01",
        "--sign=440-v1=k.private.pem",
        "--keys=keys.jsonl",
    ];
    gaen(&folder, &[&args[..], &["-o", "1.zip"]].concat()).failed(2, &["--start and --end: "]);
    assert!(!folder.join("1.zip").exists());
}

#[test]
fn padding_and_splitting() {
    let folder = authority("export_split");
    let args = ["--keys", "keys.jsonl", "--pad-to", "10", "--pad-random", "5", "--max-keys", "1"];
    export(&folder, &[&args[..], &["-o", "one.zip"]].concat()).failed(2, &["2 files", "a folder"]);
    assert!(!folder.join("one.zip").exists());

    let written = export(&folder, &[&args[..], &["--json", "-o", "out/"]].concat()).ok().json();
    let files = written["files"].as_array().unwrap();
    assert_eq!(files.len(), 2);
    for (file, end) in files.iter().zip(["1585872000", "1585872001"]) {
        let path = file["path"].as_str().unwrap();
        let sha256 = file["export_sha256"].as_str().unwrap();
        assert_eq!(path, format!("out/1585785600-{end}-0001-{}.zip", &sha256[..6]));
        assert_eq!(file["keys"], 1);
        let keys = 1 + file["padding"].as_u64().unwrap();
        assert!((10..=15).contains(&keys), "{keys}");
        let verified = gaen(&folder, &["verify", "--trust=440-v1=k.public.pem", "--json", path]).ok().json();
        assert_eq!(verified["files"][0]["keys"], keys);
    }
}

#[test]
fn files_are_overwritten_only_by_force() {
    let folder = authority("export_force");
    let args = ["--keys", "keys.jsonl", "-o", "1.zip"];
    fs::write(folder.join("1.zip"), "precious").unwrap();
    export(&folder, &args).failed(1, &["1.zip is there already"]);
    assert_eq!(fs::read(folder.join("1.zip")).unwrap(), b"precious");
    export(&folder, &[&args[..], &["--force"]].concat()).ok();
    assert_ne!(fs::read(folder.join("1.zip")).unwrap(), b"precious");

    export(&folder, &["--keys", "keys.jsonl", "-o", "missing/1.zip"]).failed(1, &["missing/1.zip: "]);
    let mut names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["1.zip", "k.private.pem", "k.public.pem", "keys.jsonl"], "nothing half done");
}

#[test]
fn inspect_shows_good_files_and_bad_ones() {
    let folder = authority("inspect");
    export(&folder, &["--keys", "keys.jsonl", "-o", "1.zip"]).ok();
    fs::write(folder.join("page.zip"), "<html>").unwrap();
    let text = gaen(&folder, &["inspect", "1.zip"]).ok().stdout;
    for part in [
        "zip, ",
        "region     440\n",
        "start      2020-04-02 00:00 UTC (1585785600)",
        "keys       2 and 0 revised",
        "key 440, version v1, algorithm 1.2.840.10045.4.3.2",
        "    1 confirmed test                        1  ████",
    ] {
        assert!(text.contains(part), "{part:?} is not in:\n{text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");

    let run = gaen(&folder, &["inspect", "--json", "page.zip", "1.zip", "missing.zip"]);
    let run = run.failed(1, &["2 of 3 files with a problem"]);
    let codes = |document: &Value| [0, 1, 2].map(|file| document["files"][file]["problem_code"].clone());
    assert_eq!(codes(&run.json()), [json!("not_a_zip"), Value::Null, json!("unreadable_file")]);
    assert!(run.json()["files"][1].get("keys_list").is_none());
    let lists = gaen(&folder, &["inspect", "--json", "--keys", "page.zip"]).failed(1, &[]).json();
    assert_eq!((&lists["files"][0]["keys_list"], &lists["files"][0]["revised_keys_list"]), (&json!([]), &json!([])));
}

/// The text that `inspect` prints of some of the files of the test vectors.
#[test]
fn inspect_tells_what_is_odd_about_a_file() {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../test-vectors/exports");
    for (name, code, lines) in [
        (
            "keys_several_faults.zip",
            0,
            &[
                "\n  skipped    1 key: key_data is not 16 bytes\n",
                "\n  skipped    1 key: no rolling_start_interval_number\n",
                "\n  skipped    1 key: rolling_start_interval_number is negative\n",
                "\n    interval -144 ",
                "\n    1,2,4,5                                 2  ████",
            ][..],
        ),
        ("keys_period_negative.zip", 0, &[": rolling_period is negative\n"]),
        ("keys_period_zero.zip", 0, &[": rolling_period is 0 (Google's profile skips such keys)\n"]),
        ("keys_period_too_long.zip", 0, &[": rolling_period is over 144\n"]),
        (
            "keys_values_out_of_range.zip",
            0,
            &[
                "\n  ignored    1 value of transmission_risk_level out of range\n",
                "\n  ignored    1 value of days_since_onset_of_symptoms out of range\n",
                "\n    6 (not in the format) ",
                "\n  Days since onset: +15 (all)\n",
            ],
        ),
        ("signature_list_empty.zip", 0, &["\n  unsigned   no signature: no reader will take it for genuine\n"]),
        (
            "file_html.zip",
            1,
            &["\n  problem    not_a_zip: ", "\n  file       neither a zip nor an export.bin, 93 bytes"],
        ),
        ("header_missing.zip", 1, &["\n  problem    header_missing: ", "\n  header     none, starts with "]),
        ("valid_unknown_fields.zip", 0, &["\n  unknown    "]),
        ("valid_deflate.zip", 0, &[", deflate to "]),
        ("valid_data_descriptor.zip", 0, &[", data descriptor\n"]),
        ("valid_no_batch.zip", 0, &["batch_num (absent) of batch_size (absent)"]),
        ("valid_deprecated_fields.zip", 0, &["\n             app_bundle_id ", "\n             android_package "]),
    ] {
        let run = gaen(&vectors, &["inspect", name]);
        assert_eq!(run.code, Some(code), "{name}: {}", run.stderr);
        for line in lines {
            assert!(run.stdout.contains(line), "{name}: {line:?} is not in:\n{}", run.stdout);
        }
    }

    let text = gaen(&vectors, &["inspect", "--keys", "valid_revised_keys.zip", "valid.zip"]).ok().stdout;
    for line in [
        "\n  first rev. 3ac86989f9c5ccb98f4b3b2f8c6d1764  start 2676384, period absent\n",
        "\nRevised keys\n",
        "\nList of keys\n",
        "\n  90e1a6df1ffa54429f1c81d8516d6e79     2676384     100      2    -3  1 confirmed test\n",
        "\nList of revised keys\n",
        "\n  3ac86989f9c5ccb98f4b3b2f8c6d1764     2676384     144      2     -  5 revoked\n",
        "\n\nvalid.zip\n",
    ] {
        assert!(text.contains(line), "{line:?} is not in:\n{text}");
    }
}

#[test]
fn many_periods_are_charted_by_two_hours_and_many_days_are_cut() {
    let folder = authority("inspect_chart");
    let key = |number: u32| {
        let (start, period) = (2_642_976 - 144 * (number % 50), number % 144 + 1);
        format!("{{\"tek\":\"{number:032x}\",\"rolling_start_interval_number\":{start},\"rolling_period\":{period}}}\n")
    };
    fs::write(folder.join("many.jsonl"), (0..288).map(key).collect::<String>()).unwrap();
    export(&folder, &["--keys", "many.jsonl", "-o", "1.zip"]).ok();
    let text = gaen(&folder, &["inspect", "1.zip"]).ok().stdout;
    let (_, periods) = text.split_once("\n  Rolling period\n").unwrap();
    let (periods, _) = periods.split_once("\n  Report type").unwrap();
    let rows: Vec<_> = periods.lines().map(|line| line.split_once("  █").unwrap().0.trim()).collect();
    let row = |label: &str, keys: u32| format!("{label:<30}{keys:>11}");
    assert_eq!(rows.len(), 13);
    assert_eq!((rows[1], rows[2]), (&*row("1 to 12", 24), &*row("13 to 24", 24)));
    assert_eq!((rows[12], rows[0]), (&*row("133 to 143", 22), &*row("absent", 2)), "144 is left out of a file");
    assert!(text.contains(&row("10 other values", 60)), "{text}");
}

/// Programs rely on every name in it.
#[test]
fn the_document_of_inspect_is_a_contract() {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../test-vectors/exports");
    let document = gaen(&vectors, &["inspect", "--json", "valid_revised_keys.zip"]).ok().json();
    assert_eq!(document, serde_json::from_str::<Value>(include_str!("inspect.json")).unwrap());

    let document = gaen(&vectors, &["inspect", "--json", "keys_values_out_of_range.zip"]).ok().json();
    let file = &document["files"][0];
    assert_eq!(file["skipped_keys"], json!({ "key_data_length": 1 }));
    let ignored = json!({ "transmission_risk_level": 1, "days_since_onset_of_symptoms": 1 });
    assert_eq!(file["ignored_values"], ignored);
}

/// Programs rely on every name in it.
#[test]
fn the_document_of_export_is_a_contract() {
    let folder = authority("export_json");
    let args = ["--keys", "keys.jsonl", "--revised-keys", "keys.jsonl", "--json", "-o", "1.zip"];
    let document = export(&folder, &args).ok().json();
    let file = json!({
        "path": "1.zip", "keys": 2, "padding": 0, "revised_keys": 2,
        "size": fs::metadata(folder.join("1.zip")).unwrap().len(),
        "export_sha256": "bd7342a17d9528b0e523405542bdd87ec63ec526ae91daf15321bb4ce2a11cbc",
    });
    assert_eq!(document, json!({ "files": [file] }));
}

#[test]
fn an_unsigned_file_is_no_problem_to_look_at() {
    let world = World::new("inspect_unsigned");
    let zip = fs::read(world.folder.join("a.zip")).unwrap();
    let export = gaen::export::UnverifiedExport::from_zip(&zip, &Default::default()).unwrap();
    world.write("a.bin", export.export_bin());
    let text = gaen(&world.folder, &["inspect", "a.bin"]).ok().stdout;
    assert!(text.contains("bare export.bin") && text.contains("\n  unsigned "), "{text}");
}

#[test]
fn text_from_a_file_is_escaped() {
    let folder = authority("hostile");
    let (region, id) = ("X\u{1b}[31m\u{9b}2J\u{202e}", "4\u{1b}]0;x\u{7}40");
    let sign = format!("{id}-v1=k.private.pem");
    let args = [
        "export",
        "--region",
        region,
        "--start",
        "2020-04-02",
        "--end",
        "1585872000",
        "--sign",
        &sign,
        "--keys",
        "keys.jsonl",
    ];
    gaen(&folder, &[&args[..], &["-o", "1.zip"]].concat()).ok();
    let trust = format!("--trust={id}-v1=k.public.pem");
    for (args, code) in [
        (&["inspect", "1.zip"][..], 0),
        (&["inspect", "--json", "1.zip"], 0),
        (&["verify", &trust, "1.zip"], 0),
        (&["verify", "--trust=440-v1=k.public.pem", "1.zip"], 1),
        (&["verify", "--trust=440-v1=k.public.pem", "--json", "1.zip"], 1),
    ] {
        let run = gaen(&folder, args).failed(code, &[]);
        let hostile = |sign: char| (sign.is_control() && sign != '\n') || sign == '\u{202e}';
        assert!(!run.stdout.contains(hostile) && !run.stderr.contains(hostile), "{args:?}: {:?}", run.stdout);
    }
    assert_eq!(gaen(&folder, &["inspect", "--json", "1.zip"]).json()["files"][0]["export_bin"]["region"], region);
}
