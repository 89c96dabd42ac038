//! From a key ring to the decision of somebody else's phone; and publishing held against real files.

use std::collections::BTreeMap;

use gaen::export::{ReadOptions, Signer, Trust, UnverifiedExport};
use gaen::exposure::{Basis, Configuration, SearchedFiles, Verdict, assess};
use gaen::keys::{BluetoothMetadata, CalibrationConfidence, ReportType, TransmissionRiskLevel};
use gaen::publish::{
    BatchOptions, CertifiedReport, Claims, Consent, HmacKey, Issuer, KeyServer, PublishAnswer, PublishRequest, Receipt,
    Release, RevisionToken, Rules, Upload, check, release,
};
use gaen::time::RollingPeriod;
use gaen::{EnIntervalNumber, KeyRing, Matcher, Profile, Sighting, SightingIndex};
use rand::SeedableRng;
use rand::rngs::StdRng;

const DAY: u64 = 86_400;
const HOUR: u64 = 3600;
/// 2020-09-26 00:00 UTC.
const MIDNIGHT: u64 = 1_601_078_400;

/// The three parties beside the phones: who certifies, who takes keys, and who signs files.
struct Servers {
    authority: Signer,
    keys: KeyServer,
    signer: Signer,
    rng: StdRng,
}

impl Servers {
    fn new() -> Self {
        let mut rng = StdRng::seed_from_u64(4);
        let [authority, signer] = ["", "440"].map(|id| Signer::generate(id, "v1", &mut rng));
        Self { authority, keys: KeyServer::new(Rules::GOOGLE), signer, rng }
    }

    /// A phone sends what it let go; every step takes and gives what goes over the wire, and nothing else.
    fn publish(
        &mut self,
        released: &Release,
        report: CertifiedReport,
        token: Option<&RevisionToken>,
        now: u64,
    ) -> (Receipt, PublishAnswer) {
        let rules = Rules::GOOGLE;
        let keys = released.upload(&rules, |_| TransmissionRiskLevel::UNSET);
        let checked = check(keys.as_slice(), None, now, &rules);
        assert_eq!(checked.violations(), []);
        let keys = keys.only(&checked);
        let secret = HmacKey::generate(&mut self.rng);
        let claims = Claims {
            issuer: "health.example".into(),
            audience: "keys.example".into(),
            issued_at: now,
            expires_at: now + 900,
            not_before: None,
            mac: secret.mac(keys.as_slice()),
            report,
            symptom_onset: EnIntervalNumber::from_unix_seconds(now - 3 * DAY).ok(),
        };
        let certificate = claims.sign("v1", &self.authority).unwrap();
        let request = PublishRequest::new(keys, "org.example", certificate, &secret, &mut self.rng);
        let request = token.into_iter().fold(request, PublishRequest::revises);
        let body = request.to_json().unwrap();

        let upload = Upload::from_json(body.as_bytes()).unwrap();
        let issuer = Issuer::new("health.example", "keys.example", "v1", self.authority.public_key());
        let receipt = self.keys.receive(&upload, &issuer, now, &mut self.rng).unwrap();
        let answer = serde_json::to_vec(&receipt.to_answer(&mut self.rng)).unwrap();
        (receipt, PublishAnswer::from_json(&answer).unwrap())
    }

    /// The zips of all windows that are closed.
    fn files(&mut self, now: u64) -> Vec<Vec<u8>> {
        let files = self.keys.batch(now, &BatchOptions::new("440"), [&self.signer], &mut self.rng).unwrap();
        files.into_iter().map(|file| file.zip).collect()
    }

    fn trust(&self) -> Trust {
        Trust::new(self.signer.trusted_key())
    }
}

/// What a phone that stood beside another for half an hour from `start` on has heard of it.
fn half_an_hour_beside(ring: &mut KeyRing, start: u64, rng: &mut StdRng) -> Vec<Sighting> {
    let metadata = BluetoothMetadata::v1_1(-20, CalibrationConfidence::High);
    let heard = |(number, time): (u64, u64)| {
        let current = ring.rotate(time, rng).unwrap();
        let own = current.key().key();
        let rpi = own.identifier_key().identifier(EnIntervalNumber::from_unix_seconds(time).unwrap());
        let aem = own.metadata_key().encrypt(&rpi, metadata);
        let sighting = Sighting::new(rpi, aem.as_bytes(), -50, time);
        Sighting { previous_scan: (number > 0).then_some(time - 300), ..sighting }
    };
    (0..6).map(|number| (number, start + number * 300)).map(heard).collect()
}

/// Key ring -> request -> check -> upload -> batch -> export -> match -> decision, and a withdrawal.
#[test]
fn from_a_key_ring_to_the_decision_of_somebody_else() {
    let (mut servers, mut ring) = (Servers::new(), KeyRing::new());
    let mut rng = StdRng::seed_from_u64(5);
    let yesterday = half_an_hour_beside(&mut ring, MIDNIGHT + 12 * HOUR, &mut rng);
    let today = half_an_hour_beside(&mut ring, MIDNIGHT + DAY + 9 * HOUR, &mut rng);
    let heard: Vec<_> = [yesterday, today].concat();

    // The owner's doctor says that it is likely; at noon the owner agrees, also to today's key.
    let noon = MIDNIGHT + DAY + 12 * HOUR;
    let released = release(&mut ring, noon, &Consent::given(noon).with_today()).unwrap();
    assert_eq!((released.keys().len(), released.embargoed().len()), (1, 1));
    let (receipt, answer) = servers.publish(&released, CertifiedReport::Likely, None, noon);
    assert_eq!((receipt.inserted, answer.inserted_exposures, answer.is_published()), (2, 2, true));

    // Nothing leaves before the embargo of the key that ended at noon.
    assert!(servers.files(noon + 2 * HOUR - 1).is_empty());
    let first = servers.files(noon + 3 * HOUR);
    assert_eq!(first.len(), 1);
    let read = UnverifiedExport::from_zip(&first[0], &ReadOptions::default()).unwrap();
    let read = read.verify(&servers.trust()).unwrap();
    assert!((1000..=1100).contains(&read.keys().len()), "padded: {}", read.keys().len());
    let periods: Vec<_> = read.keys().iter().map(|key| key.window.period()).collect();
    assert!(periods.iter().any(|period| *period != RollingPeriod::FULL_DAY), "today's was cut");

    let index = SightingIndex::new(heard.clone()).unwrap();
    let decided = |keys: &[gaen::DiagnosisKey]| {
        let matches = Matcher::new(&index).match_keys(keys).matches;
        let basis = Basis::new(SearchedFiles::all(1), &heard);
        let assessment = assess(&matches, &basis, &Configuration::default(), Profile::Google, noon + 4 * HOUR);
        let types: Vec<_> = matches.iter().map(|found| found.key.report_type).collect();
        (assessment.decision.verdict, matches.len(), types)
    };
    let (verdict, matches, types) = decided(read.keys());
    assert_eq!((verdict, matches), (Verdict::Notify, 12));
    assert!(types.iter().all(|found| *found == ReportType::ConfirmedClinicalDiagnosis));

    // The test is negative: the phone asks its ring again, and the same keys are revised.
    let evening = noon + 6 * HOUR;
    let again = release(&mut ring, evening, &Consent::given(noon)).unwrap();
    assert_eq!(again.keys().len(), 2, "the embargo of the second is over");
    let token = answer.revision_token.as_ref();
    let (receipt, _) = servers.publish(&again, CertifiedReport::Negative, token, evening);
    assert_eq!((receipt.inserted, receipt.revised), (0, 2));
    let second = servers.files(evening + 3 * HOUR);
    let read = UnverifiedExport::from_zip(&second[0], &ReadOptions::default()).unwrap();
    let read = read.verify(&servers.trust()).unwrap();
    let revised = &read.contents().revised_keys;
    assert_eq!((read.keys().len(), revised.len()), (0, 2), "revised keys are not padded");
    assert!(revised.iter().all(|key| key.report_type == ReportType::Revoked));
    assert!(servers.files(evening + 30 * HOUR).is_empty());
    assert_eq!(servers.keys.index(evening + 3 * HOUR).lines().count(), 2);
}

/// The keys of real files, each by itself, for a file holds keys of many people: by the rules of Google's server, and
/// for thirty keys of a file through a server, out in `keys`, and out again in `revised_keys` as the server's users saw
/// them.
#[test]
fn real_keys_pass_the_rules_and_come_out_of_a_server_as_they_were() {
    let Some(folder) = std::env::var_os("GAEN_REAL_EXPORTS").map(std::path::PathBuf::from) else {
        return eprintln!("GAEN_REAL_EXPORTS is not set: NO real file is checked");
    };
    let mut found: BTreeMap<&'static str, usize> = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).unwrap();
        let export = match path.extension().and_then(|ending| ending.to_str()) {
            Some("bin") => UnverifiedExport::from_parts(bytes, Vec::new(), &ReadOptions::default()),
            _ => UnverifiedExport::from_zip(&bytes, &ReadOptions::default()),
        };
        let Ok(export) = export.and_then(|export| export.read_without_verifying()) else { continue };
        let blank = |info: &gaen::export::SignatureInfo| {
            [&info.verification_key_id, &info.verification_key_version].iter().any(|name| name.is_none())
        };
        let keys: Vec<_> = export.keys.iter().chain(&export.revised_keys).copied().collect();
        *found.entry("keys").or_default() += keys.len();
        *found.entry("short").or_default() += keys.iter().filter(|key| key.window.period().as_u32() < 144).count();
        *found.entry("left out").or_default() += usize::try_from(export.skipped.total()).unwrap();
        *found.entry("blank").or_default() += usize::from(export.signature_infos.iter().any(blank));
        for key in &keys {
            let (keys, end) = (as_uploaded(key), key.window.end().unix_seconds());
            let onset = EnIntervalNumber::from_unix_seconds(key.window.start().unix_seconds()).ok();
            let checked = check(&keys, onset, end, &Rules::GOOGLE);
            assert_eq!(checked.violations(), [], "{name}: {key:?}");
            assert!(checked.keys().all(|taken| taken.window() == key.window));
        }
        let sample: Vec<_> = keys.iter().copied().take(30).collect();
        through_a_server(&name, &sample);
    }
    println!("{found:?}");
    // The four keys that are left out have three bytes each.
    assert!(
        found["keys"] > 24_000 && found["short"] > 400 && found["blank"] >= 4 && found["left out"] >= 4,
        "{found:?}"
    );
}

fn as_uploaded(key: &gaen::DiagnosisKey) -> Vec<gaen::publish::ExposureKey> {
    vec![gaen::publish::ExposureKey::of(key).unwrap()]
}

fn through_a_server(name: &str, keys: &[gaen::DiagnosisKey]) {
    let Some(now) = keys.iter().map(|key| key.window.end().unix_seconds()).max() else { return };
    let mut servers = Servers::new();
    // Files of some countries name no version of the key.
    servers.signer = Signer::generate("440", "", &mut servers.rng);
    // Made-up files hold keys of many years.
    let rules = Rules { oldest_seconds: 4000 * DAY, oldest_onset_days: 4000, ..Rules::GOOGLE };
    servers.keys = KeyServer::new(rules);
    let mut tokens = BTreeMap::new();
    for (report, now) in [(CertifiedReport::Likely, now), (CertifiedReport::Negative, now + 6 * HOUR)] {
        for key in keys {
            let secret = HmacKey::generate(&mut servers.rng);
            let token = tokens.get(&key.key_data).map_or("", RevisionToken::expose_secret);
            let mut body = serde_json::json!({
                "temporaryExposureKeys": as_uploaded(key),
                "hmacKey": secret.expose_secret(),
                "symptomOnsetInterval": key.window.start().as_u32(),
                "revisionToken": token,
            });
            let upload = Upload::from_json(body.to_string().as_bytes()).unwrap();
            let claims = Claims {
                issuer: "i".into(),
                audience: "a".into(),
                issued_at: now,
                expires_at: now + 1,
                not_before: None,
                mac: secret.mac(upload.keys()),
                report,
                symptom_onset: None,
            };
            body["verificationPayload"] = claims.sign("v1", &servers.authority).unwrap().into();
            let upload = Upload::from_json(body.to_string().as_bytes()).unwrap();
            let issuer = Issuer::new("i", "a", "v1", servers.authority.public_key());
            let receipt = servers.keys.receive(&upload, &issuer, now, &mut servers.rng);
            let receipt = receipt.unwrap_or_else(|refusal| panic!("{name}: {key:?}: {refusal}"));
            tokens.insert(key.key_data, receipt.token);
        }
        let options = BatchOptions { pad_to: 0, ..BatchOptions::new("440") };
        let files = servers.keys.batch(now + 4 * HOUR, &options, [&servers.signer], &mut servers.rng).unwrap();
        let mut out = Vec::new();
        for file in files {
            let read = UnverifiedExport::from_zip(&file.zip, &ReadOptions::default()).unwrap();
            let contents = read.verify(&servers.trust()).unwrap().into_contents();
            let (list, other) = match report {
                CertifiedReport::Likely => (contents.keys, contents.revised_keys),
                _ => (contents.revised_keys, contents.keys),
            };
            assert_eq!(other, [], "{name}");
            out.extend(list.iter().map(|key| (key.key_data, key.window)));
            assert!(list.iter().all(|key| key.report_type == report.report_type()));
        }
        out.sort_unstable();
        let mut expected: Vec<_> = keys.iter().map(|key| (key.key_data, key.window)).collect();
        expected.sort_unstable();
        assert_eq!(out, expected, "{name}");
    }
}
