//! Makes the files in `demo/`: two days of keys of an imaginary region, what an imaginary phone heard meanwhile, and
//! its log of having checked them.
//!
//! ```text
//! cargo run --example make_demo
//! ```
//!
//! Always the same files: every random number comes from one seed, and the key that signs them is for nothing else.

use std::fmt::Write;
use std::path::Path;

use gaen::export::{ExportBuilder, Signer};
use gaen::keys::{BluetoothMetadata, DaysSinceOnset, ReportType, TransmissionRiskLevel};
use gaen::time::RollingPeriod;
use gaen::{DiagnosisKey, EnIntervalNumber, RollingProximityIdentifier, RollingWindow};
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, RngExt, SeedableRng};

const DAY: u64 = 86_400;
const FIRST_DAY: u64 = 1_601_078_400; // 2020-09-26 00:00 UTC

struct Heard {
    rpi: RollingProximityIdentifier,
    aem: Vec<u8>,
    rssi: i8,
    time: u64,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut rng = StdRng::seed_from_u64(20_200_926);
    let signer = Signer::generate("440", "v1", &mut rng);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("440-v1.pem"), signer.public_key().to_pem()?)?;

    let days = [FIRST_DAY, FIRST_DAY + DAY].map(|start| (start, keys(start, &mut rng)));
    let signers = [signer];
    let mut hashes = Vec::new();
    for (number, (start, keys)) in days.iter().enumerate() {
        let builder = ExportBuilder::new("440", *start, start + DAY).keys(keys.iter().copied());
        let file = builder.build(&signers, &mut rng)?.remove(0);
        std::fs::write(folder.join(format!("day-{}.zip", number + 1)), file.zip)?;
        hashes.push(file.export_sha256);
    }
    std::fs::write(folder.join("log.json"), log(&hashes))?;

    let [(_, first), (_, second)] = &days;
    let mut heard = Vec::new();
    // Half an hour over lunch with the owner of one key, five minutes apart.
    for step in 0..6 {
        heard.push(meet(&first[3], FIRST_DAY + 12 * 3600 + step * 300, -12, -58 - rng.random_range(0..6), 4));
    }
    // Somebody on the same train the next morning, and again in the evening.
    for time in [8 * 3600 + 700, 8 * 3600 + 1000, 18 * 3600 + 200] {
        heard.push(meet(&second[17], FIRST_DAY + DAY + time, -20, -84, 4));
    }
    // What does not count: an identifier replayed four hours later, one still heard half an hour after its first
    // sighting, a power that no phone has, metadata of the wrong length.
    let noon = FIRST_DAY + 12 * 3600;
    heard.push(Heard { time: noon + 4 * 3600, ..meet(&first[3], noon, -12, -60, 4) });
    heard.push(Heard { time: noon + 1800, ..meet(&first[3], noon, -12, -60, 4) });
    heard.push(meet(&first[5], noon + 3600, 40, -60, 4));
    heard.push(meet(&second[2], FIRST_DAY + DAY + 3600, -12, -60, 3));
    // Everybody else, who is well.
    for _ in 0..480 {
        let mut bytes = [0; 20];
        rng.fill_bytes(&mut bytes);
        let (rpi, aem) = (bytes[..16].try_into()?, bytes[16..].to_vec());
        let (rssi, time) = (-rng.random_range(45..95), FIRST_DAY + rng.random_range(7 * 3600..2 * DAY));
        heard.push(Heard { rpi: RollingProximityIdentifier::from_bytes(rpi), aem, rssi, time });
    }
    heard.shuffle(&mut rng);
    heard.sort_by_key(|heard| heard.time);

    let mut lines = String::new();
    for Heard { rpi, aem, rssi, time } in heard {
        let aem = aem.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let previous_scan = time - 300;
        writeln!(
            lines,
            r#"{{"rpi":"{rpi}","aem":"{aem}","rssi":{rssi},"time":{time},"previous_scan":{previous_scan}}}"#
        )?;
    }
    std::fs::write(folder.join("sightings.jsonl"), lines)?;
    println!("made {}", folder.display());
    Ok(())
}

/// The log of exposure checks of an iPhone. It checked both files on two days in a row and found the same match twice;
/// on the second day there was a third file, which is not in `demo/`.
fn log(hashes: &[[u8; 32]]) -> String {
    let file = |(position, hash): (usize, &[u8; 32]), day: u32| {
        let hash: String = hash.iter().map(|byte| format!("{byte:02X}")).collect();
        let (matches, keys) = (u32::from(position < 1), if position < 2 { 120 } else { 7 });
        format!(
            r#"        {{
          "Hash" : "{hash}",
          "MatchCount" : {matches},
          "KeyCount" : {keys},
          "AppBundleIdentifier" : "org.example.app",
          "Timestamp" : "2020-09-{day} 09:21:2{position} +0900"
        }}"#
        )
    };
    let check = |hashes: &[[u8; 32]], day: u32| {
        let files: Vec<_> = hashes.iter().enumerate().map(|hash| file(hash, day)).collect();
        let files = files.join(",\n");
        format!(
            r#"    {{
      "Timestamp" : "2020-09-{day} 09:21:20 +0900",
      "Files" : [
{files}
      ],
      "AppBundleIdentifier" : "org.example.app"
    }}"#
        )
    };
    let elsewhere = [hashes, &[[0x2e; 32]]].concat();
    let checks = [check(&elsewhere, 30), check(hashes, 29)].join(",\n");
    format!("{{\n  \"Build\" : \"18A373\",\n  \"ExportVersion\" : 2,\n  \"ExposureChecks\" : [\n{checks}\n  ]\n}}\n")
}

/// The keys of one day: most for the whole day, some released on the day itself.
fn keys(start: u64, rng: &mut StdRng) -> Vec<DiagnosisKey> {
    let start = EnIntervalNumber::new(u32::try_from(start / 600).expect("a day of 2020"));
    let mut one = |number: u32| {
        let period = if number.is_multiple_of(10) { 60 } else { 144 };
        let period = RollingPeriod::new(period).expect("60 and 144 are periods");
        let mut key = DiagnosisKey::new([0; 16], RollingWindow::new(start, period).expect("a day of 2020"));
        let mut bytes = [0; 16];
        rng.fill_bytes(&mut bytes);
        key.key_data = bytes.into();
        key.report_type = ReportType::ConfirmedTest;
        key.transmission_risk_level = TransmissionRiskLevel::new(4).expect("4 is a level");
        key.days_since_onset_of_symptoms = DaysSinceOnset::new(rng.random_range(-2..8));
        key
    };
    (0..120).map(|number| one(number + 1)).collect()
}

/// What is heard of the owner of a key at this time.
fn meet(key: &DiagnosisKey, time: u64, tx_power: i8, rssi: i8, aem_len: usize) -> Heard {
    let interval = EnIntervalNumber::from_unix_seconds(time).expect("a time of 2020");
    let rpi = key.identifier_key().identifier(interval);
    let aem = key.metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(tx_power));
    Heard { rpi, aem: aem.as_bytes()[..aem_len].to_vec(), rssi, time }
}
