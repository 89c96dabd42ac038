//! Malformed sightings are refused by file, line and field, and nothing is done with the good ones.

use crate::gaen;
use crate::world::World;

fn refused(name: &str, sightings: &[u8], mentions: &[&str]) {
    let world = World::new(name);
    world.write("bad.txt", sightings);
    let args = ["match", "--sightings", "heard.jsonl", "bad.txt", "--trust", "440-v1=440.pem", "--json", "a.zip"];
    let run = gaen(&world.folder, &args).failed(1, mentions);
    assert_eq!(run.stdout, "", "nothing half done");
}

#[test]
fn fields_of_json_lines() {
    const RPI: &str = r#""rpi":"00112233445566778899aabbccddeeff""#;
    for (number, (line, mentions)) in [
        (r#"{"aem":"00","rssi":-1,"time":1}"#.to_owned(), "no rpi, found aem, rssi, time"),
        (r#"{"rpi":"0011","aem":"00","rssi":-1,"time":1}"#.to_owned(), r#"rpi is "0011": 2 bytes, expected 16"#),
        (format!(r#"{{{RPI},"aem":"0x12","rssi":-1,"time":1}}"#), r#"aem is "0x12": 'x' is not a hexadecimal digit"#),
        (format!(r#"{{{RPI},"aem":"012","rssi":-1,"time":1}}"#), "no whole number of bytes"),
        (format!(r#"{{{RPI},"aem":7,"rssi":-1,"time":1}}"#), "aem is 7: expected a text"),
        (
            format!(r#"{{{RPI},"aem":"","rssi":-129,"time":1}}"#),
            "rssi is -129: expected a whole number from -128 to 127",
        ),
        (format!(r#"{{{RPI},"aem":"","rssi":"-60","time":1}}"#), r#"rssi is "-60": expected a whole number"#),
        (format!(r#"{{{RPI},"aem":"","rssi":-6,"time":1.5}}"#), "time is 1.5: expected a whole number"),
        (format!(r#"{{{RPI},"aem":"","rssi":-6,"time":null}}"#), "time is null: expected a whole number"),
        (format!(r#"{{{RPI},"aem":"","rssi":-6,"time":1,"previous_scan":-1}}"#), "previous_scan is -1"),
        (format!(r#"{{{RPI},"aem":""#), "not a JSON object"),
        ("[1]".to_owned(), "not a JSON object: [1]"),
        (format!("\"{}\"", "x".repeat(1000)), &format!("not a JSON object: \"{}...\n", "x".repeat(59))),
        ("\u{1b}[2J".to_owned(), "not a JSON object"),
    ]
    .into_iter()
    .enumerate()
    {
        let good = format!(r#"{{{RPI},"aem":"00000000","rssi":-6,"time":1,"unknown":[]}}"#);
        let name = format!("sightings_json_{number}");
        refused(&name, format!("{good}\n\n  \n{line}\n{good}").as_bytes(), &["bad.txt, line 4: ", mentions]);
    }
}

#[test]
fn fields_of_csv() {
    const RPI: &str = "00112233445566778899aabbccddeeff";
    for (number, (row, mentions)) in [
        (format!("{RPI},00,-200,1"), r#"rssi is "-200": expected a whole number from -128 to 127"#),
        (format!("{RPI},00,,1"), r#"rssi is "": expected a whole number"#),
        (format!("{RPI},00,-20"), "3 fields, but the header has 4"),
        ("\u{1b}[2J,00,-20,1".to_owned(), r"rpi is "),
    ]
    .into_iter()
    .enumerate()
    {
        let csv = format!("rpi,aem,rssi,time\n\n{RPI},,-20,1\n\r\n  \n\n{row}\n{RPI},00,-20,1");
        refused(&format!("sightings_csv_{number}"), csv.as_bytes(), &["bad.txt, line 7: ", mentions]);
    }
}

#[test]
fn other_things_than_sightings() {
    refused("sightings_header", b"\nrpi,aem,rssi\n", &["bad.txt, line 2: ", "no time, found rpi, aem, rssi"]);
    refused("sightings_array", b"[{}]", &["bad.txt, line 1: ", "a JSON array"]);
    refused("sightings_binary", b"{}\n\xff", &["bad.txt, line 2: ", "not UTF-8 text"]);
    refused("sightings_prose", b"It was a dark night.", &["bad.txt, line 1: the CSV header has no rpi, found It was"]);
}
