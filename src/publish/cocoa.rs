//! The upload of COCOA, Japan's app.

use core::fmt;

use rand_core::CryptoRng;
use serde::Serialize;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::number::ProcessingNumber;
use super::padding::padding;
use super::release::Release;
use super::secret::{SecretText, secret_json};
use super::upload_key::{ExposureKey, joined};
use crate::keys::ReportType;
use crate::names::named;
use crate::time::UtcOffset;

/// The clear text whose hash is the nonce of the device's attestation.
///
/// Source: `DeviceVerifierUtils` of COCOA's client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClearText {
    /// App 1.0.0 to 1.2.1: `package|keys|regions|payload`, a key is `data.start.period.0`.
    V1,
    /// App 1.2.2 to 1.4.1: the same, a key is `data.start.period`.
    V2,
    /// App 2.0.0 on: `package|onset|symptom|keys|regions|payload`, a key is `data.start.period.reportType`.
    V3,
}

named! {
    ClearText, "clear text":
    V1 => "v1",
    V2 => "v2",
    V3 => "v3",
}

/// The system of a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Platform {
    /// An iPhone.
    Ios,
    /// An Android phone.
    Android,
}

/// The moment at which symptoms began or the test was made, as the app writes it.
///
/// ```
/// use gaen::publish::OnsetDate;
/// use gaen::time::UtcOffset;
///
/// let onset = OnsetDate::new(1_639_908_120, UtcOffset::JST);
/// assert_eq!(onset.to_string(), "2021-12-19T19:02:00.000+09:00");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OnsetDate {
    seconds: u64,
    offset: UtcOffset,
}

impl OnsetDate {
    /// Makes the date of this Unix second on a clock with this offset. Phones in Japan have [`UtcOffset::JST`].
    #[must_use]
    pub const fn new(unix_seconds: u64, offset: UtcOffset) -> Self {
        Self { seconds: unix_seconds, offset }
    }
}

impl fmt::Display for OnsetDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.offset.local(self.seconds);
        let (date, second) = (local.date(), local.second_of_day());
        let (hour, minute) = (second / 3600, second / 60 % 60);
        write!(f, "{date}T{hour:02}:{minute:02}:{:02}.000{}", second % 60, self.offset)
    }
}

/// What every key of an upload reports.
const REPORT: ReportType = ReportType::ConfirmedTest;

/// A key as COCOA's upload has it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SubmittedKey<'a> {
    key_data: &'a SecretText,
    rolling_start_number: i32,
    rolling_period: i32,
    report_type: i32,
}

impl<'a> SubmittedKey<'a> {
    fn of(key: &'a ExposureKey) -> Self {
        Self {
            key_data: &key.key,
            rolling_start_number: key.rolling_start_number,
            rolling_period: key.rolling_period,
            report_type: REPORT as i32,
        }
    }
}

/// What an upload says beside its keys.
#[derive(Debug)]
pub struct SubmissionFacts {
    /// A random text. The app sends the same text when it tries again, and the server takes one upload of each text.
    pub idempotency_key: String,
    /// `true` if the owner has symptoms. Then the date is the onset of symptoms, otherwise the date of the test.
    pub has_symptom: bool,
    /// When symptoms began. Without symptoms: when the test was made.
    pub onset_or_test: OnsetDate,
    /// The regions, such as `440`.
    pub regions: Vec<String>,
    /// The system of the phone.
    pub platform: Platform,
    /// The package name of the app.
    pub app_package_name: String,
}

/// COCOA's upload: the keys whose embargo is over, under the processing number of a positive test.
///
/// First ask the phone to attest the [`nonce`](Self::nonce). Then send [`to_json`](Self::to_json) with the phone's
/// answer. Since September 2022 the server answers every upload with 406.
///
/// Keys are sorted by the bytes of their base64. The app was written in C#, where the order of texts depends on the
/// phone's language.
///
/// Source: COCOA's client, `DiagnosisSubmissionParameter`.
pub struct Submission {
    facts: SubmissionFacts,
    keys: Vec<ExposureKey>,
    number: ProcessingNumber,
    padding: String,
}

impl Submission {
    /// Makes an upload of the keys that a ring let go, with padding.
    #[must_use]
    pub fn new<R: CryptoRng + ?Sized>(
        release: &Release,
        facts: SubmissionFacts,
        number: ProcessingNumber,
        rng: &mut R,
    ) -> Self {
        let keys = release.keys().iter().filter_map(ExposureKey::of).collect();
        Self { facts, keys, number, padding: padding(rng) }
    }

    /// Writes the text that the attestation covers. It holds the keys and the number, and is wiped when dropped.
    #[must_use]
    pub fn clear_text(&self, version: ClearText) -> Zeroizing<String> {
        clear_text(version, &self.facts, &self.keys, self.number.expose_secret())
    }

    /// `SHA-256(clear text)`: the nonce that the phone has to attest.
    #[must_use]
    pub fn nonce(&self, version: ClearText) -> [u8; 32] {
        Sha256::digest(self.clear_text(version).as_bytes()).into()
    }

    /// Writes the body of the upload, with the phone's attestation. The text is wiped when dropped.
    ///
    /// # Errors
    /// What `serde_json` says of a body that it cannot write. There is no such body.
    pub fn to_json(&self, device_verification_payload: &str) -> Result<Zeroizing<String>, serde_json::Error> {
        let body = Body {
            idempotency_key: &self.facts.idempotency_key,
            has_symptom: self.facts.has_symptom,
            onset: self.facts.onset_or_test.to_string(),
            keys: self.keys.iter().map(SubmittedKey::of).collect(),
            regions: &self.facts.regions,
            platform: self.facts.platform,
            device_verification_payload,
            app_package_name: &self.facts.app_package_name,
            verification_payload: self.number.expose_secret(),
            padding: &self.padding,
        };
        secret_json(&body)
    }
}

impl fmt::Debug for Submission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Submission({} keys, {:?})", self.keys.len(), self.number)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(rename = "idempotency_key")]
    idempotency_key: &'a str,
    has_symptom: bool,
    #[serde(rename = "onsetOfSymptomOrTestDate")]
    onset: String,
    keys: Vec<SubmittedKey<'a>>,
    regions: &'a [String],
    platform: Platform,
    device_verification_payload: &'a str,
    app_package_name: &'a str,
    verification_payload: &'a str,
    padding: &'a str,
}

fn clear_text(version: ClearText, facts: &SubmissionFacts, keys: &[ExposureKey], payload: &str) -> Zeroizing<String> {
    let keys = joined(keys, |_| match version {
        ClearText::V1 => Some(0),
        ClearText::V2 => None,
        ClearText::V3 => Some(REPORT as i32),
    });
    let mut regions: Vec<_> = facts.regions.iter().map(|region| region.to_uppercase()).collect();
    regions.sort_unstable();
    let (regions, onset) = (regions.join(","), facts.onset_or_test.to_string());
    let symptom = if facts.has_symptom { "HasSymptom" } else { "NoSymptom" };
    let of_version: &[&str] = if version == ClearText::V3 { &[&onset, "|", symptom, "|"] } else { &[] };
    let pieces = [&[facts.app_package_name.as_str(), "|"], of_version, &[&keys, "|", &regions, "|", payload]].concat();
    // With room for all, so that no copy stays behind where the text grew.
    let mut text = Zeroizing::new(String::with_capacity(pieces.iter().map(|piece| piece.len()).sum()));
    text.extend(pieces);
    text
}

#[cfg(test)]
mod tests {
    use base64ct::{Base64, Encoding};

    use super::*;

    fn facts() -> SubmissionFacts {
        SubmissionFacts {
            idempotency_key: "one".into(),
            has_symptom: true,
            onset_or_test: OnsetDate::new(1_639_908_120, UtcOffset::JST),
            regions: vec!["441".into(), "440".into()],
            platform: Platform::Android,
            app_package_name: "jp.go.mhlw.cocoa.unit_test".into(),
        }
    }

    /// The keys of COCOA's own tests, which have eight bytes each, out of order.
    fn keys() -> Vec<ExposureKey> {
        let keys = [(5, 50_000, 70), (1, 10_000, 140), (2, 20_000, 141), (4, 40_000, 143), (3, 30_000, 142)];
        let key = |(number, rolling_start_number, rolling_period)| ExposureKey {
            key: SecretText::new(Base64::encode_string(format!("KeyData{number}").as_bytes())),
            rolling_start_number,
            rolling_period,
            transmission_risk: 0,
        };
        keys.map(key).into()
    }

    const PAYLOAD: &str = "VerificationPayload THIS STRING IS MEANINGLESS";

    /// The texts of COCOA's tests; V2's is V1's without the last number of each key.
    #[test]
    fn the_published_answers() {
        let [v1, v2, v3] = ClearText::ALL.map(|version| clear_text(version, &facts(), &keys(), PAYLOAD));
        assert_eq!(
            *v1,
            "jp.go.mhlw.cocoa.unit_test|S2V5RGF0YTE=.10000.140.0,S2V5RGF0YTI=.20000.141.0,S2V5RGF0YTM=.30000.142.0,\
             S2V5RGF0YTQ=.40000.143.0,S2V5RGF0YTU=.50000.70.0|440,441|VerificationPayload THIS STRING IS MEANINGLESS"
        );
        assert_eq!(*v2, v1.replace(".0,", ",").replace(".0|", "|"));
        assert_eq!(
            *v3,
            "jp.go.mhlw.cocoa.unit_test|2021-12-19T19:02:00.000+09:00|HasSymptom|S2V5RGF0YTE=.10000.140.1,\
             S2V5RGF0YTI=.20000.141.1,S2V5RGF0YTM=.30000.142.1,S2V5RGF0YTQ=.40000.143.1,S2V5RGF0YTU=.50000.70.1\
             |440,441|VerificationPayload THIS STRING IS MEANINGLESS"
        );
        let other = SubmissionFacts { has_symptom: false, regions: vec!["de-by".into()], ..facts() };
        assert!(clear_text(ClearText::V3, &other, &[], "").ends_with("|NoSymptom||DE-BY|"));
    }

    #[test]
    fn an_upload_holds_the_number_and_does_not_show_it() {
        use rand::SeedableRng;

        let mut rng = rand::rngs::StdRng::seed_from_u64(1);
        let mut ring = crate::device::KeyRing::new();
        let noon = 1_601_121_600;
        let _ = ring.rotate(noon, &mut rng).unwrap();
        let release = super::super::release(&mut ring, noon + 86_400, &super::super::Consent::given(noon)).unwrap();
        let submission = Submission::new(&release, facts(), "01234567".parse().unwrap(), &mut rng);
        assert_eq!(format!("{submission:?}"), "Submission(1 keys, ProcessingNumber(redacted))");
        let text = submission.clear_text(ClearText::V3);
        assert!(text.ends_with("|440,441|01234567"), "{}", *text);
        assert_eq!(submission.nonce(ClearText::V3), <[u8; 32]>::from(Sha256::digest(text.as_bytes())));

        let json: serde_json::Value = serde_json::from_str(&submission.to_json("attested").unwrap()).unwrap();
        let names: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names.len(), 10, "{names:?}");
        assert_eq!((&json["verificationPayload"], &json["platform"]), (&"01234567".into(), &"android".into()));
        assert_eq!(json["onsetOfSymptomOrTestDate"], "2021-12-19T19:02:00.000+09:00");
        assert_eq!((&json["idempotency_key"], &json["keys"][0]["reportType"]), (&"one".into(), &1.into()));
    }
}
