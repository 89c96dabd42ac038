//! What goes to the key server.

use core::fmt;

use base64ct::{Base64, Encoding};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::check::Checked;
use super::hmac::HmacKey;
use super::padding::padding;
use super::secret::{SecretText, object, secret_json, secret_text};
use super::upload_key::ExposureKey;
use crate::keys::{DiagnosisKey, KeyData};
use crate::time::{EnIntervalNumber, RollingPeriod, RollingWindow};

/// The token with which a device may revise keys that it has published. It comes with the server's last answer.
///
/// Anyone who has the token can change the reports of these keys. It is never printed, and wiped when dropped.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub struct RevisionToken(pub(super) SecretText);

secret_text!(RevisionToken);

impl RevisionToken {
    /// Makes a token of a text that you stored.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(SecretText::new(text))
    }

    /// The text of the token, for storing it. Never log it.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        self.0.expose()
    }
}

/// An upload as the server gets it: the body of `POST /v1/publish`. Nothing in it has been checked.
///
/// A device makes a [`PublishRequest`], and a server reads it as an `Upload`. An upload holds keys, and all that is
/// needed to publish them. So it is never printed.
///
/// Source: Google's key server, `Publish` of the API v1, which refuses unknown fields.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Upload {
    #[serde(rename = "temporaryExposureKeys")]
    pub(super) keys: Vec<ExposureKey>,
    #[serde(rename = "healthAuthorityID", default)]
    pub(super) health_authority_id: String,
    #[serde(default = "nothing")]
    pub(super) verification_payload: SecretText,
    #[serde(default = "nothing")]
    pub(super) hmac_key: SecretText,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) symptom_onset_interval: Option<i32>,
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub(super) traveler: bool,
    #[serde(default = "nothing")]
    pub(super) revision_token: SecretText,
    #[serde(default)]
    pub(super) padding: String,
}

fn nothing() -> SecretText {
    SecretText::new(String::new())
}

impl Upload {
    /// The largest request that a server reads: 64 KiB.
    pub const MOST_BYTES: usize = 64 << 10;

    /// Reads the body of a request.
    ///
    /// # Errors
    /// [`RequestError`] if the body is over 64 KiB, or not JSON of this form. The error shows nothing of the body.
    pub fn from_json(body: &[u8]) -> Result<Self, RequestError> {
        if body.len() > Self::MOST_BYTES {
            return Err(RequestError::TooLarge { found: body.len() });
        }
        Ok(object(body)?)
    }

    /// The keys, not checked.
    #[must_use]
    pub fn keys(&self) -> &[ExposureKey] {
        &self.keys
    }

    /// The health authority whose app sends the upload.
    #[must_use]
    pub fn health_authority_id(&self) -> &str {
        &self.health_authority_id
    }

    /// The certificate, not verified. [`Issuer::verify`](super::Issuer::verify) does that.
    #[must_use]
    pub fn certificate(&self) -> &str {
        self.verification_payload.expose()
    }

    /// The secret of the HMAC, in base64, not checked.
    #[must_use]
    pub fn hmac_key(&self) -> &str {
        self.hmac_key.expose()
    }

    /// When symptoms began. `None` if the upload gives no interval, 0, or a negative number.
    #[must_use]
    pub fn symptom_onset(&self) -> Option<EnIntervalNumber> {
        let onset = self.symptom_onset_interval.and_then(|onset| u32::try_from(onset).ok());
        onset.filter(|onset| *onset != 0).map(EnIntervalNumber::new)
    }

    /// `true` if the owner has been outside of the home region.
    #[must_use]
    pub fn is_traveler(&self) -> bool {
        self.traveler
    }

    /// The token of an earlier answer. `None` if the upload has no token.
    #[must_use]
    pub fn revision_token(&self) -> Option<&str> {
        Some(self.revision_token.expose()).filter(|token| !token.is_empty())
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Upload({} keys, redacted)", self.keys.len())
    }
}

/// The keys of an upload, which their owner lets go. Only [`Release::upload`](super::Release::upload) makes this value.
#[derive(Debug)]
pub struct UploadKeys(pub(super) Vec<ExposureKey>);

impl UploadKeys {
    /// The keys, for [`HmacKey::mac`] and [`check`](super::check()).
    #[must_use]
    pub fn as_slice(&self) -> &[ExposureKey] {
        &self.0
    }

    /// Keeps only the keys that the server takes. Make the HMAC over these.
    #[must_use]
    pub fn only(self, checked: &Checked) -> Self {
        let kept = |(position, _): &(usize, ExposureKey)| checked.keys().any(|key| key.position() == *position);
        Self(self.0.into_iter().enumerate().filter(kept).map(|(_, key)| key).collect())
    }
}

/// A request to a key server, with padding.
///
/// ```
/// use gaen::KeyRing;
/// use gaen::publish::{Consent, HmacKey, PublishRequest, Rules, Upload, check, release};
///
/// let mut rng = rand::rng();
/// let mut ring = KeyRing::new();
/// let noon = 1_601_121_600;
/// for day in 0..3 {
///     let _ = ring.rotate(noon + day * 86_400, &mut rng)?;
/// }
///
/// // The owner reports a positive test and agrees to publish.
/// let now = noon + 2 * 86_400;
/// let released = release(&mut ring, now, &Consent::given(now))?;
/// let rules = Rules::GOOGLE;
/// let keys = released.upload(&rules, |_| gaen::keys::TransmissionRiskLevel::UNSET);
/// let checked = check(keys.as_slice(), None, now, &rules);
/// let keys = keys.only(&checked);
///
/// let secret = HmacKey::generate(&mut rng);
/// let certificate = String::from("what the verification server answers to the HMAC");
/// # let _ = secret.mac(keys.as_slice());
/// let request = PublishRequest::new(keys, "org.example", certificate, &secret, &mut rng);
/// let body = request.to_json()?;
/// assert_eq!(Upload::from_json(body.as_bytes())?.keys().len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct PublishRequest {
    upload: Upload,
    is_chaff: bool,
}

/// The shape of a made-up request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChaffShape {
    /// The health authority whose app sends the request.
    pub health_authority_id: String,
    /// The number of keys of the request.
    pub keys: usize,
    /// The number of characters of the certificate. A real one has some 500.
    pub certificate_chars: usize,
}

impl PublishRequest {
    /// Makes a request for these keys, with padding of 1 to 2 KiB.
    ///
    /// The certificate has to be for the HMAC of exactly these keys under this secret.
    #[must_use]
    pub fn new<R: CryptoRng + ?Sized>(
        keys: UploadKeys,
        health_authority_id: impl Into<String>,
        certificate: String,
        secret: &HmacKey,
        rng: &mut R,
    ) -> Self {
        let upload = Upload {
            keys: keys.0,
            health_authority_id: health_authority_id.into(),
            verification_payload: SecretText::new(certificate),
            hmac_key: SecretText::new(secret.expose_secret().to_owned()),
            symptom_onset_interval: None,
            traveler: false,
            revision_token: nothing(),
            padding: padding(rng),
        };
        Self { upload, is_chaff: false }
    }

    /// Makes a request of random keys. Send some at random times from all phones: then nobody who watches the network
    /// can tell who is ill. The server knows the request by its header and throws it away. Its answer means nothing.
    #[must_use]
    pub fn chaff<R: CryptoRng + ?Sized>(shape: &ChaffShape, now: u64, rng: &mut R) -> Self {
        let today = EnIntervalNumber::from_unix_seconds(now).unwrap_or(EnIntervalNumber::new(0)).start_of_day();
        let start = today.as_u32();
        let keys = (1_u32..).take(shape.keys).filter_map(|days| {
            let mut bytes = [0; 16];
            rng.fill_bytes(&mut bytes);
            let start = EnIntervalNumber::new(start.saturating_sub(days.saturating_mul(144)));
            let window = RollingWindow::new(start, RollingPeriod::FULL_DAY).ok()?;
            ExposureKey::of(&DiagnosisKey::new(KeyData::from(bytes), window))
        });
        let keys = UploadKeys(keys.collect());
        let mut certificate = vec![0; shape.certificate_chars];
        rng.fill_bytes(&mut certificate);
        let mut certificate = Base64::encode_string(&certificate);
        certificate.truncate(shape.certificate_chars);
        let id = shape.health_authority_id.clone();
        let request = Self::new(keys, id, certificate, &HmacKey::generate(rng), rng);
        Self { is_chaff: true, ..request }
    }

    /// Says when symptoms began. The server rounds down to the UTC day.
    #[must_use]
    pub fn symptom_onset(mut self, onset: EnIntervalNumber) -> Self {
        self.upload.symptom_onset_interval = i32::try_from(onset.as_u32()).ok();
        self
    }

    /// Says that the owner has been outside of the home region.
    #[must_use]
    pub fn traveler(mut self) -> Self {
        self.upload.traveler = true;
        self
    }

    /// Revises what was published with this token.
    #[must_use]
    pub fn revises(mut self, token: &RevisionToken) -> Self {
        self.upload.revision_token = SecretText::new(token.expose_secret().to_owned());
        self
    }

    /// `true` if the request was made up. Throw the answer to it away.
    #[must_use]
    pub fn is_chaff(&self) -> bool {
        self.is_chaff
    }

    /// The headers to send, each a name and a value.
    #[must_use]
    pub fn headers(&self) -> &'static [(&'static str, &'static str)] {
        const HEADERS: &[(&str, &str)] = &[("Content-Type", "application/json"), ("X-Chaff", "1")];
        if self.is_chaff { HEADERS } else { HEADERS.split_last().map_or(&[], |(_, others)| others) }
    }

    /// Writes the body. It holds keys and secrets, and is wiped when dropped.
    ///
    /// # Errors
    /// [`RequestError::TooLarge`] if the body is over 64 KiB.
    pub fn to_json(&self) -> Result<Zeroizing<String>, RequestError> {
        let body = secret_json(&self.upload)?;
        if body.len() > Upload::MOST_BYTES { Err(RequestError::TooLarge { found: body.len() }) } else { Ok(body) }
    }
}

impl fmt::Debug for PublishRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublishRequest({:?}, chaff: {})", self.upload, self.is_chaff)
    }
}

/// Why a request cannot be read or sent. The error shows nothing of the request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The request is over 64 KiB, and no server reads it.
    #[error("the request is {found} bytes, over the limit of 65536")]
    TooLarge {
        /// The size of the request, bytes.
        found: usize,
    },
    /// The request is not JSON, or not JSON of this form.
    #[error("not an upload: line {line}, column {column}: {detail}")]
    NotARequest {
        /// The line of the fault, from 1.
        line: usize,
        /// The column of the fault, from 1.
        column: usize,
        /// What is wrong there.
        detail: &'static str,
    },
}

impl From<serde_json::Error> for RequestError {
    /// Keeps the place alone: the words of `serde_json` quote what stands there.
    fn from(error: serde_json::Error) -> Self {
        Self::NotARequest {
            line: error.line(),
            column: error.column(),
            detail: if error.is_data() { "a field is missing, unknown or of another kind" } else { "not JSON" },
        }
    }
}

impl RequestError {
    /// A short name that does not change, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "request_too_large",
            Self::NotARequest { .. } => "not_a_request",
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;
    use crate::publish::{Consent, Rules, check, release};

    const NOON: u64 = 1_601_121_600;

    fn chaff(keys: usize, rng: &mut StdRng) -> PublishRequest {
        let shape = ChaffShape { health_authority_id: "org.example".into(), keys, certificate_chars: 500 };
        PublishRequest::chaff(&shape, NOON, rng)
    }

    /// Who sees a request in the network sees its length, and its form if the connection is broken open.
    #[test]
    fn chaff_looks_like_a_request_of_somebody() {
        let mut rng = StdRng::seed_from_u64(1);
        let mut ring = crate::device::KeyRing::new();
        for day in 0..=13 {
            let _ = ring.rotate(NOON - (13 - day) * 86_400, &mut rng).unwrap();
        }
        let released = release(&mut ring, NOON, &Consent::given(NOON)).unwrap();
        let keys = released.upload(&Rules::GOOGLE, |_| crate::keys::TransmissionRiskLevel::UNSET);
        let count = keys.as_slice().len();
        let secret = HmacKey::generate(&mut rng);
        let real = PublishRequest::new(keys, "org.example", "c".repeat(500), &secret, &mut rng);
        let made_up = chaff(count, &mut rng);
        assert!(made_up.is_chaff() && !real.is_chaff());

        let body = |request: &PublishRequest| Upload::from_json(request.to_json().unwrap().as_bytes()).unwrap();
        let (real_body, chaff_body) = (body(&real), body(&made_up));
        let shape = |upload: &Upload| {
            let key_chars: Vec<_> = upload.keys().iter().map(|key| key.key.expose().len()).collect();
            let periods: Vec<_> = upload.keys().iter().map(ExposureKey::rolling_period).collect();
            let (id, certificate) = (upload.health_authority_id().to_owned(), upload.certificate().len());
            (key_chars, periods, id, certificate, upload.hmac_key().len(), upload.is_traveler())
        };
        assert_eq!(shape(&chaff_body), shape(&real_body));
        let checked = check(chaff_body.keys(), None, NOON, &Rules::GOOGLE);
        assert_eq!((checked.keys().len(), checked.violations()), (count, &[][..]), "a server would take its keys");
    }

    #[test]
    fn the_header_tells_the_server_what_is_chaff() {
        let mut rng = StdRng::seed_from_u64(2);
        let json = ("Content-Type", "application/json");
        assert_eq!(chaff(14, &mut rng).headers(), [json, ("X-Chaff", "1")]);
        let empty =
            PublishRequest::new(UploadKeys(Vec::new()), "", String::new(), &HmacKey::generate(&mut rng), &mut rng);
        assert_eq!(empty.headers(), [json]);
        assert!(empty.traveler().upload.is_traveler());
    }

    #[test]
    fn chaff_is_not_twice_the_same() {
        let mut rng = StdRng::seed_from_u64(3);
        let [first, second] = [(); 2].map(|()| chaff(14, &mut rng).to_json().unwrap());
        assert_ne!(*first, *second);
        assert_ne!(first.len(), second.len(), "padding hides the length");
    }
}
