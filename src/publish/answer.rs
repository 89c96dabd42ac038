//! What the key server answers.

use core::fmt;

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

use super::padding::padding;
use super::request::RevisionToken;
use super::secret::object;

/// The body of a server's answer.
///
/// ```
/// use gaen::publish::{AnswerCode, PublishAnswer};
///
/// let answer = PublishAnswer::from_json(br#"{"revisionToken":"AAEC","insertedExposures":13,"code":"partial_failure"}"#)?;
/// assert_eq!(answer.code, Some(AnswerCode::PartialFailure));
/// assert!(answer.is_published());
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Google's key server, `PublishResponse` of the API v1.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PublishAnswer {
    /// The token for revisions. Store it: without the token you cannot revise what you published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision_token: Option<RevisionToken>,
    /// The number of keys that the server did not have before.
    #[serde(default)]
    pub inserted_exposures: u64,
    /// The fault as a sentence; empty if nothing went wrong.
    #[serde(rename = "error", default, skip_serializing_if = "String::is_empty")]
    pub error_message: String,
    /// The fault as a code for programs; `None` if nothing went wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<AnswerCode>,
    /// Random text that hides the length of the answer.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub padding: String,
    /// What the server changed or left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

impl PublishAnswer {
    /// Reads the body of an answer, and passes over unknown fields.
    ///
    /// # Errors
    /// What `serde_json` says of text that is not an answer.
    pub fn from_json(body: &[u8]) -> Result<Self, serde_json::Error> {
        object(body)
    }

    /// `true` if the server published keys. Either there is no code, or the server left out only some keys.
    #[must_use]
    pub fn is_published(&self) -> bool {
        matches!(self.code, None | Some(AnswerCode::PartialFailure))
    }

    /// Makes an answer to chaff: only padding.
    #[must_use]
    pub fn to_chaff<R: CryptoRng + ?Sized>(rng: &mut R) -> Self {
        Self {
            revision_token: None,
            inserted_exposures: 0,
            error_message: String::new(),
            code: None,
            padding: padding(rng),
            warnings: Vec::new(),
        }
    }
}

/// Why a server did not take an upload, or not all of it. An unknown code is kept as it came.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum AnswerCode {
    /// The server does not know this health authority.
    UnknownHealthAuthorityId,
    /// The server could not load its configuration. Try again later.
    UnableToLoadHealthAuthority,
    /// The health authority is not fully configured.
    HealthAuthorityMissingRegionConfig,
    /// The certificate does not verify, or is for other keys.
    CertificateInvalid,
    /// The server cannot read the request, or the request as a whole breaks a rule.
    BadRequest,
    /// The server failed. Try again later.
    InternalError,
    /// The server has a key already, and the request has no token.
    MissingRevisionToken,
    /// The token is not for these keys.
    InvalidRevisionToken,
    /// A key was revised before.
    KeyAlreadyRevised,
    /// The published report cannot become the report of the certificate.
    InvalidReportTypeTransition,
    /// The server left out some keys, and published the others.
    PartialFailure,
    /// A code that this crate does not know.
    Other(String),
}

impl AnswerCode {
    /// Every code that is known.
    const KNOWN: [(Self, &'static str); 11] = [
        (Self::UnknownHealthAuthorityId, "unknown_health_authority_id"),
        (Self::UnableToLoadHealthAuthority, "unable_to_load_health_authority"),
        (Self::HealthAuthorityMissingRegionConfig, "health_authority_missing_region_config"),
        (Self::CertificateInvalid, "health_authority_verification_certificate_invalid"),
        (Self::BadRequest, "bad_request"),
        (Self::InternalError, "internal_error"),
        (Self::MissingRevisionToken, "missing_revision_token"),
        (Self::InvalidRevisionToken, "invalid_revision_token"),
        (Self::KeyAlreadyRevised, "key_already_revised"),
        (Self::InvalidReportTypeTransition, "invalid_report_type_transition"),
        (Self::PartialFailure, "partial_failure"),
    ];

    /// The code as it stands in an answer.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Other(code) => code,
            known => Self::KNOWN.iter().find(|(code, _)| code == known).map_or("", |(_, name)| name),
        }
    }
}

impl From<String> for AnswerCode {
    fn from(code: String) -> Self {
        let known = Self::KNOWN.iter().find(|(_, name)| *name == code);
        known.map_or(Self::Other(code), |(known, _)| known.clone())
    }
}

impl From<AnswerCode> for String {
    fn from(code: AnswerCode) -> Self {
        code.as_str().to_owned()
    }
}

impl fmt::Display for AnswerCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_come_back_as_they_were_and_unknown_ones_are_kept() {
        for (_, name) in AnswerCode::KNOWN {
            let code = AnswerCode::from(name.to_owned());
            assert!(!matches!(code, AnswerCode::Other(_)) && code.to_string() == name, "{name}");
        }
        let answer = PublishAnswer::from_json(br#"{"code":"quota","error":"later","new":1}"#).unwrap();
        assert_eq!(answer.code, Some(AnswerCode::Other("quota".into())));
        assert!(!answer.is_published());
        assert_eq!(
            serde_json::to_string(&answer).unwrap(),
            r#"{"insertedExposures":0,"error":"later","code":"quota"}"#
        );
    }
}
