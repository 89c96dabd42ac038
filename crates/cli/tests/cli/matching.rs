//! `gaen match`.

use std::path::Path;

use serde_json::{Value, json};

use crate::world::{START, World};
use crate::{gaen, gaen_with_input};

const A: &[&str] = &["match", "--sightings", "heard.jsonl", "--trust", "440-v1=440.pem", "--json", "a.zip"];

#[test]
fn the_document_is_as_promised() {
    let world = World::new("match_document");
    let document = gaen(&world.folder, A).ok().json();

    let sha256 = document["files"][0]["export_sha256"].as_str().unwrap();
    assert_eq!(sha256.len(), 64);
    assert!(sha256.bytes().all(|digit| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit)));
    let file = json!({
        "path": "a.zip", "export_sha256": sha256, "status": "verified", "verified_by": ["440-v1"],
        "error": null, "error_code": null, "keys": 3, "revised_keys": 0, "skipped_keys": {},
    });
    let matched = |tek: &str, offset: u32, sighting: usize, seconds: u64, rssi: i8| {
        json!({
            "file": 0, "tek": tek.repeat(16), "rolling_start_interval_number": START, "rolling_period": 144,
            "interval": START + offset, "sighting": sighting, "time": u64::from(START + offset) * 600 + seconds,
            "rssi": rssi, "tx_power": 8, "attenuation": 8 - i16::from(rssi),
        })
    };
    let matches = [
        matched("01", 4, 3, 10, -50),
        matched("01", 5, 1, 30, -60),
        matched("01", 5, 5, 100, -61),
        matched("02", 143, 2, 0, -70),
    ];
    let basis = &document["basis"];
    assert_eq!(
        (&basis["files"], &basis["sightings"]),
        (&json!({ "used": 1, "rejected": 0, "outdated": 0, "awaited": 0 }), &json!(7))
    );
    let expected = json!({
        "verdict": "matched", "code": null, "reason": null, "basis": basis,
        "files": [file], "matches": matches, "dropped": { "clock_window": 1 },
    });
    assert_eq!(document, expected);
}

#[test]
fn csv_and_json_lines_are_equal() {
    let world = World::new("match_csv");
    world.write("heard.csv", world.heard_csv().as_bytes());
    let args: Vec<_> = A.iter().map(|arg| arg.replace("jsonl", "csv")).collect();
    assert_eq!(gaen(&world.folder, &args).ok().json(), gaen(&world.folder, A).ok().json());
}

#[test]
fn sightings_come_from_several_files_and_from_standard_input() {
    let world = World::new("match_several");
    let lines = world.heard_jsonl();
    let (first, second) = lines.split_at(lines.match_indices('\n').nth(2).unwrap().0 + 1);
    world.write("1.jsonl", first.as_bytes());
    world.write("2.jsonl", second.as_bytes());
    let whole = gaen(&world.folder, A).ok().json();
    let trust = "--trust=440-v1=440.pem";
    for args in [
        &["match", "--sightings", "1.jsonl", "a.zip", "--sightings", "2.jsonl", "--json", trust][..],
        &["match", "--sightings=1.jsonl", "--sightings=2.jsonl", "a.zip", trust, "--json"],
        &["match", trust, "--json", "--sightings", "1.jsonl", "--sightings", "2.jsonl", "--", "a.zip"],
        &["match", "a.zip", trust, "--json", "--sightings", "1.jsonl", "--sightings", "2.jsonl"],
    ] {
        assert_eq!(gaen(&world.folder, args).ok().json(), whole);
    }
    let run = gaen_with_input(&world.folder, &["match", trust, "--json", "--sightings", "-", "--", "a.zip"], &lines);
    assert_eq!(run.ok().json(), whole);
}

/// A folder is its zips, in the order of their names, and nothing else that is in it.
#[test]
fn a_folder_stands_for_its_zips() {
    let world = World::new("match_folder");
    std::fs::create_dir_all(world.folder.join("exports/c.zip/deep")).unwrap();
    std::fs::create_dir_all(world.folder.join("empty")).unwrap();
    for (from, to) in [("b.zip", "exports/2.zip"), ("a.zip", "exports/1.ZIP"), ("a.zip", "exports/c.zip/deep/3.zip")] {
        std::fs::copy(world.folder.join(from), world.folder.join(to)).unwrap();
    }
    world.write("exports/notes.txt", b"not an export");
    let found = |command: &[&str], exports: &[&str]| {
        let run = gaen(&world.folder, &[command, exports].concat());
        (run.code, run.stdout)
    };
    let searched = ["--sightings=heard.jsonl", "--trust=440-v1=440.pem", "--json"];
    let judged = [&searched[..], &["--now=2020-04-03"]].concat();
    let (folder, files) = (["exports"], ["exports/1.ZIP", "exports/2.zip"]);
    for command in [
        [&["match"], &searched[..]].concat(),
        [&["exposures"], &judged[..]].concat(),
        [&["explain"], &judged[..]].concat(),
        [&["compare", "--other-profile=apple-v1"], &judged[..]].concat(),
        vec!["verify", "--trust=440-v1=440.pem", "--json"],
        vec!["inspect", "--json"],
        vec!["lint", "--json"],
    ] {
        assert_eq!(found(&command, &folder), found(&command, &files), "{command:?}");
    }

    let run = gaen(&world.folder, &[&["match"], &searched[..], &["empty"]].concat()).failed(1, &[]);
    let file = &run.json()["files"][0];
    assert_eq!((&file["path"], &file["status"]), (&json!("empty"), &json!("rejected")));
    assert!(file["error"].as_str().unwrap().contains("a folder without a *.zip"), "{file}");
    for command in [&["verify", "--trust=440-v1=440.pem"][..], &["inspect"]] {
        let run = gaen(&world.folder, &[command, &["empty"]].concat()).failed(1, &[]);
        assert!(run.stdout.contains("a folder without a *.zip"), "{}", run.stdout);
    }
}

#[test]
fn a_rejected_file_contributes_nothing_and_stops_nothing() {
    let world = World::new("match_rejected");
    world.write("page.zip", b"<html>not found</html>");
    let args = [&A[..6], &["page.zip", "missing.zip", "a.zip"]].concat();
    let run = gaen(&world.folder, &args).failed(1, &["2 of 3 files rejected"]);
    let document = run.json();
    let files = document["files"].as_array().unwrap();
    let field = |name: &str| files.iter().map(|file| file[name].clone()).collect::<Vec<Value>>();
    assert_eq!(field("status"), ["rejected", "rejected", "verified"]);
    assert_eq!(field("error_code"), [json!("not_a_zip"), json!("unreadable_file"), Value::Null]);
    assert_eq!(field("keys"), [0, 0, 3]);
    assert_eq!(field("export_sha256")[..2], [Value::Null, Value::Null]);
    let matches = document["matches"].as_array().unwrap();
    assert_eq!(matches.len(), 4);
    assert!(matches.iter().all(|found| found["file"] == 2));
}

#[test]
fn a_rejected_file_is_identified_all_the_same() {
    let world = World::new("match_identified");
    let good = gaen(&world.folder, A).ok().json();
    let wrong = A.iter().map(|arg| arg.replace("440.pem", "441.pem")).collect::<Vec<_>>();
    let bad = gaen(&world.folder, &wrong).failed(1, &[]).json();
    assert_eq!(bad["files"][0]["error_code"], "signature_invalid");
    assert_eq!(bad["files"][0]["export_sha256"], good["files"][0]["export_sha256"]);
    assert_eq!(bad["matches"], json!([]));
}

#[test]
fn without_verifying_there_is_a_warning() {
    let world = World::new("match_no_verify");
    let run = gaen(&world.folder, &["match", "--sightings", "heard.jsonl", "--no-verify", "--json", "a.zip"]);
    assert_eq!(run.code, Some(0));
    assert!(run.stderr.starts_with("warning: signatures are not checked"), "{}", run.stderr);
    assert_eq!(run.json()["files"][0]["status"], "unverified");
    let text = gaen(&world.folder, &["match", "--sightings", "heard.jsonl", "--no-verify", "a.zip"]).stdout;
    assert!(text.contains("  unverified        3 keys  a.zip\n"), "{text}");
    assert_eq!(run.json()["matches"].as_array().unwrap().len(), 4);
}

#[test]
fn a_bare_export_bin_will_do_only_without_verifying() {
    let world = World::new("match_bare");
    let zip = std::fs::read(world.folder.join("a.zip")).unwrap();
    let export = gaen::export::UnverifiedExport::from_zip(&zip, &Default::default()).unwrap();
    world.write("a.bin", export.export_bin());
    let args = |trust| ["match", "--sightings", "heard.jsonl", trust, "--json", "a.bin"];
    let unverified = gaen(&world.folder, &args("--no-verify"));
    assert_eq!((unverified.code, unverified.json()["matches"].as_array().unwrap().len()), (Some(0), 4));
    let refused = gaen(&world.folder, &args("--trust=440-v1=440.pem")).failed(1, &[]).json();
    assert_eq!((&refused["files"][0]["error_code"], &refused["matches"]), (&json!("not_a_zip"), &json!([])));
}

#[test]
fn one_trusted_key_is_enough_unless_all_are_required() {
    let world = World::new("match_trust");
    let trust = ["--trust", "441-v1=441.pem", "--trust", "440-v1=440.pem"];
    let args = |more: &[&'static str]| {
        [&["match", "--sightings", "heard.jsonl"][..], &trust, more, &["--json", "a.zip", "b.zip"]].concat()
    };
    let statuses = |document: &Value| [0, 1].map(|file| document["files"][file]["status"].clone());
    assert_eq!(statuses(&gaen(&world.folder, &args(&[])).ok().json()), ["verified", "verified"]);
    let all = gaen(&world.folder, &args(&["--require-all"])).failed(1, &[]).json();
    assert_eq!(statuses(&all), ["rejected", "verified"]);
    assert_eq!(all["files"][1]["verified_by"], json!(["441-v1", "440-v1"]));
}

#[test]
fn people_are_told_what_was_found() {
    let world = World::new("match_text");
    let text = gaen(&world.folder, &A.iter().copied().filter(|arg| *arg != "--json").collect::<Vec<_>>()).ok().stdout;
    for line in [
        "  verified          3 keys  a.zip\n",
        "Key 01010101010101010101010101010101  2020-04-02 00:00 to 2020-04-03 00:00\n",
        "  2020-04-02 00:50   2642981    -60 dBm        68 dB\n",
        "           1  heard over two hours before or after its key broadcast it\n",
        "\n2 keys matched 4 of 7 sightings.\n",
    ] {
        assert!(text.contains(line), "{line:?} is not in:\n{text}");
    }
    world.write("nothing.jsonl", b"\n");
    let none = gaen(&world.folder, &["match", "--sightings", "nothing.jsonl", "--trust", "440-v1=440.pem", "a.zip"]);
    let none = none.failed(1, &["could not be judged: there are no sightings"]).stdout;
    assert!(none.ends_with("\nCould not be judged: there are no sightings\n"), "{none}");
}

/// Of each way in which nothing can be searched: another thing than that no key matched.
#[test]
fn no_search_is_not_told_as_no_match() {
    let world = World::new("match_not_judged");
    world.write("page.zip", b"<html>not found</html>");
    std::fs::create_dir_all(world.folder.join("empty")).unwrap();
    world.write("nothing.jsonl", b"\n");
    world.write(
        "stranger.jsonl",
        br#"{"rpi":"00112233445566778899aabbccddeeff","aem":"00000000","rssi":-60,"time":1585787400}"#,
    );
    let run = |sightings: &str, files: &[&str], more: &[&str]| {
        gaen(
            &world.folder,
            &[&["match", "--sightings", sightings, "--trust", "440-v1=440.pem"], more, &["--"], files].concat(),
        )
    };
    for (sightings, files, code, reason) in [
        ("stranger.jsonl", &["page.zip"][..], "no_usable_file", "none of the files could be used"),
        ("stranger.jsonl", &["page.zip", "missing.zip"], "no_usable_file", "none of the files could be used"),
        ("stranger.jsonl", &["empty"], "no_usable_file", "none of the files could be used"),
        ("nothing.jsonl", &["a.zip"], "no_sightings", "there are no sightings"),
    ] {
        let text = run(sightings, files, &[]).failed(1, &[]).stdout;
        assert!(
            text.contains(&format!("\nCould not be judged: {reason}\n")) && !text.contains("No key matched"),
            "{text}"
        );
        let document = run(sightings, files, &["--json"]).failed(1, &[]).json();
        let told = ["verdict", "code", "reason"].map(|field| document[field].as_str().unwrap());
        assert_eq!(told, ["not_judged", code, reason]);
    }
    // With one file that was searched, it is told beside what was left out.
    let text =
        run("stranger.jsonl", &["page.zip", "a.zip", "missing.zip"], &[]).failed(1, &["2 of 3 files rejected"]).stdout;
    assert!(text.ends_with("\nNo key matched any of 1 sighting.\n  of 3 files 2 could not be used\n"), "{text}");
    let document = run("stranger.jsonl", &["page.zip", "a.zip"], &["--json"]).failed(1, &[]).json();
    assert_eq!((&document["verdict"], &document["code"]), (&json!("not_matched"), &json!(null)));
    assert_eq!(document["basis"]["files"], json!({ "used": 1, "rejected": 1, "outdated": 0, "awaited": 0 }));
}

#[test]
fn the_profile_is_followed() {
    let world = World::new("match_profile");
    let near: String = world
        .heard()
        .into_iter()
        .map(|mut sighting| {
            sighting["rssi"] = json!(20);
            format!("{sighting}\n")
        })
        .collect();
    world.write("heard.jsonl", near.as_bytes());
    assert_eq!(gaen(&world.folder, A).ok().json()["dropped"], json!({ "clock_window": 1 }));
    let apple = gaen(&world.folder, &[A, &["--profile", "apple"]].concat()).ok().json();
    assert_eq!(apple["dropped"], json!({ "clock_window": 1, "zero_attenuation": 4 }));
    assert_eq!(apple["matches"], json!([]));
}

#[test]
fn fast_finds_the_same_and_counts_less() {
    let world = World::new("match_fast");
    let mut expected = gaen(&world.folder, A).ok().json();
    assert_eq!(expected["dropped"], json!({ "clock_window": 1 }));
    expected["dropped"] = json!({});
    assert_eq!(gaen(&world.folder, &[A, &["--fast"]].concat()).ok().json(), expected);
}

#[test]
fn threads_the_tier_and_what_is_remembered_change_nothing() {
    let world = World::new("match_threads");
    world.write("page.zip", b"<html>not found</html>");
    std::fs::create_dir(world.folder.join("folder")).unwrap();
    // More files than are open at once, good ones and bad ones on both sides of the border.
    let mut files = vec!["b.zip", "page.zip", "missing.zip"];
    files.extend(["missing.zip"; 61]);
    files.extend(["page.zip", "a.zip", "folder", "b.zip", "a.zip"]);
    let run = |more: &[&str]| {
        let args = [&A[..6], &files, more].concat();
        gaen(&world.folder, &args).failed(1, &["65 of 69 files rejected"]).json()
    };
    let expected = run(&["--threads", "1"]);
    let matches = expected["matches"].as_array().unwrap();
    assert_eq!(matches.iter().map(|found| found["file"].clone()).collect::<Vec<_>>(), [65, 65, 65, 65]);
    let codes = [0, 1, 2, 63, 64, 65, 66].map(|file| expected["files"][file]["error_code"].clone());
    let (page, missing) = (json!("not_a_zip"), json!("unreadable_file"));
    assert_eq!(codes, [Value::Null, page.clone(), missing.clone(), missing.clone(), page, Value::Null, missing]);

    assert_eq!(run(&[]), expected);
    for threads in ["2", "4"] {
        assert_eq!(run(&["--threads", threads]), expected);
    }
    for mebibytes in ["0", "1", "1048576"] {
        assert_eq!(run(&["--threads", "1", "--remember", mebibytes]), expected);
        assert_eq!(run(&["--remember", mebibytes]), expected);
    }
    for tier in gaen::matching::Tier::available() {
        assert_eq!(run(&["--tier", tier.name()]), expected);
    }
}

#[test]
fn the_number_of_keys_is_limited() {
    let world = World::new("match_max_keys");
    let args = |keys| [A, &["b.zip", "--max-keys", keys]].concat();
    gaen(&world.folder, &args("3")).ok();
    let document = gaen(&world.folder, &args("2")).failed(1, &["1 of 2 files rejected"]).json();
    let errors = [0, 1].map(|file| document["files"][file]["error_code"].clone());
    assert_eq!(errors, [json!("too_many_keys"), Value::Null]);
    let text = document["files"][0]["error"].as_str().unwrap();
    assert!(text.ends_with("more than 2 keys (keys); --max-keys accepts more"), "{text}");

    let verify = ["verify", "--trust=440-v1=440.pem", "--json", "--max-keys=2", "a.zip"];
    let verified = gaen(&world.folder, &verify).failed(1, &[]).json();
    assert_eq!(verified["files"][0], document["files"][0], "with the hash that tells which file it is");
}

/// What cannot be sought in is read into memory.
#[cfg(unix)]
#[test]
fn a_file_may_come_through_a_pipe() {
    let world = World::new("match_pipe");
    let zip = std::fs::read(world.folder.join("a.zip")).unwrap();
    let bin = gaen::export::UnverifiedExport::from_zip(&zip, &Default::default()).unwrap().export_bin().to_vec();
    let mut expected = gaen(&world.folder, A).ok().json();
    expected["files"][0]["path"] = json!("/dev/stdin");

    let piped = [&A[..6], &["/dev/stdin"]].concat();
    assert_eq!(gaen_with_input(&world.folder, &piped, &zip).ok().json(), expected);
    let verify = ["verify", "--trust=440-v1=440.pem", "--json", "/dev/stdin"];
    assert_eq!(gaen_with_input(&world.folder, &verify, &zip).ok().json()["files"], expected["files"]);

    let bare = ["match", "--sightings", "heard.jsonl", "--no-verify", "--json", "/dev/stdin"];
    assert_eq!(gaen_with_input(&world.folder, &bare, &bin).json()["matches"], expected["matches"]);
    let refused = gaen_with_input(&world.folder, &piped, &bin).failed(1, &[]).json();
    let sha256 = &expected["files"][0]["export_sha256"];
    assert_eq!(
        (&refused["files"][0]["error_code"], &refused["files"][0]["export_sha256"]),
        (&json!("not_a_zip"), sha256)
    );
    let cut = gaen_with_input(&world.folder, &piped, &zip[..zip.len() - 1]).failed(1, &[]).json();
    assert_eq!(cut["files"][0]["error_code"], "zip_damaged");
}

/// The first command of the README, on the files that are committed with it.
#[test]
fn the_demo_finds_what_the_readme_shows() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let command = "match --sightings demo/sightings.jsonl --trust 440-v1=demo/440-v1.pem demo/day-1.zip demo/day-2.zip";
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    assert!(readme.contains(&format!("cargo run --release -p gaen-cli --no-default-features -- {command}\n")));

    let printed = gaen(root, &command.split(' ').collect::<Vec<_>>()).ok().stdout;
    let after = readme.split_once(command).unwrap().1;
    let shown = after.split("```text\n").nth(1).and_then(|block| block.split("```").next()).unwrap();
    assert!(shown.lines().count() >= 8, "{shown}");
    let mut lines = printed.lines();
    for line in shown.lines().filter(|line| *line != "...") {
        assert!(lines.any(|printed| printed == line), "{line:?} is not in: {printed}");
    }
    let json = command.replacen("match", "match --json", 1);
    let report = gaen(root, &json.split(' ').collect::<Vec<_>>()).ok().json();
    assert_eq!(report["matches"].as_array().unwrap().len(), 9);
    assert_eq!(report["dropped"], json!({"clock_window": 1, "replay": 1, "aem_length": 1, "power": 1}));
}
