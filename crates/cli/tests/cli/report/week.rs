//! Two weeks of one phone, with a day for each thing that a report has to tell.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use gaen::export::{ExportBuilder, Signer};
use gaen::keys::{BluetoothMetadata, CalibrationConfidence, DaysSinceOnset, ReportType, TransmissionRiskLevel};
use gaen::time::RollingPeriod;
use gaen::{DiagnosisKey, EnIntervalNumber, RollingWindow};
use serde_json::json;

/// 2020-08-20, 00:00 UTC.
pub(crate) const FIRST_DAY: u64 = 1_597_881_600;
/// 2020-09-02, 03:00 UTC.
pub(crate) const NOW: &str = "1599015600";
/// A file's name that would be a script if it were not escaped.
pub(crate) const HOSTILE: &str = "<script>alert(1)<!--&\"'\u{202e}.zip";

/// A key's day, the minute at which it was first heard, and the attenuations from then on, every five minutes.
struct Contact {
    day: u32,
    minute: u64,
    attenuations: &'static [u8],
    onset: i32,
    report_type: ReportType,
    /// Seconds by which the clock of the phone that heard it was late.
    late: u64,
}

const CONTACT: Contact =
    Contact { day: 0, minute: 0, attenuations: &[], onset: 2, report_type: ReportType::ConfirmedTest, late: 0 };

const CONTACTS: [Contact; 10] = [
    // Near and long: a reason to notify. Two windows.
    Contact { minute: 722, attenuations: &[57, 49, 44, 40, 43, 46, 52, 58, 63, 72], ..CONTACT },
    // On the same UTC day, which is the next one in Japan.
    Contact { minute: 1214, attenuations: &[62, 64, 61], ..CONTACT },
    // Long, but far.
    Contact { day: 3, minute: 600, attenuations: &[68, 75, 80, 77, 71, 66, 69], ..CONTACT },
    // Before its owner was infectious.
    Contact { day: 5, minute: 300, attenuations: &[52, 50, 55, 51], onset: -10, ..CONTACT },
    // A score that would do, in too short a time.
    Contact { day: 7, minute: 410, attenuations: &[54, 51], ..CONTACT },
    // Heard by a phone whose clock was wrong by three hours.
    Contact { day: 8, minute: 200, attenuations: &[48, 50, 49], late: 10_800, ..CONTACT },
    // Near and long, but withdrawn.
    Contact { day: 9, minute: 480, attenuations: &[41, 42, 43, 44, 45], report_type: ReportType::Revoked, ..CONTACT },
    // Near and long again, the owner's own report.
    Contact {
        day: 11,
        minute: 845,
        attenuations: &[45, 47, 51, 60, 61, 59],
        report_type: ReportType::SelfReport,
        ..CONTACT
    },
    Contact { day: 11, minute: 850, attenuations: &[58, 59, 66, 70, 61], ..CONTACT },
    // Far away for hours.
    Contact { day: 12, minute: 60, attenuations: &[88; 30], ..CONTACT },
];

pub(crate) struct Week {
    pub(crate) folder: PathBuf,
    pub(crate) keys: Vec<DiagnosisKey>,
}

impl Week {
    /// Writes `week.zip`, signed by `440-v1`; a copy that is not, under a hostile name; `week.pem` and `week.jsonl`.
    pub(crate) fn new(name: &str) -> Self {
        let folder = crate::folder(name);
        let keys: Vec<_> = (0x61..).zip(&CONTACTS).map(|(byte, contact)| key(byte, contact)).collect();
        let signers = ["440", "441"].map(|id| Signer::generate(id, "v1", &mut rand::rng()));
        let export = |signers: &[Signer]| {
            let builder = ExportBuilder::new("440", FIRST_DAY, FIRST_DAY + 14 * 86_400).keys(keys.clone());
            builder.build(signers, &mut rand::rng()).unwrap().remove(0).zip
        };
        let heard: String = keys.iter().zip(&CONTACTS).map(|(key, contact)| heard(key, contact)).collect();
        let write = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).unwrap();
        write("week.zip", &export(&signers[..1]));
        write(HOSTILE, &export(&signers[1..]));
        write("week.pem", signers[0].public_key().to_pem().unwrap().as_bytes());
        write("week.jsonl", heard.as_bytes());
        write("nothing.jsonl", b"");
        write("silence.jsonl", stranger(FIRST_DAY).as_bytes());
        Self { folder, keys }
    }
}

/// A signal of somebody who published no key.
fn stranger(time: u64) -> String {
    json!({ "rpi": "ff".repeat(16), "aem": "00000000", "rssi": -60, "time": time }).to_string()
}

fn key(byte: u8, contact: &Contact) -> DiagnosisKey {
    let start = EnIntervalNumber::from_unix_seconds(FIRST_DAY + 86_400 * u64::from(contact.day)).unwrap();
    let window = RollingWindow::new(start, RollingPeriod::FULL_DAY).unwrap();
    DiagnosisKey {
        transmission_risk_level: TransmissionRiskLevel::new(if byte.is_multiple_of(2) { 0 } else { 4 }).unwrap(),
        report_type: contact.report_type,
        days_since_onset_of_symptoms: DaysSinceOnset::new(contact.onset),
        ..DiagnosisKey::new([byte; 16], window)
    }
}

/// Three beacons a scan, four seconds apart, of which one is stronger.
fn heard(key: &DiagnosisKey, contact: &Contact) -> String {
    let mut lines = String::new();
    let begin = key.window.start().unix_seconds() + 60 * contact.minute;
    for (scan, attenuation) in (0..).zip(contact.attenuations) {
        for (beacon, stronger) in (0..).zip([0, 6, 0]) {
            let time = begin + 300 * scan + 4 * beacon;
            let rpi = key.identifier_key().identifier(EnIntervalNumber::from_unix_seconds(time).unwrap());
            let metadata = BluetoothMetadata::v1_1(-20, CalibrationConfidence::High);
            let aem = key.metadata_key().encrypt(&rpi, metadata);
            let rssi = -20 - i32::from(*attenuation) + stronger - 2;
            let (time, previous) = (time + contact.late, begin + 300 * scan + contact.late - 300);
            let sighting = json!({ "rpi": rpi, "aem": aem, "rssi": rssi, "time": time, "previous_scan": previous });
            writeln!(lines, "{sighting}").unwrap();
        }
    }
    lines
}
