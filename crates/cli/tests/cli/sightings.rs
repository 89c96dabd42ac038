//! Malformed sightings are refused by file, line and field, and nothing is done with the good ones.

use crate::gaen;
use crate::world::World;

fn refused(name: &str, sightings: &[u8], mentions: &[&str]) {
    let world = World::new(name);
    world.write("bad.txt", sightings);
    let args = [
        "match",
        "--sightings",
        "heard.jsonl",
        "--sightings",
        "bad.txt",
        "--trust",
        "440-v1=440.pem",
        "--json",
        "a.zip",
    ];
    let run = gaen(&world.folder, &args).failed(1, mentions);
    assert_eq!(run.stdout, "", "nothing half done");
}

#[test]
fn fields_of_json_lines() {
    const RPI: &str = r#""rpi":"00112233445566778899aabbccddeeff""#;
    for (number, (line, mentions)) in [
        (r#"{"aem":"00","rssi":-1,"time":1606989605}"#.to_owned(), "no rpi, found aem, rssi, time"),
        (
            format!(r#"{{{RPI},"aem":"","rssi":-1,"time":1606989605,"previousScan":1606989305}}"#),
            "no previous_scan, found previousScan",
        ),
        (
            r#"{"rpi":"0011","aem":"00","rssi":-1,"time":1606989605}"#.to_owned(),
            r#"rpi is "0011": 2 bytes, expected 16"#,
        ),
        (
            format!(r#"{{{RPI},"aem":"0x12","rssi":-1,"time":1606989605}}"#),
            r#"aem is "0x12": 'x' is not a hexadecimal digit"#,
        ),
        (format!(r#"{{{RPI},"aem":"012","rssi":-1,"time":1606989605}}"#), "no whole number of bytes"),
        (format!(r#"{{{RPI},"aem":7,"rssi":-1,"time":1606989605}}"#), "aem is 7: expected a text"),
        (format!(r#"{{{RPI},"aem":"","rssi":-129,"time":1606989605}}"#), "rssi -129 is not from -127 to 20 dBm"),
        (
            format!(r#"{{{RPI},"aem":"","rssi":"-60","time":1606989605}}"#),
            r#"rssi is "-60": expected a whole number, not a text"#,
        ),
        (
            format!(r#"{{{RPI},"aem":"","rssi":-60.0,"time":1606989605}}"#),
            "rssi is -60.0: expected a whole number, without a",
        ),
        (format!(r#"{{{RPI},"aem":"","rssi":null,"time":1606989605}}"#), "rssi is null: expected a whole number\n"),
        (format!(r#"{{{RPI},"aem":"","rssi":127,"time":1606989605}}"#), "rssi 127 is Bluetooth's \"not available\""),
        (
            format!(r#"{{{RPI},"aem":"","rssi":0,"time":1606989605}}"#),
            "rssi 0 is what programs write for \"not known\"",
        ),
        (format!(r#"{{{RPI},"aem":"","rssi":21,"time":1606989605}}"#), "rssi 21 is not from -127 to 20 dBm"),
        (format!(r#"{{{RPI},"aem":"","rssi":-128,"time":1606989605}}"#), "rssi -128 is not from -127 to 20 dBm"),
        (format!(r#"{{{RPI},"aem":"","rssi":196,"time":1606989605}}"#), "20 dBm: -60 as an unsigned byte?"),
        (
            format!(r#"{{{RPI},"aem":"","rssi":-6,"time":1606989605000}}"#),
            "time 1606989605000 is in the year 52893: milliseconds?",
        ),
        (format!(r#"{{{RPI},"aem":"","rssi":-6,"time":2678316}}"#), "an interval number of ten minutes?"),
        (format!(r#"{{{RPI},"aem":"","rssi":-6,"time":0}}"#), "time 0 is in the year 1970, but"),
        (
            format!(r#"{{{RPI},"aem":"","rssi":-6,"time":1606989605,"previous_scan":1606989305000}}"#),
            "previous_scan 1606989305000 is in the year 52893: milliseconds?",
        ),
        (format!(r#"{{{RPI},"aem":"","rssi":-6,"time":1.5}}"#), "time is 1.5: expected a whole number"),
        (format!(r#"{{{RPI},"aem":"","rssi":-6,"time":null}}"#), "time is null: expected a whole number"),
        (format!(r#"{{{RPI},"aem":"","rssi":-6,"time":1606989605,"previous_scan":-1}}"#), "previous_scan is -1"),
        (format!(r#"{{{RPI},"aem":""#), "not a JSON object"),
        ("[1]".to_owned(), "not a JSON object: [1]"),
        (format!("\"{}\"", "x".repeat(1000)), &format!("not a JSON object: \"{}...\n", "x".repeat(59))),
        ("\u{1b}[2J".to_owned(), "not a JSON object"),
    ]
    .into_iter()
    .enumerate()
    {
        let good = format!(r#"{{{RPI},"aem":"00000000","rssi":-6,"time":1606989605,"unknown":[]}}"#);
        let name = format!("sightings_json_{number}");
        refused(&name, format!("{good}\n\n  \n{line}\n{good}").as_bytes(), &["bad.txt, line 4: ", mentions]);
    }
}

#[test]
fn fields_of_csv() {
    const RPI: &str = "00112233445566778899aabbccddeeff";
    for (number, (row, mentions)) in [
        (format!("{RPI},00,-200,1606989605"), "rssi -200 is not from -127 to 20 dBm"),
        (format!("{RPI},00,-60.0,1606989605"), r#"rssi is "-60.0": expected a whole number, without a decimal point"#),
        (format!("{RPI},00,-20,1606989605000"), "time 1606989605000 is in the year 52893: milliseconds?"),
        (format!("{RPI},00,,1606989605"), r#"rssi is "": expected a whole number"#),
        (format!("{RPI},00,-20"), "3 fields, but the header has 4"),
        ("\u{1b}[2J,00,-20,1606989605".to_owned(), r"rpi is "),
    ]
    .into_iter()
    .enumerate()
    {
        let csv = format!("rpi,aem,rssi,time\n\n{RPI},,-20,1606989605\n\r\n  \n\n{row}\n{RPI},00,+20,1606989605");
        refused(&format!("sightings_csv_{number}"), csv.as_bytes(), &["bad.txt, line 7: ", mentions]);
    }
}

#[test]
fn other_things_than_sightings() {
    refused("sightings_header", b"\nrpi,aem,rssi\n", &["bad.txt, line 2: ", "no time, found rpi, aem, rssi"]);
    let csv = b"rpi,aem,rssi,time,Previous-Scan\n00112233445566778899aabbccddeeff,,-20,1606989605,1606989305";
    refused("sightings_names", csv, &["bad.txt, line 2: ", "no previous_scan, found Previous-Scan"]);
    refused("sightings_array", b"[{}]", &["bad.txt, line 1: ", "a JSON array"]);
    refused("sightings_mac", b"rpi,aem,rssi,time\r00,00,-1,1\n", &["line 1: a carriage return in the line"]);
    refused("sightings_utf16", b"\xff\xfe{\0", &["bad.txt, line 1: not UTF-8 text"]);
    refused("sightings_binary", b"rpi,aem,rssi,time\n\xff", &["bad.txt, line 2: ", "not UTF-8 text"]);
    refused("sightings_prose", b"It was a dark night.", &["bad.txt, line 1: the CSV header has no rpi, found It was"]);
}

/// A previous scan after its own sighting, or hours before, is what a clock shows that was set; 0 is Google's
/// "unknown".
#[test]
fn what_a_clock_may_have_shown_is_no_fault() {
    let world = World::new("sightings_clocks");
    let line = |previous: u64| {
        format!(r#"{{"rpi":"{:032x}","aem":"00","rssi":-127,"time":1606989605,"previous_scan":{previous}}}"#, previous)
    };
    let lines = [0, 1_606_989_606, 1_606_900_000, 1_577_836_800].map(line).join("\n");
    world.write("clocks.jsonl", lines.as_bytes());
    let args = ["match", "--sightings", "clocks.jsonl", "--trust", "440-v1=440.pem", "a.zip"];
    assert!(gaen(&world.folder, &args).ok().stdout.ends_with("of 4 sightings.\n"));
}

/// What is imported is checked like what is searched, and then there is no store.
#[test]
fn a_store_is_not_given_what_cannot_be() {
    let world = World::new("sightings_import");
    let line = r#"{"rpi":"00112233445566778899aabbccddeeff","aem":"00","rssi":-6,"time":1606989605000}"#;
    world.write("bad.txt", line.as_bytes());
    let run = gaen(&world.folder, &["store", "import", "gaen.db", "bad.txt"]);
    run.failed(1, &["bad.txt, line 1: time 1606989605000 is in the year 52893: milliseconds?"]);
    assert!(!world.folder.join("gaen.db").exists());
}

/// A line without an end and a pipe without an end are refused in little memory, and so is a key without an end.
#[cfg(target_os = "linux")]
#[test]
fn what_has_no_end_is_refused_in_little_memory() {
    let world = World::new("sightings_endless");
    let limited = |script: &str| {
        let script = format!("ulimit -v 98304; {script}");
        let run = std::process::Command::new("bash")
            .args(["-c", &script])
            .current_dir(&world.folder)
            .env("GAEN", env!("CARGO_BIN_EXE_gaen"))
            .output()
            .unwrap();
        (run.status.code(), String::from_utf8(run.stderr).unwrap())
    };
    let trust = "--trust 440-v1=440.pem a.zip --threads 1";
    let row = r#"{"rpi":"00112233445566778899aabbccddeeff","aem":"00","rssi":-6,"time":1606989605}"#;
    for (script, code, mentions) in [
        (format!("$GAEN match --sightings /dev/zero {trust}"), 1, "/dev/zero, line 1: longer than 65,536 bytes"),
        (format!("tr '\\0' x < /dev/zero | $GAEN match --sightings - {trust}"), 1, "line 1: longer than 65,536 bytes"),
        (
            format!("yes '' | $GAEN match --sightings - --max-sightings 1000 {trust}"),
            1,
            "standard input, line 1001: over 1,000 lines; --max-sightings accepts more",
        ),
        (format!("yes '{row}' | $GAEN store import gaen.db - --max-sightings 9999"), 1, "line 10000: over 9,999 lines"),
        ("$GAEN match --sightings heard.jsonl --trust 440-v1=/dev/zero a.zip".to_owned(), 2, "over 65536 bytes"),
    ] {
        let (found, error) = limited(&script);
        assert!(found == Some(code) && error.contains(mentions), "{script}: {found:?} {error}");
    }
}
