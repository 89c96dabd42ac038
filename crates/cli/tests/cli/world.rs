//! A small world: two health authorities, an export of three keys, and what a phone has heard of their owners.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use gaen::export::{ExportBuilder, Signer};
use gaen::keys::BluetoothMetadata;
use gaen::time::RollingPeriod;
use gaen::{DiagnosisKey, EnIntervalNumber, RollingWindow};
use serde_json::{Value, json};

pub(crate) const START: u32 = 2_642_976;

pub(crate) struct World {
    pub(crate) folder: PathBuf,
    pub(crate) keys: Vec<DiagnosisKey>,
}

impl World {
    /// Writes `a.zip`, signed by `440-v1`, and `b.zip` of the last key, signed by both `440-v1` and `441-v1`; the
    /// public keys `440.pem` and `441.pem`; and `heard.jsonl`.
    pub(crate) fn new(name: &str) -> Self {
        let world = Self { folder: crate::folder(name), keys: (1..=3).map(key).collect() };
        let mut rng = rand::rng();
        let signers = ["440", "441"].map(|id| Signer::generate(id, "v1", &mut rng));
        for (signer, name) in signers.iter().zip(["440.pem", "441.pem"]) {
            world.write(name, signer.public_key().to_pem().unwrap().as_bytes());
        }
        let export =
            |keys: &[DiagnosisKey]| ExportBuilder::new("440", 1_585_785_600, 1_585_872_000).keys(keys.to_vec());
        let a = export(&world.keys).build(&signers[..1], &mut rng).unwrap();
        let b = export(&world.keys[2..]).build(&signers, &mut rng).unwrap();
        world.write("a.zip", &a[0].zip);
        world.write("b.zip", &b[0].zip);
        world.write("heard.jsonl", world.heard_jsonl().as_bytes());
        world
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.folder.join(name), bytes).unwrap();
    }

    /// Key 1 is heard three times, key 2 once; key 3 too late; and two strangers are heard.
    pub(crate) fn heard(&self) -> Vec<Value> {
        let [first, second, third] = self.keys[..] else { panic!("three keys") };
        vec![
            stranger(0xaa),
            heard(&first, 5, 30, -60),
            heard(&second, 143, 0, -70),
            heard(&first, 4, 10, -50),
            heard(&third, 0, 600 * 13, -50),
            heard(&first, 5, 100, -61),
            stranger(0xbb),
        ]
    }

    pub(crate) fn heard_jsonl(&self) -> String {
        self.heard().iter().map(|sighting| format!("{sighting}\n")).collect()
    }

    /// The same with the columns in another order, a byte order mark, blank lines and Windows line ends.
    pub(crate) fn heard_csv(&self) -> String {
        let mut csv = "\u{feff}\r\nrssi, time,previous_scan,rpi,note,aem\r\n".to_owned();
        for sighting in self.heard() {
            let text = |name: &str| sighting[name].as_str().map_or_else(|| number(&sighting[name]), str::to_owned);
            let [rssi, time, previous, rpi, aem] = ["rssi", "time", "previous_scan", "rpi", "aem"].map(text);
            write!(csv, "{rssi},{time}, {previous},{},\"a, b\",{aem}\r\n\r\n", rpi.to_uppercase()).unwrap();
        }
        csv
    }
}

fn number(value: &Value) -> String {
    if value.is_null() { String::new() } else { value.to_string() }
}

fn key(number: u8) -> DiagnosisKey {
    let window = RollingWindow::new(EnIntervalNumber::new(START), RollingPeriod::FULL_DAY).unwrap();
    DiagnosisKey::new([number; 16], window)
}

/// This key's identifier of an interval, heard so many seconds after the interval began.
fn heard(key: &DiagnosisKey, offset: u32, seconds: u64, rssi: i8) -> Value {
    let interval = EnIntervalNumber::new(START + offset);
    let rpi = key.identifier_key().identifier(interval);
    let aem = key.metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(8));
    let time = interval.unix_seconds() + seconds;
    json!({ "rpi": rpi, "aem": aem, "rssi": rssi, "time": time, "previous_scan": time - 200 })
}

fn stranger(byte: u8) -> Value {
    json!({ "rpi": format!("{byte:02x}").repeat(16), "aem": "00000000", "rssi": -80, "time": 1_585_785_700, "previous_scan": null })
}
