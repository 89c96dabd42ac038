//! `gaen derive`, `gaen frame`, `gaen self-test` and `gaen completions`.

use std::fs;

use serde_json::{Value, json};

use crate::{folder, gaen, gaen_with_input};

const DERIVE: [&str; 5] = ["derive", "--tek", "75c734c6dd1a782de7a965da5eb93125", "--start", "2642976"];
const RPI: &str = "8be6cd371c5c891604bfbe49df845096";
const AEM: &str = "72033874";

#[test]
fn the_official_vector_is_derived() {
    let folder = folder("derive");
    let derived = gaen(&folder, &[&DERIVE[..], &["--metadata", "40080000", "--json"]].concat()).ok().json();
    let rpis = derived["rpis"].as_array().unwrap();
    assert_eq!(rpis.len(), 144);
    assert_eq!(rpis[0], json!({ "interval": 2_642_976, "rpi": RPI, "aem": AEM }));
    assert_eq!(
        rpis[143],
        json!({ "interval": 2_643_119, "rpi": "f431b62ecf443102ce4ed0407de54bd4", "aem": "1215e57e" })
    );
    let keys = json!({
        "tek": "75c734c6dd1a782de7a965da5eb93125", "rolling_start_interval_number": 2_642_976, "rolling_period": 144,
        "rpik": "185ad91db69ec7dd048960f1f3ba6175", "aemk": "d57c46af7a1d83965b9bed8bd152936a", "rpis": rpis,
    });
    assert_eq!(derived, keys);

    let short = gaen(&folder, &[&DERIVE[..], &["--period", "1", "--json"]].concat()).ok().json();
    assert_eq!(short["rpis"], json!([{ "interval": 2_642_976, "rpi": RPI, "aem": null }]));

    let text = gaen(&folder, &[&DERIVE[..], &["--metadata", "40080000"]].concat()).ok().stdout;
    assert!(text.contains(&format!("2642976     2020-04-02 00:00  {RPI}  {AEM}\n")), "{text}");
}

#[test]
fn frames_round_trip() {
    let folder = folder("frame");
    for (platform, length) in [("ios", 31), ("android", 28)] {
        let encode = ["frame", "encode", "--rpi", RPI, "--aem", AEM, "--platform", platform];
        let frame = gaen(&folder, &encode).ok().stdout;
        let frame = frame.trim_end();
        assert_eq!(frame.len(), 2 * length);
        let encoded = gaen(&folder, &[&encode[..], &["--json"]].concat()).ok().json();
        assert_eq!(encoded, json!({ "frame": frame, "length": length }));

        let form = "advertisement";
        let decoded = json!({ "rpi": RPI, "aem": AEM, "platform": platform, "rssi": Value::Null, "form": form });
        let bytes: Vec<_> = (0..length).map(|byte| &frame[2 * byte..2 * byte + 2]).collect();
        for strict in [&["--strict", "--json"][..], &["--json"]] {
            for hex in [&[frame][..], &[&bytes.join(":")], &bytes] {
                let args = [&["frame", "decode"], strict, hex].concat();
                assert_eq!(gaen(&folder, &args).ok().json(), decoded);
            }
        }
    }
}

#[test]
fn other_advertisements_are_decoded_unless_strict() {
    let folder = folder("frame_other");
    let advertisement = format!("02 0a 04 15 16 6f fd {RPI} 09 09");
    let decoded = gaen(&folder, &["frame", "decode", "--json", &advertisement]).ok().json();
    assert_eq!(
        decoded,
        json!({ "rpi": RPI, "aem": "0909", "platform": Value::Null, "rssi": Value::Null, "form": "advertisement" })
    );
    gaen(&folder, &["frame", "decode", "--strict", &advertisement])
        .failed(1, &["28 bytes (Android) or 31 bytes (iOS)"]);
    gaen(&folder, &["frame", "decode", "0201"]).failed(1, &["2 bytes, 1 are left"]);
}

#[test]
fn what_tools_capture_is_decoded() {
    let folder = folder("frame_captures");
    let android = format!("03036ffd17166ffd{RPI}{AEM}");
    let pairs: Vec<_> = (0..28).map(|byte| &android[2 * byte..2 * byte + 2]).collect();
    let spaced = pairs.join(" ");
    let event = format!("04 3E 28 02 01 03 01 A1 A2 A3 A4 A5 A6 1C {spaced} C4");
    let extended =
        format!("3E 36 0D 01 10 00 01 A1 A2 A3 A4 A5 A6 01 00 FF 7F C4 00 00 00 00 00 00 00 00 00 1C {spaced}");
    for (text, platform, form, rssi) in [
        (event.clone(), json!("android"), "hci_event", json!(-60)),
        (format!("> {event}"), json!("android"), "hci_event", json!(-60)),
        (event.replacen("04 ", "", 1), json!("android"), "hci_event", json!(-60)),
        (event.replace(" C4", " 7F"), json!("android"), "hci_event", Value::Null),
        (extended, json!("android"), "hci_event", json!(-60)),
        (format!("0x{}", android.to_uppercase()), json!("android"), "advertisement", Value::Null),
        (format!("{{0x{}}}", pairs.join(", 0x")), json!("android"), "advertisement", Value::Null),
        (pairs.join("-"), json!("android"), "advertisement", Value::Null),
        (format!("{RPI}{AEM}"), Value::Null, "service_data", Value::Null),
        (format!("6ffd {RPI}{AEM}"), Value::Null, "service_data", Value::Null),
    ] {
        let decoded = gaen(&folder, &["frame", "decode", "--json", &text]).ok().json();
        let expected = json!({ "rpi": RPI, "aem": AEM, "platform": platform, "rssi": rssi, "form": form });
        assert_eq!(decoded, expected, "{text}");
    }
    let text = gaen(&folder, &["frame", "decode", &event]).ok().stdout;
    assert_eq!(text, format!("RPI       {RPI}\nAEM       {AEM}\nPlatform  Android\nRSSI      -60 dBm\n"));
    for (text, what) in [
        (event.replace(" 02 01 03", " 02 02 03"), "an HCI event with 2 advertising reports"),
        (event[..60].to_owned(), "an HCI event that says 40 bytes follow"),
        ("04 0e 04 01 0c 20 00".to_owned(), "an HCI event of code 0x0e"),
        (RPI.to_owned(), "an identifier alone"),
    ] {
        gaen(&folder, &["frame", "decode", &text]).failed(1, &[what]);
    }
}

#[test]
fn people_are_told_what_was_decoded() {
    let folder = folder("frame_text");
    let frame = |platform| {
        let encode = ["frame", "encode", "--rpi", RPI, "--aem", AEM, "--platform", platform];
        gaen(&folder, &encode).ok().stdout.trim_end().to_owned()
    };
    for (advertisement, platform) in [
        (frame("ios"), "iOS"),
        (frame("android"), "Android"),
        (format!("020a041716 6ffd{RPI}{AEM}"), "neither iOS's nor Android's layout"),
    ] {
        let text = gaen(&folder, &["frame", "decode", &advertisement]).ok().stdout;
        assert_eq!(text, format!("RPI       {RPI}\nAEM       {AEM}\nPlatform  {platform}\n"));
    }
}

#[test]
fn the_self_test_passes() {
    let text = gaen(&folder("self_test"), &["self-test"]).ok().stdout;
    assert_eq!(text, concat!("gaen ", env!("CARGO_PKG_VERSION"), "  ok\n"));
}

#[test]
fn the_self_test_lists_by_whose_word_its_answers_are() {
    let text = gaen(&folder("self_test_verbose"), &["self-test", "-v"]).ok().stdout;
    let rows: Vec<_> = text.lines().skip(1).map(|line| line.split_whitespace().take(2).collect::<Vec<_>>()).collect();
    let counted = [
        ["official_vectors", "18"],
        ["another_tool", "1"],
        ["google_code", "8"],
        ["apple_code", "4"],
        ["documents", "1"],
        ["ours", "2"],
    ];
    assert_eq!(rows, counted, "{text}");
}

/// A file of the conformance kit, and its revisions, through the line protocol: an answer a line, in the order of
/// requests.
#[test]
fn requests_of_the_conformance_kit_are_answered() {
    let cases = concat!(env!("CARGO_MANIFEST_DIR"), "/../../test-vectors/exposures/cases");
    let file = |name: &str| -> Value {
        serde_json::from_str(&fs::read_to_string(format!("{cases}/{name}.json")).unwrap()).unwrap()
    };
    let (mut requests, mut expected) = (String::new(), Vec::new());
    let acceptance = file("acceptance");
    for case in acceptance["cases"].as_array().unwrap() {
        let mut request = case.clone();
        request["format"] = acceptance["format"].clone();
        request["configuration"] = acceptance["configurations"][case["configuration"].as_str().unwrap()].clone();
        request["rule"] = acceptance["rules"][case["rule"].as_str().unwrap()].clone();
        expected.push(request.as_object_mut().unwrap().remove("expected").unwrap());
        requests += &format!("{request}\n");
    }
    let revisions = file("revisions");
    for case in revisions["cases"].as_array().unwrap() {
        let mut request = case.clone();
        request["format"] = revisions["format"].clone();
        expected.push(case["steps"].as_array().unwrap().iter().map(|step| step["expected"].clone()).collect());
        requests += &format!("{request}\n");
    }
    // From a file, as nobody reads answers while a pipe is filled.
    let folder = folder("self_test_answer");
    fs::write(folder.join("requests.jsonl"), requests).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_gaen"))
        .args(["self-test", "--answer"])
        .stdin(fs::File::open(folder.join("requests.jsonl")).unwrap())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let lines = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(answers.len() > 150);
    assert_eq!(doubles(answers), doubles(expected));
}

/// 1350 and 1350.0 are one number of the kit.
fn doubles(values: Vec<Value>) -> Vec<Value> {
    let double = |value| match value {
        Value::Number(number) => number.as_f64().into(),
        Value::Array(values) => doubles(values).into(),
        Value::Object(fields) => {
            let (names, values): (Vec<_>, Vec<_>) = fields.into_iter().unzip();
            names.into_iter().zip(doubles(values)).collect()
        }
        other => other,
    };
    values.into_iter().map(double).collect()
}

/// What was answered before stays; the line that is none ends it.
#[test]
fn a_request_that_is_none_is_named_with_its_line() {
    let folder = folder("self_test_requests");
    let good = r#"{"format": 2, "recursive_enabled": false, "report_type_when_missing": 1, "steps": []}"#;
    for (bad, why) in [
        ("{", "EOF while parsing"),
        (r#"{"format": 3}"#, "format 3: only format 2 is known"),
        (r#"{"format": 2}"#, "missing field `profile`"),
        (r#"{"format": 2, "profile": "apple_v3"}"#, "unknown variant `apple_v3`"),
        (r#"{"format": 2, "steps": 1}"#, "expected a sequence"),
    ] {
        let run = gaen_with_input(&folder, &["self-test", "--answer"], format!("{good}\n{bad}\n{good}\n"));
        assert_eq!(run.stdout, "[]\n");
        run.failed(1, &["standard input, line 2: ", why]);
    }
    let endless = gaen_with_input(&folder, &["self-test", "--answer"], vec![b' '; (16 << 20) + 1]);
    endless.failed(1, &["line 1: longer than 16777216 bytes"]);
}

#[test]
fn there_are_completions_for_every_shell() {
    let folder = folder("completions");
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = gaen(&folder, &["completions", shell]).ok().stdout;
        assert!(script.contains("--no-verify") || script.contains("no-verify"), "{shell}");
    }
}
