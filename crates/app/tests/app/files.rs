//! What becomes of files: each fault by its name, revised keys, and a file that changes while it is read.

use std::fs;
use std::io::{self, Cursor, Read, Seek, SeekFrom};

use gaen::export::{ExportBuilder, Signer};
use gaen::keys::{BluetoothMetadata, KeyData, ReportType};
use gaen::time::RollingPeriod;
use gaen::{DiagnosisKey, EnIntervalNumber, RollingWindow, TemporaryExposureKey};
use gaen_app::{
    AppConfiguration, ContainerRule, ErrorKind, ExportFile, Heard, NO_PREVIOUS_SCAN, NoObserver, Profile, SearchRules,
    Sightings, TrustedKeys, Verdict, search,
};
use serde_json::{Value, json};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../test-vectors/exports");

fn read(name: &str) -> Vec<u8> {
    fs::read(format!("{FOLDER}/{name}")).unwrap()
}

/// The rules of a reading, whose settings are those of `defaults` where it names none.
fn rules(manifest: &Value, reading: &Value) -> SearchRules {
    let setting = |name: &str| reading.get(name).unwrap_or(&manifest["defaults"][name]);
    fn key<'v>(manifest: &Value, name: &'v Value) -> (Vec<u8>, &'v str, &'v str) {
        let name = name.as_str().unwrap();
        let (id, version) = name.rsplit_once('-').unwrap();
        (read(manifest["trust"][name].as_str().unwrap()), id, version)
    }
    let mut trusted: Option<TrustedKeys> = None;
    for set in setting("trust").as_array().unwrap() {
        let [first, others @ ..] = &set.as_array().unwrap()[..] else { panic!("{set}") };
        let (pem, id, version) = key(manifest, first);
        trusted = Some(match trusted {
            None => TrustedKeys::new(&pem, id, version).unwrap(),
            Some(trusted) => trusted.or(&pem, id, version).unwrap(),
        });
        for other in others {
            let (pem, id, version) = key(manifest, other);
            trusted = Some(trusted.unwrap().and(&pem, id, version).unwrap());
        }
    }
    let trusted = trusted.unwrap();
    let trusted = if setting("raw_signatures") == true { trusted.accept_raw_signatures() } else { trusted };
    let profile: Profile = setting("profile").as_str().unwrap().replace("apple", "apple_v1").parse().unwrap();
    let container = if setting("container") == "tolerant" { ContainerRule::Tolerant } else { ContainerRule::Strict };
    SearchRules { container, ..SearchRules::verified_by(trusted, profile) }
}

#[test]
fn every_file_reads_as_the_manifest_says() {
    let manifest: Value = serde_json::from_slice(&read("manifest.json")).unwrap();
    let nobody = Sightings::none().unwrap();
    let mut readings = 0;
    for (name, file) in manifest["files"].as_object().unwrap() {
        for reading in file["readings"].as_array().unwrap() {
            readings += 1;
            let given = vec![ExportFile::from_bytes(name, read(name))];
            let report = search(given, &nobody, &rules(&manifest, reading), &mut NoObserver).unwrap();
            let outcome = &report.files()[0];
            assert_eq!(outcome.error_code, reading["error"].as_str(), "{name}: {outcome:?}");
            if outcome.error_code.is_some() {
                let message = outcome.error.as_deref().unwrap();
                let mut mentions = reading["mentions"].as_array().into_iter().flatten();
                assert!(mentions.all(|mention| message.contains(mention.as_str().unwrap())), "{name}: {message}");
                continue;
            }
            assert_eq!(Some(outcome.keys), reading["keys"].as_u64(), "{name}");
            assert_eq!(Some(outcome.revised_keys), reading["revised_keys"].as_u64(), "{name}");
            assert_eq!(serde_json::to_value(&outcome.skipped_keys).unwrap(), reading["skipped_keys"], "{name}");
            let ignored = serde_json::to_value(&outcome.ignored_values).unwrap();
            assert_eq!(ignored, *reading.get("ignored_values").unwrap_or(&json!({})), "{name}");
        }
    }
    assert!(readings >= 160, "{readings}");
}

#[test]
fn a_path_is_read_and_one_that_cannot_be_opened_is_rejected() {
    let manifest: Value = serde_json::from_slice(&read("manifest.json")).unwrap();
    let given = ["valid.zip", "none.zip", "."].map(|name| ExportFile::at(format!("{FOLDER}/{name}"))).into();
    let rules = rules(&manifest, &Value::Null);
    let report = search(given, &Sightings::none().unwrap(), &rules, &mut NoObserver).unwrap();
    let outcomes: Vec<_> = report.files().iter().map(|file| (file.keys, file.error_code)).collect();
    assert_eq!(outcomes, [(3, None), (0, Some("unreadable_file")), (0, Some("unreadable_file"))]);
    assert!(report.files()[1].error.as_ref().unwrap().contains("No such file"), "{:?}", report.files()[1]);
    assert_eq!(report.files()[1].name(), format!("{FOLDER}/none.zip"));
}

const START: u32 = 2_668_464;
const NOON: u64 = 1_601_121_600;

/// Half an hour beside a key, and two signed files: the first publishes the key, the second revokes it.
fn revoked() -> (Sightings, Vec<Vec<u8>>, SearchRules) {
    let (own, mut rng) = (TemporaryExposureKey::from_bytes([3; 16]), rand::rng());
    let rows: Vec<u8> = (0..6_u64)
        .flat_map(|scan| {
            let (now, rssi) = (NOON + scan * 300, -40);
            let rpi = own.identifier_key().identifier(EnIntervalNumber::from_unix_seconds(now).unwrap());
            let aem = own.metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(-8));
            let heard = Heard { identifier: *rpi.as_bytes(), metadata: *aem.as_bytes(), metadata_length: 4 };
            let previous = if scan == 0 { NO_PREVIOUS_SCAN } else { (now - 300).cast_signed() };
            heard.row(rssi, now.cast_signed(), previous)
        })
        .collect();
    let window = RollingWindow::new(EnIntervalNumber::new(START), RollingPeriod::FULL_DAY).unwrap();
    let key = |report_type| DiagnosisKey { report_type, ..DiagnosisKey::new(KeyData::from([3; 16]), window) };
    let signer = Signer::generate("440", "v1", &mut rng);
    let day = 600 * u64::from(START);
    let published =
        ExportBuilder::new("440", day, day + 86_400).keys([key(ReportType::ConfirmedClinicalDiagnosis)]).pad_to(0);
    let revised =
        ExportBuilder::new("440", day + 86_400, day + 172_800).revised_keys([key(ReportType::Revoked)]).pad_to(0);
    let files = [published, revised].map(|file| file.build([&signer], &mut rng).unwrap().remove(0).zip);
    let trusted = TrustedKeys::new(signer.public_key().to_pem().unwrap().as_bytes(), "440", "v1").unwrap();
    (Sightings::from_rows(&rows).unwrap(), files.into(), SearchRules::verified_by(trusted, Profile::Google))
}

#[test]
fn a_revoked_key_counts_no_longer() {
    let (heard, files, rules) = revoked();
    let verdict = |count: usize| {
        let given = files.iter().take(count).map(|zip| ExportFile::from_bytes("a.zip", zip.clone())).collect();
        let report = search(given, &heard, &rules, &mut NoObserver).unwrap();
        assert_eq!(report.matches().len(), 6);
        assert_eq!(report.files().iter().map(|file| file.revised_keys).sum::<u64>(), count as u64 - 1);
        report.verdict(&AppConfiguration::preset("cocoa-v2", Profile::Google).unwrap(), NOON + 86_400)
    };
    assert_eq!((verdict(1), verdict(2)), (Verdict::Notify, Verdict::DoNotNotify));
}

/// A file that is another one when it is read again from its beginning.
struct Changing {
    now: Cursor<Vec<u8>>,
    next: Vec<u8>,
    /// How many reads until it changes.
    rewinds: usize,
}

impl Read for Changing {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.now.read(buf)
    }
}

impl Seek for Changing {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        if to == SeekFrom::Start(0) {
            if self.rewinds == 0 {
                self.now = Cursor::new(self.next.clone());
            }
            self.rewinds = self.rewinds.saturating_sub(1);
        }
        self.now.seek(to)
    }
}

/// Whenever it changes, the answer is that of the good file, or an error: never a calm answer.
#[test]
fn a_file_that_changes_while_it_is_read_ends_the_search() {
    let (heard, files, rules) = revoked();
    let mut codes = Vec::new();
    for rewinds in 0..20 {
        let changing = Changing { now: Cursor::new(files[1].clone()), next: b"no zip".to_vec(), rewinds };
        let given = vec![ExportFile::from_bytes("1.zip", files[0].clone()), ExportFile::new("2.zip", changing)];
        match search(given, &heard, &rules, &mut NoObserver) {
            Ok(report) => {
                let outcome = &report.files()[1];
                assert!(outcome.error_code.is_some() || outcome.revised_keys == 1, "{outcome:?}");
                codes.push("report");
            }
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::File);
                assert!(error.to_string().starts_with("2.zip has changed while it was read: "), "{error}");
                codes.push(error.code());
            }
        }
    }
    assert!(codes.contains(&"changed_file") && codes.last() == Some(&"report"), "{codes:?}");
}
