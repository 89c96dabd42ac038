//! The certificate of a verification server: it says which keys may be published, and what their owner reports.

use core::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::hmac::{HmacKey, KeyMac};
use super::secret::object;
use super::upload_key::ExposureKey;
use crate::export::error::shown;
use crate::export::{PublicKey, Signer, WriteError};
use crate::keys::{ReportType, TransmissionRiskLevel};
use crate::names::named;
use crate::time::EnIntervalNumber;

/// The report that a certificate allows a person to publish.
///
/// Source: claim `reportType` of the verification protocol, and what Google's key server makes of it.
///
/// ```
/// use gaen::keys::ReportType;
/// use gaen::publish::CertifiedReport;
///
/// assert_eq!(CertifiedReport::Likely.report_type(), ReportType::ConfirmedClinicalDiagnosis);
/// assert_eq!(CertifiedReport::Likely.name(), "likely");
/// assert!(CertifiedReport::Likely.may_become(CertifiedReport::Confirmed));
/// assert!(!CertifiedReport::Confirmed.may_become(CertifiedReport::Negative));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CertifiedReport {
    /// A test was positive.
    Confirmed,
    /// A doctor made the diagnosis.
    Likely,
    /// The person withdraws the report.
    Negative,
    /// The person reported a test of their own.
    UserReport,
}

named! {
    CertifiedReport, "certified report":
    Confirmed => "confirmed",
    Likely => "likely",
    Negative => "negative",
    UserReport => "user-report",
}

impl CertifiedReport {
    /// The report type that keys get in an export. `Negative` becomes [`ReportType::Revoked`].
    #[must_use]
    pub const fn report_type(self) -> ReportType {
        match self {
            Self::Confirmed => ReportType::ConfirmedTest,
            Self::Likely => ReportType::ConfirmedClinicalDiagnosis,
            Self::Negative => ReportType::Revoked,
            Self::UserReport => ReportType::SelfReport,
        }
    }

    /// The transmission risk of a key whose upload sets no risk: confirmed 2, likely 4, negative 6.
    ///
    /// A user's own report gives no risk: Google's server names 5 for it and does not use that number.
    #[must_use]
    pub fn transmission_risk(self) -> TransmissionRiskLevel {
        let level = match self {
            Self::Confirmed => 2,
            Self::Likely => 4,
            Self::Negative => 6,
            Self::UserReport => 0,
        };
        TransmissionRiskLevel::new(level).unwrap_or(TransmissionRiskLevel::UNSET)
    }

    /// `true` if a key with this report may be revised to `next`.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        match self {
            Self::Likely => matches!(next, Self::Confirmed | Self::Negative),
            Self::UserReport => matches!(next, Self::Confirmed | Self::Likely | Self::Negative),
            Self::Confirmed | Self::Negative => false,
        }
    }
}

/// What a verification server certifies. Times are Unix seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// `iss`: the name of the verification server.
    pub issuer: String,
    /// `aud`: the name of the key server.
    pub audience: String,
    /// `iat`: when the certificate was made.
    pub issued_at: u64,
    /// `exp`: the first second at which the certificate is no longer valid.
    pub expires_at: u64,
    /// `nbf`: the first second at which the certificate is valid. `None` if that is `issued_at`.
    pub not_before: Option<u64>,
    /// `tekmac`: the HMAC of the keys that the certificate is for.
    pub mac: KeyMac,
    /// `reportType`: what the person reports.
    pub report: CertifiedReport,
    /// `symptomOnsetInterval`: when symptoms began. `None` if that is not known.
    pub symptom_onset: Option<EnIntervalNumber>,
}

#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    kid: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    typ: Option<String>,
    #[serde(default, skip_serializing)]
    crit: Option<IgnoredAny>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    iss: String,
    aud: String,
    iat: u64,
    exp: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<u64>,
    tekmac: String,
    report_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    symptom_onset_interval: Option<u32>,
}

/// The only algorithm: ECDSA on P-256 with SHA-256, the signature as `r || s`.
const ALGORITHM: &str = "ES256";
const TYPE: &str = "JWT";

impl Claims {
    /// Makes the certificate: a JWT that this private key signs under this key id (`kid`).
    ///
    /// # Errors
    /// [`WriteError::Signing`] if the key does not sign.
    pub fn sign(&self, key_id: &str, signer: &Signer) -> Result<String, WriteError> {
        let header = Header { alg: ALGORITHM.into(), kid: key_id.into(), typ: Some(TYPE.into()), crit: None };
        let payload = Payload {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            iat: self.issued_at,
            exp: self.expires_at,
            nbf: self.not_before,
            tekmac: self.mac.to_base64(),
            report_type: self.report.name().into(),
            symptom_onset_interval: self.symptom_onset.map(EnIntervalNumber::as_u32),
        };
        let signed = format!("{}.{}", part(&header)?, part(&payload)?);
        let signature = signer.sign_raw(signed.as_bytes())?;
        Ok(format!("{signed}.{}", Base64UrlUnpadded::encode_string(&signature)))
    }
}

fn part(value: &impl Serialize) -> Result<String, WriteError> {
    let json = serde_json::to_vec(value).map_err(|_| WriteError::Signing)?;
    Ok(Base64UrlUnpadded::encode_string(&json))
}

/// A verification server that a key server trusts: its name, its name for the key server, and its public keys.
///
/// ```
/// use gaen::export::Signer;
/// use gaen::publish::{CertifiedReport, Claims, Issuer, KeyMac};
///
/// let signer = Signer::generate("", "", &mut rand::rng());
/// let claims = Claims {
///     issuer: "health.example".into(),
///     audience: "keys.example".into(),
///     issued_at: 1_601_121_600,
///     expires_at: 1_601_122_500,
///     not_before: None,
///     mac: KeyMac::from_bytes([7; 32]),
///     report: CertifiedReport::Confirmed,
///     symptom_onset: None,
/// };
/// let certificate = claims.sign("v1", &signer)?;
///
/// let issuer = Issuer::new("health.example", "keys.example", "v1", signer.public_key());
/// assert_eq!(issuer.verify(&certificate, 1_601_121_700)?.claims(), &claims);
/// assert!(issuer.verify(&certificate, 1_601_122_500).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    issuer: String,
    audience: String,
    keys: Vec<(String, PublicKey)>,
}

impl Issuer {
    /// Makes a verification server with one public key. Certificates name the key by this id (`kid`).
    #[must_use]
    pub fn new(
        issuer: impl Into<String>,
        audience: impl Into<String>,
        key_id: impl Into<String>,
        key: PublicKey,
    ) -> Self {
        Self { issuer: issuer.into(), audience: audience.into(), keys: vec![(key_id.into(), key)] }
    }

    /// Trusts this key too, as while keys rotate.
    #[must_use]
    pub fn or_key(mut self, key_id: impl Into<String>, key: PublicKey) -> Self {
        self.keys.push((key_id.into(), key));
        self
    }

    /// Verifies a certificate at this Unix second, and refuses a certificate from the future.
    ///
    /// The method reads no claim before the signature over the claims has verified.
    ///
    /// # Errors
    /// [`CertificateError`] for the first rule that the certificate breaks.
    pub fn verify(&self, certificate: &str, now: u64) -> Result<Certificate, CertificateError> {
        // Up to four, so that a part too many is seen.
        let parts: Vec<_> = certificate.splitn(4, '.').collect();
        let [header, payload, signature] = parts[..] else {
            return Err(CertificateError::NotAJwt { detail: "it has not three parts" });
        };
        let signed = certificate.get(..header.len().saturating_add(1).saturating_add(payload.len()));
        let (header_text, signed) = (header, signed.unwrap_or_default());

        let header: Header = decoded(header_text, "its header is not base64url of JSON with alg and kid")?;
        // One algorithm for all: a token that could choose would choose the one without a signature.
        if header.alg != ALGORITHM {
            return Err(CertificateError::Algorithm { found: shown(header.alg.as_bytes()) });
        }
        if header.typ.is_some_and(|typ| !typ.eq_ignore_ascii_case(TYPE)) || header.crit.is_some() {
            return Err(CertificateError::NotAJwt { detail: "its header asks for more than a plain JWT" });
        }
        let mut keys = self.keys.iter().filter(|(id, _)| *id == header.kid).peekable();
        if keys.peek().is_none() {
            let known = self.keys.iter().map(|(id, _)| shown(id.as_bytes())).collect();
            return Err(CertificateError::UnknownKey { found: shown(header.kid.as_bytes()), known });
        }
        let signature = Base64UrlUnpadded::decode_vec(signature)
            .map_err(|_| CertificateError::NotAJwt { detail: "its signature is not base64url" })?;
        if !keys.any(|(_, key)| key.verifies_raw(signed.as_bytes(), &signature)) {
            return Err(CertificateError::SignatureInvalid);
        }

        // From here on the claims are those of a trusted issuer.
        let payload: Payload = decoded(payload, "its claims are not base64url of JSON with every claim")?;
        let claims = self.claims(payload)?;
        if now >= claims.expires_at {
            return Err(CertificateError::Expired { at: claims.expires_at, now });
        }
        let from = claims.issued_at.max(claims.not_before.unwrap_or_default());
        if now < from {
            return Err(CertificateError::NotYetValid { from, now });
        }
        Ok(Certificate { claims })
    }

    fn claims(&self, payload: Payload) -> Result<Claims, CertificateError> {
        for (claim, found, expected) in [("iss", &payload.iss, &self.issuer), ("aud", &payload.aud, &self.audience)] {
            if found != expected {
                let [found, expected] = [found, expected].map(|name| shown(name.as_bytes()));
                return Err(CertificateError::OtherParty { claim, found, expected });
            }
        }
        let unknown = || CertificateError::ReportType { found: shown(payload.report_type.as_bytes()) };
        let report = payload.report_type.parse().map_err(|_| unknown())?;
        let mac = KeyMac::from_base64(&payload.tekmac).ok_or(CertificateError::Mac)?;
        Ok(Claims {
            issuer: payload.iss,
            audience: payload.aud,
            issued_at: payload.iat,
            expires_at: payload.exp,
            not_before: payload.nbf,
            mac,
            report,
            // Google's server takes 0 for none.
            symptom_onset: payload.symptom_onset_interval.filter(|onset| *onset != 0).map(EnIntervalNumber::new),
        })
    }
}

fn decoded<T: serde::de::DeserializeOwned>(text: &str, detail: &'static str) -> Result<T, CertificateError> {
    let not_a_jwt = CertificateError::NotAJwt { detail };
    let json = Base64UrlUnpadded::decode_vec(text).map_err(|_| not_a_jwt.clone())?;
    object(&json).map_err(|_| not_a_jwt)
}

/// A certificate whose signature, parties and times were verified. Only [`Issuer::verify`] makes this value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    claims: Claims,
}

impl Certificate {
    /// A certificate that nobody signed, for tests that need many.
    #[cfg(test)]
    pub(super) fn assumed(claims: Claims) -> Self {
        Self { claims }
    }

    /// The claims of the certificate.
    #[must_use]
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// `true` if the certificate is for exactly these keys, under the secret of their upload.
    #[must_use]
    pub fn covers(&self, keys: &[ExposureKey], secret: &HmacKey) -> bool {
        secret.verifies(keys, &self.claims.mac)
    }
}

/// Why a certificate was refused: what was found, and which rule it breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// The text is not a certificate of this protocol.
    #[error("the certificate is not a JWT of this protocol: {detail}")]
    NotAJwt {
        /// What is wrong with the text.
        detail: &'static str,
    },
    /// The certificate names another algorithm, or `none`.
    #[error("the certificate's alg is {found}; only ES256 is allowed")]
    Algorithm {
        /// The algorithm that the certificate names.
        found: String,
    },
    /// The certificate names a key that is not trusted.
    #[error("the certificate's kid is {found}; known are {}", .known.join(", "))]
    UnknownKey {
        /// The id of the key.
        found: String,
        /// The ids of the trusted keys.
        known: Vec<String>,
    },
    /// Another key signed the certificate, or somebody changed it.
    #[error("the certificate's signature does not verify")]
    SignatureInvalid,
    /// The certificate is of another verification server, or for another key server.
    #[error("the certificate's {claim} is {found}, expected {expected}")]
    OtherParty {
        /// The claim: `iss` or `aud`.
        claim: &'static str,
        /// The name in the certificate.
        found: String,
        /// The name that was expected.
        expected: String,
    },
    /// The certificate is no longer valid.
    #[error("the certificate expired at {at}, and it is {now} (Unix seconds)")]
    Expired {
        /// When it expired, Unix seconds.
        at: u64,
        /// The time of the check, Unix seconds.
        now: u64,
    },
    /// The certificate is not valid yet.
    #[error("the certificate is valid from {from} on, and it is {now} (Unix seconds)")]
    NotYetValid {
        /// When it becomes valid, Unix seconds.
        from: u64,
        /// The time of the check, Unix seconds.
        now: u64,
    },
    /// The certificate has an unknown report type.
    #[error("the certificate's reportType is {found}; known are confirmed, likely, negative and user-report")]
    ReportType {
        /// The report type that the certificate names.
        found: String,
    },
    /// The HMAC of the certificate is not base64 of 32 bytes.
    #[error("the certificate's tekmac is not base64 of 32 bytes")]
    Mac,
}

impl CertificateError {
    /// A short name that does not change, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotAJwt { .. } => "not_a_jwt",
            Self::Algorithm { .. } => "algorithm",
            Self::UnknownKey { .. } => "unknown_key",
            Self::SignatureInvalid => "signature_invalid",
            Self::OtherParty { .. } => "other_party",
            Self::Expired { .. } => "expired",
            Self::NotYetValid { .. } => "not_yet_valid",
            Self::ReportType { .. } => "report_type",
            Self::Mac => "tekmac",
        }
    }
}

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Header").field("alg", &self.alg).field("kid", &self.kid).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;
    use serde_json::{Value, json};

    use super::*;

    const NOW: u64 = 1_601_121_600;

    fn signer(seed: u64) -> Signer {
        Signer::generate("", "", &mut StdRng::seed_from_u64(seed))
    }

    fn issuer() -> Issuer {
        Issuer::new("iss", "aud", "v1", signer(1).public_key())
    }

    fn claims() -> Claims {
        Claims {
            issuer: "iss".into(),
            audience: "aud".into(),
            issued_at: NOW - 10,
            expires_at: NOW + 900,
            not_before: Some(NOW - 5),
            mac: KeyMac::from_bytes([9; 32]),
            report: CertifiedReport::Likely,
            symptom_onset: Some(EnIntervalNumber::new(2_668_464)),
        }
    }

    /// A certificate of these parts, signed by the trusted key.
    fn certificate(header: &Value, payload: &Value) -> String {
        let signed = format!("{}.{}", part(header).unwrap(), part(payload).unwrap());
        let signature = signer(1).sign_raw(signed.as_bytes()).unwrap();
        format!("{signed}.{}", Base64UrlUnpadded::encode_string(&signature))
    }

    fn good() -> (Value, Value) {
        let tekmac = KeyMac::from_bytes([9; 32]).to_base64();
        let payload = json!({
            "iss": "iss", "aud": "aud", "iat": NOW - 10, "exp": NOW + 900, "tekmac": tekmac, "reportType": "confirmed",
        });
        (json!({ "alg": "ES256", "kid": "v1", "typ": "JWT" }), payload)
    }

    #[test]
    fn what_was_signed_is_read_again() {
        let signed = claims().sign("v1", &signer(1)).unwrap();
        assert_eq!(issuer().verify(&signed, NOW).unwrap().claims(), &claims());
        let rotated = Issuer::new("iss", "aud", "v0", signer(2).public_key()).or_key("v1", signer(1).public_key());
        assert!(rotated.verify(&signed, NOW).is_ok());
        let (header, mut payload) = good();
        payload["extra"] = json!([1]);
        payload["symptomOnsetInterval"] = json!(0);
        let read = issuer().verify(&certificate(&header, &payload), NOW).unwrap();
        assert_eq!((read.claims().symptom_onset, read.claims().report), (None, CertifiedReport::Confirmed));
    }

    #[test]
    fn times_are_exact() {
        let signed = claims().sign("v1", &signer(1)).unwrap();
        for (now, code) in
            [(NOW - 6, Some("not_yet_valid")), (NOW - 5, None), (NOW + 899, None), (NOW + 900, Some("expired"))]
        {
            assert_eq!(issuer().verify(&signed, now).err().map(|error| error.code()), code, "{now}");
        }
    }

    #[test]
    fn each_rule_is_named() {
        let header = |name: &str, value: Value| {
            let (mut header, payload) = good();
            header[name] = value;
            certificate(&header, &payload)
        };
        let claim = |name: &str, value: Value| {
            let (header, mut payload) = good();
            payload[name] = value;
            certificate(&header, &payload)
        };
        let without = |name: &str| {
            let (header, mut payload) = good();
            payload.as_object_mut().unwrap().remove(name);
            certificate(&header, &payload)
        };
        let fine = certificate(&good().0, &good().1);
        let (signed, _) = fine.rsplit_once('.').unwrap();
        let none =
            format!("{}.{}.", part(&json!({ "alg": "none", "kid": "v1" })).unwrap(), signed.split_once('.').unwrap().1);
        for (certificate, code) in [
            (String::new(), "not_a_jwt"),
            ("a.b".into(), "not_a_jwt"),
            (format!("{fine}.x"), "not_a_jwt"),
            (format!("{fine}="), "not_a_jwt"),
            (format!("{signed}."), "signature_invalid"),
            (none, "algorithm"),
            (header("alg", json!("none")), "algorithm"),
            (header("alg", json!("es256")), "algorithm"),
            (header("alg", json!("HS256")), "algorithm"),
            (header("crit", json!(["b64"])), "not_a_jwt"),
            (header("typ", json!("JWE")), "not_a_jwt"),
            (header("kid", json!("v2")), "unknown_key"),
            (header("kid", json!(1)), "not_a_jwt"),
            (certificate(&json!(["ES256", "v1"]), &good().1), "not_a_jwt"),
            (certificate(&good().0, &json!(["iss", "aud", NOW - 10, NOW + 900, null, "", "confirmed"])), "not_a_jwt"),
            (claim("iss", json!("other")), "other_party"),
            (claim("aud", json!("other")), "other_party"),
            (claim("aud", json!(["aud"])), "not_a_jwt"),
            (claim("exp", json!(-1)), "not_a_jwt"),
            (without("exp"), "not_a_jwt"),
            (without("tekmac"), "not_a_jwt"),
            (claim("reportType", json!("positive")), "report_type"),
            (claim("tekmac", json!("AAAA")), "tekmac"),
        ] {
            let error = issuer().verify(&certificate, NOW).unwrap_err();
            assert_eq!(error.code(), code, "{error}");
        }
        let by_another = claims().sign("v1", &signer(2)).unwrap();
        assert_eq!(issuer().verify(&by_another, NOW), Err(CertificateError::SignatureInvalid));
    }

    #[test]
    fn a_bit_of_what_was_signed_is_not_changed() {
        let fine = certificate(&good().0, &good().1);
        for position in 0..fine.len() {
            let mut changed = fine.clone().into_bytes();
            changed[position] = if changed[position] == b'A' { b'B' } else { b'A' };
            assert!(issuer().verify(core::str::from_utf8(&changed).unwrap(), NOW).is_err(), "byte {position}");
        }
    }
}
