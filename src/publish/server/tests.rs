use std::collections::BTreeMap;

use base64ct::{Base64, Encoding};
use proptest::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::json;

use super::*;
use crate::device::wrong_clock::wrong_clock;
use crate::export::{ReadOptions, Trust, UnverifiedExport};
use crate::keys::ReportType;
use crate::publish::certificate::{CertificateError, Claims};
use crate::publish::hmac::KeyMac;

const DAY: u64 = 86_400;
const HOUR: u64 = 3600;
/// 2020-09-26 12:00 UTC.
const NOON: u64 = 1_601_121_600;
/// The interval of its midnight.
const TODAY: i64 = 2_668_464;

/// A key server, the verification server that it believes, and a device.
struct Scene {
    server: KeyServer,
    authority: Signer,
    signer: Signer,
    rng: StdRng,
}

/// The first byte and the report type of keys.
type Rows = Vec<(u8, ReportType)>;

/// Start and period of a key whose bytes are all one number.
type Key = (u8, i64, u32);

impl Scene {
    fn new() -> Self {
        let mut rng = StdRng::seed_from_u64(1);
        let [authority, signer] = ["", "440"].map(|id| Signer::generate(id, "v1", &mut rng));
        Self { server: KeyServer::new(Rules::GOOGLE), authority, signer, rng }
    }

    fn issuer(&self) -> Issuer {
        Issuer::new("iss", "aud", "v1", self.authority.public_key())
    }

    fn certificate(&self, mac: KeyMac, report: CertifiedReport, now: u64) -> String {
        claims(mac, report, now).sign("v1", &self.authority).unwrap()
    }

    fn upload(
        &mut self,
        keys: &[Key],
        report: CertifiedReport,
        token: Option<&RevisionToken>,
        now: u64,
    ) -> Result<Receipt, Refusal> {
        let key = |(byte, start, period): &Key| json!({ "key": Base64::encode_string(&[*byte; 16]), "rollingStartNumber": start, "rollingPeriod": period });
        let mut body = json!({
            "temporaryExposureKeys": keys.iter().map(key).collect::<Vec<_>>(),
            "healthAuthorityID": "org.example",
            "hmacKey": "AQIDBAUGBwgJCgsMDQ4PEA==",
            "revisionToken": token.map_or("", RevisionToken::expose_secret),
        });
        let upload = Upload::from_json(body.to_string().as_bytes()).unwrap();
        let mac = HmacKey::from_base64(upload.hmac_key()).unwrap().mac(upload.keys());
        body["verificationPayload"] = json!(self.certificate(mac, report, now));
        let upload = Upload::from_json(body.to_string().as_bytes())?;
        self.server.receive(&upload, &self.issuer(), now, &mut self.rng)
    }

    /// The first byte and the report type of each key that leaves now, of `keys` and of `revised_keys`.
    fn leaving(&mut self, now: u64) -> (Rows, Rows) {
        let options = BatchOptions { pad_to: 0, pad_random: 0, ..BatchOptions::new("440") };
        let files = self.server.batch(now, &options, [&self.signer], &mut self.rng).unwrap();
        let (mut keys, mut revised) = (Vec::new(), Vec::new());
        for file in files {
            let export = UnverifiedExport::from_zip(&file.zip, &ReadOptions::default()).unwrap();
            let export = export.verify(&Trust::new(self.signer.trusted_key())).unwrap();
            let row = |key: &DiagnosisKey| (key.key_data.as_bytes()[0], key.report_type);
            keys.extend(export.keys().iter().map(row));
            revised.extend(export.contents().revised_keys.iter().map(row));
        }
        (keys, revised)
    }

    fn state(&self) -> String {
        serde_json::to_string(&self.server).unwrap()
    }
}

fn claims(mac: KeyMac, report: CertifiedReport, now: u64) -> Claims {
    Claims {
        issuer: "iss".into(),
        audience: "aud".into(),
        issued_at: now,
        expires_at: now + 900,
        not_before: None,
        mac,
        report,
        symptom_onset: None,
    }
}

use CertifiedReport::{Confirmed, Likely, Negative, UserReport};
use ReportType::{ConfirmedClinicalDiagnosis, ConfirmedTest, Revoked};

#[test]
fn an_ended_key_leaves_when_its_window_is_two_hours_old() {
    let mut scene = Scene::new();
    let receipt = scene.upload(&[(1, TODAY - 144, 144)], Confirmed, None, NOON + 1800).unwrap();
    assert_eq!((receipt.inserted, receipt.revised, receipt.violations.len()), (1, 0, 0));
    assert_eq!(receipt.to_answer(&mut StdRng::seed_from_u64(1)).code, None);
    assert_eq!(scene.leaving(NOON + 3 * HOUR - 1), (vec![], vec![]));
    assert_eq!(scene.leaving(NOON + 3 * HOUR), (vec![(1, ConfirmedTest)], vec![]));
    assert_eq!(scene.leaving(NOON + 30 * HOUR), (vec![], vec![]), "once");
    let index = scene.server.index(NOON + 3 * HOUR);
    let window = format!("{NOON}-{}-0001-", NOON + HOUR);
    assert!(index.starts_with(&window) && index.ends_with(".zip"), "{index}");
    assert_eq!(scene.server.index(NOON + 15 * DAY), "");
}

#[test]
fn a_key_that_is_still_valid_waits_for_its_end() {
    let mut scene = Scene::new();
    scene.upload(&[(1, TODAY, 144), (2, TODAY, 72), (3, TODAY, 73)], Confirmed, None, NOON).unwrap();
    let midnight = NOON + DAY / 2;
    assert_eq!(scene.leaving(NOON + 3 * HOUR), (vec![(2, ConfirmedTest)], vec![]));
    assert_eq!(scene.leaving(NOON + 4 * HOUR), (vec![(3, ConfirmedTest)], vec![]));
    assert_eq!(scene.leaving(midnight + 4 * HOUR - 1), (vec![], vec![]));
    assert_eq!(scene.leaving(midnight + 4 * HOUR), (vec![(1, ConfirmedTest)], vec![]));
}

#[test]
fn revisions_go_to_the_revised_keys_of_a_later_file() {
    let mut scene = Scene::new();
    let keys = [(1, TODAY - 144, 144), (2, TODAY - 288, 144)];
    let token = scene.upload(&keys, Likely, None, NOON).unwrap().token;
    assert_eq!(
        scene.leaving(NOON + 3 * HOUR),
        (vec![(1, ConfirmedClinicalDiagnosis), (2, ConfirmedClinicalDiagnosis)], vec![])
    );
    let receipt = scene.upload(&keys[..1], Negative, Some(&token), NOON + 5 * HOUR).unwrap();
    assert_eq!((receipt.inserted, receipt.revised), (0, 1));
    // A revision is not in the window of the keys, but in its own.
    assert_eq!(scene.leaving(NOON + 8 * HOUR), (vec![], vec![(1, Revoked)]));
    // The new token is good for what the old one was good for.
    scene.upload(&keys[1..], Confirmed, Some(&receipt.token), NOON + 9 * HOUR).unwrap();
    assert_eq!(scene.leaving(NOON + 12 * HOUR), (vec![], vec![(2, ConfirmedTest)]));
}

#[test]
fn a_revision_obeys_the_embargo_of_its_key() {
    let mut scene = Scene::new();
    let token = scene.upload(&[(1, TODAY, 144), (2, TODAY, 100)], UserReport, None, NOON).unwrap().token;
    scene.upload(&[(1, TODAY, 144)], Confirmed, Some(&token), NOON + HOUR).unwrap();
    scene.upload(&[(2, TODAY, 100)], Negative, Some(&token), NOON + HOUR).unwrap();
    assert_eq!(scene.leaving(NOON + 6 * HOUR), (vec![], vec![]));
    assert_eq!(
        scene.leaving(NOON + 30 * HOUR),
        (vec![(1, ConfirmedTest)], vec![]),
        "once, and the withdrawn one never"
    );
}

#[test]
fn what_is_refused_changes_nothing() {
    let mut scene = Scene::new();
    let key = (1, TODAY - 144, 144);
    let token = scene.upload(&[key], Likely, None, NOON).unwrap().token;
    let other = scene.upload(&[(9, TODAY - 144, 144)], Likely, None, NOON).unwrap().token;
    scene.upload(&[(8, TODAY - 144, 144)], Confirmed, None, NOON).unwrap();
    let unknown = RevisionToken::new("AAAA".into());
    for (keys, report, token, code) in [
        (vec![key], Confirmed, None, AnswerCodeName::MISSING),
        (vec![(7, TODAY - 288, 144), key], Confirmed, Some(&other), AnswerCodeName::INVALID),
        (vec![key], Confirmed, Some(&unknown), AnswerCodeName::INVALID),
        (vec![(1, TODAY - 144, 100)], Confirmed, Some(&token), AnswerCodeName::INVALID),
        (vec![key], UserReport, Some(&token), AnswerCodeName::TRANSITION),
        (vec![], Confirmed, None, AnswerCodeName::BAD),
        (vec![(7, TODAY + 144, 144)], Confirmed, None, AnswerCodeName::BAD),
        (vec![(6, TODAY - 144, 144), (7, TODAY - 100, 144)], Confirmed, None, AnswerCodeName::BAD),
    ] {
        let before = scene.state();
        let refusal = scene.upload(&keys, report, token, NOON + HOUR).unwrap_err();
        assert_eq!(refusal.code().as_str(), code, "{refusal}");
        assert_eq!(refusal.to_answer(&mut scene.rng).error_message, refusal.to_string());
        assert_eq!(scene.state(), before, "{refusal}");
    }
    // Revised to the same again changes nothing, to another is refused.
    scene.upload(&[key], Confirmed, Some(&token), NOON + HOUR).unwrap();
    assert_eq!(scene.upload(&[key], Confirmed, Some(&token), NOON + HOUR).unwrap().unchanged, 1);
    let again = scene.upload(&[key], Negative, Some(&token), NOON + HOUR).unwrap_err();
    assert_eq!(again.code().as_str(), "key_already_revised");
}

/// The codes that a refusal answers.
struct AnswerCodeName;

impl AnswerCodeName {
    const MISSING: &str = "missing_revision_token";
    const INVALID: &str = "invalid_revision_token";
    const TRANSITION: &str = "invalid_report_type_transition";
    const BAD: &str = "bad_request";
}

#[test]
fn a_certificate_for_other_keys_is_refused() {
    let mut scene = Scene::new();
    let certificate = scene.certificate(KeyMac::from_bytes([1; 32]), Confirmed, NOON);
    let body = |secret: &str, certificate: &str| {
        json!({ "temporaryExposureKeys": [{ "key": Base64::encode_string(&[1; 16]), "rollingStartNumber": TODAY - 144, "rollingPeriod": 144 }],
            "hmacKey": secret, "verificationPayload": certificate }).to_string()
    };
    let (secret, expired) = ("AQIDBAUGBwgJCgsMDQ4PEA==", CertificateError::Expired { at: NOON + 900, now: NOON + 900 });
    for (secret, now, expected) in [
        (secret, NOON, Refusal::OtherKeys),
        ("AQID", NOON, Refusal::HmacKey(crate::publish::HmacKeyError::TooShort { found: 3 })),
        (secret, NOON + 900, Refusal::Certificate(expired)),
    ] {
        let (issuer, upload) = (scene.issuer(), Upload::from_json(body(secret, &certificate).as_bytes()).unwrap());
        let refusal = scene.server.receive(&upload, &issuer, now, &mut scene.rng).unwrap_err();
        assert_eq!(
            (refusal.code().as_str(), &refusal),
            ("health_authority_verification_certificate_invalid", &expected)
        );
    }
    let refusal = Refusal::from(Upload::from_json(b"{\"keys\":[]}").unwrap_err());
    assert_eq!((refusal.code().as_str(), scene.server.waiting()), ("bad_request", 0));
}

#[test]
fn some_keys_are_left_out_and_the_answer_says_which() {
    let mut scene = Scene::new();
    let receipt = scene.upload(&[(1, TODAY + 144, 144), (2, TODAY - 144, 144)], Confirmed, None, NOON).unwrap();
    let answer = receipt.to_answer(&mut scene.rng);
    assert_eq!((answer.inserted_exposures, answer.code.unwrap().as_str()), (1, "partial_failure"));
    assert!(answer.error_message.starts_with("key 0: the key starts at interval 2668608"), "{}", answer.error_message);
}

#[test]
fn a_withdrawal_of_what_nobody_has_is_no_key() {
    let mut scene = Scene::new();
    let receipt = scene.upload(&[(1, TODAY - 144, 144)], Negative, None, NOON).unwrap();
    assert_eq!((receipt.inserted, receipt.unchanged, scene.server.waiting()), (0, 1, 0));
}

#[test]
fn a_batch_that_fails_is_tried_again_in_full() {
    let mut scene = Scene::new();
    scene.upload(&[(1, TODAY - 144, 144)], Confirmed, None, NOON).unwrap();
    let failed = scene.server.batch(NOON + 3 * HOUR, &BatchOptions::new("440"), [], &mut scene.rng);
    assert_eq!(failed, Err(WriteError::NoSigner));
    assert_eq!(scene.leaving(NOON + 3 * HOUR).0, [(1, ConfirmedTest)]);
}

#[test]
fn a_server_that_was_stored_goes_on() {
    let mut scene = Scene::new();
    let token = scene.upload(&[(1, TODAY, 144), (2, TODAY - 144, 144)], Likely, None, NOON).unwrap().token;
    assert_eq!(scene.leaving(NOON + 3 * HOUR).0.len(), 1);
    scene.server = serde_json::from_str(&scene.state()).unwrap();
    scene.upload(&[(2, TODAY - 144, 144)], Confirmed, Some(&token), NOON + 4 * HOUR).unwrap();
    assert_eq!(scene.leaving(NOON + 30 * HOUR), (vec![(1, ConfirmedClinicalDiagnosis)], vec![(2, ConfirmedTest)]));
    let shown = format!("{:?}", scene.server);
    assert_eq!(shown, "KeyServer(2 keys, 0 of them waiting, redacted)");
    assert_eq!(scene.server.purge(NOON + 15 * DAY), 1, "14.5 days since the end of one, 15.5 of the other");
}

/// A key is kept as long as somebody may upload it again: otherwise it would leave twice. With it go its token, and
/// after 14 days the file.
#[test]
fn what_is_outlived_is_erased_and_nothing_before() {
    let day = |rules: &Rules| {
        let mut scene = Scene { server: KeyServer::new(rules.clone()), ..Scene::new() };
        let key = (1, TODAY - 144, 144); // ended at midnight
        scene.upload(&[key], Confirmed, None, NOON).unwrap();
        assert_eq!(scene.server.purge(NOON + 40 * DAY), 0, "it waits to leave");
        assert_eq!(scene.leaving(NOON + 3 * HOUR).0.len(), 1);
        let name = scene.server.index(NOON + 3 * HOUR);
        let erased = (0..50 * 24).find(|hour| scene.server.purge(NOON + hour * HOUR) == 1).unwrap();
        let after = scene.upload(&[key], Confirmed, None, NOON + erased * HOUR).unwrap_err();
        assert_eq!(after.code().as_str(), "bad_request", "too old to come again: {after}");
        scene.server.purge(NOON + erased * HOUR + DAY);
        let state = scene.state();
        assert!(!state.contains(&name) && state.contains(r#""keys":{},"tokens":{},"made":[],"files":{}"#), "{state}");
        erased
    };
    let half_a_day = 12;
    assert_eq!(day(&Rules::GOOGLE), 15 * 24 - half_a_day + 1, "in the hour after the last moment at which it may come");
    assert_eq!(day(&Rules { oldest_seconds: DAY, ..Rules::GOOGLE }), 14 * 24 - half_a_day);
    assert_eq!(
        day(&Rules { oldest_seconds: 30 * DAY, most_days_from_onset: 40, ..Rules::GOOGLE }),
        30 * 24 - half_a_day + 1
    );
}

/// The server remembers the windows that have a file as long as a key may still leave in one of them. Otherwise a
/// window of a clock that went back would have two files.
#[test]
fn a_window_that_has_a_file_is_remembered_as_long_as_a_key_waits_for_one() {
    let mut scene = Scene::new();
    scene.upload(&[(1, TODAY - 144, 144)], Confirmed, None, NOON).unwrap();
    assert_eq!(scene.leaving(NOON + 3 * HOUR).0, [(1, ConfirmedTest)]);
    scene.upload(&[(2, TODAY - 144, 144)], Confirmed, None, NOON + HOUR / 2).unwrap();
    scene.server.purge(NOON + 40 * DAY);
    let state = scene.state();
    assert!(state.contains(&format!(r#""made":[{NOON}]"#)), "{state}");
    assert_eq!(scene.leaving(NOON + 3 * HOUR), (vec![], vec![]), "the window has its file");
    assert_eq!(scene.leaving(NOON + 4 * HOUR).0, [(2, ConfirmedTest)], "the next window is free");
}

/// Files are filled as Google's server fills them, and revised keys are not.
#[test]
fn files_are_padded_and_revised_keys_are_not() {
    let mut scene = Scene::new();
    let token = scene.upload(&[(1, TODAY - 144, 144)], Likely, None, NOON).unwrap().token;
    let batch = |scene: &mut Scene, now| {
        scene.server.batch(now, &BatchOptions::new("440"), [&scene.signer], &mut scene.rng).unwrap()
    };
    let [file] = &batch(&mut scene, NOON + 3 * HOUR)[..] else { panic!("one file") };
    assert!((999..=1099).contains(&file.padding), "{}", file.padding);
    scene.upload(&[(1, TODAY - 144, 144)], Confirmed, Some(&token), NOON + 4 * HOUR).unwrap();
    let [file] = &batch(&mut scene, NOON + 8 * HOUR)[..] else { panic!("one file") };
    assert_eq!((file.keys, file.padding, file.revised_keys), (0, 0, 1));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    /// True time goes on by hours. For any while, the server's clock is right, is off by months either way, or goes
    /// back by hours and is put right. A key that came while the clock was right leaves at least two true hours after
    /// its end. By the clock, every key does.
    #[test]
    fn no_key_within_its_embargo_leaves_whatever_the_clock_does(
        stretches in prop::collection::vec((wrong_clock(8), 1_u64..24), 1..8),
        periods in prop::collection::vec(1_u32..=144, 300)
    ) {
        let mut scene = Scene::new();
        let mut safe_at: BTreeMap<[u8; 16], u64> = BTreeMap::new();
        let mut periods = periods.into_iter().cycle();
        let mut truth = NOON;
        for (clock, hours) in stretches {
            for offset in clock.offsets(hours) {
                truth += HOUR;
                let now = truth.checked_add_signed(offset).unwrap();
                // What the owner's phone, whose clock is right, gives up now.
                let mut bytes = [0; 16];
                rand_core::Rng::fill_bytes(&mut scene.rng, &mut bytes);
                let (start, period) = (truth / DAY * 144, periods.next().unwrap());
                let key = json!({ "key": Base64::encode_string(&bytes), "rollingStartNumber": start, "rollingPeriod": period });
                let body = json!({ "temporaryExposureKeys": [key], "hmacKey": "AQIDBAUGBwgJCgsMDQ4PEA==" });
                let upload = Upload::from_json(body.to_string().as_bytes()).unwrap();
                let mac = HmacKey::from_base64(upload.hmac_key()).unwrap().mac(upload.keys());
                let certificate = Certificate::assumed(claims(mac, Confirmed, now));
                let taken = scene.server.take(&upload, &certificate, now, &mut scene.rng).is_ok();
                if taken && offset == 0 {
                    safe_at.insert(bytes, (start + u64::from(period)) * 600 + 7200);
                }
                scene.server.purge(now);
                let options = BatchOptions { pad_to: 0, ..BatchOptions::new("440") };
                for file in scene.server.batch(now, &options, [&scene.signer], &mut scene.rng).unwrap() {
                    let export = UnverifiedExport::from_zip(&file.zip, &ReadOptions::default()).unwrap();
                    for key in &export.read_without_verifying().unwrap().keys {
                        prop_assert!(key.window.safe_to_release_at() <= now, "by the clock");
                        if let Some(safe_at) = safe_at.get(key.key_data.as_bytes()) {
                            prop_assert!(*safe_at <= truth, "{} s early", safe_at - truth);
                        }
                    }
                }
            }
        }
    }
}
